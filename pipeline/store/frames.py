"""pandas frames of records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from pipeline.labels import COLUMNS, FORCES, POLARITIES
from pipeline.store.rows import to_rows
from pipeline.store.schema import DOCUMENTS, RECORDS, TABLES, Row, Table
from pipeline.types import Analysis

if TYPE_CHECKING:
    from pipeline.store.sqlite import Store

_PANDAS = {"int": pd.Int64Dtype(), "real": pd.Float64Dtype(), "bool": pd.BooleanDtype()}


def to_frame(table: Table, rows: Iterable[Row]) -> pd.DataFrame:
    """Rows of a table as a frame; columns that the rows lack are left out."""
    listed = list(rows)
    names = [name for name in table.names if not listed or name in listed[0]]
    frame = pd.DataFrame.from_records(listed, columns=names)
    for column in table.columns:
        if column.name not in names:
            continue
        if column.type in ("date", "time"):
            frame[column.name] = pd.to_datetime(frame[column.name], utc=column.type == "time")
        elif column.type in _PANDAS:
            frame[column.name] = frame[column.name].astype(_PANDAS[column.type])
    return frame


def frames(analyses: Iterable[Analysis]) -> dict[str, pd.DataFrame]:
    """Frames ``documents``, ``directives``, ``actors`` and ``dates`` of some analyses (columns: docs/data.md).

    >>> import pipeline
    >>> tables = pipeline.frames([pipeline.analyze("أمر الوالي بفتح الطريق.", id="a-1")])  # the wali ordered the road opened
    >>> tables["documents"].loc[0, "words"]
    np.int64(4)
    """
    made = [to_rows(analysis) for analysis in analyses]
    documents = {"documents": to_frame(DOCUMENTS, [rows.document for rows in made])}
    records = {
        table.name: to_frame(table, [row for rows in made for row in rows.records[part]])
        for part, table in RECORDS.items()
    }
    return documents | records


def readable(frame: pd.DataFrame, language: Literal["en", "ar"] = "en") -> pd.DataFrame:
    """A frame of records as a reader wants it: the telling columns, named in ``language``, lists joined, dates without times.

    For screens and print; compute with the frame itself. Raises ValueError where ``language`` is none of the two.

    >>> import pipeline
    >>> tables = pipeline.frames([pipeline.analyze("أمر الوالي بفتح الطريق.")])  # the governor ordered the road opened
    >>> readable(tables["directives"])[["Force", "Instruction"]].iloc[0].tolist()
    ['order', 'فتح الطريق']
    """
    if language not in ("en", "ar"):
        raise ValueError(f"language {language!r}; valid: en, ar")
    words: dict[object, str] = dict([*FORCES.items(), *POLARITIES.items()]) if language == "ar" else {}
    shown = frame[[name for name in COLUMNS if name in frame.columns]].copy()
    for name in shown.columns:
        column = shown[name]
        if pd.api.types.is_datetime64_any_dtype(column):
            shown[name] = column.dt.strftime("%Y-%m-%d").fillna("")
        elif name == "confidence":
            shown[name] = column.round(2)
        elif column.dtype == object or pd.api.types.is_string_dtype(column):
            shown[name] = pd.Series([_shown(value, words) for value in column], index=column.index)
    return shown.rename(columns={name: labels[language == "ar"] for name, labels in COLUMNS.items()})


def _shown(value: Any, words: Mapping[object, str]) -> Any:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "، ".join(map(str, value))
    if isinstance(value, np.ndarray):  # a list column read from Parquet
        return "، ".join(map(str, value.tolist()))
    return "" if pd.isna(value) else words.get(value, value)


def read_frames(store: Store) -> dict[str, pd.DataFrame]:
    """All exported tables of a store as frames."""
    return {table.name: to_frame(table, store.rows(table)) for table in TABLES}
