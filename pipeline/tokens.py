"""Words, numbers and marks of the normalised view, and the clitics in front of a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from pipeline.normalize import NormalizedText
from pipeline.types import Token

# Numbers keep their inner marks (5.000, 1,3, 10:30, 83-11, 7/1/2025); a word is a run of letters or digits; a mark stands alone.
TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,:/-]\d+)*|\n|[^\w\s]|_")


def tokenize(norm: NormalizedText, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """Tokens of ``norm.text[start:end]`` (offsets into the view); their spans are offsets into the raw text.

    >>> from pipeline.normalize import normalize
    >>> [t.norm for t in tokenize(normalize("الوزير،بتكثيف 5.000 سكن"))]
    ['الوزير', '،', 'بتكثيف', '5.000', 'سكن']
    """
    text = norm.text
    found = list(TOKEN.finditer(text, start, len(text) if end is None else end))
    words = [m[0] for m in found]
    if "\n" in words:
        found = [m for m in found if m[0] != "\n"]
        words = [m[0] for m in found]
    at = [m.start() for m in found]
    if norm.starts is None or norm.ends is None:
        return tuple(map(_TOKEN_OF, zip(at, [m.end() for m in found], words, at, strict=True)))
    starts, ends = norm.starts, norm.ends
    return tuple(
        map(_TOKEN_OF, zip([starts[i] for i in at], [ends[m.end() - 1] for m in found], words, at, strict=True))
    )


_TOKEN_OF = partial(tuple.__new__, Token)


# و ف, then one of ب ل ك, then the article; لل is ل + the article without its alef. س and أ stand before verbs.
_CLITICS = re.compile(r"(?P<conj>[وف]?)(?P<prep>[بلك]?)(?P<rest>.+)", re.DOTALL)


def readings(norm: str) -> Iterator[tuple[str, str, str]]:
    """Ways to read a folded word as (conjunction, preposition, stem), longest stem first. The article stays on the stem.

    >>> list(readings("وبتكثيف"))
    [('', '', 'وبتكثيف'), ('و', '', 'بتكثيف'), ('و', 'ب', 'تكثيف')]
    """
    yield "", "", norm
    conj = norm[0] if norm[:1] in "وف" and len(norm) > 2 else ""
    if conj:
        yield conj, "", norm[1:]
    for lead in {"", conj}:
        rest = norm[len(lead) :]
        if rest[:1] in "بلك" and len(rest) > 3:
            yield lead, rest[0], rest[1:]
