"""The stage that finds directives: triggers, frames, spans and roles of every sentence, in that order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pipeline import ids, lexicon
from pipeline.actors import SpeakerIndex
from pipeline.directives.authority import agreeing, lacks_authority, other_subject
from pipeline.directives.candidates import Candidate, candidates, may_command
from pipeline.directives.deadlines import deadline_in
from pipeline.directives.evidence import weigh, weights
from pipeline.directives.roles import addressees, is_passive, lone_object, polarity, recalled
from pipeline.lexicon import Lexicon
from pipeline.times import due_of, issued_on
from pipeline.types import CONTENT, Act, Analysis, Directive, Rejected, Sentence


@dataclass(frozen=True, slots=True)
class DirectivesStage:
    """Stage that fills ``directives`` and, for those not taken, ``rejected``."""

    lexicon: Lexicon = field(default_factory=lexicon.default)
    name: str = "directives"
    requires: frozenset[str] = frozenset({"norm", "sentences", "times", "mentions", "actors"})
    provides: frozenset[str] = frozenset({"directives", "rejected"})

    def __call__(self, analysis: Analysis) -> Analysis:
        speakers: SpeakerIndex | None = None
        directives: list[Directive] = []
        rejected: list[Rejected] = []
        for index, sentence in enumerate(analysis.sentences):
            if sentence.zone not in CONTENT or not self._may_hold(sentence):
                continue
            for candidate in candidates(analysis, index, self.lexicon):
                if speakers is None:
                    speakers = SpeakerIndex(analysis)
                if not candidate.reason:
                    directives.extend(_records(candidate, speakers))
                if candidate.reason:
                    place = candidate.view.span(candidate.i, candidate.last, candidate.offset)
                    rejected.append(Rejected(place, candidate.form.trigger.id, candidate.reason, candidate.evidence))
        return replace(analysis, directives=tuple(_unique(directives)), rejected=tuple(rejected))

    def _may_hold(self, sentence: Sentence) -> bool:
        forms = self.lexicon.forms
        return any(t.norm in forms or may_command(t.norm) or t.norm == "لا" for t in sentence.tokens)


def _records(candidate: Candidate, speakers: SpeakerIndex) -> list[Directive]:
    """The records of one act. Sets ``candidate.reason`` where its issuer has no authority."""
    view, form, intro = candidate.view, candidate.form, candidate.intro
    analysis = view.analysis
    assert intro is not None
    trigger = view.span(candidate.i, candidate.last, candidate.offset)
    passive = is_passive(candidate) or lone_object(candidate, speakers)
    spoken = speakers.issuer(trigger, passive=passive, masdar=form.klass == "masdar")
    if spoken and passive and any(m.span.overlaps(spoken[0].span) for m in addressees(candidate, speakers, None)):
        spoken = None  # who is told to act has not said it
    issuer, name = spoken if spoken else (None, None)
    agreed = agreeing(view, candidate.i, form, issuer)
    if agreed is not issuer:
        issuer = agreed
        name = next((a.name for a in analysis.actors if agreed is not None and a.id == agreed.actor_id), None)
        if agreed is None:
            candidate.reason = "nobody named here agrees with it in gender"
            return []
    candidate.reason = lacks_authority(analysis, view.lexicon, issuer, name) or other_subject(view, candidate.i, candidate.last, form, issuer)
    if candidate.reason:
        return []
    to = addressees(candidate, speakers, issuer)
    evidence, confidence = weigh(candidate, issuer, to)
    if confidence < weights()["threshold"]:
        candidate.reason = f"confidence {confidence:.2f} below {weights()['threshold']:.2f}"
        candidate.evidence = evidence
        return []
    document = analysis.document.id
    act = Act(ids.act_id(document, trigger), trigger, candidate.force, form.trigger.id, issuer, name, to, recalled(view, candidate.i, form))
    day = issued_on(analysis, trigger)
    out: list[Directive] = []
    for region_view, region in candidate.regions:
        purposes = tuple(p.span(region_view) for p in region.purposes)
        for piece in region.instructions:
            if piece.head is None:
                continue
            span = piece.span(region_view)
            deadline = deadline_in(region_view, piece.first, piece.last)
            due, note = due_of(analysis, deadline) if deadline else (None, "")
            out.append(
                Directive(ids.directive_id(document, trigger, span), act, span, polarity(region_view, form, piece.head), purposes, deadline, due, note,
                          issued_on=day, confidence=round(confidence, 3), evidence=evidence)
            )  # fmt: skip
    return out


def _unique(directives: list[Directive]) -> list[Directive]:
    return list({d.id: d for d in directives}.values())
