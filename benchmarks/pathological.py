"""Texts of pathological repeats through the whole pipeline: is the time linear in the size?

usage: python benchmarks/pathological.py [--megabytes 0.5 1 2.5 5] [--kinds NAME ...] [--limit SECONDS]

Each kind is one document that repeats one piece up to the wanted size (UTF-8 bytes). Printed are the seconds at each size and the
exponent: the slope of log time over log size between the smallest and the largest (1 is linear, 2 quadratic). A kind that needs more
than ``--limit`` seconds at one size is not run at the next. Exit code 1 where an exponent is above 1.35 or a limit was passed.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Sequence

from pipeline.pipeline import default_pipeline
from pipeline.types import Document

KINDS = {
    "trigger": "أمر الوالي بفتح الطريق. ",
    "trigger without a stop": "أمر الوالي بفتح الطريق و",
    "trigger words": "أمر ",
    "nested triggers": "حتمهن ",
    "coordination": "وبتوسيع الطريق وترميم الجسر ",
    "one letter": "ا",
    "conjunctions": "و",
    "spaces": " ",
    "spaces and words": "نص" + " " * 50,
    "line breaks": "\n",
    "lines": "بيان\n",
    "dots": ".",
    "abbreviations": "د.",
    "exclamations": "!؟",
    "open brackets": "(",
    "brackets": "(ا) ",
    "open quotes": "«",
    "quotes": "«قال الوالي» ",
    "colons": ":",
    "items": "- فتح الطريق؛\n",
    "inline items": ": - فتح ",
    "digits": "7",
    "numbers": "7 ",
    "decimal numbers": "1.",
    "dates": "7 جانفي 2025 ",
    "half dates": "7/",
    "days": "يوم الأحد ",
    "months": "جانفي ",
    "durations": "خلال ثلاثة أيام ",
    "actors": "وزير الداخلية والجماعات المحلية ",
    "names": "محمد بن علي ",
    "heads": "وزير ",
    "relative clauses": "الذي التي ",
    "harakat": "َ",
    "marked letters": "أَمَرَ ",
    "tatweel": "ـ",
    "bidi marks": "\u200f\u202b",
    "ligatures": "ﷺ",
    "counters": "عدد القراءات ",
    "views": "views: 7 ",
    "dashes": "-",
    "commas": "،",
    "mixed marks": "«(.،:؛",
}


def text_of(piece: str, size: int) -> str:
    """``piece`` over and over, up to ``size`` bytes of UTF-8."""
    return piece * max(1, size // len(piece.encode()))


SHORT = 2.0
"""Seconds below which the largest size is short: all sizes are then measured three times in turn, for a machine that changes its pace between two sizes bends the slope."""


def seconds(text: str) -> float:
    """CPU seconds of one document through the pipeline, the store's rows included."""
    from pipeline.store.rows import to_rows

    started = time.process_time()
    to_rows(default_pipeline()(Document("p", text)))
    return time.process_time() - started


def measured(piece: str, megabytes: Sequence[float], limit: float) -> list[float]:
    """CPU seconds of each size, up to the first above ``limit``; the least of three where they are short."""
    times: list[float] = []
    for size in megabytes:
        times.append(seconds(text_of(piece, int(size * 1_000_000))))
        if times[-1] > limit:
            break
    if times[-1] >= SHORT:
        return times
    again = [[seconds(text_of(piece, int(size * 1_000_000))) for size in megabytes] for _ in range(2)]
    return [min(column) for column in zip(times, *again, strict=True)]


def main() -> int:
    """Measure and print a table; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, nargs="+", default=[0.5, 1, 2.5, 5])
    parser.add_argument("--kinds", nargs="+", choices=sorted(KINDS), default=list(KINDS), metavar="NAME")
    parser.add_argument("--limit", type=float, default=120)
    args = parser.parse_args()
    seconds(text_of(KINDS["trigger"], 10_000))
    failed = False
    print("| kind | " + " | ".join(f"{m:g} MB" for m in args.megabytes) + " | exponent |")
    print("|---|" + "---|" * (len(args.megabytes) + 1))
    for name in args.kinds:
        times = measured(KINDS[name], args.megabytes, args.limit)
        slope = "–"
        if len(times) > 1:
            exponent = math.log(max(times[-1], 0.01) / max(times[0], 0.01)) / math.log(
                args.megabytes[len(times) - 1] / args.megabytes[0]
            )
            slope = f"{exponent:.2f}"
            failed = failed or exponent > 1.35
        failed = failed or times[-1] > args.limit
        cells = [f"{t:.2f}" for t in times] + ["over"] * (len(args.megabytes) - len(times))
        print(f"| {name} | " + " | ".join(cells) + f" | {slope} |", flush=True)
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
