"""Whose turn it is in an interview: lines that open with a speaker's name and a colon («الوزير: …»), lines that ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.actors.slots import Slots, Standing
from pipeline.actors.words import BREAK

_ASKS = frozenset(
    "المذيع المذيعه الصحفي الصحفيه الصحافي الصحافيه المحاور المحاوره مقدم المقدم المقدمه سوال س الجريده المجله".split()
)
"""Labels of who asks."""
_LABEL = 8
"""Words of the longest label."""
_FEWEST = 3
"""Labelled lines, at least, in an interview; one speaker must have two of them."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The word with which a turn begins, and who has it; None for who asks."""

    first: int
    speaker: Standing | None


def turns(slots: Slots) -> tuple[Turn, ...]:
    """The turns of an interview in their order; none in any other text."""
    labelled = list(_labelled(slots))
    names = [slots.name_of(t.speaker.mention) if t.speaker else "" for t in labelled]
    if len(names) < _FEWEST or len(set(names)) < 2 and len(slots.questions) < 2 or len(set(names)) == len(names):
        return ()
    asked = (Turn(slots.word_at(at), None) for at in slots.questions)
    return tuple(sorted((*labelled, *asked), key=lambda t: t.first))


def _labelled(slots: Slots) -> Iterator[Turn]:
    w = slots.words.text
    for i in range(len(w)):
        if i and w[i - 1] != BREAK:
            continue
        first = i
        while first < len(w) and w[first] != BREAK and not w[first][0].isalnum():
            first += 1
        colon = next((k for k in range(first, min(len(w), first + _LABEL)) if w[k] in (":", BREAK)), -1)
        if colon <= first or w[colon] != ":" or w[colon + 1] == BREAK:
            continue
        speaker = slots.standing.get(first)
        if w[first] in _ASKS and colon - first <= 2:
            yield Turn(first, None)
        elif speaker is not None and speaker.last == colon:
            yield Turn(first, speaker)
