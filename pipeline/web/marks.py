"""A statement as HTML: spans marked by role, nested as they lie, and characters that deceive the eye made visible."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from pipeline.types import Span

ROLES = ("trigger", "issuer", "addressee", "instruction", "deadline", "purpose", "place")
"""Roles in the order of the legend. ``hit`` and ``evidence`` mark as well and are none."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A span with its role. ``label`` is shown before it; ``anchor`` is an id that links lead to; ``link`` where it leads."""

    span: Span
    role: str
    label: str = ""
    anchor: str = ""
    link: str = ""


# Controls that turn or hide text: shown as their code points. LRM, RLM, ALM and joiners are common in Arabic and harmless.
_DECEIVING = re.compile(
    "[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def visible(text: str) -> Markup:
    """Text as HTML in which nothing can turn or hide what stands beside it.

    >>> visible("a\\u202eb")
    Markup('a<bdi class="control" data-length="1">U+202E</bdi>b')
    """
    return Markup(_visible(text))


def _visible(text: str) -> str:
    quoted = html.escape(text)
    return _DECEIVING.sub(_shown, quoted) if _DECEIVING.search(text) else quoted


def _shown(match: re.Match[str]) -> str:
    return f'<bdi class="control" data-length="1">U+{ord(match[0]):04X}</bdi>'


def plain(text: str) -> str:
    """Text without what turns or hides text, where no element can stand: in titles of windows and attributes.

    >>> plain("a\u202eb")
    'ab'
    """
    return _DECEIVING.sub("", text)


def render(text: str, marks: Iterable[Mark], within: Span | None = None) -> Markup:
    """``text``, or the part ``within``, with its marks. Marks that cross each other are cut at the crossing.

    >>> render("أمر الوالي", [Mark(Span(0, 3), "trigger")])
    Markup('<mark class="role role-trigger">أمر</mark> الوالي')
    """
    start, end = (within.start, within.end) if within else (0, len(text))
    inside = [
        Mark(Span(max(start, m.span.start), min(end, m.span.end)), m.role, m.label, m.anchor, m.link)
        for m in marks
        if m.span.start < end and start < m.span.end and m.span.start < m.span.end
    ]
    ordered = sorted(inside, key=lambda m: (m.span.start, -m.span.end))
    return Markup("".join(_nested(text, ordered, start, end)))


def _nested(text: str, marks: Sequence[Mark], start: int, end: int, is_link: bool = False) -> Iterator[str]:
    rest = list(marks)
    at = start
    while rest:
        mark = rest.pop(0)
        if is_link and mark.link:  # a link inside a link is none
            mark = Mark(mark.span, mark.role, mark.label, mark.anchor)
        inner: list[Mark] = []
        outer: list[Mark] = []
        for other in rest:
            if other.span.start >= mark.span.end:
                outer.append(other)
            elif other.span.end <= mark.span.end:
                inner.append(other)
            else:
                inner.append(
                    Mark(Span(other.span.start, mark.span.end), other.role, other.label, other.anchor, other.link)
                )
                outer.append(Mark(Span(mark.span.end, other.span.end), other.role, "", "", other.link))
        rest = sorted(outer, key=lambda m: (m.span.start, -m.span.end))
        yield _visible(text[at : mark.span.start])
        yield _open(mark)
        yield from _nested(text, inner, mark.span.start, mark.span.end, is_link or bool(mark.link))
        yield "</a></mark>" if mark.link else "</mark>"
        at = mark.span.end
    yield _visible(text[at:end])


def _open(mark: Mark) -> str:
    """The start of a mark. Its label is isolated (``bdi``), or its language would decide which way the statement runs (``dir="auto"``)."""
    kind = f"role role-{mark.role}" if mark.role in ROLES else mark.role
    name = f' id="{html.escape(mark.anchor)}"' if mark.anchor else ""
    link = f'<a href="{html.escape(mark.link)}">' if mark.link else ""
    label = f'<bdi class="tag">{html.escape(mark.label)}</bdi>' if mark.label else ""
    return f'<mark class="{html.escape(kind)}"{name}>{link}{label}'


def role_marks(record: dict[str, Any], labels: dict[str, str]) -> list[Mark]:
    """The marks of a record in the form of corrections (see :func:`pipeline.corrections.record.from_row`)."""
    found = [
        ("trigger", record["trigger"]),
        ("issuer", record["issuer"]),
        ("instruction", record["instruction"]),
        ("deadline", record["deadline"]),
    ]
    found += [("addressee", item) for item in record["addressees"]] + [("purpose", item) for item in record["purposes"]]
    return [Mark(Span(item["start"], item["end"]), role, labels.get(role, "")) for role, item in found if item]
