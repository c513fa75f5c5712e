"""Corrections as training data: the records that people stand behind, in the form of gold files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from pipeline.corrections.anchor import State
from pipeline.corrections.record import Json, from_row
from pipeline.corrections.store import Place, Verdict, corrected_documents, places
from pipeline.standoff import from_standoff, head, to_standoff
from pipeline.store.schema import DIRECTIVES, DOCUMENTS, Row
from pipeline.store.sqlite import rows_of
from pipeline.types import Document

GOOD = frozenset({Verdict.ACCEPT, Verdict.EDIT, Verdict.ADD})
"""Verdicts by which a record stands."""


def training(connection: sqlite3.Connection, is_partial: bool = False) -> Iterator[Json]:
    """One gold record a document that somebody declared complete; with ``is_partial``, every document with a correction.

    ``directives`` holds what was accepted, edited or added. Beside the gold form's keys: ``country`` where known; ``reviewed``, the
    kinds of records that people looked at (dates and actors were not, their lists are empty); ``complete``; ``rejected``, the records that
    are none; ``unjudged``, the machine's records that nobody judged, to be masked; ``authors``. What is lost or changed in the text's
    latest version counts as unjudged: it is left out.
    """
    for name in corrected_documents(connection):
        standing = places(connection, name)
        is_complete = any(p.verdict is Verdict.COMPLETE and p.state is not State.LOST for p in standing)
        if not is_complete and not is_partial:
            continue
        (document,) = rows_of(connection, DOCUMENTS, name)
        rows = list(rows_of(connection, DIRECTIVES, name))
        yield _record(document, rows, standing, is_complete)


def _record(document: Row, rows: list[Row], standing: list[Place], is_complete: bool) -> Json:
    sound = [p for p in standing if p.record and p.state in (State.SAME, State.MOVED)]
    good = [p for p in sound if p.verdict in GOOD]
    judged = {p.directive_id for p in sound}
    unjudged = [from_row(row, document["text"]) for row in rows if row["directive_id"] not in judged]
    top = head(Document(document["document_id"], document["text"], document["title"], document["published"]))
    entries = [{**p.record, "instructions": [p.record["instruction"]]} for p in good if p.record]
    gold = to_standoff(from_standoff({**top, "directives": entries, "dates": [], "actors": []}))
    country = (document["meta"] or {}).get("country")
    return {
        **gold,
        **({"country": country} if country else {}),
        "reviewed": ["directives"],
        "complete": is_complete,
        "rejected": [p.record for p in sound if p.verdict is Verdict.REJECT],
        "unjudged": unjudged,
        "authors": sorted({p.author for p in standing}),
    }
