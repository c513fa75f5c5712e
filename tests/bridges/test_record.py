"""A document with its records as one JSON value, there and back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

import pipeline
from pipeline.bridges.record import from_record, to_record
from pipeline.errors import TaalimatError
from pipeline.types import Analysis
from tests.conftest import samples


@pytest.mark.parametrize("document", samples(), ids=lambda document: document.id)
def test_there_and_back(document: pipeline.types.Document) -> None:
    record = to_record(pipeline.Pipeline.default()(document))
    assert to_record(from_record(json.loads(json.dumps(record)))) == record


def test_what_is_kept(composed: Analysis) -> None:
    back = from_record(to_record(composed))
    assert back.document == composed.document
    assert back.times == tuple(replace(t, evidence=()) for t in composed.times)
    assert back.actors == composed.actors
    assert [d.evidence for d in back.directives] == [d.evidence for d in composed.directives]


def test_a_record_that_is_none_is_refused(composed: Analysis) -> None:
    record = to_record(composed)
    moved = {**record, "dates": [{**record["dates"][0], "start": 0, "end": 12}]}
    for broken, told in (
        (moved, "not '15 جوان 2025'"),
        ({**record, "version": 9}, "reads version 1"),
        ({"version": 1}, "'document'"),
    ):
        with pytest.raises(TaalimatError, match=told):
            from_record(broken)
