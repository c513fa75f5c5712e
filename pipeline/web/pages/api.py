"""The same answers as JSON, for programs."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from pipeline.corrections.overlay import overlay
from pipeline.corrections.store import places, places_of
from pipeline.search.engine import directive, search
from pipeline.standoff import to_standoff
from pipeline.web.asked import TheQuery
from pipeline.web.database import document
from pipeline.web.pages.paste import analysed
from pipeline.web.settings import MAX_PASTE
from pipeline.web.site import TheSite

router = APIRouter(prefix="/api", tags=["JSON"])

_FAULTS: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is none"},
    422: {"description": "Not understood; detail says why"},
}


class Statement(BaseModel):
    """A statement to be analysed."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=MAX_PASTE)
    published: str = Field("", max_length=40, description="2025-01-07 or 7/1/2025")


@router.get("/search", responses=_FAULTS, summary="Search directives")
def api_search(site: TheSite, query: TheQuery) -> dict[str, Any]:
    """Results and facets. Rows have the columns of ``directive_view`` and what people said of them."""
    with site.database.reading() as connection:
        found = search(connection, query)
        placed = places_of(connection, [hit.id for hit in found.hits])
    return {
        "total": found.total,
        "exact": found.exact,
        "today": found.today.isoformat(),
        "results": [
            {
                **overlay(hit.row, placed.get(hit.id)),
                "context": {"start": hit.context.start, "end": hit.context.end, "text": hit.context_text},
                "highlights": [[h.start, h.end] for h in hit.highlights],
                "times": hit.times,
                "match": hit.match,
            }
            for hit in found.hits
        ],
        "facets": {
            name: [{"value": v.value, "label": v.label, "count": v.count, "selected": v.selected} for v in values]
            for name, values in found.facets.items()
        },
    }


@router.get("/directive", responses=_FAULTS, summary="A directive")
def api_directive(site: TheSite, id: str) -> dict[str, Any]:
    """The row of ``directive_view`` with what people said of it."""
    with site.database.reading() as connection:
        hit = directive(connection, id)
        if hit is None:
            raise HTTPException(404)
        return overlay(hit.row, places_of(connection, [id]).get(id))


@router.get("/document", responses=_FAULTS, summary="A statement")
def api_document(site: TheSite, id: str) -> dict[str, Any]:
    """The row of ``documents`` with the corrections in force."""
    with site.database.reading() as connection:
        found = document(connection, id)
        if found is None:
            raise HTTPException(404)
        said = [
            {
                "directive_id": p.directive_id,
                "verdict": p.verdict,
                "record": p.record,
                "state": p.state,
                "author": p.author,
                "made": p.made,
                "note": p.note,
            }
            for p in places(connection, id)
        ]
    return {**found, "corrections": said}


@router.post("/analyse", responses=_FAULTS, summary="Analyse a statement")
def api_analyse(statement: Statement) -> dict[str, Any]:
    """The stand-off record of a text (see docs/data.md). Nothing is kept."""
    found = analysed(statement.text, statement.published)
    if found.analysis is None:
        raise HTTPException(422, found.fault)
    return to_standoff(found.analysis)
