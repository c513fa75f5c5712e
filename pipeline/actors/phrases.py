"""Where noun phrases end, over the words of a document.

A noun phrase is read from its head: construct chain to the first definite noun or proper name (إضافة), adjectives that follow a
definite noun, coordinated complements («وزارة العمل والتشغيل»), then لـ and بـ phrases where the head takes them. Words are
indices into :class:`Words`; offsets into the view are ``start`` and ``end`` of a word.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.actors.names import TITLE_NAMES, Names
from pipeline.actors.vocabulary import Reading
from pipeline.actors.words import BREAK
from pipeline.morphology import masdar
from pipeline.types import Kind

_QUOTES = {"«": "»", '"': '"', "“": "”", "(": ")"}
_SPOKESMEN = frozenset({"ناطق", "ناطقه", "متحدث", "متحدثه"})
_AT_COURT = frozenset("كاتب كاتبه وزير وزيره مكلف مكلفه وكيل وكلاء نايب قاضي سفير سفيره محامي نيابه هييه ممثل".split())
_MEMBERS = frozenset(
    "عضو اعضاء نايب نايبه نواب ممثل ممثله ممثلي ممثلو ممثلين ممثلون قيادي قياديه وفد وفدا مستشارون مستشارين".split()
)
_NISBAS = frozenset("اتحاديه طبي فني بري جوي اعلامي اعلاميه برلماني صحفي صحفيه نقابي قيادي قياديه".split())
"""Short words, and heads, that are adjectives behind a definite noun («المجمع الطبي»، «الناطق الإعلامي»)."""
_ORDINALS = frozenset(
    "الاول الاولي الثاني الثانيه الثالث الثالثه الرابع الاخير الجديد الجديده الحالي الحاليه السابق السابقه القديم".split()
)
_DOING = frozenset("مديره منظمه مسير مسيره منتخب".split())
"""Participles that are heads too: behind a body with its article they describe it («الهيئة المديرة»، «اللجنة المنظمة»)."""
_CHARGED = frozenset("مكلف مكلفه مكلفين مكلفون امرين امرون معني قايم قايمين قايمون".split())
"""Participles that say with بـ or على what somebody is in charge of («الآمرين بالصرف»، «القائمين على المشروع»)."""
_MUNICIPAL = frozenset("الشوون الشيون الانتخابات للانتخابات المجالس الشعبيه المصالح الخدمات الجماعات".split())
_OF_MEMBERS = frozenset(
    "نقابه اتحاد جمعيه اتحاديه فدراليه فيدراليه رابطه عماده مجلس غرفه تعاونيه كنفدراليه صندوق ديوان تنسيقيه".split()
)
_FOR = frozenset("وكيل وكيله وكلاء مساعد مساعده مساعدي مساعدو".split())
"""Offices that say with لـ what they are for («وكيل الوزارة لتعليم البنات»)."""
_AIDES = frozenset("مستشار مستشاره نايب نايبه وكيل مساعد مساعده سكرتير سكرتيره".split())
_SERVED = frozenset("رييس رييسه وزير وزيره ملك امين محافظ والي مدير".split())
"""Aides, and whom they serve («المستشار الإعلامي لرئيس الحكومة»، «الوكيل العام للملك»)."""
_IN_CHARGE = frozenset("مسوولين مسوولون مسيولين مسيولون قياديين عاملين".split())
"""Groups that say with في or بـ where they serve («المسؤولين بالقطاع»)."""
PART_OF = frozenset({"تابع", "تابعه", "تابعين", "تابعون"})
"""Participles that say what somebody is a part of («اللجنة الاقتصادية التابعة للأمم المتحدة»)."""
_UNITS = frozenset("مقاطعه بلديه ولايه دايره محافظه معتمديه عماله".split())
_NUMERALS = frozenset("كافه الثلاثه الاربعه الخمسه السته السبعه الثمانيه التسعه العشره".split())
_COUNTS = frozenset(
    "احدي اثني اثنتي ثلاث ثلاثه اربع اربعه خمس خمسه ست سته سبع سبعه ثماني ثمانيه تسع تسعه عشر عشره".split()
)
_OF_MINISTRY = frozenset(
    "الاولي الوصيه المعنيه المكلفه المختصه السابقه الحاليه الجديده المنتدبه التابعه المذكوره".split()
)
_LOCAL = frozenset("مركز مدينه محافظه قريه بلديه ناحيه دايره قضاء ولايه اقليم عماله منطقه حي".split())
"""What an office can be over two of («رئيس مركز ومدينة طنطا»)."""
NAMED_AFTER = frozenset("الملك الامير الشهيد الشيخ الدكتور المجاهد الامام الرييس العقيد الحاج السلطان".split())
_SPELT = {"علي": "على", "الى": "إلى", "الي": "إلى"}
_INSISTING = frozenset("شدد الح اكد اصر حث وافق صادق نبه حرص".split())
"""Verbs whose على opens what is asked for."""
_GOVERNED = frozenset({"في", "على", "علي", "إلى", "الى", "الي", "عن", "من", "مع"})
_FULL_LAM = frozenset(
    (
        "مدير مديره امين امينه كاتب كاتبه مديرين امناء مديرون مدراء مفتش مندوب مندوبين رييس منسق مراقب قايد وكلاء كتاب"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: words ``first`` to ``last`` (excluded), its head's reading, how it is made, and bodies nested in it."""

    first: int
    last: int
    head: Reading
    full: bool
    """It says more than its head noun: a complement, or an adjective that is no mere ordinal."""
    nested: tuple[int, ...] = ()


def _disagrees(head: Reading, adjective: str) -> bool:
    """True where an adjective cannot describe the lone head before it: «البلدية المكلف» (the deputy is), «الولاة المنعقدة» (their meeting is)."""
    if head.head is Kind.OFFICE and adjective.endswith("ه") and not head.stem.endswith("ه"):
        return head.definite  # «تعليمات المحافظ المتضمنة …»
    if not head.stem.endswith("ه"):
        return False
    if head.stem == "وزاره":
        return adjective not in _OF_MINISTRY  # «رسالة الوزارة الخدمية»
    if head.head is Kind.GROUP:
        return adjective.endswith("ه") and adjective not in _NUMERALS
    return not adjective.endswith(("ه", "ا", "ي", "ين", "ون", "ات")) and head.head is Kind.ORGANISATION


class Phraser(Names):
    """Reads noun phrases, and the names in them, off the words of one document."""

    # -- small tests -------------------------------------------------------------------------------------------------

    def fixed_end(self, i: int, cut: int) -> int:
        """Index after a listed body of three words or more, or without article, that starts at word ``i``; ``i`` where there is none."""
        w = self.w
        stem = w[i][cut:].removeprefix("ال")
        for parts, _ in self.v.fixed.get(stem, ()):
            if (len(parts) >= 3 or not parts[0].startswith("ال")) and w[i][cut:] == parts[0]:
                last = self.matches(i + 1, parts[1:])
                if last:
                    return last
        return i

    def matches(self, i: int, parts: tuple[str, ...]) -> int:
        """Index behind the words ``parts`` from word ``i``, quotation marks between them skipped; 0 where they do not stand there."""
        w = self.w
        for part in parts:
            while i < len(w) and w[i] in '"«»“”' and part != w[i]:
                i += 1
            if i >= len(w) or w[i] != part:
                return 0
            i += 1
        return i + (i < len(w) and w[i] in '"»”' and len(parts) > 0 and any(x in '"«“' for x in w[i - len(parts) : i]))

    def is_adjective(self, word: str, stem: str, plural: bool = True) -> bool:
        """A definite word that goes on with a definite noun: a listed adjective, or a nisba (ـي، ـية، ـيين)."""
        if word in self.v.words["adjective"] or "ال" + stem in self.v.words["adjective"]:
            return plural or not stem.endswith(("ين", "ون")) or stem == "مهنيين"
        if len(stem) < 4 or stem in self.v.words["public"] or stem in self.v.heads or stem == "قايمه":
            return stem in _NISBAS
        found = masdar("ال" + stem)
        if found is not None and found.score >= 0.8:
            return False  # «المواطنين التحلي بالصبر»
        if stem.endswith(("ي", "يه", "يين", "يون", "يتين")):
            return not stem.endswith(("ين", "ون")) or plural
        if len(stem) == 5 and stem[1] == "ا" and stem[4] == "ه" and masdar(stem) is None:
            return True  # القابضة، الصادرة
        # Participles: المتجددة، المستقلة، المعتمدين
        return (
            len(stem) >= 5
            and stem[0] == "م"
            and stem.endswith(("ه", "ين", "ون") if plural else "ه")
            and "ال" + stem not in self.v.places
            and masdar(stem) is None
        )

    # -- noun phrases ------------------------------------------------------------------------------------------------

    def phrase(self, i: int, reading: Reading, limit: int | None = None) -> Phrase:
        """The noun phrase whose head is word ``i``, read as ``reading``."""
        w, v = self.w, self.v
        n = len(w) if limit is None else min(limit, len(w))
        open_ = not reading.definite
        stem = reading.stem
        coord = stem in v.words["coordinating"]
        complement = adjectives = strong = 0
        after_lam = coordinated = False
        nested: list[int] = []
        last_head = stem
        j = i + 1
        while j < n:
            t = w[j]
            if t == "_" and j + 1 < n:
                j += 1
                continue
            if t in _QUOTES and t != "(" and (open_ or j == i + 1) and not (t == '"' and self._quoted(j)):
                close = self._closing(j, n)
                if close is None or self._speaks(j + 1):
                    break
                j, open_ = close + 1, False
                complement += 1
                continue
            if (
                t == "-"
                and not open_
                and j + 1 < n
                and self.place_end(j + 1) > j + 1
                and self.w[j - 1][0].isalpha()
                and self.words.end[j] == self.words.start[j + 1]
            ):
                j = self.place_end(j + 1)
                continue
            if not t[0].isalnum():
                break
            if t[0].isdigit():
                if (
                    open_
                    and stem in ("جامعه", "مستشفي", "ثانويه", "ملعب", "مركب")
                    and j + 2 < n
                    and w[j + 1][0].isalpha()
                    and w[j + 2].isdigit()
                ):
                    j, open_ = j + 3, False  # «جامعة 8 ماي 1945»
                    complement += 1
                    continue
                if open_ and j + 1 < n and w[j + 1][0].isalpha() and reading.head is Kind.GROUP:
                    j += 2
                    complement += 1
                    open_ = False
                    continue
                break
            if open_ and t in _COUNTS and reading.head is Kind.GROUP and j + 2 < n and w[j + 1][0].isalpha():
                j += 1 + (w[j + 1] in ("عشر", "عشره"))  # «ولاة إحدى عشرة ولاية شرقية»
                continue
            if t in v.words["stop"]:
                k = self._through(i, j, stem, last_head, n)
                if k is None:
                    break
                sub = v.read(w[k])
                if k > j and sub.head is not None:
                    inner = self.phrase(k, sub, limit)
                    if sub.head is Kind.ORGANISATION:
                        nested.append(k)
                    j = inner.last
                else:
                    j = k + 1
                complement += 1
                open_ = False
                continue
            if (
                t == "ل"
                and not open_
                and j + 1 < n
                and (w[j + 1][0].isalpha() or w[j + 1] in _QUOTES)
                and (adjectives or complement)
            ):
                j, open_ = j + 1, True  # «لـ"الجزائرية للمياه"»
                continue
            if t in ("عام", "عموم") and j == i + 1 and open_ and reading.head in (Kind.OFFICE, Kind.GROUP):
                j += 1
                complement += 1
                continue
            if t in ("بالنيابه", "بالانابه", "بالوكاله") and reading.head is Kind.OFFICE and not open_:
                j += 1
                continue
            if t == "باسم" and stem in _SPOKESMEN and j + 1 < n and w[j + 1][0].isalpha():
                sub = v.read(w[j + 1])
                if sub.head is Kind.ORGANISATION:
                    nested.append(j + 1)
                j = self.phrase(j + 1, sub, limit).last
                complement += 1
                open_ = False
                continue
            r = v.read(t)
            if r.definite and not r.conj and not r.prep:
                if open_:
                    if r.head is Kind.ORGANISATION:
                        nested.append(j)
                    last_head = r.stem if r.head is not None else last_head
                    coord = coord or last_head in v.words["coordinating"]
                    k = max(self.place_end(j), self.fixed_end(j, 0))
                    if t in NAMED_AFTER and Kind.ORGANISATION in (reading.head, v.heads.get(last_head)) and j + 1 < n:
                        known = w[j + 1] in v.given or w[j + 1] in TITLE_NAMES
                        k = max(k, self.name(j + 1, trusted=True), j + 2 if known else 0)
                    j = k if k > j else j + 1
                    complement += 1
                    open_ = False
                elif (
                    r.stem == "مركزيه"
                    and (complement or reading.definite)
                    or complement
                    and r.stem == "بلديه"
                    and (
                        w[j - 1] in _MUNICIPAL
                        or v.read(w[j - 1]).stem in ("شوون", "انتخابات", "مجالس", "خدمات", "مصالح", "شيون")
                    )
                ):
                    j += 1
                    adjectives += 1
                elif (
                    r.stem in PART_OF
                    and not self._belongs(j)
                    or self._second_office(j, r, reading)
                    or not complement
                    and _disagrees(reading, t)
                ):
                    break
                elif (
                    (r.stem in _DOING and reading.head is Kind.ORGANISATION and not complement)
                    or self.is_adjective(t, r.stem, reading.head is Kind.GROUP or w[j - 1].endswith(("ين", "ون", "ات")))
                    and not self._name_here(j)
                ):
                    j += 1
                    adjectives += 1
                    strong += t not in _ORDINALS
                elif r.stem == "كافه" or coordinated and self._agrees(j, r):
                    j += 1
                else:
                    break
            elif r.conj and open_ and r.stem in _LOCAL and self.w[j - 1] in _LOCAL and j + 1 < n:
                j += 1  # «رئيس مركز ومدينة طنطا»
            elif r.conj and open_ and j == i + 1 and self._same_complement(j, r, reading, n):
                j += 1  # «مسؤولي ومنسوبي الديوان»
            elif r.conj and r.definite and not r.prep:
                if open_:
                    break
                if (
                    adjectives
                    and not self._goes_elsewhere(j, r)
                    and self.is_adjective(t[r.cut :], r.stem)
                    and w[j - 1].startswith("ال")
                    and self.is_adjective(w[j - 1], v.read(w[j - 1]).stem)
                ):
                    j += 1
                elif coord and complement and self._coordinates(j, r, reading):
                    j += 1
                    adjectives, coordinated = 0, True
                else:
                    break
            elif t == "و" and j + 1 < n and not open_ and w[j + 1] not in v.words["stop"]:
                nxt = v.read(w[j + 1])
                if (
                    coord
                    and complement
                    and nxt.definite
                    and not nxt.prep
                    and not nxt.conj
                    and self._coordinates(j + 1, nxt, reading)
                ):
                    j += 2
                    coordinated = True
                elif (
                    coord
                    and complement
                    and coordinated
                    and nxt.stem in v.words["inner"]
                    and not nxt.cut
                    and self._goes_on_to_noun(j + 2)
                ):
                    j += 2
                    open_ = True
                else:
                    break
            elif r.conj and not r.definite and not r.prep and not open_:
                further = r.stem in v.words["inner"] and (r.head is not Kind.GROUP or stem in _OF_MEMBERS)
                if coord and complement and further and j + 1 < n and self._goes_on_to_noun(j + 1):
                    j += 1
                    open_ = True
                elif (
                    r.head is None
                    and coord
                    and complement
                    and reading.head is Kind.GROUP
                    and self.place_end(j, r.cut) > j
                ):
                    j = self.place_end(j, r.cut)
                else:
                    break
            elif r.prep == "ل" and not r.conj and not open_:
                if not self._takes_lam(i, j, r, reading, last_head, complement, adjectives):
                    break
                if r.head is Kind.ORGANISATION:
                    nested.append(j)
                last_head = r.stem if r.head is not None else last_head
                k = max(self.place_end(j, r.cut), self.fixed_end(j, r.cut))
                if k > j:
                    j, open_ = k, False
                else:
                    open_ = not r.definite
                    j += 1
                complement += 1
                coord = True
                after_lam = True
            elif r.prep == "ب" and not open_ and not (r.conj and complement == 0):
                if r.conj:
                    break
                k = self._takes_bi(j, r, reading, complement + adjectives, n)
                if k == j:
                    break
                if r.head is Kind.ORGANISATION:
                    nested.append(j)
                j = k
                complement += 1
            elif (
                not open_
                and last_head in _UNITS
                and not r.conj
                and not r.prep
                and w[j - 1].startswith("ال")
                and self.place_end(j) > j
                and (self.place_end(j) > j + 1 or not self._name_here(j))
            ):
                j = self.place_end(j)  # «المقاطعة الإدارية علي منجلي»
            elif open_ and not r.prep:
                k = self._construct(j, r, reading, last_head, n)
                if k == j:
                    break
                j, open_ = k if k > 0 else -k, k < 0
                complement += 1
                if r.head is not None:
                    last_head = r.stem
                    coord = coord or last_head in v.words["coordinating"]
                    if r.head is Kind.ORGANISATION:
                        nested.append(j - 1)
            else:
                break
        last = j
        while last > i + 1 and w[last - 1] == "_":
            last -= 1
        full = complement > 0 or strong > 0 or after_lam or (adjectives > 0 and reading.head is Kind.OFFICE)
        return Phrase(i, last, reading, full, tuple(nested))

    def _same_complement(self, j: int, r: Reading, head: Reading, n: int) -> bool:
        """True for a second group before the complement of both."""
        groups = (
            head.head is Kind.GROUP and r.head is Kind.GROUP and not head.definite and not r.definite and not r.prep
        )
        return groups and j + 1 < n and self.v.read(self.w[j + 1]).definite and not self.v.read(self.w[j + 1]).cut

    def _agrees(self, j: int, r: Reading) -> bool:
        """True for an adjective of the shape فعيلة behind a feminine noun, further complements behind it («والحوكمة الرشيدة ومكافحة»)."""
        behind = self.v.read(self.w[j + 1]) if j + 1 < len(self.w) and self.w[j + 1][0].isalpha() else None
        shape = len(r.stem) == 5 and r.stem[2] == "ي" and r.stem.endswith("ه") and self.w[j - 1].endswith("ه")
        return shape and r.head is None and behind is not None and behind.conj

    def _belongs(self, j: int) -> bool:
        """True for «التابعة» where it says to whom («التابعة للوزارة»)."""
        behind = self.w[j + 1] if j + 1 < len(self.w) else ""
        return behind == "ل" or self.v.read(behind).prep == "ل" if behind and behind[0].isalpha() else False

    def _second_office(self, j: int, r: Reading, head: Reading) -> bool:
        """True where the office of a person begins behind a body («الديوان الملكي المشرف العام على المركز»)."""
        behind = self.w[j + 1] if j + 1 < len(self.w) else ""
        return r.head is Kind.OFFICE and head.head is Kind.ORGANISATION and behind in ("العام", "العامه", "الاول")

    def _goes_on_to_noun(self, j: int) -> bool:
        """A definite noun, or a masdar or noun of names before one («ومتابعة إنجاز الاستثمارات»)."""
        r = self.v.read(self.w[j])
        if r.definite:
            return True
        task = masdar(r.stem)
        inner = r.stem in self.v.words["inner"] or task is not None and task.score >= 0.5
        return inner and not r.cut and j + 1 < len(self.w) and self.w[j + 1].startswith("ال")

    def _quoted(self, j: int) -> bool:
        """True where an odd number of straight quotation marks stands before word ``j`` in its sentence: the mark there closes."""
        count = 0
        while j and self.w[j - 1] != BREAK:
            j -= 1
            count += self.w[j] == '"'
        return count % 2 == 1

    def _closing(self, j: int, n: int) -> int | None:
        close = _QUOTES[self.w[j]]
        for k in range(j + 2, min(j + 8, n)):
            if self.w[k] == close:
                return k
            if self.w[k] == BREAK:
                return None
        return None

    def _speaks(self, first: int) -> bool:
        """True where a clause stands in quotation marks and no name («الوالي "هو من يقرر"»)."""
        w, v = self.w, self.v
        return w[first] in v.words["stop"] and w[first] not in v.words["preposition"] or v.is_verb(w[first])

    def _through(self, i: int, j: int, stem: str, last_head: str, n: int) -> int | None:
        """Where the phrase goes on behind a particle that its head takes: index of the noun behind it, else None."""
        w, v = self.w, self.v
        t = w[j]
        if j + 1 >= n or not w[j + 1][0].isalpha():
            return None
        if t == "لدي" and (stem in _AT_COURT) and v.read(w[j + 1]).head is not None:
            return j + 1
        if (
            (t == "عن" or t == "في" and not stem.startswith("ممثل"))
            and stem in _MEMBERS
            and (v.read(w[j + 1]).head is Kind.ORGANISATION or t == "عن" and w[j + 1].startswith("ال"))
            and j > i
        ):
            return j + 1
        supervisor = stem in ("مشرف", "مشرفه") and v.read(w[i]).definite and j <= i + 2
        if supervisor and t in ("على", "علي") and w[j + 1].startswith("ال"):
            return j + 1  # «المشرف العام على الشؤون المالية»
        if t == "في" and stem in _IN_CHARGE and j == i + 1 and v.read(w[i]).definite:
            return j + 1  # «المسؤولين في القطاع»
        if (
            t in ("على", "علي")
            and stem in _CHARGED
            and j == i + 1
            and v.read(w[i]).definite
            and w[j + 1].startswith("ال")
        ):
            return j + 1
        if j > i + 1 and self._governs(i, j) and (w[j + 1].startswith("ال") or v.read(w[j + 1]).head is not None):
            return j + 1  # «مدير الإشراف على السدود»
        if t == "كافه" and j > i + 0 and w[j - 1].startswith("ال") and v.read(w[i]).head is Kind.GROUP:
            return j
        return None

    def _governs(self, i: int, j: int) -> bool:
        """True where the preposition ``j`` is that of the masdar before it, and not that of the verb before the phrase at ``i`` («شدد مدير الرقابة على»)."""
        t = _SPELT.get(self.w[j], self.w[j])
        insists = i > 0 and t == "على" and self.v.base_form(self.w[i - 1]) in _INSISTING
        return (
            not insists
            and self.w[j - 1].startswith("ال")
            and self.v.read(self.w[j - 1]).stem in self.v.governed.get(t, ())
        )

    def _coordinates(self, j: int, r: Reading, head: Reading) -> bool:
        """True where the definite word ``j`` is a further complement and not a noun phrase beside this one."""
        if r.public and r.stem != "سكان" and r.stem not in self.v.words["inner"] or self.v.is_verb(self.w[j]):
            return False
        if self._goes_elsewhere(j, r):
            return False
        if r.head is None:
            return r.stem != "سكان" or self.w[j - 1].endswith("صحه")  # «وزارة الصحة والسكان»
        if head.head is Kind.GROUP and not head.definite and r.head is Kind.ORGANISATION:
            return True  # «مسؤولي الجامعات والمدارس»
        return head.head is not Kind.GROUP and r.stem in (
            "اتصالات",
            "اتصال",
            "حمايه",
            "اداره",
            "مدينه",
            "جماعات",
            "بريد",
            "ديوانه",
            "محليه",
            "بلديات",
        )

    def _goes_elsewhere(self, j: int, r: Reading) -> bool:
        """True for a coordinated masdar or participle with a preposition of its own: another task, or a clause («والإسراع في», «والرامية إلى»)."""
        w = self.w
        behind = w[j + 1] if j + 1 < len(w) else ""
        governs = behind in _GOVERNED or behind[:1] in "بل" and self.v.read(behind).prep in ("ب", "ل")
        if not governs or r.stem in self.v.words["inner"]:
            return False
        task = masdar(r.stem)
        participle = len(r.stem) >= 5 and r.stem[0] == "م" or len(r.stem) in (4, 5) and r.stem[1] == "ا"
        participle = participle or len(r.stem) == 4 and r.stem[0] == "م" and r.stem[3] == "ي"  # «والمؤدي إلى»
        return task is not None and task.score >= 0.5 or participle and r.head is None

    def _takes_lam(
        self, i: int, j: int, r: Reading, head: Reading, last_head: str, complement: int, adjectives: int
    ) -> bool:
        """True where لـ + noun at ``j`` belongs to the phrase («المدير العام للجمارك»، «مديرية التربية لولاية باتنة»)."""
        v = self.v
        if head.stem == "نيابه" and adjectives:
            return False  # «أذنت النيابة العمومية لفرقة الأبحاث»: whole without it
        at_work = r.stem in v.words["lam_stop"] and not (
            head.head is Kind.ORGANISATION and adjectives and self._ends_clause(j + 1)
        )
        if at_work or r.public and last_head not in _OF_MEMBERS:
            return False
        if head.stem in _AIDES and adjectives and r.head is Kind.OFFICE and r.stem in _SERVED:
            return True  # «المستشار الإعلامي لرئيس الحكومة»
        if head.stem in ("كاتب", "كاتبه") and self.w[j - 1] == "الدوله" and r.definite and r.head is None:
            return True  # «كاتب الدولة للرياضة»
        if (
            r.head in (Kind.GROUP, Kind.OFFICE)
            and head.head is not Kind.ORGANISATION
            and self.v.heads.get(last_head) is not Kind.ORGANISATION
        ):
            return False
        if head.stem in _FOR and complement:
            noun = self.v.read(self.w[j + 1]) if self.w[j + 1 : j + 2] else None
            field = r.stem in v.words["inner"] and noun is not None and noun.definite and not noun.cut
            if field or r.definite and masdar(r.stem) is None:
                return True
        found = masdar(r.stem)
        if (
            r.definite
            and found is not None
            and found.score >= 0.8
            and r.head is None
            and head.head is not Kind.ORGANISATION
            and head.stem not in _FULL_LAM
        ):
            return False
        if r.stem in ("ولايه", "دايره", "بلديه", "مدينه", "محافظه", "ولايات", "جهه") or (
            not r.definite and self.place_end(j, r.cut) > j
        ):
            return bool(complement or adjectives)
        behind = self.w[j + 1] if j + 1 < len(self.w) else ""
        if (
            complement
            and adjectives
            and v.heads.get(last_head) is Kind.ORGANISATION
            and not (r.definite or r.head or found)
            and behind.startswith("ال")
            and not v.is_verb(r.stem)
        ):
            return True  # «رئيس المجلس التصديري لمواد البناء»
        if head.definite:
            if adjectives and head.head is Kind.ORGANISATION and r.prep == "ل" and self.w[j + 1 : j + 2] != []:
                behind = self.w[j + 1]
                if not r.definite and behind.startswith("ال") and found is None and not self.v.is_verb(r.stem):
                    return True  # «الديوان الوطني لأغذية الأنعام»
            if adjectives:
                return r.definite or r.head is not None or r.stem in v.words["inner"] or r.stem in ("كره", "غير")
            return False
        if (
            complement
            and adjectives
            and (r.definite or r.head is not None or r.stem in v.words["inner"] or r.stem == "غير")
        ):
            return head.head is not Kind.GROUP or r.head is not None
        return (
            bool(complement)
            and last_head in ("مجلس", "امين", "كاتب", "هييه", "وكاله")
            and r.definite
            and r.head is not None
        )

    def _takes_bi(self, j: int, r: Reading, head: Reading, size: int, n: int) -> int:
        """Index behind بـ + noun where it says whose or where the body is («لجنة المالية بالمجلس الشعبي الوطني»); ``j`` where not."""
        t = self.w[j]
        before = self.v.read(self.w[j - 1]).stem
        if (before in _CHARGED or before in _IN_CHARGE and r.definite) and self.w[j - 1].startswith(
            ("ال", "بال", "لل", "وال")
        ):
            return self.phrase(j, Reading(r.cut, False, "", r.stem, r.definite, None), n).last
        if not size:
            return j
        k = self.place_end(j, r.cut)
        town = k > j + 1 or r.head is None or not self.w[j + 1 : j + 2] or not self.v.read(self.w[j + 1]).definite
        if k > j and town and not t.startswith(("بال", "ببلد")) or (k > j and r.definite):
            return k  # «بجامعة» is in the town, «بجامعة المجمعة» at the university
        if (
            r.head is Kind.ORGANISATION
            and r.stem != "رياسه"
            and (
                r.definite
                or r.stem
                in (
                    "وزاره",
                    "مجلس",
                    "ولايه",
                    "بلديه",
                    "محافظه",
                    "جامعه",
                    "مستشفي",
                    "دايره",
                    "محكمه",
                    "مديريه",
                    "هييه",
                    "كليه",
                )
            )
        ):
            inner = self.phrase(j, r, n)
            return (
                inner.last
                if inner.full or r.stem in ("مجلس", "وزاره", "ولايه", "بلديه", "برلمان", "محافظه", "هييه")
                else j
            )
        if r.definite and r.stem in ("منطقه", "جهه", "خارج", "محافظات", "ولايات", "ولايه", "مدينه", "عاصمه"):
            return j + 1
        return j

    def _construct(self, j: int, r: Reading, head: Reading, last_head: str, n: int) -> int:
        """An indefinite word in an open construct: index behind it, negative where the construct stays open; ``j`` where it ends."""
        w, v = self.w, self.v
        t = w[j]
        k = max(self.place_end(j), self.fixed_end(j, 0))
        if k > j and not (r.head is not None and k == j + 1):  # جامعة is a town, and a university
            return k
        if v.is_verb(t) and t not in v.given and t not in v.words["inner"]:
            return j
        if r.conj and r.cut:
            return j
        following = v.read(w[j + 1]) if j + 1 < n and w[j + 1][0].isalpha() else None
        next_definite = following is not None and following.definite and not following.conj and not following.prep
        if r.head is not None or t in v.words["inner"]:
            if (
                j + 1 < n
                and (w[j + 1][0].isalnum() and w[j + 1] not in v.words["stop"] or w[j + 1] in _QUOTES)
                and not (
                    following is not None
                    and (following.prep or following.conj)
                    and following.head is None
                    and not (t in _LOCAL and following.stem in _LOCAL)
                )
            ):
                return -(j + 1)
            return j + 1 if r.head is None else j
        if Kind.ORGANISATION in (head.head, v.heads.get(last_head)) or head.stem in ("رييس", "مدير", "مديره"):
            name = self.name(j, trusted=t in v.given and v.heads.get(last_head) is Kind.ORGANISATION)
            if name > j:
                return name
        if t in v.words["not_name"] or (t.endswith("ا") and len(t) > 4) or r.public and head.head is Kind.OFFICE:
            return j
        if t in v.words["particle_name"] and following is not None and w[j + 1] not in v.words["stop"]:
            return j + 2
        if j + 1 < n and w[j + 1] in v.words["honorific"] and w[j + 1].startswith("ال"):
            return j + 1  # «معتمد ربك اللواء عمر …»: a place unknown to the gazetteers
        if (
            next_definite
            and not self._name_here(j + 1)
            and not (following is not None and following.public and head.head is Kind.OFFICE)
        ):
            return -(j + 1)
        if j + 1 < n and self.place_end(j + 1) > j + 1:
            return -(j + 1)
        found = masdar(t)
        if found is not None and found.listed and found.score >= 0.5:
            return j
        return j + 1
