"""Analyses as text, by functions that a worker process can be sent."""

from __future__ import annotations

from pipeline.explain import explain
from pipeline.standoff import to_standoff
from pipeline.store.rows import to_rows
from pipeline.store.schema import Part
from pipeline.store.text import to_json
from pipeline.types import Analysis


def standoff_line(analysis: Analysis, only: Part | None = None) -> str:
    """The stand-off record of an analysis as one line of JSON; with ``only``, the other lists are empty."""
    record = to_standoff(analysis)
    if only:
        record.update({part.value: [] for part in Part if part != only})
    return to_json(record)


def json_line(analysis: Analysis, only: Part | None = None) -> str:
    """A document with its rows as one line of JSON, without its text; with ``only``, with one kind of record alone."""
    rows = to_rows(analysis)
    out = {key: rows.document[key] for key in ("document_id", "title", "published", "source")}
    out.update({part.value: rows.records[part] for part in Part if only in (None, part)})
    return to_json(out)


def explanation(analysis: Analysis) -> str:
    """What :func:`explain` says, as one text."""
    return "\n".join(explain(analysis))
