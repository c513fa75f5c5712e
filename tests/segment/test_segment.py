"""Sentences, items and zones."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.normalize import normalize
from pipeline.segment import segment
from pipeline.types import Zone


def pieces(text: str) -> list[tuple[str, str]]:
    return [(s.zone.value, text[s.span.start : s.span.end]) for s in segment(normalize(text))]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            "أمر الوالي بفتح الطريق. وطالب المقاول بالإسراع؟ نعم!",
            ["أمر الوالي بفتح الطريق.", "وطالب المقاول بالإسراع؟", "نعم!"],
        ),
        ("استقبل الوزير د. سالم وم. كريم اليوم. ثم غادر.", ["استقبل الوزير د. سالم وم. كريم اليوم.", "ثم غادر."]),
        (
            "وزعت الوكالة 5.000 سكن بنسبة 1,3 بالمائة. انتهى الخبر.",
            ["وزعت الوكالة 5.000 سكن بنسبة 1,3 بالمائة.", "انتهى الخبر."],
        ),
        (
            "دعا المدير إلى تنظيم العمل؛ وحث الأعوان على الانضباط.",
            ["دعا المدير إلى تنظيم العمل؛ وحث الأعوان على الانضباط."],
        ),
        (
            "قال الوزير: «افتحوا المكاتب.» ثم انصرف إلى القاعة.",
            ["قال الوزير: «افتحوا المكاتب.»", "ثم انصرف إلى القاعة."],
        ),
        ("أجل المجلس النقطة (انظر الملحق. ص 3) إلى الغد.", ["أجل المجلس النقطة (انظر الملحق. ص 3) إلى الغد."]),
        (
            "توقفت الأشغال منذ مدة…وعادت أمس إلى الورشة الكبيرة",
            ["توقفت الأشغال منذ مدة…", "وعادت أمس إلى الورشة الكبيرة"],
        ),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [sentence for _, sentence in pieces(text)] == sentences


def test_zones_of_a_statement() -> None:
    text = (
        "والي الولاية يتفقد المدارس الجديدة\n"
        "سمير بن عودة43\n"
        "12\n"
        "سعيدة - (وأج) - تفقد والي سعيدة أمس ثلاث مدارس، وأسدى تعليمات، أبرزها:\n"
        "- ربط المدارس بالغاز؛\n"
        "- توفير النقل المدرسي.\n"
        "الزيارات : 877"
    )
    assert [zone for zone, _ in pieces(text)] == [
        "headline",
        "byline",
        "counter",
        "dateline",
        "body",
        "item",
        "item",
        "counter",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["1- غلق الورشة؛", "2- رفع المحاضر."],
        ["أولا: غلق الورشة", "ثانيا: رفع المحاضر"],
        ["• غلق الورشة", "• رفع المحاضر"],
        ["غلق الورشة؛", "رفع المحاضر."],
        ["✅ غلق الورشة", "✅ رفع المحاضر"],
        ["أ) غلق الورشة", "ب) رفع المحاضر"],
    ],
)
def test_items_know_the_line_that_opens_their_list(lines: list[str]) -> None:
    text = "وقرر رئيس الدائرة ما يلي:\n" + "\n".join(lines) + "\n\nوحضر اللقاء إطارات الدائرة."
    found = segment(normalize(text))
    assert [s.zone for s in found] == [Zone.BODY, Zone.ITEM, Zone.ITEM, Zone.BODY]
    assert [s.lead for s in found] == [None, 0, 0, None]
    assert [text[s.span.start : s.span.end].strip("؛.") for s in found[1:3]] == ["غلق الورشة", "رفع المحاضر"]


def test_a_list_on_one_line_is_cut_into_items() -> None:
    text = "وخلص الاجتماع إلى ما يلي : - إحالة الملف على الخبراء - نشر النتائج قبل نهاية الشهر"
    assert [zone for zone, _ in pieces(text)] == ["body", "item", "item"]


@pytest.mark.parametrize("line", ["ق.م", "سعاد.م", "حاوره: رضوان ت.", "كتب - محمود فهيم", "بقلم ليلى بوقرة"])
def test_bylines(line: str) -> None:
    text = f"عنوان الخبر في الصفحة الأولى\n{line}\nأشرف الوالي أمس على تدشين مركز صحي جديد بالبلدية بحضور السكان."
    assert [zone for zone, _ in pieces(text)][1] == "byline"


@pytest.mark.parametrize("line", ["مجلس الوزراء", "رئيس البلدية", "غلق الورشة فورا"])
def test_short_lines_that_are_no_bylines(line: str) -> None:
    text = f"{line}\nأشرف الوالي أمس على تدشين مركز صحي جديد بالبلدية بحضور السكان."
    assert "byline" not in [zone for zone, _ in pieces(text)]


ARABIC = st.text(alphabet='ابتثجحخدذرزسشصضطظعغفقكلمنهويأإآةىئؤءـ ًّ،؛.؟!:-\n"«»()0123456789د.م', max_size=200)


@settings(max_examples=200, deadline=None)
@given(ARABIC)
def test_sentences_lie_in_order_inside_the_text(text: str) -> None:
    end = 0
    for sentence in segment(normalize(text)):
        assert end <= sentence.span.start < sentence.span.end <= len(text)
        assert sentence.tokens
        assert sentence.tokens[0].span.start >= sentence.span.start
        assert sentence.tokens[-1].span.end <= sentence.span.end
        end = sentence.span.end


@settings(max_examples=100, deadline=None)
@given(ARABIC)
def test_no_word_is_lost(text: str) -> None:
    view = normalize(text)
    found = [t.norm for s in segment(view) for t in s.tokens if t.norm.isalpha() and len(t.norm) > 2]
    from pipeline.tokens import tokenize

    # A bullet («أ)») or an ordinal («أولا:») belongs to the layout; every other word is in a sentence.
    assert set(found) >= {t.norm for t in tokenize(view) if t.norm.isalpha() and len(t.norm) > 6}
