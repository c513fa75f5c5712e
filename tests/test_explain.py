"""Explanations name what spoke for and against, with places."""

from __future__ import annotations

from pipeline.explain import explain
from pipeline.types import Analysis


def test_an_explanation_shows_parts_evidence_and_what_was_not_taken(composed: Analysis) -> None:
    lines = list(explain(composed))
    assert lines[0] == "b-7, published 2025-05-02 (column): 5 instructions, 1 candidates not taken"
    at = next(i for i, line in enumerate(lines) if line.startswith("2. order, do"))
    raw = composed.document.raw
    start = raw.index("فتح المسبح البلدي قبل")
    assert f"«فتح المسبح البلدي قبل 15 جوان 2025» [{start}:{start + 34}]" in lines[at]
    part = "\n".join(lines[at + 1 : at + 9])
    for expected in ("trigger   «أمر»", "= كمال زروق", "addressee «مدير الشباب»", "purpose   «حفاظا", "due 2025-06-14"):
        assert expected in part
    assert part.index("for     +1.50  lexicon:test") < part.index("against -0.25  rule:far")
    assert [line for line in lines if "not taken «" in line] == [
        "  not taken «زروق» [60:64]  name: a name is no trigger"
    ]
