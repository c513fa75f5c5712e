"""The search: every search is an address."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from pipeline.search.engine import FacetValue, search
from pipeline.search.query import SORTS, Query
from pipeline.web.asked import TheQuery
from pipeline.web.i18n import Words
from pipeline.web.site import TheSite, link
from pipeline.web.views import cards

router = APIRouter()

_SHOWN = 8
"""Values of a facet shown at once; the others unfold."""

_MOST = 24
"""Values of a facet, at most."""

MOST_ON_A_PAGE = 100
"""Results on one page, at most."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet as shown; ``link`` is the search with it chosen, or without it where it is."""

    label: str
    count: int
    selected: bool
    link: str


def label_of(t: Words, facet: str, value: FacetValue) -> str:
    """A value of a facet in the words of the reader."""
    if facet == "month":
        return t.month(value.value)
    key = f"{facet}_{value.value}"
    return t(key) if facet in ("force", "deadline_state", "country") and t.has(key) else value.label


def toggled(query: Query, name: str, value: str) -> Query:
    """The query with a value chosen, or without it where it is chosen; from the first result on."""
    chosen = getattr(query, name)
    rest = tuple(v for v in chosen if v != value)
    changes: dict[str, Any] = {name: rest if rest != chosen else (*chosen, value), "offset": 0}
    return replace(query, **changes)


def _choices(t: Words, query: Query, name: str, values: list[FacetValue]) -> list[Choice]:
    ordered = sorted(values, key=lambda v: v.value, reverse=True) if name == "month" else values
    kept = [v for v in ordered if v.selected][:_MOST] + [v for v in ordered if not v.selected][:_MOST]
    none: dict[str, Any] = {name: (), "offset": 0}
    others = link("/", replace(query, **none).to_params())
    chosen = getattr(query, name)

    def toggled_link(v: FacetValue) -> str:
        if v.selected and v.value not in chosen:  # asked for by words of its name
            return others
        own = urlencode([(name, x) for x in chosen if x != v.value] + [(name, v.value)] * (not v.selected))
        return f"{others}{'&' if '?' in others else '?'}{own}" if own else others

    return [Choice(label_of(t, name, v), v.count, v.selected, toggled_link(v)) for v in kept]


@dataclass(frozen=True, slots=True)
class Chip:
    """A restriction of a search, and the search without it."""

    name: str
    label: str
    link: str


def chips(t: Words, query: Query, label: Callable[[str, str], str]) -> list[Chip]:
    """The restrictions of a query, each to be taken off."""
    lists = ("issuer", "addressee", "force", "country", "wilaya", "month", "deadline_state", "document_id", "actor")
    out = [
        Chip(name, label(name, value), link("/", toggled(query, name, value).to_params()))
        for name in lists
        for value in getattr(query, name)
    ]
    out += [
        Chip(name, t.day(getattr(query, name)), link("/", _without(query, name, "").to_params()))
        for name in ("since", "until", "due_before")
        if getattr(query, name)
    ]
    if query.overdue:
        out.append(
            Chip("overdue", t("deadline_state_overdue"), link("/", _without(query, "overdue", False).to_params()))
        )
    return out


def _without(query: Query, name: str, value: Any) -> Query:
    changes: dict[str, Any] = {name: value, "offset": 0}
    return replace(query, **changes)


@router.get("/", response_class=HTMLResponse, summary="Search directives; the parameters are those of `taalimat query`")
def results_page(request: Request, site: TheSite, query: TheQuery) -> HTMLResponse:
    """Results with facets, which lead to narrower searches."""
    query = replace(query, limit=min(query.limit, MOST_ON_A_PAGE))
    return site.page(request, "results.html", lambda connection, t: _answer(connection, query, t))


def _answer(connection: sqlite3.Connection, query: Query, t: Words) -> dict[str, Any]:
    """What the template shows of a query."""
    found = search(connection, query)
    shown = cards(connection, found.hits)
    last = query.offset + len(found.hits)

    def label(name: str, value: str) -> str:
        chosen = next((v for v in found.facets.get(name, ()) if v.value == value), None)
        return label_of(t, name, chosen) if chosen else value

    return {
        "query": query,
        "pairs": query.to_params(),
        "total": found.total,
        "exact": found.exact,
        "cards": shown,
        "facets": {name: _choices(t, query, name, values) for name, values in found.facets.items()},
        "shown": _SHOWN,
        "sorts": SORTS,
        "chips": chips(t, query, label),
        "previous": link("/", replace(query, offset=max(0, query.offset - query.limit)).to_params())
        if query.offset
        else None,
        "following": link("/", replace(query, offset=last).to_params()) if last < found.total and found.hits else None,
        "last": last,
    }
