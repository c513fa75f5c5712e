"""How large the inputs of the feed-forward outputs get on training texts: what their 8-bit products are smoothed by (``graph.py``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from encoder import array
from network import TaggerNetwork
from torch import Tensor, nn
from train import last_piece

from data import examples
from pipeline.model.e5 import BOS, EOS, Floats
from pipeline.model.pieces import Pieces
from pipeline.model.windows import around
from pipeline.types import Analysis

DOCUMENTS = 64
"""Training documents that are read."""


def peaks(net: TaggerNetwork, golds: Sequence[Analysis], pieces: Pieces) -> list[Floats]:
    """For each layer the largest size of each input of its feed-forward output, (inner,), on the first ``DOCUMENTS`` of ``golds``.

    Read in 32 bits as in use: each window, and once more what lies around each trigger that the rules propose or gold has.
    """
    torch.set_num_threads(1)
    layers: Iterable[nn.Linear] = [layer.outer for layer in net.encoder.layers]
    found = [torch.zeros(linear.in_features) for linear in layers]

    def watch(peak: Tensor, given: tuple[Tensor, ...]) -> None:
        torch.maximum(peak, given[0].abs().amax((0, 1)), out=peak)

    hooks = [
        linear.register_forward_pre_hook(lambda _, given, peak=peak: watch(peak, given))
        for linear, peak in zip(layers, found, strict=True)
    ]
    with torch.no_grad():
        for e in examples(golds[:DOCUMENTS], pieces):
            for w in e.windows:
                hidden = net.lower(torch.tensor([[BOS, *e.encoded.ids[w.start : w.end], EOS]]))[:, 1:-1]
                net.upper(hidden, torch.from_numpy(e.features.text[w.start : w.end])[None])
                for t in e.triggers:
                    first = e.encoded.first[t.first]
                    if (t.valid or t.proposed) and w.core_start <= first < w.core_end:
                        a, b = around(w, first)
                        known = e.features.of(t.span, first, last_piece(e, t.last), a, b)
                        net.upper(hidden[:, a - w.start : b - w.start], torch.from_numpy(known)[None])
    for hook in hooks:
        hook.remove()
    return [array(peak) for peak in found]
