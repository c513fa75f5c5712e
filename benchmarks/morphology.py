"""How well and how fast words are told to be masdars: the list, the shapes, both together, and farahidi where it is installed.

    python benchmarks/morphology.py GOLD.jsonl [GOLD.jsonl …]

Three tables. Heads: the share of the first words of gold instructions that are found, verbs left out. Introduced: of the words that
a preposition (ب ل على إلى) introduces between a trigger and its first instruction, how many are taken for its head by mistake. Words:
686 words so introduced in a sample of Saudi and Tunisian news, judged by hand (``tests/morphology/introduced_words.csv``).
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline import morphology
from pipeline.normalize import fold, normalize

WORDS = Path(__file__).resolve().parent.parent / "tests" / "morphology" / "introduced_words.csv"
Score = Callable[[str, str], float]
"""Folded word, word as written -> 0..1."""


def both(word: str, raw: str) -> float:
    found = morphology.masdar(word, raw)
    return found.score if found else 0.0


def list_only(word: str, raw: str) -> float:
    found = morphology.masdar(word, raw)
    return found.score if found and found.listed else 0.0


def shapes_only(word: str, raw: str) -> float:
    """The regular shapes with an empty list: the module asked as if ``masdars.csv`` held nothing."""
    free = [word, word[2:]] if word.startswith("ال") else [word]
    hung = morphology._PRONOUN.fullmatch(word)
    if hung:
        free += morphology._free_forms(hung["stem"])
    return float(any(shape and shape.lastgroup != "V" for shape in map(morphology._SHAPE.fullmatch, free)))


def farahidi_score() -> Score | None:
    """Farahidi says masdar (مصدر) in one of its readings, as written with hamza: it knows no folded spelling."""
    try:
        import farahidi
    except ImportError:
        return None
    seen: dict[str, float] = {}

    def score(word: str, raw: str) -> float:
        if raw not in seen:
            seen[raw] = float(any("مصدر" in (a.type or "") for a in farahidi.analyze(raw)))
        return seen[raw]

    return score


def heads(paths: list[Path]) -> Counter[tuple[str, str]]:
    """First words of instructions, folded and as written, without those that are verbs by their shape."""
    found: Counter[tuple[str, str]] = Counter()
    for doc in read(paths):
        for act in doc["directives"]:
            for text in (i["text"] for i in act["instructions"]):
                raw = re.match(r"\W*((?:[^\W\d_]|[\u064b-\u0652\u0640])+)", text)
                if raw is None:
                    continue
                word = fold(raw[1])
                lam = word.startswith("ل") and doc["text"][max(0, text_start(doc, act, text) - 1)] == "ل"
                word, written = ("ا" + word, "ا" + raw[1]) if lam else (word, raw[1])
                if word in ("لا", "الا") or morphology.subjunctive(word) or morphology.imperative(word):
                    continue
                found[word, written] += 1
    return found


def text_start(doc: dict, act: dict, text: str) -> int:
    return next(i["start"] for i in act["instructions"] if i["text"] == text)


def read(paths: list[Path]) -> Iterator[dict]:
    for path in paths:
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)


def introduced(text: str) -> Iterator[tuple[int, str]]:
    """Start and form of each word of a folded text that ب ل على or إلى introduces."""
    before = ""
    for match in re.finditer(r"[^\W\d_]+", text):
        word = match[0]
        if before.lstrip("وف") in ("علي", "الي"):
            yield match.start(), word
        clitic = re.fullmatch("[وف]?([بل])(.{3,})", word)
        if clitic:
            stem = clitic[2]
            yield match.end() - len(stem), "ا" + stem if clitic[1] == "ل" and stem[0] == "ل" else stem
        before = word


def candidates(paths: list[Path]) -> tuple[Counter[tuple[str, str]], int]:
    """Words introduced after a trigger and before its first instruction, in no instruction of the text; and how many of these acts."""
    found: Counter[tuple[str, str]] = Counter()
    acts = 0
    for doc in read(paths):
        view = normalize(doc["text"])
        spans = [(i["start"], i["end"]) for act in doc["directives"] for i in act["instructions"]]
        for act in doc["directives"]:
            first = min((i["start"] for i in act["instructions"]), default=0)
            if first <= act["trigger"]["end"]:
                continue
            acts += 1
            base, stop = view.index_of(act["trigger"]["end"]), view.index_of(first)
            for at, word in introduced(view.text[base:stop]):
                start, end = view.raw_span(base + at, base + at + len(word))
                if base + at + len(word) <= stop and not any(s <= start < e for s, e in spans):
                    found[word, doc["text"][start:end]] += 1
    return found, acts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--threshold", type=float, default=0.5)
    options = parser.parse_args()
    systems: dict[str, Score | None] = {
        "list": list_only,
        "shapes": shapes_only,
        "list + shapes": both,
        "farahidi": farahidi_score(),
    }
    gold_heads, (others, acts) = heads(options.gold), candidates(options.gold)
    with WORDS.open(encoding="utf-8", newline="") as file:
        judged = [row for row in csv.DictReader(file) if row["masdar"] != "unclear"]
    print(f"{sum(gold_heads.values())} heads; {sum(others.values())} other introduced words in {acts} acts")
    print(
        f"threshold {options.threshold}\n{'':15}{'heads':>8}{'mistaken':>10}{'words P':>9}{'words R':>9}{'words/s':>10}"
    )
    for name, score in systems.items():
        if score is None:
            print(f"{name:15} not installed")
            continue
        began = time.perf_counter()
        hit = sum(n for pair, n in gold_heads.items() if score(*pair) >= options.threshold)
        wrong = sum(n for pair, n in others.items() if score(*pair) >= options.threshold)
        rate = (len(gold_heads) + len(others)) / (time.perf_counter() - began)
        yes = [row for row in judged if score(row["word"], row["word"]) >= options.threshold]
        right = sum(int(row["count"]) for row in yes if row["masdar"] == "yes")
        precision = right / max(1, sum(int(row["count"]) for row in yes))
        recall = right / sum(int(row["count"]) for row in judged if row["masdar"] == "yes")
        print(
            f"{name:15}{hit / sum(gold_heads.values()):8.3f}{wrong / max(1, sum(others.values())):10.3f}"
            f"{precision:9.3f}{recall:9.3f}{rate:10,.0f}"
        )
    words = [word for word, _ in gold_heads] + [word for word, _ in others]
    morphology._masdar.cache_clear()
    began = time.perf_counter()
    for word in words:
        morphology.masdar(word)
    cold = time.perf_counter() - began
    began = time.perf_counter()
    for _ in range(100):
        for word in words:
            morphology.masdar(word)
    warm = (time.perf_counter() - began) / 100
    print(f"cold {cold / len(words) * 1e6:.1f} µs a word; cached {len(words) / warm:,.0f} words/s")


if __name__ == "__main__":
    main()
