"""Fits how linking weighs two instructions (``models/link/pair.csv``), and counts how telling words are (``models/link/counts.csv``).

usage: python models/train/link.py counts ANTCORPUS.jsonl[.xz]    (documents that have a stem; see models/link/README.md)
       python models/train/link.py judge ANTCORPUS.jsonl[.xz] --encoder FOLDER    (what is seen of the judged pairs: data/threads/tunisia.jsonl)
       python models/train/link.py fit [--encoder FOLDER]    (on the series of data/threads that are for training, and those pairs)
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import lzma
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from pipeline.corpus import default_folder, load
from pipeline.ingest.jsonl import read_jsonl
from pipeline.ingest.source import Source
from pipeline.link import cluster, linker, series
from pipeline.link import pairs as link_pairs
from pipeline.link import prior as link_prior
from pipeline.link import store as kept
from pipeline.link.candidates import Candidates
from pipeline.link.evaluate import Key, align, fill
from pipeline.link.names import wilayas
from pipeline.link.pairs import features, may_pair, score
from pipeline.link.prior import Prior
from pipeline.link.series import Mark
from pipeline.link.types import Item, ItemKind
from pipeline.link.words import stem, tokens, weight
from pipeline.model.encoder import Encoder
from pipeline.store.sqlite import FILE_NAME, Store
from pipeline.types import Document
from pipeline.weights import write_weights

MODELS = Path(__file__).resolve().parent.parent / "link"
OWN = 5
"""How many radio items one of our statements counts for."""
NEWS, JUDGED = "news", 0.3
"""Name of the pairs of general news that were judged, and how much one of them weighs."""
PLACED, COMPOSED = "+", 0.5
"""What the series of a pair begins with to which places were given (:meth:`Data.placed`), and how much one of them weighs."""
FOLDER = Path(__file__).resolve().parents[2] / "data" / "threads"
NEWS_TABLE = FOLDER / "tunisia.jsonl"
KINDS = (ItemKind.DIRECTIVE, ItemKind.REPORT)
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
    """Write the number of documents that have each stem, those under ten left out; the first row is all documents."""
    found: Counter[str] = Counter()
    for text, times in texts(path):
        found[""] += times
        for key in {stem(w) for w in tokens(text)}:
            found[key] += times
    with (MODELS / "counts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["stem", "documents"])
        writer.writerows(sorted(((k, n) for k, n in found.items() if n >= 10), key=lambda p: (-p[1], p[0])))


@dataclass(slots=True)
class Data:
    """The items of the training series, the pairs that blocking proposes, and the mark of each item."""

    items: dict[str, Item]
    pairs: list[tuple[str, str]]
    marks: dict[str, tuple[Key, Mark]]

    def same(self, a: str, b: str) -> bool:
        x, y = self.marks.get(a), self.marks.get(b)
        return x is not None and y is not None and x[1].thread is not None and x[1].thread == y[1].thread

    def placed(self) -> Iterator[Example]:
        """Hard negatives made of the pairs that say one instruction: the same words for another wilaya, as a ban, by another office.

        For one wilaya it is still one; and two instructions for one wilaya are still two.
        """
        rng, towns = random.Random(1), sorted(wilayas())
        speakers = [
            i
            for _, i in sorted(self.items.items())
            if i.kind is ItemKind.DIRECTIVE and i.issuer.sector and not i.issuer.above
        ]
        for first, second in self.pairs:
            a, b = self.items[first], self.items[second]
            if not self.same(first, second) and b.kind is ItemKind.DIRECTIVE:
                here = rng.choice(towns)
                yield PLACED + b.document_id.partition("-")[0], seen(in_wilaya(a, here), in_wilaya(b, here)), False
            if self.same(first, second) and b.kind is ItemKind.DIRECTIVE and a.document_id != b.document_id:
                here, there = rng.sample(towns, 2)
                name = PLACED + b.document_id.partition("-")[0]
                yield name, seen(in_wilaya(a, here), in_wilaya(b, there)), False
                yield name, seen(in_wilaya(a, here), in_wilaya(b, here)), True
                if a.event is b.event is None and a.polarity == b.polarity:
                    yield name, seen(a, replace(b, polarity="do" if a.polarity == "avoid" else "avoid")), False
                if a.issuer.sector and not a.issuer.above:
                    others = [i for i in speakers if not i.issuer.sector & a.issuer.sector]
                    peers = [i for i in others if i.issuer.rank & a.issuer.rank] or others
                    for other in (rng.choice(others), rng.choice(peers)):
                        yield name, seen(a, replace(b, issuer=other.issuer, addressees=other.addressees)), False

    def example(self, pair: tuple[str, str]) -> Example:
        a, b = self.items[pair[0]], self.items[pair[1]]
        return b.document_id.partition("-")[0], seen(a, b), self.same(*pair)


def in_wilaya(item: Item, name: str) -> Item:
    """An instruction with a wilaya added to its words."""
    key = stem(name)
    return replace(item, text=f"{item.text} بولاية {name}", object={**item.object, key: weight(key)})


def seen(a: Item, b: Item) -> dict[str, float]:
    """The features of a pair as they are named in the tables of weights."""
    prefix = "report:" if b.kind is ItemKind.REPORT else ""
    return {f"{prefix}bias": 1.0, **{prefix + name: value for name, value in features(a, b).items()}}


def read(encoder: Path | None) -> Data:
    """Analyse the training series; with an encoder every item has its vector."""
    statements = [s for s in series.load(FOLDER) if s.split == "train"]
    with TemporaryDirectory() as folder, Store(Path(folder) / FILE_NAME) as store:
        fill(store, (s.document for s in statements))
        linker.link(store)
        rows = store.connection.execute("SELECT item_id FROM link_item ORDER BY item").fetchall()
        items = kept.items_of(store, [name for (name,) in rows])
        asked = [item for item in items.values() if item.kind is not ItemKind.REFERENCE]
        found = linker.plausible(Candidates(store).of(asked))
        if encoder is not None:
            items = kept.with_vectors(store, items.values(), Encoder(encoder))
    return Data(items, list(found), align(statements, items.values()))


def judge(corpus: Path, encoder: Path) -> None:
    """Write what linking sees of the judged pairs of ``data/threads/tunisia.csv``; doubtful ones are left out.

    Only the items of the corpus that are named there are analysed. A pair whose directives the pipeline no longer finds is left out.
    """
    with (FOLDER / "tunisia.csv").open(encoding="utf-8", newline="") as file:
        judged = [row for row in csv.DictReader(file) if row["verdict"] != "doubtful"]
    wanted = {row[side].partition(":")[0] for row in judged for side in ("earlier", "later")}
    with TemporaryDirectory() as folder, Store(Path(folder) / FILE_NAME) as store:
        fill(store, (document for document in documents(corpus) if document.id in wanted))
        linker.link(store)
        names = [name for (name,) in store.connection.execute("SELECT item_id FROM link_item")]
        items = kept.with_vectors(store, kept.items_of(store, names).values(), Encoder(encoder))
    count = 0
    with NEWS_TABLE.open("w", encoding="utf-8", newline="\n") as out:
        for row in judged:
            a, b = nearest(items, row["earlier"]), nearest(items, row["later"])
            if a is None or b is None or not may_pair(a, b):
                continue
            count += 1
            features = {name: round(value, 4) for name, value in seen(a, b).items()}
            line = {"earlier": a.id, "later": b.id, "right": row["verdict"] == "right", "features": features}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    print(f"{count} of {len(judged)} judged pairs are found")


def documents(corpus: Path) -> Iterator[Document]:
    """The items of a corpus as `taalimat run` reads them."""
    with lzma.open(corpus) if corpus.suffix == ".xz" else corpus.open("rb") as file:
        source = Source(corpus.name, io.BufferedReader(file))  # type: ignore[arg-type]
        yield from (found for found in read_jsonl(source) if isinstance(found, Document))


def nearest(items: Mapping[str, Item], name: str) -> Item | None:
    """The item of an id, or the one of its kind and statement that begins within twenty code points of where it began."""
    if name in items:
        return items[name]
    document, _, place = name.partition(":")
    kind = ItemKind.REPORT if place.startswith("r") else ItemKind.DIRECTIVE
    start = int(place.rpartition(":")[2].removeprefix("r"))
    near = [(abs(i.start - start), i.id, i) for i in items.values() if i.document_id == document and i.kind is kind]
    return min(near)[2] if near and min(near)[0] <= 20 else None


def news(similarity: bool) -> list[Example]:
    """The judged pairs of news as :func:`judge` wrote them, with or without what the encoder says of them."""
    with NEWS_TABLE.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [
        (NEWS, {k: v for k, v in row["features"].items() if similarity or "similarity" not in k}, row["right"])
        for row in rows
    ]


def fitted(data: Sequence[Example], strength: float) -> dict[str, float]:
    """Weights of a logistic regression with L2, and the share of pairs of the series that are tied, apart for reports.

    Pairs of news and those with places have a constant of their own, which is not kept: how often they are tied says nothing of the series.
    """
    out: dict[str, float] = {}
    for report in (False, True):
        rows = [entry for entry in data if ("report:bias" in entry[1]) is report]
        vectorizer = DictVectorizer(sparse=False)
        x = vectorizer.fit_transform([{**f, "~": source} if (source := _source(name)) else f for name, f, _ in rows])
        model = LogisticRegression(C=strength, max_iter=5000, fit_intercept=False)
        model.fit(x, [same for *_, same in rows], [_WEIGHTS[_source(name)] for name, *_ in rows])
        names = vectorizer.get_feature_names_out()
        out.update((n, w) for n, w in zip(names, model.coef_[0].tolist(), strict=True) if not n.startswith("~"))
        own = [same for name, _, same in rows if not _source(name)]
        out["report:share" if report else "share"] = sum(own) / len(own)
    return out


_WEIGHTS = {NEWS: JUDGED, PLACED: COMPOSED, "": 1.0}


def _source(name: str) -> str:
    """Where an example is from: the judged news, pairs given places, or the series themselves (empty)."""
    return NEWS if name == NEWS else PLACED if name.startswith(PLACED) else ""


def agreement(
    data: Data, known: dict[str, float], thresholds: Sequence[tuple[float, float]], part: set[str]
) -> list[tuple[int, int, int]]:
    """Pairs right, given and wanted that touch the series ``part``, when all are linked with some weights and each of some thresholds."""
    use(known)
    items = {name: item for name, item in data.items.items() if item.kind is not ItemKind.REFERENCE}
    scored = [(*score(items[a], items[b]), items[a], items[b]) for a, b in data.pairs if a in items and b in items]
    prior = Prior()
    prior.learn({kind: [s for s, _, _, b in scored if b.kind is kind] for kind in KINDS})
    scored = [(prior.adjusted(s, b.kind), evidence, a, b) for s, evidence, a, b in scored]
    folds = [(a.id, a.fold) for a in items.values() if a.fold != a.id and a.fold in items]
    gold: dict[str, set[Key]] = {}
    for key, mark in data.marks.values():
        if mark.thread and key[0].partition("-")[0] in part:
            gold.setdefault(mark.thread, set()).add(key)
    wanted = sum(len(keys) * (len(keys) - 1) // 2 for keys in gold.values())

    def likely(a: Item, b: Item) -> float:
        return prior.adjusted(score(a, b)[0], b.kind) if may_pair(a, b) else 0.0

    out = []
    for threshold, mean in thresholds:
        best = linker._best([entry for entry in scored if entry[0] >= threshold / 2])
        links = {(a.id, b.id): value for value, _, a, b in best if value >= threshold}
        given: dict[frozenset[object], bool] = {}
        for group in cluster.threads(items, links, mean, likely, folds):
            for x, y in combinations(group, 2):
                if {name.partition("-")[0] for name in (x, y)} & part:
                    nodes = [data.marks[name][0] if name in data.marks else name for name in (x, y)]
                    given[frozenset(nodes)] = data.same(x, y)
        given = {pair: same for pair, same in given.items() if len(pair) == 2}
        out.append((sum(given.values()), len(given), wanted))
    return out


def use(known: dict[str, float]) -> None:
    """Have linking score with some weights."""
    for module in (link_pairs, link_prior):
        module.weights = lambda similarity=False: known  # type: ignore[assignment, attr-defined]


LEVEL = 0.01
"""Thresholds whose F1 differs by less are as good as the best, as far as so few series can tell. The one that finds most is taken: a
link too many can be seen and cut, one that is missed is seen by nobody."""
TURNS = 6
"""How often the series are parted anew."""
THRESHOLDS = [
    (threshold, mean) for threshold in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5) for mean in (0.15, 0.2, 0.25, 0.3, 0.35)
]


def fit(strength: float, folds: int, encoder: Path | None) -> None:
    """Fit on the series for training, choose the thresholds by what linking makes of series left out, and write the weights."""
    data = read(encoder)
    examples = [*map(data.example, data.pairs), *data.placed()]
    others = news(encoder is not None)
    print(f"{len(data.pairs)} pairs, {sum(data.same(*pair) for pair in data.pairs)} of one thread")
    names = sorted({name.partition("-")[0] for name in data.items})
    totals = {key: [0, 0, 0] for key in THRESHOLDS}
    for turn in range(TURNS):
        random.Random(turn).shuffle(names)
        for part in (set(names[k::folds]) for k in range(folds)):
            known = fitted([*(e for e in examples if e[0].removeprefix(PLACED) not in part), *others], strength)
            for key, found in zip(THRESHOLDS, agreement(data, known, THRESHOLDS, part), strict=True):
                totals[key] = [t + n for t, n in zip(totals[key], found, strict=True)]
    f1 = {key: 2 * right / (given + wanted) for key, (right, given, wanted) in totals.items()}
    for (threshold, mean), (right, given, wanted) in totals.items():
        shares = f"P {right / given:.3f} R {right / wanted:.3f}"
        print(f"threshold {threshold} mean {mean}: F1 {f1[threshold, mean]:.3f} {shares}")
    level = [key for key, value in f1.items() if value >= max(f1.values()) - LEVEL]
    best = max(level, key=lambda key: (totals[key][0], f1[key]))
    print(f"taken: threshold {best[0]} mean {best[1]}, of {len(level)} within {LEVEL} of the best")
    name = "pair_similarity.csv" if encoder else "pair.csv"
    known = fitted([*examples, *others], strength)
    write_weights(MODELS / name, known, first={"threshold": best[0], "mean": best[1]})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("counts").add_argument("corpus", type=Path)
    judging = commands.add_parser("judge")
    judging.add_argument("corpus", type=Path)
    judging.add_argument("--encoder", type=Path, required=True, help="folder of the sentence encoder")
    fitting = commands.add_parser("fit")
    fitting.add_argument("--folds", type=int, default=6)
    fitting.add_argument("--encoder", type=Path, help="folder of the sentence encoder: writes pair_similarity.csv")
    fitting.add_argument("--strength", type=float, default=1.0, help="inverse of the L2 penalty")
    args = parser.parse_args()
    if args.command == "counts":
        count(args.corpus)
    elif args.command == "judge":
        judge(args.corpus, args.encoder)
    else:
        fit(args.strength, args.folds, args.encoder)


if __name__ == "__main__":
    main()
