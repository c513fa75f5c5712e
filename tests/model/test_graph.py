"""Products of 8 bits: what smoothing is for, and that it changes nothing where nothing is rounded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx")

import onnx
import onnxruntime as ort

from pipeline.model.e5 import Floats
from pipeline.model.graph import Graph

RNG = np.random.default_rng(3)
MATRIX = RNG.normal(size=(64, 16)).astype(np.float32)
BIAS = RNG.normal(size=16).astype(np.float32)
X = RNG.normal(size=(1, 20, 64)).astype(np.float32)
X[..., 5] *= 80  # an outlier that takes the range of all others
PEAKS: Floats = np.abs(X).max((0, 1))


def computed(folder: Path, how: str, exact: bool = False) -> Floats:
    g = Graph(exact)
    made = {
        "plain": lambda: g.product("x", MATRIX, BIAS),
        "blocks": lambda: g.block_product("x", MATRIX, BIAS),
        "smoothed": lambda: g.smoothed_product("x", MATRIX, BIAS, PEAKS),
    }
    g.name(made[how](), "y")
    g.save(folder / "g.onnx", {"x": (onnx.TensorProto.FLOAT, [1, "pieces", 64])}, {"y": [1, "pieces", 16]})
    session = ort.InferenceSession(str(folder / "g.onnx"), providers=["CPUExecutionProvider"])
    out: Floats = session.run(None, {"x": X})[0]
    return out


@pytest.mark.parametrize("how", ["plain", "blocks", "smoothed"])
def test_unrounded_products_are_the_same(tmp_path: Path, how: str) -> None:
    assert np.allclose(computed(tmp_path, how, exact=True), X @ MATRIX + BIAS, atol=1e-3)


def test_smoothing_keeps_what_an_outlier_would_drown(tmp_path: Path) -> None:
    true = X @ MATRIX + BIAS
    error = {how: float(np.abs(computed(tmp_path, how) - true).mean()) for how in ("plain", "blocks", "smoothed")}
    assert error["smoothed"] < 0.7 * error["plain"]
    assert error["blocks"] < 0.7 * error["plain"]
