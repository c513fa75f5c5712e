"""Near-copies: what is one and what is not, groups and corrected versions, and the table that every run keeps up."""

from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from pipeline.copies import Signatures, candidates, groups, signature, similarity
from pipeline.copies.bands import BANDS, ROWS
from pipeline.copies.group import Member, calls_itself_correction
from pipeline.copies.minhash import SIZE, shingles
from pipeline.copies.similarity import traits
from pipeline.store.copies import link_copies, pairing, sign
from pipeline.store.sqlite import FILE_NAME, Store
from tests.conftest import Run

FIXTURES = Path(__file__).parents[1] / "fixtures" / "formats"
EXPECTED = json.loads((FIXTURES / "expected.json").read_text(encoding="utf-8"))
TEXTS = [told["text"] for told in EXPECTED.values()]
TEXT = EXPECTED["2025-06-02-ziyarat-msila"]["text"]


def test_one_word_changed_a_line_added_or_other_spelling_leaves_a_copy() -> None:
    assert similarity(TEXT, TEXT.replace("أربع ثانويات", "خمس ثانويات")) > 0.9
    assert similarity(TEXT, "الجزائر (خاص) - " + TEXT + "\nصحيفة الميدان") > 0.9
    assert similarity(TEXT, TEXT.replace("أ", "ا").replace("ة ", "ه ")) == 1.0


def test_a_part_is_a_copy_and_a_few_sentences_in_another_text_are_none() -> None:
    half = TEXT[: len(TEXT) // 2]
    assert similarity(TEXT, half) > 0
    assert similarity(TEXT, TEXTS[0] + half) == 0.0


def test_statements_of_one_genre_are_no_copies() -> None:
    assert [similarity(a, b) for i, a in enumerate(TEXTS) for b in TEXTS[:i]] == [0.0] * 45


def test_reports_of_one_form_with_other_numbers_are_no_copies() -> None:
    form = (
        "سجلت مصالح الحماية المدنية خلال الأسبوع الماضي {} تدخلا عبر {} بلدية، أسفرت عن إنقاذ {} شخصا "
        "ونقل {} آخرين إلى المستشفيات القريبة من أماكن سكنهم عبر كامل تراب الولاية وبلدياتها ودوائرها"
    )
    assert similarity(form.format(1200, 34, 17, 350), form.format(1340, 31, 12, 410)) == 0.0
    assert similarity(form.format(1200, 34, 17, 350), form.format(1200, 34, 17, 350) + " حسب بيان لها") > 0.8


def test_signatures_estimate_the_similarity_and_are_the_same_everywhere() -> None:
    words = [f"كلمة{n}" for n in range(2000)]
    random.Random(1).shuffle(words)
    a, b = shingles(" ".join(words[:1000])), shingles(" ".join(words[200:1200]))
    exact = len(np.intersect1d(a, b)) / len(np.union1d(a, b))
    assert abs(np.count_nonzero(signature(a) == signature(b)) / SIZE - exact) < 0.12
    # Signatures are stored: another version of numpy, or another machine, must make the same.
    assert signature(shingles("أمر الوالي بفتح الطريق"))[:3].tolist() == PINNED


PINNED = [1607308573, 668794718, 893691089]


def test_candidates_find_pairs_and_with_new_rows_only_theirs() -> None:
    texts = [*TEXTS, TEXT + " اليوم", TEXT + " أمس"]
    place = TEXTS.index(TEXT)
    with Signatures(signature(shingles(text)).tobytes() for text in texts) as signatures:
        assert list(candidates(signatures)) == [(place, 10), (place, 11), (10, 11)]
        assert list(candidates(signatures, [n == 11 for n in range(12)])) == [(place, 11), (10, 11)]
        assert list(candidates(signatures, [False] * 12)) == []


def test_candidates_are_the_pairs_that_share_a_band_and_a_third_of_their_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipeline.copies.bands._BLOCK", 7)  # many blocks
    draw = np.random.default_rng(1)
    rows = draw.integers(0, 2**32, (60, SIZE), dtype=np.uint32)
    for at in range(1, 60):  # each takes some of the numbers of one before it, few or many
        kept = draw.random(SIZE) < draw.random()
        rows[at, kept] = rows[draw.integers(0, at), kept]
    new = draw.random(60) < 0.5

    def near(i: int, j: int) -> bool:
        same = rows[i] == rows[j]
        return bool(same.reshape(BANDS, ROWS).all(axis=1).any()) and np.count_nonzero(same) >= 0.3 * SIZE

    pairs = [(i, j) for i in range(60) for j in range(i + 1, 60) if near(i, j)]
    assert len(pairs) > 40
    with Signatures(row.tobytes() for row in rows) as signatures:
        assert list(candidates(signatures)) == pairs
        assert list(candidates(signatures, new)) == [(i, j) for i, j in pairs if new[i] or new[j]]


def test_a_text_that_comes_a_thousand_times_makes_a_thousand_pairs() -> None:
    with Signatures([signature(shingles(TEXT)).tobytes()] * 1000) as signatures:
        assert list(candidates(signatures)) == [(0, n) for n in range(1, 1000)]


def member(name: str, day: str, title: str = "", address: str = "") -> Member:
    return Member(name, (day, name), title, name, address, name)


def test_the_earliest_is_first_and_a_correction_points_at_what_it_corrects() -> None:
    found = [
        member("c", "2025-01-03", "تصحيح: موعد الامتحان"),
        member("a", "2025-01-01"),
        member("b", "2025-01-02"),
        member("d", "9999"),
    ]
    pairs = [("a", "b", 0.7), ("b", "c", 0.9), ("c", "d", 0.6)]
    (group,) = groups(pairs, {m.document_id: m for m in found})
    assert (group.first, dict(group.others), dict(group.corrects)) == ("a", {"b": 0.9, "c": 0.9, "d": 0.6}, {"c": "b"})


def test_another_text_at_the_same_address_is_a_corrected_version() -> None:
    found = [member(name, "2025-01-01", address=address) for name, address in (("a", "u"), ("b", "u"), ("x", "v"))]
    (group,) = groups([("a", "b", 0.9), ("a", "x", 0.9)], {m.document_id: m for m in found})
    assert dict(group.corrects) == {"b": "a"}


@pytest.mark.parametrize(
    ("title", "is_one"),
    [
        ("تصويب", True), ("بيان هام - استدراك", True), ("وزارة السكن: بيان مصحح", True), ("بيان (نسخة معدلة)", True), ("تصحيح: أخطأنا في التاريخ", True),
        ("وزير التربية: تصحيح أوراق البكالوريا يبدأ الأحد", False), ("تصحيح المسار الاقتصادي أولوية", False), ("قانون معدل ومتمم", False),
    ],
)  # fmt: skip
def test_what_calls_itself_a_correction(title: str, is_one: bool) -> None:
    assert calls_itself_correction(title, "") is is_one
    assert calls_itself_correction("", f"{title}\n{TEXT}") is is_one


# --- in the store


def write(**texts: str) -> None:
    Path("in").mkdir(exist_ok=True)
    for name, text in texts.items():
        Path("in", f"{name.replace('_', '-')}.txt").write_text(text, encoding="utf-8")


def rows(query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"out/{FILE_NAME}") as connection:
        return list(connection.execute(query))


@pytest.fixture
def filled(taalimat: Run) -> Run:
    """A statement (a), a copy of it (b), a corrected version (c), and another statement (z)."""
    corrected = f"تصحيح: {TEXT.replace('1541', '1542')}"
    write(d2025_06_02_a=TEXT, d2025_06_03_b=TEXT + "\nالميدان", d2025_06_04_c=corrected, d2025_06_01_z=TEXTS[0])
    for path in list(Path("in").iterdir()):
        path.rename(path.with_name(path.name[1:]))
    assert taalimat("run", "in", "--out", "out", "--workers", "1").exit_code == 0
    return taalimat


def test_a_run_links_copies_and_the_view_folds_them(filled: Run) -> None:
    a, b, c, z = (f"in/2025-06-0{n}-{name}.txt" for n, name in ((2, "a"), (3, "b"), (4, "c"), (1, "z")))
    assert len(rows("SELECT * FROM documents")) == 4
    found = rows(
        "SELECT d.source, f.source, k.source, similarity > 0.9 FROM copies AS c JOIN documents AS d USING (document_id) "
        "JOIN documents AS f ON f.document_id = c.first_id LEFT JOIN documents AS k ON k.document_id = c.corrects ORDER BY d.source"
    )
    assert found == [(b, a, None, 1), (c, a, a, 1)]
    assert rows("SELECT source, documents FROM statements ORDER BY source") == [(z, 1), (c, 3)]
    (both,), (once,) = (
        rows(f"SELECT count(*) FROM instructions {fold}")[0] for fold in ("", "JOIN statements USING (document_id)")
    )
    assert int(str(both)) > int(str(once)) > 0


def test_the_next_run_looks_at_new_documents_and_their_copies_only(
    filled: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(new=TEXT + "\nوكالات")
    looked_at: list[str] = []
    monkeypatch.setattr("pipeline.store.copies.traits", lambda text: looked_at.append(text) or traits(text))
    assert filled("run", "in", "--out", "out", "--workers", "1").exit_code == 0
    assert TEXT in looked_at
    assert TEXTS[0] not in looked_at
    assert rows("SELECT documents FROM statements ORDER BY 1") == [(1,), (4,)]


def test_a_document_that_is_gone_leaves_no_copies(filled: Run) -> None:
    with Store(Path("out") / FILE_NAME) as store:
        store.connection.execute("DELETE FROM documents WHERE source LIKE '%-a.txt'")
        assert link_copies(store, 1) == 1
        assert store.connection.execute("SELECT count(*) FROM copy_signature").fetchone()[0] == 3
        assert store.connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_process_beside_finds_the_same_pairs(filled: Run) -> None:
    with Store(Path("out") / FILE_NAME) as store:
        before = [list(store.connection.execute(f"SELECT * FROM {table}")) for table in ("copies", "copy_pair")]
        assert len(before[0]) == 2
        store.connection.execute("UPDATE copy_signature SET version = 0")
        store.connection.execute("DELETE FROM copy_pair")
        store.connection.execute("DELETE FROM copy_signature WHERE rowid = 2")  # as of a store of an earlier version
        sign(store)
        with store.transaction(), pairing(store) as pairs:
            assert link_copies(store, 1, pairs) == 2
        after = [list(store.connection.execute(f"SELECT * FROM {table}")) for table in ("copies", "copy_pair")]
        assert after == before
        assert store.connection.execute("SELECT min(version) FROM copy_signature").fetchone() == (1,)


def test_a_run_over_many_documents_finds_them_beside_the_register(filled: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = rows("SELECT document_id, first_id, similarity, corrects FROM copies ORDER BY 1")
    monkeypatch.setattr("pipeline.cli.run.MANY", 0)
    assert filled("run", "in", "--out", "anew", "--workers", "1").exit_code == 0
    with sqlite3.connect(f"anew/{FILE_NAME}") as connection:
        query = "SELECT document_id, first_id, similarity, corrects FROM copies ORDER BY 1"
        assert list(connection.execute(query)) == expected
        assert connection.execute("SELECT count(*) > 0 FROM actor_record").fetchone() == (1,)
