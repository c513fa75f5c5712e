"""How tags become spans, and spans records, with made-up numbers instead of a network."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.model.merge import Candidate, decide, shared
from pipeline.model.records import addressees
from pipeline.model.tagger import Reading, Scored, best_tags
from pipeline.types import Force, Span


def log(rows: list[tuple[float, float, float]]) -> np.ndarray:
    return np.log(np.array(rows, np.float32))


def test_the_inside_of_a_span_needs_its_beginning() -> None:
    scores = log([(0.2, 0.3, 0.5), (0.1, 0.1, 0.8), (0.9, 0.05, 0.05)])
    assert best_tags(scores, [False] * 3) == [1, 2, 0]


def test_a_span_ends_where_its_sentence_ends() -> None:
    scores = log([(0.1, 0.8, 0.1), (0.3, 0.1, 0.6), (0.9, 0.05, 0.05)])
    assert best_tags(scores, [False] * 3) == [1, 2, 0]
    assert best_tags(scores, [False, True, False])[1] != 2


def test_two_spans_may_touch() -> None:
    scores = log([(0.05, 0.9, 0.05), (0.05, 0.05, 0.9), (0.05, 0.9, 0.05), (0.05, 0.05, 0.9)])
    assert best_tags(scores, [False] * 4) == [1, 2, 1, 2]


def reading(instructions: list[tuple[int, int]], to: list[tuple[int, int]]) -> Reading:
    def scored(bounds: list[tuple[int, int]]) -> tuple[Scored, ...]:
        return tuple(Scored(Span(a, b), 0.9, 0.9) for a, b in bounds)

    return Reading(Span(0, 4), Force.ORDER, 0.9, 0.9, 0.1, scored(instructions), (), (), scored(to), 0.9, ())


def test_one_addressee_stands_for_all_instructions() -> None:
    r = reading([(20, 30), (35, 50)], [(5, 12)])
    assert addressees(r, Span(20, 30)) == addressees(r, Span(35, 50)) == (Span(5, 12),)


def test_each_addressee_keeps_the_task_behind_it() -> None:
    r = reading([(20, 30), (45, 60)], [(5, 12), (33, 40)])  # «كلّف X بفتح … وY بإعداد …»: X is to open, Y to prepare
    assert addressees(r, Span(20, 30)) == (Span(5, 12),)
    assert addressees(r, Span(45, 60)) == (Span(33, 40),)


def test_joint_addressees_stay_together() -> None:
    assert addressees(reading([(30, 40)], [(5, 12), (14, 22)]), Span(30, 40)) == (Span(5, 12), Span(14, 22))


def test_an_addressee_inside_an_instruction_is_its_own() -> None:
    r = reading([(20, 40)], [(25, 32)])  # «أن يتابع كل مدير …»: the subject of the instruction's verb
    assert addressees(r, Span(20, 40)) == (Span(25, 32),)


def test_nobody_told_to_act() -> None:
    assert addressees(reading([(20, 40)], []), Span(20, 40)) == ()


def test_of_two_readings_of_the_same_words_the_likelier_is_taken() -> None:
    a, b, c = (Candidate(Span(*bounds), {}) for bounds in ((10, 40), (12, 40), (50, 60)))
    assert shared(a.span, b.span) > 0.9
    assert decide([(0.6, a), (0.8, b), (0.55, c)], lambda _: 0.5) == [(0.8, b), (0.55, c)]
    assert decide([(0.6, a), (0.8, b), (0.55, c)], lambda _: 0.9) == []


@pytest.mark.parametrize(
    ("a", "b", "part"), [((0, 10), (0, 10), 1.0), ((0, 10), (10, 20), 0.0), ((0, 10), (5, 15), 0.5)]
)
def test_shared_part(a: tuple[int, int], b: tuple[int, int], part: float) -> None:
    assert shared(Span(*a), Span(*b)) == part
