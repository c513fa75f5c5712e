"""The store and its tables: updating without doubling, versions, folding, and one content in every format."""

from __future__ import annotations

import csv
import dataclasses
import json
import sqlite3
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import pipeline
from pipeline.errors import TaalimatError
from pipeline.normalize import normalize
from pipeline.store.export import export, exporting
from pipeline.store.frames import read_frames
from pipeline.store.rows import repeats, says_same, to_rows
from pipeline.store.schema import DIRECTIVES, DOCUMENTS, RUNS, TABLES, Row
from pipeline.store.sqlite import Change, Store
from pipeline.store.text import to_json
from pipeline.types import Analysis, Force


def save(store: Store, analysis: Analysis) -> Change:
    run_id = store.begin_run(["test"])
    change = store.save(run_id, to_rows(analysis))
    store.finish_run(run_id, 1, 0)
    return change


def contents(store: Store) -> dict[str, list[Row]]:
    """All rows, without the run that wrote them."""
    return {
        t.name: [{k: v for k, v in row.items() if k != "run_id"} for row in store.rows(t)]
        for t in TABLES
        if t is not RUNS
    }


def test_saving_again_updates_and_never_doubles(tmp_path: Path, composed: Analysis) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        assert save(store, composed) is Change.NEW
        first = contents(store)
        assert save(store, composed) is Change.AGAIN
        assert contents(store) == first
        assert {row["run_id"] for row in store.rows(DIRECTIVES)} == {2}
        assert store.count(RUNS) == 2


def test_a_newer_lexicon_keeps_the_ids_of_records(tmp_path: Path, composed: Analysis) -> None:
    head, *rest = composed.directives
    longer = dataclasses.replace(head, instruction=dataclasses.replace(head.instruction, end=head.instruction.end - 7))
    with Store(tmp_path / "s.sqlite") as store:
        save(store, composed)
        before = {row["directive_id"] for row in store.rows(DIRECTIVES)}
        save(store, dataclasses.replace(composed, directives=(longer, *rest)))
        assert {row["directive_id"] for row in store.rows(DIRECTIVES)} == before


def test_another_text_under_an_id_is_a_version_and_the_old_one_is_kept(tmp_path: Path, composed: Analysis) -> None:
    text = composed.document.raw + "\nانتهى"
    document = dataclasses.replace(composed.document, raw=text)
    newer = dataclasses.replace(composed, document=document, norm=normalize(text), directives=composed.directives[:1])
    with Store(tmp_path / "s.sqlite") as store:
        save(store, composed)
        assert save(store, newer) is Change.VERSION
        (row,) = store.rows(DOCUMENTS)
        assert (row["version"], row["text"]) == (2, text)
        assert store.count(DIRECTIVES) == 1
        old = store.connection.execute("SELECT version, text, records, run_id, replaced_by FROM versions").fetchall()
        assert [(o[0], o[1], o[3], o[4]) for o in old] == [(1, composed.document.raw, 1, 2)]
        assert len(json.loads(old[0][2])["directives"]) == 5


def test_a_failed_save_leaves_nothing_by_half(tmp_path: Path, composed: Analysis) -> None:
    doubled = dataclasses.replace(composed, directives=(*composed.directives, composed.directives[0]))
    with Store(tmp_path / "s.sqlite") as store:
        save(store, composed)
        before = contents(store)
        with pytest.raises(sqlite3.IntegrityError):
            save(store, doubled)
        assert contents(store) == before


def test_the_view_folds_repeats_and_keeps_the_strongest_force_and_all_evidence(
    tmp_path: Path, composed: Analysis
) -> None:
    weak_first = tuple(
        dataclasses.replace(d, act=dataclasses.replace(d.act, force=Force.RECOMMEND)) if i == 0 else d
        for i, d in enumerate(composed.directives)
    )
    with Store(tmp_path / "s.sqlite") as store:
        save(store, dataclasses.replace(composed, directives=weak_first))
        store.connection.row_factory = sqlite3.Row
        rows = {row["instruction"]: row for row in store.connection.execute("SELECT * FROM instructions")}
    assert len(rows) == 3
    opening = rows["فتح المسبح البلدي قبل 15 جوان 2025"]
    assert (opening["times"], opening["force"], opening["due"]) == (3, "order", "2025-06-14")
    assert [e["force"] for e in json.loads(opening["evidence"])] == ["recommend", "order", "insist"]
    assert opening["instruction_id"] == composed.directives[0].id


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("تسليم المفاتيح لأصحابها", "تسليم المفاتيح لأصحابها", True),
        ("إعادة تهيئة الأرصفة المتضررة", "اعاده تهيئة الارصفة المتضرره", True),
        ("مراقبة أسعار الخضر في الأسواق", "مراقبة أسعار الخضر", True),
        ("مراقبة أسعار الخضر", "مراقبة جودة الخضر المستوردة", False),
        ("فتح الطريق", "غلق الطريق", False),
        ("توزيع المياه", "توزيع المياه على كل القرى الجبلية المعزولة", False),
    ],
)
def test_what_counts_as_a_repeat(a: str, b: str, same: bool) -> None:
    assert says_same(a, b) is same
    assert says_same(b, a) is same


def test_a_repeat_needs_the_same_issuer_and_polarity(composed: Analysis) -> None:
    raw = composed.document.raw
    first, *_, third, ban = composed.directives
    assert repeats(raw, [first, third]) == [first.id, first.id]
    other = dataclasses.replace(third, act=dataclasses.replace(third.act, issuer_name="وزير الشباب"))
    assert repeats(raw, [first, other]) == [first.id, third.id]
    banned = dataclasses.replace(third, polarity=ban.polarity)
    assert repeats(raw, [first, banned]) == [first.id, third.id]


def test_every_format_holds_the_same_rows(tmp_path: Path, composed: Analysis) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        save(store, composed)
        export(store, tmp_path)
        for table in TABLES:
            rows = list(store.rows(table))
            parquet = pq.read_table(tmp_path / f"{table.name}.parquet").to_pylist()
            for row, stored in zip(rows, parquet, strict=True):
                for column in table.columns:
                    value = stored[column.name]
                    assert (json.loads(value) if column.type == "json" else value) == row[column.name]
            jsonl = [json.loads(line) for line in (tmp_path / f"{table.name}.jsonl").read_text("utf-8").splitlines()]
            assert jsonl == [json.loads(to_json(row)) for row in rows]
            data = (tmp_path / f"{table.name}.csv").read_bytes()
            assert data.startswith(b"\xef\xbb\xbf")
            with (tmp_path / f"{table.name}.csv").open(encoding="utf-8-sig", newline="") as stream:
                cells = list(csv.DictReader(stream))
            assert [cell[table.key] for cell in cells] == [str(row[table.key]) for row in rows]
            texts = [c.name for c in table.columns if c.type == "text"]
            assert [[cell[t] for t in texts] for cell in cells] == [[row[t] or "" for t in texts] for row in rows]
    assert not list(tmp_path.glob(".*.part"))


def test_a_process_of_its_own_writes_the_same_tables(
    tmp_path: Path, composed: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, beside = tmp_path / "here", tmp_path / "beside"
    with Store(tmp_path / "s.sqlite") as store:
        save(store, composed)
        for folder in (here, beside):
            folder.mkdir()
        monkeypatch.setattr("pipeline.store.export.MANY", 0)
        with exporting(store, beside) as tables:
            store.connection.execute("DELETE FROM actor_record")  # what is not exported may change meanwhile
            files = tables()
        assert export(store, here) == [here / path.name for path in files]
        assert all(path.read_bytes() == (here / path.name).read_bytes() for path in files if path.suffix != ".parquet")
        for path in beside.glob("*.parquet"):
            assert pq.read_table(path).equals(pq.read_table(here / path.name))
        beside.joinpath("actors.csv").unlink()
        with pytest.raises(TaalimatError, match="stopped"), exporting(store, beside):
            raise TaalimatError("stopped")
        assert not beside.joinpath("actors.csv").exists()
        with pytest.raises(OSError, match="No such"), exporting(store, tmp_path / "no such folder") as tables:
            tables()
    assert not list(tmp_path.glob("*/.*.part"))


def test_an_export_that_fails_leaves_the_old_tables(
    tmp_path: Path, composed: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        save(store, composed)
        export(store, tmp_path)
        before = {path.name: path.read_bytes() for path in tmp_path.glob("*.*") if "sqlite" not in path.name}
        save(store, dataclasses.replace(composed, directives=()))

        def full(*args: object, **kwargs: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("pipeline.store.export.as_json", full)
        with pytest.raises(OSError, match="No space"):
            export(store, tmp_path)
        assert {path.name: path.read_bytes() for path in tmp_path.glob("*.*") if "sqlite" not in path.name} == before


def test_frames_hold_the_rows_with_fitting_types(tmp_path: Path, composed: Analysis) -> None:
    tables = pipeline.frames([composed])
    directives = tables["directives"]
    assert list(directives["force"]) == ["order", "order", "order", "insist", "call"]
    assert directives.loc[1, "addressees"] == ["مدير الشباب"]
    assert directives["due"].dt.year.dropna().tolist() == [2025]
    assert str(directives["start"].dtype) == "Int64"
    assert set(tables) == {"documents", "directives", "actors", "dates"}
    with Store(tmp_path / "s.sqlite") as store:
        save(store, composed)
        assert list(read_frames(store)["directives"]["directive_id"]) == list(directives["directive_id"])


def test_a_store_of_another_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (x)")
    with pytest.raises(TaalimatError, match="schema 0"):
        Store(path)
    (tmp_path / "text.sqlite").write_text("no database" * 100)
    with pytest.raises(TaalimatError, match="cannot be opened"):
        Store(tmp_path / "text.sqlite")


def test_every_row_refers_to_a_run_and_a_document(tmp_path: Path, composed: Analysis) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        save(store, composed)
        assert store.connection.execute("PRAGMA foreign_key_check").fetchall() == []
        (run,) = store.rows(RUNS)
        assert run["code_version"].count("+") == 1
        assert len(run["lexicon_version"]) == 8
        assert run["finished"] >= run["started"]
