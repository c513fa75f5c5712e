"""The commands of the model from the command line: what they refuse, and in which words."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from pipeline.cli.train import train
from pipeline.errors import TaalimatError
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
        train([], None, tmp_path, None, 0, [])
