"""The records of linking."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Relation(StrEnum):
    """What an entry of a thread is to the instruction given before it."""

    COPIED = "copied"
    """The item that gave it, published again: it was said once."""
    REPEATED = "repeated"
    TIGHTENED = "tightened"
    EXTENDED = "extended"
    RECALLS = "recalls"
    EXECUTED = "executed"
    WITHDRAWN = "withdrawn"


class ItemKind(StrEnum):
    """What is linked."""

    DIRECTIVE = "directive"
    REPORT = "report"
    """A clause that tells, without ordering anything, that something was done, lifted or given more time."""
    REFERENCE = "reference"
    """«التعليمات التي أسداها … خلال جلسة 7 جانفي 2025»: earlier instructions that are named by their day."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who speaks, as linking compares it. ``sector`` holds the stems that tell which office or body it is (ري، وهران), ``rank``
    those that tell what kind of office it is (وزير، والي)."""

    record: str = ""
    """Id in the register of actors."""
    person: str = ""
    sector: frozenset[str] = frozenset()
    above: bool = False
    """True of a head of state or government, whose word binds every sector."""
    rank: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Item:
    """A directive, a report or a reference with what linking compares. ``start`` and ``end`` count code points of the document's text.

    ``object`` and ``context`` map stems to how telling they are; ``groups`` names the kinds of act of its head.
    """

    id: str
    document_id: str
    kind: ItemKind
    start: int
    end: int
    text: str
    day: datetime.date | None = None
    fold: str = ""
    """Id of the first instruction of the document that says the same; its own where there is none."""
    head: str = ""
    groups: frozenset[str] = frozenset()
    acts: frozenset[str] = frozenset()
    """Of a report, whose head is what was done: the roots and groups of all its words."""
    object: dict[str, float] = field(default_factory=dict)
    context: dict[str, float] = field(default_factory=dict)
    event: Relation | None = None
    """What its words tell of another instruction: that it was carried out, lifted or given more time."""
    issuer: Issuer = Issuer()
    addressees: frozenset[str] = frozenset()
    """Stems of the names of those who are to act; of a report, of the bodies that its sentence names."""
    confidence: float = 1.0
    """How sure the extraction of a directive is, 0 to 1."""
    country: str = ""
    force: str = ""
    polarity: str = "do"
    recalled: bool = False
    deadline: bool = False
    due: datetime.date | None = None
    named: datetime.date | None = None
    """The day on which it was given before, where the statement names it."""
    vector: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)
    """Vector of its words by the sentence encoder, of length 1, where it was built and asked."""

    @property
    def order(self) -> tuple[str, str, int]:
        """Sorts items by day, those without one first, then by document and place."""
        return (self.day.isoformat() if self.day else "", self.document_id, self.start)


@dataclass(frozen=True, slots=True)
class Link:
    """Two items that say the same instruction, the earlier first, with score (0 to 1), relation, reason and evidence.

    ``evidence`` maps features to what each added to the score, in log-odds.
    """

    earlier: str
    later: str
    score: float
    relation: Relation
    reason: str
    evidence: dict[str, float]

    @property
    def row(self) -> tuple[Any, ...]:
        """Values in the order of the columns of ``links``."""
        return (self.earlier, self.later, round(self.score, 4), self.relation.value, self.reason)
