"""What is in the corpus: counts by set, country and split, and how varied its language is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pipeline.corpus.checks import GRAM, MOST
from pipeline.corpus.files import Statement
from pipeline.corpus.words import ngrams, where, words
from pipeline.normalize import fold


@dataclass(frozen=True, slots=True)
class Counts:
    """Totals over some statements. A directive is a trigger; ``entries`` are those of the stand-off form, two where parts differ."""

    statements: int = 0
    empty: int = 0
    words: int = 0
    directives: int = 0
    entries: int = 0
    instructions: int = 0
    avoid: int = 0
    recalled: int = 0
    deadlines: int = 0
    purposes: int = 0
    dates: int = 0
    actors: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


def count(statement: Statement) -> Counts:
    """The counts of one statement."""
    entries = statement.directives
    return Counts(
        statements=1,
        empty=int(not entries),
        words=len(words(statement.text)),
        directives=len({entry["trigger"]["start"] for entry in entries}),
        entries=len(entries),
        instructions=sum(len(entry["instructions"]) for entry in entries),
        avoid=sum(len(entry["instructions"]) for entry in entries if entry["polarity"] == "avoid"),
        recalled=sum(len(entry["instructions"]) for entry in entries if entry["recalled"]),
        deadlines=sum(entry["deadline"] is not None for entry in entries),
        purposes=sum(len(entry["purposes"]) for entry in entries),
        dates=len(statement.record["dates"]),
        actors=len(statement.record["actors"]),
    )


def by(statements: Iterable[Statement], key: Callable[[Statement], str]) -> dict[str, Counts]:
    """The counts of each group, in order of first appearance."""
    groups: dict[str, Counts] = {}
    for statement in statements:
        name = key(statement)
        groups[name] = groups.get(name, Counts()) + count(statement)
    return groups


@dataclass(frozen=True, slots=True)
class Variety:
    """Distinct forms, folded, with how often each occurs; and how often runs of words repeat."""

    triggers: Counter[str]
    heads: Counter[str]
    forces: Counter[str]
    grams: int
    repeated: int
    """8-grams that stand in two statements or more."""
    frequent: int
    """8-grams that stand in more than three."""


def variety(statements: Sequence[Statement]) -> Variety:
    """How varied triggers, first words of instructions and runs of words are."""
    triggers: dict[tuple[str, int], str] = {}
    heads, forces = Counter[str](), Counter[str]()
    for s in statements:
        for entry in s.directives:
            triggers[s.id, entry["trigger"]["start"]] = fold(entry["trigger"]["text"])
            forces[entry["force"]] += len(entry["instructions"])
            heads.update(words(span["text"])[0] for span in entry["instructions"])
    places = where((s.id, ngrams(s.text, GRAM)) for s in statements)
    return Variety(
        Counter(triggers.values()),
        heads,
        forces,
        len(places),
        sum(len(ids) > 1 for ids in places.values()),
        sum(len(ids) > MOST for ids in places.values()),
    )
