"""The composed series: read with their offsets, whole, and every fault of a file told."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import LexiconError
from pipeline.link.series import load, threads
from pipeline.link.types import Relation

FOLDER = Path(__file__).parents[2] / "data" / "threads"


def write(folder: Path, text: str) -> Path:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    return folder


def test_marks_become_spans_of_the_text_without_them(tmp_path: Path) -> None:
    found = load(
        write(
            tmp_path,
            "### 01 train dz\n=== 2024-01-02 | الري\nدعا الوزير إلى {A:فتح السد}، وإلى {*:غلق البئر}.\n"
            "=== 2024-02-02\n{A!:فُتح السد} أمس.\n",
        )
    )
    first, second = found
    assert first.document.raw == "الري\nدعا الوزير إلى فتح السد، وإلى غلق البئر."
    assert [(m.span.text(first.document.raw), m.thread, m.relation) for m in first.marks] == [
        ("فتح السد", "01A", None),
        ("غلق البئر", None, None),
    ]
    assert [(m.span.text(second.document.raw), m.relation) for m in second.marks] == [("فُتح السد", Relation.EXECUTED)]
    assert (second.document.id, str(second.document.published)) == ("01-2", "2024-02-02")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("### 01 train dz\n=== 2024-01-02\n{A+:فتح السد}\n", "thread A opens with «+»"),
        ("### 01 test dz\n=== 2024-01-02\nنص\n", "split 'test'"),
        ("### 01 train dz\n=== 2024-01-02\n{A:فتح السد\n", "not closed"),
        ("### 01 train dz\n=== 2024-02-02\nنص\n=== 2024-01-02\nنص\n", "older than the statement before it"),
        ("### 01 train dz\n=== 2024-01-02\n{*!:فتح السد}\n", "«*» takes no sign"),
        ("### 01 train dz\nنص\n", "text outside a statement"),
        ("", "no statements"),
    ],
)
def test_faults_are_told(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(LexiconError, match=fault.replace("*", r"\*").replace("+", r"\+")):
        load(write(tmp_path, text))


def test_the_series_are_large_enough_and_split_by_thread() -> None:
    statements = load(FOLDER)
    assert len(statements) >= 200
    assert len(threads(statements)) >= 40
    for members in threads(statements).values():
        assert len(members) > 1
        assert len({statement.split for statement, _ in members}) == 1
    raws = [s.document.raw for s in statements]
    assert len(set(raws)) == len(raws)
    for split in ("train", "held-out"):
        relations = {m.relation for s in statements if s.split == split for m in s.marks}
        assert relations >= set(Relation) - {Relation.COPIED}  # each series is written once
        assert sum(m.thread is None for s in statements if s.split == split for m in s.marks) > 50
