"""Fits how linking weighs two instructions (``models/link/pair.csv``), and counts how telling words are (``models/link/counts.csv``).

usage: python models/train/link.py counts ANTCORPUS.jsonl[.xz]    (documents that have a stem; see models/link/README.md)
       python models/train/link.py fit [--folds 8]                (on the series of data/threads that are for training)
"""

from __future__ import annotations

import argparse
import csv
import json
import lzma
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from pipeline.corpus import default_folder, load
from pipeline.link import linker, series
from pipeline.link import pairs as link_pairs
from pipeline.link import store as kept
from pipeline.link.evaluate import align, compare, fill
from pipeline.link.pairs import features, may_pair
from pipeline.link.series import Statement
from pipeline.link.types import ItemKind
from pipeline.link.words import stem, tokens
from pipeline.store.sqlite import FILE_NAME, Store
from pipeline.weights import write_weights

MODELS = Path(__file__).resolve().parent.parent / "link"
OWN = 5
"""How many radio items one of our statements counts for."""
Example = tuple[str, dict[str, float], bool]


def texts(path: Path) -> Iterator[tuple[str, int]]:
    """Our annotated statements and the items of a corpus, each with how often it counts."""
    for statement in load(default_folder()).statements:
        yield statement.record["text"], OWN
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield f"{row.get('title') or ''}\n{row.get('text') or ''}", 1


def count(path: Path) -> None:
    """Write the number of documents that have each stem, those under five left out; the first row is all documents."""
    found: Counter[str] = Counter()
    for text, times in texts(path):
        found[""] += times
        found.update(dict.fromkeys({stem(w) for w in tokens(text)}, times))
    with (MODELS / "counts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["stem", "documents"])
        writer.writerows(sorted(((k, n) for k, n in found.items() if n >= 10), key=lambda p: (-p[1], p[0])))


def pairs(store: Store, statements: Sequence[Statement]) -> list[Example]:
    """Every pair of items that blocking proposes: series, features, whether both are of one thread."""
    rows = store.connection.execute("SELECT item_id FROM link_item ORDER BY item").fetchall()
    items = kept.items_of(store, [name for (name,) in rows])
    marks = align(statements, items.values())
    out = {}
    for item in items.values():
        for other in kept.candidates(store, item):
            a, b = sorted((item, other), key=lambda i: i.order)
            if (a.id, b.id) in out or not may_pair(a, b):
                continue
            x, y = marks.get(a.id), marks.get(b.id)
            same = x is not None and y is not None and x[1].thread is not None and x[1].thread == y[1].thread
            prefix = "report:" if b.kind is ItemKind.REPORT else ""
            found = {prefix + name: value for name, value in features(a, b).items()}
            out[a.id, b.id] = (b.document_id.partition("-")[0], {f"{prefix}bias": 1.0, **found}, same)
    return list(out.values())


def fitted(data: Sequence[Example], strength: float) -> dict[str, float]:
    """Weights of a logistic regression with L2, apart for reports."""
    out = {}
    for report in (False, True):
        rows = [(f, same) for _, f, same in data if ("report:bias" in f) is report]
        vectorizer = DictVectorizer(sparse=False)
        x = vectorizer.fit_transform([f for f, _ in rows])
        model = LogisticRegression(C=strength, max_iter=5000, fit_intercept=False)
        model.fit(x, [same for _, same in rows])
        out.update(zip(vectorizer.get_feature_names_out(), model.coef_[0].tolist(), strict=True))
    return out


def fit(strength: float, folds: int) -> None:
    """Fit on the series for training, choose the thresholds by what linking makes of series left out, and write the weights."""
    statements = [
        s for s in series.load(Path(__file__).resolve().parents[2] / "data" / "threads") if s.split == "train"
    ]
    with TemporaryDirectory() as folder, Store(Path(folder) / FILE_NAME) as store:
        fill(store, statements)
        linker.link(store)
        data = pairs(store, statements)
        print(f"{len(data)} pairs, {sum(same for *_, same in data)} of one thread")
        names = sorted({s.series for s in statements})
        best = (0.0, 0.5, 0.4)
        parts = [set(names[k::folds]) for k in range(folds)]
        weights = [fitted([d for d in data if d[0] not in part], strength) for part in parts]
        for threshold in (0.3, 0.35, 0.4, 0.45, 0.5, 0.55):
            for mean in (0.25, 0.3, 0.35):
                right = given = wanted = 0
                for part, known in zip(parts, weights, strict=True):
                    with (
                        mock.patch.object(
                            link_pairs, "weights", lambda k=known, t=threshold, m=mean: {**k, "threshold": t, "mean": m}
                        ),
                        mock.patch.object(linker, "weights", lambda t=threshold, m=mean: {"threshold": t, "mean": m}),
                    ):
                        linker.link(store, again=True)
                    agreement = compare(store, statements, only=part)
                    right, given, wanted = (
                        right + agreement.right,
                        given + agreement.given,
                        wanted + agreement.reachable,
                    )
                f1 = 2 * right / (given + wanted)
                print(
                    f"threshold {threshold} mean {mean}: F1 {f1:.3f} P {right / max(1, given):.3f} R {right / wanted:.3f}"
                )
                best = max(best, (f1, threshold, mean))
    write_weights(MODELS / "pair.csv", fitted(data, strength), first={"threshold": best[1], "mean": best[2]})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("counts").add_argument("corpus", type=Path)
    fitting = commands.add_parser("fit")
    fitting.add_argument("--folds", type=int, default=7)
    fitting.add_argument("--strength", type=float, default=1.0, help="inverse of the L2 penalty")
    args = parser.parse_args()
    if args.command == "counts":
        count(args.corpus)
    else:
        fit(args.strength, args.folds)


if __name__ == "__main__":
    main()
