"""``manifest.json`` beside the tables: what made them, and a digest of their canonical form by which two results are compared.

The canonical form of a table is its JSON lines in order of key without the number of the run. Equal input, code and lexicon give equal
digests, whatever engine, number of workers, interruptions or earlier runs.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.resources import code_version, lexicon_version, model_version

NAME = "manifest.json"
HISTORY = frozenset({"runs", "copies"})
"""Tables that tell when things came: «copies» names the first of its group, by arrival where dates are wanting."""

_RUN = ', "run_id": '


@dataclass(slots=True)
class TableNote:
    """Rows and canonical digest of a table, and the size in bytes of each file that holds it."""

    rows: int
    digest: str
    files: dict[str, int]


class Canon:
    """Digests the canonical form of a table from its JSON lines, given some at a time."""

    def __init__(self) -> None:
        self.rows = 0
        self._sha = hashlib.sha256()

    def add(self, lines: Sequence[str]) -> None:
        """Take lines."""
        self.rows += len(lines)
        heads = [line[: line.rfind(_RUN)] for line in lines]  # the last column of all but runs
        self._sha.update("".join(heads).encode("utf-8", "surrogatepass"))

    def digest(self) -> str:
        """Digest of what was taken so far."""
        return self._sha.hexdigest()[:16]


def manifest(run_id: int, tables: dict[str, TableNote]) -> dict[str, Any]:
    """What a manifest holds. ``run_id`` is the last run whose records the tables hold."""
    whole = hashlib.sha256(
        "".join(note.digest for name, note in sorted(tables.items()) if name not in HISTORY).encode()
    )
    return {
        "code_version": code_version(),
        "lexicon_version": lexicon_version(),
        "model_version": model_version(),
        "python": platform.python_version(),
        "run_id": run_id,
        "digest": whole.hexdigest()[:16],
        "tables": {name: asdict(note) for name, note in tables.items()},
    }


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder; None where there is none that can be read."""
    try:
        found: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def faults(folder: Path, found: dict[str, Any]) -> list[str]:
    """Files that are not as the manifest has them: tables written by a run that was cut off while renaming them, or touched since."""
    wrong = []
    for note in found["tables"].values():
        for name, size in note["files"].items():
            path = folder / name
            if not path.is_file():
                wrong.append(f"{name} is missing")
            elif path.stat().st_size != size:
                wrong.append(f"{name} has {path.stat().st_size:,} bytes, the manifest says {size:,}")
    return wrong
