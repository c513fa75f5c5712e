"""What the tagger tells apart, and how its logits are laid out."""

from __future__ import annotations

from pipeline.types import Force

FORCES = tuple(Force)
TRIGGER_LABELS = ("O", *(f"{p}-{f}" for f in FORCES for p in "BI"))
"""Of the text pass: every word, read for itself."""
LAYERS = ("instruction", "purpose", "deadline", "addressee", "issuer")
"""What is tagged, each for itself since they may overlap, for one trigger: O, B, I."""
SKIPS = 4
"""Proclitic letters before a span that starts inside a word: 0 to 3."""

TEXT = len(TRIGGER_LABELS) + SKIPS
"""Logits of the text pass. Those of the trigger pass follow: three a layer, skips, valid, recalled."""
TRIGGER = 3 * len(LAYERS) + SKIPS + 2
