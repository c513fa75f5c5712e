"""Which directives hold a search text: exactly, by FTS5; and nearly, by most of its words, by kindred words and by meaning."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.search.columns import Columns, Mask, Positions
from pipeline.search.meaning import nearest
from pipeline.search.text import Parsed, Words, any_key, exact
from pipeline.search.words import synonyms

WEIGHTS = (10.0, 5.0, 4.0, 3.0, 1.0, 1.0)
"""What a word counts in instruction, parties, other readings, title, sentence and roots (bm25)."""

PLACES = 50
"""Near matches fill the results up to so many places."""

_CANDIDATES = 300
_COMMON = 0.05
"""A word in more of all directives than this share leads to no near matches on its own."""
_LEAST = 0.2
"""Share of the text, words weighed by rarity, that a near match must hold."""

MEANING = 0.2
"""Share of meaning in the score of a near match, where there are vectors; the rest is words."""
_SAME = 0.7
"""A cosine from which two texts count as saying the same."""

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Found:
    """Directives that match: positions in the columns, ascending, with score and kind of match (``exact``, ``near``, ``meaning``, ``filter``).

    Scores of exact matches are above 1, those of others below.
    """

    positions: Positions
    scores: Scores
    kinds: npt.NDArray[np.str_]

    def mask(self, size: int) -> Mask:
        """The directives found, as a mask."""
        out = np.zeros(size, dtype=bool)
        out[self.positions] = True
        return out


def everything(size: int) -> Found:
    """All directives, as a query without a text finds them."""
    return Found(np.arange(size), np.zeros(size), np.full(size, "filter"))


def find_exact(connection: sqlite3.Connection, parsed: Parsed, table: Columns) -> Found:
    """What holds all that the text asks for, scored by bm25."""
    assert parsed.term is not None
    rank = f"bm25(search_index, {', '.join(map(str, WEIGHTS))})"
    sql = f"SELECT rowid, {rank} FROM search_index WHERE search_index MATCH ?"
    rows = np.array(connection.execute(sql, (exact(parsed.term),)).fetchall(), dtype=np.float64).reshape(-1, 2)
    positions = _positions(table, rows[:, 0].astype(np.int64))
    scores = -rows[:, 1]
    order = np.argsort(positions)
    return Found(positions[order], 1 + (scores / (scores + 10))[order], np.full(len(rows), "exact"))


def find_near(
    connection: sqlite3.Connection, text: str, parsed: Parsed, table: Columns, but: Mask, allowed: Mask
) -> Found:
    """The best of what holds most of the text, its words or kindred ones, or says nearly the same. ``but`` are left out, ``allowed``
    may be taken."""
    words = [word for word in parsed.words if not word.is_stop] or list(parsed.words)
    asked = [_asked(connection, word, len(table.ids)) for word in words]
    meant = nearest(connection, text, _CANDIDATES // 3)
    total = sum(a.weight for a in asked)
    scores: dict[int, tuple[float, str]] = {}
    for number, *columns, rank in _candidates(connection, asked, list(meant)):
        held = [set(column.split()) for column in columns]
        by_words = sum(a.weight * a.held(held) for a in asked) / total
        score = 0.9 * by_words + 0.09 * (-rank / (10 - rank))
        if meant:
            score = (1 - MEANING) * score + MEANING * min(1.0, max(0.0, meant.get(number, 0.0)) / _SAME)
        if by_words >= _LEAST or number in meant:
            scores[number] = (score, "near" if by_words >= _LEAST else "meaning")
    ids = sorted(scores)
    positions = _positions(table, np.array(ids, dtype=np.int64))
    fits = allowed[positions] & ~but[positions] if ids else np.zeros(0, dtype=bool)
    values, kinds = np.array([scores[i][0] for i in ids]), np.array([scores[i][1] for i in ids], dtype=str)
    return Found(positions[fits], values[fits], kinds[fits])


def _candidates(
    connection: sqlite3.Connection, asked: Sequence[_Asked], more: Sequence[int]
) -> Iterator[tuple[Any, ...]]:
    """Rows of the index (id, columns, rank) that hold a word, a kindred one or a synonym of what is asked, the best by bm25; and ``more``."""
    names = ", ".join(f"t.{name}" for name in _COLUMNS)
    rare = [a for a in asked if a.share <= _COMMON] or asked
    match = any_key([s for a in rare for s in (*a.stems, *a.synonyms)], [r for a in rare for r in a.roots])
    sql = f"""SELECT t.id, {names}, i.rank FROM
      (SELECT rowid, bm25(search_index, {", ".join(map(str, WEIGHTS))}) AS rank FROM search_index
       WHERE search_index MATCH ? ORDER BY rank LIMIT ?) AS i JOIN search_text AS t ON t.id = i.rowid"""
    seen = set()
    for row in connection.execute(sql, (match, _CANDIDATES)) if match else ():
        seen.add(row[0])
        yield tuple(row)
    others = [number for number in more if number not in seen]
    marks = ", ".join("?" * len(others))
    for row in connection.execute(f"SELECT t.id, {names}, 0.0 FROM search_text AS t WHERE t.id IN ({marks})", others):
        yield tuple(row)


_COLUMNS = ("instruction", "parties", "other", "title", "context", "roots")
_HOLDS = (1.0, 0.85, 0.8, 0.75, 0.6)
"""How far a word counts as held where its stem stands in each column but the last."""
_ROOT, _SYNONYM = 0.7, 0.7
"""The same where only its root, or a synonym, is found in the directive's own words."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A word that is asked for. ``share`` is the share of all directives that hold its stem."""

    stems: tuple[str, ...]
    roots: tuple[str, ...]
    synonyms: frozenset[str]
    share: float
    weight: float

    def held(self, columns: list[set[str]]) -> float:
        by_stem = max(
            (w for w, column in zip(_HOLDS, columns, strict=False) if column.intersection(self.stems)), default=0.0
        )
        by_root = _ROOT if columns[-1].intersection(self.roots) else 0.0
        by_synonym = _SYNONYM if columns[0].intersection(self.synonyms) else 0.0
        return max(by_stem, by_root, by_synonym)


def _asked(connection: sqlite3.Connection, word: Words, size: int) -> _Asked:
    stems = tuple(dict.fromkeys(stem for key in word.keys for stem in key.stems))
    roots = tuple(dict.fromkeys(root for key in word.keys for root in key.roots))
    marks = ", ".join("?" * len(stems))
    (count,) = connection.execute(
        f"SELECT coalesce(max(doc), 0) FROM search_term WHERE term IN ({marks})", stems
    ).fetchone()
    return _Asked(
        stems,
        roots,
        frozenset(s for stem in stems for s in synonyms(stem)),
        count / max(size, 1),
        math.log(1 + (size + 1) / (count + 1)),
    )


def _positions(table: Columns, ids: Positions) -> Positions:
    return np.searchsorted(table.ids, ids)


def merge(*found: Found) -> Found:
    """What several ways found; what two found keeps the better score."""
    positions = np.concatenate([f.positions for f in found])
    scores = np.concatenate([f.scores for f in found])
    kinds = np.concatenate([f.kinds for f in found])
    order = np.lexsort((-scores, positions))
    positions, scores, kinds = positions[order], scores[order], kinds[order]
    first = np.ones(len(positions), dtype=bool)
    first[1:] = positions[1:] != positions[:-1]
    return Found(positions[first], scores[first], kinds[first])


def best(found: Found, number: int) -> Found:
    """The ``number`` best of what was found."""
    keep = np.sort(np.argsort(-found.scores, kind="stable")[:number])
    return Found(found.positions[keep], found.scores[keep], found.kinds[keep])
