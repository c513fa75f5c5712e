"""Where the words of a search text stand in a sentence."""

from __future__ import annotations

import re

from pipeline.normalize import normalize
from pipeline.search.text import Parsed, Words
from pipeline.search.words import Keys, keys
from pipeline.tokens import TOKEN
from pipeline.types import Span


def highlights(text: str, span: Span, parsed: Parsed, kindred: bool) -> tuple[Span, ...]:
    """The words of ``text[span]`` that a search text asks for, in code points of ``text``; ``kindred``: those of the same root too.

    Words of a phrase are marked where they stand in a row.
    """
    norm = normalize(span.text(text))
    tokens = [m for m in TOKEN.finditer(norm.text) if m[0][0].isalnum()]
    found = [keys(token[0]) for token in tokens]
    marked: set[int] = set()
    for asked in parsed.words:
        if not asked.is_stop or len(parsed.words) == 1:
            marked |= _places(tokens, found, asked, kindred)
    places = (norm.raw_span(*tokens[i].span()) for i in sorted(marked))
    return tuple(Span(span.start + start, span.start + end) for start, end in places)


def _places(tokens: list[re.Match[str]], found: list[Keys], asked: Words, kindred: bool) -> set[int]:
    """The places of the words asked for, in a row."""
    size, out = len(asked.words), set[int]()
    first, *others = asked.keys
    for i in _fitting(found, first, kindred):
        if all(i + k < len(found) and _fits(found[i + k], there, kindred) for k, there in enumerate(others, 1)):
            out.update(range(i, i + size))
    if asked.prefix:
        before = asked.keys[:-1]
        for i, token in enumerate(tokens[size - 1 :]):
            if _begins(token, found[i + size - 1], asked.words[-1]) and all(
                _fits(found[i + k], there, kindred) for k, there in enumerate(before)
            ):
                out.update(range(i, i + size))
    return out


def _fitting(found: list[Keys], there: Keys, kindred: bool) -> list[int]:
    stems, roots = frozenset(there.stems), frozenset(there.roots if kindred else ())
    return [i for i, here in enumerate(found) if not (stems.isdisjoint(here.stems) and roots.isdisjoint(here.roots))]


def _fits(here: Keys, there: Keys, kindred: bool) -> bool:
    return not set(there.stems).isdisjoint(here.stems) or kindred and not set(there.roots).isdisjoint(here.roots)


def _begins(token: re.Match[str], here: Keys, word: str) -> bool:
    return token[0].startswith(word) or any(stem.startswith(word) for stem in here.stems)
