"""Files, folders and standard input as one stream of documents and problems."""

from __future__ import annotations

import datetime
import gzip
import io
import lzma
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import Problem
from pipeline.ingest.decode import DecodeError
from pipeline.ingest.fields import Published, parse_date
from pipeline.ingest.jsonl import read_jsonl
from pipeline.ingest.source import HEAD, Source
from pipeline.ingest.table import columns, read_csv
from pipeline.ingest.txt import read_txt
from pipeline.types import Document

Reader = Callable[[Source], Iterator[Document | Problem]]

READERS: dict[str, Reader] = {".txt": read_txt, ".jsonl": read_jsonl, ".csv": read_csv}
"""Reader by file suffix. Each may carry .gz or .xz behind it."""

STDIN = "-"

_COMPRESSED: dict[str, Callable[[Path], Any]] = {".gz": gzip.open, ".xz": lzma.open}
_NAME_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")


def _reader(path: Path) -> Reader | None:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _COMPRESSED:
        suffixes.pop()
    return READERS.get(suffixes[-1]) if suffixes else None


def _open(path: Path) -> io.BufferedReader:
    if opener := _COMPRESSED.get(path.suffix.lower()):
        return io.BufferedReader(opener(path), HEAD)
    return io.BufferedReader(io.FileIO(path), HEAD)


def _files(folder: Path) -> list[Path]:
    """The readable files of a folder and its subfolders, in order of name; hidden ones are passed over."""
    found = (path for path in folder.rglob("*") if path.is_file() and _reader(path))
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def _name_date(path: Path) -> Published | Problem | None:
    """The publication date that a file name starts with."""
    found = _NAME_DATE.match(path.name)
    if not found:
        return None
    try:
        return Published(parse_date(found[0]), "file name")
    except ValueError as error:
        return Problem(str(path), f"date in the file name: {error}; read without it", lost=False)


def _read_stream(reader: Reader, source: Source) -> Iterator[Document | Problem]:
    try:
        yield from reader(source)
    except DecodeError as error:
        yield Problem(source.name, str(error))
    except (OSError, EOFError, lzma.LZMAError) as error:
        yield Problem(source.name, f"cannot be read: {error}")


def _read_file(path: Path, published: Published | None) -> Iterator[Document | Problem]:
    reader = _reader(path)
    if reader is None:
        yield Problem(
            str(path),
            f"the format {path.suffix or 'of a file without suffix'} is not known; known are {', '.join(READERS)}",
        )
        return
    if published is None:
        named = _name_date(path)
        if isinstance(named, Problem):
            yield named
        else:
            published = named
    try:
        stream = _open(path)
    except OSError as error:
        yield Problem(str(path), f"cannot be opened: {error.strerror or error}")
        return
    with stream:
        yield from _read_stream(reader, Source(str(path), stream, published))


def _sniff(head: bytes) -> Reader:
    """The reader for standard input, which has no name: JSON lines start with «{», a table has a column ``text``."""
    text = head.decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    if text.startswith("{"):
        return read_jsonl
    if "text" in columns(text.partition("\n")[0])[1]:
        return read_csv
    return read_txt


def _read_stdin(published: Published | None) -> Iterator[Document | Problem]:
    raw: Any = sys.stdin.buffer
    stream = io.BufferedReader(raw, HEAD)
    yield from _read_stream(_sniff(stream.peek(HEAD)), Source("<stdin>", stream, published))


def _read_all(sources: Iterable[str], published: Published | None) -> Iterator[Document | Problem]:
    for name in sources:
        path = Path(name)
        if name == STDIN:
            yield from _read_stdin(published)
        elif path.is_dir():
            files = _files(path)
            if not files:
                yield Problem(name, f"no {', '.join(READERS)} file in this folder")
            for file in files:
                yield from _read_file(file, published)
        elif path.exists():
            yield from _read_file(path, published)
        else:
            yield Problem(name, "there is no such file or folder")


def read(sources: Iterable[str], published: datetime.date | None = None) -> Iterator[Document | Problem]:
    """All documents of files, folders and «-» (standard input), in order, and between them what could not be read.

    ``published`` serves where a record has no date of its own; it goes before the date in a file's name. Of documents with
    one id the first is taken: the same text again is passed over, another text is a problem.
    """
    seen: dict[int, int] = {}  # hashes, to hold little of a long stream
    for item in _read_all(sources, Published(published, "option") if published else None):
        if isinstance(item, Document):
            text = hash(item.raw)
            first = seen.get(hash(item.id))
            if first == text:
                continue
            if first is not None:
                yield Problem(item.source or "", f"the id {item.id!r} came before with another text")
                continue
            seen[hash(item.id)] = text
        yield item
