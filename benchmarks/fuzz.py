"""Composed and broken Arabic texts through the whole pipeline: no crash, no broken span.

usage: python benchmarks/fuzz.py [--texts 200000] [--seed 1] [--seconds 280] [--from 0] [--decide rules]

Each text is drawn from its number and the seed alone, so that any can be made again with ``--from N --texts 1``. Pieces are words of the
trigger lexicon and the gazetteers, clitics, dates, names, marks, harakat and tatweel, presentation forms and ligatures, bidi and
zero-width marks, combining marks of other scripts, Latin, digits of three kinds, emoji, unpaired surrogates, control characters, bullets,
counters and bylines; they are joined with and without white space, repeated, reversed and cut inside words.

Checked of every record: each span lies in the text, is not empty, and is ordered; the rows of the store say ``text[start:end]``; no
boundary parts a letter from its marks; tokens lie in their sentence, sentences in order, none over another; ids are unique; due dates and
intervals are in order; the same text gives the same records twice (each hundredth). Stops after ``--seconds`` and says how far it came.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import random
import re
import time
import unicodedata
from collections.abc import Iterator, Sequence

from pipeline import lexicon
from pipeline.pipeline import Decide, default_pipeline
from pipeline.resources import models_dir
from pipeline.store.rows import to_rows
from pipeline.types import Analysis, Document, Span

MARKS = [chr(c) for c in (*range(0x64B, 0x656), 0x670, 0x640)]
ODD = "\u200f \u200e \u202b \u202c \u2066 \u2069 \u200c \u200d \ufeff \u00ad \u061c ﷺ ﷲ ﻻ ﻷ ﺍ ﺏ ﷽ ﴾ ﴿ \u0301 \u093f \U0001f1e9 \U0001f1ff \U0001f468\u200d\U0001f469 \ud800 \udfff \x00 \x07 \x1b \u2028 \u2029 \x85 \x0b \x0c \t \r\n \u00a0 \u3000 ۀ ە ڤ پ گ ݣ ࢠ 𞸀".split(
    " "
)
POINTS = [*"،؛:.؟!…«»\"“”()[]{}-–—/\\%٪*•▪|_ـ٫٬'`~^=+<>#@&", *"\n~\n\n~...~؟!~- ~1- ~أ) ~• ~: ~ - ".split("~")]
DATES = "15 جوان 2025|7/1/2025|٢٠٢٥/٠١/٠٧|1446 هـ|غرة محرم 1447|يوم الأحد المقبل|قبل نهاية السنة|في أجل 15 يوما|منتصف شهر مارس|الساعة 10:30|غدا|أمس|خلال ثلاثة أشهر|2016 - 2020|السداسي الثاني|كل يوم|31/02/2025|99/99/9999|قبل 30 جوان|ليلة القدر|83-11|5.000|1,3|٪20|00:00|29 فبراير 2023".split(
    "|"
)
LATIN = "CNAS COVID-19 http://x.dz/a?b=1 user@x.dz 100km/h α β 你好 नमस्ते <b>نص</b> views: 12 1.2.3.4".split()
ACTS = (
    "أمر {a} {a} ب{m} {d}|وشدد {a} على ضرورة {m} {w}|دعا {a} {a} إلى {m} {w}، و{m} {d}|داعيا {a} إلى عدم {m}|يجب على {a} {m} {w}|كلف {a} {a} ب{m}، وبـ{m} قصد {m}"
    "|قال {a}: «{w} {m}»|تقرر ما يلي:\n- {m} {w}؛\n- {m} {d}.|أوصى {a} بأن يتم {m} {d}|يمنع {m} {w} {d}|لم يأمر {a} ب{m}|طالب {a}، {a}، {a} ب{m}"
).split("|")
LEADS = "و ف ب ل ك ال وال بال لل ولل فلل وب س أ وس".split()


def column(path: str) -> list[str]:
    """The Arabic cells of a table under models/."""
    with (models_dir() / path).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(row for row in stream if not row.startswith("#")))
    return sorted({cell for row in rows[1:] for cell in row if cell and "\u0600" <= cell[0] <= "\u06ff"})


def vocabulary() -> list[str]:
    """Words that rules look for: forms of triggers, word classes and phrases, institutions, places, names."""
    words = set(lexicon.default().forms)
    for klass in lexicon.default().words.values():
        words |= klass
    for table in lexicon.default().phrases.values():
        words |= {" ".join(phrase) for phrases in table.values() for phrase in phrases}
    for name in ("dz_institutions", "dz_wilayas", "given_names", "bodies", "countries"):
        words |= set(column(f"gazetteers/{name}.csv"))
    return sorted(words)


def compose(draw: random.Random, words: Sequence[str], names: Sequence[str], masdars: Sequence[str]) -> str:
    """One text."""
    slots = {"a": names, "m": masdars, "d": DATES, "w": words}
    pieces: list[str] = []
    for _ in range(draw.choice((1, 3, 6, 12, 25, 50))):
        kind = draw.random()
        if kind < 0.12:
            act = draw.choice(ACTS)
            word = re.sub(r"\{(\w)\}", lambda slot: draw.choice(slots[slot[1]]), act) + draw.choice(
                ("", ".", "، ", " ")
            )
        elif kind < 0.62:
            word = draw.choice(words)
            if draw.random() < 0.25:
                word = draw.choice(LEADS) + word
            if draw.random() < 0.1:
                word = "".join(c + draw.choice(MARKS) * draw.randint(0, 2) for c in word)
            if draw.random() < 0.03:
                word = word[draw.randrange(len(word)) :] or word
            if draw.random() < 0.02:
                word = word[::-1]
        elif kind < 0.74:
            word = draw.choice(POINTS)
        elif kind < 0.84:
            word = draw.choice(DATES)
        elif kind < 0.9:
            word = draw.choice(ODD)
        elif kind < 0.93:
            word = draw.choice(LATIN)
        elif kind < 0.95:
            word = draw.choice((*POINTS, *ODD, *MARKS)) * draw.randint(2, 40)
        elif kind < 0.97 and pieces:
            word = " ".join(pieces[-3:]) * draw.randint(1, 3)
        else:
            word = "".join(chr(draw.choice((draw.randint(0x600, 0x6FF), draw.randint(0x20, 0x2FFF), draw.randint(0xFB50, 0xFEFF)))) for _ in range(draw.randint(1, 4)))  # fmt: skip
        pieces.append(word + draw.choice((" ", " ", " ", " ", " ", "", "\n", "  ", "\u00a0")))
    return "".join(pieces)


def spans(value: object) -> Iterator[Span]:
    """All spans in a record."""
    if isinstance(value, Span):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from spans(item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from spans(getattr(value, field.name))


def faults(analysis: Analysis) -> Iterator[str]:
    """What is wrong with an analysis."""
    raw = analysis.document.raw
    end = 0
    for sentence in analysis.sentences:
        if sentence.span.start < end:
            yield f"sentence {sentence.span} over the one before"
        end = sentence.span.end
        at = sentence.span.start
        for token in sentence.tokens:
            if token.span.start < at or token.span.end > end:
                yield f"token {token.span} not in order in its sentence {sentence.span}"
            at = token.span.end
    records = (
        analysis.sentences,
        analysis.times,
        analysis.mentions,
        analysis.actors,
        analysis.directives,
        analysis.rejected,
    )
    for span in spans(records):
        if not 0 <= span.start < span.end <= len(raw):
            yield f"span {span} in a text of {len(raw)}"
        elif any(at < len(raw) and raw[at] in MARKS and raw[at - 1] not in MARKS and unicodedata.category(raw[at - 1]) == "Lo" for at in (span.start, span.end) if at):  # fmt: skip
            yield f"span {span} parts a letter from its marks"
    for name in ("directives", "actors"):
        ids = [record.id for record in getattr(analysis, name)]
        if len(set(ids)) != len(ids):
            yield f"{name} with one id"
    for time_expression in analysis.times:
        first, last = time_expression.earliest, time_expression.latest
        if first and last and first > last:
            yield f"interval {first} to {last}"
    for rows in to_rows(analysis).records.values():
        for row in rows:
            text = row.get("instruction") or row.get("text")
            if "start" in row and raw[row["start"] : row["end"]] != text:
                yield f"row {row['start']}–{row['end']} says {text!r}"


def main() -> int:
    """Fuzz and report; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=200_000)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=280)
    parser.add_argument("--decide", type=Decide, default=Decide.RULES)
    args = parser.parse_args()
    words, analyse = vocabulary(), default_pipeline(args.decide)
    names, masdars = (
        column("gazetteers/dz_institutions.csv")
        + "الوالي الوزير رئيس_البلدية مدير_الري المواطنين".replace("_", " ").split(),
        column("lexicon/masdars.csv"),
    )
    begun, wrong, found, slowest = time.perf_counter(), 0, [0, 0, 0], (0.0, 0)
    number = args.first
    for number in range(args.first, args.first + args.texts):
        if time.perf_counter() - begun > args.seconds:
            break
        text = compose(random.Random(f"{args.seed}:{number}"), words, names, masdars)
        started = time.process_time()
        try:
            analysis = analyse(Document(f"f{number}", text))
            said = list(faults(analysis))
            if number % 100 == 0 and analyse(Document(f"f{number}", text)) != analysis:
                said.append("read again it gives other records")
        except Exception as error:
            said = [f"{type(error).__name__}: {error}"]
        else:
            records = (analysis.directives, analysis.actors, analysis.times)
            found = [n + len(r) for n, r in zip(found, records, strict=True)]
        slowest = max(slowest, (time.process_time() - started, number))
        if said:
            wrong += 1
            print(f"text {number}: {said[0]}" + (f" and {len(said) - 1} more" if len(said) > 1 else ""), flush=True)
    else:
        number += 1
    print(f"{number - args.first:,} texts (from {args.first}, seed {args.seed}): {wrong} with faults; {found[0]:,} directives, {found[1]:,} actors, {found[2]:,} dates; slowest {slowest[0]:.2f} s (text {slowest[1]}); next --from {number}")  # fmt: skip
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
