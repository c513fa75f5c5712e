"""``taalimat doctor`` tells what is there and what is wrong, and its exit code says whether anything is broken."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from pipeline.resources import lexicon_version
from tests.conftest import STATEMENT, Run


def test_doctor_without_a_store_tells_of_the_installation(taalimat: Run) -> None:
    result = taalimat("doctor")
    assert result.exit_code == 0
    for told in (lexicon_version(), "triggers in", "CPUs", "taalimat run --engine spark", "none in data/processed"):
        assert told in result.stdout


def test_doctor_tells_how_a_store_is(taalimat: Run) -> None:
    Path("a.txt").write_text(STATEMENT, encoding="utf-8")
    taalimat("run", "a.txt")
    result = taalimat("doctor")
    assert result.exit_code == 0
    assert "0 pending, 1 done, 0 failed" in result.stdout
    assert "of run 1, digest" in result.stdout


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("DELETE FROM states", "1 with records and no state"),
        ("INSERT INTO states SELECT 'x', 'done', '', NULL, NULL, 1", "1 done without records"),
        ("UPDATE states SET run_id = 7", "states 1 refers to no runs"),
    ],
)
def test_doctor_finds_what_is_broken(taalimat: Run, damage: str, told: str) -> None:
    Path("a.txt").write_text(STATEMENT, encoding="utf-8")
    taalimat("run", "a.txt")
    with sqlite3.connect("data/processed/taalimat.sqlite") as connection:
        connection.execute(damage)
    result = taalimat("doctor")
    assert result.exit_code == 1
    assert told in " ".join(result.stdout.split())


def test_doctor_names_pending_documents_failures_and_tables_that_do_not_fit(taalimat: Run) -> None:
    Path("a.txt").write_text(STATEMENT, encoding="utf-8")
    taalimat("run", "a.txt")
    with sqlite3.connect("data/processed/taalimat.sqlite") as connection:
        connection.execute("INSERT INTO states VALUES ('p', 'pending', '', 'b.txt', NULL, 1)")
        connection.execute("INSERT INTO states VALUES ('f', 'failed', '', 'c.txt', 'took longer than 120 s', 1)")
    Path("data/processed/dates.csv").write_text("")
    result = taalimat("doctor", "--store", "data/processed")
    assert result.exit_code == 1
    for told in ("run again over their sources: b.txt", "1: took longer than 120 s", "dates.csv has 0 bytes"):
        assert told in " ".join(result.stdout.split())
