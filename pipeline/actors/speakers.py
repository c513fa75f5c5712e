"""Who speaks at a place of the text, whom a pronoun means, and where a noun phrase ends: what the directive stage asks.

The issuer of a trigger is chosen among the mentions around it by a linear score over what can be seen there: the subject slot
right behind or before the verb, agreement in gender, verbs of saying, prepositions, turns («من جهته»), quotation marks, distance.
The weights stand in ``models/lexicon/issuer.csv``; ``models/train/issuer.py`` fits them to the composed corpus.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.actors import vocabulary
from pipeline.actors.phrases import Phraser
from pipeline.actors.recognise import LETTER
from pipeline.actors.vocabulary import Reading, Vocabulary, base_form
from pipeline.actors.words import BREAK, COMMAS, Words
from pipeline.morphology import masdar
from pipeline.normalize import fold
from pipeline.types import CONTENT, Actor, Analysis, Kind, Mention, Span
from pipeline.weights import read_weights

_RANKS = {
    "ملك": 6, "سلطان": 6, "امير": 5, "وزير": 5, "وزيره": 5, "حكومه": 5, "مجلس": 3, "وزاره": 4, "والي": 4,
    "واليه": 4, "محافظ": 4, "رييس": 4, "رييسه": 4, "حاكم": 4, "نايب": 3, "وكيل": 3, "امين": 3, "نيابه": 3,
    "محكمه": 3, "هييه": 3, "متصرف": 3, "عامل": 3, "مدير": 2, "مديره": 2, "مديريه": 2, "عميد": 2, "قايد": 2,
    "لجنه": 2, "سلطه": 3, "كاتب": 3, "كاتبه": 3, "ناطق": 3, "متحدث": 3,
}  # fmt: skip
_ON_ORDER = frozenset(
    {"بامر", "باوامر", "بتوجيه", "بتوجيهات", "بطلب", "بايعاز", "بتعليمات", "بقرار", "بتكليف", "بدعوه"}
)
_STATE = frozenset({"الحكومه", "الجمهوريه", "الوزراء", "الدوله", "للحكومه"})
_PRONOUN_PHRASES = frozenset(
    p + s for p in ("ل", "من", "الي", "علي", "ب", "في", "عن") for s in ("ه", "ها", "هم", "هما", "كم", "نا")
) | {"عليهم", "اليهم", "لديهم"}
_PRONOUN_SUBJECTS = frozenset(
    c + p + s for c in ("", "و", "ف") for p in ("ان", "بان", "لان", "كان") for s in ("ه", "ها", "هم", "ني", "نا")
) - {"كانه", "كانها"} | {"كنت", "وكنت", "كنا"}
_TURNS = (["من", "جهته"], ["من", "جهتها"], ["من", "جانبه"], ["من", "جانبها"])
_WINDOW = 30
_PRESIDING = frozenset({"برياسه", "رياسه", "باشراف", "اشراف", "بقياده"})
_CHAIRING = frozenset({"تراس", "ترأس", "اشرف", "عقد", "افتتح", "زار", "تفقد", "عاين", "دشن", "قام", "اجتمع", "استقبل"})


# Where a mention stands in the slot of the grammatical subject, or is the genitive of a noun of command, nothing else is weighed.
DECISIVE = frozenset(
    {
        "slot|finite|+",
        "slot|finite|?",
        "slot_first_of_two|finite|+",
        "genitive|noun",
        "issued_by",
        "relative|finite|+",
        "subject_of|topic_embedded",
        "adjacent|topic_embedded",
        "adjacent|topic_verb",
        "adjacent|topic_particle",
        "agent|passive",
    }
)


@dataclass(slots=True)
class _Place:
    """A mention with its words, and what its surroundings say of it."""

    mention: Mention
    first: int
    last: int
    head: str
    definite: bool
    features: tuple[str, ...]
    subject: bool
    private: bool = False
    sender: bool = False
    rank: int = 1
    """Behind «من» at the head of a line: who writes."""


@dataclass(frozen=True, slots=True)
class _Trigger:
    """A trigger word: its index, form, shape, gender, quotation and sentence, the word where its subject would stand."""

    t: int
    word: str
    shape: str
    gender: str
    quoted: int
    sentence: int
    slot: int
    closing: int | None
    base: str
    pronoun: bool
    """A pronoun of the speaker stands before it («أنه وجّه»): what follows is no subject."""
    text: bool
    """Its subject is a text («حث البلاغ»)."""
    lead: int | None
    joined: bool
    """«و», «ثم» or «كما» ties it to the verb before."""


def weights() -> Mapping[str, float]:
    """Weight of each feature."""
    return read_weights("issuer")


class SpeakerIndex:
    """Answers questions of the directive stage about one analysis (with ``mentions`` and ``actors``). Offsets are raw."""

    def __init__(self, analysis: Analysis, words_of: Vocabulary | None = None) -> None:
        self.analysis = analysis
        self.v = words_of or vocabulary.default()
        self.words = Words.of(analysis)
        self.p = Phraser(self.words, self.v)
        self.actors: Mapping[str, Actor] = {actor.id: actor for actor in analysis.actors}
        self._starts = [m.span.start for m in analysis.mentions]
        self._depth = self._quotes()
        self._sentence = self._sentences()
        self._content = [s for s in analysis.sentences if s.zone in CONTENT and s.tokens]
        self.places = tuple(self._places())
        self._header = self._header_places()
        self._letter = any(t in LETTER for t in self.words.text)
        self._lead_actor = next((p.mention.actor_id for p in self.places if p.rank >= 2 and p.subject), None)
        self._top = max((p.rank for p in self.places if p.subject and p.mention.actor_id is not None), default=9)
        self._chairs = {p.mention.actor_id for p in self.places if self._chairs_here(p)}
        self._counts: dict[str | None, int] = {}
        for place in self.places:
            self._counts[place.mention.actor_id] = self._counts.get(place.mention.actor_id, 0) + 1
        self._firsts = [p.first for p in self.places]

    # -- places and words ------------------------------------------------------------------------------------------------

    def word_at(self, raw: int) -> int:
        """Index of the word that holds a raw offset (the next one where it lies between words)."""
        at = self.analysis.norm.index_of(raw)
        i = bisect_right(self.words.start, at) - 1
        return i if i >= 0 and at < self.words.end[i] else i + 1

    def _quotes(self) -> list[int]:
        """For each word the number of the quotation it stands in, 0 outside."""
        depth, number, out = 0, 0, []
        for t in self.words.text:
            if t in "«“" or (t == '"' and not depth):
                number += 1
                depth = number
            elif t in "»”" or t == '"' or t == BREAK:
                depth = 0 if t != BREAK else depth
            out.append(depth)
        return out

    def _sentences(self) -> list[int]:
        out, number = [], 0
        for t in self.words.text:
            out.append(number)
            number += t == BREAK
        return out

    def _header_places(self) -> list[int]:
        """Numbers of the places at the head of the text that have a line of their own: a letterhead."""
        w = self.words.text
        out = []
        for k, place in enumerate(self.places):
            before = w[place.first - 1] if place.first else BREAK
            if (
                (before != BREAK and not place.sender)
                or place.last >= len(w)
                or w[place.last] not in (BREAK, "/", "|", "-", ":")
                or self._sentence[place.first] > 6
            ):
                break
            out.append(k)
        return out

    def _lead_of(self, number: int) -> int | None:
        """Number of the sentence that opens the list in which sentence ``number`` is an item."""
        at = self._content[number].lead if number < len(self._content) else None
        if at is None:
            return None
        lead = self.analysis.sentences[at]
        return next((i for i, s in enumerate(self._content) if s is lead), None)

    def _places(self) -> Iterator[_Place]:
        w, v = self.words.text, self.v
        covered = -1
        speaker: _Place | None = None
        for mention in self.analysis.mentions:
            first, last = self.word_at(mention.span.start), self.word_at(mention.span.end - 1) + 1
            if last <= covered or first >= len(w):
                continue
            covered = last
            head = next((v.read(w[i]) for i in range(first, last) if v.read(w[i]).head is not None), None)
            r = v.read(w[first])
            inside = mention.span.start > self.analysis.norm.raw_span(self.words.start[first], self.words.end[first])[0]
            features, subject = self._surroundings(first, last, r, inside)
            stem = head.stem if head is not None else ""
            sender = first > 0 and (
                w[first - 1] == "من" and (first < 2 or w[first - 2] == BREAK) or w[first - 2 : first] == ["من", ":"]
            )
            private = stem in self.v.words["private"] or mention.kind is Kind.PERSON and not stem
            place = _Place(
                mention,
                first,
                last,
                stem,
                w[first].startswith("ال") and last - first == 1,
                features,
                subject,
                private,
                sender,
                self._rank_of(mention, stem, w[first:last]),
            )
            author = first > 0 and features[0] == "subj_say" and self._is_text(w[first - 1])
            if features[0].startswith("subj_") and not author and self._is_object(place, speaker):
                place.features, place.subject = ("object", *features[1:]), False
            if place.subject and (mention.actor_id is not None or place.rank >= 4):
                speaker = place
            yield place

    def _rank_of(self, mention: Mention, head: str, words: Sequence[str]) -> int:
        """How high an office or body stands, 0 to 6: who orders whom where grammar leaves it open."""
        actor = self.actors.get(mention.actor_id or "")
        office = fold(actor.office or actor.name).split() if actor is not None else []
        if head in ("رييس", "رييسه", "مجلس", "رياسه") and _STATE & {*words, *office}:
            return 6
        if head in ("رييس", "رييسه"):
            body = (office if len(office) > 1 else fold(" ".join(words)).split())[1:2]
            return min(_RANKS[head], _RANKS.get(body[0].removeprefix("ال"), 2)) if body else _RANKS[head]
        return _RANKS.get(head, 0 if mention.kind is Kind.GROUP else 1)

    def _is_object(self, place: _Place, speaker: _Place | None) -> bool:
        """True where the noun phrase behind a verb is what it governs, its subject dropped («وأمهل مدير المستشفى …»)."""
        verb = self._verb_before(place.first)
        word = self.words.text[verb]
        mine, of_verb = (
            self._gender_of(place),
            _gender(self.v, word[1:] if word[0] in "وف" and self.v.is_verb(word[1:]) else word, "finite"),
        )
        if mine and of_verb and mine != of_verb:
            return True
        if base_form(self.v, word) not in self.v.words["transitive"]:
            return False
        words = self.words.text
        if place.mention.kind is Kind.GROUP and words[place.first].endswith(("ي", "ين")):
            return True
        following = next((m for m in self.analysis.mentions if m.span.start >= place.mention.span.end), None)
        if (
            following is not None
            and 0 <= self.word_at(following.span.start) - place.last <= 2
            and all(
                t in COMMAS or t in self.v.words["adverb"]
                for t in words[place.last : self.word_at(following.span.start)]
            )
        ):
            return False
        if speaker is None or speaker.mention.actor_id == place.mention.actor_id and place.mention.actor_id is not None:
            return False
        if place.mention.kind is Kind.GROUP:
            return True
        same = self._gender_of(speaker)
        return (not same or not of_verb or same == of_verb) and place.rank < speaker.rank

    def _surroundings(self, first: int, last: int, r: Reading, inside: bool) -> tuple[tuple[str, ...], bool]:
        """What can be said of a mention before any trigger is known."""
        w, v = self.words.text, self.v
        before = w[first - 1] if first else BREAK
        prep = inside and (w[first][0] in "بلك" or w[first][1:2] in ("ب", "ل", "ك"))
        role, subject = "genitive", False
        verb = self._verb_before(first)
        if verb < 0 and (not prep or w[first][0] == "ل") and self._is_text(before):
            verb, prep = self._verb_before(first - 1), False  # «ذكر بلاغ لعمالة الإقليم أن …»: the body speaks
            if verb < 0:
                return ("of_text",), False
        if before in ("بين", "وبين") and w[last : last + 1] and w[last] in ("أن", "إن", "ان"):
            return ("subj_say",), True  # «بيّن الوزير أن …»
        if (
            prep
            or before in self.v.words["preposition"]
            and before != "من"
            or before == "من"
            and not (first < 2 or w[first - 2] == BREAK)
        ):
            ordered = before == "من" and first > 1 and w[first - 2] in _ON_ORDER
            role = "agent" if ordered or before == "قبل" and first > 1 and w[first - 2] == "من" else "oblique"
        elif before in ("طرف", "لدن"):
            role = "agent"
        elif verb >= 0:
            base = base_form(v, w[verb])
            role = (
                "subj_say"
                if base in self.v.words["saying"]
                else "subj_motion"
                if base in self.v.words["motion"]
                else "subj_verb"
                if v.is_verb(w[verb])
                else "subj_maybe"
            )
            subject = self._main(verb)
            role += "" if subject else "~"
        elif before == BREAK or not before[0].isalnum():
            k = last
            while k < len(w) and w[k] in COMMAS:
                k += 1
            nxt = w[k] if k < len(w) else BREAK
            if v.is_verb(nxt) or nxt in self.v.words["auxiliary"] or w[k : k + 2] in _TURNS:
                role, subject = "topic_verb", True
            else:
                role = "initial" if before == BREAK else "after_mark"
        elif before in ("اما", "وكان", "كان", "وكانت", "كانت", "فيما", "بينما", "لكن", "حيث"):
            role, subject = "topic_particle", True
        elif before in ("ان", "إن", "أن", "وان", "بان", "بأن", "فان", "وأن", "وإن"):
            role = "topic_embedded"
        elif before in self.v.words["attribution"]:
            role = "attributed"
        elif inside and w[first][0] == "و":
            role = "conjunct"
        if role in ("after_mark", "initial", "conjunct", "genitive", "oblique") and self._task_at(last):
            role = "told"  # «…، ووزارة الصحة بتدعيم المستشفى»
        out = [role]
        if before in self.v.words["attribution"]:
            out.append("attribution_before")
        return tuple(out), subject

    def _chairs_here(self, place: _Place) -> bool:
        """True where a mention is who holds the meeting or leads the visit («ترأس الوالي»، «برئاسة الوزير»)."""
        w = self.words.text
        before = w[place.first - 1] if place.first else BREAK
        verb = self._verb_before(place.first)
        return before in _PRESIDING or verb >= 0 and place.subject and base_form(self.v, w[verb]) in _CHAIRING

    def _task_at(self, i: int) -> bool:
        """True where a task begins at word ``i``: «بتدعيم …»، «إلى تطبيق …»، «أن …»."""
        w = self.words.text
        if i + 1 >= len(w):
            return False
        if w[i] in ("أن", "ألا", "بأن", "بألا"):
            return True
        task = masdar(w[i][1:] if w[i][0] == "ب" else w[i + 1] if w[i] in ("إلى", "الى", "الي") else "")
        return task is not None and task.score >= 0.5

    def _is_text(self, word: str) -> bool:
        """A communiqué, a circular: what speaks for whoever wrote it."""
        texts = self.v.words["text"]
        return word in texts or "ال" + word in texts

    def _verb_before(self, first: int) -> int:
        """Index of the verb whose subject slot word ``first`` stands in, adverbs of time between allowed; -1 where none is."""
        w, v = self.words.text, self.v
        i = first - 1
        steps = 0
        while (
            i >= 0 and steps < 6 and (w[i] in self.v.words["adverb"] or w[i] in COMMAS or w[i][0].isdigit() and steps)
        ):
            i -= 1
            steps += 1
        if i < 0 or not w[i][0].isalpha() or (steps and w[first - 1] in COMMAS and steps == 1):
            return -1
        if v.is_verb(w[i]):
            return i
        return i if steps == 0 and self._verb_slot(i) else -1

    def _main(self, verb: int) -> bool:
        """True where the verb opens a clause of its own, and is not that of a relative or of an «أن» clause."""
        w = self.words.text
        if w[verb][0] in "وف" and self.v.is_verb(w[verb][1:]):
            return True
        before = w[verb - 1] if verb else BREAK
        if before in ("قد", "وقد", "فقد", "لم", "ولم", "لا", "ولا"):
            before = w[verb - 2] if verb > 1 and before[0] != "و" else BREAK
        if before in ("ان", "أن") and verb > 1 and w[verb - 2] in ("بعد", "وبعد", "قبل", "وقبل", "منذ"):
            return True
        return (
            not before[0].isalnum()
            or before in self.v.words["opener"] - {"التي", "الذي", "ما", "بما", "مما", "لم", "لا"}
            or before in self.v.words["adverb"]
            or before.endswith(("جهته", "جهتها", "جانبه", "جانبها", "بدوره", "بدورها"))
        )

    def _verb_slot(self, i: int) -> bool:
        """An unknown word at the head of a clause, no noun as far as its letters tell: in Arabic that is where the verb stands."""
        w, v = self.words.text, self.v
        t = w[i]
        before = w[i - 1] if i else BREAK
        lead = t[0] in "وف" and len(t) > 3
        if not (lead or not before[0].isalnum() or before in self.v.words["opener"]):
            return False
        stem = t[1:] if lead else t
        r = v.read(t)
        if (
            t in v.words["stop"]
            or stem in v.words["stop"]
            or stem in self.v.words["preposition"]
            or r.definite
            or r.head is not None
            or r.public
            or stem in v.words["inner"]
            or stem in v.given
        ):
            return False
        found = masdar(stem)
        if (
            found is not None
            or stem.endswith(("ات", "يه", "ين"))
            or (stem[0] in "بلك" and len(stem) > 3 and masdar(stem[1:]) is not None)
        ):
            return False
        return stem[0] in "يتا" or stem.endswith(("ت", "ه", "ها", "هم")) or len(stem) <= 4

    # -- issuer ----------------------------------------------------------------------------------------------------------

    def issuer(self, trigger: Span, passive: bool = False, masdar: bool = False) -> tuple[Mention, str] | None:
        """The mention that governs ``trigger`` and the fullest name of its actor; None where nobody is named.

        ``passive`` and ``masdar`` say that the trigger has no subject of its own (GUIDELINES 7).
        """
        found = list(self.candidates(trigger, passive, masdar))
        if not found:
            return None
        best = next((place for place, features in found if DECISIVE & set(features)), None)
        if best is None:
            best = max(found, key=lambda c: self._score(c[1]))[0]
        spoken = self._text_subject(trigger, passive, masdar, best)
        return (spoken or best.mention), self.name_of(best.mention)

    def name_of(self, mention: Mention) -> str:
        """The fullest name of the actor of a mention; its own words where it is no known actor's."""
        actor = self.actors.get(mention.actor_id or "")
        return actor.name if actor is not None else self.analysis.text(mention.span)

    def _score(self, features: Iterator[str] | tuple[str, ...]) -> float:
        table = weights()
        return math.fsum(table.get(f, 0.0) for f in features)

    def candidates(
        self, trigger: Span, passive: bool = False, masdar: bool = False
    ) -> Iterator[tuple[_Place, tuple[str, ...]]]:
        """The mentions that may speak at a trigger, each with its features."""
        t = self.word_at(trigger.start)
        if t >= len(self.words) or not self.places:
            return
        at = self._trigger(t, trigger, passive, masdar)
        here = bisect_left(self._firsts, t)
        subjects = 0
        seen: set[str | None] = set()
        nearest: _Place | None = None
        before = range(here - 1, max(-1, here - 1 - _WINDOW), -1)
        for k in before:
            place = self.places[k]
            position = self._before(at, place, subjects)
            if place.subject and (
                place.mention.actor_id is not None
                and place.mention.actor_id not in seen
                or place.mention.actor_id is None
                and place.rank >= 4
            ):
                subjects += 1
                nearest = nearest or place
                seen.add(place.mention.actor_id)
            yield place, self._features(at, k, position)
        for k in range(here, min(len(self.places), here + 5)):
            place = self.places[k]
            yield place, self._features(at, k, self._after(at, k, nearest))
        last = len(self.places) - 1
        if self._letter and last >= here + 5:
            yield self.places[last], self._features(at, last, "signature")

    def _trigger(self, t: int, trigger: Span, passive: bool, masdar: bool) -> _Trigger:
        w = self.words.text
        word = w[t][self._cut(t, trigger) :]
        written = self.analysis.text(trigger)
        quoted = self._depth[t]
        if passive:
            shape = "passive"
        elif word in self.v.words["first_person"]:
            shape = "first_person"
        elif quoted and word.endswith("وا"):
            shape = "imperative"
        elif masdar:
            shape = "masdar"
        else:
            shape = _shape(word, written)
        if shape == "masdar" and (word in self.v.words["verb"]) and self._main(t):
            shape = "finite"  # «ألحّ الوالي» is no «إلحاح»
        pronoun = next((x for x in w[max(0, t - 3) : t] if x in _PRONOUN_SUBJECTS), "")
        closing = self._closing(t) if quoted else None
        slot = self._slot(t)
        text = slot < len(w) and slot <= t + 3 and w[slot] in self.v.words["text"]
        return _Trigger(t, word, shape, _gender(self.v, word, shape), quoted, self._sentence[t], slot, closing, base_form(self.v, word), bool(pronoun), text,
                        self._lead_of(self._sentence[t]), word != w[t] or t > 0 and w[t - 1] in ("ثم", "كما"))  # fmt: skip

    def _before(self, at: _Trigger, place: _Place, subjects: int) -> str:
        """Where a mention before the trigger stands to it; ``subjects``: how many others that were subjects lie between."""
        w = self.words.text
        between = w[place.last : at.t]
        if not between:
            return "adjacent"
        if len(between) <= 4 and all(x in self.v.words["auxiliary"] or x in COMMAS for x in between):
            if any(x in ("الذي", "التي", "الذين") for x in between):
                return "relative"
            return "comma_before" if all(x in COMMAS for x in between) else "subject_of"
        if place.subject:
            return f"subject{min(3, subjects)}"
        return "other0" if not subjects else "other"

    def _after(self, at: _Trigger, k: int, nearest: _Place | None) -> str:
        """Where a mention behind the trigger stands to it."""
        w = self.words.text
        place = self.places[k]
        same = self._sentence[place.first] == at.sentence
        if same and "agent" in place.features:
            return "agent"
        if at.closing is not None and at.closing <= place.first <= at.closing + 7:
            return (
                "closing_say"
                if place.features[0].startswith("subj_say") or "attribution_before" in place.features
                else "closing"
            )
        if (
            same
            and at.shape in ("noun", "masdar")
            and w[at.t + 1 : at.t + 2] in (["التي"], ["الذي"], ["التى"])
            and place.subject is False
            and place.features[0].startswith("subj_")
            and place.first - at.t <= 5
        ):
            return "issued_by"  # «التعليمة التي أصدرها بنك الجزائر»
        if place.first == at.slot:
            if at.shape in ("noun", "masdar"):
                return "genitive" if place.first == at.t + 1 and "oblique" not in place.features else "slot_of_noun"
            if "oblique" in place.features or at.shape not in ("finite", "participle"):
                return "slot_oblique"
            if at.base not in self.v.words["transitive"]:
                return "slot"
            further = self.places[k + 1] if k + 1 < len(self.places) else None
            if (
                further is not None
                and further.first - place.last <= 3
                and "oblique" not in further.features
                and "conjunct" not in further.features
            ):
                return "slot_first_of_two"
            return "slot_alone" + self._compared(place, nearest)
        if (
            same
            and ("attribution_before" in place.features or "attributed" in place.features)
            and w[max(0, place.first - 2)] in COMMAS | {"-", "–"}
        ):
            return "attribution"
        return "after_same" if same else "after"

    def _compared(self, place: _Place, nearest: _Place | None) -> str:
        """A lone noun phrase behind «طالب»: its actor and rank against those of the last one who spoke."""
        if place.first and self.words.text[place.last - 1].endswith(("ين", "ي")) and place.mention.kind is Kind.GROUP:
            return ":plural"
        if nearest is None:
            return ":first"
        if nearest.mention.actor_id == place.mention.actor_id:
            return ":same"
        mine, his = place.rank, nearest.rank
        return ":higher" if mine > his else ":lower" if mine < his else ":equal"

    def _features(self, at: _Trigger, k: int, position: str) -> tuple[str, ...]:
        place = self.places[k]
        mention = place.mention
        gap = self._sentence[place.first] - at.sentence
        sentence = "after" if gap > 0 else ("same", "1", "2", "3", "far")[min(4, -gap)]
        own = self._gender_of(place)
        agreement = "?" if not at.gender or not own else "+" if own == at.gender else "-"
        role = place.features[0] if place.features else "none"
        rank = str(place.rank)
        count = min(3, self._counts.get(mention.actor_id, 1))
        short = "short" if place.definite else "full"
        shape, letter = at.shape, "letter" if self._letter else ""
        out = [
            position, f"{position}|{shape}", f"{position}|{agreement}", f"{position}|{role}", f"{position}|{sentence}", f"{position}|{short}", f"{position}|{mention.kind}",
            f"{shape}|{role}", f"{shape}|{sentence}", f"{shape}|rank{rank}", f"rank{rank}", f"{position}|rank{rank}",
            f"count{count}", f"{shape}|count{count}", f"role:{role}", f"agree{agreement}", short,
        ]  # fmt: skip
        out += [f"also:{x}" for x in place.features[1:]]
        if at.joined and shape in ("finite", "participle", "passive"):
            out += [f"joined|{position}", f"joined|{position}|{sentence}", f"joined|{position}|{agreement}"]
        if mention.actor_id is None and place.rank < 4:
            out += ["nameless", f"nameless|{position}"]
        if mention.actor_id is not None and mention.actor_id == self._lead_actor:
            out += ["lead", f"lead|{shape}", f"lead|{position}"]
        if mention.actor_id is not None and shape not in ("finite", "participle") and not at.joined:
            if place.rank == self._top:
                out += ["top", f"top|{shape}", f"top|{position}"]
            if mention.actor_id in self._chairs:
                out += ["chair", f"chair|{shape}", f"chair|{position}"]
        if place.private:
            out += ["private", f"private|{position}"]
        if self._depth[place.first]:
            out.append(
                "same_quote" if self._depth[place.first] == at.quoted else f"other_quote|{'in' if at.quoted else 'out'}"
            )
        if at.pronoun:
            out += [f"pronoun|{position}"]
        if at.text:
            out += [f"text|{role}", f"text|{position}"]
        if k in self._header:
            where = "from" if place.sender else "last" if k == self._header[-1] else "first"
            out += [f"header:{where}", f"header:{where}|{shape}", f"header:{where}|{letter}"]
        elif place.sender:
            out += ["sender", f"sender|{letter}"]
        if k == 0:
            out += ["opens", f"opens|{shape}", f"opens|{letter}"]
        if k == len(self.places) - 1 and self._letter and self._sentence[place.first] >= self._sentence[-1] - 2:
            out += ["signs", f"signs|{shape}"]
        if at.lead is not None and self._sentence[place.first] == at.lead:
            out += ["list_lead", f"list_lead|{role}"]
        if letter and position.startswith("slot"):
            out.append(f"letter|{position}")
        return tuple(out)

    def _cut(self, t: int, trigger: Span) -> int:
        """Letters of word ``t`` before the trigger (a conjunction)."""
        return max(0, self.analysis.norm.index_of(trigger.start) - self.words.start[t])

    def _slot(self, t: int) -> int:
        """The word behind the verb and what may stand between it and its subject."""
        w = self.words.text
        k = t + 1
        for _ in range(4):
            while k < len(w) and (w[k] in COMMAS):
                k += 1
            if k < len(w) and w[k] in _PRONOUN_PHRASES:
                k += 1
                continue
            for phrase in self.v.between.get(w[k] if k < len(w) else "", ()):
                if tuple(w[k + 1 : k + 1 + len(phrase)]) == phrase:
                    k += 1 + len(phrase)
                    break
            else:
                if (
                    k < len(w)
                    and w[k - 1] in COMMAS
                    and w[k] in ("خلال", "في", "على", "اثناء", "بمناسبه", "عقب", "لدي", "من", "بعد")
                ):
                    close = next((q for q in range(k, min(len(w), k + 14)) if w[q] in COMMAS), None)
                    if close is not None:
                        k = close + 1
                        continue
                break
        while k < len(w) and w[k] in COMMAS:
            k += 1
        return k

    def _closing(self, t: int) -> int | None:
        """Index behind the quotation that holds word ``t``."""
        k = t
        while k < len(self.words) and self._depth[k] == self._depth[t]:
            k += 1
        return k if k < len(self.words) else None

    def _gender_of(self, place: _Place) -> str:
        if place.mention.kind is Kind.GROUP:
            return ""
        if place.mention.kind is Kind.PERSON:
            name = self.name_of(place.mention)
            first = fold(name).split()[0] if name else ""
            if first.endswith(("ه", "اء")) and first not in self.v.words["men"] and not place.head.endswith("ه"):
                return ""  # a woman in an office named in the masculine («محافظ … رندة المقدم»)
        if place.head:
            return (
                "f"
                if place.head.endswith(("ه", "ات"))
                or place.head in ("سلطات", "مصالح", "قوات", "وحدات", "لجان", "ادارات")
                else "m"
            )
        return ""

    def _text_subject(self, trigger: Span, passive: bool, masdar: bool, author: _Place) -> Mention | None:
        """A circular or notice as grammatical subject: the mention is that word (GUIDELINES 10)."""
        if passive or masdar:
            return None
        t = self.word_at(trigger.start)
        if t >= len(self.words) or author.first == self._slot(t):
            return None
        k = self._slot(t)
        if k < len(self.words) and k <= t + 3 and self.words.text[k] in self.v.words["text"]:
            start, end = self.analysis.norm.raw_span(self.words.start[k], self.words.end[k])
            return Mention(Span(start, end), author.mention.kind, author.mention.actor_id)
        return None

    # -- addressees ------------------------------------------------------------------------------------------------------

    def mention_at(self, start: int) -> Mention | None:
        """The longest mention that starts at a raw offset, or whose designation does (behind an honorific)."""
        i = bisect_left(self._starts, start)
        if i < len(self._starts) and self._starts[i] == start:
            return self.analysis.mentions[i]
        return None

    def antecedent(self, place: int, pronoun: str) -> Mention | None:
        """What a pronoun (ه، ها، هم، كم …) of somebody told to act, near the raw offset ``place``, stands for.

        «كم» means those spoken to: in a quotation the last ones named before it, in a letter those in its head.
        """
        t = self.word_at(place)
        if t >= len(self.words):
            return None
        if pronoun in ("كم", "ك"):
            return self.addressed(t)
        plural = pronoun in ("هم", "هن", "هما")
        for p in reversed([p for p in self.places if p.last <= t]):
            if self._sentence[t] - self._sentence[p.first] > 3:
                break
            kind, gender = p.mention.kind, self._gender_of(p)
            if plural and kind is Kind.GROUP:
                return self._public_before(t, p.mention.span.end) or p.mention
            if plural or kind is Kind.GROUP or p.subject:
                continue
            if (pronoun == "ها") == (gender == "f"):
                return p.mention
        return self._public_before(t, 0) if plural else None

    def antecedents(self, place: int, pronoun: str) -> tuple[Mention, ...]:
        """All that a pronoun stands for: :meth:`antecedent` and, in a letter, those greeted beside it."""
        first = self.antecedent(place, pronoun)
        if first is None or pronoun != "كم" or self._depth[self.word_at(place)]:
            return (first,) if first is not None else ()
        k = next((k for k, p in enumerate(self.places) if p.mention is first), None)
        found = [first]
        raw = len(self.analysis.document.raw)
        end = self.word_at(self.np_end(first.span.start, raw) - 1) + 1
        for other in self.places[k + 1 :] if k is not None else ():
            if other.first < end:
                continue  # inside the one before
            if not self._beside(end, other):
                break
            found.append(other.mention)
            end = self.word_at(self.np_end(other.mention.span.start, raw) - 1) + 1
        return tuple(found)

    def _beside(self, end: int, other: _Place) -> bool:
        """True where nothing but marks and titles lies between word ``end`` and a mention, and «و» or a mark joins it."""
        w, v = self.words.text, self.v
        between = w[end : other.first]
        joined = any(not t[0].isalnum() or t[0] == "و" for t in between) or v.read(w[other.first]).conj
        titled = all(not t[0].isalnum() or t.lstrip("و") in v.words["honorific"] for t in between)
        return titled and joined and len(between) <= 4 and not other.subject and not other.sender

    def addressed(self, t: int) -> Mention | None:
        """Those whom the speech around word ``t`` addresses."""
        if self._depth[t]:
            opening = next((i for i in range(t, -1, -1) if self._depth[i] != self._depth[t]), 0) + 1
            before = [
                p
                for p in self.places
                if p.last <= opening and self._sentence[opening] - self._sentence[p.first] <= 1 and not p.subject
            ]
            if before and (
                before[-1].mention.kind is not Kind.PERSON or before[-1].features[0] in ("oblique", "object")
            ):
                return before[-1].mention
            return self._public_before(opening, 0)
        for p in self.places[:8]:
            words = self.words.text[max(0, p.first - 4) : p.first]
            greeted = any(
                x in ("السيدات", "الساده", "السيد", "الاخوه", "الي", "إلى", "الى") for x in words
            ) or self.analysis.text(p.mention.span).startswith("الساد")
            if (
                greeted
                and p.mention.kind in (Kind.GROUP, Kind.OFFICE, Kind.ORGANISATION, Kind.PERSON)
                and p.last <= t
                and not p.subject
            ):
                return p.mention
        return self._public_before(t, 0)

    def _public_before(self, t: int, after: int) -> Mention | None:
        """The nearest plural of the public («المقاولين») before word ``t``, behind the raw offset ``after``, that a verb or preposition governs."""
        w, v = self.words.text, self.v
        for i in range(t - 1, max(-1, t - 60), -1):
            if w[i] == BREAK and self._sentence[t] - self._sentence[i] > 1:
                break
            r = v.read(w[i])
            if not (
                r.public
                and (
                    w[i].endswith(("ين", "ون", "ات", "ار", "اب", "اء"))
                    or r.stem in ("تجار", "سكان", "اصحاب", "مستعملي")
                )
            ):
                continue
            before = w[i - 1] if i else BREAK
            if not (
                r.prep
                or v.is_verb(before)
                or not before[0].isalnum()
                or before in self.v.words["preposition"]
                or before in self.v.words["quantifier"]
                or before in v.words["adjective"]
                or self._mentions_end(i)
            ):
                continue
            phrase = self.p.phrase(i, Reading(r.cut, r.conj, r.prep, r.stem, r.definite, Kind.GROUP))
            a, b = self.analysis.norm.raw_span(self.words.start[i] + r.cut, self.words.end[phrase.last - 1])
            return Mention(Span(a, b), None) if a >= after else None
        return None

    def _mentions_end(self, i: int) -> bool:
        """True where a subject ends right before word ``i``: what follows is the object («حث الوالي المقاولين»)."""
        return any(p.last == i and p.subject for p in self.places)

    def np_end(self, start: int, limit: int) -> int:
        """Raw offset where the noun phrase that starts at ``start`` ends, before ``limit``; ``start`` where none starts there."""
        return np_end(self.analysis, start, limit, self)


def np_end(analysis: Analysis, start: int, limit: int, index: SpeakerIndex | None = None) -> int:
    """Where the noun phrase that starts at raw offset ``start`` ends, at ``limit`` at the latest (raw offsets).

    Construct chain, adjectives, coordinated complements, a relative clause (الذين …) up to the introducer of the task.
    """
    index = index or SpeakerIndex(analysis)
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


def _plain_phrase(index: SpeakerIndex, i: int, cut: int, stop: int) -> int:
    w, v = index.words.text, index.v
    word = w[i][cut:]
    if word in index.v.words["quantifier"] and i + 1 < stop and w[i + 1][0].isalpha():
        if word in ("كل", "اي") and not w[i + 1].startswith("ال"):
            last = i + 2
            if (
                last < stop
                and w[last][0].isalpha()
                and (v.is_verb(w[last]) or index._verb_slot(last))
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


def _tail(index: SpeakerIndex, i: int, end: int, stop: int) -> int:
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
        return _relative(index, end, stop)
    return end


def _modifies(index: SpeakerIndex, k: int, nouns: tuple[str, str]) -> bool:
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


def _relative(index: SpeakerIndex, i: int, stop: int) -> int:
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


def _shape(word: str, written: str) -> str:
    """finite, participle, duty or noun, by the letters of a trigger."""
    if word in ("على", "لا", "ضروره", "لازم") or word.startswith(
        ("يجب", "يتعين", "ينبغي", "يتوجب", "لابد", "مطالب", "مدعو", "ملزم")
    ):
        return "duty"
    if (
        word.startswith("م")
        and word.endswith(("ا", "ه", "ين"))
        or word in ("داعيا", "داعيه", "حاثا", "حاثه", "امرا", "امره", "طالبا", "طالبه", "ناصحا", "لافتا")
    ):
        return "participle"
    if written.startswith("ال") or word.startswith(("تعليم", "توجيه", "توصي", "تكليفات", "اوامر")):
        return "noun"
    return "finite"


def _gender(v: Vocabulary, word: str, shape: str) -> str:
    if shape == "participle":
        return "f" if word.endswith("ه") else "m" if word.endswith("ا") else ""
    if shape != "finite":
        return ""
    if word in v.words["verb"] and word.endswith("ت") and word[:-1] not in v.words["verb"]:
        return "m"  # «لفت»: the ت is of the root
    if word.startswith("ت") and len(word) > 3 and word not in v.words["verb"] and not word.startswith(("تقرر", "تم")):
        return "f"
    if word.endswith(("ت", "تهم", "تها", "ته")):
        return "f"
    return "m"
