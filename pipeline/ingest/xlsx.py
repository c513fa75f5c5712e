"""Workbooks: each sheet with a column ``text`` is a table like a CSV file."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from pipeline.errors import Problem
from pipeline.ingest.fields import field_names, read_record
from pipeline.ingest.limits import MAX_ROWS
from pipeline.ingest.packed import check_package
from pipeline.ingest.source import Source
from pipeline.types import Document, Place, Reading, Span


def read_xlsx(source: Source) -> Iterator[Document | Problem]:
    """The documents of a workbook, one a row of a sheet whose first row has a column ``text``. Formulas count by their last value."""
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter

    data = source.stream.read()
    check_package(data)
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    seen = False
    headers: list[str] = []
    for sheet in book.worksheets:
        rows = sheet.iter_rows(values_only=True, max_row=MAX_ROWS)
        names = field_names(str(cell) if cell is not None else "" for cell in next(rows, ()))
        headers += [name for name in names if name]
        if "text" not in names:
            continue
        seen = True
        column = get_column_letter(names.index("text") + 1)
        for number, row in enumerate(rows, 2):
            record = {name: _plain(cell) for name, cell in zip(names, row, strict=False) if name and cell is not None}
            if not record:
                continue
            where = f"{source.name}:{sheet.title}" if len(book.worksheets) > 1 else source.name
            for item in read_record(record, where, number, source.published):
                if isinstance(item, Document):
                    places = (Place(Span(0, len(item.raw)), f"{sheet.title}!{column}{number}"),)
                    item = replace(
                        item, reading=Reading("", f"openpyxl {version('openpyxl')}", source.original, places)
                    )
                yield item
    if not seen:
        columns = ", ".join(headers) or "none"
        yield Problem(source.name, f"no sheet has a column 'text' or 'النص' in its first row (columns: {columns})", 1)


def _plain(cell: Any) -> Any:
    """A cell as a field of a record: dates as ISO, whole numbers without a point."""
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell if isinstance(cell, str | int | float) else str(cell)
