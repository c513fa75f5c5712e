"""Whether an instruction is to leave something: what its first words say (GUIDELINES 2, 24 and 37)."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.actors import vocabulary
from pipeline.lexicon import Lexicon
from pipeline.types import Kind

_FROM = frozenset({"عن", "عما", "عمن", "عنه", "عنها", "عنهم"})
_NEAR = 4
"""Words behind a head of abstention among which «عن» stands («يتوقف فورا عن»)."""
_ARRESTS = frozenset({"ايقاف", "توقيف"})
_PEOPLE = (Kind.GROUP, Kind.OFFICE, Kind.PERSON)


def is_left(lexicon: Lexicon, words: Sequence[str]) -> bool:
    """True where the folded ``words`` that an instruction begins with say to leave something.

    «امتنع»، «توقف» and the like only with «عن»: «التوقف في أقرب موقف» is to be done. To arrest somebody is no abstention either.
    """
    if not words:
        return False
    head, bare = words[0], words[0].removeprefix("ال")
    if bare in _ARRESTS and _person(lexicon, words[1:3]) or head == "كف" and words[1:2] == ["يد"]:
        return False
    stem = bare.removesuffix("وا")
    inflected = stem[1:] if head[0] in "يتنا" else ""
    if lexicon.is_in("abstaining", stem) or lexicon.is_in("abstaining", inflected):
        return not _FROM.isdisjoint(words[1 : 1 + _NEAR])
    banned = bare if bare != head else inflected if head[0] in "يتن" else ""
    return lexicon.is_in("avoid_head", head) or lexicon.is_in("ban_head", banned)


def _person(lexicon: Lexicon, behind: Sequence[str]) -> bool:
    """True where the words behind a head name people («كل من»، «3 أشخاص»، «مدير المصرف»)."""
    word = next((w for w in behind if not w.isdigit() and w != "كل"), "")
    read = vocabulary.default().read(word) if word else None
    return read is not None and (
        read.public or read.head in _PEOPLE or lexicon.is_in("arrested", read.stem) or word == "من"
    )
