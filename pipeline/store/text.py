"""Rows as JSON and as CSV."""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Iterable
from json.encoder import encode_basestring
from typing import TextIO

from pipeline.store.schema import Column, Row, Table

BOM = "\ufeff"
"""Spreadsheets read a CSV file as UTF-8 only where it starts with this mark."""

LIST_MARK = " | "
"""What parts the items of a list in a CSV cell."""


def _iso(value: object) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


_ENCODER = json.JSONEncoder(ensure_ascii=False, default=_iso)


def to_json(value: object) -> str:
    """A value as one line of JSON: Arabic readable, dates as ISO strings.

    >>> to_json({"issuer": "الوالي", "due": datetime.date(2025, 3, 1)})
    '{"issuer": "الوالي", "due": "2025-03-01"}'
    """
    return _ENCODER.encode(value)


def strings_to_json(values: Iterable[str]) -> str:
    """The same of a list of strings, in a fourth of the time.

    >>> strings_to_json(["الوالي", 'a "b"'])
    '["الوالي", "a \\\\"b\\\\""]'
    """
    return f"[{', '.join(map(encode_basestring, values))}]"


def _cell(column: Column, value: object) -> object:
    if value is None:
        return ""
    if column.type == "list":
        assert isinstance(value, list)
        return LIST_MARK.join(value)
    if column.type == "json":
        return to_json(value)
    if column.type == "bool":
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime.date) else value


class CsvWriter:
    """Writes rows of a table to a stream as CSV, with byte order mark and header. Columns that a row lacks stay empty."""

    def __init__(self, stream: TextIO, table: Table) -> None:
        self.columns = table.columns
        self.writer = csv.writer(stream, lineterminator="\n")
        stream.write(BOM)
        self.writer.writerow(table.names)

    def write(self, rows: Iterable[Row]) -> None:
        """Append rows."""
        self.writer.writerows([_cell(column, row.get(column.name)) for column in self.columns] for row in rows)
