"""pandas frames of records, and the store as Parquet, CSV and JSON lines."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.labels import COLUMNS, FORCES, POLARITIES
from pipeline.store.arrow import arrow_schema, pack
from pipeline.store.manifest import NAME, Canon, TableNote, manifest
from pipeline.store.rows import to_rows
from pipeline.store.schema import DOCUMENTS, RECORDS, TABLES, Row, Table
from pipeline.store.text import CsvWriter, to_json
from pipeline.types import Analysis

if TYPE_CHECKING:
    from pipeline.store.sqlite import Store

CHUNK = 10_000
"""Rows in memory at a time while exporting."""

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


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _write_table(store: Store, table: Table, places: dict[str, Path]) -> Canon:
    schema, canon = arrow_schema(table), Canon()
    with ExitStack() as stack:
        parquet_file = stack.enter_context(places["parquet"].open("wb"))
        csv_file = stack.enter_context(places["csv"].open("w", encoding="utf-8", newline=""))
        jsonl = stack.enter_context(places["jsonl"].open("w", encoding="utf-8", newline="\n"))
        writer = CsvWriter(csv_file, table)
        with pq.ParquetWriter(parquet_file, schema, compression="zstd") as parquet:
            for chunk in _chunks(store.rows(table)):
                writer.write(chunk)
                jsonl.writelines(canon.add(to_json(row)) + "\n" for row in chunk)
                parquet.write_table(pa.Table.from_pylist([pack(table.columns, row) for row in chunk], schema))
        for stream in (parquet_file, csv_file, jsonl):
            stream.flush()
            os.fsync(stream.fileno())
    return canon


def export(store: Store, folder: Path, progress: Callable[[str], None] = lambda name: None) -> list[Path]:
    """Write every table of a store to ``folder`` as Parquet, CSV and JSON lines, and their manifest; the files written.

    All tables show one moment of the store, whatever other runs write meanwhile. The files are written beside their places and then
    renamed, the manifest last: a reader sees old ones or new ones, never a part. What exports that were killed left is removed.
    """
    _sweep(folder)
    made: list[tuple[Path, Path]] = []
    tables: dict[str, TableNote] = {}

    def part_of(path: Path) -> Path:
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        made.append((part, path))
        return part

    try:
        with store.snapshot():
            last = store.connection.execute("SELECT max(run_id) FROM runs").fetchone()[0] or 0
            for table in TABLES:
                progress(table.name)
                final = {suffix: folder / f"{table.name}.{suffix}" for suffix in ("parquet", "csv", "jsonl")}
                places = {suffix: part_of(path) for suffix, path in final.items()}
                canon = _write_table(store, table, places)
                sizes = {final[suffix].name: places[suffix].stat().st_size for suffix in final}
                tables[table.name] = TableNote(canon.rows, canon.digest(), sizes)
        part_of(folder / NAME).write_text(json.dumps(manifest(last, tables), indent=1) + "\n", encoding="utf-8")
        for part, path in made:
            os.replace(part, path)
    finally:
        for part, _ in made:
            part.unlink(missing_ok=True)
    return [path for _, path in made]


def _sweep(folder: Path) -> None:
    """Remove parts of files whose writer is gone."""
    for path in folder.glob(".*.part"):
        found = re.fullmatch(r"\..+\.(\d+)\.part", path.name)
        if found and not _alive(int(found[1])):
            path.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    if os.name == "nt":
        return True  # signal 0 would end the process there
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
