"""Whether a group of mentions names an actor or a thing: «شبكة الكهرباء» and «مركز الامتحانات» look like bodies and seldom act.

Two looks. The first is a logistic score of each group over its head noun, its complement, how often and in what slots it stands. The second
weighs that score against the groups beside it: those that could stand for the same actor («رئيس المجلس» and «المجلس»: what the likelier one
says is said), the one it is coordinated with, the one it stands in. The weights of both stand in ``models/lexicon/salience.csv``;
``models/train/salience.py`` fits them to the annotated corpora.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.actors.recognise import Found
from pipeline.actors.vocabulary import Vocabulary
from pipeline.actors.words import BREAK, COMMAS, Words
from pipeline.morphology import masdar
from pipeline.types import Kind
from pipeline.weights import read_weights

THRESHOLD = 0.44
SURE = "sure"
"""A feature that leaves nothing to weigh: the lists know the body that the head introduces («شركة سوناطراك»)."""
_SPECIAL = frozenset({"rule:press", "rule:agency", "rule:country", "rule:adjective"})
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


@dataclass(frozen=True, slots=True)
class Group:
    """The mentions of one actor as they are weighed: their features, and the numbers of the groups that bear on them."""

    features: tuple[str, ...]
    kind: Kind
    head: str
    size: int
    """Words of the designation."""
    rivals: tuple[int, ...]
    """Groups whose name has all words of this one's, or the other way round: both could be one actor."""
    chain: int | None
    """The group that «و» ties a mention to."""
    holder: int | None
    """The group in whose mention all mentions lie."""


def probability(features: Sequence[str], table: Mapping[str, float]) -> float:
    """How probable it is that mentions with these features name an actor, 0 to 1."""
    return 1 / (1 + math.exp(-math.fsum(filter(None, map(table.get, features)))))


def kept(groups: Sequence[Group]) -> list[bool]:
    """Of each group of a document whether it names an actor: the second look reaches the threshold, or nothing is to be weighed."""
    table = weights()
    first = [probability(g.features, table) for g in groups]
    looks = second_look(groups, first)
    return [SURE in g.features or _second(look) >= THRESHOLD for g, look in zip(groups, looks, strict=True)]


@lru_cache(maxsize=1 << 14)
def _second(look: tuple[str, ...]) -> float:
    return probability(look, weights())


def second_look(groups: Sequence[Group], first: Sequence[float]) -> list[tuple[str, ...]]:
    """Features of the second look. ``first``: probability of each group after the first."""
    out = []
    for k, (g, p) in enumerate(zip(groups, first, strict=True)):
        p = min(max(p, 1e-6), 1 - 1e-6)
        above = [first[j] for j in g.rivals if (first[j], -j) > (p, -k)]
        below = [first[j] for j in g.rivals if (first[j], -j) < (p, -k)]
        found = [
            "2:",
            f"2:{g.kind}",
            *_steps(math.log(p / (1 - p)), g.kind),
            f"2:above:{int(max(above) * 5) if above else 'none'}",
            f"2:below:{int(max(below) * 5) if below else 'none'}",
            f"2:above_count:{min(2, len(above))}",
        ]
        if above:
            best = groups[max((j for j in g.rivals if (first[j], -j) > (p, -k)), key=lambda j: first[j])]
            found += [
                f"2:rival:{best.kind}|{g.kind}",
                f"2:rival:{best.head}|{g.head}",
                f"2:longer:{best.size > g.size}",
            ]
        if g.chain is not None:
            found += [f"2:chain:{int(first[g.chain] * 4)}", f"2:chain:{int(first[g.chain] * 4)}|{g.kind}"]
        if g.holder is not None:
            found.append(f"2:within:{int(first[g.holder] * 4)}|{groups[g.holder].kind}|{g.kind}")
        out.append(tuple(found))
    return out


def _steps(logit: float, kind: Kind) -> tuple[str, ...]:
    """The first score on rulers whose marks do not coincide, so that their weights together rise evenly, two of them by kind."""

    def at(marks: float, farthest: int) -> int:
        return max(-farthest, min(farthest, round(marks)))

    return (
        f"2:first:{at(3 * logit, 12)}",
        f"2:halves:{at(2 * logit, 8)}",
        f"2:between:{at(2 * logit + 0.5, 8)}",
        f"2:quarters:{at(4 * logit, 12)}|{kind}",
        f"2:whole:{at(logit, 5)}|{kind}",
    )


Holder = tuple[str, Kind, tuple[str, ...]]
"""Head, kind and designation of the actor in whose mention another one lies."""


def features(
    found: Sequence[Found],
    kind: Kind,
    head: str,
    designation: Sequence[str],
    words: Words,
    v: Vocabulary,
    holders: Sequence[Holder] = (),
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
        anchored = any(any(map(v.is_anchor, w[f.first + 1 : f.last])) for f in found)
        out += [
            f"anchored|{kind}" if anchored or first.definite else f"loose|{kind}",
            f"head:{lemma}|{'anchored' if anchored else 'loose'}",
        ]
        if first.source.startswith("gazetteer"):
            out.append("gazetteer")
        elif first.source in _SPECIAL:
            out.append(f"source:{first.source}")
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
    for held_by, kind_of, name_of in holders:
        out += [f"in:{held_by}|{kind_of}", f"in:{kind_of}|{kind}|{name_of[1:2] == tuple(designation[:1])}"]
    if designation:
        out.append(f"tail:{designation[-1]}")
        if any(any(map(v.is_place, w[f.first + 1 : f.last])) for f in found):
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
    if before == "#":
        out.append("hashtag")
    if before == BREAK == behind:
        out.append("alone")
    if not f.nested:
        out += _verbs_before(at, w, v)
        if task_at(f.last, w):
            out.append("told")
            if v.is_verb(before) or v.read(w[f.first]).prep or before in _PREPOSITIONS:
                out.append("told_governed")
        if v.is_verb(before):
            base = v.base_form(before)
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


def _verbs_before(at: int, w: Sequence[str], v: Vocabulary) -> list[str]:
    """The last verb before word ``at`` in its sentence, and whether one of ordering stands there, by distance."""
    out: list[str] = []
    for i in range(at - 1, max(-1, at - 13), -1):
        if w[i] == BREAK:
            break
        if v.is_verb(w[i]):
            base = v.base_form(w[i])
            if not out:
                out.append("last_verb:" + base)
            if base in v.words["transitive"]:
                out += ["ordered", f"ordered:{min(3, (at - i) // 2)}"]
                break
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
