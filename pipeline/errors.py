"""What can go wrong, said so that a person can mend it: which file, which line, why, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class TaalimatError(Exception):
    """An error whose message is meant for the user. The command line prints it without a traceback."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the input that could not be used. One problem never stops the rest of a run.

    ``line`` counts from 1. ``lost`` is True where a whole document is not in the result; ``document_id`` is known where
    the input still named it.

    >>> str(Problem("june.jsonl", "not JSON: Expecting value at column 9", line=3))
    'june.jsonl, line 3: not JSON: Expecting value at column 9'
    """

    source: str
    reason: str
    line: int | None = None
    document_id: str | None = None
    lost: bool = True

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}, line {self.line}"
        name = f" [{self.document_id}]" if self.document_id else ""
        return f"{place}{name}: {self.reason}"


class LexiconError(TaalimatError):
    """A data file under ``models/`` has faults; the message lists all of them."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))
