"""Stems and roots: which words share one, which must not, and what the word lists may hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import LexiconError
from pipeline.normalize import fold
from pipeline.resources import model_file
from pipeline.search.words import keys, load_plurals, load_synonyms, synonyms


def stem(word: str) -> str:
    return keys(fold(word)).stems[0]


@pytest.mark.parametrize(
    "forms",
    [
        "بلدية البلدية وللبلديات ببلديتها بلدياتهم",
        "والي الوالي ولاة للولاة",
        "وزير الوزراء ووزيرة للوزير",
        "وادي الأودية وديان واد",
        "تكثيف بتكثيف وبتكثيف للتكثيف تكثيفها",
        "بالوعة البالوعات وبالوعة",
        "لجنة للجنة اللجان بلجنة",
        "شاطئ الشواطئ الشاطئية",
        "قانون القوانين وللقانون",
        "خطبة الخطبتين خطب",
        "ماء المياه بالماء",
        "التزام بالالتزام التزاماتها",
        "تخزين التخزين بتخزين تخزينها",
        "نار نيران نيرانا بالنار",
        "مباغت مباغتة مباغتا المباغتة",
        "قائم القائم القائمة",
    ],
)
def test_the_forms_of_a_word_share_a_stem(forms: str) -> None:
    assert len({stem(word) for word in forms.split()}) == 1, {w: keys(fold(w)) for w in forms.split()}


@pytest.mark.parametrize(
    ("one", "other"),
    [("وزير", "زير"), ("بالوعة", "وعي"), ("لقاح", "قاح"), ("كمامة", "مام"), ("فلاح", "لاح"), ("قانون", "قانت")],
)
def test_a_letter_of_the_word_is_no_clitic(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("verb", "masdar"),
    [
        ("يستقبلوا", "استقبال"),
        ("ويرد", "رد"),
        ("سيستفيد", "استفادة"),
        ("انقطع", "انقطاع"),
        ("تنتظروا", "انتظار"),
        ("يراقب", "مراقبة"),
        ("أوقفوا", "إيقاف"),
        ("يضع", "وضع"),
        ("وليحترم", "احترام"),
        ("يعيد", "إعادة"),
    ],
)
def test_a_verb_is_found_by_its_masdar(verb: str, masdar: str) -> None:
    assert stem(masdar) in keys(fold(verb)).stems


@pytest.mark.parametrize("noun", ["يوم", "تقرير", "وزير", "يد", "نقل", "تنظيم", "سيارة"])
def test_a_noun_is_no_verb(noun: str) -> None:
    assert len(keys(fold(noun)).stems) == 1


@pytest.mark.parametrize(
    ("verb", "masdar"),
    [
        ("يلقحوا", "التلقيح"),
        ("أشعل", "إشعال"),
        ("ينظفون", "تنظيف"),
        ("يزور", "زيارات"),
        ("متغيب", "الغياب"),
        ("غشاش", "الغش"),
    ],
)
def test_kindred_words_share_a_root(verb: str, masdar: str) -> None:
    assert set(keys(fold(verb)).roots) & set(keys(fold(masdar)).roots)


@given(st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويءةىئؤأإآ1٢a", min_size=1, max_size=12))
def test_every_word_has_a_stem(word: str) -> None:
    found = keys(fold(word) or "ا")
    assert found.stems
    assert all(found.stems)
    assert all(found.roots)


def test_synonyms_are_found_for_forms_and_for_verbs() -> None:
    assert stem("صهريج") in synonyms(fold("الحوضية"))
    assert stem("تطعيم") in synonyms(fold("لقحوا"))
    assert stem("صنبور") in synonyms(fold("الحنفيات"))
    assert stem("تهاون") in synonyms(fold("وإهمالهم"))
    assert stem("حافلة") not in synonyms(fold("الحافلات"))


def test_the_lists_are_sound_and_faults_are_told_at_once(tmp_path: Path) -> None:
    assert load_plurals(model_file("lexicon/plurals.csv"))[fold("ولاة")] == fold("والي")
    assert load_synonyms(model_file("lexicon/synonyms.csv"))
    plurals = tmp_path / "plurals.csv"
    plurals.write_text("singular,plurals\nوال,ولاة\nولي,ولاة\n,شيء\nولاة,ولايا\n", encoding="utf-8")
    with pytest.raises(LexiconError) as error:
        load_plurals(plurals)
    assert len(error.value.faults) == 3
    groups = tmp_path / "synonyms.csv"
    groups.write_text("words,note\nماء,\nماء ماء شرب,\n", encoding="utf-8")
    with pytest.raises(LexiconError) as error:
        load_synonyms(groups)
    assert len(error.value.faults) == 2
