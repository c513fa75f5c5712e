"""References to earlier instructions by their day: «التعليمات التي أسداها للصندوق خلال جلسة العمل المنعقدة بتاريخ 7 جانفي 2025»."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from pipeline.link.items import name_words
from pipeline.link.types import Issuer, Item, ItemKind, Link, Relation
from pipeline.link.words import bare, root, words
from pipeline.types import CONTENT, Analysis, Span

_NOUNS = frozenset(map(root, "تعليمات تعليمه توجيهات توصيات اوامر قرارات التزامات".split()))
_GIVEN = frozenset(
    "اسداها اسداه اسدتها اعطاها اعطتها وجهها وجهتها اصدرها اصدرتها قدمها قدمتها منبثقه صادره مسداه موجهه مقدمه متخذه اتخذت اسديت سابقه خرج خرجت".split()
)
_FAR = 30
"""Most words between the noun and the day."""
_ABOUT = 0.5
"""Score of a reference that names nobody: it is about all instructions of its statement."""


def references(
    analysis: Analysis, days: Iterable[tuple[Span, datetime.date]], taken: Iterable[Span], issuer: Issuer, country: str
) -> Iterator[Item]:
    """The references of a segmented document; ``days`` are its single calendar days, ``taken`` the spans of its directives."""
    raw, name = analysis.document.raw, analysis.document.id
    dated, spans = sorted(days), list(taken)
    for sentence in analysis.sentences:
        if sentence.zone not in CONTENT:
            continue
        for i, token in enumerate(sentence.tokens):
            if root(token.norm) not in _NOUNS:
                continue
            tail = sentence.tokens[i + 1 : i + 1 + _FAR]
            if not tail or not any(bare(t.norm) in _GIVEN for t in tail):
                continue
            within = Span(token.span.end, tail[-1].span.end)
            found = next(((span, day) for span, day in dated if within.covers(span)), None)
            if found is None or analysis.document.published and found[1] >= analysis.document.published:
                continue
            span = Span(token.span.start, found[0].end)
            if any(span.overlaps(s) for s in spans):
                continue
            said = name_words(span.text(raw)) - words().stop
            yield Item(
                *(f"{name}:n{span.start}", name, ItemKind.REFERENCE, span.start, span.end, span.text(raw), found[1]),
                *(f"{name}:n{span.start}", root(token.norm)),
                issuer=issuer, addressees=said, country=country, recalled=True, named=found[1],
            )  # fmt: skip
            break


def bound(reference: Item, directives: Iterable[Item], given: str | None) -> Iterator[Link]:
    """The links of a reference to the directives of its statement that go to those it names, or to nobody in particular.

    ``given`` is the id of a statement of the day that it names, by the same issuer, where the store has one.
    """
    where = f"given in {given}" if given else "the store has no statement of that day by this issuer"
    for item in directives:
        shared = reference.addressees & item.addressees
        if item.addressees and not shared:
            continue
        score = 0.9 if len(shared) > 1 else 0.7 if shared else _ABOUT
        reason = (
            f"instructions of {reference.named} are named, to the same addressee"
            if shared
            else f"instructions of {reference.named} are named"
        )
        yield Link(reference.id, item.id, score, Relation.RECALLS, f"{reason}; {where}", {})
