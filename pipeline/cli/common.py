"""What the commands share: reading with a date option, and telling problems."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from pipeline.batch import Item
from pipeline.errors import Problem, TaalimatError
from pipeline.ingest import read
from pipeline.ingest.fields import parse_date


def read_sources(sources: list[str], published: str | None) -> Iterator[Item]:
    """The documents of some sources. Raises :class:`TaalimatError` where --published is no date or not for one file."""
    if published is None:
        return read(sources)
    if len(sources) != 1 or Path(sources[0]).is_dir():
        raise TaalimatError(
            "--published is for one file or for standard input; give other dates in a column, or in file names"
        )
    try:
        return read(sources, parse_date(published))
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
