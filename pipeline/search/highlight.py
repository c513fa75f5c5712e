"""Where the words of a search text stand in a sentence."""

from __future__ import annotations

from pipeline.normalize import normalize
from pipeline.search.text import Parsed, Words
from pipeline.search.words import keys, words
from pipeline.types import Span, Token


def highlights(text: str, span: Span, parsed: Parsed, kindred: bool) -> tuple[Span, ...]:
    """The words of ``text[span]`` that a search text asks for, in code points of ``text``; ``kindred``: those of the same root too.

    Words of a phrase are marked where they stand in a row.
    """
    tokens = list(words(normalize(span.text(text))))
    marked = {
        i
        for asked in parsed.words
        if not asked.is_stop or len(parsed.words) == 1
        for i in _places(tokens, asked, kindred)
    }
    return tuple(Span(tokens[i].span.start + span.start, tokens[i].span.end + span.start) for i in sorted(marked))


def _places(tokens: list[Token], asked: Words, kindred: bool) -> set[int]:
    size = len(asked.words)
    found: set[int] = set()
    for i in range(len(tokens) - size + 1):
        if all(
            _fits(tokens[i + k].norm, word, kindred, asked.prefix and k == size - 1)
            for k, word in enumerate(asked.words)
        ):
            found.update(range(i, i + size))
    return found


def _fits(word: str, asked: str, kindred: bool, prefix: bool) -> bool:
    here, there = keys(word), keys(asked)
    if set(here.stems) & set(there.stems) or kindred and set(here.roots) & set(there.roots):
        return True
    return prefix and any(stem.startswith(asked) for stem in (word, *here.stems))
