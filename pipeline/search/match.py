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

_RANK = f"bm25(search_index, {', '.join(map(str, WEIGHTS))})"
_CANDIDATES = 300
_AFFORDABLE = 8_000
"""Rows of the index that one query for near matches may rank."""
LEAST = 0.12
"""Share of the text, words weighed by rarity, that a near match must hold."""

EXACT = 0.1
"""What an exact match has ahead of a near one."""
MEANING = 0.2
"""Share of meaning in the score of a near match, where there are vectors; the rest is words."""
_SAME = 0.7
"""A cosine from which two texts count as saying the same."""

Scores = npt.NDArray[np.float64]


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


def everything(size: int) -> Found:
    """All directives, as a query without a text finds them."""
    return Found(np.arange(size), np.zeros(size), np.full(size, "filter"))


def find_exact(connection: sqlite3.Connection, parsed: Parsed, table: Columns) -> Found:
    """What holds all that the text asks for. The best by bm25 are scored by where the words stand, the others come behind them."""
    assert parsed.term is not None
    sql = f"SELECT rowid, {_RANK} FROM search_index WHERE search_index MATCH ?"
    rows = np.array(connection.execute(sql, (exact(parsed.term),)).fetchall(), dtype=np.float64).reshape(-1, 2)
    ids, ranks = rows[:, 0].astype(np.int64), rows[:, 1]
    scores = -ranks / (10 - ranks) - 1
    top = np.argsort(ranks)[:_CANDIDATES]
    asked = _all_asked(connection, parsed, table)
    held = {row[0]: _score(asked, row) for row in _rows(connection, ids[top].tolist(), ranks[top].tolist())}
    scores[top] = [held[number] + EXACT for number in ids[top].tolist()]
    positions = _positions(table, ids)
    order = np.argsort(positions)
    return Found(positions[order], scores[order], np.full(len(ids), "exact"))


def find_near(
    connection: sqlite3.Connection, text: str, parsed: Parsed, table: Columns, but: Mask, allowed: Mask
) -> Found:
    """The best of what holds most of the text, its words or kindred ones, or says nearly the same. ``but`` are left out, ``allowed``
    may be taken."""
    asked = _all_asked(connection, parsed, table)
    meant = nearest(connection, text, _CANDIDATES // 3)
    scores: dict[int, tuple[float, str]] = {}
    for row in _candidates(connection, asked, list(meant)):
        score = by_words = _score(asked, row)
        if meant:
            score = (1 - MEANING) * score + MEANING * min(1.0, max(0.0, meant.get(row[0], 0.0)) / _SAME)
        if by_words >= LEAST or row[0] in meant:
            scores[row[0]] = (score, "near" if by_words >= LEAST else "meaning")
    ids = sorted(scores)
    positions = _positions(table, np.array(ids, dtype=np.int64))
    fits = allowed[positions] & ~but[positions] if ids else np.zeros(0, dtype=bool)
    values, kinds = np.array([scores[i][0] for i in ids]), np.array([scores[i][1] for i in ids], dtype=str)
    return Found(positions[fits], values[fits], kinds[fits])


def _score(asked: Sequence[_Asked], row: tuple[Any, ...]) -> float:
    """How far a row of the index (id, columns, rank) holds what is asked, words weighed by rarity; bm25 decides among equals."""
    _, *columns, rank = row
    held = [set(column.split()) for column in columns]
    by_words = sum(a.weight * a.held(held) for a in asked) / sum(a.weight for a in asked)
    score: float = 0.9 * by_words + 0.09 * (-rank / (10 - rank))
    return score


def _rows(connection: sqlite3.Connection, ids: Sequence[int], ranks: Sequence[float]) -> Iterator[tuple[Any, ...]]:
    rank_of = dict(zip(ids, ranks, strict=True))
    marks = ", ".join("?" * len(ids))
    sql = f"SELECT id, {', '.join(_COLUMNS)} FROM search_text WHERE id IN ({marks})"
    for row in connection.execute(sql, list(ids)):
        yield (*row, rank_of[row[0]])


def _candidates(
    connection: sqlite3.Connection, asked: Sequence[_Asked], more: Sequence[int]
) -> Iterator[tuple[Any, ...]]:
    """Rows of the index (id, columns, rank) that hold a word, a kindred one or a synonym of what is asked, the best by bm25; and ``more``."""
    match = any_key(*_affordable(connection, asked))
    sql = f"SELECT rowid, {_RANK} AS rank FROM search_index WHERE search_index MATCH ? ORDER BY rank LIMIT ?"
    ranks = dict(connection.execute(sql, (match, _CANDIDATES)).fetchall()) if match else {}
    ranks |= {number: 0.0 for number in more if number not in ranks}
    return _rows(connection, list(ranks), list(ranks.values()))


def _affordable(connection: sqlite3.Connection, asked: Sequence[_Asked]) -> tuple[list[str], list[str]]:
    """The stems and roots to look for: of each word its own stems first, then synonyms and roots, the rarest first, as long as the rows
    that hold them stay few enough to be ranked at once."""
    wanted = {(stem, 0): 0 for a in asked for stem in a.stems}
    wanted |= {(stem, 0): 1 for a in asked for stem in a.synonyms if (stem, 0) not in wanted}
    wanted |= {(root, 1): 1 for a in asked for root in a.roots}
    terms = sorted({term for term, _ in wanted})
    marks = ", ".join("?" * len(terms))
    held = dict(connection.execute(f"SELECT term, doc FROM search_term WHERE term IN ({marks})", terms).fetchall())
    chosen: tuple[list[str], list[str]] = ([], [])
    room = _AFFORDABLE
    for (term, kind), turn in sorted(wanted.items(), key=lambda item: (item[1], held.get(item[0][0], 0))):
        rows = held.get(term, 0)
        if rows and (rows <= room or turn == 0 and not chosen[0]):
            chosen[kind].append(term)
            room -= rows
    return chosen


_COLUMNS = ("instruction", "parties", "other", "title", "context", "roots")
HOLDS = (1.0, 0.85, 0.8, 0.6, 0.5)
"""How far a word counts as held where its stem stands in each column but the last."""
ROOT, WEAK_ROOT, SYNONYM = 0.75, 0.5, 0.8
"""The same where the directive's own words hold only its root (read with a weak letter, and so less surely), or a synonym."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A word that is asked for; ``weight`` is its rarity."""

    stems: tuple[str, ...]
    roots: tuple[str, ...]
    synonyms: frozenset[str]
    weight: float

    def held(self, columns: list[set[str]]) -> float:
        found = [weight for weight, column in zip(HOLDS, columns, strict=False) if column.intersection(self.stems)]
        found += [WEAK_ROOT if "و" in root else ROOT for root in self.roots if root in columns[-1]]
        if columns[0].intersection(self.synonyms):
            found.append(SYNONYM)
        return max(found, default=0.0)


def _all_asked(connection: sqlite3.Connection, parsed: Parsed, table: Columns) -> list[_Asked]:
    words = [word for word in parsed.words if not word.is_stop] or list(parsed.words)
    return [_asked(connection, word, len(table.ids)) for word in words]


def _asked(connection: sqlite3.Connection, word: Words, size: int) -> _Asked:
    stems = tuple(dict.fromkeys(stem for key in word.keys for stem in key.stems))
    roots = tuple(dict.fromkeys(root for key in word.keys for root in key.roots))
    others = frozenset(stem for part in word.words for stem in synonyms(part)) - set(stems)
    marks = ", ".join("?" * len(stems))
    (count,) = connection.execute(
        f"SELECT coalesce(max(doc), 0) FROM search_term WHERE term IN ({marks})", stems
    ).fetchone()
    return _Asked(stems, roots, others, math.log(1 + (size + 1) / (count + 1)))


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
