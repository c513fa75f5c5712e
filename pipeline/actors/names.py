"""Personal names: where one starts and ends, among words that are names, ordinary words, or both."""

from __future__ import annotations

from pipeline.actors.vocabulary import Vocabulary
from pipeline.actors.words import BREAK, Words
from pipeline.morphology import masdar
from pipeline.types import Kind

_FEASTS = frozenset(
    "الاضحي الفطر الوطني الاستقلال العمال الشغل العرش المراه الام المولد النصر الثوره الجمهوريه الشباب الطفوله".split()
)
_OF_GOD = frozenset("ضيف جار جاب جاد خير عطا فتح حسب عون سعد رزق نصر خلف دخيل رحمه فضل حمد سيف امين".split())
_PRAYED = frozenset("حفظه حفظها حفظهم رعاه رعاها ايده ايدها نصره اعزه اطال ادامه وفقه وفقها وفقهم رحمه رحمها".split())
"""Verbs of prayers for who was named («حفظه الله ورعاه»): no name, though «رحمة الله» is."""
_AFTER_BAL = frozenset({"حاج", "شيخ", "عيد", "طيب"})
TITLE_NAMES = frozenset("قايد شيخ امير حارس سلطان".split())


def _is_imperfect(t: str) -> bool:
    """A word in «ي…» that no surname looks like («يتصور»); those end in «ي»."""
    return (
        len(t) >= 4 and t.startswith(("ي", "تت", "تست", "سي")) and not t.endswith(("ي", "و", "ين")) and t[:3] != "سيد"
    )


def _owned(t: str) -> bool:
    """A noun in ـة with a pronoun behind it («قناعته»، «بتعليمتها»), which no name is."""
    return len(t) >= 6 and t.endswith(("ته", "تها", "تهم"))


class Names:
    """Reads personal names off the words of one document. Words are indices into :class:`Words`."""

    def __init__(self, words: Words, vocabulary: Vocabulary) -> None:
        self.words = words
        self.w = words.text
        self.v = vocabulary

    def place_end(self, i: int, cut: int = 0) -> int:
        """Index after the place name that starts at word ``i`` (its first ``cut`` letters aside); ``i`` where there is none."""
        w = self.w
        for rest in self.v.places.get(w[i][cut:], ()):
            if tuple(w[i + 1 : i + 1 + len(rest)]) == rest:
                return i + 1 + len(rest)
        return i

    def _name_here(self, j: int) -> bool:
        """A given name with a name behind it («الطيب سالمي»)."""
        w, v = self.w, self.v
        if w[j] not in v.given or j + 1 >= len(w):
            return False
        nxt = w[j + 1]
        if v.given[w[j]] and w[j] in v.words["adjective"]:
            return False
        return self._may_be_name(j + 1) or nxt in v.words["particle_name"] or nxt in v.given or nxt in TITLE_NAMES

    def _may_be_name(self, j: int, common: bool = True) -> bool:
        """An unknown word that could be part of a name: no particle, verb, head, known noun, or accusative in ـا."""
        w, v = self.w, self.v
        t = w[j]
        if not t[0].isalpha() or t in v.words["stop"] or t in v.words["not_name"] or t in v.words["inner"]:
            return False
        if t in v.given:
            return True
        if _is_imperfect(t) or _owned(t) or j in self.words.accusative:
            return False
        if (
            common
            and (t in v.common or t[-1] == "ه" and t[:-1] in v.common)
            or len(t) > 6
            and t.startswith(("لا", "با", "كا"))
        ):
            return False
        r = v.read(t)
        if (
            common
            and r.prep
            and (r.stem in v.common or "ال" + r.stem in v.common)
            or t[0] in "وفبل"
            and t[1:] in v.common
            or t[0] in "وفبل"
            and (found := masdar(t[1:])) is not None
            and found.score > 0.5
        ):
            return False
        if (
            r.public
            and not t.startswith("ال")
            or r.head is not None
            and not (t.startswith("ال") and r.stem not in v.words["bare"])
        ):
            return False
        if r.conj and r.cut or r.prep and r.definite or t.startswith(("وال", "بال", "لل")):
            return False
        if t.startswith("م") and t.endswith("ات") and len(t) > 5:
            return False  # مكبرات، معدات
        if t.startswith("ال"):
            if t in v.words["adjective"] or t in v.words["verb"] or r.public or r.head is not None:
                return False
            if t.endswith("يه") and t[:-1] in v.common:
                return False  # «مدينة الملك فهد التاريخية»
            found = masdar(t)
            return not (found is not None and found.score >= 0.5 and found.listed)
        if v.is_verb(t) and t not in v.given:
            return False
        found = masdar(t) or masdar(t[:-1] if t.endswith("ه") else t.removesuffix("ها"))
        if found is not None and (found.score >= 0.4 or found.listed and found.pronoun):
            return False
        return t not in v.words["adjective"] and not (t.endswith("ا") and len(t) >= 6)

    def name(self, i: int, trusted: bool) -> int:
        """Index behind the personal name that starts at word ``i``; ``i`` where there is none.

        ``trusted``: an office or a title stands before, so ordinary words that are names too («كريم») count.
        """
        w, v = self.w, self.v
        n = len(w)
        if not trusted and self.place_end(i) > i + 1:
            return i  # «سيدي بوزيد»
        j, parts, known, sure = i, 0, 0, trusted
        while j < n and parts < 5:
            t = w[j]
            if not t[0].isalpha() or (parts and len(t) == 1):
                break
            nxt = w[j + 1] if j + 1 < n else BREAK
            if (
                parts == 0
                and trusted
                and len(t) == 1
                and nxt == "."
                and j + 2 < n
                and len(w[j + 2]) > 1
                and self._may_be_name(j + 2)
            ):
                whole = self.name(j + 2, trusted=True) if w[j + 2] in v.given else 0
                return max(whole, j + 3 if w[j + 2] not in v.words["particle_name"] else j + 4)  # «م. حجار»
            if (
                nxt == "الدين"
                and t not in v.words["stop"]
                and len(t) > 1
                or nxt == "الله"
                and (t in v.given or t in _OF_GOD)
                or (t, nxt) == ("ابو", "بكر")
            ):
                if parts == 0 and t not in v.given and len(t) > 4:
                    break
                j, parts, known, sure = j + 2, parts + 1, known + 1, True
                continue
            if t == "عبد" and (nxt.startswith("ال") and len(nxt) > 4 or nxt == "ربه"):
                j, parts, known, sure = j + 2, parts + 1, known + 1, True
                continue
            if t == "عيد" and nxt in _FEASTS or t == "لا" and (nxt in v.common or nxt[0] in "يتنا"):
                break  # «نعمة لا تدوم»
            if parts and t in v.words["adverb"] and (nxt in v.words["adverb"] or nxt in v.words["stop"]):
                break  # «فلان صباح اليوم»
            further = (
                nxt in v.words["particle_name"] and j + 2 < n and w[j + 2] not in v.words["stop"]
            )  # «دي لا فوينتي»
            if (
                parts
                and t in v.words["particle_name"]
                and nxt[0].isalpha()
                and (nxt not in v.words["stop"] or further and t != nxt)
            ):
                k = j + 1
                while k + 1 < n and w[k] in v.words["particle_name"] and w[k + 1][0].isalpha():
                    k += 1
                j = k + 1 + (w[k + 1 : k + 2] == ["الله"])  # «بن ضيف الله»
                parts += 1
                continue
            if (
                parts == 0
                and trusted
                and t in v.words["particle_name"]
                and t not in ("دا", "لا", "دو", "لو", "فان", "دي")
                and (nxt in v.given or (nxt[0].isalpha() and self._may_be_name(j + 1)))
            ):
                j += 2
                parts += 1
                continue
            if parts == 0 and v.heads.get(t) is Kind.OFFICE and nxt.startswith("ال") and not nxt.endswith("ي"):
                break
            if parts == 0 and v.heads.get(t) is Kind.OFFICE and nxt not in v.given and nxt in v.places:
                break  # «أمين بغداد»
            if t in v.given:
                if parts == 0 and v.given[t] and not trusted and (v.is_verb(t) or not self._strong_second(j + 1)):
                    break
                if parts and v.given[t] and t in v.words["adjective"]:
                    break
                sure = sure or parts == 0 and (not v.given[t] or nxt.startswith("بال"))
                j += 1
                parts, known = parts + 1, known + 1
                continue
            if parts == 1 and sure and known and t in TITLE_NAMES and nxt.startswith("ال") and nxt.endswith("ي"):
                return j + 2  # «قائد السبسي»
            if (
                parts == 1
                and sure
                and t.startswith("بال")
                and (
                    known
                    and (t[3:] in v.given or t[1:] in v.given or t[3:] in _AFTER_BAL)
                    or trusted
                    and self._only_surname(t)
                )
                and (self._ends_clause(j + 1) or nxt[0].isalpha() and self._ends_clause(j + 2))
            ):
                j, parts = j + 1, parts + 1  # «بالحاج»
                continue
            if (
                parts >= 2
                and known == parts
                and t.startswith("ال")
                and t.endswith("ي")
                and len(t) > 4
                and v.read(t).head is None
                and self._ends_clause(j + 1)
            ):
                return j + 1  # «محمد الهادي الغربي»
            if parts == 2 and trusted and known == parts and self._free_surname(j) and self._ends_clause(j + 1):
                return j + 1
            if parts == 2 and sure and known and (self._second_surname(j) or trusted and self._title_as_surname(j)):
                return j + 1
            if (
                parts == 1
                and trusted
                and known
                and (self._free_surname(j) or self._ends_clause(j + 1) and self._odd_surname(j))
            ):
                j, parts = j + 1, parts + 1
                continue
            if parts == 1 and not known and w[i].startswith("ال") and not t.startswith("ال"):
                break  # «العميد المضياني قائدي المركبات»
            if (
                not self._may_be_name(
                    j, common=not (parts == 1 and known and (trusted or t.startswith("ال") and t.endswith("ي")))
                )
                or parts == 1
                and t[0] in "يت"
                and t in v.common
                and t not in v.given
            ):
                break
            if parts == 0:
                if not trusted or t.startswith("ال") and (len(t) < 5 or j and w[j - 1] in v.words["noun_title"]):
                    break  # «الفريق الهلالي»
            elif (
                known == 0
                and not trusted
                or parts >= 2
                and not (t.startswith("ال") and t.endswith("ي"))
                and not self._ends_clause(j + 1)
            ):
                break
            j += 1
            parts += 1
            if parts >= 3:
                break
        if parts == 0 or j - i == 1 or (parts == 1 and not trusted) or (known == 0 and (not trusted or parts < 2)):
            return i
        return j

    def apposed(self, i: int, titled: bool) -> int:
        """Index behind two to five words that can only be a name where they stand: in apposition to an office, the clause ending behind them.

        The place vouches for words that are ordinary elsewhere («، جمال بحر الغرياني،»). ``titled``: a title stands before («السيد»), which is
        proof enough; without one a given name, «بن», or a first and last word known nowhere must be among them. ``i`` where there is no name.
        """
        w, v = self.w, self.v
        n, j, parts, proofs = len(w), i, 0, int(titled)
        while j < n and parts < 4 and w[j][0].isalpha():
            t = w[j]
            nxt = w[j + 1] if j + 1 < n else BREAK
            if t in v.words["particle_name"] and nxt[0].isalpha() and (parts or self._nameable(j + 1)):
                proofs += parts > 0
                j += 2
            elif (
                nxt == "الله"
                and len(t) > 2
                and t not in _PRAYED
                and not v.is_verb(t[:-1])
                or t == "عبد"
                and nxt.startswith("ال")
            ):
                proofs += 1
                j += 2
            elif self._nameable(j) and not (parts and self._ends_clause(j) and t not in v.given):
                if parts >= 2 and not (t in v.given or w[i] in v.given or t.startswith("ال") and t.endswith("ي")):
                    break
                proofs += t in v.given
                j += 1
            else:
                break
            parts += 1
        if parts < 2 or not titled and (not self._ends_clause(j) or w[i].startswith("ال") and w[i] not in v.given):
            return i
        strange = [w[k] not in v.common for k in (i, j - 1)]
        surname = w[j - 1].startswith("ال") and w[j - 1].endswith("ي")
        return j if proofs or all(strange) or any(strange) and surname else i

    def _nameable(self, j: int) -> bool:
        """False for what cannot stand in a name: particles, verbs, heads, clitics, adverbs, accusatives."""
        w, v = self.w, self.v
        if j >= len(w) or not w[j][0].isalpha() or len(w[j]) < 3:
            return False
        t = w[j]
        if t in v.given:
            return True
        r = v.read(t)
        given = j > 0 and w[j - 1] in v.given
        if _is_imperfect(t) or _owned(t) or j in self.words.accusative:
            return False
        if t[0] in "بلكوف" and not given and (t[1:] in v.places or t[1:] in v.common or "ال" + t[1:] in v.common):
            return False
        if t.startswith("ال") and r.head is Kind.OFFICE and given:
            return True  # «محمد الأمين شريط»
        if (
            any(t in v.words[part] for part in ("stop", "adverb", "preposition", "not_name"))
            or v.is_verb(t)
            or r.head is not None
        ):
            return False
        if (
            r.public
            or r.prep
            and (r.definite or masdar(t[1:]) is not None)
            or r.conj
            or t.endswith(("ا", "ين", "ات", "ها", "هم", "كم"))
            and len(t) > 4
        ):
            return False
        found = masdar(t)
        return not (found is not None and found.listed and found.score >= 0.5)

    def _free_surname(self, j: int) -> bool:
        """Behind a sure given name: an ordinary word in ـي stands as a surname («عبد الرزاق فلاحي»)."""
        t, r = self.w[j], self.v.read(self.w[j])
        return (
            len(t) >= 4
            and not _is_imperfect(t)
            and t.endswith("ي")
            and not r.cut
            and r.head is None
            and t not in self.v.words["stop"]
            and not self.v.is_verb(t)
            and t not in self.v.words["adjective"]
        )

    def _second_surname(self, j: int) -> bool:
        """Behind a name of two words and before a mark or a verb: a nisba is a further surname («نبيل زروق الحمداني، …»)."""
        t, behind = self.w[j], self.w[j + 1] if j + 1 < len(self.w) else BREAK
        ends = not behind[0].isalnum() or behind in ("أن", "إن", "ان") or self.v.is_verb(behind)
        return ends and len(t) > 5 and t.startswith("ال") and t.endswith("ي") and self.v.read(t).head is None

    def _title_as_surname(self, j: int) -> bool:
        """Behind two given names and before a mark a title is a surname («محمد أمين الزعيم،»)."""
        w, v = self.w, self.v
        named = all(t in v.given for t in w[j - 2 : j]) and w[j] in v.words["honorific"] and w[j].startswith("ال")
        return named and self.w[j + 1 : j + 2] != [] and not w[j + 1][0].isalnum() and w[j + 1] != ":"

    def _odd_surname(self, j: int) -> bool:
        """Behind a sure given name and before the end of a phrase any noun can be a surname («الحبيب الصيد»)."""
        t, r = self.w[j], self.v.read(self.w[j])
        if self._asked(j):
            return False
        if r.head is Kind.OFFICE and t.startswith("ال") and t not in ("الوزير", "الرييس", "الوالي", "المدير"):
            return True  # «ياسر القاضي»
        return (
            len(t) >= 3
            and t[0].isalpha()
            and j not in self.words.accusative
            and not _is_imperfect(t)
            and not r.conj
            and not r.prep
            and r.head is None
            and t not in self.v.words["stop"]
            and not self.v.is_verb(t)
            and t not in self.v.words["adjective"]
            and not t.startswith(("بال", "لل", "وال"))
        )

    def _asked(self, j: int) -> bool:
        """True for an ordinary noun that the verb before the name governs («أسدى السيد بوجمعة جملة من …»، «وجّه السيد كمال نداء إلى …»)."""
        t, v = self.w[j], self.v
        clitic = t[0] in "بلكوف" and t not in v.given and (t[1:] in v.common or _owned(t))
        own = t.endswith("ه") and (found := masdar(t[:-1])) is not None and found.listed and t not in v.given
        some = t in v.common and not t.startswith("ال") and (self.w[j + 1 : j + 2] == ["من"] or t.endswith("ات"))
        return clitic or own or some or t in v.words["not_name"] or _owned(t)

    def _only_surname(self, t: str) -> bool:
        """«بال…» before no word or place that the lists know («بالضياف»)."""
        known = self.v.common, self.v.places
        return not any(form in words for words in known for form in (t[1:], t[3:]))

    def _strong_second(self, j: int) -> bool:
        """After a given name that is an ordinary word too: a word that only a name can be."""
        w, v = self.w, self.v
        if j >= len(w) or not w[j][0].isalpha():
            return False
        t = w[j]
        if t in v.words["particle_name"]:
            return True
        if t in v.given or t.startswith("بال") and t[3:] in (*v.given, *_AFTER_BAL):
            return True
        return t.startswith("ال") and t.endswith("ي") and self._may_be_name(j) and self._ends_clause(j + 1)

    def strange(self, j: int) -> bool:
        """A word known from nowhere, without clitic or ending: behind an office it can hardly be but a name («مانكير ندياي»)."""
        w, v = self.w, self.v
        t = w[j] if j < len(w) else BREAK
        if len(t) < 3 or not t[0].isalpha() or t in v.common or t in v.places or not self._may_be_name(j):
            return False
        if t.startswith("ال"):
            return t.endswith("ي") and len(t) > 5
        return t[0] not in "وفلكس" and not t.endswith(("ات", "ين", "ون", "ها", "هم", "كم")) and "ال" + t not in v.common

    def foreign(self, j: int) -> int:
        """Index behind two or three strange words, or a known and a strange one before the end of a clause; ``j`` where they do not stand there."""
        w = self.w
        if not self.strange(j + 1):
            return j
        if not self.strange(j):
            known = self._nameable(j) and not w[j].startswith("ال") and self._ends_clause(j + 2)
            return j + 2 if known else j
        return j + 3 if self.strange(j + 2) and self._ends_clause(j + 3) else j + 2

    def _ends_clause(self, j: int) -> bool:
        if j >= len(self.w):
            return True
        t = self.w[j]
        return (
            not t[0].isalnum()
            or len(t) == 1
            or t in self.v.words["stop"]
            or t in self.v.words["adverb"]
            or self.v.is_verb(t)
            or self.v.heads.get(t) is Kind.OFFICE
            or self.v.read(t).conj
            and self.v.read(t).head is not None
            or t.startswith("وال")
        )
