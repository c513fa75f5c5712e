"""Where the places of a text are in its new version."""

from __future__ import annotations

import re
from bisect import bisect_right
from copy import deepcopy
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from pipeline.corrections.record import MANY, Json, span_of
from pipeline.types import Span

_PIECE = re.compile(r"\w+|[^\w\s]")

_LONG = 20_000
"""Words from which on the comparison passes over frequent ones."""


class State(StrEnum):
    """How a record stands in the latest version of its text."""

    SAME = "same"
    """The text has not changed since."""
    MOVED = "moved"
    """The same words at another place."""
    CHANGED = "changed"
    """Words inside it are others now: worth a second look."""
    LOST = "lost"
    """Trigger or instruction is no longer there."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A record in the new version of its text; None where it is lost."""

    record: Json | None
    state: State


class Moves:
    """The moves from an old text to a new one: which words and marks of the old stand where in the new.

    Words that changed places as a whole (a sentence put to the front) are found by their letters, where they stand once.
    """

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        a, b = _pieces(old), _pieces(new)
        head = _shared(a, b)
        tail = _shared(a[head:][::-1], b[head:][::-1])
        pairs = [(i, i) for i in range(head)] + [(len(a) - i, len(b) - i) for i in range(tail, 0, -1)]
        words, others = ([text for _, text in p[head : len(p) - tail]] for p in (a, b))
        matcher = SequenceMatcher(None, words, others, autojunk=max(len(words), len(others)) > _LONG)
        for m in matcher.get_matching_blocks():
            pairs += [(head + m.a + i, head + m.b + i) for i in range(m.size)]
        self._target = {a[i][0]: b[j][0] for i, j in pairs}
        self._ends = {a[i][0]: a[i][0] + len(a[i][1]) for i, _ in pairs}
        self._starts = sorted(self._target)

    def span(self, span: Span) -> Span | None:
        """The place of ``span`` in the new text; None where its first or last letter has no counterpart there."""
        start, last = self._offset(span.start), self._offset(span.end - 1)
        if start is not None and last is not None and start <= last:
            return Span(start, last + 1)
        words = span.text(self.old)
        if self.old.count(words) == self.new.count(words) == 1:
            found = self.new.index(words)
            return Span(found, found + len(words))
        return None

    def _offset(self, offset: int) -> int | None:
        i = bisect_right(self._starts, offset) - 1
        if i < 0 or offset >= self._ends[self._starts[i]]:
            return None
        return self._target[self._starts[i]] + offset - self._starts[i]


def _pieces(text: str) -> list[tuple[int, str]]:
    return [(m.start(), m[0]) for m in _PIECE.finditer(text)]


def _shared(a: list[tuple[int, str]], b: list[tuple[int, str]]) -> int:
    """How many pieces two lists have alike from their start."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x[1] != y[1]), min(len(a), len(b)))


def carry(record: Json, moves: Moves) -> Placed:
    """``record``, whose offsets are places in the old text, in the new one.

    A part that is no longer there is left out; without trigger or instruction the record is lost.
    """
    is_whole, is_moved = True, False

    def move(item: Any) -> Json | None:
        nonlocal is_whole, is_moved
        if not item:
            return None
        span = moves.span(Span(item["start"], item["end"]))
        if span is None:
            is_whole = False
            return None
        placed = {**item, **span_of(moves.new, span)}
        is_whole &= placed["text"] == item["text"]
        is_moved |= span.start != item["start"]
        return placed

    out = deepcopy(record)
    for name in ("trigger", "instruction", "issuer", "deadline"):
        out[name] = move(record[name])
    for name in MANY:
        out[name] = [placed for item in record[name] if (placed := move(item))]
    if not out["trigger"] or not out["instruction"]:
        return Placed(None, State.LOST)
    return Placed(out, State.CHANGED if not is_whole else State.MOVED if is_moved else State.SAME)
