"""Whose subject speaks at a trigger that has none of its own: the verb that introduces a quotation, a pronoun's verb of saying, the verb over a list."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.actors.slots import Slots, Standing, gender
from pipeline.actors.words import BREAK, COMMAS
from pipeline.morphology import masdar
from pipeline.types import Kind

_PRONOUNS = {lead + word: sex for lead in ("", "ب", "ف", "وب") for word, sex in (("انه", "m"), ("انها", "f"))}
"""«أنه» before a verb, and whose verb it says its subject is."""
_WHEN = frozenset({"اذ", "واذ"})
_REPORTS = frozenset("قال اكد اوضح اضاف صرح افاد ذكر اشار كشف ابرز نقل بين ورد جاء".split())
"""Verbs behind which a text goes on to tell what others do."""
_FROM = frozenset({"صادر", "صادره", "صدر", "صدرت"})
_ISSUES = frozenset("وجه اصدر نشر بعث عمم ارسل اذاع".split())
_ISSUED_BY = frozenset("اصدره اصدرها اصدرته اصدرتها وجهه وجهها وجهته وجهتها نشره نشرها نشرته نشرتها".split())
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


def author(slots: Slots, k: int) -> Standing | None:
    """Who issued the text named at word ``k`` («البلاغ»), by how it was brought in: «بلاغ لوزارة …», «أصدر المدير منشورا», «بيان صادر عن …»."""
    w = slots.words.text
    stem = w[k].lstrip("وف").removeprefix("ال")
    for i in range(k - 1, -1, -1):
        plain = next((w[i][cut:] for cut in (0, 1, 2) if w[i][cut:].removeprefix("ال") in (stem, stem + "ا")), "")
        if not plain:
            continue
        found = _issued(slots, i)
        if found is not None:
            return found
    return None


def _issued(slots: Slots, i: int) -> Standing | None:
    """Who the words around the text ``i`` say it is from."""
    w, v = slots.words.text, slots.v
    for j in range(i + 1, min(i + 7, len(w) - 1)):
        if w[j] == BREAK:
            break
        from_whom = w[j] == "عن" and (w[j - 1].removeprefix("ال") in _FROM or w[i - 1].lstrip("وف") in _FROM)
        if from_whom or w[j] in _ISSUED_BY:
            return slots.standing.get(j + 1)
    behind = slots.standing.get(i + 1)
    if behind is not None and behind.mention.kind is not Kind.GROUP:
        return behind
    same = [p for p in slots.places if p.last <= i and slots.sentence[p.first] == slots.sentence[i] and p.subject]
    if w[i + 1] in ("له", "لها"):
        return same[-1] if same else None
    if same and i - same[-1].last <= _NEAR:
        verb = slots.verb_before(same[-1].first)
        return same[-1] if verb >= 0 and v.base_form(w[verb]) in _ISSUES else None
    return None


def notifying(slots: Slots, t: int) -> Standing | None:
    """Who gives the notice («يعلم ديوان الموانئ زبائنه …») in which word ``t`` stands, nobody else having spoken since; None where none is given."""
    w = slots.words.text
    for place in reversed(slots.places):
        if place.first >= t or not place.subject:
            continue
        verb = place.first - 1
        if verb >= 0 and w[verb].lstrip("وف") in slots.v.words["notifying"]:
            return place
        if place.features[0] in ("subj_say", "topic_verb"):
            return None
    return None


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
    known = (v.words["saying_it"], v.words["saying_while"])
    return any(x in words for words in known for x in (word, plain)) or (
        v.is_verb(word) and v.base_form(word) in v.words["saying"]
    )


def sex(slots: Slots, i: int) -> str:
    """Gender of a verb's or participle's subject by its letters."""
    word = slots.words.text[i]
    verb = word[1:] if word[0] in "وف" and slots.v.is_verb(word[1:]) else word
    return gender(slots.v, verb, "participle" if verb in slots.v.words["saying_while"] else "finite")
