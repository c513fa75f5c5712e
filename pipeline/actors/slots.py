"""Where the mentions of a text stand: subject of which verb, behind which preposition, in which quotation.

All that can be said of a mention before any trigger is known; :mod:`pipeline.actors.speakers` chooses the issuer by it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, compress

from pipeline.actors import vocabulary
from pipeline.actors.phrases import Phraser
from pipeline.actors.vocabulary import Reading, Vocabulary
from pipeline.actors.words import BREAK, COMMAS, TO, Words
from pipeline.morphology import masdar
from pipeline.normalize import fold
from pipeline.types import Actor, Analysis, Kind, Mention

_RANKS = {
    "ملك": 6, "سلطان": 6, "امير": 5, "وزير": 5, "وزيره": 5, "حكومه": 5, "مجلس": 3, "وزاره": 4, "والي": 4,
    "واليه": 4, "محافظ": 4, "رييس": 4, "رييسه": 4, "حاكم": 4, "نايب": 3, "وكيل": 3, "امين": 3, "نيابه": 3,
    "محكمه": 3, "هييه": 3, "متصرف": 3, "عامل": 3, "مدير": 2, "مديره": 2, "مديريه": 2, "عميد": 2, "قايد": 2,
    "لجنه": 2, "سلطه": 3, "كاتب": 3, "كاتبه": 3, "ناطق": 3, "متحدث": 3,
    "قاضي": 4, "قاضيه": 4, "محقق": 4, "محققه": 4,
}  # fmt: skip
_ON_ORDER = frozenset(
    {"بامر", "باوامر", "بتوجيه", "بتوجيهات", "بطلب", "بايعاز", "بتعليمات", "بقرار", "بتكليف", "بدعوه"}
)
_STATE = frozenset({"الحكومه", "الجمهوريه", "الوزراء", "الدوله", "للحكومه"})
_TELLING = frozenset("قال اكد اوضح اضاف صرح افاد".split())
"""Verbs of saying that nobody is the object of."""
_QUOTES = frozenset('«“"»”')
_COMMANDS = frozenset("تعليمات توجيهات اوامر وتعليمات وتوجيهات واوامر".split())
QUESTIONS = 3
"""Lines that ask, at least, in an interview."""
_FRONTED = 9
"""Words of the longest phrase that is looked at before a verb."""
_PARTED = 12
"""Words that two commas may part off between a subject and its verb."""
_CLAUSAL = frozenset("ما بما مما عما من حيث حين لان بان انه انها بانه بانها".split())
"""Words that open a clause inside such a phrase: the verb may be theirs."""
_BEFORE_NOUNS = frozenset("إلى الى الي على في من عن عقب بعد خلال اثناء لدي بين حول".split())
"""Prepositions: what stands behind them and looks like a verb («طلب»، «عرض») is a noun."""
_FEMININE = ("ت", "ته", "تها", "تهم", "تهما", "تكم", "تنا", "تني")
"""Ends of a perfect in the feminine, with its object."""
_TURNS = (["من", "جهته"], ["من", "جهتها"], ["من", "جانبه"], ["من", "جانبها"])


@dataclass(slots=True)
class Standing:
    """A mention with its words, and what its surroundings say of it."""

    mention: Mention
    first: int
    last: int
    head: str
    definite: bool
    features: tuple[str, ...]
    subject: bool
    private: bool = False
    """Speaks for no authority: a union, a company, a person without office."""
    sender: bool = False
    """Behind «من» at the head of a line: who writes."""
    rank: int = 1
    """0 (a group) to 6 (a head of state)."""


class Slots:
    """The mentions of one analysis (with ``mentions`` and ``actors``) in their slots. Words are indices; offsets are raw."""

    def __init__(self, analysis: Analysis, words_of: Vocabulary | None = None) -> None:
        self.analysis = analysis
        self.v = words_of or vocabulary.default()
        self.words = Words.of(analysis)
        self.p = Phraser(self.words, self.v)
        self.actors: Mapping[str, Actor] = {actor.id: actor for actor in analysis.actors}
        self._starts = [m.span.start for m in analysis.mentions]
        self.depth = self._quotes()
        self.sentence = self._sentences()
        self._genders: dict[str | None, str] = {}
        self.places = tuple(self._places())

    def word_at(self, raw: int) -> int:
        """Index of the word that holds a raw offset (the next one where it lies between words)."""
        at = self.analysis.norm.index_of(raw)
        i = bisect_right(self.words.start, at) - 1
        return i if i >= 0 and at < self.words.end[i] else i + 1

    def mention_at(self, start: int) -> Mention | None:
        """The longest mention that starts at a raw offset, or whose designation does (behind an honorific)."""
        i = bisect_left(self._starts, start)
        if i < len(self._starts) and self._starts[i] == start:
            return self.analysis.mentions[i]
        return None

    def name_of(self, mention: Mention) -> str:
        """The fullest name of the actor of a mention; its own words where it is no known actor's."""
        actor = self.actors.get(mention.actor_id or "")
        return actor.name if actor is not None else self.analysis.text(mention.span)

    def asks_of(self, base: str, place: Standing) -> bool:
        """True for «طلب مدير المركز من السكان»: of the verb ``base`` who is asked stands behind a preposition, and the place before it is the subject."""
        behind = self.words.text[place.last : place.last + 1]
        return base == "طلب" and bool(behind) and (behind[0] == "من" or behind[0] in TO)

    @cached_property
    def standing(self) -> dict[int, Standing]:
        """The place that begins at each word where one does."""
        return {p.first: p for p in self.places}

    @cached_property
    def questions(self) -> list[int]:
        """Where the lines begin that ask, in an interview."""
        lines = [(s.span.start, self.analysis.text(s.span).strip()) for s in self.analysis.sentences]
        return [at for at, line in lines if line.endswith("؟") and line.count(" ") > 1 or line.startswith("سؤال")]

    def _quotes(self) -> list[int]:
        """For each word the number of the quotation it stands in, 0 outside."""
        words = self.words.text
        depth, number, out = 0, 0, list[int]()
        for i in compress(range(len(words)), map(_QUOTES.__contains__, words)):
            out += [depth] * (i - len(out))
            if words[i] in "«“" or words[i] == '"' and not depth:
                number += 1
                depth = number
            else:
                depth = 0
        return out + [depth] * (len(words) - len(out))

    @cached_property
    def line(self) -> list[int]:
        """For each word the number of its line: a paragraph, an item of a list."""
        raw, view = self.analysis.document.raw, self.analysis.norm
        out, number, last = list[int](), 0, 0
        for i, word in enumerate(self.words.text):
            if i and self.words.text[i - 1] == BREAK:
                begins = view.raw_span(self.words.start[i], self.words.end[i])[0]
                number += "\n" in raw[last:begins]
            if word != BREAK:
                last = view.raw_span(self.words.start[i], self.words.end[i])[1]
            out.append(number)
        return out

    def _sentences(self) -> list[int]:
        """For each word the number of its sentence."""
        return list(accumulate(map(BREAK.__eq__, self.words.text), initial=0))[:-1]

    def _places(self) -> Iterator[Standing]:
        w, v = self.words.text, self.v
        covered = -1
        speaker: Standing | None = None
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
            place = Standing(
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
            if mention.kind is Kind.PERSON and stem:
                self._genders[mention.actor_id] = self._gender_here(place)
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

    def _is_object(self, place: Standing, speaker: Standing | None) -> bool:
        """True where the noun phrase behind a verb is what it governs, its subject dropped («وأمهل مدير المستشفى …»)."""
        verb = self.verb_before(place.first)
        word = self.words.text[verb]
        mine, of_verb = (
            self.gender_of(place),
            gender(self.v, word[1:] if word[0] in "وف" and self.v.is_verb(word[1:]) else word, "finite"),
        )
        if mine and of_verb and mine != of_verb:
            # Not «قالت مدير الصحة أماني قاسم».
            return place.mention.kind is not Kind.PERSON or self.v.base_form(word) not in _TELLING
        if self.v.base_form(word) not in self.v.words["transitive"]:
            return False
        words = self.words.text
        if self.asks_of(self.v.base_form(word), place):
            return False
        if place.mention.kind is Kind.GROUP and words[place.first].endswith(("ي", "ين")):
            return True
        later = bisect_left(self._starts, place.mention.span.end)
        following = self.analysis.mentions[later] if later < len(self._starts) else None
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
        same = self.gender_of(speaker)
        return (not same or not of_verb or same == of_verb) and place.rank < speaker.rank

    def _surroundings(self, first: int, last: int, r: Reading, inside: bool) -> tuple[tuple[str, ...], bool]:
        """What can be said of a mention before any trigger is known."""
        w, v = self.words.text, self.v
        before = w[first - 1] if first else BREAK
        prep = inside and (w[first][0] in "بلك" or w[first][1:2] in ("ب", "ل", "ك"))
        role, subject = "genitive", False
        verb = self.verb_before(first)
        if verb < 0 and (not prep or w[first][0] == "ل") and self._is_text(before):
            verb, prep = self.verb_before(first - 1), False  # «ذكر بلاغ لعمالة الإقليم أن …»: the body speaks
            if verb < 0:
                return ("of_text",), False
        if self._has_done(first, last):
            return ("topic_embedded",), True
        if before in _COMMANDS and (first < 2 or not w[first - 2][0].isalnum()):
            return ("topic_verb",), True  # «توجيهات الوالي واضحة: …»
        if before in ("بين", "وبين") and w[last : last + 1] and w[last] in ("أن", "إن", "ان"):
            return ("subj_say",), True  # «بيّن الوزير أن …»
        if (
            prep
            or before in self.v.words["preposition"]
            and before != "من"
            or before == "من"
            and not (first < 2 or w[first - 2] == BREAK)
        ):
            ordered = before == "من" and first > 1 and w[first - 2].removeprefix("و") in _ON_ORDER
            role = "agent" if ordered or before == "قبل" and first > 1 and w[first - 2] == "من" else "oblique"
        elif before in ("طرف", "لدن"):
            role = "agent"
        elif verb >= 0 and self._passive(verb):
            role = "object"  # «كُلفت مصلحة النظافة بـ»
        elif verb >= 0:
            base = v.base_form(w[verb])
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
            if v.is_verb(nxt) or nxt in self.v.words["auxiliary"] or w[k : k + 2] in _TURNS or self._resumed(last):
                role, subject = "topic_verb", True
            else:
                role = "initial" if before == BREAK else "after_mark"
        elif before in ("اما", "وكان", "كان", "وكانت", "كانت", "فيما", "بينما", "لكن", "حيث"):
            then = w[last + (w[last] in COMMAS)] if last + 1 < len(w) else BREAK
            resumed = then == "فقد" or then[0] == "ف" and v.is_verb(then[1:])
            role, subject = "topic_verb" if resumed else "topic_particle", True
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

    def _has_done(self, first: int, last: int) -> bool:
        """True for who did something before («سبق لهذه الوزارة أن دعت»): the verb behind «أن» is theirs."""
        w = self.words.text
        of = first - 1 if first and w[first - 1] in ("لهذه", "لهذا", "ل") else first
        owned = of < first or w[first][0] == "ل"
        return owned and of > 0 and w[of - 1].lstrip("وف") == "سبق" and w[last : last + 1] in (["أن"], ["ان"], ["وأن"])

    def _resumed(self, i: int) -> bool:
        """True where a verb stands behind what two commas part off at word ``i`` («الوالي، وإن لم يطل الحديث، طالب»)."""
        w = self.words.text
        if i >= len(w) or w[i] not in COMMAS:
            return False
        end = next((k for k in range(i + 1, min(len(w) - 1, i + _PARTED)) if w[k] in COMMAS or w[k] == BREAK), None)
        if end is None or w[end] == BREAK:
            return False
        verb = w[end + 1]
        return self.v.is_verb(verb) and (verb[0] not in "وف" or verb in self.v.words["verb"])

    def _passive(self, verb: int) -> bool:
        """True for a perfect written with the vowel of the passive («كُلّف»)."""
        if self.words.text[verb].lstrip("وف")[:1] in ("ي", "ت", "ن", "ا"):
            return False
        raw = self.analysis.document.raw[
            slice(*self.analysis.norm.raw_span(self.words.start[verb], self.words.end[verb]))
        ]
        return "\u064f" in raw.lstrip("وف")[1:2]

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

    def verb_before(self, first: int) -> int:
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
        if i and w[i - 1] in _BEFORE_NOUNS and w[i] in v.words["verb"]:
            return -1  # «إلى عرض المدير»
        if v.is_verb(w[i]):
            return i
        return i if steps == 0 and self.verb_slot(i) else -1

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
            or self._fronted(verb)
        )

    def _fronted(self, verb: int) -> bool:
        """True where nothing but a phrase of place, time or matter stands before the verb in its clause («وفي ختام الأشغال أعلن …»)."""
        w, v = self.words.text, self.v
        first = verb
        while first and w[first - 1][0].isalnum() and verb - first < _FRONTED:
            first -= 1
        opening = w[first][1:] if w[first][0] in "وف" and w[first][1:] in v.words["preposition"] else w[first]
        if (
            first
            and (w[first - 1][0].isalnum() or w[first - 1] in COMMAS)
            or opening not in v.words["preposition"]
            or verb - first < 2
        ):
            return False
        described = v.is_verb(w[first + 2]) and w[first + 2].endswith("ه") and not w[first + 1].startswith("ال")
        inside = w[first + 3 if described else first + 1 : verb]  # «وفي لقاء جمعه بالمديرين أعلن …»
        return not any(
            t in _CLAUSAL or t in v.words["auxiliary"] or v.is_verb(t) and t not in v.given and t not in v.words["stop"]
            for t in inside
        )

    def verb_slot(self, i: int) -> bool:
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

    def gender_of(self, place: Standing) -> str:
        """m or f as the head of a mention tells; of a bare name («الشرفي») as another mention of that person does; empty where nothing does."""
        if self.is_lady(place.mention):
            return "f"
        if place.mention.kind is Kind.PERSON and not place.head and place.mention.actor_id is not None:
            return self._genders.get(place.mention.actor_id, "")
        return self._gender_here(place)

    def is_lady(self, mention: Mention) -> bool:
        """True for a person whom the text calls «السيدة» or the like somewhere, whatever the office."""
        return mention.kind is Kind.PERSON and mention.actor_id in self._ladies

    @cached_property
    def _ladies(self) -> frozenset[str]:
        lady = self.v.words["lady"]
        persons = (actor for actor in self.analysis.actors if actor.kind is Kind.PERSON)
        return frozenset(
            actor.id
            for actor in persons
            if any(not lady.isdisjoint(fold(self.analysis.text(span)).split()) for span in actor.mentions)
        )

    def _gender_here(self, place: Standing) -> str:
        if place.mention.kind is Kind.GROUP:
            return ""
        if place.mention.kind is Kind.PERSON:
            name = self.name_of(place.mention)
            first = fold(name).split()[0] if name else ""
            if first.endswith(("ه", "اء")) and first not in self.v.words["men"] and not place.head.endswith("ه"):
                return ""  # a woman in an office named in the masculine («محافظ … رندة المقدم»)
        if place.head:
            return "f" if place.head.endswith(("ه", "ات")) or place.head in self.v.words["plural"] else "m"
        return ""


def gender(v: Vocabulary, word: str, shape: str) -> str:
    if shape == "participle":
        return "f" if word.endswith("ه") else "m" if word.endswith("ا") else ""
    if shape != "finite":
        return ""
    if word in v.words["verb"] and word.endswith("ت") and word[:-1] not in v.words["verb"]:
        return "m"  # «لفت»: the ت is of the root
    imperfect = len(word) > 3 or len(word) == 3 and v.is_verb(word)  # «تحث»
    if word.startswith("ت") and imperfect and word not in v.words["verb"] and not word.startswith(("تقرر", "تم")):
        return "f"
    return "f" if word.endswith(_FEMININE) else "m"
