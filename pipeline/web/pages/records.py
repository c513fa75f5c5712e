"""One record: its statement with the roles marked, what spoke for it, who said what of it."""

from __future__ import annotations

import sqlite3
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from pipeline.corrections.overlay import overlay, written
from pipeline.corrections.record import Json, from_row
from pipeline.corrections.store import added_id, history, place_of, places_of
from pipeline.errors import TaalimatError
from pipeline.link.thread import Thread, thread_of
from pipeline.search.engine import directive
from pipeline.types import Span
from pipeline.web.database import Record, document, many, run
from pipeline.web.i18n import Words
from pipeline.web.marks import Mark, render, role_marks
from pipeline.web.site import Refused, TheSite
from pipeline.web.views import Named, addressees_of, issuer_of, title_of

router = APIRouter()


@router.get("/directive", response_class=HTMLResponse, summary="A directive with its evidence")
def directive_page(request: Request, site: TheSite, id: str = "", about: int = 0) -> HTMLResponse:
    """The page of the record ``id``, the machine's or one that a person added, or of what people wrote as correction ``about``."""
    return site.page(request, "directive.html", lambda connection, t: _directive(connection, t, id, about))


def _directive(connection: sqlite3.Connection, t: Words, id: str, about: int) -> dict[str, Any]:
    place = place_of(connection, about) if about and about < 2**62 else places_of(connection, [id]).get(id)
    name = place.directive_id if place else id
    hit = directive(connection, name or added_id(place.document_id, place.about) if place else id)
    if hit is None and (place is None or place.record is None):
        raise Refused(404, "fault_missing")
    row = dict(hit.row) if hit and name else None
    shown = overlay(hit.row, place) if hit else None
    statement = document(connection, row["document_id"] if row else place.document_id if place else "")
    if statement is None:
        raise Refused(404, "fault_missing")
    machine = from_row(row, statement["text"]) if row else None
    log = history(connection, place.about) if place else []
    others = _others(connection, row) if row else []
    made_by = run(connection, row["run_id"]) if row else None
    record = written(place) or machine or (place.record if place else None)
    assert record
    return {
        "row": row,
        "shown": shown,
        "thread": _thread(connection, name) if row and name else None,
        "statement": statement,
        "heading": title_of(statement["title"], statement["text"], statement["document_id"]),
        "record": record,
        "is_edited": written(place) is not None,
        "machine": machine,
        "place": place,
        "log": log,
        "others": others,
        "run": made_by,
        "issuer": _issuer(record, shown),
        "addressees": _addressees(record, shown),
        "text": render(statement["text"], _marks(record, row, t)),
        "evidence": _evidence(row, statement["text"]),
    }


def _thread(connection: Any, name: str) -> Thread | None:
    """The thread that a directive is in; None where it is not linked, or to nothing."""
    try:
        found = thread_of(connection, name)
    except TaalimatError:
        return None
    return found if len(found.entries) > 1 else None


def _issuer(record: Json, shown: Record | None) -> Named | None:
    if shown:
        return issuer_of(shown)
    return Named(record["issuer"]["name"]) if record["issuer"] else None


def _addressees(record: Json, shown: Record | None) -> list[Named]:
    if shown:
        return addressees_of(shown)
    return [Named(item["text"]) for item in record["addressees"]]


def _marks(record: Json, row: Record | None, t: Any) -> list[Mark]:
    labels = {
        role: t(f"tag_{role}")
        for role in ("trigger", "issuer", "addressee", "instruction", "deadline", "purpose", "place")
    }
    marks = role_marks(record, labels)
    for start, end in (row["spans"].get("places") or []) if row else []:
        marks.append(Mark(Span(start, end), "place", labels["place"]))
    first = min((m for m in marks if m.role == "instruction"), key=lambda m: m.span.start)
    return [Mark(m.span, m.role, m.label, "instruction") if m is first else m for m in marks]


def _evidence(row: Record | None, text: str) -> list[dict[str, Any]]:
    """What spoke for and against, the weightiest first, each with its words and the share of the weightiest."""
    found = (row["evidence"] or []) if row else []
    most = max((abs(e["weight"]) for e in found), default=1.0) or 1.0
    return [
        {
            **e,
            "words": " ".join(text[e["start"] : e["end"]].split()),
            "share": max(1, round(10 * abs(e["weight"]) / most)),
        }
        for e in sorted(found, key=lambda e: -e["weight"])
    ]


def _others(connection: Any, row: Record) -> list[Record]:
    """The other places where the statement says the same instruction."""
    return many(
        connection,
        'SELECT directive_id, "trigger", instruction, force, "start" FROM directives WHERE document_id = ? AND repeats = ? AND directive_id <> ? ORDER BY "start"',
        (row["document_id"], row["repeats"], row["directive_id"]),
    )
