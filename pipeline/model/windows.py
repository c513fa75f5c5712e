"""A document as the encoder sees it: word pieces by token, cut into windows. Training and tagging share this module.

Only sentences of CONTENT are read; an end mark parts them. Positions are those of pieces, without the opening mark.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.model.e5 import EOS
from pipeline.model.pieces import Encoding, Pieces
from pipeline.normalize import NormalizedText, normalize
from pipeline.types import CONTENT, Analysis, Span, Token

LIMIT = 510
"""Most pieces of a window; the encoder has 512 positions."""
MARGIN = 112
"""Pieces of a window, on either side, that are context only, where the document goes on there."""
LEFT, RIGHT = 96, 144
"""Pieces before and behind a trigger that are read for its arguments."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Pieces of a document; of each of its tokens the first piece and the sentence; of each piece the sentence."""

    ids: list[int]
    tokens: list[Token]
    first: list[int]
    sentence: list[int]
    piece_sentence: list[int]

    def between(self, start: int, end: int) -> range:
        """Numbers of the tokens whose first piece is one of the pieces ``start`` to ``end``."""
        return range(bisect_left(self.first, start), bisect_left(self.first, end))


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces ``start`` to ``end``, of which ``core_start`` to ``core_end`` are decided in this window."""

    start: int
    end: int
    core_start: int
    core_end: int


def _cleaned(raw: str, start: int, end: int) -> tuple[str, NormalizedText | None]:
    """``raw[start:end]`` without marks that the view drops, and the mapping back where something was dropped."""
    text = raw[start:end]
    view = normalize(text)
    if view.starts is None:
        return text, None
    return "".join(text[i] for i in view.starts), view


def encode(analysis: Analysis, pieces: Pieces, near: Iterable[Span] | None = None) -> Encoded:
    """The pieces of an analysis with sentences: of all of them, or of those that :func:`windows` around the places ``near`` can reach."""
    ids: list[int] = []
    tokens: list[Token] = []
    first: list[int] = []
    sentence: list[int] = []
    piece_sentence: list[int] = []
    for number, (encoding, view) in sorted(_encoded(analysis, pieces, near).items()):
        sent = analysis.sentences[number]
        base = sent.span.start
        # Where each piece ends, in the sentence's raw characters.
        ends = [end if view is None or view.starts is None else view.starts[end - 1] + 1 for end in encoding.ends]
        k, at = 0, len(ids)
        for token in sent.tokens:
            while k < len(ends) - 1 and ends[k] <= token.span.start - base:
                k += 1
            tokens.append(token)
            first.append(at + k)
            sentence.append(number)
        ids += encoding.ids
        ids.append(EOS)
        piece_sentence += [number] * (len(encoding.ids) + 1)
    return Encoded(ids, tokens, first, sentence, piece_sentence)


def _encoded(
    analysis: Analysis, pieces: Pieces, near: Iterable[Span] | None
) -> dict[int, tuple[Encoding, NormalizedText | None]]:
    """The pieces of sentences by their number, and the mapping to their raw characters."""
    sentences, raw = analysis.sentences, analysis.document.raw
    read = [n for n, sent in enumerate(sentences) if sent.zone in CONTENT and sent.tokens]
    found: dict[int, tuple[Encoding, NormalizedText | None]] = {}

    def count(n: int) -> int:
        if n not in found:
            text, view = _cleaned(raw, sentences[n].span.start, sentences[n].span.end)
            found[n] = pieces.encode(text), view
        return len(found[n][0].ids) + 1

    if near is None:
        for n in read:
            count(n)
    for span in near or ():
        low = bisect_right(read, span.start, key=lambda n: sentences[n].span.end)
        high = bisect_left(read, span.end, key=lambda n: sentences[n].span.start)
        for n in read[low:high]:
            count(n)
        for reach, others in ((LEFT, reversed(read[:low])), (RIGHT, read[high:])):
            for n in others:
                if reach <= 0:
                    break
                reach -= count(n)
    return found


def windows(encoded: Encoded, places: Sequence[int] | None = None) -> Iterator[Window]:
    """Windows whose cores cover the document once, or what lies around the pieces ``places`` (in order).

    Every core piece has MARGIN pieces of context where there are that many.
    """
    n = len(encoded.ids)
    areas: list[tuple[int, int]] = [(0, n)] if places is None else []
    for at in places or ():
        first, last = max(0, at - LEFT), min(n, at + RIGHT)
        if areas and first <= areas[-1][1]:
            areas[-1] = (areas[-1][0], last)
        else:
            areas.append((first, last))
    for first, last in areas:
        start = core = first
        while core < last:
            end = min(last, start + LIMIT)
            core_end = last if end == last else end - MARGIN
            yield Window(start, end, core, core_end)
            core = core_end
            start = max(first, core - MARGIN)


def around(window: Window, trigger: int) -> tuple[int, int]:
    """The pieces read for the arguments of a trigger at piece ``trigger``: LEFT before and RIGHT behind it, inside the window."""
    return max(window.start, trigger - LEFT), min(window.end, trigger + RIGHT)
