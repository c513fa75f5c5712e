"""Files, folders, addresses and standard input as one stream of documents and problems."""

from __future__ import annotations

import datetime
import gzip
import io
import lzma
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.errors import Problem
from pipeline.ingest.apart import Reader
from pipeline.ingest.decode import DecodeError
from pipeline.ingest.fields import Published, parse_date
from pipeline.ingest.formats import (
    SUFFIXES,
    UNREAD_SUFFIXES,
    Format,
    UnknownFormatError,
    by_content,
    choose,
    guess,
    inside,
    suffix_of,
)
from pipeline.ingest.limits import MAX_ARCHIVE, MAX_DEPTH, LimitError, megabytes
from pipeline.ingest.originals import Originals, sha256
from pipeline.ingest.packed import members
from pipeline.ingest.source import HEAD, Source
from pipeline.resources import code_version
from pipeline.types import Document, Reading

STDIN = "-"
STORE = "taalimat.sqlite"
"""The file by which a folder that a run has written is known."""

_COMPRESSED: dict[str, Callable[[Path], Any]] = {".gz": gzip.open, ".xz": lzma.open}
_NAME_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
# Files that tell about a folder, and are no statement.
_ABOUT = re.compile(r"(?:readme|licen[cs]e|notice|provenance|changelog|changes)(?:[._-]|$)", re.IGNORECASE)
_HIDDEN = (".", "~$")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def _open(path: Path) -> io.BufferedReader:
    if opener := _COMPRESSED.get(path.suffix.lower()):
        return io.BufferedReader(opener(path), HEAD)
    return io.BufferedReader(io.FileIO(path), HEAD)


def is_readable(path: Path) -> bool:
    """True for a file of a folder that is to be read: by its suffix, or, where that says nothing, by its first bytes.

    What no reader claims is passed over; but a Word file of the old kind, a RAR archive or a link that leads nowhere is claimed, so that it
    is named as a problem and not lost in silence.
    """
    if path.is_symlink() and not path.exists():
        return suffix_of(path.name) in SUFFIXES
    if not path.is_file():
        return False
    if _is_named(path.name):
        return True
    try:
        with path.open("rb") as file:
            return _is_claimed(file.read(4096))
    except OSError:
        return False


def _is_named(name: str) -> bool:
    return suffix_of(name) in SUFFIXES or suffix_of(name) in UNREAD_SUFFIXES


def _is_claimed(head: bytes) -> bool:
    """True where the first bytes of a file of an unknown name make it certain that there is a text to read."""
    try:
        return by_content(head) in ("pdf", "html", "feed")
    except UnknownFormatError:
        return False


@dataclass(slots=True)
class Passed:
    """What was given to be read and was passed over."""

    repeated: int = 0
    """Documents whose id and text came before."""
    unknown: list[Path] = field(default_factory=list)
    """Files of folders and archives that are in no format that we know."""


def files_of(folder: Path, passed: Passed | None = None) -> list[Path]:
    """The files of a folder and its subfolders that are to be read, in order of name; files of no known format are told to ``passed``.

    Not looked at are hidden files and folders, stores, what tells about a folder (README, LICENSE, …), and the locks of office programs.
    """
    found = sorted(folder.rglob("*"))
    stores = {path.parent for path in found if path.name == STORE} - {folder}
    readable = []
    for path in found:
        hidden = any(part.startswith(_HIDDEN) for part in path.relative_to(folder).parts)
        if hidden or _ABOUT.match(path.name) or stores.intersection(path.parents):
            continue
        if is_readable(path):
            readable.append(path)
        elif passed and path.is_file():
            passed.unknown.append(path)
    return readable


def _name_date(name: str) -> Published | Problem | None:
    """The publication date that a file name starts with."""
    found = _NAME_DATE.match(Path(name).name)
    if not found:
        return None
    try:
        return Published(parse_date(found[0]), "file name")
    except ValueError as error:
        return Problem(name, f"date in the file name: {error}; read without it", lost=False)


@dataclass(frozen=True, slots=True)
class _Sources:
    """What reading needs beside the sources: the process apart, and where originals are kept, if they are."""

    reader: Reader
    originals: Originals | None
    passed: Passed

    def named(self, source: Source, depth: int = 0) -> Iterator[Document | Problem]:
        """A file with its name, which may tell the date."""
        if source.published is None:
            day = _name_date(source.name)
            if isinstance(day, Problem):
                yield day
            elif day:
                source = replace(source, published=day)
        yield from self.opened(source, choose, depth)

    def opened(
        self, source: Source, pick: Callable[[str, bytes], Format], depth: int = 0
    ) -> Iterator[Document | Problem]:
        """An opened source in whatever format it is. Whatever is wrong with it becomes a problem."""
        try:
            format = pick(source.name, source.stream.peek(HEAD)[:HEAD])
            if format.streamed:
                yield from _streamed(format, source)
                return
            most = MAX_ARCHIVE if format.name == "zip" else format.bytes
            data = source.stream.read(most + 1)
            if len(data) > most:
                raise LimitError(f"the file is longer than {megabytes(most)}, the limit of a {format.name} file")
            if format.name == "zip":
                format = inside(data)
            if format.name == "zip":
                yield from self._archive(source, data, depth)
            else:
                yield from self._whole(format, source, data)
        except (DecodeError, UnknownFormatError, LimitError) as error:
            yield Problem(source.name, str(error))
        except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
            yield Problem(source.name, f"cannot be read: {error}")
        except ValueError as error:
            yield Problem(source.name, str(error) or f"damaged ({type(error).__name__})")

    def _whole(self, format: Format, source: Source, data: bytes) -> Iterator[Document | Problem]:
        source = replace(source, original=sha256(data))
        kept = self.originals is None
        for item in self.reader.read(format, source, data):
            if isinstance(item, Document) and self.originals and not kept:
                self.originals.keep(data, format.suffixes[0])
                kept = True
            yield item

    def _archive(self, source: Source, data: bytes, depth: int) -> Iterator[Document | Problem]:
        if depth >= MAX_DEPTH:
            raise LimitError(f"archives stand in each other deeper than {MAX_DEPTH}, the limit")
        empty = True
        for name, content in members(data):
            where = f"{source.name}/{name}"
            empty = False
            if isinstance(content, str):
                yield Problem(where, content)
            elif not _is_named(name) and not _is_claimed(content[:4096]):
                self.passed.unknown.append(Path(where))
            elif not _ABOUT.match(Path(name).name):
                stream = io.BufferedReader(io.BytesIO(content), HEAD)
                yield from self.named(replace(source, name=where, stream=stream, charset=None), depth + 1)
        if empty:
            yield Problem(source.name, "no file in this archive")

    def all(self, sources: Iterable[str], published: Published | None) -> Iterator[Document | Problem]:
        """All sources in order."""
        for name in sources:
            path = Path(name)
            if name == STDIN:
                raw: Any = sys.stdin.buffer
                source = Source("<stdin>", io.BufferedReader(raw, HEAD), published)
                yield from self.opened(source, lambda _, head: guess(head))
            elif _ADDRESS.match(name):
                yield from self._address(name, published)
            elif path.is_dir():
                files = files_of(path, self.passed)
                if not files:
                    yield Problem(name, f"no file in this folder that can be read ({', '.join(SUFFIXES)})")
                for file in files:
                    yield from self._file(file, published)
            elif path.exists():
                yield from self._file(path, published)
            else:
                yield Problem(name, "there is no such file or folder")

    def _file(self, path: Path, published: Published | None) -> Iterator[Document | Problem]:
        try:
            stream = _open(path)
        except OSError as error:
            yield Problem(str(path), f"cannot be opened: {error.strerror or error}")
            return
        with stream:
            yield from self.named(Source(str(path), stream, published))

    def _address(self, url: str, published: Published | None) -> Iterator[Document | Problem]:
        from pipeline.ingest.fetch import FetchError, fetch

        try:
            page = fetch(url)
        except FetchError as error:
            yield Problem(url, str(error))
            return
        stream = io.BufferedReader(io.BytesIO(page.data), HEAD)
        yield from self.opened(Source(url, stream, published, page.url, page.charset), lambda _, head: guess(head))


def _streamed(format: Format, source: Source) -> Iterator[Document | Problem]:
    version = f"taalimat {code_version()}"
    for item in format.load()(source):
        if isinstance(item, Document):
            told = {"published": item.published_source} if item.published_source else {}
            item = replace(item, reading=Reading(format.name, version, sources=told))
        yield item


def read(
    sources: Iterable[str],
    published: datetime.date | None = None,
    originals: Originals | None = None,
    passed: Passed | None = None,
) -> Iterator[Document | Problem]:
    """All documents of files, folders, addresses and «-» (standard input), in order, and between them what could not be read.

    ``published`` serves where a document has no date of its own; it goes before the date in a file's name. Of documents with one id the
    first is taken: the same text again is passed over, another text is a problem. ``originals`` keeps the files that are no plain text; ``passed``
    is told what is passed over.
    """
    passed = passed or Passed()
    seen: dict[int, int] = {}  # hashes, to hold little of a long stream
    given = Published(published, "option") if published else None
    with Reader() as reader:
        for item in _Sources(reader, originals, passed).all(sources, given):
            if isinstance(item, Document):
                text = hash(item.raw)
                first = seen.get(hash(item.id))
                if first == text:
                    passed.repeated += 1
                    continue
                if first is not None:
                    yield Problem(
                        item.source or "",
                        f"the id {item.id!r} came before with another text; give each document one of its own",
                    )
                    continue
                seen[hash(item.id)] = text
            yield item
