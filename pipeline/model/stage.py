"""The stage that lets the network speak beside the rules. Texts in which no word could be a trigger are not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import lexicon
from pipeline.errors import TaalimatError
from pipeline.lexicon import Lexicon
from pipeline.resources import models_dir
from pipeline.types import Analysis

if TYPE_CHECKING:
    from pipeline.model.merge import Weights
    from pipeline.model.tagger import Tagger

FOLDER = "tagger"
PROPOSED = 0.03
"""Confidence from which acts of the rules are laid before the model."""


def model_folder() -> Path:
    """The folder of the shipped model. Raises :class:`TaalimatError` where it is missing."""
    folder = models_dir() / FOLDER
    if not (folder / "merge.json").is_file():
        raise TaalimatError(f"the trained model is missing from {folder}. Install again, or use --rules-only")
    return folder


@dataclass(frozen=True)
class ModelStage:
    """Stage that decides ``directives`` anew by rules and network, after :class:`DirectivesStage`. Loads the network when first needed."""

    lexicon: Lexicon = field(default_factory=lexicon.default)
    folder: Path = field(default_factory=model_folder)
    precise: bool = False
    name: str = "model"
    requires: frozenset[str] = frozenset({"norm", "sentences", "times", "mentions", "actors", "directives", "rejected"})
    provides: frozenset[str] = frozenset({"directives", "rejected"})

    @cached_property
    def _parts(self) -> tuple[Tagger, Weights]:
        try:
            from pipeline.model.merge import Weights
            from pipeline.model.tagger import load
        except ModuleNotFoundError as error:
            raise TaalimatError(
                f"the model needs {error.name}: pip install {error.name}, or use --rules-only"
            ) from error
        return load(self.folder), Weights.read(self.folder / "merge.json")

    def __call__(self, analysis: Analysis) -> Analysis:
        if not analysis.directives and not analysis.rejected:
            return analysis
        tagger, weights = self._parts
        from pipeline.model.merge import merge, triggers_of_rules

        return merge(analysis, tagger(analysis, triggers_of_rules(analysis)), weights, self.lexicon, self.precise)
