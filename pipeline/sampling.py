"""Precision by hand: found records drawn into a sheet, and the filled-in sheet counted."""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO, TypeVar

from pipeline.errors import TaalimatError
from pipeline.store.rows import Rows
from pipeline.store.schema import Part
from pipeline.store.text import BOM

T = TypeVar("T")

COLUMNS = (
    "number", "document_id", "start", "end", "before", "found", "after", "what", "details", "verdict", "reason",
)  # fmt: skip
CONTEXT = 90
"""Characters of context on either side."""

VERDICTS = {"right": True, "wrong": False, "1": True, "0": False, "صحيح": True, "خطأ": False, "خطا": False}
"""What may stand in the column ``verdict``."""


def reservoir(items: Iterable[T], size: int, seed: int) -> list[T]:
    """``size`` items drawn evenly from a stream of any length, in its order; the same for the same seed.

    >>> reservoir(range(1000), 3, seed=1) == reservoir(range(1000), 3, seed=1)
    True
    """
    rng = random.Random(seed)
    kept: list[tuple[int, T]] = []
    for number, item in enumerate(items):
        if number < size:
            kept.append((number, item))
        elif (place := rng.randrange(number + 1)) < size:
            kept[place] = (number, item)
    return [item for _, item in sorted(kept, key=lambda pair: pair[0])]


def candidates(rows: Rows, part: Part) -> Iterator[dict[str, Any]]:
    """Sheet rows for the records of one kind of a document."""
    raw = rows.document["text"]

    def row(start: int, end: int, what: str, details: dict[str, Any]) -> dict[str, Any]:
        return {
            "document_id": rows.document["document_id"],
            "start": start,
            "end": end,
            "before": " ".join(raw[max(0, start - CONTEXT) : start].split()),
            "found": raw[start:end],
            "after": " ".join(raw[end : end + CONTEXT].split()),
            "what": what,
            "details": "; ".join(f"{key}: {value}" for key, value in details.items() if value),
        }

    if part is Part.DIRECTIVES:
        for d in rows.records[part]:
            details = {key: d[key] for key in ("trigger", "issuer", "deadline")} | {"to": "، ".join(d["addressees"])}
            yield row(d["start"], d["end"], f"{d['force']} {d['polarity']}", details)
    elif part is Part.DATES:
        for t in rows.records[part]:
            published = rows.document["published"]
            yield row(t["start"], t["end"], f"{t['type']} {t['value']}", {"published": published, "rule": t["rule"]})
    else:
        for a in rows.records[part]:
            for start, end in a["spans"]:
                yield row(start, end, a["kind"], {"name": a["name"], "office": a["office"]})


def write_sheet(stream: TextIO, drawn: Iterable[dict[str, Any]]) -> None:
    """A CSV sheet with empty columns ``verdict`` and ``reason``."""
    stream.write(BOM)
    writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({"number": number, **row} for number, row in enumerate(drawn, 1))


@dataclass(frozen=True, slots=True)
class Precision:
    """How many of the judged records are right, with the 95 % Wilson interval of their share."""

    right: int
    judged: int
    empty: int = 0

    @property
    def share(self) -> float:
        """Right among judged."""
        return self.right / self.judged

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval (1927) at 95 %.

        >>> "{:.3f} {:.3f}".format(*Precision(34, 40).interval)
        '0.709 0.929'
        """
        z, n, p = 1.959964, self.judged, self.share
        centre, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)


def is_sheet(path: Path) -> bool:
    """True where a file is a sheet, filled in or not."""
    if path.suffix.lower() != ".csv":
        return False
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        return "verdict" in stream.readline()


def read_sheet(path: Path) -> Precision:
    """The precision of a filled-in sheet. Raises :class:`TaalimatError` naming every verdict that is none."""
    right = judged = empty = 0
    faults = []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header = stream.readline()
        delimiter = max(",;\t", key=header.count)
        stream.seek(0)
        for row in csv.DictReader(stream, delimiter=delimiter):
            verdict = (row["verdict"] or "").strip().lower()
            if not verdict:
                empty += 1
            elif verdict in VERDICTS:
                judged += 1
                right += VERDICTS[verdict]
            else:
                faults.append(f"  record {row.get('number')}: {verdict!r}")
    if faults:
        raise TaalimatError(f"{path}: a verdict is one of {', '.join(VERDICTS)}, not\n" + "\n".join(faults))
    if not judged:
        raise TaalimatError(f"{path}: no verdict in it yet; write right or wrong in the column 'verdict'")
    return Precision(right, judged, empty)
