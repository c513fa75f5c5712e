"""Who speaks at a place of the text, whom a pronoun means, and where a noun phrase ends: what the directive stage asks.

The issuer of a trigger is chosen among the mentions around it by a linear score over what can be seen there: the subject slot
right behind or before the verb, agreement in gender, verbs of saying, prepositions, turns («من جهته»), quotation marks, distance.
The weights stand in ``models/lexicon/issuer.csv``; ``models/train/issuer.py`` fits them to the composed corpus.
"""

from __future__ import annotations

import csv
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pipeline.actors import vocabulary
from pipeline.actors.phrases import BREAK, COMMAS, Phraser, Words
from pipeline.actors.recognise import LETTER
from pipeline.actors.vocabulary import Reading, Vocabulary
from pipeline.errors import TaalimatError
from pipeline.morphology import masdar
from pipeline.resources import model_file
from pipeline.types import CONTENT, Actor, Analysis, Kind, Mention, Span, Zone

_AUXILIARIES = frozenset({"قد", "وقد", "كان", "وكان", "كانت", "وكانت", "فقد", "لم", "لا", "الذي", "التي", "الذين", "كما", "ثم", "سبق", "ان", "إن", "أن", "وهو", "وهي", "فان", "بدوره", "بدورها"})
_ATTRIBUTION = frozenset({"يقول", "تقول", "قال", "قالت", "حسب", "بحسب", "وفق", "حسبما", "لسان", "اضاف", "اضافت", "يضيف", "تضيف", "يوكد", "توكد", "اوضح", "اوضحت", "هكذا", "خاطب", "خاطبت", "خاطبهم", "يخاطب", "ختم", "صرح", "صرحت", "رد", "ردت", "تابع", "تابعت", "باسم", "طرف", "قبل", "لدن", "باشراف", "برياسه", "رياسه", "عن", "بيان", "بلاغ"})
_PREPOSITIONS = frozenset({"من", "في", "على", "إلى", "الى", "عن", "مع", "الي", "علي", "لدي", "بين", "حول", "ضد", "امام", "أمام", "رفقه", "برفقه", "بحضور", "بمعيه", "لصالح", "تجاه", "نحو", "بعد", "قبل", "خلال", "عبر", "ضمن", "لفايده", "وفق", "حسب", "بحسب", "داخل"})
_SAYING = frozenset({"قال", "اكد", "شدد", "اوضح", "اضاف", "صرح", "اعلن", "ذكر", "افاد", "كشف", "ابرز", "اعتبر", "لفت", "اشار", "نوه", "تابع", "ختم", "امر", "دعا", "طالب", "كلف", "وجه", "الح", "حث", "اوصي", "الزم", "طلب", "نبه", "حذر", "جدد", "رد", "تحدث", "خاطب", "اسدي", "اعطي", "اوعز", "اهاب", "ناشد", "نصح", "قرر", "اقر", "بين", "راي", "شرح", "عرض", "ابدي", "اعرب", "عبر", "نفي"})
_MOTION = frozenset({"زار", "تفقد", "عاين", "دشن", "ترأس", "تراس", "استقبل", "التقي", "اجتمع", "تنقل", "حل", "وقف", "اطلع", "استمع", "اشرف", "افتتح", "شارك", "حضر", "اختتم", "عقد", "انتقل", "قام", "وصل", "خرج", "دخل"})
_PRIVATE = frozenset({"نقابه", "حزب", "جمعيه", "نادي", "شركه", "اتحاد", "خبير", "استاذ", "باحث", "محامي", "مدرب", "لاعب", "نقيب", "فدراليه", "فيدراليه", "رابطه", "نقابي", "فنان", "كاتب", "ناشط", "مواطن", "عضو", "نايب", "حركه"})
_TOP = frozenset({"وزير", "وزيره", "والي", "واليه", "محافظ", "رييس", "رييسه", "مدير", "مديره", "وزاره", "امير", "حكومه", "مجلس", "هييه", "وكيل", "امين", "مديريه", "متصرف", "عميد", "نيابه", "محكمه"})
_PRONOUN_PHRASES = frozenset(p + s for p in ("ل", "من", "الي", "علي", "ب", "في", "عن") for s in ("ه", "ها", "هم", "هما", "كم", "نا")) | {"عليهم", "اليهم", "لديهم"}
_FIRST_PERSON = frozenset("اطلب ادعو ادعوكم اوصي الح نرجو نهيب نطلب ندعو نناشد نوصي اناشد اهيب اعهد اكلف امر ارجو نامل نلتمس نحث احث نذكر نوكد اوكد اطالب نطالب نلفت نعلم ننصح نشدد اشدد نحيطكم نطلبه".split())
_PRONOUN_SUBJECTS = frozenset(c + p + s for c in ("", "و", "ف") for p in ("ان", "بان", "لان", "كان") for s in ("ه", "ها", "هم", "ني", "نا")) - {"كانه", "كانها"} | {"كنت", "وكنت", "كنا"}
_TURNS = (["من", "جهته"], ["من", "جهتها"], ["من", "جانبه"], ["من", "جانبها"])
_CLAUSE_OPENERS = frozenset({"كما", "فيما", "حيث", "بينما", "قد", "وقد", "التي", "الذي", "اذ", "إذ", "ثم", "عندما", "بعدما", "هنا", "وهنا", "حين", "لما", "عندها", "كذلك", "وكذلك", "فقد", "ما", "بما", "مما", "لم", "ولم", "لا", "ولا", "عندئذ", "عنديذ", "بعدها", "اليوم", "امس"})
_WINDOW = 30


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


@cache
def weights() -> Mapping[str, float]:
    """Weight of each feature. Raises :class:`TaalimatError` with all faulty lines of the file."""
    path = model_file("lexicon/issuer.csv")
    found: dict[str, float] = {}
    faults = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            try:
                found[row["feature"]] = float(row["weight"])
            except (KeyError, TypeError, ValueError):
                faults.append(f"{path.name}, line {number}: needs a feature and a number")
    if faults:
        raise TaalimatError("\n".join(faults))
    return found


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
        self._headline_numbers = {self._sentence[min(self.word_at(s.span.start), len(self.words) - 1)] for s in analysis.sentences if s.zone is Zone.HEADLINE and len(self.words)}
        self._content = [s for s in analysis.sentences if s.zone in CONTENT and s.tokens]
        self.places = tuple(self._places())
        self._header = self._header_places()
        self._letter = any(t in LETTER for t in self.words.text)
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
            if before != BREAK or place.last >= len(w) or w[place.last] not in (BREAK, "/", "|", "-", ":") or self._sentence[place.first] > 6:
                break
            out.append(k)
        return out

    def _lead_of(self, number: int) -> int | None:
        """Number of the sentence that opens the list in which sentence ``number`` is an item."""
        if number >= len(self._content) or self._content[number].lead is None:
            return None
        lead = self.analysis.sentences[self._content[number].lead]
        return next((i for i, s in enumerate(self._content) if s is lead), None)

    def _places(self) -> Iterator[_Place]:
        w, v = self.words.text, self.v
        covered = -1
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
            yield _Place(mention, first, last, stem, w[first].startswith("ال") and last - first == 1, features, subject)

    def _surroundings(self, first: int, last: int, r: Reading, inside: bool) -> tuple[tuple[str, ...], bool]:
        """What can be said of a mention before any trigger is known."""
        w, v = self.words.text, self.v
        out: list[str] = []
        before = w[first - 1] if first else BREAK
        back = first - 1
        while back >= 0 and (w[back] in COMMAS or w[back] in "«»\"“”"):
            back -= 1
        behind = w[back] if back >= 0 else BREAK
        prep = inside and w[first][0] in "بلك" or inside and w[first][1:2] in ("ب", "ل", "ك")
        subject = False
        if prep or before in _PREPOSITIONS:
            out.append("oblique")
            if before == "قبل" and first > 1 and w[first - 2] == "من":
                out.append("agent")
        elif before in ("طرف", "لدن"):
            out.append("agent")
        elif v.is_verb(before) or v.is_verb(behind) and before in COMMAS:
            verb = before if v.is_verb(before) else behind
            base = _base(v, verb)
            out.append("subj_say" if base in _SAYING else "subj_motion" if base in _MOTION else "subj_verb")
            subject = True
        elif before[0].isalpha() and self._verb_slot(first - 1):
            out.append("subj_maybe")
            subject = True
        elif before == BREAK or before in COMMAS or before in "«\"“:؛.-–":
            nxt = w[last] if last < len(w) else BREAK
            k = last + 1 if nxt in COMMAS else last
            nxt = w[k] if k < len(w) else BREAK
            if v.is_verb(nxt) or nxt in _AUXILIARIES or w[k : k + 2] in _TURNS:
                out.append("topic_verb")
                subject = True
            elif before == BREAK:
                out.append("initial")
            else:
                out.append("after_mark")
        elif behind in ("اما", "وكان", "كان", "وكانت", "كانت", "فان", "ان", "إن", "أن", "وان", "فيما", "بينما", "واذ", "لكن", "غير", "حيث") or before in ("ان", "إن", "أن", "اما", "بان", "بأن"):
            out.append("topic_particle")
            subject = True
        elif before in _ATTRIBUTION:
            out.append("attributed")
        elif v.read(before).conj or w[first] != "" and inside and w[first][0] == "و":
            out.append("conjunct")
        else:
            out.append("genitive" if not v.is_verb(before) else "other")
        if inside and w[first][0] == "و":
            out.append("with_waw")
        if before in _ATTRIBUTION or behind in _ATTRIBUTION:
            out.append("attribution_before")
        return tuple(out), subject

    def _verb_slot(self, i: int) -> bool:
        """An unknown word at the head of a clause, no noun as far as its letters tell: in Arabic that is where the verb stands."""
        w, v = self.words.text, self.v
        t = w[i]
        before = w[i - 1] if i else BREAK
        lead = t[0] in "وف" and len(t) > 3
        if not (lead or not before[0].isalnum() or before in _CLAUSE_OPENERS):
            return False
        stem = t[1:] if lead else t
        r = v.read(t)
        if t in v.words["stop"] or stem in v.words["stop"] or stem in _PREPOSITIONS or r.definite or r.head is not None or r.public or stem in v.words["inner"] or stem in v.given:
            return False
        found = masdar(stem)
        if found is not None or stem.endswith(("ات", "يه", "ين")) or (stem[0] in "بلك" and len(stem) > 3 and masdar(stem[1:]) is not None):
            return False
        return stem[0] in "يتا" or stem.endswith(("ت", "ه", "ها", "هم")) or len(stem) <= 4

    # -- issuer ----------------------------------------------------------------------------------------------------------

    def issuer(self, trigger: Span, passive: bool = False, masdar: bool = False) -> tuple[Mention, str] | None:
        """The mention that governs ``trigger`` and the fullest name of its actor; None where nobody is named.

        ``passive`` and ``masdar`` say that the trigger has no subject of its own (GUIDELINES 7).
        """
        scored = [(self._score(features), place) for place, features in self.candidates(trigger, passive, masdar)]
        if not scored:
            return None
        _, best = max(scored, key=lambda x: x[0])
        spoken = self._text_subject(trigger, passive, masdar, best)
        return (spoken or best.mention), self.name_of(best.mention)

    def name_of(self, mention: Mention) -> str:
        """The fullest name of the actor of a mention; its own words where it is no known actor's."""
        actor = self.actors.get(mention.actor_id or "")
        return actor.name if actor is not None else self.analysis.text(mention.span)

    def _score(self, features: Iterator[str] | tuple[str, ...]) -> float:
        table = weights()
        return math.fsum(table.get(f, 0.0) for f in features)

    def candidates(self, trigger: Span, passive: bool = False, masdar: bool = False) -> Iterator[tuple[_Place, tuple[str, ...]]]:
        """The mentions that may speak at a trigger, each with its features."""
        w, v = self.words.text, self.v
        t = self.word_at(trigger.start)
        if t >= len(w):
            return
        word = w[t][self._cut(t, trigger) :]
        shape = "passive" if passive else "masdar" if masdar else "first_person" if word in _FIRST_PERSON else _shape(word, self.analysis.text(trigger))
        gender = _gender(word, shape)
        here = bisect_left(self._firsts, t)
        quoted = self._depth[t]
        low = max(0, here - _WINDOW)
        subjects_between: set[str | None] = set()
        slot = self._slot(t)
        sentence = self._sentence[t]
        closing = self._closing(t) if quoted else None
        order = list(range(here - 1, low - 1, -1))
        nearest_subject = True
        rank = 0
        followers = 0
        counts: dict[str | None, int] = {}
        for p in self.places:
            counts[p.mention.actor_id] = counts.get(p.mention.actor_id, 0) + 1
        lead_actor = next((p.mention.actor_id for p in self.places if p.head in _TOP and p.subject), None)
        last = len(self.places) - 1
        lead_sentence = self._lead_of(sentence)
        pronoun_subject = any(x in _PRONOUN_SUBJECTS for x in w[max(0, t - 3) : t])
        signature = (last,) if shape in ("first_person", "duty", "passive") and last >= here + 4 else ()
        for k in (*order, *range(here, min(len(self.places), here + 4)), *signature):
            place = self.places[k]
            out = ["bias"]
            actor = place.mention.actor_id
            kind = place.mention.kind
            after = place.first > t
            gap = self._sentence[place.first] - sentence
            if after:
                if "agent" in place.features and gap == 0:
                    out.append("after_agent")
                if place.first == slot:
                    out.append(f"slot:{shape}")
                    if pronoun_subject:
                        out.append("slot_pronoun_subject")
                    if self._letter:
                        out.append("slot_letter")
                    if w[t][self._cut(t, trigger) :] and _base(v, word) in v.words["transitive"]:
                        nxt = self.places[k + 1] if k + 1 < len(self.places) else None
                        second = nxt is not None and nxt.first - place.last <= 3 and not self._oblique(nxt)
                        out.append("slot_transitive_two" if second else "slot_transitive_one")
                        out.append("slot_known" if any(self.places[q].mention.actor_id == actor for q in order) else "slot_new")
                        out.append(f"slot_tr_kind:{kind}")
                        if place.definite:
                            out.append("slot_tr_short")
                        if w[place.first].endswith(("ي", "ين")) and kind is Kind.GROUP:
                            out.append("slot_genitive_plural")
                elif closing is not None and place.first >= closing and place.first - closing <= 7:
                    out.append("closes_quote")
                    if "subj_say" in place.features or "attribution_before" in place.features:
                        out.append("closes_quote_saying")
                elif gap == 0 and ("attribution_before" in place.features or "attributed" in place.features) and w[place.first - 2] in COMMAS | {"-"}:
                    out.append("after_attribution")
                    out.append(f"after_attribution:{shape}")
                elif gap == 0 and followers == 0:
                    out.append("after_first")
                    out.append(f"after_first:{shape}")
                else:
                    out.append("after_other")
                followers += 1
            else:
                out.append(f"gap:{min(4, -gap)}")
                out.append(f"rank:{min(5, rank)}")
                rank += 1
                between = t - place.last
                if between == 0 or (between <= 3 and all(x in _AUXILIARIES or x in COMMAS for x in w[place.last : t])):
                    out.append(f"svo:{shape}")
                    if between == 0 and w[t] == word:
                        out.append("svo_adjacent")
                if place.subject:
                    if nearest_subject:
                        out.append("nearest_subject")
                        out.append(f"nearest_subject:{shape}")
                        nearest_subject = False
                    elif actor in subjects_between:
                        out.append("again_subject")
                    else:
                        out.append("farther_subject")
                    subjects_between.add(actor)
                if quoted and self._depth[place.first] == quoted:
                    out.append("same_quote")
                elif self._depth[place.first]:
                    out.append("in_other_quote")
                if gap == 0 and place.subject:
                    out.append("same_sentence_subject")
            out += [f"in:{x}" for x in place.features]
            if not after:
                out += [f"{shape}:{x}" for x in place.features]
                out.append(f"{shape}:gap:{min(4, -gap)}")
                out.append(f"{shape}:rank:{min(5, rank - 1)}")
                if actor == lead_actor:
                    out.append(f"{shape}:lead")
                if k == 0:
                    out.append(f"{shape}:first_of_text")
                if place.head in _TOP:
                    out.append(f"{shape}:top")
                if counts[actor] >= 3:
                    out.append(f"{shape}:often")
            if lead_sentence is not None and self._sentence[place.first] == lead_sentence:
                out.append("in_list_lead")
                if place.subject:
                    out.append("in_list_lead_subject")
            if self._header and k in self._header:
                out.append("header_last" if k == self._header[-1] else "header")
                out.append(f"{shape}:header_last" if k == self._header[-1] else f"{shape}:header")
                if self._letter:
                    out.append("letter:header_last" if k == self._header[-1] else "letter:header")
            if not after and between <= 4 and t - 1 >= 0 and w[t - 1] in ("ان", "أن") and "oblique" in place.features and any(x.lstrip("وف") == "سبق" for x in w[max(0, place.first - 2) : place.first + 1]):
                out.append("preceded_act")
            if self._letter and k == 0:
                out.append("letter:first")
            if k == len(self.places) - 1 and self._sentence[place.first] >= self._sentence[-1] - 2:
                out.append(f"signature:{shape}")
                if self._letter:
                    out.append("letter:signature")
                    out.append(f"letter:signature:{shape}")
            if not after and gap == 0:
                out += [f"same:{x}" for x in place.features]
            out.append(f"kind:{kind}")
            own = self._gender_of(place)
            if gender and own:
                out.append("agrees" if gender == own else "disagrees")
                if after and place.first == slot:
                    out.append("slot_agrees" if gender == own else "slot_disagrees")
            if place.head in _TOP:
                out.append("top")
            if place.head in _PRIVATE:
                out.append("private")
            if actor == lead_actor:
                out.append("lead")
            if counts[actor] >= 3:
                out.append("often")
            if place.definite:
                out.append("short")
            if self._sentence[place.first] in self._headline_numbers:
                out.append("headline")
            if k == 0:
                out.append("first_of_text")
            yield place, tuple(out)

    def _cut(self, t: int, trigger: Span) -> int:
        """Letters of word ``t`` before the trigger (a conjunction)."""
        return max(0, self.analysis.norm.index_of(trigger.start) - self.words.start[t])

    def _oblique(self, place: _Place) -> bool:
        return "oblique" in place.features

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
                if k < len(w) and w[k - 1] in COMMAS and w[k] in ("خلال", "في", "على", "اثناء", "بمناسبه", "عقب", "لدي", "من", "بعد"):
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
        if place.head:
            return "f" if place.head.endswith("ه") or place.head in ("سلطات", "مصالح", "قوات", "وحدات", "لجان", "ادارات") else "m"
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

    def overlapping(self, span: Span) -> tuple[Mention, ...]:
        """All mentions that share a character with ``span``, in text order."""
        return tuple(m for m in self.analysis.mentions if m.span.overlaps(span))

    def antecedent(self, place: int, pronoun: str) -> Mention | None:
        """What a pronoun (ه، ها، هم، كم …) of somebody told to act, near the raw offset ``place``, stands for."""
        w, v = self.words.text, self.v
        t = self.word_at(place)
        plural = pronoun in ("هم", "كم", "هن", "هما")
        feminine = pronoun == "ها"
        for p in reversed([p for p in self.places if p.last <= t]):
            if self._sentence[t] - self._sentence[p.first] > 3:
                break
            kind = p.mention.kind
            gender = self._gender_of(p)
            if plural and kind is Kind.GROUP:
                return self._unless_public(p, t, plural) or p.mention
            if feminine and not plural and kind is not Kind.GROUP and gender == "f" and not p.subject:
                return p.mention
            if not plural and not feminine and kind in (Kind.PERSON, Kind.OFFICE, Kind.ORGANISATION) and gender != "f" and not p.subject:
                return p.mention
        return self._public_before(t) if plural else None

    def _unless_public(self, p: _Place, t: int, plural: bool) -> Mention | None:
        found = self._public_before(t)
        return found if found is not None and found.span.start > p.mention.span.end else None

    def _public_before(self, t: int) -> Mention | None:
        """The nearest plural of the public («المقاولين») before word ``t`` in its sentence."""
        w, v = self.words.text, self.v
        for i in range(t - 1, max(-1, t - 60), -1):
            if w[i] == BREAK and self._sentence[t] - self._sentence[i] > 1:
                break
            r = v.read(w[i])
            if r.public and (w[i].endswith(("ين", "ون", "ات", "ار", "اب", "اء")) or r.stem in ("تجار", "سكان", "اصحاب", "مستعملي")):
                start = self.words.start[i] + r.cut
                phrase = self.p.phrase(i, Reading(r.cut, r.conj, r.prep, r.stem, r.definite, Kind.GROUP))
                a, b = self.analysis.norm.raw_span(start, self.words.end[phrase.last - 1])
                return Mention(Span(a, b), None)
        return None

    def np_end(self, start: int, limit: int) -> int:
        """Raw offset where the noun phrase that starts at ``start`` ends, before ``limit``; ``start`` where none starts there."""
        return np_end(self.analysis, start, limit, self)


def np_end(analysis: Analysis, start: int, limit: int, index: SpeakerIndex | None = None) -> int:
    """Where the noun phrase that starts at raw offset ``start`` ends, at ``limit`` at the latest (raw offsets).

    Construct chain, adjectives, coordinated complements, a relative clause (الذين …) up to the introducer of the task.
    """
    index = index or SpeakerIndex(analysis)
    w, v = index.words.text, index.v
    i = index.word_at(start)
    stop = bisect_left(index.words.start, analysis.norm.index_of(limit))
    if i >= len(w) or not w[i][0].isalpha():
        return start
    cut = max(0, analysis.norm.index_of(start) - index.words.start[i])
    mention = index.mention_at(start)
    if mention is not None and mention.span.end <= limit:
        end = bisect_left(index.words.end, analysis.norm.index_of(mention.span.end - 1) + 1) + 1
    else:
        end = _plain_phrase(index, i, cut, stop)
    end = _tail(index, i, end, stop)
    return analysis.norm.raw_span(index.words.start[i], index.words.end[end - 1])[1] if end > i else start


_QUANTIFIERS = frozenset({"كل", "جميع", "كافه", "مختلف", "بعض", "ساير", "عموم", "كلا", "اي", "غالبيه", "معظم"})


def _plain_phrase(index: SpeakerIndex, i: int, cut: int, stop: int) -> int:
    w, v = index.words.text, index.v
    word = w[i][cut:]
    if word in _QUANTIFIERS and i + 1 < stop and w[i + 1][0].isalpha():
        return _plain_phrase(index, i + 1, 0, stop)
    if word in ("من",) or not word or w[i] in v.words["stop"]:
        return i if word != "من" else _relative(index, i, stop)
    definite = word.startswith("ال") or word.startswith("ل") and cut and not v.heads.get(word)
    stem = word[2:] if word.startswith("ال") else word[1:] if definite else word
    phrase = index.p.phrase(i, Reading(cut, False, "", stem, definite, v.heads.get(stem) or Kind.GROUP, stem in v.words["public"]), stop)
    return phrase.last


def _tail(index: SpeakerIndex, i: int, end: int, stop: int) -> int:
    """Past what goes on with a phrase: participles with their complement, relative clauses."""
    w, v = index.words.text, index.v
    if end < stop and w[end] in ("الذين", "التي", "الذي", "اللواتي", "ممن"):
        return _relative(index, end, stop)
    return end


def _relative(index: SpeakerIndex, i: int, stop: int) -> int:
    """End of a relative clause: before a mark or the introducer of a task."""
    w = index.words.text
    for k in range(i + 1, stop):
        if not w[k][0].isalnum():
            return k
        if k > i + 1 and w[k] in ("إلى", "الى", "أن", "على", "بضروره", "ان") and k + 1 < stop:
            return k
    return stop


def _base(v: Vocabulary, word: str) -> str:
    """The 3rd masculine perfect of a verb form as far as its letters tell; the word itself where they do not."""
    word = word[1:] if word[:1] in "وف" and word[1:2] and not v.is_verb(word[1:]) is False and word not in v.words["verb"] else word
    verbs = v.words["verb"]
    if word in verbs:
        return word
    for end in ("تهم", "تها", "ته", "هم", "ها", "وا", "ت", "ه", "ا"):
        if word.endswith(end):
            base = word[: -len(end)]
            for form in (base, base + "ي", base + "ا"):
                if form in verbs:
                    return form
    if word[:1] in "يت":
        rest = word[1:]
        for form in (rest, "ا" + rest, rest[:-1] + "ا", rest[:-1] + "ي", "ا" + rest[:-1] + "ي" if rest else rest, rest + "ا"):
            if form in verbs:
                return form
        if len(rest) == 4 and rest[2] == "ي" and "ا" + rest[0:2][:1] + "ا" + rest[3] in verbs:
            return "ا" + rest[0] + "ا" + rest[3]
    return word


def _shape(word: str, written: str) -> str:
    """finite, participle, duty or noun, by the letters of a trigger."""
    if word in ("على", "لا", "ضروره", "لازم") or word.startswith(("يجب", "يتعين", "ينبغي", "يتوجب", "لابد", "مطالب", "مدعو", "ملزم")):
        return "duty"
    if word.startswith("م") and word.endswith(("ا", "ه", "ين")) or word in ("داعيا", "داعيه", "حاثا", "حاثه", "امرا", "امره", "طالبا", "طالبه", "ناصحا", "لافتا"):
        return "participle"
    if written.startswith("ال") or word.startswith(("تعليم", "توجيه", "توصي", "امر ")):
        return "noun"
    return "finite"


def _gender(word: str, shape: str) -> str:
    if shape == "participle":
        return "f" if word.endswith("ه") else "m" if word.endswith("ا") else ""
    if shape != "finite":
        return ""
    if word.startswith("ت") and not word.startswith(("تقرر", "تم")) and len(word) > 3:
        return "f" if not word.endswith("ت") or True else ""
    if word.endswith(("ت", "تهم", "تها", "ته")):
        return "f"
    return "m"
