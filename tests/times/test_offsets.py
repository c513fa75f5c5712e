"""Offsets hold whatever marks the text carries, and no text makes the stage fail."""

from __future__ import annotations

import datetime
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.times import find_times, lexicon
from pipeline.types import TimeExpression

SENTENCES = [
    "عقد الوالي أمس الإثنين اجتماعا وأمر بإنهاء الأشغال قبل نهاية شهر نوفمبر.",
    "تُودع الملفات من 3 إلى 7 مارس 2024 على الساعة التاسعة صباحا.",
    "يُسدد الشطر الثاني خلال خمسة عشر يوما ابتداء من 12 رمضان 1446 هـ.",
    "تراجع الإنتاج في السداسي الأول من سنة 2025 وتحسن في الثلاثي الأخير.",
]
MARKS = st.sampled_from(["\u064e", "\u0651", "\u0640", "\u0652", "\u064b"])
CONTROLS = st.sampled_from(["\u200f", "\u200e", "\u200d", "\ufeff"])
PUBLISHED = datetime.date(2025, 10, 14)
WORDS = sorted(word for word, entry in lexicon.default().entries.items() if not entry.clitic)
TOKENS = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(
        [
            "،",
            "(",
            ")",
            "-",
            "/",
            "\n",
            ".",
            "من",
            "إلى",
            "و",
            "قبل",
            "شدد",
            "الوزير",
            "14/03/2025",
            "2024/2025",
            "10:30",
            "31/02/2025",
            "99/99/2025",
        ]
    ),
    st.integers(0, 2600).map(str),
)


def _check(raw: str, times: tuple[TimeExpression, ...]) -> None:
    end = 0
    for time in times:
        assert end <= time.span.start < time.span.end <= len(raw)
        end = time.span.end
        # No boundary parts a letter from its marks.
        for place in (time.span.start, time.span.end):
            assert place == len(raw) or not unicodedata.combining(raw[place])
        assert not raw[time.span.start].isspace()
        assert not raw[time.span.end - 1].isspace()


@given(st.sampled_from(SENTENCES), st.data())
@settings(max_examples=150, deadline=None)
def test_marks_change_no_value(sentence: str, data: st.DataObject) -> None:
    plain = find_times(sentence, PUBLISHED)
    places = data.draw(st.lists(st.integers(1, len(sentence) - 1), max_size=12))
    raw = sentence
    for place in sorted(places, reverse=True):
        if raw[place - 1].isalpha():
            raw = raw[:place] + data.draw(MARKS) + raw[place:]
        elif raw[place - 1] == " ":
            raw = raw[:place] + data.draw(CONTROLS) + raw[place:]
    times = find_times(raw, PUBLISHED)
    _check(raw, times)
    assert [(t.type, t.value) for t in times] == [(t.type, t.value) for t in plain]


@given(
    st.lists(TOKENS, max_size=14).map(" ".join),
    st.sampled_from([None, PUBLISHED, datetime.date(2024, 2, 29), datetime.date(2025, 1, 5)]),
)
@settings(max_examples=1500, deadline=None)
def test_no_sequence_of_calendar_words_fails(raw: str, published: datetime.date | None) -> None:
    times = find_times(raw, published)
    _check(raw, times)
    for time in times:
        assert time.value
        assert time.earliest is None or time.latest is None or time.earliest <= time.latest


@given(st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_no_text_fails(raw: str) -> None:
    _check(raw, find_times(raw, PUBLISHED))
