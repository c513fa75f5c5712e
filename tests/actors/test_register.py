"""The register across documents: ids that stay, merges with evidence, decisions that survive a re-run."""

from __future__ import annotations

import datetime

import pytest

from pipeline.actors.places import describe
from pipeline.actors.register import Entry, build
from pipeline.actors.units import Appearance, Decision, identity
from pipeline.types import Actor, Kind


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def body(
    document: str, name: str, aliases: tuple[str, ...] = (), country: str = "dz", kind: Kind = Kind.ORGANISATION
) -> Appearance:
    return Appearance(document, Actor("a1", name, kind, aliases=aliases), day("2025-03-01"), "الصحيفة", country)


def person(
    document: str, name: str, office: str | None, date: str = "2025-03-01", source: str = "الصحيفة"
) -> Appearance:
    return Appearance(document, Actor("a1", name, Kind.PERSON, office), day(date), source, "dz")


def told(*names: str) -> list[tuple[str, str]]:
    """Names with the ids of the documents they stand in."""
    return [(str(number), name) for number, name in enumerate(names, 1)]


def of(entries: list[Entry], document: str) -> Entry:
    (found,) = [entry for entry in entries if document in entry.documents]
    return found


def test_alias_of_the_gazetteer_and_of_a_document_merge_with_a_reason() -> None:
    fund = "الصندوق الوطني للضمان الاجتماعي لغير الأجراء"
    entries = build(
        [body("1", fund), body("2", "كاسنوس"), body("3", "المعهد الوطني للقياس", ("منق",)), body("4", "منق")]
    )
    assert of(entries, "1") == of(entries, "2")
    assert of(entries, "1").name == fund
    assert of(entries, "3") == of(entries, "4")
    assert "«منق»" in of(entries, "3").reasons[0]


def test_funds_of_different_names_stay_apart() -> None:
    entries = build(
        [
            body("1", "الصندوق الوطني للضمان الاجتماعي لغير الأجراء"),
            body("2", "الصندوق الوطني للتأمينات الاجتماعية للعمال الأجراء"),
        ]
    )
    assert len(entries) == 2


def test_ministries_of_two_countries_stay_apart() -> None:
    assert len(build([body("1", "وزارة الصحة"), body("2", "وزارة الصحة", country="tn")])) == 2


def test_local_bodies_without_a_place_stay_in_their_document() -> None:
    assert len(build([body("1", "مديرية التربية"), body("2", "مديرية التربية")])) == 2
    assert len(build([body("1", "الاتحاد الجهوي للشغل"), body("2", "الاتحاد الجهوي للشغل")])) == 2
    assert len(build([body("1", "مديرية التربية لولاية باتنة"), body("2", "مديرية التربية لولاية باتنة")])) == 1


def test_an_office_that_only_its_document_places_stays_there() -> None:
    for name in ("رئيس البلاد", "رئيس جمهورية"):
        assert len(build([body(d, name, kind=Kind.OFFICE) for d in "12"])) == 2
    assert len(build([body(d, "رئيس الجمهورية", kind=Kind.OFFICE) for d in "12"])) == 1


def test_a_name_of_no_known_country_joins_the_only_country_that_has_it() -> None:
    known, open_ = body("1", "وزارة الصحة"), body("2", "وزارة الصحة", country="")
    (entry,) = build([known, open_])
    assert entry.reasons == ("«وزارة الصحة» of no known country: only dz has one here",)
    assert len(build([known, open_, body("3", "وزارة الصحة", country="tn")])) == 3


def test_marks_in_ids_and_outlets_do_no_harm() -> None:
    entries = build([body("a|b#c", "مديرية التربية"), person("u#1", "محمد عمر", None, source="أ|ب#ج")])
    assert len(entries) == 2


def test_a_bare_name_needs_a_source_to_join() -> None:
    assert len(build([person(d, "محمد عمر", None) for d in "12"])) == 1
    assert len(build([person(d, "محمد عمر", None, source="") for d in "12"])) == 2


def test_ids_stay_apart_when_a_merge_is_undone() -> None:
    both = [body("1", "المعهد الوطني للقياس"), body("2", "بنك الجزائر"), body("3", "بنك الجزائر")]
    before = {e.keys: e.id for e in build(both)}
    first, second = identity(of(build(both), "1").keys[0]), identity(of(build(both), "2").keys[0])
    (merged,) = build(both, [Decision("merge", first, second)], {keys[0]: name for keys, name in before.items()})
    assert merged.id == first
    assert {e.keys: e.id for e in build(both, known=dict.fromkeys(merged.keys, merged.id))} == before


def test_an_office_spelt_in_two_ways_is_one_tenure() -> None:
    (entry,) = build([person("1", "محمد عمر", "وزير الأشغال"), person("2", "محمد عمر", "وزير الاشغال")])
    assert [t.documents for t in entry.tenures] == [2]


def test_a_place_as_written_goes_before_one_without_its_article() -> None:
    assert describe("والي المهدية").wilaya == "المهدية"  # «مهدية» is a commune elsewhere
    assert describe("المندوب الجهوي بالمهدية").wilaya == "المهدية"


def test_short_form_joins_the_one_longer_form_only() -> None:
    assert len(build([body("1", "وزارة التموين"), body("2", "وزارة التموين والتجارة الداخلية")])) == 1
    assert len(build([body("1", "وزارة التعليم"), body("2", "وزارة التعليم العالي")])) == 2


def test_an_office_changes_hands_and_dates_are_those_of_the_documents() -> None:
    entries = build([
        person("1", "رابح بوعلي", "وزير الري", "2024-01-10"),
        person("2", "رابح بوعلي", "وزير الري", "2024-06-02"),
        person("3", "جمال رزيق", "وزير الري", "2024-11-20"),
    ])  # fmt: skip
    assert len(entries) == 2
    (tenure,) = of(entries, "1").tenures
    assert (tenure.office, tenure.first, tenure.last, tenure.documents) == (
        "وزير الري",
        day("2024-01-10"),
        day("2024-06-02"),
        2,
    )


def test_two_persons_of_one_name_need_evidence() -> None:
    apart = [
        person("1", "محمد عمر", "مدير مستشفى بني مسوس", source="أ"),
        person("2", "محمد عمر", "رئيس بلدية الخروب", source="ب"),
    ]
    assert len(build(apart)) == 2
    near = [person("1", "محمد عمر", "وزير النقل"), person("2", "محمد عمر", "وزير التجارة", "2025-09-01")]
    (entry,) = build(near)
    assert "الصحيفة" in entry.reasons[0]
    assert len(entry.tenures) == 2


def test_decisions_survive_a_rerun_and_new_documents() -> None:
    first = [body("1", "المعهد الوطني للقياس"), body("2", "المعهد الوطني للمعايير والقياس")]
    a, b = build(first)
    decisions = [Decision("merge", identity(a.keys[0]), identity(b.keys[0]), "renamed in 2024")]
    (entry,) = build(first, decisions)
    assert "renamed in 2024" in entry.reasons[0]
    known = dict.fromkeys(entry.keys, entry.id)
    again = build([*first, body("3", "المعهد الوطني للقياس"), body("4", "بنك الجزائر")], decisions, known)
    assert of(again, "3").id == entry.id


def test_split_takes_a_document_out() -> None:
    both = [person("1", "محمد عمر", "وزير النقل"), person("2", "محمد عمر", "وزير النقل")]
    (entry,) = build(both)
    entries = build(both, [Decision("split", identity(entry.keys[0]), "2", "namesake")])
    assert len(entries) == 2
    assert len({e.id for e in entries}) == 2


def test_unknown_decision_names_the_valid_ones() -> None:
    with pytest.raises(ValueError, match="merge, split"):
        build([], [Decision("join", "x", "y")])


def test_split_by_a_name_takes_all_its_spellings_and_the_rest_keeps_its_id() -> None:
    long, short = "المعهد الوطني للقياس", "المجمع الأعلى"
    found = [body("1", long, (short,)), body("2", long), body("3", short), body("4", "المجمع الاعلى")]
    (entry,) = build(found)
    cut = next(key for key in entry.keys if key.endswith("اعلي"))
    entries = build(found, [Decision("split", identity(cut), short)], dict.fromkeys(entry.keys, entry.id))
    assert sorted(e.documents for e in entries) == [("1", "2"), ("3", "4")]
    assert of(entries, "1").id == entry.id


def test_a_head_that_says_what_sort_of_body_it_is_adds_nothing() -> None:
    names = ["نداء الجنوب", "حزب نداء الجنوب", "حركة نداء الجنوب"]
    (entry,) = build([body(str(i), name) for i, name in enumerate(names)])
    assert all("is short for" in reason for reason in entry.reasons)
    assert len(build([body("1", "الحرس الوطني"), body("2", "وحدات الحرس الوطني")])) == 1
    assert len(build([body("1", "الحرس الوطني"), body("2", "نقابة الحرس الوطني")])) == 2
    assert len(build([body("1", "الأمم المتحدة"), body("2", "منظمة الأمم المتحدة")])) == 1
    assert len(build([body("1", "رويترز"), body("2", "وكالة رويترز")])) == 1
    assert len(build([body("1", "الأمم المتحدة"), body("2", "وكالة الأمم المتحدة")])) == 2
    assert len(build([body("1", "الأمم المتحدة"), body("2", "إذاعة الأمم المتحدة")])) == 2


def test_a_country_s_own_adjective_adds_nothing_and_another_s_does() -> None:
    assert len(build([body("1", "الحكومة"), body("2", "الحكومة الجزائرية")])) == 1
    assert len(build([body("1", "الحكومة"), body("2", "الحكومة الفرنسية")])) == 2
    (entry,) = build([body(d, n, country="tn") for d, n in told("وزارة الدفاع", "وزارة الدفاع الوطني")])
    assert entry.reasons == ("«وزارة الدفاع» is short for «وزارة الدفاع الوطني»",)
    foreign = ("وكالة السياحة", "وكالة السياحة والإعلام الفلسطينية")
    assert len(build([body(d, n, country="tn") for d, n in told(*foreign)])) == 2


def test_light_words_inside_a_name_join_the_only_longer_form() -> None:
    assert len(build([body(d, n, country="tn") for d, n in told("وزارة الخارجية", "وزارة الشؤون الخارجية")])) == 1
    clubs = ("النادي القفصي", "النادي الرياضي القفصي")
    assert len(build([body(d, n, country="tn") for d, n in told(*clubs)])) == 1
    unions = ("نقابة الصحفيين", "النقابة الوطنية للصحفيين", "النقابة التونسية للصحفيين")
    assert len(build([body(d, n, country="tn") for d, n in told(*unions)])) == 3


def test_a_synonym_is_the_body_of_its_own_country() -> None:
    bank = [body("1", "البنك المركزي التونسي", country="tn"), body("2", "البنك المركزي", country="tn")]
    assert len(build(bank)) == 1
    assert len(build([*bank, body("3", "البنك المركزي", country="ma")])) == 2
    assert len(build([body("1", "مجلس نواب الشعب", country="tn"), body("2", "البرلمان", country="fr")])) == 2


def test_a_name_that_stands_beside_several_short_forms_proves_nothing() -> None:
    agency = "وكالة أنباء"
    found = [
        body("1", agency, ("وات",), "tn"),
        body("2", agency, ("أفق",), "tn"),
        body("3", "وكالة تونس إفريقيا للأنباء", country="tn"),
    ]
    assert of(build(found), "3") != of(build(found), "1")


def test_a_body_of_the_lists_is_not_read_as_a_place() -> None:
    assert describe("وحدات الحماية المدنية").wilaya == ""  # «المدنية» is a commune
    assert describe("وحدات الحماية المدنية بالمسيلة").wilaya == "المسيلة"


def test_the_capital_behind_a_national_body_adds_nothing() -> None:
    full = "القطب القضائي لمكافحة الإرهاب"
    entries = build(
        [
            *[body(n, f"{full}{tail}", country="tn") for n, tail in told("", " بتونس", " بالعاصمة")],
            body("4", "محكمة الاستئناف", country="tn"),
            body("5", "محكمة الاستئناف بتونس", country="tn"),
        ]
    )
    assert of(entries, "1") == of(entries, "2") == of(entries, "3")
    assert of(entries, "4") != of(entries, "5")


def test_an_office_inferred_in_its_document_joins_no_other_by_its_bare_head() -> None:
    entries = build(
        [
            body("1", "وزيرة التضامن الوطني", ("الوزيرة",), kind=Kind.OFFICE),
            body("2", "وزيرة البيئة", ("الوزيرة",), kind=Kind.OFFICE),
            body("3", "الوزيرة", kind=Kind.OFFICE),
        ]
    )
    assert len(entries) == 3
