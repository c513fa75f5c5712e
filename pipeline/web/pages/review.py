"""Corrections: accept, edit, reject, add, declare a statement complete; and the list of what was decided."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi import Query as Parameter
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pipeline.corrections.overlay import written
from pipeline.corrections.record import Json, RecordError, Typed, from_row, locate
from pipeline.corrections.store import MAX_AUTHOR, MAX_NOTE, Verdict, about_of, correct, place_of, places_of, recent
from pipeline.corrections.training import training
from pipeline.store.text import to_json
from pipeline.types import Force, Polarity
from pipeline.web.database import directives, document
from pipeline.web.marks import render, role_marks
from pipeline.web.site import Posted, Refused, Site, TheSite, first, form, link, remember_author

router = APIRouter()

PAGE = 50


@router.get("/corrections", response_class=HTMLResponse, summary="What people decided, newest first")
def corrections_page(request: Request, site: TheSite, offset: int = Parameter(0, ge=0, le=2**40)) -> HTMLResponse:
    """Every decision with who and when, and how it stands in the latest text."""
    with site.database.reading() as connection:
        found = recent(connection, PAGE + 1, offset)
        counts = dict(
            tuple(row)
            for row in connection.execute(
                "SELECT verdict, count(*) FROM correction_places JOIN corrections USING (correction_id) GROUP BY verdict"
            )
        )
    return site.html(
        request,
        "corrections.html",
        corrections=found[:PAGE],
        counts=counts,
        verdicts=[v for v in Verdict if v is not Verdict.WITHDRAW],
        previous=link("/corrections", offset=max(0, offset - PAGE)) if offset else None,
        following=link("/corrections", offset=offset + PAGE) if len(found) > PAGE else None,
    )


@router.get("/corrections/export", summary="Corrections as training data (gold form)")
def corrections_export(site: TheSite, partial: bool = False) -> Response:
    """One line a complete statement; with ``partial`` one for every statement with a correction."""
    with site.database.reading() as connection:
        body = "".join(to_json(record) + "\n" for record in training(connection, partial))
    headers = {"content-disposition": 'attachment; filename="corrections.gold.jsonl"'}
    return Response(body, media_type="application/jsonl; charset=utf-8", headers=headers)


@router.get("/edit", response_class=HTMLResponse, summary="The form for a record")
def edit_page(request: Request, site: TheSite, id: str = "", about: int = 0, document: str = "") -> HTMLResponse:
    """Edit record ``id`` or correction ``about``, or add one that the machine missed to ``document``."""
    shown = _form(site, id, about, document)
    return site.html(request, "edit.html", **shown, faults={}, **_choices(shown))


_FIELDS = (
    *(
        "document",
        "id",
        "about",
        "author",
        "note",
        "back",
        "trigger",
        "instruction",
        "issuer",
        "issuer_name",
        "deadline",
    ),
    *("addressees", "purposes", "recalled", "trigger_at", "instruction_at", "issuer_at", "deadline_at"),
)


@router.post(
    "/correct",
    response_class=HTMLResponse,
    summary="Keep a decision",
    openapi_extra=form(*_FIELDS, verdict=list(Verdict), force=list(Force), polarity=list(Polarity)),
)
async def correct_record(request: Request, site: TheSite, fields: Posted) -> Response:
    """Keep ``verdict`` on record ``id`` or correction ``about`` of ``document``, in the name of ``author``."""
    return await run_in_threadpool(_correct, request, site, fields)


def _correct(request: Request, site: Site, fields: dict[str, list[str]]) -> Response:
    name, author, note = first(fields, "document"), first(fields, "author").strip(), first(fields, "note").strip()
    directive_id = first(fields, "id") or None
    about = (
        int(first(fields, "about")) if first(fields, "about").isdecimal() and len(first(fields, "about")) < 18 else None
    )
    if first(fields, "verdict") not in set(Verdict):
        raise Refused(422, "fault_bad")
    verdict = Verdict(first(fields, "verdict"))
    if not author or len(author) > MAX_AUTHOR or len(note) > MAX_NOTE:
        raise Refused(422, "fault_author", most=MAX_AUTHOR, note=MAX_NOTE)
    record: Json | None = None
    if verdict in (Verdict.EDIT, Verdict.ADD):
        shown = _form(site, directive_id or "", about or 0, name)
        typed = _typed(fields)
        try:
            record = locate(shown["statement"]["text"], typed)
        except RecordError as error:
            shown["typed"] = typed
            return site.html(request, "edit.html", 422, **shown, faults=error.faults, **_choices(shown))
    with site.database.writing() as store:
        made = correct(store, name, verdict, author, directive_id=directive_id, about=about, record=record, note=note)
        (chain,) = store.connection.execute("SELECT about FROM corrections WHERE correction_id = ?", (made,)).fetchone()
        place = place_of(store.connection, chain)
    target = first(fields, "back")
    if not target.startswith("/") or target.startswith(("//", "/\\")):
        target = link("/document", id=name)
        if verdict is not Verdict.COMPLETE and place:
            target = (
                link("/directive", id=place.directive_id)
                if place.directive_id
                else link("/directive", about=place.about)
            )
        elif directive_id:
            target = link("/directive", id=directive_id)
    response = RedirectResponse(target, 303)
    remember_author(response, author)
    return response


def _form(site: Site, id: str, about: int, document_id: str) -> dict[str, Any]:
    """The statement, and the record to start from: as people wrote it last, else the machine's, else none."""
    if not about and (added := about_of(id)):
        id, about = "", added
    with site.database.reading() as connection:
        place = (
            place_of(connection, about) if 0 < about < 2**62 else places_of(connection, [id]).get(id) if id else None
        )
        row = (
            next((r for r in directives(connection, _document_of(connection, id)) if r["directive_id"] == id), None)
            if id
            else None
        )
        name = row["document_id"] if row else place.document_id if place else document_id
        statement = document(connection, name)
    if statement is None or (id and row is None) or (about and place is None):
        raise Refused(404, "fault_missing")
    record = written(place) or (place.record if place else None) or (from_row(row, statement["text"]) if row else None)
    return {
        "statement": statement,
        "id": id,
        "about": about or (place.about if place else 0),
        "is_new": record is None,
        "typed": _of_record(record) if record else Typed("", "", Force.ORDER, Polarity.DO),
        "text": render(statement["text"], role_marks(record, {}) if record else []),
    }


def _document_of(connection: Any, directive_id: str) -> str:
    row = connection.execute("SELECT document_id FROM directives WHERE directive_id = ?", (directive_id,)).fetchone()
    return str(row[0]) if row else ""


def _choices(shown: dict[str, Any]) -> dict[str, Any]:
    return {"verdict": Verdict.ADD if shown["is_new"] else Verdict.EDIT, "near": shown["typed"].near}


def _of_record(record: Json) -> Typed:
    one = {name: record[name] for name in ("trigger", "instruction", "issuer", "deadline") if record[name]}
    return Typed(
        **{name: one[name]["text"] if name in one else "" for name in ("trigger", "instruction", "issuer", "deadline")},
        force=record["force"],
        polarity=record["polarity"],
        issuer_name=record["issuer"]["name"] if record["issuer"] else "",
        addressees=[item["text"] for item in record["addressees"]],
        purposes=[item["text"] for item in record["purposes"]],
        recalled=record["recalled"],
        near={name: item["start"] for name, item in one.items()},
    )


def _typed(fields: dict[str, list[str]]) -> Typed:
    near = {}
    for name in ("trigger", "instruction", "issuer", "deadline"):
        place = first(fields, f"{name}_at")
        if place.isdecimal() and len(place) < 10:
            near[name] = int(place)
    return Typed(
        **{
            name: first(fields, name)
            for name in ("trigger", "instruction", "issuer", "deadline", "force", "polarity", "issuer_name")
        },
        addressees=first(fields, "addressees").splitlines(),
        purposes=first(fields, "purposes").splitlines(),
        recalled=first(fields, "recalled") == "1",
        near=near,
    )
