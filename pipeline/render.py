"""Analyses as text, by functions that a worker process can be sent."""

from __future__ import annotations

from typing import Literal

from pipeline.explain import explain
from pipeline.standoff import to_standoff
from pipeline.store.rows import Rows, to_rows
from pipeline.store.schema import Row
from pipeline.store.text import to_json
from pipeline.types import Analysis

Part = Literal["directives", "actors", "dates"]
PARTS: tuple[Part, ...] = ("directives", "actors", "dates")


def rows_of(rows: Rows, part: Part) -> list[Row]:
    """The rows of one kind of record."""
    return {"directives": rows.directives, "actors": rows.actors, "dates": rows.dates}[part]


def standoff_line(analysis: Analysis, only: Part | None = None) -> str:
    """The stand-off record of an analysis as one line of JSON; with ``only``, the other lists are empty."""
    record = to_standoff(analysis)
    if only:
        record.update({part: [] for part in PARTS if part != only})
    return to_json(record)


def json_line(analysis: Analysis, only: Part | None = None) -> str:
    """A document with its rows as one line of JSON, without its text; with ``only``, with one kind of record alone."""
    rows = to_rows(analysis)
    out = {key: rows.document[key] for key in ("document_id", "title", "published", "source")}
    out.update({part: rows_of(rows, part) for part in ([only] if only else PARTS)})
    return to_json(out)


def explanation(analysis: Analysis) -> str:
    """What :func:`explain` says, as one text."""
    return "\n".join(explain(analysis))
