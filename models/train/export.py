"""Writes a trained tagger for onnxruntime: ``lower.onnx``, ``upper.onnx`` and ``tokenizer.json``.

usage: python models/train/export.py BUILD --out FOLDER [--exact]

``BUILD`` is the folder that train.py wrote. ``--exact`` keeps 32 bits, to measure what rounding costs.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from encoder import Encoder, array, matrix, pair
from network import SPLIT, TaggerNetwork

from pipeline.model.e5 import Weights
from pipeline.model.graph import tagger


def load(path: Path) -> TaggerNetwork:
    """A trained network."""
    state = torch.load(path, weights_only=True)
    layers = len({name.split(".")[2] for name in state if name.startswith("encoder.layers.")})
    net = TaggerNetwork(Encoder(*state["encoder.word.weight"].shape, layers=layers), SPLIT)
    net.load_state_dict(state)
    return net.eval()


def export(net: TaggerNetwork, tokenizer: Path, out: Path, exact: bool = False) -> None:
    """Write the model folder."""
    out.mkdir(parents=True, exist_ok=True)
    shutil.copy(tokenizer, out / "tokenizer.json")
    pieces = tuple(piece for piece, _ in json.loads(tokenizer.read_text(encoding="utf-8"))["model"]["vocab"])
    e = net.encoder
    layers = [layer.arrays() for layer in e.layers]
    words, positions = array(e.word.weight), array(e.pos)
    lower = Weights(pieces, words[:, 0], words, positions, pair(e.ln), tuple(layers[: net.split]))
    head = (matrix(net.head), array(net.head.bias))
    tagger(lower, layers[net.split :], matrix(net.features), head, out, exact)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--exact", action="store_true")
    args = parser.parse_args()
    export(load(args.build / "tagger.pt"), args.build / "tokenizer.json", args.out, args.exact)
    print(", ".join(f"{p.name} {p.stat().st_size / 1e6:.1f} MB" for p in sorted(args.out.iterdir())))


if __name__ == "__main__":
    main()
