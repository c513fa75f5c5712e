"""Actors: who is named in a statement, who speaks, and who must act."""

from pipeline.actors.speakers import SpeakerIndex, np_end
from pipeline.actors.stage import ActorsStage

__all__ = ["ActorsStage", "SpeakerIndex", "np_end"]
