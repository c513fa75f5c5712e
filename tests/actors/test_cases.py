"""Composed cases, one group a phenomenon (``cases.toml``), with counter-examples."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.actors import ActorsStage, SpeakerIndex
from pipeline.actors.places import describe
from pipeline.normalize import fold, normalize
from pipeline.segment import SegmentStage
from pipeline.types import Actor, Analysis, Document, Span

CASES = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))["group"]
# Known gaps: text -> why. A case that starts to pass must leave this list.
GAPS: dict[str, str] = {}


def _cases() -> Iterator[Any]:
    for group in CASES:
        for number, case in enumerate(group["cases"], 1):
            marks = [pytest.mark.xfail(strict=True, reason=GAPS[case["text"]])] if case["text"] in GAPS else []
            yield pytest.param(case, id=f"{group['name']}-{number}", marks=marks)


def analysed(text: str, title: str | None = None) -> Analysis:
    return ActorsStage()(SegmentStage()(Analysis(Document("case", text, title), normalize(text))))


def named(analysis: Analysis, name: str) -> list[Actor]:
    return [actor for actor in analysis.actors if fold(actor.name) == fold(name)]


def test_there_are_at_least_120_cases() -> None:
    assert sum(len(group["cases"]) for group in CASES) >= 120


@pytest.mark.parametrize("case", list(_cases()))
def test_case(case: dict[str, Any]) -> None:
    text = case["text"]
    analysis = analysed(text, case.get("title"))
    shown = [
        (actor.kind.value, actor.name, actor.office, [s.text(text) for s in actor.mentions])
        for actor in analysis.actors
    ]
    for expected in case.get("actors", []):
        head, *mentions = [part.strip() for part in expected.split("|")]
        kind, name = head.split(" ", 1)
        found = named(analysis, name)
        assert [actor.kind.value for actor in found] == [kind], f"{expected} not in {shown}"
        if mentions:
            assert [s.text(text) for s in found[0].mentions] == mentions
    for expected in case.get("office", []):
        name, office = expected.split(" = ")
        assert [actor.office for actor in named(analysis, name)] == [office], shown
    for name in case.get("absent", []):
        assert not named(analysis, name), shown
    index = SpeakerIndex(analysis)
    for expected in case.get("issuer", []):
        trigger, rest = expected.split(" -> ")
        mention, name = rest.split(" = ")
        spoken = index.issuer(word(text, trigger), passive=case.get("passive", False), masdar=case.get("masdar", False))
        assert spoken is not None
        assert (analysis.text(spoken[0].span), spoken[1]) == (mention, name)
    for expected in case.get("np", []):
        start = text.index(expected)
        assert text[start : index.np_end(start, len(text))] == expected
    for expected in case.get("antecedent", []):
        pronoun, mention = expected.split(" -> ")
        place = word(text, pronoun)
        found_mention = index.antecedent(place.start, re.sub(r"^(?:من|إيا|كلف)", "", pronoun))
        assert found_mention is not None
        assert analysis.text(found_mention.span) == mention
    for expected in case.get("level", []):
        phrase, rest = expected.split(" = ")
        level, wilaya = (part.strip() for part in rest.split("|"))
        described = describe(phrase)
        assert (described.level, described.wilaya) == (level, wilaya)


def word(text: str, form: str) -> Span:
    """The first place of a whole word, a conjunction before it aside."""
    match = re.search(rf"(?<!\w)[وف]?({re.escape(form)})(?!\w)", text)
    assert match, form
    return Span(match.start(1), match.end(1))


@pytest.mark.parametrize("text", [case["text"] for group in CASES for case in group["cases"]])
def test_mentions_lie_in_the_text_and_belong_to_actors(text: str) -> None:
    analysis = analysed(text)
    ids = {actor.id for actor in analysis.actors}
    for mention in analysis.mentions:
        assert 0 <= mention.span.start < mention.span.end <= len(text)
        assert text[mention.span.start : mention.span.end].strip() == analysis.text(mention.span)
        assert mention.actor_id is None or mention.actor_id in ids
    for actor in analysis.actors:
        assert actor.name
        assert list(actor.mentions) == sorted(set(actor.mentions))
