"""Which directives hold a search text: exactly, by FTS5; and nearly, by most of its words, by kindred words and by meaning."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.search import meaning
from pipeline.search.columns import Columns, Mask, Positions
from pipeline.search.text import Parsed, Term, any_key, exact
from pipeline.search.words import synonyms

WEIGHTS = (10.0, 5.0, 4.0, 3.0, 1.0, 1.0)
"""What a word counts in instruction, parties, other readings, title, sentence and roots (bm25)."""

PLACES = 50
"""Near matches fill the results up to so many places."""

_RANK = f"bm25(search_index, {', '.join(map(str, WEIGHTS))})"
_CANDIDATES = 200
_AFFORDABLE = 3_500
"""Rows of the index that one query for near matches may rank."""
LEAST = 0.12
"""Share of the text, words weighed by rarity, that a near match must hold."""

EXACT = 0.1
"""What an exact match has ahead of a near one."""
MEANING = 0.3
"""Share of meaning in the score of a near match, where there are vectors; the rest is words."""
BESIDE = 0.05
"""Share of the best other score of the same statement that is added to it."""
_LIKED = 4
"""The best by words towards which the vector of a text is moved."""
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
    return Found(np.arange(size), np.zeros(size), np.broadcast_to("filter", size))


def find_exact(connection: sqlite3.Connection, term: Term, asked: Sequence[Asked], table: Columns) -> Found:
    """What holds all that the text asks for. The best by bm25 are scored by where the words stand, the others come behind them."""
    sql = f"SELECT rowid, {_RANK} FROM search_index WHERE search_index MATCH ?"
    rows = np.array(connection.execute(sql, (exact(term),)).fetchall(), dtype=np.float64).reshape(-1, 2)
    ids, ranks = rows[:, 0].astype(np.int64), rows[:, 1]
    scores = -ranks / (10 - ranks) - 1
    top = np.argsort(ranks)[:_CANDIDATES]
    held = {row[0]: _score(asked, row) for row in _rows(connection, ids[top].tolist(), ranks[top].tolist())}
    scores[top] = [held[number] + EXACT for number in ids[top].tolist()]
    positions = _positions(table, ids)
    order = np.argsort(positions)
    return Found(positions[order], scores[order], np.full(len(ids), "exact"))


def find_kindred(
    connection: sqlite3.Connection, term: Term, asked: Sequence[Asked], table: Columns, sure: Found, allowed: Mask
) -> Found:
    """What holds a text with operators as it is put, but some of its words, not all, only by their root: behind all that is ``sure``, which is left
    out; what is ``allowed`` may be taken."""
    sql = f"SELECT rowid, {_RANK} AS rank FROM search_index WHERE search_index MATCH ? ORDER BY rank LIMIT ?"
    number = len(sure.positions) + _CANDIDATES
    kin = _affordable(asked)[1]
    ranks: dict[int, float] = dict(connection.execute(sql, (exact(term, kin), number)).fetchall()) if kin else {}
    positions = _positions(table, np.array(list(ranks), dtype=np.int64))
    fits = allowed[positions] & ~sure.mask(len(table.ids))[positions]
    places = dict(zip(table.ids[positions[fits]].tolist()[:_CANDIDATES], positions[fits].tolist(), strict=False))
    rows = _rows(connection, list(places), [ranks[number] for number in places])
    scores = {places[row[0]]: _score(asked, row) - 2 for row in rows if _holds_one(asked, row)}
    ordered = sorted(scores)
    return Found(
        np.array(ordered, dtype=np.int64), np.array([scores[p] for p in ordered]), np.full(len(ordered), "near")
    )


def find_near(
    connection: sqlite3.Connection, text: str, asked: Sequence[Asked], table: Columns, exact: Found, allowed: Mask
) -> Found:
    """The best of what holds most of the text, its words or kindred ones, or says nearly the same. What is ``exact`` is left out; what is
    ``allowed`` may be taken."""
    ranks = _candidates(connection, asked)
    words = {row[0]: _score(asked, row) for row in _rows(connection, list(ranks), list(ranks.values()))}
    scores = {number: score for number, score in words.items() if score >= LEAST}
    meant: list[int] = []
    vector = meaning.asked(connection, text)
    if vector is not None:
        top = best(exact, _CANDIDATES)
        sure = dict(zip(table.ids[top.positions].tolist(), top.scores.tolist(), strict=True))
        scores, meant = _by_meaning(connection, vector, asked, scores, sure, table)
    ids = sorted(scores)
    positions = _positions(table, np.array(ids, dtype=np.int64))
    fits = allowed[positions] & ~exact.mask(len(table.ids))[positions] if ids else np.zeros(0, dtype=bool)
    values = np.array([scores[i] for i in ids])
    kinds = np.array(["meaning" if i in set(meant) else "near" for i in ids], dtype=str)
    return Found(positions[fits], values[fits], kinds[fits])


def _by_meaning(
    connection: sqlite3.Connection, vector: meaning.Vectors, asked: Sequence[Asked], words: dict[int, float],
    sure: dict[int, float], table: Columns,
) -> tuple[dict[int, float], list[int]]:  # fmt: skip
    """Scores by words and meaning, and the directives that only meaning found.

    The text is first moved towards the best by words (pseudo relevance feedback), and what stands in a statement with a good match
    gets a little of its score.
    """
    found = meaning.vectors(connection, [*words, *sorted(sure, key=lambda i: -sure[i])[:_LIKED]])

    def fused(number: int, by_words: float, to: meaning.Vectors) -> float:
        near = float(found[number] @ to) if number in found else 0.0
        return (1 - MEANING) * by_words + MEANING * min(1.0, max(0.0, near) / _SAME)

    first = {number: fused(number, score, vector) for number, score in words.items()} | sure
    best_first = sorted((i for i in first if i in found), key=lambda i: -first[i])[:_LIKED]
    vector = meaning.towards(vector, [(first[i], found[i]) for i in best_first])
    others = [number for number in meaning.nearest(connection, vector) if number not in words and number not in sure]
    found |= meaning.vectors(connection, others)
    others = sorted(others, key=lambda i: -float(found[i] @ vector))[: _CANDIDATES // 2]
    also = {row[0]: _score(asked, row) for row in _rows(connection, others, [0.0] * len(others))}
    scores = {number: fused(number, score, vector) for number, score in (words | also).items()}
    return _lifted(scores, sure, table), [number for number in also if also[number] < LEAST]


def _lifted(scores: dict[int, float], sure: dict[int, float], table: Columns) -> dict[int, float]:
    """Scores, each with a share of the best other one of its statement."""
    every = scores | sure
    facet = table.facets["document_id"]
    first = facet.of_position[facet.starts[_positions(table, np.array(list(every), dtype=np.int64))]]
    documents = facet.codes[first].tolist()
    document_of = dict(zip(every, documents, strict=True))
    two: dict[int, list[float]] = {}
    for number, score in every.items():
        two[document_of[number]] = sorted([*two.get(document_of[number], []), score], reverse=True)[:2]

    def other(number: int) -> float:
        top = two[document_of[number]]
        rest = top[1:] if top[0] == scores[number] else top
        return rest[0] if rest else 0.0

    return {number: score + BESIDE * other(number) for number, score in scores.items()}


def _score(asked: Sequence[Asked], row: tuple[Any, ...]) -> float:
    """How far a row of the index (id, columns, rank) holds what is asked, words weighed by rarity; bm25 decides among equals."""
    _, *columns, rank = row
    held = [set(column.split()) for column in columns]
    by_words = sum(a.held(held) for a in asked) / sum(a.weight for a in asked)
    score: float = 0.9 * by_words + 0.09 * (-rank / (10 - rank))
    return score


def _holds_one(asked: Sequence[Asked], row: tuple[Any, ...]) -> bool:
    """Whether the directive's own words hold one of the words asked for by its stem."""
    own = {stem for column in row[1:4] for stem in column.split()}
    return any(not own.isdisjoint(a.stems) for a in asked)


def _rows(connection: sqlite3.Connection, ids: Sequence[int], ranks: Sequence[float]) -> Iterator[tuple[Any, ...]]:
    rank_of = dict(zip(ids, ranks, strict=True))
    marks = ", ".join("?" * len(ids))
    sql = f"SELECT id, {', '.join(_COLUMNS)} FROM search_text WHERE id IN ({marks})"
    for row in connection.execute(sql, list(ids)):
        yield (*row, rank_of[row[0]])


def _candidates(connection: sqlite3.Connection, asked: Sequence[Asked]) -> dict[int, float]:
    """The rows of the index that hold a word, a kindred one or a synonym of what is asked, the best by bm25; with their rank."""
    match = any_key(*_affordable(asked))
    sql = f"SELECT rowid, {_RANK} AS rank FROM search_index WHERE search_index MATCH ? ORDER BY rank LIMIT ?"
    return dict(connection.execute(sql, (match, _CANDIDATES)).fetchall()) if match else {}


def _affordable(asked: Sequence[Asked]) -> tuple[list[str], list[str]]:
    """The stems and roots to look for: of each word its own stems first, then synonyms and roots, the rarest first, as long as the rows
    that hold them stay few enough to be ranked at once."""
    wanted = {(stem, 0): (0, rows) for a in asked for stem, rows in a.stems.items()}
    for a in asked:
        wanted |= {(stem, 0): (1, rows) for stem, rows in a.synonyms.items() if (stem, 0) not in wanted}
        wanted |= {(root, 1): (1, rows) for root, rows in a.roots.items()}
    chosen: tuple[list[str], list[str]] = ([], [])
    room = _AFFORDABLE
    for (term, kind), (turn, rows) in sorted(wanted.items(), key=lambda item: item[1]):
        if rows and (rows <= room or turn == 0 and not chosen[0]):
            chosen[kind].append(term)
            room -= rows
    return chosen


_COLUMNS = ("instruction", "parties", "other", "title", "context", "roots")
HOLDS = (1.0, 0.85, 0.8, 0.6, 0.5)
"""How far a word counts as held where its stem stands in each column but the last, falling."""
ROOT, WEAK_ROOT, SYNONYM = 0.75, 0.5, 0.9
"""The same where the directive's own words hold only its root (read with a weak letter, and so less surely), or a synonym."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A word that is asked for: its stems, roots and synonyms, each with the number of rows that hold it; and what they are worth.

    ``weight`` is the weight of the word; ``by_root`` and ``by_synonym`` say how much of it a root or a synonym is worth: no more than its own rarity.
    """

    stems: dict[str, int]
    roots: dict[str, int]
    synonyms: dict[str, int]
    weight: float
    by_root: dict[str, float]
    by_synonym: dict[str, float]

    @classmethod
    def of(cls, stems: dict[str, int], roots: dict[str, int], synonyms: dict[str, int], size: int) -> Asked:
        """The word in an index of ``size`` rows."""

        def rarity(rows: int) -> float:
            return math.log(1 + (size + 1) / (rows + 1))

        own = rarity(max(stems.values()))
        by_root = {
            root: (WEAK_ROOT if "و" in root else ROOT) * min(own, rarity(rows)) for root, rows in roots.items() if rows
        }
        by_synonym = {
            stem: SYNONYM * min(own, math.sqrt(own * rarity(rows))) for stem, rows in synonyms.items() if rows
        }
        return cls(stems, roots, synonyms, own, by_root, by_synonym)

    def held(self, columns: Sequence[set[str]]) -> float:
        """How far a row holds the word, 0 to its weight."""
        found = 0.0
        for far, column in zip(HOLDS, columns, strict=False):
            if not column.isdisjoint(self.stems):
                found = far * self.weight
                break
        if found < self.weight:
            for root in columns[-1].intersection(self.by_root):
                found = max(found, self.by_root[root])
            for stem in columns[0].intersection(self.by_synonym):
                found = max(found, self.by_synonym[stem])
        return found


def all_asked(connection: sqlite3.Connection, parsed: Parsed, size: int) -> list[Asked]:
    """The words that a text asks for, in an index of ``size`` rows."""
    words = [word for word in parsed.words if not word.is_stop] or list(parsed.words)
    made = []
    for word in words:
        stems = {stem for key in word.keys for stem in key.stems}
        roots = {root for key in word.keys for root in key.roots}
        others = {stem for part in word.words for stem in synonyms(part)} - stems
        made.append((stems, roots, others))
    terms = sorted(set().union(*(part for parts in made for part in parts)))
    rows: dict[str, int] = {}
    for start in range(0, len(terms), _VALUES):
        part = terms[start : start + _VALUES]
        marks = ", ".join("?" * len(part))
        rows |= dict(connection.execute(f"SELECT term, doc FROM search_term WHERE term IN ({marks})", part).fetchall())
    counted = [[{term: rows.get(term, 0) for term in part} for part in parts] for parts in made]
    return [Asked.of(stems, roots, others, size) for stems, roots, others in counted]


_VALUES = 900
"""Values of one statement, at most."""


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
