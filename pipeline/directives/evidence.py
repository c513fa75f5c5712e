"""What speaks for and against an act that the rules propose, weighed into a confidence.

Each feature is something that can be seen beside the trigger: its lexeme and frame, where its issuer stands, who is told to act,
whether private bodies are near. The weights (log-odds, ``models/lexicon/evidence.csv``) are fitted to the training statements by
``models/train/evidence.py``; an act below the threshold of the file is rejected.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipeline.directives.authority import standing
from pipeline.directives.candidates import Candidate
from pipeline.directives.view import View, head_word
from pipeline.types import Evidence, Kind, Mention, Span, Zone
from pipeline.weights import read_weights

_RANKS = {
    **dict.fromkeys("رييس رييسه ملك سلطان حكومه دوله سلطات برلمان".split(), 5),
    **dict.fromkeys("وزير وزيره وزاره مجلس نيابه وكيل".split(), 4),
    **dict.fromkeys("والي واليه محافظ امير ولايه".split(), 3),
    **dict.fromkeys("مدير مديره مديريه هييه وكاله عامل".split(), 2),
}


def weights() -> Mapping[str, float]:
    """Weight of each feature, and ``threshold``."""
    return read_weights("evidence")


def threshold(in_article: bool) -> float:
    """Confidence below which the rules reject an act, in an article or in a statement."""
    return weights()["threshold in articles" if in_article else "threshold"]


@dataclass(frozen=True, slots=True)
class Company:
    """What else a document holds: acts that no rule speaks against, and acts of speakers who have no authority."""

    acts: int
    private: int


def weigh(
    candidate: Candidate, issuer: Mention | None, addressees: tuple[Mention, ...], company: Company
) -> tuple[tuple[Evidence, ...], float]:
    """The evidence on an act, strongest first, and its probability to be a directive."""
    known = weights()
    total = known.get("bias", 0.0)
    found = []
    for name, span in features(candidate, issuer, addressees, company):
        weight = known.get(name, 0.0)
        total += weight
        if weight or name.startswith(("lexeme:", "frame:")):  # what was matched is told even where it weighs nothing
            found.append(Evidence(name, span, round(weight, 3)))
    return tuple(sorted(found, key=lambda e: -abs(e.weight))), 1 / (1 + math.exp(-total))


def features(
    candidate: Candidate, issuer: Mention | None, addressees: tuple[Mention, ...], company: Company
) -> Iterator[tuple[str, Span]]:
    """What can be seen of an act, each with its place."""
    view, form = candidate.view, candidate.form
    trigger = view.span(candidate.i, candidate.last, candidate.offset)
    yield f"lexeme:{form.trigger.id}", trigger
    yield f"form:{form.klass}", trigger
    yield f"frame:{candidate.frame}", trigger
    yield f"frame:{candidate.frame} of {form.trigger.force.value}", trigger
    yield f"zone:{view.sentence.zone.value}", view.sentence.span
    if view.quote[candidate.i] >= 0:
        yield "trigger:quoted", trigger
    if candidate.at != candidate.i:
        yield "trigger:saying", trigger
    first = candidate.regions[0][1].instructions[0]
    if candidate.intro is not None and candidate.frame not in ("list", "verb"):
        gap = candidate.intro.j - candidate.end
        yield f"gap:{'0' if gap <= 1 else '1-4' if gap <= 4 else '5-12' if gap <= 12 else 'far'}", trigger
    if first.head is not None:
        yield f"head:{first.head.kind.value}", trigger
        found = view.masdar_at(first.head.j, first.head.offset) if candidate.regions[0][0] is view else None
        if found is not None:
            yield f"head:score {'high' if found.score >= 0.85 else 'middle' if found.score >= 0.6 else 'low'}", trigger
    yield f"instructions:{min(3, sum(len(r.instructions) for _, r in candidate.regions))}", trigger
    yield from _issuer(view, candidate, issuer, trigger)
    yield from _addressees(view, issuer, addressees, trigger)
    yield from _private(view, candidate, trigger)
    yield from _document(view, issuer, company.acts, trigger)
    voices = "no" if not company.private else "1" if company.private == 1 else "2-3" if company.private < 4 else "more"
    yield f"document:{voices} private voices", trigger


def _issuer(view: View, candidate: Candidate, issuer: Mention | None, trigger: Span) -> Iterator[tuple[str, Span]]:
    yield f"issuer:standing {standing(view.analysis, view.lexicon, issuer)}", issuer.span if issuer else trigger
    if issuer is None:
        yield f"issuer:none{' of those named' if view.analysis.actors else ''}", trigger
        return
    actor = view.analysis.actor_of(issuer)
    kind = actor.kind if actor else issuer.kind
    yield f"issuer:{kind.value if kind else 'public'}", issuer.span
    yield f"issuer:rank {_rank(view, issuer)}", issuer.span
    if actor is not None and actor.kind is Kind.PERSON and not actor.office:
        yield "issuer:no office named", issuer.span
    if actor is not None and len(actor.mentions) > 1:
        yield "issuer:named again", issuer.span
    if 0 <= issuer.span.start - trigger.end <= 3 or _behind_adverb(view, candidate.last + 1, issuer):
        yield "issuer:right behind", issuer.span
    elif issuer.span.start > trigger.end:
        yield "issuer:behind", issuer.span
    elif view.sentence.span.start <= issuer.span.start:
        yield "issuer:in front", issuer.span
    else:
        sentences = sum(issuer.span.start < s.span.start <= trigger.start for s in view.analysis.sentences)
        yield f"issuer:{min(sentences, 4)} sentences before", issuer.span
    between = [view.tokens[j].norm for j in range(candidate.i) if view.start(j) > issuer.span.end]
    if any(_is_private(view, word) for word in between):
        yield "private:between issuer and trigger", issuer.span


def _behind_adverb(view: View, j: int, issuer: Mention) -> bool:
    """True for «أكد اليوم السبت والي …», «وجه في هذا الشأن محافظ …»: only when or where stands between verb and issuer."""
    if j >= view.n or view.w[j] not in _WHEN:
        return False
    return any(view.start(k) == issuer.span.start for k in range(j + 1, min(view.n, j + 5)))


_WHEN = frozenset("اليوم امس مساء صباح يوم في خلال بدوره ايضا كذلك مجددا".split())


def _addressees(
    view: View, issuer: Mention | None, addressees: tuple[Mention, ...], trigger: Span
) -> Iterator[tuple[str, Span]]:
    if not addressees:
        yield "addressee:none", trigger
    for mention in addressees[:1]:
        yield f"addressee:{mention.kind.value if mention.kind else 'public'}", mention.span
        if issuer is not None and _rank(view, mention) > _rank(view, issuer):
            yield "addressee:above the issuer", mention.span
        if _is_private(view, head_word(view.analysis, mention)):
            yield "addressee:private body", mention.span


def _private(view: View, candidate: Candidate, trigger: Span) -> Iterator[tuple[str, Span]]:
    here = sum(_is_private(view, word) for word in view.w)
    if here:
        yield f"private:{'1' if here == 1 else 'more'} in the sentence", view.sentence.span
    if view.index:
        before = view.analysis.sentences[view.index - 1]
        if any(_is_private(view, t.norm) for t in before.tokens):
            yield "private:in the sentence before", before.span
    opening = view.analysis.sentences[0]
    if any(_is_private(view, t.norm) for t in opening.tokens):
        yield "private:in the opening", opening.span
    if candidate.i and view.w[candidate.i - 1] in ("الذي", "التي", "الذين", "من"):
        yield "trigger:in a relative clause", trigger


def _document(view: View, issuer: Mention | None, acts: int, trigger: Span) -> Iterator[tuple[str, Span]]:
    """How rich in acts the document is, and whether its opening names who speaks here."""
    words = len(view.analysis.norm.text) / 6
    rate = words / max(1, acts)
    yield (
        f"document:an act in {'40' if rate < 40 else '80' if rate < 80 else '160' if rate < 160 else 'more'} words",
        trigger,
    )
    if words < 60:
        yield "document:a passage", trigger
        return
    yield f"document:{'1' if acts == 1 else '2' if acts == 2 else '3-4' if acts <= 4 else 'many'} acts", trigger
    if issuer is None or not view.analysis.sentences:
        return
    body = next((s for s in view.analysis.sentences if s.zone is Zone.BODY), view.analysis.sentences[0])
    actor = view.analysis.actor_of(issuer)
    spans = actor.mentions if actor else (issuer.span,)
    yield f"issuer:{'in' if any(s.start < body.span.end for s in spans) else 'not in'} the opening", issuer.span


def _is_private(view: View, word: str) -> bool:
    words = view.lexicon.words
    return _among(words["private_body"], words["crowd_subject"], word)


@lru_cache(maxsize=1 << 16)
def _among(bodies: frozenset[str], subjects: frozenset[str], word: str) -> bool:
    bare = word.lstrip("و").removeprefix("لل").removeprefix("ال")
    return bare in bodies or word.lstrip("و") in subjects


def _rank(view: View, mention: Mention) -> int:
    """How high an office or body stands, 0 to 5. Requests upwards are no directives (GUIDELINES 30)."""
    if mention.kind is Kind.GROUP:
        return 1
    return _RANKS.get(head_word(view.analysis, mention), 1 if mention.kind else 0)
