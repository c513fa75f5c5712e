"""Gold statements as training examples: labels stand where the words stand, clitics aside, and what the rules get wrong is a counter-example."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.model.labels import LAYERS, TRIGGER_LABELS
from pipeline.model.pieces import Pieces
from pipeline.standoff import from_standoff

# The wali ordered the directors to open the road and to repair the roof; the union demanded a rise in wages.
TEXT = "أمر الوالي المديرين بفتح الطريق وبترميم السقف. وطالبت النقابة برفع الأجور."


@pytest.fixture(scope="module")
def data() -> ModuleType:
    path = Path(__file__).parents[2] / "models" / "train" / "data.py"
    spec = importlib.util.spec_from_file_location("training_data", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def letters() -> Pieces:
    """Pieces that make a piece of every letter."""
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *sorted({c for c in TEXT if c != " "} | {"▁"})]
    return Pieces(pieces, [-1.0] * len(pieces))


def span(words: str) -> dict[str, object]:
    at = TEXT.index(words)
    return {"text": words, "start": at, "end": at + len(words)}


GOLD = {
    "id": "d-1",
    "text": TEXT,
    "directives": [
        {
            "trigger": span("أمر"),
            "force": "order",
            "polarity": "do",
            "issuer": {**span("الوالي"), "name": "الوالي"},
            "addressees": [span("المديرين")],
            "instructions": [span("فتح الطريق"), span("ترميم السقف")],
            "purposes": [],
            "deadline": None,
            "recalled": False,
        }
    ],
    "dates": [],
    "actors": [],
}


def test_spans_are_tagged_behind_their_clitics(data: ModuleType, letters: Pieces) -> None:
    (example,) = data.examples([from_standoff(GOLD)], letters)
    words = [TEXT[t.span.start : t.span.end] for t in example.encoded.tokens]
    (trigger,) = [t for t in example.triggers if t.valid]
    tags = trigger.tags[LAYERS.index("instruction")]
    assert [(w, tag) for w, tag in zip(words, tags, strict=True) if tag] == [
        ("بفتح", 1), ("الطريق", 2), ("وبترميم", 1), ("السقف", 2),
    ]  # fmt: skip
    assert trigger.skips[words.index("بفتح")] == 1
    assert trigger.skips[words.index("وبترميم")] == 2
    assert TRIGGER_LABELS[example.trigger[words.index("أمر")]] == "B-order"
    assert example.lost == 0


def test_what_the_rules_take_wrongly_is_a_counter_example(data: ModuleType, letters: Pieces) -> None:
    (example,) = data.examples([from_standoff({**GOLD, "directives": []})], letters)
    false = {TEXT[t.span.start : t.span.end] for t in example.triggers if not t.valid}
    assert {"أمر", "طالبت"} <= false
    assert not any(t.valid for t in example.triggers)
    assert all(label == 0 for label in example.trigger)


def test_every_first_piece_is_the_first_of_its_word(data: ModuleType, letters: Pieces) -> None:
    (example,) = data.examples([from_standoff(GOLD)], letters)
    for token, at in zip(example.encoded.tokens, example.encoded.first, strict=True):
        first = TEXT[token.span.start]
        assert letters.piece(example.encoded.ids[at]).strip("▁") in ("", first)


def test_a_fifth_of_the_documents_is_kept_for_the_merge(data: ModuleType) -> None:
    kept = sum(data.is_merge_fold(f"dz1-{n:02}") for n in range(1000))
    assert 150 < kept < 250
