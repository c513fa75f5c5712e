"""What the commands share: reading with a date option, and telling problems."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.batch import Item
from pipeline.errors import Problem, TaalimatError
from pipeline.ingest import Passed, read
from pipeline.ingest.fields import parse_date
from pipeline.ingest.originals import Originals

if TYPE_CHECKING:
    from pipeline.store.sqlite import Store


def read_sources(
    sources: list[str], published: str | None, originals: Originals | None = None, passed: Passed | None = None
) -> Iterator[Item]:
    """The documents of some sources. Raises :class:`TaalimatError` where --published is no date or not for one file."""
    if published is None:
        return read(sources, originals=originals, passed=passed)
    if len(sources) != 1 or Path(sources[0]).is_dir():
        raise TaalimatError(
            "--published is for one file or for standard input; give other dates in a column, or in file names"
        )
    try:
        return read(sources, parse_date(published), originals, passed)
    except ValueError as error:
        raise TaalimatError(f"--published: {error}") from None


class Problems:
    """Tells problems on standard error as they come, and remembers whether there were any."""

    def __init__(self) -> None:
        self.count = 0

    def tell(self, problem: Problem) -> None:
        """Print a problem."""
        self.count += 1
        print(problem, file=sys.stderr)


def store_file(folder: Path) -> Path:
    """The store in a folder; who names the file itself means it."""
    from pipeline.store.sqlite import FILE_NAME

    return folder if folder.is_file() else folder / FILE_NAME


@contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """The store in a folder. Raises :class:`TaalimatError` where there is none, or where it fails."""
    from pipeline.store.sqlite import Store

    path = store_file(folder)
    if not path.is_file():
        raise TaalimatError(f"{path}: there is no store; `taalimat run SOURCE… --out {folder}` makes one")
    try:
        with Store(path) as store:
            yield store
    except sqlite3.Error as error:
        raise TaalimatError(f"{path}: {error}") from error
