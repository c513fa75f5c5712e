"""A folded view of a text, with a mapping back to the text.

The view drops what does not change a word (harakat, tatweel, bidi and zero-width marks) and folds spelling variants (seats
of hamza, ى/ي, ة/ه, kinds of digits, presentation forms), so that rules see one form. It puts back the space that was lost behind a
ة, which always ends a word. A place in the view is carried back to the raw text, never searched for again.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache

# What is dropped: Arabic marks and Quranic signs, tatweel, zero-width and bidi controls, the byte order mark, the soft hyphen.
_DROPPED = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0640\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_FOLDED = {
    **dict.fromkeys("أإآٱ", "ا"),
    "ى": "ي", "ی": "ي", "ې": "ي", "ة": "ه", "ۃ": "ه", "ؤ": "و", "ئ": "ي", "ک": "ك", "ګ": "ك", "ہ": "ه", "ھ": "ه", "ڤ": "ف", "ڨ": "ق", "ڥ": "ف", "پ": "ب",
    **{chr(0x660 + d): str(d) for d in range(10)}, **{chr(0x6F0 + d): str(d) for d in range(10)},
    "٪": "%", "٫": ".", "٬": ",", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\t": " ",
}  # fmt: skip
_TABLE = str.maketrans(_FOLDED)
_SHORT = 20
"""Characters below which a table is faster than a search for each variant."""
# Presentation forms and ligatures grow under NFKC (ﻻ, ﷲ): they need the slow path, as do dropped characters.
_GLUED = "ة(?=[\u0621-\u063a\u0641-\u064a])"
"""A ة with a letter behind it: the space between two words was lost («المحطةأمر»)."""
_SLOW = re.compile(f"[{_DROPPED}\ufb50-\ufdff\ufe70-\ufefc]|{_GLUED}")
_DROP = re.compile(f"[{_DROPPED}]")
# «ــ» that lengthens no letter is a dash.
_DASH = re.compile(r"(?<!\S)\u0640(?=\u0640*(?:\s|$))")
# Of the dropped, those that belong to the letter before them; the others (bidi, zero-width) belong to no word.
_MARK = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0640]")


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """The folded ``text``; for each of its characters, where it starts and ends in the raw text (None: at the same place)."""

    text: str
    starts: array[int] | None
    ends: array[int] | None

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Raw offsets of ``text[start:end]`` (not empty): no letter is parted from its marks."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]

    def index_of(self, raw_offset: int) -> int:
        """Index in the view of the first character at or after a raw offset."""
        return raw_offset if self.starts is None else bisect_left(self.starts, raw_offset)


def fold(text: str) -> str:
    """``text`` as the view shows it.

    >>> fold("شدّد على الأهميّة")
    'شدد علي الاهميه'
    """
    if _SLOW.search(text):
        text = re.sub(_GLUED, "ة ", _DASH.sub("-", text))
        for char in set(_SLOW.findall(text)):
            text = text.replace(char, "" if _DROP.match(char) else _grown(char))
    return _folded(text)


def _folded(text: str) -> str:
    """Spelling variants made one. A long text is faster searched for each of them than looked up letter by letter."""
    if len(text) < _SHORT:
        return text.translate(_TABLE)
    for variant, letter in _FOLDED.items():
        if variant in text:
            text = text.replace(variant, letter)
    return text


def _grown(char: str) -> str:
    """What a presentation form or ligature stands for (spaces inside are dropped), and a ة with the space that was lost behind it."""
    if char == "ة":
        return "ة "
    return _DROP.sub("", unicodedata.normalize("NFKC", char)).replace(" ", "") or " "


@cache
def _numbers(exponent: int) -> array[int]:
    return array("q", range(2**exponent))


def _places(count: int) -> array[int]:
    """At least the numbers from 0 to ``count`` - 1; parts of it are copied much faster than counted."""
    return _numbers(max(14, count.bit_length()))


def normalize(raw: str) -> NormalizedText:
    """The folded view of ``raw``. Takes any string, lone surrogates too.

    >>> view = normalize("وَبِتكثيف")
    >>> view.text, view.raw_span(2, 7)
    ('وبتكثيف', (4, 9))
    """
    if not _SLOW.search(raw):
        return NormalizedText(_folded(raw), None, None)
    raw = _DASH.sub("-", raw)
    pieces: list[str] = []
    places = _places(len(raw) + 1)
    starts, ends = array("q"), array("q")
    done = 0
    for match in _SLOW.finditer(raw):
        at = match.start()
        pieces.append(raw[done:at])
        starts.extend(places[done:at])
        ends.extend(places[done + 1 : at + 1])
        done = at + 1
        char = raw[at]
        if not _DROP.match(char):
            grown = _grown(char)
            pieces.append(grown)
            starts.extend([at] * len(grown))
            ends.extend([at + 1] * len(grown))
        elif ends and ends[-1] == at and _MARK.match(char):
            ends[-1] = at + 1
    pieces.append(raw[done:])
    starts.extend(places[done : len(raw)])
    ends.extend(places[done + 1 : len(raw) + 1])
    return NormalizedText(_folded("".join(pieces)), starts, ends)
