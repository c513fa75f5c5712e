"""Which directives hold a search text: exactly; and nearly, by most of its words, by kindred words and by meaning."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.search import meaning
from pipeline.search.asked import Scores, all_asked, scores
from pipeline.search.columns import Columns, Mask, Positions, columns
from pipeline.search.postings import COLUMNS, ROOTS, Postings, postings
from pipeline.search.text import Any, Parsed, Term, Words, positive, row

PLACES = 50
"""Near matches fill the results up to so many places."""

LEAST = 0.12
"""Share of the text, words weighed by rarity, that a near match must hold."""
EXACT = 0.1
"""What an exact match has ahead of a near one."""
KINDRED = -2.0
"""And a match by roots of a text with operators: it stands behind all others."""
MEANING = 0.35
"""Share of meaning in the score of a near match, where there are vectors; the rest is words."""
BESIDE = 0.03
"""Share of the best other score of the same statement that is added to it."""
_BY_WORDS, _BY_SIGNS = 200, 100
"""The best by words and the nearest by their signs that are compared in full."""
LIKED = 4
"""The best by words towards which the vector of a text is moved."""
SAME = 0.7
"""A cosine from which two texts count as saying the same."""

_OWN = tuple(map(COLUMNS.index, ("instruction", "parties", "other")))
"""Columns of a directive's own words."""
_EVERYWHERE = tuple(i for i in range(len(COLUMNS)) if i != ROOTS)
"""And those of its sentence and of the title."""


@dataclass(frozen=True, slots=True)
class Found:
    """Directives that match: positions in the columns, ascending, with score and kind of match (``exact``, ``near``, ``meaning``, ``filter``)."""

    positions: Positions
    scores: Scores
    kinds: npt.NDArray[np.str_]

    def mask(self, size: int) -> Mask:
        """The directives found, as a mask."""
        out = np.zeros(size, dtype=bool)
        out[self.positions] = True
        return out

    @classmethod
    def of(cls, positions: Positions, by_words: Scores, kind: str) -> Found:
        """Directives of one kind, with the scores of all by words."""
        return cls(positions, by_words[positions], np.full(len(positions), kind))


def everything(size: int) -> Found:
    """All directives, as a query without a text finds them."""
    return Found(np.arange(size), np.zeros(size), np.broadcast_to("filter", size))


def find(connection: sqlite3.Connection, text: str, parsed: Parsed, allowed: Mask, near: bool) -> Found:
    """What a text finds: all that holds it exactly; with ``near``, behind them, what holds it nearly and is ``allowed``, as far as there is room."""
    if parsed.term is None:
        return everything(len(allowed))
    reader = _Reader(connection, postings(connection), columns(connection))
    asked = all_asked(parsed, reader.held)
    by_words = scores(asked, reader.held)
    sure = reader.exact(parsed.term)
    found = Found.of(np.flatnonzero(sure), by_words + EXACT, "exact")
    room = PLACES - int(np.count_nonzero(sure & allowed))
    if room <= 0 or not near:
        return found
    others = allowed & ~sure
    if parsed.plain:
        more = _near(connection, text, by_words, found, reader.table, others)
    else:
        more = Found.of(np.flatnonzero(reader.exact(parsed.term, kin=True) & others), by_words + KINDRED, "near")
    return _merge(found, _best(more, room))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads which directives hold a term."""

    connection: sqlite3.Connection
    held: Postings
    table: Columns

    def exact(self, term: Term, kin: bool = False) -> Mask:
        """Where all is held that a term asks for; with ``kin`` a word by one of its roots too, but one word as it is.

        The words may stand in the sentence around the instruction too, or in the title, but at least one must be the directive's own; and
        what is left out is so only where the directive's own words hold it.
        """
        if isinstance(term, Words):
            return self._words(term, _OWN, False)
        whole = self._term(term, _EVERYWHERE, kin)
        if own := [part for part in positive(term) if not part.is_stop]:
            whole &= _any([self._words(part, _OWN, False) for part in own])
        return whole

    def _term(self, term: Term, where: tuple[int, ...], kin: bool) -> Mask:
        if isinstance(term, Words):
            return self._words(term, where, kin)
        if isinstance(term, Any):
            return _any([self._term(part, where, kin) for part in term.terms])
        needed = [part for part in term.terms if not (isinstance(part, Words) and part.is_stop)] or term.terms
        out: Mask = np.logical_and.reduce([self._term(part, where, kin) for part in needed])
        for part in term.but:
            out &= ~self._term(part, _OWN, False)
        return out

    def _words(self, words: Words, where: tuple[int, ...], kin: bool) -> Mask:
        """Where a word is held by one of its stems, the words of a phrase in a row; phrases and beginnings of words FTS5 finds."""
        out = np.zeros(len(self.table.ids), dtype=bool)
        if len(words.words) > 1 or words.prefix:
            match = f"{{{' '.join(COLUMNS[i] for i in where)}}} : ({row(words)})"
            sql = "SELECT rowid FROM search_index WHERE search_index MATCH ?"
            ids = np.array(self.connection.execute(sql, (match,)).fetchall(), dtype=np.int64).ravel()
            out[self.table.places(ids)] = True
        else:
            for stem in words.keys[0].stems:
                for column in where:
                    out[self.held(stem, column)] = True
        if kin and len(words.words) == 1:
            for root in words.keys[0].roots:
                out[self.held(root, ROOTS)] = True
        return out


def _any(masks: list[Mask]) -> Mask:
    out: Mask = np.logical_or.reduce(masks)
    return out


def _near(
    connection: sqlite3.Connection, text: str, by_words: Scores, exact: Found, table: Columns, allowed: Mask
) -> Found:
    """The best of what is ``allowed`` and holds most of the text, its words or kindred ones, or says nearly the same.

    The text is first moved towards the best by words (pseudo relevance feedback), and what stands in a statement with a good match
    gets a little of its score.
    """
    words = _best(Found.of(np.flatnonzero(allowed & (by_words >= LEAST)), by_words, "near"), _BY_WORDS)
    space = meaning.space(connection)
    if space is None:
        return words
    vector = meaning.asked(space, text)
    sure = _best(exact, LIKED)
    vectors = meaning.vectors(connection, space, table.ids[words.positions])
    first = np.concatenate([sure.scores, _fused(words.scores, vectors, vector)])
    of_first = np.concatenate([meaning.vectors(connection, space, table.ids[sure.positions]), vectors])
    has = np.flatnonzero(of_first.any(axis=1))
    liked = has[np.argsort(-first[has], kind="stable")[:LIKED]]
    vector = meaning.towards(vector, first[liked], of_first[liked])
    close = np.setdiff1d(meaning.nearest(space, vector, allowed, _BY_SIGNS), words.positions)
    of_close = meaning.vectors(connection, space, table.ids[close])
    kinds = np.where(by_words[close] < LEAST, "meaning", "near")
    found = _merge(
        Found(words.positions, _fused(words.scores, vectors, vector), words.kinds),
        Found(close, _fused(by_words[close], of_close, vector), kinds),
    )
    return _lifted(found, _best(exact, _BY_WORDS), table)


def _fused(by_words: Scores, vectors: meaning.Vectors, vector: meaning.Vectors) -> Scores:
    """Scores by words and meaning; without a vector the words alone count, so much less."""
    out: Scores = (1 - MEANING) * by_words + MEANING * np.clip(vectors @ vector / SAME, 0.0, 1.0)
    return out


def _lifted(found: Found, sure: Found, table: Columns) -> Found:
    """What was found, each with a share of the best other score of its statement."""
    facet = table.facets["document_id"]
    positions = np.concatenate([found.positions, sure.positions])
    scores = np.concatenate([found.scores, sure.scores])
    documents = facet.codes[facet.of_position[facet.starts[positions]]]
    order = np.lexsort((-scores, documents))
    ranked, own = scores[order], documents[order]
    is_best = np.ones(len(order), dtype=bool)
    is_best[1:] = own[1:] != own[:-1]
    follows = np.append(np.where(is_best[1:], 0.0, ranked[1:]), 0.0)
    best = ranked[np.maximum.accumulate(np.where(is_best, np.arange(len(order)), 0))]
    other = np.empty(len(order))
    other[order] = np.where(is_best, follows, best)
    return Found(found.positions, found.scores + BESIDE * other[: len(found.positions)], found.kinds)


def _merge(*found: Found) -> Found:
    """What several ways found, each something else."""
    positions = np.concatenate([f.positions for f in found])
    order = np.argsort(positions)
    scores, kinds = (np.concatenate(part) for part in zip(*((f.scores, f.kinds) for f in found), strict=True))
    return Found(positions[order], scores[order], kinds[order])


def _best(found: Found, number: int) -> Found:
    """The ``number`` best of what was found."""
    if len(found.positions) <= number:
        return found
    keep = np.sort(np.argsort(-found.scores, kind="stable")[:number])
    return Found(found.positions[keep], found.scores[keep], found.kinds[keep])
