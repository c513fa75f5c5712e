"""The store as Parquet, CSV and JSON lines."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.store.arrow import arrow_schema, pack
from pipeline.store.manifest import NAME, Canon, TableNote, manifest
from pipeline.store.schema import TABLES, Row, Table
from pipeline.store.sqlite import Store
from pipeline.store.text import CsvWriter, to_json

CHUNK = 10_000
"""Rows in memory at a time."""


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
