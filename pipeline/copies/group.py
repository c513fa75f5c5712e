"""Groups of near-copies: which document is the first of each, and which corrects which."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.disjoint import root_of
from pipeline.normalize import fold

# What a corrected version calls itself, in its title or first line (folded).
_CORRECTS = re.compile(
    r"(?<!\w)(?:ال)?(?:تصحيح|تصويب|استدراك)(?!\w)|(?:نسخه|صيغه|النسخه|الصيغه|بيان|البيان)\s+(?:ال)?(?:مصحح|معدل|منقح)ه?(?!\w)|(?<!\w)(?:يلغي|تلغي)\s+(?:هذا|هذه|و?يعوض|و?تعوض)"
)
HEAD = 160
"""Letters at the front of a text in which that is looked for."""


@dataclass(frozen=True, slots=True)
class Member:
    """What is known of a document of a group."""

    document_id: str
    order: tuple[str, str]
    """By publication date (ISO; those without one last), then by when it came: see :func:`order_of`."""
    title: str
    head: str
    """The first letters of its text."""
    address: str
    """URL with the reader, else file: the same place with another text is a new version of it. (A feed may tell less than the page.)"""
    digest: str
    """A hash of its text."""


@dataclass(frozen=True, slots=True)
class Group:
    """Near-copies: ``first`` is the earliest; each other one with its similarity to the nearest, and with the document it corrects, if any."""

    first: str
    others: Mapping[str, float]
    corrects: Mapping[str, str]


def order_of(published: datetime.date | None, came: str) -> tuple[str, str]:
    """A key that sorts by day, documents without one last, then by ``came``, which sorts by when a document came."""
    return (published.isoformat() if published else "9999", came)


def calls_itself_correction(title: str, text: str) -> bool:
    """True where a document says of itself that it corrects another.

    >>> calls_itself_correction("تصحيح: مواعيد الامتحانات", ""), calls_itself_correction("وزير التربية: تصحيح الأوراق يبدأ الأحد", "")
    (True, False)
    """
    for part in (title, text[:HEAD].split("\n")[0]):
        found = _CORRECTS.search(fold(part))
        # As a label: at the front, or behind a dash or in brackets. Elsewhere the word is part of the news: marking of papers, say.
        if found and re.search(r"(?:^|[-–—:(\[«|/])[\W_]*(?:هام|عاجل|بيان)?[\W_]*$", fold(part)[: found.start()]):
            rest = fold(part)[found.end() :].lstrip()
            if (
                found[0].startswith(("نسخه", "صيغه", "النسخه", "الصيغه", "بيان", "البيان", "يلغي", "تلغي"))
                or not rest
                or rest[0] in ":،-–—)]»|."
            ):
                return True
    return False


def groups(pairs: Iterable[tuple[str, str, float]], members: Mapping[str, Member]) -> list[Group]:
    """The groups that some pairs of near-copies make, in order of their first documents."""
    near: dict[str, dict[str, float]] = defaultdict(dict)
    parents: dict[str, str] = {}
    for left, right, similarity in pairs:
        near[left][right] = near[right][left] = similarity
        parents.setdefault(left, left)
        parents.setdefault(right, right)
        parents[root_of(parents, left)] = root_of(parents, right)
    sets: dict[str, list[Member]] = defaultdict(list)
    for name in near:
        sets[root_of(parents, name)].append(members[name])
    made = [_group(sorted(found, key=lambda m: m.order), near) for found in sets.values()]
    return sorted(made, key=lambda group: members[group.first].order)


def _group(found: list[Member], near: Mapping[str, Mapping[str, float]]) -> Group:
    first, *rest = found
    corrects: dict[str, str] = {}
    for place, member in enumerate(found):
        earlier = [m for m in found[:place] if m.digest != member.digest]
        same_place = [m for m in earlier if m.address == member.address and m.address]
        if same_place:
            corrects[member.document_id] = same_place[-1].document_id
        elif earlier and calls_itself_correction(member.title, member.head):
            # The nearest of those that came before it.
            nearest = max(earlier, key=lambda m: (near[member.document_id].get(m.document_id, 0.0), m.order))
            corrects[member.document_id] = nearest.document_id
    others = {m.document_id: max(near[m.document_id].values()) for m in rest}
    return Group(first.document_id, others, corrects)
