"""The stage that finds directives: triggers, frames, spans and roles of every sentence, in that order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pipeline import ids, lexicon
from pipeline.actors import SpeakerIndex
from pipeline.directives.authority import (
    agreeing,
    disagrees,
    giver,
    lacks_authority,
    law_speaks,
    masculine,
    only_reports,
    other_subject,
    pleaded_with,
    relative_subject,
)
from pipeline.directives.candidates import Candidate, candidates, done_by_itself
from pipeline.directives.deadlines import deadline_in, term_between
from pipeline.directives.evidence import Company, threshold, weigh
from pipeline.directives.private import private_voice, protest, same_mouth
from pipeline.directives.roles import (
    active,
    addressees,
    aside_to,
    condition,
    headed,
    in_own_voice,
    is_passive,
    is_subject,
    lone_object,
    named_between,
    polarity,
    recalled,
    subject_of,
)
from pipeline.directives.spans import fronted_purpose
from pipeline.directives.view import Head, HeadKind, View
from pipeline.directives.voice import is_article, is_bare, unheard, voice, weight
from pipeline.lexicon import Lexicon
from pipeline.times import due_of, issued_on
from pipeline.types import CONTENT, Act, Analysis, Directive, Kind, Mention, Polarity, Rejected, Span


@dataclass(frozen=True, slots=True)
class DirectivesStage:
    """Stage that fills ``directives`` and, for those not taken, ``rejected``."""

    lexicon: Lexicon = field(default_factory=lexicon.default)
    threshold: float | None = None
    """Confidence below which an act is rejected; by default that of ``models/lexicon/evidence.csv``. Lower where a model decides after the rules."""
    name: str = "directives"
    requires: frozenset[str] = frozenset({"norm", "sentences", "times", "mentions", "actors"})
    provides: frozenset[str] = frozenset({"directives", "rejected"})

    def __call__(self, analysis: Analysis) -> Analysis:
        speakers: SpeakerIndex | None = None
        refused: Candidate | None = None
        read: list[Candidate] = []
        proposals: list[_Proposal] = []
        listed: dict[tuple[int, int], bool] = {}
        for index, sentence in enumerate(analysis.sentences):
            if sentence.zone not in CONTENT:
                continue
            for candidate in candidates(analysis, index, self.lexicon):
                read.append(candidate)
                place = (index, candidate.i)
                if place in listed and (listed[place] or candidate.form.klass == "masdar"):
                    candidate.reason = candidate.reason or "an item of a list that another act opens"
                if not candidate.reason:
                    listed |= _listed(candidate)
                    speakers = speakers or SpeakerIndex(analysis)
                    proposals += _propose(candidate, speakers, proposals, refused)
                    refused = candidate if candidate.refused else None
        if not (speakers and speakers.letter):  # there the writer is heard throughout
            proposals = _heard(analysis, self.lexicon, proposals)
        directives: list[Directive] = []
        least = (
            threshold(is_article(analysis, sum(weight(p.candidate) for p in proposals)))
            if self.threshold is None
            else self.threshold
        )
        company = Company(len(proposals), sum(candidate.private for candidate in read))
        for proposal in proposals:
            directives += _records(proposal, company, least)
        rejected = tuple(
            Rejected(c.view.span(c.i, c.last, c.offset), c.form.trigger.id, c.reason, c.evidence)
            for c in read
            if c.reason
        )
        return replace(analysis, directives=tuple(_unique(directives, analysis)), rejected=rejected)


def _listed(candidate: Candidate) -> dict[tuple[int, int], bool]:
    """Tokens, by sentence, of the instructions of a list which the candidate opens in an earlier sentence: is it the first of one?"""
    return {
        (view.index, j): j == piece.first
        for view, region in candidate.regions
        if view is not candidate.view
        for piece in region.instructions
        for j in range(piece.first, piece.last + 1)
    }


@dataclass(frozen=True, slots=True)
class _Proposal:
    """An act that no rule speaks against, to be weighed beside the others of its document."""

    candidate: Candidate
    issuer: Mention | None
    name: str | None
    to: tuple[Mention, ...]
    own: Mapping[tuple[int, int, int], tuple[Mention, ...]]
    """Addressees of single instructions («كلف X بـ …، وY بـ …»), by the tokens that name them."""
    headings: Mapping[int, tuple[Mention, ...]]
    """Addressees of the items of a list that a heading names, by the item's sentence."""
    acting: Mapping[tuple[int, int], tuple[Mention, ...]]
    """The subjects of the instructions' verbs where the trigger governs nobody, by sentence and first token."""


def _told_before(proposals: list[_Proposal]) -> tuple[Mention, ...]:
    """Those told to act last: in the gapped part of the act before, where it has one."""
    last = proposals[-1] if proposals else None
    return [last.to, *last.own.values()][-1] if last is not None else ()


def _said_before(candidate: Candidate, proposals: list[_Proposal]) -> _Proposal | None:
    """The command just before this one in the same quotation: the same mouth says both («أصلحوا …، ومن عجز فليترك مكانه»)."""
    last = proposals[-1] if proposals else None
    if last is None or candidate.form is not last.candidate.form or candidate.frame != "verb":
        return None
    view, before = candidate.view, last.candidate
    quote = view.quote[candidate.i]
    same = view.index == before.view.index and quote >= 0 and quote == before.view.quote[before.i]
    return last if same and candidate.form is view.lexicon.command else None


def _propose(
    candidate: Candidate, speakers: SpeakerIndex, proposals: list[_Proposal], refused: Candidate | None
) -> list[_Proposal]:
    """The act with its roles, behind the ``proposals`` so far; nothing, and ``candidate.reason`` set, where its issuer has no authority.

    ``refused``: the candidate before it, where who speaks there has none.
    """
    said_before, before = _said_before(candidate, proposals), _told_before(proposals)
    if said_before is not None:
        to = condition(candidate, speakers) or said_before.to
        return [_Proposal(candidate, said_before.issuer, said_before.name, to, {}, {}, {})]
    view, form = candidate.view, candidate.form
    analysis = view.analysis
    trigger = view.span(candidate.i, candidate.last, candidate.offset)
    passive = is_passive(candidate)
    subjectless = passive or lone_object(candidate, speakers)
    writer = in_own_voice(candidate, bool(speakers.recipients))
    impersonal = passive or form.trigger.duty or candidate.frame == "verb"
    headings = {
        region_view.index: mentions
        for region_view, _ in candidate.regions
        if region_view is not view and (mentions := headed(region_view, view.index, speakers))
    }
    told = addressees(candidate, speakers, None, before) if impersonal or subjectless else ()
    if (
        not subjectless
    ):  # «…، بحسب الوزير، مطالبون بـ»: a person named beside a duty or a command may well be who speaks
        groups = (Kind.GROUP, None) if candidate.frame == "verb" else (Kind.GROUP, Kind.OFFICE, Kind.ORGANISATION, None)
        told = tuple(m for m in told if m.kind in groups or m in speakers.recipients)
    told += tuple(m for mentions in headings.values() for m in mentions)
    told += aside_to(candidate, speakers)
    if form.pronoun and form.klass != "masdar":  # «أما القابضون فدعاهم الوالي إلى»
        topic = speakers.set_before(view.start(candidate.at))
        told += (topic,) if topic is not None else ()

    def ask(over: tuple[Mention, ...] = ()) -> tuple[Mention, str] | None:
        found = speakers.issuer(
            trigger, passive, form.klass == "masdar", told + over, writer, candidate.frame == "verb"
        )
        return None if found and only_reports(analysis, view.lexicon, found[0]) else found

    spoken = ask()
    if subject := giver(view, candidate.last, form) or relative_subject(view, candidate.i, form):
        spoken = subject, speakers.name_of(subject)
    elif spoken is not None and not (
        impersonal
        or writer
        or speakers.says_i(trigger)
        or speakers.is_text_named(spoken[0])
        or speakers.is_lady(spoken[0])
        and not masculine(view, candidate.i, form)
    ):
        spoken = agreeing(view, candidate.i, form, spoken, ask)
    issuer, name = spoken or (None, None)
    to = addressees(candidate, speakers, issuer, before)
    stands = issuer is None and not subjectless and bool(to) and is_subject(candidate, to[0])
    if stands and not disagrees(view, candidate.i, form, to[0]):
        issuer, name, to = to[0], speakers.name_of(to[0]), ()
    own_subject = not subjectless and "subject" not in form.trigger.addressee
    candidate.reason = (
        lacks_authority(analysis, view.lexicon, issuer, name, recalled(view, candidate.i, form))
        or other_subject(view, candidate.i, candidate.last, form, issuer)
        or (private_voice(view, candidate.i, candidate.last, issuer) if own_subject else protest(view, candidate.i))
        or (same_mouth(view, candidate.i, form, refused, issuer) if own_subject else "")
    )
    candidate.refused = bool(candidate.reason)
    candidate.reason = (
        candidate.reason
        or law_speaks(view, candidate.i, candidate.last, form)
        or pleaded_with(view, candidate.last, form, issuer, bool(to))
        or done_by_itself(candidate, bool(to))
    )
    if candidate.reason:
        candidate.private = True
        return []
    own = {
        piece.to: named_between(region_view, *piece.to, speakers)
        for region_view, region in candidate.regions
        for piece in region.instructions
        if piece.to
    }
    return [_Proposal(candidate, issuer, name, to, own, headings, _acting(candidate, to, speakers))]


def _acting(
    candidate: Candidate, to: tuple[Mention, ...], speakers: SpeakerIndex
) -> dict[tuple[int, int], tuple[Mention, ...]]:
    """«على أن تعمم البلديات …، وأن تعيد الوزارة …»: each verb's own subject, and where one has none that of the verb before."""
    intro = candidate.intro
    if to and (intro is None or to != subject_of(candidate.view, intro.head, speakers)):
        return {}
    found: dict[tuple[int, int], tuple[Mention, ...]] = {}
    acts, person = to, ""
    for view, region in candidate.regions:
        for piece in region.instructions:
            if piece.head is not None and piece.head.kind is HeadKind.VERB:
                verb = active(view, piece.head)
                if subject := subject_of(view, piece.head, speakers):
                    acts, person = subject, verb
                found[view.index, piece.first] = acts if not person or verb == person else ()
    return found


def _heard(analysis: Analysis, lexicon: Lexicon, proposals: list[_Proposal]) -> list[_Proposal]:
    """The proposals that somebody with authority is heard to make; the candidates of the others get their reason."""
    if not proposals:
        return []
    acts = [p.candidate for p in proposals]
    heard, duties = voice(analysis, lexicon, acts), all(map(is_bare, acts))
    for p in proposals:
        p.candidate.reason = unheard(p.candidate, p.issuer, heard, duties)
    return [p for p in proposals if not p.candidate.reason]


def _records(proposal: _Proposal, company: Company, least: float) -> list[Directive]:
    """The records of one act. Sets the candidate's reason where the evidence is too weak."""
    candidate = proposal.candidate
    view, form, analysis = candidate.view, candidate.form, candidate.view.analysis
    trigger = view.span(candidate.i, candidate.last, candidate.offset)
    evidence, confidence = weigh(candidate, proposal.issuer, proposal.to, company)
    if confidence < least:
        candidate.reason = f"confidence {confidence:.2f} below {least:.2f}"
        candidate.evidence = evidence
        return []
    document = analysis.document.id
    act = Act(
        ids.act_id(document, trigger),
        trigger,
        candidate.force,
        form.trigger.id,
        proposal.issuer,
        proposal.name,
        proposal.to,
        recalled(view, candidate.i, form),
    )
    day = issued_on(analysis, trigger)
    out: list[Directive] = []
    term = _term(candidate)
    front = fronted_purpose(view, candidate.i)
    aimed = (front.span(view),) if front is not None else ()
    for region_view, region in candidate.regions:
        purposes = aimed + tuple(p.span(region_view) for p in region.purposes)
        for piece in region.instructions:
            if piece.head is None or region_view is not view and _does_itself(region_view, piece.head, proposal.issuer):
                continue
            span = piece.span(region_view)
            to = proposal.own[piece.to] if piece.to else proposal.headings.get(region_view.index)
            to = proposal.acting.get((region_view.index, piece.first)) if to is None else to
            told = replace(act, addressees=to) if to is not None else act
            pole = polarity(region_view, candidate, piece.head)
            deadline = deadline_in(region_view, piece.first, piece.last, pole is Polarity.AVOID)
            if deadline is None and region.limit is not None:
                deadline = region_view.span(*region.limit)
            deadline = deadline or term
            due, note = due_of(analysis, deadline) if deadline else (None, "")
            out.append(
                Directive(ids.directive_id(document, trigger, span), told, span, pole, purposes, deadline, due, note,
                          issued_on=day, confidence=round(confidence, 3), evidence=evidence)
            )  # fmt: skip
    return out


def _term(candidate: Candidate) -> Span | None:
    """The time limit that stands between a verb of giving a term and what is to be done («أمهل المقاول عشرة أيام لاستكمال …»)."""
    view, intro = candidate.view, candidate.intro
    given = candidate.form.trigger.id in _TERMS or any("مهله" in w for w in view.w[candidate.last : candidate.last + 4])
    if not given or intro is None or candidate.frame == "list":
        return None
    return term_between(view, candidate.last + 1, intro.j - 1)


_TERMS = frozenset({"amhala-iv"})


_APPROVING = frozenset("تاييد موافقه مصادقه اعتماد تثمين رفض قبول شكر مباركه".split())


def _does_itself(item: View, head: Head, issuer: Mention | None) -> bool:
    """True for the item of a list that says what the issuer itself does («تأييد اللجنة مقترح …», under what the committee recommends)."""
    actor = item.analysis.actor_of(issuer) if issuer is not None else None
    if head.kind is not HeadKind.VERB and head.word not in _APPROVING:
        return False  # «إعلام الوزارة بـ»
    start = item.start(head.j + 1) if head.j + 1 < item.n else -1
    return actor is not None and any(
        m.span.start == start and item.analysis.actor_of(m) is actor for m in item.mentions
    )


def _unique(directives: list[Directive], analysis: Analysis) -> list[Directive]:
    """Each once; of two lists one inside the other the items are the inner one's, of two triggers of one sentence the first one's."""
    starts = [sentence.span.start for sentence in analysis.sentences]

    def nearness(directive: Directive) -> tuple[int, int]:
        start = directive.act.trigger.start
        ahead = start <= directive.instruction.start
        return bisect_right(starts, start) if ahead else -1, -start

    nearest: dict[Span, tuple[int, int]] = {}
    for d in directives:
        nearest[d.instruction] = max(nearest.get(d.instruction, (-2, 0)), nearness(d))
    return list({d.id: d for d in directives if nearness(d) == nearest[d.instruction]}.values())
