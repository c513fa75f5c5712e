"""Lists as the rules read them: which lines are items, which head them."""

from __future__ import annotations

import pytest

from pipeline import analyze
from pipeline.pipeline import Decide

LEAD = "وزارة التربية\nإلى مديري المدارس\n"


def _instructions(text: str) -> list[str]:
    found = analyze(text, decide=Decide.RULES)
    return [found.text(d.instruction) for d in found.directives]


@pytest.mark.parametrize("mark", ["- ", "✔ ", "ــ ", "1/ ", "أ) ", "١- ", "❖ ", "أولا/ "])
def test_bullets(mark: str) -> None:
    text = f"{LEAD}يطلب منكم ما يلي:\n{mark}فتح سجل للزوار\n{mark}رفع تقرير كل أسبوع\nوالسلام عليكم."
    assert _instructions(text) == ["فتح سجل للزوار", "رفع تقرير كل أسبوع"]


def test_headings_with_a_bullet_of_their_own_are_no_items() -> None:
    text = f"{LEAD}المطلوب منكم:\n◄ إدارة المخزن\nــ جرد المقاعد\nــ إصلاح الأبواب\n◄ إدارة المطعم\nــ تنظيف القدور\n\nوالسلام عليكم."
    assert _instructions(text) == ["جرد المقاعد", "إصلاح الأبواب", "تنظيف القدور"]


def test_labels_stay_outside_the_item() -> None:
    text = f"{LEAD}يتعين عليكم ما يأتي:\n- النظافة: رفع القمامة كل مساء، وغسل الساحة.\n- الحراس: غلق الباب ليلا.\n"
    assert _instructions(text) == ["رفع القمامة كل مساء", "غسل الساحة", "غلق الباب ليلا"]


def test_another_list_ends_the_first() -> None:
    text = (
        "وأمر الوزير، سليم عروج، المديرين بما يلي:\n- فتح سجل للزوار؛\n- رفع تقرير كل أسبوع.\n"
        "وطلب الوزير من المفتشين ما يلي:\n- زيارة كل مدرسة مرة في الشهر.\n"
    )
    found = analyze(text, decide=Decide.RULES)
    assert [(found.text(d.act.trigger), found.text(d.instruction)) for d in found.directives] == [
        ("أمر", "فتح سجل للزوار"),
        ("أمر", "رفع تقرير كل أسبوع"),
        ("طلب", "زيارة كل مدرسة مرة في الشهر"),
    ]


def test_lines_with_labels_and_no_bullets() -> None:
    text = (
        "كلف والي تيزي وزو، منير قداش، مديرياته كل في ما يخصها:\nمديرية الري: تنقية الوديان قبل الشتاء.\n"
        "مديرية الأشغال العمومية: ردم الحفر، ووضع إشارات عند المنعرجات.\nمديرية البيئة: جمع النفايات الصلبة.\n"
    )
    assert _instructions(text) == [
        "تنقية الوديان قبل الشتاء",
        "ردم الحفر",
        "وضع إشارات عند المنعرجات",
        "جمع النفايات الصلبة",
    ]


def test_a_masdar_with_the_letters_of_a_perfect_is_an_item() -> None:
    text = f"{LEAD}الرجاء من سيادتكم:\n* تسخير الحافلات؛\n* منع التدخين في الساحات؛\n"
    assert _instructions(text) == ["تسخير الحافلات", "منع التدخين في الساحات"]


@pytest.mark.parametrize(
    "quote", ["اسمحوا لي أن أشكركم على جهودكم", "اعذروني على التأخر", "اعلموا أن القطاع حقق نتائج طيبة"]
)
def test_commands_that_ask_for_nothing(quote: str) -> None:
    assert _instructions(f"وقال الوزير، كمال لعور، مخاطبا الولاة: «{quote}».") == []
