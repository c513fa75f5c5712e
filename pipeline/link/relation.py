"""What an entry is to the instruction given before it in its thread."""

from __future__ import annotations

from pipeline.link.types import Item, ItemKind, Relation
from pipeline.link.words import tokens
from pipeline.types import Force

BANDS = {
    **dict.fromkeys((Force.ORDER, Force.DEMAND), 3),
    **dict.fromkeys((Force.INSIST, Force.URGE), 2),
    **dict.fromkeys((Force.CALL, Force.EMPHASISE, Force.RECOMMEND), 1),
}
"""Forces that bind alike: a step from one band to the next is a change of tone; within one it is style."""

_GRANTED = frozenset("امهل فامهل وامهل امهله امهلها امهلهم".split())
"""Verbs of setting a limit, which is more time only where there was one already."""
_STRICT = frozenset(
    "تام تامه التام فورا صارم صارمه صرامه كلي كليا كامله تاخير تهاون انقطاع توقيف غلق سحب الزام مضاعفه ليلا".split()
)


def relation(before: Item, now: Item) -> tuple[Relation, str]:
    """What ``now`` is to ``before``, the instruction said before it, and why."""
    if now.event is Relation.EXTENDED and not before.deadline and set(tokens(now.text)) & _GRANTED:
        return Relation.TIGHTENED, "a limit was set"
    if now.kind is ItemKind.REPORT and now.event is not None:
        return now.event, "a report that orders nothing"
    if now.event is Relation.WITHDRAWN and before.event is not Relation.WITHDRAWN:
        return Relation.WITHDRAWN, "its head lifts what was ordered"
    if now.polarity != before.polarity and before.polarity == "avoid":
        return Relation.WITHDRAWN, "what was to be left is now to be done"
    if now.recalled or now.kind is ItemKind.REFERENCE:
        return Relation.RECALLS, "the statement says that it was given before"
    if before.due and now.due and now.due > before.due and _same_limit(before, now) and not _stronger(before, now):
        return Relation.EXTENDED, f"limit moved from {before.due} to {now.due}"
    if now.event is Relation.EXTENDED and not _stronger(before, now):
        return Relation.EXTENDED, "more time, or more places or people"
    if _stronger(before, now):
        return Relation.TIGHTENED, f"force rose from {before.force} to {now.force}"
    if now.deadline and not before.deadline or now.due and not before.due:
        return Relation.TIGHTENED, "a limit was set"
    if before.due and now.due and now.due < before.due:
        return Relation.TIGHTENED, f"limit moved from {before.due} to {now.due}"
    if strict := _strict(now) - _strict(before):
        return Relation.TIGHTENED, f"made stricter: {'، '.join(sorted(strict))}"
    return Relation.REPEATED, "said again"


def _same_limit(before: Item, now: Item) -> bool:
    """True where the second limit belongs to the first: given before or soon after it ran out, not in the next season."""
    return bool(now.day and before.due and (now.day - before.due).days < 120)


def _stronger(before: Item, now: Item) -> bool:
    if not before.force or not now.force:
        return False
    return BANDS[Force(now.force)] > BANDS[Force(before.force)]


def _strict(item: Item) -> set[str]:
    return set(tokens(item.text)) & _STRICT
