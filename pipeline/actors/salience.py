"""Whether a group of mentions names an actor or a thing: «شبكة الكهرباء» and «مركز الامتحانات» look like bodies and seldom act.

A logistic score over the head noun, its complement, how often and in what slots it stands. The weights stand in
``models/lexicon/salience.csv``; ``models/train/salience.py`` fits them to the annotated corpora.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from pipeline.actors.phrases import COMMAS, Words
from pipeline.actors.recognise import Found
from pipeline.actors.vocabulary import Vocabulary
from pipeline.types import Kind
from pipeline.weights import read_weights

THRESHOLD = 0.4
LISTED = "lists_name"
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
    table = weights()
    return 1 / (1 + math.exp(-math.fsum(table.get(f, 0.0) for f in features)))


def names_actor(features: Sequence[str]) -> bool:
    """True where the score reaches the threshold, or the lists know the body that the head introduces («شركة سوناطراك»)."""
    return LISTED in features or probability(features) >= THRESHOLD


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
            out.append(LISTED)
    if all(f.nested for f in found):
        out += [f"nested|{kind}", f"nested|head:{head}", f"nested|{form}"]
    roles = {_role(f, w, v) for f in found}
    out += [f"role:{r}" for r in roles] + [f"role:{r}|{kind}" for r in roles]
    return tuple(out)


def _role(f: Found, w: Sequence[str], v: Vocabulary) -> str:
    """The slot a mention stands in, by the word before it and the word behind."""
    before = w[f.first - 1] if f.first else "\n"
    behind = w[f.last] if f.last < len(w) else "\n"
    first = w[f.first]
    clitic = first[:1] in "بلك" and v.read(first).prep
    if clitic:
        return "clitic_" + clitic
    if before in _PREPOSITIONS:
        return "oblique_" + ("agent" if before == "قبل" and f.first > 1 and w[f.first - 2] == "من" else before)
    if v.is_verb(before):
        return "subject"
    if not before[0].isalnum():
        if v.is_verb(behind):
            return "topic"
        return "line" if before == "\n" else "comma" if before in COMMAS else "mark"
    if v.read(first).conj:
        return "conjunct"
    return "genitive"
