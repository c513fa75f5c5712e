"""Commands: imperatives («افتحوا»), prohibitions («لا تغلقوا») and jussives («فليترك مكانه»), which are their own triggers.

An imperative of the forms II to VI has the letters of a perfect («نظفوا»: clean! they cleaned), and many singulars those of a noun or a perfect.
What decides is how surely a word commands (``pipeline.morphology.imperative``) and what stands before it: words that turn to somebody, a quotation
said to somebody, a command that this one follows.
"""

from __future__ import annotations

from pipeline.directives.view import COMMAS, OPEN_QUOTES, SEMICOLONS, Head, HeadKind, View
from pipeline.morphology import imperative, masdar, subjunctive
from pipeline.types import CONTENT, Span, Zone

CERTAIN = 0.7
"""Strength from which a word commands outside quotations too."""
LIKELY = 0.6
"""From which it does inside them, whoever is spoken to."""
KNOWN = 0.4
"""From which it is in the list of commands, though it may be something else as well."""
POSSIBLE = 0.3
"""From which a word has the letters of a command."""


def command_at(view: View, i: int) -> Head | None:
    """What a command begins with where token ``i`` is its verb (that verb, or the «لا» before it); None where it is none."""
    if i not in view.commands:
        view.commands[i] = _command(view, i)
    return view.commands[i]


def command_from(view: View, j: int) -> bool:
    """True where a command begins at token ``j``, with its verb or its «لا»."""
    if j + 1 < view.n and view.w[j] in CONJUNCTIONS:
        j += 1
    if command_at(view, j) is not None:
        return True
    return j + 1 < view.n and view.w[j] in _NOT and command_at(view, j + 1) is not None


def _command(view: View, i: int) -> Head | None:
    word = view.w[i]
    prohibition = bool(i) and view.w[i - 1] in _NOT
    offset = 1 if word[0] in "وف" and imperative(word[1:]) > imperative(word) else 0
    strength = imperative(word[offset:])
    if strength < POSSIBLE and _doubled(view, i, offset) and _called(view, i):
        strength = POSSIBLE
    if not prohibition and strength < POSSIBLE and not word.startswith(JUSSIVE):
        return None
    if any("self_object" in f.trigger.frames or "min" in f.trigger.frames for f in view.forms(i)):
        return None  # عليكم، إياكم
    if prohibition:
        return _prohibition(view, i)
    if strength < POSSIBLE:
        return _jussive(view, i)
    head = Head(i, offset, word[offset:], HeadKind.IMPERATIVE)
    if not _no_command(view, i, head) and _opens(view, i) and _is_said(view, head, strength):
        return head
    return None


def _doubled(view: View, i: int, offset: int) -> bool:
    """True for «صرّح», «خفّضي»: three letters, or four with ي, and the text doubles the second."""
    word = view.w[i][offset:]
    if not (len(word) == 3 or len(word) == 4 and word[-1] == "ي") or word[0] in "اي":
        return False
    return "\u0651" in view.analysis.text(Span(view.start(i, offset + 1), view.start(i, offset + 2)))


def _speaks_of_self(view: View, i: int, head: Head) -> bool:
    """True for «أحترم رأيها»: written with hamza, what has the letters of form VIII («احترم») is a first person."""
    raw = view.analysis.text(Span(view.start(i, head.offset), view.end(i)))
    return raw.startswith("أ") and len(head.word) > 4 and head.word[2] == "ت"


def _no_command(view: View, i: int, head: Head) -> bool:
    """True where the word at ``i``, whatever its letters, is something else: «والقوة», «بلغ 35», «ودعوا إلى» of a report, «واقبلوا الاحترام»."""
    follows = view.w[i + 1 : i + 3]
    return (
        view.analysis.text(view.tokens[i].span).endswith("ة")
        or head.word == "حذار"
        or _speaks_of_self(view, i, head)
        or bool(follows)
        and follows[0][0].isdigit()
        or view.quote[i] < 0
        and any(f.klass in ("perfect", "forms") and f.verbal for f in view.forms(i))
        and not (i and (view.symbol(i - 1) or view.is_mark(i - 1) and _one_is_told(view, i)))
        or view.w[i].endswith("دعونا")
        and follows[:1] == ["الي"]
        or _asks_leave(head.word, follows)
        or head.word in _COURTEOUS
        and not _COURTESIES.isdisjoint(follows)
    )


def _asks_leave(word: str, follows: list[str]) -> bool:
    """True for «اسمحوا لي أن», «اعذروني», «اعلموا أن القطاع حقق …»: nothing to do."""
    if word.startswith(("اعذرو", "اعذرن")) or word in ("اسمحوا", "اسمح", "اسمحي") and follows[:1] in (["لي"], ["لنا"]):
        return True
    return word in _KNOW and bool(follows) and follows[0].removeprefix("ب") in _THAT


_KNOW = frozenset("اعلموا اعلم تذكروا تذكر ثقوا ثق".split())
_THAT = frozenset("ان انه انها انهم اني انني انا اننا".split())
_COURTEOUS = frozenset("اقبلوا تقبلوا تفضلوا اقبل تقبل تفضل".split())
_COURTESIES = frozenset(
    "الاحترام احترامي احترامنا احتراماتي التقدير تقديري تقديرنا التحيه التحيات تحياتي تحياتنا فايق خالص اسمي بقبول منا مني الشكر".split()
)


def _opens(view: View, first: int) -> bool:
    """True where a clause can open at token ``first``."""
    if all(view.is_mark(k) or view.w[k].isdigit() for k in range(first)):
        return True
    return view.w[first - 1] in _BEFORE or view.w[first][0] in "وف" or _behind_case(view, first)


def _behind_case(view: View, first: int) -> bool:
    """True for «في حالة حريق اتصلوا بـ», «للتبليغ عن … اتصلوا»: behind when or what for, which opens the clause."""
    if imperative(view.w[first]) < CERTAIN or not _plural(view.w[first]):
        return False
    start = next((k + 1 for k in range(first - 1, -1, -1) if view.is_mark(k)), 0)
    case = view.w[start].lstrip("وف")
    if first - start > _CASE or case == "في" and view.w[start + 1] not in ("حاله", "حال"):
        return False
    if view.quote[first] >= 0 and case in _TOPICS:
        return "الذين" not in view.w[start:first]
    return case in _CASES or case.startswith("لل") and masdar("ا" + case[1:]) is not None


_CASE = 10
"""Tokens of the longest case that opens a clause before a command."""
_TOPICS = frozenset("من كل اي هذه هذا هولاء تلك".split())
"""Words that open what a quoted command speaks of («من لم يسدد ديونه طالبوه بها»)."""
_CASES = frozenset("في عند عندما اذا متي لمزيد لمعلومات كلما".split())


CONJUNCTIONS = frozenset({"و", "ثم", "بل"})
_BEFORE = CONJUNCTIONS | OPEN_QUOTES | COMMAS | frozenset(":؛!./…") | {"رجاء", "ورجاء", "فضلكم", "فضلك"}


def _is_said(view: View, head: Head, strength: float) -> bool:
    """True where a word that has the letters of a command stands where one is said to somebody."""
    return _is_said_quoted(view, head, strength) if view.quote[head.j] >= 0 else _is_said_by_post(view, head, strength)


def _is_said_quoted(view: View, head: Head, strength: float) -> bool:
    first, opening = head.j, view.quote[head.j]
    leads = first == opening + 1
    if leads and opening > 0 and head.word.endswith("وا") and _of_others(view, opening, head.word):
        return False  # «إنهم "أنجزوا …"»، «أن المتهمين "حددوا …"»: of others
    begun = _begun(view, first)
    joined = view.w[first][0] == "و" and head.offset or view.w[first - 1] == "و"
    if joined and not begun:
        return False  # «… وكثفوا هجماتهم»: they did
    if strength >= LIKELY:
        return True
    addressed = _addressed(view, opening)
    if strength >= KNOWN:
        return begun or _turned_to(view, first) or leads and addressed
    if begun:
        return _plural(head.word) and not (_governed(view, first) or _relative(view, first))
    if not _plural(head.word):
        return leads and addressed and _turned(view, opening)
    turned = addressed or _turned_to(view, first)
    return turned and (leads or view.w[first - 1] in _BEFORE) and not _governed(view, first)


def _is_said_by_post(view: View, head: Head, strength: float) -> bool:
    """The same outside quotations: a statement or post that speaks to its readers."""
    first, word = head.j, head.word
    leads = all(view.is_mark(k) or view.w[k].isdigit() for k in range(first))
    after_colon = bool(first) and view.w[first - 1] == ":"
    told = after_colon and any(view.w[k] in _WE_SAY for k in range(max(0, first - 8), first - 1))
    if not _plural(word) and _one_is_told(view, first, joined=head.offset > 0):
        return True
    if leads and _among_commands(view, first):
        return True
    if not _plural(word) and _follows_one(view, first):
        return True
    if word in _DO and view.w[first + 1 : first + 2] and masdar(view.w[first + 1][1:]) and view.w[first + 1][0] == "ب":
        return leads or view.is_mark(first - 1)
    if _behind_case(view, first):
        return True
    if strength < KNOWN:
        if told or not _plural(word) or _governed(view, first) or _relative(view, first):
            return told
        if leads and first and view.symbol(first - 1):
            return True  # «📲 حمّلوا التطبيق»
        return _chained(view, first) or _called(view, first) or not leads and _speaks_to_readers(view)
    item = leads and view.sentence.zone in CONTENT
    listed = leads and view.sentence.zone is Zone.ITEM and word[0] == "ا" and masdar(word) is None
    certain = (after_colon or item) and strength >= CERTAIN
    if certain or listed or told or _turned_to(view, first) or _called(view, first) or _chained(view, first):
        return True
    goes_on = not leads and strength >= CERTAIN and _plural(word) and not _relative(view, first)
    return goes_on and _speaks_to_readers(view)


def _among_commands(view: View, first: int) -> bool:
    """True for «- خفف السرعة», «- لا تستعمل الهاتف»: an item of a list of commands."""
    if view.sentence.zone is not Zone.ITEM or not all(view.is_mark(k) for k in range(first)):
        return False
    near = view.analysis.sentences[max(0, view.index - _ITEMS) : view.index + _ITEMS]
    return sum(s.zone is Zone.ITEM and _looks_like_one([t.norm for t in s.tokens]) for s in near) > 1


_ITEMS = 4


def _looks_like_one(words: list[str]) -> bool:
    words = [w for w in words[:4] if w[0].isalpha()]
    if words[:1] == ["لا"]:
        return len(words) > 1 and words[1][0] == "ت" and subjunctive(words[1])
    return bool(words) and imperative(words[0]) >= POSSIBLE and masdar(words[0]) is None


def _follows_one(view: View, first: int) -> bool:
    """True for «قم بإيداع طلبك، وأرفقه بـ …، ولا تنتظر»: joined to a command of the same sentence to one reader."""
    if not first or view.quote[first] >= 0 or not (view.w[first][0] in "وف" or view.w[first - 1] in CONJUNCTIONS):
        return False
    return not _governed(view, first) and any(
        (head := command_at(view, j)) is not None and not _plural(view.w[j]) and head.j == j
        for j in range(max(0, first - _REACH), first)
    )


_DO = frozenset("قم قومي قوموا".split())
"""«قم بإيداع …»."""


def _prohibition(view: View, i: int) -> Head | None:
    """«لا تغلقوا», «لا تقفل» behind a command, colloquial «ما تخليش»."""
    word, first = view.w[i], i - 1
    plural = word.endswith(_PLURAL)
    if word[0] != "ت" or len(word) < 3:
        return None
    no = view.w[first].lstrip("وف")
    head = Head(first, len(view.w[first]) - 2, no, HeadKind.IMPERATIVE)
    opening = view.quote[i]
    begun = opening >= 0 and _begun(view, first)
    if no == "ما":
        spoken = begun or word.endswith("ش") and opening >= 0 and _addressed(view, opening)
        return head if spoken and _opens(view, first) and (word.endswith("ش") or subjunctive(word)) else None
    if not plural:
        said = begun or opening >= 0 and first == opening + 1 and _addressed(view, opening) or _one_is_told(view, first)
        said = said or opening < 0 and (_among_commands(view, first) or _follows_one(view, first))
        said = said or opening < 0 and (_chained(view, first) or _warns(view, first))
        return head if said and subjunctive(word) and _opens(view, first) else None
    if not _opens(view, first):
        return None
    if opening >= 0:
        joined = view.w[first][0] == "و"
        unsure = joined and (not (begun or word.endswith("وا")) or _governed(view, first, far=not begun))
        return None if unsure else head
    leads = all(view.is_mark(k) or view.w[k].isdigit() for k in range(first))
    after_colon = bool(first) and view.w[first - 1] == ":"
    if leads and view.sentence.zone in CONTENT or after_colon or _turned_to(view, first) or _chained(view, first):
        return head
    return head if word.endswith("وا") and not _governed(view, first) and _speaks_to_readers(view) else None


def _warns(view: View, first: int) -> bool:
    """True for «⚠️ لا تقترب من الأسلاك، ولا تلمس العمود»: a sign opens the line, or a command stands before; not in «⚠️ لا تتحمل الشركة»."""
    if first and not view.symbol(first - 1):
        return view.w[first][0] == "و" and any(
            command_at(view, j) is not None for j in range(max(0, first - _REACH), first)
        )
    if not first or first + 2 >= view.n:
        return False
    follows = view.start(first + 2)
    if view.w[first + 2].endswith(("ه", "ات")) or any(m.span.start == follows for m in view.mentions):
        return False
    again = any(view.w[k] == "ولا" and view.w[k + 1][0] == "ت" for k in range(first + 2, view.n - 1))
    return again or "!" in view.w or view.is_in("preposition", first + 2) or view.w[first + 2].endswith("ك")


_NOT = frozenset("لا ولا فلا ما وما".split())


def _jussive(view: View, i: int) -> Head | None:
    """«فليترك مكانه», «ولتقم اللجنة بـ»: not «فليكن في علم الجميع», «فليرحمه الله»."""
    word = view.w[i]
    offset = 1 if word[0] in "وف" else 0
    verb = word[offset + 1 :]
    if len(verb) < 3 or word[offset] != "ل" or verb[0] not in "يت" or verb in _NO_TASK or not subjunctive(verb):
        return None
    if "الله" in view.w[i + 1 : i + 3] or masdar(word[offset:]) is not None:
        return None
    opening = view.quote[i]
    if opening < 0:
        said = word[0] == "ف" and (_called(view, i) or _whoever(view, i))
    else:
        begun = _begun(view, i) or view.w[opening + 1].startswith(JUSSIVE)
        said = word[0] == "ف" or begun if offset else i == opening + 1 and _turned(view, opening)
    return Head(i, offset, word[offset:], HeadKind.IMPERATIVE) if said else None


def _whoever(view: View, i: int) -> bool:
    """True for «ومن كانت لديه معلومات فليودعها …»: whoever a clause with من or إذا speaks of."""
    first = next((k + 1 for k in range(i - 1, -1, -1) if view.w[k] in SEMICOLONS or view.w[k] in ".:!"), 0)
    opens = view.skip_marks(first, COMMAS | OPEN_QUOTES)
    return opens < i and view.w[opens].lstrip("وف") in ("من", "اذا", "كل") and COMMAS.isdisjoint(view.w[opens : i - 1])


JUSSIVE = ("فلي", "فلت", "ولي", "ولت", "لي", "لت")
"""Letters that a jussive starts with."""
_NO_TASK = frozenset(
    "يكن تكن يعلم تعلم يعلموا يطمين يطمينوا يسمح يحيا تحيا تحي يسقط تسقط يرحم يرحمه يبارك يحفظ يحفظه يتساءل يقل تقل يس يست"
    " يستعد تستعد يستعدوا يتحمل تتحمل يتحملوا".split()
)


_ADDRESSING = frozenset(
    "مخاطبا مخاطبه خاطب خاطبه خاطبها خاطبهم قايلا قايله متوجها متوجهه امره اقول نقول له لها لهم اليه اليها اليهم للمواطن"
    " يخاطب تخاطب ينادي تنادي يصيح تصيح التفت التفتت ملتفتا ملتفته نادي نادت مناديا صاح صايحا توجه توجهت موجها موجهه".split()
)
_SAYS = frozenset("قال قالت قلت قايلا قايله يقول تقول".split())


def _addressed(view: View, quote: int) -> bool:
    """True where the words before a quotation say that somebody is spoken to («ثم التفت إلى …:»، «وقال للمقاول:»)."""
    for k in range(max(0, quote - 14), quote):
        bare = view.w[k].lstrip("وف")
        if bare in _ADDRESSING or view.w[k] in _ADDRESSING:
            return True
        if bare in _SAYS and any(
            w.startswith("لل") or w[0] == "ل" and (_named(view, m) or view.is_in("people", m, 1))
            for m, w in enumerate(view.w[k + 1 : quote], k + 1)
        ):
            return True
    return False


def _named(view: View, j: int) -> bool:
    """True for «لقائد الفرقة»: the word behind ل opens the mention of an actor."""
    start = view.start(j, 1) if len(view.w[j]) > 2 else -1
    return any(m.span.start == start for m in view.mentions)


_WE_SAY = frozenset("نقول اقول نقولها اقولها ننصح ننصحكم".split())
_YOU = frozenset("انتم انت ايها ايتها وانتم".split())


def _turned_to(view: View, first: int) -> bool:
    """True where the words before a command, in the same quotation or outside any, turn to somebody («أيها المصطافون، بلغوا»)."""
    before = [k for k in range(max(0, first - 16), first) if view.quote[k] == view.quote[first]]
    return any(view.w[k] in _YOU or view.w[k].endswith("كم") and len(view.w[k]) > 4 for k in before)


def _called(view: View, first: int) -> bool:
    """True where somebody is called before token ``first`` («أيها الأولياء، …», «عزيزي المسافر، …»)."""
    return any(
        view.w[k] in CALLS
        and (view.w[k] in _CALLING or k == 0 or view.is_mark(k - 1))
        and view.quote[k] == view.quote[first]
        for k in range(max(0, first - 24), first)
    )


_CALLING = frozenset({"ايها", "ايتها", "يا"})
CALLS = _CALLING | frozenset(
    "سكاننا مواطنينا فلاحينا تجارنا اهالينا اهلنا احبتنا عزيزي عزيزتي اعزاءنا اعزايي اخي اختي اخواني اخوتي سيدي سيدتي زبايننا ابناءنا".split()
)
"""Words by which somebody is called; all but the first three only at the head of a clause."""


def _one_is_told(view: View, first: int, joined: bool = False) -> bool:
    """True outside quotations where one reader is called («عزيزي المسافر، … : صرّح بـ») and a clause opens there that no conjunction joins, or a command goes on."""
    if view.quote[first] >= 0 or not _called(view, first):
        return False
    before = view.w[first - 1]
    return (
        not joined
        and before in (*COMMAS, ":", "!")
        or any(command_at(view, j) is not None for j in range(max(0, first - _REACH), first))
    )


def _of_others(view: View, quote: int, word: str) -> bool:
    """True where a plural that opens a quotation tells what others did, though it has the letters of a command."""
    if view.w[quote - 1].endswith(("انهم", "الذين")):
        return True
    return word[0] != "ا" and (not _turned(view, quote) or "عن" in view.w[max(0, quote - 5) : quote])


def _turned(view: View, quote: int) -> bool:
    """True where a quotation opens behind a colon or comma, or behind words that turn to somebody."""
    return view.w[quote - 1] in (":", *COMMAS, ".", "-") or any(
        view.w[k].lstrip("وف") in _ADDRESSING for k in range(max(0, quote - 4), quote)
    )


_REACH = 60
"""Tokens back that are looked at for a command that this one goes on from."""


def _begun(view: View, first: int) -> bool:
    """True where an imperative or a prohibition stands before token ``first`` in the same quotation."""
    quote = view.quote[first]
    if first == quote + 1 and quote > 1:
        # «أعيدوا تشغيلها»، قال الوزير، «وحاسبوا المتسبب»: a quotation that goes on.
        earlier = next((view.quote[j] for j in range(quote - 1, max(-1, quote - 16), -1) if view.quote[j] >= 0), -1)
        return earlier >= 0 and any(
            command_at(view, j) is not None for j in range(earlier + 1, quote) if view.quote[j] == earlier
        )
    return any(
        view.quote[j] == quote and (_commands(view, j) or command_at(view, j) is not None)
        for j in range(max(0, quote, first - _REACH), first)
    )


def _commands(view: View, j: int) -> bool:
    """True where token ``j`` is an imperative, or ends a prohibition («لا تغلقوا»)."""
    word = view.w[j]
    if word[0] != "ا" and word.endswith("وا") and j and view.w[j - 1] not in _NOT and not _opens(view, j):
        return False  # «العمال تحملوا …»: they did
    shared_with_past = word.endswith("وا") and not (j and j - 1 == view.quote[j])
    if imperative(word) >= (LIKELY if shared_with_past else KNOWN):
        return True
    return word[0] == "ت" and word.endswith(_PLURAL) and j > 0 and view.w[j - 1] in ("لا", "ولا", "فلا")


_PLURAL = ("وا", "وها", "وهم", "وه")


def _plural(word: str) -> bool:
    return word.endswith((*_PLURAL, "ونا", "وني", "وهما"))


def _chained(view: View, first: int) -> bool:
    """True where an imperative before this one, in the same sentence, opened a chain of them after a colon or a quote, or was called out."""
    for j in range(first - 1, max(-1, first - 1 - _REACH), -1):
        if imperative(view.w[j]) >= CERTAIN and (j == 0 or view.w[j - 1] in (":", "،", *OPEN_QUOTES)):
            return True
        if _commands(view, j) and j and view.w[j - 1] in ("لا", "ولا", "فلا"):
            return True
    return False


_GOVERNING = frozenset("ان لان بان الا حتي كي لكي لن لم ولم ولن وان والا".split())


def _governed(view: View, first: int, far: bool = True) -> bool:
    """True where a particle of the same clause makes a subjunctive of what follows («حتى تصلوا ولا تتأخروا»). ``far``: beyond commas too."""
    for k in range(first - 1, max(-1, first - 13), -1):
        if (
            not far
            and view.w[k] in COMMAS
            or view.w[k] in (".", "؛", ":", *OPEN_QUOTES)
            or view.quote[k] != view.quote[first]
        ):
            return False
        if view.w[k] in _GOVERNING or view.w[k][:2] in ("لت", "لي") and subjunctive(view.w[k][1:]):
            return True
    return False


def _relative(view: View, first: int) -> bool:
    """True where a plural may tell of «الذين» before it («الذين سهروا ونظفوا»)."""
    return any(view.w[k] in _WHO for k in range(max(0, first - 8), first))


_WHO = frozenset("الذين ممن انهم هم لانهم وهم بانهم كانوا".split())
_NEARBY = 3


def _speaks_to_readers(view: View) -> bool:
    """True where a sentence near by, outside quotations, opens with a command or has one behind a colon or a call: a notice, a post."""
    low = max(0, view.index - _NEARBY)
    for sentence in view.analysis.sentences[low : view.index + _NEARBY]:
        before = ":"
        for token in sentence.tokens:
            if token.norm in OPEN_QUOTES:
                break
            if before == ":" and imperative(token.norm) >= CERTAIN:
                return True
            if before == "لا" and token.norm[0] == "ت" and token.norm.endswith("وا"):
                return True
            before = ":" if before == ":" and not token.norm[0].isalpha() else token.norm
    return False
