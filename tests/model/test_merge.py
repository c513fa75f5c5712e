"""How rules and network decide together, with made-up readings instead of a network."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline import lexicon
from pipeline.explain import explain
from pipeline.model.disagreement import differences
from pipeline.model.merge import Weights, candidates, merge
from pipeline.model.tagger import Reading, Scored
from pipeline.pipeline import Decide, analyze
from pipeline.types import Analysis, Force, Span

# The wali ordered the directors to open the road; and he said that the municipality would "not forget" the pupils.
TEXT = "أمر والي الولاية مدير الأشغال العمومية بفتح الطريق الوطني قبل نهاية الشهر. وكان تنظيف الساحة جاريا في المدينة."


@pytest.fixture(scope="module")
def ruled() -> Analysis:
    found = analyze(TEXT, id="t-1", decide=Decide.RULES)
    assert [found.text(d.instruction) for d in found.directives] == ["فتح الطريق الوطني قبل نهاية الشهر"]
    return found


def weights(threshold: float = 0.5, **named: float) -> Weights:
    return Weights({name.replace("_", " "): value for name, value in named.items()}, threshold, threshold, 0.9)


def span(words: str) -> Span:
    at = TEXT.index(words)
    return Span(at, at + len(words))


def reading(trigger: str, instruction: str, sure: float) -> Reading:
    found = (Scored(span(instruction), sure, sure),)
    return Reading(span(trigger), Force.ORDER, sure, sure, 0.1, found, (), (), (), 0.0, ())


def test_what_both_found_is_one_candidate(ruled: Analysis) -> None:
    (found,) = candidates(ruled, [reading("أمر", "فتح الطريق الوطني", 0.9)])
    assert found.rule is ruled.directives[0]
    assert found.instruction is not None
    assert found.features["same"] == 1
    assert found.features["equal"] == 0


def test_what_one_of_them_found_is_a_candidate_too(ruled: Analysis) -> None:
    alone, new = sorted(
        candidates(ruled, [reading("كان", "تنظيف الساحة", 0.4)]), key=lambda c: (c.rule is None, c.span)
    )  # fmt: skip
    assert alone.rule is ruled.directives[0]
    assert alone.features["alone"] == 1
    assert new.reading is not None
    assert new.features["refused unknown"] == 1


def test_the_network_can_take_away_and_add(ruled: Analysis) -> None:
    readings = [reading("أمر", "فتح الطريق الوطني قبل نهاية الشهر", 0.02), reading("كان", "تنظيف الساحة", 0.98)]
    found = merge(ruled, readings, weights(ruled_begin=1.0, new_begin=1.0), lexicon.default())
    assert [found.text(d.instruction) for d in found.directives] == ["تنظيف الساحة"]
    assert found.directives[0].act.lexeme == "model:كان"
    refused = found.rejected[-1]
    assert refused.trigger == span("أمر")
    assert "below 0.50 for rules and model together" in refused.reason


def test_a_deadline_inside_an_instruction_of_the_network_is_as_the_rules_read_it(ruled: Analysis) -> None:
    words = "فتح الطريق الوطني قبل نهاية الشهر"
    unread = replace(ruled, directives=())
    seen = replace(reading("أمر", words, 0.98), deadlines=(Scored(span("قبل"), 0.9, 0.9),))
    (found,) = merge(unread, [seen], weights(new_begin=1.0), lexicon.default()).directives
    assert found.deadline == span("قبل نهاية الشهر")


def test_what_the_rules_believe_needs_less(ruled: Analysis) -> None:
    assert ruled.directives[0].confidence >= 0.5
    (found,) = candidates(ruled, [])
    trusting = replace(weights(), trust=0.15)
    assert trusting.bar(found, article=False) == pytest.approx(0.35)
    assert trusting.bar(found, article=False, precise=True) == 0.9
    (doubted,) = candidates(replace(ruled, directives=(replace(ruled.directives[0], confidence=0.4),)), [])
    assert trusting.bar(doubted, article=False) == 0.5


def test_the_record_of_the_rules_stands_where_both_agree(ruled: Analysis) -> None:
    readings = [reading("أمر", "فتح الطريق الوطني", 0.9)]
    (found,) = merge(ruled, readings, weights(same=3.0), lexicon.default()).directives
    (rule,) = ruled.directives
    assert found.instruction == rule.instruction
    assert (found.act.issuer, found.deadline, found.act.addressees) == (
        rule.act.issuer,
        rule.deadline,
        rule.act.addressees,
    )
    assert found.confidence == pytest.approx(0.953, abs=0.001)


def test_the_strict_threshold_takes_less(ruled: Analysis) -> None:
    readings = [reading("أمر", "فتح الطريق الوطني", 0.9)]
    fitted = weights(same=2.0)
    assert merge(ruled, readings, fitted, lexicon.default()).directives
    assert not merge(ruled, readings, fitted, lexicon.default(), precise=True).directives


def test_both_sides_are_explained(ruled: Analysis) -> None:
    readings = [reading("أمر", "فتح الطريق الوطني", 0.9)]
    lines = "\n".join(explain(merge(ruled, readings, weights(same=2.0), lexicon.default())))
    for source in ("rules:confidence", "model:trigger", "model:instruction", "lexeme:"):
        assert source in lines


def test_differences_are_told_with_both_probabilities(ruled: Analysis) -> None:
    readings = [reading("أمر", "فتح الطريق الوطني قبل نهاية الشهر", 0.02), reading("كان", "تنظيف الساحة", 0.7)]
    found = differences(merge(ruled, readings, weights(bias=0.0), lexicon.default()))
    assert [d.instruction for d in found] == ["فتح الطريق الوطني قبل نهاية الشهر", "تنظيف الساحة"]
    rule, new = found
    assert rule.rules == pytest.approx(ruled.directives[0].confidence, abs=0.005)
    assert (rule.model, new.rules, new.model) == (pytest.approx(0.02, abs=0.001), 0.0, pytest.approx(0.7, abs=0.001))
    assert rule.width > new.width > 0
    assert differences(replace(ruled, rejected=())) == ()


def test_what_begins_with_no_doing_is_no_candidate_of_the_network(ruled: Analysis) -> None:
    (found,) = candidates(ruled, [reading("كان", "الساحة جاريا", 0.9)])
    assert found.rule is ruled.directives[0]
