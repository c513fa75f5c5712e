"""Other analysers as witnesses: CAMeL Tools, Stanza, farahidi. Each reads a document and gives a :class:`pipeline.types.Layer`.

A backend is named ``NAME`` or ``NAME=PATH`` (where its data lies). It is imported when first used; where its package or data is missing,
the error names the extra and the command that get them.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol

from pipeline.errors import TaalimatError
from pipeline.types import Analysis, Layer

BACKENDS = {
    "camel": ("pipeline.backends.camel", "Morphology"),
    "camel-ner": ("pipeline.backends.camel", "Names"),
    "farahidi": ("pipeline.backends.farahidi", "Farahidi"),
    "stanza": ("pipeline.backends.stanza", "Stanza"),
}
"""Module and class of each backend."""


class Backend(Protocol):
    """Reads an analysis whose sentences are known. What it gives is located in ``Document.raw``; it adds nothing else."""

    name: str

    def __call__(self, analysis: Analysis) -> Layer: ...


def parse(text: str) -> tuple[str, ...]:
    """The backends named in ``camel=morphology.db,stanza``. Raises :class:`TaalimatError` where one is unknown or named twice.

    >>> parse("farahidi, stanza=models/pud")
    ('farahidi', 'stanza=models/pud')
    """
    names = tuple(part.strip() for part in text.split(",") if part.strip())
    known = [name.partition("=")[0] for name in names]
    for name in known:
        if name not in BACKENDS:
            raise TaalimatError(f"backend {name!r}; valid: {', '.join(BACKENDS)}, each maybe with =PATH")
        if known.count(name) > 1:
            raise TaalimatError(f"backend {name!r} is named twice")
    return names


@cache
def load(name: str) -> Backend:
    """The backend called ``NAME`` or ``NAME=PATH``, built once a process. Raises :class:`TaalimatError` where it cannot be used."""
    (checked,) = parse(name)
    kind, _, path = checked.partition("=")
    module, classname = BACKENDS[kind]
    made: Backend = getattr(import_module(module), classname)(Path(path) if path else None)
    return made
