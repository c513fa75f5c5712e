"""Label Studio: records out as predictions, corrections back as gold and into the store."""

from __future__ import annotations

import copy
import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

import pipeline
from pipeline.bridges.corrected import apply
from pipeline.bridges.labelstudio import config, from_task, to_task
from pipeline.corrections.store import Verdict, places
from pipeline.corrections.training import training
from pipeline.errors import TaalimatError
from pipeline.standoff import from_standoff, to_standoff
from pipeline.store.rows import to_rows
from pipeline.store.sqlite import Store
from pipeline.types import Analysis, Document
from tests.conftest import Run, samples

Json = dict[str, Any]


def annotated(analysis: Analysis) -> Json:
    """The task as Label Studio exports it when a person submitted the prediction as it was."""
    task = to_task(analysis)
    return {
        "id": 1,
        "data": task["data"],
        "annotations": [{"was_cancelled": False, "result": copy.deepcopy(task["predictions"][0]["result"])}],
    }


def directives(record: Json) -> set[str]:
    """The single instructions of a gold record, each with all that is said of it."""
    rows = to_rows(from_standoff(record)).records
    return {
        json.dumps({k: v for k, v in row.items() if k not in ("repeats", "confidence", "issuer_id")}, ensure_ascii=False, default=str)
        for row in rows[pipeline.store.schema.Part.DIRECTIVES]
    }  # fmt: skip


@pytest.mark.parametrize("document", samples(), ids=lambda document: document.id)
def test_there_and_back(document: Document) -> None:
    analysis = pipeline.Pipeline.default()(document)
    if analysis.directives:
        assert directives(from_task(annotated(analysis))) == directives(to_standoff(analysis))


def test_the_interface_knows_what_tasks_use(composed: Analysis) -> None:
    view = ElementTree.fromstring(config())
    controls = {e.get("name"): {c.get("value") for c in e} for e in view if e.get("name") and e.tag != "Text"}
    for item in to_task(composed)["predictions"][0]["result"]:
        if item["type"] == "relation":
            continue
        values = item["value"].get("labels") or item["value"].get("choices") or []
        assert set(values) <= controls[item["from_name"]]


def edit(task: Json, change: str) -> Json:
    result = task["annotations"][0]["result"]
    by = {(r["id"], r["from_name"]): r for r in result if "from_name" in r}
    if change == "force":
        by["d0-trigger-0", "force"]["value"]["choices"] = ["insist"]
    elif change == "remove":
        task["annotations"][0]["result"] = [
            r for r in result if not any(str(r.get(k, "")).startswith("d0-") for k in ("id", "from_id", "to_id"))
        ]
    elif change == "unrelated":
        task["annotations"][0]["result"] = [r for r in result if r["type"] != "relation"]
    return task


def test_a_change_is_read(composed: Analysis) -> None:
    assert from_task(edit(annotated(composed), "force"))["directives"][0]["force"] == "insist"
    assert (
        len(from_task(edit(annotated(composed), "remove"))["directives"])
        == len(to_standoff(composed)["directives"]) - 1
    )


def test_faults_are_told(composed: Analysis) -> None:
    with pytest.raises(ValueError, match="leads nowhere") as raised:
        from_task(edit(annotated(composed), "unrelated"))
    assert "no instruction leads to it" in str(raised.value)
    moved = annotated(composed)
    moved["annotations"][0]["result"][0]["value"]["start"] += 1
    with pytest.raises(ValueError, match="is not in the text at"):
        from_task(moved)
    with pytest.raises(ValueError, match="no annotation"):
        from_task({**moved, "annotations": [{"was_cancelled": True, "result": []}]})


def test_offsets_in_utf16_units_are_mended() -> None:
    analysis = pipeline.analyze("🔴🔴 أمر الوالي بفتح الطريق.", id="e")
    task = annotated(analysis)
    for item in task["annotations"][0]["result"]:
        if "value" in item:
            item["value"]["start"] += 2
            item["value"]["end"] += 2
    assert directives(from_task(task)) == directives(to_standoff(analysis))


def test_the_commands(taalimat: Run, tmp_path: Path) -> None:
    text = "أمر الوالي بفتح الطريق وبغلق الورشة."
    Path("in.jsonl").write_text(
        json.dumps({"id": "a", "text": text}) + "\n" + json.dumps({"id": "b", "text": "لا شيء هنا."}), encoding="utf-8"
    )
    tasks = json.loads(taalimat("extract", "in.jsonl", "--format", "labelstudio").stdout)
    assert [task["data"]["id"] for task in tasks] == ["a", "b"]
    assert taalimat("labelstudio", "config").stdout.startswith("<View")
    assert taalimat("run", "in.jsonl", "--out", "out", "--workers", "1").exit_code == 0
    done = [
        {"id": i, "data": t["data"], "annotations": [{"result": t["predictions"][0]["result"]}]}
        for i, t in enumerate(tasks)
    ]
    done[0]["annotations"][0]["result"][0]["value"]["labels"] = ["boss"]
    done.append({"id": 7, "data": {"text": "x"}, "annotations": []})
    Path("export.json").write_text(json.dumps(done), encoding="utf-8")
    result = taalimat("labelstudio", "import", "export.json", "--store", "out", "--author", "سمية")
    assert result.exit_code == 1, "two tasks have faults, one is kept"
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["b"]
    assert "task 1: label 'boss'" in result.stderr
    assert "task 3: no annotation" in result.stderr


def test_no_export_of_label_studio(taalimat: Run) -> None:
    Path("x.json").write_text('{"a": 1}', encoding="utf-8")
    result = taalimat("labelstudio", "import", "x.json")
    assert (result.exit_code, "a list of tasks is expected" in result.stderr) == (1, True)


def test_corrections_reach_the_store(composed: Analysis, tmp_path: Path) -> None:
    gold = from_task(edit(annotated(composed), "remove"))
    gold["directives"][-1]["force"] = "urge"
    new = {
        "text": "توظيف عشرة منقذين",
        **dict(zip(("start", "end"), _span(composed, "توظيف عشرة منقذين"), strict=True)),
    }
    trigger = {"text": "قرب", **dict(zip(("start", "end"), _span(composed, "قرب"), strict=True))}
    gold["directives"].append({**gold["directives"][-1], "trigger": trigger, "instructions": [new], "deadline": None})
    with Store(tmp_path / "taalimat.sqlite") as store:
        run = store.begin_run(["test"])
        with store.transaction():
            store.save(run, to_rows(composed))
        counts = apply(store, gold, "Amina")
        assert counts == {
            Verdict.ACCEPT: len(composed.directives) - 2,
            Verdict.EDIT: 1,
            Verdict.REJECT: 1,
            Verdict.ADD: 1,
        }
        verdicts = [p.verdict for p in places(store.connection, composed.document.id)]
        assert verdicts.count(Verdict.COMPLETE) == 1
        (exported,) = training(store.connection)
        assert directives({**exported, "actors": [], "dates": []}) == directives(gold)
        assert apply(store, gold, "Amina")[Verdict.ADD] == 0, "what was added before is not added again"


def _span(analysis: Analysis, text: str) -> tuple[int, int]:
    start = analysis.document.raw.index(text)
    return start, start + len(text)


def test_another_text_in_the_store(composed: Analysis, tmp_path: Path) -> None:
    gold = from_task(annotated(composed))
    with Store(tmp_path / "taalimat.sqlite") as store:
        with pytest.raises(TaalimatError, match="no document 'b-7'"):
            apply(store, gold, "Amina")
        run = store.begin_run(["test"])
        with store.transaction():
            store.save(run, to_rows(composed))
        with pytest.raises(TaalimatError, match="is another"):
            apply(store, {**gold, "text": "x"}, "Amina")
