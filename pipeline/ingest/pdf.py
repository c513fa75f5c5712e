"""PDF files: the text of each page in reading order, lines joined to paragraphs, page numbers left out."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Problem
from pipeline.ingest.assemble import documents
from pipeline.ingest.blocks import Block, clean
from pipeline.ingest.known import Known
from pipeline.ingest.limits import MAX_PAGES, LimitError
from pipeline.ingest.pdf_text import EXTRACTORS, Page, TextLine, extract
from pipeline.ingest.source import ScannedError, Source
from pipeline.types import Document

_NUMBER = re.compile(r"[\W_]*(?:(?:صفحة|الصفحة|page)?\s*\d{1,4}(?:\s*(?:من|/|of|sur)\s*\d{1,4})?)[\W_]*", re.IGNORECASE)
_ENDS = (".", ":", "؟", "!", "؛", "…")
_BULLET = re.compile(
    r"\s*(?:[-–—•*▪■●◦▫✅✔➢►\ue000-\uf8ff]|\(?\d{1,2}\s?[-–.)/]|(?:أولا|ثانيا|ثالثا|رابعا|خامسا|سادسا|سابعا|ثامنا)\s?[:،.\-–])"
)
_FULL = 0.72
"""Share of the widest line of its page that a line has where it ends for want of room, not because the paragraph does."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a PDF tells of itself."""

    pages: int
    title: str | None
    author: str | None
    created: str | None


def read_pdf(source: Source) -> Iterator[Document | Problem]:
    """The statements of a typed PDF. Raises :class:`ScannedError` where pages of it are pictures."""
    yield from _read(source, EXTRACTORS)


def read_pdf_plainly(source: Source) -> Iterator[Document | Problem]:
    """The same by PDFium alone: for files on which qalam crashed."""
    yield from _read(source, ("pypdfium2",))


def _read(source: Source, extractors: Sequence[str]) -> Iterator[Document | Problem]:
    data = source.stream.read()
    opened = open_pdf(data)
    with tempfile.TemporaryDirectory(prefix="taalimat-") as folder:
        path = Path(folder) / "original.pdf"
        path.write_bytes(data)
        engine, pages = extract(path, extractors)
    if scanned := tuple(page.number for page in pages if page.is_picture):
        raise ScannedError(scanned)
    yield from documents(source, blocks(pages), fields(opened), engine, opened.pages)


def open_pdf(data: bytes) -> Opened:
    """Pages and properties of a PDF. Raises ValueError where it is encrypted or damaged, LimitError where it is too long."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ValueError("it is encrypted; save it without a password") from None
        raise ValueError(f"damaged: {error}") from None
    try:
        if len(pdf) > MAX_PAGES:
            raise LimitError(f"it has {len(pdf):,} pages; the limit is {MAX_PAGES:,}")
        try:
            told = pdf.get_metadata_dict(skip_empty=True)
        except UnicodeDecodeError:  # a title cut in half is no reason to leave the text unread
            told = {}
        return Opened(len(pdf), told.get("Title"), told.get("Author"), told.get("CreationDate"))
    finally:
        pdf.close()


def fields(opened: Opened) -> Known:
    """The fields of a PDF. The day on which the file was made is kept, but is no publication date."""
    known = Known()
    known.tell("title", clean(opened.title or ""), "properties")
    known.tell("byline", clean(opened.author or ""), "properties")
    if made := re.match(r"D:(\d{4})(\d{2})(\d{2})", opened.created or ""):
        known.tell("created", "-".join(made.groups()), "properties")
    return known


def blocks(pages: Sequence[Page]) -> Iterator[Block]:
    """The lines of pages, each with its page; one that goes on from the line above, over a page's end too, is joined to it."""
    running = _running(pages)
    above: TextLine | None = None
    widest = 0.0
    for page in pages:
        lines = [line for n, line in enumerate(page.lines) if not _is_running(line, n, len(page.lines), running)]
        widest = max((_width(line) for line in lines), default=widest)
        for line in lines:
            joined = above is not None and _goes_on(above, line, widest)
            yield Block(line.text, f"page {page.number}", "text", joined)
            above = line


def _goes_on(above: TextLine, line: TextLine, widest: float) -> bool:
    """True where a line goes on from the one above: that one is full, ends no sentence, and this opens no item.

    In a script without capitals the width of the line above is the best sign; where the extractor sees paragraphs, they count too.
    """
    text = above.text.rstrip()
    if text.endswith(_ENDS) or _BULLET.match(line.text) or abs(above.size - line.size) > 0.6:
        return False
    if above.block != line.block and above.page == line.page and above.has_blocks:
        return False
    return _width(above) >= _FULL * widest


def _width(line: TextLine) -> float:
    """About how wide a line is: its letters by their size."""
    return len(line.text) * (line.size or 1.0)


def _is_running(line: TextLine, n: int, count: int, running: frozenset[str]) -> bool:
    at_edge = n < 2 or n >= count - 2
    return at_edge and (bool(_NUMBER.fullmatch(line.text)) or _shape(line.text) in running)


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text.strip())


def _running(pages: Sequence[Page]) -> frozenset[str]:
    """Headers and footers: lines at the edge of at least three pages, and of half of them, but for their numbers the same."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_shape(line.text) for line in (*page.lines[:2], *page.lines[-2:])})
    return frozenset(shape for shape, times in seen.items() if times >= 3 and 2 * times >= len(pages))
