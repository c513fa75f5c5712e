"""``taalimat query`` and ``taalimat index`` on a store of composed statements."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from pipeline.corrections.record import Typed, locate
from pipeline.corrections.store import Verdict, correct
from pipeline.store.sqlite import Store
from tests.conftest import Run

STATEMENTS = (
    ("d-1", "2024-03-01", "أمر وزير الري، رابح سماتي، مديري الموارد المائية بفتح السدود قبل 1 جوان 2024."),
    ("d-2", "2024-09-05", "دعا وزير الري، رابح سماتي، المواطنين إلى ترشيد استهلاك الماء."),
    ("d-3", "2025-02-10", "أمر وزير النقل، جمال بوعلي، مدير الشركة بإصلاح الحافلات المعطلة."),
)  # fmt: skip


@pytest.fixture
def store(taalimat: Run) -> Run:
    lines = [json.dumps({"id": i, "published": day, "text": text}) for i, day, text in STATEMENTS]
    Path("s.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert taalimat("run", "s.jsonl", "--rules-only", "--workers", "1").exit_code == 0
    return taalimat


def rows(store: Run, *args: str) -> list[dict[str, object]]:
    result = store("query", *args, "--format", "jsonl")
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_options_are_the_fields_of_the_query(store: Run) -> None:
    assert [r["document_id"] for r in rows(store, "سد")] == ["d-1"]
    assert {r["document_id"] for r in rows(store, "--issuer", "وزير الري")} == {"d-1", "d-2"}
    assert {r["document_id"] for r in rows(store, "--force", "call", "--since", "2024-06")} == {"d-2"}
    assert {r["document_id"] for r in rows(store, "--overdue")} == {"d-1"}
    assert {r["document_id"] for r in rows(store, "--sort", "newest", "--limit", "1")} == {"d-3"}
    assert rows(store, "حافلة معطلة", "--no-near", "--until", "2024") == []


def test_the_table_tells_how_many_there_are(store: Run) -> None:
    result = store("query", "حافلات")
    assert "إصلاح الحافلات المعطلة" in result.stdout
    assert "1 to 1 of 1" in result.stderr
    assert "nothing found" in store("query", "قمر", "--no-near").stderr
    facets = store("query", "--facets").stdout
    assert "رابح سماتي" in facets
    assert "order" in facets


def test_files(store: Run) -> None:
    text = store("query", "--format", "csv").stdout
    found = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["document_id"] for row in found] == ["d-3", "d-2", "d-1"]
    assert store("query", "-o", "out.xlsx").exit_code == 0
    sheet = openpyxl.load_workbook("out.xlsx").active
    assert sheet is not None
    assert sheet.max_row == 4
    assert not list(Path().glob(".*.part"))


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--force", "shout"), "valid: order"),
        (("--since", "soon"), "is no day"),
        (("--format", "xlsx"), "needs --output"),
        (("-o", "out.txt"), "say which --format"),
        (("--store", "nowhere"), "there is no store"),
        (("x -y", "--limit", "20000"), "limit"),
    ],
)
def test_wishes_that_cannot_be_met_are_refused(store: Run, args: tuple[str, ...], message: str) -> None:
    result = store("query", *args)
    assert result.exit_code == 1
    assert message in result.stderr


def test_the_index_is_brought_up_to_date(store: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.search.meaning.default_encoder", lambda: None)
    result = store("index")
    assert result.exit_code == 0
    assert "without meaning" in result.stdout
    assert store("index", "--store", "nowhere").exit_code == 1


def test_what_a_person_added_is_among_the_results(store: Run) -> None:
    typed = Typed("أمر", "المعطلة", "urge", "do", issuer="وزير النقل، جمال بوعلي", addressees=["مدير الشركة"])
    (path,) = Path("data/processed").glob("*.sqlite")
    with Store(path) as opened:
        correct(opened, "d-3", Verdict.ADD, "نورة", record=locate(STATEMENTS[2][2], typed))
    (row,) = rows(store, "المعطلة", "--force", "urge", "--since", "2025-02", "--addressee", "مدير الشركة")
    assert (row["document_id"], row["verdict"], row["corrected_by"]) == ("d-3", "add", "نورة")
    assert row["issuer_name"] == rows(store, "--force", "order", "--since", "2025")[0]["issuer_name"]
    table = store("query", "المعطلة", "--force", "urge").stdout
    assert "add: نورة" in table
    assert "people" not in store("query", "سد").stdout
