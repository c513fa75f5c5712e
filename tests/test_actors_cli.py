"""The register of actors from the command line: what a run finds, what a person decides, and that both last."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run, as_of_schema

RAW = Path(__file__).parents[1] / "data" / "raw"
STATEMENTS = (
    ("d-1", "2024-03-01", "أمر وزير الري، رابح سماتي، مديري الموارد المائية بفتح السدود."),
    ("d-2", "2024-09-05", "دعا وزير الري، رابح سماتي، المواطنين إلى ترشيد استهلاك الماء."),
    ("d-6", "2024-12-01", "أمر وزير الري، رابح سماتي، مديري الموارد المائية بإصلاح الشبكات."),
    ("d-3", "2025-02-10", "أمر وزير الري، جمال بوعلي، مدير الديوان الوطني للتطهير بتنظيف المجاري."),
    ("d-4", "2025-03-11", "دعا المعهد الوطني للقياس التجار إلى مراقبة الموازين."),
    ("d-5", "2025-03-12", "دعا المعهد الوطني للمعايرة التجار إلى مراقبة الموازين."),
)


def show(taalimat: Run, actor: str) -> dict[str, Any]:
    result = taalimat("actors", "show", actor, "--json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def listed(taalimat: Run, *args: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in taalimat("actors", "list", "--json", *args).stdout.splitlines()]


@pytest.fixture
def store(taalimat: Run) -> Run:
    """The command line, in a folder with a store of six statements."""
    run(taalimat)
    return taalimat


def run(taalimat: Run) -> None:
    records = ({"id": name, "published": day, "country": "dz", "text": text} for name, day, text in STATEMENTS)
    Path("s.jsonl").write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
    result = taalimat("run", "s.jsonl")
    assert result.exit_code == 0, result.output


def test_the_samples_have_a_register_that_a_second_run_does_not_change(taalimat: Run) -> None:
    taalimat("run", RAW)
    first = listed(taalimat)
    assert len({e["id"] for e in first}) == len(first) > 30
    assert [len(e["documents"]) for e in first] == sorted((len(e["documents"]) for e in first), reverse=True)
    taalimat("run", RAW)
    assert listed(taalimat) == first
    with closing(sqlite3.connect("data/processed/taalimat.sqlite")) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        (actors,) = connection.execute("SELECT count(*) FROM actors").fetchone()
        assert connection.execute("SELECT count(*) FROM actor_document").fetchone() == (actors,)
        issued = "SELECT count(*) FROM directives JOIN actor_document ON actor_id = issuer_id"
        assert connection.execute(issued).fetchone()[0] > 10


def test_the_list_is_a_table_and_can_be_narrowed(store: Run) -> None:
    table = store("actors", "list").stdout
    assert "رابح سماتي" in table
    assert "وزير الري" in table
    assert {e["kind"] for e in listed(store, "--kind", "person")} == {"PERSON"}
    assert {e["level"] for e in listed(store, "--level", "central")} == {"central"}
    (found,) = listed(store, "--name", "سماتى رابح")  # order and spelling aside
    assert found["name"] == "رابح سماتي"
    assert "1 of" in store("actors", "list", "--limit", "1").stderr
    assert store("actors", "list", "--name", "سنجاب").stderr == "no records\n"


def test_a_record_shows_offices_with_dates_documents_and_reasons(store: Run) -> None:
    person = show(store, "رابح سماتي")
    assert person["tenures"] == [
        {"office": "وزير الري", "first": "2024-03-01", "last": "2024-12-01", "documents": 3}
    ]  # fmt: skip
    assert [d["document_id"] for d in person["documents"]] == ["d-6", "d-2", "d-1"]
    text = store("actors", "show", person["id"]).stdout
    assert "وزير الري: 2024-03-01 to 2024-12-01, 3 documents" in text
    assert "2024-09-05  d-2" in text


def test_a_merge_lasts_until_it_is_undone(store: Run) -> None:
    a, b = show(store, "المعهد الوطني للقياس"), show(store, "المعهد الوطني للمعايرة")
    result = store("actors", "merge", a["name"], b["id"], "--note", "renamed in 2025")
    assert (result.exit_code, "2 documents" in result.stdout) == (0, True)
    for again in (False, True):
        if again:
            run(store)
        merged = show(store, b["id"])  # the id of the second still leads to it
        assert merged["id"] == a["id"]
        assert merged["reasons"] == ["decided: renamed in 2025"]
        assert {d["document_id"] for d in merged["documents"]} == {"d-4", "d-5"}
        assert [d["number"] for d in merged["decisions"]] == [1]
    assert "renamed in 2025" in store("actors", "show", a["id"]).stdout
    assert "1 " in store("actors", "decisions").stdout
    assert store("actors", "undo", "1").exit_code == 0
    assert show(store, a["id"]) == a
    assert show(store, b["id"]) == b


@pytest.mark.parametrize("what", [("d-2",), ("وزير الري",), ("رابح سماتي",), ("d-1", "d-2", "d-6")])
def test_a_split_leaves_something(store: Run, what: tuple[str, ...]) -> None:
    result = store("actors", "split", "رابح سماتي", *what)
    assert (result.exit_code, "nothing would be left" in result.stderr) == (
        (0, False) if what == ("d-2",) else (1, True)
    )


def test_a_split_lasts_until_it_is_undone(store: Run) -> None:
    before = show(store, "رابح سماتي")
    assert "now apart" in store("actors", "split", before["id"], "d-2", "--note", "namesake").stdout
    run(store)
    parts = listed(store, "--name", "رابح سماتي")
    assert sorted(tuple(e["documents"]) for e in parts) == [("d-1", "d-6"), ("d-2",)]
    assert show(store, before["id"])["id"] == before["id"]
    (number,) = (json.loads(line)["number"] for line in store("actors", "decisions", "--json").stdout.splitlines())
    store("actors", "undo", str(number))
    assert show(store, "رابح سماتي") == before


def test_what_is_split_off_together_is_one_record(store: Run) -> None:
    store("actors", "split", "رابح سماتي", "d-2", "d-6")
    parts = listed(store, "--name", "رابح سماتي")
    assert sorted(tuple(e["documents"]) for e in parts) == [("d-1",), ("d-2", "d-6")]
    assert len(store("actors", "decisions").stdout.splitlines()) == 1


def test_decisions_that_contradict_are_refused(store: Run) -> None:
    a, b = "المعهد الوطني للقياس", "المعهد الوطني للمعايرة"
    store("actors", "merge", a, b)
    again = store("actors", "merge", a, b)
    assert (again.exit_code, "is one record already" in again.stderr) == (1, True)
    split = store("actors", "split", a, b)
    assert split.exit_code == 1
    assert f"decision 1 (merge «{a}» and «{b}») put these together; `taalimat actors undo 1`" in split.stderr
    store("actors", "split", "رابح سماتي", "d-2")
    ids = [e["id"] for e in listed(store, "--name", "رابح سماتي")]
    merge = store("actors", "merge", *ids)
    assert "decision 2 (split «d-2» off «رابح سماتي») parted these" in merge.stderr
    assert len(store("actors", "decisions").stdout.splitlines()) == 2


def test_actors_that_cannot_be_found_are_named_with_candidates(store: Run) -> None:
    store("actors", "split", "رابح سماتي", "d-2")
    ambiguous = store("actors", "show", "رابح سماتي")
    assert (ambiguous.exit_code, "names 2 records; give the id of one" in ambiguous.stderr) == (1, True)
    near = store("actors", "show", "المعهد")
    assert "no record has the id or name «المعهد»; do you mean one of these?" in near.stderr
    assert "المعهد الوطني للقياس" in near.stderr
    assert store("actors", "show", "0123").stderr == "taalimat: no record has the id or name «0123»\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("list", "--kind", "people"), "valid: group, office, organisation, person"),
        (("list", "--level", "moon"), "--level 'moon'; valid:"),
        (("merge", "رابح سماتي", "المعهد الوطني للقياس"), "stay two records"),
        (("split", "رابح سماتي", "وزير الصحة"), "names and offices to split off: رابح سماتي, وزير الري"),
        (("undo", "7"), "there is no decision 7"),
        (("list", "--store", "none"), "there is no store; `taalimat run SOURCE… --out none` makes one"),
    ],
)
def test_wishes_that_cannot_be_met_are_refused(store: Run, args: tuple[str, ...], message: str) -> None:
    result = store("actors", *args)
    assert result.exit_code == 1
    assert message in result.stderr


def test_a_register_behind_its_documents_is_built_when_it_is_asked_for(store: Run) -> None:
    before = listed(store)
    with closing(sqlite3.connect("data/processed/taalimat.sqlite")) as connection:
        connection.execute(
            "DELETE FROM actor_document WHERE document_id = 'd-2'"
        )  # as a run that was cut off leaves it
        connection.commit()
    assert listed(store) == before


def test_a_store_of_the_first_schema_is_carried_over(store: Run) -> None:
    before = listed(store)
    as_of_schema(Path("data/processed/taalimat.sqlite"), 1)
    assert listed(store) == before


def test_a_country_keeps_bodies_of_one_name_apart(taalimat: Run) -> None:
    text = "دعت وزارة الصحة المواطنين إلى التلقيح."
    for code in ("dz", "tn"):
        Path(f"{code}.jsonl").write_text(json.dumps({"id": code, "text": text}), encoding="utf-8")
        taalimat("run", f"{code}.jsonl", "--country", code)
    assert len(listed(taalimat, "--name", "وزارة الصحة")) == 2
    assert "give two letters" in taalimat("run", "dz.jsonl", "--country", "Algeria").stderr
    Path("x.jsonl").write_text(json.dumps({"id": "x", "text": text}), encoding="utf-8")
    taalimat("run", "x.jsonl")
    assert len(listed(taalimat, "--name", "وزارة الصحة")) == 3  # of which country is open
