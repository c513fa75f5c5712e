"""How surely two items say the same instruction: what is seen of a pair, weighed by ``models/link/pair.csv``.

The weights (log-odds) are fitted by ``models/train/link.py`` on composed series. A pair with a report has weights of its own, under
``report:``. Where the sentence encoder is built and gave both a vector, ``models/link/pair_similarity.csv`` counts instead.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Set
from functools import lru_cache

from pipeline.link.names import hours, numbers, places
from pipeline.link.types import Item, ItemKind, Relation
from pipeline.link.words import akin, bare, tokens, weight, words
from pipeline.normalize import fold
from pipeline.weights import read_weights

TELLING = 4.0
"""A stem that is more telling than this is rare: two instructions about one thing share one, about two things each has its own."""

_COMMON = 2.5
"""A stem that is less telling is in so many instructions that sharing it counts for nothing."""

LEAST = 6.0
"""What the object of an instruction weighs at least: «الخدمات» alone is no object that two instructions can share wholly."""


_EXCEPT = re.compile(r"(?<!\w)الا (?:بعد|اذا|ب)")


def weights(similarity: bool = False) -> Mapping[str, float]:
    """Weight of each feature, ``bias``, and ``threshold``; those fitted with the similarity of the sentence encoder, or without."""
    return read_weights("pair_similarity" if similarity else "pair", "link")


def may_pair(a: Item, b: Item) -> bool:
    """True where the later item ``b`` can answer or repeat ``a``: two reports are never tied, and a report follows what it reports.

    Nor are
    statements of two countries compared, unless one body gave both. An order about one case («الاحتفاظ بالمظنون فيه», «فتح تحقيق») has the words of every case, and is tied to no other statement.
    """
    if a.kind is not ItemKind.DIRECTIVE or a.id == b.id:
        return False
    if a.document_id != b.document_id and (of_a_case(a) or of_a_case(b) or _two_occasions(a, b)):
        return False
    if (
        a.country != b.country
        and a.country
        and b.country
        and not (a.issuer.record and a.issuer.record == b.issuer.record)
    ):
        return False
    if a.document_id == b.document_id and a.fold != b.fold and a.id.rpartition(":")[0] == b.id.rpartition(":")[0]:
        return False  # two instructions of one act
    return not (b.kind is ItemKind.REPORT and a.document_id == b.document_id)


def _two_occasions(a: Item, b: Item) -> bool:
    """True of instructions for other hours of the day: roads closed for two matches."""
    ours, theirs = hours(a.text), hours(b.text)
    return bool(b.kind is ItemKind.DIRECTIVE and ours and theirs and ours != theirs)


def of_a_case(item: Item) -> bool:
    """True of an order of a prosecutor or a court about one case: by who gives it, its first three words, or a word that only such orders have."""
    if item.kind is not ItemKind.DIRECTIVE:
        return False
    return bool(item.issuer.sector & words().court) or _case_words(item.text)


@lru_cache(maxsize=1 << 14)
def _case_words(text: str) -> bool:
    said = [bare(word) for word in tokens(text)]
    return any(word in words().case for word in said[:3]) or any(word in words().case_anywhere for word in said)


def score(a: Item, b: Item) -> tuple[float, dict[str, float]]:
    """The probability that ``b``, the later, says the instruction of ``a`` or reports on it; and what each feature added, in log-odds."""
    known = weights(a.vector is not None and b.vector is not None)
    prefix = "report:" if b.kind is ItemKind.REPORT else ""
    evidence = {}
    total = known.get(f"{prefix}bias", 0.0)
    for name, value in features(a, b).items():
        added = value * known.get(prefix + name, 0.0)
        if added:
            evidence[name] = round(added, 3)
            total += added
    return 1 / (1 + math.exp(-total)), evidence


def features(a: Item, b: Item) -> dict[str, float]:
    """What is seen of a pair, the earlier first; values mostly from 0 to 1."""
    shared = a.object.keys() & b.object.keys()
    common = _sum(shared)
    left, right = _sum(a.object), _sum(b.object)
    telling = max(map(weight, shared), default=0.0)
    counted = [key for key in shared if weight(key) > _COMMON]
    out = {
        "object:share of the shorter": common / max(LEAST, min(left, right)),
        "object:share of the longer": common / max(LEAST, left, right),
        "object:most telling shared": telling / 8,
        "object:one telling word shared": float(telling > TELLING),
        "object:nothing telling shared": float(not counted),
        "object:two or more shared": float(len(counted) >= 2),
        "object:three or more shared": float(len(counted) >= 3),
        "object:shared in all": min(1.0, common / 25),
        "object:little to tell": max(0.0, 1 - min(left, right) / 12),
    }
    theirs = b.object.keys() | b.context.keys()
    ours = a.object.keys() | a.context.keys()
    missing_a = _own(a.object.keys() - theirs, b.object.keys() - shared)
    missing_b = _own(b.object.keys() - ours, a.object.keys() - shared)
    out["object:each has its own"] = min(missing_a, missing_b) / 8
    around = a.context.keys() & b.context.keys()
    cross = (a.context.keys() & b.object.keys()) | (b.context.keys() & a.object.keys())
    out["context:shared"] = min(1.0, _sum(around) / 30)
    out["context:holds the other's words"] = min(1.0, _sum(cross) / 12)
    if act := _act(a, b):
        out[act] = 1.0
    if len(counted) >= 2 and ("head:same" in out or "head:of one group" in out):
        out["head and object:shared"] = 1.0
    if b.kind is ItemKind.REPORT:
        out["object:share of the instruction"] = common / max(LEAST, left)
    out.update(_people(a, b))
    if not {"issuer:same", "issuer:same office or body", "addressee:same"} & out.keys():
        out["issuer:another, and little to tell"] = out["object:little to tell"]
    out.update(_named(a, b))
    out["confidence:low"] = max(0.0, 1 - min(a.confidence, b.confidence))
    if {_sense(a), _sense(b)} == {"do", "avoid"} and b.event in (None, Relation.EXECUTED):
        out["polarity:differs"] = 1.0
    if b.event in (Relation.WITHDRAWN, Relation.EXTENDED):
        out[f"event:{b.event.value}"] = 1.0
    if a.document_id == b.document_id:
        out["document:same"] = 1.0
    elif a.day and b.day:
        gap = abs((b.day - a.day).days)
        out["time:over two years"] = float(gap > 730)
        out["time:within half a year"] = float(gap <= 183)
        out["time:apart, and little to tell"] = float(gap > 30) * out["object:little to tell"]
        if a.due and b.due and (b.day - a.due).days > 120:
            out["time:limits of two occasions"] = 1.0
    if a.vector is not None and b.vector is not None:
        cosine = float(a.vector @ b.vector)
        out["similarity"] = max(0.0, cosine - 0.8) * 5
        out["similarity:high"] = float(cosine > 0.9)
        out["similarity:over .85"] = max(0.0, cosine - 0.86) * 10
    if b.recalled:
        out["recalled"] = 1.0
        if b.named and a.day == b.named:
            out["recalled:of that day"] = 1.0
    return {name: value for name, value in out.items() if value}


def _own(keys: Set[str], others: Set[str]) -> float:
    """How telling the most telling of some stems is that has none of its kin among others."""
    for key in sorted(keys, key=lambda key: (-weight(key), key)):
        if not any(akin(key, other) for other in others):
            return weight(key)
    return 0.0


def _sense(item: Item) -> str:
    """``do``, ``avoid``, or neither («no handing over but after the works are done»)."""
    return "" if item.polarity == "avoid" and _EXCEPT.search(fold(item.text)) else item.polarity


def _act(a: Item, b: Item) -> str:
    """Whether both are of one act, by their heads; a report that has the act in any word of it speaks neither for nor against."""
    if a.head and a.head == b.head:
        return "head:same"
    if a.groups & b.groups:
        return "head:of one group"
    if b.kind is ItemKind.REPORT and ({a.head} | a.groups) & b.acts:
        return ""
    return "head:of two groups" if a.groups and b.groups else "head:other"


def _people(a: Item, b: Item) -> dict[str, float]:
    out = {}
    x, y = a.issuer, b.issuer
    if x.record and x.record == y.record or x.person and x.person == y.person:
        out["issuer:same"] = 1.0
    elif x.sector & y.sector:
        out["issuer:same office or body"] = 1.0
    elif x.above or y.above:
        out["issuer:head of state or government"] = 1.0
    elif x.sector and y.sector:
        out["issuer:another"] = 1.0
        if x.rank & y.rank:
            out["issuer:another of its rank"] = 1.0
    elif x.rank and y.rank:
        out["issuer:of one rank" if x.rank & y.rank else "issuer:another"] = 1.0
    else:
        out["issuer:not known"] = 1.0
    if a.addressees & b.addressees:
        out["addressee:same"] = 1.0
    elif _told(a) and _told(b) and not (b.kind is ItemKind.REPORT and x.sector & b.addressees):
        out["addressee:another"] = 1.0
    return out


def _told(item: Item) -> frozenset[str]:
    return item.addressees - words().office_stems


def _named(a: Item, b: Item) -> dict[str, float]:
    """Numbers and places of both: two instructions that each name others are two."""
    out = {}
    if b.kind is ItemKind.DIRECTIVE and (x := numbers(a.text)) and (y := numbers(b.text)):
        out["numbers:shared" if x & y else "numbers:others"] = 1.0
        if x != y and x & y:
            out["numbers:some others"] = 1.0
    if (x := places(a.text)) and (y := places(b.text)) and not x & y:
        out["place:another"] = 1.0
    return out


def _sum(keys: object) -> float:
    return sum(map(weight, keys))  # type: ignore[call-overload]
