"""Where an office, a body or somebody told to act stands: its level, its wilaya, and how it is named.

Read off the words alone, with the gazetteers; what they do not tell stays empty. Levels: central, wilaya, governorate, daira,
commune, agency, company, union, international, public, unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.actors import vocabulary
from pipeline.actors.vocabulary import Place, Vocabulary
from pipeline.normalize import fold
from pipeline.types import Kind

_GAZETTEER_LEVELS = {"national": "central", "government": "central", "parliament": "central", "bank": "company"}
_CENTRAL = frozenset(
    {"وزير", "وزيره", "وزاره", "حكومه", "برلمان", "وزراء", "وزارات", "وزيري", "وزارتي", "ملك", "سلطان"}
)
_WILAYA = frozenset({"والي", "واليه", "ولايه", "ولاه", "ولايات"})
_GOVERNORATE = frozenset({"محافظه", "محافظ", "محافظين", "محافظي", "متصرف", "عماله", "عامل"})
_COMPANY = frozenset({"شركه", "مجمع", "موسسه", "مصنع", "مقاوله", "بنك", "مصرف", "شركات", "موسسات"})
_UNION = frozenset({"نقابه", "اتحاد", "جمعيه", "حزب", "فدراليه", "فيدراليه", "كنفدراليه", "رابطه", "نادي", "حركه"})
_AGENCY = frozenset({"وكاله", "صندوق", "ديوان", "هييه", "سلطه", "معهد", "مركز", "مرصد", "لجنه"})
_LOCAL = frozenset({"مديريه", "مدير", "مديره", "مندوبيه", "مندوب", "مديري", "مفتشيه", "محافظه"})
_WORDS = re.compile(r"[^\W_]+")
_COLLECTIVE = frozenset({"كل", "جميع", "كافه", "مختلف", "ساير", "بعض", "اي", "عموم", "كلا"})


@dataclass(frozen=True, slots=True)
class Described:
    """Level, wilaya (or other region), and ``form``: named, collective or implicit."""

    level: str
    wilaya: str
    form: str


def describe(phrase: str, v: Vocabulary | None = None) -> Described:
    """What the words of a designation tell of level and place.

    >>> describe("رئيس بلدية الخروب")  # "the mayor of El Khroub"
    Described(level='commune', wilaya='قسنطينة', form='named')
    >>> describe("كافة الولاة").form, describe("المواطنين").level
    ('collective', 'public')
    """
    return _describe(phrase, v or vocabulary.default())


@lru_cache(maxsize=1 << 16)  # documents name the same bodies again and again
def _describe(phrase: str, v: Vocabulary) -> Described:
    words = _WORDS.findall(fold(phrase))
    if not words:
        return Described("unknown", "", "implicit")
    form = "collective" if words[0] in _COLLECTIVE else "named"
    if form == "collective" and len(words) > 1:
        words = words[1:]
    readings = [v.read(w) for w in words]
    stems = [r.stem.removeprefix("ال") for r in readings]
    head = stems[0]
    if form == "named" and (readings[0].head is Kind.GROUP or readings[0].public and head.endswith(("ين", "ون", "ات"))):
        form = "collective"
    place = _place(words, stems, v)
    level = _level(" ".join(words), head, stems, readings[0].public, place, v)
    where = "" if place is None or level in ("central", "public", "international") else place.wilaya or place.name
    return Described(level, where, form)


def _level(text: str, head: str, stems: list[str], public: bool, place: Place | None, v: Vocabulary) -> str:
    body = v.listed.get(text)
    if body is not None:
        return _GAZETTEER_LEVELS.get(body.level, body.level)
    rest = set(stems[1:])
    if public:
        return "public"
    if (
        head in _CENTRAL
        or head == "رييس"
        and rest & {"جمهوريه", "حكومه", "وزراء", "دوله"}
        or head == "مجلس"
        and rest & {"وزراء", "امه", "وطني", "نواب"}
        and "ولايي" not in rest
    ):
        return "central"
    if rest & {"ولايي", "ولاييه", "ولاييين", "جهوي", "جهويه", "جهويين"} or head in _WILAYA:
        return "wilaya"
    if "بلديه" in stems or "بلدي" in rest or head in ("مير", "عمده", "بلديات") or "بلديات" in rest:
        return "commune"
    if "دايره" in stems or "دواير" in rest:
        return "daira"
    if head in _GOVERNORATE and not rest & {"غابات", "بنك", "عقاريه"}:
        return "governorate"
    if "ولايه" in rest or place is not None and place.type == "wilaya" and head in _LOCAL:
        return "wilaya"
    if head in _LOCAL and rest & {"عام", "عامه"}:
        return "central"
    if head in _COMPANY:
        return "company"
    if head in _UNION:
        return "union"
    if head in _LOCAL:
        return "wilaya"
    return "agency" if head in _AGENCY else "unknown"


def _place(words: list[str], stems: list[str], v: Vocabulary) -> Place | None:
    """The place a designation names, of the type that the word before asks for; None where it is open which one."""
    for i in range(1, len(words)):
        if f"ال{stems[i - 1]} {words[i]}" in v.listed:
            continue  # «وحدات الحماية المدنية» is not in El Madania
        cut = v.read(words[i]).cut
        for start in (words[i], words[i][cut:], stems[i], "ال" + stems[i]):
            for rest in v.places.get(start, ()):
                if tuple(words[i + 1 : i + 1 + len(rest)]) != rest:
                    continue
                found = v.place_data[" ".join((start, *rest))]
                asked = {
                    "بلديه": "commune",
                    "دايره": "daira",
                    "والي": "wilaya",
                    "ولايه": "wilaya",
                    "واليه": "wilaya",
                }.get(stems[i - 1])
                fits = (
                    [p for p in found if p.type == asked]
                    or ([p for p in found if p.type == "wilaya"] if asked != "commune" else [])
                    or list(found)
                )
                if len({p.wilaya for p in fits}) == 1:
                    return fits[0]
                return None
    return None
