"""Longer and shorter forms of one name: «وزارة الدفاع» and «وزارة الدفاع الوطني», «النادي الصفاقسي» and «النادي الرياضي الصفاقسي».

Names are bare words (:func:`pipeline.actors.vocabulary.bare_words`) of bodies or offices that share a scope; what joins them is said of the words alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set

from pipeline.actors.vocabulary import Vocabulary
from pipeline.morphology import masdar

GENERIC_TAIL = frozenset({"وطنيه", "وطني", "عموميه", "عمومي"})
OWN = {
    "dz": {"جزايري", "جزايريه"},
    "tn": {"تونسي", "تونسيه"},
    "ma": {"مغربي", "مغربيه"},
    "eg": {"مصري", "مصريه"},
    "sa": {"سعودي", "سعوديه"},
}
_LIGHT = frozenset("شوون رياضي رياضيه وطني وطنيه".split())
"""Words that a name is often said without: «النادي الرياضي الصفاقسي», «وزارة الشؤون الخارجية»."""
_SORTS = frozenset("حزب حركه تنظيم منظمه جمعيه شركه نادي اذاعه وكاله مصالح قوات وحدات هياكل اجهزه".split())
"""Heads that only say what sort of body the name behind them is, or whose units act."""

Join = Callable[[str, str], None]
"""Takes the key of the shorter name and that of the longer."""
Names = Mapping[tuple[str, ...], str]
"""Keys of one scope by their words."""


def coordinated(names: Names, own: Set[str], foreign: Set[str], join: Join) -> None:
    """«وزارة الصحة» and «وزارة الصحة والسكان»: one body where the longer form only adds «و…» and no other longer form does."""
    ordered = sorted(names)
    for short in ordered:
        if len(short) < 2:
            continue
        longer = [n for n in _beginning(short, ordered) if _adds(n[len(short)])]
        longer = [n for n in longer if not (foreign - own) & set(n[len(short) :])]
        shortest = min(longer, key=len, default=())
        if longer and all(n[: len(shortest)] == shortest for n in longer):
            join(names[short], names[shortest])


def _beginning(short: tuple[str, ...], names: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The names, of sorted ones, that begin with all words of ``short`` and go on."""
    at = bisect_right(names, short)
    while at < len(names) and names[at][: len(short)] == short:
        yield names[at]
        at += 1


def _adds(word: str) -> bool:
    """A word with «و» before it, and not one that starts with the letter («الوطني»)."""
    task = masdar(word[1:]) if word.startswith("و") else None
    return word.startswith(("وال", "ولل")) or task is not None and task.score >= 0.5


def plain(words: tuple[str, ...], own: Set[str]) -> tuple[str, ...]:
    """A name without the adjectives at its end that its country's bodies need not bear: «وزارة الدفاع الوطني»، «الحكومة التونسية»."""
    end = len(words)
    while end > 1 and (words[end - 1] in own or end > 2 and words[end - 1] in GENERIC_TAIL):
        end -= 1
    return words[:end] if end < len(words) else ()


def at_home(words: tuple[str, ...], own: Set[str]) -> tuple[str, ...]:
    """A name without «بالعاصمة» or its own country behind it («القطب القضائي لمكافحة الإرهاب بتونس»); empty where neither stands there."""
    tail = words[-1] if len(words) > 2 else ""
    country = tail.removeprefix("ب").removeprefix("ال") if tail.startswith("ب") else ""
    return words[:-1] if tail == "بالعاصمه" or country and country + "ي" in own else ()


def without_light(names: Names, own: Set[str], join: Join) -> None:
    """«النادي الصفاقسي» and «النادي الرياضي الصفاقسي»: one body where no other name differs by such a word in the same place."""
    light = _LIGHT | own
    full: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    for words in names:
        kept = (*words[:1], *(w for w in words[1:-1] if w not in light), *words[1:][-1:])
        if 2 <= len(kept) < len(words):
            full[kept].append(words)
    for short, longer in full.items():
        if short in names and len(longer) == 1:
            join(names[short], names[longer[0]])


def unsorted(words: tuple[str, ...]) -> tuple[str, ...]:
    """A name without the head that says what sort of body it is; empty where there is none."""
    return words[1:] if len(words) > 1 and words[0] in _SORTS else ()


def adjectives_of_countries(v: Vocabulary) -> frozenset[str]:
    """«جزائري»، «جزائرية»: as the letters of the countries' names give them."""
    names = [name for name, places in v.place_data.items() if any(p.type == "country" for p in places)]
    stems = {re.sub(r"(?:يا|ا|ه)$", "", name.removeprefix("ال")) for name in names if " " not in name}
    return frozenset(stem + end for stem in stems for end in ("ي", "يه"))
