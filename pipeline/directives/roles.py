"""Who is told to act, whether the act is recalled, and whether the thing is to be done or left."""

from __future__ import annotations

from pipeline.actors import SpeakerIndex
from pipeline.directives.frames import Intro
from pipeline.directives.view import COMMAS, Head, HeadKind, View
from pipeline.lexicon import Form
from pipeline.types import Mention, Polarity, Span

_ARTICLE = ("ال", "لل")


def polarity(view: View, form: Form, head: Head) -> Polarity:
    """GUIDELINES 2, 3 and 24: by the head, or by a verb of banning."""
    if form.trigger.polarity == "avoid" or head.word in ("لا", "الا", "لن"):
        return Polarity.AVOID
    if view.lexicon.is_in("avoid_head", head.word):
        return Polarity.AVOID
    return Polarity.DO


def recalled(view: View, i: int, form: Form) -> bool:
    """GUIDELINES 20: a mark that the act came before the reported event."""
    if form.trigger.recalled:
        return True
    low = max(0, i - 9)
    before = view.w[low:i]
    if any(w in ("قد", "وقد") for w in before[-2:]) and any(w.lstrip("وف") in _WAS for w in before):
        return True
    if before and before[-1].lstrip("وف") in _WAS:
        return True
    return any(w.lstrip("وف") in _WAS for w in before[-5:]) and form.klass in ("perfect", "forms") and not any(x in COMMAS for x in before[-1:]) and not any(
        w in ("ان", "التي", "الذي") for w in before[-5:]
    ) or any(before[k : k + 2] in (["سبق", "ان"], ["سبق", "ل"], ["وسبق", "ان"]) for k in range(len(before)))


_WAS = frozenset({"كان", "كانت", "كانوا", "كنت", "كنا", "سبق"})


def addressees(view: View, i: int, last: int, form: Form, intro: Intro, speakers: SpeakerIndex, issuer: Mention | None) -> tuple[Mention, ...]:
    """The mentions that are told to act: between trigger and introducer, or as subject of the instruction's verb."""
    places = form.trigger.addressee
    found: tuple[Mention, ...] = ()
    if form.pronoun and "object" in places and form.klass != "masdar":
        antecedent = speakers.antecedent(view.start(i), form.pronoun)
        if antecedent:
            return (antecedent,)
    stop = intro.j
    area = _area(view, i, last, stop, form, places, issuer, speakers)
    if area is not None:
        first, offset = area
        found = _conjuncts(view, first, offset, stop, speakers)
    if not found and intro.head.kind is HeadKind.VERB:
        found = _subject(view, intro, speakers)
    return tuple(m for m in found if issuer is None or m.span != issuer.span)


def _area(
    view: View, i: int, last: int, stop: int, form: Form, places: frozenset[str], issuer: Mention | None, speakers: SpeakerIndex
) -> tuple[int, int] | None:
    """Token and offset where the addressee's noun phrase starts."""
    j = last + 1
    if issuer is not None:
        while j < stop and issuer.span.start <= view.start(j) < issuer.span.end:
            j += 1
    low = j
    while j < stop:
        word = view.w[j]
        k = view.starts_phrase("adverbial", j)
        if k:
            j = _after_adverbial(view, j + k, stop)
            continue
        if view.is_mark(j) or _in_time(view, j):
            j += 1
            continue
        pronoun = _pronoun_addressee(word, places)
        if pronoun:
            antecedent = speakers.antecedent(view.start(j), pronoun)
            return (j, -1) if antecedent else None
        if "min" in places and word == "من" and j + 1 < stop:
            return j + 1, 0
        if "ila" in places and word in ("الي", "والي") and j + 1 < stop:
            return j + 1, 0
        if "ala" in places and word == "علي" and j + 1 < stop:
            return j + 1, 0
        if "li" in places and word[0] == "ل" and len(word) > 3 and not view.is_in("function", j):
            return j, 1
        if "bi" in places and word[0] == "ب" and len(word) > 3 and j != stop and not view.is_in("function", j):
            return j, 1
        if "object" in places and (j == low or view.w[j - 1] in COMMAS or _starts_np(view, j, speakers)) and not view.is_in("preposition", j) and not view.is_in("function", j):
            if view.lexicon.is_in("light_noun", word.removeprefix("ال")) or view.is_in("adverb", j) or view.is_in("intensifier", j):
                j += 1
                continue
            return j, 0
        j += 1
    return None


def _in_time(view: View, j: int) -> bool:
    start = view.start(j)
    return any(t.span.start <= start < t.span.end for t in view.analysis.times)


def _starts_np(view: View, j: int, speakers: SpeakerIndex) -> bool:
    return speakers.mention_at(view.start(j)) is not None


def _pronoun_addressee(word: str, places: frozenset[str]) -> str:
    for place, stem in (("min", "من"), ("ila", "الي"), ("ala", "علي"), ("li", "ل"), ("bi", "ب"), ("object", "ايا")):
        if place in places and word.startswith(stem) and word[len(stem) :] in ("ه", "ها", "هم", "هما", "هن", "كم"):
            return word[len(stem) :]
    return ""


def _after_adverbial(view: View, j: int, stop: int) -> int:
    """Past an adverbial phrase: to the comma that closes it, or past its noun phrase."""
    for k in range(j, min(stop, j + 14)):
        if view.w[k] in COMMAS:
            return k + 1
    return min(j + 1, stop)


def _conjuncts(view: View, first: int, offset: int, stop: int, speakers: SpeakerIndex) -> tuple[Mention, ...]:
    """The noun phrases from ``first``: one mention for each conjunct."""
    if offset < 0:
        word = view.w[first]
        for stem in ("من", "الي", "علي", "ايا", "ل", "ب"):
            if word.startswith(stem):
                antecedent = speakers.antecedent(view.start(first), word[len(stem) :])
                return (antecedent,) if antecedent else ()
        return ()
    found: list[Mention] = []
    limit = view.end(stop - 1)
    start = view.start(first, offset)
    j = first
    while True:
        end = speakers.np_end(start, limit)
        if end <= start:
            break
        known = speakers.mention_at(start)
        found.append(Mention(Span(start, end), known.kind if known else None, known.actor_id if known else None))
        while j < stop and view.end(j) <= end:
            j += 1
        j = view.skip_marks(j)
        if j >= stop or view.w[j][0] != "و" or len(view.w[j]) < 4:
            break
        start, limit = view.start(j, 1), view.end(stop - 1)
        word = view.w[j][1:]
        if not (word.startswith(_ARTICLE) or speakers.mention_at(start)) or view.starts_phrase("adverbial", j):
            break
    return tuple(found)


def _subject(view: View, intro: Intro, speakers: SpeakerIndex) -> tuple[Mention, ...]:
    """GUIDELINES 11: the subject right behind the instruction's verb («أن يحترم التجار …»)."""
    j = intro.head.j + (2 if intro.head.word in ("لا", "الا", "لن") else 1)
    if j >= view.n or view.is_mark(j):
        return ()
    start = view.start(j)
    word = view.w[j]
    known = speakers.mention_at(start)
    if known is None and not (word.startswith("ال") and word.endswith(("ون", "ين", "ات")) or word in ("كل", "جميع", "كافه")):
        return ()
    if word.endswith("ين") and known is None:
        return ()
    end = speakers.np_end(start, view.sentence.span.end)
    return (Mention(Span(start, end), known.kind if known else None, known.actor_id if known else None),) if end > start else ()
