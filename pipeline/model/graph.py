"""Transformer layers as an ONNX graph of 8-bit products, written node by node: nothing but ``onnx`` is needed to build a model.

Attention and its projections run as dynamic 8-bit products with one scale a column. The inputs of the feed-forward output have
outliers: where their peaks were measured, inputs are divided and weights multiplied by fixed factors that share the range between
both (SmoothQuant, Xiao et al. 2023); else it is computed by blocks of 32 inputs with their own scale, which is slower. Embeddings
have one scale a piece. With ``exact`` all stay 32-bit, to measure what the rounding costs. The scales of inputs are those of one call,
so a text must be alone in its call.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import TaalimatError
from pipeline.model.e5 import EPS, HEADS, Floats, LayerWeights, Weights

try:
    import onnx
    from onnx import TensorProto, helper, numpy_helper
except ModuleNotFoundError as missing:
    raise TaalimatError("writing a model needs the package onnx: pip install onnx") from missing

_MICROSOFT = "com.microsoft"
_BLOCK = 32
_SMOOTH = 0.85
"""How much of the range of smoothed inputs goes to the weights, 0 to 1."""


class Graph:
    """A graph under construction. Methods take and return names of values."""

    def __init__(self, exact: bool = False) -> None:
        self.exact = exact
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: NDArray[Any]) -> str:
        """A constant."""
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, op: str, *inputs: str, outputs: int = 1, domain: str = "", **attributes: Any) -> str:
        """Add a node; the name of its first output, the others end in ``.1``, ``.2``."""
        name = f"n{len(self.nodes)}"
        names = [name, *(f"{name}.{k}" for k in range(1, outputs))]
        self.nodes.append(helper.make_node(op, list(inputs), names, domain=domain, **attributes))
        return name

    def product(self, x: str, matrix: Floats, bias: Floats) -> str:
        """``x @ matrix + bias``."""
        if self.exact:
            return self.node("Add", self.node("MatMul", x, self.constant(matrix)), self.constant(bias))
        whole, scale = _columns(matrix)
        inputs = (x, self.constant(whole), self.constant(scale), "", self.constant(bias))
        return self.node("DynamicQuantizeMatMul", *inputs, domain=_MICROSOFT)

    def block_product(self, x: str, matrix: Floats, bias: Floats) -> str:
        """``x @ matrix + bias``, with a scale for each block of inputs."""
        if self.exact:
            return self.product(x, matrix, bias)
        rows, columns = matrix.shape
        blocks = matrix.T.reshape(columns, rows // _BLOCK, _BLOCK)
        scale = np.maximum(np.abs(blocks).max(-1, keepdims=True) / 127, 1e-12).astype(np.float32)
        whole = (np.rint(blocks / scale) + 128).clip(0, 255).astype(np.uint8)
        product = self.node(
            "MatMulNBits", x, self.constant(whole), self.constant(scale.reshape(-1)),
            domain=_MICROSOFT, K=rows, N=columns, bits=8, block_size=_BLOCK, accuracy_level=4,
        )  # fmt: skip
        return self.node("Add", product, self.constant(bias))

    def smoothed_product(self, x: str, matrix: Floats, bias: Floats, peaks: Floats) -> str:
        """``x @ matrix + bias``, with inputs divided by fixed factors.

        ``peaks`` (inputs,): the largest size of each input on texts like those to be read.
        """
        if self.exact:
            return self.product(x, matrix, bias)
        rows = np.maximum(np.abs(matrix).max(1), 1e-6)
        factors = np.maximum(peaks, 1e-3) ** _SMOOTH / rows ** (1 - _SMOOTH)
        factors = (factors / np.exp(np.log(factors).mean())).astype(np.float32)
        return self.product(self.node("Mul", x, self.constant(1 / factors)), matrix * factors[:, None], bias)

    def attention(self, x: str, matrix: Floats, bias: Floats) -> str:
        """Attention of all heads over all positions, before its output projection."""
        if self.exact:
            inputs = (x, self.constant(matrix), self.constant(bias))
            return self.node("Attention", *inputs, domain=_MICROSOFT, num_heads=HEADS)
        whole, scale = _columns(matrix)
        rounded = self.node("DynamicQuantizeLinear", x, outputs=3)
        return self.node(
            "QAttention", rounded, self.constant(whole), self.constant(bias), f"{rounded}.1", self.constant(scale),
            "", f"{rounded}.2", self.constant(np.zeros(len(scale), np.int8)), domain=_MICROSOFT, num_heads=HEADS,
        )  # fmt: skip

    def norm(self, x: str, norm: tuple[Floats, Floats]) -> str:
        """Layer norm."""
        gain, shift = norm
        inputs = (x, self.constant(gain), self.constant(shift))
        return self.node("LayerNormalization", *inputs, axis=-1, epsilon=EPS)

    def layer(self, x: str, w: LayerWeights, peaks: Floats | None = None) -> str:
        """One transformer layer. ``peaks``: of the inputs of the feed-forward output, where they were measured.

        Sums and norms are nodes of their own: onnxruntime's SkipLayerNormalization takes five times as long on a processor.
        """
        mixed = self.product(self.attention(x, w.qkv, w.qkv_bias), w.out, w.out_bias)
        x = self.norm(self.node("Add", mixed, x), w.out_norm)
        inner = self.node("Gelu", self.product(x, w.inner, w.inner_bias), domain=_MICROSOFT)
        if peaks is None:
            outer = self.block_product(inner, w.outer, w.outer_bias)
        else:
            outer = self.smoothed_product(inner, w.outer, w.outer_bias, peaks)
        return self.norm(self.node("Add", outer, x), w.norm)

    def embeddings(self, ids: str, w: Weights) -> str:
        """Embeddings of pieces with their positions, normalised."""
        if self.exact:
            words = self.node("Gather", self.constant(w.words), ids)
        else:
            scale = np.maximum(np.abs(w.words).max(1, keepdims=True) / 127, 1e-12).astype(np.float32)
            whole = np.rint(w.words / scale).astype(np.int8)
            rounded = self.node("Cast", self.node("Gather", self.constant(whole), ids), to=TensorProto.FLOAT)
            words = self.node("Mul", rounded, self.node("Gather", self.constant(scale), ids))
        zero, one = self.constant(np.array([0])), self.constant(np.array([1]))
        length = self.node("Slice", self.node("Shape", ids), one, self.constant(np.array([2])))
        places = self.node("Slice", self.constant(w.positions), zero, length, zero)
        return self.norm(self.node("Add", words, self.node("Unsqueeze", places, zero)), w.norm)

    def save(self, path: Path, inputs: dict[str, tuple[int, list[Any]]], outputs: dict[str, list[Any]]) -> None:
        """Write the model: ``inputs`` by name with element type and shape, ``outputs`` with their shapes."""
        graph = helper.make_graph(
            self.nodes, "taalimat",
            [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in inputs.items()],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()],
            self.constants,
        )  # fmt: skip
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_MICROSOFT, 1)]
        onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), str(path))

    def name(self, value: str, name: str) -> str:
        """Give a value the name of an output."""
        self.nodes.append(helper.make_node("Identity", [value], [name]))
        return name


def _columns(matrix: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Whole numbers and one scale a column. 7 bits, since some processors add up pairs of products in 16 bits."""
    scale = np.maximum(np.abs(matrix).max(0) / 63, 1e-12).astype(np.float32)
    return np.rint(matrix / scale).astype(np.int8), scale


def sentence_encoder(w: Weights, path: Path, exact: bool = False) -> None:
    """Write a model from ``ids`` (1, pieces) to ``embedding`` (1, hidden): the mean over the pieces, of length 1."""
    g = Graph(exact)
    x = g.embeddings("ids", w)
    for layer in w.layers:
        x = g.layer(x, layer)
    mean = g.node("ReduceMean", x, axes=[1], keepdims=0)
    g.name(g.node("LpNormalization", mean, axis=-1, p=2), "embedding")
    g.save(path, {"ids": (TensorProto.INT64, [1, "pieces"])}, {"embedding": [1, w.words.shape[1]]})


def tagger(
    lower: Weights,
    upper: Sequence[LayerWeights],
    features: Floats,
    head: tuple[Floats, Floats],
    peaks: Sequence[Floats],
    folder: Path,
    exact: bool = False,
) -> None:
    """Write a tagger: ``lower.onnx`` from ``ids`` (1, pieces) to ``hidden``, ``upper.onnx`` from ``hidden`` and ``features`` to ``logits``.

    ``peaks``: of the inputs of each layer's feed-forward output, lower and upper (:meth:`Graph.smoothed_product`).
    """
    width, split = lower.words.shape[1], len(lower.layers)
    g = Graph(exact)
    x = g.embeddings("ids", lower)
    for layer, peak in zip(lower.layers, peaks[:split], strict=True):
        x = g.layer(x, layer, peak)
    g.name(x, "hidden")
    g.save(
        folder / "lower.onnx", {"ids": (TensorProto.INT64, [1, "pieces"])}, {"hidden": [1, "pieces", width]}
    )  # fmt: skip
    g = Graph(exact)
    x = g.node("Add", "hidden", g.node("MatMul", "features", g.constant(features)))
    for layer, peak in zip(upper, peaks[split:], strict=True):
        x = g.layer(x, layer, peak)
    g.name(g.node("Add", g.node("MatMul", x, g.constant(head[0])), g.constant(head[1])), "logits")
    inputs = {"hidden": width, "features": len(features)}
    g.save(
        folder / "upper.onnx",
        {name: (TensorProto.FLOAT, [1, "pieces", size]) for name, size in inputs.items()},
        {"logits": [1, "pieces", len(head[1])]},
    )
