"""Every export validates: against the versioned JSON Schema, or against what the W3C model asks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from pipeline.bridges.record import VERSION
from pipeline.bridges.schema import schema
from pipeline.bridges.webannotation import to_page
from pipeline.marks import marks
from pipeline.store.schema import TABLES
from pipeline.types import Analysis
from tests.conftest import Run

ROOT = Path(__file__).parents[2]
SCHEMA = schema()


def valid(value: Any, name: str | None = None) -> None:
    whole = (
        SCHEMA if name is None else {"$schema": SCHEMA["$schema"], "$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]}
    )
    errors = list(Draft202012Validator(whole, format_checker=FormatChecker()).iter_errors(value))
    assert not errors, [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in errors[:3]]


def lines(taalimat: Run, form: str, *more: str) -> Iterator[Any]:
    result = taalimat("extract", str(ROOT / "data" / "raw"), "--format", form, "--workers", "1", *more)
    assert result.exit_code == 0
    return map(json.loads, result.stdout.splitlines())


def test_the_schema_is_sound_and_the_one_that_is_published(taalimat: Run) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    published = ROOT / "docs" / "reference" / f"schema-{VERSION}.json"
    assert json.loads(published.read_text(encoding="utf-8")) == SCHEMA, (
        "taalimat schema, indented by two, into that file"
    )
    assert json.loads(taalimat("schema").stdout) == SCHEMA


def test_records(taalimat: Run) -> None:
    found = list(lines(taalimat, "record"))
    assert len(found) > 5
    for record in found:
        valid(record)
    for record in lines(taalimat, "record", "--only", "dates"):
        valid(record)
        assert not record["directives"]


def test_json_lines(taalimat: Run) -> None:
    for line in (*lines(taalimat, "jsonl"), *lines(taalimat, "jsonl", "--only", "actors")):
        valid(line, "line")


def test_standoff(taalimat: Run) -> None:
    for record in lines(taalimat, "standoff"):
        valid(record, "standoff")


def test_the_tables_of_a_run(taalimat: Run) -> None:
    assert taalimat("run", str(ROOT / "data" / "raw"), "--out", "out", "--workers", "1").exit_code == 0
    for table in TABLES:
        rows = [json.loads(line) for line in Path(f"out/{table.name}.jsonl").read_text(encoding="utf-8").splitlines()]
        assert rows or table.name == "copies"  # the samples hold none
        for row in rows:
            valid(row, f"{table.name}-row")


@pytest.mark.parametrize("broken", [{"force": "beg"}, {"start": -1}, {"recalled": None}, {"extra": 1}])
def test_the_schema_refuses(taalimat: Run, broken: dict[str, Any]) -> None:
    record = next(r for r in lines(taalimat, "record") if r["directives"])
    record["directives"][0].update(broken)
    with pytest.raises(AssertionError, match="directives/0"):
        valid(record)


def test_web_annotations(composed: Analysis) -> None:
    page = json.loads(json.dumps(to_page(composed)))
    raw = composed.document.raw
    assert page["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert page["type"] == "AnnotationPage"
    assert len(page["items"]) == len(marks(composed))
    assert len({item["id"] for item in page["items"]}) == len(page["items"])
    for item in page["items"]:
        assert item["type"] == "Annotation"
        position, quote = item["target"]["selector"]
        start, end = position["start"], position["end"]
        assert raw[start:end] == quote["exact"]
        assert raw[max(0, start - 32) : end + 32] == quote["prefix"] + quote["exact"] + quote["suffix"]
    (order,) = [i for i in page["items"] if i["target"]["selector"][1]["exact"].startswith("فتح المسبح البلدي قبل")]
    assert order["body"][-1]["taalimat:due"] == "2025-06-14"


def test_web_annotations_from_the_command(taalimat: Run) -> None:
    Path("b.txt").write_text("أمر الوالي بفتح الطريق قبل 3 ماي 2025.", encoding="utf-8")
    result = taalimat("extract", "b.txt", "--format", "jsonld", "--only", "dates")
    assert [i["body"][0]["value"] for i in json.loads(result.stdout)["items"]] == ["date"]
