"""farahidi (extra ``farahidi``, GPL-3): lemma, masdar and clitics; its lexicon comes in its wheel.

Of several readings of a word the one that farahidi ranks first counts. It sees 150 to 250 words a second when cold; readings are kept.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.backends.words import Reading, layer
from pipeline.errors import TaalimatError
from pipeline.normalize import fold
from pipeline.types import Analysis, Layer

_ARTICLE = re.compile("ال$|(?<=ل)ل$")
_POS = {"اسم": "NOUN", "فعل": "VERB", "حرف": "PART"}


class Farahidi:
    """Units with lemma, part of speech, clitics and whether the word is a masdar."""

    name = "farahidi"

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            raise TaalimatError("farahidi has its lexicon in its wheel; name it without =PATH")
        try:
            from farahidi import Analyzer
        except ImportError as error:
            raise TaalimatError("farahidi is not installed; run pip install 'taalimat[farahidi]'") from error
        self._analyzer: Any = Analyzer()
        self._read = lru_cache(maxsize=1 << 16)(self._reading)

    def __call__(self, analysis: Analysis) -> Layer:
        return layer(self.name, analysis, self._read)

    def _reading(self, word: str) -> Reading | None:
        found = self._analyzer.analyze(word.replace("ـ", ""))
        if not found:
            return None
        best = found[0]
        lead = "".join(fold(affix.form) for affix in best.proclitics)  # «وب», «بال», «لل»
        article = ""
        if best.pos == "اسم" and (cut := _ARTICLE.search(lead)):
            lead, article = lead[: cut.start()], "ال"
        stem = _within(fold(best.stem), best.prefixes, best.suffixes)
        after = tuple(fold(affix.form) for affix in best.enclitics)
        kind = best.type or ""
        pos = "PROPN" if kind == "اسم علم" else _POS.get(best.pos, "X")
        masdar = kind.startswith("مصدر") if best.pos == "اسم" else None
        return Reading(tuple(lead), article + stem, after, fold(best.lemma), pos, masdar)


def _within(stem: str, prefixes: Any, suffixes: Any) -> str:
    """The stem with its inflection; farahidi gives some stems with it («متابعة»), others without."""
    lead, tail = ("".join(fold(affix.form) for affix in affixes) for affixes in (prefixes, suffixes))
    return f"{'' if stem.startswith(lead) else lead}{stem}{'' if stem.endswith(tail) else tail}"
