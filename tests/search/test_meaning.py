"""Vectors of meaning: kept in step with the directives, fitted, and joined with what the words find. The encoder is a stand-in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.corrections.record import Typed, locate
from pipeline.corrections.store import Verdict, correct
from pipeline.pipeline import analyze
from pipeline.search import meaning
from pipeline.search.columns import columns
from pipeline.search.engine import connect_readonly, search
from pipeline.search.query import Query
from pipeline.search.words import keys, split
from pipeline.store.rows import to_rows
from pipeline.store.sqlite import Store

SAME = {"حافل": "مركب", "باص": "مركب"}
"""What the stand-in takes for one: bus and coach."""


class StandIn:
    """Makes a vector of the stems of a text, each a direction of its own."""

    id = "stand-in"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        out = np.full((len(texts), 384), 0.01, np.float32)
        for row, text in enumerate(texts):
            for word in split(text):
                stem = SAME.get(keys(word).stems[0], keys(word).stems[0])
                seed = int.from_bytes(hashlib.sha256(stem.encode()).digest()[:8], "big")
                out[row] += np.random.default_rng(seed).normal(size=384).astype(np.float32)
        return np.asarray(out / np.linalg.norm(out, axis=1, keepdims=True), np.float32)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(meaning, "default_encoder", StandIn)
    monkeypatch.setattr("pipeline.search.asked.synonyms", lambda word: frozenset())
    path = tmp_path / "s.sqlite"
    with Store(path) as store:
        for name, text in (
            ("a", "أمر الوالي بتجديد الباصات."),
            ("b", "أمر الوالي بفتح الطريق."),
            ("c", "أمر الوالي بغلق الجسر."),
        ):
            store.save(store.begin_run(["s"]), to_rows(analyze(text, id=name)))
        meaning.refresh(store, StandIn())  # type: ignore[arg-type]
    return path


def test_what_says_the_same_in_other_words_is_found_behind_the_exact_matches(path: Path) -> None:
    connection = connect_readonly(path)
    hits = search(connection, Query("تجديد حافلة")).hits
    assert (hits[0].row["document_id"], hits[0].match) == ("a", "near")
    meant = search(connection, Query("حافلة")).hits
    assert (meant[0].row["document_id"], meant[0].match) == ("a", "meaning")
    assert search(connection, Query("حافلة", near=False)).total == 0
    connection.close()


def test_vectors_go_and_come_with_their_directives(path: Path) -> None:
    with Store(path) as store:
        store.save(store.begin_run(["s"]), to_rows(analyze("أمر الوالي بطلاء الجدار.", id="a")))
        assert meaning.lacking(store.connection, StandIn()) == 1  # type: ignore[arg-type]
        meaning.refresh(store, StandIn())  # type: ignore[arg-type]
        ids = "SELECT (SELECT group_concat(id) FROM search_text), (SELECT group_concat(id) FROM search_vector WHERE bits <> x'')"
        texts, vectors = store.connection.execute(ids).fetchone()
        assert sorted(texts.split(",")) == sorted(vectors.split(","))
        assert store.connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_what_a_person_added_has_a_vector_too(path: Path) -> None:
    with Store(path) as store:
        record = locate("أمر الوالي بفتح الطريق.", Typed("فتح", "الطريق", "order", "do"))
        correct(store, "b", Verdict.ADD, "نورة", record=record)
        meaning.refresh(store, StandIn())  # type: ignore[arg-type]
        assert meaning.lacking(store.connection, StandIn()) == 0  # type: ignore[arg-type]
        sql = "SELECT v.vector FROM search_vector AS v JOIN search_text AS t USING (id) WHERE t.about IS NOT NULL"
        ((vector,),) = store.connection.execute(sql).fetchall()
        wanted = np.round(StandIn().embed(["الطريق"]) * 127).astype(np.int8)
        assert vector == wanted.tobytes()


def test_the_nearest_are_those_of_like_words(path: Path) -> None:
    with Store(path) as store:
        space = meaning.space(store.connection)
        assert space is not None
        asked = meaning.asked(space, "فتح الطريق")
        ids = columns(store.connection).ids
        assert sorted(meaning.nearest(space, asked, np.ones(3, dtype=bool), 3)) == [0, 1, 2]
        best = ids[np.argmax(meaning.vectors(store.connection, space, ids) @ asked)]
        sql = "SELECT directive_id FROM search_text WHERE id = ?"
        assert store.connection.execute(sql, (int(best),)).fetchone()[0].startswith("b:")
        assert list(meaning.nearest(space, asked, np.array([True, False, False]), 3)) == [0]  # what a filter leaves


def test_a_text_is_moved_towards_what_it_found(path: Path) -> None:
    """«إصلاح» says nothing of a bus; but the best by words does, and so what else is said of buses comes near."""
    with Store(path) as store:
        for name, text in (("d", "أمر الوالي بإصلاح الباصات."), ("e", "أمر الوالي بغسل الحافلات.")):
            store.save(store.begin_run(["s"]), to_rows(analyze(text, id=name)))
        meaning.refresh(store, StandIn())  # type: ignore[arg-type]
    connection = connect_readonly(path)
    hits = search(connection, Query("إصلاح")).hits
    assert hits[0].row["document_id"] == "d"
    assert {hit.row["document_id"]: hit.match for hit in hits}.get("e") == "meaning"
    places = [hit.row["document_id"] for hit in hits]
    assert "b" not in places or places.index("e") < places.index("b")
    connection.close()


def test_moving_goes_to_the_middle() -> None:
    here, there = np.eye(384, dtype=np.float32)[:2]
    assert (meaning.towards(here, np.zeros(0), np.zeros((0, 384), np.float32)) == here).all()
    moved = meaning.towards(here, np.array([2.0]), there[None])
    assert float(moved @ here) == pytest.approx(float(moved @ there)) == pytest.approx(0.5**0.5)


def test_without_an_encoder_the_words_alone_decide(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "default_encoder", lambda: None)
    connection = connect_readonly(path)
    assert search(connection, Query("حافلة")).total == 0
    assert search(connection, Query("باص")).total == 1
    connection.close()
