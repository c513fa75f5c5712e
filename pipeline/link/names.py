"""Numbers and places in the words of an instruction: where two instructions name others, they are two."""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache

from pipeline.link.words import bare
from pipeline.normalize import fold
from pipeline.resources import model_file

_NUMBER = re.compile(r"(?<![\d.,:/-])\d+(?:[.,:]\d+)*(?![\d/-])")
_HOUR = re.compile(r"(?<=الساعه )\d{1,2}(?:[.:]\d\d)?")
_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TIME = frozenset(
    "يوم يوما ايام اسبوع اسابيع شهر اشهر شهرا سنه سنوات عام ساعه ساعات دقيقه جانفي فيفري مارس افريل ماي جوان جويليه اوت سبتمبر اكتوبر نوفمبر ديسمبر "
    "يناير فبراير ابريل مايو يونيو يوليو اغسطس شباط اذار نيسان ايار حزيران تموز اب ايلول تشرين كانون".split()
)
"""Words behind a number that is a day or a length of time: a limit, which may change while the instruction is the same."""
_UNITS = frozenset("ولايه بلديه دايره معتمديه عماله اقليم محافظه قريه مشته حي مدينه".split())
"""Words that the name of a place follows."""


@lru_cache(maxsize=1 << 14)
def numbers(text: str) -> frozenset[str]:
    """The numbers of a text that are no days, years or lengths of time.

    >>> sorted(numbers("إنجاز 150 مسكنا قبل 15 مارس 2025"))
    ['150']
    """
    folded = fold(text)
    out = set()
    for found in _NUMBER.finditer(folded):
        behind = _WORD.search(folded, found.end())
        if _YEAR.fullmatch(found[0]) or behind and behind.start() - found.end() <= 2 and bare(behind[0]) in _TIME:
            continue
        out.add(found[0].replace(",", "."))
    return frozenset(out)


@lru_cache(maxsize=1 << 14)
def hours(text: str) -> frozenset[str]:
    """The times of day of a text, in figures.

    >>> sorted(hours("غلق الطريق من الساعة 12.00 إلى الساعة 20.00"))
    ['12.00', '20.00']
    """
    return frozenset(found.replace(":", ".") for found in _HOUR.findall(fold(text)))


@lru_cache(maxsize=1 << 14)
def places(text: str) -> frozenset[str]:
    """Folded names of the wilayas and governorates in a text, and of what follows «بلدية», «حي» and the like.

    >>> sorted(places("تهيئة حي البدر ببلدية تيارت"))
    ['بدر', 'تيارت']
    """
    said = [bare(word) for word in _WORD.findall(fold(text))]
    known = wilayas()
    out = {word for i, word in enumerate(said) if word in known or i and said[i - 1] in _UNITS and len(word) > 2}
    return frozenset(out - _UNITS)


@cache
def wilayas() -> frozenset[str]:
    """Folded names of the wilayas, and of the like of other countries, that are one word."""
    out = set()
    for name in ("dz_wilayas", "regions"):
        with model_file(f"gazetteers/{name}.csv").open(encoding="utf-8", newline="") as file:
            out |= {fold(row["name_ar"]) for row in csv.DictReader(file)}
    return frozenset(bare(name) for name in out if " " not in name)
