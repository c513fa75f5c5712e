"""From a trigger to the first word of its instruction: what introduces an instruction, and where.

A frame is a way to attach the instruction: «بـ + masdar», «على ضرورة + masdar», «أن + verb», a list after a colon, ….
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.directives.view import (
    CLOSE_QUOTES,
    COMMAS,
    EVERY,
    RELATIVES,
    SEMICOLONS,
    Head,
    HeadKind,
    View,
)
from pipeline.lexicon import Form
from pipeline.morphology import known_noun, masdar
from pipeline.types import Force, Kind, Span

REACH = 48
"""How many tokens an introducer may stand after its trigger."""
MASDAR_FLOOR = 0.5
"""Score from which a word after a bare preposition counts as a masdar."""
_PREPOSITION_FRAMES = {
    "علي": ("ala", "ala_need"),
    "الي": ("ila", "ila_need"),
    "عن": ("an_prep", "an_prep"),
    "من": ("min", "min"),
}


@dataclass(frozen=True, slots=True)
class Intro:
    """An introducer at token ``j`` by ``frame``, with the head of the first instruction."""

    j: int
    frame: str
    head: Head
    area: int = -1
    """Token from which the addressee stands, where it is not right behind the trigger («تقرر تكليف X بـ»)."""


def conjunction(view: View, j: int) -> int:
    """1 where token ``j`` can start with a conjunction و or ف, else 0."""
    word = view.w[j]
    return 1 if len(word) > 2 and word[0] in "وف" else 0


def verb_head(view: View, j: int) -> Head | None:
    """Head of a clause after أن at ``j``: a verb, or لا and a verb, or a subject and then its verb."""
    if view.opens(j):
        j += 1
    if j >= view.n:
        return None
    if view.w[j] in ("لا", "لن") and view.verb_at(j + 1):
        return Head(j, 0, view.w[j], HeadKind.VERB)
    if view.verb_at(j) or _likely_verb(view, j):
        return Head(j, 0, view.w[j], HeadKind.VERB)
    return None


def _likely_verb(view: View, j: int) -> bool:
    """True where a word with a person prefix, written after أن with its hamza above, is no noun that we know."""
    word = view.w[j]
    raw = view.analysis.text(view.tokens[j - 1].span)
    return (
        word[0] in "يتن"
        and len(word) > 2
        and "إ" not in raw
        and not (masdar(word) or word.startswith(("تلك", "نحن", "نسبه", "نظام")))
    )


def need_head(view: View, j: int) -> Head | None:
    """Head after a noun of necessity whose token is ``j - 1``: almost any noun, or أن and a verb. After a weak one (أهمية) a masdar only."""
    binding = not view.lexicon.is_in("weak_necessity", view.w[j - 1].lstrip("وب"))
    if j < view.n and view.is_in("intensifier", j):
        j += 1
    if j >= view.n:
        return None
    if view.w[j] in ("ان", "الا"):
        if view.w[j] == "الا":
            return Head(j, 0, view.w[j], HeadKind.VERB) if view.verb_at(j + 1) else None
        return verb_head(view, j + 1)
    if view.opens(j):
        return need_head(view, j + 1)
    if not binding and view.is_in("document", j):
        return None  # «أهمية إعلان القاهرة»
    found = view.masdar_at(j)
    if found and found.score >= (0.2 if binding else 0.5):
        return Head(j, 0, view.w[j], HeadKind.MASDAR, found.definite)
    if not binding or view.is_mark(j) or view.is_in("function", j) or view.is_in("relative", j) or len(view.w[j]) < 3:
        return None
    return Head(j, 0, view.w[j], HeadKind.NOUN, view.w[j].startswith("ال"))


def masdar_head(view: View, j: int, offset: int = 0, floor: float = MASDAR_FLOOR) -> Head | None:
    """Head at ``j`` where its word, from ``offset``, is a masdar or a noun that stands for one (عدم، سرعة)."""
    if j >= view.n or view.is_mark(j) or offset >= len(view.w[j]):
        return None
    word = view.w[j][offset:]
    if word == "اضافه" and view.w[j + 1 : j + 2] == ["الي"]:
        return None  # «إضافة إلى استبعاد …»
    if word in ("بناء", "زياده", "علاوه") and view.w[j + 1 : j + 2] == ["علي"]:
        return None  # «بناء على»
    if view.lexicon.is_in("avoid_head", word) or view.lexicon.is_in("head_noun", word):
        return Head(j, offset, word, HeadKind.MASDAR, word.startswith("ال"))
    whole = view.masdar_at(j) if offset else None
    if whole is not None and whole.listed and not view.w[j].startswith(("بال", "لل", "وال")):
        return None  # بحث is no ب and حث
    found = view.masdar_at(j, offset)
    if found and found.score >= floor:
        return Head(j, offset, word, HeadKind.MASDAR, found.definite)
    return None


def after_preposition(
    view: View, j: int, plain: str, need: str, frames: frozenset[str], floor: float = MASDAR_FLOOR
) -> tuple[str, Head] | None:
    """What the words from ``j`` introduce, after a preposition of its own (على، إلى، عن): (frame, head)."""
    j = view.skip_marks(j)
    if view.opens(j):
        j += 1
    if j >= view.n:
        return None
    if view.is_in("necessity", j) and (need in frames or plain in frames):
        head = need_head(view, j + 1)
        return (need, head) if head else None
    if plain not in frames:
        return None
    if view.w[j] == "الا" and view.verb_at(j + 1):
        return plain, Head(j, 0, view.w[j], HeadKind.VERB)
    if view.w[j] == "ان":
        head = verb_head(view, j + 1)
        return (plain, head) if head else None
    head = masdar_head(view, j, 0, floor)
    return (plain, head) if head else None


def intro_at(
    view: View, j: int, frames: frozenset[str], after_conj: bool = False, floor: float = MASDAR_FLOOR
) -> Intro | None:
    """The introducer that starts at token ``j``, if its frame is one of ``frames``. ``after_conj``: it must start with و or ف."""
    word = view.w[j]
    lead = conjunction(view, j)
    if after_conj:
        if not lead and not (word == "و" and j + 1 < view.n):
            return None
        starts: tuple[tuple[int, int], ...] = ((j + 1, 0),) if word == "و" else ((j, 1),)
    else:
        starts = ((j, 0), (j, 1)) if lead else ((j, 0),)
    if j and view.w[j - 1].lstrip("و") in (
        "ناهيك",
        "فضلا",
        "علاوه",
        "عوضا",
        "بعيدا",
        "زياده",
        "اضافه",
        "بالاضافه",
        "جانب",
    ):
        return None
    for k, cut in starts:
        found = _intro(view, k, cut, frames, floor)
        if found:
            return Intro(j, *found)
    return None


def _intro(view: View, j: int, cut: int, frames: frozenset[str], floor: float) -> tuple[str, Head] | None:
    word = view.w[j][cut:]
    if word in _PREPOSITION_FRAMES:
        plain, need = _PREPOSITION_FRAMES[word]
        if j and cut == 0 and view.is_in("takes_preposition", j - 1):
            return None  # «أي خدمة تؤدي إلى بقائهم»
        if (
            word == "الي"
            and "ila_avoid" in frames
            and view.is_in("avoid_head", j + 1)
            and not view.is_in("not_act", j + 2)
        ):
            return "ila", Head(j + 1, 0, view.w[j + 1], HeadKind.MASDAR)
        if plain in frames or need in frames:
            return after_preposition(view, j + 1, plain, need, frames, floor)
        return None
    if word in ("ان", "الا") and "an" in frames and not (cut and "إ" in view.analysis.text(view.tokens[j].span)):
        head = (
            verb_head(view, j + 1)
            if word == "ان"
            else (Head(j, cut, word, HeadKind.VERB) if view.verb_at(j + 1) else None)
        )
        return ("an", head) if head else None
    if j and not cut and view.w[j - 1] == "الا" and word[:1] == "ب":
        return None  # «لا يسمح … إلا بتصريح»
    closed = view.lexicon.is_in("function", word) or view.lexicon.is_in("preposition", word)
    if word in ("كي", "لكي", "باش") and "li" in frames:
        head = verb_head(view, j + 1)
        return ("li", head) if head else None
    if "bi_an" in frames and word in ("بان", "بالا"):
        k = j if word == "بالا" else j + 1
        # أن before a verb; the أنّ of a statement has a noun or pronoun behind it.
        return (
            ("bi_an", Head(k, cut if k == j else 0, view.w[k][cut if k == j else 0 :], HeadKind.VERB))
            if view.verb_at(j + 1)
            else None
        )
    if not closed and word[:1] == "ب" and ("bi" in frames or "bi_need" in frames):
        found = _attached(view, j, cut, "bi", "bi_need", frames, floor)
        if found:
            return found
    if not closed and word[:1] == "ل" and "li" in frames:
        found = _attached(view, j, cut, "li", "li_need", frames, floor)
        if found:
            return found
    if word == "من" and "min_ajl" in frames and j + 2 < view.n and view.w[j + 1] == "اجل":
        head = masdar_head(view, j + 2, 0, 0.3)
        return ("min_ajl", head) if head else None
    if "task" in frames and view.is_in("task", j, cut):
        head = masdar_head(view, j + 1, 0, 0.4)
        return ("task", head) if head else None
    if word == "نحو" and "nahw" in frames:
        return after_preposition(view, j + 1, "nahw", "nahw", frames, floor)
    if word == "في" and "fi" in frames:
        return after_preposition(view, j + 1, "fi", "fi", frames, floor)
    if "object_need" in frames and view.lexicon.is_in("necessity", word):
        head = need_head(view, j + 1)
        return ("object_need", head) if head else None
    return None


def _attached(
    view: View, j: int, cut: int, plain: str, need: str, frames: frozenset[str], floor: float
) -> tuple[str, Head] | None:
    """An introducer whose preposition (ب، ل) is written onto the word, or stands alone before a quote, a digit or a bracket."""
    word = view.w[j][cut:]
    if len(word) == 1:
        found = after_preposition(view, j + 1, plain, need, frames, floor) if j + 1 < view.n else None
        if found and found[1].word.startswith("ل") and word == "ل":
            return found
        return found
    rest = word[1:]
    if rest in ("ان", "الا") and plain in frames:
        if rest == "الا":
            return (plain, Head(j, cut + 1, rest, HeadKind.VERB)) if view.verb_at(j + 1) else None
        head = verb_head(view, j + 1)
        return (plain, head) if head else None
    if view.lexicon.is_in("necessity", rest) and (need in frames or plain in frames):
        head = need_head(view, j + 1)
        return (need, head) if head else None
    if plain in frames:
        if plain == "bi" and rest in _AT_WHOSE and view.w[j + 1 : j + 2] == ["من"]:
            return None  # «أمر الوزير، بتكليف من الرئيس، بـ»
        if plain == "bi" and rest in _LED and "object" not in frames:
            return None  # «توجيهات الحكومة بقيادة …»
        if word.startswith("لل") and view.lexicon.is_in("necessity", "ا" + rest):
            return None
        head = masdar_head(view, j, cut + 1, floor)
        if (
            head
            and view.is_in("adjunct_head", j, cut)
            and j + 1 < view.n
            and view.w[j + 1] in ("مع", "بين")
            and ("bi" in frames and _later_bi(view, j, cut) or "ila" in frames and _later_ila(view, j))
        ):
            return None
        # «للنقل» far more often belongs to a name («الشركة الوطنية للنقل») than opens an instruction.
        if head and not (
            plain == "li" and word.startswith("لل") and frames & {"bi", "bi_need", "ila"} and _names(view, j)
        ):
            return plain, head
    return None


_AT_WHOSE = frozenset("تكليف توجيه توجيهات امر تعليمات طلب دعوه مبادره تفويض ترخيص ايعاز اقتراح اشراف دعم قرار".split())
"""Behind بـ and before من they say at whose order somebody acts."""


_LED = frozenset("قياده رياسه رعايه اشراف".split())
"""Behind بـ they say who leads, unless somebody is charged with it."""


def _names(view: View, j: int) -> bool:
    """True where «للنقل» at token ``j`` may belong to a name: no preposition behind it that only a doing would govern («للالتحاق بـ»)."""
    follows = view.w[j + 1] if j + 1 < view.n else ""
    if _in_mention(view, j):
        return True
    if j and view.end(j - 1) in view.persons.values():
        return False
    return not (
        follows[:1] == "ب"
        and not follows.startswith("بين")
        or follows == "الي"
        and not masdar_head(view, j + 2)
        or follows in ("علي", "في", "من", "عن")
        or view.lexicon.is_in("adverb", follows)
    )


def _later_bi(view: View, j: int, cut: int) -> bool:
    """True where another «بـ + masdar» follows in the clause, so that «بالتنسيق مع …» only says how."""
    for k in range(j + 2, min(view.n, j + 14)):
        if view.w[k] in SEMICOLONS:
            return False
        if (
            view.w[k][0] == "ب"
            and len(view.w[k]) > 3
            and not view.is_in("function", k)
            and masdar_head(view, k, 1, 0.6)
        ):
            return True
    return False


def _later_ila(view: View, j: int) -> bool:
    """True where «، إلى + masdar» follows the adjunct at token ``j`` («دعا البلديات، بالتنسيق مع المديرية، إلى تنقية …»)."""
    return any(
        view.w[k] in COMMAS and view.w[k + 1] == "الي" and masdar_head(view, k + 2)
        for k in range(j + 2, min(view.n - 2, j + 14))
    )


def ends_search(view: View, i: int, j: int, noun: bool = False) -> bool:
    """True where token ``j`` starts another clause, so that no introducer of the trigger ``i`` can follow. ``noun``: the trigger is one."""
    word = view.w[j]
    if j + 1 < view.n and view.w[j + 1] == "الله":
        return False  # «خادم الحرمين الشريفين، حفظه الله، بـ»
    if noun and view.is_in("narrative", j) and not masdar(word) and view.w[j - 1] not in RELATIVES:
        return True
    if word in SEMICOLONS or _another_saying(view, j):
        return True
    if word in CLOSE_QUOTES and view.quote[i] >= 0 and view.close.get(view.quote[i]) == j:
        return True
    if view.starts_phrase("clause_break", j) and not (j and view.w[j - 1] == "كل"):
        return True
    if j == i + 1:
        return False
    after_comma = view.w[j - 1] in COMMAS
    if after_comma and word[-1] == "ا" and view.is_in("adverbial_participle", j) and not masdar(word):
        return True  # «…، معربا عن أمله في أن»
    opens = after_comma or view.w[j - 1] in ("كما", "و")
    for form in () if view.is_in("waw_word", j) else view.forms(j):
        finite = form.klass in ("perfect", "imperfect") or (
            form.klass == "forms" and not form.rest and not form.trigger.is_noun
        )
        if finite and (
            view.joined(j, form)
            or opens
            and form.trigger.kind == "trigger"
            and form.trigger.frames != _SPEECH
            and not masdar(word)
        ):
            return True
        if form.klass == "participle" and (after_comma or word[-1] == "ا" and not masdar(word)):
            return True  # «راسلها كتابيا مطالبا إياها بـ»
    return False


def _another_saying(view: View, j: int) -> bool:
    """True for «…، وإن على X» and «…، وأن عليه»: what is said goes on with another duty, which nothing before it introduces."""
    if view.w[j] not in _AND_THAT or j + 1 >= view.n:
        return False
    return view.w[j + 1] in _ALA or "إ" in view.analysis.text(view.tokens[j].span)


_AND_THAT = frozenset("وان وانه وانها وانهم".split())


def _courtesy(view: View, i: int, intro: Intro) -> bool:
    """True for invitations («دعوة لزيارة …»، «دعوة لحضور …») of anybody but the public: GUIDELINES 32."""
    if not view.lexicon.is_in("courtesy", intro.head.word):
        return False
    between = Span(view.start(i), view.start(intro.j))
    public = any(m.kind is Kind.GROUP and m.span.overlaps(between) for m in view.analysis.mentions)
    return not public and not any(_plural(word) for word in view.w[i + 1 : intro.j])


def _plural(word: str) -> bool:
    """True for «المترشحين» and for «كافة …»: more than one is spoken to."""
    return word in ("كافه", "جميع", "كل") or len(word) > 6 and word.startswith("ال") and word.endswith("ين")


def _states(view: View, head: Head) -> bool:
    """True for «عدم وجود …», a fact, and «نقل تحياته», a courtesy."""
    if head.word == "نقل" and head.j + 1 < view.n and view.w[head.j + 1].startswith(("تحيات", "شكر", "تعازي", "سلام")):
        return True
    if head.word != "عدم":
        return False
    if view.w[head.j - 1] == "مسووليه":
        return True  # «حمّلهم مسؤولية عدم …»: what they are blamed for
    return view.is_in("not_act", head.j + 1) or view.is_in("own_name", head.j + 2)


def _praises(view: View, intro: Intro) -> bool:
    """True for «أهمية الرقمنة في تسريع …»: what a thing is worth, not something to do."""
    if not (intro.frame.endswith("need") and view.is_in("weak_necessity", intro.head.j - 1) and intro.head.definite):
        return False
    for k in range(intro.head.j + 1, min(view.n - 1, intro.head.j + 6)):
        if k == intro.head.j + 1 and (view.w[k] in _PREPOSITION_FRAMES or view.is_in("takes_fi", intro.head.j, 2)):
            return False  # «أهمية الاعتماد على الورشات في …»: an act with its complement
        if view.w[k] == "في":
            return masdar_head(view, k + 1) is not None
    return False


def object_head(view: View, i: int, j: int, floor: float = 0.5) -> Head | None:
    """A masdar that stands as direct object or subject: not inside a construct, not after a preposition."""
    head = masdar_head(view, j, 0, floor)
    if not head or (head.definite and _in_mention(view, j)):
        return None
    if j > i + 1:
        before = view.w[j - 1]
        if before in COMMAS and not head.definite and _subject_behind(view, j):
            return None  # «…، عقد الوزير اجتماعا»
        inside = not (
            view.is_mark(j - 1)
            or (before.endswith("ا") and len(before) > 3)
            or before.startswith(("ال", "لل", "بال", "وال", "كال"))
            or (before.endswith(("هم", "ها", "هما", "هن", "كم")) and len(before) > 4)
            or view.analysis.text(view.tokens[j - 1].span).endswith("ه")
            or before in _DEMONSTRATIVES
            or before in ("هو", "هي")
            or view.is_in("preposition_pronoun", j - 1)
            or view.w[j - 2] == "في"
            and not (known_noun(before) or masdar(before) or view.is_in("function", j - 1))  # «في نزوى»
            or before.isdigit()
            or view.lexicon.is_in("adverb", before)
            or before in _WHOLE
            or view.w[j - 2].lstrip("وبل") in ("كل", "اي")
            or _mention_ends(view, j - 1)
        )
        found = view.masdar_at(j, 0)
        if inside and view.w[i + 1 : i + 2] == ["من"] and found is not None and found.pronoun and found.score >= 0.9:
            inside = False  # «طلبت من الإدارة بحي وسط موافاتها»
        yet = before == "بعد" and not {"لم", "لما"}.isdisjoint(view.w[max(0, j - 5) : j - 1])  # «لم يتأسسوا بعد»
        if not yet and (inside or view.is_in("preposition", j - 1)):
            return None
    return head


def _subject_behind(view: View, j: int) -> bool:
    """True where a word of three letters may be a verb: who acts is named right behind it."""
    start = view.start(j + 1) if j + 1 < view.n and len(view.w[j]) == 3 else -1
    return any(m.span.start == start and m.kind in (Kind.PERSON, Kind.OFFICE) for m in view.mentions)


_SPEECH = frozenset({"an_duty"})
_WHOLE = frozenset("كافه جميعا انفسهم كذلك ايضا فقط اولا".split())
_DEMONSTRATIVES = frozenset("هولاء اولئك اياه اياها اياهم ذلك هذا هذه".split())


def _in_mention(view: View, j: int) -> bool:
    """True where an actor is named at token ``j`` («الحماية المدنية»)."""
    start = view.start(j)
    return any(m.span.start <= start < m.span.end for m in view.mentions)


def _mention_ends(view: View, j: int) -> bool:
    end = view.end(j)
    return any(m.span.end == end for m in view.mentions)


def find_intro(view: View, i: int, form: Form, last: int | None = None) -> Intro | None:
    """The introducer of the trigger at token ``i``; ``last`` is the index of the trigger's last token.

    Where a verb that commands has no sure masdar behind it, a doubtful one will do («دعا الولاة إلى التحرر من الخوف»).
    """
    found = _find_intro(view, i, form, last, MASDAR_FLOOR)
    trigger = form.trigger
    if found is None and trigger.force in _COMMANDING and not trigger.is_noun and not trigger.duty:
        # «بقصر الأمم» is a place as long as «إلى …» may follow.
        sure = trigger.frames - {"bi"} if trigger.frames & {"ila", "ala"} else trigger.frames
        found = _find_intro(view, i, form, last, _DOUBTFUL, sure)
        if found is None and sure != trigger.frames:
            found = _find_intro(view, i, form, last, _DOUBTFUL)
    elif found is not None and conjunction(view, found.j) and trigger.force in _COMMANDING and not trigger.duty:
        # «أوعز إليهم بمخالفة المستغلين، وبألا …»: what a conjunction joins is joined to something.
        first = _find_intro(view, i, form, last, _DOUBTFUL)
        if first is not None and first.j < found.j and first.frame == found.frame:
            return first
    return found


_COMMANDING = frozenset({Force.ORDER, Force.DEMAND, Force.URGE, Force.CALL, Force.RECOMMEND})
_DOUBTFUL = 0.25


def _find_intro(
    view: View, i: int, form: Form, last: int | None, least: float, frames: frozenset[str] | None = None
) -> Intro | None:
    """See :func:`find_intro`; ``least`` is the score from which a word is taken for a masdar."""
    frames = form.trigger.frames if frames is None else frames
    area = -1
    start = (last if last is not None else i) + 1
    if "instructions" in frames:
        noun = _light_noun(view, start, form)
        if noun is None:
            if frames == {"instructions"}:
                return None
        else:
            found = _after_light_noun(view, i, noun)
            if found and ("دعو" in view.w[noun] and _courtesy(view, i, found) or _own_act(view, noun, found.head)):
                return None
            if found or frames <= {"instructions", "list"}:
                return found
    if "laying" in frames:
        laid = laying_noun(view, start, form)
        if laid is not None:
            start, frames = laid + 1, frozenset({"bi", "bi_need", "an", "ila"})
            area = start
        elif frames == {"laying"}:
            return None
        else:
            frames = frames - {"laying"}
    if "qadiya" in frames:
        found = _after_link(view, i, start, form.trigger.force)
        if found or frames == {"qadiya"} and not _carried_out(view, i):
            return found
        frames = frames | {"bi", "li"}
    wants_object = "object" in frames
    if frames & _AN_FRAMES:
        frames = frames | {"an"}
    gates = (_MIN if "min_object" in frames else frozenset()) | (
        _ALA if frames & {"ala_object", "ala_an", "ala_bi", "ala_fi"} else frozenset()
    )
    if "self_object" in frames:
        return _after_own_addressee(view, start, frames)
    if "waw" in frames and start < view.n and view.w[start][0] == "و":
        head = masdar_head(view, start, 1, 0.3)
        if head:
            return Intro(start, "object", head)
    if frames & _BARE_VERB:
        head = _bare_verb(view, start, "min_verb" in frames)
        if head is not None:
            return Intro(head.j, "verb", head)
    j, reach = start, min(view.n, i + REACH)
    spare: Intro | None = None
    needs = ""  # the frame of «على أهمية …» whose noun is nothing to do, and which «وضرورة …» may take up
    while j < reach:
        word = view.w[j]
        if word in COMMAS and (behind := _past_condition(view, j) or _past_aside(view, j)) > j:
            j = behind
            continue
        if needs and word[0] == "و" and view.is_in("necessity", j, 1) and (head := need_head(view, j + 1)):
            return Intro(j, needs, head, area)
        if ends_search(view, i, j, form.trigger.is_noun):
            return spare
        if view.is_in("commitment", j) and not (gates and wants_object and object_head(view, i, j)):
            return None
        if j in view.close and view.close[j] < view.n and not (j + 1 < view.n and intro_at(view, j + 1, frames)):
            j = view.close[j] + 1
            continue
        if word == ":" and view.w[j - 1] in _FOLLOWING and not form.trigger.duty and (head := _content(view, j + 1)):
            return Intro(j, "bi", head, area)  # «أمر بما يلي: غلق …»
        if word in DASHES and j > start and (behind := _past_dashes(view, j)):
            j = behind
            continue
        if word == "(":
            j = _closing(view, j)
            continue
        behind = _past_person(view, j)
        if behind > j:
            j = behind
            continue
        if view.w[j + 1 : j + 2] == ["الله"] and word[-1] == "ه":
            j += 2  # «حفظه الله»
            continue
        floor = least if j > start else min(least, 0.35)
        found_intro = intro_at(view, j, frames, floor=floor)
        need = _PREPOSITION_FRAMES.get(word, ("", ""))[1]
        if need in frames and j + 1 < view.n and view.is_in("necessity", j + 1):
            needs = need
        if found_intro and (
            needs
            and _praises(view, found_intro)
            or found_intro.frame == "li"
            and (_told_of(view, start, j) or form.trigger.needs_addressee and _names_body(view, start, j))
        ):
            found_intro = None
        if found_intro and found_intro.frame == "ala" and word in gates and _told_body(view, found_intro.head.j):
            found_intro = None  # «شدد على إدارة المستشفى ألا تحيل»
        if (
            found_intro
            and spare is None
            and view.w[j - 1].removeprefix("ال") in _COMPETENT
            and found_intro.frame == "bi"
        ):
            spare = replace(found_intro, area=area)  # «الدوائر المختصة بتخفيض …»
        if found_intro and not _governed(view, j, found_intro.frame):
            if (
                found_intro.frame == "ala"
                and not wants_object
                and any(object_head(view, i, k) and not view.is_in("document", k) for k in range(start, j))
            ):
                return None  # «أكد دخول الأعوان في إضراب احتجاجا على …»: what is affirmed is the masdar before it
            emphasis = (
                form.trigger.force in (Force.EMPHASISE, Force.INSIST) and found_intro.head.kind is not HeadKind.VERB
            )
            needed = found_intro.frame.endswith("need")  # «أكد على ضرورة التزام التجار بـ» commits others
            committed = emphasis and not needed and view.lexicon.is_in("commitment", found_intro.head.word)
            if committed or _states(view, found_intro.head):
                return None
            if form.trigger.force is Force.CALL and _courtesy(view, i, found_intro):
                return None
            if form.trigger.force is Force.EMPHASISE and _praises(view, found_intro):
                return None
            return replace(found_intro, area=area)
        if word == "الي" and form.trigger.force is Force.CALL and _asked_for(view, j + 1):
            frames -= {"li"}  # «دعا إلى وقفة حازمة لدعم …»: what it is for
        if word.lstrip("و") in _INDIRECT and "an" not in frames:
            if view.w[j - 1] not in _ALA or "ala_need" not in frames:
                return None
            found_intro = _after_fact(view, j + 1, frames)  # «شدد على أنّ …، وعلى ضرورة …»
            return replace(found_intro, area=area) if found_intro else None
        if word in gates:
            wants_object = wants_object or bool(frames & {"min_object", "ala_object"})
            if (
                word in _ALA
                and j + 1 < view.n
                and (view.w[j + 1] not in _INDIRECT or word != "علي")  # «شدد عليه أن»
                and not (view.is_in("event", j + 1) or view.is_in("governs_ala", j - 1))
                and not view.is_in("necessity", j + 1)
            ):
                # «شدد على المديرين أن يجيبوا»، «شدد على الجهات برفع …»: what follows the addressee.
                frames |= {opened for gate, opened in _AFTER_ALA if gate in frames}
                if "ala_need" in frames and wants_object:
                    frames |= {"object_need"}  # «شدد على X ضرورة …»
        if wants_object:
            head = object_head(view, i, j, 0.35 if gates and j > start + 1 else 0.5)
            if head and _states(view, head):
                return None
            if head:
                return Intro(j, "object", head)
        j += 1
    return spare


_FOLLOWING = frozenset("يلي ياتي سياتي الاتي بالاتي التالي بالتالي كالاتي كالتالي الاتيه التاليه".split())


def _told_body(view: View, j: int) -> bool:
    """True where a body is named at token ``j``, though its first word is a masdar as well (إدارة، قيادة), and what it is told follows with أن."""
    start = view.start(j)
    if not any(m.span.start == start and m.kind is Kind.ORGANISATION for m in view.mentions):
        return False
    stop = next((k for k in range(j + 1, view.n) if view.is_mark(k)), view.n)
    return any(view.w[k] in ("ان", "الا") and view.verb_at(k + 1) for k in range(j + 1, min(stop, j + 9)))


_COMPETENT = frozenset("مختصه مختص مختصين معنيه معنيين".split())
"""Adjectives that govern بـ and as often do not."""


def _names_body(view: View, start: int, j: int) -> bool:
    """True where «لـ + masdar» at token ``j`` belongs to the name of the body behind the trigger («أمهلت الوكالة الوطنية لتقنين الاتصالات … شهرا لتسوية»)."""
    return (
        start < j <= start + 3
        and view.is_in("body_word", start, 2)
        and all(view.w[k].startswith("ال") for k in range(start, j))
        and any(view.w[k][0] == "ل" and masdar_head(view, k, 1) for k in range(j + 2, min(view.n, j + REACH)))
    )


_ASIDES = frozenset(
    "كلما متي اذا لقاء مقابل مثلما حسبما حسب بحسب وفق وفقا يقول تقول يضيف تضيف يوضح توضح يشرح يتابع تتابع بصفته بصفتها بصفتهم باعتباره باعتبارها باعتبارهم".split()
)


DASHES = frozenset("-–—")


def _past_dashes(view: View, j: int) -> int:
    """Index behind «- بالاتفاق مع الهيئة -», 0 where none is."""
    return next((k + 1 for k in range(j + 2, min(view.n, j + 14)) if view.w[k] in DASHES), 0)


def _past_condition(view: View, j: int) -> int:
    """Index behind «، كلما تعلق الأمر بطفل،» and «، مثلما أوضح المدير،», 0 where none is: no word of a condition or of who says it between commas is a thing to do."""
    if view.w[j + 1 : j + 2] and view.w[j + 1] in _ASIDES:
        return next((k + 1 for k in range(j + 2, min(view.n, j + 12)) if view.w[k] in COMMAS), 0)
    return 0


def _past_aside(view: View, j: int) -> int:
    """Index behind «، التي ترفض استقبال الشاحنات،», 0 where none is: what is told of somebody between commas is nothing to do."""
    if j + 1 >= view.n or view.w[j + 1] not in RELATIVES and view.w[j + 1] not in _THEY:
        return 0
    for k in range(j + 2, min(view.n, j + _ASIDE)):
        if view.w[k] in SEMICOLONS or view.is_mark(k) and view.w[k] in ".:!؟?":
            return 0
        if view.w[k] in COMMAS:
            return k + 1
    return 0


_THEY = frozenset("وهو وهي وهم وهما".split())
_ASIDE = 26
"""Tokens of the longest aside between commas."""


def _asked_for(view: View, j: int) -> bool:
    """True where the words from ``j`` are a thing, no person or body: an indefinite noun."""
    j += view.opens(j)
    if j >= view.n or view.w[j].startswith(("ال", "لل")) or view.is_mark(j) or view.w[j] in EVERY:
        return False
    return not any(m.span.start == view.start(j) for m in view.mentions)


def _after_fact(view: View, j: int, frames: frozenset[str]) -> Intro | None:
    """«…، وعلى ضرورة …» behind a fact that the same verb affirms; nothing where another clause opens before it."""
    for k in range(j, min(view.n, j + REACH)):
        if view.w[k] in SEMICOLONS or view.starts_phrase("clause_break", k):
            return None
        if view.w[k] == "وعلي":
            return intro_at(view, k, frames, after_conj=True)
    return None


_BARE_VERB = frozenset({"verb", "min_verb"})


def _bare_verb(view: View, start: int, addressed: bool) -> Head | None:
    """Colloquial «لازم القطر يطلع»، «بدي منكم تصبروا»: an imperfect without أن, behind its subject or the addressee."""
    for j in range(start, min(view.n, start + 4)):
        if view.is_mark(j) or view.w[j] in _INDIRECT or view.w[j] == "الا":
            return None
        noun = masdar(view.w[j])
        if view.verb_at(j) and (noun is None or not noun.listed and noun.score < 0.3) and (not addressed or j > start):
            return Head(j, 0, view.w[j], HeadKind.VERB)
    return None


def _closing(view: View, j: int) -> int:
    for k in range(j + 1, min(view.n, j + 30)):
        if view.w[k] == ")":
            return k + 1
    return j + 1


def _past_person(view: View, j: int) -> int:
    """Index behind the person whose mention starts at token ``j``: no word of a name is a thing to do («ناشد المدير، حسن عزوز، …»)."""
    end = view.persons.get(view.start(j), 0)
    while j < view.n and view.start(j) < end:
        j += 1
    return j


def _governed(view: View, j: int, frame: str) -> bool:
    """True where the preposition at ``j`` belongs to the word before it («المكلف بالتسيير»), or to a masdar a little farther («لدى إشرافه أمس على»)."""
    takes = {
        "bi": "takes_bi",
        "bi_need": "takes_bi",
        "ala": "takes_ala",
        "ala_need": "takes_ala",
        "ila": "takes_ila",
    }.get(frame)
    if takes is None or j == 0:
        return False
    if frame == "ala":
        governor = next((k for k in range(j - 1, max(-1, j - 9), -1) if view.is_in("governs_ala", k)), j)
        if governor < j and "علي" not in view.w[governor:j]:
            return True
    if view.w[j - 1].startswith("المعني") and not _later(view, j):
        return False  # «كلف الوزير المعني بالتنسيق مع …»
    return view.is_in(takes, j - 1)


def _later(view: View, j: int) -> bool:
    """True where another introducer follows what stands at ``j``."""
    prepositions = (k for k in range(j + 1, min(view.n - 1, j + 14)) if view.w[k] in ("الي", "علي"))
    return _later_bi(view, j, 0) or any(masdar_head(view, k + 1) for k in prepositions)


_AFTER_ALA = (("ala_an", "an"), ("ala_bi", "bi"), ("ala_fi", "fi"))
_AN_FRAMES = frozenset({"min_an", "self_an"})


def _after_own_addressee(view: View, start: int, frames: frozenset[str]) -> Intro | None:
    """«على X أن يفعل»، «على X + masdar»، «عليكم بـ»: the trigger is the preposition, X stands right behind it."""
    first = start
    past = 0
    for j in range(start, min(view.n, start + 24)):
        if j < past:
            continue
        word = view.w[j]
        if j >= start + 14 and not past:
            return None
        if word in COMMAS and j > start and (behind := _past_condition(view, j) or _past_aside(view, j)):
            past = behind
            continue
        if word in SEMICOLONS or view.is_in("clause_break", j):
            return None
        if word in ("ان", "الا"):
            head = (
                verb_head(view, j + 1)
                if word == "ان"
                else (Head(j, 0, word, HeadKind.VERB) if view.verb_at(j + 1) else None)
            )
            if head:
                return Intro(j, "an", head)
            return None
        if j == start and view.is_in("adverb", j):
            start += 1  # «عليكم كذلك بـ»
            continue
        own_pronoun = j == start and view.w[first - 1] not in ("علي", "وعلي", "فعلي")
        if own_pronoun or j > start:
            if own_pronoun and word[0] == "ب":
                head = masdar_head(view, j, 1, 0.4)
                if head:
                    return Intro(j, "self_bi", head)
            found = masdar_head(view, j) if own_pronoun else object_head(view, start - 1, j)
            if found and not view.is_in("preposition", j - 1):
                return Intro(j, "object", found)
        if j > start and view.w[start] not in EVERY and any(f.klass in ("perfect", "imperfect") for f in view.forms(j)):
            return None
    return None


_INDIRECT = frozenset({"ان", "انه", "انها", "انهم", "بان", "بانه", "بانها", "بانهم"})
_ALA = frozenset({"علي", "عليه", "عليها", "عليهم", "عليكم", "عليهما"})
_MIN = frozenset({"من", "منه", "منها", "منهم", "منكم", "منهما", "منهن"})


def _after_link(view: View, i: int, start: int, force: Force) -> Intro | None:
    """«التعليمة القاضية بـ …»: the link must follow within a few words."""
    held = _held(view, i, start)
    if held is not None:
        return held
    if i and view.w[i - 1] in _AMONG:  # «من بين التوصيات أيضا إيلاء …»
        k = start
        while k < view.n and view.is_in("adverb", k):
            k += 1
        head = masdar_head(view, k)
        if head and not head.definite:
            return Intro(k, "qadiya", head)
    if view.is_in("plain_order", start) and view.w[start + 1 : start + 2] == [":"]:
        head = _content(view, start + 2)
        return Intro(start, "qadiya", head) if head else None
    reach = start + 12
    for j in range(start, min(view.n, start + REACH)):
        if ends_search(view, i, j):
            return None
        if _in_mention(view, j):
            reach += 1
        if j >= reach:
            return None
        if view.is_in("plain_order", j) and view.w[j + 1 : j + 2] == [":"] and j > start:
            head = _content(view, j + 2)
            return Intro(j, "qadiya", head) if head else None  # «التعليمات كانت واضحة: غلق …»
        if view.w[j].lstrip("و") in _STATES and (
            on := next((k for k in (j + 1, j + 2) if view.w[k : k + 1] == ["علي"]), 0)
        ):
            head = _content(view, on + 1)  # «التعليمة …، والتي تنص أيضا على …»
            return Intro(j, "qadiya", head) if head else None
        k = view.starts_phrase("binding_link", j)
        if not k and force is Force.ORDER:
            k = view.starts_phrase("foremost", j)
        if k:
            head = _content(view, j + k)
            if head:
                return None if _own_act(view, i, head) else Intro(j, "qadiya", head)
    return None


_STATES = frozenset("تنص ينص نصت نص تنصان".split())
_AMONG = frozenset("بين اهم ابرز ضمن اولي".split())


def _held(view: View, i: int, start: int) -> Intro | None:
    """«تضمنت تعليمات الوالي غلق …», «تقضي تعليمة المدير بجرد …», «انصبت توجيهاته على ضرورة …»: what is said to be in them follows who gave them."""
    verb = view.w[i - 1].lstrip("وف") if i else ""
    if verb not in _HOLD and verb not in _RULE and verb not in _BEAR:
        return None
    for j in range(start, min(view.n, start + 14)):
        if ends_search(view, i, j):
            return None
        if _in_mention(view, j) and not view.w[j].startswith("ب"):
            continue
        if verb in _RULE and view.w[j][0] == "ب" and (found := intro_at(view, j, frozenset({"bi", "bi_need"}))):
            return Intro(j, "qadiya", found.head)
        if verb in _BEAR and view.w[j] in ("علي", "حول", "في"):
            k = j + 1
            head = need_head(view, k + 1) if view.is_in("necessity", k) else masdar_head(view, k)
            return Intro(j, "qadiya", head) if head else None
        if verb in _HOLD:
            head = need_head(view, j + 1) if view.is_in("necessity", j) else object_head(view, i, j)
            if head is not None:
                return Intro(j, "qadiya", head)
    return None


_HOLD = frozenset("تضمنت تضمن شملت شمل تتضمن تشمل".split())
_RULE = frozenset("تقضي قضت يقضي".split())
_BEAR = frozenset("انصبت تنصب ركزت تمحورت تركزت تمثلت نصت تنص".split())


def _own_act(view: View, noun: int, head: Head) -> bool:
    """True for appointments and foundings under a decision («القرار القاضي بإنشاء …»): they bind nobody named."""
    return "قرار" in view.w[noun] and view.lexicon.is_in("own_act", head.word) or view.w[noun].startswith("مرسوم")


def _carried_out(view: View, i: int) -> bool:
    """True where the text acts on the instruction that token ``i`` names: «تنفيذا لتوجيهات X بنقل …», «بناء على أمر X بـ»."""
    near = view.w[max(0, i - 3) : i]
    return any(
        w.lstrip("و")
        in (
            "جدد",
            "جددت",
            "يجدد",
            "تجدد",
            "مجددا",
            "مجدده",
            "كرر",
            "كررت",
            "تنفيذا",
            "انفاذا",
            "بناء",
            "بناءا",
            "تطبيقا",
            "عملا",
            "امتثالا",
            "تجسيدا",
            "وفق",
            "حسب",
            "بموجب",
        )
        for w in near
    )


def laying_noun(view: View, start: int, form: Form) -> int | None:
    """Index of the masdar that lays a task on somebody («تقرر تكليف …»)."""
    for j in range(start, min(view.n, start + 9)):
        word = view.w[j]
        if any(noun in form.trigger.laying_nouns for noun in (word, word.removeprefix("ب"), *_unbound(word))):
            return j
        if view.is_in("clause_break", j):
            return None
    return None


def _unbound(word: str) -> tuple[str, ...]:
    """A word without the pronoun of those it names («إلزامكم»)."""
    return tuple(word[: -len(end)] for end in ("كم", "هم", "ها", "كما", "هما") if word.endswith(end))


def _light_noun(view: View, start: int, form: Form) -> int | None:
    """Index of the noun (تعليمات، أوامر…) that a light verb needs, within its clause."""
    nouns = form.trigger.light_nouns or view.lexicon.words["light_noun"]
    for j in range(start, min(view.n, start + 26)):
        word = view.w[j]
        if word in SEMICOLONS or view.is_in("clause_break", j):
            return None
        if j + 1 < view.n and view.w[j + 1].removeprefix("ال") in ("حكومي", "رياسي", "ترتيبي"):
            continue  # «أمر حكومي»: a decree
        bare = word[2:] if word.startswith("ال") else word
        for candidate in (bare, word[1:] if word[0] in "بو" else bare):
            if (
                candidate in nouns
                or (candidate[-1:] in "هك" and candidate[:-1] in nouns)
                or (candidate.endswith(("هم", "ها", "نا")) and candidate[:-2] in nouns)
            ):
                return j
    return None


_BEFORE_LIST = COMMAS | {":"}
_INSTRUCTION_FRAMES = frozenset({"bi", "bi_need", "li", "ila", "ila_need", "an"})


def _after_light_noun(view: View, i: int, noun: int) -> Intro | None:
    j = noun + 1
    while j < min(view.n, noun + REACH):
        if ends_search(view, i, j):
            return None
        if view.starts_phrase("instruction_link", j):
            k = view.skip_marks(j + view.starts_phrase("instruction_link", j), _BEFORE_LIST)
            found = need_head(view, k + 1) if view.is_in("necessity", k) else _content(view, k)
            if found:
                return Intro(j, "instructions", found)
        if view.w[j] == ":" and j < view.n - 1 and not j > noun + 3:
            head = _content(view, j + 1)  # «أصدر تعليمات: غلق …»
            return Intro(j, "instructions", head) if head else None
        if j == noun + 1 and view.w[noun].endswith("طلب"):
            head = masdar_head(view, j, 0, 0.6)
            if head and not head.definite:
                return Intro(j, "instructions", head)
        found_intro = intro_at(view, j, _INSTRUCTION_FRAMES)
        if found_intro and found_intro.head.definite and _in_mention(view, found_intro.head.j):
            found_intro = None  # «وجه مراسلة إلى الأميار»
        if found_intro and found_intro.frame == "li" and _told_of(view, noun + 1, j):
            found_intro = None  # «أصدر توصيات للمشجعين الذين يسافرون إلى روسيا لدعم …»
        if found_intro and not _governed(view, j, found_intro.frame):
            return Intro(found_intro.j, "instructions", found_intro.head)
        j += 1
    return None


def _told_of(view: View, start: int, j: int) -> bool:
    """True where token ``j`` still stands in a relative clause that opened behind ``start``."""
    return any(view.w[k] in RELATIVES and COMMAS.isdisjoint(view.w[k:j]) for k in range(start, j))


def _content(view: View, j: int) -> Head | None:
    """Head right after a link such as «القاضية بـ»، «من أجل»، «تقضي بـ»: with or without a preposition of its own."""
    if j >= view.n:
        return None
    found = intro_at(view, j, frozenset({"bi", "li", "ila", "an", "bi_need"}), floor=0.3)
    if found:
        return found.head
    return masdar_head(view, j, 0, 0.3)
