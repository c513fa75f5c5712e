"""spaCy: a component, tokenizer rules for Arabic, and docs made from analyses and read back.

A blank Arabic tokenizer leaves «الوزير،بتكثيف» and «بالجزائر).» in one piece, and no token ends inside «للولايات». Here tokens are cut at
every bound of a record, so that each record is a span of its own, and ``doc.text`` stays what it was. Needs the extra ``spacy``.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pipeline import ids
from pipeline.bridges.record import from_record, to_record
from pipeline.errors import TaalimatError
from pipeline.highlight import COLOURS
from pipeline.marks import Role, marks
from pipeline.normalize import NormalizedText, normalize
from pipeline.pipeline import default_pipeline
from pipeline.tokens import tokenize
from pipeline.types import Analysis, Document, Kind, Mention, Sentence, Span

try:
    import spacy
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.tokens import Span as SpacySpan
    from spacy.util import filter_spans
except ImportError as error:
    raise ImportError("spaCy is not installed; run pip install 'taalimat[spacy]'") from error

if TYPE_CHECKING:
    from spacy.vocab import Vocab

KEY = "taalimat"
"""Where the records lie in ``doc.user_data``; :class:`spacy.tokens.DocBin` keeps it with ``store_user_data=True``."""

# Marks of a word (harakat, bidi marks, joiners) are no punctuation.
_INNER = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06ed\u200c-\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_MARK = rf"(?:[^\w\s{_INNER}]|_)"
_IN_NUMBER = r"(?<=\d)[.,:/-]+(?=\d)"
_BOUNDS = rf"(?<=[^\W\d_])(?=\d)|(?<=[{_INNER}])(?=\d)|(?<=\d)(?=[^\W\d_])"


def add_rules(nlp: Language) -> Language:
    """Make the tokenizer of ``nlp`` part every mark from its words, but not numbers and dates (10:30, 5.000, 7/1/2025); ``nlp`` itself.

    >>> import spacy
    >>> [t.text for t in add_rules(spacy.blank("ar"))("الوزير،بتكثيف (بالجزائر). على 10:30")]
    ['الوزير', '،', 'بتكثيف', '(', 'بالجزائر', ')', '.', 'على', '10:30']
    """
    tokenizer: Any = nlp.tokenizer
    tokenizer.rules = {}
    tokenizer.url_match = tokenizer.token_match = None
    tokenizer.prefix_search = re.compile(rf"^{_MARK}").search
    tokenizer.suffix_search = re.compile(rf"{_MARK}$").search
    tokenizer.infix_finditer = re.compile(rf"(?!{_IN_NUMBER}){_MARK}|{_BOUNDS}").finditer
    return nlp


def displacy_options() -> dict[str, Any]:
    """Options for ``displacy.render(doc, style="span", options=…)``: the key of the spans and a colour for each role."""
    return {"spans_key": KEY, "colors": {role.value: colour for role, colour in COLOURS.items()}}


def to_spacy(analysis: Analysis, vocab: Vocab | None = None) -> Doc:
    """A doc with the text of ``analysis`` and its records as spans, ``doc.spans[role]`` and all in ``doc.spans["taalimat"]``.

    Tokens are those of the analysis, cut at the bounds of records: every span is exact. The records lie in ``doc.user_data["taalimat"]``.
    """
    raw = analysis.document.raw
    bounds = {edge for mark in marks(analysis) for edge in (mark.span.start, mark.span.end)}
    for token in tokenize(analysis.norm):
        bounds |= {token.span.start, token.span.end}
    # A single space belongs to the token before it; any other white space is a token.
    bounds |= {edge for m in re.finditer(r"\s+", raw) for edge in m.span()}
    words: list[str] = []
    spaces: list[bool] = []
    edges = sorted(bounds | {0, len(raw)})
    for start, end in pairwise(edges):
        if raw[start:end] == " " and words and not spaces[-1] and not words[-1].isspace():
            spaces[-1] = True
        else:
            words.append(raw[start:end])
            spaces.append(False)
    doc = Doc(vocab or spacy.blank("ar").vocab, words=words, spaces=spaces)
    return _annotate(doc, analysis, overwrite=True)


def from_spacy(doc: Doc) -> Analysis:
    """The analysis of a doc that went through :func:`to_spacy` or the component, exactly; of any other doc its text, sentences and named entities.

    Raises :class:`TaalimatError` where the records are of another text.
    """
    record = doc.user_data.get(KEY)
    if record is not None:
        analysis = from_record(record)
        if analysis.document.raw != doc.text:
            raise TaalimatError(f"doc.user_data[{KEY!r}] is of another text than the doc")
        return analysis
    norm = normalize(doc.text)
    return Analysis(
        Document(ids.document_id(doc.text), doc.text),
        norm,
        sentences=tuple(_sentence(norm, sent) for sent in (doc.sents if doc.has_annotation("SENT_START") else ())),
        mentions=tuple(
            Mention(Span(e.start_char, e.end_char), _KINDS[e.label_]) for e in doc.ents if e.label_ in _KINDS
        ),
    )


_KINDS = {**{kind.value: kind for kind in Kind}, "PER": Kind.PERSON, "PERS": Kind.PERSON, "ORG": Kind.ORGANISATION}
"""Kinds by the labels of entity recognisers."""


def _sentence(norm: NormalizedText, sent: SpacySpan) -> Sentence:
    tokens = tokenize(norm, norm.index_of(sent.start_char), norm.index_of(sent.end_char))
    return Sentence(Span(sent.start_char, sent.end_char), tokens)


def _annotate(doc: Doc, analysis: Analysis, *, overwrite: bool) -> Doc:
    """Set spans, entities, sentence starts and records of ``doc``. Entities and sentences of others stay unless ``overwrite``."""
    found = marks(analysis)
    everything = []
    groups: dict[str, list[SpacySpan]] = {role.value: [] for role in Role}
    for mark in found:
        span = doc.char_span(mark.span.start, mark.span.end, label=mark.role.value, alignment_mode="expand")
        if span is not None:
            groups[mark.role].append(span)
            everything.append(span)
    for role, spans in groups.items():
        doc.spans[role] = spans
    doc.spans[KEY] = everything
    if overwrite or not doc.ents:
        doc.set_ents(filter_spans(list(_entities(doc, analysis))))
    if overwrite or not doc.has_annotation("SENT_START"):
        starts = {span.start for span in _sentences(doc, analysis)} | {0}
        for token in doc:
            token.is_sent_start = token.i in starts
    doc.user_data[KEY] = to_record(analysis)
    return doc


def _sentences(doc: Doc, analysis: Analysis) -> Iterator[SpacySpan]:
    for sentence in analysis.sentences:
        span = doc.char_span(sentence.span.start, sentence.span.end, alignment_mode="expand")
        if span is not None:
            yield span


def _entities(doc: Doc, analysis: Analysis) -> Iterator[SpacySpan]:
    named = [(mention, actor.kind.value) for actor in analysis.actors for mention in actor.mentions]
    for place, label in [*named, *((time.span, time.type.value) for time in analysis.times)]:
        span = doc.char_span(place.start, place.end, label=label, alignment_mode="expand")
        if span is not None:
            yield span


class Component:
    """The pipe ``taalimat``. The publication date is ``doc._.published`` (a date or None), to be set before the pipe runs."""

    def __init__(self, *, split: bool) -> None:
        self.split = split

    def __call__(self, doc: Doc) -> Doc:
        published: datetime.date | None = doc._.published
        document = Document(ids.document_id(doc.text), doc.text, None, published, "caller" if published else None)
        analysis = default_pipeline()(document)
        if self.split:
            _split(doc, {edge for mark in marks(analysis) for edge in (mark.span.start, mark.span.end)})
        return _annotate(doc, analysis, overwrite=False)


def _split(doc: Doc, bounds: Iterable[int]) -> None:
    """Split the tokens that hold a bound inside; each part hangs on the last one, the stem."""
    edges = sorted(bounds)
    with doc.retokenize() as retokenizer:
        for token in doc:
            start, end = token.idx, token.idx + len(token.text)
            inside = edges[bisect_right(edges, start) : bisect_left(edges, end)]
            if inside:
                cuts = [start, *inside, end]
                parts = [doc.text[a:b] for a, b in pairwise(cuts)]
                retokenizer.split(token, parts, heads=[(token, len(parts) - 1)] * len(parts))


def create(nlp: Language, name: str, split: bool) -> Component:
    """The factory behind ``nlp.add_pipe("taalimat")``; an entry point of the package makes spaCy know it."""
    if not Doc.has_extension("published"):
        Doc.set_extension("published", default=None)
    return Component(split=split)


if not Language.has_factory(KEY):
    Language.factory(
        KEY,
        default_config={"split": True},
        assigns=["doc.ents", "doc.spans", "token.is_sent_start"],
        func=create,
    )
