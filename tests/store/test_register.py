"""The register that the store builds a part at a time is the one that all appearances at once give."""

from __future__ import annotations

import datetime
import itertools
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from pipeline.actors.decisions import merge, split
from pipeline.actors.register import Entry, build
from pipeline.actors.units import Decision
from pipeline.store import register
from pipeline.store.register import appearances, decide, decisions, entries, rebuild, undo
from pipeline.store.rows import to_rows
from pipeline.store.sqlite import Store
from pipeline.types import Actor, Analysis, Document, Kind, NormalizedText

GIVEN = ("سمير", "نبيل", "كريمة", "وليد")
FAMILY = ("بوزيدي", "عمراني", "قاسمي")
OFFICES = (None, None, "وزير الري", "وزير الموارد المائية", "رئيس الجمعية", "والي ولاية باتنة", "مدير")
BODIES = (
    ("وزارة الصحة", ()),
    ("وزارة الصحة والسكان", ()),
    ("المعهد الوطني للقياس", ("منق",)),
    ("منق", ()),
    ("مديرية التربية", ()),
    ("مديرية التربية لولاية باتنة", ()),
    ("النادي الرياضي القسنطيني", ()),
    ("النادي القسنطيني", ()),
    ("حزب النهضة الجديدة", ()),
    ("النهضة الجديدة", ()),
)


def documents(seed: int, count: int) -> Iterator[tuple[Document, list[Actor]]]:
    draw = random.Random(seed)
    for number in range(count):
        day = datetime.date(2024, 1, 1) + datetime.timedelta(days=draw.randrange(900)) if draw.random() < 0.8 else None
        country = draw.choice(("", "dz", "dz", "tn"))
        meta = {"country": country} if country else {}
        name = f"d-{draw.randrange(10**6):06d}-{number}"
        outlet = draw.choice(("الأولى", "الثانية"))
        actors = []
        for place in range(draw.randrange(6)):
            if draw.random() < 0.6:
                who = f"{draw.choice(GIVEN)} {draw.choice(FAMILY)}"
                actors.append(Actor(f"a{place}", who, Kind.PERSON, draw.choice(OFFICES)))
            else:
                body, aliases = draw.choice(BODIES)
                actors.append(Actor(f"a{place}", body, Kind.ORGANISATION, None, aliases=aliases))
        yield Document(name, f"نص {name}", published=day, outlet=outlet, meta=meta), actors


def fill(store: Store, seed: int, count: int) -> None:
    run = store.begin_run(["s"])
    for document, actors in documents(seed, count):
        analysis = Analysis(document, NormalizedText(document.raw, None, None), actors=tuple(actors))
        store.save(run, to_rows(analysis))


def expected(store: Store, known: dict[str, str]) -> list[Entry]:
    return build(appearances(store), [d.decision for d in decisions(store)], known)


def keys(store: Store) -> dict[str, str]:
    return dict(store.connection.execute("SELECT key, id FROM actor_key"))


def plain(found: Sequence[Entry]) -> list[Entry]:
    """Keys of a record come back in the order of the alphabet."""
    return sorted(found, key=lambda e: e.id)


def check(store: Store, known: dict[str, str]) -> None:
    assert plain(entries(store)) == plain(expected(store, known))
    assert store.connection.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.fixture(params=[1, 7, 10_000])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(register, "_AT_ONCE", request.param)
    with Store(tmp_path / "taalimat.sqlite") as store:
        yield store


@pytest.mark.parametrize("seed", [1, 2])
def test_parts_give_what_all_at_once_give_and_ids_stay_when_documents_come_and_go(store: Store, seed: int) -> None:
    fill(store, seed, 60)
    rebuild(store)
    check(store, {})
    assert len(entries(store)) > 20
    first = keys(store)
    fill(store, seed + 10, 30)
    store.connection.execute("DELETE FROM documents WHERE rowid % 3 = 0")
    rebuild(store)
    check(store, first)
    assert any(first.get(key) == id for key, id in keys(store).items())


def test_persons_of_two_names_that_a_person_made_one_stay_so_and_come_apart_again(store: Store) -> None:
    fill(store, 3, 60)
    rebuild(store)
    persons = [e for e in entries(store) if e.kind is Kind.PERSON]
    one, other = next((a, b) for a, b in itertools.pairwise(persons) if a.name.split()[0] != b.name.split()[0])
    known = keys(store)
    number = decide(store, merge(one, other, decisions(store)), "merge")
    check(store, known)
    assert sum({*one.keys, *other.keys} <= set(e.keys) for e in entries(store)) == 1
    known = keys(store)
    rebuild(store)
    check(store, known)
    undo(store, number)
    check(store, known)
    store.connection.execute("DELETE FROM actor_decision")
    known = keys(store)
    fill(store, 4, 20)
    rebuild(store)
    check(store, known)


def test_what_was_split_off_and_a_decision_on_what_is_gone(store: Store) -> None:
    fill(store, 5, 60)
    rebuild(store)
    shown = next(e for e in entries(store) if e.kind is Kind.PERSON and len({*e.documents}) > 2)
    found = appearances(store)
    wanted, rest = split(shown, [shown.documents[0]], found, decisions(store))
    known = keys(store)
    decide(store, wanted, "split", rest)
    check(store, known)
    known = keys(store)
    gone = [Decision("merge", "0" * 12, "f" * 12)]  # neither is known
    decide(store, gone, "merge")
    check(store, known)
