"""What a program can test of the guidelines, and of the corpus as a whole.

`check_statement` tests one statement against the numbered rules of docs/guidelines.md: offsets, where spans start and end,
deadlines, polarity, force, dates, actors. `check_corpus` tests that nothing repeats and that each statement stands with
its set. `overlaps` finds statements too near to texts from outside. The words the tests look for are data:
``data/annotations/checks.toml``.
"""

from __future__ import annotations

import datetime
import itertools
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.corpus.files import Corpus, Json, Statement
from pipeline.corpus.words import ngrams, sentences, where, words
from pipeline.errors import TaalimatError
from pipeline.normalize import fold
from pipeline.types import Force

GRAM = 8
"""Words of a run that may stand in no more than `MOST` statements, fixed phrases aside."""
MOST = 3
SENTENCE = 4
"""Words from which on a sentence may stand in one statement only, formulas aside."""
OUTSIDE_GRAM = 9
OUTSIDE_SHARED = 8
"""So many shared runs of `OUTSIDE_GRAM` words with one text from outside are too near."""

_CLOSING = " \t\n.,،؛;:!?؟…»”\"')]}-–—*•"
_WEEKDAYS = ("الاثنين", "الثلاثاء", "الاربعاء", "الخميس", "الجمعه", "السبت", "الاحد")
_WEEKDAY = re.compile(r"\b(ال(?:اثنين|ثلاثاء|اربعاء|خميس|جمعه|سبت|احد))\b")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_VALUES = {
    "DATE": re.compile(
        r"(?:PAST|PRESENT|FUTURE)_REF|[\dX]{3,4}(?:-(?:[\dX]{2}(?:-[\dX]{2})?|W[\dX]{2}(?:-(?:[1-7]|WE))?|[QH][1-4X]|S[PU]|AU|FA|WI))?(?:T(?:MO|MI|AF|EV|NI|DT))?|\d{2}"
    ),
    "TIME": re.compile(
        r"(?:PAST|PRESENT|FUTURE)_REF|(?:[\dX]{4}-(?:[\dX]{2}-[\dX]{2}|W[\dX]{2}-[1-7]))?T(?:\d{2}(?::\d{2}){0,2}|MO|MI|AF|EV|NI|DT)"
    ),
    "DURATION": re.compile(r"P(?:(?:\d+(?:\.\d+)?|X)[YMWDHQSEC]{1,2}|DE)*(?:T(?:(?:\d+(?:\.\d+)?|X)[HMS])+)?"),
    "SET": re.compile(
        r"P(?:T?(?:\d+(?:\.\d+)?|X)[YMWDHQSE]{1,2})+|X{4}(?:-(?:[\dX]{2}(?:-[\dX]{2})?|W[\dX]{2}(?:-[\dX])?|[QH][1-4X]|S[PU]|AU|FA|WI))?(?:T.*)?|T\d{2}(?::\d{2})?"
    ),
}
_KEYS = (
    "instruction_starts", "avoid_heads", "do_heads", "purpose_markers", "date_starts", "fixed_phrases", "formulas", "force", "exceptions",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """A place that breaks a rule. ``start`` is an offset into the text; None where the fault is the statement's or the set's."""

    statement: str
    rule: str
    message: str
    start: int | None = None

    def __str__(self) -> str:
        at = "" if self.start is None else f" at {self.start}"
        return f"{self.statement}{at}: {self.rule}: {self.message}"


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists of ``checks.toml``, folded. ``exceptions`` are faults looked at and found right: statement, rule, start."""

    instruction_starts: frozenset[str]
    avoid_heads: frozenset[str]
    do_heads: frozenset[str]
    purpose_markers: frozenset[str]
    date_starts: frozenset[str]
    fixed_phrases: tuple[str, ...]
    formulas: frozenset[str]
    force: tuple[tuple[re.Pattern[str], frozenset[Force]], ...]
    exceptions: frozenset[tuple[str, str, int]]


def read_words(folder: Path) -> Words:
    """The lists of ``checks.toml``. Raises :class:`TaalimatError` naming every fault."""
    path = folder / "checks.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TaalimatError(f"{path}: cannot be read: {error}") from error
    faults = [f"{key}: missing" for key in _KEYS if not isinstance(data.get(key), list)]
    faults += [f"{key}: unknown key" for key in data.keys() - set(_KEYS)]
    force = []
    for entry in data.get("force", []):
        try:
            force.append((re.compile(entry["form"]), frozenset(Force(value) for value in entry["is"])))
        except (KeyError, ValueError, re.error) as error:
            faults.append(f"force {entry}: {error}; valid: {', '.join(Force)}")
    exceptions = set()
    for entry in data.get("exceptions", []):
        if {"statement", "rule", "start", "why"} <= entry.keys():
            exceptions.add((entry["statement"], entry["rule"], entry["start"]))
        else:
            faults.append(f"exception {entry}: needs statement, rule, start and why")
    if faults:
        raise TaalimatError(f"{path}:\n" + "\n".join(f"  {fault}" for fault in faults))

    def folded(key: str) -> frozenset[str]:
        return frozenset(fold(item) for item in data[key])

    return Words(
        instruction_starts=folded("instruction_starts"),
        avoid_heads=folded("avoid_heads"),
        do_heads=folded("do_heads"),
        purpose_markers=folded("purpose_markers"),
        date_starts=folded("date_starts"),
        fixed_phrases=tuple(" ".join(words(item)) for item in data["fixed_phrases"]),
        formulas=frozenset(" ".join(words(item)) for item in data["formulas"]),
        force=tuple(force),
        exceptions=frozenset(exceptions),
    )


@dataclass(frozen=True, slots=True)
class _Check:
    """One statement under test: ``fault`` makes a fault of it."""

    statement: Statement
    lists: Words

    def fault(self, rule: str, span: Json, message: str = "") -> Fault:
        return Fault(self.statement.id, rule, f"{span['text'][:60]!r}{message and ' '}{message}", span["start"])

    def edges(self, span: Json, what: str) -> Iterator[Fault]:
        """A span starts and ends with a word, at the ends of words or behind clitics of its first word."""
        raw, start, end = self.statement.text, span["start"], span["end"]
        if start >= end:
            yield self.fault("empty span", span, what)
            return
        if raw[start].isspace() or raw[start] in "،؛.,;:)»”":
            yield self.fault("start", span, f"{what} starts with a space or a mark")
        if raw[end - 1] in _CLOSING and not _opened(span["text"]):
            yield self.fault("closing mark", span, f"{what} ends with {raw[end - 1]!r}")
        if end < len(raw) and _letter(raw[end]) and _letter(raw[end - 1]) and not raw[end - 1].isdigit():  # «2025م»
            yield self.fault("cut word", span, f"{what} ends inside a word: …{raw[end - 1 : end + 5]!r}")
        if start and _letter(raw[start - 1]) and _letter(raw[start]):
            before = re.search(r"\w+$", raw[max(0, start - 12) : start])
            clitics = fold(before[0]) if before else ""
            if set(clitics) - set("وفبكلساي") or len(clitics) > 4:
                yield self.fault("cut word", span, f"{what} starts inside a word, behind {clitics!r}")


def _letter(char: str) -> bool:
    return char.isalnum() or "\u064b" <= char <= "\u0652" or char == "ـ"


def _opened(text: str) -> bool:
    """True where the closing mark at the end of ``text`` has its opening mark inside it."""
    pairs = {")": "(", "]": "[", "}": "{", "»": "«", "”": "“"}
    last = text[-1]
    if last in "\"'":
        return text.count(last) % 2 == 0
    return last in pairs and text.count(pairs[last]) >= text.count(last)


def _first_word(text: str) -> str:
    found = words(text)
    return found[0] if found else ""


def _directives(c: _Check) -> Iterator[Fault]:
    seen: set[tuple[object, ...]] = set()
    for d in c.statement.directives:
        trigger = d["trigger"]
        for what in ("trigger", "issuer", "deadline"):
            if d[what]:
                yield from c.edges(d[what], what)
        for what in ("addressees", "instructions", "purposes"):
            for span in d[what]:
                yield from c.edges(span, what[:-1])
        if " " in trigger["text"] and not trigger["text"].startswith(("لا ", "على ", "من ")):
            yield c.fault("one word", trigger, "a trigger is one word")
        key = (trigger["start"], d["polarity"], str(d["addressees"]), str(d["deadline"]), str(d["purposes"]))
        if key in seen and d["deadline"] is None:
            yield c.fault("one entry", trigger, "two entries on one trigger that differ in nothing; join them")
        seen.add(key)
        if not d["instructions"]:
            yield c.fault("no instruction", trigger)
        yield from _force(c, d)
        yield from _deadline(c, d)
        for span in d["instructions"]:
            yield from _instruction(c, d, span)
        for purpose in d["purposes"]:
            if _first_word(purpose["text"]) in c.lists.purpose_markers:
                yield c.fault("purpose marker", purpose, "the marker stays outside")
            for span in d["instructions"]:
                if span["start"] < purpose["end"] and purpose["start"] < span["end"]:
                    yield c.fault("purpose inside", purpose, f"overlaps the instruction {span['text'][:40]!r}")


def _instruction(c: _Check, d: Json, span: Json) -> Iterator[Fault]:
    first = _first_word(span["text"])
    two = " ".join(words(span["text"])[:2])
    if {first, two} & c.lists.instruction_starts:
        yield c.fault("head", span, "starts before its head masdar or verb")
    if {first, two} & c.lists.avoid_heads:
        if d["polarity"] != "avoid":
            yield c.fault("polarity", span, "the head says avoid")
    elif {first, two} & c.lists.do_heads and d["polarity"] != "do":
        yield c.fault("polarity", span, "the head says do")


def _force(c: _Check, d: Json) -> Iterator[Fault]:
    trigger = d["trigger"]
    starts = {span["start"] for span in d["instructions"]}
    if any(0 <= trigger["start"] - start <= 4 for start in starts):  # a quoted imperative is its own trigger
        if d["force"] != Force.ORDER:
            yield c.fault("force", trigger, f"a quoted imperative is an order, not {d['force']}")
        return
    form = fold(trigger["text"])
    for pattern, forces in c.lists.force:
        if pattern.fullmatch(form):
            if d["force"] not in forces:
                yield c.fault("force", trigger, f"is {d['force']}; the word is {', '.join(sorted(forces))}")
            return
    yield c.fault("force", trigger, "no form in checks.toml knows this word; add it to the force it has")


def _deadline(c: _Check, d: Json) -> Iterator[Fault]:
    deadline = d["deadline"]
    if deadline is None:
        return
    inside = [s for s in d["instructions"] if s["start"] <= deadline["start"] and deadline["end"] <= s["end"]]
    crossing = [s for s in d["instructions"] if s["start"] < deadline["end"] and deadline["start"] < s["end"]]
    if crossing and not inside:
        yield c.fault("deadline", deadline, "lies partly in an instruction")


def _overlapping(c: _Check) -> Iterator[Fault]:
    """Instructions of one trigger never share words, and no instruction is marked twice under it."""
    by_trigger: dict[int, dict[tuple[int, int], Json]] = {}
    for d in c.statement.directives:
        spans = by_trigger.setdefault(d["trigger"]["start"], {})
        for span in d["instructions"]:
            place = (span["start"], span["end"])
            if place in spans:
                yield c.fault("twice", span, "marked twice under one trigger")
            spans[place] = span
    for spans in by_trigger.values():
        ordered = [spans[place] for place in sorted(spans)]
        for a, b in itertools.pairwise(ordered):
            if b["start"] < a["end"]:
                yield c.fault("overlap", b, f"overlaps {a['text'][:40]!r} under one trigger")


def _dates(c: _Check) -> Iterator[Fault]:
    for date in c.statement.record["dates"]:
        yield from c.edges(date, "date")
        value = str(date["value"])
        if not all(_VALUES[date["type"]].fullmatch(part) for part in value.split("/")):
            yield c.fault("date value", date, f"{value} is no {date['type']} value")
        first = _first_word(date["text"])
        if first in c.lists.date_starts and len(words(date["text"])) > 1 and date["type"] != "DURATION":
            yield c.fault("date start", date, "starts with a word that stays outside")
        if first == "يوم" and date["type"] == "DATE" and len(words(date["text"])) > 1:
            yield c.fault("date start", date, "«يوم» before a date stays outside")
        day = _WEEKDAY.search(fold(date["text"]))
        if day and date["type"] == "DATE" and _DAY.fullmatch(value):
            is_day = _WEEKDAYS[datetime.date.fromisoformat(value).weekday()]
            if is_day != day[0]:
                yield c.fault("weekday", date, f"{value} is {is_day}")
    ordered = sorted(c.statement.record["dates"], key=lambda date: (date["start"], date["end"]))
    for a, b in itertools.pairwise(ordered):
        if b["start"] < a["end"]:
            yield c.fault("overlap", b, f"overlaps the date {a['text']!r}")


def _actors(c: _Check) -> Iterator[Fault]:
    seen: set[tuple[str, str | None]] = set()
    for actor in c.statement.record["actors"]:
        if not actor["mentions"]:
            yield Fault(c.statement.id, "actor", f"{actor['name']!r} has no mention")
        if (actor["name"], actor.get("office")) in seen:
            yield Fault(c.statement.id, "actor", f"{actor['name']!r} stands twice")
        seen.add((actor["name"], actor.get("office")))
        if "office" in actor and actor["kind"] != "PERSON":
            yield Fault(c.statement.id, "actor", f"{actor['name']!r} holds an office and is no PERSON")
        for mention in actor["mentions"]:
            if mention != mention.strip() or (mention[-1] in _CLOSING and not _opened(mention)):
                yield Fault(c.statement.id, "actor", f"the mention {mention!r} starts or ends with a mark")


_CHECKS: tuple[Callable[[_Check], Iterator[Fault]], ...] = (_directives, _overlapping, _dates, _actors)


def check_statement(statement: Statement, lists: Words) -> Iterator[Fault]:
    """The faults of one statement, those in ``exceptions`` of checks.toml aside."""
    c = _Check(statement, lists)
    for check in _CHECKS:
        for fault in check(c):
            if (fault.statement, fault.rule, fault.start) not in lists.exceptions:
                yield fault


def repeated_grams(
    statements: Iterable[Statement], lists: Words, size: int = GRAM, most: int = MOST
) -> dict[str, set[str]]:
    """Runs of ``size`` words that stand in more than ``most`` statements and in no fixed phrase, with the ids."""
    places = where((s.id, ngrams(s.text, size)) for s in statements)
    return {
        gram: ids
        for gram, ids in places.items()
        if len(ids) > most and not any(f" {gram} " in f" {phrase} " for phrase in lists.fixed_phrases)
    }


def check_corpus(corpus: Corpus, lists: Words) -> Iterator[Fault]:
    """What concerns several statements: texts and sentences that stand twice, frequent 8-grams, ids outside their set."""
    for s in corpus.statements:
        if not re.fullmatch(rf"{s.set.id}-\d\d", s.id):
            yield Fault(s.id, "split", f"the id is not one of set {s.set.id}; a set is one writer's and has one split")
    for text, ids in where((s.id, [" ".join(words(s.text))]) for s in corpus.statements).items():
        if len(ids) > 1:
            yield Fault(min(ids), "duplicate", f"the same text as {', '.join(sorted(ids - {min(ids)}))}: {text[:60]}")
    for sentence, ids in where((s.id, sentences(s.text, SENTENCE)) for s in corpus.statements).items():
        if len(ids) > 1 and sentence not in lists.formulas:
            yield Fault(min(ids), "sentence twice", f"also in {', '.join(sorted(ids - {min(ids)}))}: {sentence[:80]}")
    for gram, ids in repeated_grams(corpus.statements, lists).items():
        yield Fault(min(ids), "8-gram", f"in {len(ids)} statements: {gram}")


def overlaps(corpus: Corpus, outside: Iterable[tuple[str, str]]) -> Iterator[Fault]:
    """Statements that share `OUTSIDE_SHARED` runs of `OUTSIDE_GRAM` words with one text from outside (id, text)."""
    ours = where((s.id, ngrams(s.text, OUTSIDE_GRAM)) for s in corpus.statements)
    for name, text in outside:
        shared: dict[str, int] = {}
        for gram in set(ngrams(text, OUTSIDE_GRAM)):
            for statement in ours.get(gram, ()):
                shared[statement] = shared.get(statement, 0) + 1
        for statement, count in sorted(shared.items()):
            if count >= OUTSIDE_SHARED:
                yield Fault(statement, "outside text", f"shares {count} runs of {OUTSIDE_GRAM} words with {name}")


def records(path: Path) -> Iterator[tuple[str, str]]:
    """Id and text of each line of a JSON lines file. Raises :class:`TaalimatError` where a line has none."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise TaalimatError(f"{path}: cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                record = json.loads(line)
                found = str(record["id"]), str(record["text"])
            except (ValueError, KeyError, TypeError) as error:
                raise TaalimatError(f"{path}, line {number}: no record with id and text: {error}") from error
            yield found
