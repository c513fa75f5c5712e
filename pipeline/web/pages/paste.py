"""A statement that is pasted: its records at once, kept nowhere."""

from __future__ import annotations

import datetime
import threading
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from pipeline.corrections.record import from_row
from pipeline.errors import TaalimatError
from pipeline.ingest.fields import fault_of, parse_date
from pipeline.pipeline import analyze
from pipeline.store.rows import Rows, to_rows
from pipeline.store.schema import Part
from pipeline.types import Analysis
from pipeline.web.i18n import words
from pipeline.web.marks import Mark, render
from pipeline.web.pages.documents import Entry, marks
from pipeline.web.settings import MAX_PASTE
from pipeline.web.site import Posted, TheSite, first, form, language_of

router = APIRouter()

_turn = threading.Semaphore(2)
"""Statements analysed at once."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was asked, and what came of it."""

    text: str
    published: str
    analysis: Analysis | None = None
    rows: Rows | None = None
    fault: str = ""


def analysed(text: str, published: str) -> Pasted:
    """The records of a text. What cannot be read is told in ``fault``: a key of the words, or a message."""
    text = text.replace("\r\n", "\n")
    if not text.strip():
        return Pasted(text, published, fault="fault_empty")
    if len(text) > MAX_PASTE:
        return Pasted(text[:MAX_PASTE], published, fault="fault_paste_large")
    if fault := fault_of(text):
        return Pasted(text, published, fault=fault)
    day: datetime.date | None = None
    if published.strip():
        try:
            day = parse_date(published)
        except ValueError:
            return Pasted(text, published, fault="fault_date")
    with _turn:
        try:
            analysis = analyze(text, day)
        except TaalimatError as error:
            return Pasted(text, published, fault=str(error))
    return Pasted(text, published, analysis, to_rows(analysis))


@router.get("/analyse", response_class=HTMLResponse, summary="The box for a statement")
def paste_page(request: Request, site: TheSite) -> HTMLResponse:
    """An empty box."""
    return site.html(request, "paste.html", **_context(Pasted("", ""), request))


@router.post(
    "/analyse",
    response_class=HTMLResponse,
    summary="The records of a pasted statement",
    openapi_extra=form("text", "published"),
)
async def paste(request: Request, site: TheSite, fields: Posted) -> HTMLResponse:
    """Analyse ``text``, published on ``published``. Nothing is kept."""
    found = await run_in_threadpool(analysed, first(fields, "text"), first(fields, "published"))
    name = "_pasted.html" if request.headers.get("x-part") else "paste.html"
    return await run_in_threadpool(site.html, request, name, 422 if found.fault else 200, **_context(found, request))


def _context(found: Pasted, request: Request) -> dict[str, Any]:
    t = words(language_of(request))
    rows = found.rows.records[Part.DIRECTIVES] if found.rows else []
    entries = [
        Entry(number, from_row(row, found.text), None, None, row["due"], row["repeats"] != row["directive_id"])
        for number, row in enumerate(rows, 1)
    ]
    return {
        "pasted": found,
        "fault": t(found.fault) if t.has(found.fault) else found.fault,
        "entries": entries,
        "dates": found.rows.records[Part.DATES] if found.rows else [],
        "actors": found.rows.records[Part.ACTORS] if found.rows else [],
        "text": render(found.text, _unlinked(marks(entries))) if found.analysis else "",
    }


def _unlinked(found: list[Mark]) -> list[Mark]:
    return [Mark(m.span, m.role, m.label, m.anchor, f"#r{m.anchor[1:]}" if m.anchor else "") for m in found]
