"""The trained network on onnxruntime: one text, one thread, one call at a time, so that a text's numbers depend on nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Network(Protocol):
    """What reads pieces: shared layers first, then the upper ones for a text or for a trigger in it."""

    def lower(self, ids: list[int]) -> Floats: ...

    def upper(self, hidden: Floats, features: Floats) -> Floats: ...


class OnnxNetwork:
    """A model folder: ``lower.onnx``, ``upper.onnx``."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # Higher levels join sums and norms to SkipLayerNormalization, which takes five times as long.
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._lower, self._upper = (
            ort.InferenceSession(str(folder / f"{name}.onnx"), options, providers=["CPUExecutionProvider"])
            for name in ("lower", "upper")
        )

    def lower(self, ids: list[int]) -> Floats:
        """Hidden states of the pieces ``ids``: (pieces, hidden)."""
        out: Floats = self._lower.run(None, {"ids": np.asarray([ids], np.int64)})[0][0]
        return out

    def upper(self, hidden: Floats, features: Floats) -> Floats:
        """Logits of both heads: (pieces, labels)."""
        out: Floats = self._upper.run(None, {"hidden": hidden[None], "features": features[None]})[0][0]
        return out
