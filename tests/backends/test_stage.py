"""A pipeline with backends: what they say is added to what the rules gave, and never more than that."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.actors import ActorsStage
from pipeline.backends import stage as stages
from pipeline.backends.stage import LayerNames, LayersStage, WitnessStage
from pipeline.directives import DirectivesStage
from pipeline.errors import TaalimatError
from pipeline.pipeline import Decide, Pipeline
from pipeline.segment import SegmentStage
from pipeline.times import TimesStage
from pipeline.types import Analysis, Document, Kind, Layer, Mention, Span, Unit
from tests.backends.test_contract import named
from tests.conftest import Run

TEXT = "أمر الوالي بفتح الطريق. وحضر كريم زينيث الاجتماع."


@dataclass
class Fake:
    """Reads the order as a sentence of its own, with its parse."""

    subject: str = "الوالي"
    name: str = "fake"

    def __call__(self, analysis: Analysis) -> Layer:
        raw = analysis.document.raw

        def at(word: str) -> Span:
            start = raw.index(word)
            return Span(start, start + len(word))

        units = (
            Unit(at("أمر"), "امر", "VERB", None, None, "root"),
            Unit(at(self.subject), None, "NOUN", None, 0, "nsubj"),
            Unit(at("فتح"), "فتح", "NOUN", True, 0, "obl"),
        )
        units = tuple(sorted(units, key=lambda u: u.span))
        return Layer(self.name, units, (Span(0, raw.index(".") + 1),), (Mention(at("كريم زينيث"), Kind.PERSON),))


def pipeline(*backends: Fake) -> Pipeline:
    names = tuple(LayerNames(b.name) for b in backends)
    return Pipeline(
        [
            SegmentStage(),
            LayersStage(backends),
            TimesStage(),
            ActorsStage(recognisers=names),
            DirectivesStage(threshold=0.2),
            WitnessStage(),
        ]
    )


def weighing(monkeypatch: pytest.MonkeyPatch, **weights: float) -> None:
    known = {name.replace("_", " "): weight for name, weight in weights.items()}
    monkeypatch.setattr(stages, "read_weights", lambda name: known)
    monkeypatch.setattr(stages, "threshold", lambda in_article: 0.46)


def test_evidence_is_named_by_its_backend_and_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    weighing(monkeypatch, subject_is_the_issuer=0.75)
    (d,) = pipeline(Fake())(Document("t", TEXT)).directives
    said = {e.source: (e.weight, e.span.text(TEXT)) for e in d.evidence if e.source.startswith("fake:")}
    assert said["fake:subject is the issuer"] == (0.75, "الوالي")
    assert said["fake:trigger VERB"] == (0.0, "أمر")
    assert said["fake:instruction opens with NOUN (masdar)"] == (0.0, "فتح الطريق")
    assert "fake:instruction hangs on the trigger" in said


def test_a_weight_moves_the_confidence_by_its_log_odds(monkeypatch: pytest.MonkeyPatch) -> None:
    weighing(monkeypatch)
    (before,) = pipeline(Fake())(Document("t", TEXT)).directives
    weighing(monkeypatch, subject_is_the_issuer=-1.0)
    (after,) = pipeline(Fake())(Document("t", TEXT)).directives

    def odds(p: float) -> float:
        return p / (1 - p)

    assert odds(after.confidence) / odds(before.confidence) == pytest.approx(0.368, abs=0.03)


def test_enough_against_it_rejects_with_its_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    weighing(monkeypatch, subject_is_the_issuer=-9.0)
    analysis = pipeline(Fake())(Document("t", TEXT))
    assert not analysis.directives
    (refused,) = [r for r in analysis.rejected if "below 0.46" in r.reason]
    assert refused.trigger.text(TEXT) == "أمر"
    assert any(e.weight == -9.0 for e in refused.evidence)


def test_a_backend_without_weights_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    weighing(monkeypatch)
    plain = Pipeline.default(Decide.RULES)(Document("t", TEXT)).directives
    assert [(d.id, d.confidence) for d in pipeline(Fake())(Document("t", TEXT)).directives] == [
        (d.id, d.confidence) for d in plain
    ]


def test_names_of_a_backend_become_actors() -> None:
    analysis = pipeline(Fake())(Document("t", TEXT))
    (mention,) = [m for m in analysis.mentions if any(e.source == "model:fake" for e in m.evidence)]
    assert mention.span.text(TEXT) == "كريم زينيث"


def test_who_decides_is_carried_as_text() -> None:
    decide = Decide.PRECISE.with_backends(("camel=a b.db", "stanza"))
    assert (decide.by, decide.backends) == ("precise", ("camel=a b.db", "stanza"))
    assert Decide.RULES.backends == ()


@pytest.mark.parametrize("name", ["camel", "farahidi", "stanza"])
def test_the_command(name: str, taalimat: Run) -> None:
    backend = named(name)
    Path("a.txt").write_text("أمر الوالي بتكثيف الفتح.", encoding="utf-8")
    assert taalimat("run", "a.txt", "--out", "out", "--with", backend, "--workers", "1").exit_code == 0
    (row,) = [json.loads(line) for line in Path("out/directives.jsonl").read_text(encoding="utf-8").splitlines()]
    masdar = "" if name == "stanza" else " (masdar)"
    assert f"{name}:instruction opens with NOUN{masdar}" in {e["source"] for e in row["evidence"]}


def test_camel_and_stanza_are_merged(taalimat: Run) -> None:
    both = f"{named('camel')},{named('stanza')}"
    Path("a.txt").write_text("أمر الوالي بتكثيف الفتح.", encoding="utf-8")
    assert taalimat("run", "a.txt", "--out", "out", "--with", both, "--workers", "1").exit_code == 0
    (row,) = [json.loads(line) for line in Path("out/directives.jsonl").read_text(encoding="utf-8").splitlines()]
    said = {e["source"] for e in row["evidence"]}
    assert {"camel:instruction opens with NOUN (masdar)", "stanza:instruction opens with NOUN"} <= said
    assert "stanza:subject is the issuer" in said
    told = taalimat("explain", "a.txt", "--with", both).stdout
    assert "camel:trigger" in told
    assert "stanza:trigger VERB" in told


def test_an_unknown_backend_ends_the_command(taalimat: Run) -> None:
    Path("a.txt").write_text("أمر", encoding="utf-8")
    result = taalimat("extract", "a.txt", "--with", "kaml")
    assert (result.exit_code, "valid: camel" in result.stderr) == (1, True)
    with pytest.raises(TaalimatError):
        Pipeline.default(Decide.RULES.with_backends(("kaml",)))


def test_backends_testify_before_the_model_decides() -> None:
    both = Pipeline.default(Decide.BOTH.with_backends(("farahidi",))).stages
    assert [stage.name for stage in both][-3:] == ["directives", "testimony", "model"]
    proposals, testimony = both[-3:-1]
    assert isinstance(proposals, DirectivesStage)
    assert isinstance(testimony, WitnessStage)
    assert testimony.threshold == proposals.threshold  # what is half believed is for the model to decide
    rules = Pipeline.default(Decide.RULES.with_backends(("farahidi",))).stages
    assert [stage.name for stage in rules][-2:] == ["directives", "testimony"]
