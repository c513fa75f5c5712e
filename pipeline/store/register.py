"""The register of actors across documents in the store: built from all actors, read back, and decisions about it.

It is derived: every build replaces it. What goes into the next build are the keys, which keep the ids of records, and the decisions.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any

from pipeline.actors import vocabulary
from pipeline.actors.decisions import Decided
from pipeline.actors.register import Entry, Tenure, records
from pipeline.actors.units import Appearance, Decision, Found, Unit, cuts, gather, identity, key_of, parts, unit_of
from pipeline.errors import TaalimatError
from pipeline.store.sqlite import Store, now
from pipeline.store.text import to_json
from pipeline.types import Actor, Kind

_ACTORS = "SELECT document_id, actor_id, name, kind, office, aliases FROM actors ORDER BY document_id, actor_id"
_TOLD = "SELECT document_id, published, outlet, meta ->> '$.country' FROM documents"
COUNTRY = re.compile("[a-z]{2}", re.IGNORECASE)
"""The code of a country, as ``dz``."""

_BRING = (
    """CREATE TEMP TABLE told AS SELECT document_id, published, coalesce(outlet, '') AS outlet, country_code(meta ->> '$.country') AS country
      FROM documents""",
    "CREATE INDEX temp.told_document ON told (document_id)",
    """CREATE TEMP TABLE brought AS SELECT actor_unit(document_id, name, kind, office, outlet, country) AS unit, actor_id, document_id,
      name, kind, office, aliases, published, outlet, country FROM actors JOIN told USING (document_id) ORDER BY unit, document_id, actor_id""",
    "CREATE TEMP TABLE bearer (key TEXT PRIMARY KEY, id TEXT) WITHOUT ROWID",
)
_BROUGHT = (
    "SELECT unit, document_id, name, kind, office, aliases, published, outlet, country FROM temp.brought ORDER BY rowid"
)
_AT_ONCE = 10_000
"""Actors of persons, and records, that are worked on at a time."""
_KINDS = {kind.value: kind for kind in Kind}
_PERSON = f"{Kind.PERSON.value}|"

_STALE = """
SELECT EXISTS (SELECT 1 FROM actors WHERE actor_id NOT IN (SELECT actor_id FROM actor_document))
  OR EXISTS (SELECT 1 FROM actor_record WHERE id NOT IN (SELECT id FROM actor_document))
"""


def appearances(store: Store) -> list[Appearance]:
    """All actors of all documents, with the outlet as source and the country that the document's field ``country`` gives."""
    told = {}
    for document_id, day, outlet, country in store.connection.execute(_TOLD):
        told[document_id] = _day(day), outlet or "", _country(country)
    out = []
    for document_id, actor_id, name, kind, office, aliases in store.connection.execute(_ACTORS):
        others = () if aliases == "[]" else tuple(json.loads(aliases))
        actor = Actor(actor_id, name, _KINDS[kind], office, aliases=others)
        out.append(Appearance(document_id, actor, *told[document_id]))
    return out


def rebuild(store: Store) -> None:
    """Build the register anew from all documents and decisions. Records keep the ids of earlier builds.

    What it holds in memory are the names of bodies and offices, and one part of the persons at a time: actors are brought in the order of their
    keys by SQLite, which sorts on disk.
    """
    with store.transaction():
        execute = store.connection.execute
        decided = [d.decision for d in decisions(store)]
        _bring(store, decided)
        for table in ("actor_alias", "actor_document", "tenure", "actor_reason", "actor_record"):
            execute(f"DELETE FROM {table}")
        for units in _portions(execute(_BROUGHT)):
            keys = to_json(list(units))
            known = dict(
                execute("SELECT key, id FROM actor_key WHERE key IN (SELECT value FROM json_each(?))", (keys,))
            )
            _keep(store, records(units, decided, known))
        execute("DELETE FROM actor_key")
        execute("INSERT INTO actor_key SELECT key, id FROM temp.bearer ORDER BY key")
        execute(
            """INSERT INTO actor_document SELECT b.actor_id, b.document_id, k.id FROM temp.brought AS b
              JOIN temp.bearer AS k ON k.key = substr(b.unit, instr(b.unit, char(9)) + 1) ORDER BY b.actor_id"""
        )
        for table in ("told", "brought", "bearer"):
            execute(f"DROP TABLE temp.{table}")


def _bring(store: Store, decided: Sequence[Decision]) -> None:
    """Fill the table ``brought``: every actor with its key, those of one part together and in the order of keys and documents."""
    connection, v, splits = store.connection, vocabulary.default(), cuts(decided)
    together = _together(store, decided)

    def unit(document_id: str, name: str, kind: str, office: str | None, outlet: str, country: str) -> str:
        """The part that an actor is looked at in, empty for what is looked at together, a tab, and its key."""
        key = key_of(document_id, name, _KINDS[kind], office, outlet, country, v)
        if splits:
            key = unit_of(Appearance(document_id, Actor("", name, _KINDS[kind], office), None, outlet, country), splits)
        if kind != Kind.PERSON or together is None:
            return f"\t{key}"
        bare = parts(key)[2]
        return f"{'' if bare in together else bare}\t{key}"

    connection.create_function("country_code", 1, _country, deterministic=True)
    connection.create_function("actor_unit", 6, unit, deterministic=True)
    for statement in _BRING:
        connection.execute(statement)


def _together(store: Store, decided: Sequence[Decision]) -> set[str] | None:
    """Bare names of persons who are looked at together with all bodies, as a decision or an id ties them to another name; None: all persons.

    A person is joined with none of another name but by hand, so that otherwise a name at a time is enough.
    """
    keys = "SELECT key, id FROM actor_key"
    ids = {side for d in decided for side in ((d.first, d.second) if d.kind == "merge" else (d.first,))}
    moved = [(key, id) for key, id in store.connection.execute(keys) if key.startswith(_PERSON) and identity(key) != id]
    if not ids and not moved:
        return set()
    wanted = ids | {id for _, id in moved}
    names = {own: parts(key)[2] for key, _ in store.connection.execute(keys) if (own := identity(key)) in wanted}
    odd = [(key, id) for key, id in moved if names.get(id) != parts(key)[2]]
    if not names.keys() >= ids | {id for _, id in odd}:
        return None  # of what bears such an id the name is not known
    return {names[id] for id in ids} | {name for key, id in odd for name in (parts(key)[2], names[id])}


def _portions(rows: Iterable[tuple[Any, ...]]) -> Iterator[dict[str, Unit]]:
    """Units from rows of ``brought``, some parts at a time: all that is in no part of its own, then about ``_AT_ONCE`` actors."""
    waiting: list[tuple[str, Found]] = []

    def found(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, Found]]:
        for unit, document_id, name, kind, office, aliases, day, outlet, country in rows:
            others = () if aliases == "[]" else json.loads(aliases)
            key = unit[unit.index("\t") + 1 :]
            yield key, (document_id, name, _KINDS[kind], office, others, _day(day), outlet, country)

    for part, group in groupby(rows, lambda row: row[0][: row[0].index("\t")]):
        if not part:
            yield gather(found(group))
            continue
        waiting += found(group)
        if len(waiting) >= _AT_ONCE:
            yield gather(waiting)
            waiting = []
    if waiting:
        yield gather(waiting)


def _keep(store: Store, made: Iterable[Entry]) -> None:
    """Enter records, all but the actors that appear in them."""
    entries = iter(made)
    while some := list(islice(entries, _AT_ONCE)):
        _insert(store, "actor_record", ((e.id, e.name, e.kind.value, e.level, e.wilaya) for e in some))
        _insert(store, "temp.bearer", ((key, e.id) for e in some for key in e.keys))
        _insert(store, "actor_alias", ((e.id, alias) for e in some for alias in e.aliases))
        _insert(
            store,
            "tenure",
            ((e.id, t.office, _iso(t.first), _iso(t.last), t.documents) for e in some for t in e.tenures),
        )
        _insert(store, "actor_reason", ((e.id, reason) for e in some for reason in e.reasons))


def refresh(store: Store) -> None:
    """Build the register where documents came or went since it was built, as after a run that was cut off."""
    if store.connection.execute(_STALE).fetchone()[0]:
        rebuild(store)


def _insert(store: Store, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    if made := list(rows):
        store.connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(made[0]))})", made)


def _country(told: object) -> str:
    """The code of a country that the field of a document tells; empty where it is none."""
    code = str(told).strip()
    return code.lower() if COUNTRY.fullmatch(code) else ""


def _iso(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def entries(store: Store) -> list[Entry]:
    """The records as they were built, most documents first."""

    def lists(query: str) -> dict[str, list[Any]]:
        rows = store.connection.execute(query)
        return {name: [row[1:] for row in group] for name, group in groupby(rows, lambda row: str(row[0]))}

    aliases = lists("SELECT id, alias FROM actor_alias ORDER BY id, alias")
    actors = lists("SELECT id, document_id, actor_id FROM actor_document ORDER BY id, document_id, actor_id")
    tenures = lists("SELECT id, office, first, last, documents FROM tenure ORDER BY id, first IS NULL, first, office")
    reasons = lists("SELECT id, reason FROM actor_reason ORDER BY id, reason")
    keys = lists("SELECT id, key FROM actor_key ORDER BY id, key")
    found = [
        Entry(
            name,
            *(head, Kind(kind)),
            tuple(alias for (alias,) in aliases.get(name, ())),
            *(level, wilaya),
            tuple(dict.fromkeys(document for document, _ in actors.get(name, ()))),
            tuple(Tenure(office, _day(first), _day(last), n) for office, first, last, n in tenures.get(name, ())),
            tuple(reason for (reason,) in reasons.get(name, ())),
            tuple(key for (key,) in keys.get(name, ())),
            tuple(actor for _, actor in actors.get(name, ())),
        )
        for name, head, kind, level, wilaya in store.connection.execute(
            "SELECT id, name, kind, level, wilaya FROM actor_record"
        )
    ]
    return sorted(found, key=lambda e: (-len(e.documents), e.name, e.id))


def decisions(store: Store) -> list[Decided]:
    """What people decided, in their order."""
    query = "SELECT number, kind, first, second, note, about, rest, decided FROM actor_decision ORDER BY rowid"
    rows = store.connection.execute(query)
    return [
        Decided(number, Decision(kind, first, second, note), about, rest, decided)
        for number, kind, first, second, note, about, rest, decided in rows
    ]


def decide(store: Store, wanted: Sequence[Decision], about: str, rest: str = "") -> int:
    """Keep the decisions of one command and build the register with them; their number.

    ``about`` says to a reader what they are; ``rest`` is, of a split, a key of what stays.
    """
    with store.transaction():
        (number,) = store.connection.execute("SELECT 1 + coalesce(max(number), 0) FROM actor_decision").fetchone()
        _insert(
            store, "actor_decision", ((number, d.kind, d.first, d.second, d.note, about, rest, now()) for d in wanted)
        )
        rebuild(store)
    return int(number)


def undo(store: Store, number: int) -> Decided:
    """Take back the decisions of one command and build the register without them; the first of them.

    Raises :class:`TaalimatError` where there is no such number.
    """
    found = [d for d in decisions(store) if d.number == number]
    if not found:
        raise TaalimatError(f"there is no decision {number}; `taalimat actors decisions` lists them")
    with store.transaction():
        store.connection.execute("DELETE FROM actor_decision WHERE number = ?", (number,))
        rebuild(store)
    return found[0]
