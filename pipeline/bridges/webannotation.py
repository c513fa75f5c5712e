"""W3C Web Annotation (JSON-LD): every mark of an analysis as an annotation with position and quote selectors.

Source: Web Annotation Data Model, W3C Recommendation 23 February 2017. A text position selector counts, as we do, code points from 0
with the end left out (§ 4.2.4); the quote selector lets a reader find the place again in another copy of the text.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from pipeline.bridges.record import Json, to_record
from pipeline.marks import Mark, Role, marks
from pipeline.types import Analysis

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"taalimat": "urn:taalimat:terms:"}]
"""The context of a page; terms of our own are written with the prefix ``taalimat``."""

AROUND = 32
"""Code points before and after a place that its quote selector holds."""


def urn(kind: str, name: str) -> str:
    """The name of a record as an IRI.

    >>> urn("document", "b 1")
    'urn:taalimat:document:b%201'
    """
    return f"urn:taalimat:{kind}:{quote(name, safe='')}"


def to_page(analysis: Analysis) -> Json:
    """An ``AnnotationPage``: one annotation a mark; those of instructions carry their record as a body.

    >>> import pipeline
    >>> page = to_page(pipeline.analyze("أمر الوالي بفتح الطريق.", id="a-1"))  # "The governor ordered the road to be opened."
    >>> [item["body"][0]["value"] for item in page["items"]]
    ['trigger', 'actor', 'issuer', 'instruction']
    """
    record = to_record(analysis)
    directives = {row["directive_id"]: row for row in record["directives"]}
    items = [_annotation(analysis, mark, directives) for mark in marks(analysis)]
    source = urn("document", analysis.document.id)
    return {
        "@context": CONTEXT,
        "id": f"{source}:annotations",
        "type": "AnnotationPage",
        "startIndex": 0,
        "items": items,
    }


def _annotation(analysis: Analysis, mark: Mark, directives: dict[str, Json]) -> Json:
    raw, span, source = analysis.document.raw, mark.span, urn("document", analysis.document.id)
    body: list[Json] = [{"type": "TextualBody", "purpose": "tagging", "value": mark.role.value, "format": "text/plain"}]
    if mark.note:
        body.append({"type": "TextualBody", "purpose": "describing", "value": mark.note, "format": "text/plain"})
    row = directives.get(mark.of) if mark.role is Role.INSTRUCTION else None
    if row is not None:
        body.append(
            {"id": urn("directive", mark.of), "type": "taalimat:Directive", "purpose": "classifying", **_terms(row)}
        )
    return {
        "id": f"{source}:{mark.role.value}:{span.start}-{span.end}:{quote(mark.of, safe='')}",
        "type": "Annotation",
        "motivation": "classifying",
        "body": body,
        "target": {
            "source": source,
            "selector": [
                {"type": "TextPositionSelector", "start": span.start, "end": span.end},
                {
                    "type": "TextQuoteSelector",
                    "exact": span.text(raw),
                    "prefix": raw[max(0, span.start - AROUND) : span.start],
                    "suffix": raw[span.end : span.end + AROUND],
                },
            ],
        },
        "taalimat:of": urn("record", mark.of),
    }


def _terms(row: Json) -> dict[str, Any]:
    names = ("force", "polarity", "issuer", "due", "issued_on", "recalled", "confidence", "act_id")
    return {f"taalimat:{name}": row[name] for name in names if row[name] is not None}
