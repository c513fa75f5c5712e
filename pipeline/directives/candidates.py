"""Candidate acts of a sentence: each trigger with what it governs, or with the reason why it is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.directives.frames import Intro, find_intro, masdar_head
from pipeline.directives.spans import Region, read_region
from pipeline.directives.view import COMMAS, OPEN_QUOTES, Head, HeadKind, View
from pipeline.lexicon import Form, Lexicon
from pipeline.morphology import imperative, subjunctive
from pipeline.types import Analysis, Force

SAYING_FORCE = Force.EMPHASISE


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
    frame: str = ""


def candidates(analysis: Analysis, index: int, lexicon: Lexicon) -> Iterator[Candidate]:
    """All candidates of the sentence ``index``, left to right; items of a list are read with the line that opens it."""
    view = View(analysis, index, lexicon)
    taken: list[tuple[int, int]] = []
    governed: dict[int, Candidate] = {}
    i = 0
    out: list[Candidate] = []
    while i < view.n:
        found = _at(view, i, taken)
        if found is None:
            i += 1
            continue
        if not found.reason:
            _lift(view, found)
            for region_view, region in found.regions:
                if region_view is view:
                    taken.extend((piece.first, piece.last) for piece in region.instructions)
        out.append(found)
        i = max(found.last, i) + 1
    del governed
    yield from out


def _at(view: View, i: int, taken: list[tuple[int, int]]) -> Candidate | None:
    """The candidate whose trigger is token ``i``, None where the word is no trigger at all."""
    inside = any(first <= i <= last for first, last in taken)
    command = _imperative(view, i)
    if command is not None:
        return command
    if inside:
        return None
    rejected: Candidate | None = None
    for form in view.forms(i):
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
    for lead in (1, 0) if word[0] in "وف" else (0,):
        stem_forms = view.lexicon.forms.get(word[lead:], ())
        if lead and any(f.trigger is form.trigger and f.klass == form.klass for f in stem_forms):
            return 1
    return 0


def _read(view: View, i: int, form: Form) -> Candidate | None:
    last = i + len(form.rest)
    if form.rest and tuple(view.w[i + 1 : last + 1]) != form.rest:
        return None
    offset = _offset(view, i, form)
    trigger = form.trigger
    found = Candidate(view, i, offset, last, form, trigger.force)
    if form.klass == "imperfect" and view.w[i][offset] == "ل" and trigger.force:
        found.offset = offset + 1
    before = view.w[i - 1] if i else "^"
    after = view.w[last + 1] if last + 1 < view.n else "$"
    if before in trigger.blocked_before and not offset:
        found.reason = f"blocked by «{before}» before it"
    elif after in trigger.blocked_after:
        found.reason = f"blocked by «{after}» after it"
    elif trigger.requires_before and before not in trigger.requires_before and not (offset and "و" in trigger.requires_before):
        found.reason = "needs another word before it"
    elif trigger.requires_after and after not in trigger.requires_after:
        found.reason = "needs another word after it"
    elif form.klass == "masdar" and not _masdar_allowed(view, i, offset, form):
        found.reason = "a masdar here carries no act"
    elif form.klass in ("perfect", "imperfect") and before in ("لم", "لن", "لا", "ولم", "ولن", "ولا", "ان", "قبل ان", "كي", "لكي"):
        found.reason = "negated or subordinate"
    if found.reason:
        return found
    if not _fill(view, found):
        found.reason = "nothing that it introduces"
    return found


def _masdar_allowed(view: View, i: int, offset: int, form: Form) -> bool:
    needed = form.trigger.requires_before_masdar
    if not needed:
        return True
    before = view.w[i - 1] if i else "^"
    if before in needed or before.lstrip("و") in needed:
        return True
    return (i == 0 or view.is_mark(i - 1)) and "^" in needed and not view.w[i].startswith("وال")


def _fill(view: View, found: Candidate) -> bool:
    """Find what the trigger introduces: regions in the sentence, or the items of the list that it opens."""
    listed = _list_items(view, found)
    intro = find_intro(view, found.i, found.form, found.last)
    if listed and (intro is None or intro.head.j >= view.n - 3 or intro.head.word in _FOLLOWING):
        found.frame = "list"
        found.regions = listed
        found.intro = intro or Intro(view.n - 1, "list", listed[0][1].instructions[0].head or Head(0, 0, "", HeadKind.NOUN))
        return True
    if intro is None:
        return False
    found.intro, found.frame = intro, intro.frame
    frames = found.form.trigger.frames
    if intro.frame == "instructions":
        frames = frames | {"bi", "li", "ila", "an"}
    region = read_region(view, intro.head, frames, intro.frame)
    found.regions = [(view, region)]
    if listed and region.end >= view.n - 1:
        found.regions += listed
    return True


_FOLLOWING = frozenset({"ما", "يلي", "ياتي", "الاتي", "التالي", "الاتيه", "التاليه"})


def _list_items(view: View, found: Candidate) -> list[tuple[View, Region]]:
    """Items of the list that the sentence opens: the trigger must be the last act before the colon."""
    if view.w[-1] != ":" or not found.form.trigger.frames & {"list", "instructions", "bi", "ala", "ila", "object", "quote", "ala_need", "ila_need"}:
        return []
    if any(view.forms(j) and not _is_noun_form(view, j) for j in range(found.last + 1, view.n)):
        return []
    out: list[tuple[View, Region]] = []
    for k in range(view.index + 1, len(view.analysis.sentences)):
        item = view.analysis.sentences[k]
        if item.lead != view.index:
            break
        sub = View(view.analysis, k, view.lexicon)
        head = item_head(sub)
        if head is not None:
            out.append((sub, read_region(sub, head, frozenset(), "list")))
    return out


def _is_noun_form(view: View, j: int) -> bool:
    return all(f.klass == "masdar" for f in view.forms(j))


def item_head(view: View) -> Head | None:
    """Head of a list item: its first masdar, verb or imperative, past a numeral, a preposition or a necessity word."""
    j = 0
    while j < min(view.n, 4):
        word = view.w[j]
        if view.is_mark(j) or word.isdigit() or view.is_in("ordinal", j):
            j += 1
            continue
        if view.is_in("necessity", j):
            j += 1
            continue
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


_SECOND_PERSON = ("وا", "وها", "وهم", "وه", "ن", "ي")


def _imperative(view: View, i: int) -> Candidate | None:
    """A quoted imperative or prohibition (GUIDELINES 4, 26), which is its own trigger; also one in a post's own voice."""
    word = view.w[i]
    if i and view.w[i - 1] == "لا":
        if not (word[0] == "ت" and word.endswith(("وا", "وها", "وهم", "وه")) and subjunctive(word)):
            return None
        head = Head(i - 1, 0, "لا", HeadKind.IMPERATIVE)
        strength = 0.9
        offset = 0
    else:
        offset = 1 if word[0] in "وف" and imperative(word[1:]) > imperative(word) else 0
        strength = imperative(word[offset:])
        if strength < 0.4:
            return None
        head = Head(i, offset, word[offset:], HeadKind.IMPERATIVE)
    quoted = view.quote[i] >= 0
    first = head.j
    opens = first == 0 or view.w[first - 1] in (*OPEN_QUOTES, *COMMAS, ":", "؛", "!", ".", "…") or view.w[first][0] in "وف"
    if not opens:
        return None
    if quoted:
        if strength < 0.6 and not (first == view.quote[i] + 1):
            return None
    else:
        after_colon = ":" in view.w[max(0, first - 1) : first]
        item = first == 0 and view.sentence.zone.value in ("item", "headline", "body")
        if not ((after_colon or item) and strength >= 0.7) and not _chained(view, first):
            return None
    region = read_region(view, head, frozenset(), "verb")
    form = _IMPERATIVE_FORM.get(id(view.lexicon))
    if form is None:
        trigger = next((t for t in view.lexicon.triggers if t.id == "imperative"), None)
        if trigger is None:
            return None
        form = _IMPERATIVE_FORM.setdefault(id(view.lexicon), Form(trigger, "forms"))
    region.instructions = region.instructions[:1]
    return Candidate(view, i, offset, i, form, Force.ORDER, Intro(head.j, "verb", head), [(view, region)], frame="verb")


def _chained(view: View, first: int) -> bool:
    """True where an imperative before this one, in the same sentence, opened a chain of them after a colon or a quote."""
    for j in range(first - 1, -1, -1):
        if imperative(view.w[j]) >= 0.7 and j and view.w[j - 1] in (":", *OPEN_QUOTES):
            return True
    return False


_IMPERATIVE_FORM: dict[int, Form] = {}


def _lift(view: View, found: Candidate) -> None:
    """GUIDELINES 4: a duty word in indirect speech gives its place as trigger to the verb of saying."""
    if not found.form.trigger.duty or view.quote[found.i] >= 0:
        return
    seen = False
    for k in range(found.i - 1, -1, -1):
        word = view.w[k]
        if word in "؛;" or (word in view.close and view.close[k] < found.i):
            pass
        if word.lstrip("و") in ("ان", "انه", "انها", "انهم", "بان", "بانه", "بانها", "الا", "وان", "علي ان") or word in ("ان", "بان"):
            seen = True
            continue
        if not seen:
            continue
        for lead in (0, 1):
            if word[lead:] and view.lexicon.is_in("saying", word[lead:]) and (lead == 0 or word[0] in "وف"):
                found.i, found.last, found.offset = k, k, lead
                found.force = Force.EMPHASISE
                return
        for form in view.forms(k):
            if form.trigger.duty or form.klass == "masdar":
                continue
            found.i, found.last = k, k
            found.offset = _offset(view, k, form)
            found.force = form.trigger.force if form.trigger.force in (Force.INSIST,) else Force.EMPHASISE
            return
