"""The queries that search is measured and fitted with: their marks are instructions of the annotations, and none of those fitted with is measured."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.corpus import default_folder, load
from pipeline.search.text import parse

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
NAMES = ("search.toml", "search_fit.toml", "search_unseen.toml")


def queries(name: str) -> list[dict[str, Any]]:
    return list(tomllib.loads((BENCHMARKS / name).read_text(encoding="utf-8"))["query"])


@pytest.fixture(scope="module")
def instructions() -> set[str]:
    return {
        f"{statement.id}:{directive.instruction.start}"
        for statement in load(default_folder()).statements
        for directive in statement.analysis().directives
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_mark_is_an_instruction(name: str, instructions: set[str]) -> None:
    for query in queries(name):
        assert query["relevant"], query["text"]
        assert set(query["relevant"]) <= instructions, query["text"]
        assert query["kind"] in ("form", "spelling", "operators", "meaning")


def test_what_is_fitted_on_is_not_what_is_measured_on() -> None:
    words = {
        name: {frozenset(word.keys[0].stems[0] for word in parse(query["text"]).words) for query in queries(name)}
        for name in NAMES
    }
    assert not words["search_fit.toml"] & (words["search.toml"] | words["search_unseen.toml"])
