"""How well search finds, beside what plain SQLite offers, and how fast it is over many directives.

    python benchmarks/search.py                    # recall@20 and MRR on 120 queries (benchmarks/search.toml)
    python benchmarks/search.py --meaning          # the same with the encoder of `taalimat models build`
    python benchmarks/search.py --misses           # and what was not found
    python benchmarks/search.py --speed 200000     # times over so many directives: copies of the statements with other ids and dates

The collection are the annotated instructions of ``data/annotations``, but for sets that came after the queries were marked, as a run would
store them. All peers search the words of the instruction, its issuer and addressees, its sentence and the title. They get the operators of a
query; between words without one they are given both: all words must be there (and), or any (or, the best by bm25; LIKE ranks by the number of
words).
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import statistics
import tempfile
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.corpus import default_folder, load
from pipeline.search import meaning
from pipeline.search.engine import connect_readonly, search
from pipeline.search.query import Query
from pipeline.store.register import rebuild
from pipeline.store.rows import to_rows
from pipeline.store.schema import DIRECTIVES
from pipeline.store.sqlite import FILE_NAME, Store

QUERIES = Path(__file__).with_suffix(".toml")
UNSEEN = QUERIES.with_name("search_unseen.toml")
UNMARKED = frozenset({"nw3", "nw4", "dz10", "dz11", "mg6", "mg7", "ar4", "ar5"})
"""Sets of statements that came after the queries were marked: what answers a query there is not known."""
DEPTH = 20
Searcher = Callable[[str], list[str]]
"""A text -> ids of directives, best first."""


@dataclass(frozen=True, slots=True)
class Case:
    """A query and the keys (statement:start of the instruction) of what answers it."""

    text: str
    kinds: tuple[str, ...]
    """Its kind, the set of unseen queries it belongs to, and ``all``."""
    relevant: frozenset[str]


def cases(path: Path = QUERIES) -> list[Case]:
    with path.open("rb") as file:
        queries = tomllib.load(file)["query"]
    return [
        Case(q["text"], (q["kind"], *([f"set {q['set']}"] if "set" in q else []), "all"), frozenset(q["relevant"]))
        for q in queries
    ]


def build(folder: Path) -> Path:
    """A store of the annotated statements that the queries are marked for."""
    path = folder / FILE_NAME
    with Store(path) as store:
        run_id = store.begin_run(["data/annotations"])
        with store.transaction():
            for statement in load(default_folder()).statements:
                if statement.set.id in UNMARKED:
                    continue
                store.save(run_id, to_rows(statement.analysis()))
        store.finish_run(run_id, 0, 0)
        rebuild(store)
    return path


# --- peers

_TOKENS = re.compile(r'"[^"]*"|[()]|[^\s()"]+')


def translate(text: str, joiner: str) -> str:
    """A query in the syntax of FTS5, its words quoted; ``joiner`` stands between words that have no operator."""
    out: list[str] = []
    for token in _TOKENS.findall(text):
        operator = token in ("AND", "OR", "NOT")
        if token.startswith("-") and len(token) > 1:
            operator, token = False, token[1:]
            out.append("NOT")
        elif out and not operator and token != ")" and out[-1] not in ("AND", "OR", "NOT", "("):
            out.append(joiner)
        out.append(token if operator or token in "()" else '"' + token.strip('"') + '"')
    return " ".join(out)


class Fts:
    """FTS5 with one of its own tokenizers."""

    def __init__(self, rows: Sequence[tuple[str, ...]], tokenizer: str, joiner: str) -> None:
        self.joiner = joiner
        self.connection = sqlite3.connect(":memory:")
        self.connection.execute(
            f"CREATE VIRTUAL TABLE t USING fts5 (key UNINDEXED, a, b, c, d, tokenize = '{tokenizer}')"
        )
        self.connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", rows)

    def __call__(self, text: str) -> list[str]:
        sql = "SELECT key FROM t WHERE t MATCH ? ORDER BY bm25(t, 0, 10, 5, 3, 1) LIMIT ?"
        return [key for (key,) in self.connection.execute(sql, (translate(text, self.joiner), DEPTH))]


class Like:
    """``LIKE '%word%'``; results with more words first, then shorter instructions."""

    def __init__(self, rows: Sequence[tuple[str, ...]], joiner: str) -> None:
        self.joiner = joiner
        self.connection = sqlite3.connect(":memory:")
        self.connection.execute("CREATE TABLE t (key, a, b, c, d)")
        self.connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", rows)

    def __call__(self, text: str) -> list[str]:
        terms = re.findall(r'"([^"]*)"', translate(text, self.joiner))
        places = iter(range(len(terms)))
        holds = "(a || ' ' || b || ' ' || c || ' ' || d) LIKE"
        where = re.sub(r'"[^"]*"', lambda _: f"{holds} ?{next(places) + 1}", translate(text, self.joiner))
        where = re.sub(r"(?<!AND )(?<!OR )\bNOT\b", "AND NOT", where)
        rank = " + ".join(f"({holds} ?{i + 1})" for i in range(len(terms)))
        sql = f"SELECT key FROM t WHERE {where} ORDER BY {rank} DESC, length(a) LIMIT {DEPTH}"
        return [key for (key,) in self.connection.execute(sql, [f"%{term}%" for term in terms])]


def _searched(path: Path) -> list[tuple[str, ...]]:
    """The texts that all search: key, instruction, parties, title, sentence."""
    with Store(path) as store:
        rows = store.connection.execute(
            """SELECT d.document_id || ':' || d.start, d.instruction, coalesce(d.issuer, '') || ' ' || d.addressees, coalesce(doc.title, ''),
            doc.text, d.start, d."end" FROM directives AS d JOIN documents AS doc USING (document_id)"""
        )
        return [(*row[:4], _sentence(*row[4:])) for row in rows]


def peers(path: Path) -> dict[str, Searcher]:
    table = _searched(path)
    return {
        f"{name}, {joiner.lower()}": make(joiner)
        for name, make in (
            ("FTS5 unicode61", lambda j: Fts(table, "unicode61", j)),
            ("FTS5 trigram", lambda j: Fts(table, "trigram", j)),
            ("LIKE", lambda j: Like(table, j)),
        )
        for joiner in ("AND", "OR")
    }


def _sentence(text: str, start: int, end: int) -> str:
    first = max(text.rfind(mark, 0, start) for mark in (".", "\n", "؟")) + 1
    last = min((at for mark in (".", "\n", "؟") if (at := text.find(mark, end)) >= 0), default=len(text))
    return text[first:last]


# --- ours


def ours(path: Path, near: bool = True) -> Searcher:
    connection = connect_readonly(path)

    def find(text: str) -> list[str]:
        hits = search(connection, Query(text, limit=DEPTH, folded=False, near=near)).hits
        return [f"{hit.row['document_id']}:{hit.row['start']}" for hit in hits]

    return find


def measure(find: Searcher, misses: bool = False, queries: Path = QUERIES) -> dict[str, tuple[int, float, float]]:
    """By kind of query and for all: number, mean recall among the first 20, mean reciprocal rank of the first right one."""
    seen: dict[str, list[tuple[float, float]]] = {}
    for case in cases(queries):
        found = list(dict.fromkeys(find(case.text)))
        recall = len(case.relevant & set(found)) / len(case.relevant)
        rank = next((1 / (i + 1) for i, key in enumerate(found) if key in case.relevant), 0.0)
        for kind in case.kinds:
            seen.setdefault(kind, []).append((recall, rank))
        if misses and (recall < 1 or rank < 1):
            print(
                f"  {case.kinds[0]}: {case.text}: recall {recall:.2f}, 1/rank {rank:.2f}; missed {sorted(case.relevant - set(found))}; first {found[:3]}"
            )
    return {k: (len(v), statistics.mean(r for r, _ in v), statistics.mean(m for _, m in v)) for k, v in seen.items()}


def print_quality(path: Path, misses: bool) -> None:
    kinds = ("all", "form", "spelling", "operators", "meaning")
    print("| | " + " | ".join(f"{kind}: recall@20 | MRR" for kind in kinds) + " |")
    print("|---|" + "---|" * (2 * len(kinds)))
    for name, find in {"**taalimat**": ours(path), "taalimat, near=0": ours(path, near=False), **peers(path)}.items():
        figures = measure(find, misses and name == "**taalimat**")
        print(
            f"| {name} | " + " | ".join(f"{figures[kind][1]:.3f} | {figures[kind][2]:.3f}" for kind in kinds) + " |",
            flush=True,
        )


# --- speed

_COPY = (
    """INSERT INTO documents SELECT document_id || ?1, version, title, date(published, ?2), published_source, source, outlet, text,
      characters, words, arabic_share, meta, run_id FROM documents WHERE instr(document_id, '#') = 0 AND ?2 <> ''""",
    """INSERT INTO actors SELECT actor_id || ?1, document_id || ?1, name, kind, office, organisation, aliases, mentions, spans, run_id
      FROM actors WHERE instr(document_id, '#') = 0 AND ?2 <> ''""",
    """INSERT INTO actor_document SELECT actor_id || ?1, document_id || ?1, id FROM actor_document WHERE instr(document_id, '#') = 0 AND ?2 <> ''""",
    """INSERT INTO addressee SELECT directive_id || ?1, place, name, start, "end", actor_id || ?1 FROM addressee
      WHERE instr(directive_id, '#') = 0 AND ?2 <> ''""",
    """INSERT INTO search_text SELECT NULL, directive_id || ?1, instruction, parties, other, title, context, roots, NULL FROM search_text
      WHERE instr(directive_id, '#') = 0 AND ?2 <> ''""",
)  # fmt: skip


def enlarge(path: Path, number: int) -> int:
    """Copy the statements of a store, each time with other ids and dates, until it holds ``number`` directives; how many it holds."""
    with Store(path) as store:
        own = store.count(DIRECTIVES)
        names = [column.name for column in DIRECTIVES.columns]
        ids = {"directive_id", "document_id", "issuer_id", "repeats"}
        shifted = {"due", "issued_on"}
        values = [f'"{n}" || ?1' if n in ids else f'date("{n}", ?2)' if n in shifted else f'"{n}"' for n in names]
        copy = f"""INSERT INTO directives ({", ".join(f'"{n}"' for n in names)}) SELECT {", ".join(values)} FROM directives
          WHERE instr(document_id, '#') = 0"""
        store.connection.execute("PRAGMA foreign_keys = OFF")
        for turn in range(1, -(-number // own)):
            with store.transaction():
                for sql in (*_COPY[:2], copy, *_COPY[2:]):
                    store.connection.execute(sql, (f"#{turn}", f"-{turn * 17} days"))
        with store.transaction():
            store.connection.execute(
                """INSERT INTO search_vector SELECT t.id, v.model, v.vector, v.bits FROM search_text AS t
                JOIN search_text AS o ON o.directive_id = substr(t.directive_id, 1, instr(t.directive_id, '#') - 1)
                JOIN search_vector AS v ON v.id = o.id WHERE instr(t.directive_id, '#')"""
            )
        return store.count(DIRECTIVES)


def print_speed(path: Path) -> None:
    connection = connect_readonly(path)
    print(f"{connection.execute('SELECT count(*) FROM directives').fetchone()[0]:,} directives")
    start = time.perf_counter()
    search(connection, Query(limit=0))
    print(f"first answer, all columns read: {time.perf_counter() - start:.1f} s")
    for case in cases()[::10]:
        search(connection, Query(case.text))
    peer = Fts(_searched(path), "unicode61", "OR")
    print("| what | p50 ms | p95 ms | worst ms | of them CPU: p50 | p95 |\n|---|---|---|---|---|---|")
    texts = [case.text for case in cases()]
    asked: dict[str, list[Query]] = {
        "text, near matches, facets": [Query(text) for text in texts],
        "text, exact matches, facets": [Query(text, near=False) for text in texts],
        "text, orders and demands since a day": [
            Query(text, force=("order", "demand"), since="2020-06") for text in texts
        ],
        "no text: all directives, facets": [Query(force=("order",)), Query(), Query(overdue=True), Query(sort="due")]
        * 5,
    }
    for name, queries in asked.items():
        print_times(name, [partial(search, connection, query) for query in queries])
    print_times("for comparison: FTS5 unicode61, or, 20 ids", [partial(peer, text) for text in texts])


def print_times(name: str, calls: Sequence[Callable[[], object]]) -> None:
    taken, busy = [], []
    for call in calls:
        start, started = time.perf_counter(), time.process_time()
        call()
        taken.append((time.perf_counter() - start) * 1000)
        busy.append((time.process_time() - started) * 1000)
    taken.sort()
    busy.sort()
    middle, late = len(taken) // 2, int(len(taken) * 0.95)
    figures = (taken[middle], taken[late], taken[-1], busy[middle], busy[late])
    print(f"| {name} | " + " | ".join(f"{figure:.0f}" for figure in figures) + " |", flush=True)


def print_unseen(path: Path) -> None:
    print("\nqueries not looked at while tuning (benchmarks/search_unseen.toml): recall@20, MRR")
    for name, find in {"taalimat": ours(path), **peers(path)}.items():
        figures = sorted(measure(find, queries=UNSEEN).items())
        print(f"  {name}: " + "; ".join(f"{kind} ({n}) {recall:.3f}, {mrr:.3f}" for kind, (n, recall, mrr) in figures))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--meaning", action="store_true", help="with vectors (the encoder must be built; takes a minute)"
    )
    parser.add_argument("--speed", type=int, metavar="NUMBER", help="measure the time over so many directives instead")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where stores are kept, to be used again")
    parser.add_argument("--misses", action="store_true", help="list what was not found or not first")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        path = stored(args.keep or Path(folder), args.speed or 0, args.meaning)
        print(f"store ready in {time.perf_counter() - start:.1f} s\n")
        if args.speed:
            print_speed(path)
        else:
            print_quality(path, args.misses)
            print_unseen(path)


def stored(folder: Path, number: int, vectors: bool) -> Path:
    """A store of so many directives, with vectors of meaning or without; one that lies there is used again."""
    folder = folder / f"search-{number}{'-meaning' if vectors else ''}"
    path = folder / FILE_NAME
    if path.is_file():
        return path
    made = build(folder.with_name(f"{folder.name}.part"))
    if vectors and (encoder := meaning.default_encoder()):
        with Store(made) as store:
            meaning.refresh(store, encoder)
    if number:
        enlarge(made, number)
    made.parent.rename(folder)
    return path


if __name__ == "__main__":
    main()
