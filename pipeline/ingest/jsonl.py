"""JSON lines: one object a line with ``text``, and maybe ``id``, ``title``, ``published``, ``source``, ``outlet``."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pipeline.errors import Problem
from pipeline.ingest.fields import read_record
from pipeline.ingest.source import Source, lines
from pipeline.types import Document


def read_jsonl(source: Source) -> Iterator[Document | Problem]:
    """The documents of a JSON lines file; a broken line is a problem of its own."""
    for line in lines(source):
        if line.text is None:
            yield Problem(source.name, line.fault, line.number)
            continue
        if not line.text.strip():
            continue
        try:
            record = json.loads(line.text)
        except (ValueError, RecursionError) as error:
            reason = (
                f"{error.msg.removesuffix(' at')} at column {error.colno}"
                if isinstance(error, json.JSONDecodeError)
                else str(error)
            )
            yield Problem(source.name, f"not JSON: {reason}", line.number)
            continue
        if not isinstance(record, dict):
            yield Problem(source.name, f"not a JSON object but {type(record).__name__}", line.number)
            continue
        yield from read_record(record, source.name, line.number, source.published)
