"""Corrections: kept apart from the machine's records, never lost by a re-run, moved with the text, exported as gold."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.corrections.anchor import Moves, State, carry
from pipeline.corrections.record import RecordError, Typed, from_row, locate, parts
from pipeline.corrections.store import Verdict, correct, history, place_of, places
from pipeline.corrections.training import training
from pipeline.errors import TaalimatError
from pipeline.normalize import normalize
from pipeline.standoff import load
from pipeline.store.rows import to_rows
from pipeline.store.schema import DIRECTIVES, STEPS
from pipeline.store.sqlite import FILE_NAME, Store
from pipeline.types import Analysis, Span
from tests.conftest import STATEMENT, Run


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / FILE_NAME) as opened:
        yield opened


def save(store: Store, analysis: Analysis) -> None:
    store.save(store.begin_run(["test"]), to_rows(analysis))


def ids(store: Store) -> list[str]:
    return [row["directive_id"] for row in store.rows(DIRECTIVES, "b-7")]


def moved(analysis: Analysis, text: str, shift: int) -> Analysis:
    """The analysis of ``text``, in which everything stands ``shift`` characters further on."""

    def move(span: Span | None) -> Span | None:
        return span and Span(span.start + shift, span.end + shift)

    def mention(m):  # type: ignore[no-untyped-def]
        return m and dataclasses.replace(m, span=move(m.span))

    directives = []
    for d in analysis.directives:
        act = dataclasses.replace(
            d.act, trigger=move(d.act.trigger), issuer=mention(d.act.issuer), addressees=tuple(map(mention, d.act.addressees))
        )  # fmt: skip
        name = f"b-7:{act.trigger.start}:{d.instruction.start + shift}"
        spans = {
            "instruction": move(d.instruction),
            "deadline": move(d.deadline),
            "purposes": tuple(map(move, d.purposes)),
        }
        directives.append(dataclasses.replace(d, id=name, act=act, evidence=(), **spans))
    document = dataclasses.replace(analysis.document, raw=text)
    return Analysis(document, normalize(text), directives=tuple(directives))


def typed(**changes: object) -> Typed:
    given: dict[str, object] = {
        "trigger": "شدد",
        "instruction": "فتح المسبح البلدي",
        "force": "order",
        "polarity": "do",
        "issuer": "الوالي",
        "issuer_name": "كمال زروق",
    }
    return Typed(**{**given, **changes})  # type: ignore[arg-type]


def test_typed_words_are_found_nearest_to_the_trigger() -> None:
    record = locate(STATEMENT, typed(addressees=["الأولياء", ""]))
    start = STATEMENT.index("شدد")
    assert record["instruction"]["start"] == STATEMENT.index("فتح المسبح", start)
    assert record["issuer"] == {"text": "الوالي", "start": start + 4, "end": start + 10, "name": "كمال زروق"}
    assert [item["text"] for item in record["addressees"]] == ["الأولياء"]
    for _, item in parts(record):
        assert STATEMENT[item["start"] : item["end"]] == item["text"]


def test_the_place_that_was_picked_wins() -> None:
    first = STATEMENT.index("فتح المسبح البلدي")
    assert locate(STATEMENT, typed(near={"instruction": first}))["instruction"]["start"] == first


def test_all_faults_of_a_form_are_told_at_once() -> None:
    with pytest.raises(RecordError) as caught:
        locate(STATEMENT, typed(trigger="", instruction="بناء جسر", force="maybe", issuer="", deadline="غدا"))
    assert set(caught.value.faults) == {"trigger", "instruction", "force", "issuer", "deadline"}
    assert "«بناء جسر»" in caught.value.faults["instruction"]


def test_line_breaks_of_a_form_do_not_matter() -> None:
    text = "أمر الوالي\nبفتح  الطريق."
    assert locate(text, Typed("أمر", "فتح\r\nالطريق", "order", "do"))["instruction"]["text"] == "فتح  الطريق"


def test_a_correction_outlives_a_re_run(store: Store, composed: Analysis) -> None:
    save(store, composed)
    name = ids(store)[0]
    before = dict(next(store.rows(DIRECTIVES, "b-7")))
    number = correct(store, "b-7", Verdict.REJECT, "  نورة  ", directive_id=name, note="عنوان")
    save(store, composed)
    (place,) = places(store.connection, "b-7")
    assert (place.correction_id, place.verdict, place.directive_id, place.author) == (
        number,
        Verdict.REJECT,
        name,
        "نورة",
    )
    assert place.state is State.SAME
    after = dict(next(store.rows(DIRECTIVES, "b-7")))
    assert {k: v for k, v in before.items() if k != "run_id"} == {k: v for k, v in after.items() if k != "run_id"}


def test_every_decision_is_kept_and_the_last_is_in_force(store: Store, composed: Analysis) -> None:
    save(store, composed)
    name = ids(store)[3]
    first = correct(store, "b-7", Verdict.ACCEPT, "سالم", directive_id=name)
    record = locate(STATEMENT, typed(force="insist", deadline="قبل 15 جوان 2025"))
    correct(store, "b-7", Verdict.EDIT, "نورة", directive_id=name, record=record)
    place = place_of(store.connection, first)
    assert place
    assert place.verdict is Verdict.EDIT
    assert place.record == record
    assert [(c.verdict, c.author) for c in history(store.connection, first)] == [("accept", "سالم"), ("edit", "نورة")]
    assert history(store.connection, first)[1].machine == history(store.connection, first)[0].record
    correct(store, "b-7", Verdict.WITHDRAW, "نورة", directive_id=name)
    assert places(store.connection, "b-7") == []
    assert len(history(store.connection, first)) == 3


def test_a_record_that_the_machine_no_longer_finds_keeps_its_correction(store: Store, composed: Analysis) -> None:
    save(store, composed)
    correct(store, "b-7", Verdict.ACCEPT, "سالم", directive_id=ids(store)[4])
    save(store, dataclasses.replace(composed, directives=composed.directives[:4]))
    (place,) = places(store.connection, "b-7")
    assert place.directive_id is None
    assert place.record
    assert place.record["polarity"] == "avoid"


def test_an_edit_is_linked_to_what_a_newer_lexicon_finds_there(store: Store, composed: Analysis) -> None:
    save(store, composed)
    record = locate(STATEMENT, typed(force="insist", instruction="ضرورة فتح المسبح البلدي"))
    correct(store, "b-7", Verdict.EDIT, "سالم", directive_id=ids(store)[3], record=record)
    old = composed.directives[3]
    wider = dataclasses.replace(
        old,
        instruction=Span(record["instruction"]["start"], old.instruction.end),
        id=f"b-7:{old.act.trigger.start}:{record['instruction']['start']}",
    )
    save(store, dataclasses.replace(composed, directives=(*composed.directives[:3], wider)))
    (place,) = places(store.connection, "b-7")
    assert place.directive_id == wider.id


def test_a_correction_moves_with_the_text(store: Store, composed: Analysis) -> None:
    save(store, composed)
    correct(store, "b-7", Verdict.REJECT, "نورة", directive_id=ids(store)[3])
    lead = "بيان الولاية رقم 12\n"
    text = lead + STATEMENT
    save(store, moved(composed, text, len(lead)))
    (place,) = places(store.connection, "b-7")
    assert place.state is State.MOVED
    assert place.version == 2
    assert place.directive_id == ids(store)[3]
    assert place.record
    for _, item in parts(place.record):
        assert text[item["start"] : item["end"]] == item["text"]
    assert place.record["trigger"]["start"] == text.index("شدد")


def test_what_the_new_text_says_otherwise_is_changed_or_lost(store: Store, composed: Analysis) -> None:
    save(store, composed)
    for name in ids(store)[3:]:
        correct(store, "b-7", Verdict.ACCEPT, "نورة", directive_id=name)
    correct(store, "b-7", Verdict.COMPLETE, "نورة")
    text = STATEMENT.replace("وشدد الوالي على ضرورة فتح المسبح البلدي", "وشدد الوالي على ضرورة فتح هذا المسبح البلدي")
    text = text.partition("، داعيا")[0] + "."
    save(store, dataclasses.replace(moved(composed, text, 0), directives=()))
    states = {p.verdict: p.state for p in places(store.connection, "b-7") if p.verdict is Verdict.COMPLETE}
    assert states == {Verdict.COMPLETE: State.LOST}
    by_state = {p.state: p for p in places(store.connection, "b-7") if p.verdict is Verdict.ACCEPT}
    changed = by_state[State.CHANGED].record
    assert changed
    assert changed["instruction"]["text"] == "فتح هذا المسبح البلدي"
    assert by_state[State.LOST].record is None


def test_complete_accepts_what_is_unjudged_and_nothing_later(store: Store, composed: Analysis) -> None:
    save(store, dataclasses.replace(composed, directives=composed.directives[:4]))
    correct(store, "b-7", Verdict.REJECT, "نورة", directive_id=ids(store)[0])
    correct(store, "b-7", Verdict.COMPLETE, "نورة")
    save(store, composed)
    verdicts = [p.verdict for p in places(store.connection, "b-7")]
    assert sorted(verdicts) == ["accept", "accept", "accept", "complete", "reject"]
    (record,) = training(store.connection)
    assert [item["instruction"]["text"] for item in record["unjudged"]] == ["عدم ترك أطفالهم قرب السدود"]


def test_training_data_is_gold(store: Store, composed: Analysis, tmp_path: Path) -> None:
    save(store, composed)
    names = ids(store)
    correct(store, "b-7", Verdict.REJECT, "نورة", directive_id=names[0])
    edited = locate(STATEMENT, typed(force="insist", deadline="قبل 15 جوان 2025"))
    correct(store, "b-7", Verdict.EDIT, "نورة", directive_id=names[3], record=edited)
    added = locate(
        STATEMENT, typed(trigger="أمر", instruction="توظيف عشرة منقذين", issuer="كمال زروق", purposes=["سلامة الأطفال"])
    )
    correct(store, "b-7", Verdict.ADD, "سالم", record=added)
    assert list(training(store.connection)) == []
    assert [r["complete"] for r in training(store.connection, is_partial=True)] == [False]
    correct(store, "b-7", Verdict.COMPLETE, "نورة")
    (record,) = training(store.connection)
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    (analysis,) = load(path)
    found = {(d.act.force.value, analysis.text(d.instruction)) for d in analysis.directives}
    assert ("insist", "فتح المسبح البلدي") in found
    assert ("order", "فتح المسبح البلدي") not in found
    assert any(analysis.text(p) == "سلامة الأطفال" for d in analysis.directives for p in d.purposes)
    assert [r["trigger"]["text"] for r in record["rejected"]] == ["يأمر"]
    assert record["unjudged"] == []
    assert record["authors"] == ["سالم", "نورة"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"document_id": "b-8", "verdict": Verdict.COMPLETE}, "no document"),
        ({"verdict": Verdict.ACCEPT, "directive_id": "b-7:0:0"}, "no directive"),
        ({"verdict": Verdict.ACCEPT}, "needs a record"),
        ({"verdict": Verdict.EDIT, "about": 99}, "no correction 99"),
        ({"verdict": Verdict.ADD}, "needs a record"),
        ({"verdict": Verdict.COMPLETE, "author": " "}, "needs a name"),
        ({"verdict": Verdict.COMPLETE, "note": "x" * 2001}, "a note of at most"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    store: Store, composed: Analysis, arguments: dict[str, object], reason: str
) -> None:
    save(store, composed)
    with pytest.raises(TaalimatError, match=reason):
        correct(store, **{"document_id": "b-7", "author": "نورة", **arguments})  # type: ignore[arg-type]
    assert store.connection.execute("SELECT count(*) FROM corrections").fetchone() == (0,)


def test_a_sentence_put_elsewhere_is_found() -> None:
    old = "أمر الوالي بفتح الطريق. ودعا المدير إلى غلق السد. وانتهى اللقاء."
    new = "ودعا المدير إلى غلق السد. وانتهى اللقاء. أمر الوالي بفتح الطريق."
    moves = Moves(old, new)
    for words in ("فتح الطريق", "غلق السد"):
        start = old.index(words)
        span = moves.span(Span(start, start + len(words)))
        assert span
        assert span.text(new) == words


words = st.lists(st.sampled_from("أمر الوالي بفتح الطريق وغلق السد ، . في".split()), min_size=1, max_size=30)


@given(words, words, st.data())
def test_a_moved_place_never_leaves_the_text(old: list[str], new: list[str], data: st.DataObject) -> None:
    a, b = " ".join(old), " ".join(new)
    start = data.draw(st.integers(0, len(a) - 1))
    end = data.draw(st.integers(start + 1, len(a)))
    span = Moves(a, b).span(Span(start, end))
    assert span is None or 0 <= span.start < span.end <= len(b)
    same = Moves(a, a).span(Span(start, end))
    assert same is None or same == Span(start, end)


def test_carry_keeps_a_record_where_the_text_is_the_same(store: Store, composed: Analysis) -> None:
    save(store, composed)
    for row in store.rows(DIRECTIVES, "b-7"):
        record = from_row(row, STATEMENT)
        placed = carry(record, Moves(STATEMENT, STATEMENT))
        assert placed.record == record
        assert placed.state is State.SAME


def test_a_store_of_the_schema_before_corrections_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    (step,) = (i for i, sql in enumerate(STEPS) if "CREATE TABLE corrections" in sql)
    connection = sqlite3.connect(path)
    connection.executescript("".join(STEPS[:step]))
    connection.execute(f"PRAGMA user_version = {step}")
    connection.close()
    with Store(path) as store:
        assert store.connection.execute("SELECT count(*) FROM correction_places").fetchone() == (0,)


def test_the_command_lists_and_exports(taalimat: Run, tmp_path: Path, composed: Analysis) -> None:
    with Store(tmp_path / "s" / FILE_NAME) as store:
        save(store, composed)
        correct(store, "b-7", Verdict.ACCEPT, "نورة", directive_id=ids(store)[4])
    listed = taalimat("corrections", "list", "--store", "s")
    assert "accept" in listed.stdout
    assert "عدم ترك أطفالهم قرب السدود" in listed.stdout
    assert taalimat("corrections", "export", "--store", "s").stdout == ""
    exported = json.loads(taalimat("corrections", "export", "--partial", "--store", "s").stdout)
    assert len(exported["directives"]) == 1
    assert len(exported["unjudged"]) == 4
    assert taalimat("corrections", "list", "--store", "nowhere").exit_code == 1
