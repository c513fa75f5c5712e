"""The command line end to end."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import STATEMENT, Run

SECOND = "دعت مديرية التجارة أصحاب المخابز إلى ضمان المداومة يوم العيد، وحذرت من الغلق دون إشعار."


def write(name: str, *records: dict[str, object] | str) -> str:
    lines = (r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records)
    Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return name


def corpus() -> str:
    return write(
        "a.jsonl", {"id": "m-1", "text": STATEMENT, "published": "2025-05-02"}, "{broken", {"id": "m-2", "text": SECOND}
    )


# --- extract


def test_standoff_keeps_ids_and_gives_an_empty_record_for_what_fails(taalimat: Run) -> None:
    write("a.jsonl", {"id": "m-1", "text": STATEMENT}, {"id": "bad", "text": ""}, {"id": "m-2", "text": SECOND})
    result = taalimat("extract", "a.jsonl", "--format", "standoff")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [record["id"] for record in records] == ["m-1", "bad", "m-2"]
    assert records[1] == {"id": "bad", "text": "", "directives": [], "dates": [], "actors": []}
    assert [i["text"] for d in records[2]["directives"] for i in d["instructions"]] == ["ضمان المداومة يوم العيد"]
    assert result.stderr == "a.jsonl, line 2 [bad]: the text is empty\n"
    assert result.exit_code == 1


def test_standoff_can_be_read_as_gold_and_agrees_with_itself(taalimat: Run) -> None:
    Path("gold.jsonl").write_text(taalimat("extract", corpus(), "-f", "standoff").stdout, encoding="utf-8")
    result = taalimat("evaluate", "gold.jsonl", "--errors")
    assert result.exit_code == 0
    measured = {line.split()[0]: line.split()[1:4] for line in result.stdout.splitlines()[2:] if line}
    assert measured["record_full"] == ["1.000", "1.000", "1.000"]
    assert measured["actors"] == ["1.000", "1.000", "1.000"]


@pytest.mark.parametrize("only", ["directives", "actors", "dates"])
def test_only_one_kind_of_record(taalimat: Run, only: str) -> None:
    corpus()
    (line, _) = taalimat("extract", "a.jsonl", "-f", "jsonl", "--only", only).stdout.splitlines()
    assert {"directives", "actors", "dates"} & set(json.loads(line)) == {only}
    record = json.loads(taalimat("extract", "a.jsonl", "-f", "standoff", "--only", only).stdout.splitlines()[0])
    assert [key for key in ("directives", "actors", "dates") if record[key]] == [only]


def test_csv_holds_one_table_with_located_rows(taalimat: Run) -> None:
    result = taalimat("extract", corpus(), "--format", "csv")
    assert result.stdout.startswith("\ufeffdirective_id,")
    rows = list(csv.DictReader(io.StringIO(result.stdout.removeprefix("\ufeff"))))
    texts = {"m-1": STATEMENT, "m-2": SECOND}
    assert {row["document_id"] for row in rows} == set(texts)
    for row in rows:
        assert texts[row["document_id"]][int(row["start"]) : int(row["end"])] == row["instruction"]
    assert taalimat("extract", "a.jsonl", "-f", "csv", "--only", "dates").stdout.startswith("\ufeffdate_id,")


def test_the_table_shows_records_in_arabic(taalimat: Run) -> None:
    result = taalimat("extract", corpus())
    for expected in ("m-1", "2025-05-02", "فتح المسبح البلدي", "avoid", "2025-06-15", "ضمان المداومة يوم العيد"):
        assert expected in result.stdout


def test_standard_input_is_text_json_lines_or_a_table(taalimat: Run) -> None:
    as_json = json.dumps({"id": "i", "text": SECOND})
    as_table = f'id,text\ni,"{SECOND}"\n'
    found = [
        json.loads(taalimat("extract", "-", "-f", "jsonl", input=data).stdout) for data in (SECOND, as_json, as_table)
    ]
    assert [record["document_id"] for record in found][1:] == ["i", "i"]
    instructions = [[d["instruction"] for d in record["directives"]] for record in found]
    assert instructions == [["ضمان المداومة يوم العيد"]] * 3
    again = json.loads(
        taalimat("extract", "-f", "jsonl", "--published", "2025-05-02", input=SECOND.encode("cp1256")).stdout
    )
    assert again["published"] == "2025-05-02"
    assert [d["instruction"] for d in again["directives"]] == ["ضمان المداومة يوم العيد"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--published", "2025-02-30"), "--published: '2025-02-30' is no date"),
        (("--published", "2025-02-03"), "--published is for one file"),
    ],
)
def test_a_publication_date_that_cannot_be_used_is_refused(taalimat: Run, args: tuple[str, ...], message: str) -> None:
    corpus()
    sources = ["a.jsonl", "a.jsonl"] if "one file" in message else ["a.jsonl"]
    result = taalimat("run", *sources, *args)
    assert result.exit_code == 1
    assert message in result.stderr
    assert not Path("data").exists()


# --- run


def test_run_writes_one_store_and_tables_and_lists_every_failure(taalimat: Run) -> None:
    Path("in").mkdir()
    corpus()
    Path("in/2025-05-02_pool.txt").write_text(STATEMENT + "\nنسخة", encoding="utf-8")
    Path("in/broken.txt").write_bytes(bytes(range(256)) * 4)
    result = taalimat("run", "a.jsonl", "in", "none.txt", "--out", "out")
    assert result.exit_code == 1
    assert "3 documents" in result.stdout
    assert "3 problems:" in result.stdout
    for place in ("a.jsonl, line 2: not JSON", "in/broken.txt: this is binary data", "none.txt: there is no such file"):
        assert place in result.stdout
    files = {path.name for path in Path("out").iterdir()}
    tables = ("documents", "directives", "actors", "dates", "runs", "readings", "copies")
    assert files == {
        "taalimat.sqlite",
        "manifest.json",
        *(f"{table}.{form}" for table in tables for form in ("parquet", "csv", "jsonl")),
    }
    with sqlite3.connect("out/taalimat.sqlite") as connection:
        published = dict(
            connection.execute("SELECT published_source, published FROM documents WHERE published IS NOT NULL")
        )
        assert published == {"column": "2025-05-02", "file name": "2025-05-02"}
        assert connection.execute("SELECT count(*) FROM problems").fetchone() == (3,)
        wrong = "SELECT count(*) FROM directives d JOIN documents USING (document_id) WHERE substr(text, d.start + 1, d.end - d.start) != instruction"
        assert connection.execute(wrong.replace("d.end", 'd."end"')).fetchone() == (0,)
        folded = connection.execute(
            "SELECT times, force FROM instructions WHERE instruction LIKE 'فتح المسبح%'"
        ).fetchall()
        assert folded == [(3, "order")] * 2


def test_running_again_changes_nothing_but_the_run(taalimat: Run) -> None:
    corpus()

    def contents() -> dict[str, list[dict[str, object]]]:
        tables = ("documents", "directives", "actors", "dates")
        lines = {t: Path(f"data/processed/{t}.jsonl").read_text("utf-8").splitlines() for t in tables}
        return {t: [{k: v for k, v in json.loads(line).items() if k != "run_id"} for line in lines[t]] for t in tables}

    assert "2 new" in taalimat("run", "a.jsonl").stdout
    first = contents()
    again = taalimat("run", "a.jsonl").stdout
    assert "2 documents that were done" in again
    assert "nothing new" in again
    assert contents() == first
    assert "2 read before" in taalimat("run", "a.jsonl", "--no-resume").stdout
    assert contents() == first
    write("a.jsonl", {"id": "m-1", "text": SECOND + " انتهى."})
    assert "1 in a new version" in taalimat("run", "a.jsonl").stdout
    assert len(contents()["documents"]) == 2


def test_a_clean_run_exits_with_zero(taalimat: Run) -> None:
    write("a.jsonl", {"id": "m-2", "text": SECOND})
    result = taalimat("run", "a.jsonl")
    assert (result.exit_code, "problems" in result.stdout) == (0, False)


def test_a_run_tells_what_it_passed_over(taalimat: Run) -> None:
    Path("in").mkdir()
    for name in ("a.txt", "b.txt", "film.mp4"):
        (Path("in") / name).write_text(STATEMENT, encoding="utf-8")
    result = taalimat("run", "in")
    assert result.exit_code == 0
    assert "repeated      1 documents" in result.stdout
    assert "1 files in no known format: film.mp4" in result.stdout


def test_a_store_that_cannot_be_written_is_named(taalimat: Run) -> None:
    Path("out").write_text("a file, no folder")
    result = taalimat("run", corpus(), "--out", "out")
    assert result.exit_code == 1
    assert result.stderr.startswith("taalimat: out")


# --- evaluate and explain


def test_errors_are_listed_in_arabic(taalimat: Run) -> None:
    records = [json.loads(line) for line in taalimat("extract", corpus(), "-f", "standoff").stdout.splitlines()]
    missing = records[1]["directives"][0]["instructions"][0]["text"]
    extra = {"text": "وحذرت", "start": SECOND.index("وحذرت"), "end": SECOND.index("وحذرت") + 5}
    records[1]["directives"][0]["instructions"] = [extra]
    write("gold.jsonl", *records)
    result = taalimat("evaluate", "gold.jsonl", "--errors")
    assert f"missed  m-2 [دعت] {extra['text']}" in result.stdout
    assert f"extra   m-2 [دعت] {missing}" in result.stdout


def test_a_sample_is_drawn_judged_and_counted(taalimat: Run) -> None:
    drawn = taalimat("evaluate", corpus(), "--sample", "3", "--sheet", "s.csv")
    assert drawn.exit_code == 1  # the broken line
    assert "3 directives in s.csv" in drawn.stderr
    first = Path("s.csv").read_bytes()
    taalimat("evaluate", "a.jsonl", "--sample", "3", "--sheet", "s.csv")
    assert Path("s.csv").read_bytes() == first
    assert "no verdict in it yet" in taalimat("evaluate", "s.csv").stderr
    with Path("s.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row, verdict in zip(rows, ("right", "wrong", "right"), strict=True):
        row["verdict"] = verdict
    with Path("s.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert taalimat("evaluate", "s.csv").stdout == "2 of 3 right: precision 0.667 (95 % 0.208-0.939)\n"


def test_gold_that_is_none_is_refused(taalimat: Run) -> None:
    result = taalimat("evaluate", write("g.jsonl", {"id": "x", "text": "نص"}))
    assert result.exit_code == 1
    assert "line 1: the key 'actors' is missing" in result.stderr


def test_explain_shows_rules_and_rejected_candidates(taalimat: Run) -> None:
    text = "أكد الوالي أن الأشغال انتهت، وأمر بفتح المسبح البلدي."
    result = taalimat("explain", "-", input=text)
    assert result.exit_code == 0
    assert "«فتح المسبح البلدي»" in result.stdout
    assert "lexeme:amara-i" in result.stdout
    assert "frame:bi" in result.stdout
    assert "not taken «أكد» [0:3]" in result.stdout


# --- the program itself


def test_the_installed_program_reads_and_writes_utf8(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "extract", "-", "-f", "jsonl"]
    done = subprocess.run(
        command,
        input=SECOND.encode(),
        capture_output=True,
        cwd=tmp_path,
        check=False,
        env={"PYTHONIOENCODING": "ascii", "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["directives"][0]["instruction"] == "ضمان المداومة يوم العيد"


def test_a_reader_that_closes_early_is_no_error(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text(
        "".join(json.dumps({"id": str(n), "text": STATEMENT}) + "\n" for n in range(300)), encoding="utf-8"
    )
    command = [
        sys.executable,
        "-c",
        "from pipeline.cli import main; main()",
        "extract",
        str(source),
        "-f",
        "standoff",
        "--workers",
        "1",
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=Path(__file__).parents[1]
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_help_imports_nothing_heavy() -> None:
    script = "import sys; sys.argv = ['taalimat', '--help']\nfrom pipeline.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass\nprint(*sorted(m for m in sys.modules if '.' not in m))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "pipeline" in loaded
    assert not loaded & {
        "pandas",
        "pyarrow",
        "numpy",
        "spacy",
        "charset_normalizer",
        "hijridate",
        "pyarabic",
        "multiprocessing",
    }


def test_help_answers_at_once() -> None:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "--help"]

    def seconds() -> float:
        start = os.times()  # of the processor: other programs may run beside the tests
        subprocess.run(command, capture_output=True, check=True, cwd=Path(__file__).parents[1])
        end = os.times()
        return end.children_user + end.children_system - start.children_user - start.children_system

    assert min(seconds() for _ in range(5)) < 0.4
