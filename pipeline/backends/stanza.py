"""Stanza (extra ``stanza``): sentences, words inside multi-word tokens, parts of speech, the parse, and names where its model has them.

Without a path it is the pipeline that ``stanza.download("ar")`` fetched; with one, a folder of ``ar_tokenize.pt``, ``ar_mwt.pt``, ``ar_pos.pt``,
``ar_lemma.pt``, ``ar_depparse.pt`` and ``ar_ner.pt``, those that are there (``models/train/stanza_pipeline.py`` trains four). Stanza gives the words inside a
token no offsets: they are found again in the token.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from pipeline.backends.align import parts
from pipeline.errors import TaalimatError
from pipeline.normalize import fold
from pipeline.types import Analysis, Evidence, Kind, Layer, Mention, Span, Unit

_PROCESSORS = ("tokenize", "mwt", "pos", "lemma", "depparse", "ner")
_KINDS = {
    "PER": Kind.PERSON,
    "PERS": Kind.PERSON,
    "PERSON": Kind.PERSON,
    "ORG": Kind.ORGANISATION,
    "ORGANIZATION": Kind.ORGANISATION,
}


def pipeline(folder: Path | None) -> Any:
    """The ``stanza.Pipeline`` of a folder. Stanza wants a list of resources in its own folder even where every model is named: here an empty one."""
    import stanza

    if folder is None:
        return stanza.Pipeline(**_options(None))
    given = _options(folder)
    with tempfile.TemporaryDirectory() as resources:
        Path(resources, "resources.json").write_text("{}", encoding="utf-8")
        return stanza.Pipeline(dir=resources, **given)


def _options(folder: Path | None) -> dict[str, Any]:
    """The arguments of ``stanza.Pipeline``. Raises :class:`TaalimatError` where the folder holds no tokenizer."""
    common = {"lang": "ar", "download_method": None, "verbose": False, "use_gpu": False}
    if folder is None:
        return common
    there = [name for name in _PROCESSORS if (folder / f"ar_{name}.pt").is_file()]
    if "tokenize" not in there:
        raise TaalimatError(f"stanza: {folder} holds no ar_tokenize.pt; train one with models/train/stanza_pipeline.py")
    paths = {f"{name}_model_path": str(folder / f"ar_{name}.pt") for name in there}
    extra: dict[str, Any] = {"pos_pretrain_path": None, "depparse_pretrain_path": None}
    if "pos" in there and "lemma" not in there:
        extra["depparse_pretagged"] = True  # Stanza's word for a parser that asks for no lemmas
    return {
        **common,
        "processors": ",".join(there),
        "allow_unknown_language": True,
        **paths,
        **extra,
    }


class Stanza:
    """Units with part of speech, lemma, governor and relation; sentences; mentions of persons and organisations."""

    name = "stanza"

    def __init__(self, path: Path | None) -> None:
        try:
            import stanza  # noqa: F401
        except ImportError as error:
            raise TaalimatError("Stanza is not installed; run pip install 'taalimat[stanza]'") from error
        try:
            self._pipeline: Any = pipeline(path)
        except TaalimatError:
            raise
        except Exception as error:  # its own errors, and those of files that are none
            raise TaalimatError(
                f"stanza: no pipeline for Arabic ({error}); get one with python -c 'import stanza; stanza.download(\"ar\")', or name a folder: stanza=FOLDER"
            ) from error

    def __call__(self, analysis: Analysis) -> Layer:
        raw = analysis.document.raw
        document = self._pipeline(raw) if raw.strip() else None
        units: list[Unit] = []
        sentences: list[Span] = []
        for sentence in document.sentences if document else ():
            tokens = sentence.tokens
            sentences.append(Span(tokens[0].start_char, tokens[-1].end_char))
            units += _sentence(raw, tokens, len(units))
        named = document.ents if document and "ner" in self._pipeline.processors else ()
        spans = [(Span(e.start_char, e.end_char), _KINDS[e.type]) for e in named if e.type in _KINDS]
        mentions = tuple(Mention(s, kind, None, (Evidence(f"model:{self.name}", s, 0.5),)) for s, kind in spans)
        return Layer(self.name, tuple(units), tuple(sentences), mentions)


def _sentence(raw: str, tokens: list[Any], first: int) -> list[Unit]:
    """The units of a sentence, ``first`` being the index of its first. Words that are not found in their token share one unit."""
    made: list[tuple[Span, Any]] = []
    index: dict[int, int] = {0: -1}  # of the unit that a word of Stanza (from 1) is in
    for token in tokens:
        span = Span(token.start_char, token.end_char)
        places = parts(span.text(raw), [word.text for word in token.words]) if len(token.words) > 1 else None
        if places is None:
            stem = max(token.words, key=lambda word: len(word.text))
            for word in token.words:
                index[word.id] = first + len(made)
            made.append((span, stem))
            continue
        for word, (start, end) in zip(token.words, places, strict=True):
            index[word.id] = first + len(made)
            made.append((Span(span.start + start, span.start + end), word))
    return [_unit(span, word, index) for span, word in made]


def _unit(span: Span, word: Any, index: dict[int, int]) -> Unit:
    governor = index.get(word.head, -1) if word.head is not None else -1
    own = index[word.id]
    lemma = fold(word.lemma) if word.lemma else None
    return Unit(span, lemma, word.upos, None, None if governor in (-1, own) else governor, word.deprel)
