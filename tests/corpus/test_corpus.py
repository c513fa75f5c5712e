"""The corpus as it lies in data/annotations: it loads, keeps its rules, and is what its data card says."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from pathlib import Path

import pytest

from pipeline.corpus import Corpus, default_folder, load, save
from pipeline.corpus.agreement import by_set, scores
from pipeline.corpus.checks import check_corpus, check_statement, read_words, repeated_grams
from pipeline.corpus.files import Split, read_statement
from pipeline.corpus.stats import Counts, by, variety
from pipeline.errors import TaalimatError
from pipeline.evaluate import total
from pipeline.standoff import to_standoff

FOLDER = default_folder()
ROOT = Path(__file__).parents[2]
CARD = (FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load(FOLDER)


def counts(corpus: Corpus, split: Split | None = None) -> Counts:
    return sum(by(corpus.of(split), lambda s: "all").values(), Counts())


def test_no_statement_breaks_a_rule(corpus: Corpus) -> None:
    lists = read_words(FOLDER)
    assert [str(fault) for s in corpus.statements for fault in check_statement(s, lists)] == []


def test_nothing_repeats_and_every_statement_stands_with_its_set(corpus: Corpus) -> None:
    assert [str(fault) for fault in check_corpus(corpus, read_words(FOLDER))] == []


def test_every_exception_is_needed(corpus: Corpus) -> None:
    lists = read_words(FOLDER)
    bare = dataclasses.replace(lists, exceptions=frozenset())
    found = {(f.statement, f.rule, f.start) for s in corpus.statements for f in check_statement(s, bare)}
    assert lists.exceptions <= found


def test_every_fixed_phrase_is_one(corpus: Corpus) -> None:
    lists = read_words(FOLDER)
    grams = repeated_grams(corpus.statements, dataclasses.replace(lists, fixed_phrases=()))
    for phrase in lists.fixed_phrases:
        assert any(gram in phrase for gram in grams), phrase


def test_it_is_as_large_and_as_mixed_as_it_should_be(corpus: Corpus) -> None:
    whole = counts(corpus)
    assert whole.statements >= 700
    assert whole.instructions >= 3800
    countries = Counter(s.country for s in corpus.statements)
    assert countries["DZ"] >= whole.statements / 3
    assert len(countries) >= 20
    for newspapers, share in ((False, 1 / 6), (True, 1 / 3)):
        some = [s for s in corpus.statements if s.set.about.startswith("Newspapers") is newspapers]
        assert sum(not s.directives for s in some) / len(some) == pytest.approx(share, abs=0.02)


def test_splits_are_by_writer_and_both_cover_the_regions(corpus: Corpus) -> None:
    sides = {split: {s.set.id for s in corpus.of(split)} for split in Split}
    assert not sides[Split.TRAIN] & sides[Split.HELD_OUT]
    assert {s.set.region for s in corpus.of(Split.HELD_OUT)} >= {"Algeria", "Maghreb", "Mashriq"}
    assert {"Algeria", "Maghreb", "Mashriq"} <= {s.set.region for s in corpus.of(Split.TRAIN)}
    assert 0.15 < len(corpus.of(Split.HELD_OUT)) / len(corpus.statements) < 0.3


def test_what_is_saved_is_what_was_read(corpus: Corpus, tmp_path: Path) -> None:
    for statement in corpus.statements[::23]:
        save(statement, tmp_path)
        for suffix in (".txt", ".json"):
            name = Path(statement.set.id) / f"{statement.id}{suffix}"
            assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()
        again = read_statement(tmp_path / statement.set.id / f"{statement.id}.json", statement.set)
        assert again == statement


def test_an_analysis_says_what_the_record_says(corpus: Corpus) -> None:
    for statement in corpus.statements[::7]:
        instructions = Counter(
            (entry["trigger"]["start"], span["start"], span["end"], entry["force"], entry["polarity"])
            for record in (statement.record, to_standoff(statement.analysis()))
            for entry in record["directives"]
            for span in entry["instructions"]
        )
        assert set(instructions.values()) <= {2, 4}, statement.id


def test_faulty_files_are_all_named(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "sets.toml").write_text('[[set]]\nid = "dz1"\nsplit = "train"\nregion = "Algeria"\nabout = "x"\n')
    good = corpus.of(set_id="dz1")[:4]
    for statement in good:
        save(statement, tmp_path)
    place = tmp_path / "dz1"
    (place / f"{good[0].id}.txt").write_text("نص آخر\n", encoding="utf-8")
    (place / f"{good[1].id}.txt").unlink()
    third = place / f"{good[2].id}.json"
    third.write_text(third.read_text(encoding="utf-8").replace('"DZ"', '"Algeria"'), encoding="utf-8")
    (place / "dz1-99.txt").write_text("بلا وسم\n", encoding="utf-8")
    with pytest.raises(TaalimatError) as caught:
        load(tmp_path)
    for name in (good[0].id, good[1].id, good[2].id, "dz1-99"):
        assert name in str(caught.value)
    assert good[3].id not in str(caught.value)


def test_a_set_cannot_stand_on_both_sides(tmp_path: Path) -> None:
    entry = '[[set]]\nid = "dz1"\nsplit = "{}"\nregion = "Algeria"\nabout = "x"\n'
    (tmp_path / "sets.toml").write_text(entry.format("train") + entry.format("held-out") + entry.format("test"))
    with pytest.raises(TaalimatError, match=r"stands twice(.|\n)*'test'; valid: train, held-out"):
        load(tmp_path)


def test_two_readings_agree_as_far_as_asked(corpus: Corpus) -> None:
    found = scores(FOLDER, corpus)
    assert len(found) >= len(corpus.statements) / 10
    groups = by_set(found)
    assert all(len(groups[name]) == 6 for name in ("dz8", "dz9", "mg5", "ar3"))
    tallies = total(groups["all"]).tallies
    assert tallies["instruction"].f1 >= 0.95
    assert tallies["record"].f1 >= 0.90
    row = CARD.partition(f"| all | {len(found)} |")[2].partition("\n")[0].strip(" |").split(" | ")
    measures = ("instruction", "instruction_exact", "record", "record_full", "trigger", "issuer", "addressee", "force", "dates", "actors")  # fmt: skip
    assert row == ["670", *(f"{tallies[name].f1:.3f}".lstrip("0") for name in measures)]


def test_the_data_card_tells_the_counts(corpus: Corpus) -> None:
    whole, kinds = counts(corpus), variety(corpus.statements)
    told = re.sub(r"\s+", " ", CARD)
    for sentence in (
        f"{whole.statements} Arabic government statements",
        f"**{whole.directives:,} directives, {whole.instructions:,} instructions, {whole.dates:,} dates**",
        f"{whole.empty} statements hold no directive",
        ", ".join(
            f"{kinds.forces[force]:,} {name}"
            for force, name in (
                ("demand", "demands"),
                ("emphasise", "emphases"),
                ("call", "calls"),
                ("urge", "urgings"),
            )
        ),
        f"{kinds.forces['order']:,} are orders",
        f"{whole.avoid:,} are to leave something, {whole.recalled} are recalled",
        f"{len(kinds.triggers)} distinct trigger forms, {len(kinds.heads):,} distinct head words",
        f"Of {kinds.grams:,} runs of eight words {kinds.repeated} stand in more than one statement and {kinds.frequent} in more than three",
        *(
            f"`{split}`: {c.statements} statements, {c.instructions:,} instructions"
            for split, c in ((split, counts(corpus, split)) for split in Split)
        ),
    ):
        assert sentence in told


def test_both_guidelines_have_the_same_rules() -> None:
    for name in ("guidelines.md", "guidelines.ar.md"):
        text = (ROOT / "docs" / name).read_text(encoding="utf-8").partition("\n## Decided cases\n" if name == "guidelines.md" else "\n## حالات محسومة\n")[2]  # fmt: skip
        assert [int(n) for n in re.findall(r"^(\d+)\. ", text, re.MULTILINE)] == list(range(1, 49))
