"""Corrections in the store: made, never overwritten, and placed in the latest version of their text.

``corrections`` is a log, one row a decision of a person. ``correction_places`` is derived from it: the decision in force on each record,
with the record as it stands in the latest version of its document, and which machine record it is about now.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pipeline.corrections.anchor import Moves, State, carry
from pipeline.corrections.record import Json, from_row
from pipeline.errors import TaalimatError
from pipeline.search.index import index_document
from pipeline.store.schema import DIRECTIVES, DOCUMENTS, Row
from pipeline.store.text import to_json

if TYPE_CHECKING:
    from pipeline.store.sqlite import Store

MAX_NOTE = 2_000
"""Characters of a note, at most."""

MAX_AUTHOR = 100
"""Characters of the name of who corrects, at most."""

_SAME = 0.5
"""Share of letters in common from which two instructions under one trigger are about the same."""


class Verdict(StrEnum):
    """What a person decided."""

    ACCEPT = "accept"
    """The record is right."""
    EDIT = "edit"
    """The record is right as it is written here."""
    REJECT = "reject"
    """There is no directive, or not this one."""
    ADD = "add"
    """The machine missed this record."""
    COMPLETE = "complete"
    """Of a document: all its directives have been looked at, and none is missing."""
    WITHDRAW = "withdraw"
    """Takes the earlier decision back."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A row of ``corrections``. ``about`` is the first correction of the same record."""

    correction_id: int
    about: int
    document_id: str
    version: int
    directive_id: str | None
    verdict: Verdict
    record: Json | None
    machine: Json | None
    note: str
    author: str
    made: str
    run_id: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """The decision in force on a record, in the latest version of its text; ``record`` is None where it is lost there."""

    about: int
    correction_id: int
    document_id: str
    directive_id: str | None
    version: int
    verdict: Verdict
    record: Json | None
    state: State
    note: str
    author: str
    made: str


_COLUMNS = (
    "correction_id, about, document_id, version, directive_id, verdict, record, machine, note, author, made, run_id"
)
_PLACE = """SELECT p.about, p.correction_id, p.document_id, p.directive_id, p.version, c.verdict, p.record, p.state, c.note, c.author, c.made
FROM correction_places AS p JOIN corrections AS c USING (correction_id) """


def _correction(row: tuple[Any, ...]) -> Correction:
    values = list(row)
    values[5] = Verdict(values[5])
    values[6], values[7] = (json.loads(v) if v else None for v in values[6:8])
    return Correction(*values)


def _place(row: tuple[Any, ...]) -> Place:
    values = list(row)
    values[5], values[7] = Verdict(values[5]), State(values[7])
    values[6] = json.loads(values[6]) if values[6] else None
    return Place(*values)


def places(connection: sqlite3.Connection, document_id: str) -> list[Place]:
    """The decisions in force in a document, in the order they were made."""
    return [
        _place(row) for row in connection.execute(_PLACE + "WHERE p.document_id = ? ORDER BY p.about", (document_id,))
    ]


def added_id(document_id: str, about: int) -> str:
    """The id in ``added_view`` of the record that a chain of corrections added."""
    return f"{document_id}:added:{about}"


def about_of(directive_id: str) -> int | None:
    """The correction that an id of ``added_view`` names; None where it is no such id.

    >>> about_of("b-7:added:3"), about_of("b-7:0:12")
    (3, None)
    """
    found = _ADDED_ID.search(directive_id)
    return int(found[1]) if found else None


_ADDED_ID = re.compile(r":added:([1-9][0-9]{0,17})\Z")


def places_of(connection: sqlite3.Connection, directive_ids: list[str]) -> dict[str, Place]:
    """The decisions in force on some records, by their ids: those of the machine and those of ``added_view``."""
    marks = ", ".join("?" * len(directive_ids))
    rows = connection.execute(_PLACE + f"WHERE p.directive_id IN ({marks})", directive_ids)
    out = {place.directive_id: place for place in map(_place, rows) if place.directive_id}
    for name in directive_ids:
        about = about_of(name)
        place = place_of(connection, about) if about else None
        if place and name not in out and name == added_id(place.document_id, place.about):
            out[name] = place
    return out


def place_of(connection: sqlite3.Connection, about: int) -> Place | None:
    """The decision in force of one chain of corrections; None where it was withdrawn or there is none."""
    row = connection.execute(_PLACE + "WHERE p.about = ?", (about,)).fetchone()
    return _place(row) if row else None


def history(connection: sqlite3.Connection, about: int) -> list[Correction]:
    """All decisions on one record, first to last."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM corrections WHERE about = ? ORDER BY correction_id", (about,))
    return [_correction(row) for row in rows]


def recent(connection: sqlite3.Connection, limit: int, offset: int = 0) -> list[dict[str, Any]]:
    """The log, newest first: the columns of ``corrections`` with ``words`` of the instruction, and the ``state`` and ``present`` machine record
    of decisions that are in force (None for others)."""
    sql = """SELECT c.correction_id, c.about, c.document_id, c.directive_id, c.verdict, c.note, c.author, c.made,
        json_extract(c.record, '$.instruction.text') AS words, p.state, p.directive_id AS present
      FROM corrections AS c LEFT JOIN correction_places AS p ON p.correction_id = c.correction_id ORDER BY c.correction_id DESC LIMIT ? OFFSET ?"""
    cursor = connection.execute(sql, (limit, offset))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, tuple(row), strict=True)) for row in cursor]


def corrected_documents(connection: sqlite3.Connection) -> list[str]:
    """Ids of documents with a decision in force."""
    return [name for (name,) in connection.execute("SELECT DISTINCT document_id FROM correction_places ORDER BY 1")]


def correct(
    store: Store,
    document_id: str,
    verdict: Verdict,
    author: str,
    *,
    directive_id: str | None = None,
    about: int | None = None,
    record: Json | None = None,
    note: str = "",
) -> int:
    """Keep a decision; the number of the correction.

    ``directive_id`` names the record of the machine or of ``added_view``, ``about`` an earlier correction: one of them, but for what is added and
    for whole documents. ``record`` is what the person says is right (``edit`` and ``add``; else the record as it stands).
    Raises :class:`TaalimatError` where the document or the record is not there.
    """
    author = " ".join(author.split())
    if not author or len(author) > MAX_AUTHOR or len(note) > MAX_NOTE:
        raise TaalimatError(
            f"a correction needs a name of at most {MAX_AUTHOR} characters and a note of at most {MAX_NOTE}"
        )
    if directive_id and (added := about_of(directive_id)):
        directive_id, about = None, added
    with store.transaction():
        document, machine, run_id = _judged(store, document_id, directive_id)
        if about is None:
            about = _about(store.connection, document_id, directive_id, verdict)
        standing = place_of(store.connection, about) if about is not None else None
        if about is not None and (not standing or standing.document_id != document_id):
            raise TaalimatError(f"there is no correction {about} in force in {document_id!r}")
        if verdict in (Verdict.EDIT, Verdict.ADD) and record is None:
            raise TaalimatError(f"{verdict} needs a record")
        if verdict is not Verdict.ADD and verdict is not Verdict.COMPLETE and not machine and not standing:
            raise TaalimatError(f"{verdict} needs a record of the machine or an earlier correction")
        if verdict is Verdict.COMPLETE:
            _accept_rest(store, document, author)
        if record is None:
            record = standing.record if standing and verdict is not Verdict.WITHDRAW else machine
        made = _insert(store, about, document, directive_id, verdict, record, machine, note.strip(), author, run_id)
        place_again(store, document_id)
        index_document(store.connection, document_id)
        return made


def _accept_rest(store: Store, document: Row, author: str) -> None:
    """Accept the machine records of a document that nobody has judged: so a later run cannot slip others in."""
    judged = {place.directive_id for place in places(store.connection, document["document_id"])}
    for row in store.rows(DIRECTIVES, document["document_id"]):
        if row["directive_id"] not in judged:
            record = from_row(row, document["text"])
            _insert(
                store, None, document, row["directive_id"], Verdict.ACCEPT, record, record, "", author, row["run_id"]
            )


def _insert(
    store: Store, about: int | None, document: Row, directive_id: str | None, verdict: Verdict, record: Json | None,
    machine: Json | None, note: str, author: str, run_id: int | None,
) -> int:  # fmt: skip
    (number,) = store.connection.execute("SELECT 1 + coalesce(max(correction_id), 0) FROM corrections").fetchone()
    values = (
        *(number, about or number, document["document_id"], document["version"], directive_id, verdict.value),
        *(to_json(record) if record else None, to_json(machine) if machine else None, note, author, _now(), run_id),
    )
    store.connection.execute(f"INSERT INTO corrections ({_COLUMNS}) VALUES ({', '.join('?' * 12)})", values)
    return int(number)


def _now() -> str:
    from pipeline.store.sqlite import now

    return now()


def _judged(store: Store, document_id: str, directive_id: str | None) -> tuple[Row, Json | None, int | None]:
    """The document, and the machine's record that is judged with the run that wrote it."""
    document = next(store.rows(DOCUMENTS, document_id), None)
    if document is None:
        raise TaalimatError(f"there is no document {document_id!r}")
    if directive_id is None:
        return document, None, None
    for row in store.rows(DIRECTIVES, document_id):
        if row["directive_id"] == directive_id:
            return document, from_row(row, document["text"]), row["run_id"]
    raise TaalimatError(f"there is no directive {directive_id!r} in {document_id!r}")


def _about(connection: sqlite3.Connection, document_id: str, directive_id: str | None, verdict: Verdict) -> int | None:
    """The chain that a decision on a machine record, or on a whole document, goes on with."""
    if directive_id is not None:
        place = places_of(connection, [directive_id]).get(directive_id)
        return place.about if place else None
    if verdict is Verdict.COMPLETE:
        return next((p.about for p in places(connection, document_id) if p.verdict is Verdict.COMPLETE), None)
    return None


def place_again(store: Store, document_id: str) -> bool:
    """Place the corrections of a document in its latest version and beside its present machine records; whether it has any.

    Called where a correction is made and where the document's records were written anew. Costs one look-up where there are none.
    """
    connection = store.connection
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM corrections WHERE document_id = ? ORDER BY correction_id", (document_id,)
    )
    log = [_correction(row) for row in rows]
    if not log:
        return False
    document = next(store.rows(DOCUMENTS, document_id), None)
    connection.execute("DELETE FROM correction_places WHERE document_id = ?", (document_id,))
    if document is None:
        return True
    old_texts = dict(connection.execute("SELECT version, text FROM versions WHERE document_id = ?", (document_id,)))
    moves: dict[int, Moves] = {}
    machine = {row["directive_id"]: from_row(row, document["text"]) for row in store.rows(DIRECTIVES, document_id)}
    taken: set[str] = set()
    for correction in {c.about: c for c in log}.values():
        if correction.verdict is Verdict.WITHDRAW:
            continue
        here = correction.version == document["version"]
        record, state, directive_id = correction.record, State.SAME, None
        if not here and correction.verdict is Verdict.COMPLETE:
            state = State.LOST
        if not here and record and correction.version in old_texts:
            way = moves.setdefault(correction.version, Moves(old_texts[correction.version], document["text"]))
            record, state = _carried(record, way)
            found = _carried(correction.machine, way)[0] if correction.machine else None
        else:
            found = correction.machine
        wanted = [r for r in (found, record) if r]
        for name in _candidates(machine, wanted, correction.directive_id if here else None):
            if name not in taken:
                directive_id = name
                taken.add(name)
                break
        connection.execute(
            "INSERT INTO correction_places (about, correction_id, document_id, directive_id, version, record, state) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                *(correction.about, correction.correction_id, document_id, directive_id, document["version"]),
                *(to_json(record) if record else None, state.value),
            ),
        )
    return True


def _carried(record: Json, moves: Moves) -> tuple[Json | None, State]:
    placed = carry(record, moves)
    return placed.record, placed.state


def _candidates(machine: dict[str, Json], wanted: list[Json], known: str | None) -> Iterator[str]:
    """Machine records that a correction may be about, the likeliest first: the one of its id, of its places, of most words in common."""
    if known in machine:
        yield str(known)
    for record in wanted:
        for name, found in machine.items():
            if all(found[part]["start"] == record[part]["start"] for part in ("trigger", "instruction")):
                yield name
    scored = [
        (max((_overlap(found["instruction"], record["instruction"]) for record in wanted if _meets(found["trigger"], record["trigger"])), default=0.0), name)
        for name, found in machine.items()
    ]  # fmt: skip
    yield from (name for share, name in sorted(scored, reverse=True) if share >= _SAME)


def _meets(a: Json, b: Json) -> bool:
    return bool(a["start"] < b["end"] and b["start"] < a["end"])


def _overlap(a: Json, b: Json) -> float:
    shared = min(a["end"], b["end"]) - max(a["start"], b["start"])
    return float(max(0, shared) / (max(a["end"], b["end"]) - min(a["start"], b["start"])))
