"""A run that is cut off goes on where it stopped: each document in one state, none lost, none doubled."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import Problem
from pipeline.pipeline import Decide
from pipeline.store import states
from pipeline.store.manifest import faults, read_manifest
from pipeline.store.rows import to_rows
from pipeline.store.sqlite import Store
from pipeline.store.states import Ledger, State
from pipeline.types import Analysis, Document
from tests.conftest import STATEMENT, Run


def write(name: str, texts: dict[str, str]) -> None:
    lines = [json.dumps({"id": id, "text": text}, ensure_ascii=False) for id, text in texts.items()]
    Path(name).write_text("\n".join(lines), encoding="utf-8")


def counts(path: str = "data/processed/taalimat.sqlite") -> dict[str, int]:
    with Store(Path(path)) as store:
        return {state.value: count for state, count in states.count(store).items() if count}


def test_a_document_is_pending_then_done_and_passed_over_until_it_changes(tmp_path: Path, composed: Analysis) -> None:
    document = composed.document
    with Store(tmp_path / "s.sqlite") as store:
        ledger = Ledger(store, store.begin_run(["s"]))
        assert list(ledger.admit([document])) == [document]
        assert states.count(store)[State.PENDING] == 1
        assert list(ledger.admit([document])) == [document]  # cut off before it was stored: again
        store.save(ledger.run_id, to_rows(composed))
        ledger.done(document.id)
        assert states.count(store) == {State.PENDING: 0, State.DONE: 1, State.FAILED: 0}
        assert (list(ledger.admit([document])), ledger.passed) == ([], 1)
        newer = Document(document.id, document.raw + " انتهى.", document.title, document.published, "column")
        assert list(ledger.admit([newer])) == [newer]
        assert list(Ledger(store, ledger.run_id, resume=False).admit([newer])) == [newer]


def test_another_lexicon_takes_every_document_again(
    tmp_path: Path, composed: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        ledger = Ledger(store, store.begin_run(["s"]))
        list(ledger.admit([composed.document]))
        store.save(ledger.run_id, to_rows(composed))
        ledger.done(composed.document.id)
        assert list(ledger.admit([composed.document])) == []
        assert list(Ledger(store, ledger.run_id, Decide.PRECISE).admit([composed.document])) == [composed.document]
        monkeypatch.setattr(states, "lexicon_version", lambda: "newer")
        assert list(ledger.admit([composed.document])) == [composed.document]


def test_a_document_that_failed_is_told_of_again_and_tried_again_only_where_asked(
    tmp_path: Path, composed: Analysis
) -> None:
    document = composed.document
    with Store(tmp_path / "s.sqlite") as store:
        ledger = Ledger(store, store.begin_run(["s"]))
        list(ledger.admit([document]))
        ledger.failed(Problem("b.jsonl", "took longer than 120 s", document_id=document.id))
        assert states.count(store)[State.FAILED] == 1
        (told,) = ledger.admit([document])
        assert isinstance(told, Problem)
        assert told.reason == "took longer than 120 s (in run 1; passed over, --retry tries it again)"
        assert list(Ledger(store, ledger.run_id, retry=True).admit([document])) == [document]


def test_what_is_done_stays_done_whatever_else_bears_its_id(tmp_path: Path, composed: Analysis) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        ledger = Ledger(store, store.begin_run(["s"]))
        list(ledger.admit([composed.document]))
        ledger.done(composed.document.id)
        ledger.failed(Problem("other.jsonl", "the text is empty", 1, composed.document.id))
        ledger.failed(Problem("other.jsonl", "the text is empty", 2, "unknown"))
        found = store.connection.execute("SELECT document_id, state, reason FROM states ORDER BY 1").fetchall()
        assert found == [(composed.document.id, "done", None), ("unknown", "failed", "the text is empty")]


def test_a_moved_archive_is_not_read_again_but_its_place_is_kept(taalimat: Run) -> None:
    write("a.jsonl", {"a": STATEMENT})
    taalimat("run", "a.jsonl", "--rules-only")
    Path("a.jsonl").rename("b.jsonl")
    assert "1 documents that were done" in taalimat("run", "b.jsonl", "--rules-only").stdout
    with Store(Path("data/processed/taalimat.sqlite")) as store:
        assert store.connection.execute("SELECT source FROM documents").fetchall() == [("b.jsonl:1",)]


def test_a_run_cut_off_goes_on_and_ends_as_if_it_had_not_been(taalimat: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.jsonl", {f"d{n}": STATEMENT.replace("عشرة", str(n)) for n in range(12)})
    assert taalimat("run", "a.jsonl", "--out", "whole", "--workers", "1").exit_code == 0
    save = Store.save
    saved = []

    def full(store: Store, run_id: int, rows: object) -> object:
        if len(saved) == 8:
            raise OSError(28, "No space left on device")
        saved.append(rows)
        return save(store, run_id, rows)  # type: ignore[arg-type]

    monkeypatch.setattr("pipeline.cli.run._COMMIT", 5)
    monkeypatch.setattr(Store, "save", full)
    cut = taalimat("run", "a.jsonl")
    assert cut.exit_code == 1
    assert "run again to go on" in cut.stderr
    assert not list(Path("data/processed").glob("*.parquet"))
    assert counts() == {"done": 5, "pending": 7}
    monkeypatch.setattr(Store, "save", save)
    again = taalimat("run", "a.jsonl", "--log", "log.jsonl")
    assert "7 documents" in again.stdout
    assert "5 documents that were done" in again.stdout
    assert counts() == {"done": 12}
    whole, resumed = read_manifest(Path("whole")), read_manifest(Path("data/processed"))
    assert whole
    assert resumed
    assert resumed["digest"] == whole["digest"]
    assert faults(Path("data/processed"), resumed) == []
    events = [json.loads(line) for line in Path("log.jsonl").read_text("utf-8").splitlines()]
    assert [event["event"] for event in events] == ["started", "stored", "stored", "finished"]
    assert (events[-1]["documents"], events[-1]["passed"]) == (7, 5)


def test_tables_that_do_not_fit_the_manifest_are_written_again(taalimat: Run) -> None:
    write("a.jsonl", {"a": STATEMENT})
    taalimat("run", "a.jsonl")
    before = Path("data/processed/directives.parquet").read_bytes()
    Path("data/processed/directives.parquet").write_bytes(before[:100])
    Path("data/processed/.dates.csv.999999999.part").write_text("left by a run that was killed")
    taalimat("run", "a.jsonl")
    assert Path("data/processed/directives.parquet").read_bytes() == before
    assert not list(Path("data/processed").glob(".*.part"))


def test_a_log_that_cannot_be_written_is_named(taalimat: Run) -> None:
    write("a.jsonl", {"a": STATEMENT})
    assert "--log none/log.jsonl: cannot be opened" in taalimat("run", "a.jsonl", "--log", "none/log.jsonl").stderr


def test_an_inner_transaction_undone_by_sqlite_itself_leaves_the_error_that_caused_it(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as store:

        def fill() -> None:
            with store.transaction():
                store.connection.execute("ROLLBACK")  # what SQLite does where the disk is full
                raise OSError("full")

        with pytest.raises(OSError, match="full"):
            fill()
        assert not store.connection.in_transaction


def test_a_lexicon_with_faults_stops_a_run_before_anything_is_lost(
    taalimat: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.engines import local

    write("a.jsonl", {"a": STATEMENT})
    monkeypatch.setattr(local, "_serve", faulty)
    result = taalimat("run", "a.jsonl")
    assert result.exit_code == 1
    assert "triggers.toml: no entry" in result.stderr
    assert counts() == {"pending": 1}


def faulty(connection: object, *_: object) -> None:
    connection.send("triggers.toml: no entry")  # type: ignore[attr-defined]
