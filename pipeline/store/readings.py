"""How documents were read, in the store: the rows of ``readings``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.errors import Problem
from pipeline.ingest.quality import broken_words
from pipeline.store.schema import READINGS, Row
from pipeline.store.sqlite import Store
from pipeline.types import Document, Place, Reading, Span


class Readings:
    """Keeps the readings of documents back while these are analysed, and stores each with its document.

    The analysis does not need them, and the map of a long document need not travel to a worker and back.
    """

    def __init__(self, store: Store, run_id: int) -> None:
        self.store, self.run_id = store, run_id
        self._waiting: dict[str, Row] = {}

    def watch(self, items: Iterable[Document | Problem]) -> Iterator[Document | Problem]:
        """The items, documents without their readings."""
        for item in items:
            if isinstance(item, Document) and item.reading:
                self._waiting[item.id] = to_row(item.id, item.raw, item.reading)
                item = replace(item, reading=None)
            yield item

    def save(self, document_id: str) -> None:
        """Store the reading of a document that has just been stored, in the same transaction."""
        if row := self._waiting.pop(document_id, None):
            self.store.insert(READINGS, [row], self.run_id)

    def forget(self, document_id: str | None) -> None:
        """Drop the reading of a document that is not stored."""
        self._waiting.pop(document_id or "", None)


def to_row(document_id: str, raw: str, reading: Reading) -> Row:
    """The row of a reading, but for its run."""
    return {
        "document_id": document_id,
        "reader": reading.reader,
        "version": reading.version,
        "original": reading.original,
        "pages": reading.pages,
        "ocr_pages": list(reading.ocr_pages),
        "broken_words": round(broken_words(raw), 3),
        "sources": dict(reading.sources),
        "places": [[place.span.start, place.span.end, place.where] for place in reading.places],
    }


def reading_of(store: Store, document_id: str) -> Reading | None:
    """How a stored document was read; None where that is not known."""
    for row in store.rows(READINGS, document_id):
        places = tuple(Place(Span(start, end), where) for start, end, where in row["places"])
        return Reading(
            row["reader"],
            row["version"],
            row["original"],
            places,
            row["sources"],
            row["pages"],
            tuple(row["ocr_pages"]),
        )
    return None


def place_of(reading: Reading, span: Span) -> str | None:
    """Where in the original a stretch of the text stands: the place of its start; None where the original has no map.

    >>> reading = Reading("pdf", "qalam", places=(Place(Span(0, 40), "page 1"), Place(Span(41, 90), "page 2")))
    >>> place_of(reading, Span(45, 60))
    'page 2'
    """
    return next((place.where for place in reading.places if place.span.end > span.start), None)
