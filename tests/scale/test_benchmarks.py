"""Small forms of the benchmarks of what must not break: killed runs, fuzzed texts, pathological repeats."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(name: str, *arguments: str) -> str:
    command = [sys.executable, str(ROOT / "benchmarks" / f"{name}.py"), *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_nothing_is_lost_doubled_or_corrupt_when_runs_are_killed(tmp_path: Path) -> None:
    told = run("kills", "--kills", "3", "--documents", "300", "--seed", "3", "--folder", str(tmp_path))
    assert "3 disturbed runs over 300 documents" in told
    assert "nothing lost, doubled or corrupt" in told


def test_fuzzed_texts_have_no_broken_spans() -> None:
    assert "150 texts (from 0, seed 7): 0 with faults" in run("fuzz", "--texts", "150", "--seed", "7")


def test_time_is_linear_in_the_length_of_a_repeat() -> None:
    run("pathological", "--megabytes", "0.1", "0.4", "--kinds", "names", "--limit", "60")
