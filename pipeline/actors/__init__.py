"""Actors: who is named in a statement, who speaks, and who must act."""

from pipeline.actors.extent import np_end
from pipeline.actors.speakers import SpeakerIndex
from pipeline.actors.stage import ActorsStage

__all__ = ["ActorsStage", "SpeakerIndex", "np_end"]
