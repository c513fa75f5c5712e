"""The blocks of an original (paragraphs, headings, list items), and the reading text made of them with its map back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.types import Place, Span

Kind = Literal["text", "heading", "break"]
"""``break`` parts statements: a rule, a row of stars, the start of an article of its own."""

# Presentation forms A and B, but for the ornate brackets and the mark of byte order.
_FORMS = re.compile("[\ufb50-\ufd3d\ufd50-\ufdfb\ufe70-\ufefc]+")
_SPACES = re.compile("[\t\v\f \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]|[\ud800-\udfff]")
# Bullets of symbol fonts come as private letters.
_SYMBOL = re.compile("^\\s*[\ue000-\uf8ff](?=\\s|\\w)")
_RULE = re.compile(r"\s*(?:([*•=#~_-])\s*)(?:\1\s*){2,}")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or item, and ``where`` it stands in the original."""

    text: str
    where: str = ""
    kind: Kind = "text"
    joined: bool = False
    """True where the line above goes on here, as in a PDF: between the two stands a space, not a line break."""


def clean(text: str) -> str:
    """A line of an original as it is read: presentation forms as letters, white space single, no control characters.

    Harakat, tatweel, bidi marks and joiners of width zero stay.

    >>> clean("ﺍﻟﻮﺍﻟﻲ  ﻳﺄﻣﺮ ")
    'الوالي يأمر'
    """
    text = _FORMS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), _CONTROL.sub("", text))
    text = _SYMBOL.sub("•", text)
    return _SPACES.sub(" ", text).strip()


def lines_of(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks cleaned, one a line; empty ones are left out, rows of stars or dashes become breaks."""
    for block in blocks:
        if block.kind == "break":
            yield block
        for line in re.split(r"\r\n|[\r\n\u2028\u2029]", block.text):
            if text := clean(line):
                yield replace(block, text="" if _RULE.fullmatch(text) else text, kind="break" if _RULE.fullmatch(text) else block.kind)  # fmt: skip


def compose(lines: Sequence[Block]) -> tuple[str, tuple[Place, ...]]:
    """The reading text of some lines, one below the other, and where each stands in the original.

    >>> compose([Block("بيان", "p[1]"), Block("أمر الوالي", "p[2]")])
    ('بيان\\nأمر الوالي', (Place(span=Span(start=0, end=4), where='p[1]'), Place(span=Span(start=5, end=15), where='p[2]')))
    """
    places: list[Place] = []
    parts: list[str] = []
    at = 0
    for line in lines:
        if parts:
            parts.append(" " if line.joined else "\n")
        parts.append(line.text)
        end = at + len(line.text)
        if places and line.where == places[-1].where:
            places[-1] = Place(Span(places[-1].span.start, end), line.where)
        elif line.where:
            places.append(Place(Span(at, end), line.where))
        at = end + 1
    return "".join(parts), tuple(places)
