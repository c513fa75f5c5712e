"""Whom a pronoun or a command means: those named before it, those a letter greets, the public."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from pipeline.actors import letters
from pipeline.actors.extent import np_end
from pipeline.actors.referents import OF_OTHERS, REGARDING, TOPIC, Referents
from pipeline.actors.slots import Standing
from pipeline.actors.vocabulary import Reading
from pipeline.actors.words import BREAK, COMMAS, TO
from pipeline.normalize import fold
from pipeline.types import Kind, Mention, Span

_TURNED = frozenset(
    "توجه توجهت يتوجه تتوجه متوجها متوجهه التفت التفتت ملتفتا ملتفته كلامه كلامها حديثه حديثها خطابه خطابها".split()
)
"""Behind these a preposition leads to those who are spoken to next («متوجها إلى X»)."""
_CALLED = frozenset("يا ايها ايتها".split())
_SPOKEN_TO = _CALLED | frozenset("خاطب خاطبت يخاطب تخاطب مخاطبا مخاطبه امام مسامع".split())
"""Right behind these stand those who are spoken to next («مخاطبا X»، «يا X»)."""
_WITHOUT_SUBJECT = _CALLED | frozenset("مخاطبا مخاطبه امام مسامع".split())
_DEAR = frozenset("عزيزي عزيزتي اعزايي اعزاءنا اعزاءي احبتي سيدتي بناتي ابنايي اخواني اخوتي".split())
"""What a call opens with («عزيزي المسافر»)."""
_TO = TO | {"و" + word for word in TO}
_SAYING = frozenset("اقول نقول".split())
_CALL = 7
"""Words of the longest call."""
_NEAR, _FAR = 12, 60
"""Words before a command among which somebody is called: in a letter, and where nobody is written to."""
_LEVEL = frozenset({("على", "مستوي"), ("علي", "مستوي")})
_SAID = frozenset("قال قالت قايلا قايله يقول تقول قلت نقول".split())
"""Behind these «ل» leads to those who are spoken to («قال للمدير:»)."""
_RESUMED = 3
"""Words behind the «ف» or comma that resumes the sentence within which a pronoun still means who was set before it."""


class Hearers(Referents):
    """Finds those who are spoken to. Offsets are raw."""

    @cached_property
    def recipients(self) -> tuple[Mention, ...]:
        """Those a letter is sent to."""
        return letters.recipients(self)

    def antecedent(
        self, place: int, pronoun: str, issuer: Mention | None = None, told: Sequence[Mention] = ()
    ) -> Mention | None:
        """What a pronoun (ه، ها، هم، كم …) of somebody told to act, near the raw offset ``place``, stands for.

        «كم» means those spoken to: in a quotation the last ones named before it, in a letter those in its head.
        One of the third person is weighed (:mod:`pipeline.actors.referents`): never the ``issuer`` of the act; those ``told`` last are likely.
        """
        t = self.word_at(place)
        if t >= len(self.words):
            return None
        if pronoun in ("كم", "ك"):
            return self.addressed(t)
        return self.referent(t, pronoun, issuer, told, self.topic(t)) if pronoun in OF_OTHERS else None

    def set_before(self, place: int) -> Mention | None:
        """Who is set with «أما» before the sentence («أما القابضون، فعليهم») that begins at the raw offset ``place`` or a few words before it."""
        t = self.word_at(place)
        found = self.topic(t, False) if t < len(self.words) else None
        return found if found is not None and self._can_act(found) else None

    def _can_act(self, mention: Mention) -> bool:
        """True for a body, an office, people; not for «السعر»."""
        words = fold(self.analysis.text(mention.span)).split()
        word = next((x for x in words if x not in self.v.words["quantifier"]), words[0])
        r = self.v.read(word)
        return mention.kind is not None or r.head is not None or r.public or word.endswith(("ون", "ين"))

    def topic(self, t: int, regarding: bool = True) -> Mention | None:
        """Who is set before the sentence in which word ``t`` stands («أما القابضون، فعليهم»); the sentence must begin right before ``t``.

        ``regarding``: also what is set there with «فيما يخص» and the like.
        """
        w = self.words.text
        for k in range(t, max(0, t - _RESUMED - 1), -1):
            if w[k] == BREAK:
                return None
            resumed = w[k][0] == "ف" and len(w[k]) > 2
            if not resumed and not (regarding and w[k] in COMMAS):
                continue
            start = self._topic_start(k, resumed)
            if start is not None:
                return self._topic_phrase(*start, k)
        return None

    def _topic_start(self, k: int, resumed: bool) -> tuple[int, int] | None:
        """(word, letters before it) of the noun set before the sentence that word ``k`` resumes; None where there is none."""
        w = self.words.text
        for i in range(k - 2, max(-1, k - 24), -1):
            if w[i] == BREAK:
                return None
            if resumed and w[i] in TOPIC and (not i or not w[i - 1][0].isalnum()):
                return i + 1 + 2 * (tuple(w[i + 1 : i + 3]) in _LEVEL), 0
            for phrase in () if i and w[i - 1][0].isalnum() else REGARDING:
                if tuple(w[i : i + len(phrase)]) == phrase and all(x not in COMMAS for x in w[i:k]):
                    j = i + len(phrase)
                    j += w[j] in ("الي", "إلى", "الى")
                    return j, int(w[j][0] in "لب" and self.v.read(w[j]).prep != "")
        return None

    def _topic_phrase(self, i: int, cut: int, stop: int) -> Mention | None:
        """The noun phrase from word ``i`` behind ``cut`` letters, before word ``stop``."""
        if i >= stop or not self.words.text[i][0].isalpha():
            return None
        start = self.analysis.norm.raw_span(self.words.start[i] + cut, self.words.end[i])[0]
        limit = self.analysis.norm.raw_span(self.words.start[stop - 1], self.words.end[stop - 1])[1]
        end = self.np_end(start, limit)
        known = self.mention_at(start)
        return (
            Mention(Span(start, end), known.kind if known else None, known.actor_id if known else None)
            if end > start
            else None
        )

    def antecedents(
        self, place: int, pronoun: str, issuer: Mention | None = None, told: Sequence[Mention] = ()
    ) -> tuple[Mention, ...]:
        """All that a pronoun stands for: :meth:`antecedent` and, in a letter, those greeted beside it."""
        first = self.antecedent(place, pronoun, issuer, told)
        if first is None or pronoun != "كم" or self.depth[self.word_at(place)]:
            return (first,) if first is not None else ()
        if first in self.recipients:
            return self.recipients
        k = next((k for k, p in enumerate(self.places) if p.mention is first), None)
        found = [first]
        raw = len(self.analysis.document.raw)
        end = self.word_at(self.np_end(first.span.start, raw) - 1) + 1
        for other in self.places[k + 1 :] if k is not None else ():
            if other.first < end:
                continue  # inside the one before
            if not self._beside(end, other):
                break
            found.append(other.mention)
            end = self.word_at(self.np_end(other.mention.span.start, raw) - 1) + 1
        return tuple(found)

    def _beside(self, end: int, other: Standing) -> bool:
        """True where nothing but marks and titles lies between word ``end`` and a mention, and «و» or a mark joins it."""
        w, v = self.words.text, self.v
        between = w[end : other.first]
        joined = any(not t[0].isalnum() or t[0] == "و" for t in between) or v.read(w[other.first]).conj
        titled = all(not t[0].isalnum() or t.lstrip("و") in v.words["honorific"] for t in between)
        return titled and joined and len(between) <= 4 and not other.subject and not other.sender

    def addressed(self, t: int) -> Mention | None:
        """Those whom the speech around word ``t`` addresses."""
        if self.depth[t]:
            opening = self.opening(t)
            turned = self._turned_to(t, opening) or self._behind(t)
            return turned if turned is not None else self.referent(opening, "كم", None, (), None)
        called = self._called(t, _NEAR if self.recipients else _FAR)
        if called is not None:
            return called
        if self.recipients:
            return self.recipients[0]
        for p in self.places[:8]:
            words = self.words.text[max(0, p.first - 4) : p.first]
            greeted = any(
                x in ("السيدات", "الساده", "السيد", "الاخوه", "الي", "إلى", "الى") for x in words
            ) or self.analysis.text(p.mention.span).startswith("الساد")
            if (
                greeted
                and p.mention.kind in (Kind.GROUP, Kind.OFFICE, Kind.ORGANISATION, Kind.PERSON)
                and p.last <= t
                and not p.subject
            ):
                return p.mention
        return self._public_before(t, 0)

    def _called(self, t: int, reach: int) -> Mention | None:
        """Those whom the text calls last, up to ``reach`` words before word ``t`` («أيها العامل»، «عزيزي المسافر،»، «حجاجنا الكرام،»، «إلى المرافقين:»، «وللأهل نقول:»)."""
        w = self.words.text
        for i in range(t - 1, max(-1, t - reach), -1):
            if self.depth[i] != self.depth[t]:
                continue
            if w[i] in _CALLED:
                return self._noun_phrase(i + 1, 0)
            if i and w[i - 1][0].isalnum() and w[i - 1] not in _CALLED:
                continue
            if w[i] in _DEAR:
                return self._noun_phrase(i + 1, 0) or self._up_to_mark(i, 0)
            r = self.v.read(w[i])
            ours = self.v.read(w[i].removesuffix("نا")) if w[i].endswith("نا") and len(w[i]) > 5 else None
            if ours is not None and (ours.public or ours.head is Kind.GROUP) and not r.prep:
                return self._up_to_mark(i, ours.cut)
            if self.recipients:
                continue  # the head of the letter names them
            to = w[i] in _TO
            if to and w[i + 1] in self.v.words["honorific"]:
                continue  # a head: «إلى السيدات والسادة:»
            if (to or r.prep == "ل") and (named := self._noun_phrase(i + to, 0 if to else r.cut)) is not None:
                behind = self.word_at(named.span.end - 1) + 1
                behind += behind < t and w[behind] in _SAYING
                if behind < t and w[behind] == ":":
                    return named
        return None

    def _up_to_mark(self, i: int, cut: int) -> Mention | None:
        """The words from word ``i``, behind ``cut`` letters, to the next mark, where it is near."""
        w = self.words.text
        stop = next((k for k in range(i + 1, min(len(w), i + _CALL)) if not w[k][0].isalnum()), i)
        if stop == i:
            return None
        start = self.analysis.norm.raw_span(self.words.start[i] + cut, self.words.end[i])[0]
        return Mention(Span(start, self._raw_end(stop - 1)), None)

    def opening(self, t: int) -> int:
        """The first word of the quotation that word ``t`` stands in."""
        return next((i for i in range(t, -1, -1) if self.depth[i] != self.depth[t]), 0) + 1

    def turned_to(self, t: int) -> bool:
        """True where the speaker of the quotation of word ``t`` says to whom he turns."""
        return self._turned_to(t, self.opening(t)) is not None or self._behind(t) is not None

    def _turned_to(self, t: int, opening: int) -> Mention | None:
        """Those whom the speaker turns to in so many words, in the quotation that opens at ``opening`` or before it; word ``t`` is the command."""
        w = self.words.text
        for i in range(t - 1, max(-1, opening - 40), -1):
            if w[i] == BREAK and self.sentence[t] - self.sentence[i] > 1:
                return None
            word = w[i].lstrip("وف") if len(w[i]) > 3 else w[i]
            if word in _SPOKEN_TO:
                at = i + 1
                if word not in _WITHOUT_SUBJECT:
                    at = next((p.last for p in self.places if p.first == at and (p.subject or self._followed(p))), at)
                if (named := self._noun_phrase(at, 0)) is not None:
                    return named
            elif word in _SAID and w[i + 1] in ("له", "لها", "لهم"):
                return self.antecedent(self._raw_start(i + 1), w[i + 1][1:])
            elif word in _TURNED or word in _SAID:
                past = next(
                    (p.last for p in self.places if p.first == i + 1 and not self.v.read(w[i + 1]).prep), i + 1
                )  # «قال مدير الشركة للعمال»
                for k in range(past, min(t, i + 8)):
                    towards, for_ = (
                        w[k] in ("الي", "إلى", "نحو") and word in _TURNED,
                        w[k][0] == "ل" and self.v.read(w[k]).prep,
                    )
                    if word in _SAID and (not w[k][0].isalnum() or self.depth[k]):
                        break
                    if (towards or for_) and (named := self._noun_phrase(k + towards, 1 - towards)) is not None:
                        return named
        return None

    def _raw_start(self, i: int) -> int:
        return self.analysis.norm.raw_span(self.words.start[i], self.words.end[i])[0]

    def _followed(self, place: Standing) -> bool:
        """True where another mention stands right behind one: that is the object («خاطب هدام رؤساء المصالح»)."""
        return any(p.first == place.last for p in self.places)

    def _behind(self, t: int) -> Mention | None:
        """Those whom the words right behind the quotation of word ``t`` name («…»، قال مخاطبا أعضاء الحكومة)."""
        w = self.words.text
        closing = next((k for k in range(t, len(w)) if self.depth[k] != self.depth[t]), len(w))
        for i in range(closing, min(len(w) - 1, closing + 8)):
            if w[i] == BREAK or self.depth[i]:
                return None
            if w[i] in ("مخاطبا", "مخاطبه"):
                return self._noun_phrase(i + 1, 0)
            if w[i] in _SAID:  # «…»، قال المدير للعمال
                for k in range(i + 1, min(len(w) - 1, i + 7)):
                    if w[k] == BREAK or not w[k][0].isalnum():
                        break
                    if w[k][0] == "ل" and self.v.read(w[k]).prep:
                        return self._noun_phrase(k, 1)
        return None

    def _noun_phrase(self, i: int, cut: int) -> Mention | None:
        """The noun phrase at word ``i`` behind ``cut`` letters, as the mention known there where there is one; a pronoun is none."""
        if i >= len(self.words) or not self.words.text[i][0].isalnum() or len(self.words.text[i]) < 3:
            return None
        start = self.analysis.norm.raw_span(self.words.start[i] + cut, self.words.end[i])[0]
        end = self.np_end(start, len(self.analysis.document.raw))
        known = next((p.mention for p in self.places if p.mention.span.start == start), None)
        if known is not None:
            return known
        return Mention(Span(start, end), None) if end > start else None

    def _public_before(self, t: int, after: int) -> Mention | None:
        """The nearest plural of the public («المقاولين») before word ``t``, behind the raw offset ``after``, that a verb or preposition governs."""
        w, v = self.words.text, self.v
        for i in range(t - 1, max(-1, t - 60), -1):
            if w[i] == BREAK and self.sentence[t] - self.sentence[i] > 1:
                break
            r = v.read(w[i])
            if not (
                r.public
                and (
                    w[i].endswith(("ين", "ون", "ات", "ار", "اب", "اء"))
                    or r.stem in ("تجار", "سكان", "اصحاب", "مستعملي")
                )
            ):
                continue
            before = w[i - 1] if i else BREAK
            if not (
                r.prep
                or v.is_verb(before)
                or not before[0].isalnum()
                or before in self.v.words["preposition"]
                or before in self.v.words["quantifier"]
                or before in v.words["adjective"]
                or self.ends_subject(i)
            ):
                continue
            phrase = self.p.phrase(i, Reading(r.cut, r.conj, r.prep, r.stem, r.definite, Kind.GROUP))
            a, b = self.analysis.norm.raw_span(self.words.start[i] + r.cut, self.words.end[phrase.last - 1])
            return Mention(Span(a, b), None) if a >= after else None
        return None

    def np_end(self, start: int, limit: int) -> int:
        """Raw offset where the noun phrase that starts at ``start`` ends, before ``limit``; ``start`` where none starts there."""
        return np_end(self.analysis, start, limit, self)
