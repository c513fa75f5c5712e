"""The records of the pipeline: frozen, typed, and stand-off over the raw text of a document.

Every annotation holds a :class:`Span`: a half-open pair of offsets, in code points of ``Document.raw``, which is never
changed. ``raw[span.start:span.end]`` is the evidence, inside words too: in «للولايات» an addressee starts after the clitic.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from pipeline.normalize import NormalizedText


@dataclass(frozen=True, slots=True, order=True, init=False)
class Span:
    """A half-open stretch of text, in code points of ``Document.raw``.

    >>> Span(1, 6).text("وتكثيف")
    'تكثيف'
    """

    start: int
    end: int

    def __init__(self, start: int, end: int) -> None:
        _span_start(self, start)
        _span_end(self, end)

    def text(self, raw: str) -> str:
        """The characters of the span in ``raw``."""
        return raw[self.start : self.end]

    def covers(self, other: Span) -> bool:
        """True where ``other`` lies inside this span, bounds included."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """True where the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def __len__(self) -> int:
        return self.end - self.start


# Spans are made by the million: filling their slots directly takes a third of what the __init__ of a frozen dataclass takes.
_span_start, _span_end = Span.__dict__["start"].__set__, Span.__dict__["end"].__set__


class Zone(StrEnum):
    """What part of a statement a sentence belongs to. Directives and actors are looked for in the zones of CONTENT."""

    HEADLINE = "headline"
    BODY = "body"
    ITEM = "item"
    """An item of a bulleted or numbered list."""
    DATELINE = "dateline"
    """«الجزائر - (وأج)»: place, date and agency before the first sentence."""
    BYLINE = "byline"
    COUNTER = "counter"
    """View, comment and share counters, page furniture."""


CONTENT = frozenset({Zone.HEADLINE, Zone.BODY, Zone.ITEM})


class Force(StrEnum):
    """How strongly an act binds, strongest first."""

    ORDER = "order"
    DEMAND = "demand"
    INSIST = "insist"
    URGE = "urge"
    CALL = "call"
    EMPHASISE = "emphasise"
    RECOMMEND = "recommend"


class Polarity(StrEnum):
    """Whether the thing is to be done or to be left."""

    DO = "do"
    AVOID = "avoid"


class Kind(StrEnum):
    """What an actor is."""

    PERSON = "PERSON"
    OFFICE = "OFFICE"
    ORGANISATION = "ORGANISATION"
    GROUP = "GROUP"


class TimeType(StrEnum):
    """TIMEX3 ``type``."""

    DATE = "DATE"
    TIME = "TIME"
    DURATION = "DURATION"
    SET = "SET"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that spoke for (``weight`` > 0) or against (``weight`` < 0) a reading.

    ``source`` names what spoke: ``rule:…``, ``lexicon:ENTRY``, ``gazetteer:FILE``, ``model:…``.
    """

    source: str
    span: Span
    weight: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stretch of ``Document.raw`` stands in the original: ``page 3``, ``/html/body/article/p[2]``, ``paragraph 7``."""

    span: Span
    where: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How a document was read: by which reader, from which original, and which part of the text stands where in it."""

    reader: str
    """Name of the format: ``html``, ``pdf``, …"""
    version: str
    """What read it: library and version."""
    original: str | None = None
    """SHA-256 of the bytes of the original, in hex; None where ``raw`` is the text of the file itself."""
    places: tuple[Place, ...] = ()
    """In order of the text; they do not overlap."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """Where each field comes from: ``{"title": "og:title", "country": "address"}``."""
    pages: int | None = None
    ocr_pages: tuple[int, ...] = ()
    """Pages, from 1, that had no text of their own and were recognised from the picture."""


@dataclass(frozen=True, slots=True)
class Document:
    """A statement as it is read. ``raw`` is fixed once; ``meta`` holds what a reader found beside the text."""

    id: str
    raw: str
    title: str | None = None
    published: datetime.date | None = None
    published_source: str | None = None
    """Where ``published`` comes from: ``column``, ``file name``, ``option``, ``dateline``, …"""
    source: str | None = None
    outlet: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    """Among others ``byline``, ``url`` and ``country``, a code of two letters, where the source tells them."""
    reading: Reading | None = None


class Token(NamedTuple):
    """A word, a number or one mark, at ``start`` to ``end``. ``norm`` is its folded form; ``norm_start`` is an offset into the normalised view.

    A tuple, because a whole list of them is made in one call: a text has more tokens than all other records.
    """

    start: int
    end: int
    norm: str
    norm_start: int

    @property
    def span(self) -> Span:
        """Its place in ``Document.raw``."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or list item. ``lead`` is the index, among the sentences, of the line that opens its list («أبرزها:»)."""

    span: Span
    tokens: tuple[Token, ...]
    zone: Zone = Zone.BODY
    lead: int | None = None


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A calendar expression with its TIMEX3 ``type`` and ISO 8601 ``value``.

    ``earliest`` and ``latest`` are days, None where open or unknown. ``rule`` names what resolved the value, ``anchor`` the
    day (ISO) or event it hangs on; ``note`` says why a value stays unresolved.
    """

    span: Span
    type: TimeType
    value: str
    earliest: datetime.date | None = None
    latest: datetime.date | None = None
    mod: str | None = None
    """START | MID | END | APPROX | BEFORE | AFTER."""
    calendar: str = "gregorian"
    role: str = "reference"
    """publication | event | deadline | start | reference."""
    anchor: str | None = None
    rule: str = ""
    note: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where an actor, or anyone told to act, is named. ``kind`` is None for the public (citizens, traders)."""

    span: Span
    kind: Kind | None
    actor_id: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """One person, office, organisation or group in a document, with all the places that name it.

    ``name`` is the fullest designation in the document, without honorifics.
    """

    id: str
    name: str
    kind: Kind
    office: str | None = None
    organisation: str | None = None
    aliases: tuple[str, ...] = ()
    mentions: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """One speech act: a trigger with its force, who speaks and who is spoken to."""

    id: str
    trigger: Span
    force: Force
    lexeme: str
    """Id of the entry of the trigger lexicon."""
    issuer: Mention | None = None
    issuer_name: str | None = None
    addressees: tuple[Mention, ...] = ()
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class Directive:
    """One atomic instruction of an act: the unit that is stored, counted and scored."""

    id: str
    act: Act
    instruction: Span
    polarity: Polarity
    purposes: tuple[Span, ...] = ()
    deadline: Span | None = None
    due: datetime.date | None = None
    due_note: str = ""
    """Why ``due`` is not known, where a deadline is stated."""
    places: tuple[Span, ...] = ()
    issued_on: datetime.date | None = None
    confidence: float = 1.0
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A candidate that was looked at and not taken, with what spoke against it."""

    trigger: Span
    lexeme: str
    reason: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, or a clitic or stem inside one, as a backend reads it.

    ``lemma`` is folded, ``pos`` a universal part of speech, ``masdar`` None where the backend cannot tell; ``head`` is the index of its governor
    among the units of the layer, None at a root or without a parse, ``relation`` the universal dependency to it.
    """

    span: Span
    lemma: str | None = None
    pos: str | None = None
    masdar: bool | None = None
    head: int | None = None
    relation: str | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """What one backend sees in a document (:mod:`pipeline.backends`). Units are in the order of the text and do not overlap."""

    backend: str
    units: tuple[Unit, ...] = ()
    sentences: tuple[Span, ...] = ()
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that is known of one document. A stage takes one and returns a new one (``dataclasses.replace``)."""

    document: Document
    norm: NormalizedText
    sentences: tuple[Sentence, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    mentions: tuple[Mention, ...] = ()
    actors: tuple[Actor, ...] = ()
    directives: tuple[Directive, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    layers: tuple[Layer, ...] = ()
    """What further analysers see, where the pipeline was built with some."""

    def text(self, span: Span) -> str:
        """The characters of ``span`` in the document."""
        return self.document.raw[span.start : span.end]

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(getattr(self, name))} {name}" for name in ("directives", "actors", "times"))
        return f"<Analysis of {self.document.id!r}: {counts}>"

    def _repr_html_(self) -> str:
        """The statement in a notebook: right to left, roles coloured, evidence on hover (:mod:`pipeline.highlight`)."""
        from pipeline.highlight import highlight

        return highlight(self)

    def actor_of(self, mention: Mention) -> Actor | None:
        """The actor that ``mention`` names; None where it names no known one."""
        return next((actor for actor in self.actors if actor.id == mention.actor_id), None)
