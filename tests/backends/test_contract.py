"""One contract for all backends: what they give is in the text, in order, and says what they are for.

Each is exercised with the smallest data there is: CAMeL with a database of fifteen words made for this test, farahidi with the lexicon of its
wheel, Stanza with a pipeline that ``models/train/stanza_pipeline.py`` trains here on composed sentences (``treebank.py``; the folder of another in
TAALIMAT_STANZA). What is missing is skipped by name.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest

from pipeline import backends
from pipeline.backends import Backend
from pipeline.backends.camel import bio
from pipeline.errors import TaalimatError
from pipeline.normalize import fold, normalize
from pipeline.segment import SegmentStage
from pipeline.types import Analysis, Document, Kind, Layer, Span, Unit
from tests.backends import treebank
from tests.conftest import samples

DATABASE = Path(__file__).with_name("small_camel.db")
TRAINER = Path(__file__).parents[2] / "models" / "train" / "stanza_pipeline.py"
MISSING = {
    "camel": None if importlib.util.find_spec("camel_tools") else "CAMeL Tools is not installed (extra camel)",
    "farahidi": None if importlib.util.find_spec("farahidi") else "farahidi is not installed (extra farahidi)",
    "stanza": None if importlib.util.find_spec("stanza") else "Stanza is not installed (extra stanza)",
}


@cache
def trees() -> str:
    """The folder of a pipeline of Stanza: the one in TAALIMAT_STANZA, else one that is trained in a minute, once a run."""
    if given := os.environ.get("TAALIMAT_STANZA"):
        return given
    folder = tempfile.mkdtemp(prefix="taalimat-stanza-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    command = [sys.executable, str(TRAINER), str(treebank.write(Path(folder, "own.conllu"))), folder, "--steps", "60"]
    environment = {**os.environ, "PYTHONPATH": str(TRAINER.parents[2]), "OMP_NUM_THREADS": "1"}
    trained = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert trained.returncode == 0, trained.stderr[-2000:]
    return folder


def named(backend: str) -> str:
    """The name to load a backend by, with the smallest data for it. Skips the test where that cannot be had."""
    if reason := MISSING[backend]:
        pytest.skip(reason)
    data = {"camel": lambda: f"={DATABASE}", "stanza": lambda: f"={trees()}"}
    return backend + data.get(backend, str)()


@pytest.fixture(params=sorted(MISSING))
def backend(request: pytest.FixtureRequest) -> Backend:
    return backends.load(named(request.param))


def segmented(text: str) -> Analysis:
    return SegmentStage()(Analysis(Document("t", text), normalize(text)))


def check(analysis: Analysis, layer: Layer) -> None:
    """What every layer keeps."""
    raw = analysis.document.raw
    last = 0
    for i, unit in enumerate(layer.units):
        assert last <= unit.span.start < unit.span.end <= len(raw), "in order, never empty, never overlapping"
        last = unit.span.end
        assert unit.span.text(raw).strip() == unit.span.text(raw), "no white space at the ends"
        assert unit.head is None or (0 <= unit.head < len(layer.units) and unit.head != i)
        assert unit.lemma is None or unit.lemma == fold(unit.lemma)
    words = [
        (token.span.start, token.span.end) for s in analysis.sentences for token in s.tokens if token.norm[0].isalpha()
    ]
    edges = {edge for unit in layer.units for edge in (unit.span.start, unit.span.end)}
    assert sum(start in edges and end in edges for start, end in words) >= 0.9 * len(words), (
        "words begin and end with units"
    )
    for span in (*layer.sentences, *(mention.span for mention in layer.mentions)):
        assert 0 <= span.start < span.end <= len(raw)


@pytest.mark.parametrize("document", samples(), ids=lambda document: document.id)
def test_samples(backend: Backend, document: Document) -> None:
    analysis = SegmentStage()(Analysis(document, normalize(document.raw)))
    layer = backend(analysis)
    assert layer.backend == backend.name
    assert layer.units
    check(analysis, layer)
    assert backend(analysis) == layer, "twice the same"


@pytest.mark.parametrize(
    "text", ["", " \n ", "؟!", "12.5", "Hello", "وَبِتَكْثِيفِ", "ـــ", "🔴 أمر", "\u200fأمر الوالي\u200f", "ا" * 200]
)
def test_odd_texts(backend: Backend, text: str) -> None:
    analysis = segmented(text)
    last = 0
    for unit in backend(analysis).units:
        assert last <= unit.span.start < unit.span.end <= len(text)
        last = unit.span.end


def units(backend: Backend, text: str) -> dict[str, Unit]:
    layer = backend(segmented(text))
    check(segmented(text), layer)
    return {unit.span.text(text): unit for unit in layer.units}


def test_clitics_are_units_at_their_places(backend: Backend) -> None:
    found = units(backend, "أمر الوالي بفتح الطريق وبتكثيف العمل.")
    assert {"ب", "فتح", "و", "تكثيف"} <= set(found) or backend.name == "stanza" and "ب" in found
    assert found["ب"].pos == "ADP"


def test_harakat_stay_with_their_letters(backend: Backend) -> None:
    if backend.name == "stanza":
        pytest.skip("trained on text without harakat")
    assert {"وَ", "بِ", "تَكْثِيفِ"} <= set(units(backend, "وَبِتَكْثِيفِ الفتح"))


def test_lemma_and_masdar_from_morphology(backend: Backend) -> None:
    if backend.name == "stanza":
        pytest.skip("Stanza knows no masdars")
    found = units(backend, "بتكثيف الطريق للبلديات")
    assert (found["تكثيف"].lemma, found["تكثيف"].masdar, found["تكثيف"].pos) == ("تكثيف", True, "NOUN")
    assert found["الطريق"].masdar is False
    assert found["لبلديات"].pos == "NOUN", "the article hides behind the preposition"


def test_pronouns(backend: Backend) -> None:
    if backend.name != "camel":
        pytest.skip("of the small database")
    found = units(backend, "ومتابعتها")
    assert [(text, unit.pos) for text, unit in found.items()] == [("و", "CCONJ"), ("متابعت", "NOUN"), ("ها", "PRON")]
    assert found["متابعت"].masdar is True


def test_the_parse(backend: Backend) -> None:
    if backend.name != "stanza":
        pytest.skip("no parser")
    text = "أعلن الوزير عن البرنامج الجديد في المدينة. وقال الوزير إن البرنامج يبدأ اليوم."
    layer = backend(segmented(text))
    assert len(layer.sentences) == 2
    (subject,) = [unit for unit in layer.units[:4] if unit.relation == "nsubj"]
    assert subject.span.text(text) == "الوزير"
    assert subject.head is not None
    assert layer.units[subject.head].span.text(text) == "أعلن"


def test_bio() -> None:
    spans = [Span(0, 2), Span(3, 5), Span(6, 8), Span(9, 11)]
    found = [(m.span, m.kind) for m in bio("x", spans, ["B-PERS", "I-PERS", "B-LOC", "B-ORG"])]
    assert found == [(Span(0, 5), Kind.PERSON), (Span(9, 11), Kind.ORGANISATION)]


@pytest.mark.parametrize(
    ("name", "told"),
    [("kaml", "valid: camel, camel-ner"), ("stanza,stanza=x", "named twice"), ("farahidi=x", "without =PATH")],
)
def test_names_that_are_none(name: str, told: str) -> None:
    with pytest.raises(TaalimatError, match=told):
        [backends.load(one) for one in backends.parse(name)]


def test_data_that_is_missing_is_told_with_the_command_that_gets_it(tmp_path: Path) -> None:
    if not MISSING["camel"]:
        with pytest.raises(TaalimatError, match="camel_data -i morphology-db-msa-r13"):
            backends.load(f"camel={tmp_path / 'none.db'}")
    if importlib.util.find_spec("stanza"):
        with pytest.raises(TaalimatError, match="stanza_pipeline"):
            backends.load(f"stanza={tmp_path}")


@pytest.mark.parametrize(
    ("name", "extra"), [("camel", "camel"), ("camel-ner", "camel"), ("stanza", "stanza"), ("farahidi", "farahidi")]
)
def test_a_missing_package_is_told_with_its_extra(name: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    package = {"camel": "camel_tools"}.get(extra, extra)
    for module in [m for m in sys.modules if m == package or m.startswith(package + ".")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(TaalimatError, match=rf"taalimat\[{extra}\]"):
        backends.load.__wrapped__(name)
