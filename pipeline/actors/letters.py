"""The head and the foot of a letter: to whom it is sent, and who signs it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.actors.extent import np_end
from pipeline.actors.slots import QUESTIONS, Slots, Standing
from pipeline.actors.words import BREAK, TO
from pipeline.types import Kind, Mention, Span

_GREETED = frozenset(
    "الساده السيدات السيد السيده والساده والسيدات والسيد والسيده حضرات عطوفه معالي سعاده سياده الاخوه الاخوات والاخوه والاخوات".split()
)
_BODY = frozenset("الموضوع المرجع موضوع بعد تحيه سلام السلام المصاحيب المرفقات نسخه للتنفيذ للاعلام صوره".split())
"""Words with which a line opens that is none of recipients any more."""
_NOTICES = frozenset("اعلام اعلان نداء تنبيه اشعار اخطار تذكير".split())
"""What a notice to those named behind it opens with («إعلام لزبائننا»)."""
_SIGNED = frozenset({"عن", "الامضاء", "التوقيع", "امضاء", "توقيع", "الموقع", "الممضي"})
"""Words before the name of who signs."""
_COPIES = frozenset("صوره نسخه نسخ المرفقات المصاحيب".split())
"""Words that open the list of those who get a copy, below the signature."""
_HEAD = 14
"""Lines in which a letter names its recipients."""
_LINE = 16
"""Words of the longest line that does."""
_FOOT = 4
"""Lines at the end in which it is signed."""


def recipients(slots: Slots) -> tuple[Mention, ...]:
    """Those a letter is sent to, in the order of its head («إلى السادة رؤساء المراكز»); none where it names none, and in an interview."""
    if len(slots.questions) >= QUESTIONS:
        return ()
    lines = list(_lines(slots.words.text))[:_HEAD]
    for number, (first, last) in enumerate(lines):
        if sum(x[0].isalpha() for x in slots.words.text[first:last]) > _LINE:
            return ()
        start = _opened(slots, first, last)
        if start < 0:
            continue
        found = list(_named(slots, start, last))
        open_ended = slots.words.text[last - 1] == ":" or bool(found)
        for a, b in lines[number + 1 :]:
            if not open_ended or b - a > _LINE or slots.words.text[a] in _BODY:
                break
            further = _opened(slots, a, b)
            listed = list(_named(slots, further if further >= 0 else a, b))
            if not listed or found and further < 0 and slots.words.text[last - 1] != ":":
                break
            found += listed
        if found:
            return tuple(found)
    return ()


def signer(slots: Slots) -> Standing | None:
    """The person named on a line of the letter's foot, who signs it; None where nobody is named there."""
    w = slots.words.text
    lines = list(_lines(w))
    copied = next((k for k, (first, _) in enumerate(lines[_FOOT:], _FOOT) if w[first] in _COPIES), len(lines))
    for first, last in reversed(lines[copied - _FOOT : copied]):
        for place in slots.places:
            if place.mention.kind is Kind.PERSON and first <= place.first < last and _alone(slots, place, first, last):
                return place
    return None


def _alone(slots: Slots, place: Standing, first: int, last: int) -> bool:
    """True where a line holds nothing but a person, «عن», honorifics and what goes on with an office."""
    w = slots.words.text
    before = w[first : place.first]
    ends = place.last >= last - 4 if before[:1] == ["عن"] else place.last >= last - 1
    return ends and all(
        x in _SIGNED or not x[0].isalnum() or x in slots.v.words["honorific"] or x == "مولانا" for x in before
    )


def _lines(w: Sequence[str]) -> Iterator[tuple[int, int]]:
    first = 0
    for i, word in enumerate(w):
        if word == BREAK:
            if i > first:
                yield first, i
            first = i + 1


def _opened(slots: Slots, first: int, last: int) -> int:
    """The word behind «إلى» at the head of a line, or the honorific there; -1 where the line opens otherwise."""
    w = slots.words.text
    while first < last and not w[first][0].isalnum():
        first += 1
    if first < last - 1 and w[first] in TO:
        return first + 1
    if first < last and w[first] == "من" and (to := next((k for k in range(first, last - 1) if w[k] in TO), 0)):
        return to + 1  # «من وزير الري إلى السادة المديرين»
    if (
        first < last - 1
        and w[first] in _NOTICES
        and (w[first + 1] in TO or slots.v.read(_unowned(w[first + 1])).prep == "ل")
    ):
        return first + 1 + (w[first + 1] in TO)
    if first < last - 2 and w[first + 1] in TO and "ال" + w[first].removeprefix("ال") in slots.v.words["text"]:
        return first + 2  # «تعليمة إلى السادة المديرين»
    return first if first < last - 1 and w[first] in _GREETED else -1


def _named(slots: Slots, i: int, last: int) -> Iterator[Mention]:
    """The noun phrases of people and bodies that fill a line from word ``i`` on."""
    w, v = slots.words.text, slots.v
    while i < last:
        if not w[i][0].isalnum() or w[i] in _GREETED or w[i] in v.words["honorific"] or w[i] == "و":
            i += 1
            continue
        r = v.read(w[i])
        quantified = w[i] in v.words["quantifier"]
        head = v.read(w[i + 1]) if quantified and i + 1 < last else r
        if head.head is None and not head.public:
            head = v.read(_unowned(w[i]))
            r = head if not quantified else r
        if head.head is None and not head.public:
            return
        stop = _conjunct(slots, i + 1 + quantified, last, head.head)
        start = slots.analysis.norm.raw_span(slots.words.start[i] + r.cut, slots.words.end[i])[0]
        limit = slots.analysis.norm.raw_span(slots.words.start[stop - 1], slots.words.end[stop - 1])[1]
        end = np_end(slots.analysis, start, limit, slots)
        if end <= start or end > limit:
            end = limit
        known = slots.mention_at(start)
        exact = known is not None and known.span.end <= end
        yield Mention(
            Span(start, end), known.kind if exact and known else Kind.GROUP, known.actor_id if exact and known else None
        )
        while i < stop and slots.analysis.norm.raw_span(slots.words.start[i], slots.words.end[i])[1] <= end:
            i += 1
        while i < stop and not v.read(w[i]).conj and w[i] not in _GREETED:
            i += 1  # «… بالولايات»، «… في المحافظات»


def _unowned(word: str) -> str:
    """The word without «our» («لزبائننا»)."""
    return word.removesuffix("نا") if len(word) > 5 else word


def _conjunct(slots: Slots, i: int, last: int, kind: Kind | None) -> int:
    """The word that opens the next noun phrase, or a mark; ``last`` where there is none. People are joined to people only («عمال العمالات وعمالات …»)."""
    w, v = slots.words.text, slots.v
    for k in range(i, last):
        r = v.read(w[k])
        people = r.public or r.head in (Kind.GROUP, Kind.OFFICE)
        if not w[k][0].isalnum() or w[k] in _GREETED:
            return k
        if r.conj and k > i and (people or kind is Kind.ORGANISATION and (r.head is not None or r.definite)):
            return k
        if r.conj and k == i and v.read(w[k - 1]).definite and (people or r.head is not None):
            return k
    return last
