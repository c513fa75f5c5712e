"""Candidate acts of a sentence: each trigger with what it governs, or with the reason why it is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import compress

from pipeline.directives.commands import CALLS, CONJUNCTIONS, JUSSIVE, KNOWN, POSSIBLE, command_at
from pipeline.directives.frames import Intro, find_intro, laying_noun, masdar_head
from pipeline.directives.lists import announces, following, goes_on, item_head, items, label
from pipeline.directives.spans import Piece, Region, read_region
from pipeline.directives.view import COMMAS, NEGATIONS, Head, HeadKind, View
from pipeline.lexicon import Form, Lexicon, Trigger
from pipeline.morphology import imperative, masdar
from pipeline.types import Analysis, Evidence, Force, Kind, Zone


@dataclass(slots=True)
class Candidate:
    """A trigger at token ``i`` (from ``offset``, past a conjunction) to ``last``, with what it introduces, or a ``reason`` against it."""

    view: View
    i: int
    offset: int
    last: int
    form: Form
    force: Force
    intro: Intro | None = None
    regions: list[tuple[View, Region]] = field(default_factory=list)
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    frame: str = ""
    at: int = 0
    """Token of the word that introduces: the trigger, or the duty word under a verb of saying."""
    end: int = 0
    """Last token of that word."""
    private: bool = False
    """True where the reason against it is who speaks."""
    refused: bool = False
    """True where whose words it tells has no authority."""
    negated: bool = False
    """True where a negation makes a duty word a ban («لا ينبغي أن»)."""


def candidates(analysis: Analysis, index: int, lexicon: Lexicon) -> Iterator[Candidate]:
    """All candidates of the sentence ``index``, left to right; items of a list are read with the line that opens it."""
    sentence = analysis.sentences[index]
    places = _places([token.norm for token in sentence.tokens], lexicon, sentence.zone is Zone.ITEM)
    if not places:
        return
    view = View(analysis, index, lexicon)
    taken: list[tuple[int, int]] = []
    behind = 0
    out: list[Candidate] = []
    for i in places:
        found = _at(view, i, taken) if i >= behind else None
        if found is None:
            continue
        if not found.reason:
            _lift(view, found)
            for region_view, region in found.regions:
                if region_view is view:
                    taken.extend(
                        (piece.to[0] - 1 if piece.to else piece.first, piece.last) for piece in region.instructions
                    )
        out.append(found)
        # What stands between a trigger and what it introduces holds no other act.
        if not found.reason and found.intro is not None and found.frame == "instructions":
            found.force = _light_force(view, found)
        past = found.intro.head.j if found.intro and not found.reason and found.frame != "list" else found.last
        behind = max(i + 1, found.last + 1, past)
    yield from out


def _places(words: list[str], lexicon: Lexicon, item: bool) -> list[int]:
    """Where a trigger can stand in a sentence: most sentences have no such place."""
    known = lexicon.opens
    try:
        opens = list(map(known.__getitem__, words))
    except KeyError:
        if len(known) > _KEPT:
            known.clear()
        for word in words:
            if word not in known:
                known[word] = _opens(word, lexicon)
        opens = list(map(known.__getitem__, words))
    some = list(compress(range(len(opens)), opens))
    if not some:
        return []
    if not any(opens[i] & (_HERE | _MAY) for i in some) and "لا" not in words:
        return []
    here = {i for i in some if opens[i] & _HERE} | {i + 1 for i in some if opens[i] & _BEHIND}
    here |= {
        i
        for i in some
        if opens[i] & _MAY
        and (item or i)
        and (not i or words[i][0] in "وف" or not words[i - 1][0].isalnum() or words[i - 1] in CONJUNCTIONS)
    }
    if not CALLS.isdisjoint(words):
        here |= {i for i in range(1, len(words)) if not words[i - 1][0].isalnum()}
    return sorted(here - {len(words)})


_HERE, _BEHIND, _MAY = 1, 2, 4
"""An act can open at the word; at the one behind it; at the word where a clause opens and somebody is spoken to."""


def _opens(word: str, lexicon: Lexicon) -> int:
    strength = max(imperative(word), imperative(word[1:]) if word[0] in "وف" else 0.0)
    here = word in lexicon.forms or strength >= KNOWN
    may = not here and (strength >= POSSIBLE or word.startswith(JUSSIVE))
    return _HERE * here | _BEHIND * (word.endswith("لا") or word in ("ما", "وما")) | _MAY * may


_KEPT = 300_000


def _light_force(view: View, found: Candidate) -> Force:
    """With a light verb the noun sets the force: نداء calls, توصيات recommend, طلب demands."""
    assert found.intro is not None
    for j in range(found.last + 1, found.intro.j + 1):
        for force in (Force.CALL, Force.RECOMMEND, Force.DEMAND):
            if view.is_in(f"light_{force}", j) or view.is_in(f"light_{force}", j, 1):
                return force
    return found.force


def _at(view: View, i: int, taken: list[tuple[int, int]]) -> Candidate | None:
    """The candidate whose trigger is token ``i``, None where the word is no trigger at all."""
    inside = any(first <= i <= last for first, last in taken)
    command = _imperative(view, i)
    if command is not None:
        return command
    if inside:
        return None
    rejected: Candidate | None = None
    forms = [f for f in view.forms(i) if f.trigger.kind != "saying"]
    if i and not view.is_mark(i - 1) and view.w[i][0] != "و":
        # «الجمعيات مطالبة بـ» is a duty; «… ، مطالبة بـ» demands.
        forms.sort(key=lambda f: f.klass == "participle" and not view.w[i].endswith("ا"))
    if view.w[i][-1] == "ه":  # written ه it is a pronoun (أمره), written ة it is none (كلفة)
        written = view.analysis.text(view.tokens[i].span)[-1]
        forms = [f for f in forms if not (f.pronoun == "ه" and written == "ة")]
        forms.sort(key=lambda f: bool(f.pronoun) is (written == "ة"))
    else:
        forms.sort(key=lambda f: bool(f.pronoun))
    for form in forms:
        found = _read(view, i, form)
        if found is None:
            continue
        if not found.reason:
            return found
        rejected = rejected or found
    return rejected


def _offset(view: View, i: int, form: Form) -> int:
    """Length of the conjunction before the trigger's own letters."""
    word = view.w[i]
    offset = 0
    for clitics in ("وف", "لب"):
        if word[offset] in clitics and any(
            f.trigger is form.trigger and f.klass == form.klass and f.rest == form.rest
            for f in view.lexicon.forms.get(word[offset + 1 :], ())
        ):
            offset += 1
    return offset


def _read(view: View, i: int, form: Form) -> Candidate | None:
    last = i + len(form.rest)
    if form.rest and tuple(view.w[i + 1 : last + 1]) != form.rest:
        return None
    offset = _offset(view, i, form)
    trigger = form.trigger
    found = Candidate(view, i, offset, last, form, trigger.force, at=i, end=last)
    before = "^" if i == 0 or view.symbol(i - 1) else view.w[i - 1]
    after = view.w[last + 1] if last + 1 < view.n else "$"
    negated = bool(trigger.negated) and before.lstrip("وف") in _NEGATIONS
    found.negated = negated and trigger.negated == "avoid"
    if negated and trigger.negated == "none":
        found.reason = "negated: no duty"
    elif not trigger.is_noun and not trigger.duty and _inside_name(view, i):
        found.reason = "part of a name"
    elif (
        (before in trigger.blocked_before or form.klass == "perfect" and before[0] in "وف" and before[1:] in _SUBJECTS)
        and not _who_issues(view, i, before)
        and not (before == "ان" and i > 1 and view.w[i - 2].lstrip("و") == "سبق")
        and not offset
        and not (before == "كما" and (i == 1 or view.is_mark(i - 2)))
        and not (before in ("قد", "وقد") and form.klass == "perfect")  # «كان قد أوجب»
        and not (trigger.duty and before in COMMAS and view.w[i].endswith("ون"))  # «إنكم، …، مطالبون بـ»
    ):
        found.reason = f"blocked by «{before}» before it"
    elif after in trigger.blocked_after:
        found.reason = f"blocked by «{after}» after it"
    elif (trigger.duty or trigger.polarity == "avoid") and _relative(view, i):
        found.reason = "in a relative clause or a question"
    elif trigger.duty and any(
        view.w[k].lstrip("و") in _LAW and not (view.w[k] == "نصه" and _of_instruction(view, k))
        for k in range(max(0, _behind_number(view), (view.quote[i] if view.quote[i] > 0 else i) - 9), i)
    ):
        found.reason = "the text of a law"
    elif form.klass == "perfect" and _noun_here(view, i, offset):
        found.reason = "here it is a noun"
    elif offset and view.w[i][offset - 1] == "ب" and after == "من" and (trigger.is_noun or form.klass == "masdar"):
        found.reason = "at somebody's order it was done"
    elif trigger.id == "mamnu" and view.w[i].endswith("ين"):
        found.reason = "an adjective"
    elif (
        trigger.requires_before
        and before not in trigger.requires_before
        and not (offset and "و" in trigger.requires_before)
        and not (trigger.is_noun and _receives(view, i, trigger))
        and not ("self_an" in trigger.frames and (_behind_aside(view, i) or _behind_condition(view, i)))
        and not (before == "هذا" and offset and i == 1)
    ):
        found.reason = "needs another word before it"
    elif (
        "self_object" in trigger.frames
        and view.w[i][offset:] != "علي"
        and not (
            after in ("ان", "الا")
            or after[0] == "ب"
            or view.is_in("adverb", last + 1)
            and view.w[last + 2 : last + 3]
            and view.w[last + 2][0] == "ب"
            or (
                before in ("ان", "وان", "بان", "وبان", "انه", "وانه", "بانه", ":")
                or view.w[i][0] == "ف"
                or view.w[i].endswith("كم")
                and (view.quote[i] >= 0 or offset and _masdar_follows(view, i + 1))
            )
            and masdar_head(view, i + 1) is not None
        )
    ):
        found.reason = "«عليه» alone lays no duty"
    elif "self_object" in trigger.frames and (
        after in ("ان", "الا")
        and view.w[i][offset:] == "علي"
        or after in ("،", ",", "$", ":", ".")
        or not (_clause_start(view, i) or _behind_condition(view, i))
    ):
        found.reason = "not at the head of a clause"
    elif (
        trigger.requires_after
        and not trigger.is_noun
        and after not in trigger.requires_after
        and not (MASDAR in trigger.requires_after and _masdar_follows(view, last + 1))
        and not ("list" in trigger.frames and view.w[-1] == ":")
        and not (trigger.id == "talab-i-part" and _asks(view, i))
    ):
        found.reason = "needs another word after it"
    elif (
        before == "لا"
        and trigger.id == "la-yusmah"
        and i > 1
        and not (view.is_mark(i - 2) or view.w[i - 2] in _AUXILIARIES)
    ):
        found.reason = "says what a thing does not allow"
    elif trigger.duty and before.lstrip("و") in ("كان", "كانت"):
        found.reason = "what should have been"
    elif trigger.duty and before.lstrip("و") == "نحن":
        found.reason = "a duty of the speakers' own"
    elif trigger.id in _LAID_BY_FACTS and form.klass == "imperfect" and _fact_before(view, i):
        found.reason = "a fact is the subject"
    elif view.w[i] == "وبحث" and after != "من" or view.w[i] == "بحث" and "علي" not in view.w[i + 1 : i + 9]:
        found.reason = "another word"
    elif (
        trigger.polarity == "avoid" and form.klass == "imperfect" and after in _BACKWARD and not _clause_start(view, i)
    ):
        found.reason = "tells of a place"  # «مكان تُمنع فيه السباحة»
    elif view.w[i] == "بحث" and before.lstrip("و") in ("جري", "تم", "يتم", "في", "علي", "الي"):
        found.reason = "another word"  # «جرى بحث …» is no «بحث» from حث
    elif form.klass != "perfect" and after in _TO_THEM and not _FUTURE.isdisjoint(view.w[max(0, i - 12) : i]):
        found.reason = "a plan"  # «سيتم بعث لجنة توكل إليها …»
    elif trigger.needs_addressee and before in ("التي", "الذي") and after in _BACKWARD:
        found.reason = "in a relative clause that only tells of it"
    elif form.klass == "masdar" and not _masdar_allowed(view, i, offset, form):
        found.reason = "a masdar here carries no act"
    elif (
        form.klass in ("perfect", "imperfect", "forms")
        and not trigger.duty
        and not trigger.is_noun
        and "لا" not in trigger.requires_before
        and _unreal(view, i, form)
    ):
        found.reason = "negated or subordinate"
    if found.reason:
        return found
    if not _fill(view, found):
        found.reason = found.reason or "nothing that it introduces"
    elif trigger.id == "ishtarata-viii" and not _leave_conditions(found):
        found.reason = "conditions, nothing to do"
    return found


MASDAR = "+masdar"
"""In ``requires_after``: a masdar without the article."""


def _masdar_follows(view: View, j: int) -> bool:
    head = masdar_head(view, j, 0, 0.7)
    return head is not None and not head.definite


def _of_instruction(view: View, k: int) -> bool:
    """True for «جاء في تعليمة الوزير ما نصه:»: no law is quoted."""
    return any(view.is_in("light_noun", m) for m in range(max(0, k - 12), k))


def _behind_number(view: View) -> int:
    """Index behind «الفصل 1:», which numbers the articles of the text itself."""
    return next((k + 1 for k in range(1, min(4, view.n)) if view.w[k] in ":-" and view.w[0] in _LAW), 0)


def _receives(view: View, i: int, trigger: Trigger) -> bool:
    """True for «تلقى رؤساء البلديات تعليمات من الوالي بـ»: who gets them stands between verb and noun, and who gives them behind."""
    verbs = trigger.requires_before
    near = (k for k in range(i - 1, max(-1, i - 8), -1) if not verbs.isdisjoint((view.w[k], view.w[k].lstrip("وف"))))
    verb = next(near, -1)
    return verb >= 0 and not any(view.is_mark(k) for k in range(verb, i)) and "من" in view.w[i + 1 : i + 4]


def _asks(view: View, i: int) -> bool:
    """True for «طالبا مطابقة الأرصدة»: what is asked for follows at once, and nobody is counted («1.200 طالبا»)."""
    head = masdar_head(view, i + 1, 0, 0.7) if view.w[i].endswith("ا") else None
    before = view.w[i - 1] if i else "،"
    return head is not None and not head.definite and not before[0].isdigit() and not before.endswith(_COUNTED)


_COUNTED = ("ين", "ون", "مايه", "ميه", "الف", "عشر", "كل", "اي")


def _who_issues(view: View, i: int, before: str) -> bool:
    """True for «الذي وجّه نداءً إلى»: the relative clause tells of an act, where «الذي وجّهه» names what was issued."""
    return before in ("الذي", "التي") and any(
        view.is_in("light_noun", k) and view.w[k] not in ("امر", "طلب") for k in range(i + 1, min(view.n, i + 4))
    )


def _leave_conditions(found: Candidate) -> bool:
    """Take what somebody must be («أن يكون سعودي الجنسية») out of the instructions; False where nothing is left."""
    for _, region in found.regions:
        region.instructions = [
            piece
            for piece in region.instructions
            if piece.head is None or piece.head.kind is not HeadKind.VERB or not _state(found.view, piece.head)
        ]
    found.regions = [(view, region) for view, region in found.regions if region.instructions]
    return bool(found.regions)


def _state(view: View, head: Head) -> bool:
    words = view.w[head.j + 1 : head.j + 2] if head.word in ("لا", "الا") else [head.word]
    return any(word in _BEING for word in words)


_BEING = frozenset("يكون تكون يكونوا يقل تقل يزيد تزيد يتجاوز تتجاوز يتعدي يحمل تحمل يبلغ تبلغ".split())
_LAID_BY_FACTS = frozenset({"farada-i", "awjaba-iv", "alzama-iv"})


def _fact_before(view: View, i: int) -> bool:
    """True for «أن مكافحة الفساد تفرض على»، «هذه الجرائم توجب على»: what lays the duty is a thing, not a speaker."""
    for k in range(max(0, i - 7), i - 1):
        if view.w[k].lstrip("وب") in ("ان", "هذه", "هذا", "فان"):
            noun = view.masdar_at(k + 1)
            return view.w[k].lstrip("و") in ("هذه", "هذا") or noun is not None and noun.score >= 0.5
    return False


_TO_THEM = frozenset("له لها لهم اليه اليها اليهم".split())
_FUTURE = frozenset("سيتم ستتم سيقع ستقع سيجري سيتولي ستتولي وسيتم وستتم وسيقع".split())
_BACKWARD = frozenset("فيها فيه بها به بموجبها بموجبه بموجبهم خلالها خلاله".split())
_SUBJECTS = frozenset({"هذا", "هو"})
"""Behind و or ف and before a perfect they show a noun: «وهذا أمر خطير»."""
_NEGATIONS = frozenset({"لا", "لم", "لن", "ليس", "ليست", "غير", "يعد", "تعد", "ما"})
_LAW = frozenset({"ينص", "تنص", "نص", "نصت", "نصه", "الفصل", "بالفصل"})
_NOUNS = frozenset({"طلب", "طالب", "امر"})
"""Perfects that are far more often nouns where no clause starts."""


def _noun_too(word: str) -> bool:
    """True for a perfect that is also a masdar (منع، فرض) or a frequent noun."""
    found = masdar(word)
    return word in _NOUNS or (found is not None and found.listed and found.score >= 0.5)


def _verb_place(view: View, i: int) -> bool:
    """True where a verb can stand: at the head of a clause, after an auxiliary, or behind its subject."""
    if i == 0 or view.is_mark(i - 1):
        return True
    before = view.w[i - 1]
    if view.w[i + 1 : i + 2] and view.w[i + 1] in _OF_THEM and not view.is_in("preposition", i - 1):
        return True  # «بكتاب طلب إليه فيه»
    if "\u064f" in view.analysis.text(view.tokens[i].span):
        return True
    if before[0].isdigit() or any(
        w.lstrip("و") in ("يمكن", "يمكنه", "يمكنها", "يحق", "يجوز") for w in view.w[max(0, i - 4) : i]
    ):
        return False
    if before in _AUXILIARIES or before[0] in "و" and before[1:] in _AUXILIARIES:
        return True
    end = view.end(i - 1)
    behind = view.start(i + 1) if i + 1 < view.n and not view.is_in("preposition", i - 1) else -1
    return any(m.span.end == end or (m.span.start == behind and m.kind is not Kind.GROUP) for m in view.mentions)


def _noun_here(view: View, i: int, offset: int) -> bool:
    """True for a perfect that is a masdar too («فرض», «ومنع») where no verb can stand."""
    if not offset:
        return _noun_too(view.w[i]) and not _verb_place(view, i)
    return i > 0 and _noun_too(view.w[i][offset:]) and not _told_since(view, i)


def _told_since(view: View, i: int) -> bool:
    """True where «و» before token ``i`` can join a verb: to one before it, or who acts stands behind (not in «على إثر إعلان الطوارئ وحظر التنقل»)."""
    behind = view.start(i + 1) if i + 1 < view.n else -1
    if any(m.span.start == behind and m.kind is not Kind.GROUP for m in view.mentions):
        return True
    return "\u064f" in view.analysis.text(view.tokens[i].span) or any(_may_be_verb(view, k) for k in range(i))


def _may_be_verb(view: View, k: int) -> bool:
    word = view.w[k]
    return bool(
        view.is_in("narrative", k)
        or view.is_in("says", k)
        or word[0] in "وف"
        and (view.is_in("narrative", k, 1) or view.is_in("says", k, 1))
        or any(form.verbal for form in view.forms(k))
        or (view.verb_at(k) or word[0] in "وف" and view.verb_at_word(word[1:]))
        and masdar(word) is None
    )


_OF_THEM = frozenset("منه منها منهم منهما اليه اليها اليهم".split())
_AUXILIARIES = frozenset(
    "كما قد فقد ثم فيما بينما اذ حيث حين ان كان كانت الذي التي ما انه انها بانه بانها انهم لكنه لكنها لانه لهذا لذلك لذا هنا هكذا و بعدما عندما لما او بل وقد كذلك ايضا حيال بدوره جهته جانبه ذلك".split()
)


def _inside_name(view: View, i: int) -> bool:
    """True where token ``i`` goes on a name or title («فيصل بن طالب»)."""
    if i and view.w[i - 1] in ("بن", "بنت", "ولد", "ابن", "ابو", "ابي", "ال"):
        return True
    start, end = view.start(i), view.end(i)
    return any(m.span.start < start and end <= m.span.end for m in view.mentions)


_INTENTION = frozenset("ينوي تنوي يعتزم تعتزم يسعي تسعي نوي اعتزم يستعد تستعد".split())
_ABSENT = frozenset("غياب انعدام".split())
_SEIZES = frozenset(
    "استغل استغلت اغتنم اغتنمت انتهز انتهزت يستغل تستغل يغتنم تغتنم نغتنم نستغل ننتهز استغلها اغتنمها ينتهز مستغلا مغتنما منتهزا".split()
)
_OCCASION = frozenset("الفرصه فرصه السانحه المناسبه الوقفه الظرف".split())
_WISHES = frozenset("تود يود نود اود يسرني يشرفني يسرنا يشرفنا".split())
_HESITATION = frozenset("حرجا حرج يتردد تتردد تردد ترددت مانعا يتوان تتوان يتواني".split())
_REAL_AN = frozenset({"قبل", "الا", "سبق", "فكان", "وسبق", "دون", "لبث"})


def _unreal(view: View, i: int, form: Form) -> bool:
    """True where a verb is negated or only wished for; «قبل أن يطلب»، «سبق أن أمر»، «لم يفته أن يذكر» and «يشرفني أن أطلب» tell of a real act."""
    before = view.w[i - 1] if i else "^"
    if before == "كي" and any(w in _OCCASION for w in view.w[max(0, i - 4) : i]):
        return False  # «وأغتنم الفرصة كي أستحث»
    if view.w[i][0] == "ل" and any(w.lstrip("و") in _INTENTION for w in view.w[max(0, i - 9) : i]):
        return True
    if before in ("لم", "لن", "لا", "ولم", "ولن", "ولا", "كي", "لكي"):
        return True
    if form.klass == "imperfect" and not _ABSENT.isdisjoint(view.w[max(0, i - 3) : i]):
        return True  # «في غياب بنود تلزم الشركات بـ»
    if before != "ان":
        return False
    word = view.w[i]
    if form.klass == "perfect" and word[0] not in "يتن" or word[0] in "ان" and form.klass == "imperfect":
        return False
    near = view.w[max(0, i - 6) : i - 1]
    return not (
        near
        and near[-1] in _REAL_AN
        or near[-1:] == ["في"]
        and not _HESITATION.isdisjoint(near)  # «لم ير حرجا في أن يطلب»
        or any(w in ("سبق", "وسبق") or w.startswith(("يفت", "يفوت", "ينس", "تفت", "تنس", "يفو")) for w in near)
    )


def _relative(view: View, i: int) -> bool:
    """True where a duty word stands in a relative clause or a question («الطريقة التي يجب»، «الذي لا ينبغي»)."""
    k = i - 2 if i > 1 and view.w[i - 1] == "لا" else i - 1
    if k > 0 and view.w[k - 1] in ("هو", "هي", "هم"):
        return False  # «فالصندوق هو الذي يتعين عليه»
    return k >= 0 and view.w[k] in ("التي", "الذي", "اللتين", "اللذين", "ما", "كيف", "هل")


def _clause_start(view: View, i: int) -> bool:
    """True where token ``i`` opens a clause: first, after a mark, or after أن."""
    return (
        i == 0
        or view.w[i][0] == "ف"
        or view.is_mark(i - 1)
        or view.w[i - 1] in ("ان", "وان", "بان", "فان", "لان", "و", "كما", "انه", "وانه", "بانه", "انها", "لكن")
        or view.w[i - 1].lstrip("و") in ("يبقي", "تبقي", "يظل", "بقي")
        or view.w[i - 1] == "هذا"
        and view.w[i][0] == "و"
        and _clause_start(view, i - 1)
    )


def _behind_aside(view: View, i: int) -> bool:
    """True for «لكن، يستدرك المتحدث، على X أن» and «قبل كل شيء، على X أن»: behind the comma that ends what a clause opens with."""
    if not i or view.w[i - 1] not in COMMAS:
        return False
    opens = 1 if view.w[0] == "و" else 0
    case = [view.w[opens].removeprefix("و"), *view.w[opens + 1 : opens + 2]] in _CASES
    if case and not any(view.is_mark(k) or view.w[k] == "علي" for k in range(opens, i - 1)):
        return True  # «وفي حالة نشوب حريق، على المحافظ إخطار …»
    first = next((k for k in range(i - 2, max(-1, i - 12), -1) if view.w[k].lstrip("و") in _OPENING), -1)
    return (
        first >= 0
        and "ان" in view.w[i + 2 : i + 12]
        and "علي" not in view.w[first:i]
        and not any(f.trigger.frames & {"ala", "ala_need"} for k in range(first, i) for f in view.forms(k))
    )


_CASES = (["في", "حال"], ["في", "حاله"], ["في", "صوره"], ["عند", "حدوث"], ["عند", "وقوع"], ["عند", "نشوب"])


def _behind_condition(view: View, i: int) -> bool:
    """True for «من لم يسدد رسومه عليه أن», «كل من يتأخر عليه أن»: behind who is meant, with nothing between them that parts clauses."""
    if view.w[i] not in ("عليه", "عليها", "عليهم") or view.w[i + 1 : i + 2] not in (["ان"], ["الا"]):
        return False
    for k in range(i - 1, max(-1, i - 16), -1):
        if view.is_mark(k):
            return False
        if view.w[k].lstrip("وف") == "من" and view.verb_at(k + 1 + (view.w[k + 1] in ("لم", "لا"))):
            return k == 0 or view.is_mark(k - 1) or view.w[k][0] != "م" or view.w[k - 1].lstrip("وف") in _ALL_WHO
    return False


_ALL_WHO = frozenset("كل جميع ان".split())
_OPENING = frozenset("لكن قبل بعد عند اذا ابتداء بالمقابل".split())


def _masdar_allowed(view: View, i: int, offset: int, form: Form) -> bool:
    needed = form.trigger.requires_before_masdar
    if not needed:
        return True
    before = view.w[i - 1] if i else "^"
    if before in _MEANWHILE and i > 1:
        before = view.w[i - 2]  # «تم خلاله التأكيد على»
    if _is_named(view, i, form):
        return True
    if offset and any(w.endswith(("مكافحه", "قانون")) for w in view.w[max(0, i - 3) : i]):
        return False  # «قانون مكافحة الإرهاب ومنع غسل الأموال»
    if before == "الي" and any(view.is_in("aims", k) for k in range(max(0, i - 7), i - 1)):
        return False  # «يهدف هذا النص إلى تكليف …»
    if (
        view.is_in("own_speech", i, offset)
        and before in ("الي", "عن", "مع", "علي")
        and (before == "مع" or view.is_in("coordinator_head", i - 2))
    ):
        return True
    if (
        before.lstrip("وف") == "كان"
        and form.trigger.needs_addressee
        and view.w[i + 1 : i + 2]
        and view.w[i + 1][0] == "ل"
    ):
        return True  # «فكان التكليف لرئيسة البلدية بـ»
    if before == "ان" and form.pronoun and any(w.lstrip("و") == "سبق" for w in view.w[max(0, i - 4) : i]):
        return True  # «سبق لي أن دعوتكم»
    if before == "في" and not _HESITATION.isdisjoint(view.w[max(0, i - 16) : i]):
        return True  # «لم يتردد في مطالبتها بـ»
    if any(w.lstrip("وف") in _WISHES for w in view.w[max(0, i - 6) : i]) and before not in ("الي", "في", "من", "عن"):
        return True  # «تود البلدية تذكير الملاك بوجوب …»
    if before == "من" and {"لم", "يمنع"} <= {*view.w[max(0, i - 8) : i]}:
        return True  # «لم يمنع ذلك الوالي من تذكير …»
    if before == "اجل" and not _OCCASION.isdisjoint(view.w[max(0, i - 5) : i]):
        return True  # «لم يفوت الفرصة من أجل تذكير …»
    if offset and view.w[i][offset - 1] == "ل":
        # «استغل هذه السانحة لدعوة …»
        return not _OCCASION.isdisjoint(view.w[max(0, i - 3) : i]) and any(
            w.lstrip("وف") in _SEIZES for w in view.w[max(0, i - 9) : i]
        )
    if before in ("علي", "الي") and any(view.is_in("brings_up", k) for k in range(max(0, i - 9), i - 1)):
        return True  # «حرص الوزير على التنبيه إلى»
    if any(
        view.is_in("renewing", k)
        for k in range(max(0, i - (8 if form.pronoun else 5 if _has_article(view.w[i]) else 2)), i)
    ):
        return True
    if before in needed or before.lstrip("وف") in needed:
        return True
    if before in ("الي", "والي") and "^" in needed:
        if any(w.lstrip("و") in _COMES_TO for w in view.w[max(0, i - (16 if before == "الي" else i)) : i]):
            return True  # «انتهى الاجتماع إلى إلزام …، وإلى الطلب من …»
        if _has_article(view.w[i]):
            return True  # «أشار إلى التوجيه بـ»
    charged = view.w[i] == "والزام" and "تكليف" in view.w[:i]  # «عن تكليف المدير بـ … وإلزام المقاولات بـ …»
    if offset and view.w[i][offset - 1] == "و" and (charged or not view.w[i].startswith("وال")):
        return form.pronoun == "" and "^" in needed and form.trigger.force in (Force.ORDER, Force.DEMAND)
    if offset and view.w[i][offset - 1] == "ب":
        if form.trigger.needs_addressee and any(w.lstrip("و") in _DECIDING for w in view.w[max(0, i - 6) : i]):
            return True  # «الأمر الملكي القاضي بتكليف الهيئة بـ»
        return any(
            w.lstrip("و") in _CLOSING
            or w.startswith(("ختم", "اختتم", "استهل", "اختُتم", "تنتهي", "وتنتهي", "واختتم", "وختم"))
            for w in view.w[max(0, i - (24 if view.w[i][0] == "و" else 9)) : i]
        )
    return (i == 0 or view.is_mark(i - 1)) and "^" in needed and not view.w[i].startswith("وال")


def _is_named(view: View, i: int, form: Form) -> bool:
    """True for «توصيته القاضية بـ», «دعوة وجهها الوالي إلى … بـ»: a noun that names an act, of which the text tells what it says or who performed it."""
    if "qadiya" in form.trigger.frames and any(view.w[k] in _SAYING for k in range(i + 1, min(view.n, i + 8))):
        return True
    return (
        form.trigger.force in (Force.CALL, Force.RECOMMEND)
        and not form.pronoun
        and view.w[i + 1 : i + 2] != []
        and view.w[i + 1] in _ISSUED
    )


_SAYING = frozenset("القاضيه القاضي والقاضيه والقاضي".split())
_ISSUED = frozenset("وجهها وجهتها اطلقها اطلقتها جددها جددتها اصدرها اصدرتها رفعها قدمها".split())


def _has_article(word: str) -> bool:
    """True for «التكليف»; not for «إلزام», whose ال is of the word."""
    found = masdar(word)
    return word.startswith("ال") and (found is None or found.definite)


_MEANWHILE = frozenset(
    "خلاله خلالها خلالهما اثناءه اثناءها فيه فيها اثره اثرها عقبه عقبها بعده بعدها ايضا كذلك مجددا".split()
)
_DECIDING = frozenset("القاضي القاضيه يقضي تقضي قضي قضت امر الامر قرار القرار".split())


def _fill(view: View, found: Candidate) -> bool:
    """Find what the trigger introduces: regions in the sentence, or the items of the list that it opens."""
    listed = _list_items(view, found)
    intro = find_intro(view, found.i, found.form, found.last)
    if listed and (intro is None or intro.head.j >= view.n - 3 or _only_announces(view, intro)):
        found.frame = "list"
        found.regions = listed
        found.intro = intro or Intro(
            view.n - 1, "list", listed[0][1].instructions[0].head or Head(0, 0, "", HeadKind.NOUN)
        )
        return True
    if intro is None and "subject" in found.form.trigger.frames:
        intro = _banned(view, found.i, found.form.trigger.polarity == "do")
        if intro is None:
            return False
        piece = Piece(intro.j, intro.head.offset, intro.head, last=found.i - 1, frame="subject")
        found.intro, found.frame, found.regions = intro, "subject", [(view, Region([piece], [], found.i))]
        return True
    if intro is None:
        return False
    if found.form.trigger.id == "taqarrara-an" and intro.head.word not in _TAKES_UP:
        return False
    if (
        found.form.trigger.is_noun
        and "^" in found.form.trigger.requires_before
        and intro.j - found.last > 2
        and not _receives(view, found.i, found.form.trigger)
    ):
        return False  # «تعليمات صارمة بـ» heads a sentence, «تعليمات الوالي لم …» does not
    if (
        "subject" in found.form.trigger.addressee
        and intro.j - found.last > 4
        and not COMMAS & set(view.w[found.last : intro.j])
    ):
        return False  # «مطالب أعوان المطار بإلغاء …»: the noun, claims
    between = {
        w.removeprefix("ال").removeprefix("لل").lstrip("ل")
        for w in view.w[
            found.last + 1 : min(intro.j, found.last + (14 if found.form.trigger.id == "wajjaha-ii" else 5))
        ]
    }
    if found.form.trigger.id == "dawa-noun" and intro.head.word.startswith("زيار"):
        return False  # «بدعوة المدير لزيارتهم»: an invitation
    prayed = intro.j + (4 if found.form.trigger.id == "daa-i" and intro.frame == "an" else 0)
    wished = found.form.trigger.id == "daa-i" and any(w in _WISHED for w in view.w[found.last + 1 : found.last + 9])
    if wished or any(_names_god(view, k) for k in range(found.last + 1, min(view.n, prayed))):
        found.reason = PRAYER  # «دعا المولى أن»، «دعا أن يحفظ الله»، «داعيا للشهداء بالرحمة»
        return False
    if not between.isdisjoint(_CHARGES):
        return False  # «وجه إليه تهمة بـ»
    if found.form.trigger.needs_addressee and found.form.klass == "participle" and intro.j == found.last + 1:
        return False  # «مكلفا بتسيير القطاع»: his own task
    only_told = found.form.trigger.frames == {"an"} and found.form.trigger.addressee == {"ila"}
    if only_told and "الي" not in view.w[found.last + 1 : intro.j]:
        return False  # «ترغب في … أن»: to wish
    if any(_claims(view, k, intro) for k in range(_last_comma(view, found.last, intro.j) + 1, intro.j)):
        return False
    found.intro, found.frame = intro, intro.frame
    frames = found.form.trigger.frames
    if intro.frame == "instructions":
        frames = frames | {"bi", "li", "ila", "an"}
    elif intro.frame in ("self_bi", "qadiya"):
        frames = frames | {"bi"}
    told = found.form.trigger.addressee | ({"object"} if intro.area >= 0 else set())
    frames |= {intro.frame}
    if found.form.trigger.polarity == "avoid" and intro.head.kind is not HeadKind.VERB:
        frames -= {"an"}  # «ممنوع إشعال النار، وعلى كل من يرى دخانا أن يبلغ»
    region = read_region(view, intro.head, frames, intro.frame, told)
    skipped = set(view.w[found.last + 1 : intro.head.j])
    if "ila" in told and intro.frame in ("object", "task") and not ({"الي", "من"} & skipped or "min" in told):
        _leave_told(view, region.instructions[0])
    found.regions = [(view, region)]
    if listed and region.end >= view.n - 1:
        found.regions += listed
    return True


_ON = frozenset("علي عليه عليها عليهم عليكم".split())
_ON_OR_WHERE = _ON | frozenset("داخل خارج في امام قرب طيله طوال خلال اثناء بعد قبل لغير الا".split())


def _leave_told(view: View, piece: Piece) -> None:
    """Cut an instruction before whom it is laid on («أسند تهيئة المواقف إلى البلديات»)."""
    starts = {m.span.start for m in view.mentions}
    for j in range(piece.first + 1, piece.last):
        if view.w[j] == "الي" and view.start(j + 1) in starts:
            piece.last = j - 1
            return


def _banned(view: View, i: int, on: bool) -> Intro | None:
    """The act of which «ممنوع» or «واجب» at token ``i`` is said («أن رمي الردم على الرصيف ممنوع منعا باتا»), where nothing but the degree follows, or those ``on`` whom it is."""
    behind = next((k for k in range(i + 1, view.n) if not view.is_in("degree", k)), view.n)
    if behind < view.n and not view.is_mark(behind) and view.w[behind] not in (_ON if on else _ON_OR_WHERE):
        return None
    first = next((k + 1 for k in range(i - 1, -1, -1) if view.is_mark(k) or view.w[k].lstrip("وب") == "ان"), 0)
    head = masdar_head(view, first) or masdar_head(view, first, 1) if first < i else None
    if head is None or head.offset and view.w[head.j][0] != "و":
        return None
    return Intro(head.j, "subject", head)


def _only_announces(view: View, intro: Intro) -> bool:
    """True for «يطلب منكم السهر على تنفيذ ما يأتي:»: what stands before the list is only to heed it."""
    j = following(view)
    return j >= 0 and all(w == "علي" or w.removeprefix("ال") in _HEEDING for w in view.w[intro.head.j : j])


_HEEDING = frozenset(
    "سهر حرص عمل مراعاه التزام تقيد تقييد احترام قيام اتباع تنفيذ تطبيق انجاز اتخاذ تعميم اتيان".split()
)


def _names_god(view: View, k: int) -> bool:
    """True where token ``k`` is who is prayed to: not in «حفظه الله», «عبد الله»."""
    before = view.w[k - 1]
    blessed = view.w[k] == "الله" and before.endswith(("ه", "ها", "هم", "هما")) and not view.is_in("honour_word", k - 1)
    return view.w[k] in _PRAYED and not (before in _BEFORE_GOD or blessed)


PRAYER = "a prayer"
"""Reason of a trigger that is said to God, or wishes somebody well."""
_WISHED = frozenset("بالرحمه بالمغفره بالشفاء بالتوفيق بالسداد بالعافيه بالصبر بالنجاح بالسلوان".split())
_BEFORE_GOD = frozenset(
    "عبد ضيف عطا عطاء جاب جار خلف فتح خير نصر شاء باذن سبيل بحمد بفضل بعون رسول كتاب حزب رام بيت ال".split()
)
_PRAYED = frozenset("الله المولي لله الباري القدير ربه".split())
_BESTOWED = frozenset("تعيين تعيينه تعيينها تعيينهم ترقيه ترقيته ترقيتها اختيار اختياره اختيارها العفو".split())
_ORDERS = frozenset({"amara-i", "asdara-iv", "sadara-i", "taalimat-noun", "qarar-noun"})


def done_by_itself(candidate: Candidate, told: bool) -> str:
    """Why an order that nobody is told to carry out («أمر ملكي بتعيينه نائبا»), or that says where somebody is to work, is a decision; empty where it is none."""
    if candidate.intro is None:
        return ""
    head = candidate.intro.head
    if candidate.form.trigger.id == "nadaba-i" and head.word.lstrip("ال") == "عمل":
        return "an appointment is done by the order itself"  # «ندب مهندسين للعمل بالإدارة»
    if told or candidate.form.trigger.id not in _ORDERS:
        return ""
    if head.word.startswith("ايداعه") and any(w in _CUSTODY for w in candidate.view.w[head.j + 1 : head.j + 3]):
        return "detention is ordered by the court itself"
    return "an appointment is done by the order itself" if head.word in _BESTOWED else ""


_CUSTODY = frozenset("الحبس السجن".split())


_TAKES_UP = frozenset(
    "تتولي يتولي تقوم يقوم تتكفل يتكفل تضطلع يضطلع تباشر يباشر تتحمل يتحمل تسهر يسهر تلتزم يلتزم".split()
)
"""Verbs of a task, behind «تقرر أن»: who is their subject is bound."""
_CHARGES = frozenset(
    "تهم تهمه تهما اتهام اتهاما اتهامات اصابع انتقادات انتقادا لوم شكر شكره تحيه تحياته صفعه ضربه".split()
)


def _last_comma(view: View, first: int, stop: int) -> int:
    """The last comma between two tokens, or ``first``."""
    return next((k for k in range(stop - 1, first, -1) if view.w[k] in COMMAS), first)


def _claims(view: View, k: int, intro: Intro) -> bool:
    """True where token ``k`` is a verb that introduces the same words, and stands nearer («أصدر قرارا يُلزمهم بـ …»)."""
    for form in view.forms(k):
        if (
            form.klass not in ("perfect", "imperfect", "participle", "forms")
            or form.trigger.is_noun
            or form.trigger.kind == "saying"
        ):
            continue
        if form.trigger.duty and view.quote[k] < 0:
            continue
        if _introduces(view, k, form) == intro.j:
            return True
    return False


_NESTED = 40  # triggers one inside what another introduces; no sentence of language has as many


def _introduces(view: View, k: int, form: Form) -> int:
    """Token of what the trigger at ``k`` introduces, -1 where nothing. Looked for once: triggers ask for those behind them, which ask in their turn."""
    key = (k, id(form))
    if key not in view.introduced:
        if view.nested >= _NESTED:
            return -1
        view.nested += 1
        found = _read(view, k, form)
        view.nested -= 1
        view.introduced[key] = found.intro.j if found and not found.reason and found.intro else -1
    return view.introduced[key]


_COMES_TO = frozenset("انصرف انصرفت خلص خلصت انتهي انتهت افضي افضت توصل توصلت".split())
_CLOSING = frozenset(
    "اقفل اقفلت خلص انتهي خرج توج توجت افتتح بادر تفاعل رد ردت اكتفي خرجت خلصت انتهت قام قامت طالب بدا".split()
)


def _list_items(view: View, found: Candidate) -> list[tuple[View, Region]]:
    """Items of the list that the sentence opens: the trigger must be the last act before the colon."""
    trigger = found.form.trigger
    if not announces(view) or trigger.frames <= _NO_LIST or trigger.frames == {"an"}:
        return []  # «تقرر:», which with أن alone lays a task, announces decisions
    if "laying" in trigger.frames and laying_noun(view, found.last + 1, found.form) is None:
        return []  # «قرر المجلس:»: decisions
    if any(f.verbal for j in range(found.last + 1, view.n) if not view.is_in("list_lead", j) for f in view.forms(j)):
        return []
    behind = [
        j
        for j in range(found.last + 1, view.n)
        if not view.is_in("list_lead", j) and not view.starts_phrase("instruction_link", j)
    ]
    if any(view.is_in("narrative", j) and view.w[j][0] not in "يت" and masdar(view.w[j]) is None for j in behind):
        return []  # «بيان صدر اليوم، أسفرت الحملة عن النتائج التالية:»
    out: list[tuple[View, Region]] = []
    for item in items(view):
        if _acts_itself(item, trigger):
            continue  # «2- إلزام الناقلين بـ»: the item's own word is the trigger (GUIDELINES 25)
        head = None if _reports(item) else item_head(item)
        if head is not None and not (head.kind is HeadKind.VERB and goes_on(item)):
            out.append((item, read_region(item, head, frozenset(), "list")))
    return out


_NO_LIST = frozenset({"ila_need", "an_duty", "qadiya", "min", "li", "nahw", "an_prep", "ila_avoid", "waw"})
"""Frames of triggers that announce no list of what is to be done."""


def _names_an_act(view: View, i: int) -> bool:
    """True for «منع الحرق» at the head of an item: the masdar, with nobody behind it who could be its subject."""
    behind = view.start(i + 1) if i + 1 < view.n else -1
    return _noun_too(view.w[i]) and not any(m.span.start == behind and m.kind is not Kind.GROUP for m in view.mentions)


def _reports(item: View) -> bool:
    """True for «سجّل المجلس تقدم الأشغال» and «2- برامج التنمية: تبين أن …»: what was done, under a heading or not."""
    for at in {0, label(item) + 1}:
        while at < item.n and (item.is_mark(at) or item.w[at].isdigit() or item.is_in("ordinal", at)):
            at += 1
        told = at + 1 < item.n and (
            item.w[at + 1] in _INDIRECT or any(m.span.start == item.start(at + 1) for m in item.mentions)
        )
        if told and (item.is_in("narrative", at) or item.is_in("says", at)):
            return True
    return False


def _acts_itself(item: View, trigger: Trigger) -> bool:
    """True for an item that opens with a verb that commands or a duty word; with a masdar that does where the list holds recommendations."""
    for at in {0, label(item) + 1, int(item.w[0] in NEGATIONS)}:
        own = _at(item, at, [])
        if own is None or own.reason:
            continue
        if own.form.klass == "perfect" and _names_an_act(item, own.i):
            continue
        if (
            own.frame == "verb"
            or own.form.verbal
            or own.form.trigger.duty
            or own.form.klass == "masdar"
            and trigger.force is Force.RECOMMEND
        ):
            return True
    return False


def _imperative(view: View, i: int) -> Candidate | None:
    """A command, which is its own trigger (GUIDELINES 4, 26)."""
    head = command_at(view, i)
    if head is None:
        return None
    region = read_region(view, head, frozenset(), "verb")
    region.instructions = region.instructions[:1]
    offset = head.offset if head.j == i else 0
    intro = Intro(head.j, "verb", head)
    return Candidate(
        view, i, offset, i, view.lexicon.command, Force.ORDER, intro, [(view, region)], frame="verb", at=i, end=i
    )


def _lift(view: View, found: Candidate) -> None:
    """GUIDELINES 4: a duty word in indirect speech gives its place as trigger to the verb of saying."""
    if not (found.form.trigger.duty or found.frame == "subject"):
        return
    seen = False
    for k in range(found.i - 1, max(-1, view.quote[found.i]), -1):
        word = view.w[k]
        if word.lstrip("و") in _INDIRECT:
            seen = True
            continue
        if not seen:
            continue
        if word.lstrip("و") == "تبين" and view.w[k + 1] in _INDIRECT:
            return  # «وبالتحقيق تبين أن»: it turned out
        for form in view.forms(k):
            if form.trigger.duty or form.klass == "masdar" or "an_duty" not in form.trigger.frames:
                continue
            if word.lstrip("و") == "بين" and not _said_by(view, k):
                continue  # «بينها وبين الدول»
            found.i, found.last = k, k
            found.offset = _offset(view, k, form)
            found.force = Force.INSIST if form.trigger.force is Force.INSIST else Force.EMPHASISE
            return


def _said_by(view: View, k: int) -> bool:
    """True where behind token ``k`` stands who says it, or at once what is said."""
    behind = view.start(k + 1) if k + 1 < view.n else -1
    return view.w[k + 1] in _INDIRECT or any(m.span.start == behind for m in view.mentions)


_INDIRECT = frozenset({"ان", "انه", "انها", "انهم", "بان", "بانه", "بانها", "الا"})
