"""Actors across documents: a list, and one with what it orders and what is asked of it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi import Query as Parameter
from fastapi.responses import HTMLResponse

from pipeline.actors.vocabulary import bare_words
from pipeline.normalize import fold
from pipeline.search.engine import Results, search
from pipeline.search.query import Query
from pipeline.types import Kind
from pipeline.web.database import many, one
from pipeline.web.drawing import bars
from pipeline.web.i18n import Words
from pipeline.web.pages.charts import month_bars
from pipeline.web.site import Refused, TheSite, link
from pipeline.web.views import cards, title_of

router = APIRouter()

PAGE = 50
_LIST = 15


@dataclass(frozen=True, slots=True)
class Listed:
    """A record of the register in a list. ``words`` are the bare words of its names."""

    id: str
    name: str
    kind: str
    level: str
    wilaya: str
    office: str
    documents: int
    words: tuple[tuple[str, ...], ...]


@router.get("/actors", response_class=HTMLResponse, summary="Who is who in the store")
def actors_page(
    request: Request,
    site: TheSite,
    name: str = Parameter("", max_length=200),
    kind: str = "",
    offset: int = Parameter(0, ge=0, le=2**40),
) -> HTMLResponse:
    """The register of actors, most documents first; ``name`` by words or their beginnings, however spelt."""
    with site.database.reading() as connection:
        (stamp,) = connection.execute("SELECT transactions FROM stamp").fetchone()
        everyone = _register(site.settings.store, stamp, _Lent(connection))
    wanted = bare_words(fold(name))
    found = [r for r in everyone if (not kind or r.kind == kind) and _is_named(r, wanted)]
    pairs = [(k, v) for k, v in (("name", name), ("kind", kind)) if v]
    return site.html(
        request,
        "actors.html",
        actors=found[offset : offset + PAGE],
        total=len(found),
        name=name,
        kind=kind,
        kinds=list(Kind),
        offset=offset,
        previous=link("/actors", pairs, offset=max(0, offset - PAGE)) if offset else None,
        following=link("/actors", pairs, offset=offset + PAGE) if offset + PAGE < len(found) else None,
    )


def _is_named(record: Listed, wanted: tuple[str, ...]) -> bool:
    return not wanted or any(all(any(w.startswith(part) for w in name) for part in wanted) for name in record.words)


class _Lent:
    """A connection that is no part of the key of the cache: the stamp of the store is."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Lent)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=2)
def _register(store: Path, stamp: int, lent: _Lent) -> list[Listed]:
    connection = lent.connection
    names: dict[str, set[tuple[str, ...]]] = {}
    for number, alias in connection.execute(
        "SELECT id, name FROM actor_record UNION ALL SELECT id, alias FROM actor_alias"
    ):
        names.setdefault(number, set()).add(tuple(bare_words(fold(alias))))
    rows = connection.execute(
        """SELECT r.id, r.name, r.kind, r.level, r.wilaya,
          coalesce((SELECT office FROM tenure AS t WHERE t.id = r.id ORDER BY documents DESC, last DESC LIMIT 1), ''),
          (SELECT count(DISTINCT document_id) FROM actor_document AS d WHERE d.id = r.id)
        FROM actor_record AS r ORDER BY 7 DESC, r.name, r.id"""
    )
    return [
        Listed(number, title, kind, level, wilaya, office, documents, tuple(names.get(number, ())))
        for number, title, kind, level, wilaya, office, documents in rows
    ]


@router.get("/actor", response_class=HTMLResponse, summary="An actor with its instructions")
def actor_page(request: Request, site: TheSite, id: str = "") -> HTMLResponse:
    """An actor: other names, offices, whom it instructs, who instructs it, per month, and the statements that name it."""
    return site.page(request, "actor.html", lambda connection, t: _actor(connection, t, id))


def _actor(connection: sqlite3.Connection, t: Words, id: str) -> dict[str, Any]:
    record = one(connection, "SELECT * FROM actor_record WHERE id = ?", (id,))
    if record is None:
        raise Refused(404, "fault_missing")
    speaks = search(connection, Query(issuer=(id,), limit=5, sort="newest"))
    hears = search(connection, Query(addressee=(id,), limit=5, sort="newest"))
    values = (id,)
    aliases = [
        row["alias"] for row in many(connection, "SELECT alias FROM actor_alias WHERE id = ? ORDER BY alias", values)
    ]
    tenures = many(connection, "SELECT * FROM tenure WHERE id = ? ORDER BY first IS NULL, first, office", values)
    reasons = [
        row["reason"]
        for row in many(connection, "SELECT reason FROM actor_reason WHERE id = ? ORDER BY reason", values)
    ]
    (total,) = connection.execute(
        "SELECT count(DISTINCT document_id) FROM actor_document WHERE id = ?", values
    ).fetchone()
    documents = many(
        connection,
        """SELECT document_id, title, published, outlet, substr(text, 1, 300) AS beginning FROM documents
        WHERE document_id IN (SELECT document_id FROM actor_document WHERE id = ?) ORDER BY published DESC, document_id LIMIT ?""",
        (id, _LIST),
    )
    for row in documents:
        row["heading"] = title_of(row["title"], row["beginning"], row["document_id"])
    said, told = cards(connection, speaks.hits), cards(connection, hears.hits)
    return {
        "actor": record,
        "aliases": aliases,
        "tenures": tenures,
        "reasons": reasons,
        "documents": documents,
        "total": total,
        "speaks": speaks,
        "hears": hears,
        "said": said,
        "told": told,
        "addressees": [(v, link("/", issuer=id, addressee=v.value)) for v in speaks.facets["addressee"] if v.count][
            :_LIST
        ],
        "issuers": [(v, link("/", addressee=id, issuer=v.value)) for v in hears.facets["issuer"] if v.count][:_LIST],
        "month_chart": bars(month_bars(_plain(speaks), t), t("per_month"), t.direction == "rtl"),
    }


def _plain(found: Results) -> Results:
    """The results as those of a search with the usual limit and order, for links."""
    return replace(found, query=replace(found.query, limit=Query().limit, sort=Query().sort))
