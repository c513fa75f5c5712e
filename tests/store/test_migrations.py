"""A store of every earlier schema is carried over whole, and then has what a new one has."""

from __future__ import annotations

from pathlib import Path

import pytest

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
