"""Charts of a search: who instructs whom, and how many a month."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from pipeline.search.engine import Pair, Results, pairs, search
from pipeline.search.query import Query
from pipeline.web.asked import TheQuery
from pipeline.web.drawing import Bar, Flow, Node, bars, flows
from pipeline.web.i18n import Words
from pipeline.web.pages.results import label_of
from pipeline.web.site import TheSite, link

router = APIRouter()

_ISSUERS, _ADDRESSEES = 8, 5
_MONTHS = 36
"""The latest months that are drawn."""


@router.get("/charts", response_class=HTMLResponse, summary="Charts of a search")
def charts_page(request: Request, site: TheSite, query: TheQuery) -> HTMLResponse:
    """Charts of the results; the parameters are those of the search."""
    return site.page(
        request, "charts.html", lambda connection, t: _charts(connection, t, replace(query, limit=0, offset=0))
    )


def _charts(connection: sqlite3.Connection, t: Words, query: Query) -> dict[str, Any]:
    found = search(connection, query)
    drawn = who_instructs_whom(pairs(connection, query), query)
    months_shown = month_bars(found, t)
    return {
        "query": query,
        "pairs": replace(query, limit=Query().limit).to_params(),
        "found": found,
        "months": months_shown,
        "month_chart": bars(months_shown, t("per_month"), t.direction == "rtl"),
        "flows": drawn,
        "flow_chart": flows(drawn, t("who_whom"), t.direction == "rtl"),
        "forces": [
            (
                label_of(t, "force", v),
                v.count,
                link("/", replace(query, force=(v.value,), limit=Query().limit).to_params()),
            )
            for v in found.facets["force"]
        ],
    }


def month_bars(found: Results, t: Words) -> list[Bar]:
    """A bar for every month from the first to the last of the results, the empty ones too; the latest 36."""
    counts = {v.value: v.count for v in found.facets["month"] if v.count}
    if not counts:
        return []
    query = replace(found.query, limit=Query().limit)
    return [
        Bar(t.month(m), counts.get(m, 0), link("/", replace(query, month=(m,)).to_params()))
        for m in months(min(counts), max(counts))[-_MONTHS:]
    ]


def months(first: str, last: str) -> list[str]:
    """The months from one to another.

    >>> months("2024-11", "2025-02")
    ['2024-11', '2024-12', '2025-01', '2025-02']
    """
    start, end = (12 * int(m[:4]) + int(m[5:7]) - 1 for m in (first, last))
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(start, end + 1)]


def who_instructs_whom(found: list[Pair], query: Query) -> list[Flow]:
    """The pairs that are drawn: of the issuers with most instructions the most frequent addressees of each."""
    totals: Counter[str] = Counter()
    for pair in found:
        totals[pair.issuer[0]] += pair.count
    out = []
    for issuer, _ in totals.most_common(_ISSUERS):
        for pair in [p for p in found if p.issuer[0] == issuer][:_ADDRESSEES]:
            target = replace(query, issuer=(issuer,), addressee=(pair.addressee[0],), limit=Query().limit)
            out.append(Flow(Node(*pair.issuer), Node(*pair.addressee), pair.count, link("/", target.to_params())))
    return out
