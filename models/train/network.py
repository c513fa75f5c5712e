"""The tagger as a torch module: an encoder whose upper layers are read once for the text, and once more for each trigger."""

from __future__ import annotations

from encoder import Encoder, attention_bias
from torch import Tensor, nn

from pipeline.model.features import COUNT
from pipeline.model.labels import TEXT, TRIGGER

SPLIT = 3
"""Layers below are shared and frozen; those above are read again for each trigger, and trained."""


class TaggerNetwork(nn.Module):
    """Text pass: trigger and skip logits by piece. Trigger pass: argument tags and skips by piece, valid and recalled."""

    def __init__(self, encoder: Encoder, split: int = SPLIT) -> None:
        super().__init__()
        hidden = encoder.pos.shape[1]
        self.encoder, self.split = encoder, split
        self.features = nn.Linear(COUNT, hidden, bias=False)
        nn.init.normal_(self.features.weight, std=0.02)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(hidden, TEXT + TRIGGER)

    def lower(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        """Hidden states below the split."""
        bias = None if mask is None else attention_bias(mask)
        x = self.encoder.embed(ids)
        for layer in self.encoder.layers[: self.split]:
            x = layer(x, bias)
        return x

    def upper(self, hidden: Tensor, features: Tensor, mask: Tensor | None = None) -> Tensor:
        """Logits of both passes; which are meant depends on whether the features mark a trigger."""
        bias = None if mask is None else attention_bias(mask)
        x = hidden + self.features(features)
        for layer in self.encoder.layers[self.split :]:
            x = layer(x, bias)
        return self.head(self.drop(x))
