"""Fitted weights of features: CSV files under ``models`` with the columns ``feature`` and ``weight``."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pipeline.errors import LexiconError
from pipeline.resources import model_file


@cache
def read_weights(name: str, folder: str = "lexicon") -> Mapping[str, float]:
    """Weight of each feature of ``models/{folder}/{name}.csv``. Raises :class:`LexiconError` with all faulty lines of the file.

    >>> read_weights("evidence")["threshold"] < 1
    True
    """
    path = model_file(f"{folder}/{name}.csv")
    found: dict[str, float] = {}
    faults = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        names = next(reader, [])
        for number, cells in enumerate(filter(None, reader), 2):
            row = dict(zip(names, cells, strict=False))
            try:
                found[row["feature"]] = float(row["weight"])
            except (KeyError, ValueError):
                faults.append(f"{path.name}, line {number}: needs a feature and a number")
    if faults:
        raise LexiconError(faults)
    return found


def write_weights(
    path: Path, weights: Mapping[str, float], least: float = 0.02, first: Mapping[str, float] | None = None
) -> None:
    """Write ``weights`` by name as :func:`read_weights` reads them, those under ``least`` left out, behind ``first`` (a threshold, a bias)."""
    kept = sorted((name, weight) for name, weight in weights.items() if abs(weight) >= least)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["feature", "weight"])
        writer.writerows((name, f"{weight:.3f}") for name, weight in [*(first or {}).items(), *kept])
