"""Linking in a store: threads, relations, what guards them, decisions that last, and statements that come later."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import TaalimatError
from pipeline.link import linker
from pipeline.link import store as kept
from pipeline.link.cluster import threads
from pipeline.link.evaluate import measure
from pipeline.link.items import name_words
from pipeline.link.pairs import may_pair, score
from pipeline.link.prior import Prior
from pipeline.link.series import load
from pipeline.link.store import decisions
from pipeline.link.thread import STATISTICS, Thread, links_of, statistic, thread_of
from pipeline.link.types import Issuer, Item, ItemKind
from pipeline.link.words import content, stem, tokens
from pipeline.pipeline import default_pipeline
from pipeline.store.register import rebuild
from pipeline.store.rows import to_rows
from pipeline.store.sqlite import FILE_NAME, Store
from pipeline.types import Document
from tests.conftest import Run

STORY = {
    "s-1": ("2024-01-10", "دعا وزير الري، رابح سماتي، مديري الموارد المائية إلى تنظيف سد تاقسبت من الأوحال، وإلى تجديد مضخات محطة بوقادير."),
    "s-2": ("2024-03-05", "أمر وزير الري، رابح سماتي، مديري الموارد المائية بتنظيف سد تاقسبت من الأوحال قبل 1 ماي 2024."),
    "s-3": ("2024-03-20", "طالب وزير الري، رابح سماتي، مديري الموارد المائية بإحصاء الآبار غير المرخصة بولاية تيارت."),
    "s-4": ("2024-06-02", "أعلنت وزارة الري أنه تم تنظيف سد تاقسبت من الأوحال كليا."),
}  # fmt: skip
"""An instruction given, tightened and carried out; another about another thing in the same statement; one of another subject."""


def save(store: Store, names: Iterable[str], story: dict[str, tuple[str, str]] = STORY) -> None:
    run = store.begin_run(["story"])
    for name in names:
        day, text = story[name]
        document = Document(name, text, None, datetime.date.fromisoformat(day), "column")
        store.save(run, to_rows(default_pipeline()(document)))
    rebuild(store)


def find(store: Store, document: str, words: str) -> str:
    query = "SELECT item_id FROM link_item WHERE document_id = ? AND text LIKE ?"
    (name,) = store.connection.execute(query, (document, f"%{words}%")).fetchone()
    return str(name)


def told(thread: Thread) -> list[tuple[str, str | None]]:
    return [(e.document_id, e.relation) for e in thread.entries]


@pytest.fixture
def store(tmp_path: Path) -> Iterable[Store]:
    with Store(tmp_path / FILE_NAME) as opened:
        yield opened


@pytest.fixture
def linked(store: Store) -> Store:
    save(store, STORY)
    linker.link(store)
    return store


def test_an_instruction_is_followed_to_its_end(linked: Store) -> None:
    thread = thread_of(linked.connection, find(linked, "s-2", "تنظيف سد"))
    assert told(thread) == [("s-1", None), ("s-2", "tightened"), ("s-4", "executed")]
    assert thread.state == "executed"
    assert thread.escalation == (1, 3)
    assert [e.days for e in thread.entries] == [None, 55, 89]
    assert thread.entries[2].late == (datetime.date(2024, 6, 2) - thread.entries[1].due).days  # type: ignore[operator]
    for entry in thread.entries:
        (text,) = linked.connection.execute(
            "SELECT text FROM documents WHERE document_id = ?", (entry.document_id,)
        ).fetchone()
        assert text[entry.start : entry.end] == entry.text


def test_other_instructions_stay_alone(linked: Store) -> None:
    assert told(thread_of(linked.connection, find(linked, "s-1", "مضخات"))) == [("s-1", None)]
    assert told(thread_of(linked.connection, find(linked, "s-3", "الآبار"))) == [("s-3", None)]


def test_a_link_says_why(linked: Store) -> None:
    first, *_ = links_of(linked.connection, find(linked, "s-2", "تنظيف سد"))
    assert first["one_thread"]
    assert first["score"] > 0.5
    assert first["reason"]
    assert first["evidence"]["issuer:same"] > 0


@pytest.mark.parametrize("order", [("s-1", "s-2", "s-3", "s-4"), ("s-4", "s-2", "s-1", "s-3")])
def test_statements_that_come_one_by_one_make_the_same_threads(
    tmp_path: Path, linked: Store, order: tuple[str, ...]
) -> None:
    def state(of: Store) -> list[tuple[Any, ...]]:
        return of.connection.execute("SELECT item_id, thread, relation, why FROM link_item ORDER BY item_id").fetchall()

    with Store(tmp_path / "b.sqlite") as other:
        for name in order:
            save(other, [name])
            assert linker.link(other).documents == 1
        assert state(other) == state(linked)
        linker.link(other, again=True)
        assert state(other) == state(linked)


def test_two_runs_at_once_link_each_document_once(linked: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another run links all after this one has listed what waits, and before it begins to link."""
    items = linked.connection.execute("SELECT * FROM link_item ORDER BY item_id").fetchall()
    with linked.transaction():
        kept.forget(linked)
    listed = kept.pending

    def overtaken(store: Store) -> list[str]:
        monkeypatch.setattr(kept, "pending", listed)
        waiting = listed(store)
        assert linker.link(store).documents == len(waiting) == len(STORY)
        return waiting

    monkeypatch.setattr(kept, "pending", overtaken)
    assert linker.link(linked).items == 0
    again = linked.connection.execute("SELECT * FROM link_item ORDER BY item_id").fetchall()
    assert [row[1:] for row in again] == [row[1:] for row in items]


def test_a_cut_off_run_leaves_what_was_settled_to_the_next(linked: Store) -> None:
    """The threads of the whole store are put together anew by what has moved since they last were, not since the store was opened."""
    rows = [("directive", odds, 4000) for odds in range(-60, -40)]
    with linked.transaction():
        linked.connection.executemany("INSERT OR REPLACE INTO link_prior VALUES (?, ?, ?)", rows)
    assert Prior.of(linked).moved()
    linker.link(linked)
    assert not Prior.of(linked).moved()


def test_a_report_before_the_instruction_does_not_answer_it(store: Store) -> None:
    save(store, ["s-1", "s-4"], {**STORY, "s-4": ("2023-12-01", STORY["s-4"][1])})
    linker.link(store)
    assert told(thread_of(store.connection, find(store, "s-1", "تنظيف سد"))) == [("s-1", None)]


def test_a_document_in_a_new_version_leaves_no_links_behind(linked: Store) -> None:
    save(linked, ["s-2"], {"s-2": ("2024-03-05", "دشن الوزير سدا.")})
    linker.link(linked)
    assert told(thread_of(linked.connection, find(linked, "s-1", "تنظيف سد"))) == [("s-1", None), ("s-4", "executed")]
    with pytest.raises(TaalimatError, match="no directive of this store"):
        thread_of(linked.connection, "s-2:0:42")


def test_a_cut_lasts_over_re_runs(linked: Store) -> None:
    first, second = find(linked, "s-1", "تنظيف سد"), find(linked, "s-2", "تنظيف سد")
    number = linker.decide(linked, "cut", first, second, "another dam")
    for _ in range(2):
        assert thread_of(linked.connection, first).id != thread_of(linked.connection, second).id
        save(linked, STORY)
        linker.link(linked, again=True)
    assert [(d.number, d.note) for d in decisions(linked)] == [(number, "another dam")]
    linker.undo(linked, number)
    assert thread_of(linked.connection, first).id == thread_of(linked.connection, second).id


def test_a_confirmed_link_lasts_over_re_runs_and_in_place_of_a_cut(linked: Store) -> None:
    first, second = find(linked, "s-1", "مضخات"), find(linked, "s-3", "الآبار")
    linker.decide(linked, "cut", first, second)
    linker.decide(linked, "confirm", second, first)
    assert [d.verdict for d in decisions(linked)] == ["confirm"]
    for _ in range(2):
        assert told(thread_of(linked.connection, first)) == [("s-1", None), ("s-3", "tightened")]
        save(linked, STORY)
        linker.link(linked)


def test_decisions_are_about_what_is_there(linked: Store) -> None:
    with pytest.raises(TaalimatError, match="no directive or report"):
        linker.decide(linked, "cut", find(linked, "s-1", "مضخات"), "s-9:1:2")
    with pytest.raises(TaalimatError, match="there is no decision 7"):
        linker.undo(linked, 7)


def test_a_session_that_is_named_by_its_day_is_an_entry(store: Store) -> None:
    story = {
        "r-1": ("2025-01-07", "أمر وزير العمل، فيصل قاسي، مسؤولي صندوق التقاعد بتكثيف تحصيل الاشتراكات المتأخرة."),
        "r-2": (
            "2025-04-02",
            "عقد وزير العمل، فيصل قاسي، اجتماعا خصص لمتابعة التعليمات التي أسداها لصندوق التقاعد خلال جلسة العمل المنعقدة بتاريخ 7 جانفي 2025. "
            "وطالب الوزير مسؤولي صندوق التقاعد بتكثيف تحصيل الاشتراكات المتأخرة.",
        ),
    }
    save(store, story, story)
    linker.link(store)
    thread = thread_of(store.connection, find(store, "r-2", "تكثيف تحصيل"))
    assert [(e.kind, str(e.day), e.relation) for e in thread.entries] == [
        ("reference", "2025-01-07", "recalls"),
        ("directive", "2025-01-07", None),
        ("directive", "2025-04-02", "repeated"),
    ]
    assert "given in r-1" in thread.entries[0].why


def test_threads_are_no_chains() -> None:
    """Each is near the next, the first and the last have nothing in common: the mean keeps them apart."""
    items = {n: Item(n, f"d{n}", ItemKind.DIRECTIVE, 0, 1, n, fold=n) for n in "abcd"}
    links = {("a", "b"): 0.9, ("b", "c"): 0.6, ("c", "d"): 0.9}
    assert sorted(threads(items, links, 0.4, lambda a, b: 0.0)) == [["a", "b"], ["c", "d"]]
    assert threads(items, links, 0.4, lambda a, b: 0.5) == [["a", "b", "c", "d"]]
    assert sorted(threads(items, links, 0.4, lambda a, b: 0.5, cut=[("a", "d")])) == [["a", "b"], ["c", "d"]]


def test_two_instructions_of_a_statement_are_never_one_thread() -> None:
    items = {n: Item(n, "d1" if n in "ab" else "d2", ItemKind.DIRECTIVE, 0, 1, n, fold=n) for n in "abc"}
    assert sorted(threads(items, {("a", "c"): 0.9, ("b", "c"): 0.8}, 0.2, lambda a, b: 0.5)) == [["a", "c"], ["b"]]


def test_an_item_published_twice_is_no_repetition(store: Store) -> None:
    first = STORY["s-2"][1]
    printed = {
        "p-1": ("2024-03-05", first + " وقال إن كمية الأوحال بلغت 40 مليون متر مكعب وإن السد يزود ولايتي تيزي وزو والجزائر بالماء."),
        "p-2": ("2024-03-06", first + " وقال إن كمية الأوحال بلغت 40 مليون متر مكعب وإن السد يزود ولايتي تيزي وزو والجزائر بالماء الشروب."),
        "p-3": ("2024-05-05", first + " وقال إن كمية الأوحال بلغت 40 مليون متر مكعب وإن السد يزود ولايتي تيزي وزو والجزائر بالماء."),
    }  # fmt: skip
    save(store, printed, printed)
    linker.link(store)
    thread = thread_of(store.connection, find(store, "p-1", "تنظيف سد"))
    assert told(thread) == [("p-1", None), ("p-2", "copied"), ("p-3", "repeated")]
    assert "p-1" in thread.entries[1].why
    assert thread.escalation == (3, 3)
    columns, (row,) = statistic(store.connection, "repeated")
    assert dict(zip(columns, row, strict=True))["statements"] == 2


def test_the_same_words_for_another_place_speak_against() -> None:
    def item(document: str, text: str) -> Item:
        return Item(f"{document}:0:1", document, ItemKind.DIRECTIVE, 0, 1, text, object=content(tokens(text)))

    first = item("a", "فتح مستشفى الأم والطفل بولاية تيارت")
    again, elsewhere = item("b", first.text), item("b", "فتح مستشفى الأم والطفل بولاية سكيكدة")
    assert score(first, again)[0] > 0.9 > 0.5 > score(first, elsewhere)[0]
    assert score(first, elsewhere)[1]["place:another"] < -1


def test_instructions_for_other_hours_are_not_compared() -> None:
    def item(document: str, text: str) -> Item:
        return Item(f"{document}:0:1", document, ItemKind.DIRECTIVE, 0, 1, text)

    road, later = (
        "غلق الطريق الوطني من الساعة 12.00 إلى الساعة 20.00",
        "غلق الطريق الوطني من الساعة 11.00 إلى الساعة 19.00",
    )
    assert may_pair(item("a", road), item("b", road))
    assert not may_pair(item("a", road), item("b", later))


def item(document: str, text: str, **fields: Any) -> Item:
    """A directive of a document."""
    said = Item(f"{document}:0:1", document, ItemKind.DIRECTIVE, 0, 1, text, object=content(tokens(text)))
    return replace(said, **fields)


def test_the_order_and_the_ban_of_an_act_are_two_instructions() -> None:
    sale = "بيع الحليب المدعم للمقاهي والمخابز"
    assert score(item("a", sale), item("b", sale))[0] > 0.9
    assert score(item("a", sale), item("b", sale, polarity="avoid"))[1]["polarity:differs"] < -1
    except_after = item("b", "عدم بيع الحليب المدعم إلا بعد ترخيص", polarity="avoid")
    assert "polarity:differs" not in score(item("a", sale), except_after)[1]


def test_two_ministers_who_say_the_same_give_two_instructions() -> None:
    def minister(sector: str) -> Issuer:
        return Issuer(sector=name_words(f"وزير {sector}"), rank=frozenset([stem("وزير")]))

    health = item("a", "إعداد تقرير مفصل", issuer=minister("الصحة"))
    same = score(health, item("b", "إعداد تقرير مفصل", issuer=minister("الصحة")))
    other = score(health, item("b", "إعداد تقرير مفصل", issuer=minister("النقل")))
    bare = score(health, item("b", "إعداد تقرير مفصل", issuer=minister("")))
    assert same[0] > 0.8 > 0.6 > other[0]
    assert "issuer:another of its rank" in other[1]
    assert "issuer:of one rank" in bare[1]


def test_two_countries_are_not_compared_unless_one_body_speaks() -> None:
    here, there = item("a", "توفير الدواء", country="dz"), item("b", "توفير الدواء", country="tn")
    assert not may_pair(here, there)
    assert may_pair(here, replace(there, country="dz"))
    body = Issuer(record="r1")
    assert may_pair(replace(here, issuer=body), replace(there, issuer=body))


def test_two_instructions_of_one_act_are_not_compared() -> None:
    first = item("a", "احترام مسارات النقل المدرسي", id="a:5:20", fold="a:5:20")
    assert not may_pair(first, item("a", "مواقيته", id="a:5:60", fold="a:5:60"))
    assert may_pair(first, item("a", "احترام مسارات النقل", id="a:90:99", fold="a:90:99"))


def test_the_surest_groups_join_first() -> None:
    """The mean of the groups decides, not the one surest link left: «c» goes where it is like all."""
    items = {n: Item(n, f"d{n}", ItemKind.DIRECTIVE, 0, 1, n, fold=n) for n in "abcde"}
    links = {("a", "b"): 0.9, ("d", "e"): 0.9, ("b", "c"): 0.6, ("c", "d"): 0.55, ("c", "e"): 0.55}
    assert sorted(threads(items, links, 0.4, lambda a, b: 0.0)) == [["a", "b"], ["c", "d", "e"]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("فتحت 15 سوقا جوارية أبوابها أمام التجار.", True),
        ("دشنت السلطات المحلية مصلحة الولادة الثانية.", True),
        ("ركبت بلديات الولاية 2.200 مصباح في الأحياء المظلمة.", True),
        ("ردوم البناء ما زالت تشوه الطرقات.", False),
    ],
)
def test_reports_are_found_by_their_verb(store: Store, text: str, found: bool) -> None:
    save(store, ["r"], {"r": ("2024-01-10", text)})
    linker.link(store)
    (count,) = store.connection.execute("SELECT count(*) FROM link_item WHERE kind = 'report'").fetchone()
    assert bool(count) is found


def test_judged_news_is_seen_as_linking_sees_it_now() -> None:
    """The table that weights are fitted with has no feature that the code does not know (then `judge` makes it anew)."""
    folder = Path(__file__).parents[2]
    lines = (folder / "data" / "threads" / "tunisia.jsonl").read_text(encoding="utf-8").splitlines()
    code = (folder / "pipeline" / "link" / "pairs.py").read_text(encoding="utf-8")
    seen = {name for line in lines for name in json.loads(line)["features"]}
    unknown = {
        name
        for name in seen
        if name.removeprefix("report:") not in ("bias",) and f'"{name.removeprefix("report:")}"' not in code
    }
    assert {name for name in unknown if "event:" not in name} == set()


def test_statistics(linked: Store) -> None:
    def rows(name: str) -> list[dict[str, Any]]:
        columns, found = statistic(linked.connection, name, datetime.date(2024, 7, 1))
        return [dict(zip(columns, row, strict=True)) for row in found]

    assert [(r["times"], r["statements"], r["executed"]) for r in rows("repeated")] == [(2, 3, 1)]
    assert rows("open") == []
    assert [(r["month"], r["binding"], r["soft"]) for r in rows("tone")] == [("2024-01", 0, 2), ("2024-03", 2, 0)]
    linked.connection.execute("DELETE FROM documents WHERE document_id = 's-4'")
    assert [(r["days"], r["statements"]) for r in rows("open")] == [(173, 2)]
    assert [(r["due"], r["instruction"]) for r in rows("overdue")] == [("2024-04-30", "تنظيف سد تاقسبت من الأوحال")]
    with pytest.raises(TaalimatError, match="repeated, open, overdue, tone"):
        statistic(linked.connection, "best")


def test_statistics_are_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "threads.md").read_text(encoding="utf-8")
    for name, query in STATISTICS.items():
        assert query.strip() in text, name


def test_the_commands(taalimat: Run) -> None:
    lines = [{"id": name, "published": day, "text": text} for name, (day, text) in STORY.items()]
    Path("s.jsonl").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    assert taalimat("run", "s.jsonl", "--out", "o").exit_code == 0
    (row,) = [json.loads(line) for line in taalimat("thread", "list", "--store", "o", "--json").stdout.splitlines()]
    shown = json.loads(taalimat("thread", row["thread"], "--store", "o", "--json", "--links").stdout)
    assert [e["relation"] for e in shown["entries"]] == [None, "tightened", "executed"]
    assert len(shown["links"]) >= 2
    ids = [e["item_id"] for e in shown["entries"]]
    printed = taalimat("thread", ids[1], "--store", "o").stdout
    assert printed.startswith(f"thread {ids[0]}: given 2 times, executed\n")
    assert "force rose from call to order" in printed
    assert "two threads" in taalimat("thread", "cut", ids[0], ids[1], "--store", "o", "--note", "n").stdout
    assert "cut" in taalimat("thread", "decisions", "--store", "o").stdout
    assert "undone: cut" in taalimat("thread", "undo", "1", "--store", "o").stdout
    assert "one thread" in taalimat("thread", "confirm", ids[0], ids[1], "--store", "o").stdout
    assert "0 documents linked" in taalimat("link", "--store", "o").stdout
    assert "4 documents linked" in taalimat("link", "--store", "o", "--again").stdout
    missing = taalimat("thread", "x:1:2", "--store", "o")
    assert (missing.exit_code, "x:1:2" in missing.stderr) == (1, True)


def test_agreement_with_the_held_out_series() -> None:
    """What docs/threads.md claims, with room for what other parts of the pipeline find more or less."""
    statements = [s for s in load(Path(__file__).parents[2] / "data" / "threads") if s.split == "held-out"]
    found = measure(statements)
    assert found.f1() > 0.77
    assert found.relations > 0.8
