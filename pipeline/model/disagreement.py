"""Where rules and network differ about an instruction, and by how much."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.types import Analysis, Evidence, Span


@dataclass(frozen=True, slots=True)
class Difference:
    """An instruction with the probability that rules and network each give it (0 where one did not find it), and what came of it.

    ``start`` and ``end`` are the instruction's, in code points of the text.
    """

    document_id: str
    start: int
    end: int
    trigger: str
    instruction: str
    rules: float
    model: float
    taken: bool
    outcome: str
    """The confidence of both together, or why it was not taken."""

    @property
    def width(self) -> float:
        """How far the two are apart, 0 to 1."""
        return abs(self.rules - self.model)


def differences(analysis: Analysis) -> tuple[Difference, ...]:
    """All candidates of a document that rules and model have weighed together, in text order."""
    out = []
    for d in analysis.directives:
        out += _of(analysis, d.act.trigger, d.evidence, True, f"confidence {d.confidence:.2f}", d.instruction)
    for r in analysis.rejected:
        out += _of(analysis, r.trigger, r.evidence, False, r.reason)
    return tuple(sorted(out, key=lambda d: (d.start, d.end)))


def _of(
    analysis: Analysis, trigger: Span, evidence: Iterable[Evidence], taken: bool, outcome: str, span: Span | None = None
) -> list[Difference]:
    found = {e.source: e for e in evidence}
    if "model:instruction" not in found:
        return []
    span = span or found["model:instruction"].span
    rules, model = (_probability(found.get(name)) for name in ("rules:confidence", "model:instruction"))
    words = " ".join(analysis.text(span).split())
    name = analysis.document.id
    return [Difference(name, span.start, span.end, analysis.text(trigger), words, rules, model, taken, outcome)]


def _probability(evidence: Evidence | None) -> float:
    return 0.0 if evidence is None else round(1 / (1 + math.exp(-evidence.weight)), 3)
