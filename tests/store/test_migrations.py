"""A store of every earlier schema is carried over whole, and then has what a new one has."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.corrections.record import Typed, locate
from pipeline.corrections.store import Verdict, correct
from pipeline.store.rows import to_rows
from pipeline.store.schema import STEPS, TABLES
from pipeline.store.sqlite import Store
from pipeline.types import Analysis
from tests.conftest import as_of_schema


def schema(store: Store) -> list[tuple[str, str]]:
    return [tuple(row) for row in store.connection.execute("SELECT type, name FROM sqlite_master ORDER BY 1, 2")]


@pytest.mark.parametrize("version", range(1, len(STEPS)))
def test_a_store_of_an_earlier_schema_is_carried_over(tmp_path: Path, composed: Analysis, version: int) -> None:
    path = tmp_path / "s.sqlite"
    with Store(path) as store:
        store.save(store.begin_run(["s"]), to_rows(composed))
        store.connection.execute("UPDATE runs SET model_version = NULL")  # earlier schemas did not know it
        before = {table.name: list(store.rows(table)) for table in TABLES}
        addressees, parts = store.connection.execute("SELECT * FROM addressee").fetchall(), schema(store)
    as_of_schema(path, version)
    with Store(path) as store:
        assert {table.name: list(store.rows(table)) for table in TABLES} == before
        assert store.connection.execute("SELECT * FROM addressee").fetchall() == addressees
        assert len(addressees) == 3
        assert schema(store) == parts
        assert store.connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_what_refers_to_nothing_is_mended_on_the_way(tmp_path: Path, composed: Analysis) -> None:
    path = tmp_path / "s.sqlite"
    with Store(path) as store:
        store.save(store.begin_run(["s"]), to_rows(composed))
    as_of_schema(path, 10)
    with closing(sqlite3.connect(path)) as connection, connection:  # no foreign key held it
        connection.execute("UPDATE directives SET issuer_id = 'gone'")
        connection.execute("UPDATE directives SET repeats = 'gone'")
    with Store(path) as store:
        rows = store.connection.execute("SELECT issuer_id, directive_id = repeats FROM directives").fetchall()
        assert set(rows) == {(None, 1)}
        assert store.connection.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("column", ["issuer_id", "repeats"])
def test_a_directive_refers_to_what_is_there(tmp_path: Path, composed: Analysis, column: str) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        store.save(store.begin_run(["s"]), to_rows(composed))
        assert store.connection.execute("SELECT count(issuer_id) FROM directives").fetchone()[0] > 0
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            store.connection.execute(f"UPDATE directives SET {column} = 'nobody'")


def test_an_index_made_anew_keeps_its_vectors(tmp_path: Path, composed: Analysis) -> None:
    path = tmp_path / "s.sqlite"
    with Store(path) as store:
        store.save(store.begin_run(["s"]), to_rows(composed))
        store.connection.execute("INSERT INTO search_vector SELECT id, 'm', x'', x'' FROM search_text")
        store.connection.execute("UPDATE search_state SET version = 'older'")
    as_of_schema(path, 10)
    with Store(path) as store:
        (rows,) = store.connection.execute("SELECT count(*) FROM search_text JOIN search_vector USING (id)").fetchone()
        assert rows == store.connection.execute("SELECT count(*) FROM search_vector").fetchone()[0] > 0
        assert store.connection.execute("SELECT count(*) FROM search_text").fetchone()[0] > 0


def test_what_people_added_before_is_found_after(tmp_path: Path, composed: Analysis) -> None:
    path = tmp_path / "s.sqlite"
    with Store(path) as store:
        store.save(store.begin_run(["s"]), to_rows(composed))
        name = composed.document.id
        record = locate(composed.document.raw, Typed("أمر", "سلامة الأطفال", "insist", "do"))
        about = correct(store, name, Verdict.ADD, "نورة", record=record)
        rows = "SELECT about, instruction FROM search_text WHERE about IS NOT NULL"
        written = store.connection.execute(rows).fetchall()
        assert [row[0] for row in written] == [about]
        store.connection.execute(
            "DELETE FROM search_text WHERE about IS NOT NULL"
        )  # earlier schemas had no place for it
    as_of_schema(path, 12)
    with Store(path) as store:
        assert store.connection.execute(rows).fetchall() == written
        match = "SELECT rowid FROM search_index WHERE search_index MATCH 'instruction : ' || ?"
        found = store.connection.execute(match, (written[0][1].split()[-1],)).fetchall()
        assert len(found) >= 1
        store.save(store.begin_run(["s"]), to_rows(composed))
        assert store.connection.execute(rows).fetchall() == written
        assert store.connection.execute("PRAGMA foreign_key_check").fetchall() == []
        store.connection.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')")
