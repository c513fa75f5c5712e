"""The challenge sentences, written before the rules: every expression with its exact span, type and value, and nothing else."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pipeline.times import find_times
from pipeline.types import TimeExpression

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "challenge.jsonl").read_text(encoding="utf-8").splitlines()
]
ATTRIBUTES = ("mod", "calendar", "role", "earliest", "latest")


def _times(row: dict[str, Any]) -> tuple[TimeExpression, ...]:
    published = row.get("published")
    return find_times(row["text"], datetime.date.fromisoformat(published) if published else None)


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_sentence(row: dict[str, Any]) -> None:
    times = _times(row)
    found = [(row["text"][t.span.start : t.span.end], t.span.start, t.type.value, t.value) for t in times]
    assert found == [(t["text"], t["start"], t["type"], t["value"]) for t in row["times"]]
    for expected, time in zip(row["times"], times, strict=True):
        said = {name: expected[name] for name in ATTRIBUTES if name in expected}
        values = {name: getattr(time, name) for name in said}
        assert {n: v.isoformat() if isinstance(v, datetime.date) else v for n, v in values.items()} == said
        assert expected.get("note", "") in time.note


def test_the_file_is_a_fair_challenge() -> None:
    classes = Counter(row["class"] for row in ROWS)
    assert len(ROWS) >= 250
    assert sum(not row["times"] for row in ROWS) >= len(ROWS) / 4
    assert len(classes) >= 25
    assert len({row["text"] for row in ROWS}) == len(ROWS)
    for row in ROWS:
        for time in row["times"]:
            assert row["text"][time["start"] : time["start"] + len(time["text"])] == time["text"]


def test_what_is_not_known_says_why() -> None:
    for row in ROWS:
        for time in _times(row):
            if "X" in time.value and time.type.value == "DATE" and not time.value.endswith("X"):
                assert time.note, f"{row['id']}: {time.value} without a reason"
                assert time.earliest is None
                assert time.latest is None


def test_days_agree_with_values() -> None:
    for row in ROWS:
        for time in _times(row):
            if time.earliest is not None and time.latest is not None:
                assert time.earliest <= time.latest
                if len(time.value) == 10 and time.value[4] == "-":
                    assert time.value == time.earliest.isoformat() == time.latest.isoformat()
