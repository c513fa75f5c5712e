"""The normalised view and its mapping back; pyarabic as an independent witness of what a mark is."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from pyarabic import araby

from pipeline.normalize import fold, normalize

ARABIC = st.text(
    st.sampled_from("ابتثجحخدرزسشصضطظعغفقكلمنهويىةءأإآؤئ ،.0١۲\n")
    | st.sampled_from((*araby.TASHKEEL, araby.TATWEEL))
    | st.characters(),
    max_size=60,
)


@given(ARABIC)
def test_every_place_of_the_view_maps_to_a_stretch_of_the_text_in_order(raw: str) -> None:
    view = normalize(raw)
    at = 0
    for i in range(len(view.text)):
        start, end = view.raw_span(i, i + 1)
        assert at <= start < end <= len(raw)
        at = start
    if view.text:
        assert view.raw_span(0, len(view.text))[1] <= len(raw)


@given(ARABIC)
def test_folding_again_changes_nothing(raw: str) -> None:
    assert fold(fold(raw)) == fold(raw)


@given(st.text(st.sampled_from("ابتجدرسعفقلمنهو ") | st.sampled_from((*araby.TASHKEEL, araby.TATWEEL)), max_size=40))
def test_harakat_and_tatweel_are_dropped_as_pyarabic_drops_them(raw: str) -> None:
    lone = re.search(r"(?<!\S)\u0640+(?!\S)", raw)
    assert lone or fold(raw) == araby.strip_tatweel(araby.strip_tashkeel(raw))


def test_tatweel_that_lengthens_no_letter_is_a_dash() -> None:
    raw = "ــ فتح كتـاب"
    view = normalize(raw)
    assert view.text == fold(raw) == "- فتح كتاب"
    assert view.raw_span(0, 1) == (0, 2)


def test_a_space_lost_behind_ta_marbuta_is_put_back() -> None:
    raw = "في المحطةأمر الوالي"
    view = normalize(raw)
    assert view.text == fold(raw) == "في المحطه امر الوالي"
    assert [raw[slice(*view.raw_span(*at))] for at in ((3, 9), (10, 13))] == ["المحطة", "أمر"]


@given(ARABIC)
def test_no_letter_is_parted_from_its_marks(raw: str) -> None:
    view = normalize(raw)
    for i in range(len(view.text)):
        _, end = view.raw_span(i, i + 1)
        if view.text[i].isalpha() and end < len(raw):
            assert raw[end] not in araby.TASHKEEL
