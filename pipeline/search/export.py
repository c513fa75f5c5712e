"""Results as files: CSV and XLSX that a spreadsheet opens safely, and JSON lines."""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, Any, TextIO

from pipeline.corrections.overlay import overlay
from pipeline.corrections.store import places_of
from pipeline.search.engine import Hit
from pipeline.store.schema import Row
from pipeline.store.text import BOM, LIST_MARK, to_json

COLUMNS = (
    *("directive_id", "document_id", "title", "outlet", "published", "source", "url", "country", "date"),
    *("issuer_name", "issuer_mention", "addressees", "force", "polarity", "trigger", "instruction", "purposes"),
    *("deadline", "due", "due_note", "deadline_state", "recalled", "places", "confidence", "times", "sentence"),
    *("start", "end", "verdict", "corrected_by", "corrected", "correction_note", "code_version", "lexicon_version"),
)
"""Columns of an export: those of ``directive_view``; how often the statement says the instruction; its sentence; what people said of it."""

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl; charset=utf-8",
}
"""Formats of an export with their media types."""

MAX_SHEET = 1_048_575
"""Rows of a sheet below its header, at most: what spreadsheets hold."""

_MAX_CELL = 32_767
"""Characters of a cell, at most."""

_FORMULA = re.compile(r"^[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20|]|^[\t\r\n]")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CHUNK = 500


def rows(connection: sqlite3.Connection, hits: Iterable[Hit]) -> Iterator[Row]:
    """Results as rows with COLUMNS, edited values in place of the machine's."""
    stream = iter(hits)
    while chunk := list(islice(stream, _CHUNK)):
        placed = places_of(connection, [hit.id for hit in chunk])
        for hit in chunk:
            row = overlay(hit.row, placed.get(hit.id)) | {"times": hit.times, "sentence": hit.context_text}
            yield {name: row.get(name) for name in COLUMNS}


def safe(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: text that begins like one is given an apostrophe, as spreadsheets do.

    >>> safe("=HYPERLINK(1)"), safe("- بند")
    ("'=HYPERLINK(1)", "'- بند")
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def _cell(value: Any) -> str | int | float:
    if isinstance(value, list):
        return LIST_MARK.join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    return value if isinstance(value, (str, int, float)) else str(value)


def write_csv(stream: TextIO, found: Iterable[Row]) -> None:
    """Rows as CSV in UTF-8 with a byte order mark; open ``stream`` with ``newline=""``."""
    writer = csv.writer(stream, lineterminator="\r\n")
    stream.write(BOM)
    writer.writerow(COLUMNS)
    writer.writerows([safe(_cell(row[name])) for name in COLUMNS] for row in found)


def write_jsonl(stream: TextIO, found: Iterable[Row]) -> None:
    """Rows as JSON lines."""
    for row in found:
        stream.write(to_json(row) + "\n")


def write_xlsx(stream: IO[bytes], found: Iterable[Row]) -> None:
    """Rows as a sheet from right to left, every text a text and none a formula. Keeps the first MAX_SHEET rows; memory does not grow with them."""
    from xlsxwriter import Workbook

    with Workbook(stream, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("taalimat")
        sheet.right_to_left()
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for column, name in enumerate(COLUMNS):
            width = 60 if name in ("instruction", "sentence") else 28 if name in _WIDE else 14
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(islice(found, MAX_SHEET), 1):
            for column, name in enumerate(COLUMNS):
                value = _cell(row[name])
                if isinstance(value, str):
                    if value:
                        sheet.write_string(number, column, _NO_XML.sub("\ufffd", value)[:_MAX_CELL])
                else:
                    sheet.write_number(number, column, value)


_WIDE = frozenset({"title", "source", "issuer_name", "issuer_mention", "addressees", "purposes", "deadline"})
