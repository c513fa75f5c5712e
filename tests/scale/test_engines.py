"""The engines: one function, the same results; a poisonous document is lost alone, with the reason."""

from __future__ import annotations

import datetime
import json
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.engines import local
from pipeline.engines.attempt import Limits
from pipeline.engines.local import LocalEngine
from pipeline.engines.records import Work, analyse_batch, analysis, from_batch, rendering, results, to_batch
from pipeline.errors import Problem
from pipeline.pipeline import default_pipeline
from pipeline.store.rows import Rows, to_rows
from pipeline.types import Document
from tests.conftest import STATEMENT
from tests.scale.poison import deaf, render

SMALL = Limits(seconds=1, megabytes=200)


def documents(*names: str) -> list[Document]:
    return [Document(name, STATEMENT, source=f"{name}.txt") for name in names]


def outcomes(engine: LocalEngine, work: Work, *batches: list[Document]) -> dict[str, str]:
    """What came of each document: its id, or why there is nothing; in order."""
    rows = [row for batch in engine.map(work, map(to_batch, batches)) for row in batch.to_pylist()]
    return {row["id"]: row["failure"] or pickle.loads(row["rendered"]) for row in rows}


JSON = ("meta", "spans", "evidence")
"""Columns whose values go through Arrow as the JSON that the store keeps."""


def rows_of(rows: Rows) -> list[dict[str, object]]:
    """The row of the document, then those of its tables."""
    return [rows.document, *(row for part in rows.records.values() for row in part)]


def decoded(row: dict[str, object]) -> dict[str, object]:
    """A row whose JSON is read."""
    return {name: json.loads(str(value)) if name in JSON else value for name, value in row.items()}


def test_documents_and_rows_go_through_arrow_unchanged() -> None:
    document = Document(
        "a", STATEMENT, "عنوان", datetime.date(2025, 5, 2), "column", "a.jsonl:1", "واج", {"country": "dz", "n": 1}
    )
    assert list(from_batch(to_batch([document]))) == [document]
    (rows,) = results(analyse_batch(to_batch([document]), Limits()))
    assert [decoded(row) for row in rows_of(rows)] == rows_of(to_rows(default_pipeline()(document)))


def test_a_poisonous_document_is_lost_alone_with_the_reason() -> None:
    bad = ("dies", "killed", "hangs", "backtracks", "eats", "recurses", "fails")
    names = ["a", *bad[:4], "b", *bad[4:], "c"]
    found = outcomes(LocalEngine(2, SMALL), rendering(render, SMALL), documents(*names[:5]), documents(*names[5:]))
    assert list(found) == names
    assert {name: found[name] for name in ("a", "b", "c")} == {"a": "a", "b": "b", "c": "c"}
    for name in ("dies", "killed"):
        assert "the worker process died" in found[name]
    for name in ("hangs", "backtracks"):
        assert found[name] == "took longer than 1 s"
    assert found["eats"] == "needs more than 200 MB of memory"
    assert "RecursionError" in found["recurses"]
    assert found["fails"].startswith("RuntimeError: no rule for this (poison.py:")


def test_a_worker_that_does_not_stop_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "GRACE", 0.5)
    heard: list[str] = []
    found = outcomes(LocalEngine(1, SMALL, heard.append), deaf(SMALL), documents("a", "deaf", "b"), documents("c"))
    assert (found["a"], found["b"], found["c"]) == ("a", "b", "c")
    assert found["deaf"] == "the worker process took longer than 1 s and did not stop on this document"
    assert len(heard) == 3


def test_only_a_bounded_number_of_batches_is_read_ahead() -> None:
    read = []

    def batches() -> object:
        for n in range(20):
            read.append(n)
            yield to_batch(documents(f"d{n}"))

    results = LocalEngine(1).map(rendering(render, Limits()), batches())  # type: ignore[arg-type]
    assert next(results).column("id").to_pylist() == ["d0"]
    assert len(read) <= 2
    assert [batch.column("id")[0].as_py() for batch in results] == [f"d{n}" for n in range(1, 20)]


@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java")
def test_spark_gives_the_same_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark")
    from pipeline.engines import spark

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(spark, "JOB", 2)
    given = [Document(f"d{n}", STATEMENT * (n % 3 + 1), source="x.jsonl", meta={"country": "dz"}) for n in range(12)]
    given.append(Document("late", STATEMENT, published=datetime.date(2025, 5, 2)))
    groups = [given[i : i + 3] for i in range(0, len(given), 3)]
    work = analysis(Limits())
    by_spark = [item for b in spark.SparkEngine().map(work, map(to_batch, groups)) for item in results(b)]
    by_pool = [item for b in LocalEngine(2).map(work, map(to_batch, groups)) for item in results(b)]
    assert by_spark == by_pool
    assert [item.document["document_id"] for item in by_spark if isinstance(item, Rows)] == [d.id for d in given]

    frame = spark.session().createDataFrame([("x", STATEMENT), ("y", "نص")], ["id", "text"])
    made = {row["id"]: row for row in spark.extract(frame).collect()}
    assert [d["instruction"] for d in made["x"]["directives"]] == [
        d["instruction"] for part in results(analyse_batch(to_batch([Document("x", STATEMENT)]), Limits())) if not isinstance(part, Problem) for d in part.records["directives"]
    ]  # fmt: skip
    assert made["y"]["directives"] == []
    spark.session().stop()


def test_pyarrow_does_without_pandas_where_it_is_told_to() -> None:
    """In a process of its own: this one has pandas already."""
    code = """
import sys
from pipeline.store.arrow import without_pandas
without_pandas()
import pyarrow
pyarrow.array(["و"])
assert "pandas" not in sys.modules
import pandas
assert pyarrow.Table.from_pandas(pandas.DataFrame({"a": [1]})).to_pandas()["a"].tolist() == [1]
"""
    subprocess.run([sys.executable, "-c", code], check=True)
