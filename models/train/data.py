"""Gold statements as training examples of the tagger: labels on the first piece of each token."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline import lexicon
from pipeline.actors import ActorsStage
from pipeline.model.features import Features
from pipeline.model.labels import LAYERS, SKIPS, TRIGGER_LABELS
from pipeline.model.pieces import Pieces
from pipeline.model.stage import proposing
from pipeline.model.windows import Encoded, Window, encode, windows
from pipeline.pipeline import Pipeline
from pipeline.segment import SegmentStage
from pipeline.times import TimesStage
from pipeline.types import Analysis, Span

IGNORED = -100
FOLDS = 5


def rules() -> Pipeline:
    """The rules, with every act they propose kept, likely or not."""
    return Pipeline([SegmentStage(), TimesStage(), ActorsStage(), proposing()])


LATER = ("nw3-", "nw4-", "dz10-", "mg6-", "ar4-", "dz14-", "ar8-")
"""Sets written after the network was trained. They fit the weights of rules and network."""
NEAR_MISSES = ("nw3-", "nw4-")
"""Sets of articles written to hold many near-misses."""


def is_merge_fold(document_id: str) -> bool:
    """True for the documents that the network is not trained on, a fifth of all and the later sets: they fit the weights of rules and network."""
    return document_id.startswith(LATER) or zlib.crc32(document_id.encode()) % FOLDS == 0


@dataclass(slots=True)
class TriggerExample:
    """One trigger, tokens ``first`` to ``last``: for each token and layer O 0, B 1, I 2; skips where a span starts. ``valid``: gold has it."""

    span: Span
    first: int
    last: int
    valid: bool
    proposed: bool = False
    recalled: bool = False
    tags: list[list[int]] = field(default_factory=list)
    skips: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Example:
    """A document with the labels of its tokens."""

    id: str
    encoded: Encoded
    features: Features
    windows: list[Window]
    trigger: list[int]
    skip: list[int]
    triggers: list[TriggerExample]
    lost: int
    """Gold spans that no token of a content sentence holds."""


class _Places:
    """Tokens by raw offset."""

    def __init__(self, analysis: Analysis, encoded: Encoded) -> None:
        self.norm, self.tokens = analysis.norm, encoded.tokens

    def find(self, span: Span) -> tuple[int, int, int] | None:
        """First and last token of a span, and how many letters of the first token stand before it."""
        inside = [i for i, t in enumerate(self.tokens) if t.span.overlaps(span)]
        if not inside:
            return None
        first = inside[0]
        skip = max(0, self.norm.index_of(span.start) - self.tokens[first].norm_start)
        return first, inside[-1], min(skip, SKIPS - 1)


def _tag(tags: list[int], first: int, last: int, begin: int) -> None:
    tags[first] = begin
    for i in range(first + 1, last + 1):
        if tags[i] == 0 or tags[i] == begin + 1:
            tags[i] = begin + 1


def example(gold: Analysis, read: Analysis, pieces: Pieces) -> Example:
    """The example of a gold analysis; ``read`` is what the rules propose, whose false triggers serve as counter-examples."""
    encoded = encode(read, pieces)
    features = Features(read, encoded, lexicon.default())
    n, places, lost = len(encoded.tokens), _Places(read, encoded), 0
    trigger, skip = [0] * n, [IGNORED] * n
    acts: dict[Span, TriggerExample] = {}
    proposed = {d.act.trigger for d in read.directives}
    for d in gold.directives:
        place = places.find(d.act.trigger)
        if place is None:
            lost += 1
            continue
        t = acts.get(d.act.trigger)
        if t is None:
            t = TriggerExample(d.act.trigger, place[0], place[1], True, True, d.act.recalled)
            t.tags, t.skips = [[0] * n for _ in LAYERS], [IGNORED] * n
            acts[d.act.trigger] = t
            _tag(trigger, place[0], place[1], TRIGGER_LABELS.index(f"B-{d.act.force}"))
            skip[place[0]] = place[2]
        parts = {
            "instruction": [d.instruction],
            "purpose": d.purposes,
            "deadline": [d.deadline] if d.deadline else [],
            "addressee": [m.span for m in d.act.addressees],
            "issuer": [d.act.issuer.span] if d.act.issuer else [],
        }
        for layer, spans in parts.items():
            for span in spans:
                found = places.find(span)
                if found is None:
                    lost += 1
                    continue
                _tag(t.tags[LAYERS.index(layer)], found[0], found[1], 1)
                if layer != "deadline" and t.skips[found[0]] == IGNORED:
                    t.skips[found[0]] = found[2]
    known = {i for t in acts.values() for i in range(t.first, t.last + 1)}
    for span in dict.fromkeys([d.act.trigger for d in read.directives] + [r.trigger for r in read.rejected]):
        place = places.find(span)
        if place and not known & set(range(place[0], place[1] + 1)):
            t = TriggerExample(span, place[0], place[1], False, span in proposed)
            t.tags, t.skips = [[0] * n for _ in LAYERS], [IGNORED] * n
            acts[span] = t
    return Example(
        gold.document.id, encoded, features, list(windows(encoded)), trigger, skip, list(acts.values()), lost
    )


def examples(golds: Iterable[Analysis], pieces: Pieces) -> list[Example]:
    """All examples of gold statements."""
    read = rules()
    return [example(gold, read(gold.document), pieces) for gold in golds]
