"""What a search finds in a store of composed statements, how it counts, and where it marks the words."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.corrections.record import Typed, locate
from pipeline.corrections.store import Verdict, correct
from pipeline.errors import TaalimatError
from pipeline.pipeline import analyze, default_pipeline
from pipeline.search.columns import columns
from pipeline.search.engine import connect_readonly, directive, search, search_all
from pipeline.search.postings import COLUMNS, ROOTS, postings
from pipeline.search.query import Query, QueryError
from pipeline.store.register import rebuild
from pipeline.store.rows import to_rows
from pipeline.store.sqlite import Store
from pipeline.types import Document
from tests.conftest import as_of_schema

TODAY = datetime.date(2025, 6, 1)
STATEMENTS = (
    ("d-1", "2025-03-10", "dz", "أمر وزير الري، رابح سماتي، مديري الموارد المائية بإصلاح شبكات التوزيع قبل 20 مارس 2025، وبربط القرى المعزولة بالماء.\n"
     "وشدد الوزير على ضرورة تسريع أشغال السدود، داعيا المواطنين إلى عدم هدر المياه."),
    ("d-2", "2025-04-02", "dz", "أمر والي سطيف، كمال زروق، رؤساء البلديات بتنظيف البالوعات والأودية قبل انطلاق موسم الأمطار.\nوجدد الوالي أمره لرؤساء البلديات بتنظيف البالوعات والأودية."),
    ("d-3", "2025-05-20", "tn", "دعا وزير النقل، سامي الغربي، السواق إلى تخفيف السرعة وارتداء الخوذ، وطالب الشركة بإصلاح الحافلات المعطلة قبل 30 جوان 2025."),
    ("d-4", "2024-11-05", "mr", "أمر والي لعصابه، أحمد ولد عالي، مصالح البيطرة بتطعيم الأبقار فورا. كما أمر الوالي البلديات بمنع تنقيل الأغنام."),
)  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "taalimat.sqlite"
    with Store(path) as store:
        run = store.begin_run(["test"])
        for name, published, country, text in STATEMENTS:
            day = datetime.date.fromisoformat(published)
            document = Document(name, text, published=day, meta={"country": country})
            store.save(run, to_rows(default_pipeline()(document)))
        rebuild(store)
    return path


@pytest.fixture
def store(path: Path) -> Iterator[sqlite3.Connection]:
    connection = connect_readonly(path)
    yield connection
    connection.close()


def found(connection: sqlite3.Connection, **asked: object) -> list[str]:
    return [hit.row["instruction"] for hit in search(connection, Query(**asked), TODAY).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        ("بالوعة", "تنظيف البالوعات والأودية"),  # plural behind the article
        ("واد", "تنظيف البالوعات والأودية"),  # broken plural
        ("السرعه", "تخفيف السرعة"),  # ة written ه
        ("الخُوذ", "ارتداء الخوذ"),  # harakat
        ("حافلة معطلة", "إصلاح الحافلات المعطلة قبل 30 جوان 2025"),
        ('"حافلة معطلة"', "إصلاح الحافلات المعطلة قبل 30 جوان 2025"),
        ("القرى AND الماء", "ربط القرى المعزولة بالماء"),
        ("(خوذة OR سد) -بالوعة", "تسريع أشغال السدود"),
        ("توزي*", "إصلاح شبكات التوزيع قبل 20 مارس 2025"),
        ("أصلحوا الحافلة", "إصلاح الحافلات المعطلة قبل 30 جوان 2025"),  # a verb for the masdar
    ],
)
def test_a_word_is_found_in_all_its_forms(store: sqlite3.Connection, text: str, instruction: str) -> None:
    assert instruction in found(store, text=text)


def test_a_phrase_wants_its_words_in_a_row(store: sqlite3.Connection) -> None:
    assert found(store, text='"معطلة حافلة"') == []


def test_what_is_left_out_is_left_out(store: sqlite3.Connection) -> None:
    assert found(store, text="إصلاح NOT حافلة") == ["إصلاح شبكات التوزيع قبل 20 مارس 2025"]
    with pytest.raises(QueryError, match="only what is to be left out"):
        search(store, Query("-حافلة"))


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "(((",
        ")",
        "OR",
        "AND AND",
        "-",
        '"" -',
        "*",
        "NEAR(a b)",
        "instruction:x",
        "a'b; DROP TABLE directives;--",
        "\x00",
        "\ud800",
    ],
)
def test_no_text_breaks_the_search(store: sqlite3.Connection, text: str) -> None:
    search(store, Query(text), TODAY)


@pytest.mark.parametrize(
    ("asked", "documents"),
    [
        ({"issuer": ("وزير الري",)}, {"d-1"}),
        ({"addressee": ("رؤساء البلديات",)}, {"d-2"}),
        ({"country": ("TN",)}, {"d-3"}),
        ({"force": ("call", "demand")}, {"d-1", "d-3"}),
        ({"since": "2025-04"}, {"d-2", "d-3"}),
        ({"until": "2025-04"}, {"d-1", "d-2", "d-4"}),
        ({"month": ("2025-05",)}, {"d-3"}),
        ({"overdue": True}, {"d-1"}),
        ({"due_before": "+60d"}, {"d-1", "d-3"}),
        ({"deadline_state": ("unknown",)}, {"d-2"}),
        ({"deadline_state": ("due",)}, {"d-3"}),
        ({"deadline_state": ("immediate",)}, {"d-4"}),
        ({"wilaya": ("سطيف",)}, {"d-2"}),
        ({"document_id": ("d-1",)}, {"d-1"}),
        ({"country": ("FR",)}, set()),
    ],
)
def test_restrictions(store: sqlite3.Connection, asked: dict[str, object], documents: set[str]) -> None:
    results = search(store, Query(**asked, limit=100), TODAY)  # type: ignore[arg-type]
    assert {hit.row["document_id"] for hit in results.hits} == documents
    assert results.total == len(results.hits)


def test_a_facet_value_leads_to_as_many_results_as_it_says(store: sqlite3.Connection) -> None:
    for name, values in search(store, Query(), TODAY).facets.items():
        assert values or name == "wilaya", name
        for value in values:
            assert search(store, Query(**{name: (value.value,)}), TODAY).total == value.count, (name, value)  # type: ignore[arg-type]


def test_a_facet_keeps_its_other_values_when_one_is_chosen(store: sqlite3.Connection) -> None:
    countries = search(store, Query(country=("TN",)), TODAY).facets["country"]
    assert {(v.value, v.selected) for v in countries} == {("DZ", False), ("MR", False), ("TN", True)}


def test_repeats_are_folded_unless_asked(store: sqlite3.Connection) -> None:
    assert len(found(store, text="بالوعة")) == 1
    assert len(found(store, text="بالوعة", folded=False)) == 2
    assert search(store, Query("بالوعة"), TODAY).hits[0].times == 2


def test_marks_stand_on_the_words_of_the_raw_text(store: sqlite3.Connection) -> None:
    (hit, *_) = search(store, Query("ماء قرية"), TODAY).hits
    text = STATEMENTS[0][2 + 1]
    assert [text[h.start : h.end] for h in hit.highlights] == ["القرى", "بالماء"]
    assert text[hit.context.start : hit.context.end] == hit.context_text


def test_sorting_and_paging(store: sqlite3.Connection) -> None:
    newest = [hit.row["date"] for hit in search(store, Query(sort="newest", limit=100), TODAY).hits]
    assert newest == sorted(newest, reverse=True)
    due = [hit.row["due"] for hit in search(store, Query(sort="due", limit=100), TODAY).hits]
    assert [d for d in due if d] == sorted(d for d in due if d)
    assert due[-1] is None
    every = [hit.id for hit in search_all(store, Query(limit=1), TODAY)]
    paged = [
        hit.id for offset in range(0, len(every), 2) for hit in search(store, Query(limit=2, offset=offset), TODAY).hits
    ]
    assert paged == every


def test_one_directive_by_its_id(store: sqlite3.Connection) -> None:
    hit = search(store, Query("بالوعة"), TODAY).hits[0]
    again = directive(store, hit.id)
    assert again is not None
    assert again.row["instruction"] == hit.row["instruction"]
    assert directive(store, "nothing") is None


def test_a_document_that_is_replaced_is_found_by_its_new_words_only(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with Store(path) as store:
        store.save(store.begin_run(["a"]), to_rows(analyze("أمر الوالي بفتح الطريق.", id="a")))
        reader = connect_readonly(path)
        assert found(reader, text="طريق") == ["فتح الطريق"]
        store.save(store.begin_run(["a"]), to_rows(analyze("أمر الوالي بغلق الجسر.", id="a")))
        assert found(reader, text="طريق") == []
        assert found(reader, text="جسور") == ["غلق الجسر"]
        reader.close()
        store.connection.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')")


def test_reading_cannot_write_and_an_old_store_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with Store(path) as store:
        store.save(store.begin_run(["a"]), to_rows(analyze("أمر الوالي بفتح الطريق.", id="a")))
    as_of_schema(path, 2)
    connection = connect_readonly(path)
    assert found(connection, text="الطرق") == ["فتح الطريق"]
    with pytest.raises(sqlite3.OperationalError):
        connection.execute("DELETE FROM documents")
    connection.close()
    with pytest.raises(TaalimatError, match="there is no store"):
        connect_readonly(tmp_path / "none.sqlite")


def test_with_operators_kindred_words_stand_behind(store: sqlite3.Connection) -> None:
    found = search(store, Query("(غنم OR بقرة) نقل"), TODAY)
    assert [(hit.row["document_id"], hit.match) for hit in found.hits] == [("d-4", "near")]
    assert found.exact == 0
    assert search(store, Query("(غنم OR بقرة) نقل", near=False), TODAY).total == 0
    assert {hit.row["document_id"] for hit in search(store, Query("نقل -أغنام"), TODAY).hits} == {"d-3"}


def test_postings_and_fts5_hold_the_same(store: sqlite3.Connection) -> None:
    held, table = postings(store), columns(store)
    stems: set[str] = set()
    for number, column in enumerate(COLUMNS):
        words = {word for (text,) in store.execute(f"SELECT {column} FROM search_text") for word in text.split()}
        for word in words:
            sql = "SELECT rowid FROM search_index WHERE search_index MATCH ? ORDER BY rowid"
            ids = [row[0] for row in store.execute(sql, (f'{column} : "{word}"',))]
            assert table.ids[held(word, number)].tolist() == ids
        stems |= words if number != ROOTS else set()
    assert stems
    for word in stems:
        sql = "SELECT count(*) FROM search_index WHERE search_index MATCH ?"
        match = f'{{instruction parties other title context}} : "{word}"'
        assert held.stems(word) == store.execute(sql, (match,)).fetchone()[0]
    assert held.stems("لا شيء") == held.roots("لا شيء") == len(held("لا شيء", 0)) == 0


def test_a_store_without_directives_has_no_answers(tmp_path: Path) -> None:
    path = tmp_path / "empty.sqlite"
    with Store(path):
        pass
    connection = connect_readonly(path)
    for text in ("", "بالوعة", "بالوعة سد -حفر", '"سد كبير"', "سد*"):
        assert search(connection, Query(text)).total == 0
    connection.close()


def test_near_matches_are_sought_among_what_a_filter_leaves(tmp_path: Path) -> None:
    """Hundreds that hold more of the words elsewhere take no room from the one of the country that is asked for."""
    path = tmp_path / "many.sqlite"
    with Store(path) as store:
        run = store.begin_run(["test"])
        for country, text in (
            ("dz", "أمر الوالي بتنظيف الوديان.\n" * 210 + "أمر الوالي ببناء السدود.\n" * 60),
            ("tn", "أمر الوالي بتنظيف الطرقات."),
        ):
            store.save(run, to_rows(default_pipeline()(Document(country, text, meta={"country": country}))))
    connection = connect_readonly(path)
    assert {hit.row["country"] for hit in search(connection, Query("تنظيف الوديان والسدود", folded=False)).hits} == {
        "DZ"
    }
    (hit,) = search(connection, Query("تنظيف الوديان والسدود", country=("TN",))).hits
    assert (hit.row["instruction"], hit.match) == ("تنظيف الطرقات", "near")
    connection.close()


@pytest.mark.parametrize(("deadline", "state"), [("فورا", "immediate"), ("عند نهاية الأشغال", "unknown"), ("", "none")])
def test_a_deadline_that_a_person_read_has_its_state(tmp_path: Path, deadline: str, state: str) -> None:
    text = "غلق الجسر فورا لا عند نهاية الأشغال مطلب السكان."
    path = tmp_path / "added.sqlite"
    with Store(path) as store:
        store.save(store.begin_run(["test"]), to_rows(analyze(text, id="d")))
        typed = Typed("مطلب", "غلق الجسر", "demand", "do", deadline=deadline)
        correct(store, "d", Verdict.ADD, "نورة", record=locate(text, typed))
    connection = connect_readonly(path)
    (hit,) = search(connection, Query("غلق الجسر", deadline_state=(state,))).hits
    assert (hit.row["deadline"] or "", hit.row["deadline_state"]) == (deadline, state)
    connection.close()
