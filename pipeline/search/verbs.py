"""The masdars of a verb form, so that «يستقبل» is found by «استقبال» and the other way round.

Only the shape of the word is read; a masdar that it suggests counts where the word lists know it. Regular shapes as in Wright, *A Grammar
of the Arabic Language*, I, §§ 35-76 and 196-203; the masdars of form I are those of ``models/lexicon/masdars.csv``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping

_OBJECT = "(?:هما|ها|هم|هن|ه|نا|ني|كم)?"
_PERSON = "(?:وا|ون|ين|ان|ن|و|ا|ت|تم|نا)?"
_ENDING = re.compile(_PERSON + _OBJECT)
_MOST = 3
"""A form that may belong to more verbs than this says too little."""

# What is left of a verb without its prefix -> its masdars, folded. Groups are the radicals.
_SHAPES = tuple(
    (re.compile(shape), masdars)
    for shape, masdars in (
        ("ست(.)ي(.)", ("است{0}ا{1}ه",)),  # يستعيد، استعادة
        ("ست(..)ي", ("است{0}اء",)),  # يستدعي، استدعاء
        ("ست(..)(.)", ("است{0}ا{1}",)),  # يستقبل، استقبال
        ("ن(..)(.)", ("ان{0}ا{1}",)),  # ينقطع، انقطاع
        ("ت(...)", ("ت{0}",)),  # يتنقل، تنقل
        ("ت(.ا..)", ("ت{0}",)),  # يتعاون، تعاون
        ("(.ت.)ي", ("ا{0}اء",)),  # ينتهي، انتهاء
        ("(.ت)ا(.)", ("ا{0}يا{1}",)),  # يحتاج، احتياج
        ("([صضزط][طد]?.)(.)", ("ا{0}ا{1}",)),  # يصطحب، اصطحاب
        ("(.ت.)(.)", ("ا{0}ا{1}",)),  # يلتزم، التزام
        ("(.)ا(.)ي", ("م{0}ا{1}اه",)),  # يراعي، مراعاة
        ("(.ا..)", ("م{0}ه",)),  # يراقب، مراقبة
        ("و(.)(.)", ("اي{0}ا{1}",)),  # يوقف، إيقاف
        ("(..)ي", ("ا{0}اء", "ت{0}يه")),  # يعطي، إعطاء; يسمي، تسمية
        ("(.)ي(.)", ("ا{0}ا{1}ه", "ت{0}يي{1}")),  # يعيد، إعادة
        ("(.)(.)", ("ا{0}{1}ا{1}",)),  # يعد، إعداد
        ("(..)(.)", ("ت{0}ي{1}", "ا{0}ا{1}")),  # ينظم، تنظيم; يرسل، إرسال
    )
)


def masdars(
    word: str, known: Collection[str], simple: Mapping[str, Collection[str]], root: Callable[[str], str]
) -> tuple[str, ...]:
    """The masdars that a folded word without proclitics may be a verb of; none where it is no verb, or could be of too many.

    ``known`` are words that exist, ``simple`` the masdars of form I by root, ``root`` reads the likeliest root off a stem.
    """
    found: dict[str, None] = {}
    for core in _cores(word):
        for rest in _rests(core):
            for shape, made in _SHAPES:
                if match := shape.fullmatch(rest):
                    acts = (one.format(*match.groups()) for one in made)
                    # No form that has a masdar with «ت» begins with alef.
                    found |= dict.fromkeys(m for m in acts if m in known and not (core[0] == "ا" and m[0] == "ت"))
            if len(rest) <= 3:
                for one in filter(None, {root(rest), root("و" + rest) if len(rest) == 2 else ""}):
                    found |= dict.fromkeys(simple.get(one, ()))
        if found:
            break
    return tuple(found) if len(found) <= _MOST else ()


def _cores(word: str) -> Iterator[str]:
    """The word without person and object, the most cut off first."""
    for size in range(2, len(word) + 1):
        if _ENDING.fullmatch(word, size):
            yield word[:size]


def _rests(core: str) -> Iterator[str]:
    """The verb without the prefix of the imperfect, or the alef of perfect and imperative; as it is where it can be a perfect."""
    if core[0] in "يتنا":
        yield core[1:]
    if core[0] not in "يا":
        yield core
