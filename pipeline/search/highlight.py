"""Where the words of a search text stand in a sentence."""

from __future__ import annotations

import re

from pipeline.normalize import normalize
from pipeline.search.text import Parsed, Words
from pipeline.search.words import Keys, keys
from pipeline.tokens import TOKEN
from pipeline.types import Span


class Highlighter:
    """Finds the words that a search text asks for; words of a phrase where they stand in a row."""

    def __init__(self, parsed: Parsed) -> None:
        asked = [words for words in parsed.words if not words.is_stop or len(parsed.words) == 1]
        self._rows = [words for words in asked if words.prefix or len(words.words) > 1]
        single = [key for words in asked if len(words.words) == 1 for key in words.keys]
        self._stems = frozenset(stem for key in single for stem in key.stems)
        self._roots = frozenset(root for key in single for root in key.roots)
        self._known: dict[tuple[str, bool], bool] = {}

    def __call__(self, text: str, span: Span, kindred: bool) -> tuple[Span, ...]:
        """Those of ``text[span]``, in code points of ``text``; ``kindred``: words of the same root too."""
        if not self._stems and not self._rows:
            return ()
        norm = normalize(span.text(text))
        tokens = [m for m in TOKEN.finditer(norm.text) if m[0][0].isalnum()]
        marked = {i for i, token in enumerate(tokens) if self._is_asked(token[0], kindred)}
        for words in self._rows:
            marked |= _places(tokens, words, kindred)
        places = (norm.raw_span(*tokens[i].span()) for i in sorted(marked))
        return tuple(Span(span.start + start, span.start + end) for start, end in places)

    def _is_asked(self, word: str, kindred: bool) -> bool:
        known = self._known.get((word, kindred))
        if known is None:
            found = keys(word)
            known = not self._stems.isdisjoint(found.stems) or kindred and not self._roots.isdisjoint(found.roots)
            self._known[word, kindred] = known
        return known


def _places(tokens: list[re.Match[str]], asked: Words, kindred: bool) -> set[int]:
    """The places of the words of a phrase, or of those that begin as asked, in a row."""
    found = [keys(token[0]) for token in tokens]
    size, out = len(asked.words), set[int]()
    for i in range(len(found) - size + 1):
        before = all(_fits(found[i + k], there, kindred) for k, there in enumerate(asked.keys[:-1]))
        last = i + size - 1
        if before and (
            _fits(found[last], asked.keys[-1], kindred)
            or asked.prefix
            and _begins(tokens[last], found[last], asked.words[-1])
        ):
            out.update(range(i, i + size))
    return out


def _fits(here: Keys, there: Keys, kindred: bool) -> bool:
    return not set(there.stems).isdisjoint(here.stems) or kindred and not set(there.roots).isdisjoint(here.roots)


def _begins(token: re.Match[str], here: Keys, word: str) -> bool:
    return token[0].startswith(word) or any(stem.startswith(word) for stem in here.stems)
