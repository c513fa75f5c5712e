"""The loader of lexicon and gazetteers reports all faults at once; a plugged recogniser adds what the rules miss."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.actors import ActorsStage, vocabulary
from pipeline.errors import TaalimatError
from pipeline.normalize import normalize
from pipeline.resources import models_dir
from pipeline.segment import SegmentStage
from pipeline.types import Analysis, Document, Kind, Mention, Span


@pytest.fixture
def models(tmp_path: Path) -> Path:
    for name in ("lexicon", "gazetteers"):
        shutil.copytree(models_dir() / name, tmp_path / name)
    return tmp_path


def test_all_faults_at_once(models: Path) -> None:
    with (models / "gazetteers" / "bodies.csv").open("a", encoding="utf-8") as file:
        file.write("هيئة جديدة,BODY,,,central,\n,ORGANISATION,,,central,\n")
    with (models / "gazetteers" / "dz_communes.csv").open("a", encoding="utf-8") as file:
        file.write("99,دائرة,بلدية,Commune\n")
    (models / "lexicon" / "actors.toml").write_text(
        (models / "lexicon" / "actors.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    with pytest.raises(TaalimatError) as caught:
        vocabulary.read(models)
    assert "no name" in str(caught.value)
    lines = (models / "gazetteers" / "bodies.csv").read_text(encoding="utf-8").splitlines()
    (models / "gazetteers" / "bodies.csv").write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    with pytest.raises(TaalimatError) as caught:
        vocabulary.read(models)
    assert "kind 'BODY'" in str(caught.value)
    assert "wilaya '99'" in str(caught.value)


def test_unknown_key_names_the_valid_ones(models: Path) -> None:
    path = models / "lexicon" / "actors.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("[titles]\n", "[titles]\nrespect = 'x'\n", 1), encoding="utf-8"
    )
    with pytest.raises(TaalimatError, match="unknown key 'respect'; valid: further, honorific, lady, noun_title, rank"):
        vocabulary.read(models)


class Tagger:
    name = "tagger"

    def __call__(self, analysis: Analysis) -> Iterator[Mention]:
        at = analysis.document.raw.index("زينيث")
        yield Mention(Span(at, at + 5), Kind.ORGANISATION)


def test_a_plugged_recogniser_adds_what_the_rules_miss() -> None:
    text = "أمر وزير النقل، كمال دراجي، باقتناء طائرات من زينيث."
    analysis = SegmentStage()(Analysis(Document("1", text), normalize(text)))
    mentions = ActorsStage(recognisers=(Tagger(),))(analysis).mentions
    assert "زينيث" in [m.span.text(text) for m in mentions]
    assert "زينيث" not in [m.span.text(text) for m in ActorsStage()(analysis).mentions]
