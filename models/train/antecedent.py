"""Fits the weights by which the referent of a pronoun of those told to act is chosen (``models/lexicon/antecedent.csv``).

usage: python models/train/antecedent.py GOLD.jsonl [GOLD.jsonl …] [--folds 10]

A listwise softmax over the candidates before each pronoun that stands between a trigger and its instruction, with L2; a candidate is
right when it shares at least half its words with an addressee that is annotated before the trigger. With ``--folds`` it also prints the accuracy on documents held out.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from issuer import Row, fitted, indexed

from pipeline import lexicon
from pipeline.actors import SpeakerIndex
from pipeline.types import Mention, Span
from pipeline.weights import write_weights

OUT = Path(__file__).resolve().parent.parent / "lexicon" / "antecedent.csv"
_PRONOUNS = ("ه", "ها", "هم", "هما", "هن")
_STEMS = ("من", "الي", "إلي", "علي", "ايا")
_FOR = ("ل",)
"""«لها» may say whose something is: somebody is told by it only where an addressee stands before."""


def pronoun(index: SpeakerIndex, directive: dict[str, Any]) -> tuple[int, str] | None:
    """The word and the pronoun of those told to act, on the trigger or between it and the first instruction; of a quoted command the word that opens the quotation.

    None where there is none.
    """
    w = index.words.text
    trigger, first = directive["trigger"], directive["instructions"][0]
    commanded = index.word_at(trigger["start"])
    if first["start"] <= trigger["start"] < first["end"]:  # a command: «you», of those spoken to before its quotation
        quoted = commanded < len(w) and index.depth[commanded] and not index.turned_to(commanded)
        return (index.opening(commanded), "كم") if quoted else None
    t, head = index.word_at(trigger["start"]), index.word_at(directive["instructions"][0]["start"])
    word = w[t][max(0, index.analysis.norm.index_of(trigger["start"]) - index.words.start[t]) :]
    forms = lexicon.default().forms.get(word, ())
    if (
        forms
        and all(f.pronoun in _PRONOUNS and f.klass != "masdar" for f in forms)
        and not trigger["text"].endswith("ة")
    ):
        return t, forms[0].pronoun
    for k in range(t, max(head, t + 1)):
        for x in (w[k], w[k][1:] if w[k][0] in "وف" else w[k]):
            stems = _STEMS + _FOR * bool(directive["addressees"])
            found = next((x[len(s) :] for s in stems if x.startswith(s) and x[len(s) :] in _PRONOUNS), "")
            if found and (k > t or x == word):
                return k, found
    return None


def rows(path: Path) -> list[tuple[str, list[Row]]]:
    """For each document: its pronouns, each with candidates' features and which are right."""
    return [(doc["id"], list(_rows(index, doc))) for doc, index in indexed(path)]


def _rows(index: SpeakerIndex, doc: dict[str, Any]) -> Iterator[Row]:
    told: tuple[Mention, ...] = ()
    for directive in doc["directives"]:
        gold = [Span(a["start"], a["end"]) for a in directive["addressees"]]
        at = pronoun(index, directive) if directive["instructions"] else None
        if at is not None and at[0] and all(s.end <= directive["trigger"]["start"] for s in gold):
            issuer = directive["issuer"]
            by = (
                (index.mention_at(issuer["start"]) or Mention(Span(issuer["start"], issuer["end"]), None))
                if issuer
                else None
            )
            features, right = [], []
            for found, feats in index.referents(*at, by, told, index.topic(at[0])):
                features.append(feats)
                right.append(any(_alike(doc["text"], found.mention.span, s) for s in gold) if found else not gold)
            yield features, right
        told = tuple(index.mention_at(s.start) or Mention(s, None) for s in gold)


def _alike(text: str, a: Span, b: Span) -> bool:
    """Half of the words shared."""
    x, y = ({m.start() + s.start for m in re.finditer(r"\w+", text[s.start : s.end])} for s in (a, b))
    return 2 * len(x & y) >= 0.5 * (len(x) + len(y)) > 0


def accuracy(data: Sequence[Row], weights: dict[str, float]) -> float:
    """Share of the pronouns whose best candidate is right."""
    best = (
        right[max(range(len(right)), key=lambda i: sum(weights.get(f, 0.0) for f in features[i]))]
        for features, right in data
    )
    return sum(best) / max(1, len(data))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--l2", type=float, default=0.05)
    parser.add_argument("--test", type=Path, nargs="*", default=[])
    args = parser.parse_args()
    docs = [doc for path in args.gold for doc in rows(path)]
    weights = fitted(docs, "pronouns", accuracy, args.folds, args.l2)
    for path in args.test:
        test = [row for _, found in rows(path) for row in found]
        print(f"{path.name}: {accuracy(test, weights):.4f} of {len(test)}")
    write_weights(OUT, weights, 0.02)


if __name__ == "__main__":
    main()
