"""From the records of a document to the items that linking compares."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from pipeline.link.types import Issuer, Item, ItemKind, Relation
from pipeline.link.words import bare, content, root, stem, tokens, words
from pipeline.morphology import masdar
from pipeline.normalize import fold

CONTEXT = 14
"""Most stems of the surroundings of an item that are kept: the most telling."""
_LIGHT = frozenset(
    "مواصله ضمان سهر عمل سعي شروع اسراع تسريع حرص استمرار ضروره عدم وضع منح رفع ابقاء مباشره انتهاء انهاء استكمال اتمام سرعه تعجيل قيام منع حظر تجنب تفادي اعاده".split()
)
"""Heads behind which the act itself stands: «الشروع في تنظيف»."""

_WORKS = frozenset("اشغال عمليه عمليات مشروع مشاريع برنامج وتيره".split())
"""Words between a light head and the act: «استكمال أشغال التهيئة»."""
_ACT = 0.3
"""Score as a masdar from which a word behind a light head is the act, and no thing («وضع الأسواق»)."""


def directives(rows: Iterable[dict[str, Any]]) -> Iterator[Item]:
    """The items of the rows of one document (the query is in ``pipeline/link/store.py``), in text order.

    What hangs on a pronoun («… وتأمينها») has the object of the instruction before it in the same act as its own.
    """
    act_of: dict[str, Item] = {}
    for row in rows:
        item = directive(row)
        before = act_of.get(row["act_id"])
        if before is not None and _on_pronoun(item):
            item = replace(item, object={**before.object, **item.object})
        act_of[row["act_id"]] = item
        yield item


def _on_pronoun(item: Item) -> bool:
    head = masdar(bare(tokens(item.text)[0])) if tokens(item.text) else None
    return head is not None and head.pronoun in ("ها", "هم", "ه", "هما")


def directive(row: dict[str, Any]) -> Item:
    """The item of a row."""
    text, low = row["text"], row["instruction"]
    spans = json.loads(row["spans"])
    start, end = row["start"], row["end"]
    deadline = spans.get("deadline")
    said_words = tokens(low.replace(text[slice(*deadline)], " ") if deadline else low)
    head, groups, rest = act(said_words)
    issuer = issuer_of(row)
    around = text[max(0, start - 250) : start] + " " + text[end : end + 120] + " " + (row["title"] or "")
    return Item(
        row["directive_id"],
        row["document_id"],
        ItemKind.DIRECTIVE,
        start,
        end,
        low,
        day_of(row["issued_on"]) or day_of(row["day"]),
        row["repeats"],
        head,
        groups,
        frozenset(),
        content(rest),
        surroundings(around, rest),
        event_of(said_words, row["trigger"]),
        issuer,
        frozenset(key for name in json.loads(row["addressees"]) for key in who(name)),
        row["confidence"],
        row["country"] or "",
        row["force"],
        row["polarity"],
        bool(row["recalled"]),
        row["deadline"] is not None,
        day_of(row["due"]),
    )


def act(said: Sequence[str]) -> tuple[str, frozenset[str], list[str]]:
    """The root of the head, the groups of its act, and the words behind the head, of the folded words of an instruction.

    Of a head that only says how («الشروع في …») the act behind it counts.

    >>> head, groups, rest = act("الشروع في تنظيف الوديان".split())  # "starting to clean the wadis"
    >>> sorted(groups), rest
    (['clean'], ['الوديان'])
    """
    known = words().actions
    plain = [w for w in said if w not in ("في", "من", "علي", "الي")]
    if not plain:
        return "", frozenset(), []
    head = root(plain[0])
    groups = set(known.get(head, ()))
    rest = list(said[said.index(plain[0]) + 1 :])
    while len(plain) > 1 and bare(plain[0]) in _LIGHT:
        if bare(plain[1]) in _WORKS:
            del plain[1]
            continue
        behind = masdar(bare(plain[1]))
        if behind is None or behind.score < _ACT:
            break
        del plain[0]
        head = root(plain[0])
        groups = set(known.get(head, groups))
        rest = rest[rest.index(plain[0]) + 1 :]
    return head, frozenset(groups), rest


def event_of(said: Sequence[str], trigger: str = "") -> Relation | None:
    """What the first words of an instruction tell of an earlier one: that it is lifted, or given more time."""
    events = words().events
    first = [bare(w) for w in said[:3]]
    pairs = {" ".join(first[:2]), first[0] if first else ""}
    if pairs & events["withdrawn"]:
        return Relation.WITHDRAWN
    if pairs & events["extended"] or bare(fold(trigger)) in events["extended"]:
        return Relation.EXTENDED
    return None


def surroundings(text: str, own: Iterable[str]) -> dict[str, float]:
    """The most telling stems of a text, but those of ``own`` words."""
    mine = {stem(w) for w in own}
    found = [(key, value) for key, value in content(tokens(text)).items() if key not in mine]
    return dict(sorted(found, key=lambda pair: (-pair[1], pair[0]))[:CONTEXT])


def issuer_of(row: dict[str, Any]) -> Issuer:
    """Who speaks, from the issuer, its office and organisation."""
    person = row["issuer"] if row["kind"] == "PERSON" else None
    names = [row["office"], row["organisation"]] if person else [row["issuer"], row["organisation"]]
    designations = [fold(name) for name in (*names, row["issuer_mention"]) if name]
    sector = frozenset(key for name in names if name for key in name_words(name))
    if person and not sector:
        sector = name_words(row["issuer_mention"] or "") - name_words(person)
    rank = frozenset(stem(w) for name in designations for w in tokens(name)) & words().office_stems
    return Issuer(row["record"] or "", fold(person or ""), sector, is_above(designations), rank)


def is_above(designations: Iterable[str]) -> bool:
    """True where one of some folded designations is a head of state or government."""
    return any(re.search(rf"(?:^|\s){name}(?:$|\s)", said) for said in designations for name in words().above)


@lru_cache(maxsize=1 << 14)
def name_words(name: str) -> frozenset[str]:
    """Stems of what tells one office or body from others of its kind; none of a name that is told from nothing («الوزير»).

    >>> name_words("وزير الري") == name_words("وزارة الري"), name_words("السيد الوزير")
    (True, frozenset())
    """
    said = [w for w in tokens(name) if not {w, bare(w)} & words().office]
    return frozenset(stem(w) for w in said if stem(w) not in words().office_stems) or frozenset(map(stem, said))


def who(name: str) -> frozenset[str]:
    """Stems of the name of those who are to act: what tells them from others, or else all («الولاة»)."""
    return name_words(name) or frozenset(map(stem, tokens(name)))


def day_of(text: str | None) -> datetime.date | None:
    """A day of the store."""
    return datetime.date.fromisoformat(text[:10]) if text else None
