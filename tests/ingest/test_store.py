"""What a run keeps of how documents were read: readings, places, originals; and a folder that is watched."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from pipeline.cli.run import Options
from pipeline.cli.watch import watch
from pipeline.errors import TaalimatError
from pipeline.ingest.inbox import Inbox
from pipeline.ingest.originals import Originals
from pipeline.store.readings import place_of, reading_of
from pipeline.store.schema import READINGS
from pipeline.store.sqlite import FILE_NAME, Store
from pipeline.types import Span
from tests.conftest import Run

FIXTURES = Path(__file__).parents[1] / "fixtures" / "formats"
NAME = "2025-03-11-wali-setif"
FILES = {"docx": "docx/{}.docx", "html": "news/{}.html", "pdf": "pdf-weasyprint/{}.pdf", "txt": "txt/{}.txt"}


def test_readings_places_and_originals_are_kept(taalimat: Run) -> None:
    Path("in").mkdir()
    for file in FILES.values():
        shutil.copy(FIXTURES / file.format(NAME), "in")
    assert taalimat("run", "in", "--out", "out", "--workers", "1").exit_code == 0
    with Store(Path("out") / FILE_NAME) as store:
        found = {row["reader"]: row for row in store.rows(READINGS)}
        assert set(found) == set(FILES)
        assert all(row["broken_words"] < 0.03 for row in found.values())
        assert (found["txt"]["original"], found["pdf"]["pages"], found["pdf"]["ocr_pages"]) == (None, 1, [])
        for reader in ("docx", "html", "pdf"):
            path = FIXTURES / FILES[reader].format(NAME)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            assert found[reader]["original"] == digest
            kept = Originals(Path("out")).find(digest)
            assert kept is not None
            assert (kept.read_bytes(), kept.suffix) == (path.read_bytes(), path.suffix)
        page = found["html"]["document_id"]
        reading = reading_of(store, page)
        assert reading is not None
        spans = store.connection.execute(
            'SELECT start, "end" FROM directives WHERE document_id = ?', (page,)
        ).fetchall()
        assert spans
        for start, end in spans:
            assert (place_of(reading, Span(start, end)) or "").startswith("/html/body/main/article/")
    before = sorted(Path("out/originals").rglob("*"))
    assert taalimat("run", "in", "--out", "out", "--workers", "1", "--no-resume").exit_code == 0
    assert sorted(Path("out/originals").rglob("*")) == before
    with sqlite3.connect(f"out/{FILE_NAME}") as connection:
        assert connection.execute("SELECT count(*) FROM readings").fetchone() == (4,)


def test_a_store_inside_a_folder_is_not_read_as_statements(taalimat: Run) -> None:
    Path("in").mkdir()
    shutil.copy(FIXTURES / f"txt/{NAME}.txt", "in")
    for _ in range(2):
        assert taalimat("run", "in", "--out", "in/out", "--workers", "1").exit_code == 0
    with sqlite3.connect(f"in/out/{FILE_NAME}") as connection:
        assert connection.execute("SELECT count(*) FROM documents").fetchone() == (1,)


def test_an_inbox_gives_each_file_once_and_again_when_it_changed(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, quiet=3600)
    file = tmp_path / "a.txt"
    file.write_text("x")
    assert inbox.ready() == []  # just written: it may be half a file
    assert inbox.ready() == [file]  # as it was a moment ago
    assert inbox.ready() == []
    file.write_text("xy")
    assert inbox.ready() == []
    file.write_text("xyz")
    assert inbox.ready() == []  # it grew in the meantime
    assert inbox.ready() == [file]
    old = tmp_path / "sub" / "b.txt"
    old.parent.mkdir()
    old.write_text("y")
    os.utime(old, (1, 1))
    assert inbox.ready() == [old]
    old.unlink()
    assert inbox.ready() == []


def test_a_watched_folder_is_read_as_files_come(taalimat: Run, tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    shutil.copy(FIXTURES / f"txt/{NAME}.txt", folder)
    stop = threading.Event()
    came = []

    def come() -> None:
        came.append(wait_for(out, 1))
        shutil.copy(FIXTURES / "txt/berrahal-2026-01-15.txt", folder)
        (folder / "bad.docx").write_bytes(b"x")
        came.append(wait_for(out, 2))
        stop.set()

    thread = threading.Thread(target=come)
    thread.start()
    clean = watch([str(folder)], Options(out, workers=1), stop, pause=0.1)
    thread.join()
    assert came == [True, True]
    assert clean is False  # for bad.docx
    with sqlite3.connect(out / FILE_NAME) as connection:
        assert [Path(name).name for (name,) in connection.execute("SELECT source FROM problems")] == ["bad.docx"]


def wait_for(out: Path, documents: int) -> bool:
    """True once the store holds so many documents; False where they do not come within a minute."""
    for _ in range(600):
        if (out / FILE_NAME).exists():
            with sqlite3.connect(out / FILE_NAME) as connection:
                try:
                    if connection.execute("SELECT sum(documents) FROM runs").fetchone()[0] == documents:
                        return True
                except sqlite3.Error:
                    pass  # just being made
        threading.Event().wait(0.1)
    return False


@pytest.mark.parametrize("source", ["none", "in/a.txt", "out"])
def test_only_folders_other_than_the_store_are_watched(taalimat: Run, source: str) -> None:
    Path("in").mkdir()
    Path("out").mkdir()
    Path("in/a.txt").write_text("x")
    assert taalimat("run", source, "--out", "out", "--watch").exit_code == 1


def test_watching_takes_no_date_for_all(tmp_path: Path) -> None:
    with pytest.raises(TaalimatError, match="--published is for one file"):
        watch([str(tmp_path)], Options(tmp_path / "out", published="2025-01-07"))
