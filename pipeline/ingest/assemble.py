"""From the blocks and fields that a reader found to documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline import ids
from pipeline.errors import Problem
from pipeline.ingest.blocks import Block, compose, lines_of
from pipeline.ingest.digest import split
from pipeline.ingest.fields import fault_of
from pipeline.ingest.known import Known
from pipeline.ingest.source import Source
from pipeline.types import Document, Reading


def documents(
    source: Source,
    blocks: Iterable[Block],
    known: Known,
    version: str,
    pages: int | None = None,
    ocr: tuple[int, ...] = (),
) -> Iterator[Document | Problem]:
    """The documents of an original: one, or more where it is a digest.

    ``version`` is library and version of the reader. The title of a file is that of its first statement only, where it holds several:
    the others are titled by their first line. A date that the original tells goes before the one that ``source`` came with.
    The id is a hash of the text and of where it comes from (address, else original): the same statement in two papers, or as Word and as
    PDF, is two documents, which are linked as copies.
    """
    if source.url:
        known.tell("url", source.url, "fetched")
    known.finish()
    parts = split(list(lines_of(blocks)))
    if not parts:
        yield Problem(source.name, fault_of("") or "")
    for number, part in enumerate(parts, 1):
        raw, places = compose(part)
        if fault := fault_of(raw):
            yield Problem(source.name, fault)
            continue
        day = known.published or source.published
        meta: dict[str, str | int] = dict(known.meta())
        sources = dict(known.sources)
        title = known.values.get("title")
        if len(parts) > 1:
            title, sources["title"] = part[0].text, "first line"
            meta["part"] = number
        if day:
            sources["published"] = day.source
        yield Document(
            id=ids.document_id(f"{raw}\x1f{known.values.get('url') or source.original or ''}"),
            raw=raw,
            title=title,
            published=day.day if day else None,
            published_source=day.source if day else None,
            source=source.name if len(parts) == 1 else f"{source.name}#{number}",
            outlet=known.values.get("outlet"),
            meta=meta,
            reading=Reading("", version, source.original, places, sources, pages, ocr),
        )
