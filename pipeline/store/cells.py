"""The values of a column, as SQLite has them, in the form of each kind of file: many rows at once, for a table may have millions."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from json.encoder import encode_basestring
from typing import Any

import pyarrow as pa

from pipeline.store.arrow import ARROW
from pipeline.store.schema import Type
from pipeline.store.text import LIST_MARK

Values = Sequence[Any]
"""As SQLite has them: ISO strings for days and times, 0 and 1 for bool, JSON for lists and values of several parts."""


def plain(kind: Type, values: Values) -> Values:
    """Values as Parquet and CSV take them: lists, that SQLite has as JSON, as lists."""
    if kind != "list":
        return values
    found: list[list[str] | None] = json.loads(
        f"[{','.join(['null' if value is None else value for value in values])}]"
    )
    return found


def _bool(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def as_arrow(kind: Type, values: Values) -> pa.Array:
    """A column of Parquet, of values from :func:`plain`."""
    match kind:
        case "date":
            return pa.array(values, pa.string()).cast(ARROW[kind])
        case "time":
            values = [value and datetime.datetime.fromisoformat(value) for value in values]
        case "json":
            values = ["null" if value is None else value for value in values]
        case "bool":
            values = list(map(_bool, values))
    return pa.array(values, ARROW[kind])


def as_csv(kind: Type, values: Values) -> Sequence[str]:
    """Cells of a CSV file, of values from :func:`plain`, in quotes where they need them (:mod:`csv` takes four times as long over whole texts);
    empty for None."""
    match kind:
        case "bool":
            return ["" if value is None else "true" if value else "false" for value in values]
        case "int" | "real":
            return ["" if value is None else repr(value) for value in values]
        case "list":
            cells = [LIST_MARK.join(value) if value else "" for value in values]
        case _:
            cells = ["" if value is None else value for value in values]
    whole = "".join(cells)
    return list(map(_quoted, cells)) if any(mark in whole for mark in '",\n\r') else cells


def _quoted(text: str) -> str:
    if '"' in text:
        return '"' + text.replace('"', '""') + '"'
    return f'"{text}"' if "," in text or "\n" in text or "\r" in text else text


def as_json(kind: Type, values: Values) -> Sequence[str]:
    """Values in JSON, as :func:`pipeline.store.text.to_json` writes them."""
    match kind:
        case "text" | "date" | "time":
            return ["null" if value is None else encode_basestring(value) for value in values]
        case "bool":
            return ["null" if value is None else "true" if value else "false" for value in values]
        case "list" | "json":
            return ["null" if value is None else value for value in values]
    return ["null" if value is None else repr(value) for value in values]
