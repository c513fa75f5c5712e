"""The views and the index are as docs/data.md says, and every query of the Datasette metadata runs."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest

from pipeline.store.register import rebuild
from pipeline.store.rows import to_rows
from pipeline.store.sqlite import Store
from pipeline.types import Analysis

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def store(tmp_path: Path, composed: Analysis) -> Store:
    store = Store(tmp_path / "taalimat.sqlite")
    store.save(store.begin_run(["s"]), to_rows(composed))
    rebuild(store)
    return store


def columns(store: Store, name: str) -> set[str]:
    return {str(row[1]) for row in store.connection.execute(f"PRAGMA table_info({name})")}


def test_the_view_has_the_columns_that_are_documented(store: Store) -> None:
    text = (
        (DOCS / "data.md")
        .read_text(encoding="utf-8")
        .partition("## The view `directive_view`")[2]
        .partition("```sql")[0]
    )
    assert columns(store, "directive_view") <= set(re.findall(r"`(\w+)`", text))
    added = columns(store, "added_view")
    assert added - columns(store, "directive_view") == {"about", "issuer_office"}
    assert columns(store, "directive_view") <= added
    for name in ("search_text", "search_vector", "search_space", "addressee", "search_state", "stamp"):
        section = (DOCS / "data.md").read_text(encoding="utf-8")
        told = re.search(rf"`{name}\(([^)]*)\)", section)
        assert told, name
        assert set(told[1].split(", ")) == columns(store, name)


def test_the_view_joins_who_speaks_who_must_act_and_the_deadline(store: Store) -> None:
    store.connection.row_factory = sqlite3.Row
    rows = {row["start"]: row for row in store.connection.execute("SELECT * FROM directive_view")}
    assert len(rows) == 5
    assert {row["issuer_name"] for row in rows.values()} == {"كمال زروق"}
    assert {row["deadline_state"] for row in rows.values()} == {"none", "overdue"}
    assert store.connection.execute("SELECT count(*) FROM addressee WHERE name = 'مدير الشباب'").fetchone()[0] == 2


def test_datasette_metadata_names_what_there_is(store: Store) -> None:
    metadata = json.loads((DOCS / "datasette.json").read_text(encoding="utf-8"))["databases"]["taalimat"]
    for name, about in metadata["tables"].items():
        known = columns(store, name)
        assert known, name
        wanted = {*about.get("facets", ()), *filter(None, (about.get("label_column"), about.get("sort_desc")))}
        assert wanted <= known, name
    for query in metadata["queries"].values():
        store.connection.execute(query["sql"], {"stem": "مسبح"}).fetchall()
    by_stem = store.connection.execute(metadata["queries"]["by_stem"]["sql"], {"stem": "مسبح"}).fetchall()
    assert len(by_stem) == 3
