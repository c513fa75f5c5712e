"""The shipped model: size, load, determinism, places, and what is said of it."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path

import pytest

from pipeline.errors import TaalimatError
from pipeline.model.stage import ModelStage, model_folder
from pipeline.pipeline import Decide, Pipeline, analyze
from pipeline.resources import models_dir
from pipeline.types import Analysis, Document
from tests.conftest import Run

# The wali ordered the directors to open the two roads before the end of the month, and to repair the school's roof; the day was sunny.
STATEMENT = (
    "أشرف والي الولاية، كمال زروق، اليوم على زيارة إلى بلدية عين الزرقاء. وأمر الوالي مدير الأشغال العمومية بفتح الطريقين "
    "قبل نهاية الشهر وبترميم سقف المدرسة. وكان الجو مشمسا."
)
QUIET = "أحيت البلدية أمس ذكرى المجاهدين بمعرض للصور القديمة حضره جمهور غفير من الطلبة والتلاميذ."


@pytest.fixture(scope="module")
def both() -> Pipeline:
    return Pipeline.default(Decide.BOTH)


@pytest.fixture(scope="module")
def analysis(both: Pipeline) -> Analysis:
    return both(Document("t-1", STATEMENT))


def test_the_manifest_describes_the_files() -> None:
    about = tomllib.loads((models_dir() / "manifest.toml").read_text(encoding="utf-8"))["tagger"]
    files = {p.name: p.read_bytes() for p in model_folder().iterdir() if p.suffix in (".onnx", ".json")}
    assert {name: hashlib.sha256(data).hexdigest() for name, data in files.items()} == about["sha256"]
    assert sum(map(len, files.values())) == about["bytes"] < 20_000_000


def test_spans_start_behind_their_clitics(analysis: Analysis) -> None:
    assert [analysis.text(d.instruction) for d in analysis.directives] == [
        "فتح الطريقين قبل نهاية الشهر",
        "ترميم سقف المدرسة",
    ]
    for d in analysis.directives:
        assert d.act.issuer_name == "كمال زروق"
        assert [analysis.text(m.span) for m in d.act.addressees] == ["مدير الأشغال العمومية"]


def test_both_sides_are_told(analysis: Analysis) -> None:
    for d in analysis.directives:
        assert {"rules:confidence", "model:trigger", "model:instruction"} <= {e.source for e in d.evidence}
        assert 0 < d.confidence < 1


def test_the_same_text_gives_the_same_records_among_others(both: Pipeline, analysis: Analysis) -> None:
    both(Document("other", STATEMENT * 4))
    assert Pipeline.default(Decide.BOTH)(Document("t-1", STATEMENT)) == analysis


def test_a_text_in_which_the_rules_propose_nothing_does_not_load_the_network() -> None:
    stage = ModelStage()
    quiet = analyze(QUIET, decide=Decide.RULES)
    assert not quiet.directives
    assert stage(quiet) is quiet
    assert "_tagger" not in vars(stage)


def test_the_strict_threshold_takes_no_more_than_the_other(analysis: Analysis) -> None:
    precise = {d.id for d in analyze(STATEMENT, id="t-1", decide=Decide.PRECISE).directives}
    assert precise <= {d.id for d in analysis.directives}


def test_the_network_alone_reads_a_statement_without_the_rules() -> None:
    from pipeline.model.tagger import load

    ruled = analyze(STATEMENT, decide=Decide.RULES)
    blind = Analysis(ruled.document, ruled.norm, ruled.sentences, ruled.times, ruled.mentions, ruled.actors)
    readings = load(model_folder())(blind)
    (order,) = [r for r in readings if ruled.text(r.trigger) == "أمر"]
    assert order.force == "order"
    assert [ruled.text(s.span) for s in order.instructions] == ["فتح الطريقين قبل نهاية الشهر", "ترميم سقف المدرسة"]


def test_a_model_of_ones_own_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "tagger"
    own.mkdir()
    monkeypatch.setenv("TAALIMAT_MODELS", str(tmp_path))
    with pytest.raises(TaalimatError, match=r"lacks lower\.onnx, .*or use --rules-only"):
        model_folder()
    for file in (models_dir() / "tagger").iterdir():
        (own / file.name).symlink_to(file)
    assert model_folder() == own


def test_disagreements_from_the_command_line(taalimat: Run) -> None:
    Path("s.txt").write_text(STATEMENT, encoding="utf-8")
    result = taalimat("disagreements", "s.txt", "--json", "--top", "2")
    assert result.exit_code == 0
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [STATEMENT[d["start"] : d["end"]] for d in lines] == [d["instruction"] for d in lines]
    assert lines[0]["taken"] is True
    assert abs(lines[0]["rules"] - lines[0]["model"]) >= abs(lines[-1]["rules"] - lines[-1]["model"])
