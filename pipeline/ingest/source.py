"""One opened input and its lines, bounded: no line, however long, is read whole before it is known to be short enough."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, AnyStr

from pipeline.ingest.decode import DecodeError, detect
from pipeline.ingest.fields import Published

MAX_LINE = 32 * 2**20
"""Longest line of a .jsonl or .csv file, in bytes: the longest document with every letter written as \\uXXXX."""

HEAD = 65_536
"""Bytes from which format and encoding are guessed."""


@dataclass(frozen=True, slots=True)
class Source:
    """An opened input: its ``name`` in messages, its bytes, and the publication date of documents that have none.

    ``url`` and ``charset`` are known of what was fetched: its address, and the encoding that the server names. ``original`` is the
    SHA-256 of the bytes of a file that is read whole.
    """

    name: str
    stream: io.BufferedReader[Any]
    published: Published | None = None
    url: str | None = None
    charset: str | None = None
    original: str | None = None


class ScannedError(ValueError):
    """A file that holds pictures of text: ``pages`` of it, from 1, need OCR."""

    def __init__(self, pages: tuple[int, ...]) -> None:
        super().__init__(f"pages {', '.join(map(str, pages))} are pictures of text")
        self.pages = pages


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its number, from 1; ``text`` is None where it cannot be read, and ``fault`` says why."""

    number: int
    text: str | None
    fault: str = ""


def _bounded(readline: Callable[[int], AnyStr], limit: int) -> Iterator[AnyStr | None]:
    """Lines with their ends; None for one longer than ``limit``, which is skipped in pieces."""
    while line := readline(limit + 1):
        if len(line) <= limit:
            yield line
            continue
        while line and not (line.endswith(b"\n") if isinstance(line, bytes) else line.endswith("\n")):
            line = readline(limit)
        yield None


def lines(source: Source) -> Iterator[Line]:
    """The lines of a text file in any encoding that :func:`detect` knows; damage in one line leaves the others.

    Raises :class:`DecodeError` where the file as a whole is no text.
    """
    buffered = source.stream
    head = buffered.peek(HEAD)[:HEAD]
    encoding = detect(head, complete=False)
    too_long = f"the line is longer than {MAX_LINE // 2**20} MB, the limit of one document"
    if encoding.startswith(("utf_16", "utf-16", "utf-32")):
        wrapper = io.TextIOWrapper(buffered, encoding, newline="\n")
        try:
            for number, text in enumerate(_bounded(wrapper.readline, MAX_LINE), 1):
                yield Line(number, text, "" if text is not None else too_long)
        except UnicodeDecodeError as error:
            raise DecodeError(f"not valid {encoding}: {error.reason}") from None
        return
    for number, data in enumerate(_bounded(buffered.readline, MAX_LINE), 1):
        if data is None:
            yield Line(number, None, too_long)
            continue
        try:
            yield Line(number, data.decode(encoding if number == 1 else encoding.removesuffix("-sig")))
        except UnicodeDecodeError as error:
            yield Line(
                number, None, f"not valid {encoding}: byte {error.start} of the line cannot be read; save it as UTF-8"
            )
