"""Many documents: the same results in any number of processes, in order, and a worker that dies takes one document along."""

from __future__ import annotations

import os

import pytest

from pipeline import batch
from pipeline.batch import Done, analyse_all
from pipeline.engines import attempt
from pipeline.errors import Problem
from pipeline.pipeline import Pipeline
from pipeline.render import standoff_line
from pipeline.types import Analysis, Document

SENTENCE = "شدد والي الولاية رقم {n} على ضرورة فتح الطريق قبل 15 جوان 2025، وأمر مدير الأشغال بتوسيعه. "


@pytest.fixture
def items(monkeypatch: pytest.MonkeyPatch) -> list[Document | Problem]:
    """Documents and a problem between them, with limits so low that they make several batches."""
    monkeypatch.setattr(batch, "BATCH", 1000)
    monkeypatch.setattr(batch, "SMALL", 2000)
    texts = [SENTENCE.format(n=n) * (1 + n % 4) for n in range(40)]
    items: list[Document | Problem] = [Document(f"d{n}", text) for n, text in enumerate(texts)]
    items.insert(1, Problem("x.txt", "the text is empty"))
    return items


def deadly(analysis: Analysis) -> str:
    if analysis.document.id == "d3":
        os._exit(9)
    return analysis.document.id


def clumsy(analysis: Analysis) -> str:
    return analysis.document.id


def test_results_are_the_same_in_one_process_and_in_several(items: list[Document | Problem]) -> None:
    alone = list(analyse_all(items, standoff_line, workers=1))
    assert list(analyse_all(items, standoff_line, workers=2)) == alone
    assert [item.document_id for item in alone if isinstance(item, Done)] == [
        d.id for d in items if isinstance(d, Document)
    ]
    assert alone[1] == items[1]


def test_a_document_that_kills_its_worker_is_lost_alone(items: list[Document | Problem]) -> None:
    results = list(analyse_all(items, deadly, workers=2))
    lost = [item for item in results if isinstance(item, Problem)]
    assert [(problem.document_id, "worker process died" in problem.reason) for problem in lost] == [
        (None, False),
        ("d3", True),
    ]
    kept = [item.result for item in results if isinstance(item, Done)]
    assert kept == [d.id for d in items if isinstance(d, Document) and d.id != "d3"]


def test_a_stage_that_fails_becomes_a_problem_of_its_document(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fails:
        name, requires, provides = "fails", frozenset[str](), frozenset[str]()

        def __call__(self, analysis: Analysis) -> Analysis:
            if "عطب" in analysis.document.raw:
                raise RuntimeError("no rule for this")
            return analysis

    monkeypatch.setattr(attempt, "default_pipeline", lambda decide: Pipeline([Fails()]))
    given = [Document("a", "نص"), Document("b", "عطب", source="b.txt"), Document("c", "نص")]
    first, second, third = analyse_all(given, clumsy, workers=1)
    assert (first, third) == (Done("a", "a", 1), Done("c", "c", 1))
    assert str(second).startswith("b.txt [b]: stage 'fails' failed: RuntimeError: no rule for this (test_batch.py:")
