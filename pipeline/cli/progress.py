"""How far a run is: by the bytes of the files it reads, and in a file of many documents by its lines."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from pipeline.errors import Problem
from pipeline.ingest.sources import files_of
from pipeline.types import Document

_STEP = 100  # items between two looks at how far reading is
_BLOCK = 1 << 20
_PACKED = frozenset({".gz", ".xz", ".zip", ".bz2", ".zst"})
_PLACE = re.compile(r"(.*?)(?::(\d+))?", re.DOTALL)


class Extent:
    """What share of its sources a run has read, from 0 to 1; stays 0 where their size is not known (standard input).

    >>> Extent(["-"]).share("-:7")
    0.0
    """

    def __init__(self, sources: Iterable[str]) -> None:
        self._files: dict[str, tuple[int, int]] = {}  # where a file starts and ends in the row of all
        self._lines: dict[str, int] = {}
        self.total = 0
        """Bytes of all files."""
        self._reached = 0.0
        for path in (file for source in sources for file in _files(Path(source))):
            start, self.total = self.total, self.total + _size(path)
            self._files[str(path)] = (start, self.total)

    def share(self, source: str | None) -> float:
        """The share that is read once the document or problem of ``source`` («file» or «file:line») is."""
        found = _PLACE.fullmatch(source or "")
        name, line = (found[1], found[2]) if found else ("", None)
        if name in self._files and self.total:
            start, end = self._files[name]
            inside = int(line) / self._count(name) if line else 1.0
            self._reached = max(self._reached, (start + min(1.0, inside) * (end - start)) / self.total)
        return self._reached

    def _count(self, name: str) -> int:
        """Lines of a file, at least 1; of a packed one, which would have to be unpacked for it, more than any has."""
        if name not in self._lines:
            lines = 1 << 60 if Path(name).suffix.lower() in _PACKED else 0
            if not lines:
                try:
                    with Path(name).open("rb") as stream:
                        lines = sum(block.count(b"\n") for block in iter(lambda: stream.read(_BLOCK), b""))
                except OSError:
                    lines = 1 << 60
            self._lines[name] = max(1, lines)
        return self._lines[name]


def _files(path: Path) -> list[Path]:
    return files_of(path) if path.is_dir() else [path] if path.is_file() else []


def _size(path: Path) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


class Bar:
    """A progress bar on standard error, where that is a terminal: what is done, at which rate, how long it has taken and will take."""

    def __init__(self, sources: Iterable[str]) -> None:
        self._extent = Extent(sources)
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
            TextColumn("{task.fields[rate]}"), TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(elapsed_when_finished=False),
            console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self._task = self._progress.add_task("documents", total=1.0 if self._extent.total else None, rate="")

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def watch(self, items: Iterable[Document | Problem]) -> Iterator[Document | Problem]:
        """Hand items on, and move the bar with them."""
        for number, item in enumerate(items):
            if number % _STEP == 0:
                self._progress.update(self._task, completed=self._extent.share(item.source))
            yield item

    def tell(self, rate: str) -> None:
        """Say how fast it goes."""
        self._progress.update(self._task, rate=rate)

    def begin(self, description: str) -> None:
        """All documents are through; what follows has no known length."""
        self._progress.update(self._task, description=description, total=None, rate="")
