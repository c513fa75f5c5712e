"""CAMeL Tools (extra ``camel``): lemma, masdar and clitics from a morphology database, names from its recogniser.

The database is a file in the CAMeL (ALMOR) format; without a path it is the one that ``camel_data -i morphology-db-msa-r13`` installs. The
recogniser is the one of ``camel_data -i ner-arabert``. Words go through CAMeL's own character map «arclean» first.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest import mock

from pipeline.backends.words import ARTICLE, Reading, layer
from pipeline.errors import TaalimatError
from pipeline.normalize import fold
from pipeline.types import CONTENT, Analysis, Evidence, Kind, Layer, Mention, Span

_POS = {
    "noun": "NOUN", "noun_prop": "PROPN", "noun_num": "NUM", "noun_quant": "NOUN", "adj": "ADJ", "adj_comp": "ADJ", "adj_num": "ADJ", "adv": "ADV",
    "adv_interrog": "ADV", "adv_rel": "ADV", "verb": "VERB", "verb_pseudo": "PART", "pron": "PRON", "pron_dem": "DET", "pron_rel": "PRON",
    "pron_interrog": "PRON", "prep": "ADP", "conj": "CCONJ", "conj_sub": "SCONJ", "part": "PART", "part_neg": "PART", "part_verb": "PART",
    "abbrev": "NOUN", "digit": "NUM", "punc": "PUNCT",
}  # fmt: skip
# Patterns of masdars II to X, without harakat: 1, 2, 3 are the letters of the root. Form I has no pattern of its own.
_MASDAR = re.compile(
    "[وفبلك]*(?:ال|ل)?(?:ت12ي3|ت12ي3[هت]|م1ا23[هت]|ا12ا3|ا1ا3[هت]|ت1ا23|ان1ا3|ان12ا3|ا1ت2ا3|است12ا3|است1ا3[هت])(?:ها|هم|هما|هن|ه|ي|نا|كم|ك)?"
)
_KINDS = {"PER": Kind.PERSON, "PERS": Kind.PERSON, "ORG": Kind.ORGANISATION}


@contextmanager
def _catalogue(*, needed: bool) -> Iterator[None]:
    """Import CAMeL without the network: its first import fetches a catalogue of data, which a database of one's own does not need."""
    home = Path(os.environ.get("CAMELTOOLS_DATA") or Path.home() / ".camel_tools")
    if needed or (home / "catalogue.json").is_file() or "camel_tools.data" in sys.modules:
        yield
        return
    for name in [name for name in sys.modules if name.startswith("camel_tools.data")]:
        del sys.modules[name]  # of an import that failed: they remember another folder
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, CAMELTOOLS_DATA=folder):
        Path(folder, "catalogue.json").write_text(
            '{"version": "0", "packages": {}, "components": {}}', encoding="utf-8"
        )
        yield


class Morphology:
    """Units with lemma, part of speech and clitics. Of several readings the likeliest counts, by ``pos_lex_logprob`` where the database has it."""

    name = "camel"

    def __init__(self, path: Path | None) -> None:
        if importlib.util.find_spec("camel_tools") is None:
            raise TaalimatError("CAMeL Tools is not installed; run pip install 'taalimat[camel]'")
        try:
            with _catalogue(needed=path is None):
                from camel_tools.morphology.analyzer import Analyzer
                from camel_tools.morphology.database import MorphologyDB
                from camel_tools.utils.charmap import CharMapper
            database = MorphologyDB(str(path)) if path else MorphologyDB.builtin_db()
        except Exception as error:  # its own errors, and those of a file that is not there
            place = path or "its morphology database"
            raise TaalimatError(
                f"camel: {place} cannot be read ({error}); get it with 'camel_data -i morphology-db-msa-r13', or name a file: camel=FILE"
            ) from error
        self._analyzer: Any = Analyzer(database)
        self._clean: Any = CharMapper.builtin_mapper("arclean")
        self._read = lru_cache(maxsize=1 << 16)(self._reading)

    def __call__(self, analysis: Analysis) -> Layer:
        return layer(self.name, analysis, self._read)

    def _reading(self, word: str) -> Reading | None:
        found = self._analyzer.analyze(self._clean.map_string(word))
        found = [a for a in found if a.get("pos") not in (None, "punc", "foreign") and a.get("source") != "backoff"]
        if not found:
            return None
        best = max(found, key=lambda a: float(a.get("pos_lex_logprob", -99)))
        # «وَ+_بِ+_تَكْثِيف», «مُتابَعَت_+ها»: a plus on the side of the stem
        marked = [part for part in best.get("d3tok", best["diac"]).split("_") if part.strip("+")]
        before = [fold(part.strip("+")) for part in marked if part.endswith("+")]
        after = tuple(fold(part.strip("+")) for part in marked if part.startswith("+"))
        stem = "".join(fold(part) for part in marked if not part.startswith("+") and not part.endswith("+"))
        if before and before[-1] in ARTICLE and best.get("prc0", "").startswith("Al"):
            stem = before.pop() + stem
        pattern = fold(best.get("pattern", "-").replace("+", ""))
        masdar = _MASDAR.fullmatch(pattern) is not None if best["pos"] == "noun" and pattern != "-" else None
        return Reading(tuple(before), stem, after, fold(best["lex"]), _POS.get(best["pos"], "X"), masdar)


class Names:
    """Mentions of persons and organisations from CAMeL's recogniser."""

    name = "camel-ner"

    def __init__(self, path: Path | None) -> None:
        if importlib.util.find_spec("camel_tools") is None:
            raise TaalimatError("CAMeL Tools is not installed; run pip install 'taalimat[camel]'")
        try:
            from camel_tools.ner import NERecognizer

            self._recogniser: Any = NERecognizer(str(path)) if path else NERecognizer.pretrained()
        except Exception as error:
            raise TaalimatError(f"camel-ner: no model ({error}); get it with 'camel_data -i ner-arabert'") from error

    def __call__(self, analysis: Analysis) -> Layer:
        found: list[Mention] = []
        for sentence in analysis.sentences:
            if sentence.zone in CONTENT and sentence.tokens:
                spans = [token.span for token in sentence.tokens]
                found += bio(self.name, spans, self._recogniser.predict_sentence([analysis.text(s) for s in spans]))
        return Layer(self.name, mentions=tuple(found))


def bio(name: str, spans: list[Span], labels: list[str]) -> Iterator[Mention]:
    """Mentions from B-/I- labels of tokens.

    >>> [(m.span, m.kind.value) for m in bio("tagger", [Span(0, 4), Span(5, 9), Span(10, 12)], ["B-PERS", "I-PERS", "O"])]
    [(Span(start=0, end=9), 'PERSON')]
    """
    start: Span | None = None
    end: Span | None = None
    kind: Kind | None = None
    for span, label in zip([*spans, Span(0, 0)], [*labels, "O"], strict=True):
        if start is not None and end is not None and not label.startswith("I-"):
            whole = Span(start.start, end.end)
            if kind is not None:
                yield Mention(whole, kind, None, (Evidence(f"model:{name}", whole, 0.5),))
            start = None
        if label.startswith("B-"):
            start, kind = span, _KINDS.get(label[2:])
        end = span
