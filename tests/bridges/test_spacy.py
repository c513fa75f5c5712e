"""spaCy: docs with exact spans, the component, DocBin, displaCy, and tokens that are those of the pipeline."""

from __future__ import annotations

import datetime
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import pipeline
from pipeline.bridges.record import to_record
from pipeline.errors import TaalimatError
from pipeline.marks import Role, marks
from pipeline.normalize import normalize
from pipeline.tokens import tokenize
from pipeline.types import Analysis, Document, Kind
from tests.conftest import samples

spacy = pytest.importorskip("spacy", reason="needs the extra spacy")
from spacy import displacy  # noqa: E402
from spacy.tokens import Doc, DocBin  # noqa: E402

from pipeline.bridges.spacy import add_rules, displacy_options, from_spacy, to_spacy  # noqa: E402

BLANK = add_rules(spacy.blank("ar"))


def texts(doc: Doc) -> list[str]:
    return [token.text for token in doc if not token.is_space]


def ours(text: str) -> list[str]:
    return [token.span.text(text) for token in tokenize(normalize(text))]


@pytest.mark.parametrize("document", samples(), ids=lambda document: document.id)
def test_tokens_are_those_of_the_pipeline(document: Document) -> None:
    assert texts(BLANK(document.raw)) == ours(document.raw)


@pytest.mark.parametrize(
    "text",
    ["الوزير،بتكثيف", "ذلك؟نعم", "(بالجزائر).", "10:30", "5.000 سكن", "يوم 7/1/2025.", "شدَّدَ الوالي:«افتحوا»", "2025م", "ق.م.", "20-04،", "أ…ب", "10:30.", "_الري_", "100%"],
)  # fmt: skip
def test_what_the_blank_tokenizer_glues(text: str) -> None:
    assert texts(BLANK(text)) == ours(text)


@given(st.text(alphabet="ابل ,.،؛:/-()«»؟1٢3%\u064e\u0651_ـ\u200f\n", max_size=30))
def test_tokens_keep_the_text(text: str) -> None:
    assume(not re.search("\\d[\u064e\u0651\u200f]", text))  # a vowel on a digit is no writing
    doc = BLANK(text)
    assert doc.text == text
    assert all(len(ours(token.text)) <= 1 for token in doc), "no token holds two"


@pytest.mark.parametrize("document", samples(), ids=lambda document: document.id)
def test_every_record_is_a_span_of_its_own(document: Document) -> None:
    analysis = pipeline.Pipeline.default()(document)
    doc = to_spacy(analysis)
    assert doc.text == document.raw
    for role in Role:
        exact = sorted((m.span.start, m.span.end) for m in marks(analysis) if m.role is role)
        assert sorted((s.start_char, s.end_char) for s in doc.spans[role]) == exact
    assert [s.start_char for s in doc.sents][1:] == [s.span.start for s in analysis.sentences if s.span.start][
        -len(list(doc.sents)) + 1 :
    ]


def test_inside_words(composed: Analysis) -> None:
    doc = to_spacy(composed)
    assert [span.text for span in doc.spans["instruction"]][1:3] == [
        "فتح المسبح البلدي قبل 15 جوان 2025",
        "توظيف عشرة منقذين",
    ]
    assert "ب" in texts(doc), "the preposition is a token of its own"
    assert [(e.text, e.label_) for e in doc.ents][:2] == [
        ("والي الولاية", "PERSON"),
        ("والي الولاية، كمال زروق", "PERSON"),
    ]


def test_there_and_back_through_docbin(composed: Analysis) -> None:
    stored = DocBin(store_user_data=True, docs=[to_spacy(composed)]).to_bytes()
    (doc,) = DocBin().from_bytes(stored).get_docs(spacy.blank("ar").vocab)
    assert [span.text for span in doc.spans["deadline"]] == ["قبل 15 جوان 2025"]
    assert to_record(from_spacy(doc)) == to_record(composed)


def test_the_component() -> None:
    nlp = spacy.blank("ar")
    nlp.add_pipe("taalimat")
    doc = nlp.make_doc("وأمر الوالي للبلديات، بفتح الطريق قبل نهاية الشهر.")
    doc._.published = datetime.date(2025, 5, 2)
    doc = nlp(doc)
    assert [span.text for span in doc.spans["trigger"]] == ["أمر"]
    assert [span.text for span in doc.spans["instruction"]] == ["فتح الطريق قبل نهاية الشهر"]
    assert doc.user_data["taalimat"]["directives"][0]["due"] == "2025-05-31"
    assert from_spacy(doc).document.published == datetime.date(2025, 5, 2)


def test_the_component_without_splitting_keeps_tokens() -> None:
    nlp = spacy.blank("ar")
    nlp.add_pipe("taalimat", config={"split": False})
    doc = nlp("أمر الوالي بفتح الطريق.")
    assert len(doc) == len(spacy.blank("ar")("أمر الوالي بفتح الطريق."))
    assert [span.text for span in doc.spans["instruction"]] == ["بفتح الطريق"], "widened to whole tokens"
    assert doc.user_data["taalimat"]["directives"][0]["instruction"] == "فتح الطريق", "the record stays exact"


def test_the_component_survives_saving(tmp_path: Path) -> None:
    nlp = add_rules(spacy.blank("ar"))
    nlp.add_pipe("taalimat")
    nlp.to_disk(tmp_path / "model")
    doc = spacy.load(tmp_path / "model")("شدد الوالي،على فتح الطريق.")
    assert texts(doc)[1:3] == ["الوالي", "،"]
    assert doc.spans["instruction"][0].text == "فتح الطريق"


def test_entities_of_others_stay() -> None:
    nlp = spacy.blank("ar")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "ROAD", "pattern": "الطريق"}])
    nlp.add_pipe("taalimat")
    assert [(e.text, e.label_) for e in nlp("أمر الوالي بفتح الطريق.").ents] == [("الطريق", "ROAD")]


def test_displacy_draws_the_roles(composed: Analysis) -> None:
    page = displacy.render(to_spacy(composed), style="span", options=displacy_options(), page=True, jupyter=False)
    assert "instruction" in page
    assert displacy_options()["colors"]["trigger"] in page


def test_a_doc_of_others_gives_its_entities_and_sentences() -> None:
    nlp = spacy.blank("ar")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("entity_ruler").add_patterns(
        [{"label": "ORG", "pattern": "وزارة الري"}, {"label": "ROAD", "pattern": "الطريق"}]
    )
    analysis = from_spacy(nlp("فتحت وزارة الري الطريق. وعادت المياه."))
    assert [(analysis.text(m.span), m.kind) for m in analysis.mentions] == [("وزارة الري", Kind.ORGANISATION)]
    assert [analysis.text(s.span) for s in analysis.sentences] == ["فتحت وزارة الري الطريق.", "وعادت المياه."]


def test_records_of_another_text_are_refused(composed: Analysis) -> None:
    doc = spacy.blank("ar")("نص آخر")
    doc.user_data["taalimat"] = to_record(composed)
    with pytest.raises(TaalimatError, match="another text"):
        from_spacy(doc)


def test_spacy_finds_the_component_by_its_entry_point() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["spacy_factories"] == {"taalimat": "pipeline.bridges.spacy:create"}
