"""A small round of the mutations; the large one is a command of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_no_damage_crashes_a_reader_or_goes_unnamed() -> None:
    command = [sys.executable, str(Path(__file__).with_name("mutations.py")), "--count", "120", "--seed", "7"]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stderr
    assert "120 mutations, 0 failures" in result.stdout
