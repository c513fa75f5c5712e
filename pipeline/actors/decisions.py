"""What a person decides about records of the register, in the terms that outlive a re-run: keys, not names or record ids.

Pure functions: they check a wish against the register as it is and against earlier decisions, and return what is to be kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.actors.register import Entry
from pipeline.actors.units import Appearance, Decision, bears, cuts, identity, unit_of
from pipeline.errors import TaalimatError
from pipeline.types import Kind


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that is kept. One command may need several; they share its ``number``. ``about`` tells a reader what it was."""

    number: int
    decision: Decision
    about: str
    rest: str = ""
    """Of a split: a key of what stayed behind."""
    decided: str = ""
    """When, in UTC."""

    def __str__(self) -> str:
        return f"decision {self.number} ({self.about})"


def merge(first: Entry, second: Entry, earlier: Sequence[Decided], note: str = "") -> list[Decision]:
    """The decision that joins two records. Raises :class:`TaalimatError` where they are one already, are a person and a body, or
    were parted by an earlier decision.
    """
    if first.id == second.id:
        raise TaalimatError(f"«{first.name}» ({first.id}) is one record already")
    if (first.kind is Kind.PERSON) is not (second.kind is Kind.PERSON):
        raise TaalimatError(
            f"«{first.name}» is {first.kind}, «{second.name}» is {second.kind}: a person and what he holds stay two records"
        )
    for past in earlier:
        for off, rest in ((first, second), (second, first)):
            if past.rest in _own(rest) and any(_is_off(key, past.decision) for key in off.keys):
                raise TaalimatError(f"{past} parted these; `taalimat actors undo {past.number}` takes it back")
    return [Decision("merge", _handle(first), _handle(second), note)]


def _own(entry: Entry) -> list[str]:
    return [identity(key) for key in entry.keys]


def _handle(entry: Entry) -> str:
    """The key by which a decision names a record: the one that made its id, else the first."""
    return entry.id if entry.id in _own(entry) else _own(entry)[0]


def _is_off(key: str, split: Decision) -> bool:
    """True where a decision split ``key`` off another."""
    base = key.removesuffix(f"#{split.second}")
    return split.kind == "split" and base != key and identity(base) == split.first


def split(
    entry: Entry, names: Sequence[str], appearances: Sequence[Appearance], earlier: Sequence[Decided], note: str = ""
) -> tuple[list[Decision], str]:
    """The decisions that make a record of its own out of what bears some names or offices of a record, or is in some documents;
    and a key of what stays.

    Raises :class:`TaalimatError` where a name is none of the record's, where nothing would be left of it, or where an earlier
    decision put together what this one would part.
    """
    splits = cuts(past.decision for past in earlier)
    actors = frozenset(entry.actors)
    own = [(unit_of(a, splits), a) for a in appearances if a.actor.id in actors]
    for name in names:
        if not any(bears(a, name) for _, a in own):
            borne = sorted({a.actor.name for _, a in own} | {a.actor.office for _, a in own if a.actor.office})
            raise TaalimatError(
                f"«{entry.name}» ({entry.id}): no document calls it «{name}» or has that id; names and offices to split off: {', '.join(borne)}"
            )
    hit = [(key, next(name for name in names if bears(a, name))) for key, a in own if any(bears(a, n) for n in names)]
    if len(hit) == len(own):
        raise TaalimatError(f"«{entry.name}» ({entry.id}): nothing would be left of it")
    left = Counter(identity(key) for key, _ in own)
    left.subtract(identity(key) for key, _ in hit)
    gone = {key for key in left if not left[key]}
    for past in earlier:
        if past.decision.kind == "merge" and gone & {past.decision.first, past.decision.second}:
            raise TaalimatError(f"{past} put these together; `taalimat actors undo {past.number}` takes it back")
    off = sorted(set(hit))
    decisions = [Decision("split", identity(key), name, note) for key, name in off]
    units = [identity(f"{key}#{name}") for key, name in off]
    decisions += [Decision("merge", a, b, note or "split off together") for a, b in pairwise(units)]
    return decisions, max(left, key=lambda key: (left[key], key))
