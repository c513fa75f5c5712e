"""A statement as HTML, right to left, its roles coloured and the evidence shown on hover: what notebooks draw."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import pairwise

from pipeline.labels import FORCES, POLARITIES, ROLES
from pipeline.marks import Mark, Role, marks
from pipeline.types import Analysis, Directive, Polarity

COLOURS = {
    Role.INSTRUCTION: "#fff1b8",
    Role.TRIGGER: "#ffb3a7",
    Role.ISSUER: "#b7d7f5",
    Role.ADDRESSEE: "#c9e9c0",
    Role.PURPOSE: "#e5d0f2",
    Role.DEADLINE: "#ffd591",
    Role.ACTOR: "#e8edf2",
    Role.DATE: "#f6ddc0",
}
"""Background of each role; black text on any of them has a contrast above 10 to 1."""

_STYLE = (
    ".taalimat{direction:rtl;text-align:right;background:#fff;color:#111;padding:.7em;border:1px solid #ddd;border-radius:6px;"
    "font-family:'Noto Naskh Arabic',Amiri,'Segoe UI',Tahoma,sans-serif;line-height:2}"
    ".taalimat p{text-align:right!important}"  # JupyterLab sets paragraphs to the left
    ".taalimat mark{color:inherit;padding:.15em 0;cursor:help}.taalimat .in{border-bottom:2px solid #c9a000}"
    ".taalimat .key mark{display:inline-block;line-height:1.6;padding:.1em .5em;margin-inline-end:.4em;border-radius:3px;font-size:.85em}"
    ".taalimat table{border-collapse:collapse;width:100%;margin-top:.6em;font-size:.9em;line-height:1.5}"
    ".taalimat th,.taalimat td{border:1px solid #ddd;padding:.25em .5em;text-align:right!important;vertical-align:top;background:#fff;color:#111}"
) + "".join(f".taalimat .{role}{{background:{colour}}}" for role, colour in COLOURS.items())


def _pieces(raw: str, found: tuple[Mark, ...]) -> Iterator[tuple[str, list[Mark]]]:
    """The text cut at every bound of a mark, each piece with the marks that cover it."""
    bounds = sorted({0, len(raw), *(edge for mark in found for edge in (mark.span.start, mark.span.end))})
    for start, end in pairwise(bounds):
        over = [mark for mark in found if mark.span.start <= start and end <= mark.span.end]
        yield raw[start:end], over


def _text(analysis: Analysis) -> Iterator[str]:
    found = marks(analysis)
    # A mention that is an issuer or an addressee is drawn as such, and a date that is a deadline as the deadline.
    for piece, over in _pieces(analysis.document.raw, found):
        text = escape(piece).replace("\n", "<br>")
        if not over:
            yield text
            continue
        spoken = [mark for mark in over if mark.role not in (Role.ACTOR, Role.DATE)] or over
        inner = min(spoken, key=lambda m: (len(m.span), list(COLOURS).index(m.role)))
        inside = " in" if any(mark.role is Role.INSTRUCTION for mark in over) else ""
        note = "\n\n".join(dict.fromkeys(mark.note for mark in over if mark.note))
        yield f'<mark class="{inner.role}{inside}" title="{escape(note)}">{text}</mark>'


def _row(analysis: Analysis, d: Directive) -> str:
    cells = (
        analysis.text(d.instruction),
        f"{FORCES[d.act.force]}{f' ({POLARITIES[d.polarity]})' if d.polarity is Polarity.AVOID else ''}",
        d.act.issuer_name or "",
        "، ".join(analysis.text(mention.span) for mention in d.act.addressees),
        d.due.isoformat() if d.due else analysis.text(d.deadline) if d.deadline else "",
        f"{d.confidence:.2f}",
    )
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def highlight(analysis: Analysis) -> str:
    """The statement and a table of its directives as one HTML fragment that carries its style and needs nothing else.

    >>> import pipeline
    >>> page = highlight(pipeline.analyze("أمر الوالي بفتح الطريق."))  # "The governor ordered the road to be opened."
    >>> 'class="instruction in"' in page, page.count("<tr>")
    (True, 2)
    """
    key = "".join(f'<mark class="{role}">{ROLES[role]}</mark>' for role in COLOURS)
    headings = ("التعليمة", "الصيغة", "المُصدِر", "المخاطَب", "الأجل", "الثقة")
    rows = "".join(_row(analysis, d) for d in analysis.directives)
    head = "".join(f"<th>{name}</th>" for name in headings)
    table = f"<table><tr>{head}</tr>{rows}</table>" if rows else "<p>لا تعليمات في هذا النص.</p>"
    return (
        f'<style>{_STYLE}</style><div class="taalimat" dir="rtl" lang="ar"><div class="key">{key}</div>'
        f"<p>{''.join(_text(analysis))}</p>{table}</div>"
    )
