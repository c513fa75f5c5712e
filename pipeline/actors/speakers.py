"""Who speaks at a place of the text: what the directive stage asks.

The issuer of a trigger is chosen among the mentions around it by a linear score over what can be seen there: the subject slot
right behind or before the verb, agreement in gender, verbs of saying, prepositions, turns («من جهته»), quotation marks, distance.
The weights stand in ``models/lexicon/issuer.csv``; ``models/train/issuer.py`` fits them to the annotated corpora.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.actors import floor, letters
from pipeline.actors.hearers import Hearers
from pipeline.actors.slots import QUESTIONS, Standing, gender
from pipeline.actors.turns import Turn, turns
from pipeline.actors.vocabulary import Vocabulary
from pipeline.actors.words import BREAK, COMMAS, LETTER, NAMED_IN
from pipeline.types import Analysis, Kind, Mention, Span
from pipeline.weights import read_weights

_PRONOUN_PHRASES = frozenset(
    p + s for p in ("ل", "من", "الي", "علي", "ب", "في", "عن") for s in ("ه", "ها", "هم", "هما", "كم", "نا")
) | {"عليهم", "اليهم", "لديهم"}
_PRONOUN_SUBJECTS = frozenset(
    c + p + s for c in ("", "و", "ف") for p in ("ان", "بان", "لان", "كان") for s in ("ه", "ها", "هم", "ني", "نا")
) - {"كانه", "كانها"} | {"كنت", "وكنت", "كنا"}
_BANS = frozenset(
    "يحظر تحظر يمنع تمنع يسمح تسمح يرخص يجوز يتعين يطلب يرجي يناط يعهد تقرر برجاء رجاء المرجو المطلوب المامول".split()
)
_ISSUED = frozenset("صدر صدرت تصدر جاء جاءت ورد وردت توالت".split())
_ORDERS = frozenset("امر اوامر تعليمه تعليمات توجيه توجيهات توصيات قرار قرارات منشور مذكره".split())
_MUST = frozenset("ضروره اهميه وجوب الزاميه حتميه".split())
_TURNING = frozenset("اما واما فاما".split())
"""Words that set somebody else at the head of a sentence."""
_REMINDING = frozenset("نبه ذكر حذر اشعر ابلغ اعلم".split())
"""Verbs that take whom they tell what must be done as their object."""
_LEADING = frozenset("من الى إلى الي على في ان أن بان بأن".split())
"""Words that lead on from the noun phrase behind a verb."""
_WINDOW = 30
_PRESIDING = frozenset({"برياسه", "رياسه", "باشراف", "اشراف", "بقياده"})
_CHAIRING = frozenset({"تراس", "ترأس", "اشرف", "عقد", "افتتح", "زار", "تفقد", "عاين", "دشن", "قام", "اجتمع", "استقبل"})

# Where a mention stands in the slot of the grammatical subject, or is the genitive of a noun of command, nothing else is weighed.
DECISIVE = frozenset(
    {
        "slot|finite|+",
        "slot|finite|?",
        "slot_first_of_two|finite|+",
        "slot_alone:first|PERSON",
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


class SpeakerIndex(Hearers):
    """Answers questions of the directive stage about one analysis (with ``mentions`` and ``actors``). Offsets are raw."""

    def __init__(self, analysis: Analysis, words_of: Vocabulary | None = None) -> None:
        super().__init__(analysis, words_of)
        self._content = [s for s in analysis.sentences if s.zone in NAMED_IN and s.tokens]
        self._header = self._header_places()
        self._letter = not LETTER.isdisjoint(self.words.text)
        self._lead_actor = next((p.mention.actor_id for p in self.places if p.rank >= 2 and p.subject), None)
        self._top = max((p.rank for p in self.places if p.subject and p.mention.actor_id is not None), default=9)
        self._chairs = {p.mention.actor_id for p in self.places if self._chairs_here(p)}
        self._counts: dict[str | None, int] = {}
        self._said: dict[str | None, int] = {}
        for place in self.places:
            actor = place.mention.actor_id
            self._counts[actor] = self._counts.get(actor, 0) + 1
            said = place.features[:1] in (("subj_say",), ("topic_verb",), ("attributed",))
            self._said[actor] = self._said.get(actor, 0) + said
        self._quotings: dict[int, int] = {}
        self._firsts = [p.first for p in self.places]

    def issuer(
        self,
        trigger: Span,
        passive: bool = False,
        masdar: bool = False,
        told: Sequence[Mention] = (),
        own: bool = False,
        command: bool = False,
    ) -> tuple[Mention, str] | None:
        """The mention that governs ``trigger`` and the fullest name of its actor; None where nobody is named.

        ``passive`` and ``masdar`` say that the trigger has no subject of its own (GUIDELINES 7); those ``told`` to act have not said it.
        ``own``: it stands in the first person, or speaks to «you»; in a letter that is who signs it. A ``command``, too, is said by who has the word.
        """
        turn = self._turn_of(trigger) if own or command else None
        if turn is not None:
            return turn.mention, self.name_of(turn.mention)
        if self.recipients and not self.depth[min(self.word_at(trigger.start), len(self.words) - 1)]:
            told = (*told, *self.recipients)
            writer = self._writer if own else None
            if writer is not None and not self._by_another(trigger, writer):
                return writer.mention, self.name_of(writer.mention)
        found: list[tuple[Standing, tuple[str, ...]]] = []
        for place, features in self.candidates(trigger, passive, masdar):
            if any(_same(m, place.mention) for m in told):
                continue
            if not DECISIVE.isdisjoint(features):
                best = place
                break
            found.append((place, features))
        else:
            root = self._root(trigger, passive, masdar)
            if root is not None:
                return self.issuer(self._verb_span(root), told=told)
            chair = self._turn_of(trigger) or self._answering(trigger, passive, masdar)
            chair = chair or (self._chair_of_minutes if passive else None) or self._signer_of(trigger)
            chair = chair or self._notice_of(trigger, passive)
            if chair is not None and not any(_same(m, chair.mention) for m in told):
                return chair.mention, self.name_of(chair.mention)
            if not found:
                return None
            best = self._likeliest(found, self.word_at(trigger.start))
        spoken = self._text_subject(trigger, passive, masdar, best)
        if spoken is not None:
            best = floor.author(self, self.word_at(spoken.span.start)) or best
            spoken = Mention(spoken.span, best.mention.kind, best.mention.actor_id)
        return (spoken or best.mention), self.name_of(best.mention)

    def _root(self, trigger: Span, passive: bool, masdar: bool) -> int | None:
        """The verb whose subject speaks at a trigger that has no subject of its own; None where the trigger's own clause must tell."""
        t = self.word_at(trigger.start)
        at = self._trigger(t, trigger, passive, masdar)
        if at.quoted:
            return floor.introducing(self, t) if self._in_first_person(at) else None
        if at.shape == "masdar" or at.shape == "duty" and at.lead is not None:
            return floor.deciding(self, t, at.lead)
        if at.shape != "finite":
            return None
        return floor.told_of(self, t) or floor.written(self, t)

    def _in_first_person(self, at: _Trigger) -> bool:
        """True for a trigger in quotation marks that can only be said by who is quoted: «I», «you», a duty; «طلبت» where no woman or body can have asked."""
        if at.shape in ("first_person", "imperative", "duty") or at.word.endswith(
            ("يت", "وت", "نا", "وه", "وها", "وهم")
        ):
            return True
        others = (p for p in self.places if self.depth[p.first] == at.quoted and p.first < at.t)
        introduced = floor.introducing(self, at.t) if at.shape == "finite" and at.word.endswith("ت") else None
        by_man = introduced is not None and floor.sex(self, introduced) == "m"
        return by_man and not any(self.gender_of(p) != "m" for p in others)

    def _verb_span(self, i: int) -> Span:
        """Word ``i`` without the conjunction before it."""
        word = self.words.text[i]
        start = self.words.start[i] + (
            word[0] in "وف" and self.v.is_verb(word[1:]) and word not in self.v.words["verb"]
        )
        return Span(*self.analysis.norm.raw_span(start, self.words.end[i]))

    def is_text_named(self, mention: Mention) -> bool:
        """True for a circular or notice as who speaks."""
        return self._is_text(self.words.text[self.word_at(mention.span.start)])

    def _by_another(self, trigger: Span, writer: Standing) -> bool:
        """True where a verb in the third person («دعتكم») cannot be the writer's by its gender, or its subject stands before it."""
        t = self.word_at(trigger.start)
        word = self.words.text[t][self._cut(t, trigger) :]
        if word in self.v.words["first_person"] or not self.v.is_verb(word.removesuffix("كم")):
            return False
        own, before = self.gender_of(writer), self.words.text[t - 1] if t else BREAK
        subject = before in ("أن", "ان") and any(p.last == t - 1 and p.subject for p in self.places)
        return subject or own == "m" and gender(self.v, word.removesuffix("كم"), "finite") == "f"

    @cached_property
    def _writer(self) -> Standing | None:
        """Who writes a letter: the person who signs it, or whom its head says it is from, or the last body of the letterhead."""
        sender = next((self.places[k] for k in self._header if self.places[k].sender), None)
        head = [self.places[k] for k in self._header if self.places[k].mention not in self.recipients]
        return letters.signer(self) or sender or (head[-1] if head else None)

    @cached_property
    def _turns(self) -> tuple[Turn, ...]:
        """Who has the word in each part of an interview («الوزيرة: …»)."""
        return turns(self)

    def _turn_of(self, trigger: Span) -> Standing | None:
        """Who has the word at a trigger of an interview."""
        t = self.word_at(trigger.start)
        turn = next((turn for turn in reversed(self._turns) if turn.first <= t), None)
        return turn.speaker if turn is not None and not self.depth[t] else None

    @cached_property
    def _interviewed(self) -> tuple[int, Standing] | None:
        """The word where the questions of an interview begin, and the person or office in its head who answers them; None in other texts."""
        asked = self.questions
        if len(asked) < QUESTIONS:
            return None
        begins = self.word_at(asked[0])
        officials = [p for p in self.places if p.head and not p.private and p.mention.actor_id is not None]
        ahead = [p for p in officials if p.first < begins and p.mention.kind in (Kind.PERSON, Kind.OFFICE)]
        person = next((p for p in ahead if p.mention.kind is Kind.PERSON), None)
        guest = person or next(iter(ahead), None)
        return (begins, guest) if guest is not None else None

    def _answering(self, trigger: Span, passive: bool, masdar: bool) -> Standing | None:
        """Who answers in an interview, for a trigger in the first person («طلبت منهم …») or without subject, outside quotations."""
        t = self.word_at(trigger.start)
        if self._interviewed is None or t <= self._interviewed[0] or self.depth[t]:
            return None
        return self._interviewed[1] if self._can_be_own(trigger, passive, masdar) else None

    def _can_be_own(self, trigger: Span, passive: bool, masdar: bool) -> bool:
        """True for a trigger in the first person («طلبت منهم …») as far as its letters tell, or without subject."""
        at = self._trigger(self.word_at(trigger.start), trigger, passive, masdar)
        return (
            at.shape not in ("finite", "participle", "noun", "masdar")
            or at.word.endswith("ت")
            or at.word.startswith(("ن", "ا"))
        )

    def says_i(self, trigger: Span) -> bool:
        """True for a trigger that may well say «I» («طلبت منهم …»): of who has the word in an interview, in a letter, in a quotation."""
        t = self.word_at(trigger.start)
        quoted = bool(self.depth[t])
        if self.words.text[t].endswith("ت") and (quoted or self.recipients):
            return True
        return (
            self._answering(trigger, False, False) is not None
            or self._turn_of(trigger) is not None
            and self._can_be_own(trigger, False, False)
            or quoted
            and self._root(trigger, False, False) is not None
        )

    def _signer_of(self, trigger: Span) -> Standing | None:
        """Who signs a letter that says «I» or «you», for a duty or ban in it that has no subject («يُحظر على الموظفين …»)."""
        t = self.word_at(trigger.start)
        word = self.words.text[t][self._cut(t, trigger) :]
        impersonal = _shape(word, self.analysis.text(trigger)) == "duty" or word in _BANS
        return letters.signer(self) if impersonal and not self.depth[t] and self.letter else None

    def _notice_of(self, trigger: Span, passive: bool) -> Standing | None:
        """Who gives the notice in which a duty, ban or request stands that has no subject («المرجو من المسافرين»، «يُمنع …»)."""
        t = self.word_at(trigger.start)
        word = self.words.text[t][self._cut(t, trigger) :]
        duty = (
            _shape(word, self.analysis.text(trigger)) == "duty"
            or word in _BANS
            or word.startswith(("المرجو", "المطلوب"))
        )
        return floor.notifying(self, t) if (passive or duty) and not self.depth[t] else None

    @cached_property
    def letter(self) -> bool:
        """True for a letter to somebody that, outside quotations, says «I» or «you»."""
        spoken = (w for w, depth in zip(self.words.text, self.depth, strict=True) if not depth)
        return bool(self.recipients) and any(
            w == "لي"
            or not {w, w.lstrip("وف")}.isdisjoint(self.v.words["first_person"])
            or w.endswith("كم")
            and len(w) > 3
            for w in spoken
        )

    def told_by_pronoun(self, trigger: Span) -> tuple[Mention, ...]:
        """Those whom a pronoun right behind a trigger means («المرجو منها»)."""
        t = self.word_at(trigger.start) + 1
        word = self.words.text[t] if t < len(self.words) else ""
        pronoun = next((s for s in ("هم", "ها", "ه", "كم") if word.endswith(s)), "")
        if (
            word not in _PRONOUN_PHRASES
            or word.startswith(("ب", "ف", "ع"))
            and not word.startswith("علي")
            or not pronoun
        ):
            return ()
        return self.antecedents(self._raw_start(t), pronoun)

    @cached_property
    def _chair_of_minutes(self) -> Standing | None:
        """Who chairs the meeting that the text is the minutes of («محضر اجتماع … برئاسة المدير»); None in any other text, and where two do."""
        if "محضر" not in self.words.text[:60] or len(self._chairs - {None}) != 1:
            return None
        return next(
            (p for p in self.places if p.mention.actor_id in self._chairs and p.mention.actor_id is not None), None
        )

    def speaks_to_you(self, trigger: Span) -> bool:
        """True where a letter, outside quotations, says «you» in the word of ``trigger`` or right behind it («أرجو منكم»)."""
        t = self.word_at(trigger.start)
        if not self.recipients or t >= len(self.words) or self.depth[t]:
            return False
        return any(w.endswith("كم") and len(w) > 3 for w in self.words.text[t : t + 2])

    def in_own_voice(self, trigger: Span) -> bool:
        """True where a letter, outside quotations, speaks in the first person, or says «you»."""
        t = self.word_at(trigger.start)
        if not self.recipients or t >= len(self.words) or self.depth[t]:
            return False
        return self.words.text[t] in self.v.words["first_person"] or self.speaks_to_you(trigger)

    def _score(self, features: tuple[str, ...]) -> float:
        return math.fsum(filter(None, map(weights().get, features)))

    def _likeliest(self, found: Sequence[tuple[Standing, tuple[str, ...]]], t: int) -> Standing:
        """The best place; one of an earlier sentence gives way to the last before word ``t`` where the same actor is the subject."""
        best = max(found, key=lambda c: self._score(c[1]))[0]
        if self.sentence[best.first] >= self.sentence[t] or best.mention.actor_id is None:
            return best
        own = (p for p, _ in found if p.mention.actor_id == best.mention.actor_id and p.last <= t)
        return next((p for p in own if p.subject), best)

    def candidates(
        self, trigger: Span, passive: bool = False, masdar: bool = False
    ) -> Iterator[tuple[Standing, tuple[str, ...]]]:
        """The mentions that may speak at a trigger, each with its features."""
        t = self.word_at(trigger.start)
        if t >= len(self.words) or not self.places:
            return
        at = self._trigger(t, trigger, passive, masdar)
        here = bisect_left(self._firsts, t)
        subjects = 0
        seen: set[str | None] = set()
        nearest: Standing | None = None
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
        quoted = self.depth[t]
        if passive:
            shape = "passive"
        elif {word, word.removesuffix("كم")} & self.v.words["first_person"]:
            shape = "first_person"
        elif quoted and word.endswith("وا"):
            shape = "imperative"
        elif masdar:
            shape = "masdar"
        elif word in _ISSUED and t + 1 < len(w) and w[t + 1].removeprefix("ال") in _ORDERS:
            shape = "passive"  # «صدرت التوجيهات»
        else:
            shape = _shape(word, written)
        if shape == "participle" and word.endswith("ه") and t and w[t - 1] in self.v.words["preposition"]:
            shape = "masdar"  # «خلصت اللجنة إلى مطالبة …»
        listed = self._lead_of(self.sentence[t]) is not None and self._slot(t) not in self._firsts
        if shape == "masdar" and (word in self.v.words["verb"]) and self._main(t) and not listed:
            shape = "finite"  # «ألحّ الوالي» is no «إلحاح»; «ثالثا: حظر التخزين» is «حظر»
        pronoun = next((x for x in w[max(0, t - 3) : t] if x in _PRONOUN_SUBJECTS), "")
        closing = self._closing(t) if quoted else None
        slot = self._slot(t)
        text = slot < len(w) and slot <= t + 3 and w[slot] in self.v.words["text"]
        return _Trigger(t, word, shape, gender(self.v, word, shape), quoted, self.sentence[t], slot, closing, self.v.base_form(word), bool(pronoun), text,
                        self._lead_of(self.sentence[t]), word != w[t] or t > 0 and w[t - 1] in ("ثم", "كما"))  # fmt: skip

    def _before(self, at: _Trigger, place: Standing, subjects: int) -> str:
        """Where a mention before the trigger stands to it; ``subjects``: how many others that were subjects lie between."""
        w = self.words.text
        between = w[place.last : at.t]
        if not between:
            return "adjacent"
        if self.sentence[place.first] == at.sentence:
            if "agent" in place.features and at.shape == "passive" and len(between) <= 3:
                return "agent"  # «بتوجيه من الوزارة، كُلّف المدير بـ»
            if self._issues(place, between):
                return "issued_by"
        ordered = (
            place.features[0] == "topic_verb" and w[place.first - 1] in _ORDERS and at.shape in ("duty", "passive")
        )
        if ordered and not at.quoted and self.line[place.first] == self.line[at.t]:
            return "issued_by"  # «تعليمات المدير العام واضحة: على الفرق أن …»
        parted = COMMAS.issuperset({between[0], between[-1]}) and sum(x in COMMAS for x in between) == 2
        if parted and place.features[0] == "topic_verb" and self._resumed(place.last):
            return "subject_of"
        if len(between) <= 4 and all(x in self.v.words["auxiliary"] or x in COMMAS for x in between):
            if any(x in ("الذي", "التي", "الذين") for x in between):
                return "relative"
            return "comma_before" if all(x in COMMAS for x in between) else "subject_of"
        if place.subject:
            return f"subject{min(3, subjects)}"
        return "other0" if not subjects else "other"

    def _issues(self, place: Standing, between: Sequence[str]) -> bool:
        """True for «صدر عن الوزارة بيان دعا …»: a text of theirs is the subject."""
        w = self.words.text
        issued = w[place.first - 1] == "عن" and place.first > 1 and w[place.first - 2].lstrip("وف") in _ISSUED
        return issued and any(self._is_text(x) for x in between)

    def _after(self, at: _Trigger, k: int, nearest: Standing | None) -> str:
        """Where a mention behind the trigger stands to it."""
        w = self.words.text
        place = self.places[k]
        same = self.sentence[place.first] == at.sentence
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
        said = w[at.t + 1] if at.t + 1 < len(w) else BREAK
        if (
            at.shape in ("noun", "masdar")
            and place.first == at.t + 2
            and self.v.is_verb(said)
            and said.endswith(("ها", "ه"))
        ):
            return "issued_by"  # «دعوة وجهها الوالي»
        if place.first == at.slot:
            if at.shape in ("noun", "masdar"):
                if place.first != at.t + 1 or "oblique" in place.features:
                    return "slot_of_noun"
                return "genitive_of_two" if at.shape == "masdar" and self._beside_another(k) else "genitive"
            governed = "told" in place.features and self.v.read(w[place.first]).prep  # «أذنت للفرقة بالاحتفاظ به»
            if "oblique" in place.features or governed or at.shape not in ("finite", "participle"):
                return "slot_oblique"
            if at.base not in self.v.words["transitive"] or self._turn_before(at.t):
                return "slot"
            if place.last < len(w) and w[place.last] in _ORDERS:
                return "slot"  # «وجه الوزير الأول تعليمات»: what he gives is the object
            if self.asks_of(at.base, place):
                return "slot"
            if at.base not in _REMINDING and self._then(place.last).endswith("must"):
                return "slot"  # «دعا رئيس اللجنة إلى ضرورة …»: nobody is told
            if self._beside_another(k):
                return "slot_first_of_two"
            if at.gender and not at.text and self.gender_of(place) not in ("", at.gender):
                return "slot_oblique"  # «ألزمت بنك …»: the one who is told
            return "slot_alone" + self._compared(place, nearest)
        if (
            same
            and ("attribution_before" in place.features or "attributed" in place.features)
            and not COMMAS.isdisjoint(
                w[max(0, place.first - 3 + (w[place.first - 1] not in ("نظر", "راي"))) : place.first]
            )
        ):
            return "attribution"
        return "after_same" if same else "after"

    def _beside_another(self, k: int) -> bool:
        """True where another noun phrase, of those who are told, stands right behind place ``k``: «حث الوزير المديرين على»."""
        if self._public_at(self.places[k].last):
            return True
        further = self.places[k + 1] if k + 1 < len(self.places) else None
        return (
            further is not None
            and further.first - self.places[k].last <= 3
            and "oblique" not in further.features
            and not self._joined_or_led(further)
        )

    def _joined_or_led(self, place: Standing) -> bool:
        """True for a mention behind «و» or a preposition that is written onto it."""
        r = self.v.read(self.words.text[place.first])
        return "conjunct" in place.features or r.conj or bool(r.prep)

    def _then(self, k: int) -> str:
        """How a clause goes on at word ``k``, behind a noun phrase: with whom it is asked, with a task, with what must be done."""
        w = self.words.text
        parted = k < len(w) and w[k] in COMMAS
        word = w[k + parted] if k + parted < len(w) else BREAK
        must = any(x.removeprefix("ب") in _MUST for x in w[k + parted : k + parted + 2])
        return ("," if parted else "") + (
            "must" if must else word if word in _LEADING else word[0] if word[0] in "بل" else ""
        )

    def _public_at(self, k: int) -> bool:
        """True where the people who are told stand right behind the word before ``k`` («ناشد المدير، حسن عزوز، الفلاحين»)."""
        w = self.words.text
        k += k < len(w) and w[k] in COMMAS
        if k >= len(w) or not w[k][0].isalpha():
            return False
        reading = self.v.read(w[k])
        return reading.public and reading.definite and not reading.prep and not reading.conj

    def _turn_before(self, t: int) -> bool:
        """True behind a change of speaker («من جهته، دعا وزير التجارة إلى …»): who follows takes the floor."""
        w = self.words.text
        end = t - 1 if t and w[t - 1] in COMMAS else t
        return any(end >= len(turn) and tuple(w[end - len(turn) : end]) == turn for turn in self.v.phrases["turn"])

    def _compared(self, place: Standing, nearest: Standing | None) -> str:
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
        gap = self.sentence[place.first] - at.sentence
        sentence = "after" if gap > 0 else ("same", "1", "2", "3", "far")[min(4, -gap)]
        own = self.gender_of(place)
        agreement = "?" if at.text or not at.gender or not own else "+" if own == at.gender else "-"
        role = place.features[0] if place.features else "none"
        rank = str(place.rank)
        count = min(3, self._counts.get(mention.actor_id, 1))
        short = "short" if place.definite else "full"
        shape, letter = at.shape, "letter" if self._letter else ""
        line = f"line{min(2, self.line[at.t] - self.line[place.first])}" if place.first < at.t else "line"
        out = [
            f"{line}|{position}",
            position, f"{position}|{shape}", f"{position}|{agreement}", f"{position}|{role}", f"{position}|{sentence}", f"{position}|{short}", f"{position}|{mention.kind}",
            f"{shape}|{role}", f"{shape}|{mention.kind}", f"{shape}|{sentence}", f"{shape}|rank{rank}", f"rank{rank}", f"{position}|rank{rank}",
            f"count{count}", f"{shape}|count{count}", f"role:{role}", f"agree{agreement}", short,
        ]  # fmt: skip
        out += [f"also:{x}" for x in place.features[1:]]
        if agreement == "-" and not at.quoted:
            out += [f"{shape}|-", f"{mention.kind}|-", f"{position}|{shape}|-"]
        if agreement == "+" or agreement == "?" and mention.kind is not Kind.GROUP and role.startswith("subj_"):
            out.append(f"{position}|{shape}|{agreement}")
        said = min(3, self._said.get(mention.actor_id, 0)) if mention.actor_id is not None else 0
        out += [f"said{said}", f"said{said}|{shape}", f"said{said}|{position}"]
        if position.startswith("slot"):
            then = self._then(place.last)
            out += [f"{position}>{then}", f"{at.base}>{then}", f"{then}|{agreement}"]
        if place.first < at.t and (turned := self._turned[at.t]) > place.last:
            out += [f"turned|{position}", f"turned|{shape}"] + ["turned|line"] * (self.line[turned] == self.line[at.t])
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
        if at.quoted and k == self._quoting(at.quoted):
            out += ["quoting", f"quoting|{role}", f"quoting|{sentence}"]
        if self.depth[place.first]:
            out.append(
                "same_quote" if self.depth[place.first] == at.quoted else f"other_quote|{'in' if at.quoted else 'out'}"
            )
        if at.pronoun:
            out += [f"pronoun|{position}"]
        if at.text:
            out += [f"text|{role}", f"text|{position}", f"text|{mention.kind}"]
        if k in self._header:
            where = "from" if place.sender else "last" if k == self._header[-1] else "first"
            out += [f"header:{where}", f"header:{where}|{shape}", f"header:{where}|{letter}"]
        elif place.sender:
            out += ["sender", f"sender|{letter}"]
        if k == 0:
            out += ["opens", f"opens|{shape}", f"opens|{letter}"]
        if k == len(self.places) - 1 and self._letter and self.sentence[place.first] >= self.sentence[-1] - 2:
            out += ["signs", f"signs|{shape}"]
        if at.lead is not None and self.sentence[place.first] == at.lead:
            out += ["list_lead", f"list_lead|{role}"]
        if letter and position.startswith("slot"):
            out.append(f"letter|{position}")
        return tuple(out)

    @cached_property
    def _turned(self) -> list[int]:
        """For each word the last one at or before it where somebody else takes the floor («من جهته»، «أما الوالي»); -1 where nobody does."""
        w, last, out = self.words.text, -1, list[int]()
        for i, word in enumerate(w):
            opens = not i or not w[i - 1][0].isalnum()
            phrases = (turn for turn in self.v.phrases["turn"] if turn[0] in (word, word.removeprefix("و")))
            if opens and word in _TURNING or any(tuple(w[i + 1 : i + len(p)]) == p[1:] for p in phrases):
                last = i
            out.append(last)
        return out

    def _quoting(self, quotation: int) -> int:
        """The number of the last place before a quotation that says something, or whom it is ascribed to («ينقل المصدر عن الوالي: «…»); -1 where none is."""
        if quotation not in self._quotings:
            opening = self.depth.index(quotation)
            here = bisect_left(self._firsts, opening)
            spoke = (k for k in range(here - 1, max(-1, here - 8), -1) if self._speaks(self.places[k]))
            self._quotings[quotation] = next(spoke, -1)
        return self._quotings[quotation]

    def _speaks(self, place: Standing) -> bool:
        role = place.features[0]
        told_of = "attribution_before" in place.features
        return not self.depth[place.first] and (
            told_of or role in ("subj_say", "subj_say~", "topic_verb", "attributed")
        )

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
        while k < len(self.words) and self.depth[k] == self.depth[t]:
            k += 1
        return k if k < len(self.words) else None

    def _text_subject(self, trigger: Span, passive: bool, masdar: bool, author: Standing) -> Mention | None:
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
                and not place.sender
                or self.sentence[place.first] > 6
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

    def _chairs_here(self, place: Standing) -> bool:
        """True where a mention is who holds the meeting or leads the visit («ترأس الوالي»، «برئاسة الوزير»)."""
        w = self.words.text
        before = w[place.first - 1] if place.first else BREAK
        verb = self.verb_before(place.first)
        return before in _PRESIDING or verb >= 0 and place.subject and self.v.base_form(w[verb]) in _CHAIRING


def _same(a: Mention, b: Mention) -> bool:
    return a.span.overlaps(b.span) or a.actor_id is not None and a.actor_id == b.actor_id


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
