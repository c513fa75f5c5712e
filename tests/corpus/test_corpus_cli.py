"""The commands of ``taalimat corpus``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.corpus import default_folder, load
from tests.conftest import Run

FOLDER = default_folder()


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two sets of the corpus, one of each split."""
    folder = tmp_path_factory.mktemp("corpus")
    shutil.copy(FOLDER / "checks.toml", folder)
    entry = '[[set]]\nid = "{}"\nsplit = "{}"\nregion = "{}"\nabout = "x"\n'
    (folder / "sets.toml").write_text(entry.format("gf1", "train", "Gulf") + entry.format("lv2", "held-out", "Mashriq"))
    for name in ("gf1", "lv2"):
        shutil.copytree(FOLDER / name, folder / name)
    return folder


def test_stats_add_up(taalimat: Run, part: Path) -> None:
    result = taalimat("corpus", "stats", "--folder", str(part))
    assert result.exit_code == 0
    totals = [line.split() for line in result.stdout.splitlines() if line.startswith("all ")]
    assert len(totals) == 3
    assert len({tuple(row) for row in totals}) == 1
    assert totals[0][1] == str(len(load(part).statements))


def test_check_passes_and_finds_texts_from_outside(taalimat: Run, part: Path) -> None:
    assert taalimat("corpus", "check", "--folder", str(part)).exit_code == 0
    statement = load(part).statements[5]
    Path("outside.jsonl").write_text(json.dumps({"id": "theirs", "text": statement.text[50:]}) + "\n", encoding="utf-8")
    result = taalimat("corpus", "check", "--folder", str(part), "--against", "outside.jsonl")
    assert result.exit_code == 1
    assert f"{statement.id}: outside text" in result.stdout
    Path("outside.jsonl").write_text("{}\n", encoding="utf-8")
    result = taalimat("corpus", "check", "--folder", str(part), "--against", "outside.jsonl")
    assert "outside.jsonl, line 1" in result.stderr


def test_export_prints_gold_records(taalimat: Run, part: Path) -> None:
    result = taalimat("corpus", "export", "--set", "lv2", "--folder", str(part))
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [record["id"] for record in records] == [s.id for s in load(part).of(set_id="lv2")]
    assert {"text", "directives", "dates", "actors", "country"} <= records[0].keys()
    held = taalimat("corpus", "export", "--split", "held-out", "--folder", str(part)).stdout.splitlines()
    train = taalimat("corpus", "export", "--split", "train", "--folder", str(part)).stdout.splitlines()
    assert len(held) + len(train) == len(load(part).statements)
    assert "valid: train, held-out" in taalimat("corpus", "export", "--split", "dev").stderr
    assert "valid: gf1, lv2" in taalimat("corpus", "export", "--set", "xx", "--folder", str(part)).stderr


def test_agreement_is_printed_by_set(taalimat: Run) -> None:
    result = taalimat("corpus", "agreement", "--errors", "--folder", str(FOLDER))
    assert result.exit_code == 0
    assert result.stdout.startswith("set ")
    assert "\nall      104" in result.stdout
    assert "\nwrong " in result.stdout


def test_rebuild_names_what_is_missing(taalimat: Run) -> None:
    Path("copy").mkdir()
    result = taalimat("corpus", "rebuild-tunisia", "copy", "--folder", str(FOLDER))
    assert result.exit_code == 1
    assert "0 items rebuilt, 333 not" in result.stderr
