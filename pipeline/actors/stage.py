"""The stage that fills ``mentions`` and ``actors``."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pipeline.actors import vocabulary
from pipeline.actors.backends import NameRecogniser, found_by
from pipeline.actors.coreference import Cluster, Coreference
from pipeline.actors.recognise import Recogniser
from pipeline.normalize import normalize
from pipeline.types import Analysis, Document


@dataclass(frozen=True, slots=True)
class ActorsStage:
    """Finds the actors of a document and all the places that name each.

    >>> from pipeline.normalize import normalize
    >>> from pipeline.types import Document
    >>> text = "زار وزير الري، رابح بوعلي، السد. وقال الوزير إنه ممتلئ."  # "The minister of water, …; the minister said …"
    >>> [(a.name, a.office, [s.text(text) for s in a.mentions]) for a in ActorsStage()(Analysis(Document("1", text), normalize(text))).actors]
    [('رابح بوعلي', 'وزير الري', ['وزير الري، رابح بوعلي', 'الوزير'])]
    """

    name: str = "actors"
    requires: frozenset[str] = frozenset({"norm", "sentences"})
    provides: frozenset[str] = frozenset({"mentions", "actors"})
    vocabulary: vocabulary.Vocabulary = field(default_factory=vocabulary.default, repr=False)
    recognisers: tuple[NameRecogniser, ...] = ()
    """Further recognisers of names (see :mod:`pipeline.actors.backends`)."""

    def __call__(self, analysis: Analysis) -> Analysis:
        recogniser = Recogniser(analysis, self.vocabulary)
        found = recogniser.run()
        for further in self.recognisers:
            found += found_by(further, analysis, recogniser.words, found)
        mentions, actors = Coreference(analysis, self.vocabulary, recogniser.words, self._headline(analysis)).run(found)
        return replace(analysis, mentions=mentions, actors=actors)

    def _headline(self, analysis: Analysis) -> tuple[Cluster, ...]:
        """Who the document's title names: «الوالي» of the text is the wali whom it names there."""
        title = (analysis.document.title or "").strip()
        if not title:
            return ()
        apart = Analysis(Document(analysis.document.id, title), normalize(title))
        recogniser = Recogniser(apart, self.vocabulary)
        return Coreference(apart, self.vocabulary, recogniser.words).persons(recogniser.run())
