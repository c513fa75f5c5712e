"""CSV: a header with a column ``text`` (or «النص»), and maybe ``id``, ``title``, ``published``, ``source``, ``outlet``."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from pipeline.errors import Problem
from pipeline.ingest.fields import field_names, read_record
from pipeline.ingest.source import MAX_LINE, Line, Source, lines
from pipeline.types import Document

DELIMITERS = ",;\t"


class _Feed:
    """Lines for csv.reader; those that cannot be read go to ``problems``. ``number`` is the line last given."""

    def __init__(self, source: Source, source_lines: Iterator[Line], first: str) -> None:
        self.source, self.lines, self.first, self.number = source, source_lines, first, 1
        self.problems: list[Problem] = []

    def __iter__(self) -> Iterator[str]:
        yield self.first
        for line in self.lines:
            self.number = line.number
            if line.text is None:
                self.problems.append(Problem(self.source.name, line.fault, line.number))
            else:
                yield line.text


def columns(header: str) -> tuple[str, list[str]]:
    """Delimiter and column names of a header line; spreadsheets of French locale part by semicolons.

    >>> columns("id;Text;published\\n")
    (';', ['id', 'text', 'published'])
    """
    delimiter = max(DELIMITERS, key=header.count)
    row = next(csv.reader([header], delimiter=delimiter), [])
    return delimiter, field_names(row)


def read_csv(source: Source) -> Iterator[Document | Problem]:
    """The documents of a CSV file, one a row; a broken row is a problem of its own."""
    csv.field_size_limit(MAX_LINE)
    source_lines = lines(source)
    first = next(source_lines, Line(1, ""))
    if not (first.text or "").strip():
        yield Problem(source.name, first.fault or "the file is empty", first.number)
        return
    assert first.text is not None
    delimiter, names = columns(first.text)
    if "text" not in names:
        yield Problem(source.name, f"no column 'text' or 'النص' in the header (columns: {', '.join(names)})", 1)
        return
    feed = _Feed(source, source_lines, first.text)
    rows = csv.reader(feed, delimiter=delimiter, strict=True)
    next(rows)
    while True:
        start = feed.number + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield Problem(source.name, f"broken row: {error} (a quote too many or too few?)", start)
            continue
        yield from feed.problems
        feed.problems.clear()
        if row is None:
            return
        if len(row) > len(names):
            yield Problem(source.name, f"the row has {len(row)} fields, the header {len(names)}", start)
        elif row:
            yield from read_record(dict(zip(names, row, strict=False)), source.name, start, source.published)
