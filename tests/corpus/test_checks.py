"""Each rule of the checks finds what breaks it, in a statement that is right but for one thing."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest

from pipeline.corpus import Corpus, Statement, WriterSet, default_folder
from pipeline.corpus.checks import check_corpus, check_statement, overlaps, read_words
from pipeline.corpus.files import Json, Split
from pipeline.corpus.words import ngrams, sentences

LISTS = read_words(default_folder())
SET = WriterSet("zz1", Split.TRAIN, "Algeria", "composed for this test")
TEXT = (
    "أمر الوالي كمال زروق، صباح الأحد 1 جوان 2025، مدير الري بإصلاح القناة قبل 15 جوان وبعدم قطع الماء، تفاديا للعطش.\n"
    "وشدد على ضرورة غلق الورشة."
)


def span(text: str, after: int = 0) -> Json:
    start = TEXT.index(text, after)
    return {"text": text, "start": start, "end": start + len(text)}


def right() -> Json:
    """The record of TEXT without a fault."""
    issuer = {**span("الوالي كمال زروق"), "name": "كمال زروق"}
    shared = {
        "issuer": issuer,
        "addressees": [span("مدير الري")],
        "purposes": [span("تفاديا للعطش")],
        "recalled": False,
    }
    first = {"trigger": span("أمر"), "force": "order", **shared}
    return {
        "id": "zz1-01",
        "text": TEXT,
        "directives": [
            {
                **first,
                "polarity": "do",
                "instructions": [span("إصلاح القناة قبل 15 جوان")],
                "deadline": span("قبل 15 جوان"),
            },
            {**copy.deepcopy(first), "polarity": "avoid", "instructions": [span("عدم قطع الماء")], "deadline": None},
            {
                "trigger": span("شدد"),
                "force": "insist",
                "polarity": "do",
                "issuer": copy.deepcopy(issuer),
                "addressees": [],
                "instructions": [span("غلق الورشة")],
                "purposes": [],
                "deadline": None,
                "recalled": False,
            },
        ],
        "dates": [
            {**span("الأحد 1 جوان 2025"), "type": "DATE", "value": "2025-06-01"},
            {**span("15 جوان"), "type": "DATE", "value": "2025-06-15"},
        ],
        "actors": [{"name": "كمال زروق", "kind": "PERSON", "office": "الوالي", "mentions": ["الوالي كمال زروق"]}],
    }


def rules(record: Json) -> set[str]:
    return {fault.rule for fault in check_statement(Statement(SET, "DZ", record), LISTS)}


def test_the_statement_is_right() -> None:
    assert rules(right()) == set()


def set_span(path: str, value: Json) -> Callable[[Json], None]:
    """A change that puts ``value`` where ``path`` («0.instructions.0») says, below the directives."""

    def change(record: Json) -> None:
        *keys, last = [int(key) if key.isdigit() else key for key in path.split(".")]
        target = record["directives"]
        for key in keys:
            target = target[key]
        target[last] = value

    return change


def change_date(**values: object) -> Callable[[Json], None]:
    return lambda record: record["dates"][0].update(values)


BROKEN: dict[str, tuple[str, Callable[[Json], None]]] = {
    "a preposition as head": ("head", set_span("2.instructions.0", span("على ضرورة غلق الورشة"))),
    "necessity as head": ("head", set_span("2.instructions.0", span("ضرورة غلق الورشة"))),
    "closing punctuation": ("closing mark", set_span("2.instructions.0", span("غلق الورشة."))),
    "a cut word": ("cut word", set_span("2.instructions.0", span("غلق الورش"))),
    "a start inside a word": ("cut word", set_span("2.instructions.0", span("لق الورشة"))),
    "a leading mark": ("start", set_span("0.purposes.0", span("، تفاديا للعطش"))),
    "عدم to do": ("polarity", set_span("1.polarity", "do")),
    "شدد as an order": ("force", set_span("2.force", "order")),
    "a quoted imperative as a call": ("force", set_span("2.trigger", span("غلق"))),
    "an unknown trigger": ("force", set_span("2.trigger", span("صباح"))),
    "a deadline half inside": ("deadline", set_span("0.instructions.0", span("إصلاح القناة قبل 15"))),
    "a purpose with its instruction": ("purpose inside", set_span("1.instructions.0", span("عدم قطع الماء، تفاديا للعطش"))),
    "an instruction twice": ("twice", set_span("1.instructions.0", span("إصلاح القناة قبل 15 جوان"))),
    "overlapping instructions": ("overlap", set_span("1.instructions.0", span("القناة قبل 15 جوان"))),
    "a trigger of two words": ("one word", set_span("2.trigger", span("شدد على"))),
    "an entry without instruction": ("no instruction", set_span("2.instructions", [])),
    "a part of day": ("date start", change_date(**span("صباح الأحد 1 جوان 2025"))),
    "a wrong weekday": ("weekday", change_date(value="2025-06-02")),
    "a value that is none": ("date value", change_date(value="1 June")),
    "a type that does not fit": ("date value", change_date(type="DURATION")),
    "an office without a person": ("actor", lambda record: record["actors"][0].update(kind="OFFICE")),
    "an actor nobody mentions": ("actor", lambda record: record["actors"][0].update(mentions=[])),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_found(name: str) -> None:
    rule, change = BROKEN[name]
    record = right()
    change(record)
    assert rule in rules(record)


def of(*texts: str) -> Corpus:
    def statement(number: int, text: str) -> Statement:
        return Statement(
            SET, "DZ", {"id": f"zz1-{number:02}", "text": text, "directives": [], "dates": [], "actors": []}
        )

    return Corpus((SET,), tuple(statement(n, text) for n, text in enumerate(texts, 1)))


def test_repetition_is_found() -> None:
    run = "قال المدير إن أشغال القناة الجديدة ستنتهي في الخريف"
    texts = [f"{run} {tail}." for tail in ("المقبل", "القادم", "إن شاء الله", "حسب المقاول")]
    assert {f.rule for f in check_corpus(of(*texts), LISTS)} == {"8-gram"}
    assert not list(check_corpus(of(*texts[:3]), LISTS))
    assert {f.rule for f in check_corpus(of("وصل الوفد إلى المدينة. ثم غادر.", "قال شيئا.\nوصل الوفد إلى المدينة."), LISTS)} == {"sentence twice"}  # fmt: skip
    assert "duplicate" in {f.rule for f in check_corpus(of("خبر قصير", "خبرٌ قصيـر!"), LISTS)}


def test_a_statement_outside_its_set_is_found() -> None:
    other = WriterSet("zz2", Split.HELD_OUT, "Algeria", "another writer")
    moved = Statement(other, "DZ", {**right()})
    assert {f.rule for f in check_corpus(Corpus((SET, other), (moved,)), LISTS)} == {"split"}


def test_eight_shared_runs_of_nine_words_are_too_near() -> None:
    words = [f"كلمة{n}" for n in range(17)]
    ours = of(" ".join(words[:16]))
    assert [f.rule for f in overlaps(ours, [("theirs", " ".join(words))])] == ["outside text"]
    assert not list(overlaps(ours, [("theirs", " ".join(words[1:]))]))


def test_words_are_compared_folded() -> None:
    assert list(ngrams("إلى الأمّة، اليوم", 3)) == list(ngrams("الى الامه اليوم", 3))
    assert list(sentences("جاء الوفد اليوم صباحا. ثم ذهب", 4)) == ["جاء الوفد اليوم صباحا"]
