"""The encoder as a torch module, from and to the arrays of ``pipeline.model.e5``."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pipeline.model.e5 import EPS, HEADS, LayerWeights, Weights


class Layer(nn.Module):
    """A post-norm transformer layer of BERT, with attention written out (its backward in bf16 is twice as fast on a CPU)."""

    def __init__(self, hidden: int, inner: int) -> None:
        super().__init__()
        self.qkv = nn.Linear(hidden, 3 * hidden)
        self.out = nn.Linear(hidden, hidden)
        self.out_norm = nn.LayerNorm(hidden, eps=EPS)
        self.inner = nn.Linear(hidden, inner)
        self.outer = nn.Linear(inner, hidden)
        self.norm = nn.LayerNorm(hidden, eps=EPS)
        self.drop = 0.1

    def forward(self, x: Tensor, bias: Tensor | None) -> Tensor:
        batch, length, hidden = x.shape
        size = hidden // HEADS
        q, k, v = self.qkv(x).reshape(batch, length, 3, HEADS, size).permute(2, 0, 3, 1, 4).unbind(0)
        scores = q @ k.transpose(-1, -2) * size**-0.5
        if bias is not None:
            scores = scores + bias.to(scores.dtype)
        mixed = (torch.softmax(scores, -1) @ v).transpose(1, 2).reshape(batch, length, hidden)
        x = self.out_norm(x + F.dropout(self.out(mixed), self.drop, self.training))
        return self.norm(x + F.dropout(self.outer(F.gelu(self.inner(x))), self.drop, self.training))

    def arrays(self) -> LayerWeights:
        """The layer for ONNX."""
        return LayerWeights(
            matrix(self.qkv), array(self.qkv.bias), matrix(self.out), array(self.out.bias), pair(self.out_norm),
            matrix(self.inner), array(self.inner.bias), matrix(self.outer), array(self.outer.bias), pair(self.norm),
        )  # fmt: skip

    def take(self, w: LayerWeights) -> None:
        """Set the weights."""
        state = {"out_norm.weight": w.out_norm[0], "out_norm.bias": w.out_norm[1]}
        state |= {"norm.weight": w.norm[0], "norm.bias": w.norm[1]}
        for name in ("qkv", "out", "inner", "outer"):
            state[f"{name}.weight"], state[f"{name}.bias"] = getattr(w, name).T, getattr(w, f"{name}_bias")
        self.load_state_dict({name: torch.tensor(np.ascontiguousarray(value)) for name, value in state.items()})


class Encoder(nn.Module):
    """Embeddings and layers."""

    def __init__(
        self, pieces: int, hidden: int = 384, layers: int = 6, inner: int = 1536, positions: int = 512
    ) -> None:
        super().__init__()
        self.word = nn.Embedding(pieces, hidden)
        self.pos = nn.Parameter(torch.zeros(positions, hidden))
        self.ln = nn.LayerNorm(hidden, eps=EPS)
        self.layers = nn.ModuleList(Layer(hidden, inner) for _ in range(layers))

    def embed(self, ids: Tensor) -> Tensor:
        return self.ln(self.word(ids) + self.pos[: ids.shape[1]])

    @classmethod
    def of(cls, w: Weights) -> Encoder:
        """The encoder with these weights."""
        encoder = cls(len(w.pieces), w.words.shape[1], len(w.layers), w.layers[0].inner.shape[1], len(w.positions))
        with torch.no_grad():
            encoder.word.weight.copy_(torch.tensor(w.words))
            encoder.pos.copy_(torch.tensor(w.positions))
            encoder.ln.weight.copy_(torch.tensor(w.norm[0]))
            encoder.ln.bias.copy_(torch.tensor(w.norm[1]))
        for layer, arrays in zip(encoder.layers, w.layers, strict=True):
            layer.take(arrays)
        return encoder.eval()


def attention_bias(mask: Tensor) -> Tensor:
    """What is added to attention scores so that padding (0 in ``mask``) is not seen."""
    return (1.0 - mask[:, None, None, :]) * -1e4


def array(x: Tensor) -> np.ndarray:
    """As float32."""
    return x.detach().float().numpy()


def matrix(linear: nn.Linear) -> np.ndarray:
    """Weights as (inputs, outputs)."""
    return np.ascontiguousarray(array(linear.weight).T)


def pair(norm: nn.LayerNorm) -> tuple[np.ndarray, np.ndarray]:
    """Gain and shift."""
    return array(norm.weight), array(norm.bias)
