"""Who is told to act, whether the act is recalled, and whether the thing is to be done or left."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.actors import SpeakerIndex
from pipeline.actors.extent import HAVING
from pipeline.directives.abstention import is_left
from pipeline.directives.candidates import Candidate
from pipeline.directives.view import COMMAS, EVERY, HONORIFICS, NEGATIONS, Head, HeadKind, View
from pipeline.lexicon import Form, Lexicon
from pipeline.morphology import masdar
from pipeline.normalize import fold
from pipeline.types import Analysis, Mention, Polarity, Span


def polarity(view: View, found: Candidate, head: Head) -> Polarity:
    """GUIDELINES 2, 3 and 24: by the head, by a verb of banning, or by a duty word under a negation."""
    if found.negated or found.form.trigger.polarity == "avoid" or head.word in NEGATIONS:
        return Polarity.AVOID
    return Polarity.AVOID if is_left(view.lexicon, [head.word, *view.w[head.j + 1 : head.j + 5]]) else Polarity.DO


def recalled(view: View, i: int, form: Form) -> bool:
    """GUIDELINES 20: a mark that the act came before the reported event."""
    if form.trigger.recalled:
        return not (
            view.is_in("plain_order", i + 1) and view.w[i + 2 : i + 3] == [":"]
        )  # «التعليمة واضحة: …» is given now
    low = max(0, i - 9)
    before = view.w[low:i]
    if any(w in ("قد", "وقد") for w in before[-2:]) and any(w.lstrip("وف") in _WAS for w in before):
        return True
    if before and before[-1].lstrip("وف") in _WAS:
        return True
    return (
        any(w.lstrip("وف") in _WAS for w in before[-5:])
        and form.klass in ("perfect", "forms")
        and not any(x in COMMAS for x in before[-1:])
        and not any(w in ("ان", "التي", "الذي") for w in before[-5:])
        or any(before[k : k + 2] in (["سبق", "ان"], ["سبق", "ل"], ["وسبق", "ان"]) for k in range(len(before)))
    )


def is_passive(found: Candidate) -> bool:
    """True where the trigger has no subject of its own: «كُلّف»، «تم تكليف»، «جرى التأكيد»."""
    view, form = found.view, found.form
    if view.w[found.i].endswith("تقرر"):
        return True
    if form.klass == "masdar":
        return found.i > 0 and view.w[found.i - 1].lstrip("وف") in (
            "تم",
            "تمت",
            "يتم",
            "جري",
            "جرت",
            "يجري",
            "وقع",
            "سيتم",
            "تقرر",
        )
    raw = view.analysis.text(view.span(found.i, found.i, found.offset))
    return (
        form.klass == "perfect"
        and "\u064f" in raw[1:3]
        or form.klass == "imperfect"
        and form.trigger.polarity == "avoid"
        and "\u064f" in raw[1:2]
    )


def lone_object(found: Candidate, speakers: SpeakerIndex) -> bool:
    """True where a verb that needs an addressee (كلف، ألزم) has one noun phrase behind it: that is the one told to act, and no subject."""
    if (
        not found.form.trigger.needs_addressee
        or found.form.klass not in ("perfect", "imperfect")
        or found.form.pronoun
        or found.intro is None
    ):
        return False
    filled = found.intro.frame in _AFTER_OBJECTS
    known, all_ = (
        [s for s in _slots(found.view, found.end + 1, found.intro.j, speakers, filled=f) if s.place == "object"]
        for f in (False, filled)
    )
    return len(known) == len(all_) == 1 and known[0].first


_SAID_OF = 14
"""Words between «سبق لي» and the verb behind «أن»."""


def in_own_voice(found: Candidate, letter: bool) -> bool:
    """True where the writer speaks: in the first person («أرجو»، «نبهناكم»، «إنني ألح»), or to «you» («المطلوب منكم»، «عليكم»).

    What can be either person («ألفت») is the first in a ``letter``.
    """
    view, form = found.view, found.form
    word = view.w[found.i][found.offset :]
    if form.klass == "imperfect" and word[0] in "ان" or view.is_in("first_person", found.i, found.offset):
        return True
    if form.klass == "perfect" and word.removesuffix("كم").endswith("نا"):
        return True
    if letter and word[0] == "ا" and any(f.klass == "imperfect" for f in view.forms(found.i)):
        return True
    if found.i and view.w[found.i - 1].lstrip("وف") in ("انني", "اني", "اننا"):
        return True
    perfect = word.endswith("ت") and form.klass in ("perfect", "forms")
    if letter and perfect and "لي" in view.w[max(0, found.i - _SAID_OF) : found.i]:
        return True  # «سبق لي، في مراسلتي الأخيرة، أن نبهت القابضين»
    return any(w.endswith("كم") and len(w) > 3 for w in view.w[found.i : found.last + 2])


def is_subject(found: Candidate, mention: Mention) -> bool:
    """True where ``mention`` stands bare, right behind an active verb of the third person: its subject, where nobody before it can be («ينصح الأطباء بـ»)."""
    view, form = found.view, found.form
    third = form.klass == "perfect" or form.klass == "imperfect" and view.w[found.i][found.offset] in "يت"
    return third and not form.pronoun and found.end + 1 < view.n and mention.span.start == view.start(found.end + 1)


_AFTER_OBJECTS = frozenset("bi bi_need ila ila_need li ala ala_need an".split())
"""Frames whose introducer ends the object before it."""
_YOU = frozenset("انتم انكم بانكم".split())
_PRONOUN_SUBJECTS = {"هو": "ه", "هي": "ها", "هم": "هم", "هن": "هن"} | {
    particle + p: p for particle in ("ان", "بان", "لان", "لكن", "انما") for p in ("ه", "ها", "هم", "هن", "هما")
}
"""Pronouns that stand as subject before a predicate."""
_MEANT = frozenset("المخاطبين المخاطبون للمخاطبين".split())
_ON_YOU = frozenset("عليكم عليك عليكن اياكم اياك".split())
_WAS = frozenset({"كان", "كانت", "كانوا", "كنت", "كنا", "سبق"})


def addressees(
    found: Candidate, speakers: SpeakerIndex, issuer: Mention | None, before: Sequence[Mention] = ()
) -> tuple[Mention, ...]:
    """The mentions that are told to act: a slot between trigger and introducer, a pronoun, or the subject of the instruction's verb.

    ``before``: those whom the act before told.
    """
    view, form, intro = found.view, found.form, found.intro
    assert intro is not None
    places = form.trigger.addressee
    if found.frame == "verb":
        if whoever := condition(found, speakers):
            return whoever
        return tuple(m for m in speakers.antecedents(view.start(intro.head.j), "كم") if not _same(m, issuer))
    if view.w[found.i].lstrip("وف") in _ON_YOU:
        return tuple(m for m in speakers.antecedents(view.start(found.i), "كم") if not _same(m, issuer))
    if form.pronoun and form.klass != "masdar" and "object" in places:
        told = speakers.antecedents(view.start(found.at), form.pronoun, issuer, before)
        if told:
            return told
    if "self_object" in form.trigger.frames or found.end > found.i:  # «قال إن عليهم أن …»: the duty behind the verb
        laid = _attached_pronoun(view.w[found.end].lstrip("وف"))
        laid = laid if laid and (laid[0] == "ala" or found.end == found.i) else None
        told = speakers.antecedents(view.start(found.end), laid[1], issuer, before) if laid else ()
        if told:
            return told
    if form.trigger.frames & {"ala_an", "ala_bi"} and intro.frame in ("bi", "bi_need", "an"):
        places = places | {"ala"}
    mentions: tuple[Mention, ...] = ()
    if "subject" in places:
        if found.at and view.w[found.at - 1].lstrip("وف") in _YOU:
            return speakers.antecedents(view.start(found.at), "كم")
        if meant := _PRONOUN_SUBJECTS.get(view.w[found.at - 1].lstrip("وف") if found.at else ""):
            return speakers.antecedents(view.start(found.at - 1), meant, issuer, before)  # «لكنه ملزم بـ»
        mentions = _before(view, found.at, speakers)
    if not mentions:
        finite = form.klass in ("perfect", "imperfect", "forms") and intro.area < 0
        places = places | {"object"} if intro.area >= 0 else places
        filled = "object" in places and not form.pronoun and intro.area < 0 and intro.frame in _AFTER_OBJECTS
        first = max(found.end + 1, intro.area)
        mentions = _chosen(_slots(view, first, intro.j, speakers, issuer, before, filled), places, issuer, finite)
    named = view.w[found.i].lstrip("وف").removeprefix("ال").startswith("م")  # «المطلوب»، «المرجو»
    if not mentions and (form.trigger.duty or named or is_passive(found)):
        topic = speakers.set_before(view.start(found.at))  # «أما الصيدلية، فجرى التأكيد على ألا تسلم …»
        mentions = (topic,) if topic is not None else _of_clause(found, speakers)
    if not mentions and (intro.head.kind is HeadKind.VERB or view.lexicon.is_in("acts_itself", intro.head.word)):
        mentions = subject_of(view, intro.head, speakers)
    if not mentions:
        mentions = aside_to(found, speakers)
    if not mentions:
        mentions = _fronted(view, found.i, places, speakers) or _written_to(found, speakers, issuer, before)
    if (
        not mentions
        and speakers.recipients
        and any(w.endswith("كم") and len(w) > 4 for w in view.w[found.i : intro.j + 1])
    ):
        mentions = speakers.recipients  # «تقرر إلزامكم بالآتي»
    if not mentions and speakers.recipients and view.quote[found.i] < 0 and view.w[found.i][found.offset :] in _PLEASE:
        mentions = speakers.recipients  # «أرجو الإيعاز»، «يرجى التقيد» in a letter
    if mentions and speakers.recipients and view.analysis.text(mentions[0].span).split()[0] in _MEANT:
        mentions = speakers.recipients  # «يُطلب إلى المخاطبين بهذا التعميم»
    return tuple(m for m in mentions if not _same(m, issuer))


_PLEASE = frozenset("يرجي برجاء نرجو ارجو الح اشدد نلح".split())
"""What in a letter asks those who read it, though it names nobody."""


def condition(found: Candidate, speakers: SpeakerIndex) -> tuple[Mention, ...]:
    """Whoever the condition before a jussive names («من عجز فليترك مكانه»)."""
    view, intro = found.view, found.intro
    if intro is None or not view.w[intro.head.j].startswith("فل"):
        return ()
    j = intro.head.j
    for k in range(j - 2, max(-1, j - _CONDITION), -1):
        if view.is_mark(k):
            return ()
        if view.w[k] in ("من", "ومن", "فمن") and (not k or view.is_mark(k - 1) or view.w[k] != "من"):
            among = "منكم" in view.w[k:j]  # then those spoken to are told
            return () if among else (_mention(speakers, view.start(k, len(view.w[k]) - 2), view.end(j - 1)),)
    return ()


_CONDITION = 12
"""Words of the longest condition before a jussive."""


def named_between(view: View, first: int, cut: int, stop: int, speakers: SpeakerIndex) -> tuple[Mention, ...]:
    """The noun phrases from token ``first``, past ``cut`` letters of conjunction and preposition, to ``stop``."""
    return _conjuncts(view, first, cut, stop, speakers)[0]


def headed_at(
    analysis: Analysis, lexicon: Lexicon, trigger: Span, instruction: Span, speakers: SpeakerIndex
) -> tuple[Mention, ...]:
    """:func:`headed` for an instruction and a trigger given by their places."""
    starts = [s.span.start for s in analysis.sentences]
    lead, item = (bisect_right(starts, span.start) - 1 for span in (trigger, instruction))
    return headed(View(analysis, item, lexicon), lead, speakers) if 0 <= lead < item else ()


def headed(view: View, lead: int, speakers: SpeakerIndex) -> tuple[Mention, ...]:
    """Whom an item of a list is for: those named at its head («على مستوى الوزارة: تطهير …») or in the nearest heading behind the sentence ``lead``."""
    for index in range(view.index, lead, -1):
        item = view if index == view.index else View(view.analysis, index, view.lexicon)
        stop = next((j for j in range(min(item.n, _HEADING)) if item.w[j] == ":"), -1)
        level = _level(item)
        if index == view.index and stop < 0 or stop < 0 and (not level or item.n > _HEADING):
            continue  # another item
        stop = stop if stop >= 0 else item.n
        first = level or next((j for j in range(stop) if item.w[j][0].isalpha()), stop)
        named = first < stop and (_names(item, first, speakers) or item.w[first] in EVERY)
        mentions, behind = _conjuncts(item, first, 0, stop, speakers) if named else ((), 0)
        return mentions if behind >= stop or level else ()
    return ()


_HEADING = 12
"""Words of the longest heading of a part of a list."""
_LEVELS = (("علي", "مستوي"), ("بالنسبه", "الي"), ("فيما", "يخص"), ("الي",))


def _level(view: View) -> int:
    """The token behind «على مستوى», «بالنسبة إلى» at the head of a line; 0 where it opens otherwise."""
    first = next((j for j in range(view.n) if view.w[j][0].isalpha()), view.n)
    return next((first + len(p) for p in _LEVELS if tuple(view.w[first : first + len(p)]) == p), 0)


@dataclass(frozen=True, slots=True)
class _Slot:
    """A noun phrase with its conjuncts, and how it is attached: object, min, ila, li, ala, bi, self or other."""

    place: str
    mentions: tuple[Mention, ...]
    first: bool
    """True right behind the trigger."""
    meant: bool = False
    """True for people or a body right before the introducer."""


_PLACES = {"من": "min", "الي": "ila", "علي": "ala"}
_PRONOUNS = {"من": "min", "الي": "ila", "علي": "ala", "ل": "li", "ب": "bi", "ايا": "object"}
_HONORED = frozenset("سيادته سيادتها جلالته معاليه معاليها سموه فخامته سعادته سماحته المتحدث المتحدثه".split())


def _same(mention: Mention, issuer: Mention | None) -> bool:
    return issuer is not None and (
        mention.span.overlaps(issuer.span) or (mention.actor_id is not None and mention.actor_id == issuer.actor_id)
    )


def _chosen(slots: list[_Slot], places: frozenset[str], issuer: Mention | None, finite: bool) -> tuple[Mention, ...]:
    """The slot of the addressee among ``slots``; behind a finite verb the first of two objects is its subject."""
    objects = [s for s in slots if s.place == "object" and not any(_same(m, issuer) for m in s.mentions)]
    if (
        issuer is not None
        and len(objects) > 1
        and 0 <= objects[0].mentions[0].span.start - issuer.span.end <= 1
        and (objects[0].mentions[0].kind is None or objects[-1].meant)
    ):
        objects = (
            objects[-1:] if objects[-1].meant else objects[1:]
        )  # «الشيخ الخزيم الجميع»: what goes on with the subject
    if "object" in places and objects:
        told = issuer is not None and issuer.span.end <= objects[0].mentions[0].span.start  # the subject stands before
        beside = len(objects) > 1 and objects[1].mentions[0].span.start - objects[0].mentions[-1].span.end <= 1
        if finite and len(objects) > 1 and objects[0].first and (not told or beside):
            objects = objects[1:]
        return objects[0].mentions
    if "self" in places and objects and objects[0].first:
        return objects[0].mentions
    for slot in slots:
        if slot.place in places and slot.place != "object":
            return slot.mentions
    return ()


def _slots(
    view: View,
    first: int,
    stop: int,
    speakers: SpeakerIndex,
    issuer: Mention | None = None,
    before: Sequence[Mention] = (),
    filled: bool = False,
) -> list[_Slot]:
    """Noun phrases between the tokens ``first`` and ``stop``, adverbials and times aside; the issuer's is as long as its mention.

    ``filled``: what stands right before ``stop`` can be an object that nobody knows.
    """
    out: list[_Slot] = []
    j = first
    while j < stop:
        word = view.w[j]
        if issuer is not None and view.start(j) == issuer.span.start:
            out.append(_Slot("object", (issuer,), j == first))
            while j < stop and view.start(j) < issuer.span.end:
                j += 1
            continue
        if (
            view.is_mark(j)
            or _in_time(view, j)
            or word in _HONORED
            or any(view.is_in(k, j) for k in ("adverb", "aside", "list_lead", "document"))
            or _cognate(word)
            and not _their(word, "object")
        ):
            aside = view.is_in("document", j) and COMMAS & set(view.w[j:stop])
            bare = j == first and (
                view.is_in("document", j + 1) or _names(view, j + 1, speakers)
            )  # «كلف نص القرار المديرين»
            j = _past_comma(view, j, stop) if aside and not bare else j + 1
            continue
        if word.lstrip("و") in ("الذي", "التي", "الذين", "سواء", "كل") and (
            word != "كل" or view.w[j + 1 : j + 2] and view.w[j + 1] in ("فيما", "في", "حسب", "بحسب")
        ):
            j = _past_comma(view, j, stop)
            continue
        if (opened := _whoever(view, j, first, speakers)) is not None:
            start = view.start(j, opened[1])
            whoever = _mention(speakers, start, speakers.np_end(start, view.end(stop - 1)))
            return [*out, _Slot(opened[0], (whoever,), j == first)] if whoever.span.end > start else out
        if word == "من" and view.w[j + 1 : j + 2] and view.w[j + 1] in _AGENT:
            j = _past_agent(view, j + 2, stop, speakers)
            continue
        pronoun = _attached_pronoun(word)
        if pronoun:
            told = speakers.antecedents(view.start(j), pronoun[1], issuer, before)
            if told:
                out.append(_Slot(pronoun[0], told, j == first))
            j += 1
            continue
        if (owned := _owned_attention(word)) and (told := speakers.antecedents(view.start(j), owned, issuer, before)):
            out.append(_Slot("genitive", told, False))
            j += 1
            continue
        place, at, cut = _attachment(view, j, stop, speakers)
        while at < stop and (view.w[at] in _DEMONSTRATIVES or place == "ila" and view.w[at] == "علم"):
            at += 1  # «إلى علم المصالح»
        if at >= stop:
            break
        if place == "other" and (view.w[at - 1] in _CLOSING or at - j > 1 and view.w[at - 1].startswith("ال")):
            j = at  # «من ناحية أخرى»، «في السياق»: nothing belongs to it
            continue
        if place == "other" and at > j and not _DEMONSTRATIVES.isdisjoint(view.w[j:at]):
            j = _past_shown(view, at, stop)
            continue
        if (place == "object" or place == "min" and j > first) and _is_light(view, at):
            j = at + 1
            while j < stop and (
                _only_modifies(view, j, speakers) or _is_light(view, j) or _describes(view, j, speakers)
            ):
                j += 1  # «تعليماته الصارمة للحكومة»، «حزمة من التوجيهات للحكومة»
            continue
        if place == "other" and COMMAS & set(view.w[at:stop]):
            j = _past_comma(view, at, stop)
            continue
        if place == "other" and (past := _past_construct(view, at, stop, speakers)) > at:
            j = past
            continue
        mentions, j = _conjuncts(view, at, cut, stop, speakers)
        if place == "other":
            while j < stop and _only_modifies(view, j, speakers):
                j += 1
        if not mentions and _their(view.w[at][cut:], place):
            mentions = (_mention(speakers, view.start(at, cut), view.end(at)),)  # «طلب من أعضائه»، «رجا مسؤوليها»
        subject = issuer or (out[0].mentions[-1] if out and out[0].first else None)
        last = at - 2 if view.w[at - 1] in COMMAS else at - 1
        behind = at == first or subject is not None and view.end(last) == subject.span.end
        if not mentions and filled and behind and place == "object" and _fills(view, at, stop, speakers):
            mentions, j = (_mention(speakers, view.start(at), view.end(stop - 1)),), stop
        if mentions and j < stop and view.w[j].startswith(_DOING) and view.w[j].endswith(("ين", "ون", "ات", "ه")):
            mentions = (*mentions[:-1], _mention(speakers, mentions[-1].span.start, view.end(j)))  # «الزوار الوافدين»
            j += 1
        if mentions and place in ("object", "bi", "self", "li") and _restricted(view, j, stop):
            mentions = (*mentions[:-1], _mention(speakers, mentions[-1].span.start, view.end(stop - 1)))
            j = stop
        if mentions and place != "other" and not (issuer is not None and _same(mentions[0], issuer)):
            further = _qualified(view, j, stop, speakers, filled)
            if further > j:
                mentions = (*mentions[:-1], _mention(speakers, mentions[-1].span.start, view.end(further - 1)))
                j = further
        if not mentions and place == "bi" and j < stop and speakers.v.is_place(view.w[j]):
            j += 1  # «بمدينة قابس»
        if (
            mentions
            and not view.lexicon.is_in("light_noun", view.w[at][cut:].removeprefix("ال"))
            and not view.is_in("necessity", at, cut)
        ):
            if word[0] == "و" and out and out[-1].place == place == _PLACES.get(word[1:]):  # «من الوزارة ومن البلديات»
                out[-1] = _Slot(out[-1].place, (*out[-1].mentions, *mentions), out[-1].first)
            else:
                out.append(_Slot(place, mentions, at == first, j >= stop and _acts(view, at, speakers, True)))
    return out


def _whoever(view: View, j: int, first: int, speakers: SpeakerIndex) -> tuple[str, int] | None:
    """(place, letters before it) of «من» that opens a clause about whoever does something («على من تأخر»، «داعيا من لديه»، «أهيب بمن حضروا»)."""
    word = view.w[j]
    if word not in ("من", "بمن", "لمن") or j + 1 >= view.n:
        return None
    if word == "من" and j == first and view.w[j - 1].lstrip("وف") == "علي":
        return "object", 0
    behind = view.w[j + 1]
    named = behind in (*_AGENT, "اجل") or view.starts_phrase("adverbial", j + 1) or _names(view, j + 1, speakers)
    if named or not (speakers.v.is_verb(behind) or behind in _HAVING):
        return None
    return {"من": "object", "بمن": "bi", "لمن": "li"}[word], len(word) - 2


_HAVING = HAVING | {"كانوا", "يرغب", "يريد"}


def _past_shown(view: View, j: int, stop: int) -> int:
    """Index behind the noun at token ``j`` that a demonstrative shows («في هذا الصدد»، «في السياق نفسه»)."""
    j += 1
    while j < stop and (view.w[j] in _SELVES or view.w[j].startswith("ال") and view.w[j].endswith(("ي", "ه", "ير"))):
        j += 1
    return j


def _past_construct(view: View, j: int, stop: int, speakers: SpeakerIndex) -> int:
    """Index behind a construct chain of things from token ``j`` («في جلسة مناقشة تعطل المشاريع», «خلال زيارته للولاية»); ``j`` where there is none."""
    if view.w[j].endswith(_OWNED) and masdar(view.w[j]) is not None and j + 1 < stop and view.w[j + 1].startswith("لل"):
        return _conjuncts(view, j + 1, 1, stop, speakers)[1]
    k = j
    while k < stop and view.w[k][0].isalpha() and (view.w[k] in _PLACES or not view.w[k].startswith("ال")):
        if (
            view.w[k] in _PLACES
            or _names(view, k, speakers)
            or view.is_in("preposition", k)
            or view.w[k][0] in "بلو"
            or k - j > 3
        ):
            return j
        k += 1
    if k == j or k >= stop or not view.w[k].startswith("ال") or _people(view, k, 0, speakers):
        return j
    return max(_conjuncts(view, k, 0, stop, speakers)[1], k + 1)


_CLOSING = frozenset("اخري ثانيه جهته جهتها ناحيته ناحيتها جانبه جانبها".split())
"""Last words of phrases that need nothing behind them («من ناحية أخرى»)."""
_SELVES = frozenset("ذاته ذاتها نفسه نفسها عينه عينها".split())
_ATTENTION = ("عنايت", "نظر", "انتباه", "اهتمام")


def _owned_attention(word: str) -> str:
    """The pronoun of «عنايتهم», «انتباههم» behind a verb of drawing it; empty where there is none."""
    return next((word[len(a) :] for a in _ATTENTION if word.startswith(a) and word[len(a) :] in _OWNED), "")


def _is_light(view: View, j: int) -> bool:
    """True for what a light verb gives, with its article and conjunction («والتعليمات»)."""
    word = view.w[j]
    joined = word[0] == "و" and not view.is_in("light_noun", j)
    return view.is_in("light_noun", j, joined + 2 * word[joined:].startswith("ال"))


def _describes(view: View, j: int, speakers: SpeakerIndex) -> bool:
    """True for an indefinite adjective behind what a light verb gives («توجيهات إضافية»، «أمر كتابي»)."""
    word = view.w[j]
    return len(word) > 3 and word.endswith(("يه", "ي", "يا")) and word[0] not in "بلو" and not _names(view, j, speakers)


def _only_modifies(view: View, j: int, speakers: SpeakerIndex) -> bool:
    """True for an adjective behind a noun that is no addressee («خلال ظهوره الأول»): a definite singular that names nobody."""
    word = view.w[j]
    plural = word.endswith(("ين", "ون", "ات", "اء"))
    return word.startswith("ال") and word not in _PLACES and not plural and not _names(view, j, speakers)


def _names(view: View, j: int, speakers: SpeakerIndex, cut: int = 0) -> bool:
    """True where the noun at token ``j``, behind ``cut`` letters, is a mention, or heads the names of bodies or people."""
    reading = speakers.v.read(view.w[j][cut:])
    return reading.public or reading.head is not None or speakers.mention_at(view.start(j, cut)) is not None


_AGENT = frozenset({"قبل", "طرف", "لدن"})


def _past_agent(view: View, j: int, stop: int, speakers: SpeakerIndex) -> int:
    """Index behind who did it in a passive («كُلف الوزير من قبل رئيس الجمهورية بـ»)."""
    agent = speakers.mention_at(view.start(j)) if j < stop else None
    while agent is not None and j < stop and view.start(j) < agent.span.end:
        j += 1
    return j


_OWNED = ("ه", "ها", "هم")


def _their(word: str, place: str) -> bool:
    """True for a noun of people with a pronoun («أعضائه»); behind a verb or على only the plurals in ي («مسؤوليها»)."""
    if not word.endswith(_OWNED) or len(word) < 5:
        return False
    stem = word[:-2] if word.endswith(("ها", "هم")) else word[:-1]
    return place in ("min", "ila") or len(stem) > 3 and (stem.endswith("ي") or stem in _PEOPLE)


_PEOPLE = frozenset(
    "رعايا روساي روساء اصحاب سكان اعضاي اعضاء عمال زملاي زملاء زباين حرفاء حرفاي مدير رييس مسوول منخرطي مشتركي اولياء".split()
)
_RESTRICTING = frozenset("علي ذات ذوي بين التي الذين".split())
_DOING = tuple(
    "الراغب المقيم العامل القاطن المتوجه المسافر الناجح الوافد القادم القاصد المتخلف المتدخل الموقع المعني المكلف المشرف المشارك المتواجد الموجود "
    "المنخرط المسجل المتعامل المستفيد المنتسب المنتمي العايد الحاصل المتحصل القايم الساهر المرخص الموهل المصاب المقبل المتضرر المتاخر المتعاقد "
    "الممثل الناشط العالق الملتحق المتحدث المدعو".split()
)
"""Participles of those who do something somewhere, which what follows belongs to («المقيمين في الخارج»)."""


def _restricted(view: View, j: int, stop: int) -> bool:
    """True where the words from ``j`` to ``stop`` say which ones («القائمين على المؤسسة»، «الجمعيات التي تجمع التبرعات»)."""
    if j >= stop or view.starts_phrase("adverbial", j):
        return False
    inside = view.is_in("preposition", j) or view.w[j][0] in "بل" and len(view.w[j]) > 3
    inside = inside and view.w[j - 1].removeprefix("ل").startswith(_DOING)
    if view.w[j] not in _RESTRICTING and not inside:
        return False
    return not any(view.is_mark(k) or _in_time(view, k) for k in range(j, stop))


def _qualified(view: View, j: int, stop: int, speakers: SpeakerIndex, of: bool) -> int:
    """Index behind what says where those at the tokens before ``j`` belong («القيادات في بغداد») and, where ``of``, whom they consist of («لجنة من المفتشين»)."""
    while j < stop and not view.starts_phrase("adverbial", j) and not _in_time(view, j):
        word = view.w[j]
        some = of and word == "من" and j + 1 < stop and view.w[j + 1] not in (*_AGENT, "اجل")
        apart = some or word in _WHERE
        inside = not apart and word[0] == "ب" and speakers.v.read(word).prep == "ب"
        if not (apart or inside) or j + apart >= stop or _in_time(view, j + apart) or view.is_mark(j + apart):
            return j
        at = j + apart
        if _is_occasion(view, at, int(inside)) or view.w[at] in _DEMONSTRATIVES:
            return j
        end = speakers.np_end(view.start(at, int(inside)), view.end(stop - 1))
        if end <= view.start(at, int(inside)):
            return j
        j = at + 1
        while j < stop and view.end(j) <= end:
            j += 1
    return j


def _fills(view: View, j: int, stop: int, speakers: SpeakerIndex) -> bool:
    """True where what nobody knows stands alone from token ``j``, behind the verb or its subject, to the introducer («كلفت خبراء بـ»، «يطالب إسرائيل بـ»)."""
    word = view.w[j]
    if len(word) < 3 or not word[0].isalpha() or stop - j > _FILLING:
        return False
    if speakers.v.is_verb(word) or word.startswith(_ATTENTION):
        return False
    if any(view.is_in(k, j) for k in ("function", "preposition", "light_noun", "necessity")) or word in _QUANTIFIERS:
        return False
    if any(_names(view, k, speakers) and not view.is_in("preposition", k - 1) for k in range(j + 1, stop)):
        return False  # a name, and who is told behind it («العمدة كازومي ماتسوي قادة العالم»)
    return not any(view.is_mark(k) or _in_time(view, k) or view.starts_phrase("adverbial", k) for k in range(j, stop))


_FILLING = 8
"""Words of the longest phrase that is taken for those told though nobody knows it."""


def _is_occasion(view: View, j: int, cut: int) -> bool:
    """True for an occasion, with its article or its pronoun («جلسته»)."""
    word = view.w[j][cut:].removeprefix("ال")
    bare = word.removesuffix("هم").removesuffix("ها") if word.endswith(("هم", "ها")) else word.removesuffix("ه")
    return any(view.lexicon.is_in("occasion", w) for w in (word, bare, bare.removesuffix("ت") + "ه"))


_WHERE = frozenset({"في", "لدي"})
"""Prepositions behind which stands where people or a body belong."""
_DEMONSTRATIVES = frozenset({"هذا", "هذه", "ذلك", "تلك", "ذات", "نفس", "هولاء", "ذاك"})


def _cognate(word: str) -> bool:
    """True for an accusative that only strengthens the verb («منعا باتا»، «حظرا مطلقا»)."""
    return word.endswith("ا") and len(word) > 3 and masdar(word[:-1]) is not None


def _in_time(view: View, j: int) -> bool:
    start = view.start(j)
    return any(t.span.start <= start < t.span.end for t in view.analysis.times)


def _past_comma(view: View, j: int, stop: int) -> int:
    while j < stop and view.w[j] not in COMMAS:
        j += 1
    return j


def _attached_pronoun(word: str) -> tuple[str, str] | None:
    for stem, place in _PRONOUNS.items():
        if word.startswith(stem) and word[len(stem) :] in ("ه", "ها", "هم", "هما", "هن", "كم"):
            return place, word[len(stem) :]
    return None


def _attachment(view: View, j: int, stop: int, speakers: SpeakerIndex) -> tuple[str, int, int]:
    """(place, token, offset) of the noun phrase at or behind token ``j``."""
    word = view.w[j]
    if view.starts_phrase("adverbial", j) or view.starts_phrase("adverbial", j, 1) and word[0] == "و":
        return "other", j + max(view.starts_phrase("adverbial", j), 1), 0
    if word in _PLACES or word in ("والي", "وعلي", "ومن") and speakers.mention_at(view.start(j)) is None:
        return _PLACES.get(word.removeprefix("و"), "other"), j + 1, 0
    if word in _QUANTIFIERS:
        return "object", j, 0
    if view.is_in("preposition", j) or view.is_in("function", j):
        return "other", j + 1, 0
    if word[0] in "بل" and word[1:] in _QUANTIFIERS:
        return ("bi" if word[0] == "ب" else "li"), j, 1  # «بكل من»، «لأي رئيس»
    proclitic = word[0] in "بل" and len(word) > 3 and speakers.mention_at(view.start(j)) is None
    proclitic = proclitic and not _is_whole(speakers, word)
    apart = len(word) > 4 or word[1:3] in ("ال", "لل") or not _names(view, j, speakers)
    if proclitic and (apart or speakers.mention_at(view.start(j, 1)) is not None):
        return ("bi" if word[0] == "ب" else "li"), j, 1
    return "object", j, 0


def _is_whole(speakers: SpeakerIndex, word: str) -> bool:
    """True where the first letter of a plural is no preposition («بائعي»، «لاعبي»): a word of its own, and none without it."""
    one, common = word.removesuffix("ي"), speakers.v.common
    return one != word and one in common and one[1:] not in common and word[1:] not in common


def _conjuncts(
    view: View, first: int, offset: int, stop: int, speakers: SpeakerIndex
) -> tuple[tuple[Mention, ...], int]:
    """The noun phrases from ``first``, one mention for each conjunct, and the token behind them."""
    found: list[Mention] = []
    limit = view.end(stop - 1)
    start, j = view.start(first, offset), first
    while True:
        end = speakers.np_end(start, limit)
        if end <= start:
            return tuple(found), max(j, first + 1)
        if found and _of_both(view, j, found[-1], speakers):
            found[-1] = _mention(speakers, found[-1].span.start, end)  # «وزيري الصحة والصناعة»
        else:
            found.append(_mention(speakers, start, end))
        while j < stop and view.end(j) <= end:
            j += 1
        j = max(j, first + 1)
        after = view.skip_marks(j)
        if after < stop - 1 and view.w[after] == "و":
            start = view.start(after + 1)
            if view.w[after + 1].startswith("ال") or speakers.mention_at(start):
                j = after + 1
                continue
            return tuple(found), j
        if after >= stop or view.w[after][0] != "و" or len(view.w[after]) < 4 or view.is_in("waw_word", after):
            return tuple(found), j
        start = view.start(after, 1)
        owned = view.w[after].endswith(("ها", "هم")) and len(view.w[after]) > 6
        named = view.w[after][1:].startswith("ال") or _names(view, after, speakers, 1)
        if len(found) > 1 and after + 1 < stop and view.w[after + 1].startswith("ال"):
            named = named or masdar(view.w[after][1:]) is None  # «شركات التأمين ومدارس السياقة ونوادي السباحة»
        if not (owned or named) or view.starts_phrase("adverbial", after):
            return tuple(found), j
        j = after


def _of_both(view: View, j: int, mention: Mention, speakers: SpeakerIndex) -> bool:
    """True where the definite word behind «و» at token ``j`` is a second complement of a construct («سكان البنايات والأكواخ»)."""
    words = fold(view.analysis.text(mention.span)).split()
    words = words[words[0] in _QUANTIFIERS :]
    word = view.w[j][1:]
    if len(words) == 2 and words[0] in _SERVING and words[1].startswith("ال"):
        return view.w[j][1:].startswith("ال")  # «مصالح الأمن والدرك»
    towns = words[-1][:1] == "ب" and speakers.v.is_place(words[-1][1:]) and speakers.v.is_place(view.w[j][1:])
    if len(words) > 1 and towns:
        return True  # «الأسر المقيمة بقابس والحامة»
    if len(words) < 2 or words[0].startswith(("ال", "لل")) or not any(w.startswith(("ال", "لل")) for w in words[1:]):
        return False
    return word.startswith("ال") and not _names(view, j, speakers, 1)


_SERVING = frozenset("مصالح قوات وحدات عناصر اعوان".split())
"""Heads that share their bodies («أعوان الأمن والجمارك»)."""
_QUANTIFIERS = EVERY | {"بعض", "اي"}


def _mention(speakers: SpeakerIndex, start: int, end: int) -> Mention:
    known = speakers.mention_at(start)
    return Mention(Span(start, end), known.kind if known else None, known.actor_id if known else None)


def _before(view: View, i: int, speakers: SpeakerIndex) -> tuple[Mention, ...]:
    """The subject in front of a predicate («المستفيدون مطالبون بـ»): the longest noun phrase of the clause that reaches it."""
    last = i - 1
    while last >= 0 and (view.is_mark(last) or view.is_in("adverb", last) or view.w[last] in _COPULAS):
        last -= 1
    aside = next((k for k in range(last, max(-1, last - _ASIDE), -1) if view.w[k] in COMMAS), -1)
    opens = view.w[aside + 1] if aside > 0 else ""
    said = tuple(view.w[aside + 1 : aside + 3]) in _TO_HIM or opens in _ACCORDING
    if last < i - 1 and view.w[last + 1] in COMMAS and (said or opens in _ASIDES or speakers.v.is_verb(opens)):
        last = aside - 1  # «رؤساء المصالح، يتابع الوزير، مدعوون إلى»
    if last < 0:
        return ()
    target = view.end(last)
    low = last
    while (
        low > 0 and not view.is_mark(low - 1) and view.w[low - 1] not in ("ان", "وان", "بان", "فان") and last - low < 14
    ):
        low -= 1
    reaching = (
        (k, start)
        for k in range(low, last + 1)
        for cut in ((1, 0) if view.w[k][0] in "وف" and len(view.w[k]) > 3 else (0,))
        if speakers.np_end(start := view.start(k, cut), view.start(i)) >= target
    )
    first, start = next(reaching, (-1, -1))
    cut = int(view.w[low][0] in "وف" and len(view.w[low]) > 3)
    plain = not any(view.is_in("function", k) and view.w[k] not in _OF for k in range(low + 1, last + 1))
    governed = first < 0 or first > low and view.w[first - 1] in _OF
    if governed and plain and (view.w[low][cut:] in EVERY or _people(view, low, cut, speakers)):
        start = view.start(low, cut)  # «المصابون بأمراض مزمنة مدعوون»
    return (_mention(speakers, start, target),) if start >= 0 else ()


_OF = frozenset("من في على علي".split())
_ASIDE = 13
"""Words of the longest aside between a subject and its predicate."""
_TO_HIM = frozenset({("علي", "حد"), ("علي", "راي"), ("في", "نظر"), ("في", "راي"), ("براي", "المسوول")})


def _people(view: View, j: int, cut: int, speakers: SpeakerIndex) -> bool:
    """True where the noun at token ``j``, behind ``cut`` letters, heads the names of people or bodies, or is a definite plural of people."""
    word = view.w[j][cut:]
    return word.startswith("ال") and word.endswith(("ين", "ون")) and len(word) > 5 or _names(view, j, speakers, cut)


def _of_clause(found: Candidate, speakers: SpeakerIndex) -> tuple[Mention, ...]:
    """GUIDELINES 6: the subject put before a duty word, behind «أن» («أن مجالس الجهات ينبغي أن تتسلم …»)."""
    view = found.view
    intro = found.intro
    duty = found.form.trigger.duty and not (intro and intro.head.kind is HeadKind.VERB and not active(view, intro.head))
    if not duty and not (found.form.klass == "perfect" and is_passive(found)):
        return ()
    mentions = _before(view, found.at, speakers)
    if not mentions:
        return ()
    first = bisect_right([t.span.start for t in view.tokens], mentions[0].span.start) - 1
    words = fold(view.analysis.text(mentions[0].span)).split()
    if mentions[0].kind is None and words[0] not in EVERY and not any(w.startswith("ال") for w in words):
        return ()  # «محطة هامة يجب أن»
    cut = len(view.w[first]) - len(words[0])
    opens = not first or view.is_mark(first - 1) or view.w[first - 1].lstrip("وفب") == "ان"
    return mentions if opens and _people(view, first, max(0, cut) if cut < 2 else 0, speakers) else ()


_COPULAS = frozenset("بات باتت اصبح اصبحت كان كانت صار صارت يبقي تبقي يظل تظل".split())
_ASIDES = frozenset("وهي وهو وهم وهما وقد التي الذي الذين".split())
"""What opens an aside between a subject and what is said of it («البلديات، وهي خمس، مطالبة بـ»)."""
_ACCORDING = frozenset("بحسب حسب وفق حسبما كما".split())


def _fronted(view: View, i: int, places: frozenset[str], speakers: SpeakerIndex) -> tuple[Mention, ...]:
    """Who is named with the preposition of the addressee before the verb («ومن رؤساء البلديات، طلب الوالي …»)."""
    first = max((k for k in range(i) if view.w[k] in ";؛.:" or k == 0), default=0)
    first += view.is_mark(first)
    for k in range(max(first, i - 14), i):
        if k > first and not view.is_mark(k - 1):
            continue
        if _PLACES.get(view.w[k].removeprefix("و"), "") not in places or k + 1 >= i:
            continue
        if not (_names(view, k + 1, speakers) or view.w[k + 1] in _QUANTIFIERS or view.w[k + 1] in HONORIFICS):
            continue  # «ومن مقر الولاية، طلب …»
        mentions, behind = _conjuncts(view, k + 1, 0, i, speakers)
        between = view.w[behind:i]
        if mentions and all(
            not x[0].isalnum() or x in ("قد", "فقد") or _in_time(view, behind + n) for n, x in enumerate(between)
        ):
            return mentions
    return ()


def _written_to(
    found: Candidate, speakers: SpeakerIndex, issuer: Mention | None, before: Sequence[Mention]
) -> tuple[Mention, ...]:
    """Whom the verb before a participle, or a letter, is addressed to («راسل المدير البلدية، ملحا على»، «توجه إلى العمداء راجيا»، «رسالة إلى X يطلب فيها»), or who got the order («تلقى العمداء أمرا»)."""
    view, i = found.view, found.i
    within = view.w[i + 1 : i + 2] in (["فيها"], ["فيه"])
    finite = found.form.klass in ("perfect", "imperfect") or not view.w[i].endswith(("ا", "ه"))
    for k in range(i - 1, max(-1, i - _WRITTEN), -1):
        if view.quote[k] != view.quote[i]:
            return ()
        spoken, sent = view.is_in("addressing", k), view.is_in("sending", k)
        for cut in (1,) if view.w[k][0] in "وف" else ():
            spoken, sent = spoken or view.is_in("addressing", k, cut), sent or view.is_in("sending", k, cut)
        if view.w[i].endswith("ا") and (view.is_in("receiving", k) or view.is_in("receiving", k, 1)):
            return _chosen(_slots(view, k + 1, i, speakers, issuer, before), frozenset({"object"}), issuer, False)
        if (spoken or sent) and (within or not finite):
            slots = _slots(view, k + 1, i, speakers, issuer, before)
            return _chosen(slots, frozenset({"object"} if spoken else {"ila"}), issuer, True)
    return ()


def aside_to(found: Candidate, speakers: SpeakerIndex) -> tuple[Mention, ...]:
    """Whom an aside between commas says that the words go to («شدد، والحديث موجه إلى المديرين، على»، «نبهت، في خطاب وجهته إلى المديرين، إلى»)."""
    view, stop = found.view, found.intro.j if found.intro else 0
    for k in range(found.end + 1, stop - 1):
        if view.w[k].lstrip("و") in _DIRECTED and view.w[k + 1] in ("الي", "ل"):
            mentions, behind = _conjuncts(view, k + 2, 0, stop, speakers)
            return mentions if behind >= stop or view.w[behind] in COMMAS or _in_time(view, behind) else ()
    return ()


_DIRECTED = frozenset("موجه موجها وجهه وجهته ارسله ارسلته المرسل المرسله الموجه الموجهه بعثه بعثته رفعه رفعته".split())
"""What says in an aside to whom the words go."""
_WRITTEN = 24
"""Words between a verb of addressing and the participle of what is asked."""


def subject_of(view: View, head: Head, speakers: SpeakerIndex) -> tuple[Mention, ...]:
    """GUIDELINES 11: the subject right behind the instruction's verb («أن يحترم التجار …»), or a masdar that has no object («التزام التجار بـ»)."""
    j = head.j + (2 if head.word in NEGATIONS else 1)
    if j >= view.n or view.is_mark(j) or view.w[j - 1] in _BEING or view.w[j - 1].endswith("وا"):
        return ()  # «أن تكون», «أن تستقبلوا المواطنين»: what follows is no subject
    start = view.start(j)
    if "\u064f" in view.analysis.text(view.tokens[j - 1].span)[:3]:
        return ()  # «ألا تُمنح أي رخصة»: what is done, not who does it
    if not _acts(view, j, speakers, head.kind is not HeadKind.VERB):
        return ()
    end = speakers.np_end(start, view.sentence.span.end)
    return (_mention(speakers, start, end),) if end > start else ()


def active(view: View, head: Head) -> str:
    """The letter by which an active verb agrees with its subject; empty for what is done (يُمنع، يتم)."""
    j = head.j + (head.word in NEGATIONS)
    if j >= view.n:
        return ""
    word, raw = view.w[j][head.offset if j == head.j else 0 :], view.analysis.text(view.tokens[j].span)
    done = "\u064f" in raw[: 3 + len(view.w[j]) - len(word)] and not word.endswith("وا")
    return "" if done or word in _BEING else word[0]


_BEING = frozenset("يكون تكون يحظي تحظي يتم تتم يقع تقع يصبح تصبح".split())


def _acts(view: View, j: int, speakers: SpeakerIndex, genitive: bool) -> bool:
    """True where the noun at token ``j`` is somebody who can act: somebody named, a body, a plural of people."""
    word = view.w[j]
    if genitive and word in _QUANTIFIERS and j + 1 < view.n:
        return _acts(view, j + 1, speakers, True)
    plural = word.startswith("ال") and (word.endswith(("ون", "ات")) or genitive and word.endswith("ين"))
    if word == "اي" and j + 1 < view.n:
        return _names(view, j + 1, speakers)  # not «ألا يمنح أي امتياز»
    return plural or word in ("كل", "جميع", "كافه") or _names(view, j, speakers)
