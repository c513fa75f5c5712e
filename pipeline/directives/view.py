"""A sentence as the matcher sees it: folded words by index, with their places in the raw text and the heads they can hold."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from pipeline.lexicon import Form, Lexicon
from pipeline.morphology import Masdar, masdar, subjunctive, told_by_hamza
from pipeline.normalize import fold
from pipeline.types import Analysis, Kind, Mention, Sentence, Span

COMMAS = frozenset("،,")
SEMICOLONS = frozenset("؛;")
OPEN_QUOTES = frozenset('«“"')
CLOSE_QUOTES = frozenset('»”"')
HONORIFICS = frozenset(
    "السيد السيده معالي سعاده الدكتور الدكتوره الاستاذ الاستاذه فخامه دوله سمو اللواء الفريق العميد المهندس المهندسه البروفيسور الشيخ".split()
)
NEGATIONS = frozenset("لا الا لن ما".split())
"""First words of an instruction to leave something («لا تغلقوا», colloquial «ما تخليش»)."""
RELATIVES = frozenset({"التي", "الذي", "الذين"})
SURE_FORM_IV = 0.6
"""Score from which a masdar of form IV is one however its hamza is written («أنشاء»)."""
_SURELY_MINE = 0.1
_MINE = 0.6
"""Score of a masdar with the pronoun ي before «بـ»: no adjective («إعلامي»)."""
_WITH = {"اقتصاد": ("في",), "اتفاق": ("مع",), "تاخر": ("في",), "بيان": ("كيفيه", "اسباب", "حاله", "مدي")}
"""Nouns that are acts before these words («الاقتصاد في الماء»)."""
_QUANTIFIERS = frozenset("كل جميع كافه".split())
EVERY = _QUANTIFIERS | {"مختلف", "ساير"}
"""Quantifiers that stand for all of a kind."""
_NO_FORMS: tuple[Form, ...] = ()


class HeadKind(Enum):
    """What the first word of an instruction is."""

    MASDAR = "masdar"
    VERB = "verb"
    IMPERATIVE = "imperative"
    NOUN = "noun"


@dataclass(frozen=True, slots=True)
class Head:
    """The first word of an instruction: token ``j`` of the sentence, from ``offset`` characters into its folded form."""

    j: int
    offset: int
    word: str
    kind: HeadKind
    definite: bool = False


class View:
    """One sentence of an analysis. Indexes ``j`` are into ``sentence.tokens``; spans are raw offsets."""

    __slots__ = (
        "analysis", "close", "commands", "index", "introduced", "lexicon", "mentions", "n", "nested", "persons", "quote", "sentence", "tokens", "w",
    )  # fmt: skip

    def __init__(self, analysis: Analysis, index: int, lexicon: Lexicon) -> None:
        self.analysis, self.index, self.lexicon = analysis, index, lexicon
        self.sentence: Sentence = analysis.sentences[index]
        self.tokens = self.sentence.tokens
        self.w = [t.norm for t in self.tokens]
        self.n = len(self.w)
        self.quote, self.close = self._quotes()
        self.mentions = starting(analysis, self.sentence.span.start, self.sentence.span.end)
        """The mentions in the sentence, in text order."""
        self.persons = {m.span.start: m.span.end for m in reversed(self.mentions) if m.kind is Kind.PERSON}
        """Where the longest mention of a person ends, by where it starts (raw offsets)."""
        self.introduced: dict[tuple[int, int], int] = {}
        """Memo: by trigger and form what it introduces; ``nested`` triggers ask at this moment."""
        self.nested = 0
        self.commands: dict[int, Head | None] = {}
        """Memo: by token the command whose verb it is."""

    def _quotes(self) -> tuple[list[int], dict[int, int]]:
        """For each token, the index of the quote that encloses it (-1: none); and where each opening mark closes."""
        enclosing, close, opened = [-1] * self.n, {}, -1
        for j, word in enumerate(self.w):
            turned = opened >= 0 and self.w[opened] == "”"
            if (
                opened >= 0
                and (word in CLOSE_QUOTES or turned and word == "“")
                and (word == '"') == (self.w[opened] == '"')
            ):
                close[opened] = j
                opened = -1
            elif opened < 0 and (word in OPEN_QUOTES or word == "”" and not {"”", "“"}.isdisjoint(self.w[j + 1 :])):
                opened = j  # «إلى” …”»: keyboards that know one mark only
            elif opened >= 0:
                enclosing[j] = opened
        if opened >= 0:
            close[opened] = self.n
        return enclosing, close

    def opens(self, j: int) -> bool:
        """True where token ``j`` opens a quotation."""
        return j in self.close

    def start(self, j: int, offset: int = 0) -> int:
        """Raw offset of the character ``offset`` of token ``j``."""
        token = self.tokens[j]
        if not offset:
            return token.start
        return self.analysis.norm.raw_span(token.norm_start + offset, token.norm_start + offset + 1)[0]

    def end(self, j: int) -> int:
        """Raw offset just past token ``j``."""
        return self.tokens[j].end

    def span(self, first: int, last: int, offset: int = 0) -> Span:
        """Raw span of the tokens ``first`` to ``last``, both included."""
        return Span(self.start(first, offset), self.end(last))

    def is_mark(self, j: int) -> bool:
        """True where token ``j`` is punctuation."""
        return not self.w[j][0].isalnum()

    def symbol(self, j: int) -> bool:
        """True where token ``j`` is a picture or sign (📢, ⚠️) by which a post opens what it says next."""
        return unicodedata.category(self.w[j][0]) in ("So", "Mn") and self.is_mark(j)

    def skip_marks(self, j: int, marks: frozenset[str] = COMMAS) -> int:
        """Index of the first token at or after ``j`` that is none of ``marks``."""
        while j < self.n and self.w[j] in marks:
            j += 1
        return j

    def forms(self, j: int) -> tuple[Form, ...]:
        """Readings of token ``j`` as a trigger, conjunction included."""
        forms = self.lexicon.forms.get(self.w[j], _NO_FORMS)
        if any(form.rest for form in forms):
            forms = tuple(f for f in forms if tuple(self.w[j + 1 : j + 1 + len(f.rest)]) == f.rest)
        return forms

    def joined(self, j: int, form: Form) -> bool:
        """True where a conjunction is written onto the trigger at ``j``: not in «وجه», «وزعته», whose و is of the word."""
        word = self.w[j]
        return word[0] in "وف" and any(f.trigger is form.trigger for f in self.lexicon.forms.get(word[1:], ()))

    def is_in(self, klass: str, j: int, offset: int = 0) -> bool:
        """True where the word at ``j`` is in a word class of the lexicon."""
        return 0 <= j < self.n and self.w[j][offset:] in self.lexicon.words[klass]

    def starts_phrase(self, klass: str, j: int, offset: int = 0) -> int:
        """Number of tokens of the longest phrase of ``klass`` that starts at ``j``; 0 where there is none."""
        best = 0
        if j < self.n:
            for phrase in self.lexicon.phrases[klass].get(self.w[j][offset:], ()):
                k = len(phrase)
                if k > best and all(j + x < self.n and self.w[j + x] == phrase[x] for x in range(1, k)):
                    best = k
        return best

    def masdar_at(self, j: int, offset: int = 0) -> Masdar | None:
        """Reading of the word at ``j``, from ``offset``, as a masdar; «لل» counts as ل and the article.

        What could be of form IV and is written with أ is no masdar («أشقائها») unless no other word is spelt so. A final ه that the text does not write as ة is a pronoun (نشره: نشر + ه, where نشرة is a bulletin).
        """
        word = self.w[j][offset:]
        if offset and self.w[j][offset - 1] == "ل" and word.startswith("ل") and len(word) > 3:
            return masdar("ا" + word)
        found = masdar(word) if len(word) > 1 else None
        if found is not None and found.stem == "بيان" and self.is_in("asked_about", j + 1):
            return replace(found, score=0.9)  # «بيان مدى صلاحيتها»: no communiqué
        if found is not None and found.form == "IV" and found.score < SURE_FORM_IV:
            raw = self.analysis.text(Span(self.start(j, offset), self.end(j)))
            if raw.removeprefix("ال").startswith("أ"):
                return None
        if found is not None and found.form in ("IV", "noun") and found.listed and found.score < SURE_FORM_IV:
            found = told_by_hamza(found, self.analysis.text(Span(self.start(j, offset), self.end(j))))
        if found is not None and found.stem in _WITH and self.w[j + 1 : j + 2] and self.w[j + 1] in _WITH[found.stem]:
            found = replace(found, score=max(found.score, _MINE))
        if found is not None and found.pronoun == "ي" and found.score >= _SURELY_MINE and self._takes_bi(j):
            found = replace(found, score=max(found.score, _MINE))  # «تزويدي بكشف», «إعلامي بالمخالفات»
        raw = self.analysis.text(self.tokens[j].span) if word[-1:] == "ه" else ""
        if (
            raw.endswith("ه")
            and (len(word) > 3 or len(word) == 3 and self._takes_bi(j))  # «مدّه بقائمة»
            and (found is None or found.pronoun is None)
        ):
            bare = masdar(word[:-1])
            if (
                bare is not None
                and not bare.pronoun
                and not bare.definite
                and bare.score > (found.score if found else 0.5)
            ):
                return replace(bare, pronoun="ه")
        return found

    def _takes_bi(self, j: int) -> bool:
        return (
            j + 1 < self.n and self.w[j + 1][0] == "ب" and (len(self.w[j + 1]) > 3 or self.w[j + 1] in ("بكل", "باي"))
        )

    def verb_at(self, j: int) -> bool:
        """True where token ``j`` can be an imperfect after أن."""
        return j < self.n and subjunctive(self.w[j])

    def verb_at_word(self, word: str) -> bool:
        """True where ``word`` can be an imperfect, a future with س included; an empty one cannot."""
        return subjunctive(word.removeprefix("س")) if word else False


def starting(analysis: Analysis, low: int, high: int) -> Sequence[Mention]:
    """The mentions that start at ``low`` or behind it and before ``high`` (raw offsets), in text order."""
    mentions = analysis.mentions
    first = bisect_left(mentions, low, key=lambda m: m.span.start)
    return mentions[first : bisect_left(mentions, high, first, key=lambda m: m.span.start)]


def head_word(analysis: Analysis, mention: Mention) -> str:
    """The folded noun that heads a mention, without article, behind honorifics and quantifiers; empty where there is none."""
    words = fold(analysis.text(mention.span)).split()
    return next((w for w in words if w not in HONORIFICS and w not in _QUANTIFIERS), "").removeprefix("ال")
