"""Whether a group of mentions names an actor or a thing: «شبكة الكهرباء» and «مركز الامتحانات» look like bodies and seldom act.

A logistic score over the head noun, its complement, how often and in what slots it stands. The weights stand in
``models/lexicon/salience.csv``; ``models/train/salience.py`` fits them to the annotated corpora.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from pipeline.actors.recognise import Found
from pipeline.actors.vocabulary import Vocabulary, base_form
from pipeline.actors.words import COMMAS, Words
from pipeline.morphology import masdar
from pipeline.types import Kind
from pipeline.weights import read_weights

THRESHOLD = 0.4
SURE = "sure"
"""A feature that leaves nothing to weigh: the lists know the body that the head introduces («شركة سوناطراك»)."""
_PREPOSITIONS = frozenset(
    {
        "من",
        "في",
        "على",
        "إلى",
        "الى",
        "عن",
        "مع",
        "الي",
        "علي",
        "لدي",
        "بين",
        "امام",
        "أمام",
        "داخل",
        "عبر",
        "حول",
        "ضد",
        "نحو",
        "بعد",
        "قبل",
        "خلال",
    }
)


def weights() -> Mapping[str, float]:
    """Weight of each feature."""
    return read_weights("salience")


def probability(features: Sequence[str]) -> float:
    """How probable it is that mentions with these features name an actor, 0 to 1."""
    return 1 / (1 + math.exp(-math.fsum(filter(None, map(weights().get, features)))))


def names_actor(features: Sequence[str]) -> bool:
    """True where the score reaches the threshold, or nothing is to be weighed."""
    return SURE in features or probability(features) >= THRESHOLD


def features(
    found: Sequence[Found], kind: Kind, head: str, designation: Sequence[str], words: Words, v: Vocabulary
) -> tuple[str, ...]:
    """What speaks for or against the mentions of one actor. ``designation``: its bare words."""
    first = found[0]
    w = words.text
    count = min(3, len(found))
    form = ("def" if first.definite else "ind") + ("full" if any(f.full for f in found) else "bare")
    out = [
        f"{kind}",
        f"{kind}|{form}",
        f"{kind}|count{count}",
        f"{kind}|{form}|count{count}",
        f"length{min(5, len(designation))}|{kind}",
    ]
    if kind is Kind.PERSON:
        name = len({f.name for f in found if f.name})
        out += ["named" if name else "unnamed", "office" if designation else "no_office", f"source:{first.source}"]
    else:
        lemma = head or (designation[0] if designation else "")
        out += [f"head:{lemma}", f"head:{lemma}|{form}", f"head:{lemma}|count{count}"]
        if len(designation) > 1:
            out += [f"complement:{designation[1]}", f"pair:{lemma} {designation[1]}"]
        anchored = any(
            w[i].startswith(("ال", "لل", "بال", "وال")) or w[i] in v.places or w[i] in v.given
            for f in found
            for i in range(f.first + 1, f.last)
        )
        out += [
            f"anchored|{kind}" if anchored or first.definite else f"loose|{kind}",
            f"head:{lemma}|{'anchored' if anchored else 'loose'}",
        ]
        if first.source.startswith("gazetteer"):
            out.append("gazetteer")
        if len(designation) > 1 and any(
            parts[0].removeprefix("ال") == designation[-1] and len(parts) == 1
            for parts, _ in v.fixed.get(designation[-1], ())
        ):
            out.append(SURE)
    if all(f.nested for f in found):
        out += [f"nested|{kind}", f"nested|head:{head}", f"nested|{form}"]
    roles = {_role(f, w, v) for f in found}
    out += [f"role:{r}" for r in roles] + [f"role:{r}|{kind}" for r in roles]
    around: set[str] = set()
    for f in found[:4]:
        around.update(_around(f, w, v))
    out += around
    if "quantified" in around and kind is Kind.GROUP and head in v.words["bare"]:
        out.append(SURE)  # «كافة الولاة»
    out += [f"{x}|{kind}" for x in around if ":" not in x]
    if designation:
        out.append(f"tail:{designation[-1]}")
        if any(w[i] in v.places or v.read(w[i]).stem in v.places for f in found for i in range(f.first + 1, f.last)):
            out += [f"place|{kind}", f"place|head:{head}"]
    return tuple(out)


def _around(f: Found, w: Sequence[str], v: Vocabulary) -> list[str]:
    """Features of the words before and behind a mention: what governs it, whether a task follows, how the clause goes on."""
    out = []
    at = _behind_quantifier(f, w, v)
    before = w[at - 1] if at else "\n"
    if at < f.first:
        out.append("quantified")
    behind = w[f.last] if f.last < len(w) else "\n"
    nxt = w[f.last + 1] if f.last + 1 < len(w) else "\n"
    if not f.nested:
        if task_at(f.last, w):
            out.append("told")
            if v.is_verb(before) or v.read(w[f.first]).prep or before in _PREPOSITIONS:
                out.append("told_governed")
        if v.is_verb(before):
            base = base_form(v, before)
            out.append("verb:" + base)
            out.append("says" if base in v.words["saying"] else "moves" if base in v.words["motion"] else "acts")
        elif before[0].isalpha() and not v.read(w[f.first]).prep and not v.read(w[f.first]).conj:
            out.append("before:" + v.read(before).stem)
            r = v.read(before)
            if r.head is not None:
                out.append("before_head")
        if v.is_verb(behind):
            out.append("then_verb")
        elif behind in ("الذي", "التي", "الذين"):
            out.append("relative")
        elif behind in ("(", "«", '"'):
            out.append("then_quote")
        elif behind in COMMAS:
            out.append("then_comma" + ("_verb" if v.is_verb(nxt) else ""))
        elif behind == "\n" or behind in ".:/-":
            out.append("then_" + ("end" if behind == "\n" else behind))
        elif behind[0].isalpha() and v.read(behind).conj:
            out.append("then_conj" + ("_head" if v.read(behind).head is not None else ""))
        elif behind[0].isalpha():
            out.append(
                "then:"
                + (
                    behind
                    if behind in v.words["stop"]
                    else "prep_" + v.read(behind).prep
                    if v.read(behind).prep
                    else "def"
                    if v.read(behind).definite
                    else "word"
                )
            )
    return out


def _behind_quantifier(f: Found, w: Sequence[str], v: Vocabulary) -> int:
    """Index of the word where a mention starts with its quantifiers («كافة الولاة»)."""
    at = f.first
    while at and w[at - 1] in v.words["quantifier"]:
        at -= 1
    return at


def task_at(i: int, w: Sequence[str]) -> bool:
    if i + 1 >= len(w):
        return False
    if w[i] in ("أن", "ألا", "بأن", "بألا"):
        return True
    task = masdar(w[i][1:] if w[i][0] == "ب" else w[i + 1] if w[i] in ("إلى", "الى", "الي", "على") else "")
    return task is not None and task.score >= 0.5


def _role(f: Found, w: Sequence[str], v: Vocabulary) -> str:
    """The slot a mention stands in, by the word before it and the word behind."""
    at = _behind_quantifier(f, w, v)
    before = w[at - 1] if at else "\n"
    behind = w[f.last] if f.last < len(w) else "\n"
    first = w[f.first]
    clitic = first[:1] in "بلك" and v.read(first).prep
    if clitic:
        return "clitic_" + clitic
    if before in _PREPOSITIONS:
        return "oblique_" + ("agent" if before == "قبل" and at > 1 and w[at - 2] == "من" else before)
    if v.is_verb(before):
        return "subject"
    if not before[0].isalnum():
        if v.is_verb(behind):
            return "topic"
        return "line" if before == "\n" else "comma" if before in COMMAS else "mark"
    if v.read(first).conj:
        return "conjunct"
    return "genitive"
