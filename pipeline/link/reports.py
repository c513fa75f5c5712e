"""Reports in a statement: clauses that tell that something was done, lifted or given more time, and order nothing.

«تم إصلاح 3.200 تسرب»، «فتحت 15 سوقا أبوابها»، «قررت الوزارة تجميد المنع». Such clauses are no directives; they are found by a verb
of doing (``models/link/words.toml``) and become items that the scorer ties to the instruction they answer, or to none.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from pipeline.link.items import act, surroundings
from pipeline.link.types import Issuer, Item, ItemKind, Relation
from pipeline.link.words import bare, content, root, stem, tokens, words
from pipeline.morphology import masdar
from pipeline.types import CONTENT, Analysis, Sentence, Span, Token

_STOPS = frozenset('،؛:.,;!؟"«»()-')
_LONG = 45
"""Most words of a clause."""
_SAYING = frozenset(
    "ان انه انها بان بانه بانها كشف كشفت اعلن اعلنت افاد افادت اكد اكدت قال قالت اوضح اوضحت سجلت سجل ذكر ذكرت".split()
)
_SCOPE = frozenset("بدل تعميم توسيع توسعه".split())
"""Words that widen an instruction, but in a report tell of any plan."""
_RETURNED = frozenset("عاد عادت".split())
"""«عاد اليوم العالمي …»: no «أعاد», though the root is one."""
_STILL = frozenset("ما مازال مازالت".split())
"""«ما زالت»: what goes on is not done."""
_DONE = frozenset("تم تمت جري جرت".split())
_INSTRUCTION = frozenset(root(w) for w in ("تعليمات", "تعليمه", "توجيهات", "توصيات", "اوامر", "منشور", "مذكره"))


def reports(
    analysis: Analysis, taken: Iterable[Span], day: datetime.date | None, issuer: Issuer, country: str
) -> Iterator[Item]:
    """The reports of a segmented document outside the spans ``taken`` by directives."""
    raw, name = analysis.document.raw, analysis.document.id
    spans = list(taken)
    for sentence in analysis.sentences:
        if sentence.zone not in CONTENT:
            continue
        for clause, told in _clauses(sentence):
            found = _event(clause, told)
            if found is None:
                continue
            event, cue = found
            span = Span(clause[0].span.start, clause[-1].span.end)
            free = [t for t in clause if not any(t.span.overlaps(s) for s in spans)]
            if clause[cue] not in free or 2 * len(free) < len(clause):
                continue
            said = [t.norm for t in free]
            head, said = _act(said, free.index(clause[cue]), event)
            banned = "forbid" in words().actions.get(root(clause[cue].norm), ())
            about = content(w for w in said if w not in words().events["done"])
            if not about:
                continue
            known, roots = words().actions, frozenset(map(root, said))
            before = raw[max(0, span.start - 200) : span.start]
            near = {stem(t.norm) for t in sentence.tokens} | {stem(w) for w in tokens(before)}
            around = raw[max(0, sentence.span.start - 200) : span.start] + " " + raw[span.end : sentence.span.end]
            yield Item(
                f"{name}:r{span.start}", name, ItemKind.REPORT, span.start, span.end, span.text(raw), day, f"{name}:r{span.start}",
                head, known.get(head, frozenset()), roots.union(*(known.get(r, ()) for r in roots)), about,
                surroundings(around + " " + (analysis.document.title or ""), said), event, issuer, issuer.sector & near, country=country,
                polarity="avoid" if banned else "do",
            )  # fmt: skip


def _act(said: list[str], cue: int, event: Relation) -> tuple[str, list[str]]:
    """The root of what was done, of the masdar behind «تم», else of the word that reports; and the words that say what it is about.

    Of an earlier instruction that is recalled, both are behind «القاضية بـ».
    """
    if event is Relation.RECALLS:
        recalled = words().events["recalled"]
        at = next((i for i, word in enumerate(said) if i > cue and bare(word) in recalled), len(said) - 1)
        head, _, rest = act([w for w in said[at + 1 :] if w != "ب"])
        return (head, said[at + 1 :]) if rest else (root(said[cue]), said)
    if bare(said[cue]) in _DONE:
        behind = [w for w in said[cue + 1 : cue + 6] if not w.startswith(("ال", "بال", "لل")) and masdar(w)]
        if behind:
            return root(behind[0]), said
    return root(said[cue]), said


def _clauses(sentence: Sentence) -> Iterator[tuple[list[Token], bool]]:
    """The stretches of a sentence between commas, and whether each is told («كشف أن …»); a short one goes with the next, and what
    opens with a verb of saying loses it.
    """
    clause: list[Token] = []
    for token in sentence.tokens:
        if token.norm in _STOPS and token.norm not in '"«»()':
            if sum(len(t.norm) > 2 for t in clause) >= 4:
                yield from _trimmed(clause)
                clause = []
        else:
            clause.append(token)
    yield from _trimmed(clause)


def _trimmed(clause: list[Token]) -> Iterator[tuple[list[Token], bool]]:
    at = max((i for i, t in enumerate(clause[:-2]) if t.norm in _SAYING), default=-1)
    kept = [t for t in clause[at + 1 :] if t.norm not in _STOPS]
    if 2 < len(kept) <= _LONG:
        yield kept, at >= 0


def _event(clause: list[Token], told: bool) -> tuple[Relation, int] | None:
    """What a clause reports, and the index of the word that says so. In what is ``told`` any verb of doing will do."""
    events = words().events
    said = [t.norm for t in clause]
    for i, word in enumerate(said):
        if root(word) in _INSTRUCTION and any(bare(w) in events["recalled"] for w in said[i + 1 : i + 13]):
            return Relation.RECALLS, i
    for i, word in enumerate(said):
        plain = bare(word)
        if any(w in events["not_yet"] or bare(w) in events["not_yet"] for w in said[max(0, i - 3) : i]):
            continue
        pair = f"{plain} {bare(said[i + 1])}" if i + 1 < len(said) else ""
        if plain in events["withdrawn"] or pair in events["withdrawn"]:
            return Relation.WITHDRAWN, i
        if plain in events["extended"] and plain not in _SCOPE or pair in events["extended"]:
            return Relation.EXTENDED, i
    for i, word in enumerate(said):
        if any(w in events["not_yet"] or bare(w) in events["not_yet"] for w in said[max(0, i - 3) : i]):
            continue
        if i and said[i - 1] in _STILL:
            continue
        stripped = word[1:] if word[0] in "وف" and len(word) > 4 else word
        if stripped in _DONE or stripped in events["done"] or _is_done(stripped, told):
            return Relation.EXECUTED, i
    return None


def _is_done(word: str, told: bool) -> bool:
    """True where a word can be the perfect of a verb of doing: feminine in ت («فتحت»), or where it is ``told`` any form; no masdar, no article."""
    feminine = len(word) > 3 and word.endswith("ت") and not word.endswith("ات")
    if (
        word.startswith(("ال", "سي", "ست"))
        or len(word) < 3
        or word in _RETURNED
        or not (feminine or told)
        or root(word) not in words().actions
    ):
        return False
    reading = masdar(word)
    return reading is None or reading.score < 0.5 or (told and len(word) == 3)
