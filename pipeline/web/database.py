"""The store as the page reads it: connections that can only read, and one way to write."""

from __future__ import annotations

import queue
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.search.engine import connect_readonly
from pipeline.store.schema import DIRECTIVES, DOCUMENTS
from pipeline.store.sqlite import Store, rows_of

Record = dict[str, Any]


class Database:
    """A store. ``reading`` lends connections that SQLite itself keeps from writing; ``writing`` opens the store for one change."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A read-only connection, in one snapshot of the store from first to last."""
        try:
            connection = self._idle.get_nowait()
        except queue.Empty:
            connection = connect_readonly(self.path)
        try:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("COMMIT")
        finally:
            self._idle.put(connection)

    @contextmanager
    def writing(self) -> Iterator[Store]:
        """The store, open for writing; closed at the end."""
        with Store(self.path) as store:
            yield store

    def close(self) -> None:
        """Close the idle connections."""
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return


def one(
    connection: sqlite3.Connection, sql: str, values: tuple[object, ...] | Mapping[str, object] = ()
) -> Record | None:
    """The first row, as a dict; None where there is none."""
    row = connection.execute(sql, values).fetchone()
    return dict(row) if row else None


def many(
    connection: sqlite3.Connection, sql: str, values: tuple[object, ...] | Mapping[str, object] = ()
) -> list[Record]:
    """All rows, as dicts."""
    return [dict(row) for row in connection.execute(sql, values)]


def document(connection: sqlite3.Connection, document_id: str) -> Record | None:
    """A row of ``documents``; None where there is none of the id."""
    return next(rows_of(connection, DOCUMENTS, document_id), None)


def directives(connection: sqlite3.Connection, document_id: str) -> list[Record]:
    """The rows of ``directives`` of a document in the order of the text."""
    return list(rows_of(connection, DIRECTIVES, document_id))


def run(connection: sqlite3.Connection, run_id: int) -> Record | None:
    """The run that wrote a record: what code, lexicon and model made it."""
    return one(connection, "SELECT * FROM runs WHERE run_id = ?", (run_id,))
