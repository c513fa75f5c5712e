"""Lists words that are seldom or never part of a personal name (``models/lexicon/common_words.txt``).

usage: python models/train/common_words.py TEXTS.jsonl[.xz] [TEXTS …] [--least 8] [--share 0.2]

A folded word counts as ordinary where a corpus of news holds it ``--least`` times and at most ``--share`` of these stand behind a given name,
or a particle of names. The corpora are the Tunisian radio's (antcorpus, Apache-2.0 with citation) and our own training split; nothing that the
recogniser is measured on is read. The words of our lists of masdars and verbs are added.
"""

from __future__ import annotations

import argparse
import csv
import json
import lzma
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pipeline.actors import vocabulary
from pipeline.normalize import fold

LEXICON = Path(__file__).resolve().parent.parent / "lexicon"
OUT = LEXICON / "common_words.txt"
_SAINTS = ("سيدي", "اولاد", "بني", "ايت", "بن", "بو", "ابو", "مولاي")
"""What opens the names of towns called after persons: «سيدي بوعلي»."""
_WORDS = re.compile(r"[^\W\d_]+|\S")


def texts(path: Path) -> Iterator[str]:
    """The texts of a JSON-lines file, packed or not."""
    with lzma.open(path, "rb") if path.suffix == ".xz" else path.open("rb") as file:
        for line in file:
            yield json.loads(line).get("text") or ""


def counts(path: Path) -> tuple[Counter[str], Counter[str]]:
    """How often each word stands in the corpus, and how often where a name goes on."""
    v = vocabulary.default()
    before = v.given.keys() | v.words["particle_name"] | {"عبد"}
    all_, named = Counter[str](), Counter[str]()
    for text in texts(path):
        words = _WORDS.findall(fold(text))
        all_.update(words)
        for first, second, third in zip(words, words[1:], [*words[2:], ""], strict=False):
            if first in before:
                named[second] += 1
                if second in v.given or second in v.words["particle_name"]:
                    named[third] += 1
    return all_, named


def own_words() -> set[str]:
    """The folded words of our lists of masdars and verb forms."""
    found = set()
    for name in ("masdars.csv", "verb_forms.csv"):
        with (LEXICON / name).open(encoding="utf-8", newline="") as file:
            found |= {fold(cell) for row in csv.reader(file) for cell in row[:1]}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--least", type=int, default=8)
    parser.add_argument("--share", type=float, default=0.2)
    args = parser.parse_args()
    v = vocabulary.default()
    saints = {part for first in _SAINTS for rest in v.places.get(first, ()) for part in rest}
    all_, named = Counter[str](), Counter[str]()
    for path in args.texts:
        for total, part in zip((all_, named), counts(path), strict=True):
            total.update(part)
    seen = {
        word for word, n in all_.items() if n >= args.least and named[word] <= args.share * n and word not in saints
    }
    words = sorted(
        w
        for w in seen | own_words()
        if len(w) > 1 and w.isalpha() and not w.isascii() and not (w in v.given and not v.given[w])
    )
    OUT.write_text("\n".join(words) + "\n", encoding="utf-8")
    print(f"{len(words)} words")


if __name__ == "__main__":
    main()
