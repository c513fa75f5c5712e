"""Writes a trained tagger for onnxruntime: ``lower.onnx``, ``upper.onnx`` and ``tokenizer.json``."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import torch
from encoder import Encoder, array, matrix, pair
from network import SPLIT, TaggerNetwork
from smoothing import peaks

from pipeline.model.e5 import Weights
from pipeline.model.graph import tagger
from pipeline.model.pieces import Pieces
from pipeline.types import Analysis


def load(build: Path) -> TaggerNetwork:
    """A trained network."""
    state = torch.load(build / "tagger.pt", weights_only=True, map_location="cpu")
    layers = len({name.split(".")[2] for name in state if name.startswith("encoder.layers.")})
    net = TaggerNetwork(Encoder(*state["encoder.word.weight"].shape, layers=layers), SPLIT)
    net.load_state_dict(state)
    return net.eval()


def export(build: Path, out: Path, golds: Sequence[Analysis], exact: bool = False) -> None:
    """Write the model folder from what train.py wrote, smoothed on training documents ``golds``; ``exact`` keeps 32 bits, to measure what rounding costs."""
    out.mkdir(parents=True, exist_ok=True)
    net, tokenizer = load(build), build / "tokenizer.json"
    shutil.copy(tokenizer, out / "tokenizer.json")
    pieces = Pieces.load(tokenizer)
    e = net.encoder
    layers = [layer.arrays() for layer in e.layers]
    words, positions = array(e.word.weight), array(e.pos)
    names = tuple(pieces.piece(number) for number in range(len(words)))
    lower = Weights(names, words[:, 0], words, positions, pair(e.ln), tuple(layers[: net.split]))
    head = (matrix(net.head), array(net.head.bias))
    tagger(lower, layers[net.split :], matrix(net.features), head, peaks(net, golds, pieces), out, exact)
