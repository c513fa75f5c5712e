"""Finds the places that name an actor: by head noun, by personal name, and by the list of bodies that need no head."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise

from pipeline.actors.phrases import NAMED_AFTER, PART_OF, Phrase, Phraser
from pipeline.actors.vocabulary import Reading, Vocabulary
from pipeline.actors.words import BREAK, COMMAS, LETTER, Words
from pipeline.morphology import masdar
from pipeline.types import Analysis, Kind

_APPOSITION = COMMAS | {"-", "–", ":", "/"}


# What an office is said to be for or in, behind its noun phrase.
_OF_OFFICE = frozenset({"منطقه", "شوون", "ولايه", "محافظه", "اقليم", "جهه", "مدينه", "قطاع", "مكلف"})

_INSIDE_OFFICE = frozenset({"من", "في", "عن", "لدي", "غير", "و"})
_KEPT = 300_000
_OFFICES_AS_TITLES = frozenset(
    {
        "القاضي",
        "القاضيه",
        "السفير",
        "السفيره",
        "النايب",
        "الوزير",
        "القنصل",
        "الملك",
        "السلطان",
        "الرييس",
        "الوالي",
        "الواليه",
        "المحافظ",
    }
)
_LAST = frozenset({"الاخير", "الاخيره"})
"""The last one named, where a verb stands before («الذي حضره المدير، لفت الأخير»)."""
_DECIDING = frozenset({"قاضي", "قاضيه", "قاضيين", "قاضيتين"})
_OPENING, _CLOSING = frozenset('"«“'), frozenset('"»”')
_LEARNT = frozenset("علمت نشرت ابلغت حصلت تحصلت تحوز تلقت نقلت اوردت ذكرت كشفت عليه عليها منه اكدت".split())
_TOLD = _LEARNT | frozenset({"ل", "لـ", "إلى", "الي", "الى", "مع", "من", "مراسل", "مراسله"})
_STATEMENT = frozenset(
    "تصريح تصريحات حديث حوار خطاب تعليق مقابله اتصال سوال رده لقاء تصريحه حديثه نسخه مراسل قال قالت".split()
)
"""Words of what is said to the press, and before its name."""
_STATES_SAY = frozenset(
    "ادان استنكر ندد اعلن اكد دعا طالب اعتبر اعرب اهاب رفض حذر قرر نفي جدد شدد طلب اتهم عبر ناشد رحب اوضح كشف امر قال منع".split()
)
"""What countries do as persons do («أدانت تونس»)."""
_BY_ADJECTIVE = frozenset({"داخليه", "خارجيه", "بحريه"})
"""Ministries and forces that are named by their adjective alone («بلاغ للداخلية»، «البحرية التونسية»)."""
_CALLED_AFTER = frozenset(
    "مدينه شارع طريق حي مطار جسر ميدان ساحه نفق قاعده ميناء ملعب استاد مسجد جامع حديقه سد مجمع مركز مستشفي جامعه".split()
)
"""Places that carry a person's name («طريق الملك فهد»): no mention of the person."""
_FOOT = 5
"""Lines at the end of a letter in which it is signed."""
_FOOT_TITLES = frozenset({"مولانا", "الامضاء", "التوقيع", "عن", "توقيع"})
_CLOSING_WORDS = frozenset(
    "والسلام السلام الاحترام التقدير تقديرنا احترامي الامضاء وتفضلوا تفضلوا واقبلوا التحيه وفقكم".split()
)
_LONGEST = 12
"""Words that may lie between an office and its holder's name."""


@dataclass(slots=True)
class Found:
    """A place that names an actor. ``start`` … ``end`` and the pairs are offsets into the view; ``first`` … ``last`` are words."""

    first: int
    last: int
    start: int
    end: int
    kind: Kind
    head: str = ""
    """Stem of the head noun (of the office, for a person with one)."""
    definite: bool = False
    full: bool = True
    name: tuple[int, int] | None = None
    designation: tuple[int, int] | None = None
    """The office of a person; the body or office itself, honorifics aside, for others."""
    hidden_article: str = ""
    """What «للـ» hides of the article: the designation starts behind it («لوالي» needs «ا», «لجنة» of «للجنة الأمنية» needs «ال»)."""
    further: tuple[tuple[int, int], ...] = ()
    """Further offices of the same person inside the mention («والي الجهة ورئيس اللجنة»)."""
    alias: tuple[int, int] | None = None
    nested: bool = False
    """Inside another mention."""
    source: str = "rule:head"


class Recogniser:
    """Finds mentions in one document."""

    def __init__(self, analysis: Analysis, vocabulary: Vocabulary) -> None:
        self.analysis = analysis
        self.v = vocabulary
        self.words = Words.of(analysis)
        self.p = Phraser(self.words, vocabulary)
        self.sixth = _sixth_break(self.words.text)
        """Index of the sixth BREAK: bylines stand above it."""
        self.listed = -1
        """Index of the word behind the last person: «و» + name there goes on with a list of persons."""

    def run(self) -> list[Found]:
        """All mentions in text order; one inside another follows it."""
        found: list[Found] = []
        done = 0
        for i in self._starts():
            if i < done:
                continue
            here = self._at(i)
            if here:
                found += here
                done = max(f.last for f in here)
                if here[0].kind is Kind.PERSON:
                    self.listed = done + (self.words.text[done : done + 1] == ["،"])
        letter = not LETTER.isdisjoint(self.words.text)
        found = [f for f in found if f.last <= self.words.signature or f.first < self.words.signature or letter]
        found = [f for f in found if not self._byline(f)]
        found += self._in_press(found)
        if letter:
            found = self._signed(found)
        found = sorted(self._appositions(found), key=lambda f: (f.start, -f.end))
        return self._held_together(found)

    def _starts(self) -> list[int]:
        """The words that a mention can start with."""
        known, words = self.v.starts, self.words.text
        if len(known) > _KEPT:
            known.clear()
        starts = list(map(known.get, words))
        if None in starts:
            for word in dict.fromkeys(words):
                if word not in known:
                    known[word] = self._start_class(word)
            starts = list(map(known.get, words))
        return list(compress(range(len(starts)), starts))

    def _byline(self, f: Found) -> bool:
        """A reporter's name on a line of its own, maybe behind a place («وادي حلفا: ياسر عمر»)."""
        w = self.words.text
        named = f.kind is Kind.PERSON and f.designation is None
        titular = f.kind is Kind.OFFICE and w[f.first] in self.v.given  # «سلطان المالكي (الطائف)»
        if not (named or titular) or f.first >= self.words.signature:
            return False
        if f.first > self.sixth:
            return False
        first, last = f.first, f.last
        while first and w[first - 1] != BREAK:
            first -= 1
        while last < len(w) and w[last] != BREAK:
            last += 1
        before, behind = w[first : f.first], w[f.last : last]
        if first > self.sixth or len(before) > 4:
            return False
        if not before and self._from_place(f.last, last):
            return True
        if before and before[-1] in "-–—" and self._reports(f.last):
            return True
        if titular or len(behind) > 1 or (behind and behind[0][0].isalnum()):
            return False
        return not before or before[-1] in "-–—:/|ـ،,." or before[0] in ("كتب", "كتبت", "بقلم")

    def _reports(self, i: int) -> bool:
        """True where a report begins at word ``i`` with a verb of saying and another who says it («المدينة - فلان قال الوزير إن …»)."""
        v, w = self.v, self.words.text
        return w[i] in v.words["saying"] and w[i + 1] not in v.given and self._start_class(w[i + 1])

    def _from_place(self, i: int, last: int) -> bool:
        """True where a line goes on with the place that a reporter writes from: «(مسقط)» and then the report, «من مسقط» or «- مسقط» alone."""
        w = self.words.text
        if i + 1 >= last or not w[i + 1][0].isalpha():
            return False
        end = self.p.place_end(i + 1)
        return end > i + 1 and (w[i] == "(" and w[end] == ")" or end == last and (w[i] == "من" or w[i] in "-–—:/|ـ،,"))

    def _appositions(self, found: list[Found]) -> list[Found]:
        """An office and a name a few words on («والي كسلا بالنيابة، سالم عمر»), with nothing but its own words between, are one."""
        w = self.words.text
        out: list[Found] = []
        offices: list[Found] = []
        for f in found:
            bare = f.kind is Kind.PERSON and f.designation is None and f.name is not None and f.last - f.first >= 2
            before = next((x for x in reversed(offices) if x.last <= f.first), None) if bare else None
            if before is not None and before.designation is not None and self._names_holder(before, f):
                plain = before.last
                while plain < f.first and w[plain] not in COMMAS:
                    plain += 1
                before.designation = (before.designation[0], self.words.end[plain - 1])
                for x in out:
                    x.nested = x.nested or x is not before and x.first >= before.first
                before.kind, before.name, before.last, before.end = Kind.PERSON, f.name, f.last, f.end
                offices.remove(before)
                continue
            out.append(f)
            if f.kind is Kind.OFFICE and f.full and f.designation:
                offices.append(f)
        return out

    def _held_together(self, found: list[Found]) -> list[Found]:
        """Offices of one person: two tied by «و» with one name before or behind («وزير المالية الأسبق والخبير الاقتصادي فلان»), a
        second right behind that of a named person («فلان أمير المنطقة رئيس اللجنة»)."""
        outer = [f for f in found if not f.nested]
        gone: list[Found] = []
        for a, b in pairwise(outer):
            if a in gone or a.designation is None or b.designation is None or not (a.full and b.full):
                continue
            named_before = a.kind is Kind.PERSON and b.kind is Kind.OFFICE and a.name and a.name < a.designation
            named_behind = a.kind is Kind.OFFICE and b.kind is Kind.PERSON and b.name and b.designation < b.name
            second = "بالنيابه" in self.words.text[b.first : b.last] or self.words.text[b.first + 1] == "الدوله"
            alike = a.head.endswith("ه") == b.head.endswith("ه") and (a.head != b.head or a.head == "وزير" and second)
            if named_before and b.first == a.last and b.start == self.words.start[b.first]:
                a.last, a.end, a.further = b.last, b.end, (*a.further, b.designation)
                gone.append(b)
            elif not alike or not self._tied(a, b):
                continue
            elif named_behind:
                b.first, b.start, b.head, b.hidden_article = a.first, a.start, a.head, a.hidden_article
                b.further = (*a.further, b.designation, *b.further)
                b.definite, b.designation = a.definite, (a.designation[0], b.designation[1])
                gone.append(a)
            elif named_before:
                a.further = (*a.further, b.designation)
                a.last, a.end, a.designation = b.last, b.end, (a.designation[0], b.designation[1])
                gone.append(b)
        if not gone:
            return found
        for x in found:
            x.nested = x.nested or any(f is not x and f.first <= x.first and x.last <= f.last for f in outer)
        return [f for f in found if f not in gone]

    def _tied(self, a: Found, b: Found) -> bool:
        """True where nothing but «و» stands between two mentions."""
        w = self.words.text
        return b.first == a.last and self.v.read(w[b.first]).conj or w[a.last : b.first] == ["و"]

    def _names_holder(self, office: Found, f: Found) -> bool:
        """True where the person ``f`` can only be the holder of the office before: its own words alone lie between, a comma at most at their end."""
        between = self.words.text[office.last : f.first]
        named = f.kind is Kind.PERSON and f.designation is None and f.name is not None and f.last - f.first >= 2
        if not named or not 1 <= len(between) <= _LONGEST or f.start != self.words.start[f.first]:
            return False
        comma = between[-1] in COMMAS
        plain = between[:-1] if comma else between
        if len(plain) <= 4 and all(self._of_office(t) for t in plain):
            return True
        last = self.v.read(plain[-1]) if plain else None
        if last is None or not last.definite and plain[-1][last.cut :] not in self.v.places:
            return False  # «شارع العربي بن مهيدي» is no person
        return all(self._goes_on(t, comma) for t in plain)

    def _of_office(self, t: str) -> bool:
        """A word between an office and its holder's name: definite, or a place («مدير التعليم بمنطقة جازان فلان»)."""
        r = self.v.read(t)
        if t.startswith(("ال", "بال", "لل", "وال")):
            return r.head is None and not r.public
        task = masdar(t[1:]) if t[0] in "لو" else None
        return t in self.v.places or r.prep != "" and r.stem in _OF_OFFICE or task is not None and task.score >= 0.5

    def _goes_on(self, t: str, comma: bool) -> bool:
        """True where a word can go on with a long name of an office («… للوقاية من حوادث المرور»): no verb, adverb or further actor."""
        v, r = self.v, self.v.read(t)
        if t in _INSIDE_OFFICE or t[0] in '«»"_':
            return True
        if not t[0].isalpha() or t in v.words["stop"] or t in v.words["adverb"] or t in v.words["preposition"]:
            return False
        if r.definite:
            return r.prep == "ل" or r.head in (None, Kind.ORGANISATION) and not r.public and (r.prep != "ب" or comma)
        if v.is_verb(t) or r.head in (Kind.OFFICE, Kind.GROUP) or r.conj or t.endswith("ا"):
            return False
        return comma or t[0] != "ب" or t[1:] in v.places or r.head is Kind.ORGANISATION

    def _start_class(self, t: str) -> bool:
        if not t[0].isalpha():
            return False
        v, rest = self.v, t[1:]
        if t in v.openings or rest in v.openings or t in v.words["agency"] or "ا" + rest in v.speaker_tails:
            return True
        r = v.read(t)
        return (
            r.head is not None
            or (r.definite and "ال" + r.stem in v.words["honorific"])
            or r.stem.removeprefix("ال") in v.fixed
            or t.removeprefix("ال") in v.fixed
            or rest.removeprefix("ال") in v.fixed
            or t in v.countries
            or r.definite
            and r.stem in _BY_ADJECTIVE
        )

    def _at(self, i: int) -> list[Found]:
        """The mentions that start at word ``i``: the outer one first."""
        v, w = self.v, self.words.text
        r = v.read(w[i])
        reference = self._reference(i, r)
        if reference is not None:
            return [reference]
        if w[i] in v.words["agency"] and self._apart(i):
            at = (self.words.start[i], self.words.end[i])
            return [self._found(i, 0, i + 1, Kind.ORGANISATION, designation=at, definite=True, source="rule:agency")]
        if r.stem in _BY_ADJECTIVE and r.definite or w[i] in v.countries:
            return self._state(i, r)
        if self._after_place(i) or i and self._after_place(i - 1):
            return []
        titled, cut = self._titles(i, r)
        fixed = self._fixed(i)
        j = titled
        if j > i:
            if j < len(w) and w[j] != BREAK and w[j][0].isalpha():
                r2 = v.read(w[j])
                if r2.head is Kind.GROUP and not r2.cut:
                    return self._body(j, self.p.phrase(j, r2))
                if r2.head is Kind.OFFICE and not r2.cut and w[j] not in v.given:
                    phrase = self.p.phrase(j, r2)
                    if phrase.full or r2.definite:
                        return self._office(i, cut, j, phrase)
                whole = self._fixed(j)
                if whole is not None and whole.kind is Kind.OFFICE and whole.start == self.words.start[j]:
                    return self._office(
                        i, cut, j, Phrase(j, whole.last, Reading(0, False, "", r2.stem, r2.definite, Kind.OFFICE), True)
                    )
                end = self.p.name(j, trusted=True)
                if end > j:
                    return self._person(i, cut, j, end)
                if (
                    self._surname_only(j)
                    or len(w[j]) > 3
                    and w[j - 1] not in v.words["noun_title"]
                    and w[j] not in v.common
                    and w[j] not in v.places
                    and self.p._may_be_name(j)
                    or w[j] in v.given
                    and (w[j - 1] in ("الحاج", "الحاجه", "الشيخ", "عمي") or not v.given[w[j]])
                ) and w[j - 1] not in ("المواطن",):
                    return [
                        self._found(
                            i,
                            cut,
                            j + 1,
                            Kind.PERSON,
                            name=(self.words.start[j], self.words.end[j]),
                            source="rule:titled_surname",
                            full=False,
                        )
                    ]
            if r.head is None:
                return []
        if r.head is None and w[i] not in v.given and w[i] != "عبد":
            if fixed is not None:
                return self._fixed_office(fixed) or [fixed]
            rest = w[i][1:]
            listed = w[i][0] == "و" and self.listed == i
            if (
                w[i][0] in "ولبك"
                and (w[i] not in v.common or listed)
                and (rest in v.given and (listed or not v.given[rest]) or rest == "عبد")
            ):
                return self._named(i, 1, listed)
            return []
        if r.head is None or (w[i] in v.given and not r.cut and not r.definite):
            named = self._named(i, 0, self._vouched(i)) or self._named_office(i)
            if named:
                return named
            if r.head is None:
                return (self._fixed_office(fixed) or [fixed]) if fixed is not None else []
        phrase = self.p.phrase(i, r)
        if fixed is not None and fixed.last >= phrase.last and fixed.kind is not Kind.OFFICE:
            return [fixed]
        if r.head is Kind.OFFICE:
            return self._office(i, r.cut, i, phrase)
        return self._body(i, phrase)

    def _after_place(self, i: int) -> bool:
        """True for the title in the name of a place («طريق الملك فهد»)."""
        w = self.words.text
        return i > 0 and w[i] in NAMED_AFTER and any(w[i - 1][cut:] in _CALLED_AFTER for cut in (0, 1, 2))

    def _state(self, i: int, r: Reading) -> list[Found]:
        """A country as subject of what it says («أدانت تونس»), or a ministry named by its adjective («الخارجية الإيرانية»)."""
        v, w = self.v, self.words.text
        before = w[i - 1] if i else BREAK
        if r.stem in _BY_ADJECTIVE:
            if r.conj or before.startswith(("ال", "وال", "بال", "لل", "فال")):
                return []
            last = i + 1
            while last < len(w) and w[last].startswith("ال") and self.p.is_adjective(w[last], w[last][2:], False):
                last += 1
            source, cut = "rule:adjective", r.cut
        else:
            last = next((i + 1 + len(c) for c in v.countries[w[i]] if tuple(w[i + 1 : i + 1 + len(c)]) == c), 0)
            feminine = before.endswith("ت") or before.lstrip("وسف")[:1] == "ت"
            if not last or not feminine or not v.is_verb(before) or v.base_form(before) not in _STATES_SAY:
                return []
            source, cut = "rule:country", 0
        at = (self.words.start[i] + cut, self.words.end[last - 1])
        hidden = self._hidden_article(i, r) if cut else ""
        return [
            self._found(
                i,
                cut,
                last,
                Kind.ORGANISATION,
                head=r.stem,
                designation=at,
                definite=True,
                hidden_article=hidden,
                source=source,
                full=last > i + 1 or source == "rule:country",
            )
        ]

    def _apart(self, i: int) -> bool:
        """True for a word that stands between brackets, dashes or slashes in one line («تونس (وات) -»)."""
        w = self.words.text
        before, behind = w[i - 1] if i else BREAK, w[i + 1]
        return before in '(/-–|«"' and (before in '(«"' or not behind[0].isalnum())

    def _signed(self, found: list[Found]) -> list[Found]:
        """The name on a line of its own at the foot of a letter, whatever its words are otherwise («المختار ولد سيدي»); it goes with the office above it."""
        w = self.words.text
        breaks = [i for i, t in enumerate(w) if t == BREAK]
        lines = list(pairwise([-1, *breaks]))[-_FOOT:]
        for start, end in reversed(lines):
            first = start + 1
            while first < end and (
                w[first] in self.v.words["honorific"] or w[first] in _FOOT_TITLES or not w[first][0].isalnum()
            ):
                first += 1
            here = [f for f in found if start < f.first < end]
            named = any(f.kind is Kind.PERSON and f.last == end for f in found)
            if named:
                break
            if not self._is_name(first, end) or not (w[end - 1 : end] and self._closed_before(start, lines)):
                continue
            office = next((f for f in found if f.kind is Kind.OFFICE and f.last == start and f.full), None)
            found = [f for f in found if f not in here]
            at = (self.words.start[first], self.words.end[end - 1])
            if office is not None and office.designation:
                office.kind, office.name, office.last, office.end = Kind.PERSON, at, end, at[1]
            else:
                found.append(self._found(first, 0, end, Kind.PERSON, name=at, source="rule:signature"))
            break
        return found

    def _is_name(self, first: int, end: int) -> bool:
        """True where the words of a line can be nothing but a name: two to five, no particle, no head of an office but before «ولد»."""
        w, v = self.words.text, self.v
        if not 2 <= end - first <= 6:
            return False
        for k in range(first, end):
            r = v.read(w[k])
            if not w[k][0].isalpha() or w[k] in v.words["stop"] or w[k] in v.words["preposition"]:
                return False
            if (r.head is not None or r.public) and w[k] not in v.given and w[k + 1] not in ("ولد", "بن", "بنت", "منت"):
                return False
        known = any(w[k] in v.given or w[k] in v.words["particle_name"] for k in range(first, end))
        return known or w[first].startswith("عبد")

    def _closed_before(self, start: int, lines: Sequence[tuple[int, int]]) -> bool:
        """True where a letter's closing words or an office stand in the lines before the one that starts behind ``start``."""
        w = self.words.text
        low = lines[0][0] + 1
        near = w[max(low, 0) : max(start, 0)]
        return not _CLOSING_WORDS.isdisjoint(near) or any(self.v.read(t).head is Kind.OFFICE for t in near[-8:])

    def _in_press(self, found: list[Found]) -> Iterator[Found]:
        """Newspapers and stations by their name in quotation marks, where they are told something («في تصريح لـ«الأفق»»)."""
        w = self.words.text
        if _OPENING.isdisjoint(w):
            return
        opened = [i for i, t in enumerate(w) if t in _OPENING and 0 < i < len(w) - 2 and w[i - 1] in _TOLD]
        taken = {i for f in found for i in range(f.first, f.last)} if opened else set()
        for i in opened:
            if not w[i + 1][0].isalpha() or i + 1 in taken:
                continue
            last = next((k for k in (i + 2, i + 3) if w[k] in _CLOSING), 0) if w[i + 2] != BREAK else 0
            near = w[max(0, i - 6) : i]
            if last and (
                w[i - 1] in _LEARNT or any(t in _STATEMENT or t in _LEARNT or self.v.is_verb(t) for t in near)
            ):
                at = (self.words.start[i + 1], self.words.end[last - 1])
                yield self._found(i + 1, 0, last, Kind.ORGANISATION, designation=at, definite=True, source="rule:press")

    def _reference(self, i: int, r: Reading) -> Found | None:
        """«المتحدث»، «ذات المسؤول»، «المسؤول الأول عن القطاع»: somebody named before."""
        v, w = self.v, self.words.text
        t = w[i]
        cut = 0
        if t not in v.speaker_tails:
            cut = r.cut if r.cut else 1
            t = "ا" + t[cut:] if t[cut:].startswith("ل") and t[cut - 1 :].startswith("لل") else t[cut:]
            if t not in v.speaker_tails or w[i][0] not in "وفبلك":
                return None
        for rest in v.speaker_tails[t]:
            if tuple(w[i + 1 : i + 1 + len(rest)]) != rest:
                continue
            if not rest and t in _LAST and not (i and v.is_verb(w[i - 1])):
                continue  # «في الأسبوع الأخير»
            last = i + 1 + len(rest)
            if rest and rest[-1] in ("عن", "علي", "على", "في"):
                if not w[last][0].isalpha():
                    return None
                last = self.p.phrase(last, v.read(w[last])).last
            elif rest == ("الاول",) or rest == ("الاولي",):
                if last < len(w) and v.read(w[last]).prep == "ب":
                    last = max(last + 1, self.p.phrase(last, v.read(w[last])).last)
            elif last < len(w) and w[last][0].isalpha():
                nxt = v.read(w[last])
                if not v.is_verb(w[last]) and (
                    nxt.definite
                    and not nxt.prep
                    and not nxt.conj
                    and not rest
                    and self.p.is_adjective(w[last], nxt.stem, False)
                    or nxt.prep == "ل"
                    and r.head is not None
                    or w[last] == "باسم"
                    or self.p.name(last, trusted=True) > last
                ):
                    return None
            return self._found(i, cut, last, Kind.OFFICE, head=v.read(t).stem, source="reference:speaker")
        return None

    # -- the ways to be named --------------------------------------------------------------------------------------------

    def _found(self, first: int, cut: int, last: int, kind: Kind, **more: object) -> Found:
        return Found(first, last, self.words.start[first] + cut, self.words.end[last - 1], kind, **more)  # type: ignore[arg-type]

    def _titles(self, i: int, r: Reading) -> tuple[int, int]:
        """(index behind the honorifics that start at ``i``, letters to cut from the first)."""
        w, v = self.words.text, self.v
        honorific = v.words["honorific"]
        cut = 0
        j = i
        while j < len(w):
            t = w[j]
            if j > i and w[j : j + 3] == ["(", "م", ")"]:
                j += 3
                continue
            if j == i and t not in honorific:
                if r.definite and "ال" + r.stem in honorific:
                    cut = r.cut
                elif t[0] in "وفبلك" and t[1:] in honorific and len(t) > 3:
                    cut = 1
                else:
                    break
                j += 1
                continue
            if len(t) == 1 and t in honorific:
                if j + 1 < len(w) and w[j + 1] in (".", "/") and j + 2 < len(w):
                    j += 2
                    continue
                if j > i:
                    j += 1
                    continue
                break
            if j > i and t in v.words["rank"]:
                j += 1
                continue
            if j > i and (behind := self._corps(j)):
                j = behind
                continue
            for rest in v.title_tails.get(t, ()):
                if tuple(w[j + 1 : j + 1 + len(rest)]) == rest:
                    j += 1 + len(rest)
                    break
            else:
                break
            if j < len(w) and w[j] == "/":
                j += 1
        return j, cut

    def _corps(self, j: int) -> int:
        """Index behind the corps of a rank at word ``j`` («العقيد بالحماية المدنية فلان»), where the name stands behind it; else 0."""
        w = self.words.text
        r = self.v.read(w[j])
        if r.prep != "ب" or r.conj or not r.definite or r.head is not Kind.ORGANISATION:
            return 0
        last = self.p.phrase(j, r).last
        named = last < len(w) and w[last] in self.v.given and self.p.name(last, trusted=True) > last
        return last if named else 0

    def _fixed(self, i: int) -> Found | None:
        """The body of the lists whose name starts at word ``i``."""
        for cut, hidden, parts, kind in self.v.bodies(self.words.text[i]):
            last = self.p.matches(i + 1, parts[1:])
            if last:
                r = self.v.read(self.words.text[i])
                at = (self.words.start[i] + cut, self.words.end[last - 1])
                part = i > 0 and self.v.read(self.words.text[i - 1]).stem in PART_OF  # «التابعة للأمم المتحدة (إسكوا)»
                return self._found(i, cut, last, kind, head=r.stem if r.head else "", designation=at, hidden_article="ا" if hidden else "", definite=True,
                                   alias=None if part else self._acronym(last), source="gazetteer:bodies")  # fmt: skip
        return None

    def _fixed_office(self, office: Found) -> list[Found]:
        """An office of the lists with the name behind it («خادم الحرمين الشريفين الملك فلان»); nothing where no name follows."""
        if office.kind is not Kind.OFFICE or office.designation is None:
            return []
        head = Reading(0, False, "", office.head, True, Kind.OFFICE)
        name, end = self._name_after(office.last, Phrase(office.first, office.last, head, True))
        if not end:
            return []
        office.kind, office.last, office.end = Kind.PERSON, end, self.words.end[end - 1]
        office.name = (self.words.start[name], office.end)
        office.alias = None
        return [office]

    def _unknown(self, t: str) -> bool:
        """A word without clitics, endings or a verb's prefix that the lists do not know: behind «الوزير» it is a surname."""
        if t in self.v.given:
            return not self.v.is_verb(t)  # «السيد الوالي طالب»
        task = masdar(t) if t.startswith("ال") else None
        if task is not None and task.listed:
            return False  # «عزا الوزير التأخر إلى»
        return t not in self.v.common and not (
            t.endswith(("ا", "ه", "ها", "هم"))
            or t.startswith(("سي", "ست", "لل", "وب", "ول"))
            or t[0] in "لب"
            and (t[1:] in self.v.common or len(t) <= 4)
        )

    def _surname_only(self, j: int) -> bool:
        """One word that can be a surname («السيد بورحلة»), the clause or a verb going on behind it."""
        described = self.words.text[j].startswith("ال") and self.words.text[j - 1] in self.v.words["noun_title"]
        return (
            len(self.words.text[j]) > 2
            and not described
            and self.p._may_be_name(j)
            and self.words.text[j] not in self.v.words["adjective"]
            and self.p._ends_clause(j + 1)
        )

    def _vouched(self, i: int) -> bool:
        """True behind a noun for a person («المزارع»، «سائق الحافلة»), which makes ordinary words names."""
        w, v = self.words.text, self.v
        if not i or not w[i - 1].startswith("ال"):
            return False
        before = v.read(w[i - 1])
        return before.public and not before.cut or i > 1 and not v.read(w[i - 2]).definite and v.read(w[i - 2]).public

    def _named(self, i: int, cut: int, trusted: bool = False) -> list[Found]:
        """A person named without title or office before. ``trusted``: what stands before vouches for the name."""
        w = self.words.text
        if cut:
            saved = w[i]
            words = list(w)
            words[i] = saved[cut:]
            end = Phraser(Words(words[: i + 8], self.words.start, self.words.end, 0), self.v).name(i, trusted)
        else:
            end = self.p.name(i, trusted)
        return self._person(i, cut, i, end) if end > i else []

    def _named_office(self, i: int) -> list[Found]:
        """An ordinary word as a given name, sure because an office stands behind it («الطاهر مقيدش، وزير الفلاحة»)."""
        w = self.words.text
        end = self.p.name(i, trusted=True) if w[i] in self.v.given else i
        k = end + 1 if end < len(w) and w[end] in COMMAS else end
        if k == end and (self.v.is_verb(w[i]) or any(t in self.v.words["honorific"] for t in w[i:end])):
            return []  # «طالب السيد رئيس الجمهورية»
        if end > i + 1 and k < len(w) and self.v.read(w[k]).head is Kind.OFFICE and not self.v.read(w[k]).cut:
            found = self._person(i, 0, i, end)
            return found if found[0].designation is not None else []
        return []

    def _person(self, first: int, cut: int, name: int, end: int) -> list[Found]:
        """A person whose name is words ``name`` … ``end``; an office in apposition behind it is taken in."""
        w, v = self.words.text, self.v
        at = (self.words.start[name] + (cut if name == first else 0), self.words.end[end - 1])
        j = end
        comma = j < len(w) and w[j] in COMMAS
        k = j + 1 if comma or self._signs_above(first, j) else j
        if k < len(w) and w[k][0].isalpha():
            k, _ = self._titles(k, v.read(w[k])) if v.read(w[k]).head is None else (k, 0)
        if k < len(w) and w[k][0].isalpha() and w[k] not in v.given:
            r = v.read(w[k])
            if r.head is Kind.OFFICE and not r.cut:
                phrase, _ = self._further_office(self.p.phrase(k, r), True)
                decides = not phrase.full and self._decides(k)
                if (phrase.full or (r.definite and not comma)) and not decides and not self._name_behind(phrase):
                    return [
                        self._found(first, cut, phrase.last, Kind.PERSON, head=r.stem, name=at, definite=r.definite, full=phrase.full,
                                    designation=(self.words.start[k], self.words.end[phrase.last - 1])),
                        *self._nested(phrase),
                    ]  # fmt: skip
        return [self._found(first, cut, end, Kind.PERSON, name=at, source="gazetteer:given_names")]

    def _signs_above(self, first: int, end: int) -> bool:
        """True for a name on a line of its own at the foot of a letter, its office on the next line."""
        w = self.words.text
        line = first and w[first - 1] == BREAK and w[end : end + 1] == [BREAK] and end + 1 < len(w)
        closed = not _CLOSING_WORDS.isdisjoint(w[max(0, first - 8) : first])
        if not line or not closed or not w[end + 1][0].isalpha() or self.v.read(w[end + 1]).head is not Kind.OFFICE:
            return False
        last = self.p.phrase(end + 1, self.v.read(w[end + 1])).last
        return w[last : last + 1] == [BREAK]

    def _name_behind(self, phrase: Phrase) -> bool:
        j, _ = self._skip_titles(phrase.last)
        return j < len(self.words) and self.p.name(j, trusted=True) > j and self.words.text[j] in self.v.given

    def _skip_titles(self, j: int) -> tuple[int, int]:
        """(index behind the titles at word ``j``, letters to cut), those among them that are offices too («النائب العام القاضي مروان الحلو»)."""
        w = self.words.text
        if j + 1 < len(w) and w[j] in _OFFICES_AS_TITLES and w[j + 1][0].isalpha():
            return self._skip_titles(j + 1)
        if j >= len(w) or not w[j][0].isalpha():
            return j, 0
        return (
            self._titles(j, self.v.read(w[j]))
            if w[j] in self.v.words["honorific"] or w[j] in self.v.title_tails
            else (j, 0)
        )

    def _office(self, first: int, cut: int, i: int, phrase: Phrase) -> list[Found]:
        """An office with honorifics from word ``first``, its noun phrase at ``i``, and the person's name where it follows."""
        phrase, last = self._further_office(phrase, i > first)
        r = phrase.head
        begin = self.words.start[i] + (r.cut if i == first else 0)
        behind = self._titles_behind(last)
        apart = self.words.text[last : last + 1] != [] and self.words.text[last] in COMMAS
        designation = (begin, self.words.end[(last if apart else behind) - 1])
        last = behind
        hidden = self._hidden_article(i, r) if i == first else ""
        nested = self._nested(phrase)
        if phrase.full or r.definite:
            name, end = self._name_after(last, phrase)
            if end:
                at = (self.words.start[name], self.words.end[end - 1 - (self.words.text[end - 1] == ")")])
                highness = r.stem == "صاحب"  # «صاحب السمو الأمير فلان ولي العهد»
                apposed = self._person(name, 0, name, end) if highness or not phrase.full and last == name else []
                if apposed and apposed[0].designation is not None:  # «السفير فلان المتحدث باسم …»
                    apposed[0].first, apposed[0].start = first, self.words.start[first] + cut
                    return apposed
                body = self._body_between(last, name)
                if body:
                    designation = (begin, self.words.end[body[0].last - 1])
                return [
                    self._found(
                        first,
                        cut,
                        end,
                        Kind.PERSON,
                        head=r.stem,
                        name=at,
                        designation=designation,
                        definite=r.definite,
                        full=phrase.full,
                        hidden_article=hidden,
                        further=self._offices_between(last, name),
                    ),
                    *nested,
                    *body,
                ]
        if not phrase.full and (not r.definite or self._decides(first)):
            return []
        if not self._allowed(phrase):
            return nested
        return [
            self._found(
                first,
                cut,
                last,
                Kind.OFFICE,
                head=r.stem,
                designation=designation,
                definite=r.definite,
                full=phrase.full,
                hidden_article=hidden,
            ),
            *nested,
        ]

    def _body_between(self, first: int, last: int) -> list[Found]:
        """The body that an office is said to be in before its holder's name («رئيس اللجنة في غرفة وهران فلان»): inside the mention."""
        w = self.words.text
        r = self.v.read(w[first + 1]) if first + 1 < last and w[first] == "في" else None
        found = self._body(first + 1, self.p.phrase(first + 1, r, last)) if r and r.head is Kind.ORGANISATION else []
        for f in found:
            f.nested, f.alias = True, None
        return found

    def _offices_between(self, first: int, last: int) -> tuple[tuple[int, int], ...]:
        """The offices that stand as titles between another office and a name («رئيس لجنة التحكيم القاضي فلان»)."""
        w = self.words
        return tuple((w.start[k], w.end[k]) for k in range(first, last) if w.text[k] in _OFFICES_AS_TITLES)

    def _decides(self, i: int) -> bool:
        """True for a participle that says what a decision before it orders («المراسلة القاضية بغلق المحلات»): no judge."""
        w, v = self.words.text, self.v
        if not i or v.read(w[i]).stem not in _DECIDING or v.read(w[i]).cut or i + 1 >= len(w):
            return False
        before, task = w[i - 1], masdar(w[i + 1][1:]) if w[i + 1][0] == "ب" else None
        noun = before[0].isalpha() and not v.is_verb(before) and before not in v.words["stop"]
        return noun and task is not None and task.score >= 0.5

    def _further_office(self, phrase: Phrase, titled: bool) -> tuple[Phrase, int]:
        """«وزير الدولة وزير الطاقة»، «الرئيس المدير العام»، «وزير العدل حافظ الأختام»: one office."""
        w, v = self.words.text, self.v
        last = phrase.last
        if last < len(w) and (w[last][0].isalpha() or w[last] in COMMAS):
            r = v.read(w[last])
            both = phrase.head.definite == r.definite and (phrase.full or phrase.head.definite)
            if r.head is Kind.OFFICE and not r.cut and both and w[last] not in v.given:
                further = self.p.phrase(last, r)
                head = phrase.head.stem
                before = w[phrase.first - 1] if phrase.first else BREAK
                governed = phrase.head.prep or before in v.words["preposition"]
                joined = (
                    head == "نايب"
                    and r.stem == "وزير"
                    or head == "وزير"
                    and r.stem == "وزير"
                    and w[last - 1] == "الدوله"
                    or head == "رييس"
                    and r.definite
                    and r.stem == "مدير"
                    or titled
                    and head in ("عضو", "نايب", "ولي")
                    or bool(governed)
                )
                if further.full and (
                    joined or self._name_after(further.last, further)[1] and not v.read(w[last]).definite
                ):
                    whole = Phrase(phrase.first, further.last, phrase.head, True, phrase.nested + further.nested)
                    return self._further_office(whole, titled) if titled else (whole, further.last)
        return phrase, last

    def _titles_behind(self, last: int) -> int:
        """Index behind the offices that are held with the one before («، القائد الأعلى للقوات المسلحة»): in the mention, out of its name."""
        w = self.words.text
        i = last + 1 if last < len(w) and w[last] in COMMAS else last
        for rest in self.v.further_tails.get(w[i] if i < len(w) else "", ()):
            if tuple(w[i + 1 : i + 1 + len(rest)]) == rest:
                return self._titles_behind(i + 1 + len(rest))
        return last

    def _name_after(self, last: int, phrase: Phrase) -> tuple[int, int]:
        """(first word, index behind) of the name in apposition to an office that ends before ``last``; (0, 0) where none is."""
        w, v = self.words.text, self.v
        if w[last : last + 1] == ["في"] and w[last + 1][0].isalpha():
            last = self._where(last + 1, phrase) or last
        if last + 4 < len(w) and w[last] in _OPENING and w[last + 2] in _CLOSING or self._acronym(last) is not None:
            j, _ = self._skip_titles(last + 3 + (w[last + 3] in COMMAS))
            end = self.p.name(j, trusted=True) if w[j][0].isalpha() else j
            if end > j and w[j] in v.given:
                return j, end  # «مدير عام صندوق التنمية "هدف" إبراهيم …»
        j, _ = self._skip_titles(last)
        if j < len(w) and w[j][0].isalpha() and not v.read(w[j]).conj:
            end = self.p.name(j, trusted=True)
            titled = j > last
            if end > j and (
                titled
                or w[j] in v.given
                or w[j] == "عبد"
                or w[j] in v.words["particle_name"]
                or w[j + 1] in ("الدين", "الله")
                or self._foreign(j, end)
            ):
                return j, end
            if (
                titled or phrase.head.definite and not phrase.full and w[j] not in v.places and self._unknown(w[j])
            ) and self._surname_only(j):
                return j, j + 1
            if (titled or phrase.full) and (end := max(self.p.apposed(j, titled), self.p.foreign(j))) > j:
                return j, end
        if last + 1 < len(w) and w[last] == BREAK and w[last + 1][0].isalpha():
            # A signature: the office, and the name on the next line.
            j, _ = self._skip_titles(last + 1)
            end = self.p.name(j, trusted=True) if w[j][0].isalpha() else j
            sure = j > last + 1 or w[j] in v.given or len(w[j]) == 1 or w[j] == "عبد" or w[j + 1] in ("الدين", "الله")
            if end > j and end < len(w) and w[end] == BREAK and sure:
                return j, end
        if last + 2 < len(w) and w[last] == "(" and w[last + 1][0].isalpha():
            j, _ = self._skip_titles(last + 1)
            end = self.p.name(j, trusted=True) if w[j][0].isalpha() else j
            if end > j and w[end] == ")" and (j > last + 1 or w[j] in v.given):
                return j, end + 1
        if w[last : last + 2] == ["،", "،"]:
            last += 1
        if last < len(w) and w[last] in _APPOSITION and last + 1 < len(w) and w[last + 1][0].isalpha():
            j, _ = self._skip_titles(last + 1)
            if j < len(w) and w[j][0].isalpha() and (v.read(w[j]).head is None or w[j] in v.given):
                end = self.p.name(j, trusted=True)
                if end > j and (w[j] in v.given or w[j] == "عبد" or j > last + 1 or self.p._ends_clause(end)):
                    return j, end
                if (end := self.p.apposed(j, j > last + 1)) > j and (end >= len(w) or not w[end][0].isalnum()):
                    return j, end
        return 0, 0

    def _where(self, i: int, phrase: Phrase) -> int:
        """Index behind the place or body that says where an office is, before its holder's name («المدير العام للتعليم في القصيم عبدالله …»); else 0."""
        w, r = self.words.text, self.v.read(self.words.text[i])
        if (end := self.p.place_end(i)) > i:
            return end
        body = self.p.phrase(i, r) if phrase.full and r.head is Kind.ORGANISATION and not r.cut else None
        if body is None or not (body.full or r.definite) or w[body.last] not in self.v.given:
            return 0
        return body.last if self.p.name(body.last, trusted=True) > body.last else 0

    def _foreign(self, j: int, end: int) -> bool:
        """Two unknown words of which the second can hardly be anything but a surname, the clause going on behind them."""
        t = self.words.text[end - 1]
        return end - j >= 2 and t.startswith("ال") and t.endswith("ي") and self.p._ends_clause(end)

    def _nested(self, phrase: Phrase) -> list[Found]:
        """Bodies named inside a phrase: by their heads, and those of the lists that need none."""
        v, w = self.v, self.words.text
        found: list[Found] = []
        done = phrase.first + 1
        for k in range(phrase.first + 1, phrase.last):
            if k < done:
                continue
            r = v.read(w[k])
            listed = self._fixed(k)
            if listed is not None and listed.last <= phrase.last and listed.kind is Kind.ORGANISATION:
                found.append(listed)
                done = listed.last
            elif k in phrase.nested:
                inner = self.p.phrase(k, r, phrase.last)
                if (inner.full or r.definite and r.stem in v.words["bare"]) and self._allowed(inner):
                    body = self._body(k, inner)
                    found += body
                    done = max(f.last for f in body)
        for f in found:
            f.nested, f.alias = True, None
        return found

    def _allowed(self, phrase: Phrase) -> bool:
        """False where the lexicon's limits rule the head out with this complement."""
        v, w = self.v, self.words.text
        stem = phrase.head.stem
        if phrase.last == phrase.first + 1 and phrase.head.definite:
            return stem not in ("حمايه", "تنظيم", "بريد", "اتصالات", "صاحب")
        if stem in v.only or stem in v.never:
            behind = ""
            if phrase.last > phrase.first + 1:
                behind = v.read(w[phrase.first + 1]).stem.removeprefix("ال")
            if stem in v.only and behind not in v.only[stem]:
                return False
            if behind in v.never.get(stem, ()):
                return False
        return True

    def _body(self, i: int, phrase: Phrase) -> list[Found]:
        r = phrase.head
        if (not phrase.full and not r.definite) or not self._allowed(phrase):
            return []
        at = (self.words.start[i] + r.cut, self.words.end[phrase.last - 1])
        found = self._found(i, r.cut, phrase.last, r.head or Kind.ORGANISATION, head=r.stem, designation=at, definite=r.definite, full=phrase.full,
                            hidden_article=self._hidden_article(i, r))  # fmt: skip
        found.alias = self._acronym(phrase.last)
        nested = self._nested(phrase)
        last = phrase.last - (self.words.text[phrase.last - 1] in '»"”')
        if r.stem in self.v.words["service"] and nested and nested[0].last >= last:
            nested = nested[1:]  # «مصالح سونلغاز» is Sonelgaz
        return [found, *nested]

    def _hidden_article(self, i: int, r: Reading) -> str:
        """What «لل» at word ``i`` hides of the article; nothing in «لمديرها», and in «للجنة» only before an adjective."""
        w = self.words.text
        if r.prep != "ل" or not w[i].startswith("لل", r.cut - 1):
            return ""
        if r.definite:
            return "ا"
        behind = self.v.read(w[i + 1])
        described = behind.definite and not behind.cut and self.p.is_adjective(w[i + 1], behind.stem)
        return "ال" if described and w[i + 1].startswith("ال") else ""

    def _acronym(self, j: int) -> tuple[int, int] | None:
        """A short form in brackets or quotes right behind a body: «(OAIC)»، «"كاسنوس"»."""
        w = self.words.text
        if j + 2 >= len(w) or w[j] not in '(«"“' or w[j + 2] not in ')»"”':
            return None
        t = w[j + 1]
        latin = t.isascii() and t.isupper() and 2 <= len(t) <= 12
        arabic = t in self.v.canonical or (
            len(t) >= 3
            and t[0].isalpha()
            and not t.isascii()
            and not t.startswith("ال")
            and w[j] in '("«“'
            and self.p._may_be_name(j + 1)
        )
        return (self.words.start[j + 1], self.words.end[j + 1]) if latin or arabic else None


def _sixth_break(words: Sequence[str]) -> int:
    at = -1
    try:
        for _ in range(6):
            at = words.index(BREAK, at + 1)
    except ValueError:
        return len(words)
    return at


def mentions(analysis: Analysis, vocabulary: Vocabulary) -> Iterator[Found]:
    """All mentions of a document by its patterns, in text order."""
    yield from Recogniser(analysis, vocabulary).run()
