"""A statement drawn in a notebook: the text whole and escaped, each role at its place, the evidence on hover."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

import pipeline
from pipeline.highlight import COLOURS, highlight
from pipeline.labels import COLUMNS, FORCES, ROLES
from pipeline.marks import Role, marks
from pipeline.store.schema import DOCUMENTS, RECORDS
from pipeline.types import Analysis, Force


def paragraph(page: str) -> str:
    return page.partition("<p>")[2].partition("</p>")[0]


def marked(page: str, role: str) -> list[tuple[str, str]]:
    found = re.findall(rf'<mark class="{role}[^"]*" title="([^"]*)">(.*?)</mark>', paragraph(page), re.DOTALL)
    return [(unescape(text), unescape(note)) for note, text in found]


def test_the_text_is_whole(composed: Analysis) -> None:
    text = re.sub(r"<(?!br)[^>]+>", "", paragraph(highlight(composed))).replace("<br>", "\n")
    assert unescape(text) == composed.document.raw


def test_roles_and_evidence(composed: Analysis) -> None:
    page = highlight(composed)
    assert [text for text, _ in marked(page, "trigger")] == ["يأمر", "أمر", "شدد", "داعيا"]
    assert "+1.50 lexicon:test (said)" in marked(page, "trigger")[0][1]
    assert ("مدير الشباب", "addressee") in marked(page, "addressee")
    (deadline,) = [note for text, note in marked(page, "deadline") if text == "قبل "]
    assert "deadline: due 2025-06-14" in deadline
    assert "instruction: order, do" in deadline, "what lies inside an instruction tells of it too"


def test_it_is_drawn_by_notebooks_right_to_left(composed: Analysis) -> None:
    page = composed._repr_html_()
    assert 'dir="rtl"' in page
    assert page.count("<tr>") == 1 + len(composed.directives)


def test_markup_in_a_statement_stays_text() -> None:
    page = highlight(pipeline.analyze('أمر الوالي <script>alert("x")</script> بفتح الطريق.'))
    assert "<script>" not in page


def test_marks_are_at_their_places(composed: Analysis) -> None:
    found = marks(composed)
    assert {mark.role for mark in found} == set(Role)
    assert all(0 <= m.span.start < m.span.end <= len(composed.document.raw) for m in found)
    assert [m.span.start for m in found] == sorted(m.span.start for m in found)
    assert len({(m.span, m.role, m.of) for m in found}) == len(found)


def test_nothing_found_says_so(composed: Analysis) -> None:
    assert "لا تعليمات" in highlight(replace(composed, directives=(), actors=(), times=()))


def test_every_role_and_force_has_a_name_and_colour() -> None:
    assert set(COLOURS) == set(ROLES) == set(Role)
    assert list(FORCES) == list(Force)
    known = {name for table in (DOCUMENTS, *RECORDS.values()) for name in table.names}
    assert set(COLUMNS) <= known


def test_readable_frames(composed: Analysis) -> None:
    tables = pipeline.frames([composed])
    english, arabic = pipeline.readable(tables["directives"]), pipeline.readable(tables["directives"], "ar")
    first = english.iloc[1]
    assert (first["Force"], first["Addressees"], first["Due"]) == ("order", "مدير الشباب", "2025-06-14")
    assert english["Due"].iloc[0] == ""
    assert arabic.columns[0] == "الصيغة"
    assert arabic.iloc[-1, :2].tolist() == ["دعوة", "لا تفعل"]
    assert len(arabic.columns) == len(english.columns) < len(tables["directives"].columns)
    assert pipeline.readable(tables["actors"])["Mentions"].iloc[0].startswith("والي الولاية، ")
    with pytest.raises(ValueError, match="valid: en, ar"):
        pipeline.readable(tables["dates"], "fr")  # type: ignore[arg-type]
