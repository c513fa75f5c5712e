"""Whose words count: a public authority that speaks in that role (GUIDELINES, «Whose words count»)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from pipeline.directives.view import COMMAS, HONORIFICS, RELATIVES, View, head_word
from pipeline.lexicon import Form, Lexicon
from pipeline.normalize import fold
from pipeline.types import Actor, Analysis, Kind, Mention, Span

Spoken = tuple[Mention, str] | None
"""Who speaks, and the fullest name."""
_AUXILIARIES = frozenset("كما قد فقد وقد ثم فيما بينما اذ حيث حين ان كان كانت".split())
_INDIRECT = frozenset("ان انه انها انهم بان".split())
_DEMANDING = frozenset({"talaba-iii", "talab-i", "nashada-iii", "mutalab"})


def lacks_authority(
    analysis: Analysis, lexicon: Lexicon, issuer: Mention | None, name: str | None, then: bool = False
) -> str:
    """Why the issuer is no public authority; empty where it is one. ``then``: the act is told of an earlier day, when who has left held the office."""
    if issuer is None:  # a circular or a post need not name who speaks
        return ""
    actor = analysis.actor_of(issuer)
    said = analysis.text(issuer.span)
    return (
        _private(lexicon, _designation(actor) if actor else name or said, then)
        or (_private(lexicon, said, then) if actor and actor.kind is not Kind.PERSON else "")
        or _called(analysis, lexicon, actor.mentions if actor else (issuer.span,))
        or _employed(analysis, lexicon, actor.mentions if actor else (issuer.span,))
        or (_owned(analysis, lexicon, actor.office, actor.mentions[0]) if actor and actor.office else "")
    )


def _designation(actor: Actor) -> str:
    """What an actor is called by; of a person's name only the first word can tell what they are («المحامي …», not «… الخطيب»)."""
    if actor.kind is not Kind.PERSON or actor.office:
        return actor.office or actor.name
    return next((word for word in actor.name.split() if fold(word) not in HONORIFICS), actor.name)


def standing(analysis: Analysis, lexicon: Lexicon, issuer: Mention | None) -> str:
    """What all that a document calls an issuer tells of its authority.

    ``state`` (a title of office or rank too), ``body``, ``office``, ``office of a body``, ``unknown``; ``none`` without issuer.
    """
    if issuer is None:
        return "none"
    actor = analysis.actor_of(issuer)
    spans = actor.mentions if actor else (issuer.span,)
    called = fold(" ".join([*(analysis.text(s) for s in spans), actor.office or "" if actor else ""])).split()
    if actor and actor.kind is Kind.PERSON:  # «ملك», «رائد» are names as well
        own = set(fold(actor.name or "").split())
        called = [word for word in called if word not in own]
    elif actor:
        called += fold(actor.name or "").split()
    return _standing(lexicon, " ".join(called))


def _standing(lexicon: Lexicon, called: str) -> str:
    words = {bare for word in called.split() for bare in (word, bare_noun(word))}
    if not words.isdisjoint(lexicon.words["state_word"] | lexicon.words["honour_word"]):
        return "state"
    body, office = (not words.isdisjoint(lexicon.words[f"{klass}_word"]) for klass in ("body", "office"))
    return "office of a body" if body and office else "body" if body else "office" if office else "unknown"


def bare_noun(word: str, articles: tuple[str, ...] = ("وال", "لل", "ال")) -> str:
    """The word without its article, and without what is written onto that."""
    for article in articles:
        if word.startswith(article) and len(word) > len(article) + 2:
            return word.removeprefix(article)
    return word


def _called(analysis: Analysis, lexicon: Lexicon, mentions: tuple[Span, ...]) -> str:
    """Why an organisation is private by what it is for, behind its name as it was read («المنظمة التونسية لمناهضة التعذيب»)."""
    for span in mentions:
        if lexicon.is_in("state_head", _two(analysis.text(span))[0].removeprefix("ال")):
            continue  # «أذنت النيابة العمومية لفرقة الأبحاث»
        for word in _two(analysis.document.raw[span.end : span.end + 24])[:1]:
            klass = "profession" if _two(analysis.text(span))[0] == "المنظمه" else "private_body"
            if word[0] == "ل" and (lexicon.is_in("private_body", word[1:]) or lexicon.is_in(klass, word[1:])):
                return f"«{analysis.text(span)}» is a private body («{word}»)"
    return ""


def _owned(analysis: Analysis, lexicon: Lexicon, office: str, place: Span) -> str:
    """Why an office named by a pronoun («ناطقها الرسمي») is no public authority: the body before it is none."""
    if not fold(office).split()[0].endswith(("ها", "هم")):
        return ""
    bodies = [m for m in analysis.mentions if m.kind is Kind.ORGANISATION and m.span.end <= place.start]
    return _private(lexicon, analysis.text(bodies[-1].span)) if bodies else ""


def _employed(analysis: Analysis, lexicon: Lexicon, mentions: tuple[Span, ...]) -> str:
    """Why a person named with a private body behind the name («باربارة وود من شركة …») is no public authority."""
    for span in mentions[:_LOOKED]:
        words = _two(analysis.document.raw[span.end : span.end + 24])
        body = words[1].removeprefix("ال") if len(words) == 2 else ""
        if body and words[0] in ("من", "عن", "في") and (body == "شركه" or lexicon.is_in("private_body", body)):
            return f"«{analysis.text(span)}» speaks for «{words[1]}»"
    return ""


_LOOKED = 200  # mentions of one actor; no statement has as many


@lru_cache(maxsize=1 << 14)
def _two(text: str) -> list[str]:
    return fold(text).split()[:2]


def only_reports(analysis: Analysis, lexicon: Lexicon, issuer: Mention) -> bool:
    """True for a news agency, a newspaper, a correspondent: what they report is said by somebody else."""
    words = [w.removeprefix("ال") for w in fold(analysis.text(issuer.span)).split()]
    return _in(lexicon, "medium", words[:2]) or _in(lexicon, "medium", words[:1])


def _private(lexicon: Lexicon, designation: str, then: bool = False) -> str:
    """Why a designation is no public authority: a former office, or a private body among its first words."""
    words = [w for w in re.findall(r"\w+", fold(designation)) if w not in HONORIFICS]
    bare = [w.removeprefix("لل") if w.startswith("لل") else w.removeprefix("ال") for w in words]
    for word in words[1:]:
        if not then and word.removeprefix("ال") in _FORMER:
            return f"«{designation}» no longer holds the office"
    if "مركزي" in bare[1:5] and bare[0] in ("بنك", "مصرف") or _in(lexicon, "public_room", bare[:2]):
        return ""
    if not _CHARITABLE.isdisjoint(bare[1:]) and not lexicon.is_in("state_word", bare[0]):
        return f"«{designation}» speaks for a private body"
    if bare and bare[0] in _CAMPAIGNING and any(w.endswith("حقوق") for w in bare[1:]):
        return f"«{designation}» speaks for a private body"
    for k in (3, 2):
        if _in(lexicon, "no_authority", words[:k]) or _in(lexicon, "no_authority", bare[:k]):
            return f"«{designation}» is no public authority"
    for k in range(min(7, len(words))):
        candidates = {words[k], bare[k], bare[k].removeprefix("ل")} if k else {words[k], bare[k]}
        private = any(lexicon.is_in("private_body", w) or (k and lexicon.is_in("profession", w)) for w in candidates)
        private = private or _in(lexicon, "private_body", bare[k : k + 2])
        if private and not lexicon.is_in("state_head", bare[0]):
            return f"«{designation}» speaks for a private body"
    for k in range(1, min(4, len(words)) + 1):
        if _in(lexicon, "authority", words[:k]) or _in(lexicon, "authority", bare[:k]):
            return ""
    for k in range(1 if bare and bare[0] in _SERVICES else min(3, len(words))):
        if lexicon.is_in("no_authority", words[k]) or lexicon.is_in("no_authority", bare[k]):
            return f"«{designation}» is no public authority («{words[k]}»)"
    return ""


def _known(view: View, j: int) -> bool:
    """True where the name at token ``j`` is that of an actor of the document, or an actor is named there."""
    if any(m.span.start <= view.start(j) < m.span.end for m in view.analysis.mentions):
        return True
    return any(view.w[j] in fold(actor.name).split() for actor in view.analysis.actors if actor.name)


def _object(view: View, i: int, j: int, form: Form) -> bool:
    """True where the noun at ``j`` behind the verb is who is told, not who tells: «ألزم الأطباء بـ», «طالب غرفة الغوص بـ»."""
    if "object" not in form.trigger.addressee:
        return False
    word = view.w[j]
    if form.trigger.needs_addressee or form.trigger.id in _LAYING:
        return not word.endswith("ون")
    return word.endswith("ه") and not view.w[i].endswith(("ت", "ا", "وا")) and not view.is_in("private_subject", j)


_TITLES = frozenset("السيد السيده الدكتور الدكتوره الاستاذ الاستاذه الشيخ المهندس المهندسه".split())
_LAYING = frozenset({"alzama-iv", "amara-i"})
_DUALS = frozenset("وزيرا وزارتا الوزيران الوزارتان واليا الواليان مديرا رييسا الجانبان".split())
_SERVICES = frozenset("سلط سلطات سلطه مصالح جهات".split())
"""Behind these «المختصة» is no profession."""
_CHARITABLE = frozenset("اهليه خيريه تطوعيه اهلي خيري تطوعي".split())
_CAMPAIGNING = frozenset("مركز منظمه شبكه مرصد رابطه موسسه تجمع".split())
"""Heads of bodies that, where they are for rights («مركز … وحقوق الإنسان»), are no state's."""
_FORMER = frozenset({"سابق", "اسبق", "سابقه", "راحل", "مخلوع", "متقاعد"})


def people(lexicon: Lexicon, word: str) -> bool:
    """True for a plural in the nominative of people who are no authority («المضربون», «منتجو …»)."""
    if word.endswith("ون"):
        return len(word) > 5 and not lexicon.is_in("authority_plural", word)
    many = word.removesuffix("و")
    singular = many in lexicon.words["private_person"] or many in lexicon.words["profession"]
    return (
        word.endswith("و")
        and len(word) > 4
        and (word[0] == "م" or singular)
        and not lexicon.is_in("authority_plural", word)
    )


def _in(lexicon: Lexicon, klass: str, words: list[str]) -> bool:
    return bool(words) and tuple(words) in lexicon.phrases[klass].get(words[0], ())


def other_subject(view: View, i: int, last: int, form: Form, issuer: Mention | None) -> str:
    """Why the words beside a trigger show another subject than the issuer («وطالب المضربون بـ»، «النواب الذين دعوا»); empty where they do not."""
    if form.trigger.is_noun or form.trigger.kind == "imperative":
        return ""
    if form.trigger.duty:  # the trigger is the verb of saying over the duty word («وأكدوا أنه يجب»)
        spoken = [f for f in view.forms(i) if not f.trigger.duty and f.klass != "masdar"][:1]
        return next((reason for f in spoken if (reason := _beside(view, i, last, f, issuer))), "")
    return _beside(view, i, last, form, issuer)


def law_speaks(view: View, i: int, last: int, form: Form) -> str:
    """Why the subject is a text of law («أوجب النظام على»، «هذا البند يمنع»، «ميثاق المنظمة الذي يدعو إلى»); empty where it is none."""
    if form.klass not in ("perfect", "imperfect", "forms") or form.trigger.is_noun or form.pronoun:
        return ""
    shown = last + 1 + (view.w[last + 1 : last + 2] in (["هذا"], ["هذه"]))
    shown += view.w[shown : shown + 1] in (["مشروع"], ["احكام"], ["مقتضيات"])
    words = view.w[shown : shown + 2]
    regime = words[:1] == ["النظام"] and words[-1].startswith("ال") and words[-1].endswith("ي")  # «النظام السوري»
    subjects = [] if regime else [shown]
    if form.klass != "perfect" and i > 1 and view.w[i - 2].lstrip("و") in ("هذا", "هذه"):
        subjects.append(i - 1)
    if i > 2 and view.w[i - 1] in ("الذي", "التي"):
        k = _before_relative(view, i)
        subjects += range(max(0, k - 3), k + 1)
    if form.klass == "imperfect":
        subjects += _that_which(view, i)
        if i and view.w[i - 1] in _INDEFINITE_LAWS:
            return "a text of law speaks"  # «وهو نص يلزم المصالح بـ»
    return "a text of law speaks" if any(view.is_in("law_text", k) for k in subjects) else ""


_INDEFINITE_LAWS = frozenset("نص قانون تشريع نصا قانونا تشريعا نصوص قوانين".split())


def _that_which(view: View, i: int) -> list[int]:
    """The noun behind «إن», «أن» whose verb stands at ``i`` («أوضح أن القانون … يمنع …»), with nothing between that parts clauses."""
    for k in range(i - 1, max(0, i - 12), -1):
        if view.is_mark(k) or view.w[k] in RELATIVES:
            return []
        if view.w[k - 1].lstrip("و") in ("ان", "بان", "فان", "لان"):
            return [k]
    return []


def pleaded_with(view: View, last: int, form: Form, issuer: Mention | None, told: bool) -> str:
    """Why the body behind a verb of pleading that names nobody else («وناشدت السلطات التدخل») does not plead, but is pleaded with."""
    if told or issuer is None or form.trigger.id != "nashada-iii" or form.pronoun:
        return ""
    behind = 0 <= issuer.span.start - view.end(last) <= 3
    return "who stands behind the verb is pleaded with" if behind else ""


def _beside(view: View, i: int, last: int, form: Form, issuer: Mention | None) -> str:
    return _plural(view, i, form, issuer) or _antecedent(view, i, form, issuer) or _behind(view, i, last, form, issuer)


def _plural(view: View, i: int, form: Form, issuer: Mention | None) -> str:
    """A plural verb or participle needs a group before it («وناشدوا»، «داعين»)."""
    word = view.w[i]
    plural = (form.klass in ("perfect", "imperfect") and word.endswith(("وا", "ون"))) or (
        form.klass == "participle" and word.endswith(("ين", "ات"))
    )
    if form.klass == "forms":
        plural = word.endswith(("عوا", "دعون", "اعين", "حوا", "حثين", "ثوا", "وصوا")) or word.lstrip("وف") in (
            "داعين",
            "دعوا",
            "يدعون",
            "ملحين",
            "حاثين",
        )
    dual = any(w in _DUALS or w[1:] in _DUALS for w in view.w[:i])
    if (
        plural
        and not dual
        and issuer is not None
        and issuer.kind is not Kind.GROUP
        and not (issuer.kind is Kind.ORGANISATION and form.klass == "imperfect")
    ):
        return "a plural verb, and one person or body before it"
    return ""


def disagrees(view: View, i: int, form: Form, issuer: Mention | None) -> bool:
    """True where the issuer's gender contradicts the trigger's («مطالبة» beside «وزير»): somebody else speaks."""
    if (
        issuer is None
        or issuer.kind is Kind.GROUP
        or form.klass == "masdar"
        or form.trigger.is_noun
        or view.w[i].endswith("تقرر")
        or view.w[i].lstrip("وف") in _APPEARED
        or form.klass == "imperfect"
        and form.trigger.polarity == "avoid"  # «يحظر عليه»
        or "\u064f" in view.analysis.text(view.tokens[i].span)  # a passive, or «طلبتُ»
    ):
        return False
    gender = _verb_gender(view.w[i], form)
    wrong = {"f": _MEN, "m": _WOMEN}.get(gender, frozenset())
    return head_word(view.analysis, issuer) in wrong or _office_head(view.analysis, issuer) in wrong


def masculine(view: View, i: int, form: Form) -> bool:
    """True for a trigger whose letters tell that a man or what is masculine speaks."""
    return _verb_gender(view.w[i], form) == "m"


def agreeing(
    view: View, i: int, form: Form, spoken: tuple[Mention, str], others: Callable[[tuple[Mention, ...]], Spoken]
) -> Spoken:
    """``spoken``, or where its gender contradicts the trigger's, who is likeliest among the ``others`` and agrees; None where nobody does."""
    over: tuple[Mention, ...] = ()
    found: Spoken = spoken
    while found is not None and disagrees(view, i, form, found[0]):
        over += (found[0],)
        found = others(over) if len(over) <= _PASSED_OVER else None
    if found is not None:
        return found
    behind = 0 <= spoken[0].span.start - view.end(i) <= 2
    return spoken if _verb_gender(view.w[i], form) == "m" and form.klass != "participle" and not behind else None


def _office_head(analysis: Analysis, mention: Mention) -> str:
    """The folded noun that heads the office of the person mentioned («أوباما»: رئيس); empty where none is known."""
    actor = analysis.actor_of(mention)
    words = fold(actor.office).split() if actor is not None and actor.kind is Kind.PERSON and actor.office else []
    return next((w.removeprefix("ال") for w in words if w not in HONORIFICS), "")


def _verb_gender(word: str, form: Form) -> str:
    """f, m, or nothing where the form does not tell."""
    bare = word.lstrip("وف") if form.klass != "imperfect" else word.lstrip("و")
    if form.klass == "participle":
        return "f" if bare.endswith("ه") else "m" if bare.endswith("ا") else ""
    if form.klass not in ("perfect", "imperfect", "forms") or form.pronoun:
        return ""
    if form.klass == "imperfect" or bare[:1] == "ي":
        return {"ي": "m", "ت": "f"}.get(bare[:1], "")
    if bare.endswith("ت") and bare != "لفت":
        return "f"
    return (
        "m"
        if bare == "لفت"
        or form.klass == "perfect"
        and not bare.endswith(("وا", "نا", "ن", "ا"))
        or bare in ("دعا", "حث", "الح", "اوصي", "حض", "اسدي", "اعطي")
        else ""
    )


_APPEARED = frozenset({"صدر", "صدرت", "تصدر", "توالت"})
"""Verbs whose subject is the order itself («صدرت التوجيهات»)."""
_PASSED_OVER = 6
"""Mentions whose gender is wrong that are passed over in search of one that agrees."""
_MEN = frozenset(
    "وزير والي رييس مدير محافظ امير كاتب عامل وكيل ناطق متحدث امين سفير قايد عميد مستشار مفتش مندوب مسوول".split()
)
_WOMEN = frozenset(
    "وزيره واليه رييسه مديره محافظه كاتبه وكيله ناطقه متحدثه امينه سفيره مسووله وزاره هييه لجنه مديريه بلديه وكاله سلطه سلطات سلط محكمه نيابه".split()
)


def _antecedent(view: View, i: int, form: Form, issuer: Mention | None) -> str:
    """In «النائب … الذي طالب» the subject is what stands before الذي."""
    if issuer is None:
        return ""
    first = _joined_to(view, i) if view.w[i][0] == "و" else i
    if not _relative_subject(view, first, form):
        return ""
    k = _before_relative(view, first)
    for j in range(k, max(-1, k - 10), -1):
        if view.is_mark(j) or view.verb_at(j) and not view.w[j].startswith("ال"):
            break
        if (
            view.w[j].startswith("ال")
            and view.lexicon.is_in("private_person", view.w[j].removeprefix("ال"))
            and j
            and view.w[j - 1].lstrip("و") in ("هذا", "هذه")
        ):
            return f"its subject is «{view.w[j]}»"
    if issuer.span.end < view.start(k) and issuer.span.start < view.start(i):
        return "its subject stands before the relative pronoun, and is no authority"
    return ""


def _joined_to(view: View, i: int) -> int:
    """The verb behind a relative pronoun that the verb at ``i`` goes on («الذي طالب بـ … ودعا إلى»); ``i`` itself where there is none."""
    for k in range(i - 1, max(1, i - 14), -1):
        if view.is_mark(k):
            return i
        if view.w[k - 1] in ("الذي", "التي", "الذين"):
            return k if any(f.verbal for f in view.forms(k)) else i
    return i


_RESUMPTIVE = frozenset("منه منها منهم فيه فيها عليه عليها عليهم له لها لهم به بها".split())


def _relative_subject(view: View, i: int, form: Form) -> bool:
    """True where a relative pronoun stands before the verb at ``i`` and is its subject: not in «المديرية التي أوصاها بـ», «المكتب الذي طُلب منه»."""
    if i < 2 or view.w[i - 1] not in ("الذي", "التي", "الذين"):
        return False
    if form.pronoun or (i + 1 < view.n and view.w[i + 1] in _RESUMPTIVE):
        return False
    if "\u064f" in view.analysis.text(view.tokens[i].span):
        return False
    if view.is_in("first_person", i) or form.klass == "imperfect" and view.w[i][0] in "ان":
        return False  # «النقاط التي أطلب»
    gender = _verb_gender(view.w[i], form)
    if view.w[i - 1] == "الذين":
        return view.w[i].endswith(("وا", "ون", "ين"))
    return not gender or gender == ("m" if view.w[i - 1] == "الذي" else "f")


def _before_relative(view: View, i: int) -> int:
    """Token of the last word before the relative pronoun that stands before ``i``."""
    k = i - 2
    while k > 0 and view.w[k] in COMMAS:
        k -= 1
    return k


def relative_subject(view: View, i: int, form: Form) -> Mention | None:
    """The mention that ends before the relative pronoun of the trigger («الوزير الأول، الذي ألزم»), where it is its subject."""
    if not _relative_subject(view, i, form):
        return None
    end = view.end(_before_relative(view, i))
    return next((m for m in view.analysis.mentions if m.span.end == end), None)


def giver(view: View, last: int, form: Form) -> Mention | None:
    """Who gives the orders that somebody receives («تلقى العمداء تعليمات من الوالي بـ»): the mention behind «من»."""
    if form.trigger.id != "talaqqa-awamir":
        return None
    after = next((k + 1 for k in range(last + 1, min(view.n - 1, last + 4)) if view.w[k] == "من"), view.n)
    start = view.start(after) if after < view.n else -1
    return next((m for m in view.mentions if m.span.start == start), None)


def _behind(view: View, i: int, last: int, form: Form, issuer: Mention | None) -> str:
    if form.klass == "passive_participle" or form.pronoun or last + 1 >= view.n:
        return ""
    if form.klass == "masdar" and view.w[i].lstrip("و")[0] == "ب":
        return ""  # «ختم كلمته بدعوة الجمعيات إلى»: who is told
    before = view.w[i - 1] if i else "،"
    noun = form.klass == "masdar" or (
        form.klass == "participle"
        and view.w[i].endswith("ه")
        and bool(i)
        and not view.is_mark(i - 1)
        and view.w[i][0] != "و"
    )
    opens = noun or (view.w[i][0] in "وف" or view.is_mark(i - 1) or before == "و" if i else True)
    told = form.klass in ("perfect", "forms") and not noun and view.is_in("private_subject", last + 1)
    if (
        not (opens or told or before in _AUXILIARIES)
        or (form.klass == "forms" and i and before in COMMAS and view.w[i][0] not in "وف")
        or "\u064f" in view.analysis.text(view.tokens[i].span)
    ):
        return ""
    j = last + 1
    while j < view.n and (view.is_mark(j) or view.w[j] in HONORIFICS):
        j += 1
    if j >= view.n:
        return ""
    word = view.w[j]
    if word in _INDIRECT:
        return ""
    if (
        word in ("صاحب", "صاحبه")
        and j + 1 < view.n
        and view.w[j + 1] in ("السمو", "المعالي", "الجلاله", "السعاده", "الفخامه", "السيادة")
    ):
        return ""
    if (
        issuer is not None
        and issuer.span.start <= view.start(j) < issuer.span.end
        and not view.is_in("private_subject", j)
    ):
        return ""
    if form.klass == "perfect" and _object(view, i, j, form):
        return ""
    bare = word.removeprefix("ال")
    follows = view.w[j + 1] if j + 1 < view.n else ""
    if word.startswith("ال") and not noun and len(follows) > 6 and follows.startswith("ال") and follows.endswith("ين"):
        return ""  # «حث الأطباء المناوبين على»: the adjective shows who is told
    titled = j > last + 1 and view.w[j - 1] in _TITLES and form.klass in ("perfect", "imperfect", "forms") and not noun
    if titled and not _known(view, j):
        return f"its subject is «{view.w[j - 1]} {word}», of no office"
    if bare in ("بنك", "مصرف") and "المركزي" in view.w[j + 1 : j + 4]:
        return ""
    subject = (
        people(view.lexicon, word)
        or (form.trigger.id in _DEMANDING and view.is_in("crowd_subject", j))
        or view.is_in("private_subject", j)
        or bool(view.starts_phrase("private_subject", j))
        or view.is_in("private_body", j + 1, 2)
        or (view.lexicon.is_in("private_body", bare) and not view.is_in("crowd_subject", j))
    )
    if form.klass == "participle" and not noun:
        return ""
    if (subject and not noun) or (noun and view.lexicon.is_in("private_body", bare)):
        return f"its subject is «{word}»"
    return ""
