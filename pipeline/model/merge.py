"""Rules and network together: every instruction that either found is a candidate, and its features decide with fitted weights.

Neither overwrites the other: a directive carries the evidence of both, and its confidence is the calibrated probability.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pipeline import ids
from pipeline.actors import SpeakerIndex
from pipeline.directives.candidates import PRAYER
from pipeline.directives.roles import headed_at
from pipeline.directives.voice import found_in_article
from pipeline.lexicon import Lexicon
from pipeline.model import records
from pipeline.model.tagger import Reading, Scored
from pipeline.morphology import imperative, masdar, subjunctive
from pipeline.normalize import fold
from pipeline.types import Act, Analysis, Directive, Evidence, Kind, Mention, Rejected, Span

SAME = 0.5
"""Shared part from which two spans are of one instruction."""
SHOWN = 0.1
"""Confidence from which a candidate of the network alone is told as rejected."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model over features, and the confidence from which a candidate is taken: in statements, in articles, and the stricter one.

    What the rules believe of a statement is taken from ``trust`` below the first.
    """

    weights: Mapping[str, float]
    threshold: float
    articles: float
    precise: float
    trust: float = 0.0

    @classmethod
    def read(cls, path: Path) -> Weights:
        """The weights of a model folder."""
        data = json.loads(path.read_text(encoding="utf-8"))
        return cls(data["weights"], data["threshold"], data["threshold in articles"], data["precise"], data["trust"])

    def confidence(self, features: Mapping[str, float]) -> float:
        """Probability that a candidate is right."""
        return 1 / (1 + math.exp(-sum(self.weights.get(name, 0.0) * value for name, value in features.items())))

    def bar(self, candidate: Candidate, article: bool, precise: bool = False) -> float:
        """The confidence from which a candidate is taken."""
        if precise:
            return self.precise
        if article:
            return self.articles
        believed = candidate.rule is not None and candidate.rule.confidence >= 0.5
        return self.threshold - self.trust * believed


@dataclass(frozen=True, slots=True)
class Candidate:
    """An instruction of a reading (``instruction``), of the rules (``rule``), or of both; then ``span`` is the rules', whose boundaries stand."""

    span: Span
    features: Mapping[str, float]
    reading: Reading | None = None
    instruction: Scored | None = None
    rule: Directive | None = None


def _logit(p: float) -> float:
    p = min(max(p, 0.0025), 0.9975)
    return math.log(p / (1 - p))


def shared(a: Span, b: Span) -> float:
    """Dice of the characters of two spans."""
    return 2 * max(0, min(a.end, b.end) - max(a.start, b.start)) / (len(a) + len(b) or 1)


_MANY = 4
"""Acts of speakers without authority from which a document is a newspaper's as much as it can be."""
_AUTHORITY = (
    "speaks for", "public authority", "private body", "no longer holds", "its subject", "one person or body", "a text of law", "an opinion",
)  # fmt: skip
_UNHEARD = ("in an article", "in a column", "a duty that", "the writer's own plea", "a question")


def _refusal(refused: list[Rejected]) -> str:
    """Why the rules refused a trigger: for who speaks, for whose voice is heard, for want of an instruction, or for its words."""
    if not refused:
        return "unknown"
    reason = refused[0].reason
    if "for themselves" in reason:
        return "private"
    if any(words in reason for words in _AUTHORITY):
        return "authority"
    if reason.startswith(_UNHEARD):
        return "unheard"
    return "nothing" if reason.startswith("nothing") else "words"


def candidates(analysis: Analysis, readings: list[Reading]) -> Iterator[Candidate]:
    """What the network found, each with the rules' instruction that it shares; then what only the rules found."""
    met: set[str] = set()
    article = found_in_article(analysis)
    people = [m for m in analysis.mentions if m.kind is Kind.PERSON]
    private = sum(_refusal([r]) in ("authority", "private") for r in analysis.rejected)
    for reading in readings:
        taken = [d for d in analysis.directives if d.act.trigger.overlaps(reading.trigger)]
        if taken:
            common = {"ruled": 1.0, "ruled confidence": _logit(max(d.confidence for d in taken))}
        else:
            refused = [r for r in analysis.rejected if r.trigger.overlaps(reading.trigger)]
            if any(r.reason == PRAYER for r in refused) or _named(analysis, reading.trigger):
                continue
            common = {f"refused {_refusal(refused)}": 1.0}
        side = "ruled" if taken else "new"
        common |= {f"{side} score": _logit(reading.score), f"{side} valid": _logit(reading.valid)}
        common[f"{side} in an article"] = float(article)
        common[f"{side} among private voices"] = min(private, _MANY) / _MANY
        for instruction in reading.instructions:
            rule = max(taken, key=lambda d: shared(d.instruction, instruction.span), default=None)
            if rule is not None and shared(rule.instruction, instruction.span) < SAME:
                rule = None
            if rule is not None:
                met.add(rule.id)
            if rule is None and any(_held(d.instruction, instruction.span) >= SAME for d in analysis.directives):
                continue  # where they only differ about where it starts and ends, the rules know better
            if rule is None and _told_before(taken, reading.trigger, instruction.span):
                continue
            if rule is None and any(_held(p, instruction.span) >= SAME for d in taken for p in d.purposes):
                continue  # what it is for
            if rule is None and not _is_whole(analysis.document.raw, instruction.span):
                continue
            if rule is None and any(m.span.start < instruction.span.start < m.span.end for m in people):
                continue  # inside a name
            more = {
                f"{side} begin": _logit(instruction.begin),
                f"{side} inside": _logit(instruction.inside),
                "same": float(rule is not None),
                "equal": float(rule is not None and rule.instruction == instruction.span),
            }
            span = rule.instruction if rule is not None else instruction.span
            yield Candidate(span, {**common, **more}, reading, instruction, rule)
    for d in analysis.directives:
        if d.id not in met:
            own = next((r for r in readings if r.trigger.overlaps(d.act.trigger)), None)
            begins = [i.begin for r in readings for i in r.instructions if i.span.overlaps(d.instruction)]
            features = {
                "alone": 1.0,
                "alone confidence": _logit(d.confidence),
                "alone score": _logit(own.score if own else 0),
                "alone valid": _logit(own.valid if own else 0),
                "alone crossed": max(begins, default=0.0),
                "alone in an article": float(article),
                "alone among private voices": min(private, _MANY) / _MANY,
            }
            yield Candidate(d.instruction, features, own, None, d)


def _told_before(taken: list[Directive], trigger: Span, span: Span) -> bool:
    """True for what stands between a trigger and the first instruction that the rules read behind it: whom it tells, when and why."""
    first = min((d.instruction.start for d in taken), default=span.start)
    return trigger.start < span.start and span.end <= first


def _named(analysis: Analysis, trigger: Span) -> bool:
    """True where the trigger is a word of a name («مديري العموم»)."""
    return any(m.kind is not None and m.span.overlaps(trigger) for m in analysis.mentions)


def _is_whole(raw: str, span: Span) -> bool:
    """True where the first word can be what is to be done, a verb, a command, or a word with anything of a masdar, and the last leaves nothing open.

    Not «صارمة إلى كافة الإطارات», «الحصول على هوية زائر إلى», «بناء على».
    """
    words = fold(raw[span.start : span.end]).split() or [""]
    first = words[0]
    if fold(raw[span.start : span.start + 9]).split()[:2] == ["بناء", "علي"]:
        return False
    found = masdar(first)
    if len(words) == 1 and not (first.startswith("ال") or (found is not None and found.pronoun)):
        return False  # «وجّه مراسلة»، «بضرورة»، «عدم»
    opens = found or subjunctive(first) or imperative(first) or first in _HEADS
    return bool(opens) and words[-1] not in _OPEN_ENDED


_HEADS = frozenset("ان الا لا عدم كل مزيد سرعه حسن".split())
_OPEN_ENDED = frozenset("من ما الي علي عن في مع ان التي الذي الذين".split())


def decide(found: list[tuple[float, Candidate]], bar: Callable[[Candidate], float]) -> list[tuple[float, Candidate]]:
    """The candidates to take: likely enough, and of two of which one holds most of the other the likelier."""
    out: list[tuple[float, Candidate]] = []
    for confidence, candidate in sorted(found, key=lambda f: (-f[0], f[1].span)):
        if confidence >= bar(candidate) and not any(_held(candidate.span, other.span) >= SAME for _, other in out):
            out.append((confidence, candidate))
    return out


def _held(a: Span, b: Span) -> float:
    """The part of the shorter span that both share."""
    return max(0, min(a.end, b.end) - max(a.start, b.start)) / (min(len(a), len(b)) or 1)


def _record(
    analysis: Analysis, lexicon: Lexicon, speakers: SpeakerIndex | None, confidence: float, c: Candidate
) -> Directive:
    """The record of a candidate: the rules' where they found the instruction; the act is theirs where they found another of its instructions."""
    if c.rule is not None:
        return replace(c.rule, confidence=confidence, evidence=(*c.rule.evidence, *_seen(c)))
    assert c.reading is not None
    assert speakers is not None
    reading = c.reading
    ruled = next((d.act for d in analysis.directives if d.act.trigger.overlaps(reading.trigger)), None)
    named = headed_at(analysis, lexicon, reading.trigger, c.span, speakers)
    told = named or _pronoun_told(analysis, lexicon, reading.trigger, speakers)
    told = told or tuple(records.known(speakers, span) for span in records.addressees(reading, c.span))
    if not told and speakers.speaks_to_you(reading.trigger):
        told = speakers.recipients
    if not told:
        topic = speakers.set_before(reading.trigger.start)
        told = speakers.told_by_pronoun(reading.trigger) or ((topic,) if topic is not None else ())
    if ruled is not None:
        act = replace(ruled, addressees=named) if named else ruled
    else:
        issuer, name = records.issuer(speakers, reading, told) or (None, None)
        act = Act(
            ids.act_id(analysis.document.id, reading.trigger),
            reading.trigger,
            records.force(analysis, lexicon, reading),
            _lexeme(analysis, reading),
            issuer,
            name,
            told,
            reading.recalled >= 0.5,
        )
    return records.directive(analysis, lexicon, act, reading, c.span, confidence, _seen(c))


def _pronoun_told(analysis: Analysis, lexicon: Lexicon, trigger: Span, speakers: SpeakerIndex) -> tuple[Mention, ...]:
    """Those whom a pronoun on the trigger itself means («كلّفها»)."""
    written = analysis.text(trigger)
    forms = lexicon.forms.get(fold(written), ())
    pronoun = forms[0].pronoun if forms and not written.endswith("ة") and all(f.pronoun for f in forms) else ""
    return speakers.antecedents(trigger.start, pronoun) if pronoun else ()


def _seen(c: Candidate) -> tuple[Evidence, ...]:
    """What rules and network say of a candidate, each as log-odds: ``rules:confidence``, ``model:trigger``, ``model:instruction``."""
    out: list[Evidence] = []
    if c.rule is not None:
        out.append(Evidence("rules:confidence", c.rule.act.trigger, round(_logit(c.rule.confidence), 3)))
    if c.reading is not None:
        r = c.reading
        out.append(Evidence("model:trigger", r.trigger, round(_logit(r.score), 3), f"{r.force}"))
        begin = c.instruction.begin if c.instruction is not None else c.features.get("alone crossed", 0.0)
        span = c.instruction.span if c.instruction is not None else c.span
        out.append(Evidence("model:instruction", span, round(_logit(min(r.valid, begin)), 3)))
    return tuple(out)


def _refused(analysis: Analysis, c: Candidate, confidence: float, threshold: float) -> Rejected:
    """A candidate that is not taken."""
    reason = f"confidence {confidence:.2f} below {threshold:.2f} for rules and model together"
    if c.rule is not None:
        return Rejected(c.rule.act.trigger, c.rule.act.lexeme, reason, (*c.rule.evidence, *_seen(c)))
    assert c.reading is not None
    return Rejected(c.reading.trigger, _lexeme(analysis, c.reading), reason, _seen(c))


def _lexeme(analysis: Analysis, reading: Reading) -> str:
    """What stands for the lexeme of a trigger that the rules do not know."""
    return f"model:{analysis.text(reading.trigger)}"


def merge(
    analysis: Analysis, readings: list[Reading], weights: Weights, lexicon: Lexicon, precise: bool = False
) -> Analysis:
    """The analysis with the directives of rules and network; what either proposed and is not taken becomes rejected."""
    scored = [(weights.confidence(c.features), c) for c in candidates(analysis, readings)]
    bar = partial(weights.bar, article=found_in_article(analysis), precise=precise)
    taken = decide(scored, bar)
    # Who speaks is worked out anew only for what the rules did not find.
    speakers = SpeakerIndex(analysis) if any(c.rule is None for _, c in taken) else None
    directives = sorted(
        {
            d.id: d for d in (_record(analysis, lexicon, speakers, round(confidence, 3), c) for confidence, c in taken)
        }.values(),
        key=lambda d: (d.act.trigger, d.instruction),
    )
    kept = {id(c) for _, c in taken}
    dropped = tuple(
        _refused(analysis, c, confidence, bar(c))
        for confidence, c in scored
        if id(c) not in kept and (c.rule is not None or confidence >= SHOWN)
    )
    return replace(analysis, directives=tuple(directives), rejected=(*analysis.rejected, *dropped))
