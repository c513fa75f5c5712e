"""The pure function of both engines, and the Arrow form of what goes in and comes out."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pyarrow as pa

from pipeline.copies.minhash import signature_of
from pipeline.engines.attempt import Limits, attempt
from pipeline.errors import Problem
from pipeline.pipeline import DEFAULT, Decide
from pipeline.store.arrow import arrow_struct, pack, unpack
from pipeline.store.rows import Rows, to_rows
from pipeline.store.schema import DOCUMENTS, RECORDS, Row
from pipeline.store.text import to_json
from pipeline.types import Analysis, Document

DOCUMENT_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("text", pa.string()),
        ("title", pa.string()),
        ("published", pa.date32()),
        ("published_source", pa.string()),
        ("source", pa.string()),
        ("outlet", pa.string()),
        ("meta", pa.string()),
    ]
)
"""Documents as they go in; ``meta`` is JSON. Only ``text`` is required of a table of one's own, see ``spark.extract``."""

_COLUMNS = tuple(column for column in DOCUMENTS.columns if column.name not in ("version", "run_id"))
_RECORDS = {part: tuple(c for c in table.columns if c.name != "run_id") for part, table in RECORDS.items()}

_HEAD = [("id", pa.string()), ("source", pa.string()), ("failure", pa.string()), ("words", pa.int64())]

RESULT_SCHEMA = pa.schema(
    [
        *_HEAD,
        ("document", arrow_struct(_COLUMNS)),
        *((part.value, pa.list_(arrow_struct(columns))) for part, columns in _RECORDS.items()),
        ("signature", pa.binary()),
    ]
)
"""Results, one row a document: ``failure`` says why there is none; the records are lists of rows of the tables of docs/data.md.
``signature`` is what near-copies of the text are found by."""

RENDERED_SCHEMA = pa.schema([*_HEAD, ("rendered", pa.binary())])
"""The same with one pickled value instead of records."""


def to_batch(documents: Iterable[Document]) -> pa.RecordBatch:
    """Documents as a batch of DOCUMENT_SCHEMA."""
    rows = [
        {
            "id": d.id,
            "text": d.raw,
            "title": d.title,
            "published": d.published,
            "published_source": d.published_source,
            "source": d.source,
            "outlet": d.outlet,
            "meta": to_json(dict(d.meta)),
        }
        for d in documents
    ]
    return pa.RecordBatch.from_pylist(rows, DOCUMENT_SCHEMA)


def from_batch(batch: pa.RecordBatch) -> Iterator[Document]:
    """The documents of a batch of DOCUMENT_SCHEMA."""
    for row in batch.to_pylist():
        row["raw"] = row.pop("text")
        yield Document(**{**row, "meta": json.loads(row["meta"] or "{}")})


@dataclass(frozen=True, slots=True)
class Work:
    """A pure function on batches with the schema of what it makes, which begins with the columns of ``_HEAD``."""

    function: Callable[[pa.RecordBatch], pa.RecordBatch]
    schema: pa.Schema
    decide: Decide = DEFAULT
    """What a worker has to load before it is ready."""

    def failed(self, batch: pa.RecordBatch, reason: str) -> pa.RecordBatch:
        """A result that says of every document of ``batch`` why there is none."""
        ids, sources = batch.column("id").to_pylist(), batch.column("source").to_pylist()
        rows = [_failure(id, source, reason) for id, source in zip(ids, sources, strict=True)]
        return pa.RecordBatch.from_pylist(rows, self.schema)


def analyse_batch(batch: pa.RecordBatch, limits: Limits, decide: Decide = DEFAULT) -> pa.RecordBatch:
    """Analyse documents (DOCUMENT_SCHEMA): their results in the same order (RESULT_SCHEMA).

    Pure; a document that fails has a row that says why.
    """
    return pa.RecordBatch.from_pylist(
        [_result(document, limits, decide) for document in from_batch(batch)], RESULT_SCHEMA
    )


def analysis(limits: Limits, decide: Decide = DEFAULT) -> Work:
    """The work of ``taalimat run``: records as Arrow values."""
    return Work(partial(analyse_batch, limits=limits, decide=decide), RESULT_SCHEMA, decide)


def render_batch(
    batch: pa.RecordBatch, render: Callable[[Analysis], Any], limits: Limits, decide: Decide = DEFAULT
) -> pa.RecordBatch:
    """Like :func:`analyse_batch`, with what ``render`` makes of each analysis, pickled (RENDERED_SCHEMA)."""
    rows = []
    for document in from_batch(batch):
        made = attempt(document, limits, render, decide)
        if isinstance(made, Problem):
            rows.append(_failure(document.id, document.source, made.reason))
        else:
            words = len(document.raw.split())
            head = {"id": document.id, "source": document.source, "failure": None, "words": words}
            rows.append({**head, "rendered": pickle.dumps(made)})
    return pa.RecordBatch.from_pylist(rows, RENDERED_SCHEMA)


def rendering(render: Callable[[Analysis], Any], limits: Limits, decide: Decide = DEFAULT) -> Work:
    """Work that renders analyses; ``render`` must be importable by name."""
    return Work(partial(render_batch, render=render, limits=limits, decide=decide), RENDERED_SCHEMA, decide)


def _signed(analysis: Analysis) -> Rows:
    """The rows of a document with its signature."""
    return replace(to_rows(analysis), signature=signature_of(analysis.norm.text))


def _result(document: Document, limits: Limits, decide: Decide) -> Row:
    made = attempt(document, limits, _signed, decide)
    if isinstance(made, Problem):
        return _failure(document.id, document.source, made.reason)
    return {
        "id": document.id,
        "source": document.source,
        "failure": None,
        "words": made.document["words"],
        "document": pack(_COLUMNS, made.document),
        **{part.value: [pack(columns, row) for row in made.records[part]] for part, columns in _RECORDS.items()},
        "signature": made.signature,
    }


def _failure(id: str, source: str | None, reason: str) -> Row:
    return {"id": id, "source": source, "failure": reason, "words": 0}


def failure_of(row: Row) -> Problem | None:
    """The problem that a row of a result tells of."""
    if row["failure"] is None:
        return None
    return Problem(row["source"] or "", row["failure"], document_id=row["id"])


def results(batch: pa.RecordBatch) -> Iterator[Rows | Problem]:
    """What came of each document of a batch of RESULT_SCHEMA."""
    for row in batch.to_pylist():
        if problem := failure_of(row):
            yield problem
            continue
        records = {part: [unpack(columns, r) for r in row[part.value]] for part, columns in _RECORDS.items()}
        yield Rows(unpack(_COLUMNS, row["document"]), records, row["signature"])
