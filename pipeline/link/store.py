"""Items, links and decisions in the store, and the index by which candidates are found.

An item is kept with the row of its document: when a document is replaced, its items and links go with it and are made anew.
Decisions of people name directives, not rows, and so outlive that.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.errors import TaalimatError
from pipeline.link.items import day_of, directives
from pipeline.link.types import Issuer, Item, ItemKind, Link, Relation
from pipeline.link.words import weight
from pipeline.store.sqlite import Store, now
from pipeline.store.text import to_json
from pipeline.types import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.model.encoder import Encoder

_DIRECTIVES = """
SELECT d.directive_id, d.document_id, d.act_id, d.instruction, d.start, d."end", d.trigger, d.force, d.polarity, d.issuer, d.issuer_mention, d.addressees,
  d.deadline, d.due, d.issued_on, d.recalled, d.repeats, d.spans, d.confidence, doc.text, doc.title, doc.published AS day, doc.meta ->> '$.country' AS country,
  actors.kind, actors.office, actors.organisation, link.id AS record
FROM directives AS d JOIN documents AS doc USING (document_id)
LEFT JOIN actors ON actors.actor_id = d.issuer_id LEFT JOIN actor_document AS link ON link.actor_id = d.issuer_id
WHERE d.document_id = ? ORDER BY d.start
"""
_ITEM = 'item_id, document_id, kind, start, "end", text, day, fold, features'
READ = f"{_ITEM}, (SELECT vector FROM link_vector AS v WHERE v.item_id = link_item.item_id)"
_T = TypeVar("_T")
SIGNS = {ItemKind.DIRECTIVE: "", ItemKind.REPORT: "!", ItemKind.REFERENCE: "^"}
"""What the keys of an item's words in the index begin with."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided about two directives: ``confirm`` or ``cut``."""

    number: int
    verdict: str
    first: str
    second: str
    note: str
    decided: str


def pending(store: Store) -> list[str]:
    """Documents that were not linked yet, or were replaced since, in order of time."""
    query = """SELECT document_id FROM documents WHERE document_id NOT IN (SELECT document_id FROM link_document)
      ORDER BY published IS NULL, published, document_id"""
    return [name for (name,) in store.connection.execute(query)]


def unlinked(store: Store, names: Sequence[str]) -> list[str]:
    """Those of some documents that were not linked yet, in their order."""
    linked = f"SELECT document_id FROM link_document WHERE document_id IN ({', '.join('?' * len(names))})"
    done = {name for (name,) in store.connection.execute(linked, names)}
    return [name for name in names if name not in done]


def forget(store: Store) -> None:
    """Drop all items and links; decisions stay."""
    for table in ("links", "link_word", "link_item", "link_document", "link_prior", "link_settled"):
        store.connection.execute(f"DELETE FROM {table}")


def directives_of(store: Store, document_id: str) -> list[Item]:
    """The directives of a document as items; those of a document without a date have the last day that it tells of as past."""
    cursor = store.connection.execute(_DIRECTIVES, (document_id,))
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, values, strict=True)) for values in cursor]
    told = last_day(store, document_id) if any(not row["day"] for row in rows) else None
    found = list(directives({**row, "day": row["day"] or told} for row in rows))
    if not any(item.recalled for item in found):
        return found
    days = days_of(store, document_id)
    return [replace(item, named=_named(item, days)) if item.recalled else item for item in found]


def _named(item: Item, days: Iterable[tuple[Span, datetime.date]]) -> datetime.date | None:
    """The past day nearest before, or just behind, a recalled instruction."""
    near = [(abs(item.start - span.end), day) for span, day in days if -60 <= item.start - span.end <= 200]
    return min((pair for pair in near if not item.day or pair[1] < item.day), default=(0, None))[1]


def days_of(store: Store, document_id: str) -> list[tuple[Span, datetime.date]]:
    """The single calendar days that a document names, with their places."""
    query = "SELECT start, \"end\", latest FROM dates WHERE document_id = ? AND type = 'DATE' AND earliest = latest ORDER BY start"
    found = store.connection.execute(query, (document_id,))
    return [(Span(start, end), datetime.date.fromisoformat(day)) for start, end, day in found]


def statement_of(store: Store, day: datetime.date, sector: Iterable[str], but: str) -> str | None:
    """A statement dated a day, not ``but``, whose issuers share an office or body with ``sector``; None where there is none."""
    query = """SELECT i.document_id, i.features FROM link_item AS i JOIN directives AS d ON d.directive_id = i.item_id
      JOIN documents AS doc ON doc.document_id = i.document_id
      WHERE i.day = ? AND coalesce(d.issued_on, doc.published) = i.day AND i.document_id <> ? ORDER BY i.item"""
    own = set(sector)
    for name, features in store.connection.execute(query, (day.isoformat(), but)):
        if own & set(json.loads(features)["issuer"][2]):
            return str(name)
    return None


def last_day(store: Store, document_id: str) -> str | None:
    """The start of the last past day or period that a document without a date names: it is no older."""
    query = """SELECT max(earliest) FROM dates WHERE document_id = ? AND type = 'DATE' AND role IN ('event', 'reference', 'publication')
      AND earliest <= date('now') AND julianday(latest) - julianday(earliest) < 200"""
    return store.connection.execute(query, (document_id,)).fetchone()[0]  # type: ignore[no-any-return]


def save_items(store: Store, items: Iterable[Item]) -> None:
    """Keep items and index their words."""
    for item in items:
        features = {
            "head": item.head,
            "groups": sorted(item.groups),
            "acts": sorted(item.acts),
            "object": list(item.object),
            "context": list(item.context),
            "event": item.event,
            "issuer": [
                item.issuer.record,
                item.issuer.person,
                sorted(item.issuer.sector),
                item.issuer.above,
                sorted(item.issuer.rank),
            ],
            "addressees": sorted(item.addressees),
            "confidence": item.confidence,
            "country": item.country,
            "force": item.force,
            "polarity": item.polarity,
            "recalled": item.recalled,
            "deadline": item.deadline,
            "due": day_text(item.due),
            "named": day_text(item.named),
        }
        values = (
            *(item.id, item.document_id, item.kind.value, item.start, item.end, item.text),
            *(day_text(item.day), item.fold, to_json(features)),
        )
        insert = f"INSERT INTO link_item ({_ITEM}, thread) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        row = store.connection.execute(insert, (*values, item.id)).lastrowid
        sign = SIGNS[item.kind]
        keys = sorted({*(f"{sign}{key}" for key in item.object), *(f"{sign}@{key}" for key in item.issuer.sector)})
        store.connection.executemany("INSERT INTO link_word VALUES (?, ?)", ((key, row) for key in keys))


def item_of(row: Sequence[Any]) -> Item:
    """An item from the columns of :data:`READ`."""
    item_id, document_id, kind, start, end, text, day, fold, features, vector = row
    f = json.loads(features)
    record, person, sector, above, *rank = f["issuer"]
    return Item(
        *(item_id, document_id, ItemKind(kind), start, end, text, day_of(day), fold),
        *(f["head"], frozenset(f["groups"]), frozenset(f["acts"])),
        {key: weight(key) for key in f["object"]},
        {key: weight(key) for key in f["context"]},
        Relation(f["event"]) if f["event"] else None,
        Issuer(record, person, frozenset(sector), above, frozenset(*rank)),
        frozenset(f["addressees"]),
        f["confidence"],
        *(f["country"], f["force"], f["polarity"], f["recalled"], f["deadline"]),
        day_of(f["due"]),
        day_of(f["named"]),
        _vector(vector),
    )


def _vector(stored: bytes | None) -> NDArray[np.float32] | None:
    if stored is None:
        return None
    import numpy as np

    return np.frombuffer(stored, np.float16).astype(np.float32)


def items_of(store: Store, ids: Iterable[str]) -> dict[str, Item]:
    """Items by id; those that are not there are left out."""
    wanted = to_json(sorted(set(ids)))
    query = f"SELECT {READ} FROM link_item WHERE item_id IN (SELECT value FROM json_each(?))"
    return {row[0]: item_of(row) for row in store.connection.execute(query, (wanted,))}


def with_vectors(store: Store, items: Iterable[Item], encoder: Encoder) -> dict[str, Item]:
    """Items by id with their vectors: those they have, the others made now and kept."""
    out = {item.id: item for item in items}
    missing = sorted(name for name, item in out.items() if item.vector is None)
    if missing:
        made = encoder.embed([out[name].text for name in missing]).astype("float16")
        keep = [(name, encoder.id, vector.tobytes()) for name, vector in zip(missing, made, strict=True)]
        store.connection.executemany("INSERT OR REPLACE INTO link_vector VALUES (?, ?, ?)", keep)
        out |= {name: replace(out[name], vector=_vector(vector)) for name, _, vector in keep}
    return out


def save_links(store: Store, links: Iterable[Link]) -> None:
    """Keep links; one between the same two items is replaced."""
    insert = (
        "INSERT OR REPLACE INTO links (earlier, later, score, relation, reason, evidence) VALUES (?, ?, ?, ?, ?, ?)"
    )
    store.connection.executemany(insert, ((*link.row, to_json(link.evidence)) for link in links))


def links_of(store: Store, ids: Iterable[str]) -> dict[tuple[str, str], float]:
    """The scores of all links among some items."""
    own = set(ids)
    wanted = to_json(sorted(own))
    query = "SELECT earlier, later, score FROM links WHERE earlier IN (SELECT value FROM json_each(?))"
    return {(a, b): s for a, b, s in store.connection.execute(query, (wanted,)) if b in own}


def neighbours(store: Store, ids: Iterable[str], score: float) -> set[str]:
    """All items that links, those of a score at least, or decisions lead to from some, however far."""
    seen: set[str] = set()
    todo = set(ids)
    while todo:
        seen |= todo
        wanted = to_json(sorted(todo))
        query = """SELECT later FROM links WHERE earlier IN (SELECT value FROM json_each(?1)) AND score >= ?2
          UNION SELECT earlier FROM links WHERE later IN (SELECT value FROM json_each(?1)) AND score >= ?2
          UNION SELECT second FROM link_decision WHERE verdict = 'confirm' AND first IN (SELECT value FROM json_each(?1))
          UNION SELECT first FROM link_decision WHERE verdict = 'confirm' AND second IN (SELECT value FROM json_each(?1))
          UNION SELECT item_id FROM link_item WHERE thread IN (SELECT value FROM json_each(?1))"""
        todo = {name for (name,) in store.connection.execute(query, (wanted, score))} - seen
    return seen


def linked(store: Store) -> list[str]:
    """Items that have a link, or are in a thread with others."""
    query = "SELECT earlier FROM links UNION SELECT later FROM links UNION SELECT item_id FROM link_item WHERE thread <> item_id"
    return [name for (name,) in store.connection.execute(query)]


def orphans(store: Store) -> list[str]:
    """Items whose thread lost the item it is named after."""
    query = "SELECT item_id FROM link_item AS i WHERE NOT EXISTS (SELECT 1 FROM link_item WHERE item_id = i.thread)"
    return [name for (name,) in store.connection.execute(query)]


def save_thread(store: Store, members: Sequence[tuple[str, str | None, str]]) -> None:
    """Write a thread: ids in the order of time, each with its relation to the instruction before it and why. It is named after the first."""
    thread = members[0][0]
    update = "UPDATE link_item SET thread = ?, relation = ?, why = ? WHERE item_id = ?"
    store.connection.executemany(update, ((thread, relation, why, name) for name, relation, why in members))


def decisions(store: Store) -> list[Decided]:
    """What people decided about links, in their order."""
    rows = store.connection.execute(
        "SELECT number, verdict, first, second, note, decided FROM link_decision ORDER BY number"
    )
    return [Decided(*row) for row in rows]


def decide(store: Store, verdict: str, first: str, second: str, note: str = "") -> int:
    """Keep that two directives say one instruction (``confirm``) or not (``cut``), in place of what was decided of them before; its number.

    Raises :class:`TaalimatError` where one of them is not in the store, or both are one.
    """
    for name in (first, second):
        if not items_of(store, [name]):
            raise TaalimatError(
                f"{name}: no directive or report of this store has that id; `taalimat thread list` shows ids"
            )
    if first == second:
        raise TaalimatError(f"{first}: give two ids")
    a, b = sorted((first, second))
    store.connection.execute("DELETE FROM link_decision WHERE first = ? AND second = ?", (a, b))
    insert = "INSERT INTO link_decision (verdict, first, second, note, decided) VALUES (?, ?, ?, ?, ?)"
    return int(store.connection.execute(insert, (verdict, a, b, note, now())).lastrowid or 0)


def undo(store: Store, number: int) -> Decided:
    """Take a decision back. Raises :class:`TaalimatError` where there is none of that number."""
    found = [d for d in decisions(store) if d.number == number]
    if not found:
        raise TaalimatError(f"there is no decision {number}; `taalimat thread decisions` lists them")
    store.connection.execute("DELETE FROM link_decision WHERE number = ?", (number,))
    return found[0]


def chunks(names: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    """Stretches of a list."""
    for at in range(0, len(names), size):
        yield names[at : at + size]


def day_text(day: datetime.date | None) -> str | None:
    """A day as the store writes it."""
    return day.isoformat() if day else None
