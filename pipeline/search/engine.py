"""Answers a query from a store: which directives match, in which order, with what facets and where the words stand."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.corrections.store import about_of
from pipeline.errors import TaalimatError
from pipeline.search.columns import Mask, Positions, columns, decode
from pipeline.search.highlight import Highlighter
from pipeline.search.index import context, is_stale, refresh
from pipeline.search.match import find
from pipeline.search.query import Query
from pipeline.search.text import parse
from pipeline.store.schema import VERSION
from pipeline.store.sqlite import Store
from pipeline.types import Span


@dataclass(frozen=True, slots=True)
class Hit:
    """A directive that was found.

    ``row`` is its row of ``directive_view``, or of ``added_view`` where a person added it (columns: docs/data.md; lists and JSON as Python lists,
    dates as ISO strings).
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


@dataclass(frozen=True, slots=True)
class Pair:
    """An issuer and an addressee, each with its value and its label, and how many results have both."""

    issuer: tuple[str, str]
    addressee: tuple[str, str]
    count: int


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
    """A connection that can only read a store, usable from any thread, one at a time. A store of an older schema, or with an index of
    another lexicon, is first brought up to date.

    Raises :class:`TaalimatError` where there is no store, or it cannot be read.
    """
    if not path.is_file():
        raise TaalimatError(f"{path}: there is no store; `taalimat run SOURCE… --out {path.parent}` makes one")
    try:
        connection = _connect(path)
        (schema,) = connection.execute("PRAGMA user_version").fetchone()
        if schema != VERSION or is_stale(connection):
            connection.close()
            with Store(path) as store, store.transaction():
                refresh(store.connection)
            connection = _connect(path)
    except sqlite3.Error as error:
        raise TaalimatError(f"{path}: cannot be read as a store: {error}") from error
    connection.row_factory = sqlite3.Row
    return connection


_MAPPED = 2**32
"""Bytes of a store that are read where the system keeps them, without a copy: SQLite's own cache is 2 MB."""


def _connect(path: Path) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, timeout=30, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA query_only = ON")
    connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
    return connection


def search(connection: sqlite3.Connection, query: Query, today: datetime.date | None = None) -> Results:
    """The results of ``query``; deadlines are held against ``today``, the day of the machine where it is None.

    Raises :class:`pipeline.search.query.QueryError` where the text says only what is to be left out.
    """
    with _Search(connection, query, today or datetime.date.today()) as run:
        order = run.order()
        exact = (
            int(np.count_nonzero(np.isin(order, run.found.positions[run.found.kinds == "exact"])))
            if run.parsed.term
            else len(order)
        )
        hits = tuple(run.hits(order[query.offset : query.offset + query.limit]))
        return Results(query, len(order), exact, hits, run.facets(), run.today)


def search_all(connection: sqlite3.Connection, query: Query, today: datetime.date | None = None) -> Iterator[Hit]:
    """All results of ``query`` in its order, whatever its limit and offset, without highlights: what an export writes."""
    with _Search(connection, query, today or datetime.date.today()) as run:
        yield from run.hits(run.order(), highlighted=False)


def directive(connection: sqlite3.Connection, directive_id: str) -> Hit | None:
    """One directive by its id, without highlights; None where the store has none of this id."""
    with _Search(connection, Query(), datetime.date.today()) as run:
        sql = "SELECT id FROM search_text WHERE directive_id = ? OR about = ?"
        row = connection.execute(sql, (directive_id, about_of(directive_id))).fetchone()
        hit = None if row is None else next(run.hits(np.searchsorted(run.table.ids, [row[0]])))
        return hit if hit and hit.id == directive_id else None


def pairs(connection: sqlite3.Connection, query: Query, today: datetime.date | None = None) -> list[Pair]:
    """Who instructs whom in the results of ``query``, most frequent first."""
    with _Search(connection, query, today or datetime.date.today()) as run:
        return run.pairs()


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


class _Search:
    """One query being answered, in one state of the store."""

    def __init__(self, connection: sqlite3.Connection, query: Query, today: datetime.date) -> None:
        self.connection, self.query, self.today = connection, query, today
        self.parsed = parse(query.text)

    def __enter__(self) -> _Search:
        self.snapshot = snapshot(self.connection)
        self.snapshot.__enter__()
        self.table = columns(self.connection)
        self.masks = self.table.masks(self.query, self.today)
        near = self.query.near and self.query.sort == "relevance"
        self.found = find(self.connection, self.query.text, self.parsed, self._allowed(), near)
        return self

    def __exit__(self, *error: Any) -> None:
        self.snapshot.__exit__(*error)

    def _allowed(self, but: str = "") -> Mask:
        """The directives that meet all restrictions ``but`` one."""
        out = np.ones(len(self.table.ids), dtype=bool)
        for name, mask in self.masks.items():
            if name != but:
                out &= mask
        return out

    def order(self) -> Positions:
        """Positions of the results, best first, one for an instruction where the query folds."""
        table, sort = self.table, self.query.sort
        if self.parsed.term is None:
            if not self.masks:
                return table.order(sort, self.query.folded)
            order = table.order(sort, False)
            order = order[self._allowed()[order]]
        else:
            chosen = self._allowed()[self.found.positions]
            places, scores = self.found.positions[chosen], self.found.scores[chosen]
            keys = table.sort_keys(sort, places)
            keys = (-scores, *keys) if sort == "relevance" else (*keys, -scores)
            order = places[np.lexsort((places, *reversed(keys)))]
        return table.first(order) if self.query.folded else order

    def facets(self) -> dict[str, list[FacetValue]]:
        """The values of the results; a facet counts as if the query did not restrict it."""
        found = self.found.mask(len(self.table.ids))
        out = {}
        for name in FACETS:
            facet = self.table.state(self.today) if name == "deadline_state" else self.table.facets[name]
            counts = facet.counts(found & self._allowed(but=name), self.query.folded)
            asked = set(facet.wanted(getattr(self.query, name)))
            shown = sorted({*np.flatnonzero(counts).tolist(), *asked}, key=lambda c: (-counts[c], facet.values[c]))
            out[name] = [FacetValue(facet.values[c], facet.labels[c], int(counts[c]), c in asked) for c in shown]
        return out

    def pairs(self) -> list[Pair]:
        """Issuers and addressees of the results; what says the same counts once where the query folds."""
        size = len(self.table.ids)
        issuer, addressee = self.table.facets["issuer"], self.table.facets["addressee"]
        speaks = np.full(size, -1, dtype=np.int64)
        speaks[issuer.positions] = issuer.codes
        chosen = (self.found.mask(size) & self._allowed())[addressee.positions] & (speaks[addressee.positions] >= 0)
        places = addressee.positions[chosen]
        said = addressee.folds[chosen] if self.query.folded else places
        rows = np.unique(np.stack([speaks[places], addressee.codes[chosen], said], axis=1), axis=0)
        both, counts = np.unique(rows[:, :2], axis=0, return_counts=True)
        return [
            Pair((issuer.values[a], issuer.labels[a]), (addressee.values[b], addressee.labels[b]), int(counts[i]))
            for i in np.argsort(-counts, kind="stable")
            for a, b in [both[i]]
        ]

    def _row(self, number: int) -> sqlite3.Row:
        """The row that a row of the index is about."""
        found = self.connection.execute(_VIEW, (number,)).fetchone()
        row: sqlite3.Row = found or self.connection.execute(_ADDED, (number,)).fetchone()
        return row

    def hits(self, places: Positions, highlighted: bool = True) -> Iterator[Hit]:
        """The directives at some positions, with sentence and, where wanted, highlights."""
        mark = Highlighter(self.parsed)
        for place in places:
            row = decode(self._row(int(self.table.ids[place])), self.today)
            text = self.connection.execute(_TEXT, (row["document_id"],)).fetchone()[0]
            trigger = row["spans"].get("trigger") or [row["start"]]
            around = context(text, min(row["start"], trigger[0]), row["end"])
            at = int(np.searchsorted(self.found.positions, place))
            kind = str(self.found.kinds[at]) if at < len(self.found.kinds) else "filter"
            marked = mark(text, around, kind != "exact") if highlighted else ()
            times = int(self.table.times[place])
            yield Hit(row, around, around.text(text), marked, times, kind, float(self.found.scores[at]))


_VIEW = "SELECT v.* FROM search_text AS t JOIN directive_view AS v USING (directive_id) WHERE t.id = ?"
_ADDED = "SELECT v.* FROM search_text AS t JOIN added_view AS v USING (about) WHERE t.id = ?"
_TEXT = "SELECT text FROM documents WHERE document_id = ?"
