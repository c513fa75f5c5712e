"""Directives of composed passages: one group a phenomenon of the annotation guidelines."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline import analyze
from pipeline.types import Analysis, Directive

CASES = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))["case"]


def _told(found: Analysis, directive: Directive, asked: dict[str, Any]) -> dict[str, Any]:
    act = directive.act
    known = {
        "trigger": found.text(act.trigger),
        "force": act.force.value,
        "instruction": found.text(directive.instruction),
        "polarity": directive.polarity.value,
        "issuer": act.issuer_name,
        "addressees": [found.text(m.span) for m in act.addressees],
        "purposes": [found.text(p) for p in directive.purposes],
        "deadline": found.text(directive.deadline) if directive.deadline else "",
        "recalled": act.recalled,
    }
    return {key: known[key] for key in asked}


def _param(number: int, case: dict[str, Any]) -> Any:
    """A case; one with ``gap`` is known to fail for the reason that it gives."""
    marks = [pytest.mark.xfail(strict=True, reason=case["gap"])] if "gap" in case else []
    return pytest.param(case, id=f"{case['group']}-{number}", marks=marks)


@pytest.mark.parametrize("case", [_param(n, c) for n, c in enumerate(CASES)])
def test_records(case: dict[str, Any]) -> None:
    found = analyze(case["text"])
    expected = case.get("records", [])
    assert [found.text(d.instruction) for d in found.directives] == [record["instruction"] for record in expected]
    for directive, record in zip(found.directives, expected, strict=True):
        assert _told(found, directive, record) == record
