"""Statements: a list, and one with all its records marked."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from pipeline.corrections.anchor import State
from pipeline.corrections.overlay import written
from pipeline.corrections.record import Json, from_row
from pipeline.corrections.store import Place, Verdict, places
from pipeline.types import Span
from pipeline.web.database import Record, directives, document, many, run
from pipeline.web.i18n import Words
from pipeline.web.marks import Mark, render
from pipeline.web.site import Refused, TheSite, link
from pipeline.web.views import title_of

router = APIRouter()

PAGE = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in the list beside a statement. ``directive_id`` is None for what the machine does not find."""

    number: int
    record: Json
    directive_id: str | None
    place: Place | None
    due: str | None
    repeats: bool

    @property
    def link(self) -> str:
        """Its page."""
        return (
            link("/directive", id=self.directive_id)
            if self.directive_id
            else link("/directive", about=self.place.about if self.place else 0)
        )

    @property
    def verdict(self) -> str:
        """What was decided, or an empty string."""
        return self.place.verdict.value if self.place else ""


def entries(
    rows: list[Record], placed: list[Place], text: str, due: Mapping[int, str] = MappingProxyType({})
) -> list[Entry]:
    """The records of a statement in the order of the text: the machine's, as people corrected them, and what people added, whose last days are in
    ``due`` by the number of the correction."""
    by_directive = {p.directive_id: p for p in placed if p.directive_id}
    found: list[tuple[Json, str | None, Place | None, str | None, bool]] = []
    for row in rows:
        place = by_directive.get(row["directive_id"])
        found.append(
            (
                written(place) or from_row(row, text),
                row["directive_id"],
                place,
                row["due"],
                row["repeats"] != row["directive_id"],
            )
        )
    unfound = [p for p in placed if p.record and not p.directive_id and p.verdict is not Verdict.REJECT]
    found += [(p.record, None, p, due.get(p.about), False) for p in unfound if p.record]
    found.sort(key=lambda item: (item[0]["instruction"]["start"], item[0]["trigger"]["start"]))
    return [Entry(number, *item) for number, item in enumerate(found, 1)]


def marks(listed: list[Entry]) -> list[Mark]:
    """All parts of all records; instructions lead to their pages and carry their numbers. Rejected records are not marked."""
    out: dict[tuple[Span, str], Mark] = {}
    for entry in listed:
        if entry.verdict == Verdict.REJECT:
            continue
        r = entry.record
        items = [("trigger", r["trigger"]), ("issuer", r["issuer"]), ("deadline", r["deadline"])]
        items += [("addressee", i) for i in r["addressees"]] + [("purpose", i) for i in r["purposes"]]
        for role, item in items:
            if item:
                span = Span(item["start"], item["end"])
                out.setdefault((span, role), Mark(span, role))
        span = Span(r["instruction"]["start"], r["instruction"]["end"])
        out.setdefault(
            (span, "instruction"), Mark(span, "instruction", str(entry.number), f"m{entry.number}", entry.link)
        )
    return list(out.values())


@router.get("/document", response_class=HTMLResponse, summary="A statement with its records")
def document_page(request: Request, site: TheSite, id: str = "") -> HTMLResponse:
    """The statement with all its records marked, and what people said of them."""
    return site.page(request, "document.html", lambda connection, t: _document(connection, id))


def _document(connection: sqlite3.Connection, id: str) -> dict[str, Any]:
    statement = document(connection, id)
    if statement is None:
        raise Refused(404, "fault_missing")
    rows = directives(connection, id)
    placed = places(connection, id)
    people = _actors(connection, id)
    dates = many(
        connection, 'SELECT text, type, value, role, note FROM dates WHERE document_id = ? ORDER BY "start"', (id,)
    )
    versions = many(connection, "SELECT version, published FROM versions WHERE document_id = ? ORDER BY version", (id,))
    made_by = run(connection, statement["run_id"])
    added = connection.execute("SELECT about, due FROM added_view WHERE document_id = ?", (id,))
    listed = entries(rows, placed, statement["text"], dict(tuple(row) for row in added))
    return {
        "statement": statement,
        "heading": title_of(statement["title"], statement["text"], id),
        "entries": listed,
        "rejected": [e for e in listed if e.verdict == Verdict.REJECT],
        "lost": [p for p in placed if p.state is State.LOST and p.verdict is not Verdict.COMPLETE],
        "complete": next((p for p in placed if p.verdict is Verdict.COMPLETE), None),
        "text": render(statement["text"], marks(listed)),
        "actors": people,
        "dates": dates,
        "versions": versions,
        "run": made_by,
    }


def _actors(connection: sqlite3.Connection, document_id: str) -> list[Record]:
    sql = """SELECT a.name, a.kind, a.office, l.id AS record FROM actors AS a LEFT JOIN actor_document AS l USING (actor_id)
      WHERE a.document_id = ? ORDER BY a.rowid"""
    return many(connection, sql, (document_id,))


@router.get("/documents", response_class=HTMLResponse, summary="The statements of the store")
def documents_page(
    request: Request,
    site: TheSite,
    title: str = Query("", max_length=200),
    offset: int = Query(0, ge=0, le=2**40),
) -> HTMLResponse:
    """Statements, newest first; ``title`` restricts to those whose title, outlet or first words hold it."""
    return site.page(request, "documents.html", lambda connection, t: _documents(connection, t, title, offset))


def _documents(connection: sqlite3.Connection, t: Words, title: str, offset: int) -> dict[str, Any]:
    where, values = "", {"limit": PAGE, "offset": offset, "like": _like(title)}
    if title.strip():
        where = "WHERE title LIKE :like ESCAPE '\\' OR outlet LIKE :like ESCAPE '\\' OR substr(text, 1, 200) LIKE :like ESCAPE '\\' OR document_id LIKE :like ESCAPE '\\'"
    (total,) = connection.execute(f"SELECT count(*) FROM documents {where}", values).fetchone()
    found = many(
        connection,
        f"""SELECT document_id, title, published, outlet, substr(text, 1, 300) AS beginning, words,
          (SELECT count(*) FROM directives AS d WHERE d.document_id = documents.document_id) AS directives
          FROM documents {where} ORDER BY published DESC, document_id LIMIT :limit OFFSET :offset""",
        values,
    )
    for row in found:
        row["heading"] = title_of(row["title"], row["beginning"], row["document_id"])
    pairs: list[tuple[str, str]] = [("title", title)] if title else []
    return {
        "documents": found,
        "total": total,
        "title": title,
        "offset": offset,
        "heading": t("documents"),
        "previous": link("/documents", pairs, offset=max(0, offset - PAGE)) if offset else None,
        "following": link("/documents", pairs, offset=offset + PAGE) if offset + PAGE < total else None,
    }


def _like(words: str) -> str:
    escaped = words.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
