"""How far two independent readings of the same statements agree, by the measures of :mod:`pipeline.evaluate`.

``agreement/first.jsonl`` and ``agreement/second.jsonl`` hold the readings as they were made, before differences were
settled; neither is the corpus. A line is a stand-off record without its text, which is that of the corpus.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from pipeline.corpus.files import Corpus, Json
from pipeline.errors import TaalimatError
from pipeline.evaluate import Score, score
from pipeline.standoff import from_standoff


def _readings(path: Path) -> dict[str, Json]:
    try:
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
        return {record["id"]: record for record in records}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TaalimatError(f"{path}: cannot be read: {error}") from error


def scores(folder: Path, corpus: Corpus) -> dict[str, Score]:
    """For each statement read twice, the second reading scored against the first.

    Raises :class:`TaalimatError` where the two files do not hold the same statements of the corpus, or a span is not the text's.
    """
    first, second = (_readings(folder / "agreement" / name) for name in ("first.jsonl", "second.jsonl"))
    texts = {s.id: s.text for s in corpus.statements}
    if odd := (first.keys() ^ second.keys()) | (first.keys() - texts.keys()):
        raise TaalimatError(f"{folder / 'agreement'}: read once, or not in the corpus: {', '.join(sorted(odd))}")
    out = {}
    for name in sorted(first):
        try:
            a, b = (from_standoff({**reading[name], "text": texts[name]}) for reading in (first, second))
        except (ValueError, KeyError) as error:
            raise TaalimatError(f"{folder / 'agreement'}: {error}") from error
        out[name] = score(a, b)
    return out


def by_set(found: dict[str, Score]) -> dict[str, Sequence[Score]]:
    """The scores of each set, and of all under ``all``."""
    groups: dict[str, list[Score]] = {}
    for name, value in found.items():
        groups.setdefault(name.partition("-")[0], []).append(value)
    return {**groups, "all": list(found.values())}
