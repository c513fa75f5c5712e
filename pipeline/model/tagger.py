"""What the trained network finds in an analysis: acts with the spans they govern, each with a score.

A text pass scores every word as a trigger; a trigger pass, once for each word that may be one, tags what belongs to it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from pipeline import lexicon
from pipeline.lexicon import Lexicon
from pipeline.model.e5 import BOS, EOS
from pipeline.model.features import Features
from pipeline.model.labels import FORCES, LAYERS, SKIPS, TEXT, TRIGGER_LABELS
from pipeline.model.network import Floats, Network, OnnxNetwork
from pipeline.model.pieces import Pieces
from pipeline.model.windows import Encoded, Window, around, encode, windows
from pipeline.types import Analysis, Force, Span

FLOOR = 0.08
"""Words less likely than this to be triggers get no trigger pass of their own."""
WEAK = 0.03
"""Words less likely than this to start an issuer are none."""
_NT = len(TRIGGER_LABELS)
_NEVER = np.float32(-1e4)


@dataclass(frozen=True, slots=True)
class Scored:
    """A span of raw text and how sure its first word is (``begin``) and its words are on the whole (``inside``), 0 to 1."""

    span: Span
    begin: float
    inside: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One act as the network reads it. ``score``: that the word is a trigger, read alone; ``valid``: the same, read with its arguments."""

    trigger: Span
    force: Force
    score: float
    valid: float
    recalled: float
    instructions: tuple[Scored, ...]
    purposes: tuple[Scored, ...]
    deadlines: tuple[Scored, ...]
    addressees: tuple[Scored, ...]
    addressed: float
    """How sure the surest word is to start an addressee, though there may be none."""
    issuers: tuple[Scored, ...]
    """All that may be meant, each a place of its own: places of one actor add up."""


def _softmax(logits: Floats) -> Floats:
    e = np.exp(logits - logits.max(-1, keepdims=True))
    out: Floats = e / e.sum(-1, keepdims=True)
    return out


def _sigmoid(x: float) -> float:
    return float(1 / (1 + np.exp(-x)))


def best_tags(scores: Floats, breaks: list[bool]) -> list[int]:
    """The best sequence of O 0, B 1, I 2, where I follows B or I of the same sentence (Viterbi). ``scores``: log probabilities."""
    if not scores.argmax(-1).any():
        return [0] * len(scores)  # where O is likeliest everywhere, no other sequence is likelier
    back = np.zeros(scores.shape, np.int64)
    total = scores[0].copy()
    total[2] += _NEVER
    for t in range(1, len(scores)):
        into = int(total.argmax())
        run = 1 if total[1] >= total[2] else 2
        new = np.array([total[into], total[into], total[run] + (_NEVER if breaks[t] else 0)], np.float32) + scores[t]
        back[t] = into, into, run
        total = new
    tags = [int(total.argmax())]
    for t in range(len(scores) - 1, 0, -1):
        tags.append(int(back[t][tags[-1]]))
    return tags[::-1]


class Tagger:
    """The trained tagger. Reads an analysis with the directives of the rules; the same text gives the same readings."""

    def __init__(self, network: Network, pieces: Pieces, lexicon: Lexicon) -> None:
        self.network, self.pieces, self.lexicon = network, pieces, lexicon

    def __call__(self, analysis: Analysis, triggers: Iterable[Span] = (), whole: bool = True) -> list[Reading]:
        """All readings of a document, in text order, each of ``triggers`` among them; where not ``whole``, only those near ``triggers``."""
        triggers = tuple(triggers)
        encoded = encode(analysis, self.pieces, None if whole else triggers)
        asked = {i: span for span in triggers for i in _holding(encoded, span)[:1]}
        if not whole and not asked:
            return []
        features = Features(analysis, encoded, self.lexicon)
        out: list[Reading] = []
        for window in windows(encoded, None if whole else [encoded.first[i] for i in sorted(asked)]):
            out += self._window(features, window, asked)
        return out

    def _window(self, features: Features, window: Window, asked: dict[int, Span]) -> Iterator[Reading]:
        analysis, encoded = features.analysis, features.encoded
        hidden = self.network.lower([BOS, *encoded.ids[window.start : window.end], EOS])[1:-1]
        logits = self.network.upper(hidden, features.text[window.start : window.end])
        core = encoded.between(window.core_start, window.core_end)
        if not core:
            return
        probs = _softmax(logits[[encoded.first[i] - window.start for i in core], :_NT])
        begin = probs[:, 1::2].sum(-1)
        inside = probs[:, 2::2].sum(-1)
        for k, i in enumerate(core):
            if i not in asked and begin[k] < FLOOR:
                continue
            last = i
            while (
                last + 1 - core[0] < len(core)
                and inside[last + 1 - core[0]] > 0.5
                and encoded.sentence[last + 1] == encoded.sentence[i]
            ):
                last += 1
            force = FORCES[int(probs[k, 1::2].argmax())]
            skip = int(logits[encoded.first[i] - window.start, _NT:TEXT].argmax())
            trigger = asked.get(i) or _span(analysis, encoded, i, last, skip)
            yield self._reading(features, window, hidden, (i, last), trigger, force, float(begin[k]))

    def _reading(
        self,
        features: Features,
        window: Window,
        hidden: Floats,
        place: tuple[int, int],
        trigger: Span,
        force: Force,
        score: float,
    ) -> Reading:
        analysis, encoded = features.analysis, features.encoded
        first, last = place
        following = encoded.first[last + 1] if last + 1 < len(encoded.first) else len(encoded.ids)
        start, end = around(window, encoded.first[first])
        known = features.of(trigger, encoded.first[first], max(encoded.first[last], following - 1), start, end)
        logits = self.network.upper(hidden[start - window.start : end - window.start], known)[:, TEXT:]
        words = encoded.between(start, end)
        at = [encoded.first[i] - start for i in words]
        skips = logits[at, 3 * len(LAYERS) : 3 * len(LAYERS) + SKIPS].argmax(-1)
        area = _Area(analysis, encoded, words, [int(s) for s in skips])
        probs = [_softmax(logits[at, 3 * n : 3 * n + 3]) for n in range(len(LAYERS))]
        instructions, purposes, deadlines, addressees = (
            tuple(area.spans(p, layer != "deadline")) for p, layer in zip(probs, LAYERS[:4], strict=False)
        )
        valid, recalled = logits[encoded.first[first] - start, -2:]
        return Reading(
            trigger, force, score, _sigmoid(valid), _sigmoid(recalled),
            instructions, purposes, deadlines, addressees, float(probs[3][:, 1].max()), tuple(area.starts(probs[4])),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Area:
    """The words (numbers of tokens) around a trigger, and how many letters of each a span that starts there leaves out."""

    analysis: Analysis
    encoded: Encoded
    words: range
    skips: list[int]

    def spans(self, probs: Floats, clitics: bool) -> Iterator[Scored]:
        """The spans of the best tag sequence."""
        sentence = [self.encoded.sentence[i] for i in self.words]
        breaks = [k > 0 and sentence[k] != sentence[k - 1] for k in range(len(sentence))]
        tags = best_tags(np.log(probs + 1e-9), breaks)
        k = 0
        while k < len(tags):
            end = k
            if tags[k] == 1:
                while end + 1 < len(tags) and tags[end + 1] == 2:
                    end += 1
                inside = float(probs[range(k, end + 1), tags[k : end + 1]].mean())
                yield Scored(self._span(k, end, clitics), float(probs[k, 1]), inside)
            k = end + 1

    def starts(self, probs: Floats) -> Iterator[Scored]:
        """Every span that may be meant, the unlikely ones too, as far as its words go on being inside it."""
        for k in np.flatnonzero(probs[:, 1] >= WEAK):
            end = int(k)
            while end + 1 < len(probs) and probs[end + 1, 2] > probs[end + 1, 0]:
                end += 1
            yield Scored(
                self._span(int(k), end, True), float(probs[k, 1]), float(probs[k : end + 1, 1:].sum(-1).mean())
            )

    def _span(self, k: int, end: int, clitics: bool) -> Span:
        return _span(self.analysis, self.encoded, self.words[k], self.words[end], self.skips[k] if clitics else 0)


def _holding(encoded: Encoded, span: Span) -> range:
    """Numbers of the tokens that share a character with ``span``."""
    tokens = encoded.tokens
    low = bisect_right(tokens, span.start, key=lambda t: t.span.end)
    return range(low, bisect_left(tokens, span.end, key=lambda t: t.span.start))


def _span(analysis: Analysis, encoded: Encoded, first: int, last: int, skip: int) -> Span:
    """Raw span of the tokens ``first`` to ``last``, without the first ``skip`` letters and outer marks."""
    while last > first and not encoded.tokens[last].norm[0].isalnum() and encoded.tokens[last].norm not in '»)]"%':
        last -= 1
    token = encoded.tokens[first]
    skip = min(skip, len(token.norm) - 1)
    start = (
        analysis.norm.raw_span(token.norm_start + skip, token.norm_start + skip + 1)[0] if skip else token.span.start
    )
    return Span(start, encoded.tokens[last].span.end)


@cache
def load(folder: Path) -> Tagger:
    """The tagger of a model folder, loaded once a process."""
    return Tagger(OnnxNetwork(folder), Pieces.load(folder / "tokenizer.json"), lexicon.default())
