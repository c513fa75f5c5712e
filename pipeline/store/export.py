"""The store as Parquet, CSV and JSON lines."""

from __future__ import annotations

import gc
import json
import os
import re
import signal
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.engines import processes
from pipeline.store.arrow import arrow_schema
from pipeline.store.cells import as_arrow, as_csv, as_json, plain
from pipeline.store.manifest import NAME, Canon, TableNote, manifest
from pipeline.store.schema import COPIES, DIRECTIVES, DOCUMENTS, TABLES, Table
from pipeline.store.sqlite import Store, selection
from pipeline.store.text import BOM

CHUNK = 5_000
"""Rows in memory at a time, and in a row group of Parquet; a fifth of it where they are long: whole texts, evidence."""

_LONG = (DOCUMENTS, DIRECTIVES)

_LATER = (COPIES,)
"""Tables that another process may still write while this store is exported beside it."""

MANY = 500
"""Documents from which on a process of its own writes the tables: fewer are written before it has started."""

Written = tuple[int, dict[str, TableNote]]
"""The last run that the tables hold, and what is in each."""


def export(store: Store, folder: Path) -> list[Path]:
    """Write every table of a store to ``folder`` as Parquet, CSV and JSON lines, and their manifest; the files written.

    All tables show one moment of the store, whatever other runs write meanwhile. The files are written beside their places and then
    renamed, the manifest last: a reader sees old ones or new ones, never a part. What exports that were killed left is removed.
    """
    _sweep(folder)
    try:
        return _publish(folder, _write(store.path, folder, os.getpid()))
    finally:
        _clear(folder)


@contextmanager
def exporting(store: Store, folder: Path) -> Iterator[Callable[[], list[Path]]]:
    """Start to write the tables while this process goes on; what is given waits for the end, puts them in their places, and returns them.

    They show the store as it is now, but for what other processes write at this moment, and ``copies`` as it is at the end: change no other
    exported table inside.
    """
    if store.count(DOCUMENTS) < MANY:
        yield lambda: export(store, folder)
        return
    _sweep(folder)
    context = processes()
    mine, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, store.path, folder, os.getpid()), daemon=True)
    process.start()
    theirs.close()

    def tables() -> list[Path]:
        later = _write_tables(store.connection, folder, os.getpid(), _LATER)
        try:
            answer = mine.recv()
        except EOFError:
            raise OSError("the process that writes the tables died; is there memory for it?") from None
        if isinstance(answer, Exception):
            raise answer
        last, written = answer
        return _publish(folder, (last, {**written, **later}))

    try:
        yield tables
    finally:
        mine.close()
        process.kill()
        process.join()
        _clear(folder)


def _serve(connection: Connection, database: Path, folder: Path, writer: int) -> None:
    """What the process does that writes the tables: answer with what is in them, or with the error. It stops where ``writer`` is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    gc.disable()  # rows make no cycles
    pa.set_memory_pool(pa.system_memory_pool())  # the others keep what a chunk took
    answer: Written | Exception
    try:
        answer = _write(database, folder, writer, [t for t in TABLES if t not in _LATER], connection.poll)
    except Exception as error:
        answer = error
    with suppress(OSError):
        connection.send(answer)


def _part(path: Path, writer: int) -> Path:
    """Where a file is written before it is renamed; ``writer``: the process that will do that."""
    return path.with_name(f".{path.name}.{writer}.part")


def _files(folder: Path, table: Table) -> dict[str, Path]:
    return {suffix: folder / f"{table.name}.{suffix}" for suffix in ("parquet", "csv", "jsonl")}


def _write(
    database: Path,
    folder: Path,
    writer: int,
    tables: Sequence[Table] = TABLES,
    gone: Callable[[], bool] = lambda: False,
) -> Written:
    """Write the parts of tables, as of one moment; no further ones where nobody waits for them any more."""
    with closing(
        sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    ) as connection:
        connection.execute("BEGIN")
        last = connection.execute("SELECT max(run_id) FROM runs").fetchone()[0] or 0
        return last, _write_tables(connection, folder, writer, tables, gone)


def _write_tables(
    connection: sqlite3.Connection,
    folder: Path,
    writer: int,
    tables: Sequence[Table],
    gone: Callable[[], bool] = lambda: False,
) -> dict[str, TableNote]:
    notes: dict[str, TableNote] = {}
    for table in tables:
        if gone():
            break
        places = {suffix: _part(path, writer) for suffix, path in _files(folder, table).items()}
        canon = _write_table(connection, table, places)
        sizes = {path.name: places[suffix].stat().st_size for suffix, path in _files(folder, table).items()}
        notes[table.name] = TableNote(canon.rows, canon.digest(), sizes)
    return notes


def _write_table(connection: sqlite3.Connection, table: Table, places: dict[str, Path]) -> Canon:
    schema, canon = arrow_schema(table), Canon()
    line = "{" + ", ".join(f'"{name}": %s' for name in table.names) + "}"
    with ExitStack() as stack:
        parquet_file = stack.enter_context(places["parquet"].open("wb"))
        csv_file = stack.enter_context(places["csv"].open("wb"))
        jsonl = stack.enter_context(places["jsonl"].open("wb"))
        csv_file.write(f"{BOM}{','.join(table.names)}\n".encode())
        found = connection.execute(selection(table))
        with pq.ParquetWriter(parquet_file, schema, compression="zstd") as parquet:
            while chunk := found.fetchmany(CHUNK // 5 if table in _LONG else CHUNK):
                stored = list(zip(table.columns, zip(*chunk, strict=True), strict=True))
                lines = [line % row for row in zip(*[as_json(c.type, values) for c, values in stored], strict=True)]
                canon.add(lines)
                jsonl.write(("\n".join(lines) + "\n").encode())
                columns = [(c.type, plain(c.type, values)) for c, values in stored]
                cells = zip(*[as_csv(kind, values) for kind, values in columns], strict=True)
                csv_file.write(("\n".join(map(",".join, cells)) + "\n").encode())
                parquet.write_table(pa.table([as_arrow(kind, values) for kind, values in columns], schema=schema))
        for stream in (parquet_file, csv_file, jsonl):
            stream.flush()
            os.fsync(stream.fileno())
    return canon


def _publish(folder: Path, written: Written) -> list[Path]:
    """Put the parts in their places, the manifest last."""
    last, tables = written
    files = [path for table in TABLES for path in _files(folder, table).values()]
    files.append(folder / NAME)
    _part(files[-1], os.getpid()).write_text(json.dumps(manifest(last, tables), indent=1) + "\n", encoding="utf-8")
    for path in files:
        os.replace(_part(path, os.getpid()), path)
    return files


def _clear(folder: Path) -> None:
    """Remove what parts this process has left."""
    for path in folder.glob(f".*.{os.getpid()}.part"):
        path.unlink(missing_ok=True)


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
