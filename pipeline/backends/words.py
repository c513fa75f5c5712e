"""What the morphological backends share: from the readings of words to a layer of units."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.backends.align import parts
from pipeline.types import Analysis, Layer, Span, Token, Unit

PROCLITICS = {"و": "CCONJ", "ف": "CCONJ", "ب": "ADP", "ل": "ADP", "ك": "ADP", "س": "AUX", "ا": "PART"}
"""Universal part of speech of each proclitic, bare; the article is no unit of its own."""

_ARABIC = re.compile("[\u0621-\u064a]+")

ARTICLE = frozenset({"ال", "ل"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A word as an analyser reads it: proclitics (bare, without the article), the stem with its article, enclitics."""

    proclitics: tuple[str, ...]
    stem: str
    enclitics: tuple[str, ...]
    lemma: str | None
    pos: str | None
    masdar: bool | None


def layer(name: str, analysis: Analysis, read: Callable[[str], Reading | None]) -> Layer:
    """A layer of all words of an analysis. A word without reading, or whose parts are not found in it, is one unit."""
    units = [unit for s in analysis.sentences for token in s.tokens for unit in _units(analysis, token, read)]
    return Layer(name, tuple(units))


def _units(analysis: Analysis, token: Token, read: Callable[[str], Reading | None]) -> Iterator[Unit]:
    word = analysis.text(token.span)
    if not _ARABIC.fullmatch(token.norm):
        first = token.norm[0]
        yield Unit(token.span, pos="NUM" if first.isdigit() else "X" if first.isalpha() else "PUNCT")
        return
    reading = read(word)
    if reading is None:
        yield Unit(token.span)
        return
    forms = (*reading.proclitics, reading.stem, *reading.enclitics)
    places = parts(word, forms) if len(forms) > 1 else ((0, len(word)),)
    if places is None:
        yield Unit(token.span, reading.lemma, reading.pos, reading.masdar)
        return
    stem = len(reading.proclitics)
    for k, (start, end) in enumerate(places):
        span = Span(token.span.start + start, token.span.start + end)
        if k == stem:
            yield Unit(span, reading.lemma, reading.pos, reading.masdar)
        else:
            yield Unit(span, forms[k], PROCLITICS.get(forms[k]) if k < stem else "PRON")
