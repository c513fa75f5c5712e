"""The stages of a pipeline with backends: one before the rules that asks them, one after that weighs what they say of each directive.

Every source only adds evidence. What a backend says of a directive has a weight (log-odds, ``models/lexicon/backends.csv``, fitted by
``models/train/backends.py``) that is added to what the rules gave; a directive that falls below the threshold is rejected,
and one that the rules held for a little too weak may rise above it. Where a model decides, it does so behind the testimony.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from pipeline.backends import Backend
from pipeline.directives.evidence import threshold
from pipeline.directives.voice import found_in_article
from pipeline.types import Analysis, Directive, Evidence, Layer, Mention, Rejected, Span, Unit
from pipeline.weights import read_weights


@dataclass(frozen=True, slots=True)
class LayersStage:
    """Stage that fills ``layers``."""

    backends: tuple[Backend, ...]
    name: str = "backends"
    requires: frozenset[str] = frozenset({"sentences"})
    provides: frozenset[str] = frozenset({"layers"})

    def __call__(self, analysis: Analysis) -> Analysis:
        return replace(analysis, layers=tuple(backend(analysis) for backend in self.backends))


@dataclass(frozen=True, slots=True)
class LayerNames:
    """The mentions of a layer, for :class:`pipeline.actors.ActorsStage`."""

    name: str

    def __call__(self, analysis: Analysis) -> Iterable[Mention]:
        return (mention for layer in analysis.layers if layer.backend == self.name for mention in layer.mentions)


@dataclass(frozen=True, slots=True)
class WitnessStage:
    """Stage that weighs each directive of the rules anew with what the layers say of it; below the threshold it is rejected."""

    threshold: float | None = None
    """By default that of the rules; lower where a model decides afterwards."""
    name: str = "testimony"
    requires: frozenset[str] = frozenset({"layers", "directives"})
    provides: frozenset[str] = frozenset({"directives", "rejected"})

    def __call__(self, analysis: Analysis) -> Analysis:
        least = threshold(found_in_article(analysis)) if self.threshold is None else self.threshold
        kept: list[Directive] = []
        rejected = list(analysis.rejected)
        witnesses = [Witness(layer) for layer in analysis.layers]
        for d in analysis.directives:
            said = tuple(e for witness in witnesses for e in testimony(witness, d))
            confidence = _added(d.confidence, sum(e.weight for e in said))
            heard = replace(d, confidence=round(confidence, 3), evidence=(*d.evidence, *said))
            if confidence >= least:
                kept.append(heard)
            else:
                reason = f"confidence {confidence:.2f} below {least:.2f}"
                rejected.append(Rejected(d.act.trigger, d.act.lexeme, reason, heard.evidence))
        return replace(analysis, directives=tuple(kept), rejected=tuple(rejected))


def _added(confidence: float, weight: float) -> float:
    bounded = min(max(confidence, 0.001), 0.999)
    return 1 / (1 + math.exp(-math.log(bounded / (1 - bounded)) - weight))


@dataclass
class Witness:
    """A layer with its units by place."""

    layer: Layer
    at: dict[int, int] = field(default_factory=dict)
    """Index of the unit that covers a code point."""

    def __post_init__(self) -> None:
        for i, unit in enumerate(self.layer.units):
            for offset in range(unit.span.start, unit.span.end):
                self.at[offset] = i

    def unit(self, offset: int) -> Unit | None:
        """The unit at a code point."""
        return self.layer.units[self.at[offset]] if offset in self.at else None


def testimony(witness: Witness, d: Directive) -> Iterator[Evidence]:
    """What a layer says of a directive, with its weights. Features without a weight are told too: they weigh nothing."""
    known = read_weights("backends")
    name = witness.layer.backend
    for feature, span in features(witness, d):
        yield Evidence(f"{name}:{feature}", span, known.get(f"{name}:{feature}", known.get(feature, 0.0)))


def features(witness: Witness, d: Directive) -> Iterator[tuple[str, Span]]:
    """What can be seen of a directive in a layer, each with its place."""
    trigger, first = witness.unit(d.act.trigger.start), witness.unit(d.instruction.start)
    if trigger is not None and trigger.pos:
        yield f"trigger {trigger.pos}", d.act.trigger
    if first is not None and first.pos:
        kind = "masdar" if first.masdar else "no masdar" if first.masdar is False else ""
        yield f"instruction opens with {first.pos}{f' ({kind})' if kind else ''}", d.instruction
        if first.span.start != d.instruction.start:
            yield "instruction opens inside a unit", d.instruction
    ends = {sentence.end for sentence in witness.layer.sentences}
    if any(d.act.trigger.end <= end < d.instruction.start for end in ends):
        yield "a sentence ends before the instruction", d.instruction
    if any(d.instruction.start < end < d.instruction.end for end in ends):
        yield "a sentence ends inside the instruction", d.instruction
    if any(unit.relation for unit in witness.layer.units[:3]):
        yield from _parsed(witness, d)


def _parsed(witness: Witness, d: Directive) -> Iterator[tuple[str, Span]]:
    trigger, first = witness.at.get(d.act.trigger.start), witness.at.get(d.instruction.start)
    units = witness.layer.units
    if trigger is None:
        return
    subjects = [u for u in units if u.head == trigger and (u.relation or "").startswith("nsubj")]
    for subject in subjects[:1]:
        if d.act.issuer is not None and subject.span.overlaps(d.act.issuer.span):
            yield "subject is the issuer", subject.span
        elif any(subject.span.overlaps(mention.span) for mention in d.act.addressees):
            yield "subject is told to act", subject.span
        elif subject.span.overlaps(d.instruction):
            yield "subject is the instruction", subject.span
        else:
            yield "subject is another", subject.span
    if first is None:
        return
    at: int | None = first
    for _ in range(6):
        at = units[at].head if at is not None else None
        if at == trigger:
            yield "instruction hangs on the trigger", d.instruction
            return
    yield "instruction hangs elsewhere", d.instruction
