"""Very long documents: read in sections, with the records of each in their places and time linear in the length."""

from __future__ import annotations

import dataclasses
import time

import pytest

from pipeline import sections
from pipeline.pipeline import analyze
from pipeline.segment import MAX_TOKENS
from pipeline.store.rows import to_rows
from pipeline.types import Analysis, Span
from tests.conftest import STATEMENT


def spans(value: object) -> list[Span]:
    if isinstance(value, Span):
        return [value]
    if isinstance(value, tuple):
        return [span for item in value for span in spans(item)]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [s for field in dataclasses.fields(value) for s in spans(getattr(value, field.name))]
    return []


def records(analysis: Analysis) -> list[tuple[str, ...]]:
    return [
        (analysis.text(d.instruction), analysis.text(d.act.trigger), d.act.issuer_name or "", d.due_note)
        for d in analysis.directives
    ]


@pytest.mark.parametrize("marks", ["", "َ"])
def test_sections_have_the_records_they_would_have_alone(monkeypatch: pytest.MonkeyPatch, marks: str) -> None:
    text = STATEMENT.replace("ر", "ر" + marks)
    alone = analyze(text, id="x")
    monkeypatch.setattr(sections, "SECTION", len(text) + 3)
    monkeypatch.setattr("pipeline.pipeline.SECTION", len(text) + 3)
    whole = analyze("\n\n".join([text] * 3), id="x")
    assert records(whole) == records(alone) * 3
    assert [whole.text(s.span) for s in whole.sentences] == [alone.text(s.span) for s in alone.sentences] * 3
    assert [whole.norm.text[t.norm_start :][: len(t.norm)] for s in whole.sentences for t in s.tokens] == [
        t.norm for s in whole.sentences for t in s.tokens
    ]
    for part in ("mentions", "directives", "rejected", "times"):
        mine, theirs = spans(getattr(whole, part)), spans(getattr(alone, part)) * 3
        assert [whole.text(s) for s in mine] == [alone.text(s) for s in theirs], part
    assert [a.name for a in whole.actors] == [a.name for a in alone.actors]
    assert all(len(a.mentions) == 3 * len(b.mentions) for a, b in zip(whole.actors, alone.actors, strict=True))
    assert {m.actor_id for m in whole.mentions} <= {a.id for a in whole.actors} | {None}
    ids = [d.id for d in whole.directives]
    assert len(set(ids)) == len(ids)
    assert len(to_rows(whole).records) == 3


@pytest.mark.parametrize(
    "text", ["سطر\n" * 40, "جملة. " * 40, "كلمة " * 40, "كَ" * 80, "ا" * 90, "\n" * 90, "\ud800" * 90]
)
def test_sections_are_the_text(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sections, "SECTION", 20)
    found = list(sections.sections(text))
    assert "".join(text[start:end] for start, end in found) == text
    assert all(0 < end - start <= 20 for start, end in found)
    assert not any(text[start : start + 1] == "َ" for start, _ in found)


def test_a_sentence_without_end_is_cut() -> None:
    analysis = analyze("أمر " * 2500)
    assert [len(s.tokens) for s in analysis.sentences] == [MAX_TOKENS, MAX_TOKENS, 500]
    assert [analysis.text(s.span)[:3] for s in analysis.sentences] == ["أمر"] * 3


def test_a_number_of_any_length_is_no_date() -> None:
    assert analyze("7" * 6000 + " " + "7/" * 3000).times == ()


def test_triggers_in_a_row_ask_each_other_once() -> None:
    """Each asks what those behind it introduce, which ask in their turn: sixteen once took seconds, each further one doubled it."""
    started = time.process_time()
    analysis = analyze("حتمهن " * 120 + "فتح الطريق.")
    assert len(analysis.sentences) == 1
    assert time.process_time() - started < 20
