"""How well found records agree with gold ones.

instruction         one-to-one matching of instruction spans, at least half their words in common (Dice >= .5)
instruction_exact   the same characters, outer punctuation and spaces aside
record              instructions that share at least .8 of their words and have issuer, addressees, force and polarity right
record_full         record, exact, with purposes, deadline and recalled right as well
trigger             trigger words that overlap, each once
issuer … recalled   each attribute over the matched instructions
dates               time expressions of which at least half the characters are shared (vague values, PAST_REF and such, aside)
date_values         of these, equal as calendar intervals (2025-H1 is 2025-01-01/2025-06-30; parts of day aside)
actors              actors matched by name; actor_kind: with the right kind

Names are equal when, honorifics aside, they have the same words, or all words (two or more) of the shorter stand in the longer.
Precision, recall and F1 are micro averages; the interval of F1 is a 95 % bootstrap over documents.
"""

from __future__ import annotations

import calendar
import datetime
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pipeline.types import Actor, Analysis, Directive, Mention, Span, TimeExpression

MEASURES = (
    "instruction", "instruction_exact", "record", "record_full", "trigger", "issuer", "addressee", "force", "polarity",
    "purpose", "deadline", "recalled", "dates", "date_values", "actors", "actor_kind",
)  # fmt: skip
"""In the order they are printed."""

DRAWS = 300
"""Bootstrap draws."""

T = TypeVar("T")

_FOLD = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None, "\u0670": None}
    | {chr(mark): None for mark in range(0x64B, 0x653)}
)
_HONORIFICS = frozenset(
    [
        "السيد",
        "السيده",
        "معالي",
        "الدكتور",
        "الدكتوره",
        "د",
        "سعاده",
        "سمو",
        "صاحب",
        "الملكي",
        "الامير",
        "فخامه",
        "دوله",
        "الشيخ",
        "المهندس",
        "البروفيسور",
    ]
)
_WORD = re.compile(r"\w+")
_ARTICLE = re.compile(r"^(?:لل|ال|ل(?=\w{4}))")


@dataclass(frozen=True, slots=True)
class Tally:
    """True positives, and how many there are in gold and among the found."""

    true: int = 0
    gold: int = 0
    found: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.true + other.true, self.gold + other.gold, self.found + other.found)

    @property
    def precision(self) -> float:
        """Share of the found that are right; 0 where nothing was found."""
        return self.true / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of gold that was found; 0 where there is none."""
        return self.true / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A place where gold and found differ. ``kind`` is ``missed``, ``extra`` or ``wrong`` (an attribute); spans are raw."""

    document_id: str
    kind: str
    trigger: str
    instruction: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """Tallies of one document, or of many, by measure, with the disagreements over directives."""

    tallies: dict[str, Tally]
    disagreements: tuple[Disagreement, ...] = ()


def _fold(text: str | None) -> str:
    return " ".join(_WORD.findall((text or "").translate(_FOLD)))


def _name_words(name: str | None) -> Counter[str]:
    return Counter(_ARTICLE.sub("", word) for word in _fold(name).split() if word not in _HONORIFICS)


def same_name(a: str | None, b: str | None) -> bool:
    """True where two designations name the same actor; two missing ones agree.

    >>> same_name("السيد فيصل بن طالب", "فيصل بن طالب"), same_name("وزير العمل", "وزير الصحة")
    (True, False)
    """
    short, long = sorted((_name_words(a), _name_words(b)), key=Counter.total)
    if not short or not long or short == long:
        return short == long
    return short.total() >= 2 and long.total() - short.total() <= 6 and not short - long


def _interval(value: str) -> tuple[datetime.date, datetime.date] | None:
    """First and last day of a TIMEX value, None where it has none."""
    if "/" in value:
        first, last = (_interval(part) for part in value.split("/", 1))
        return (first[0], last[1]) if first and last else None
    date = datetime.date
    try:
        if m := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value):
            day = date(int(m[1]), int(m[2]), int(m[3]))
            return day, day
        if m := re.fullmatch(r"(\d{4})-(\d\d)", value):
            return _months(int(m[1]), int(m[2]), 1)
        if m := re.fullmatch(r"(\d{4})-W(\d\d)", value):
            monday = date.fromisocalendar(int(m[1]), int(m[2]), 1)
            return monday, monday + datetime.timedelta(6)
        if m := re.fullmatch(r"(\d{4})-([QH])(\d)", value):
            length = 3 if m[2] == "Q" else 6
            return _months(int(m[1]), (int(m[3]) - 1) * length + 1, length)
        if re.fullmatch(r"\d{4}", value):
            return _months(int(value), 1, 12)
    except ValueError:
        pass
    return None


def _months(year: int, month: int, count: int) -> tuple[datetime.date, datetime.date]:
    last = month + count - 1
    return datetime.date(year, month, 1), datetime.date(year, last, calendar.monthrange(year, last)[1])


def same_value(a: str, b: str) -> bool:
    """True where two TIMEX values mean the same stretch of the calendar.

    >>> same_value("2025-H1", "2025-01/2025-06"), same_value("2025-01-07TMO", "2025-01-07"), same_value("2025", "2024")
    (True, True, False)
    """
    x, y = _clock(a), _clock(b)
    return x == y or (_interval(x) is not None and _interval(x) == _interval(y))


def _clock(value: str) -> str:
    """A value without its part of day; a clock time without its day, to the minute."""
    value = re.sub(r"T(?:MO|MI|AF|EV|NI|DT)$", "", value)
    time = re.fullmatch(r"(?:[\dX-]+)?(T\d\d(?::\d\d)?)", value)
    if not time:
        return value
    return f"{time[1]}:00" if len(time[1]) == 3 else time[1]


def _words(raw: str, span: Span) -> frozenset[int]:
    """Raw offsets at which the words of a span start."""
    return frozenset(m.start() + span.start for m in _WORD.finditer(span.text(raw)))


def _trimmed(raw: str, span: Span) -> tuple[int, int]:
    """A span without outer spaces and punctuation; harakat at its end stay."""
    start, end = span.start, span.end
    while start < end and not raw[start].isalnum():
        start += 1
    while end > start and not (raw[end - 1].isalnum() or "\u064b" <= raw[end - 1] <= "\u0652"):
        end -= 1
    return start, end


def _dice(a: frozenset[T], b: frozenset[T]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0


def _overlap(a: Span, b: Span) -> float:
    shared = min(a.end, b.end) - max(a.start, b.start)
    return 2 * max(0, shared) / (len(a) + len(b) or 1)


def _match(gold: Sequence[T], found: Sequence[T], score: Callable[[T, T], float], floor: float) -> list[tuple[T, T]]:
    """One-to-one pairs that score at least ``floor``, the best first."""
    scored = sorted((-score(g, f), i, j) for i, g in enumerate(gold) for j, f in enumerate(found))
    free_gold, free_found = set(range(len(gold))), set(range(len(found)))
    pairs = []
    for cost, i, j in scored:
        if -cost >= floor and i in free_gold and j in free_found:
            free_gold.remove(i)
            free_found.remove(j)
            pairs.append((gold[i], found[j]))
    return pairs


def _count_spans(raw: str, gold: Sequence[Span], found: Sequence[Span], by_text: bool = False) -> Tally:
    """Spans that share half their words; with ``by_text`` also those of one text at two places."""

    def same(a: Span, b: Span) -> float:
        if by_text and _fold(a.text(raw)) == _fold(b.text(raw)):
            return 1.0
        return _dice(_words(raw, a), _words(raw, b))

    return Tally(len(_match(gold, found, same, 0.5)), len(gold), len(found))


def _all_right(tally: Tally) -> bool:
    return tally.true == tally.gold == tally.found


def _spans(mentions: Iterable[Mention]) -> list[Span]:
    return [mention.span for mention in mentions]


def _optional(span: Span | None) -> list[Span]:
    return [] if span is None else [span]


def _score_directives(gold: Analysis, found: Analysis, add: Callable[[str, Tally], None]) -> list[Disagreement]:
    raw, name = gold.document.raw, gold.document.id
    words = {id(d): _words(raw, d.instruction) for d in (*gold.directives, *found.directives)}

    def alike(a: Directive, b: Directive) -> float:
        return _dice(words[id(a)], words[id(b)])

    def note(kind: str, d: Directive, detail: str = "") -> Disagreement:
        return Disagreement(name, kind, d.act.trigger.text(raw), d.instruction.text(raw), detail)

    pairs = _match(gold.directives, found.directives, alike, 0.5)
    notes = []
    hits: Counter[str] = Counter(instruction=len(pairs))
    for a, b in pairs:
        exact = _trimmed(raw, a.instruction) == _trimmed(raw, b.instruction)
        addressee = _count_spans(raw, _spans(a.act.addressees), _spans(b.act.addressees), by_text=True)
        purpose = _count_spans(raw, a.purposes, b.purposes)
        deadline = _count_spans(raw, _optional(a.deadline), _optional(b.deadline))
        right = {
            "issuer": same_name(a.act.issuer_name, b.act.issuer_name),
            "force": a.act.force == b.act.force,
            "polarity": a.polarity == b.polarity,
            "recalled": a.act.recalled == b.act.recalled,
        }
        for measure, tally in (("addressee", addressee), ("purpose", purpose), ("deadline", deadline)):
            add(measure, tally)
        for measure, is_right in right.items():
            add(measure, Tally(int(is_right), 1, 1))
        record = (
            alike(a, b) >= 0.8 and right["issuer"] and _all_right(addressee) and right["force"] and right["polarity"]
        )
        hits["instruction_exact"] += exact
        hits["record"] += record
        hits["record_full"] += record and exact and _all_right(purpose) and _all_right(deadline) and right["recalled"]
        if not record:
            notes.append(note("wrong", b, _difference(raw, a, b)))
    for measure in ("instruction", "instruction_exact", "record", "record_full"):
        add(measure, Tally(hits[measure], len(gold.directives), len(found.directives)))
    matched = {id(d) for pair in pairs for d in pair}
    notes += [note("missed", d) for d in gold.directives if id(d) not in matched]
    notes += [note("extra", d) for d in found.directives if id(d) not in matched]
    add("trigger", _count_spans(raw, _triggers(gold), _triggers(found)))
    return notes


def _triggers(analysis: Analysis) -> list[Span]:
    return list(dict.fromkeys(d.act.trigger for d in analysis.directives))


def _difference(raw: str, gold: Directive, found: Directive) -> str:
    """Which parts of a matched record differ, gold first."""

    def show(d: Directive) -> dict[str, str]:
        return {
            "issuer": d.act.issuer_name or "-",
            "force": d.act.force.value,
            "polarity": d.polarity.value,
            "to": "، ".join(m.span.text(raw) for m in d.act.addressees) or "-",
            "instruction": d.instruction.text(raw),
        }

    a, b = show(gold), show(found)
    return "; ".join(f"{key}: {a[key]} ≠ {b[key]}" for key in a if a[key] != b[key])


def _score_dates(gold: Analysis, found: Analysis, add: Callable[[str, Tally], None]) -> None:
    def dated(analysis: Analysis) -> list[TimeExpression]:
        return [t for t in analysis.times if not t.value.endswith("_REF")]

    a, b = dated(gold), dated(found)
    pairs = _match(a, b, lambda x, y: _overlap(x.span, y.span), 0.5)
    add("dates", Tally(len(pairs), len(a), len(b)))
    add("date_values", Tally(sum(same_value(x.value, y.value) for x, y in pairs), len(a), len(b)))


def _score_actors(gold: Analysis, found: Analysis, add: Callable[[str, Tally], None]) -> None:
    def alike(a: Actor, b: Actor) -> float:
        return max(
            (_dice(frozenset(_fold(x).split()), frozenset(_fold(y).split())) or 0.01) * same_name(x, y)
            for x in (a.name, *a.aliases)
            for y in (b.name, *b.aliases)
        )

    pairs = _match(gold.actors, found.actors, alike, 0.01)
    add("actors", Tally(len(pairs), len(gold.actors), len(found.actors)))
    add("actor_kind", Tally(sum(a.kind == b.kind for a, b in pairs), len(gold.actors), len(found.actors)))


def score(gold: Analysis, found: Analysis) -> Score:
    """The measures over one document. Raises ValueError where the two are not of the same text."""
    if gold.document.raw != found.document.raw:
        raise ValueError(f"{gold.document.id}: gold and found records are of different texts")
    tallies = dict.fromkeys(MEASURES, Tally())

    def add(measure: str, tally: Tally) -> None:
        tallies[measure] += tally

    notes = _score_directives(gold, found, add)
    _score_dates(gold, found, add)
    _score_actors(gold, found, add)
    return Score(tallies, tuple(notes))


def total(scores: Iterable[Score]) -> Score:
    """Scores of many documents as one."""
    tallies = dict.fromkeys(MEASURES, Tally())
    notes: list[Disagreement] = []
    for part in scores:
        notes += part.disagreements
        for measure in MEASURES:
            tallies[measure] += part.tallies[measure]
    return Score(tallies, tuple(notes))


def intervals(scores: Sequence[Score]) -> dict[str, tuple[float, float]]:
    """95 % interval of each measure's F1: documents are drawn again with replacement, the same way each time."""
    rng = random.Random(0)
    draws: dict[str, list[float]] = {measure: [] for measure in MEASURES}
    for _ in range(DRAWS):
        drawn = rng.choices(scores, k=len(scores))
        for measure in MEASURES:
            draws[measure].append(sum((s.tallies[measure] for s in drawn), Tally()).f1)
    cut = DRAWS * 25 // 1000
    return {measure: (sorted(values)[cut], sorted(values)[-cut - 1]) for measure, values in draws.items()}
