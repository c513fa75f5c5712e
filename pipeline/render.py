"""Analyses as lines of text; functions that a worker process can be sent."""

from __future__ import annotations

import json

from pipeline.errors import Problem
from pipeline.standoff import empty, to_standoff
from pipeline.types import Analysis


def standoff_line(analysis: Analysis) -> str:
    """The stand-off record of an analysis as one line of JSON."""
    return json.dumps(to_standoff(analysis), ensure_ascii=False)


def standoff_of_problem(problem: Problem) -> str | None:
    """The empty record of a document that was lost; None where the input did not name one."""
    if not problem.lost or problem.document_id is None:
        return None
    return json.dumps(empty(problem.document_id), ensure_ascii=False)
