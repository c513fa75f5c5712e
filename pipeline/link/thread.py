"""A thread as people read it: its entries in order of time, what became of it, and statistics over all threads.

Everything is read from the view ``thread_view``; :data:`STATISTICS` is SQL that any client can run.
"""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.errors import TaalimatError
from pipeline.link.items import day_of
from pipeline.link.relation import BANDS
from pipeline.types import Force

STATISTICS = {
    "repeated": """
SELECT thread, sum(kind = 'directive') AS times, count(DISTINCT document_id) AS statements, min(day) AS first, max(day) AS last,
  max(relation = 'executed') AS executed, max(relation = 'withdrawn') AS withdrawn,
  (SELECT text FROM link_item WHERE item_id = t.thread) AS instruction
FROM thread_view AS t WHERE relation IS NOT 'copied' GROUP BY thread HAVING statements > 1 ORDER BY statements DESC, times DESC, thread
""",
    "open": """
SELECT thread, julianday(coalesce(:today, date('now'))) - julianday(min(day)) AS days, min(day) AS first, max(day) AS last, max(due) AS due,
  count(DISTINCT document_id) AS statements, (SELECT text FROM link_item WHERE item_id = t.thread) AS instruction
FROM thread_view AS t WHERE relation IS NOT 'copied' GROUP BY thread
HAVING max(coalesce(relation IN ('executed', 'withdrawn'), 0)) = 0 AND statements > 1 ORDER BY days DESC, thread
""",
    "overdue": """
SELECT thread, max(due) AS due, julianday(coalesce(:today, date('now'))) - julianday(max(due)) AS days,
  count(DISTINCT document_id) AS statements, (SELECT text FROM link_item WHERE item_id = t.thread) AS instruction
FROM thread_view AS t WHERE relation IS NOT 'copied' GROUP BY thread
HAVING max(coalesce(relation IN ('executed', 'withdrawn'), 0)) = 0 AND max(due) < coalesce(:today, date('now')) ORDER BY days DESC, thread
""",
    "tone": """
SELECT issuer, substr(day, 1, 7) AS month, sum(force IN ('order', 'demand')) AS binding, sum(force IN ('insist', 'urge')) AS pressing,
  sum(force IN ('call', 'emphasise', 'recommend')) AS soft, sum(relation = 'tightened') AS tightened, count(*) AS directives
FROM thread_view WHERE kind = 'directive' AND day IS NOT NULL AND relation IS NOT 'copied' GROUP BY issuer, month ORDER BY issuer, month
""",
}
"""Statistics by name: most repeated instructions; longest without a report that they were carried out; overdue; tone of each issuer by month.

``:today`` is the day they are asked for; where it is NULL, the present day.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One place where an instruction is given, recalled or reported on. ``start`` and ``end`` count code points of the document's text."""

    item_id: str
    kind: str
    day: datetime.date | None
    day_known: bool
    """False where the statement has no date: ``day`` is then the last one that it names, and it is no older."""
    relation: str | None
    why: str
    text: str
    start: int
    end: int
    force: str | None
    trigger: str | None
    issuer: str | None
    addressees: tuple[str, ...]
    deadline: str | None
    due: datetime.date | None
    document_id: str
    title: str | None
    published: datetime.date | None
    source: str | None
    days: int | None
    """Days since the entry before."""
    late: int | None
    """Of a report, or a repetition: days since the last limit that was set, where it had run out."""


@dataclass(frozen=True, slots=True)
class Thread:
    """An instruction through time."""

    id: str
    entries: tuple[Entry, ...]

    @property
    def state(self) -> str:
        """``executed`` or ``withdrawn`` where the last word on it says so, else ``open``."""
        told = [e.relation for e in self.entries if e.kind != "reference" and e.relation not in ("recalls", "copied")]
        return told[-1] if told and told[-1] in ("executed", "withdrawn") else "open"

    @property
    def escalation(self) -> tuple[int, ...]:
        """The band of the force of each instruction given, 1 (call, emphasise, recommend) to 3 (order, demand)."""
        return tuple(BANDS[Force(e.force)] for e in self.entries if e.force and e.relation not in ("recalls", "copied"))

    def overdue(self, today: datetime.date) -> int | None:
        """Days since the last limit ran out with nothing reported; None where there is no limit, it is to come, or the thread is closed."""
        limits = [e.due for e in self.entries if e.due]
        if self.state != "open" or not limits or limits[-1] >= today:
            return None
        return (today - limits[-1]).days


def thread_of(connection: sqlite3.Connection, item_id: str) -> Thread:
    """The thread that a directive or report is in; alone in it where nothing is linked to it.

    Raises :class:`TaalimatError` where the store has no such directive or has not linked it yet.
    """
    found = connection.execute("SELECT thread FROM link_item WHERE item_id = ?", (item_id,)).fetchone()
    if found is None:
        known = connection.execute("SELECT 1 FROM directives WHERE directive_id = ?", (item_id,)).fetchone()
        raise TaalimatError(
            f"{item_id}: not linked yet; run `taalimat link`"
            if known
            else f"{item_id}: no directive of this store has that id"
        )
    return thread(connection, found[0])


def thread(connection: sqlite3.Connection, thread_id: str) -> Thread:
    """A thread by its id, which is that of its first directive."""
    names = 'item_id, kind, day, day_known, relation, why, text, start, "end", force, trigger, issuer, addressees, deadline, due, document_id, title, published, source'
    query = f"SELECT {names} FROM thread_view WHERE thread = ? ORDER BY day IS NULL, day, kind <> 'reference', document_id, start"
    entries: list[Entry] = []
    due: datetime.date | None = None
    for row in connection.execute(query, (thread_id,)):
        v = dict(zip(names.replace('"', "").split(", "), row, strict=True))
        day, before = day_of(v["day"]), entries[-1].day if entries else None
        late = (day - due).days if day and due and day > due and v["day_known"] else None
        v.update(
            day=day,
            day_known=bool(v["day_known"]),
            why=v["why"] or "",
            addressees=tuple(json.loads(v["addressees"] or "[]")),
            due=day_of(v["due"]),
            published=day_of(v["published"]),
            days=(day - before).days if day and before else None,
            late=late,
        )
        entries.append(Entry(**v))
        due = entries[-1].due or due
    return Thread(thread_id, tuple(entries))


def links_of(connection: sqlite3.Connection, item_id: str) -> list[dict[str, Any]]:
    """The links of an item, the surest first: the other's id and text, score, relation, reason, evidence, and whether both are in one thread."""
    query = """SELECT o.item_id, o.text, k.score, k.relation, k.reason, k.evidence, o.thread = i.thread AS one
      FROM links AS k JOIN link_item AS i ON i.item_id = ?1 JOIN link_item AS o ON o.item_id = iif(k.earlier = ?1, k.later, k.earlier)
      WHERE k.earlier = ?1 OR k.later = ?1 ORDER BY k.score DESC, o.item_id"""
    names = ("item_id", "text", "score", "relation", "reason", "evidence", "one_thread")
    rows = connection.execute(query, (item_id,))
    out = [dict(zip(names, row, strict=True)) for row in rows]
    return [{**row, "evidence": json.loads(row["evidence"]), "one_thread": bool(row["one_thread"])} for row in out]


def statistic(
    connection: sqlite3.Connection, name: str, today: datetime.date | None = None, limit: int = 20
) -> tuple[Sequence[str], list[tuple[Any, ...]]]:
    """Columns and first rows of one of :data:`STATISTICS`. Raises :class:`TaalimatError` where there is none of that name."""
    if name not in STATISTICS:
        raise TaalimatError(f"there is no statistic {name!r}; there are {', '.join(STATISTICS)}")
    query = f"SELECT * FROM ({STATISTICS[name]}) LIMIT :limit"
    cursor = connection.execute(query, {"today": today.isoformat() if today else None, "limit": limit})
    return [column[0] for column in cursor.description], cursor.fetchall()
