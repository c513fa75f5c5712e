"""The tables as Arrow types, and rows to and from their Arrow form."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import pyarrow as pa

from pipeline.store.schema import Column, Row, Table
from pipeline.store.text import to_json

ARROW = {
    "text": pa.string(),
    "int": pa.int64(),
    "real": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "time": pa.timestamp("s", tz="UTC"),
    "list": pa.list_(pa.string()),
    "json": pa.string(),
}
"""The type of each kind of column."""


class _NoPandas:
    """A finder of modules that finds no pandas."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name=name)


def without_pandas() -> None:
    """Let pyarrow do without pandas in this process.

    With the first array it makes it imports pandas, half a second and 50 MB, to know a Series when it is given one, and keeps what came of it.
    Other imports of pandas, and ``to_pandas``, work as before.
    """
    if "pandas" in sys.modules:
        return
    finder: Any = _NoPandas
    sys.meta_path.insert(0, finder)
    try:
        pa.array([])
    finally:
        sys.meta_path.remove(finder)


def arrow_schema(table: Table) -> pa.Schema:
    """Names and types of a table in Parquet; ``json`` columns are strings of JSON."""
    return pa.schema([(column.name, ARROW[column.type]) for column in table.columns])


def arrow_struct(columns: tuple[Column, ...]) -> pa.DataType:
    """Columns of a table as the fields of one value."""
    return pa.struct([(column.name, ARROW[column.type]) for column in columns])


def pack(columns: tuple[Column, ...], row: Row) -> Row:
    """A row as Arrow takes it: ``json`` columns as strings."""
    return {c.name: to_json(row[c.name]) if c.type == "json" else row[c.name] for c in columns}


def unpack(columns: tuple[Column, ...], row: Row) -> Row:
    """The row that :func:`pack` was given, ``json`` columns still as text: the store takes them so."""
    for name in _json_names(columns):
        if row[name] == "null":
            row[name] = None
    return row


@cache
def _json_names(columns: tuple[Column, ...]) -> tuple[str, ...]:
    return tuple(column.name for column in columns if column.type == "json")
