"""Sheets judged by hand: evenly drawn, with offsets and context, and counted when filled in."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from pipeline.errors import TaalimatError
from pipeline.sampling import Precision, candidates, is_sheet, read_sheet, reservoir, write_sheet
from pipeline.store.rows import to_rows
from pipeline.store.schema import Part
from pipeline.types import Analysis


def test_a_draw_is_even() -> None:
    drawn = Counter(item for seed in range(3000) for item in reservoir(range(10), 3, seed))
    assert min(drawn.values()) > 800
    assert max(drawn.values()) < 1000
    assert reservoir(range(2), 3, seed=1) == [0, 1]


@pytest.mark.parametrize(("part", "number"), [(Part.DIRECTIVES, 5), (Part.DATES, 1), (Part.ACTORS, 3)])
def test_a_sheet_shows_each_record_in_its_context(tmp_path: Path, composed: Analysis, part: Part, number: int) -> None:
    path = tmp_path / "sheet.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        write_sheet(stream, candidates(to_rows(composed), part))
    assert is_sheet(path)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == number
    raw = composed.document.raw
    for row in rows:
        start, end = int(row["start"]), int(row["end"])
        assert raw[start:end] == row["found"]
        assert " ".join(raw[:start].split()).endswith(row["before"])
        assert (row["verdict"], row["reason"]) == ("", "")


def test_a_filled_in_sheet_gives_precision_with_its_interval(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    verdicts = ["right"] * 5 + ["1", "صحيح", "Wrong", "0", "خطأ", ""]
    path.write_text("number;verdict\n" + "".join(f"{n};{v}\n" for n, v in enumerate(verdicts)), encoding="utf-8-sig")
    result = read_sheet(path)
    assert result == Precision(right=7, judged=10, empty=1)
    assert [round(bound, 3) for bound in result.interval] == [0.397, 0.892]


@pytest.mark.parametrize(("verdict", "message"), [("maybe", "record 1: 'maybe'"), ("", "no verdict in it yet")])
def test_a_sheet_with_faults_is_refused(tmp_path: Path, verdict: str, message: str) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(f"number,verdict\n1,{verdict}\n", encoding="utf-8")
    with pytest.raises(TaalimatError, match=message):
        read_sheet(path)
