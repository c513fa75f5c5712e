"""Directives: who tells whom to do what, found by one general matcher over the lexicon."""

from pipeline.directives.stage import DirectivesStage

__all__ = ["DirectivesStage"]
