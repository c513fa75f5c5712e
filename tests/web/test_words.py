"""The words of the page: one table a language, the same keys, each used and none missing; and charts."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.link.types import Relation
from pipeline.normalize import normalize
from pipeline.search.engine import FACETS
from pipeline.search.query import SORTS, STATES
from pipeline.times import TimesStage, due_of
from pipeline.types import Analysis, Document, Force, Kind, Polarity, Span
from pipeline.web.drawing import Bar, Flow, Node, bars, flows
from pipeline.web.i18n import LANGUAGES, words
from pipeline.web.marks import ROLES, Mark, render
from pipeline.web.notes import reason
from tests.times.test_due import UNKNOWN

TEMPLATES = {f.name: f.read_text(encoding="utf-8") for f in (files("pipeline.web") / "templates").iterdir()}
CODE = [f.read_text(encoding="utf-8") for f in (files("pipeline.web") / "pages").iterdir() if f.name.endswith(".py")]
CODE += [f.read_text(encoding="utf-8") for f in files("pipeline.web").iterdir() if f.name.endswith(".py")]
COMPOSED = {
    *(f"force_{force}" for force in Force),
    *(f"polarity_{polarity}" for polarity in Polarity),
    *(f"kind_{kind}" for kind in Kind),
    *(f"deadline_state_{state}" for state in STATES),
    *(f"sort_{name}" for name in SORTS),
    *(f"tag_{role}" for role in ROLES),
    *(f"relation_{relation}" for relation in ("first", *Relation)),
    *(f"thread_{state}" for state in ("open", "executed", "withdrawn")),
    *ROLES,
    *FACETS,
}


@pytest.mark.parametrize("code", LANGUAGES)
def test_tables_have_the_same_keys_and_values(code: str) -> None:
    table, first = words(code).table, words("ar").table
    for key, text in table.items():
        assert text.strip(), key
        assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", first[key])), key
    assert len(words(code).months) == 12


def test_every_key_that_is_asked_for_is_there() -> None:
    asked = {key for text in TEMPLATES.values() for key in re.findall(r'\bt\("(\w+)"[,)]', text)}
    asked |= {key for text in CODE for key in re.findall(r'\bt\("(\w+)"[,)]', text)}
    asked |= {key for text in CODE for key in re.findall(r'"(fault_\w+)"', text)}
    missing = (asked | COMPOSED) - set(words("ar").table)
    assert not missing


def test_every_key_is_asked_for() -> None:
    everything = "\n".join([*TEMPLATES.values(), *CODE])
    prefixes = (
        "force_",
        "polarity_",
        "kind_",
        "deadline_state_",
        "sort_",
        "tag_",
        "country_",
        "gloss_",
        "level_",
        "verdict_",
        "state_",
        "export_",
        "match_",
    )
    unused = [
        key
        for key in words("ar").table
        if not key.startswith(prefixes) and key not in COMPOSED and not re.search(rf'"{key}"', everything)
    ]
    assert unused == []


def test_days_and_months_in_words() -> None:
    assert words("ar").day("2025-06-15") == "15 جوان 2025"
    assert words("fr").day("2025-06-15T10:00:00+00:00") == "15 juin 2025"
    assert words("en").month("2025-06") == "June 2025"
    assert words("en").day("-30d") == "-30d"
    assert words("en").day(None) == ""


@given(st.text("اب <&\u202e\n", max_size=20), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=6))
def test_marks_keep_the_text_and_nest(text: str, pairs: list[tuple[int, int]]) -> None:
    marks = [Mark(Span(min(p), min(max(p), len(text))), role) for p, role in zip(pairs, ROLES, strict=False)]
    html = str(render(text, marks))
    root = ET.fromstring(f"<div>{html}</div>")
    for control in root.iter("bdi"):
        control.text = chr(int((control.text or "")[2:], 16))
    assert "".join(root.itertext()) == text
    for mark in marks:
        if mark.span.start < mark.span.end:
            assert f"role-{mark.role}" in html


def test_a_link_never_stands_in_a_link() -> None:
    html = render(
        "أمر بفتح الطريق", [Mark(Span(0, 15), "instruction", link="/a"), Mark(Span(4, 8), "trigger", link="/b")]
    )
    assert html.count("<a ") == 1


names = st.text(min_size=1, max_size=60)


@given(st.lists(st.tuples(names, names, st.integers(1, 1000)), max_size=12), st.booleans())
def test_charts_are_well_formed(items: list[tuple[str, str, int]], is_rtl: bool) -> None:
    drawn = [
        bars([Bar(a, n, "/?q=1&b=2") for a, _, n in items], "عنوان <&>", is_rtl),
        flows([Flow(Node(a, a), Node(b, b), n, "/?a=1&b=2") for a, b, n in items], "عنوان", is_rtl),
    ]
    for svg in drawn:
        if not items:
            assert svg == ""
            continue
        root = ET.fromstring(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\x85]", "", str(svg)))
        height = float(root.attrib["viewBox"].split()[3])
        for element in root.iter():
            for name in ("y", "y1"):
                if name in element.attrib:
                    assert -1 <= float(element.attrib[name]) <= height


def test_who_speaks_stands_on_the_right_in_arabic() -> None:
    flow = [Flow(Node("1", "الوزير"), Node("2", "الولاة"), 3, "/")]
    places = {}
    for is_rtl in (True, False):
        svg = str(flows(flow, "x", is_rtl))
        places[is_rtl] = [float(x) for x in re.findall(r'<text class="name" x="(\d+)"', svg)]
    assert places[True][0] > places[True][1]
    assert places[False][0] < places[False][1]


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("urgent, without a day", "على الفور، بلا يوم محدد"),
        (
            "hangs on an event («قبل افتتاح السوق»), whose day is not known",
            "معلّق بحدث («قبل افتتاح السوق») لا يُعرف يومه",
        ),
        ("recurs", "يتكرر"),
        ("a reason of a later version", "لا يُعرف اليوم"),
    ],
)
def test_reasons_speak_the_language_of_the_page(note: str, told: str) -> None:
    assert reason(words("ar"), note) == told
    assert reason(words("fr"), note) != note


@pytest.mark.parametrize("deadline", [case[0] for case in UNKNOWN])
def test_every_reason_of_a_deadline_is_known(deadline: str) -> None:
    raw = f"أمر الوالي المقاولة بإنهاء الأشغال {deadline}."
    analysis = TimesStage()(Analysis(Document("d", raw), normalize(raw)))
    start = raw.index(deadline)
    _, note = due_of(analysis, Span(start, start + len(deadline)))
    assert reason(words("en"), note) != words("en")("note_unknown"), note
