"""Where the words of a search text stand in a sentence."""

from __future__ import annotations

from pipeline.normalize import normalize
from pipeline.search.text import Parsed, Words
from pipeline.search.words import Keys, keys, words
from pipeline.types import Span, Token


def highlights(text: str, span: Span, parsed: Parsed, kindred: bool) -> tuple[Span, ...]:
    """The words of ``text[span]`` that a search text asks for, in code points of ``text``; ``kindred``: those of the same root too.

    Words of a phrase are marked where they stand in a row.
    """
    tokens = list(words(normalize(span.text(text))))
    found = [keys(token.norm) for token in tokens]
    marked: set[int] = set()
    for asked in parsed.words:
        if not asked.is_stop or len(parsed.words) == 1:
            marked |= _places(tokens, found, asked, kindred)
    return tuple(Span(tokens[i].span.start + span.start, tokens[i].span.end + span.start) for i in sorted(marked))


def _places(tokens: list[Token], found: list[Keys], asked: Words, kindred: bool) -> set[int]:
    size, out = len(asked.words), set[int]()
    last = size - 1
    fits = [
        {
            i
            for i, key in enumerate(found)
            if _fits(key, there, kindred) or asked.prefix and k == last and _begins(tokens[i], key, word)
        }
        for k, (word, there) in enumerate(zip(asked.words, asked.keys, strict=True))
    ]
    for i in fits[0]:
        if all(i + k in places for k, places in enumerate(fits)):
            out.update(range(i, i + size))
    return out


def _fits(here: Keys, there: Keys, kindred: bool) -> bool:
    return (
        any(stem in there.stems for stem in here.stems) or kindred and any(root in there.roots for root in here.roots)
    )


def _begins(token: Token, here: Keys, word: str) -> bool:
    return token.norm.startswith(word) or any(stem.startswith(word) for stem in here.stems)
