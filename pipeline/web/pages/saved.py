"""Standing questions: searches that are kept, each with a feed of what is new in it."""

from __future__ import annotations

import re
import secrets
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pipeline.resources import code_version
from pipeline.search.engine import Results, search
from pipeline.search.query import Query
from pipeline.store.sqlite import now
from pipeline.web.asked import TheQuery
from pipeline.web.database import many, one
from pipeline.web.i18n import Words, words
from pipeline.web.site import Posted, Refused, Site, TheSite, first, form, language_of, link, remember_author
from pipeline.web.views import Card, cards

router = APIRouter()

MAX_NAME = 120
"""Characters of the name of a saved search, at most."""

_ENTRIES = 50
_ATOM = "http://www.w3.org/2005/Atom"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@router.get("/saved", response_class=HTMLResponse, summary="Saved searches")
def saved_page(request: Request, site: TheSite) -> HTMLResponse:
    """The saved searches, each with the number of its results and its feed."""
    with site.database.reading() as connection:
        found = many(connection, "SELECT * FROM saved_searches ORDER BY made DESC, search_id")
        for row in found:
            query = Query.from_params(parse_qsl(row["query"]))
            row["total"] = search(connection, replace(query, limit=0)).total
            row["link"] = link("/", query.to_params())
    return site.html(request, "saved.html", searches=found)


@router.post(
    "/saved",
    summary="Save a search",
    response_class=RedirectResponse,
    openapi_extra=form("name", "query", "author"),
)
async def save(request: Request, site: TheSite, fields: Posted) -> Response:
    """Keep ``query``, the query string of a search, under ``name``. A standing question wants exact matches only: no near ones."""
    return await run_in_threadpool(_save, site, fields)


def _save(site: Site, fields: dict[str, list[str]]) -> Response:
    name = " ".join(first(fields, "name").split())
    author = " ".join(first(fields, "author").split())[:100]
    if not name or len(name) > MAX_NAME:
        raise Refused(422, "fault_name", most=MAX_NAME)
    query = replace(Query.from_params(parse_qsl(first(fields, "query"))), offset=0, near=False)
    values = (secrets.token_urlsafe(9), name, urlencode(query.to_params()), author, now())
    with site.database.writing() as store:
        store.connection.execute("INSERT INTO saved_searches VALUES (?, ?, ?, ?, ?)", values)
    response = RedirectResponse("/saved", 303)
    if author:
        remember_author(response, author)
    return response


@router.post(
    "/saved/delete", summary="Delete a saved search", response_class=RedirectResponse, openapi_extra=form("id")
)
async def delete(request: Request, site: TheSite, fields: Posted) -> Response:
    """Delete the saved search ``id``."""
    return await run_in_threadpool(_delete, site, first(fields, "id"))


def _delete(site: Site, search_id: str) -> Response:
    with site.database.writing() as store:
        store.connection.execute("DELETE FROM saved_searches WHERE search_id = ?", (search_id,))
    return RedirectResponse("/saved", 303)


@router.get("/feed", summary="What is new in a search (Atom)", response_class=Response)
def feed(request: Request, site: TheSite, query: TheQuery, id: str = "") -> Response:
    """The newest results of the saved search ``id``, or else of the search in the address."""
    t = words(language_of(request))
    with site.database.reading() as connection:
        row: dict[str, Any] | None = None
        if id:
            row = one(connection, "SELECT * FROM saved_searches WHERE search_id = ?", (id,))
            if row is None:
                raise Refused(404, "fault_missing")
            query = Query.from_params(parse_qsl(row["query"]))
        found = search(connection, replace(query, sort="newest", limit=_ENTRIES, offset=0))
        shown = cards(connection, found.hits)
    title = row["name"] if row else query.text or t("title")
    base = str(request.base_url).rstrip("/")
    body = atom(t, base, str(request.url), base + link("/", query.to_params()), title, found, shown)
    return Response(body, media_type="application/atom+xml")


def atom(t: Words, base: str, address: str, page: str, title: str, found: Results, shown: list[Card]) -> bytes:
    """An Atom feed (RFC 4287): an entry a directive, known by its id, dated by its day."""
    ET.register_namespace("", _ATOM)
    days = [card.row["date"] for card in shown if card.row["date"]]
    root = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": t.code})

    def add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
        element = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
        element.text = _NO_XML.sub("\ufffd", text) or None
        return element

    add(root, "title", f"{title} · {t('title')}")
    add(root, "id", f"urn:taalimat:search:{quote(page.removeprefix(base), safe='')}")
    add(root, "updated", _time(max(days, default=found.today.isoformat())))
    add(root, "generator", f"taalimat {code_version()}")
    add(root, "link", rel="self", href=address)
    add(root, "link", rel="alternate", href=page, type="text/html")
    for card in shown:
        row = card.row
        entry = add(root, "entry")
        add(entry, "title", " ".join(row["instruction"].split()))
        add(entry, "id", f"urn:taalimat:directive:{quote(row['directive_id'], safe='')}")
        add(entry, "link", rel="alternate", href=base + link("/directive", id=row["directive_id"]), type="text/html")
        add(entry, "updated", _time(row["date"] or found.today.isoformat()))
        author = add(entry, "author")
        add(author, "name", row["issuer_name"] or t("unknown"))
        add(entry, "category", term=row["force"], label=t(f"force_{row['force']}"))
        add(entry, "summary", _summary(t, row))
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _time(day: str) -> str:
    return f"{day[:10]}T00:00:00Z"


def _summary(t: Words, row: Any) -> str:
    parts = [t(f"force_{row['force']}")]
    if row["addressees"]:
        parts.append(f"{t('addressee')}: {'، '.join(row['addressees'])}")
    if row["deadline"]:
        parts.append(f"{t('deadline')}: {row['deadline']}" + (f" ({row['due']})" if row["due"] else ""))
    if row["title"] or row["outlet"]:
        parts.append(f"{t('source')}: {row['title'] or row['outlet']}")
    return " · ".join(parts)
