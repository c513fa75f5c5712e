"""What spoke for and against each directive, and against each candidate that was not taken, as readable lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.types import Analysis, Directive, Evidence, Rejected, Span


def _quote(analysis: Analysis, span: Span) -> str:
    return f"«{' '.join(analysis.text(span).split())}» [{span.start}:{span.end}]"


def _evidence(analysis: Analysis, evidence: Iterable[Evidence]) -> Iterator[str]:
    for e in sorted(evidence, key=lambda e: -e.weight):
        side = "for    " if e.weight > 0 else "against" if e.weight < 0 else "note   "
        note = f" — {e.note}" if e.note else ""
        yield f"    {side} {e.weight:+.2f}  {e.source}  {_quote(analysis, e.span)}{note}"


def _directive(analysis: Analysis, number: int, d: Directive) -> Iterator[str]:
    act = d.act
    recalled = " (recalled)" if act.recalled else ""
    yield f"{number}. {act.force.value}, {d.polarity.value}{recalled}, confidence {d.confidence:.2f}: {_quote(analysis, d.instruction)}"
    yield f"    trigger   {_quote(analysis, act.trigger)}  {act.lexeme}"
    if act.issuer:
        yield f"    issuer    {_quote(analysis, act.issuer.span)} = {act.issuer_name or analysis.text(act.issuer.span)}"
    for mention in act.addressees:
        yield f"    addressee {_quote(analysis, mention.span)}"
    for purpose in d.purposes:
        yield f"    purpose   {_quote(analysis, purpose)}"
    if d.deadline:
        due = d.due.isoformat() if d.due else f"not known: {d.due_note}" if d.due_note else "not known"
        yield f"    deadline  {_quote(analysis, d.deadline)}, due {due}"
    mentions = [*([act.issuer] if act.issuer else []), *act.addressees]
    yield from _evidence(analysis, [*d.evidence, *(e for mention in mentions for e in mention.evidence)])


def _rejected(analysis: Analysis, rejected: Rejected) -> Iterator[str]:
    yield f"  not taken {_quote(analysis, rejected.trigger)}  {rejected.lexeme}: {rejected.reason}"
    yield from _evidence(analysis, rejected.evidence)


def explain(analysis: Analysis) -> Iterator[str]:
    """Lines that tell how the directives of a document were decided; offsets are code points of its text."""
    document = analysis.document
    published = (
        f", published {document.published} ({document.published_source})"
        if document.published
        else ", no publication date"
    )
    yield f"{document.id}{published}: {len(analysis.directives)} instructions, {len(analysis.rejected)} candidates not taken"
    for number, d in enumerate(analysis.directives, 1):
        yield from _directive(analysis, number, d)
    for rejected in analysis.rejected:
        yield from _rejected(analysis, rejected)
