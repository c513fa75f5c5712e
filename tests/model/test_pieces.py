"""Word pieces: the same as the library ``tokenizers`` makes of the same file, and places that lead back into the text."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pipeline.model.pieces import UNKNOWN, Pieces

ROOT = Path(__file__).parents[2]
FILE = ROOT / "models" / "tagger" / "tokenizer.json"
STATEMENTS = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "data" / "raw").glob("*.txt"))]


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    return Pieces.load(FILE)


def odd_texts() -> list[str]:
    """Letters, marks, presentation forms, other scripts and what is replaced or dropped, at random."""
    rng = random.Random(1)
    letters = "ابجدلاإ أُّ ﷺﻻﻼ…½²ﬁé́e٣3.،\u200f\u00a0\ufeff\x01\t<s>▁😀漢字ー゛각"
    return ["".join(rng.choices(letters, k=rng.randrange(1, 40))) for _ in range(500)]


def test_pieces_are_those_of_the_library(pieces: Pieces) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    library = tokenizers.Tokenizer.from_file(str(FILE))
    assert STATEMENTS
    for text in [*STATEMENTS, *odd_texts()]:
        assert pieces.encode(text).ids == library.encode(text, add_special_tokens=False).ids, repr(text)
    for text in STATEMENTS:
        offsets = library.encode(text, add_special_tokens=False).offsets
        assert pieces.encode(text).ends == [end for _, end in offsets]


def test_ends_grow_and_reach_the_last_word(pieces: Pieces) -> None:
    for text in [*STATEMENTS, *odd_texts()]:
        ids, ends = pieces.encode(text)
        assert len(ids) == len(ends)
        assert ends == sorted(ends)
        assert all(0 < end <= len(text) for end in ends)
    assert pieces.encode("أمر الوالي  ").ends[-1] == 10


def test_letters_that_no_piece_has_are_one_unknown_piece() -> None:
    few = Pieces(["<s>", "<pad>", "</s>", "<unk>", "▁", "ا", "ب", "اب"], [0, 0, 0, 0, -1, -2, -2, -3])
    assert few.encode("ابخصا") == ([4, 7, UNKNOWN, 5], [1, 2, 4, 5])
    assert few.encode(" \u200f ") == ([], [])


def test_what_is_longer_when_normal_keeps_its_place(pieces: Pieces) -> None:
    text = "فتح… الطريق"
    ends = pieces.encode(text).ends
    assert ends[-1] == len(text)
    assert 4 in ends


def test_a_file_that_is_written_is_the_one_that_was_read(pieces: Pieces, tmp_path: Path) -> None:
    pieces.save(tmp_path / "tokenizer.json")
    assert (tmp_path / "tokenizer.json").read_bytes() == FILE.read_bytes()
