"""The command line: one module a command, imported when the command runs, so that ``taalimat --help`` answers at once."""

from __future__ import annotations

import gc
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from pipeline.cli.actors import actors_app
from pipeline.cli.corpus import corpus_app
from pipeline.cli.corrections import corrections_app
from pipeline.cli.labelstudio import labelstudio_app
from pipeline.cli.models import models_app
from pipeline.cli.thread import thread_app
from pipeline.errors import TaalimatError
from pipeline.store.schema import Part

if TYPE_CHECKING:
    from pipeline.pipeline import Decide


class _Group(TyperGroup):
    """Commands whose expected errors end in a message and exit code 1, not in a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except TaalimatError as error:
            print(f"taalimat: {error}", file=sys.stderr)
            raise typer.Exit(1) from error


app = typer.Typer(
    cls=_Group,
    help="Taalimat (تعليمات): Arabic government statements in; records of dates, actors and instructions out, each with its place in the text.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


app.add_typer(actors_app, name="actors")
app.add_typer(corpus_app, name="corpus")
app.add_typer(models_app, name="models")
app.add_typer(labelstudio_app, name="labelstudio")
app.add_typer(corrections_app, name="corrections")
app.add_typer(thread_app, name="thread")


class Format(StrEnum):
    """Output of ``extract``."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    STANDOFF = "standoff"
    RECORD = "record"
    JSONLD = "jsonld"
    LABELSTUDIO = "labelstudio"


class EngineName(StrEnum):
    """Where ``run`` works."""

    LOCAL = "local"
    SPARK = "spark"


Published = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Publication date of a single file or of standard input, as 2025-01-07."),
]
Workers = Annotated[int | None, typer.Option(min=1, help="Worker processes; by default one a CPU.")]
RulesOnly = Annotated[
    bool,
    typer.Option("--rules-only", help="Let the rules decide alone, without the trained model: faster, finds less."),
]
Precise = Annotated[bool, typer.Option("--precise", help="Only what rules and model are very sure of: fewer records.")]
With = Annotated[
    str | None,
    typer.Option(
        "--with",
        metavar="BACKENDS",
        help="Let others testify: camel, camel-ner, stanza, farahidi, each maybe with =PATH; comma between.",
    ),
]
Readable = Annotated[
    str, typer.Argument(metavar="[FILE|-]", help="A file, a folder, an address of the web, or - for standard input.")
]


@app.command("run")
def run_command(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE...", help="Files, folders, addresses of the web (https://…), or -.")
    ],
    out: Annotated[Path, typer.Option(help="Folder of the store and the tables.")] = Path("data/processed"),
    published: Published = None,
    country: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help="Country of statements that do not say theirs, as dz: it keeps apart bodies of one name.",
        ),
    ] = None,
    workers: Workers = None,
    rules_only: RulesOnly = False,
    precise: Precise = False,
    backends: With = None,
    engine: Annotated[
        EngineName,
        typer.Option(help="Worker processes of this machine, or the Spark cluster of Spark's configuration."),
    ] = EngineName.LOCAL,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume/--no-resume", help="Pass over documents that are done with this version of code and lexicon."
        ),
    ] = True,
    retry: Annotated[bool, typer.Option("--retry", help="Try documents again that failed before.")] = False,
    time_limit: Annotated[float, typer.Option(min=0.1, metavar="SECONDS", help="For one document.")] = 120,
    memory_limit: Annotated[int, typer.Option(min=64, metavar="MB", help="For a worker process (Linux).")] = 2048,
    log: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Append what happens to a file, as JSON lines.")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on reading what comes into the folders, until Ctrl-C.")
    ] = False,
) -> None:
    """Analyse statements into one SQLite store and Parquet, CSV and JSONL tables.

    Running again goes on where a run was cut off, takes what is new or changed, and never duplicates.
    """
    if engine is EngineName.LOCAL:
        from pipeline.engines import start_server

        start_server()  # it loads the lexicons while this process loads the readers and the store
    from pipeline.cli.run import Options, run_sources
    from pipeline.engines.attempt import Limits

    limits = Limits(time_limit, memory_limit)
    options = Options(
        out,
        published,
        country,
        workers,
        _decide(rules_only, precise, backends),
        engine,
        resume,
        retry,
        limits,
        log,
    )
    if watch:
        from pipeline.cli.watch import watch as watch_folders

        _exit(watch_folders(sources, options))
    _exit(run_sources(sources, options))


@app.command("extract")
def extract_command(
    source: Readable = "-",
    format: Annotated[
        Format,
        typer.Option(
            "--format",
            "-f",
            help="standoff is the form of the gold files, record all of a document, jsonld W3C Web Annotation.",
        ),
    ] = Format.TABLE,
    only: Annotated[
        Part | None, typer.Option(help="Only one kind of record. A CSV holds one: directives, unless said.")
    ] = None,
    published: Published = None,
    workers: Workers = None,
    rules_only: RulesOnly = False,
    precise: Precise = False,
    backends: With = None,
) -> None:
    """Print the records of statements to standard output."""
    from pipeline.cli.extract import extract_source

    _exit(extract_source(source, format.value, only, published, workers, _decide(rules_only, precise, backends)))


@app.command("evaluate")
def evaluate_command(
    source: Annotated[
        Path, typer.Argument(metavar="GOLD|SHEET", help="Gold records (stand-off JSONL), or a filled-in sheet (CSV).")
    ],
    errors: Annotated[
        bool, typer.Option("--errors", help="List what was missed, is extra or has a wrong attribute.")
    ] = False,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Draw this many found records into a sheet, to be judged by hand.")
    ] = None,
    only: Annotated[Part, typer.Option(help="What --sample draws.")] = Part.DIRECTIVES,
    sheet: Annotated[Path, typer.Option(help="Where --sample writes the sheet.")] = Path("sheet.csv"),
    seed: Annotated[int, typer.Option(help="Seed of --sample.")] = 1,
    workers: Workers = None,
    rules_only: RulesOnly = False,
    precise: Precise = False,
    backends: With = None,
) -> None:
    """Score the pipeline against gold records; or draw a sheet and, filled in, print its precision."""
    import pipeline.cli.evaluate as command

    decide = _decide(rules_only, precise, backends)
    if sample:
        _exit(command.draw(str(source), sample, only, sheet, seed, workers, decide))
    _exit(command.judge(source) if command.is_sheet(source) else command.measure(source, errors, workers, decide))


@app.command("explain")
def explain_command(
    source: Readable = "-",
    published: Published = None,
    workers: Workers = None,
    rules_only: RulesOnly = False,
    precise: Precise = False,
    backends: With = None,
) -> None:
    """For each directive and each rejected candidate, print which rules spoke for and against, with offsets."""
    from pipeline.cli.extract import explain_source

    _exit(explain_source(source, published, workers, _decide(rules_only, precise, backends)))


@app.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of the records, for --format record, jsonl, standoff and the tables."""
    from pipeline.bridges.schema import schema
    from pipeline.store.text import to_json

    print(to_json(schema()))


@app.command("disagreements")
def disagreements_command(
    source: Readable = "-",
    top: Annotated[int, typer.Option(min=1, help="How many places.")] = 30,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a place.")] = False,
    published: Published = None,
    workers: Workers = None,
) -> None:
    """List where rules and trained model differ most: what is worth reading and correcting first."""
    from pipeline.cli.disagreements import list_disagreements

    _exit(list_disagreements(source, top, json, published, workers))


@app.command("train")
def train_command(
    gold: Annotated[
        list[Path] | None, typer.Argument(metavar="[GOLD.jsonl]...", help="Corrections, as gold records.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of the new model.")] = Path("taalimat-models"),
    tunisia: Annotated[
        list[Path] | None,
        typer.Option(help="Tunisian items, as corpus rebuild-tunisia prints them; more than once for both parts."),
    ] = None,
    keep_network: Annotated[
        bool,
        typer.Option("--keep-network", help="Only fit the weights that join network and rules: minutes, not an hour."),
    ] = False,
    epochs: Annotated[int | None, typer.Option(min=1, help="Passes over the texts.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    measure: Annotated[
        list[Path] | None, typer.Option(help="A gold file to measure on; more than once for several.")
    ] = None,
) -> None:
    """Train the model anew, with your own corrections beside our corpus (in a checkout; about an hour on one core)."""
    from pipeline.cli.train import train

    _exit(train(gold or [], tunisia or [], out, epochs, seed, measure or [], keep_network=keep_network))


@app.command("serve")
def serve_command(
    folder: Annotated[Path, typer.Option("--store", metavar="FOLDER", help="What `taalimat run --out` wrote.")] = Path(
        "data/processed"
    ),
    host: Annotated[
        str, typer.Option(help="Address to listen on. Any that other machines can reach needs a password.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    name: Annotated[
        list[str] | None, typer.Option(help="A host name by which browsers reach the page; may be given several times.")
    ] = None,
    password_file: Annotated[
        Path | None, typer.Option(help="File whose first line is the password; or set TAALIMAT_PASSWORD.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="Processes that answer; by default one a processor, four at most."),
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Serve the page: search, evidence, corrections and charts in a browser, in Arabic, French and English."""
    from pipeline.cli.serve import serve

    serve(folder, host, port, name or [], password_file, workers, open_browser)


@app.command("link")
def link_command(
    folder: Annotated[Path, typer.Option("--store", metavar="FOLDER", help="What `taalimat run --out` wrote.")] = Path(
        "data/processed"
    ),
    again: Annotated[bool, typer.Option("--again", help="All documents, not only those that are new.")] = False,
) -> None:
    """Tie the instructions of a store into threads: repeated, tightened, extended, carried out, withdrawn. Every run ends with it."""
    from pipeline.cli.link import link_store

    link_store(folder, again)


@app.command("doctor")
def doctor_command(
    store: Annotated[Path, typer.Option(help="The folder that run wrote.")] = Path("data/processed"),
) -> None:
    """Tell what is installed, which lexicon and model, what is missing, and how the store is."""
    from pipeline.cli.doctor import check

    _exit(check(store))


class Listing(StrEnum):
    """Output of ``query``."""

    TABLE = "table"
    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"


Values = list[str] | None
StoreFolder = Annotated[Path, typer.Option("--store", metavar="FOLDER", help="What `taalimat run --out` wrote.")]


@app.command("query")
def query_command(
    text: Annotated[
        str, typer.Argument(metavar="[TEXT]", help='Words, "a phrase", AND, OR, NOT or -word, brackets, begin*.')
    ] = "",
    issuer: Annotated[Values, typer.Option(help="Words of who speaks, however spelt, or the id of a record.")] = None,
    addressee: Annotated[Values, typer.Option(help="The same of who is to act.")] = None,
    actor: Annotated[
        Values, typer.Option(metavar="ID", help="A record of the register that speaks or is to act.")
    ] = None,
    force: Annotated[
        Values, typer.Option(help="order, demand, insist, urge, call, emphasise, recommend; again for alternatives.")
    ] = None,
    country: Annotated[Values, typer.Option(metavar="CODE", help="As DZ.")] = None,
    wilaya: Annotated[Values, typer.Option(help="Name of a wilaya or another region.")] = None,
    month: Annotated[Values, typer.Option(metavar="YYYY-MM", help="Month of the speech act.")] = None,
    since: Annotated[str, typer.Option(metavar="DAY", help="2025, 2025-01, 2025-01-07, today, -30d.")] = "",
    until: Annotated[str, typer.Option(metavar="DAY", help="Last day of the speech act.")] = "",
    due_before: Annotated[str, typer.Option(metavar="DAY", help="The deadline ends before this day.")] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what was due before today.")] = False,
    deadline_state: Annotated[Values, typer.Option(help="none, due, overdue, immediate, unknown.")] = None,
    document_id: Annotated[Values, typer.Option(metavar="ID", help="Only this document.")] = None,
    sort: Annotated[str, typer.Option(help="relevance, newest, oldest, due, confidence.")] = "",
    limit: Annotated[int | None, typer.Option(min=0, help="Results to show; a file holds all unless said.")] = None,
    offset: Annotated[int | None, typer.Option(min=0, help="Results to pass over.")] = None,
    near: Annotated[bool, typer.Option("--near/--no-near", help="Near matches behind the exact ones.")] = True,
    folded: Annotated[
        bool, typer.Option("--folded/--no-folded", help="An instruction that a statement repeats counts once.")
    ] = True,
    facets: Annotated[bool, typer.Option("--facets", help="Print who, where and when with numbers instead.")] = False,
    format: Annotated[Listing, typer.Option("--format", "-f", help="xlsx needs --output.")] = Listing.TABLE,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file.")] = None,
    folder: StoreFolder = Path("data/processed"),
) -> None:
    """Find directives in a store: by words in all their forms, by who, where, when and deadline. The page uses the same language."""
    from pipeline.cli.query import run_query

    lists = {
        "issuer": issuer, "addressee": addressee, "actor": actor, "force": force, "country": country, "wilaya": wilaya,
        "month": month, "deadline_state": deadline_state, "document_id": document_id,
    }  # fmt: skip
    single = {
        "text": text,
        "since": since,
        "until": until,
        "due_before": due_before,
        "sort": sort,
        "limit": limit,
        "offset": offset,
    }
    flags = {"overdue": overdue, "near": near, "folded": folded}
    params = {name: value for name, value in (lists | single | flags).items() if value not in (None, "")}
    _exit(run_query(folder, params, format.value, output, facets))


@app.command("index")
def index_command(folder: StoreFolder = Path("data/processed")) -> None:
    """Bring the search index of a store up to date; by meaning too, where `taalimat models build` made the encoder."""
    from pipeline.cli.query import run_index

    _exit(run_index(folder))


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the versions of code and lexicon.")] = False,
) -> None:
    if version:
        from pipeline.resources import code_version, lexicon_version

        print(f"taalimat {code_version()}, lexicon {lexicon_version()}")
        raise typer.Exit


def _decide(rules_only: bool, precise: bool, backends: str | None = None) -> Decide:
    """Raises :class:`TaalimatError` where both are asked for, or a backend cannot be used."""
    from pipeline.pipeline import DEFAULT, Decide

    if rules_only and precise:
        raise TaalimatError("--precise asks the model; it cannot go with --rules-only")
    decide = Decide.RULES if rules_only else Decide.PRECISE if precise else DEFAULT
    if backends is None:
        return decide
    from pipeline.backends import load, parse

    names = parse(backends)
    for name in names:
        load(name)  # what is missing is told at once, not once a document
    return decide.with_backends(names)


def _exit(is_clean: bool) -> None:
    raise typer.Exit(0 if is_clean else 1)


def main() -> None:
    """Entry point of the ``taalimat`` command."""
    # Lexicons are many objects and none of them garbage: to look through them again at each 700 takes a tenth of a start.
    gc.set_threshold(50_000, 20, 50)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        app()
    except BrokenPipeError:  # the reader, such as head, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
