"""Analyses as text, by functions that a worker process can be sent."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.explain import explain
from pipeline.marks import PART_OF, Role
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


def record_line(analysis: Analysis, only: Part | None = None) -> str:
    """A document with its text and all its records as one line of JSON (docs/reference/schema-1.json); with ``only``, the other lists are empty."""
    from pipeline.bridges.record import to_record

    record = to_record(analysis)
    if only:
        record.update({part.value: [] for part in Part if part != only})
    return to_json(record)


def annotation_line(analysis: Analysis, only: Part | None = None) -> str:
    """A page of W3C Web Annotations (JSON-LD) as one line; with ``only``, the marks of one kind of record."""
    from pipeline.bridges.webannotation import to_page

    page = to_page(analysis)
    if only:
        page["items"] = [item for item in page["items"] if PART_OF[Role(item["body"][0]["value"])] is only]
    return to_json(page)


def task(analysis: Analysis) -> str:
    """A task of Label Studio as JSON."""
    from pipeline.bridges.labelstudio import to_task

    return to_json(to_task(analysis))


LINES: dict[str, Callable[..., str]] = {
    "standoff": standoff_line,
    "jsonl": json_line,
    "record": record_line,
    "jsonld": annotation_line,
}
"""The forms in which a document is one line, by the name of their ``--format``."""


def explanation(analysis: Analysis) -> str:
    """What :func:`explain` says, as one text."""
    return "\n".join(explain(analysis))
