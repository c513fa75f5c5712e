"""Words as linking compares them: stems that survive number, case and clitics; acts that are nearly the same; how telling a word is."""

from __future__ import annotations

import csv
import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.errors import LexiconError
from pipeline.morphology import masdar
from pipeline.normalize import fold
from pipeline.resources import model_file

WORD = re.compile(r"[^\W\d_]+")
_PROCLITIC = re.compile(r"^(?:[وف]?(?:[بك]?ال|لل)|[وف](?=\w{4})|[بلك](?=\w{4}))")
_SUFFIX = re.compile(r"(?:هما|ها|هم|هن|كم|نا|ات|ان|ون|ين|يه|تي|ه|ي|ا)$")
_WEAK = re.compile(r"(?<=.)[اويء]")
_DERIVED = re.compile(r"^(?:است|ست|ان(?=...)|ات(?=...)|ا|ت(?=...)|م(?=...))")
_FIELDS = {"actions": None, "events": {"withdrawn", "extended", "recalled", "done", "not_yet"}, "reading": {"stop", "case", "case_anywhere", "court", "above", "office"}}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists of ``models/link/words.toml``, as keys of :func:`stem` and :func:`root`."""

    actions: Mapping[str, frozenset[str]]
    """Root of a head to the names of its groups."""
    events: Mapping[str, frozenset[str]]
    stop: frozenset[str]
    case: frozenset[str]
    case_anywhere: frozenset[str]
    court: frozenset[str]
    above: frozenset[str]
    office: frozenset[str]
    """Words that say what kind of office or body it is, and in ``office_stems`` their stems."""
    office_stems: frozenset[str]


@cache
def words() -> Words:
    """The lists, read once. Raises :class:`LexiconError` with all faults of the file."""
    path = model_file("link/words.toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    faults = [f"{path.name}: no section [{name}]" for name in _FIELDS if name not in data]
    for name, keys in _FIELDS.items():
        if keys is not None and name in data and set(data[name]) != keys:
            faults.append(f"{path.name}, [{name}]: has {sorted(data[name])}, wants {sorted(keys)}")
    for name, section in data.items():
        for key, value in section.items():
            faults += [f"{path.name}, {name}.{key}: «{w}» is not folded" for w in value.split() if fold(w) != w]
    if faults:
        raise LexiconError(faults)
    actions: dict[str, set[str]] = {}
    for name, listed in data["actions"].items():
        for word in listed.split():
            actions.setdefault(root(word), set()).add(name)
    reading = data["reading"]
    return Words(
        {key: frozenset(names) for key, names in actions.items()},
        {
            name: frozenset(" ".join(map(bare, w.split("_"))) for w in listed.split())
            for name, listed in data["events"].items()
        },
        frozenset(w for word in reading["stop"].split() for w in (word, stem(word))),
        frozenset(map(bare, reading["case"].split())),
        frozenset(map(bare, reading["case_anywhere"].split())),
        frozenset(map(stem, reading["court"].split())),
        frozenset(w.replace("_", " ") for w in reading["above"].split()),
        frozenset(reading["office"].split()),
        frozenset(map(stem, reading["office"].split())),
    )


@lru_cache(maxsize=1 << 17)
def bare(word: str) -> str:
    """A folded word without conjunction, preposition and article; what would leave fewer than three letters stays.

    >>> bare("وبالاسواق"), bare("للفلاحين"), bare("وضع")
    ('اسواق', 'فلاحين', 'وضع')
    """
    cut = _PROCLITIC.sub("", word)
    return cut if len(cut) >= 2 else word


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """The key of a folded word: what its singular and plural, with or without pronoun, mostly share.

    >>> stem("المطاعم") == stem("مطعم"), stem("مدرسه") == stem("المدارس"), stem("تسربات") == stem("التسرب")
    (True, True, True)
    >>> stem("التموين") == stem("التامين")  # supplying, securing
    False
    """
    found = bare(word)
    if radicals := _of_form_two(found):
        return f"ت{radicals}"
    for _ in range(2):
        cut = _SUFFIX.sub("", found)
        if len(cut) < 3:
            break
        found = cut
    if len(found) >= 4 and found.startswith("ا"):
        found = found[1:]  # broken plurals: اسواق، اجهزه
    thin = _WEAK.sub("", found)
    return thin if len(thin) >= 2 else found


@lru_cache(maxsize=1 << 16)
def root(word: str) -> str:
    """The letters that a masdar and its verb share, nearly the root.

    >>> root("تنظيف") == root("نظفت"), root("اصلاح") == root("اصلحت"), root("استكمال") == root("استكملت"), root("تحسين") == root("حسنت")
    (True, True, True, True)
    """
    if radicals := _of_form_two(bare(word)):
        return _WEAK.sub("", radicals)
    found = _SUFFIX.sub("", bare(word)) if len(word) > 4 else word
    found = found[:-1] if len(found) > 3 and found.endswith("ت") else found
    thin = _WEAK.sub("", found) or found
    cut = _DERIVED.sub("", thin)
    return cut if len(cut) >= 2 else thin


def _of_form_two(word: str) -> str:
    """The three radicals of a masdar تفعيل, with or without pronoun; empty for other words."""
    if len(word) < 5 or word[0] != "ت":
        return ""
    found = masdar(word)
    if found is None or found.form != "II" or len(found.stem) != 5 or found.stem[3] != "ي":
        return ""
    return found.stem[1:3] + found.stem[4]


def tokens(text: str) -> list[str]:
    """The folded words of a text, numbers and marks left out."""
    return WORD.findall(fold(text))


def content(text_words: Iterable[str]) -> dict[str, float]:
    """Stems of the telling words among folded words, each with how telling it is (:func:`weight`)."""
    stop = words().stop
    out: dict[str, float] = {}
    for word in text_words:
        if len(word) < 2 or word in stop or bare(word) in stop:
            continue
        key = stem(word)
        if len(key) > 1 and key not in stop:
            out[key] = weight(key)
    return out


@cache
def _senses() -> Mapping[str, frozenset[int]]:
    """The groups of ``models/lexicon/synonyms.csv`` that a stem is in."""
    out: dict[str, set[int]] = {}
    with model_file("lexicon/synonyms.csv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            for word in row["words"].split():
                out.setdefault(stem(fold(word)), set()).add(number)
    return {key: frozenset(groups) for key, groups in out.items()}


@lru_cache(maxsize=1 << 17)
def akin(a: str, b: str) -> bool:
    """True of two stems that may say the same: of one group of synonyms, or of one root as far as their letters tell.

    >>> akin(stem("مدافي"), stem("تدفيه")), akin(stem("تجار"), stem("باعه"))  # heaters, heating; traders, sellers
    (True, True)
    """
    senses = _senses()
    return bool(senses.get(a, frozenset()) & senses.get(b, frozenset())) or _bones(a) == _bones(b)


@lru_cache(maxsize=1 << 17)
def _bones(key: str) -> str:
    cut = re.sub("^(?:ست|[متنا])", "", key)
    return cut if len(cut) >= 2 else key


@cache
def counts() -> Mapping[str, int]:
    """Number of documents that have each stem; of all documents under the empty string (``models/link/counts.csv``)."""
    path = model_file("link/counts.csv")
    with path.open(encoding="utf-8", newline="") as file:
        try:
            return {row["stem"]: int(row["documents"]) for row in csv.DictReader(file)}
        except (KeyError, TypeError, ValueError) as error:
            raise LexiconError(
                [f"{path.name}: needs columns stem and documents, numbers in the second: {error}"]
            ) from None


@lru_cache(maxsize=1 << 17)
def weight(key: str) -> float:
    """How telling a stem is: the logarithm of one over the share of documents that have it (``models/link/counts.csv``).

    >>> weight(stem("اشتراكات")) > weight(stem("المواطنين"))  # dues, citizens
    True
    """
    found = counts()
    return math.log((found[""] + 1) / (found.get(key, 0) + 1))
