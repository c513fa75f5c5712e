"""The day a document gives itself, the last day of a deadline, and the day a directive was issued."""

from __future__ import annotations

import datetime

import pytest

from pipeline.normalize import normalize
from pipeline.times import TimesStage, due_of, issued_on, publication_date
from pipeline.types import Analysis, Document, Span

PUBLISHED = datetime.date(2025, 10, 14)  # a Tuesday


def _analysis(raw: str, published: datetime.date | None = PUBLISHED, source: str | None = "column") -> Analysis:
    document = Document("t", raw, published=published, published_source=source if published else None)
    return TimesStage()(Analysis(document, normalize(raw)))


def _span(raw: str, text: str) -> Span:
    start = raw.index(text)
    return Span(start, start + len(text))


DUE = [
    ("في أجل أقصاه 31 ديسمبر", "2025-12-31"),
    ("إلى غاية 20 نوفمبر", "2025-11-20"),
    ("حتى نهاية الشهر الجاري", "2025-10-31"),
    ("قبل 31 ديسمبر", "2025-12-30"),
    ("قبل نهاية شهر أوت 2026", "2026-08-31"),
    ("قبل نهاية السنة", "2025-12-31"),
    ("قبل موفى السداسي الأول من سنة 2026", "2026-06-30"),
    ("قبل انقضاء شهر نوفمبر", "2025-11-30"),
    ("قبل حلول شهر جانفي", "2025-12-31"),
    ("قبل منتصف نوفمبر", "2025-11-14"),
    ("قبل بداية السنة المقبلة", "2025-12-31"),
    ("قبل الخميس", "2025-10-15"),
    ("في ظرف 48 ساعة", "2025-10-16"),
    ("في ظرف ست ساعات", "2025-10-14"),
    ("في غضون شهر", "2025-11-14"),
    ("خلال أسبوعين", "2025-10-28"),
    ("في أجل لا يتعدى خمسة عشر يوما", "2025-10-29"),
    ("خلال شهر من اليوم", "2025-11-14"),
    ("في ظرف عشرة أيام من 20 أكتوبر", "2025-10-30"),
    ("خلال ثلاثة أيام على الأكثر", "2025-10-17"),
    ("غدا", "2025-10-15"),
    ("قبل صباح الأحد المقبل", "2025-10-18"),
    ("خلال الثلاثي الأول من السنة المقبلة", "2026-03-31"),
]

UNKNOWN = [
    ("في ظرف 72 ساعة من تاريخ الدفع", "counts from an event («تاريخ الدفع»)"),
    ("قبل سبعة أيام من انطلاق الدروس", "counts from an event («من انطلاق الدروس»)"),
    ("فورا", "urgent"),
    ("في أقرب الآجال", "urgent"),
    ("على الفور", "urgent"),
    ("دون تأخير", "urgent"),
    ("فور انتهاء الأشغال", "hangs on an event («فور انتهاء الاشغال»)"),
    ("في الآجال المحددة", "in its time"),
    ("قبل حلول رمضان", "season of public life"),
    ("قبل الدخول المدرسي", "season of public life"),
    ("قبل افتتاح السوق", "hangs on an event («قبل افتتاح السوق»)"),
    ("كل خميس", "recurs"),
    ("قبل الساعة السادسة صباحا", "a time of day"),
    ("ابتداء من 10 نوفمبر", "a start, not a limit"),
    ("في مطلع السنة المقبلة", "the start of a period"),
    ("خلال عشرة أيام عمل", "working days"),
    ("خلال أسابيع", "PXW"),
]


@pytest.mark.parametrize(("deadline", "day"), DUE, ids=[d for d, _ in DUE])
def test_due(deadline: str, day: str) -> None:
    raw = f"أمر الوالي المقاولة بإنهاء الأشغال {deadline}."
    due, note = due_of(_analysis(raw), _span(raw, deadline))
    assert (due and due.isoformat(), note) == (day, "")


@pytest.mark.parametrize(("deadline", "reason"), UNKNOWN, ids=[d for d, _ in UNKNOWN])
def test_a_day_that_cannot_be_known_is_none_with_the_reason(deadline: str, reason: str) -> None:
    raw = f"طالب المدير المصالح بتسوية الملفات {deadline}."
    due, note = due_of(_analysis(raw), _span(raw, deadline))
    assert due is None
    assert reason in note


def test_a_length_counts_from_the_day_of_issue() -> None:
    raw = "أمهل الوالي المقاولة أسبوعا."
    analysis = _analysis(raw)
    assert due_of(analysis, _span(raw, "أسبوعا"), datetime.date(2025, 10, 12))[0] == datetime.date(2025, 10, 19)


def test_without_a_day_of_the_document_nothing_is_assumed() -> None:
    for deadline in ("في ظرف أسبوع", "قبل 31 ديسمبر", "قبل نهاية السنة", "قبل الأسبوع المقبل", "غدا"):
        raw = f"طالب بإتمام العملية {deadline}."
        due, note = due_of(_analysis(raw, None), _span(raw, deadline))
        assert due is None
        assert "not known" in note


ISSUED = [
    ("أمر الوالي، أمس الإثنين، المقاولة بإنهاء الأشغال قبل الخميس.", "أمر", "2025-10-13"),
    ("دعا الوزير، اليوم، الإطارات إلى تكثيف الخرجات.", "دعا", "2025-10-14"),
    ("شدد المدير خلال اجتماع عقده الأحد على ضرورة فتح الشبابيك.", "شدد", "2025-10-12"),
    ("طالب رئيس الدائرة بتسليم المدرسة قبل نهاية ديسمبر.", "طالب", "2025-10-14"),
    ("أوصت اللجنة بغلق المصنع المتوقف منذ الخميس الماضي.", "أوصت", "2025-10-14"),
    ("عاين الوالي، أول أمس، مشاريع التهيئة.\nوأمر بتدعيم الورشات بالعمال.", "أمر", "2025-10-12"),
    ("ألح الوالي على تطبيق القرار الصادر في 3 مارس 2021.", "ألح", "2025-10-14"),
]


@pytest.mark.parametrize(("raw", "trigger", "day"), ISSUED, ids=[t for _, t, _ in ISSUED])
def test_issued_on(raw: str, trigger: str, day: str) -> None:
    issued = issued_on(_analysis(raw), _span(raw, trigger))
    assert issued is not None
    assert issued.isoformat() == day


def test_issued_on_is_none_where_nothing_dates_the_document() -> None:
    raw = "أمر الوالي، أمس الإثنين، بإنهاء الأشغال."
    assert issued_on(_analysis(raw, None), _span(raw, "أمر")) is None


OWN_DAY = [
    ("وهران، 9 ديسمبر 2025 (وأج) - أشرف الوزير على التدشين.", "2025-12-09", "dateline"),
    ("ترأس الوالي، اليوم الثلاثاء 14 أكتوبر 2025، اجتماعا.", "2025-10-14", "text: اليوم"),
    ("ترأس الوالي، أمس الإثنين 13 أكتوبر 2025، اجتماعا.", "2025-10-14", "text: أمس"),
    ("تعليمة رقم 14 مؤرخة في 12 مارس 2024\nالموضوع: النظافة\nيُمنع رمي النفايات.", "2024-03-12", "letterhead"),
    (
        "الموضوع: النظافة\nيُمنع رمي النفايات.\nيُعمل بهذا القرار فورا.\nتُكلف البلديات بالتنفيذ.\nحرر بقسنطينة في 5 جوان 2025",
        "2025-06-05",
        "colophon",
    ),
    ("الرياض 03 جمادى الآخرة 1447 هـ - اجتمع المجلس.", "2025-11-24", "dateline"),
]


@pytest.mark.parametrize(("raw", "day", "source"), OWN_DAY, ids=[s for _, _, s in OWN_DAY])
def test_the_text_gives_its_own_day(raw: str, day: str, source: str) -> None:
    analysis = _analysis(raw, None)
    assert publication_date(analysis) == (datetime.date.fromisoformat(day), source)
    assert [t.role for t in analysis.times].count("publication") == 1


def test_metadata_comes_first() -> None:
    assert publication_date(_analysis("الجزائر، 9 ديسمبر 2025 (وأج) - ترأس الوزير لقاء.")) == (PUBLISHED, "column")


def test_a_date_inside_the_text_is_not_its_day() -> None:
    raw = "يذكر أن المصنع دُشّن في 5 جويلية 2019 بحضور الشركاء.\nوطالب العمال بفتح الحوار معهم."
    assert publication_date(_analysis(raw, None)) == (None, "unknown")


def test_a_full_date_lends_its_year_and_says_so() -> None:
    raw = "انعقدت الدورة يوم 24 أوت 2025 بمقر الولاية وحضرها المنتخبون وممثلو المصالح.\nوتقرر إيداع الملفات قبل 10 سبتمبر."
    last = _analysis(raw, None).times[-1]
    assert (last.value, last.anchor) == ("2025-09-10", "2025-08-24")
    assert "another date of the text" in last.note


@pytest.mark.parametrize(
    ("hijri", "gregorian", "value", "note"),
    [
        ("12 رمضان 1446 هـ", "12 مارس 2025", "2025-03-12", "may differ by a day"),
        ("11 رمضان 1446 هـ", "12 مارس 2025", "2025-03-12", "the Gregorian day beside it was taken"),
        ("2 رمضان 1446 هـ", "12 مارس 2025", "2025-03-02", "does not fit the Gregorian day"),
    ],
)
def test_a_hijri_day_agrees_with_its_gregorian_twin_or_says_so(
    hijri: str, gregorian: str, value: str, note: str
) -> None:
    first, second = _analysis(f"صدر القرار في {hijri} الموافق لـ {gregorian}.").times
    assert (first.value, first.calendar) == (value, "hijri")
    assert note in first.note
    assert (second.value, second.calendar) == ("2025-03-12", "gregorian")
