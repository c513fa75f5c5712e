"""Lists: which lines are the items of a line that announces them, under headings too, and what each item begins with."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.directives.frames import masdar_head
from pipeline.directives.view import SEMICOLONS, Head, HeadKind, View
from pipeline.morphology import imperative, subjunctive
from pipeline.types import Zone

_HEADING = 12
"""Tokens of the longest heading over items."""
_LABEL = 9
"""Tokens of the longest label at the front of an item («مديرو الثانويات: إحصاء …»)."""


def announces(view: View) -> bool:
    """True where a sentence ends as one does that a list follows; not «عدا ما يأتي:», whose list says what is excepted."""
    at = following(view)
    if at > 0 and view.w[at - 1] in _EXCEPT:
        return False
    return view.w[-1] == ":" or view.w[-1] in SEMICOLONS


def following(view: View) -> int:
    """Token where «ما يلي», «الآتي», «على ما يأتي» starts, if the sentence ends with it and a colon; -1 where it does not."""
    j = view.n - 2
    if view.w[-1] != ":" or j < 1:
        return -1
    word = view.w[j]
    if word in _COMES:
        if view.w[j - 1].lstrip("بك") != "ما":
            return -1
        j -= 1
    elif word.lstrip("بكل").removeprefix("ا").removeprefix("ل").removeprefix("ا") not in _AS_FOLLOWS:
        return -1
    return j - 1 if view.w[j - 1] in _BEFORE_FOLLOWING else j


_EXCEPT = frozenset("عدا ماعدا الا سوي خلا باستثناء".split())
_COMES = frozenset("يلي ياتي سياتي سيلي".split())
_AS_FOLLOWS = frozenset("اتي اتيه تي تيه تالي تاليه".split())
_BEFORE_FOLLOWING = frozenset("علي الي في من".split())


def items(view: View) -> Iterator[View]:
    """The items of the list that a sentence announces, each as a view; its headings («على مستوى البلديات:») are left out."""
    sentences = view.analysis.sentences
    if view.w[-1] != ":":
        yield from _levels(view, view.index + 1, False)
        return
    governing = {view.index}
    top: str | None = None  # the bullet of the first item
    labelled = False  # the last item has no bullet but a label («مديرية الري: تنقية …»)
    titled = ""  # the bullet of items under a title
    for k in range(view.index + 1, len(sentences)):
        item = sentences[k]
        if item.tokens[-1].norm == ":" and len(item.tokens) <= _HEADING:
            if item.lead not in governing and _acts(View(view.analysis, k, view.lexicon)):
                return  # «وأمر الوالي بما يلي:»: another list
            governing.add(k)
            continue
        if item.lead not in governing:
            if top is None or labelled:
                yield from _levels(view, k, labelled)
            elif titled:
                yield from _resumed(view, k, top, titled)
            return
        if top is None:
            top = _bullet(view, k)
        if _bullet(view, k) == top and _is_title(view, k):
            titled = _bullet(view, k + 1)
        else:
            line = View(view.analysis, k, view.lexicon)
            labelled = not top and label(line) > 0
            yield line


def _resumed(view: View, k: int, title: str, bullet: str) -> Iterator[View]:
    """Items from sentence ``k`` on that stand under further titles («■ الصحة»), behind what is told between them."""
    under = False
    for index in range(k, len(view.analysis.sentences)):
        sentence = view.analysis.sentences[index]
        if sentence.zone is not Zone.ITEM or sentence.lead is not None:
            under = False
        elif _bullet(view, index) == title:
            under = _is_title(view, index)
        elif under and _bullet(view, index) == bullet:
            yield View(view.analysis, index, view.lexicon)


def _is_title(view: View, k: int) -> bool:
    """True for an item that heads those behind it, which bear other bullets («◄ إدارة المدرسة», then «ــ قبول …»)."""
    sentences = view.analysis.sentences
    if k + 1 >= len(sentences) or sentences[k + 1].lead != sentences[k].lead or len(sentences[k].tokens) > _HEADING:
        return False
    return sentences[k].tokens[-1].norm[0].isalnum() and _bullet(view, k) != _bullet(view, k + 1) != ""


def _bullet(view: View, k: int) -> str:
    """What stands before sentence ``k`` on its line: «-», «1» for a number, «a» for a letter or an ordinal, «✅» for ❌ too."""
    start = view.analysis.sentences[k].span.start
    mark = view.analysis.document.raw[max(0, start - 12) : start].rsplit("\n", 1)[-1].strip()
    if any(char.isdigit() for char in mark):
        return "1"
    if mark[:1] in _TICKS:
        return _TICKS[0]
    return "a" if any(char.isalpha() and char != "\u0640" for char in mark) else mark[:1]


_TICKS = ("✅", "✔", "❌", "✖", "✗", "✘", "❎", "☑")
"""Bullets that say what to do and what to leave in one list."""


def goes_on(view: View) -> bool:
    """True for a further sentence of an item: a verb in it tells what happens («1- غلق الورشة. وتتواصل المراقبة.»)."""
    if view.sentence.zone is not Zone.ITEM or not view.index:
        return False
    before = view.analysis.sentences[view.index - 1].span.end
    between = view.analysis.document.raw[before : view.sentence.span.start]
    return "\n" not in between and not between.strip()


def _levels(view: View, k: int, labelled: bool) -> Iterator[View]:
    """Lines from sentence ``k`` on that each open with a level («على مستوى الوزارة: إنشاء …»), or with any label."""
    for index in range(k, len(view.analysis.sentences)):
        line = View(view.analysis, index, view.lexicon)
        if not (_is_level(line) or labelled and _is_labelled(line)):
            return
        yield line


def _is_level(view: View) -> bool:
    bare = [word.lstrip("وب") for word in view.w[:2]]
    named = bare[0] == "علي" and bare[1:] and bare[1] in _LEVELS or bare[0] in ("النسبه", "لنسبه")
    return bool(named) and label(view) > 0


def _is_labelled(view: View) -> bool:
    """True for «مديرية الري: تنقية …»: a label of words that do nothing, and behind it what is to be done."""
    colon = label(view)
    if colon <= 0 or any(form.verbal for j in range(colon) for form in view.forms(j)):
        return False
    head = _head(view, colon + 1)
    return head is not None and head.kind is HeadKind.MASDAR and not head.definite


_LEVELS = frozenset("مستوي صعيد".split())


def _acts(view: View) -> bool:
    """True where a line holds a verb that introduces instructions itself."""
    return any(form.verbal for j in range(view.n) if not view.is_in("list_lead", j) for form in view.forms(j))


def label(view: View) -> int:
    """Token of the colon behind the label at the front of an item, -1 where it has none."""
    return next((j for j in range(1, min(view.n - 1, _LABEL)) if view.w[j] == ":"), -1)


def item_head(view: View) -> Head | None:
    """Head of a list item: its first masdar, verb or imperative, past a label, a numeral, a preposition or a necessity word."""
    head = _head(view, 0)
    colon = label(view)
    if colon > 0 and (head is None or head.definite):
        return _head(view, colon + 1) or head
    return head


def _head(view: View, j: int) -> Head | None:
    stop = min(view.n, j + 4)
    while j < stop:
        word = view.w[j]
        lettered = len(word) == 1 and j + 1 < view.n and view.is_mark(j + 1)  # «أ. وقف …»
        if lettered or view.is_mark(j) or word.isdigit() or view.is_in("ordinal", j):
            j += 1
            continue
        if view.is_in("necessity", j):
            j += 1
            continue
        if view.is_in("sanction", j):
            return None  # «وتعاقب كل مخالفة بـ»
        head = masdar_head(view, j, 0, 0.3)
        if head:
            return head
        for cut in (1, 2):
            if word[:cut] in ("ب", "و", "وب"):
                head = masdar_head(view, j, cut, 0.4)
                if head:
                    return head
        if word in ("لا", "الا") and view.verb_at(j + 1):
            return Head(j, 0, word, HeadKind.VERB)
        if word == "ان" and view.verb_at(j + 1):
            return Head(j + 1, 0, view.w[j + 1], HeadKind.VERB)
        if imperative(word) >= 0.4:
            return Head(j, 0, word, HeadKind.IMPERATIVE)
        if subjunctive(word):
            return Head(j, 0, word, HeadKind.VERB)
        return None
    return None
