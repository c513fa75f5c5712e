"""The measures, on small composed cases whose numbers can be counted by hand."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

import pytest

from pipeline.evaluate import MEASURES, Tally, intervals, same_name, same_value, score, total
from pipeline.types import Actor, Analysis, Force, Kind, Polarity, Span


def counts(gold: Analysis, found: Analysis) -> dict[str, tuple[int, int, int]]:
    return {name: dataclasses.astuple(tally) for name, tally in score(gold, found).tallies.items()}


def change(analysis: Analysis, index: int, **fields: object) -> Analysis:
    """The analysis with fields of one directive changed; ``act_…`` ones are those of its act."""
    directives = list(analysis.directives)
    act = replace(directives[index].act, **{k[4:]: v for k, v in fields.items() if k.startswith("act_")})  # type: ignore[arg-type]
    own = {k: v for k, v in fields.items() if not k.startswith("act_")}
    directives[index] = replace(directives[index], act=act, **own)  # type: ignore[arg-type]
    return replace(analysis, directives=tuple(directives))


def test_the_same_records_agree_wholly(composed: Analysis) -> None:
    found = counts(composed, composed)
    assert all(true == gold == found for true, gold, found in found.values())
    assert {name: found[name][1] for name in MEASURES} == {
        "instruction": 5, "instruction_exact": 5, "record": 5, "record_full": 5, "trigger": 4, "issuer": 5, "addressee": 3,
        "force": 5, "polarity": 5, "purpose": 2, "deadline": 1, "recalled": 5, "dates": 1, "date_values": 1, "actors": 1, "actor_kind": 1,
    }  # fmt: skip
    assert score(composed, composed).disagreements == ()


def test_nothing_found(composed: Analysis) -> None:
    nothing = replace(composed, directives=(), times=(), actors=())
    result = score(composed, nothing)
    assert dataclasses.astuple(result.tallies["instruction"]) == (0, 5, 0)
    assert [d.kind for d in result.disagreements] == ["missed"] * 5
    assert [d.kind for d in score(nothing, composed).disagreements] == ["extra"] * 5


@pytest.mark.parametrize(
    ("fields", "record", "full"),
    [
        ({"act_force": Force.URGE}, 4, 4),
        ({"polarity": Polarity.AVOID}, 4, 4),
        ({"act_issuer_name": "وزير الشباب"}, 4, 4),
        ({"act_issuer": None, "act_issuer_name": None}, 4, 4),
        ({"act_addressees": ()}, 4, 4),
        ({"purposes": ()}, 5, 4),
        ({"deadline": None}, 5, 4),
        ({"act_recalled": True}, 5, 4),
    ],
)
def test_each_attribute_counts_where_it_belongs(
    composed: Analysis, fields: dict[str, object], record: int, full: int
) -> None:
    found = counts(composed, change(composed, 1, **fields))
    assert (found["instruction"][0], found["instruction_exact"][0]) == (5, 5)
    assert (found["record"][0], found["record_full"][0]) == (record, full)


def test_a_boundary_costs_exactness_first_then_the_record_then_the_match(composed: Analysis) -> None:
    place = composed.directives[4].instruction  # five words
    raw = composed.document.raw

    def cut(words: int) -> tuple[int, int, int]:
        text = " ".join(place.text(raw).split()[:words])
        found = counts(composed, change(composed, 4, instruction=Span(place.start, place.start + len(text))))
        return found["instruction"][0], found["record"][0], found["instruction_exact"][0]

    assert [cut(words) for words in (5, 4, 3, 2, 1)] == [(5, 5, 5), (5, 5, 4), (5, 4, 4), (5, 4, 4), (4, 4, 4)]


def test_outer_punctuation_does_not_count(composed: Analysis) -> None:
    place = composed.directives[4].instruction
    found = counts(composed, change(composed, 4, instruction=Span(place.start - 2, place.end)))
    assert found["instruction_exact"][0] == 4  # a letter before it does
    found = counts(composed, change(composed, 4, instruction=Span(place.start, place.end + 1)))
    assert found["instruction_exact"][0] == 5  # the full stop after it does not


def test_records_of_another_text_are_refused(composed: Analysis) -> None:
    other = replace(composed, document=replace(composed.document, raw="نص آخر"))
    with pytest.raises(ValueError, match="different texts"):
        score(composed, other)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("السيد كمال زروق", "كمال زروق", True),
        ("معالي وزير الري", "وزير الرى", True),
        ("وزير الري", "وزير الري والموارد المائية", True),
        ("الوزير", "وزير الري", False),
        ("وزير الري", "وزير النقل", False),
        (None, None, True),
        (None, "الوالي", False),
        ("لوزارة الري", "وزارة الري", True),
    ],
)
def test_names(a: str | None, b: str | None, same: bool) -> None:
    assert same_name(a, b) is same
    assert same_name(b, a) is same


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("2025-02", "2025-02-01/2025-02-28", True),
        ("2025-Q3", "2025-07/2025-09", True),
        ("2025-W02", "2025-01-06/2025-01-12", True),
        ("2025-01-07TMO", "2025-01-07", True),
        ("2025-01-07T09:00", "T09", True),
        ("XXXX-WXX-1", "XXXX-WXX-1", True),
        ("2025-13", "2025", False),
        ("P3M", "P90D", False),
    ],
)
def test_date_values(a: str, b: str, same: bool) -> None:
    assert same_value(a, b) is same


def test_vague_dates_do_not_count(composed: Analysis) -> None:
    vague = replace(composed.times[0], value="PRESENT_REF")
    assert counts(replace(composed, times=(vague,)), composed)["dates"] == (0, 0, 1)


def test_actors_match_by_name_and_kind_counts_apart(composed: Analysis) -> None:
    other = replace(
        composed, actors=(Actor("x", "السيد كمال زروق", Kind.OFFICE), Actor("y", "وزارة الري", Kind.ORGANISATION))
    )
    found = counts(composed, other)
    assert (found["actors"], found["actor_kind"]) == ((1, 1, 2), (0, 1, 2))


def test_shares_and_their_interval(composed: Analysis) -> None:
    tally = Tally(3, 4, 6)
    assert (tally.precision, tally.recall, round(tally.f1, 3)) == (0.5, 0.75, 0.6)
    assert Tally().f1 == 0
    good, bad = score(composed, composed), score(composed, replace(composed, directives=()))
    both = total([good, bad])
    assert dataclasses.astuple(both.tallies["instruction"]) == (5, 10, 5)
    low, high = intervals([good, bad] * 10)["instruction"]
    assert low < both.tallies["instruction"].f1 < high
    assert intervals([good, bad] * 10)["instruction"] == (low, high)
