"""The formats: which reader, which suffixes, which limits; and what format a file is, by what it holds and by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath

from pipeline.errors import Problem
from pipeline.ingest.limits import MAX_ARCHIVE, MAX_FILE, SCAN_SECONDS, SECONDS
from pipeline.ingest.packed import kind_of
from pipeline.ingest.source import Source
from pipeline.ingest.table import columns
from pipeline.types import Document

Reader = Callable[[Source], Iterator[Document | Problem]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format. One that is ``streamed`` is read line by line in this process; every other whole, in a process of its own."""

    name: str
    suffixes: tuple[str, ...]
    reader: str
    """``module:function`` in this package, imported when the first file of the format comes."""
    streamed: bool = False
    seconds: int = SECONDS
    bytes: int = MAX_FILE
    second: str = ""
    """The reader that is asked where the first one crashed."""

    def load(self, second: bool = False) -> Reader:
        """The reader, or the second one."""
        module, _, name = (self.second if second else self.reader).partition(":")
        reader: Reader = getattr(import_module(f"pipeline.ingest.{module}"), name)
        return reader


FORMATS = {
    f.name: f
    for f in (
        Format("txt", (".txt",), "txt:read_txt", streamed=True),
        Format("jsonl", (".jsonl", ".ndjson"), "jsonl:read_jsonl", streamed=True),
        Format("csv", (".csv", ".tsv"), "table:read_csv", streamed=True),
        Format("md", (".md", ".markdown"), "markdown:read_markdown"),
        Format("html", (".html", ".htm", ".xhtml"), "html:read_html"),
        Format("docx", (".docx",), "docx:read_docx"),
        Format("xlsx", (".xlsx", ".xlsm"), "xlsx:read_xlsx"),
        Format("pdf", (".pdf",), "pdf:read_pdf", second="pdf:read_pdf_plainly"),
        Format("scan", (".png", ".jpg", ".jpeg", ".tif", ".tiff"), "scan:read_scan", seconds=SCAN_SECONDS + 30),
        Format("feed", (".rss", ".atom", ".xml"), "feed:read_feed"),
        Format("zip", (".zip",), "", bytes=MAX_ARCHIVE),
    )
}
"""All formats by name. ``zip`` has no reader: its files have."""

SUFFIXES = {suffix: f for f in FORMATS.values() for suffix in f.suffixes}
PACKERS = (".gz", ".xz")

UNREAD = {
    b"\xd0\xcf\x11\xe0": "an old Office file (.doc, .xls); save it as .docx or .xlsx",
    b"{\\rtf": "an RTF file; save it as .docx",
    b"Rar!": "a RAR archive; pack it as .zip",
    b"7z\xbc\xaf": "a 7z archive; pack it as .zip",
    b"GIF8": "a GIF picture; save it as .png",
}
"""What newsrooms also send and we cannot read, by its first bytes."""
UNREAD_SUFFIXES = (".doc", ".xls", ".rtf", ".odt", ".rar", ".7z")

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_MARKUP = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|article|div|table|h1|p)\b", re.IGNORECASE)
_FEED = re.compile(r"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")


class UnknownFormatError(ValueError):
    """A file in no format that we read."""


def suffix_of(name: str) -> str:
    """The suffix of a file name, in small letters, behind which .gz and .xz are not counted.

    >>> suffix_of("2025/A.JSONL.gz")
    '.jsonl'
    """
    suffixes = [suffix.lower() for suffix in PurePath(name).suffixes]
    if suffixes and suffixes[-1] in PACKERS:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def by_content(head: bytes) -> str | None:
    """The name of the format that the first bytes of a file make certain; None for plain text, tables and JSON lines.

    ``zip`` may turn out to be ``docx`` or ``xlsx``: see :func:`inside`. Raises :class:`UnknownFormatError` for known formats that we cannot read.
    """
    for magic, what in UNREAD.items():
        if head.startswith(magic):
            raise UnknownFormatError(f"this is {what}")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):  # which may begin with a PDF that is not packed
        return "zip"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(_PICTURES):
        return "scan"
    text = _text(head)
    if not text.startswith("<"):
        return None
    text = re.sub(r"\A(?:\s|<\?.*?\?>|<!--.*?-->)+", "", text, flags=re.DOTALL)[:2000]
    if _FEED.match(text):
        return "feed"
    return "html" if _MARKUP.match(text) else None


def _text(head: bytes) -> str:
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return head.decode(encoding, "replace").lstrip("\ufeff \r\n\t")


def choose(name: str, head: bytes) -> Format:
    """The format of a file by what it holds, and where that is plain text by its name. Raises :class:`UnknownFormatError`."""
    suffix = suffix_of(name)
    named = SUFFIXES.get(suffix)
    sure = by_content(head)
    # A Markdown file may open with an element of HTML, and a page may hold no element that we know.
    if sure == "html" and named is FORMATS["md"]:
        return named
    if sure:
        return FORMATS[sure]
    if named is None:
        what = suffix or "of a file without suffix"
        known = ", ".join(s for f in FORMATS.values() for s in f.suffixes)
        raise UnknownFormatError(f"the format {what} is not known; known are {known}")
    if named.name in ("docx", "xlsx", "zip", "pdf", "scan"):
        raise UnknownFormatError(f"it is named {suffix} but is no such file" if head.strip() else "the file is empty")
    return named


def inside(data: bytes) -> Format:
    """The format of a packed file: Word, workbook or archive. Raises ValueError where it is damaged."""
    return FORMATS[kind_of(data)]


def guess(head: bytes) -> Format:
    """The format of what has no name: what it makes certain, else JSON lines («{»), a table (a column ``text``) or plain text."""
    if sure := by_content(head):
        return FORMATS[sure]
    text = _text(head)
    if text.startswith("{"):
        return FORMATS["jsonl"]
    return FORMATS["csv" if "text" in columns(text.partition("\n")[0])[1] else "txt"]
