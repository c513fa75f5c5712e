"""Where the noun phrase of somebody told to act ends: construct chain, adjectives, coordination, relative clause."""

from __future__ import annotations

from bisect import bisect_left

from pipeline.actors.slots import Slots
from pipeline.actors.vocabulary import Reading
from pipeline.morphology import masdar
from pipeline.types import Analysis, Kind

_PRESENT = tuple("حضروا تجمعوا تجمهروا التفوا احتشدوا اصطفوا رافقو استقبلو تابعوا".split())
"""What people who are there have done."""
HAVING = frozenset("لديه لديها لديهم له لها لهم لم لا كان كانت بحوزته بحوزتهم عنده عندهم".split())
"""What opens a clause about whoever has or lacks something."""


def np_end(analysis: Analysis, start: int, limit: int, index: Slots | None = None) -> int:
    """Where the noun phrase that starts at raw offset ``start`` ends, at ``limit`` at the latest (raw offsets).

    Construct chain, adjectives, coordinated complements, a relative clause (الذين …) up to the introducer of the task.
    """
    index = index or Slots(analysis)
    w = index.words.text
    i = index.word_at(start)
    stop = bisect_left(index.words.start, analysis.norm.index_of(limit))
    if i >= len(w) or not w[i][0].isalpha():
        return start
    cut = max(0, analysis.norm.index_of(start) - index.words.start[i])
    if w[i][cut:] in index.v.words["honorific"] and i + 1 < stop and w[i + 1][0].isalpha():
        behind = analysis.norm.raw_span(index.words.start[i + 1], index.words.end[i + 1])[0]
        return max(start, np_end(analysis, behind, limit, index))  # «السادة رؤساء المراكز»
    mention = index.mention_at(start)
    if mention is not None and mention.span.end <= limit:
        end = bisect_left(index.words.end, analysis.norm.index_of(mention.span.end - 1) + 1) + 1
    else:
        end = _plain_phrase(index, i, cut, stop)
    end = _tail(index, i, end, stop)
    return analysis.norm.raw_span(index.words.start[i], index.words.end[end - 1])[1] if end > i else start


def _plain_phrase(index: Slots, i: int, cut: int, stop: int) -> int:
    w, v = index.words.text, index.v
    word = w[i][cut:]
    if word in index.v.words["quantifier"] and i + 1 < stop and w[i + 1][0].isalpha():
        if word in ("كل", "اي") and not w[i + 1].startswith("ال"):
            last = i + 2
            if w[i + 1] == "من" and last < stop and (v.is_verb(w[last]) or w[last] in HAVING):
                return _relative(index, i + 1, stop)  # «كل من بحوزته صور»
            if (
                last < stop
                and w[last][0].isalpha()
                and (v.is_verb(w[last]) or index.verb_slot(last))
                and w[last] not in v.words["stop"]
            ):
                return _relative(index, last, stop)  # «كل منتسب غيّر نشاطه»
            return max(last, index.p.phrase(i + 1, Reading(0, False, "", w[i + 1], False, Kind.GROUP), stop).last)
        return _plain_phrase(index, i + 1, 0, stop)
    if word in ("من", "ممن") and i + 1 < stop and w[i + 1][0].isalpha():
        return _relative(index, i, stop)
    verb = v.is_verb(word) and not v.heads.get(word) and word not in v.words["public"]
    if len(word) < 3 or w[i] in v.words["stop"] or word in v.words["stop"] or verb:
        return i
    definite = word.startswith("ال") or word.startswith("ل") and cut > 0 and not v.heads.get(word)
    stem = word[2:] if word.startswith("ال") else word[1:] if definite else word
    known = definite or stem in v.heads or stem in v.words["public"] or word in v.places or word in v.given
    if not known:
        following = v.read(w[i + 1]) if i + 1 < stop and w[i + 1][0].isalpha() else None
        found = masdar(word)
        if (
            following is None
            or not (following.definite and not following.prep or following.conj and following.head is not None)
            or found is not None
            and found.score >= 0.4
            or word[0] in "يت"
        ):
            return i  # no noun that could act
    phrase = index.p.phrase(
        i, Reading(cut, False, "", stem, definite, v.heads.get(stem) or Kind.GROUP, stem in v.words["public"]), stop
    )
    return phrase.last


def _tail(index: Slots, i: int, end: int, stop: int) -> int:
    """Past what goes on with a phrase: a second head before their complement, adjectives, «لـ» with what a body is for, relative clauses."""
    w, v = index.words.text, index.v
    if end == i + 1 < stop and not v.read(w[i]).definite and v.read(w[end]).conj and not v.read(w[end]).definite:
        further = index.p.phrase(end, v.read(w[end]), stop)
        if further.last > end + 1:
            end = further.last  # «أعوان وإطارات الصحة»
    office = end == i + 1 and v.read(w[i]).head is Kind.OFFICE
    while i < end < stop and not office:
        r = v.read(w[end])
        goal = r.prep == "ل" and masdar(w[end][1:]) is not None and end + 1 < stop and w[end + 1].startswith("ال")
        own = r.prep == "ل" if r.prep else not r.conj and _modifies(index, end, (w[i], w[end - 1]))
        if r.definite and own:
            end += 1
        elif goal:
            end += 2
        else:
            break
    if end < stop and w[end] in ("الذين", "التي", "الذي", "اللواتي", "ممن"):
        if w[end] == "الذين" and end + 1 < stop and w[end + 1].startswith(_PRESENT):
            return end  # «الشبان الذين تجمهروا حوله»: that tells something about them, not which are meant
        return _relative(index, end, stop)
    return end


def _modifies(index: Slots, k: int, nouns: tuple[str, str]) -> bool:
    """True where the definite word ``k`` can be an adjective of one of ``nouns``, by its ending; nouns for people and bodies are none."""
    w, v = index.words.text, index.v
    r = v.read(w[k])
    task = masdar(w[k])
    if r.head is not None or r.public or task is not None and task.form != "I" or w[k] in v.words["adverb"]:
        return False
    if w[k] in v.words["stop"] or not nouns[1].startswith(("ال", "لل")):
        return False
    if w[k].endswith(("ين", "ون")):
        return nouns[0].endswith(("ين", "ون", "ي", "اء"))
    if w[k].endswith("ه"):
        return nouns[1].endswith(("ه", "ات")) or nouns[0].endswith(("ه", "ات"))
    return w[k].endswith("ي") and not nouns[1].endswith(("ه", "ات"))


def _relative(index: Slots, i: int, stop: int) -> int:
    """End of a relative clause: before a mark or the introducer of a task."""
    w = index.words.text
    for k in range(i + 1, stop):
        if not w[k][0].isalnum():
            return k
        if (
            k > i + 2
            and w[k].startswith("ال")
            and (found := masdar(w[k])) is not None
            and found.score >= 0.5
            and w[k - 1] not in index.v.words["preposition"]
        ):
            return k
        if k > i + 1 and w[k] in ("إلى", "الى", "أن", "على", "بضروره", "ان") and k + 1 < stop:
            return k
    return stop
