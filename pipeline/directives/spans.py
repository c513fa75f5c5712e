"""Where an instruction ends, where the next one of the same trigger starts, and what is purpose.

From the head of the first instruction the words are read to the right. Four things can happen: the clause ends; a
coordinated head opens an instruction of its own; a purpose opens; or the word belongs to the instruction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.coordination import junction
from pipeline.directives.commands import command_from
from pipeline.directives.deadlines import limit_at
from pipeline.directives.frames import conjunction, intro_at, masdar_head, need_head, object_head
from pipeline.directives.view import (
    CLOSE_QUOTES,
    COMMAS,
    NEGATIONS,
    OPEN_QUOTES,
    RELATIVES,
    SEMICOLONS,
    Head,
    HeadKind,
    View,
)
from pipeline.lexicon import Form
from pipeline.morphology import imperative, known_noun, masdar, subjunctive
from pipeline.types import Kind, Span, Zone


@dataclass(slots=True)
class Piece:
    """An instruction or a purpose under construction: tokens ``first`` to ``last``, from ``offset`` characters into the first."""

    first: int
    offset: int
    head: Head | None
    last: int = -1
    frame: str = ""
    to: tuple[int, int, int] | None = None
    """An addressee of its own («، والولاة بـ …»): its first token, the letters of conjunction and preposition on it, the token of the introducer."""

    def span(self, view: View) -> Span:
        """Raw span, without closing marks."""
        last = self.last
        while last > self.first and view.is_mark(last) and not _belongs(view, self.first, last):
            last -= 1
        return view.span(self.first, last, self.offset)


@dataclass(slots=True)
class Region:
    """All that one introducer governs."""

    instructions: list[Piece] = field(default_factory=list)
    purposes: list[Piece] = field(default_factory=list)
    end: int = 0
    """Index of the first token after the region."""
    limit: tuple[int, int] | None = None
    """First and last token of a time limit that stands outside all instructions («، وذلك في ظرف شهر»)."""


def _belongs(view: View, first: int, last: int) -> bool:
    """True where the closing mark at ``last`` has its opening mark inside the span."""
    word = view.w[last]
    if word in ")]":
        return any(view.w[j] in "([" for j in range(first, last))
    if word in CLOSE_QUOTES:
        return any(opened >= first and closed == last for opened, closed in view.close.items())
    return word == "%"


def purpose_at(view: View, j: int, after_comma: bool) -> Piece | None:
    """The purpose that starts at token ``j``: after its marker, or at a noun of goal that is part of it."""
    for klass in ("purpose_masdar", "purpose_verb"):
        k = view.starts_phrase(klass, j)
        if k:
            at = j + k
            if at >= view.n:
                return None
            if klass == "purpose_verb":
                if view.w[at] in ("لا", "ان") and at + 1 < view.n:
                    return Piece(at if view.w[at] == "لا" else at + 1, 0, None) if view.verb_at(at + 1) else None
                return Piece(at, 0, None) if view.verb_at(at) else None
            if view.is_mark(at) and view.w[at] in COMMAS:
                return None
            if view.w[at] in ("ان", "الا"):
                at += 1
            return Piece(at, 0, None)
    if view.w[j] == "ل" and after_comma and j + 1 < view.n and masdar_head(view, j + 1):
        return Piece(j + 1, 0, None)
    word = view.w[j]
    follows = view.w[j + 1] if j + 1 < view.n else ""
    governed = j > 0 and view.w[j - 1] in _PREPOSITIONS  # «بما يتطلب من تسوية للملفات»
    if (
        view.starts_phrase("purpose_noun", j)
        and not governed
        and (after_comma or follows[:1] == "ل" and len(follows) > 2 or follows in ("علي", "من", "الي"))
    ):
        return Piece(j, 0, None)
    if (
        word[-1] == "ا"
        and len(word) > 4
        and len(follows) > 2
        and follows[0] == "ل"
        and not view.is_in("function", j + 1)
    ):
        # Any other goal in the accusative with its لـ («تحوطا لفصل الخريف»).
        goal = masdar(word[:-1])
        if goal and goal.score >= 0.5 and not goal.pronoun and not goal.definite:
            return Piece(j, 0, None)
    unknown = masdar(word[1:]) is None and follows.startswith("ال") and not view.is_in("not_purpose", j)
    li_phrase = after_comma and word[0] == "ل" and len(word) > 4 and not view.is_in("function", j)
    if li_phrase and (unknown or masdar_head(view, j, 1, 0.55)):
        return Piece(j, 1, None)
    if word in ("وذلك", "ذلك") and j + 1 < view.n:
        return purpose_at(view, j + 1, True)
    return None


def fronted_purpose(view: View, i: int) -> Piece | None:
    """The purpose in front of the clause whose trigger is token ``i`` («ولضمان التموين، أمر …», «وعليه، وتفاديا للزحام، تدعو …»; GUIDELINES 28)."""
    first = next((k + 1 for k in range(i - 1, -1, -1) if view.w[k] in _CLAUSE_MARKS or view.opens(k)), 0)
    while first < i and view.is_mark(first):
        first += 1
    commas = [k for k in range(first + 1, i) if view.w[k] in COMMAS]
    if not commas or i - commas[-1] > _FRONTED or _act_among(view, commas[-1] + 1, i):
        return None
    start = max((k + 1 for k in commas[:-1] if view.w[k + 1][0] == "و"), default=first)
    found = _opening_purpose(view, start) if commas[-1] - start > 1 else None
    if found is None or _act_among(view, first, commas[-1]):
        return None
    found.last = commas[-1] - 1
    return found


def _act_among(view: View, first: int, stop: int) -> bool:
    """True where a verb that can carry an act stands among the tokens."""
    return any(form.verbal and not masdar(view.w[k]) for k in range(first, stop) for form in view.forms(k))


def _opening_purpose(view: View, first: int) -> Piece | None:
    """The purpose that opens a clause at token ``first``, behind its conjunction."""
    word = view.w[first]
    for cut in (1, 0) if word[0] in "وف" and len(word) > 3 else (0,):
        marked = view.starts_phrase("purpose_masdar", first, cut)
        if marked and first + marked < view.n:
            return Piece(first + marked, 0, None)
        follows = view.w[first + 1]
        if view.starts_phrase("purpose_noun", first, cut) and not view.is_in("basis", first, cut):
            return Piece(first, cut, None) if follows[0] in "لب" or follows in ("علي", "من", "الي") else None
        if word[cut] == "ل" and len(word) > cut + 3 and masdar_head(view, first, cut + 1, 0.6):
            found = view.masdar_at(first, cut + 1)
            return None if found is None or view.lexicon.is_in("basis", found.stem) else Piece(first, cut + 1, None)
    return None


_FRONTED = 14
"""Tokens between the comma behind a purpose in front and the trigger."""
_CLAUSE_MARKS = SEMICOLONS | frozenset(":.…!؟?-")


def _ends_clause(view: View, j: int, after_comma: bool, verbal: bool = False) -> bool:
    """True where token ``j`` starts something that is no part of an instruction: another verb of saying, a new clause."""
    goes_on = view.starts_phrase("clause_goes_on", j)
    if goes_on and goes_on >= view.starts_phrase("clause_end", j) or _and_that(view, j):
        return False
    if _attributes(view, j):
        return True
    k = view.starts_phrase("coordinator", j)
    if k and (view.is_in("own_speech", j + k) or view.is_in("own_speech", j + k, 1) and view.w[j + k][0] == "ب"):
        return True
    word = view.w[j]
    if word[:2] == "وب" and view.is_in("own_speech", j, 2) and any(w in _CLOSES for w in view.w[:j]):
        return True  # «ختم كلمته بدعوة … إلى …، وبالتشديد على …»
    if view.starts_phrase("clause_end", j) and not _governed(view, j):
        return True
    if verbal and word == "ولا" and j + 1 < view.n and view.w[j + 1][0] == "ي" and view.w[j + 1].endswith("وا"):
        return False  # «أن يتقدموا …، ولا يلتفتوا»: a report would have the indicative
    if (
        verbal
        and word == "ولا"
        and view.sentence.zone is Zone.ITEM
        and view.verb_at(j + 1)
        and view.w[j + 1] not in _STATE
        and not command_from(view, j)
    ):
        return False  # «1. يعاد الضبط …، ولا يعمل بأي استثناء»
    if after_comma and view.starts_phrase("clause_end_after_comma", j) and not _enumerates(view, j):
        return True
    if word == "و" and j + 1 < view.n:
        spaced = "و" + view.w[j + 1]
        if (
            _one_word(view, "clause_end", spaced)
            or view.w[j + 1 : j + 3] == ["هو", "ما"]
            or after_comma
            and _one_word(view, "clause_end_after_comma", spaced)
        ):
            return True
    if word.startswith(("وست", "وسي", "وسن")) and word.endswith(("ون", "ين")) and subjunctive(word[2:]):
        return True  # «وستجدون»
    if after_comma and (_passive(view, j) or _we(view, j) or _will(view, j) or _acts(view, j) or _quotes(view, j)):
        return True
    if after_comma and word[0] == "و" and any(w in _BOUND for w in view.w[j + 1 : j + 4]):
        return True  # «…، وأعوان الحراسة مطالبون بـ»
    if after_comma and word == "بعد" and view.is_in("happening", j + 1):
        return True
    if not verbal and word.startswith("وي") and _finite(view, j):
        return True
    if (word == "وتكليف" or word == "والزام" and "تكليف" in view.w[:j]) and _charges(view, j):
        return True
    if word == "وترك" and after_comma and view.w[j + 1 : j + 2] and view.w[j + 1][0] == "ل":
        return True  # «، وترك للبلديات تحديد …»
    if word == "كما" and (after_comma or _reports(view, j + 1)):
        compares = view.w[j + 2 : j + 3] and view.w[j + 2] in COMMAS and _reports(view, j + 1)
        return not compares  # «كما ضُبطت،»
    if (
        command_from(view, j)
        or verbal
        and (_gives_reason(word, after_comma) or word[:3] == "فال" and view.verb_at(j + 1))
    ):
        return True
    bare = view.w[j + 1] if word in ("ثم", "و") and j + 1 < view.n else word[word[0] in "وف" :]
    if verbal and bare.endswith("وا") and bare[0] in "يت" and subjunctive(bare):
        return False  # «أن يراقبوا …، ثم يوجهوا …»: a report would have the indicative
    if word in ("ثم", "و") and _reports(view, j + 1) and not masdar(view.w[j + 1]):
        return True
    if word == "ثم" and after_comma and j + 1 < view.n and _acted(view.w[j + 1]):
        return True
    if word == "و" and view.w[j + 1 : j + 3] == ["طلب", "من"]:
        return True
    if verbal and (
        imperative(word) >= 0.7
        or (word[0] == "و" and imperative(word[1:]) >= 0.4 and not (masdar(word) or _closed_t(view, j)))
        or (
            word in ("لا", "ولا")
            and view.w[j + 1 : j + 2]
            and view.w[j + 1].startswith("ت")
            and view.w[j + 1].endswith(("وا", "وه", "وها", "وهم"))
        )
    ):
        return view.quote[j] >= 0 or after_comma or word[0] == "و"
    for form in () if view.lexicon.is_in("waw_word", word) else view.forms(j):
        if form.rest and tuple(view.w[j + 1 : j + 1 + len(form.rest)]) != form.rest:
            continue
        if form.trigger.frames == {"instructions"} and not _lightly(view, j):
            continue  # «وضبط سعر النقل»
        if form.pronoun == "ه" and _closed_t(view, j):
            continue  # «ودعوة المستفيدين»
        joined = view.joined(j, form)
        if form.klass in ("perfect", "imperfect") and (joined or after_comma) and not _noun_like(view, j):
            return True
        if form.klass == "participle" and (after_comma or word.endswith("ا")) and len(word) > 4:
            if not after_comma and view.w[j - 1].endswith("ا") and not _BEING.isdisjoint(view.w[max(0, j - 4) : j]):
                continue  # «يكون معللا ومبلغا لصاحبه»
            return True
        if "self_object" in form.trigger.frames and not (after_comma and "ان" in view.w[j + 2 : j + 9]):
            continue
        if form.klass == "forms" and (after_comma or joined) and _verbal(view, form, word):
            return True
    if _narrates(view, j, after_comma) or _goes_on(view, j):
        return True
    bare = word[1:] if word[0] == "و" and not view.is_in("adverbial_participle", j) else word  # not in «واصفا»
    if (
        word.endswith("ا")
        and len(bare) > 4
        and view.lexicon.is_in("adverbial_participle", bare)
        and not masdar(bare)
        and not _adverb(view, j)
        and view.w[j - 1] not in _BEING
    ):
        return True
    if (
        word.endswith("ه")
        and view.is_in("adverbial_participle", j)
        and view.w[j + 1 : j + 2] in (["ان"], ["انه"], ["انها"])
    ):
        return True
    if word.endswith("ه") and view.is_in("adverbial_participle", j) and _has_object(view, j):
        return True
    if after_comma:
        if word.lstrip("و").startswith("م") and word[-1] == "ا" and j + 1 < view.n and view.w[j + 1].startswith("ايا"):
            return True  # «ومخيّرا إياهم»
        # An adverbial participle of another act (مضيفا، معتبرا، مثمنا): م … ا after a comma.
        if view.lexicon.is_in("adverbial_participle", bare) and bare[-1] in "اهنت" and not _a_masdar(view, j):
            return True
        if word.startswith("فال") or (word.startswith("وال") and _predicate(view, j + 1)):
            return True
        # «، ويفعل»: a finite clause after an instruction that is a noun phrase.
        if word[0] == "و" and word[1:2] in ("ي", "ت", "س") and view.verb_at_word(word[1:]) and not _a_noun(word[1:]):
            return not verbal
    return False


def _a_masdar(view: View, j: int) -> bool:
    """True for «، ومتابعة المخالفين»: joined by و, the feminine of a participle that is a masdar of form III is the masdar."""
    found = view.masdar_at(j, 1) if view.w[j][0] == "و" and view.w[j][-1] == "ه" else None
    return found is not None and found.form == "III" and found.score >= 0.85


def _a_noun(word: str) -> bool:
    """True where the letters of a verb are those of a masdar that is more than a shape («تحذر» may be تحذُّر)."""
    found = masdar(word)
    return found is not None and (found.listed or found.score >= 0.3)


_CLOSES = frozenset(
    "ختم وختم ختمت وختمت اختتم واختتم اختتمت خاتما مختتما استهل واستهل استهلت افتتح وافتتح بدا وبدا".split()
)
"""Verbs by which a speech begins or ends with what the speaker urges."""


def _has_object(view: View, j: int) -> bool:
    """True for «… ملعب رادس مثمنة الجهود»: a feminine participle with its object, behind a word that it cannot describe."""
    follows = view.w[j + 1] if j + 1 < view.n else ""
    end = view.end(j - 1)
    return follows.startswith("ال") and (
        view.w[j - 1].startswith("ال") or any(m.span.end == end for m in view.mentions)
    )


def _closed_t(view: View, j: int) -> bool:
    """True for a noun in ة («وتذكرة»), whose letters may be those of a verb with its object."""
    return view.analysis.text(view.tokens[j].span).endswith("ة")


_BOUND = frozenset("مطالبون ملزمون مدعوون مجبرون مطالبان ملزمان".split())
"""Predicates of duty that make a clause of the nouns before them."""


def _governed(view: View, j: int) -> bool:
    """True where what would end a clause is the complement of the word before it: «من حيث»، «والاستفادة مما»."""
    before = view.w[j - 1]
    if view.w[j] == "حيث":
        return before == "من"
    if view.w[j] == "بناء":
        return before.removeprefix("ال") in _TO_BUILD
    if view.w[j] in ("لا", "ما"):
        return before.removeprefix("و") in RELATIVES or before in ("من", "ما")  # «مع من لا يزال منهم معترضا»
    return view.w[j] == "مما" and before.removeprefix("و").removeprefix("ال") in _TAKES_FROM


_TO_BUILD = frozenset("رخصه رخص ترخيص تراخيص مواد اشغال مشروع مشاريع عمليه".split())
"""Before «بناء على» they show the masdar: a permit to build on …"""
_TAKES_FROM = frozenset("استفاده للاستفاده تاكد تحقق تخلص تثبت".split())


_STATE = frozenset("يزال تزال يخفي تخفي يوجد توجد يبدو تبدو يعني تعني يمكن يمكنه يمكنها".split())


def _enumerates(view: View, j: int) -> bool:
    """True for «، وهي:» and «، وهي 118 ملفا، قبل …»: what is counted up belongs to the instruction."""
    follows = view.w[j + 1] if j + 1 < view.n else ""
    counted = follows[:1].isdigit() and not COMMAS.isdisjoint(view.w[j + 2 : j + 5])
    return view.w[j] in ("وهي", "وهم", "وهما", "وهو") and (follows == ":" or counted)


def _one_word(view: View, klass: str, word: str) -> bool:
    return (word,) in view.lexicon.phrases[klass].get(word, ())


def _passive(view: View, j: int) -> bool:
    """True for «، وأُحيل الملف»: a perfect that the text vowels as a passive."""
    raw = view.analysis.text(view.tokens[j].span)
    return raw[:1] == "و" and raw[2:3] == "\u064f" and not subjunctive(view.w[j][1:]) and not masdar(view.w[j][1:])


def _why(view: View, j: int) -> bool:
    """True for «لما يسببه الدخان», «لما قد ينجم»: a reason; not behind «وفقا», «استجابة», which govern it."""
    before, follows = view.w[j - 1], view.w[j + 1] if j + 1 < view.n else ""
    tied = before.removeprefix("ال") in _LED_BY
    return not tied and (follows in ("قد", "فيه", "فيها") or view.is_in("brings_about", j + 1))


_LED_BY = frozenset(
    "استجابه امتثال خضوع مراعاه استعداد تحضير ملاءمه مطابقه تبعا وفقا طبقا خلافا استنادا تطبيقا تنفيذا امتثالا مطابقا مخالفا تفاديا تجنبا منعا".split()
)


def _we(view: View, j: int) -> bool:
    """True for «، ولمسنا منهم تجاوبا», «، وسجلنا حالتين»: what the speakers did."""
    word, follows = view.w[j], view.w[j + 1] if j + 1 < view.n else ""
    stem = word[1:-2]
    if word[0] != "و" or not word.endswith("نا") or len(stem) < 3 or stem.startswith("ال"):
        return False
    if view.is_in("preposition_pronoun", j + 1):
        return True
    acc = follows.endswith(("ا", "ات", "ان", "ين")) or follows.startswith("ال")
    return acc and not known_noun(stem) and masdar(stem) is None


def _will(view: View, j: int) -> bool:
    """True for «، وسنعاقب من يخالف»: what will happen."""
    word = view.w[j]
    if word[:2] != "وس" or len(word) < 6 or word[2] not in "يتن" or not subjunctive(word[2:]):
        return False
    return not known_noun(word[1:]) and masdar(word[1:]) is None and masdar(word) is None


def _blames(view: View, j: int) -> bool:
    """True for «لتأخره عن التسليم», «لعدم احترامهم الآجال»: a fault for which the thing is to be done (GUIDELINES 35)."""
    word = view.w[j]
    at, cut = (j + 1, 0) if word == "لعدم" else (j, 1)
    found = view.masdar_at(at, cut) if word[0] == "ل" and at < view.n else None
    if found is None or found.pronoun not in ("ه", "ها", "هم", "هما"):
        return False
    return word == "لعدم" or view.lexicon.is_in("fault", found.stem)


def _acts(view: View, j: int) -> bool:
    """True for «، اجتمع الوزير»: the perfect of a form whose masdar we know (VII, VIII, X), and who acts."""
    start = view.start(j + 1) if j + 1 < view.n else -1
    word = view.w[j].removeprefix("و").removesuffix("ت")
    return bool(word) and _acted(word) and any(m.span.start == start for m in view.mentions)


def _acted(word: str) -> bool:
    """True for a perfect of the forms VII, VIII and X whose masdar we know («التفت»: التفات)."""
    if word[0] != "ا" or len(word) < 5 or masdar(word):
        return False
    noun = masdar(f"{word[:-1]}ا{word[-1]}")
    return noun is not None and noun.listed


def _charges(view: View, j: int) -> bool:
    """True for «وتكليف المدير بـ …»: it has an addressee and a task of its own (GUIDELINES 25)."""
    start = view.start(j + 1) if j + 1 < view.n else -1
    many = j + 1 < view.n and view.w[j + 1].startswith("ال") and view.w[j + 1].endswith(("ات", "ين"))
    many = many or view.is_in("people", j + 1)
    if not many and not any(m.span.start == start for m in view.mentions):
        return False
    return any(view.w[k][0] == "ب" and masdar_head(view, k, 1) for k in range(j + 2, min(view.n, j + 12)))


def _quotes(view: View, j: int) -> bool:
    """True for «…، "ما دام العتاد موجودا"»: behind a comma a quotation of some length is a remark."""
    return view.opens(j) and view.quote[j] < 0 and view.close[j] - j > 4


def _finite(view: View, j: int) -> bool:
    """True for «تسليم السكنات ويقيل المدير»: what is to be done is a noun, and no verb before this one has a subject of its own."""
    word = view.w[j][1:]
    if not subjunctive(word) or masdar(word):
        return False
    for k in range(j - 1, max(-1, j - 30), -1):
        if view.is_mark(k):
            break
        other = view.w[k]
        if other in RELATIVES or other in _LINKS or other[0] in "يت" and subjunctive(other) and not masdar(other):
            return False
    return True


_LINKS = frozenset("ما مما بما من ان لا لم حتي كما وما".split())


_BEING = frozenset("يكون تكون يكونوا تكونوا يبقي تبقي يظل تظل يصبح تصبح يعتبر تعتبر".split())
"""Before a participle they say what somebody is to be («يكون مخاطبا للمندوبية»)."""


def _adverb(view: View, j: int) -> bool:
    """True for «مجددا» that governs nothing: again."""
    return view.is_in("adverb", j) and (
        j + 1 >= view.n or view.is_mark(j + 1) or view.is_in("preposition", j + 1) or view.w[j + 1][0] in "بل"
    )


def _gives_reason(word: str, after_comma: bool) -> bool:
    """True for «اتصلوا بالرقم … فهو مجاني», «تريثوا …، فقوائمها تصدر غدا»: why, behind a verb of what is to be done."""
    if word in _FOR:
        return True
    if not after_comma or len(word) < 5 or word[0] != "ف":
        return False
    return (
        word.endswith(("ها", "هم", "نا", "كم"))
        or known_noun(word[1:])
        and not known_noun(word)
        and masdar(word) is None
    )


_FOR = frozenset("فهو فهي فهم فانه فانها فانهم فنحن".split())


def _lightly(view: View, j: int) -> bool:
    """True where a light noun follows, which a light verb needs («وأصدر تعليمات»)."""
    return any(view.is_in("light_noun", k) for k in range(j + 1, min(view.n, j + 9)))


def _and_that(view: View, j: int) -> bool:
    """True for «وأن يفعل», «وألا يفعل»; «وإن», «وإلا» fold onto the same letters."""
    return (
        view.w[j] in ("وان", "والا", "وبان", "وبالا")
        and "إ" not in view.analysis.text(view.tokens[j].span)
        and j + 1 < view.n
        and (view.w[j + 1] == "لا" or view.verb_at(j + 1))
    )


def _named(view: View, j: int) -> bool:
    """True where token ``j`` belongs to a mention."""
    return any(m.span.start <= view.start(j) < m.span.end for m in view.mentions)


_SOURCE = 5
"""Words among which the comma stands that ends what tells the source."""


def _attributes(view: View, j: int) -> bool:
    """True where the words from ``j`` say whose words these were, and nothing of the instruction follows behind a comma."""
    k = view.starts_phrase("attribution", j)
    if not k and view.w[j] in ("حسب", "بحسب", "وفق", "وفقا") and view.w[j - 1] in COMMAS and j + 1 < view.n:
        named = view.start(j + 1)
        k = 2 if view.is_in("document", j + 1) or any(m.span.start == named for m in view.mentions) else 0
    if not k:
        return False
    m, stop = j + k, j + k + _SOURCE
    while m < min(view.n, stop):
        follows = view.skip_marks(m)
        if follows > m:
            if follows >= view.n or not _named(view, follows):
                return follows >= view.n - 1 or view.w[follows] in RELATIVES or _ends_clause(view, follows, True)
            stop = follows + _SOURCE  # «، وفق ما أعلنه الوزير، عزيز بن عمر»
        m = follows + 1
    return True


def _tells_when(view: View, j: int) -> bool:
    """True for «وذلك خلال اجتماع …», «وذلك إثر …», «وذلك بعد حدوث …»: when the act was performed or why, no part of what is to be done."""
    if view.w[j] != "وذلك" or j + 2 >= view.n:
        return False
    follows = view.w[j + 1]
    if follows == "بعد":
        return view.is_in("happening", j + 2) or view.w[j + 2] in ("ان", "ما") and not view.verb_at(j + 3)
    return (
        follows == "لدي"
        or view.starts_phrase("causes", j + 1) > 0
        or (follows in ("خلال", "اثناء", "في", "علي", "ضمن") and view.is_in("event", j + 2))
    )


_CONTINUING = frozenset("متواصله متواصل جاريه جار مستمره مستمر قايمه".split())


def _goes_on(view: View, j: int) -> bool:
    """True for «والأبحاث متواصلة» and «بعد أن اعترفا»: what else happens, or has happened."""
    follows = view.w[j + 1 : j + 3]
    if view.w[j].startswith("وال"):
        return bool(follows) and follows[0] in _CONTINUING
    return view.w[j] == "بعد" and len(follows) == 2 and follows[0] == "ان" and follows[1][0] not in "يتن"


def _narrates(view: View, j: int, after_comma: bool) -> bool:
    """True where token ``j`` is a verb of the report that opens a clause of its own."""
    word = view.w[j]
    if after_comma and word[0] == "و" and (_told_them(view, word[1:]) or _ends_in_alef(view, j)):
        return True  # «، وحذرهم من»، «، ونفى ما»
    if view.lexicon.is_in("waw_word", word) and not (after_comma and _office_behind(view, j)):
        return False
    lead = 1 if word[0] in "وف" and view.lexicon.is_in("narrative", word[1:]) else 0
    if not lead and not (after_comma and view.lexicon.is_in("narrative", word)):
        return False
    bare = word[lead:]
    found = masdar(bare)
    if found and found.score >= 0.4 and not (after_comma and _office_behind(view, j)):
        return False
    if _closed_t(view, j):
        return False  # «نسب فائدة مرتفعة»
    return j + 1 < view.n and (bare not in ("بين", "كان") or after_comma)


def _told_them(view: View, word: str) -> bool:
    """True for a verb of saying with a pronoun («حذرهم»)."""
    bare = next((word.removesuffix(end) for end in ("هم", "هما", "كم") if word.endswith(end)), "")
    return view.lexicon.is_in("says", bare) and word[0] not in "يتن"


_FINAL_YA = re.compile(r"ي\b")


def _ends_in_alef(view: View, j: int) -> bool:
    """True for «ونفى», which would be «ونفي» were it the masdar; not in a text that writes every ي so."""
    raw = view.analysis.text(view.tokens[j].span)
    return (
        raw.endswith("ى")
        and view.lexicon.is_in("narrative", view.w[j][1:])
        and bool(_FINAL_YA.search(view.analysis.document.raw))
    )


def _office_behind(view: View, j: int) -> bool:
    """True for «، ورد المدير بأن»: who acts stands right behind the verb."""
    start = view.start(j + 1) if j + 1 < view.n else -1
    return any(m.span.start == start and m.kind in (Kind.PERSON, Kind.OFFICE) for m in view.mentions)


def _verbal(view: View, form: Form, word: str) -> bool:
    """True for a listed form that is a verb: not the name of an instruction, not a noun of necessity, not «وتوجيهها إلى المخبر»."""
    bare = word[word[0] in "وف" :]
    noun = masdar(bare)
    return not (
        noun is not None
        and noun.pronoun in ("ها", "هم")
        and noun.form != "I"  # «وحثهم على»
        and noun.score >= 0.5
        and not view.lexicon.is_in("own_speech", bare)
        or form.trigger.is_noun
        or view.lexicon.is_in("necessity", word)
        or view.lexicon.is_in("necessity", word[1:])
    )


def _reports(view: View, j: int) -> bool:
    """True where token ``j`` is a verb of the report: a trigger, a verb of saying, a narrative verb."""
    return j < view.n and (
        view.lexicon.is_in("narrative", view.w[j])
        or any(f.klass in ("perfect", "imperfect", "forms") and not f.trigger.is_noun for f in view.forms(j))
    )


def _predicate(view: View, j: int) -> bool:
    """True where token ``j`` makes a clause of the noun before it («والوزارة لن تبخل»، «والعملية كشفت»)."""
    if j >= view.n:
        return False
    word = view.w[j]
    return (
        word in ("لن", "لم", "قد", "سوف", "لا", "هي", "هو", "هم")
        or (view.lexicon.is_in("narrative", word) or word.endswith("ت") and view.lexicon.is_in("says", word))
        and not masdar(word)
        or word[0] == "س"
        and view.verb_at_word(word)
    )


def _noun_like(view: View, j: int) -> bool:
    """True where a word that could be a verb reads as a masdar in coordination («وطلب الوثائق»)."""
    found = view.masdar_at(j, conjunction(view, j))
    if not found or found.score < 0.5 or j + 1 >= view.n:
        return False
    if view.w[j] == "ومنع" and view.w[j + 1] != "منعا":
        start = view.start(j + 1)
        return not any(m.span.start == start and m.kind is not Kind.GROUP for m in view.mentions)
    return view.w[j + 1].startswith("ال") and view.w[j] in ("وطلب", "وامر")


def _coordinated(view: View, piece: Piece, j: int, frames: frozenset[str], after_comma: bool) -> Piece | None:
    """The instruction that a conjunction at token ``j`` opens, or None where the word belongs to the one before it."""
    head, word = piece.head, view.w[j]
    linked = view.starts_phrase("coordinator", j)
    if linked and j + linked < view.n:
        return _linked(view, piece, j, linked, frames, after_comma)
    whole = masdar(word) if word[0] == "و" else None
    if (whole is not None and whole.listed) or (
        view.lexicon.is_in("waw_word", word) and not _preposition(view, j) and not _and_that(view, j)
    ):
        return None
    if word[0] not in "وف" and word not in ("ثم", "او"):
        return None
    again = _again(view, head, j, frames, after_comma)
    if again is not None:
        return again
    # Where the coordinated word stands: behind a free «و», «ثم» or «أو», or behind the و written onto it.
    at, cut = (j + 1, 0) if word in ("و", "ثم", "او") else (j, 1)
    if cut == 0 and view.opens(at):
        at += 1
    if at >= view.n:
        return None
    if word == "و" and view.w[at] == "ان" and view.verb_at(at + 1) and head is not None and head.kind is HeadKind.VERB:
        return Piece(at + 1, 0, Head(at + 1, 0, view.w[at + 1], HeadKind.VERB))  # «أن تبرمج …، و أن تحرر»
    if any(frame.endswith("need") for frame in frames) and view.is_in("necessity", at, cut):
        needed = need_head(view, at + 1)
        return Piece(needed.j, needed.offset, needed) if needed else None
    if word in ("وان", "وبان", "والا") and _and_that(view, j) and head is not None and not _holds_that(view, head, j):
        that = Head(j, 1, "الا", HeadKind.VERB) if word == "والا" else Head(j + 1, 0, view.w[j + 1], HeadKind.VERB)
        return Piece(that.j, that.offset, that)  # «على ضرورة الفصل بين …، وألا يستند …»
    if head is None or head.kind is HeadKind.IMPERATIVE or view.w[j - 1] == "الا":
        return None
    if head.kind is HeadKind.VERB:
        done = _what_is_done(view, head)
        if done is None or view.verb_at_word(view.w[at][cut:]):
            return _coordinated_verb(view, head, at, cut)
        head = done
    new = masdar_head(view, at, cut, 0.35)
    if new is None and not frames and after_comma and cut and word[1:2] == "ب" and len(word) > 5:
        new = masdar_head(view, at, 2, 0.6)  # items of «أمر بما يلي:»
    joined = view.masdar_at(new.j, new.offset) if new is not None and word == "او" and not after_comma else None
    if (
        new is None
        or word == "او"
        and not after_comma
        and (joined is None or not joined.pronoun and not _own_object(view, head, new))
        or not opens_new(view, head, new, j, after_comma)
    ):
        return None
    return Piece(new.j, new.offset, new)


def _own_object(view: View, head: Head, new: Head) -> bool:
    """True for «اقتناء أجهزة أو تعويض القديمة منها»: behind أو a masdar that is surely one, with an object of its own."""
    if new.definite or view.lexicon.is_in("avoid_head", head.word):
        return False  # «عدم كسر المرجان أو لمس الأسماك»
    return _score(view, new) >= 0.85 and view.w[new.j + 1 : new.j + 2] != [] and view.w[new.j + 1].startswith("ال")


def _holds_that(view: View, head: Head, j: int) -> bool:
    """True where a clause with أن stands between a head and token ``j``, so that another goes on from it."""
    return any(view.w[k].lstrip("بل") in ("ان", "الا") for k in range(head.j + 1, j))


def _preposition(view: View, j: int) -> bool:
    """True where «والى» is «و» and «إلى», not the governor."""
    return view.w[j] == "والي" and ("إ" in (raw := view.analysis.text(view.tokens[j].span)) or raw.endswith("ى"))


def _linked(view: View, last: Piece, j: int, length: int, frames: frozenset[str], after_comma: bool) -> Piece | None:
    """What stands behind «مع», «فضلا عن», «إضافة إلى» and their like."""
    at = view.skip_marks(j + length)
    if at >= view.n:
        return None
    if view.w[j] == "مع" and not after_comma and (view.is_in("season_head", at) or view.is_in("with_time", j - 1)):
        return None  # «مع انطلاق الموسم»، «خاصة مع»
    if view.w[j] == "مع" and last.head is not None and last.head.kind is HeadKind.IMPERATIVE:
        return None  # «أعيدوها إلى أصحابها مع تبرير»
    if view.w[j] == "مع" and not after_comma and _takes_with(view, j, last):
        return None
    again = intro_at(view, at, frames, floor=0.45) if view.w[at] in ("علي", "الي") else None
    if again is not None and again.head.kind is not HeadKind.NOUN:
        return Piece(again.head.j, again.head.offset, again.head)  # «وكذا على تمكين …»
    new = masdar_head(view, at, 0, 0.45)
    if new is None and view.w[at][0] in "بل":
        new = masdar_head(view, at, 1, 0.5)
    needed = view.starts_phrase("necessity_phrase", at)
    if new is None and needed:
        new = need_head(view, at + needed)
    return Piece(new.j, new.offset, new) if new else None


def _takes_with(view: View, j: int, last: Piece) -> bool:
    """True where «مع» at token ``j`` is the complement of the head or of the word before it."""
    return view.is_in("takes_with", j - 1) or last.head is not None and view.lexicon.is_in("takes_with", last.head.word)


def _again(view: View, head: Head | None, j: int, frames: frozenset[str], after_comma: bool) -> Piece | None:
    """The same introducer again: «وبـ …»، «وعلى …»، «وأن …»; not where the head's own complement goes on with that preposition."""
    whole = masdar(view.w[j][1:]) if len(view.w[j]) > 3 else None
    if whole is not None and whole.listed and whole.score >= 0.6 and not whole.pronoun:
        return None  # «وبحث»: no «بـ»
    again = intro_at(view, j, frames, after_conj=True, floor=0.45)
    if again is None or again.frame == "object" or again.head.kind is HeadKind.NOUN:
        return None
    if head is not None:
        if not after_comma and j - head.j > 18 and not again.frame.endswith("need"):
            return None
        preposition = {"ila": "الي", "ala": "علي", "bi": "ب"}.get(again.frame)
        clause = again.head.kind is HeadKind.VERB and after_comma  # «على أن … ، وعلى أن …»
        if preposition and not clause and _takes(view, head, preposition) and not (preposition == "ب" and after_comma):
            surely = _score(view, again.head) >= 0.85 and not _takes_act(view, head, preposition)
            if not (surely and (after_comma or preposition == "ب")):
                return None
    return Piece(again.head.j, again.head.offset, again.head)


def _score(view: View, head: Head) -> float:
    """How surely the word of a head is a masdar."""
    found = view.masdar_at(head.j, head.offset)
    return found.score if found is not None and head.kind is HeadKind.MASDAR else 0.0


def _takes_act(view: View, head: Head, preposition: str) -> bool:
    """True where the head's complement behind ``preposition`` is an act itself («الحرص على رفع …»), beside which another may stand."""
    if preposition == "ب":
        return masdar_head(view, head.j + 1, 1, 0.3) is not None
    return any(
        view.w[k] == preposition and masdar_head(view, k + 1, 0, 0.3) is not None
        for k in range(head.j + 1, min(view.n - 1, head.j + 4))
    )


def _takes(view: View, head: Head, preposition: str) -> bool:
    """True where the head's own complement begins with ``preposition``, so that a second one continues it."""
    stop = min(view.n, head.j + 4)
    if preposition == "ب":
        follows = view.w[head.j + 1] if head.j + 1 < view.n else ""
        return follows[:1] == "ب" and len(follows) > 2 and not known_noun(follows)
    return preposition in view.w[head.j + 1 : stop]


def _coordinated_verb(view: View, head: Head, at: int, cut: int) -> Piece | None:
    """«أن يفعل … ويفعل»: a second verb of the same person."""
    word = view.w[at][cut:]
    first = head.word if head.word not in ("لا", "الا", "لن") else view.w[head.j + 1]
    if word in ("لا", "الا") and view.verb_at(at + 1):
        return Piece(at, cut, Head(at, cut, word, HeadKind.VERB))
    if at + 1 < view.n and view.w[at + 1] in ("ذلك", "هذا", "هذه"):
        return None  # «ويتطلب ذلك نموا»: what it takes
    noun = masdar(word)
    if (
        len(word) > 3
        and word[0] == first[0]
        and word[0] in "يتن"
        and subjunctive(word)
        and not (noun and noun.score >= 0.5 and not (word[0] == "ت" and noun.form in ("V", "VI")))
    ):
        return Piece(at, cut, Head(at, cut, word, HeadKind.VERB))
    return None


def _what_is_done(view: View, head: Head) -> Head | None:
    """The masdar that «يتم» stands before («أن يتم خلاله تكثيف …»): what is joined to it is a thing to do as well."""
    if head.word not in _DONE:
        return None
    return next((found for j in range(head.j + 1, min(view.n, head.j + 4)) if (found := masdar_head(view, j))), None)


_DONE = frozenset("يتم تتم يجري تجري".split())


def opens_new(view: View, head: Head, new: Head, j: int, after_comma: bool) -> bool:
    """True where the coordinated masdar ``new`` is a thing to do of its own, beside ``head``; ``j`` is the token of the conjunction."""
    if not after_comma and (_shares_object(view, head, j, new) or new.definite and _in_name(view, j)):
        return False
    if view.lexicon.is_in("avoid_head", new.word):
        return True
    other = view.masdar_at(new.j, new.offset)
    if other is None:
        return True
    if other.pronoun == "ي" and other.score >= 0.5:
        return True  # «… ما يستحقه من عناية وإخباري بـ»
    follows = view.w[new.j + 1] if new.j + 1 < view.n else "."
    takes = follows in _PREPOSITIONS or (follows[0] in "بل" and len(follows) > 3)
    if other.score < (0.45 if after_comma or takes or other.pronoun else 0.5):
        return False
    before = [head.word, *view.w[head.j + 1 : j]]
    while before and before[-1] in COMMAS | SEMICOLONS:
        before.pop()
    if after_comma and other.pronoun and _tells_on(view, head, new, j):
        return False  # «… التي تقرب الخدمة من السكان، وتجنبهم التنقل»
    if not after_comma and not other.pronoun and not _OF_WHAT.isdisjoint(before[-12:]):
        return False  # «بما يمكن من ترسيخ السلم والوقاية من …»، «كل ما من شأنه نشر العنف والمساس بـ»
    if not after_comma and _one_of_two(before):
        return False  # «الفصل بين مهمتي الصرف والمراجعة»
    if not after_comma and head.word == "عدم" and before[1:2] == ["السماح"] and new.definite:
        return False  # «عدم السماح للمتطرفين بالتصعيد والسيطرة على …»
    after = [w for w in view.w[new.j + 1 : new.j + 5] if w not in OPEN_QUOTES][:3]
    return junction(before, other, after, comma=after_comma).new >= SPLIT


def _tells_on(view: View, head: Head, new: Head, j: int) -> bool:
    """True where a relative clause stands before token ``j`` whose verb the word behind it may be another of, by its first letter."""
    relative = next((k for k in range(j - 1, head.j, -1) if view.w[k] in RELATIVES), None)
    if relative is None or not view.w[new.j][new.offset :].startswith("ت"):
        return False
    return any(view.w[k].startswith("ت") and view.verb_at(k) for k in (relative + 1, relative + 2))


def _one_of_two(before: list[str]) -> bool:
    """True where «بين» stands among the words, and only the first of what it is between."""
    near = before[-5:]
    between = near[near.index("بين") + 1 :] if "بين" in near else []
    pair = any(w[0] == "و" and len(w) > 3 for w in between) or between[:1] and between[0].endswith(("ين", "هما", "هم"))
    return bool(between) and not pair


def _in_name(view: View, j: int) -> bool:
    """True where the conjunction at ``j`` stands inside the name of a body («عمادة القبول والتسجيل»)."""
    start = view.start(j)
    return any(m.span.start < start < m.span.end and m.kind is Kind.ORGANISATION for m in view.mentions)


def _shares_object(view: View, head: Head, j: int, new: Head) -> bool:
    """True where the conjunction at ``j`` joins ``new`` to a masdar right before it that has no object yet: «بغلق وإيقاف نشاط …», «بمتابعة ورصد …»."""
    other = view.masdar_at(new.j, new.offset)
    if new.definite or new.word == "عدم" or other is not None and other.pronoun:
        return False
    k = j - 1
    if k == head.j:
        first = view.masdar_at(k, head.offset)
    elif view.w[k][0] == "ب" and len(view.w[k]) > 3:
        first = view.masdar_at(k, 1)
    elif k - 1 == head.j or view.w[k - 1] in _PREPOSITIONS:
        first = view.masdar_at(k)
    else:
        return False
    return first is not None and first.score >= 0.6 and not first.definite and not first.pronoun


_OF_WHAT = frozenset("بما شانه شانها".split())

SPLIT = 0.4
"""Probability from which a coordinated masdar opens an instruction: two parted wrongly cost less than two joined wrongly, of which none is found."""


_PREPOSITIONS = frozenset({"علي", "الي", "في", "من", "عن", "مع"})


def read_region(
    view: View, head: Head, frames: frozenset[str], frame: str, told: frozenset[str] = frozenset()
) -> Region:
    """All instructions and purposes from ``head`` to the end of its clause. ``told``: where the trigger's addressees stand, as the lexicon says."""
    end = view.n
    opened = view.quote[head.j]
    if opened >= 0:
        end = min(end, view.close.get(opened, end))
    if head.kind is HeadKind.VERB:
        frames = frames | {"an"}
    region = Region(end=end)
    current = Piece(head.j, head.offset, head, frame=frame)
    # The verb of «لا تغلقوا» opens no command of its own.
    current.last = head.j + (head.kind is HeadKind.IMPERATIVE and head.word in NEGATIONS)
    region.instructions.append(current)
    purpose: Piece | None = None
    listing = False
    j = head.j + 1
    j = current.last + 1
    while j < end:
        word = view.w[j]
        inner = view.close.get(j)
        if inner is not None and view.quote[j] < 0:
            current.last = min(inner, end - 1)
            j = inner + 1
            continue
        if word in "([":
            close = next((k for k in range(j + 1, min(end, j + 40)) if view.w[k] in ")]"), j)
            current.last = close
            j = close + 1
            continue
        after_comma = word in COMMAS or word in SEMICOLONS or word == "-"
        at = j
        if after_comma:
            at = view.skip_marks(j, COMMAS | SEMICOLONS | frozenset("-"))
            if at >= end:
                break
        elif word == "." and j + 1 < end and len(view.w[j - 1]) == 1 and view.w[j - 1].isalpha():
            current.last = j  # «ه.د.»
            j += 1
            continue
        elif word == "." and j + 1 < end and view.start(j + 1) == view.end(j) and view.start(j) == view.end(j - 1):
            current.last = j + 1  # «startup.dz»
            j += 2
            continue
        elif view.is_mark(j) and word in ":.…!؟?":
            if word == ":" and view.w[j - 1] in _THESE_ARE:
                listing = True
                j += 1
                continue
            if word == ":" and j + 1 < end and not after_comma and view.w[j + 1] not in ("-",):
                break
            if word != ":":
                break
        gapped = (
            _gapped(view, at, end, frames, frame, told)
            if after_comma or word in _GAPS or word[0] == "و" and _body(view, at)
            else None
        )
        gapped = (
            gapped
            or _for_the_sake(view, at, frame, region.instructions[-1])
            or _rather(view, at, region.instructions[-1])
            or _nor(view, at, region.instructions[-1])
            or _item(view, at + (word == "/"), word, region.instructions[-1])
        )
        if gapped is not None:
            region.instructions.append(gapped)
            current, purpose = gapped, None
            j = gapped.first + 1
            continue
        goes_on = view.w[at] in ("وذلك", "وهذا") and (
            purpose_at(view, at, after_comma) or view.is_in("limits", at + 1) and not view.is_in("causes", at + 1)
        )
        if (
            after_comma
            and view.w[at] in _GOVERNING
            and frames.isdisjoint(_GOVERNING[view.w[at]])
            and head.kind is HeadKind.MASDAR
            and not _takes(view, head, view.w[at][1:])
        ):
            region.end = j
            break
        limit = _limit_beside(view, at, end) if after_comma else None
        if limit is not None:
            region.limit = (at + 1, limit)
            j = limit + 1
            continue
        behind = _past_reason(view, at, end, region.instructions[-1], frames)
        if behind is not None and behind < end:
            j = behind
            continue
        if (
            _tells_when(view, at)
            or behind is not None
            or frame == "qadiya"
            and _is_told_of(view, head, at)
            or not goes_on
            and _ends_clause(view, at, after_comma, head.kind is not HeadKind.MASDAR)
        ):
            again = _resumed(view, at, end, frame, frames) if after_comma else None
            if again is not None:
                j = again
                continue
            region.end = j
            break
        found_purpose = purpose_at(view, at, after_comma)
        if found_purpose and found_purpose.first < end:
            purpose = found_purpose
            purpose.last = purpose.first
            region.purposes.append(purpose)
            current = purpose
            j = purpose.first + 1
            continue
        anchor = region.instructions[-1]
        new = None if listing else _coordinated(view, anchor, at, frames, after_comma)
        if (
            new
            and new.first < end
            and (purpose is None or current is not purpose or _leaves_purpose(view, at, after_comma, word))
        ):
            new.last = new.first
            new.frame = frame
            new.to = anchor.to
            region.instructions.append(new)
            current = new
            j = new.first + 1
            continue
        if word in SEMICOLONS or after_comma and head.kind is HeadKind.IMPERATIVE and _new_sentence(view, at):
            region.end = j
            break
        if after_comma and current is purpose and not view.w[at].startswith("و"):
            region.end = j
            break
        current.last = at if not view.is_mark(at) else max(current.last, at - 1)
        j = at + 1
    else:
        region.end = end
    return region


def _resumed(view: View, at: int, end: int, frame: str, frames: frozenset[str]) -> int | None:
    """The comma behind an aside from token ``at`` on, where the same introducer follows («…، معتبرا أن …، وإلى توفير …»); None where none does."""
    mark = {"ila": "الي", "ala": "علي"}.get(frame.removesuffix("_need"))
    if mark is None or view.w[at][0] == "و":
        return None
    comma = next((k for k in range(at + 1, min(end - 1, at + 25)) if view.w[k] in COMMAS), -1)
    if comma < 0 or view.w[comma + 1] != "و" + mark or mark in view.w[at:comma]:
        return None
    again = intro_at(view, comma + 1, frames, after_conj=True, floor=0.6)
    act = any(f.verbal and "an_duty" not in f.trigger.frames for k in range(at, comma) for f in view.forms(k))
    return comma if again is not None and again.head.kind is not HeadKind.NOUN and not act else None


def _past_reason(view: View, at: int, end: int, last: Piece, frames: frozenset[str]) -> int | None:
    """The comma behind a reason that starts at token ``at``, where another instruction follows it, else ``end``; None where none starts."""
    left = last.head is None or view.lexicon.is_in("avoid_head", last.head.word) or last.head.word in NEGATIONS
    if not (view.w[at] == "نظرا" or view.w[at] == "لما" and _why(view, at) or not left and _blames(view, at)):
        return None
    comma = next((k for k in range(at + 1, end - 1) if view.w[k] in COMMAS), end)
    return comma if comma < end and _coordinated(view, last, comma + 1, frames, True) else end


def _limit_beside(view: View, at: int, end: int) -> int | None:
    """Last token of the time limit of «، وذلك في ظرف شهر», where the clause ends with it (GUIDELINES 14)."""
    if view.w[at] not in ("وذلك", "وهذا") or at + 2 >= end:
        return None
    last = limit_at(view, at + 1, end - 1)
    return last if last is not None and (last + 1 >= end or view.is_mark(last + 1)) else None


_GOVERNING = {"وعلي": {"ala", "ala_need"}, "والي": {"ila", "ila_need", "instructions"}}
"""Behind a comma they go on from a verb before the trigger, unless the trigger itself or the head takes the preposition."""


def _is_told_of(view: View, head: Head, at: int) -> bool:
    """True for «تعليماته القاضية بجرد المباني لم تنفذ»: what is told of the instruction, in no relative clause."""
    return (
        _predicate(view, at)
        and (view.w[at] != "لا" or view.verb_at(at + 1))
        and not view.is_mark(at - 1)
        and not any(view.w[k].lstrip("و") in RELATIVES or view.w[k] in _LINKS for k in range(head.j, at))
        and view.w[at - 1].startswith(("ال", "لل", "بال"))
    )


def _new_sentence(view: View, at: int) -> bool:
    """True for «لا تتركوا الفضلات في الشارع، شاحنتنا لا تعود»: behind a comma a noun with a verb opens a sentence."""
    return not view.is_in("preposition", at) and _predicate(view, at + 1)


_THESE_ARE = frozenset("هي هم هما وهي وهم وهما".split())
"""Before a colon they count up what the instruction speaks of («تشكيل لجنة من أربع جهات، هي: …»)."""


def _gapped(view: View, at: int, end: int, frames: frozenset[str], frame: str, told: frozenset[str]) -> Piece | None:
    """«كلف X بـ …، وY بـ …», «طلب من X …، ومن Y أن …»: another addressee with an instruction of its own, under the same trigger, which tells by ``told``."""
    way, first, cut = _joined(view, at)
    if (
        way not in told
        and view.w[at] not in _ANOTHER
        or first >= end
        or view.is_mark(first)
        or view.w[first] in _TELLING
    ):
        return None
    mention = next((m for m in view.mentions if m.span.start == view.start(first, cut)), None)
    word = view.w[first][cut:]
    sure = way in told and way in _TOLD_BY and frames.isdisjoint(_TOLD_BY[way]) and word not in _NOBODY
    many = word.startswith("ال") and word.endswith(("ين", "ات")) or way != "object" and word in _OTHERS
    people = view.is_in("people", first, cut)
    if mention is None and not many and not people and not sure:
        return None
    if (
        not people
        and not sure
        and masdar_head(view, first, cut, 0.5)
        and (mention is None or mention.kind is Kind.GROUP)
    ):
        return None
    family = _FAMILY.get(frame.removesuffix("_need"), frozenset()) | (frames & _GAP_FRAMES)
    for k in range(first + 1, min(end, first + 12)):
        if view.w[k] in COMMAS and way != "object":
            k = next((c + 1 for c in range(k + 1, min(end, k + 10)) if view.w[c] in COMMAS), end)
            head = _gap_head(view, at, k, frame, frames, family) if k < end else None
            return Piece(head.j, head.offset, head, head.j, frame, (first, cut, k)) if head else None
        if view.w[k] in COMMAS or view.w[k] in SEMICOLONS or view.w[k][0] == "و" and intro_at(view, k, family, True):
            return None
        head = _gap_head(view, at, k, frame, frames, family)
        if head is not None:
            return Piece(head.j, head.offset, head, head.j, frame, (first, cut, k))
    return None


def _joined(view: View, at: int) -> tuple[str, int, int]:
    """How another addressee is joined at token ``at`` (as the lexicon calls it), its token and the letters before it."""
    word, follows = view.w[at], view.w[at + 1] if at + 1 < view.n else ""
    if word in _ANOTHER:  # «أمرا إلى المصرف بـ …، وآخر إلى الشركة بـ …»
        return _TELLING.get(follows, ""), at + 2, 0
    if word == "و":
        return (_TELLING[follows], at + 2, 0) if follows in _TELLING else ("object", at + 1, 0)
    if word in ("ومن", "وعلي") or _preposition(view, at):
        return _TELLING[word[1:]], at + 1, 0
    if word[0] != "و" or len(word) < 4:
        return "", at, 0
    if word[1] in _ATTACHED and len(word) > 4 and not any(m.span.start == view.start(at, 1) for m in view.mentions):
        return _ATTACHED[word[1]], at, 2
    return "object", at, 1


_TOLD_BY = {way: frozenset({way, f"{way}_need"}) for way in ("min", "ila", "ala")}
"""Prepositions of those who are told, where the trigger's own frames begin with none of them."""
_NOBODY = frozenset(
    "ثم خلال اجل جهه جهته جهتها جانب جانبه جانبها بين هنا ذلك هذا هذه شان شانه شانها حيث دون قبل بعد ضمن غير حق ناحيه ناحيته المنتظر المقرر المرتقب المعلوم"
    " الموكد الممكن المتوقع المحتمل الضروري الواجب المهم المفروض الجدير المزمع المفيد الافضل الطبيعي الصعب اللافت الملاحظ المفترض المنتظر حد حين غايه جانب اثر ضوء اساس".split()
)
"""Behind «ومن», «وإلى» or «وعلى» they name nobody."""
_ANOTHER = frozenset({"واخر", "واخري"})
_TELLING = {"من": "min", "علي": "ala", "الي": "ila"}
_ATTACHED = {"ل": "li", "ب": "bi"}
_GAP_FRAMES = frozenset("bi bi_need an ala_need ila_need min_ajl".split())
_OBJECT_FRAMES = frozenset("object min_object ala_object".split())


def _gap_head(view: View, at: int, k: int, frame: str, frames: frozenset[str], family: frozenset[str]) -> Head | None:
    """The head of what token ``k`` introduces to another addressee."""
    link = view.starts_phrase("instruction_link", k) if frame == "instructions" else 0
    if link and (head := masdar_head(view, k + link, 0, 0.5)):
        return head  # «تعليمات لـX قصد …، ولـY بغية …»
    intro = intro_at(view, k, family, floor=0.35)
    if intro is not None and intro.head.kind is not HeadKind.NOUN and not view.is_in("takes_bi", k - 1):
        return intro.head
    return object_head(view, at, k) if frame == "object" or frame == "an" and frames & _OBJECT_FRAMES else None


_GAPS = frozenset("و والي وعلي ومن واخر واخري".split())


def _body(view: View, at: int) -> bool:
    """True where a body or an office opens behind the و of token ``at``."""
    start = view.start(at, 1) if len(view.w[at]) > 3 else -1
    return any(m.span.start == start and m.kind in (Kind.ORGANISATION, Kind.OFFICE) for m in view.mentions)


_OTHERS = frozenset("غيره غيرها غيرهم غيرهن باقي بقيه ساير".split())


def _rather(view: View, at: int, last: Piece) -> Piece | None:
    """«عدم …، بل …», «ألا يفعل …، بل يفعل»: what to do instead of what is to be left."""
    if view.w[at] != "بل" or last.head is None or at + 1 >= view.n:
        return None
    if last.head.word not in ("لا", "الا", "لن") and not view.lexicon.is_in("avoid_head", last.head.word):
        return None
    k = at + 2 if view.w[at + 1] in ("ان", "الي", "علي") else at + 1
    if k >= view.n:
        return None
    head = masdar_head(view, k, 0, 0.5) or masdar_head(view, k, 1, 0.6)
    if head is None and last.head.kind is HeadKind.VERB and view.verb_at(k):
        head = Head(k, 0, view.w[k], HeadKind.VERB)
    return Piece(head.j, head.offset, head, head.j, last.frame, last.to) if head else None


def _nor(view: View, at: int, last: Piece) -> Piece | None:
    """«لا يجوز ربط …، ولا عرض …»: another act that is banned."""
    if view.w[at] != "ولا" or last.head is None or last.head.kind is not HeadKind.MASDAR or view.verb_at(at + 1):
        return None
    head = masdar_head(view, at + 1, 0, 0.6)
    if head is None or view.lexicon.is_in("avoid_head", last.head.word) or head.definite and not last.head.definite:
        return None
    return Piece(head.j, head.offset, head, head.j, last.frame, last.to)


def _for_the_sake(view: View, at: int, frame: str, last: Piece) -> Piece | None:
    """«تعليمات من أجل تشغيل …، ومن أجل تسوية …»."""
    if frame not in ("min_ajl", "instructions") or view.w[at : at + 2] != ["ومن", "اجل"]:
        return None
    head = masdar_head(view, at + 2, 0, 0.4) if at + 2 < view.n else None
    return Piece(head.j, head.offset, head, head.j, last.frame, last.to) if head else None


def _item(view: View, at: int, mark: str, last: Piece) -> Piece | None:
    """«… ; مراجعة … ; نشر …», «… ، رفع …»: items parted by marks without a conjunction."""
    if mark not in SEMICOLONS | COMMAS | {"/"} or last.head is None or last.head.kind is not HeadKind.MASDAR:
        return None
    if mark in COMMAS:
        found = view.masdar_at(at)
        if found is None or not found.listed and found.score < 0.85 or found.pronoun or purpose_at(view, at, True):
            return None
        if view.starts_phrase("coordinator", at) or view.is_in("takes_ila", at) or view.n <= at + 1:
            return None
        if view.w[at] in view.w[last.first : at] or view.w[at + 1] == view.w[at]:
            return None  # «استمارة استمارة»
        if "\u064b" in view.analysis.text(view.tokens[at].span):
            return None  # «إنهاءً لمعاناة»
    head = masdar_head(view, at, 0, 0.75 if mark in COMMAS else 0.6)
    if head is None or head.definite != last.head.definite and mark != "/":
        return None
    return Piece(head.j, head.offset, head, head.j, last.frame, last.to)


_FAMILY = {
    "bi": frozenset({"bi", "bi_need"}),
    "ila": frozenset({"ila", "ila_need"}),
    "ala": frozenset({"ala", "ala_need"}),
    "instructions": frozenset({"bi", "bi_need"}),
    "li": frozenset({"li", "bi", "ila"}),
    "task": frozenset({"task", "bi"}),
}


def _leaves_purpose(view: View, at: int, after_comma: bool, mark: str) -> bool:
    """True where a coordination after a purpose goes on with instructions, not with the purpose."""
    if view.starts_phrase("coordinator", at):
        return after_comma
    word = view.w[at]
    return after_comma and (mark in SEMICOLONS or word.startswith(("وب", "وعلي", "والي", "وان", "وعدم")))
