"""The stage that lets the network speak beside the rules. It is loaded when a text first has something to decide, and read only there."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import lexicon
from pipeline.directives import DirectivesStage
from pipeline.directives.evidence import threshold
from pipeline.errors import TaalimatError
from pipeline.lexicon import Lexicon
from pipeline.resources import models_dir
from pipeline.types import Analysis

if TYPE_CHECKING:
    from pipeline.model.merge import Weights
    from pipeline.model.tagger import Reading, Tagger

FOLDER = "tagger"
PROPOSED = 0.05
"""Confidence from which acts of the rules are laid before the model."""
RICH = 1000
"""Characters of text an act of the rules may stand for, in a text that is read as a whole: about 160 words."""
FILES = ("lower.onnx", "upper.onnx", "tokenizer.json", "merge.json")


def model_folder() -> Path:
    """The folder of the tagger: ``$TAALIMAT_MODELS/tagger`` where there is one, else the shipped one.

    Raises :class:`TaalimatError` where a file is missing.
    """
    own = Path(os.environ.get("TAALIMAT_MODELS", "")) / FOLDER
    folder = own if "TAALIMAT_MODELS" in os.environ and own.is_dir() else models_dir() / FOLDER
    if missing := [name for name in FILES if not (folder / name).is_file()]:
        raise TaalimatError(
            f"the trained model lacks {', '.join(missing)} in {folder}: install again, or use --rules-only"
        )
    return folder


def proposing() -> DirectivesStage:
    """The rules as they work before a model: what they half believe is a directive too, for the model to decide."""
    return DirectivesStage(threshold=PROPOSED)


@dataclass(frozen=True)
class ModelStage:
    """Stage that decides ``directives`` anew by rules and network, behind :func:`proposing`."""

    lexicon: Lexicon = field(default_factory=lexicon.default)
    folder: Path = field(default_factory=model_folder)
    precise: bool = False
    name: str = "model"
    requires: frozenset[str] = frozenset({"norm", "sentences", "times", "mentions", "actors", "directives", "rejected"})
    provides: frozenset[str] = frozenset({"directives", "rejected"})

    @cached_property
    def _tagger(self) -> Tagger:
        try:
            from pipeline.model.tagger import load
        except ModuleNotFoundError as error:
            raise TaalimatError(
                f"the model needs {error.name}: pip install {error.name}, or use --rules-only"
            ) from error
        return load(self.folder)

    @cached_property
    def _weights(self) -> Weights:
        from pipeline.model.merge import Weights

        return Weights.read(self.folder / "merge.json")

    def load(self) -> None:
        """Load the network now; else it is when a text first needs it."""
        self._tagger, self._weights  # noqa: B018

    def readings(self, analysis: Analysis) -> list[Reading]:
        """What the network sees: in the whole of a text that is rich in acts the rules believe, else around what they half believe."""
        triggers = dict.fromkeys(d.act.trigger for d in analysis.directives)
        sure = threshold(in_article=False)
        believed = {d.act.trigger for d in analysis.directives if d.confidence >= sure}
        return self._tagger(analysis, triggers, whole=len(analysis.norm.text) <= RICH * len(believed))

    def __call__(self, analysis: Analysis) -> Analysis:
        if not analysis.directives:
            return analysis
        readings = self.readings(analysis)
        from pipeline.model.merge import merge

        return merge(analysis, readings, self._weights, self.lexicon, self.precise)
