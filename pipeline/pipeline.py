"""The stages in order, checked when the pipeline is built, and the one call that analyses a text."""

from __future__ import annotations

import datetime
import traceback
from collections.abc import Iterable
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

from pipeline import ids
from pipeline.actors import ActorsStage
from pipeline.directives import DirectivesStage
from pipeline.errors import TaalimatError
from pipeline.lexicon import Lexicon
from pipeline.lexicon import default as default_lexicon
from pipeline.normalize import normalize
from pipeline.sections import SECTION, in_sections
from pipeline.segment import SegmentStage
from pipeline.times import TimesStage
from pipeline.types import Analysis, Document

if TYPE_CHECKING:
    from pipeline.backends.stage import WitnessStage

_FIELDS = frozenset(field.name for field in fields(Analysis))
_GIVEN = frozenset({"document", "norm"})


class Stage(Protocol):
    """A step ``Analysis -> Analysis`` that says which fields of :class:`Analysis` it needs and which it fills."""

    @property
    def name(self) -> str: ...

    @property
    def requires(self) -> frozenset[str]: ...

    @property
    def provides(self) -> frozenset[str]: ...

    def __call__(self, analysis: Analysis) -> Analysis: ...


class Decide(str):
    """Who decides what is a directive: ``rules``, ``both`` or ``precise``, and behind it, one a line, the backends that testify.

    >>> Decide.RULES.with_backends(("farahidi",)).backends
    ('farahidi',)
    """

    BOTH: ClassVar[Decide]
    """Rules and trained model, at the threshold of the best F1."""
    PRECISE: ClassVar[Decide]
    """Rules and trained model, at a stricter threshold."""
    RULES: ClassVar[Decide]
    """Rules alone; needs no onnxruntime."""

    @property
    def by(self) -> str:
        """``rules``, ``both`` or ``precise``."""
        return self.split("\n")[0]

    @property
    def backends(self) -> tuple[str, ...]:
        """Names of the backends (:mod:`pipeline.backends`)."""
        return tuple(self.split("\n")[1:])

    def with_backends(self, names: Iterable[str]) -> Decide:
        """The same, with these backends."""
        return Decide("\n".join([self.by, *names]))


Decide.BOTH, Decide.PRECISE, Decide.RULES = Decide("both"), Decide("precise"), Decide("rules")
DEFAULT = Decide.BOTH


PROPOSED = 0.2
"""Confidence from which on the rules propose a directive where backends testify."""


class StageError(TaalimatError):
    """A stage failed on a document."""


class Pipeline:
    """Stages in order. Raises :class:`TaalimatError` when built in an order in which a stage lacks what it requires."""

    def __init__(self, stages: Iterable[Stage]) -> None:
        self.stages = tuple(stages)
        known = set(_GIVEN)
        faults = []
        for stage in self.stages:
            if strange := sorted((stage.requires | stage.provides) - _FIELDS):
                faults.append(f"stage {stage.name!r} names {strange}; the fields of Analysis are {sorted(_FIELDS)}")
            if missing := sorted((stage.requires & _FIELDS) - known):
                faults.append(f"stage {stage.name!r} requires {missing}, which no stage before it provides")
            known |= stage.provides
        if faults:
            raise TaalimatError("; ".join(faults))

    @classmethod
    def default(cls, decide: Decide = DEFAULT, lexicon: Lexicon | None = None) -> Pipeline:
        """Segmentation, times, actors and directives, with the model, where it decides, that came with the package.

        ``lexicon``: verbs and frames of your own (:func:`pipeline.lexicon.read`) in place of those that came with the package. The network was
        trained beside those and goes on reading by them.
        """
        if not decide.backends:
            return cls([SegmentStage(), TimesStage(), ActorsStage(), *_deciders(decide, lexicon)])
        from pipeline.backends import load
        from pipeline.backends.stage import LayerNames, LayersStage, WitnessStage

        backends = tuple(map(load, decide.backends))
        names = tuple(LayerNames(backend.name) for backend in backends)
        return cls(
            [
                SegmentStage(),
                LayersStage(backends),
                TimesStage(),
                ActorsStage(recognisers=names),
                *_deciders(decide, lexicon, WitnessStage()),
            ]
        )

    def __call__(self, document: Document) -> Analysis:
        """Run all stages, on a very long document section by section. Raises :class:`StageError`, naming the stage, where one fails."""
        return self._run(document) if len(document.raw) <= SECTION else in_sections(document, self._run)

    def _run(self, document: Document) -> Analysis:
        analysis = Analysis(document, normalize(document.raw))
        for stage in self.stages:
            try:
                analysis = stage(analysis)
            except Exception as error:
                raise StageError(
                    f"stage {stage.name!r} failed: {type(error).__name__}: {error} ({place_of(error)})"
                ) from error
        return analysis


def _deciders(decide: Decide, lexicon: Lexicon | None, testimony: WitnessStage | None = None) -> list[Stage]:
    """The stages that decide what is a directive: rules, or rules and model. Where backends testify, they do so of what the rules propose."""
    words = lexicon or default_lexicon()
    if decide.by == Decide.RULES.by:
        return [DirectivesStage(words, PROPOSED), testimony] if testimony else [DirectivesStage(words)]
    from pipeline.model.stage import ModelStage, proposing

    rules = replace(proposing(), lexicon=words)
    heard = [replace(testimony, threshold=rules.threshold)] if testimony else []
    return [rules, *heard, ModelStage(words, precise=decide.by == Decide.PRECISE.by)]


def place_of(error: Exception) -> str:
    """The file and line an error was raised in."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


@cache
def default_pipeline(decide: Decide = DEFAULT) -> Pipeline:
    """The default pipeline, built once a process."""
    return Pipeline.default(decide)


def analyze(
    text: str,
    published: datetime.date | str | None = None,
    title: str | None = None,
    id: str | None = None,
    decide: Decide = DEFAULT,
) -> Analysis:
    """Analyse one statement. Relative dates hang on ``published``, a date or "2025-01-07"; where it is None they stay unresolved.

    Raises ValueError where the words of ``published`` are no date.

    >>> analysis = analyze("شدد الوالي على ضرورة فتح الطريق.")
    >>> [analysis.text(sentence.span) for sentence in analysis.sentences]
    ['شدد الوالي على ضرورة فتح الطريق.']
    """
    if isinstance(published, str):
        from pipeline.ingest.fields import parse_date

        published = parse_date(published)
    elif isinstance(published, datetime.datetime):
        published = published.date()
    source = None if published is None else "caller"
    return default_pipeline(decide)(Document(id or ids.document_id(text), text, title, published, source))
