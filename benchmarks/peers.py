"""Taalimat beside other tools in one run, on the same gold.

usage: python benchmarks/peers.py [--gold FILE.jsonl …] [--limit N] [--only TABLE …] [--spacy-minutes 2] [--date-documents N]

Without ``--gold`` the gold is the held-out split of our corpus (composed statements). Four tables:

- instructions: Taalimat by rules and trained model, as it comes, and by rules alone, and a regular expression of our own as the floor (twelve verbs, an introducer, up to the next mark);
- grounding: LangExtract's aligner is given the strings of the gold records and has to find their places. Taalimat carries places and
  searches for none; its records (of rules and model) are checked against the text instead;
- dates: dateparser and HeidelTime, scored by ``benchmarks/dates.py``; HeidelTime reads some fifty words a second, so that ``--date-documents``
  gives all tools of this table the same smaller sample;
- names of persons, offices and bodies: a spaCy recogniser trained on our training split for some minutes of processor time, CAMeL's recogniser where its model
  is installed. A name is found where half of its characters are.

Dates and actors are found before anything decides what is a directive, so that the last two tables are the same with the model and without.
A tool that is not installed, or whose data is not, is left out and said so. Words a second are of this machine, in this run.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import dates as date_tools

from pipeline import corpus, evaluate, standoff
from pipeline.errors import TaalimatError
from pipeline.pipeline import Decide, Pipeline, default_pipeline
from pipeline.types import Act, Analysis, Directive, Force, Polarity, Span

_FLOOR = re.compile(
    r"\b[وف]?(?P<verb>أمر|أمرت|شدد|شددت|دعا|دعت|طالب|طالبت|كلف|كلفت|حث|حثت|أوصى|أوصت|ألح|ألحت|أكد|أكدت|وجه|وجهت|أسدى|يدعو|تدعو|داعيا|مشددا|مطالبا)\b"
    r"[^.،؛\n]{0,60}?(?:على ضرورة |إلى |على |\bب(?=\w{3}))(?P<what>[^.،؛\n]+)"
)


def floor(gold: Analysis) -> Analysis:
    """What the regular expression finds, as records without roles."""
    found = []
    for m in _FLOOR.finditer(gold.document.raw):
        act = Act(str(m.start()), Span(*m.span("verb")), Force.ORDER, "floor")
        found.append(Directive(str(m.start()), act, Span(*m.span("what")), Polarity.DO))
    return Analysis(gold.document, gold.norm, directives=tuple(found))


def timed(run: Callable[[Analysis], Analysis], gold: Sequence[Analysis]) -> tuple[list[Analysis], float]:
    """What a tool finds in each document, and its words a second."""
    run(gold[0])
    began = time.process_time()
    found = [run(g) for g in gold]
    return found, sum(len(g.document.raw.split()) for g in gold) / max(1e-9, time.process_time() - began)


def instructions(gold: Sequence[Analysis]) -> None:
    print(f"\n{'instructions':16}{'P':>8}{'R':>8}{'F1':>8}{'trigger F1':>12}{'words/s':>10}")
    both, rules = default_pipeline(Decide.BOTH), default_pipeline(Decide.RULES)
    tools: dict[str, Callable[[Analysis], Analysis]] = {
        "rules and model": lambda g: both(g.document),
        "rules": lambda g: rules(g.document),
        "regex floor": floor,
    }
    for name, run in tools.items():
        found, speed = timed(run, gold)
        t = evaluate.total(evaluate.score(g, f) for g, f in zip(gold, found, strict=True)).tallies
        i = t["instruction"]
        print(f"{name:16}{i.precision:8.3f}{i.recall:8.3f}{i.f1:8.3f}{t['trigger'].f1:12.3f}{speed:10,.0f}")


def _strings(gold: Analysis) -> list[tuple[str, Span]]:
    parts = [("trigger", d.act.trigger) for d in gold.directives] + [
        ("instruction", d.instruction) for d in gold.directives
    ]
    parts += [("issuer", d.act.issuer.span) for d in gold.directives if d.act.issuer]
    parts += [("addressee", m.span) for d in gold.directives for m in d.act.addressees]
    parts += [("deadline", d.deadline) for d in gold.directives if d.deadline]
    return list(dict.fromkeys(sorted(parts, key=lambda part: (part[1], part[0]))))


def grounding(gold: Sequence[Analysis]) -> None:
    print(f"\n{'grounding':14}{'strings':>9}{'exact':>8}{'near':>8}{'wrong':>8}{'lost':>8}")
    if importlib.util.find_spec("langextract") is None:
        print("langextract is not installed: left out")
        return
    from langextract import data, resolver

    aligner = resolver.WordAligner()
    counts: dict[str, list[int]] = {}
    for g in gold:
        strings = _strings(g)
        made = [data.Extraction(extraction_class=name, extraction_text=g.text(span)) for name, span in strings]
        if not made:
            continue
        (aligned,) = aligner.align_extractions([made], g.document.raw)
        for (name, span), extraction in zip(strings, aligned, strict=True):
            row = counts.setdefault(name, [0, 0, 0, 0])
            place = extraction.char_interval
            if place is None or place.start_pos is None or place.end_pos is None:
                row[3] += 1
                continue
            found = Span(place.start_pos, place.end_pos)
            shared = min(found.end, span.end) - max(found.start, span.start)
            row[0 if found == span else 1 if 2 * shared >= 0.5 * (len(found) + len(span)) else 2] += 1
    for name, row in [*counts.items(), ("all", [sum(column) for column in zip(*counts.values(), strict=True)])]:
        total = sum(row)
        print(f"{name:14}{total:9}" + "".join(f"{value / total:8.3f}" for value in row))
    pipeline, checked, right = default_pipeline(Decide.BOTH), 0, 0
    for g in gold:
        rows = standoff.to_standoff(pipeline(g.document))["directives"]
        for span in (s for r in rows for s in (r["trigger"], *r["instructions"], *r["addressees"])):
            checked, right = checked + 1, right + (g.document.raw[span["start"] : span["end"]] == span["text"])
    print(f"taalimat: {right} of {checked} strings of its own records are at their places")


def spread(gold: Sequence[Analysis], wanted: int | None) -> Sequence[Analysis]:
    """``wanted`` documents, evenly from the whole."""
    return [gold[i * len(gold) // wanted] for i in range(wanted)] if wanted and wanted < len(gold) else gold


def dates(gold: Sequence[Analysis]) -> None:
    cases = [
        date_tools.Case(
            g.document.raw, g.document.published,
            tuple((t.span.start, t.span.end, t.value) for t in g.times if not t.value.endswith("_REF")),
        )
        for g in gold
    ]  # fmt: skip
    words = sum(len(case.text.split()) for case in cases)
    print(f"\n{len(cases)} documents, {words:,} words")
    print(f"{'dates':14}{'P':>8}{'R':>8}{'F1':>8}{'words/s':>10}")
    for name, tool in date_tools.tools().items():
        tool(cases[:2])
        began = time.perf_counter()
        p, r, f = date_tools.score(cases, tool(cases))
        print(f"{name:14}{p:8.3f}{r:8.3f}{f:8.3f}{words / (time.perf_counter() - began):10,.0f}")


def _places(g: Analysis) -> list[Span]:
    """All places where a mention of a gold actor stands; the longest where several do."""
    texts = {g.text(s) for actor in g.actors for s in actor.mentions}
    found = {Span(m.start(), m.end()) for text in texts for m in re.finditer(re.escape(text), g.document.raw)}
    return sorted(s for s in found if not any(o != s and o.covers(s) for o in found))


def names(gold: Sequence[Analysis], training: Sequence[Analysis], minutes: float) -> None:
    print(f"\n{'names':14}{'P':>8}{'R':>8}{'F1':>8}{'words/s':>10}")
    pipeline = default_pipeline(Decide.RULES)
    tools: dict[str, Callable[[Analysis], list[Span]]] = {
        "taalimat": lambda g: [s for a in pipeline(g.document).actors for s in a.mentions]
    }
    if importlib.util.find_spec("spacy") and training and minutes:
        tools["spacy"] = spacy_names(training, minutes)
    else:
        print("spacy: not measured (not installed, or no training split)")
    try:
        from pipeline.backends import load
        from pipeline.segment import SegmentStage

        load("camel-ner")
        reader = Pipeline([SegmentStage()])
        tools["camel-ner"] = lambda g: [m.span for m in load("camel-ner")(reader(g.document)).mentions]
    except TaalimatError as error:
        print(f"camel-ner: not measured ({str(error).split(';')[0]})"[:110])
    words = sum(len(g.document.raw.split()) for g in gold)
    for name, tool in tools.items():
        tool(gold[0])
        began = time.process_time()
        found = [tool(g) for g in gold]
        speed = words / max(1e-9, time.process_time() - began)
        right = wanted = given = 0
        for g, spans in zip(gold, found, strict=True):
            places = _places(g)
            mine = sorted({s for s in spans if not any(o != s and o.covers(s) for o in spans)})
            wanted, given = wanted + len(places), given + len(mine)
            free = list(places)
            for s in mine:
                hit = next(
                    (p for p in free if 2 * (min(p.end, s.end) - max(p.start, s.start)) >= 0.5 * (len(p) + len(s))),
                    None,
                )
                if hit:
                    free.remove(hit)
                    right += 1
        p, r = right / max(1, given), right / max(1, wanted)
        print(f"{name:14}{p:8.3f}{r:8.3f}{2 * p * r / max(1e-9, p + r):8.3f}{speed:10,.0f}")


def spacy_names(training: Sequence[Analysis], minutes: float) -> Callable[[Analysis], list[Span]]:
    """A recogniser of names trained from nothing on the marked mentions of the training statements."""
    import spacy
    from spacy.training import Example

    from pipeline.bridges.spacy import add_rules

    nlp = add_rules(spacy.blank("ar"))
    recogniser: Any = nlp.add_pipe("ner")
    examples = []
    for g in training:
        doc = nlp.make_doc(g.document.raw)
        spans = [doc.char_span(s.start, s.end, label="NAME", alignment_mode="expand") for s in _places(g)]
        doc.ents = spacy.util.filter_spans([s for s in spans if s is not None])
        examples += [Example(part.as_doc().copy(), part.as_doc()) for part in _chunks(doc)]
    for example in examples:
        example.predicted.ents = ()
    recogniser.add_label("NAME")
    optimizer = nlp.initialize(lambda: examples[:200])
    rng, began, rounds, losses = random.Random(0), time.process_time(), 0, {"ner": 0.0}
    while time.process_time() - began < 60 * minutes:
        rng.shuffle(examples)
        losses = {"ner": 0.0}
        for batch in spacy.util.minibatch(examples, 8):  # about a thousand tokens, as spaCy's own settings have it
            nlp.update(batch, sgd=optimizer, drop=0.1, losses=losses)
            if time.process_time() - began > 60 * minutes:
                break
        rounds += 1
    print(
        f"spacy: trained on {len(training)} statements for {minutes} minutes of processor time, "
        f"{rounds} rounds, loss of the last {losses['ner']:.0f}"
    )
    return lambda g: [Span(e.start_char, e.end_char) for e in nlp(g.document.raw).ents]


def _chunks(doc: Any, size: int = 120) -> list[Any]:
    return [doc[i : i + size] for i in range(0, len(doc), size)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", nargs="*", type=Path, default=[])
    parser.add_argument("--limit", type=int, help="only so many documents")
    parser.add_argument("--only", nargs="*", default=[], choices=("instructions", "grounding", "dates", "names"))
    parser.add_argument("--spacy-minutes", type=float, default=2.0, help="0 leaves spaCy out")
    parser.add_argument("--date-documents", type=int, help="only so many documents for the tools of dates")
    args = parser.parse_args()
    statements = corpus.load(corpus.default_folder()).statements

    def split(name: str) -> list[Analysis]:
        return [standoff.from_standoff(s.record) for s in statements if str(s.set.split) == name]

    gold = [g for path in args.gold for g in standoff.load(path)] or split("held-out")
    gold = gold[: args.limit]
    print(f"{len(gold)} documents, {sum(len(g.document.raw.split()) for g in gold):,} words")
    tables: dict[str, Callable[[], None]] = {
        "instructions": lambda: instructions(gold),
        "grounding": lambda: grounding(gold),
        "dates": lambda: dates(spread(gold, args.date_documents)),
        "names": lambda: names(gold, split("train"), args.spacy_minutes),
    }
    for name in args.only or tables:
        tables[name]()


if __name__ == "__main__":
    main()
