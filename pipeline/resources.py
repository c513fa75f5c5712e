"""Where the data of ``models/`` lies: inside the package in a wheel, beside it in a checkout or an editable install."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipeline.errors import TaalimatError

_PACKAGE = Path(__file__).resolve().parent


@cache
def models_dir() -> Path:
    """The folder that holds ``lexicon/`` and ``gazetteers/``.

    Raises :class:`TaalimatError` where an installation lost it.

    >>> (models_dir() / "lexicon").is_dir()
    True
    """
    places = (_PACKAGE / "_models", _PACKAGE.parent / "models")
    for place in places:
        if (place / "lexicon").is_dir():
            return place
    looked = " and ".join(str(place) for place in places)
    raise TaalimatError(
        f"the lexicon is missing: looked in {looked}. Install again with 'pip install --force-reinstall .'"
    )


def model_file(name: str) -> Path:
    """The path of a file under ``models/``, for example ``lexicon/triggers.toml``.

    Raises :class:`TaalimatError` where there is no such file.
    """
    path = models_dir() / name
    if not path.is_file():
        raise TaalimatError(f"models/{name} is missing from {models_dir()}")
    return path


def _digest(folder: Path, *patterns: str) -> str:
    sha = hashlib.sha256()
    for path in sorted(p for pattern in patterns for p in folder.rglob(pattern)):
        sha.update(path.relative_to(folder).as_posix().encode())
        sha.update(path.read_bytes())
    return sha.hexdigest()[:8]


@cache
def code_version() -> str:
    """Version of the distribution and a digest of its source files: two runs of the same code agree, others differ."""
    try:
        number = version("taalimat")
    except PackageNotFoundError:  # run from a checkout that is not installed
        number = "0"
    return f"{number}+{_digest(_PACKAGE, '*.py')}"


@cache
def lexicon_version() -> str:
    """A digest of the lexicon, the gazetteers and what links instructions."""
    return _digest(models_dir(), "lexicon/*.*", "gazetteers/*.csv", "link/*.*")


@cache
def model_version() -> str | None:
    """A digest of the trained model that decides beside the rules; None where there is none."""
    folder = models_dir() / "tagger"
    return _digest(folder, "*.*") if folder.is_dir() else None
