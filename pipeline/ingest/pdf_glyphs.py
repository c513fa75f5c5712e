"""The glyphs of a PDF page as lines in reading order, from where they stand on the page.

PDFium gives each character with its place. The order in which it gives them is that of the file for lines and a guess for what
stands in a line, so a line is put in order here: from right to left, its numbers and Latin words from left to right.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from typing import Any

from pipeline.ingest.decode import arabic_share

_SAME_LINE = 0.4
"""How far apart the baselines of one line may be; this and the next are parts of the size of the letters."""
_SPACE = 0.18
"""Width of a gap that is a space; programs leave out some spaces, or all."""

_PARAGRAPH = 1.2
"""How much farther than usual the first line of a paragraph is from the line above; usual is the lower quartile of the page."""

_LATIN_LINE = 0.2
"""Share of Arabic letters below which a line is read from left to right."""

_LATIN = r"[^\W\d_\u0600-\u06ff\u0750-\u077f]"
# What runs from left to right inside a line of Arabic. After Arabic letters a hyphen or percent sign does not: «20-04» is printed «04-20».
_LEFT_TO_RIGHT = re.compile(
    rf"{_LATIN}(?:(?:{_LATIN}|[0-9.,:;/@_&'’+ -])*(?:{_LATIN}|[0-9]))?"  # Latin words
    r"|[0-9]+(?:[.,:/][0-9]+)*|[\u0660-\u0669]+(?:[.,:/\u066b\u066c][\u0660-\u0669]+)*"
)
_LOST = "\ufffd"
_SHADDA = "\u0651"
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_OPEN, _CLOSE = "([{«", ")]}»"
_TURNED = re.compile(
    rf"(?:(?<=\s)|^)[{re.escape(_CLOSE)}](?=[\w\"“])|(?<=[\w.!؟%\"”])[{re.escape(_OPEN)}](?=[\s.،؛:!؟]|$)"
)


@dataclass(frozen=True, slots=True)
class Glyph:
    """What is drawn at one place: a letter, a ligature of several, a mark. In points; ``y`` is the baseline, growing upwards."""

    text: str
    x: float
    y: float
    left: float
    right: float
    size: float

    @property
    def is_mark(self) -> bool:
        return all(unicodedata.combining(letter) for letter in self.text)


@dataclass(slots=True)
class Row:
    """Glyphs on one baseline."""

    y: float
    glyphs: list[Glyph] = field(default_factory=list)

    def takes(self, glyph: Glyph) -> bool:
        return abs(self.y - glyph.y) <= _SAME_LINE * max(glyph.size, self.glyphs[-1].size)

    def touches(self, other: Row) -> bool:
        """True where the other row goes on this one, not in another column."""
        room = 2 * self.glyphs[0].size
        return self.takes(other.glyphs[0]) and self.left - room < other.right and other.left < self.right + room

    def apart(self, glyph: Glyph) -> float:
        """How far a glyph stands beside the row."""
        return max(self.left - glyph.right, glyph.left - self.right, 0.0)

    @property
    def left(self) -> float:
        return min(glyph.left for glyph in self.glyphs)

    @property
    def right(self) -> float:
        return max(glyph.right for glyph in self.glyphs)


@dataclass(frozen=True, slots=True)
class Line:
    """A line in reading order, the size of its letters in points, and the paragraph it is in, as its distance from the line above tells."""

    text: str
    size: float
    paragraph: int


def lines(textpage: Any) -> Iterator[Line]:
    """The lines of a page (pypdfium2's text page) in reading order. Text that stands at an angle is read along it, behind what stands upright."""
    paragraph = 0
    for _, glyphs in sorted(_glyphs(textpage).items(), key=lambda item: -len(item[1])):
        rows = _rows(glyphs)
        apart = sorted(above.y - row.y for above, row in pairwise(rows) if above.y > row.y)
        usual = apart[len(apart) // 4] if apart else 0.0
        above: Row | None = None
        for row in rows:
            paragraph += above is None or not 0 < above.y - row.y < _PARAGRAPH * usual
            above = row
            if text := line_text(row.glyphs).strip():
                size = Counter(round(glyph.size, 1) for glyph in row.glyphs).most_common(1)[0][0]
                yield Line(text, size, paragraph)


def _glyphs(textpage: Any) -> dict[int, list[Glyph]]:
    """The glyphs of a page in the order of the file, by the angle (whole degrees) at which they stand, turned upright."""
    from pypdfium2 import raw

    found: dict[int, list[Glyph]] = {}
    x, y = ctypes.c_double(), ctypes.c_double()
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    parts, key, angle = "", None, 0
    last: Glyph | None = None
    for index in range(raw.FPDFText_CountChars(textpage)):
        code = raw.FPDFText_GetUnicode(textpage, index)
        if raw.FPDFText_IsGenerated(textpage, index) == 1 or code < 32 and code != 2:
            last = None
            continue
        # 2 is a hyphen at the end of a line.
        letter = "-" if code == 2 else _LOST if raw.FPDFText_HasUnicodeMapError(textpage, index) == 1 else chr(code)
        raw.FPDFText_GetCharOrigin(textpage, index, x, y)
        raw.FPDFText_GetLooseCharBox(textpage, index, box)
        if letter.isspace() and box.right - box.left < 0.01:
            last = None  # a guess of PDFium's
            continue
        place = (x.value, y.value, box.left, box.right)
        if last is not None and place == key:
            parts += letter
            last = replace(last, text=ligature(parts))
            found[angle][-1] = last
            continue
        parts, key = letter, place
        raw.FPDFText_GetMatrix(textpage, index, matrix)
        scale = math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c)) or 1.0
        size = raw.FPDFText_GetFontSize(textpage, index) * scale
        angle = round(math.degrees(math.atan2(matrix.b, matrix.a))) % 360
        last = _upright(letter, x.value, y.value, box, size, angle)
        found.setdefault(angle, []).append(last)
    return found


def _upright(letter: str, x: float, y: float, box: Any, size: float, angle: int) -> Glyph:
    if not angle:
        return Glyph(letter, x, y, min(x, box.left), box.right, size)
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    along = [cx * cos + cy * sin for cx in (box.left, box.right) for cy in (box.bottom, box.top)]
    return Glyph(letter, x * cos + y * sin, y * cos - x * sin, min(along), max(along), size)


@cache
def _in_unicode() -> frozenset[str]:
    """The ligatures of which Unicode has a presentation form."""
    forms = (*range(0xFB50, 0xFDFC), *range(0xFE70, 0xFEFD))
    return frozenset(text for code in forms if len(text := unicodedata.normalize("NFKC", chr(code))) > 1)


def ligature(parts: str) -> str:
    """The letters of one glyph in reading order: PDFium gives those of Arabic letters, and the halves of an emoji, from the last to the first.

    Only presentation forms it gives in order; those are known by their letters.

    >>> ligature("ال"), ligature("لا"), ligature("fi"), ligature("\\udd34\\ud83d")
    ('لا', 'لا', 'fi', '🔴')
    """
    if "\ud800" <= parts[0] <= "\udfff":
        ordered = parts if parts[0] < "\udc00" else parts[::-1]
        return ordered.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if not arabic_share(parts) or (parts in _in_unicode() and parts[::-1] not in _in_unicode()):
        return parts
    return parts[::-1]


def _rows(glyphs: Iterable[Glyph]) -> list[Row]:
    """The rows of a page, in the order of the file where that runs down the page; it keeps columns apart."""
    rows: list[Row] = []
    marks = []
    for glyph in glyphs:
        if glyph.is_mark:
            marks.append(glyph)
        elif rows and rows[-1].takes(glyph):
            rows[-1].glyphs.append(glyph)
        else:
            rows.append(Row(glyph.y, [glyph]))
    whole: list[Row] = []
    for row in rows:
        # A row may be drawn in parts: first its words, then what is printed bold.
        if above := next((other for other in reversed(whole[-40:]) if other.touches(row)), None):
            above.glyphs += row.glyphs
        else:
            whole.append(row)
    for mark in marks:
        if whole:
            min(whole, key=lambda row: abs(row.y - mark.y) + row.apart(mark)).glyphs.append(mark)
    upwards = sum(after.y > row.y for row, after in pairwise(whole))
    return sorted(whole, key=lambda row: -row.y) if 3 * upwards > len(whole) else whole


def line_text(glyphs: Sequence[Glyph]) -> str:
    """The text of one line, in reading order, from glyphs in any order.

    >>> line_text([Glyph(c, 10.0 * i, 0, 10.0 * i, 10.0 * i + 10, 12) for i, c in enumerate("25/6 يف")])
    'في 25/6'
    """
    letters = [glyph for glyph in glyphs if not glyph.is_mark]
    # A mark whose letter the file does not tell.
    letters = [glyph for glyph in letters if glyph.text != _LOST or not _covered(glyph, letters)]
    drawn = "".join(glyph.text for glyph in letters)
    latin = arabic_share(drawn) < _LATIN_LINE and bool(re.search(_LATIN, drawn))
    # Where two glyphs start at one place, as «ل» and «ا» do in some fonts, the wider one is read first.
    letters.sort(key=(lambda glyph: glyph.x) if latin else (lambda glyph: (-glyph.x, glyph.x - glyph.right)))
    marks: dict[int, str] = {}
    for mark in (glyph for glyph in glyphs if glyph.is_mark):
        if letters:
            at = _under(mark, letters)
            marks[at] = "".join(sorted(marks.get(at, "") + mark.text, key=lambda letter: letter != _SHADDA))
    out: list[str] = []
    edge: float | None = None
    for n, glyph in enumerate(letters):
        gap = 0.0 if edge is None else (glyph.left - edge if latin else edge - glyph.right)
        if gap > _SPACE * glyph.size:
            out.append(" ")
        out.append((glyph.text if latin or arabic_share(glyph.text) else glyph.text[::-1]) + marks.get(n, ""))
        reach = glyph.right if latin else glyph.left
        edge = reach if edge is None else (max if latin else min)(edge, reach)
    text = "".join(out)
    return _turn_brackets(text if latin else in_order(text))


def _covered(glyph: Glyph, letters: Sequence[Glyph]) -> bool:
    middle = (glyph.left + glyph.right) / 2
    return any(other.left < middle < other.right for other in letters if other.text != _LOST)


def _under(mark: Glyph, letters: Sequence[Glyph]) -> int:
    """The letter to which a mark belongs."""
    middle = (mark.left + mark.right) / 2

    def distance(n: int) -> tuple[float, float]:
        glyph = letters[n]
        return max(glyph.left - middle, middle - glyph.right, 0.0), abs(middle - (glyph.left + glyph.right) / 2)

    return min((n for n, glyph in enumerate(letters) if not glyph.text.isspace()), key=distance, default=0)


def in_order(text: str) -> str:
    """A line of Arabic read from right to left, with its numbers and Latin words turned back.

    >>> in_order("فتح 0041 مكتب في 52/6 مع eirégl'A riA القانون 02-40")
    "فتح 1400 مكتب في 6/25 مع Air A'lgérie القانون 20-04"
    """
    return _LEFT_TO_RIGHT.sub(lambda match: match[0][::-1], text)


def _turn_brackets(text: str) -> str:
    """Brackets that point the wrong way turned: whether PDFium turns those of a line from right to left depends on what stands beside.

    >>> _turn_brackets("الوالي )رئيس اللجنة( أمر")
    'الوالي (رئيس اللجنة) أمر'
    """
    return _TURNED.sub(lambda match: match[0].translate(_MIRRORED), text)
