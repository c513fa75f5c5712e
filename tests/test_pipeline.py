"""The pipeline: stages in an order that works, and spans that hold for any text."""

from __future__ import annotations

import datetime
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline import lexicon
from pipeline.errors import TaalimatError
from pipeline.pipeline import Decide, Pipeline, default_pipeline
from pipeline.resources import models_dir
from pipeline.standoff import from_standoff, to_standoff
from pipeline.store.rows import to_rows
from pipeline.store.schema import Part
from pipeline.types import Analysis, Document, Span

DARE = """
[[trigger]]
id = "tahadda-v"
lemma = "تحدّى"
gloss = "dare (somebody) to"
force = "call"
perfect = ["تحدي"]
frames = ["bi"]
addressee = ["object"]
example = [{ text = "تحدّى الوزير المنتجين بخفض الأسعار.", trigger = "تحدّى", instructions = ["خفض الأسعار"] }]
counter = [{ text = "وتحدّى الفريق كل التوقعات.", why = "to defy expectations" }]
"""


@dataclass(frozen=True)
class Plain:
    name: str
    requires: frozenset[str] = frozenset()
    provides: frozenset[str] = frozenset()

    def __call__(self, analysis: Analysis) -> Analysis:
        return analysis


def test_a_stage_before_what_it_requires_is_refused() -> None:
    actors = Plain("actors", frozenset({"sentences"}), frozenset({"actors"}))
    segment = Plain("segment", frozenset({"norm"}), frozenset({"sentences"}))
    assert [stage.name for stage in Pipeline([segment, actors]).stages] == ["segment", "actors"]
    with pytest.raises(
        TaalimatError, match=r"stage 'actors' requires \['sentences'\], which no stage before it provides"
    ):
        Pipeline([actors, segment])


def test_a_stage_that_names_no_field_is_refused() -> None:
    with pytest.raises(TaalimatError, match=r"stage 'x' names \['actor'\]; the fields of Analysis are"):
        Pipeline([Plain("x", frozenset(), frozenset({"actor"}))])


def test_the_default_stages() -> None:
    rules = ["segment", "times", "actors", "directives"]
    assert [stage.name for stage in default_pipeline().stages] == [*rules, "model"]
    assert [stage.name for stage in default_pipeline(Decide.RULES).stages] == rules


@pytest.mark.parametrize("decide", [Decide.RULES, Decide.BOTH])
def test_a_lexicon_of_ones_own_takes_the_place_of_ours(decide: Decide, tmp_path: Path) -> None:
    words = lexicon.read(shutil.copytree(models_dir() / "lexicon", tmp_path / "lexicon"))
    (tmp_path / "lexicon" / "triggers.toml").open("a", encoding="utf-8").write(DARE)
    more = lexicon.read(tmp_path / "lexicon")
    document = Document("b-1", "تحدّى الوالي مقاولات البناء بتسليم العمارات قبل نهاية الشهر.")
    stages = [stage.name for stage in Pipeline.default(decide).stages]
    for known, found in ((words, []), (more, ["تسليم العمارات قبل نهاية الشهر"])):
        mine = Pipeline.default(decide, known)
        assert [stage.name for stage in mine.stages] == stages
        assert [document.raw[d.instruction.start : d.instruction.end] for d in mine(document).directives] == found


def test_analyze_finds_who_orders_whom_to_do_what_by_when() -> None:
    text = "أمر والي الولاية، كمال زروق، مدير الشباب بفتح المسبح البلدي قبل 15 جوان 2025."
    analysis = pipeline.analyze(text, published=datetime.date(2025, 5, 2), title="المسبح", id="b-1")
    assert (analysis.document.id, analysis.document.title, analysis.document.published_source) == (
        "b-1",
        "المسبح",
        "caller",
    )
    (directive,) = analysis.directives
    assert analysis.text(directive.instruction) == "فتح المسبح البلدي قبل 15 جوان 2025"
    assert directive.act.issuer_name == "كمال زروق"
    assert [analysis.text(mention.span) for mention in directive.act.addressees] == ["مدير الشباب"]
    assert directive.due == datetime.date(2025, 6, 14)
    assert [time.value for time in analysis.times] == ["2025-06-15"]
    assert [actor.name for actor in analysis.actors] == ["كمال زروق", "مدير الشباب"]


@pytest.mark.parametrize("published", ["2025-01-07", datetime.date(2025, 1, 7), datetime.datetime(2025, 1, 7, 9)])
def test_the_day_of_publication_may_be_a_date_a_time_or_words(published: datetime.date | str) -> None:
    analysis = pipeline.analyze("أمر الوالي أمس بفتح الطريق.", published=published)
    assert [t.value for t in analysis.times] == ["2025-01-06"]


def test_a_day_of_publication_that_is_no_date_is_refused() -> None:
    with pytest.raises(ValueError, match="'soon' is no date"):
        pipeline.analyze("أمر الوالي أمس بفتح الطريق.", published="soon")


def test_the_package_names_what_it_has() -> None:
    assert callable(pipeline.frames)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        pipeline.nothing  # noqa: B018


PIECES = st.sampled_from(
    ["أمر الوالي", "وشدد الوزير", "على ضرورة", "بفتح الطريق", "وتزويد القرى بالماء", "قبل 15 جوان 2025", "قصد", "داعيا إلى", "، ", ". ", "\n", "- ", ": ", "؛ ", "«", "»", "(", ")", "\u200f", "ـ", "أَمَرَ", "ﻻ", "ﷲ", "\ufeff", "1.240", "د. ", "تعليمات أبرزها:", "عدم", "يجب", "\r\n", "\t", "🔹", "للولايات", "كما", "مع", "الوزارة", "و", "ب", "ً", "😀", "،،", "…"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=4), max_size=40).map(" ".join))
def test_every_span_lies_in_the_text_and_parts_no_letter_from_its_marks(text: str) -> None:
    analysis = pipeline.analyze(text, published=datetime.date(2025, 5, 2), id="x")
    for span in spans(analysis):
        assert 0 <= span.start < span.end <= len(text)
        assert not is_mark(text[span.start])
        assert span.end == len(text) or not is_mark(text[span.end])
    directives = to_rows(analysis).records[Part.DIRECTIVES]
    assert all(text[d["start"] : d["end"]] == d["instruction"] for d in directives)
    assert len({d["directive_id"] for d in directives}) == len(directives)
    assert to_standoff(from_standoff(to_standoff(analysis)))["directives"] == to_standoff(analysis)["directives"]


def is_mark(char: str) -> bool:
    return "\u064b" <= char <= "\u0652"


def spans(analysis: Analysis) -> list[Span]:
    found = [sentence.span for sentence in analysis.sentences] + [time.span for time in analysis.times]
    found += [span for actor in analysis.actors for span in actor.mentions] + [m.span for m in analysis.mentions]
    for d in analysis.directives:
        mentions = [*([d.act.issuer] if d.act.issuer else []), *d.act.addressees]
        found += [
            d.instruction,
            d.act.trigger,
            *d.purposes,
            *([d.deadline] if d.deadline else []),
            *(m.span for m in mentions),
        ]
    return [*found, *(rejected.trigger for rejected in analysis.rejected)]
