"""The language of search texts: words, "phrases", AND, OR, NOT or -, brackets; read into terms and written for FTS5.

Words beside each other must all be there. AND binds closer than OR, NOT the next term. Quotes may be " “ ” « »; what is not closed
ends with the text. A word may end in *.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.normalize import fold
from pipeline.search.query import QueryError
from pipeline.search.words import Keys, keys, split, stop_words


@dataclass(frozen=True, slots=True)
class Words:
    """Words in a row: one, or a phrase. ``prefix``: the last may go on."""

    words: tuple[str, ...]
    """Folded, as they were written."""
    prefix: bool = False

    @property
    def keys(self) -> tuple[Keys, ...]:
        """What each word is found by."""
        return tuple(keys(word) for word in self.words)

    @property
    def is_stop(self) -> bool:
        """Whether all of them are function words."""
        return all(word in stop_words() for word in self.words)


@dataclass(frozen=True, slots=True)
class All:
    """All of some terms, and none of others."""

    terms: tuple[Term, ...]
    but: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    """One of some terms."""

    terms: tuple[Term, ...]


Term = Words | All | Any

_TOKEN = re.compile(r'["“”«»](?P<phrase>[^"“”«»]*)["“”«»]?|(?P<mark>[()|])|(?P<word>[^\s()|"“”«»]+)')
_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Parsed:
    """A search text: its term, None where it has no words; and whether it is plain: words only, no operators, no phrases."""

    term: Term | None
    plain: bool

    @property
    def words(self) -> tuple[Words, ...]:
        """The words and phrases to look for, those to leave out aside."""
        return tuple(positive(self.term)) if self.term else ()


def positive(term: Term) -> Iterator[Words]:
    """The words and phrases of a term that are looked for."""
    if isinstance(term, Words):
        yield term
    else:
        for part in term.terms:
            yield from positive(part)


def parse(text: str) -> Parsed:
    """Read a search text. Raises :class:`QueryError` where it only says what to leave out, or its brackets nest too deeply.

    >>> parse('تكثيف -"السوق السوداء"').term  # intensify, but no "black market"
    All(terms=(Words(words=('تكثيف',), prefix=False),), but=(Words(words=('السوق', 'السوداء'), prefix=False),))
    """
    reader = _Reader(text)
    term = reader.any(0)
    while reader.at < len(reader.tokens):  # a bracket too many: passed over
        reader.at += 1
        more = reader.any(0)
        term = _all([t for t in (term, more) if t], [])
    if term is None and reader.tokens and reader.negative:
        raise QueryError(["text: says only what is to be left out; add a word to look for"])
    return Parsed(term, reader.plain)


class _Reader:
    """Reads terms from the tokens of a text."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_TOKEN.finditer(text))
        self.at = 0
        self.plain = True
        self.negative = False

    def any(self, depth: int) -> Term | None:
        if depth > _DEPTH:
            raise QueryError(["text: brackets nest too deeply"])
        terms = [self.all(depth)]
        while self._takes("OR", "|"):
            terms.append(self.all(depth))
        found = tuple(term for term in terms if term is not None)
        return found[0] if len(found) == 1 else Any(found) if found else None

    def all(self, depth: int) -> Term | None:
        terms: list[Term] = []
        but: list[Term] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token["mark"] in (")", "|") or token["word"] == "OR":
                break
            if self._takes("AND"):
                continue
            negative = self._takes("NOT")
            term, minus = self._term(depth)
            self.negative |= negative or minus
            if term is not None:
                (but if negative or minus else terms).append(term)
        return _all(terms, but)

    def _takes(self, *operators: str) -> bool:
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            if (token["word"] or token["mark"]) in operators:
                self.at += 1
                self.plain = False
                return True
        return False

    def _term(self, depth: int) -> tuple[Term | None, bool]:
        if self.at >= len(self.tokens):
            return None, False
        token = self.tokens[self.at]
        if token["mark"] == "(":
            self.at += 1
            self.plain = False
            inner = self.any(depth + 1)
            if self.at < len(self.tokens) and self.tokens[self.at]["mark"] == ")":
                self.at += 1
            return inner, False
        if token["mark"] == ")" or token["word"] == "OR" or token["mark"] == "|":
            return None, False
        self.at += 1
        if token["phrase"] is not None:
            self.plain = False
            return _words(token["phrase"]), False
        word = token["word"]
        if word == "-":
            follows = self.at < len(self.tokens) and self.tokens[self.at].start() == token.end()
            if not follows:
                return None, False
            self.plain = False
            return self._term(depth)[0], True
        if word.startswith("-"):
            self.plain = False
            return _words(word[1:]), True
        return _words(word), False


def _words(text: str) -> Words | None:
    found = tuple(split(text))
    return Words(found, fold(text).rstrip().endswith("*")) if found else None


def _all(terms: list[Term], but: list[Term]) -> Term | None:
    if not terms:
        return None
    return terms[0] if len(terms) == 1 and not but else All(tuple(terms), tuple(but))


def row(term: Words) -> str:
    """The FTS5 expression of a word, by its stems, or of a phrase, the likeliest stems in a row."""
    if len(term.words) == 1:
        word = term.words[0]
        if term.prefix:
            return " OR ".join(dict.fromkeys([f"{_quote(word)} *", f"{_quote(term.keys[0].stems[0])} *"]))
        return " OR ".join(_quote(stem) for stem in term.keys[0].stems)
    return _quote(" ".join(key.stems[0] for key in term.keys)) + (" *" if term.prefix else "")


def _quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
