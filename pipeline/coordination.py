"""Whether a coordinated masdar is a thing to do of its own or belongs to the instruction before it.

«تكثيف الرقابة وتنظيم الأسواق» are two instructions; «تسريع وتسهيل الخدمات» is one, and so is «تحسين خدمات النقل والتوزيع». What speaks
for either is in few words: the mark before the conjunction, the word before it, a nearer masdar, and the shape and complement of the
coordinated word. Each place has a share of new instructions; features weighed by ``models/train/coordination.py`` correct it (see
``docs/accuracy.md``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.morphology import Masdar, masdar
from pipeline.weights import read_weights


@dataclass(frozen=True, slots=True)
class Junction:
    """``new``: probability that the coordinated masdar opens an instruction of its own; ``place``: where it stands, as the rules of this module name it."""

    new: float
    place: str


PLACES = {
    "doubtful masdar": 0.25,
    "comma": 0.98,
    "shared object": 0.08,
    "head without object": 0.25,
    "head with pronoun": 0.9,
    "pronoun": 0.87,
    "bare pronoun": 0.55,
    "bare": 0.08,
    "definite with preposition": 0.84,
    "own preposition after definite masdar": 0.75,
    "definite after definite masdar": 0.25,
    "definite": 0.08,
    "means": 0.3,
    "said before": 0.2,
    "pair of pronouns": 0.3,
    "inside a clause": 0.35,
    "far": 0.65,
    "indefinite under a nearer masdar": 0.68,
    "indefinite": 0.93,
}
"""Share of new instructions at a place, counted on composed statements and smoothed: what is believed before the features are weighed."""
DOUBTFUL = 0.5
"""Score below which a word is too doubtful a masdar to open an instruction."""
_MARKS = frozenset('،,.;؛:\n"»”)؟!?-/')
_PREPOSITION = re.compile(
    "(?:في|من|عن|الي|علي|مع|عبر|لدي|ب|[بل].{2,}|(?:ب|ل|عن|من|في|معه|الي|علي)(?:ه|ها|هم|هما|نا|كم)|به|له|منه|عنه|فيه)"
)
# Prepositions that a verb asks for; «بـ» and «لـ» as often open an adjunct («بالتنسيق مع», «لمدة»).
_STRONG = re.compile("(?:من|عن|الي|علي)(?:ه|ها|هم|هما|نا|كم)?|به|بها|بهم")
_WHEN = frozenset("كل قبل بعد خلال فور عند اثناء دون بدون حتي يوميا اسبوعيا شهريا دوريا فورا".split())
"""Behind a masdar they say when or how, as prepositions do."""
_MEANS = frozenset(("خلال", "عبر", "بواسطه"))
_TIES = frozenset("في من عن الي علي مع عبر خلال اجل قصد بهدف بغيه لاجل".split())
_CLOSES = frozenset("كل اي دون بدون بلا سابق غير".split())
"""Before a masdar they leave it no object («عند كل توظيف ونشر …», «دون سابق إعلان وغلق …»)."""
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
    >>> junction(["تسريع"], masdar("تسهيل"), ["الخدمات"]).place  # "speed up and ease the services"
    'shared object'
    >>> junction("تحسين ظروف النقل".split(), masdar("التوزيع"), ["."]).new < 0.5  # "the conditions of transport and distribution"
    True
    """
    before = without_pairs(before)
    place = _place(before, other, after, comma)
    if other.score < DOUBTFUL:
        return Junction(PLACES[place], place)
    weights = read_weights("coordination")
    odds = prior(place) + sum(weights.get(name, 0.0) for name in features(before, other, after, comma))
    return Junction(1 / (1 + math.exp(-odds)), place)


def without_pairs(before: Sequence[str]) -> list[str]:
    """The words without the second of two masdars that share one object: what follows is joined to both or to neither.

    >>> without_pairs("اعداد وتنفيذ مخطط استعجالي".split())
    ['اعداد', 'مخطط', 'استعجالي']
    """
    out: list[str] = []
    for k, word in enumerate(before):
        second = coordinated(word) if out and k + 1 < len(before) else None
        first = _last_masdar(out) if second is not None else None
        if (
            second is None
            or first is None
            or first.score < DOUBTFUL
            or second[1].score < DOUBTFUL
            or not same_shape(first, second[1])
        ):
            out.append(word)
    return out


def prior(place: str) -> float:
    """Log-odds of a new instruction at a place."""
    return math.log(PLACES[place] / (1 - PLACES[place]))


def features(before: Sequence[str], other: Masdar, after: Sequence[str], comma: bool) -> list[str]:
    """What speaks for or against a new instruction; arguments as of :func:`junction`. Weights: ``models/lexicon/coordination.csv``."""
    found = [f"other:{_shape(other)}"]
    if comma:
        found.append("comma")
    if other.listed:
        found.append("listed")
    found.append(f"score:{_up_to(other.score, (0.6, 0.8, 0.95))}")
    complement = _complement(after)
    found.append(f"complement:{min(len(complement), 2)}")
    if complement:
        follows = _kind(complement[0])
        found.append(f"next:{follows}")
        if not comma:
            found.append(f"other:{_shape(other)} next:{follows}")
    n = len(before)
    found.append(f"distance:{_up_to(n, (1, 2, 3, 5, 8, 12, 20))}")
    head = masdar(before[0])
    found.append(f"head:{_shape(head) if head else 'none'} {_shape(other)}")
    if n > 1:
        found.append(f"previous:{_ending(before[-1])}")
        previous = _last_masdar(before)
        if previous is not None:
            found.append(f"previous masdar:{_shape(previous)} {_shape(other)}")
    found += _nearer(before, other)
    relative = max((i for i, word in enumerate(before) if word in _RELATIVE), default=None)
    if relative is not None:
        found += ["relative", f"relative gap:{_up_to(n - 1 - relative, (3, 7, 15))}"]
    if not _MEANS.isdisjoint(before):
        found.append("means")
    if any((c := coordinated(word)) is not None and c[1].score >= DOUBTFUL for word in before[1:]):
        found.append("earlier coordination")
    if any(word in "،," for word in before):
        found.append("comma inside")
    return found


def _shape(found: Masdar) -> str:
    return "pronoun" if found.pronoun else "definite" if found.definite else "free"


def _up_to(value: float, limits: Sequence[float]) -> str:
    return next((f"<={limit}" for limit in limits if value <= limit), "more")


def _kind(word: str) -> str:
    """How the word behind the coordinated masdar is tied to it."""
    if _STRONG.fullmatch(word):
        return "strong"
    if word.startswith("لل"):
        return "لل"
    if word[0] in "بل" and len(word) > 3:
        return word[0]
    if _PREPOSITION.fullmatch(word):
        return "preposition"
    if word[0] == "و":
        return "و"
    if word.startswith("ال"):
        return "definite"
    return "pronoun" if word.endswith(("ها", "هم", "ه")) and len(word) > 4 else "other"


def _ending(word: str) -> str:
    """What the word before the conjunction is."""
    if word.startswith(("ال", "لل", "بال")):
        return "definite"
    if word.endswith(("ها", "هم", "ه", "هما")):
        return "pronoun"
    return "number" if word.isdigit() else "quote" if word in '»"' else "other"


def _nearer(before: Sequence[str], other: Masdar) -> list[str]:
    """The last free masdar behind the head, to which the coordinated one may belong instead, and what ties it to the words before it."""
    n = len(before)
    for i in range(n - 1, 0, -1):
        word = before[i]
        found, tie = masdar(word), before[i - 1] if before[i - 1] in _TIES else "noun"
        if found is None or found.score < DOUBTFUL:
            found, tie = (masdar(word[1:]) if word[0] in "بلو" and len(word) > 4 else None), word[0]
        if found is None or found.score < DOUBTFUL or found.definite:
            continue
        shapes = f"{_shape(found)} {_shape(other)}"
        return [f"near:{tie}", f"near:{tie} {shapes}", f"near gap:{_up_to(n - 1 - i, (0, 1, 2, 4, 8))}"]
    return ["near:none"]


def _complement(after: Sequence[str]) -> Sequence[str]:
    """The words behind the coordinated masdar, up to a mark."""
    mark = next((i for i, word in enumerate(after) if word[0] in _MARKS), len(after))
    return after[:mark]


def _place(before: Sequence[str], other: Masdar, after: Sequence[str], comma: bool) -> str:
    if other.score < DOUBTFUL:
        return "doubtful masdar"
    if comma:
        return "comma"
    if _said(before[1:], other):
        return "said before"
    complement = _complement(after)
    previous = _last_masdar(before)
    if other.pronoun is not None:
        if len(before) > 2 and previous is not None and previous.pronoun:
            return "pair of pronouns"
        return "pronoun" if complement else "bare pronoun"
    if other.definite:
        head = masdar(before[0]) if len(before) == 1 else None
        if head is not None and head.definite:
            return "shared object"
        governs = any(_PREPOSITION.fullmatch(word) or word in _WHEN for word in complement[:2])
        if not governs:
            return "definite"
        if previous is not None and previous.definite and len(before) > 1:
            strong = any(_STRONG.fullmatch(word) for word in complement[:2])
            return "own preposition after definite masdar" if strong else "definite after definite masdar"
        return "definite with preposition"
    if previous is not None and previous.score >= 0.7 and same_shape(previous, other):
        return "indefinite" if complement and len(before) > 2 and before[-2] in _CLOSES else "shared object"
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


def _said(before: Sequence[str], other: Masdar) -> bool:
    """True where the same masdar stands inside the instruction already («للقضاء على الفقر والقضاء على …»)."""
    for word in before:
        bare = word[1:] if word[0] in "لب" and len(word) > 4 and masdar(word) is None else word
        found = masdar("ا" + bare if bare.startswith("ل") and word.startswith("لل") else bare)
        if found is not None and found.stem == other.stem:
            return True
    return False
