"""The stand-off form: what goes out comes back, and says of every instruction what the analysis said."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from pipeline.errors import TaalimatError
from pipeline.standoff import from_standoff, load, to_standoff
from pipeline.types import Analysis, Directive


def facts(analysis: Analysis) -> set[tuple[object, ...]]:
    """What the form can say of each instruction."""
    return {
        (
            d.instruction,
            d.act.trigger,
            d.act.force,
            d.polarity,
            d.act.issuer and d.act.issuer.span,
            d.act.issuer_name,
            tuple(m.span for m in d.act.addressees),
            d.purposes,
            d.deadline,
            d.act.recalled,
        )
        for d in analysis.directives
    }


def test_what_goes_out_comes_back(composed: Analysis) -> None:
    again = from_standoff(json.loads(json.dumps(to_standoff(composed))))
    assert facts(again) == facts(composed)
    assert to_standoff(again) == to_standoff(composed)
    assert [actor.name for actor in again.actors] == ["كمال زروق"]
    assert again.document.published == composed.document.published


def test_instructions_of_one_trigger_share_an_entry(composed: Analysis) -> None:
    entries = to_standoff(composed)["directives"]
    assert [[i["text"] for i in e["instructions"]] for e in entries] == [
        ["فتح المسبح البلدي"],
        ["فتح المسبح البلدي قبل 15 جوان 2025", "توظيف عشرة منقذين"],
        ["فتح المسبح البلدي"],
        ["عدم ترك أطفالهم قرب السدود"],
    ]
    assert entries[1]["deadline"]["text"] == "قبل 15 جوان 2025"


def test_every_string_stands_at_its_offsets(composed: Analysis) -> None:
    record = to_standoff(composed)

    def check(value: object) -> int:
        if isinstance(value, list):
            return sum(map(check, value))
        if not isinstance(value, dict):
            return 0
        if "start" in value:
            assert record["text"][value["start"] : value["end"]] == value["text"]
            return 1
        return sum(map(check, value.values()))

    assert check(record["directives"]) == 4 + 5 + 4 + 2 + 1 + 1
    assert check(record["dates"]) == 1


@pytest.mark.parametrize("deadlines", [(0, 0), (0, 1), (None, 0), (0, None), (2, 2), (2, None), (2, 0)])
def test_an_entry_never_gives_an_instruction_another_ones_deadline(
    composed: Analysis, deadlines: tuple[int | None, int | None]
) -> None:
    """Deadlines inside the first instruction (0), inside the second (1), outside both (2), or none."""
    raw = composed.document.raw
    _, first, second, *_ = composed.directives
    spans = {
        0: first.deadline,
        1: dataclasses.replace(first.instruction, start=raw.index("عشرة"), end=second.instruction.end),
        2: composed.directives[4].instruction,
        None: None,
    }
    pair: list[Directive] = [
        dataclasses.replace(d, deadline=spans[k]) for d, k in zip((first, second), deadlines, strict=True)
    ]
    analysis = dataclasses.replace(composed, directives=tuple(pair))
    assert facts(from_standoff(to_standoff(analysis))) == facts(analysis)


def test_a_gold_file_with_faults_names_each_line(tmp_path: Path, composed: Analysis) -> None:
    good = to_standoff(composed)
    moved = json.loads(json.dumps(good))
    moved["directives"][0]["trigger"]["start"] += 1
    lines = [good, moved, {"id": "x"}]
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)) + "\nnot json\n", encoding="utf-8")
    with pytest.raises(TaalimatError) as caught:
        load(path)
    assert [line.split(":")[0].strip() for line in str(caught.value).splitlines()[1:]] == ["line 2", "line 3", "line 4"]
