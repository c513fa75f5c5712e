"""The register of actors across documents in the store: built from all actors, read back, and decisions about it.

It is derived: every build replaces it. What goes into the next build are the keys, which keep the ids of records, and the decisions.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from pipeline.actors.decisions import Decided
from pipeline.actors.register import Appearance, Decision, Entry, Tenure, build
from pipeline.errors import TaalimatError
from pipeline.store.sqlite import Store, now
from pipeline.types import Actor, Kind

_ACTORS = "SELECT document_id, actor_id, name, kind, office, aliases FROM actors ORDER BY document_id, actor_id"
_TOLD = "SELECT document_id, published, outlet, meta ->> '$.country' FROM documents"
COUNTRY = re.compile("[a-z]{2}", re.IGNORECASE)
"""The code of a country, as ``dz``."""

_STALE = """
SELECT EXISTS (SELECT 1 FROM actors WHERE actor_id NOT IN (SELECT actor_id FROM actor_document))
  OR EXISTS (SELECT 1 FROM actor_record WHERE id NOT IN (SELECT id FROM actor_document))
"""


def appearances(store: Store) -> list[Appearance]:
    """All actors of all documents, with the outlet as source and the country that the document's field ``country`` gives."""
    told = {}
    for document_id, day, outlet, country in store.connection.execute(_TOLD):
        code = str(country).strip()
        told[document_id] = _day(day), outlet or "", code.lower() if COUNTRY.fullmatch(code) else ""
    kinds = {kind.value: kind for kind in Kind}
    out = []
    for document_id, actor_id, name, kind, office, aliases in store.connection.execute(_ACTORS):
        others = () if aliases == "[]" else tuple(json.loads(aliases))
        actor = Actor(actor_id, name, kinds[kind], office, aliases=others)
        out.append(Appearance(document_id, actor, *told[document_id]))
    return out


def rebuild(store: Store) -> None:
    """Build the register anew from all documents and decisions. Records keep the ids of earlier builds."""
    with store.transaction():
        known = dict(store.connection.execute("SELECT key, id FROM actor_key"))
        found = appearances(store)
        entries = build(found, [d.decision for d in decisions(store)], known)
        for table in ("actor_alias", "actor_document", "tenure", "actor_reason", "actor_key", "actor_record"):
            store.connection.execute(f"DELETE FROM {table}")
        _insert(store, "actor_record", ((e.id, e.name, e.kind.value, e.level, e.wilaya) for e in entries))
        _insert(store, "actor_key", ((key, e.id) for e in entries for key in e.keys))
        _insert(store, "actor_alias", ((e.id, alias) for e in entries for alias in e.aliases))
        _insert(
            store,
            "tenure",
            ((e.id, t.office, _iso(t.first), _iso(t.last), t.documents) for e in entries for t in e.tenures),
        )
        _insert(store, "actor_reason", ((e.id, reason) for e in entries for reason in e.reasons))
        document_of = {appearance.actor.id: appearance.document_id for appearance in found}
        linked = sorted((actor, document_of[actor], e.id) for e in entries for actor in e.actors)  # as the keys stand
        _insert(store, "actor_document", linked)


def refresh(store: Store) -> None:
    """Build the register where documents came or went since it was built, as after a run that was cut off."""
    if store.connection.execute(_STALE).fetchone()[0]:
        rebuild(store)


def _insert(store: Store, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    if made := list(rows):
        store.connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(made[0]))})", made)


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
