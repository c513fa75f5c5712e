"""The shipped model: sizes, determinism, places."""

from __future__ import annotations

import pytest

from pipeline.model.stage import ModelStage, model_folder
from pipeline.pipeline import Decide, analyze, default_pipeline
from pipeline.types import Analysis, Document

# The wali ordered the directors to open the two roads before the end of the month, and to repair the school's roof; the day was sunny.
STATEMENT = (
    "أشرف والي الولاية، كمال زروق، اليوم على زيارة إلى بلدية عين الزرقاء. وأمر الوالي مدير الأشغال العمومية بفتح الطريقين "
    "قبل نهاية الشهر وبترميم سقف المدرسة. وكان الجو مشمسا."
)
QUIET = "أحيت البلدية أمس ذكرى المجاهدين بمعرض للصور القديمة حضره جمهور غفير من الطلبة والتلاميذ."


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return analyze(STATEMENT)


def test_the_model_is_small() -> None:
    assert sum(path.stat().st_size for path in model_folder().iterdir()) < 20_000_000


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
        sources = {e.source.split(":")[0] for e in d.evidence}
        assert "model" in sources
        assert len(sources) > 1
        assert 0 < d.confidence < 1


def test_the_same_text_gives_the_same_records_among_others(analysis: Analysis) -> None:
    pipeline = default_pipeline()
    pipeline(Document("other", STATEMENT * 2))
    assert pipeline(Document(analysis.document.id, STATEMENT)) == analysis


def test_a_text_without_candidates_does_not_load_the_network() -> None:
    stage = ModelStage()
    quiet = analyze(QUIET, decide=Decide.RULES)
    assert not quiet.directives
    if not quiet.rejected:
        assert stage(quiet) is quiet
        assert "_parts" not in vars(stage)


def test_the_strict_threshold_takes_no_more_than_the_other() -> None:
    precise = {d.id for d in analyze(STATEMENT, decide=Decide.PRECISE).directives}
    assert precise <= {d.id for d in analyze(STATEMENT).directives}
