"""Every place of an analysis with the role it plays: what pages, notebooks, spaCy and annotation tools draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pipeline.store.schema import Part
from pipeline.types import Analysis, Directive, Evidence, Span


class Role(StrEnum):
    """What a stretch of text is to a record. A public word: exports use it as their label."""

    TRIGGER = "trigger"
    ISSUER = "issuer"
    ADDRESSEE = "addressee"
    INSTRUCTION = "instruction"
    PURPOSE = "purpose"
    DEADLINE = "deadline"
    ACTOR = "actor"
    DATE = "date"


PART_OF = {**dict.fromkeys(Role, Part.DIRECTIVES), Role.ACTOR: Part.ACTORS, Role.DATE: Part.DATES}
"""The kind of record that a role belongs to."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A role at a place. ``of`` is the id of its record (act, directive, actor, or the span of a date); ``note`` says what was decided and why."""

    span: Span
    role: Role
    of: str
    note: str = ""


def _reasons(evidence: tuple[Evidence, ...], most: int = 5) -> str:
    strongest = sorted(evidence, key=lambda e: -abs(e.weight))[:most]
    return "".join(f"\n{e.weight:+.2f} {e.source}{f' ({e.note})' if e.note else ''}" for e in strongest)


def _of_act(d: Directive) -> Iterator[Mark]:
    act = d.act
    yield Mark(act.trigger, Role.TRIGGER, act.id, f"{act.force.value}: {act.lexeme}{_reasons(d.evidence)}")
    if act.issuer is not None:
        name = f"issuer: {act.issuer_name}" if act.issuer_name else "issuer"
        yield Mark(act.issuer.span, Role.ISSUER, act.id, name + _reasons(act.issuer.evidence))
    for mention in act.addressees:
        yield Mark(mention.span, Role.ADDRESSEE, act.id, "addressee" + _reasons(mention.evidence))


def _of_directive(d: Directive) -> Iterator[Mark]:
    recalled = ", recalled" if d.act.recalled else ""
    note = f"instruction: {d.act.force.value}, {d.polarity.value}{recalled}, confidence {d.confidence:.2f}"
    yield Mark(d.instruction, Role.INSTRUCTION, d.id, note)
    for purpose in d.purposes:
        yield Mark(purpose, Role.PURPOSE, d.id, "purpose")
    if d.deadline is not None:
        due = d.due.isoformat() if d.due else f"not known{f': {d.due_note}' if d.due_note else ''}"
        yield Mark(d.deadline, Role.DEADLINE, d.id, f"deadline: due {due}")


def marks(analysis: Analysis) -> tuple[Mark, ...]:
    """All marks of an analysis, each place once in each role and record, in the order of the text, the longer first.

    >>> import pipeline
    >>> analysis = pipeline.analyze("أمر الوالي بفتح الطريق.")  # "The governor ordered the road to be opened."
    >>> [(mark.role.value, analysis.text(mark.span)) for mark in marks(analysis)]
    [('trigger', 'أمر'), ('actor', 'الوالي'), ('issuer', 'الوالي'), ('instruction', 'فتح الطريق')]
    """
    found = [mark for d in analysis.directives for mark in (*_of_act(d), *_of_directive(d))]
    for actor in analysis.actors:
        office = f", {actor.office}" if actor.office else ""
        found += [
            Mark(span, Role.ACTOR, actor.id, f"{actor.kind.value}: {actor.name}{office}") for span in actor.mentions
        ]
    for time in analysis.times:
        note = f"{time.type.value}: {time.value}{f' ({time.note})' if time.note else ''}"
        found.append(Mark(time.span, Role.DATE, f"{time.span.start}-{time.span.end}", note))
    unique = {(mark.span, mark.role, mark.of): mark for mark in found}
    return tuple(sorted(unique.values(), key=lambda m: (m.span.start, -m.span.end, m.role, m.of)))
