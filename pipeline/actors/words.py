"""The words of a document that may hold actors, with their places."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from operator import add, itemgetter

from pipeline.tokens import tokenize
from pipeline.types import CONTENT, Analysis, Token, Zone

BREAK = "\n"
COMMAS = frozenset("،,")
TO = frozenset({"إلى", "الى", "الي"})
"""«إلى» as it may stand among the words."""
# Words that folding makes one of a particle and a head or a name: the particle keeps its letters («على» beside «علي»).
_PARTICLES = {
    "علي": {"على"}, "وعلي": {"وعلى"}, "فعلي": {"فعلى"}, "الي": {"إلى", "الى"}, "والي": {"وإلى", "وإلي", "والى", "وألى"}, "امام": {"أمام"}, "وامام": {"وأمام"},
    "ان": {"أن", "إن"}, "بان": {"بأن"}, "وان": {"وأن", "وإن"}, "اول": set(), "اسر": set(),
    "ابان": {"إبان"}, "وابان": {"وإبان"},
}  # fmt: skip
NAMED_IN = CONTENT | {Zone.DATELINE}
"""Letterheads and agencies stand in what reads as a dateline («ولاية جندوبة - الصفحة الرسمية»، «تونس (وات) -»)."""
LETTER = frozenset(
    "المحترم المحترمين الموضوع تحيه التحيه والسلام عليكم اليكم منكم تفضلوا وتفضلوا يشرفني الامضاء".split()
)
"""Words of letters and circulars."""
_TANWIN = re.compile("(?<=[^\\W\\d])\u064b")
_MARKS = re.compile("[\u064b-\u0652\u0640]")
_NORM, _START = map(itemgetter, map(Token._fields.index, ("norm", "norm_start")))


@dataclass(slots=True)
class Words:
    """The words of the sentences that may hold actors, a BREAK between sentences; ``start`` and ``end`` are offsets into the view."""

    text: Sequence[str]
    start: Sequence[int]
    end: Sequence[int]
    signature: int
    """Index of the first word of a closing line that looks like a byline: a signature, where the text above is a letter."""
    accusative: frozenset[int] = frozenset()
    """Words written with the tanwin of the accusative («درعًا»), which no name has."""

    @classmethod
    def of(cls, analysis: Analysis) -> Words:
        """The words of the sentences whose zone is of CONTENT; of the whole text where it was not cut into sentences."""
        text: list[str] = []
        start: list[int] = []
        signature = -1
        if analysis.sentences:
            final = len(analysis.sentences) - 1
            for number, sentence in enumerate(analysis.sentences):
                signed = final - 3 <= number < final and sentence.zone is Zone.BYLINE and not LETTER.isdisjoint(text)
                closing = signed or number == final and sentence.zone is Zone.BYLINE
                if closing and signature < 0:
                    signature = len(text)
                if (closing or sentence.zone in NAMED_IN) and sentence.tokens:
                    text += map(_NORM, sentence.tokens)
                    start += map(_START, sentence.tokens)
                    text.append(BREAK)
                    start.append(start[-1] + len(text[-2]))
        else:
            tokens = tokenize(analysis.norm)
            text = [token.norm for token in tokens] + [BREAK]
            start = [token.norm_start for token in tokens]
            start.append(start[-1] + 1 if start else 0)
        end = list(map(add, start, map(len, text)))
        for i in list(compress(range(len(text)), map(_PARTICLES.__contains__, text))):
            a, b = analysis.norm.raw_span(start[i], end[i])
            written = analysis.document.raw[a:b]
            if written in _PARTICLES[text[i]] or (written := _MARKS.sub("", written)) in _PARTICLES[text[i]]:
                text[i] = written
        marked = _TANWIN.finditer(analysis.document.raw) if "\u064b" in analysis.document.raw else ()
        accusative = frozenset(bisect_right(start, analysis.norm.index_of(m.start() - 1)) - 1 for m in marked)
        return cls(text, start, end, signature if signature >= 0 else len(text), accusative)

    def __len__(self) -> int:
        return len(self.text)
