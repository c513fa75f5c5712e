"""Plain text: one file, one statement."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline import ids
from pipeline.errors import Problem
from pipeline.ingest.decode import DecodeError, decode
from pipeline.ingest.fields import MAX_CHARACTERS, fault_of
from pipeline.ingest.source import Source
from pipeline.types import Document

MAX_BYTES = 4 * MAX_CHARACTERS


def read_txt(source: Source) -> Iterator[Document | Problem]:
    """The document of a text file; its id is a hash of the text."""
    data = source.stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        yield Problem(source.name, f"the file is longer than {MAX_BYTES // 10**6} MB, the limit of one document")
        return
    try:
        text = decode(data)
    except DecodeError as error:
        yield Problem(source.name, str(error))
        return
    if fault := fault_of(text):
        yield Problem(source.name, fault)
        return
    day = source.published
    yield Document(
        id=ids.document_id(text),
        raw=text,
        published=day.day if day else None,
        published_source=day.source if day else None,
        source=source.name,
    )
