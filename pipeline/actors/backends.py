"""A plug for other recognisers of names: a trained tagger, CAMeL Tools or Stanza.

A recogniser gives mentions (raw offsets) with their kind; the stage takes those that touch no mention of its own, and resolves them
with the rest. Adapters of other packages are in :mod:`pipeline.backends`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from pipeline.actors.recognise import Found
from pipeline.actors.words import Words
from pipeline.types import Analysis, Kind, Mention


class NameRecogniser(Protocol):
    """Finds names. Mentions need not be sorted; those whose kind is None are passed over."""

    @property
    def name(self) -> str: ...

    def __call__(self, analysis: Analysis) -> Iterable[Mention]: ...


def found_by(recogniser: NameRecogniser, analysis: Analysis, words: Words, taken: Iterable[Found]) -> Iterator[Found]:
    """What ``recogniser`` finds outside the mentions ``taken``, cut at word bounds."""
    busy = {i for f in taken for i in range(f.first, f.last)}
    for mention in recogniser(analysis):
        start, end = analysis.norm.index_of(mention.span.start), analysis.norm.index_of(mention.span.end)
        inside = [
            i for i in range(len(words)) if words.start[i] < end and words.end[i] > start and words.text[i][0].isalnum()
        ]
        if mention.kind is None or not inside or busy & set(inside):
            continue
        at = (start, words.end[inside[-1]])
        person = mention.kind is Kind.PERSON
        yield Found(
            inside[0],
            inside[-1] + 1,
            *at,
            mention.kind,
            name=at if person else None,
            designation=None if person else at,
            source=f"model:{recogniser.name}",
        )
