"""A plug for other recognisers of names: a trained tagger, CAMeL Tools or Stanza.

A recogniser gives mentions (raw offsets) with their kind; the stage takes those that touch no mention of its own, and resolves them
with the rest. The adapters import their package when they are called, and say which extra to install where it is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from pipeline.actors.phrases import Words
from pipeline.actors.recognise import Found
from pipeline.errors import TaalimatError
from pipeline.types import CONTENT, Analysis, Evidence, Kind, Mention, Span

_KINDS = {
    "PER": Kind.PERSON,
    "PERS": Kind.PERSON,
    "PERSON": Kind.PERSON,
    "ORG": Kind.ORGANISATION,
    "ORGANIZATION": Kind.ORGANISATION,
}


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


@dataclass
class Stanza:
    """Named entities of a Stanza pipeline for Arabic (``pip install 'taalimat[stanza]'`` and ``stanza.download("ar")``)."""

    name: str = "stanza"
    _pipeline: Any = field(default=None, repr=False)

    def __call__(self, analysis: Analysis) -> Iterator[Mention]:
        if self._pipeline is None:
            try:
                import stanza  # type: ignore[import-not-found,unused-ignore]
            except ImportError as error:
                raise TaalimatError("Stanza is not installed; run pip install 'taalimat[stanza]'") from error
            self._pipeline = stanza.Pipeline("ar", processors="tokenize,ner", verbose=False)
        for entity in self._pipeline(analysis.document.raw).ents:
            if entity.type in _KINDS:
                span = Span(entity.start_char, entity.end_char)
                yield Mention(span, _KINDS[entity.type], None, (Evidence(f"model:{self.name}", span, 0.5),))


@dataclass
class Camel:
    """CAMeL Tools' recogniser (``pip install 'taalimat[camel]'`` and ``camel_data -i ner-arabert``)."""

    name: str = "camel"
    _recogniser: Any = field(default=None, repr=False)

    def __call__(self, analysis: Analysis) -> Iterator[Mention]:
        if self._recogniser is None:
            try:
                from camel_tools.ner import NERecognizer  # type: ignore[import-not-found,unused-ignore]
            except ImportError as error:
                raise TaalimatError("CAMeL Tools is not installed; run pip install 'taalimat[camel]'") from error
            self._recogniser = NERecognizer.pretrained()
        for sentence in analysis.sentences:
            if sentence.zone in CONTENT and sentence.tokens:
                labels = self._recogniser.predict_sentence([analysis.text(token.span) for token in sentence.tokens])
                yield from bio(self.name, [token.span for token in sentence.tokens], labels)


def bio(name: str, spans: list[Span], labels: list[str]) -> Iterator[Mention]:
    """Mentions from B-/I- labels of tokens.

    >>> [(m.span, m.kind.value) for m in bio("tagger", [Span(0, 4), Span(5, 9), Span(10, 12)], ["B-PERS", "I-PERS", "O"])]
    [(Span(start=0, end=9), 'PERSON')]
    """
    start: Span | None = None
    end: Span | None = None
    kind: Kind | None = None
    for span, label in zip([*spans, Span(0, 0)], [*labels, "O"], strict=True):
        if start is not None and end is not None and not label.startswith("I-"):
            whole = Span(start.start, end.end)
            if kind is not None:
                yield Mention(whole, kind, None, (Evidence(f"model:{name}", whole, 0.5),))
            start = None
        if label.startswith("B-"):
            start, kind = span, _KINDS.get(label[2:])
        end = span
