"""Whether a coordinated masdar is a thing to do of its own or belongs to the instruction before it.

«تكثيف الرقابة وتنظيم الأسواق» are two instructions; «تسريع وتسهيل الخدمات» is one, and so is «تحسين خدمات النقل والتوزيع». The rules
look at few words: the mark before the conjunction, the word before it, and the shape and complement of the coordinated
word. Their probabilities are shares counted on the training statements (see ``docs/accuracy.md``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.morphology import Masdar, masdar


@dataclass(frozen=True, slots=True)
class Junction:
    """``new``: probability that the coordinated masdar opens an instruction of its own; ``rule``: what decided, for explanations."""

    new: float
    rule: str


RULES = {
    "doubtful masdar": 0.25,
    "comma": 0.98,
    "shared object": 0.08,
    "head without object": 0.45,
    "head with pronoun": 0.9,
    "pronoun": 0.87,
    "bare pronoun": 0.55,
    "bare": 0.08,
    "definite with preposition": 0.84,
    "own preposition after definite masdar": 0.75,
    "definite after definite masdar": 0.25,
    "definite": 0.08,
    "means": 0.3,
    "inside a clause": 0.35,
    "far": 0.65,
    "indefinite under a nearer masdar": 0.68,
    "indefinite": 0.93,
}
"""Share of new instructions among the coordinations that a rule decides, smoothed."""

_MARKS = frozenset('،,.;؛:\n"»”)؟!?-/')
_PREPOSITION = re.compile(
    "(?:في|من|عن|الي|علي|مع|عبر|لدي|ب|[بل].{2,}|(?:ب|ل|عن|من|في|معه|الي|علي)(?:ه|ها|هم|هما|نا|كم)|به|له|منه|عنه|فيه)"
)
# Prepositions that a verb asks for; «بـ» and «لـ» as often open an adjunct («بالتنسيق مع», «لمدة»).
_STRONG = re.compile("(?:من|عن|الي|علي)(?:ه|ها|هم|هما|نا|كم)?|به|بها|بهم")
_RELATIVE = frozenset(("التي", "الذي", "الذين", "اللذين", "اللتين", "مما", "وهو", "وهي", "بما"))


def coordinated(word: str) -> tuple[int, Masdar] | None:
    """The masdar that a folded word holds behind و and a preposition, with the number of letters before it.

    None where the whole word is known (وضع، وكيل، ورش), so that its و is a root letter.

    >>> cut, found = coordinated("وبمتابعه")
    >>> cut, found.stem
    (2, 'متابعه')
    >>> coordinated("وكيل") is coordinated("وضع") is None
    True
    """
    if word[:1] != "و" or len(word) < 3:
        return None
    whole = masdar(word)
    if whole is not None and whole.listed:
        return None
    best: tuple[int, Masdar] | None = None
    for cut in (1, 2):
        if cut == 2 and (word[1] not in "بل" or len(word) < 5):
            break
        stem = "ا" + word[2:] if cut == 2 and word[1:3] == "لل" else word[cut:]
        found = masdar(stem)
        if found is not None and (best is None or found.score > best[1].score):
            best = cut, found
    return best


def same_shape(head: Masdar, other: Masdar) -> bool:
    """True where two masdars can share one object or stand side by side as objects: both with the article, or both free.

    >>> same_shape(masdar("تسريع"), masdar("تسهيل")), same_shape(masdar("تسريع"), masdar("التوزيع"))
    (True, False)
    """
    return head.definite == other.definite and head.pronoun is None


def junction(before: Sequence[str], other: Masdar, after: Sequence[str], *, comma: bool = False) -> Junction:
    """Judge «before و other after».

    ``before``: the folded words of the instruction from its head to the conjunction, head first and without its proclitics, no
    comma at the end; ``after``: the words and marks behind ``other``, three are enough; ``comma``: one stands before the conjunction.

    >>> junction("تكثيف الرقابه".split(), masdar("تنظيم"), ["الاسواق"]).new > 0.8  # "step up control and organise the markets"
    True
    >>> junction(["تسريع"], masdar("تسهيل"), ["الخدمات"]).rule  # "speed up and ease the services"
    'shared object'
    >>> junction("تحسين ظروف النقل".split(), masdar("التوزيع"), ["."]).new < 0.5  # "the conditions of transport and distribution"
    True
    """
    rule = _rule(before, other, after, comma)
    return Junction(RULES[rule], rule)


def _rule(before: Sequence[str], other: Masdar, after: Sequence[str], comma: bool) -> str:
    if other.score < 0.5:
        return "doubtful masdar"
    if comma:
        return "comma"
    mark = next((i for i, word in enumerate(after) if word[0] in _MARKS), len(after))
    complement = after[:mark]
    if other.pronoun is not None:
        return "pronoun" if complement else "bare pronoun"
    previous = _last_masdar(before)
    if other.definite:
        governs = any(_PREPOSITION.fullmatch(word) for word in complement[:2])
        if not governs:
            return "definite"
        if previous is not None and previous.definite and len(before) > 1:
            strong = any(_STRONG.fullmatch(word) for word in complement[:2])
            return "own preposition after definite masdar" if strong else "definite after definite masdar"
        return "definite with preposition"
    if previous is not None and previous.score >= 0.7 and same_shape(previous, other):
        return "shared object"
    if len(before) == 1:
        return "head without object" if previous is not None and previous.pronoun is None else "head with pronoun"
    if not complement:
        return "bare"
    return _under(before)


def _last_masdar(before: Sequence[str]) -> Masdar | None:
    """The last word before the conjunction, where it is a masdar."""
    if not before:
        return None
    found = coordinated(before[-1])
    return found[1] if found is not None else masdar(before[-1])


def _under(before: Sequence[str]) -> str:
    """Where an indefinite masdar with its object stands: beside the head, or maybe beside a masdar nearer than the head."""
    for i in range(len(before) - 1, 0, -1):
        found = masdar(before[i]) or (masdar(before[i][1:]) if before[i][0] in "بلو" and len(before[i]) > 4 else None)
        if found is None or found.score < 0.5 or found.definite or found.pronoun:
            continue
        if before[i - 1] in ("عبر", "بواسطه", "طريق") or tuple(before[max(0, i - 2) : i]) == ("من", "خلال"):
            return "means"
        if not _RELATIVE.isdisjoint(before[:i]):
            return "inside a clause"
        return "indefinite under a nearer masdar" if len(before) < 13 else "far"
    return "indefinite"
