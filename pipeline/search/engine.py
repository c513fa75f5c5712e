"""Answers a query from a store: which directives match, in which order, with what facets and where the words stand."""

from __future__ import annotations

import datetime
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import TaalimatError
from pipeline.normalize import fold
from pipeline.search.columns import Columns, Mask, Positions, columns, decode
from pipeline.search.query import Query
from pipeline.types import Span


@dataclass(frozen=True, slots=True)
class Hit:
    """A directive that was found.

    ``row`` is its row of ``directive_view`` (columns: docs/data.md; lists and JSON as Python lists, dates as ISO strings).
    ``context`` is the sentence around the instruction and ``highlights`` are the words that matched, both in code points of the
    statement's text; ``context_text`` is the text of ``context``, so a highlight is ``context_text[h.start - context.start : …]``.
    ``times`` is how often the statement says the instruction. ``match`` tells how it was found: ``exact``, ``near``, ``meaning``, or
    ``filter`` where the query has no text. ``score`` grows with relevance.
    """

    row: Mapping[str, Any]
    context: Span
    context_text: str
    highlights: tuple[Span, ...]
    times: int
    match: str
    score: float

    @property
    def id(self) -> str:
        """Id of the directive."""
        return str(self.row["directive_id"])


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value that results have: what to put into the query, what to show, how many results, and whether the query has it."""

    value: str
    label: str
    count: int
    selected: bool


FACETS = ("issuer", "addressee", "force", "country", "wilaya", "month", "deadline_state")
"""Names of facets: fields of :class:`Query`."""


@dataclass(frozen=True, slots=True)
class Results:
    """What was found. ``total`` counts all results, ``exact`` those that hold the query exactly, ``hits`` is the page asked for.

    ``facets`` has for each name of FACETS the values of all results, most frequent first; a facet counts as if the query did not
    restrict it, so that another value can be chosen instead. ``today`` is the day against which deadlines were held.
    """

    query: Query
    total: int
    exact: int
    hits: tuple[Hit, ...]
    facets: dict[str, list[FacetValue]]
    today: datetime.date


def connect_readonly(path: Path) -> sqlite3.Connection:
    """A connection that can only read a store, usable from any thread, one at a time.

    Raises :class:`TaalimatError` where there is no store, or one of an older schema that nobody has migrated yet.
    """
    if not path.is_file():
        raise TaalimatError(f"{path}: there is no store; `taalimat run SOURCE… --out {path.parent}` makes one")
    try:
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=30, check_same_thread=False
        )
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT 1 FROM directive_view LIMIT 1").fetchone()
    except sqlite3.Error as error:
        raise TaalimatError(f"{path}: cannot be read as a store: {error}") from error
    connection.row_factory = sqlite3.Row
    return connection


def search(connection: sqlite3.Connection, query: Query, today: datetime.date | None = None) -> Results:
    """The results of ``query``; deadlines are held against ``today``, the day of the machine where it is None.

    Raises :class:`pipeline.search.query.QueryError` where the text cannot be read (brackets, quotes).
    """
    today = today or datetime.date.today()
    with snapshot(connection):
        table = columns(connection)
        masks = table.masks(query, today)
        found = _found(connection, query, table)
        everything = found.mask(len(table.rowids))
        kept = everything.copy()
        for mask in masks.values():
            kept &= mask
        order = _order(table, query, found, kept)
        page = order[query.offset : query.offset + query.limit]
        facets = _facets(table, query, today, everything, masks)
        hits = tuple(_hits(connection, table, query, found, page))
    return Results(query, len(order), len(order), hits, facets, today)


def search_all(connection: sqlite3.Connection, query: Query, today: datetime.date | None = None) -> Iterator[Hit]:
    """All results of ``query`` in its order, whatever its limit and offset: what an export writes."""
    today = today or datetime.date.today()
    with snapshot(connection):
        table = columns(connection)
        found = _found(connection, query, table)
        kept = found.mask(len(table.rowids))
        for mask in table.masks(query, today).values():
            kept &= mask
        yield from _hits(connection, table, query, found, _order(table, query, found, kept))


def directive(connection: sqlite3.Connection, directive_id: str) -> Hit | None:
    """One directive by its id, without highlights; None where the store has none of this id."""
    with snapshot(connection):
        table = columns(connection)
        row = connection.execute("SELECT rowid FROM directives WHERE directive_id = ?", (directive_id,)).fetchone()
        if row is None:
            return None
        place = int(np.searchsorted(table.rowids, row[0]))
        found = Found(np.array([place]), np.zeros(1), ("filter",))
        return next(_hits(connection, table, Query(), found, np.array([place])))


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is read inside is of one state of the store."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")


@dataclass(frozen=True, slots=True)
class Found:
    """Directives that hold a text: positions in the columns, ascending, with score and kind of match."""

    positions: Positions
    scores: npt.NDArray[np.float64]
    matches: tuple[str, ...]

    def mask(self, size: int) -> Mask:
        """The directives found, as a mask."""
        out = np.zeros(size, dtype=bool)
        out[self.positions] = True
        return out


def _found(connection: sqlite3.Connection, query: Query, table: Columns) -> Found:
    size = len(table.rowids)
    words = [w for w in re.findall(r"\w+", fold(query.text)) if w not in ("AND", "OR", "NOT")]
    if not words:
        return Found(np.arange(size), np.zeros(size), ("filter",) * size)
    places = [
        i
        for i, (text,) in enumerate(connection.execute("SELECT instruction FROM directives ORDER BY rowid"))
        if all(word in fold(text) for word in words)
    ]
    return Found(np.array(places, dtype=np.int64), np.ones(len(places)), ("exact",) * len(places))


def _order(table: Columns, query: Query, found: Found, kept: Mask) -> Positions:
    """Positions of the results, best first, one for an instruction where the query folds."""
    chosen = kept[found.positions]
    places, scores = found.positions[chosen], found.scores[chosen]
    dates = table.dates[places].astype(np.int64)  # NaT is the lowest number
    by: dict[str, tuple[npt.NDArray[Any], ...]] = {
        "newest": (-dates,),
        "oldest": (np.where(np.isnat(table.dates[places]), np.iinfo(np.int64).max, dates),),
        "due": (np.where(np.isnat(table.due[places]), np.iinfo(np.int64).max, table.due[places].astype(np.int64)),),
        "confidence": (-table.confidence[places],),
        "relevance": (-scores, -dates),
    }
    order = places[np.lexsort((places, *reversed(by[query.sort])))]
    if query.folded:
        _, first = np.unique(table.fold[order], return_index=True)
        order = order[np.sort(first)]
    return order


def _facets(
    table: Columns, query: Query, today: datetime.date, everything: Mask, masks: dict[str, Mask]
) -> dict[str, list[FacetValue]]:
    out = {}
    for name in FACETS:
        facet = table.state(today) if name == "deadline_state" else table.facets[name]
        mask = everything.copy()
        for other, restriction in masks.items():
            if other != name:
                mask &= restriction
        if query.folded:
            mask = _first_of_fold(table, mask)
        counts = facet.counts(mask)
        asked = set(facet.wanted(getattr(query, name)))
        best = sorted(
            (code for code in range(len(counts)) if counts[code] or code in asked),
            key=lambda code: (-counts[code], facet.values[code]),
        )
        out[name] = [
            FacetValue(facet.values[code], facet.labels[code], int(counts[code]), code in asked) for code in best
        ]
    return out


def _first_of_fold(table: Columns, mask: Mask) -> Mask:
    places = np.flatnonzero(mask)
    _, first = np.unique(table.fold[places], return_index=True)
    out = np.zeros_like(mask)
    out[places[first]] = True
    return out


def _hits(
    connection: sqlite3.Connection, table: Columns, query: Query, found: Found, places: Positions
) -> Iterator[Hit]:
    for place in places:
        row = decode(
            connection.execute(
                "SELECT v.* FROM directives AS d JOIN directive_view AS v USING (directive_id) WHERE d.rowid = ?",
                (int(table.rowids[place]),),
            ).fetchone()
        )
        (text,) = connection.execute(
            "SELECT text FROM documents WHERE document_id = ?", (row["document_id"],)
        ).fetchone()
        start, end = text.rfind("\n", 0, row["start"]) + 1, text.find("\n", row["end"])
        context = Span(start, end if end >= 0 else len(text))
        times = int(np.count_nonzero(table.fold == table.fold[place]))
        at = int(np.searchsorted(found.positions, place))
        yield Hit(row, context, context.text(text), (), times, found.matches[at], float(found.scores[at]))
