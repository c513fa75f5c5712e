"""The directives of a store as columns in memory: filters and facets over hundreds of thousands of rows in milliseconds.

Columns are read once and shared by all connections to a store until something is written to it (table ``stamp``).
"""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.actors.vocabulary import bare_words
from pipeline.corrections.overlay import overlay
from pipeline.corrections.store import places_of
from pipeline.normalize import fold as _fold
from pipeline.search.kept import Kept
from pipeline.search.query import SORTS, STATES, Query, day
from pipeline.times.due import URGENT, is_urgent

Positions = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

NO_DAY = np.datetime64("NaT", "D")
_DUE, _OVERDUE = STATES.index("due"), STATES.index("overdue")


@dataclass(frozen=True, slots=True)
class Facet:
    """Values of directives, any number each: ``codes[i]`` is a value of the directive at ``positions[i]``, in the order of codes and,
    under one code, of ``folds``."""

    values: tuple[str, ...]
    labels: tuple[str, ...]
    names: tuple[frozenset[tuple[str, ...]], ...]
    """Of each value the bare words of all its names; empty where a value is found only as it is."""
    positions: Positions
    codes: Positions
    folds: Positions
    """``Columns.fold`` of each position."""
    of_position: Positions
    starts: Positions
    """The pairs of the directive at ``p`` are ``of_position[starts[p]:starts[p + 1]]``."""
    _whole: dict[bool, Positions] = field(default_factory=dict, repr=False, compare=False)
    """Counts of all directives, folded or not."""

    def wanted(self, asked: Iterable[str]) -> list[int]:
        """Codes of the values that are asked for, by value or by words of a name (the beginnings of words are enough)."""
        found: set[int] = set()
        for text in asked:
            if text in self.values:
                found.add(self.values.index(text))
                continue
            words = bare_words(_fold(text))
            found.update(code for code, names in enumerate(self.names) if any(_named(words, name) for name in names))
        return sorted(found)

    def mask(self, size: int, asked: Iterable[str]) -> Mask:
        """Which directives have one of the values that are asked for."""
        out = np.zeros(size, dtype=bool)
        out[self.positions[np.isin(self.codes, self.wanted(asked))]] = True
        return out

    def counts(self, mask: Mask, folded: bool) -> Positions:
        """How many directives of ``mask`` have each value; what says the same is counted once where ``folded``."""
        if mask.all():
            if folded not in self._whole:
                self._whole[folded] = self._counts(np.arange(len(self.codes)), folded)
            return self._whole[folded]
        chosen = np.flatnonzero(mask)
        if len(chosen) * 8 < len(mask):  # few: only their pairs are looked at
            lengths = self.starts[chosen + 1] - self.starts[chosen]
            inside = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
            pairs = np.sort(self.of_position[np.repeat(self.starts[chosen], lengths) + inside])
        else:
            pairs = np.flatnonzero(mask[self.positions])
        return self._counts(pairs, folded)

    def _counts(self, pairs: Positions, folded: bool) -> Positions:
        codes = self.codes[pairs]
        if folded and len(codes):
            folds = self.folds[pairs]
            new = np.ones(len(codes), dtype=bool)
            new[1:] = (codes[1:] != codes[:-1]) | (folds[1:] != folds[:-1])
            codes = codes[new]
        return np.bincount(codes, minlength=len(self.values))


def _facet(
    values: Sequence[str],
    labels: Sequence[str],
    names: Sequence[frozenset[tuple[str, ...]]],
    pairs: Positions,
    fold: Positions,
) -> Facet:
    """A facet from rows of ``pairs``: position and code."""
    folds = fold[pairs[:, 0]]
    order = np.lexsort((pairs[:, 0], folds, pairs[:, 1]))
    double = np.zeros(len(order), dtype=bool)
    double[1:] = (pairs[order][1:] == pairs[order][:-1]).all(axis=1)
    order = order[~double]
    positions = pairs[order, 0]
    starts = np.zeros(len(fold) + 1, dtype=np.int64)
    np.cumsum(np.bincount(positions, minlength=len(fold)), out=starts[1:])
    of_position = np.argsort(positions, kind="stable")
    return Facet(
        tuple(values), tuple(labels), tuple(names), positions, pairs[order, 1], folds[order], of_position, starts
    )


def _named(words: Sequence[str], name: Sequence[str]) -> bool:
    return bool(words) and all(any(part.startswith(word) for part in name) for word in words)


@dataclass(slots=True)
class _Builder:
    """Collects the values of a facet."""

    codes_of: dict[str, int] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    names: list[set[tuple[str, ...]]] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    seen: set[tuple[int, str]] = field(default_factory=set)

    def add(self, position: int, value: str, label: str = "", name: str = "") -> None:
        code = self.codes_of.get(value)
        if code is None:
            code = self.codes_of[value] = len(self.labels)
            self.labels.append(label or value)
            self.names.append(set())
        if name and (code, name) not in self.seen:
            self.seen.add((code, name))
            self.names[code].add(bare_words(_fold(name)))
        self.positions.append(position)
        self.codes.append(code)

    def facet(self, fold: Positions, more: dict[str, list[str]] | None = None) -> Facet:
        for value, names in (more or {}).items():
            if (code := self.codes_of.get(value)) is not None:
                self.names[code].update(bare_words(_fold(name)) for name in names)
        pairs = np.array([self.positions, self.codes], dtype=np.int64).T
        return _facet(tuple(self.codes_of), self.labels, list(map(frozenset, self.names)), pairs, fold)


@dataclass(frozen=True, slots=True)
class Columns:
    """The directives of a store, those that people added among them, in the order of their ids in the search index (``search_text.id``), column by
    column."""

    ids: Positions
    dates: npt.NDArray[np.datetime64]
    due: npt.NDArray[np.datetime64]
    undated: npt.NDArray[np.int8]
    """The state of a deadline without a day, as a place in STATES: none, immediate or unknown."""
    confidence: npt.NDArray[np.float64]
    fold: Positions
    """The same number for the directives of a statement that say the same."""
    times: Positions
    """How many those are."""
    facets: dict[str, Facet]
    _states: dict[datetime.date, Facet] = field(default_factory=dict, repr=False, compare=False)
    _orders: dict[tuple[str, bool], Positions] = field(default_factory=dict, repr=False, compare=False)

    def places(self, ids: Positions) -> Positions:
        """Positions of ids of the search index."""
        return np.searchsorted(self.ids, ids)

    def sort_keys(self, sort: str, places: Positions | slice = slice(None)) -> tuple[npt.NDArray[Any], ...]:
        """Columns to sort some directives by, the first first, smallest first; ``relevance`` without a text is ``newest``."""
        last = np.iinfo(np.int64).max
        date, due = self.dates[places], self.due[places]
        newest = -np.where(np.isnat(date), -last, date.astype(np.int64))
        if sort == "oldest":
            return (np.where(np.isnat(date), last, date.astype(np.int64)),)
        if sort == "due":
            return np.where(np.isnat(due), last, due.astype(np.int64)), newest
        return (-self.confidence[places], newest) if sort == "confidence" else (newest,)

    def order(self, sort: str, folded: bool) -> Positions:
        """All directives in an order; where ``folded`` only the first of those that say the same."""
        if (sort, folded) not in self._orders:
            order = (
                np.lexsort(tuple(reversed(self.sort_keys(sort)))) if not folded else self.first(self.order(sort, False))
            )
            self._orders[sort, folded] = order
        return self._orders[sort, folded]

    def first(self, order: Positions) -> Positions:
        """Of ``order`` the first of those that say the same."""
        folds = self.fold[order]
        places = np.zeros(int(self.fold.max(initial=-1)) + 1, dtype=np.int64)
        turns = np.arange(len(order))
        places[folds[::-1]] = turns[::-1]  # the last to be written is the first
        out: Positions = order[places[folds] == turns]
        return out

    def state(self, today: datetime.date) -> Facet:
        """The states of deadlines on a day."""
        if today not in self._states:
            late = self.due < np.datetime64(today, "D")
            codes = np.where(np.isnat(self.due), self.undated, np.where(late, _OVERDUE, _DUE))
            pairs = np.stack([np.arange(len(codes)), codes], axis=1)
            self._states.clear()
            self._states[today] = _facet(STATES, STATES, (frozenset(),) * len(STATES), pairs, self.fold)
        return self._states[today]

    def masks(self, query: Query, today: datetime.date) -> dict[str, Mask]:
        """For each restriction of a query, by the name of its field, the directives that meet it."""
        size = len(self.ids)
        out: dict[str, Mask] = {}
        for name, facet in (self.facets | {"deadline_state": self.state(today)}).items():
            if asked := getattr(query, name):
                out[name] = facet.mask(size, asked)
        if query.since:
            out["since"] = self.dates >= np.datetime64(day(query.since, today), "D")
        if query.until:
            out["until"] = self.dates <= np.datetime64(day(query.until, today, last=True), "D")
        if query.due_before:
            out["due_before"] = self.due < np.datetime64(day(query.due_before, today), "D")
        if query.overdue:
            out["overdue"] = self.due < np.datetime64(today, "D")
        return out


_ROWS = """
SELECT t.id, d.directive_id, d.document_id, d.repeats, d.force, coalesce(d.issued_on, doc.published), d.due,
  CASE WHEN d.deadline IS NULL THEN 'none' WHEN d.due_note = ? THEN 'immediate' ELSE 'unknown' END, d.confidence, upper(json_extract(doc.meta, '$.country')), d.issuer, l.id
FROM search_text AS t JOIN directives AS d USING (directive_id) JOIN documents AS doc USING (document_id)
LEFT JOIN actor_document AS l ON l.actor_id = d.issuer_id ORDER BY t.id
"""
_ADDRESSEES = """
SELECT a.directive_id, a.name, l.id FROM addressee AS a LEFT JOIN actor_document AS l USING (actor_id)
"""


def _added(connection: sqlite3.Connection) -> list[tuple[int, dict[str, Any]]]:
    """The rows of ``added_view``, each with its id in the search index."""
    cursor = connection.execute("SELECT t.id, v.* FROM added_view AS v JOIN search_text AS t USING (about)")
    columns = [column[0] for column in cursor.description[1:]]
    return [(int(row[0]), _decoded(dict(zip(columns, tuple(row)[1:], strict=True)))) for row in cursor]


def _edited(connection: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """The rows of ``directive_view`` that people edited, as they have it, by directive."""
    sql = """SELECT p.directive_id FROM correction_places AS p JOIN corrections AS c USING (correction_id)
      WHERE c.verdict IN ('edit', 'add') AND p.directive_id IS NOT NULL"""
    out = {}
    for (name,) in connection.execute(sql).fetchall():
        cursor = connection.execute("SELECT * FROM directive_view WHERE directive_id = ?", (name,))
        columns = [column[0] for column in cursor.description]
        for row in cursor:
            shown = _decoded(dict(zip(columns, tuple(row), strict=True)))
            out[str(name)] = overlay(shown, places_of(connection, [name]).get(name))
    return out


def _load(connection: sqlite3.Connection) -> Columns:
    edited = _edited(connection)
    rows = [_corrected(tuple(row), edited.get(row[1])) for row in connection.execute(_ROWS, (URGENT,))]
    if added := _added(connection):
        rows = sorted([*rows, *(_of_person(number, shown) for number, shown in added)])
        edited |= {str(shown["directive_id"]): shown for _, shown in added}
    positions = {row[1]: i for i, row in enumerate(rows)}
    records = {
        str(i): (str(name), str(wilaya))
        for i, name, wilaya in connection.execute("SELECT id, name, wilaya FROM actor_record")
    }
    more: dict[str, list[str]] = defaultdict(list)
    for number, (name, _) in records.items():
        more[number].append(name)
    for sql in ("SELECT id, alias FROM actor_alias", "SELECT id, office FROM tenure"):
        for number, name in connection.execute(sql):
            more[number].append(name)
    names = ("issuer", "addressee", "force", "country", "wilaya", "month", "document_id", "actor")
    made = {name: _Builder() for name in names}
    folds: dict[tuple[str, str], int] = {}
    fold_column = []
    values_of: dict[str, str] = {}

    def actor(role: str, i: int, record: str | None, name: str | None) -> None:
        if record is not None:
            label, wilaya = records[record]
            made[role].add(i, record, label)
            made["actor"].add(i, record, label)
            if wilaya:
                made["wilaya"].add(i, wilaya, name=wilaya)
        elif name:
            value = values_of.get(name)
            if value is None:
                value = values_of[name] = " ".join(bare_words(_fold(name))) or name
            made[role].add(i, value, name, name)

    for i, (_, _, document, repeats, force, date, _, _, _, country, issuer, record) in enumerate(rows):
        fold_column.append(folds.setdefault((document, repeats), len(folds)))
        made["force"].add(i, force)
        made["document_id"].add(i, document)
        if country:
            made["country"].add(i, country)
        if date:
            made["month"].add(i, date[:7])
        actor("issuer", i, record, issuer)
    for directive, name, record in connection.execute(_ADDRESSEES):
        if directive in positions and directive not in edited:
            actor("addressee", positions[directive], record, name)
    for directive, shown in edited.items():
        for addressee in shown["addressee_records"]:
            actor("addressee", positions[directive], addressee["record"], addressee["name"])
    fold = np.array(fold_column, dtype=np.int64)
    table = Columns(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[5] or NO_DAY for row in rows], dtype="datetime64[D]"),
        np.array([row[6] or NO_DAY for row in rows], dtype="datetime64[D]"),
        np.array([STATES.index(row[7]) for row in rows], dtype=np.int8),
        np.array([row[8] for row in rows], dtype=np.float64),
        fold,
        np.bincount(fold)[fold] if len(fold) else fold,
        {
            name: builder.facet(fold, more if name in ("issuer", "addressee", "actor") else None)
            for name, builder in made.items()
        },
    )
    for sort in SORTS:  # so that no answer waits for them
        table.order(sort, True)
    return table


def _corrected(row: tuple[Any, ...], shown: dict[str, Any] | None) -> tuple[Any, ...]:
    """A row of ``_ROWS`` with what a person put in place of the machine's values."""
    if shown is None:
        return row
    number, name, document, repeats, _, date, _, _, confidence, country, _, _ = row
    deadline = (shown["due"], _undated(shown))
    return (
        number,
        name,
        document,
        repeats,
        shown["force"],
        date,
        *deadline,
        confidence,
        country,
        shown["issuer"],
        shown["issuer_record"],
    )


def _undated(shown: dict[str, Any]) -> str:
    """The state of the deadline of a row if it has no day."""
    return str(shown["deadline_state"]) if shown["due"] is None else "unknown"


def _of_person(number: int, shown: dict[str, Any]) -> tuple[Any, ...]:
    """A record that a person added in the form of ``_ROWS``; a person is sure."""
    name = shown["directive_id"]
    return (
        *(number, name, shown["document_id"], name, shown["force"], shown["date"], shown["due"]),
        *(_undated(shown), 1.0, shown["country"], shown["issuer"], shown["issuer_record"]),
    )


_kept = Kept(_load)


def columns(connection: sqlite3.Connection) -> Columns:
    """The columns of the store that ``connection`` is open on, read anew where something was written since."""
    return _kept(connection)


def decode(row: sqlite3.Row, today: datetime.date) -> dict[str, Any]:
    """A row of ``directive_view`` with its lists and objects as Python values, ``recalled`` as bool, and the state of its deadline on a day."""
    out = _decoded(dict(row))
    if out["due"] is not None:
        out["deadline_state"] = "overdue" if out["due"] < today.isoformat() else "due"
    return out


def _decoded(row: dict[str, Any]) -> dict[str, Any]:
    for name in ("addressees", "addressee_records", "purposes", "places", "spans", "evidence"):
        row[name] = json.loads(row[name]) if row[name] is not None else []
    row["recalled"] = bool(row["recalled"])
    if row["deadline_state"] == "unknown" and row["due_note"] is None and is_urgent(row["deadline"]):  # a person's
        row["deadline_state"] = "immediate"
    return row
