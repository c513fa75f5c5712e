"""What the rules know of each word, as inputs of the network's upper layers.

A row stands on the first piece of a token. The first SIDES features say how a piece stands to the trigger that is being read. What the
rules made of that trigger (``own …``) can be left out, wholly or span by span: training does so at random, for the rules know the
training texts better than any others, and a network that always sees their finds learns to repeat them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from pipeline.actors import SpeakerIndex
from pipeline.lexicon import Lexicon
from pipeline.model.labels import FORCES, LAYERS
from pipeline.model.windows import Encoded
from pipeline.morphology import masdar
from pipeline.types import CONTENT, Analysis, Directive, Kind, Span

SIDES = 5
_NAMES = (
    *(f"side {n}" for n in range(SIDES)),
    *(f"form {force}" for force in FORCES),
    *("masdar", "time"),
    *(f"begin {kind}" for kind in Kind),
    *("begin public", "mention", "quoted"),
    *(f"own {tag} {part}" for part in LAYERS for tag in "BI"),
)
INDEX = {name: i for i, name in enumerate(_NAMES)}
COUNT = len(_NAMES)
FORMS = slice(INDEX[f"form {FORCES[0]}"], INDEX[f"form {FORCES[-1]}"] + 1)
_FORM = {force: INDEX[f"form {force}"] for force in FORCES}
_OPEN, _CLOSE = "«“", "»”"


def keep_all(_: Span) -> bool:
    """Leaves nothing out."""
    return True


class Features:
    """The features of an analysis with what the rules propose."""

    def __init__(self, analysis: Analysis, encoded: Encoded, lexicon: Lexicon) -> None:
        self.analysis, self.encoded = analysis, encoded
        self._speakers: SpeakerIndex | None = None
        self._starts = [t.span.start for t in encoded.tokens]
        self._ends = [t.span.end for t in encoded.tokens]
        self.text: NDArray[np.float32] = np.zeros((len(encoded.ids), COUNT), np.float32)
        """Features of all pieces, without those of one trigger."""
        masdars: list[float] = []
        for i, token in enumerate(encoded.tokens):
            for form in lexicon.forms.get(token.norm, ()):
                self.text[encoded.first[i], _FORM[form.trigger.force]] = 1
            found = masdar(token.norm) if len(token.norm) > 2 else None
            masdars.append(found.score if found else 0)
        self.text[encoded.first, INDEX["masdar"]] = masdars
        self.text[encoded.first, INDEX["quoted"]] = list(self._quoted())
        for time in analysis.times:
            self._mark(self.text, time.span, "time", "time")
        for mention in analysis.mentions:
            self._mark(self.text, mention.span, f"begin {mention.kind or 'public'}", "mention")

    def _quoted(self) -> Iterator[bool]:
        """Whether each token stands in a quotation, which may have been opened in a sentence that is not read."""
        read = set(self.encoded.sentence)
        quoted = False
        for number, sent in enumerate(self.analysis.sentences):
            if sent.zone not in CONTENT:
                continue
            for token in sent.tokens:
                mark = token.norm[0]
                quoted = mark in _OPEN or quoted and mark not in _CLOSE
                if number in read:
                    yield quoted

    def _mark(self, rows: NDArray[np.float32], span: Span, first: str, inside: str, base: int = 0) -> None:
        low, high = bisect_right(self._ends, span.start), bisect_left(self._starts, span.end)
        for i in range(low, high):
            at = self.encoded.first[i] - base
            if 0 <= at < len(rows):
                rows[at, INDEX[first if i == low else inside]] = 1

    def of(
        self, trigger: Span, first: int, last: int, start: int, end: int, keep: Callable[[Span], bool] = keep_all
    ) -> NDArray[np.float32]:
        """Features of the pieces ``start`` to ``end`` for the trigger at pieces ``first`` to ``last``, with the spans of the rules that ``keep`` lets through."""
        rows = self.text[start:end].copy()
        sentence = self.encoded.piece_sentence
        same = np.fromiter((s == sentence[first] for s in sentence[start:end]), bool, end - start)
        before, behind = max(0, first - start), min(end, last + 1) - start
        rows[:before, 0], rows[:before, 1] = ~same[:before], same[:before]
        rows[before:behind, 2] = 1
        rows[behind:, 3], rows[behind:, 4] = same[behind:], ~same[behind:]
        own = [d for d in self.analysis.directives if d.act.trigger.overlaps(trigger)]
        for d in own:
            for part, span in _parts(d):
                if keep(span):
                    self._mark(rows, span, f"own B {part}", f"own I {part}", start)
        if not own:
            self._speakers = self._speakers or SpeakerIndex(self.analysis)
            spoken = self._speakers.issuer(trigger)
            if spoken is not None and keep(spoken[0].span):
                self._mark(rows, spoken[0].span, "own B issuer", "own I issuer", start)
        return rows


def _parts(d: Directive) -> Iterator[tuple[str, Span]]:
    yield "instruction", d.instruction
    for purpose in d.purposes:
        yield "purpose", purpose
    if d.deadline is not None:
        yield "deadline", d.deadline
    for mention in d.act.addressees:
        yield "addressee", mention.span
    if d.act.issuer is not None:
        yield "issuer", d.act.issuer.span
