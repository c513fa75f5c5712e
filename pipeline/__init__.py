"""Taalimat (تعليمات): Arabic government statements in, records of dates, actors and instructions out.

>>> import pipeline
>>> analysis = pipeline.analyze("أمر الوالي بفتح الطريق.")
>>> analysis.document.raw
'أمر الوالي بفتح الطريق.'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.pipeline import Pipeline, analyze
    from pipeline.store.frames import frames, readable

__all__ = ["Pipeline", "analyze", "frames", "readable"]

_HOMES = {
    "Pipeline": "pipeline.pipeline",
    "analyze": "pipeline.pipeline",
    "frames": "pipeline.store.frames",
    "readable": "pipeline.store.frames",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: ``import pipeline`` stays fast."""
    if name not in _HOMES:
        raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
