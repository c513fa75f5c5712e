"""Whose subject speaks at a trigger that has none of its own: the verb that introduces a quotation, a pronoun's verb of saying, the verb over a list."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.actors.slots import Slots, gender
from pipeline.actors.words import BREAK, COMMAS
from pipeline.morphology import masdar

_PRONOUNS = {
    lead + word + end: sex
    for lead in ("", "ب", "ف", "وب")
    for word in ("ان",)
    for end, sex in (("ه", "m"), ("ها", "f"))
}
"""«أنه» before a verb, and whose verb it says its subject is."""
_WHEN = frozenset({"اذ", "واذ"})
_REPORTS = frozenset("قال اكد اوضح اضاف صرح افاد ذكر اشار كشف ابرز نقل بين ورد جاء".split())
"""Verbs behind which a text goes on to tell what others do."""
_NEAR = 8
"""Words between a verb of saying and the quotation or pronoun behind it."""


def introducing(slots: Slots, t: int) -> int | None:
    """The verb or participle that opens the quotation of word ``t`` («مضيفا: "أطلب …"»); of «بقوله» the verb before it."""
    w = slots.words.text
    depth = slots.depth[t]
    if not depth:
        return None
    k = t
    while k and slots.depth[k - 1] == depth:
        k -= 1
    while k and (w[k - 1] in COMMAS or w[k - 1] in ".:-"):
        k -= 1
    said = next((i for i in _back(slots, k, _NEAR) if _says(slots, i)), None)
    plain = w[said].lstrip("وف") if said is not None else ""
    if said is not None and plain in slots.v.words["saying_it"]:
        return next((i for i in _back(slots, said, 4 * _NEAR) if slots.v.is_verb(w[i])), None)
    if said is not None and plain in slots.v.words["saying_while"]:
        verbs = [
            i
            for i in _back(slots, said, 6 * _NEAR)
            if slots.v.is_verb(w[i]) and _says(slots, i) and sex(slots, i) == sex(slots, said)
        ]
        return next((i for i in verbs if _subject(slots, i)), next(iter(verbs), said))
    return said


def told_of(slots: Slots, t: int) -> int | None:
    """The verb of saying whose subject a pronoun before word ``t`` means («وأعلنت أنها طلبت», «وإذ تذكّر النيابة …، فإنها تدعو»)."""
    w, v = slots.words.text, slots.v
    own = _PRONOUNS.get(w[t - 1]) if t else None
    if own is None:
        return None
    if w[t - 1].startswith("ف"):
        verbs = (i for i in _back(slots, t - 1, 6 * _NEAR) if v.is_verb(w[i]) and w[i - 1] in _WHEN)
    else:
        verbs = (i for i in _back(slots, t - 1, _NEAR) if _says(slots, i))
    verb = next(verbs, None)
    return verb if verb is not None and sex(slots, verb) == own else None


def written(slots: Slots, t: int) -> int | None:
    """The verb before ``t`` whose subject is a text («تحث الدورية …، كما تشترط …»), where none that could be the subject of ``t`` stands between."""
    w, v = slots.words.text, slots.v
    if w[t][0] not in "وف" and w[t - 1 : t] not in (["كما"], ["وكما"]):
        return None
    opens = t > 1 and (w[t - 1] == BREAK or w[t - 2] == BREAK)
    before = _back(slots, t - 1 - (w[t - 2] == BREAK) if opens else t, 8 * _NEAR)
    verbs = (i for i in before if v.is_verb(w[i]) and w[i + 1] in v.words["text"])
    verb = next((i for i in verbs if v.base_form(w[i]) not in _REPORTS), None)
    if verb is None or sex(slots, verb) != sex(slots, t):
        return None
    between = (p for p in slots.places if verb < p.first < t)
    return verb if not any(p.subject and slots.gender_of(p) == sex(slots, t) for p in between) else None


def deciding(slots: Slots, t: int, lead: int | None) -> int | None:
    """The verb of concluding that governs the masdar ``t`` («خلصت اللجنة إلى مطالبة …»), in its sentence or in that which opens its list."""
    w, v = slots.words.text, slots.v
    decides = v.words["deciding"]
    for at in (t, None if lead is None else _end(slots, lead)):
        if at is None:
            continue
        for i in _back(slots, at, len(w)):
            if v.is_verb(w[i]) and v.base_form(w[i]) in decides:
                other = w[i + 1].startswith("ال") and not _subject(slots, i)  # «انتهى الاجتماع إلى …»
                return None if other else i
            if at == t and v.is_verb(w[i]) and masdar(w[i]) is None:
                break
    return None


def _back(slots: Slots, k: int, steps: int) -> Iterator[int]:
    """The words before ``k`` in its sentence, nearest first, those in quotation marks passed over."""
    w = slots.words.text
    for i in range(k - 1, max(-1, k - 1 - steps), -1):
        if w[i] == BREAK:
            return
        if not slots.depth[i] or slots.depth[i] == slots.depth[k]:
            yield i


def _subject(slots: Slots, i: int) -> bool:
    """True where a mention stands right behind the verb ``i``."""
    return any(p.first == i + 1 and p.subject for p in slots.places)


def _end(slots: Slots, number: int) -> int:
    """Index of the BREAK that ends sentence ``number``."""
    return next((i for i in range(len(slots.sentence) - 1, -1, -1) if slots.sentence[i] == number), 0)


def _says(slots: Slots, i: int) -> bool:
    word, v = slots.words.text[i], slots.v
    plain = word.lstrip("وف")
    known = v.words["saying_it"] | v.words["saying_while"]
    return word in known or plain in known or v.is_verb(word) and v.base_form(word) in v.words["saying"]


def sex(slots: Slots, i: int) -> str:
    """Gender of a verb's or participle's subject by its letters."""
    word = slots.words.text[i]
    verb = word[1:] if word[0] in "وف" and slots.v.is_verb(word[1:]) else word
    return gender(slots.v, verb, "participle" if verb in slots.v.words["saying_while"] else "finite")
