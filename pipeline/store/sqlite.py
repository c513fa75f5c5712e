"""The store: one SQLite file that any client can read.

A document is written in one transaction with all its records, so a run that is cut off leaves whole documents only.
"""

from __future__ import annotations

import datetime
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

from pipeline.corrections.store import place_again
from pipeline.errors import Problem, TaalimatError
from pipeline.resources import code_version, lexicon_version, model_version
from pipeline.search.index import index_document, refresh
from pipeline.store.rows import Rows
from pipeline.store.schema import ADDRESSEES, DOCUMENTS, RECORDS, STEPS, VERSION, Column, Part, Row, Table
from pipeline.store.text import strings_to_json, to_json

FILE_NAME = "taalimat.sqlite"

WAIT = 600
"""Seconds to wait for another process that writes: building the register of a large store takes minutes."""

_VERSION_HEAD = ("document_id", "version", "title", "published", "source", "text")


_OUTER = ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
_INNER = ("SAVEPOINT inner_part", "RELEASE inner_part", ("ROLLBACK TO inner_part", "RELEASE inner_part"))


class Change(StrEnum):
    """What saving a document meant."""

    NEW = "new"
    AGAIN = "again"
    """The same text as before: its records were replaced."""
    VERSION = "version"
    """Another text under the same id: the old one was kept in ``versions``."""


def _to_sql(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.type == "json" and isinstance(value, str):
        return value  # JSON already: no column holds a bare string
    if column.type == "list":
        return strings_to_json(value)
    if column.type == "json":
        return to_json(value)
    if column.type in ("date", "time"):
        return value.isoformat()
    return value


@cache
def _insertion(table: Table) -> tuple[str, tuple[str, ...], tuple[tuple[int, Column], ...]]:
    """The statement that inserts a row of a table, ``run_id`` last; the names of the other columns; which of their values take another form."""
    columns = [c for c in table.columns if c.name != "run_id"]
    names = ", ".join(f'"{name}"' for name in [*(c.name for c in columns), "run_id"])
    marks = ", ".join("?" * (len(columns) + 1))
    turned = tuple((i, c) for i, c in enumerate(columns) if c.type in ("list", "json", "date", "time"))
    return f"INSERT INTO {table.name} ({names}) VALUES ({marks})", tuple(c.name for c in columns), turned


def _from_sql(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.type in ("list", "json"):
        return json.loads(value)
    if column.type == "date":
        return datetime.date.fromisoformat(value)
    if column.type == "time":
        return datetime.datetime.fromisoformat(value)
    return bool(value) if column.type == "bool" else value


def now() -> str:
    """The time, UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


class Store:
    """An open store. A context manager: closing it commits what was saved.

    Raises :class:`TaalimatError` where the file is no store, or of a schema that this version does not know.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
            self._share()
            is_new = self._create()
            self.connection.execute("PRAGMA foreign_keys = ON")
            if is_new:
                with self.transaction():
                    refresh(self.connection)
        except (OSError, sqlite3.Error) as error:
            raise TaalimatError(f"{path}: cannot be opened as a store: {error}") from error

    def _share(self) -> None:
        """Let others read while this process writes. Two processes that set this at once, for a new file, are not made to wait by SQLite."""
        for patience in (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 0):
            try:
                self.connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or not patience:
                    raise
                time.sleep(patience)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    def _create(self) -> bool:
        """Carry the file to the present schema; whether it had another. The connection must not look after foreign keys yet."""
        with self.transaction():
            version = self.connection.execute("PRAGMA user_version").fetchone()[0]
            if version == VERSION:
                return False
            tables = self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if version > VERSION or tables and not version:
                raise TaalimatError(
                    f"{self.path}: holds schema {version}, this taalimat writes schema {VERSION}; use another --out folder"
                )
            for statement in "".join(STEPS[version:]).split(";\n"):
                if statement.strip():
                    self.connection.execute(statement)
            self.connection.execute(f"PRAGMA user_version = {VERSION}")
        return True

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is kept, or nothing of it. One inside another undoes its own part only."""
        begin, keep, undo = _INNER if self.connection.in_transaction else _OUTER
        self.connection.execute(begin)
        before = self.connection.total_changes
        try:
            yield
            if keep == "COMMIT" and self.connection.total_changes != before:
                self.connection.execute("UPDATE stamp SET transactions = transactions + 1")
            self.connection.execute(keep)
        except BaseException:
            if self.connection.in_transaction:  # SQLite undoes by itself where the disk is full
                for statement in undo:
                    self.connection.execute(statement)
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read inside shows the store at one moment; other processes may write meanwhile."""
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self.connection.execute("COMMIT")

    def begin_run(self, sources: Sequence[str]) -> int:
        """Enter a run with the versions of code, lexicon and model; its number."""
        run = "INSERT INTO runs (started, code_version, lexicon_version, model_version, sources) VALUES (?, ?, ?, ?, ?)"
        values = (now(), code_version(), lexicon_version(), model_version(), to_json(list(sources)))
        return int(self.connection.execute(run, values).lastrowid or 0)

    def finish_run(self, run_id: int, documents: int, problems: int) -> None:
        """Note that a run came to its end."""
        finish = "UPDATE runs SET finished = ?, documents = ?, problems = ? WHERE run_id = ?"
        self.connection.execute(finish, (now(), documents, problems, run_id))

    def note(self, run_id: int, problem: Problem) -> None:
        """Keep a problem of a run."""
        values = (run_id, problem.source, problem.line, problem.document_id, problem.reason)
        self.connection.execute("INSERT INTO problems VALUES (?, ?, ?, ?, ?)", values)

    def problems(self, run_id: int) -> Iterator[Problem]:
        """The problems of a run, in the order they were met."""
        found = "SELECT source, reason, line, document_id FROM problems WHERE run_id = ? ORDER BY rowid"
        for source, reason, line, document_id in self.connection.execute(found, (run_id,)):
            yield Problem(source, reason, line, document_id)

    def save(self, run_id: int, rows: Rows) -> Change:
        """Put a document and its records in place of what the store has under its id, wholly or not at all.

        Raises :class:`sqlite3.IntegrityError` where two records have one id.
        """
        with self.transaction():
            return self._save(run_id, rows)

    def _save(self, run_id: int, rows: Rows) -> Change:
        document = rows.document
        name = document["document_id"]
        found = self.connection.execute("SELECT version, text FROM documents WHERE document_id = ?", (name,)).fetchone()
        version, change = 1, Change.NEW
        if found is not None:
            change = Change.AGAIN if found[1] == document["text"] else Change.VERSION
            version = found[0] + (change is Change.VERSION)
            if change is Change.VERSION:
                self._keep(name, run_id)
            self.connection.execute("DELETE FROM documents WHERE document_id = ?", (name,))
        self.insert(DOCUMENTS, [{**document, "version": version}], run_id)
        for part in (Part.ACTORS, Part.DIRECTIVES, Part.DATES):  # directives refer to actors
            self.insert(RECORDS[part], rows.records[part], run_id)
        if rows.records[Part.DIRECTIVES]:
            self.connection.execute(f"{ADDRESSEES} WHERE d.document_id = ?", (name,))
        if rows.signature is not None and change is not Change.AGAIN:
            sign = "INSERT OR REPLACE INTO copy_signature VALUES (?, 0, ?)"  # 0: not compared yet
            self.connection.execute(sign, (name, rows.signature))
        if place_again(self, name) or rows.records[Part.DIRECTIVES]:  # else there is nothing to be found
            index_document(self.connection, name)
        return change

    def insert(self, table: Table, rows: Iterable[Row], run_id: int) -> None:
        """Insert rows into a table, as of a run. Raises :class:`sqlite3.IntegrityError` where a key is taken."""
        statement, names, turned = _insertion(table)
        values = []
        for row in rows:
            cells = [row[name] for name in names]
            for i, column in turned:
                cells[i] = _to_sql(column, cells[i])
            cells.append(run_id)
            values.append(cells)
        if values:
            self.connection.executemany(statement, values)

    def _keep(self, document_id: str, run_id: int) -> None:
        """Move a document that is being replaced, with its records, to ``versions``."""
        (document,) = self.rows(DOCUMENTS, document_id)
        records = {table.name: list(self.rows(table, document_id)) for table in RECORDS.values()}
        head = [_to_sql(c, document[c.name]) for c in DOCUMENTS.columns if c.name in _VERSION_HEAD]
        values = [*head, to_json(records), document["run_id"], run_id]
        self.connection.execute("INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)

    def rows(self, table: Table, document_id: str | None = None) -> Iterator[Row]:
        """Rows of a table, of one document or all, in order of key; values as Python objects."""
        return rows_of(self.connection, table, document_id)

    def count(self, table: Table) -> int:
        """Number of rows of a table."""
        return int(self.connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0])


def selection(table: Table, where: str = "") -> str:
    """The query for the rows of a table, or of those that a condition names, in order of key."""
    names = ", ".join(f'"{name}"' for name in table.names)
    order = (
        f'document_id, "start", "end", {table.key}'
        if "start" in table.names
        else "document_id, rowid"
        if table.parent
        else table.key
    )
    return f"SELECT {names} FROM {table.name} {where} ORDER BY {order}"


def rows_of(connection: sqlite3.Connection, table: Table, document_id: str | None = None) -> Iterator[Row]:
    """Rows of a table, of one document or all, in order of key; values as Python objects."""
    where, values = ("WHERE document_id = ?", (document_id,)) if document_id is not None else ("", ())
    for row in connection.execute(selection(table, where), values):
        yield {c.name: _from_sql(c, value) for c, value in zip(table.columns, row, strict=True)}
