"""What a pronoun of the third person stands for where it means somebody told to act («طلب منه»، «حثهم على»), and whom a quoted command is said to.

Those named or spoken of before it are ranked by a linear score over what can be seen there: agreement, distance, grammatical role,
who was told last; that nobody is meant is one more candidate. The weights stand in ``models/lexicon/antecedent.csv``;
``models/train/antecedent.py`` fits them to the annotated corpora.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.actors.extent import np_end
from pipeline.actors.slots import Slots, Standing
from pipeline.actors.words import BREAK, COMMAS
from pipeline.normalize import fold
from pipeline.resources import model_file
from pipeline.types import Kind, Mention, Span
from pipeline.weights import read_weights

_WINDOW = 110
"""Words before a pronoun in which those it can mean are looked for."""
_SENTENCES = 3
_FITS = {
    "ه": frozenset({"m", "body", "one"}),
    "ها": frozenset({"f", "body_f", "bodies", "women", "one_f", "open"}),
    "هم": frozenset({"people", "folk", "open"}),
    "هن": frozenset({"women"}),
    "هما": frozenset({"people"}),
    "كم": frozenset({"people", "folk", "m", "f"}),
}
"""The forms of nouns that each pronoun agrees with best; ``open`` is a plural of anything («المذابح»)."""
OF_OTHERS = frozenset(_FITS)
"""Pronouns of the third person; «نا» and «ي» are the speaker's own."""
_BEARERS = frozenset("من الي إلي علي ل ب ايا لدي".split())
"""Particles that bear a pronoun."""
_EACH = frozenset({"كل", "اي"})
TOPIC = frozenset({"اما", "واما"})
"""What sets somebody before the sentence that is about them («أما القابضون، فعليهم»); «ف» opens the sentence."""
REGARDING = (
    ("فيما", "يخص"),
    ("وفيما", "يخص"),
    ("فيما", "يتعلق"),
    ("بالنسبه",),
    ("وبالنسبه",),
    ("بخصوص",),
    ("وبخصوص",),
    ("عن",),
    ("وعن",),
    ("بشان",),
    ("وبشان",),
)
"""The same without «ف», behind a comma («فيما يخص المخابز، المطلوب منها»)."""


@dataclass(frozen=True, slots=True)
class Referent:
    """A noun phrase that a pronoun may stand for: its words ``first`` to before ``last``, its form by number and gender, its grammatical role."""

    mention: Mention
    first: int
    last: int
    form: str
    role: str
    place: Standing | None


def weights() -> Mapping[str, float]:
    """Weight of each feature."""
    return read_weights("antecedent")


@cache
def _numbers() -> tuple[frozenset[str], frozenset[str]]:
    """Nouns that have broken plurals, and these plurals, folded."""
    with model_file("lexicon/plurals.csv").open(encoding="utf-8", newline="") as file:
        rows = [(fold(row["singular"]), fold(row["plurals"]).split()) for row in csv.DictReader(file)]
    return frozenset(one for one, _ in rows), frozenset(form for _, forms in rows for form in forms)


class Referents(Slots):
    """Finds what pronouns of the third person stand for."""

    def referent(
        self, t: int, pronoun: str, issuer: Mention | None, told: Sequence[Mention], topic: Mention | None
    ) -> Mention | None:
        """What the pronoun at word ``t`` of an act of ``issuer`` stands for; ``told`` were told to act last, ``topic`` is set before the sentence."""
        w = weights()
        scored = (
            (math.fsum(w.get(f, 0.0) for f in features), -k, found)
            for k, (found, features) in enumerate(self.referents(t, pronoun, issuer, told, topic))
        )
        best = max(scored, key=lambda s: s[:2])[2]
        return best.mention if best is not None else None

    def referents(
        self, t: int, pronoun: str, issuer: Mention | None, told: Sequence[Mention], topic: Mention | None
    ) -> Iterator[tuple[Referent | None, tuple[str, ...]]]:
        """The candidates for the pronoun at word ``t``, the nearest first, each with its features; None for nobody.

        «كم» stands for those whom the quotation that opens at ``t`` addresses; its features are its own.
        """
        w, fitting = self.words.text, 0
        for found in self._nouns_before(t, [*told, *([topic] if topic is not None else [])]):
            about = w[found.first - 1].lstrip("و") == "عن" or found.role.startswith("subj_say")
            if issuer is not None and _same(found.mention, issuer) or pronoun == "كم" and about:
                continue  # who speaks, and who is spoken about, is not spoken to
            yield found, self._features_of(t, pronoun, found, fitting, told, topic)
            fitting += found.form in _FITS[pronoun]
        verb = "verb" if w[t].removesuffix(pronoun).lstrip("وف") not in _BEARERS else "particle"
        if pronoun == "كم":
            yield None, ("you:none", f"you:none|fitting{min(2, fitting)}")
        else:
            yield None, ("none", f"none|{pronoun}", f"none|fitting{min(2, fitting)}", f"none|{verb}")

    def _nouns_before(self, t: int, known: Sequence[Mention]) -> Iterator[Referent]:
        """Who is named or spoken of before word ``t``, the nearest first; last the ``known`` who are none of these."""
        further = {self.word_at(m.span.start): m.span for m in known if m.span.end <= self._raw_end(t - 1)}
        standing = {p.first: p for p in self.places if p.last <= t}
        inside = {i for p in standing.values() for i in range(p.first + 1, p.last)}
        for i in range(t - 1, max(-1, t - _WINDOW), -1):
            if self.sentence[t] - self.sentence[i] > _SENTENCES:
                break
            place = standing.get(i)
            start = place.mention.span.start if place else self._people_at(i) if i not in inside else -1
            if start >= 0 or i in further:
                found = self._referent(i, t, start, place, further.get(i))
                further = {k: span for k, span in further.items() if not found.first <= k < found.last}
                yield found
        for i, span in sorted(further.items(), reverse=True):
            yield self._referent(i, t, span.start, standing.get(i), span)

    def _raw_end(self, i: int) -> int:
        return self.analysis.norm.raw_span(self.words.start[i], self.words.end[i])[1]

    def _people_at(self, i: int) -> int:
        """Raw offset of the noun at word ``i`` that speaks of people who bear no name («المقاول»، «الموزعين»); -1 where there is none."""
        w, v = self.words.text, self.v
        r = v.read(w[i])
        if w[i] in v.words["quantifier"] or not w[i][0].isalpha():
            return -1
        before = w[i - 1] if i else BREAK
        adjective = before.startswith(("ال", "لل")) and not v.is_verb(before) and not self.ends_subject(i)
        plural = r.definite and len(r.stem) > 5 and r.stem.endswith(("ون", "ين")) and not adjective
        owned = self._owned(r.stem)
        each = before.lstrip("ولب") in _EACH and not r.definite and not r.prep
        noun = plural or owned or each or self.set_apart(i)
        if not (r.public or (r.head is not None or noun) and not v.is_verb(w[i])) and not self._whoever(i):
            return -1
        cut = r.cut or int(w[i] in ("ومن", "فمن"))
        return self.analysis.norm.raw_span(self.words.start[i] + cut, self.words.end[i])[0]

    def _owned(self, stem: str) -> bool:
        """True for people with the pronoun of those they belong to («أعوانه»، «مواطنيها»)."""
        own = next((p for p in ("ها", "هم", "ه") if stem.endswith(p) and len(stem) > len(p) + 3), "")
        base = stem.removesuffix(own)
        return bool(own) and (self.v.heads.get(base) is Kind.GROUP or base in self.v.words["public"])

    def _whoever(self, i: int) -> bool:
        """True where «من» opens a clause about whoever does something («من تأخر عليه أن …»)."""
        w = self.words.text
        opens = w[i] in ("من", "ومن", "فمن") and i > 0 and not w[i - 1][0].isalnum()
        return opens and i + 1 < len(w) and (self.v.is_verb(w[i + 1]) or w[i + 1] in ("لم", "لا", "كان", "لديه"))

    def ends_subject(self, i: int) -> bool:
        """True where a subject ends right before word ``i``: what follows is the object («حث الوالي المقاولين»)."""
        return any(p.last == i and p.subject for p in self.places)

    def set_apart(self, i: int) -> bool:
        """True where word ``i`` is set before its sentence («أما القابضون، …»، «فيما يخص المخابز، …»)."""
        w = self.words.text
        if i and w[i - 1] in TOPIC:
            return i < 2 or not w[i - 2][0].isalnum()
        return any(
            k >= 0 and tuple(w[k:i]) == phrase and (not k or not w[k - 1][0].isalnum())
            for phrase in REGARDING
            if (k := i - len(phrase)) >= 0
        )

    def _referent(self, i: int, t: int, start: int, place: Standing | None, known: Span | None) -> Referent:
        """The noun at word ``i`` that starts at a raw offset; as long as the ``known`` phrase there, where there is one."""
        form = self._form(i, i - 1 if i and self.words.text[i - 1] in self.v.words["quantifier"] else i, place)
        end = place.mention.span.end if place else start
        if known is not None:
            start, end = known.start, known.end
        elif place is None or form not in ("m", "f", "body", "body_f"):  # one that is known needs no relative clause
            end = max(end, np_end(self.analysis, start, self._raw_end(t - 1), self))
        if end <= start:
            end = self._raw_end(i)
        last = self.word_at(max(start, end - 1)) + 1
        first = i
        while first and self.words.text[first - 1] in self.v.words["quantifier"]:
            first -= 1
        if first < i:  # «كافة المهنيين»
            start = self.analysis.norm.raw_span(self.words.start[first], self.words.end[first])[0]
        named = place.mention if place else Mention(Span(start, end), None)
        mention = Mention(Span(start, end), named.kind, named.actor_id)
        return Referent(mention, first, last, form, self._role(first, last, place), place)

    def _form(self, i: int, first: int, place: Standing | None) -> str:
        """Number and gender by the noun's letters, and what it names."""
        v = self.v
        stem = v.read(self.words.text[i]).stem
        one = first < i and self.words.text[i - 1].lstrip("ولب") in _EACH and not self.words.text[i].startswith("ال")
        kind = place.mention.kind if place else None
        if place is None and self._whoever(i):
            return "one"
        if one:
            return "one_f" if stem.endswith("ه") else "one"
        if kind in (Kind.PERSON, Kind.OFFICE) and place is not None:
            return "f" if self.gender_of(place) == "f" else "m"
        if kind is Kind.ORGANISATION or kind is None and v.heads.get(stem) is Kind.ORGANISATION:
            if stem.endswith("ات") or stem in _numbers()[1]:
                return "bodies"
            return "body_f" if stem.endswith(("ه", "ي")) else "body"
        if stem.endswith("ات"):
            return "women"
        if len(stem) > 5 and stem.endswith(("ون", "ين")) or len(stem) > 4 and stem.endswith(("و", "ي")):
            return "people"
        single = stem in _numbers()[0] or stem + "ين" in v.words["public"]
        if kind is Kind.GROUP or stem in v.words["public"] and not single:
            return "folk"
        if stem in _numbers()[1] or place is None and self.set_apart(i) and not single and not stem.endswith("ه"):
            return "open"
        return "f" if stem.endswith("ه") else "m"

    def _role(self, first: int, last: int, place: Standing | None) -> str:
        """What the noun is in its clause."""
        w, v = self.words.text, self.v
        before = w[first - 1] if first else BREAK
        r = v.read(w[first])
        if self.set_apart(first):
            return "topic"
        if place is None and self._whoever(first):
            return "whoever"
        preposition = r.prep or (before.lstrip("و") if before.lstrip("و") in v.words["preposition"] else "")
        if preposition:
            return f"oblique:{fold(preposition)}"
        if place is not None:
            return place.features[0].rstrip("~")
        if v.is_verb(before):
            return "governed"
        if self.ends_subject(first):
            return "object"
        if not before[0].isalnum():
            return "initial" if before == BREAK else "after_mark"
        return "conjunct" if r.conj else "genitive"

    def _features_of(
        self, t: int, pronoun: str, found: Referent, fitting: int, told: Sequence[Mention], topic: Mention | None
    ) -> tuple[str, ...]:
        w = self.words.text
        gap = min(4, self.sentence[t] - self.sentence[found.first])
        words = t - found.last
        near = next((str(n) for n in (4, 10, 20, 40, 80) if words <= n), "999")
        fits = found.form in _FITS[pronoun]
        agreement = "fits" if fits else "not"
        nth = f"nth{min(3, fitting)}|{agreement}"
        kind = str(found.mention.kind)
        out = [
            f"{pronoun}|{found.form}", agreement, nth, f"{nth}|gap{gap}", f"gap{gap}", f"near{near}", f"role:{found.role}", f"role:{found.role}|gap{min(1, gap)}",
            f"kind:{kind}", f"role:{found.role}|{kind}",
        ]  # fmt: skip
        if any(_same(m, found.mention) and _alike(m.span, found.mention.span) for m in told):
            out += ["told", f"told|{agreement}", f"told|gap{min(1, gap)}"]
        if topic is not None and topic.span.overlaps(found.mention.span):
            out += ["topic", f"topic|{agreement}"]
        if self.depth[found.first] != self.depth[t]:
            out.append("other_quote")
        if not gap and all(x not in COMMAS for x in w[found.last : t]):
            out.append("same_clause")
        if found.place is not None:
            out.append(f"subject|gap{min(1, gap)}" if found.place.subject else "no_subject")
            if found.place.private:
                out.append("private")
            if found.place.definite:
                out.append("short")
        return tuple(f"you:{f}" for f in out) if pronoun == "كم" else tuple(out)


def _same(a: Mention, b: Mention) -> bool:
    return a.span.overlaps(b.span) or a.actor_id is not None and a.actor_id == b.actor_id


def _alike(a: Span, b: Span) -> bool:
    """True where two spans share half of the longer one."""
    return not a.overlaps(b) or 2 * (min(a.end, b.end) - max(a.start, b.start)) >= max(len(a), len(b))
