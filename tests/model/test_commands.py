"""The commands of the model from the command line: what they refuse, and in which words."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path

import pytest

from pipeline.cli.train import NEEDED, train
from pipeline.errors import TaalimatError
from pipeline.model.merge import Weights
from pipeline.model.stage import FILES, model_folder
from tests.conftest import Run


def test_the_model_cannot_be_asked_and_left_out(taalimat: Run) -> None:
    result = taalimat("extract", "--rules-only", "--precise", input="أمر الوالي بفتح الطريق.")
    assert result.exit_code == 1
    assert "--precise asks the model; it cannot go with --rules-only" in result.stderr


def test_with_the_model_both_sides_are_explained(taalimat: Run) -> None:
    result = taalimat("explain", input="أمر والي الولاية مدير الأشغال العمومية بفتح الطريق الوطني.")
    assert result.exit_code == 0
    assert "rules:confidence" in result.stdout
    assert "model:instruction" in result.stdout
    assert "model:" not in taalimat("explain", "--rules-only", input="أمر والي الولاية بفتح الطريق.").stdout


def test_training_names_the_packages_it_lacks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "torch" else found(name, *rest)
    )
    with pytest.raises(TaalimatError, match=r"training needs .*torch: pip install 'taalimat\[train\]'"):
        train([], [], tmp_path, None, 0, [])


def test_training_may_keep_the_network_in_use(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], check: bool) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 0)

    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: found("json") if name in NEEDED else found(name, *rest))  # fmt: skip
    monkeypatch.setattr(subprocess, "run", run)
    out = tmp_path / "new"
    assert train([], [], out, None, 0, [], keep_network=True)
    used = Weights.read(model_folder() / "merge.json")
    at = commands[0].index("--rounded")
    assert commands[0][at + 1 : at + 4] == ["--thresholds", str(used.threshold), str(used.articles)]
    for name in FILES:
        assert (out / "tagger" / name).read_bytes() == (model_folder() / name).read_bytes()
    assert "epochs" in (out / "manifest.toml").read_text(encoding="utf-8")
