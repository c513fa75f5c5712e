"""Whose voice is heard in a document: acts that no authority is heard to perform are opinions, and are not taken.

A statement, a notice, a report of a meeting hold an act every few lines, and need not say each time who speaks. An article holds few acts among
many words; there who speaks must stand near, and in a column, where the writer argues in a voice of their own, in the sentence itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.directives.authority import standing
from pipeline.directives.candidates import Candidate
from pipeline.directives.view import CLOSE_QUOTES, OPEN_QUOTES, HeadKind
from pipeline.lexicon import Lexicon
from pipeline.normalize import fold
from pipeline.types import Analysis, Directive, Mention

_SPARSE = 540
"""Characters for each act from which a text is no statement: about ninety words."""
_COLUMN = 1500
"""Characters below which no text is a column."""
_LONG = 3000
"""Characters from which a text is an article whatever duties it holds («يجب … ويجب …»): only acts that are told make it a statement."""
_NEAR = 2
"""Sentences back from which a speaker is still heard in an article."""
_BESIDE = 7
"""Words on either side of a trigger among which a name is looked for."""
_LONGEST_QUOTE = 120
"""Words after which a quotation mark that was never closed is forgotten."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What a document as a whole tells of who speaks in it."""

    sparse: bool
    """True where it holds few acts for its length."""
    column: bool = False
    """True where the writer argues in a voice of their own."""
    starts: tuple[int, ...] = ()
    """Where its sentences start, but for those that a quotation goes on with; told of sparse documents only."""


def weight(act: Candidate) -> int:
    """How many acts one counts for: each item of a list that it opens, outside which it might have stood, is one."""
    return max(1, len(act.regions)) if act.frame == "list" else 1


def is_article(analysis: Analysis, acts: int) -> bool:
    """True for a text that holds few acts for its length: no statement."""
    return len(analysis.norm.text) >= _SPARSE * acts


def found_in_article(analysis: Analysis) -> bool:
    """The same of a text that the rules have read, whatever they took of what they weighed."""
    refused = (r.trigger for r in analysis.rejected if r.reason.startswith("confidence"))
    taken = (d.instruction if _in_a_list(analysis, d) else d.act.trigger for d in analysis.directives)
    return is_article(analysis, len({*taken, *refused}))


def _in_a_list(analysis: Analysis, found: Directive) -> bool:
    return "\n" in analysis.document.raw[found.act.trigger.end : found.instruction.start]


def voice(analysis: Analysis, lexicon: Lexicon, acts: Sequence[Candidate]) -> Voice:
    """The voice of a document that may hold ``acts``."""
    length = len(analysis.norm.text)
    told = sum(weight(act) for act in acts if not is_bare(act))
    sparse = is_article(analysis, sum(map(weight, acts))) or length >= max(_LONG, _SPARSE * told)
    column = length >= max(_COLUMN, _SPARSE * told)
    if not (sparse or column):
        return Voice(sparse)
    balance, starts = _read(analysis, lexicon)
    return Voice(sparse, column and balance > 0, tuple(starts))


def _read(analysis: Analysis, lexicon: Lexicon) -> tuple[float, list[int]]:
    """Words of a voice of the writer's own less words of reporting, outside quotations; and where sentences start outside them."""
    telling = _MARKS.union(*(lexicon.words[name] for name in ("own_voice", "argues", "reports")))
    balance, quoted, starts = 0.0, 0, []
    for sentence in analysis.sentences:
        if not quoted:
            starts.append(sentence.span.start)
        for token in sentence.tokens:
            word = token.norm
            if quoted:
                quoted = 0 if word in CLOSE_QUOTES or quoted > _LONGEST_QUOTE else quoted + 1
            elif word in OPEN_QUOTES:
                quoted = 1
            elif word in telling:
                balance += _weight(lexicon, word)
    return balance, starts


_MARKS = frozenset("؟?!")


def _weight(lexicon: Lexicon, word: str) -> float:
    if word in _MARKS or lexicon.is_in("own_voice", word):
        return 1.0
    return 0.7 if lexicon.is_in("argues", word) else -1.0 if lexicon.is_in("reports", word) else 0.0


def unheard(candidate: Candidate, issuer: Mention | None, heard: Voice, only_duties: bool) -> str:
    """Why no authority is heard to perform an act; empty where one is. ``only_duties``: the document holds no act but duty words."""
    view, lexicon = candidate.view, candidate.view.lexicon
    analysis, quoted = view.analysis, view.quote[candidate.i] >= 0
    bare = is_bare(candidate)
    if bare and not quoted and not any(w.endswith("كم") for w in view.w[candidate.i : candidate.last + 2]):
        near = analysis.sentences[max(0, view.index - 1) : view.index + 1]
        opening = analysis.sentences[:1] if only_duties else ()
        spoken = any(lexicon.is_in("speaks", t.norm) for s in (*near, *opening) for t in s.tokens)
        if not spoken and (only_duties or heard.sparse):
            return "a duty that nobody is said to lay on anybody"
    if not (heard.sparse or heard.column):
        return ""
    if bare and not quoted and _ours(candidate):
        return "a duty that the writer lays on us all"
    word = view.w[candidate.i].lstrip("وف")
    if not quoted and (
        lexicon.is_in("first_person", word) or candidate.form.klass == "perfect" and word.endswith("نا")
    ):
        return "the writer's own plea"
    if view.w[-1] in "؟?" and not quoted:
        return "a question"
    if issuer is None:
        return ""
    if candidate.intro is not None and not _OF_STATE.isdisjoint(view.w[candidate.i + 1 : candidate.intro.j]):
        return ""  # «صدر أمر ملكي بـ»
    if any(w.endswith("كم") and len(w) > 3 for w in view.w[candidate.i : candidate.last + 2]):
        return ""  # «نهيب بكم»: a letter speaks to its readers
    if standing(analysis, lexicon, issuer) == "unknown":
        return "in an article, and nothing shows that who speaks has authority"
    back = 0 if _named_beside(candidate, issuer) else _sentences_back(candidate, issuer, heard)
    if back > _NEAR:
        return f"in an article, and who might speak was named {back} sentences before"
    if heard.column and (back or bare or candidate.frame == "verb"):
        return "in a column, and no authority is named as speaking in the sentence"
    return ""


_OF_STATE = frozenset("ملكي ملكيه سام سامي ساميه اميري رياسي رياسيه وزاري وزاريه سلطاني".split())


def is_bare(candidate: Candidate) -> bool:
    """True for a duty word under no verb of saying."""
    return candidate.form.trigger.duty and candidate.at == candidate.i


def _ours(candidate: Candidate) -> bool:
    """True for «علينا أن», «يجب أن نعمل»."""
    first = candidate.regions[0][1].instructions[0].head
    we = first is not None and first.kind is HeadKind.VERB and first.word.startswith("ن")
    return we or candidate.view.w[candidate.i].endswith("علينا")


def _sentences_back(candidate: Candidate, issuer: Mention, heard: Voice) -> int:
    start = candidate.view.sentence.span.start
    return sum(issuer.span.start < s <= start for s in heard.starts)


def _named_beside(candidate: Candidate, issuer: Mention) -> bool:
    """True where a part of the issuer's name stands near the trigger («ودعا العبادي إلى»), though the mention is an earlier one."""
    view = candidate.view
    actor = view.analysis.actor_of(issuer)
    if actor is None:
        return False
    names = {word for word in fold(actor.name).split() if len(word) > 3}
    return not names.isdisjoint(view.w[max(0, candidate.i - _BESIDE) : candidate.i + _BESIDE])
