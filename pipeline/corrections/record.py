"""The record a correction holds: one atomic instruction in the form of the gold files, every string with its offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.errors import TaalimatError
from pipeline.store.schema import Row
from pipeline.types import Force, Polarity, Span

Json = dict[str, Any]

ONE = ("trigger", "instruction", "issuer", "deadline")
"""Parts of a record of which there is one, or none."""

MANY = ("addressees", "purposes")
"""Parts of a record of which there are any number."""


class RecordError(TaalimatError):
    """What a person typed is no record of the text; ``faults`` has one entry a field: its name and what is wrong."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__("; ".join(f"{name}: {fault}" for name, fault in self.faults.items()))


@dataclass(frozen=True, slots=True)
class Typed:
    """A record as a person writes it: strings copied from the text. ``near`` has, for a part, the offset it was picked at."""

    trigger: str
    instruction: str
    force: str
    polarity: str
    issuer: str = ""
    issuer_name: str = ""
    addressees: Sequence[str] = ()
    purposes: Sequence[str] = ()
    deadline: str = ""
    recalled: bool = False
    near: Mapping[str, int] = field(default_factory=dict)


def span_of(text: str, span: Span) -> Json:
    """A span as gold files write it: ``text``, ``start``, ``end`` (code points of the document)."""
    return {"text": span.text(text), "start": span.start, "end": span.end}


def from_row(row: Row, text: str) -> Json:
    """The record of a row of ``directives``, whose offsets are places in ``text``."""
    spans = row["spans"]

    def one(pair: Sequence[int] | None) -> Json | None:
        return span_of(text, Span(*pair)) if pair else None

    issuer = one(spans["issuer"])
    return {
        "trigger": one(spans["trigger"]),
        "force": row["force"],
        "polarity": row["polarity"],
        "issuer": issuer and {**issuer, "name": row["issuer"] or issuer["text"]},
        "addressees": [one(pair) for pair in spans["addressees"]],
        "instruction": span_of(text, Span(row["start"], row["end"])),
        "purposes": [one(pair) for pair in spans["purposes"]],
        "deadline": one(spans["deadline"]),
        "recalled": bool(row["recalled"]),
    }


def parts(record: Json) -> Iterator[tuple[str, Json]]:
    """The spans of a record, each with the name of its part."""
    for name in ONE:
        if record[name]:
            yield name, record[name]
    for name in MANY:
        for item in record[name]:
            yield name, item


def find(text: str, words: str, near: int) -> Span | None:
    """Where ``words`` stands in ``text``: the place that starts nearest to ``near``. Runs of white space are alike.

    >>> find("أمر الوالي بالفتح، وأمر بالغلق", "أمر", 20)
    Span(start=20, end=23)
    """
    wanted = words.split()
    if not wanted:
        return None
    pattern = r"\s+".join(map(re.escape, wanted))
    places = [Span(m.start(), m.end()) for m in re.finditer(f"(?={pattern})", text)]
    if not places:
        return None
    start = min(places, key=lambda span: abs(span.start - near)).start
    found = re.compile(pattern).match(text, start)
    assert found
    return Span(*found.span())


def locate(text: str, typed: Typed) -> Json:
    """The record that a person wrote, every string found in ``text``.

    A string that stands there more than once is the one nearest to where it was picked, else nearest to the trigger.
    Raises :class:`RecordError` with every field that is wrong.
    """
    faults: dict[str, str] = {}
    if typed.force not in set(Force):
        faults["force"] = f"one of {', '.join(Force)}"
    if typed.polarity not in set(Polarity):
        faults["polarity"] = f"one of {', '.join(Polarity)}"
    anchor = typed.near.get("trigger", typed.near.get("instruction", 0))

    def place(name: str, words: str, required: bool = False) -> Json | None:
        if not words.strip():
            if required:
                faults[name] = "empty"
            return None
        span = find(text, words, typed.near.get(name, anchor))
        if span is None:
            faults[name] = f"not in the text: «{words.strip()}»"
            return None
        return span_of(text, span)

    trigger = place("trigger", typed.trigger, required=True)
    anchor = trigger["start"] if trigger else anchor
    instruction = place("instruction", typed.instruction, required=True)
    issuer = place("issuer", typed.issuer)
    name = " ".join(typed.issuer_name.split())
    if name and not typed.issuer.strip():
        faults["issuer"] = "empty, though a name is given"
    record = {
        "trigger": trigger,
        "force": typed.force,
        "polarity": typed.polarity,
        "issuer": issuer and {**issuer, "name": name or issuer["text"]},
        "addressees": [place("addressees", words) for words in typed.addressees if words.strip()],
        "instruction": instruction,
        "purposes": [place("purposes", words) for words in typed.purposes if words.strip()],
        "deadline": place("deadline", typed.deadline),
        "recalled": typed.recalled,
    }
    if faults:
        raise RecordError(faults)
    return record
