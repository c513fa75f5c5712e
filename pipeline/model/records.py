"""Records from the tagger's readings: who is meant by an issuer, which addressees an instruction has, its polarity and deadline."""

from __future__ import annotations

from pipeline import ids
from pipeline.actors import SpeakerIndex
from pipeline.directives.abstention import is_left
from pipeline.directives.deadlines import deadline_within
from pipeline.directives.view import NEGATIONS
from pipeline.lexicon import Lexicon
from pipeline.model.tagger import Reading
from pipeline.normalize import fold
from pipeline.times import due_of, issued_on
from pipeline.types import Act, Analysis, Directive, Evidence, Force, Mention, Polarity, Span


def issuer(speakers: SpeakerIndex, reading: Reading, told: tuple[Mention, ...] = ()) -> tuple[Mention, str] | None:
    """The issuer's mention and the fullest name of its actor: who speaks there as the rules read it; else where the network sees one, the places of one actor added up."""
    own = speakers.in_own_voice(reading.trigger)
    spoken = speakers.issuer(reading.trigger, own=True) if own else speakers.issuer(reading.trigger, told=told)
    if spoken is not None:
        return spoken
    sure: dict[str, float] = {}
    best: dict[str, tuple[float, Mention]] = {}
    for place in reading.issuers:
        mention = known(speakers, place.span)
        if any(m.span.overlaps(mention.span) for m in told):
            continue
        name = speakers.name_of(mention)
        sure[name] = sure.get(name, 0.0) + place.begin
        best[name] = max(best.get(name, (0.0, mention)), (place.begin, mention), key=lambda b: b[0])
    if not sure:
        return None
    name = max(sure, key=lambda n: sure[n])
    return best[name][1], name


def known(speakers: SpeakerIndex, span: Span) -> Mention:
    """``span`` as a mention of the actor whose mention shares most with it."""
    near = (m for m in speakers.analysis.mentions if m.span.overlaps(span))
    found = max(near, key=lambda m: (_shared(m.span, span), -len(m.span)), default=None)
    if found is None or 2 * _shared(found.span, span) < min(len(found.span), len(span)):
        return Mention(span, None)
    return Mention(span, found.kind, found.actor_id)


def _shared(a: Span, b: Span) -> int:
    return min(a.end, b.end) - max(a.start, b.start)


def addressees(reading: Reading, instruction: Span) -> tuple[Span, ...]:
    """Those told to do an instruction. Where one verb lays tasks on several in turn, each instruction has the nearest before it."""
    groups: list[list[Span]] = []
    starts = [s.span.start for s in reading.instructions]
    for a in (s.span for s in reading.addressees):
        if groups and not any(groups[-1][-1].start < start <= a.start for start in starts):
            groups[-1].append(a)
        else:
            groups.append([a])
    if not groups:
        return ()
    inside = [g for g in groups if instruction.covers(g[0])]
    if inside:
        return tuple(inside[0])
    before = [g for g in groups if g[-1].end <= instruction.start]
    owned = [g for g in groups if any(s.span.covers(g[0]) for s in reading.instructions)]
    free = [g for g in before if g not in owned] or [g for g in groups if g not in owned] or groups[:1]
    return tuple(free[-1] if free[-1] in before else free[0])


def polarity(analysis: Analysis, lexicon: Lexicon, trigger: Span, instruction: Span) -> Polarity:
    """GUIDELINES 2, 3 and 24: by the head, or by a verb of banning."""
    words = fold(analysis.text(instruction)).split()
    words[:1] = [word.strip('«»"()،') for word in words[:1]]
    if words and words[0] in NEGATIONS or is_left(lexicon, words):
        return Polarity.AVOID
    word = fold(analysis.text(trigger)).split()[0]
    forms = lexicon.forms.get(word, ())
    return Polarity.AVOID if forms and all(f.trigger.polarity == "avoid" for f in forms) else Polarity.DO


def force(analysis: Analysis, lexicon: Lexicon, reading: Reading) -> Force:
    """The force that the lexicon gives the word, where it gives one only; else the network's."""
    words = fold(analysis.text(reading.trigger)).split()
    forces = {f.trigger.force for f in lexicon.forms.get(words[0], ())} if words else set()
    return forces.pop() if len(forces) == 1 else reading.force


def directive(
    analysis: Analysis, lexicon: Lexicon, act: Act, reading: Reading, instruction: Span, confidence: float, evidence: tuple[Evidence, ...],
) -> Directive:  # fmt: skip
    """The record of one instruction of a reading. A deadline inside it is what the rules read there; one outside all instructions is the network's."""
    pole = polarity(analysis, lexicon, act.trigger, instruction)
    owned = {d.span for d in reading.deadlines if any(s.span.overlaps(d.span) for s in reading.instructions)}
    outside = (d.span for d in reading.deadlines if d.span not in owned)
    inside = deadline_within(analysis, lexicon, instruction, pole is Polarity.AVOID)
    deadline = inside or next(outside, None)
    due, note = due_of(analysis, deadline) if deadline else (None, "")
    return Directive(
        id=ids.directive_id(analysis.document.id, act.trigger, instruction),
        act=act,
        instruction=instruction,
        polarity=pole,
        purposes=tuple(p.span for p in reading.purposes),
        deadline=deadline,
        due=due,
        due_note=note,
        issued_on=issued_on(analysis, act.trigger),
        confidence=confidence,
        evidence=evidence,
    )
