"""How well a text came through: what part of its words is broken."""

from __future__ import annotations

import re

_WORD = re.compile("[^\\W\\d_][\\w\ufffd\ue000-\uf8ff]*|[\ufffd\ue000-\uf8ff][\\w\ufffd\ue000-\uf8ff]*")
_ARABIC = re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc\ufffd\ue000-\uf8ff]")
_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0640]")
_BROKEN = re.compile(
    "[\ufffd\ue000-\uf8ff\ufb50-\ufdff\ufe70-\ufefc]"  # lost, private or shaped letters
    "|^[ةىئؤ]|[ةى](?!$)"  # letters that only end words, at the front or inside: the word is reversed, or two are glued
    "|(.)\\1{3}|^.{22,}$"
)
_ALONE = frozenset("وبلكفأيهـمح")
"""Letters that stand alone in sound texts: و, clitics before a quotation, «هـ», «م», initials of lists."""


def broken_words(text: str) -> float:
    """Share of the Arabic words of ``text`` that can be no words: lost letters, final letters inside, letters standing alone.

    >>> broken_words("أمر الوالي بفتح الطريق"), broken_words("قيرطلا حتفب يلاولا رمأ ةيدلب")
    (0.0, 0.2)
    """
    found = sum(map(_COUNTS.__getitem__, text.split()))  # no word reaches over white space
    arabic, broken = found % _BROKEN_ONE, found // _BROKEN_ONE
    return broken / arabic if arabic else 0.0


# What most runs are: one sound word of two letters or more, marks around it. Letters without those that only end words.
_LETTER = "[\u0621-\u0628\u062a-\u063a\u0641-\u0648\u064a]"
_SOUND = re.compile(f'[«(“"]?(?!\\w*(\\w)\\1{{3}})(?![ئؤ]){_LETTER}{{1,20}}[ةى{_LETTER[1:-1]}][،.؛:»)”"]*')
_BROKEN_ONE = 1 << 32
_KEPT = 200_000


class _Counts(dict[str, int]):
    """Memo by run without white space: its Arabic words, and times _BROKEN_ONE those that are broken."""

    def __missing__(self, run: str) -> int:
        if len(self) > _KEPT:
            self.clear()
        if _SOUND.fullmatch(run):
            self[run] = 1
            return 1
        words = [_MARKS.sub("", word) for word in _WORD.findall(run) if _ARABIC.search(word)]
        broken = sum(1 for word in words if _BROKEN.search(word) or (len(word) == 1 and word not in _ALONE))
        count = len(words) + _BROKEN_ONE * broken
        if len(run) < 40:
            self[run] = count
        return count


_COUNTS = _Counts()
