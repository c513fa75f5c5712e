"""New instruction or the same one: sentences of our own, the link written between bars."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.coordination import PLACES, coordinated, junction
from pipeline.morphology import masdar
from pipeline.normalize import fold
from pipeline.tokens import TOKEN

NEW = [
    "تكثيف الرقابة على الأسواق | وضبط قائمة المخالفين",
    "غلق المحلات المخالفة، | وتحرير محاضر في حق أصحابها",
    "تحيين القوائم | ونشرها بمقر البلدية",
    "رفع القمامة من الأحياء | والإبلاغ عن الرمي العشوائي",
    "العمل على ترميم المدارس | وتزويد الأقسام بالتدفئة",
    "إصلاحها | وإعادة تشغيلها",
]
SAME = [
    "تسريع | وتسهيل معالجة الملفات",
    "إعادة تأهيل | وتجهيز المراكز الصحية",
    "تحسين ظروف النقل | والتوزيع.",
    "احترام قواعد التخزين | والنظافة داخل المحلات",
    "تقليص آجال الحفظ | والشطب، قبل نهاية الشهر",
    "رفع المردود من خلال إبرام اتفاقيات | وتخصيص حصص للشباب",
]


def judge(text: str) -> tuple[float, str]:
    left, right = (TOKEN.findall(fold(part)) for part in text.split("|"))
    comma = left[-1] == "،"
    found = coordinated(right[0])
    assert found is not None
    verdict = junction(left[:-1] if comma else left, found[1], right[1:4], comma=comma)
    return verdict.new, verdict.place


@pytest.mark.parametrize("text", NEW)
def test_a_thing_to_do_of_its_own(text: str) -> None:
    assert judge(text)[0] >= 0.5


@pytest.mark.parametrize("text", SAME)
def test_part_of_the_same_instruction(text: str) -> None:
    assert judge(text)[0] < 0.5


def test_a_word_that_begins_with_waw_is_no_coordination() -> None:
    for word in ("وضع", "وقف", "وكيل", "وحيد", "وقود", "و", ""):
        assert coordinated(fold(word)) is None


def test_lam_and_article_are_read_behind_waw() -> None:
    found = coordinated(fold("وللمتابعة"))
    assert found is not None
    assert (found[0], found[1].stem, found[1].definite) == (2, "متابعه", True)


WORDS = st.lists(
    st.sampled_from(["تكثيف", "المراقبه", "،", ".", "من", "خلال", "عبر", "التي", "ب", "ل", "و", "متابعتها"]),
    min_size=1,
    max_size=9,
)


@given(WORDS, WORDS, st.booleans(), st.sampled_from(["تنظيم", "التوزيع", "نشرها", "تقرير", "عدم"]))
def test_every_context_is_answered(before: list[str], after: list[str], comma: bool, word: str) -> None:
    other = masdar(word)
    assert other is not None
    assert junction(before, other, after, comma=comma).place in PLACES
