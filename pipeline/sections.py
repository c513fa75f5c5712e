"""Very long documents in sections: what rules weigh against each other stays bounded, and time linear in the length.

The longest statements have some 20,000 characters, the longest of 41,000 news articles 33,687. What is longer than SECTION (a
gazette, a year of bulletins in one file, garbage) is cut at line breaks and each section read alone: «the minister» of one
section is not looked for in another, but what bears the same full name in two sections is one actor.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from pipeline import ids
from pipeline.normalize import normalize
from pipeline.types import Act, Actor, Analysis, Directive, Document, Mention, Sentence, Span, Token

SECTION = 40_000
"""Characters up to which a document is read as one."""

# Where to cut, best first: behind an empty line, a line, a sentence, a word; else anywhere but before a mark of the letter in front.
_CUTS = tuple(
    re.compile(p) for p in (r"\n\s*\n", r"\n", r"[.!؟?؛…]\s", r"\s", r"(?![\u0610-\u061a\u0640\u064b-\u065f\u0670])")
)


_RECORDS = ("sentences", "times", "mentions", "directives", "rejected")


def sections(raw: str) -> Iterator[tuple[int, int]]:
    """Where the sections of a text start and end, in code points; together they are the text.

    >>> list(sections("أمر الوالي بفتح الطريق."))
    [(0, 23)]
    """
    start = 0
    while len(raw) - start > SECTION:
        end = next(end for cut in _CUTS if (end := _last(cut, raw, start + SECTION // 2, start + SECTION)))
        yield start, end
        start = end
    yield start, len(raw)


def _last(cut: re.Pattern[str], raw: str, low: int, high: int) -> int:
    """End of the last match between two places; 0 where there is none. Looks back from ``high`` in growing steps."""
    width = 200
    while True:
        ends = [match.end() for match in cut.finditer(raw, max(low, high - width), high)]
        if ends or high - width <= low:
            return ends[-1] if ends else 0
        width *= 4


def in_sections(document: Document, analyse: Callable[[Document], Analysis]) -> Analysis:
    """The analysis of a document, put together from those of its sections."""
    whole = Analysis(document, normalize(document.raw))
    parts: list[dict[str, tuple[Any, ...]]] = []
    names: dict[tuple[Any, ...], str] = {}  # of actors: what they are known by, and their id in the whole
    actors: dict[str, Actor] = {}
    sentences = 0
    for start, end in sections(document.raw):
        part = analyse(dataclasses.replace(document, raw=document.raw[start:end]))
        renamed = {}
        for actor in part.actors:
            known = (actor.name, actor.kind, actor.office, actor.organisation)
            id = renamed[actor.id] = names.setdefault(known, f"a{len(names) + 1}")
            here = dataclasses.replace(_Move(start, 0, 0, {actor.id: id}, document.id)(actor), id=id)
            actors[id] = _joined(actors[id], here) if id in actors else here
        move = _Move(start, whole.norm.index_of(start), sentences, renamed, document.id)
        sentences += len(part.sentences)
        parts.append({name: move(getattr(part, name)) for name in _RECORDS})
    joined: dict[str, Any] = {name: tuple(record for part in parts for record in part[name]) for name in _RECORDS}
    return dataclasses.replace(whole, actors=tuple(actors.values()), **joined)


def _joined(first: Actor, second: Actor) -> Actor:
    aliases = tuple(dict.fromkeys((*first.aliases, *second.aliases)))
    return dataclasses.replace(first, aliases=aliases, mentions=(*first.mentions, *second.mentions))


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    """Names of the fields of a record; empty for other values."""
    return tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ()


@dataclasses.dataclass(frozen=True, slots=True)
class _Move:
    """Moves records of a section to their places in the document: spans, places in the view, indices, ids."""

    by: int
    norm_by: int
    sentences: int
    actors: dict[str, str]
    document_id: str

    def __call__(self, value: Any) -> Any:
        match value:
            case Span():
                return Span(value.start + self.by, value.end + self.by)
            case Token():
                return Token(value.start + self.by, value.end + self.by, value.norm, value.norm_start + self.norm_by)
            case tuple():
                return tuple(self(item) for item in value)
            case Sentence():
                lead = None if value.lead is None else value.lead + self.sentences
                return Sentence(self(value.span), self(value.tokens), value.zone, lead)
        kind: Any = type(value)
        names = _fields(kind)
        if not names:
            return value
        moved = kind(*[self(getattr(value, name)) for name in names])
        match moved:
            case Mention():
                return dataclasses.replace(moved, actor_id=self.actors.get(moved.actor_id or "", moved.actor_id))
            case Act():
                return dataclasses.replace(moved, id=ids.act_id(self.document_id, moved.trigger))
            case Directive():
                return dataclasses.replace(
                    moved, id=ids.directive_id(self.document_id, moved.act.trigger, moved.instruction)
                )
        return moved
