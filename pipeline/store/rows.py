"""An analysis as rows of the tables, and which instructions of a statement say the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pipeline.ingest.decode import arabic_share
from pipeline.normalize import fold
from pipeline.store.schema import Part, Row
from pipeline.types import Actor, Analysis, Directive, Document, Span, TimeExpression

_WORD = re.compile(r"\w+")
_CLITICS = re.compile(r"^(?:[وف]?(?:[بك]?ال|لل)|[وف](?=\w{4})|[بل](?=\w{4}))")


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one document, without the columns that the store fills (``version``, ``run_id``)."""

    document: Row
    records: dict[Part, list[Row]]
    signature: bytes | None = None
    """What near-copies are found by (:mod:`pipeline.copies.minhash`); None where it was not made."""


def _key(text: str) -> list[str]:
    """The words of a text, folded, without article and clitics."""
    return [_CLITICS.sub("", word) for word in _WORD.findall(fold(text))]


def says_same(a: str, b: str) -> bool:
    """True where two instructions say the same in nearly the same words: one head, and four words in five shared, or all
    words of the shorter, if it has three, in the longer.

    >>> says_same("تكثيف عمليات تحصيل الاشتراكات", "تكثيف تحصيل الاشتراكات")  # intensify (the operations of) collecting dues
    True
    >>> says_same("تكثيف تحصيل الاشتراكات", "تكثيف عمليات الرقابة")
    False
    """
    x, y = _key(a), _key(b)
    if not x or not y or x[0] != y[0]:
        return False
    shared = (Counter(x) & Counter(y)).total()
    short, long = sorted((len(x), len(y)))
    return 2 * shared >= 0.8 * (short + long) or (shared == short >= 3 and long <= 2 * short)


def _without_deadline(raw: str, d: Directive) -> str:
    if d.deadline is None or not d.instruction.covers(d.deadline):
        return d.instruction.text(raw)
    return raw[d.instruction.start : d.deadline.start] + raw[d.deadline.end : d.instruction.end]


def repeats(raw: str, directives: Sequence[Directive]) -> list[str]:
    """For each directive the id of the first in the statement with the same polarity and issuer that says the same.

    A deadline does not make an instruction another one, and an issuer that is not known agrees with every other.
    """
    first: list[tuple[Directive, str]] = []
    out = []
    for d in directives:
        text = _without_deadline(raw, d)
        for earlier, earlier_text in first:
            names = {earlier.act.issuer_name, d.act.issuer_name} - {None}
            if earlier.polarity == d.polarity and len(names) <= 1 and says_same(earlier_text, text):
                out.append(earlier.id)
                break
        else:
            first.append((d, text))
            out.append(d.id)
    return out


def _actor_id(document_id: str, actor_id: str | None) -> str | None:
    """An actor's id is its own in its document; in the store it carries the document's."""
    return None if actor_id is None else f"{document_id}:{actor_id}"


def _pair(span: Span | None) -> list[int] | None:
    return None if span is None else [span.start, span.end]


def _directive(raw: str, d: Directive, first: str, document_id: str, actors: AbstractSet[str]) -> Row:
    act = d.act
    issuer_id = act.issuer.actor_id if act.issuer else None
    return {
        "directive_id": d.id,
        "document_id": document_id,
        "act_id": act.id,
        "instruction": d.instruction.text(raw),
        "start": d.instruction.start,
        "end": d.instruction.end,
        "trigger": act.trigger.text(raw),
        "force": act.force.value,
        "polarity": d.polarity.value,
        "issuer": act.issuer_name or (act.issuer and act.issuer.span.text(raw)),
        "issuer_mention": act.issuer and act.issuer.span.text(raw),
        "issuer_id": _actor_id(document_id, issuer_id) if issuer_id in actors else None,
        "addressees": [mention.span.text(raw) for mention in act.addressees],
        "purposes": [span.text(raw) for span in d.purposes],
        "deadline": d.deadline and d.deadline.text(raw),
        "due": d.due,
        "due_note": d.due_note or None,
        "issued_on": d.issued_on,
        "recalled": act.recalled,
        "places": [span.text(raw) for span in d.places],
        "confidence": d.confidence,
        "repeats": first,
        "lexeme": act.lexeme,
        "spans": {
            "trigger": _pair(act.trigger),
            "issuer": _pair(act.issuer.span if act.issuer else None),
            "deadline": _pair(d.deadline),
            "addressees": [_pair(mention.span) for mention in act.addressees],
            "purposes": [_pair(span) for span in d.purposes],
            "places": [_pair(span) for span in d.places],
        },
        "evidence": [
            {"source": e.source, "start": e.span.start, "end": e.span.end, "weight": e.weight, "note": e.note}
            for e in d.evidence
        ],
    }


def _actor(raw: str, actor: Actor, document_id: str) -> Row:
    return {
        "actor_id": _actor_id(document_id, actor.id),
        "document_id": document_id,
        "name": actor.name,
        "kind": actor.kind.value,
        "office": actor.office,
        "organisation": actor.organisation,
        "aliases": list(actor.aliases),
        "mentions": [span.text(raw) for span in actor.mentions],
        "spans": [_pair(span) for span in actor.mentions],
    }


def _date(raw: str, t: TimeExpression, document_id: str) -> Row:
    return {
        "date_id": f"{document_id}:{t.span.start}-{t.span.end}",
        "document_id": document_id,
        "text": t.span.text(raw),
        "start": t.span.start,
        "end": t.span.end,
        "type": t.type.value,
        "value": t.value,
        "earliest": t.earliest,
        "latest": t.latest,
        "mod": t.mod,
        "calendar": t.calendar,
        "role": t.role,
        "anchor": t.anchor,
        "rule": t.rule or None,
        "note": t.note or None,
    }


def _document(document: Document) -> Row:
    return {
        "document_id": document.id,
        "title": document.title,
        "published": document.published,
        "published_source": document.published_source,
        "source": document.source,
        "outlet": document.outlet,
        "text": document.raw,
        "characters": len(document.raw),
        "words": len(document.raw.split()),
        "arabic_share": round(arabic_share(document.raw), 3),
        "meta": dict(document.meta),
    }


def to_rows(analysis: Analysis) -> Rows:
    """The rows of a document and its records, in the order of the text; offsets are code points of the text."""
    document, raw = analysis.document, analysis.document.raw
    directives = sorted(analysis.directives, key=lambda d: (d.instruction, d.act.trigger))
    firsts = repeats(raw, directives)
    actors = {actor.id for actor in analysis.actors}
    return Rows(
        document=_document(document),
        records={
            Part.DIRECTIVES: [
                _directive(raw, d, first, document.id, actors) for d, first in zip(directives, firsts, strict=True)
            ],
            Part.ACTORS: [_actor(raw, actor, document.id) for actor in analysis.actors],
            Part.DATES: [_date(raw, t, document.id) for t in analysis.times],
        },
    )
