"""Which words are masdars (تكثيف، مراقبة، رفع), imperfects after أن and imperatives: shape, checked against word lists.

Only words are looked at, not their sentence. A word comes folded (``pipeline.normalize.fold``), without its proclitics و ف ب ل ك;
the article and a pronoun may hang on it. For «للـ», which hides the article's alef, ask with the alef put back.

The regular shapes of forms II to X are read from the letters, as in Wright, *A Grammar of the Arabic Language*, I, §§ 196-203;
what has no regular shape (form I), and nouns that only look like masdars (تقرير، أطفال), stand in ``models/lexicon/masdars.csv``
with a score: how surely the word, after a verb that commands, names an act to be done.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TextIO

from pipeline.normalize import fold
from pipeline.resources import model_file

CLASSES = ("head", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "X", "Q", "noun")
"""Forms of the verb; Q: four radicals; head: no masdar, yet heads instructions (سرعة، عدم); noun: only looks like a masdar."""


@dataclass(frozen=True, slots=True)
class Masdar:
    """A word read as a masdar.

    ``stem`` is folded, without article and pronoun; ``form`` is one of CLASSES; ``listed`` tells a word of the list from one known
    by its shape; ``definite`` is the article (a pronoun makes definite too); ``score`` runs from 0 to 1.
    """

    stem: str
    form: str
    listed: bool
    definite: bool
    pronoun: str | None
    score: float


@dataclass(frozen=True, slots=True)
class _Entry:
    form: str
    score: float
    imperfect: bool
    plural: bool
    """Told from a broken plural of the same letters by its hamza alone («إعذار», «أعذار»)."""


_C = "[بتثجحخدذرزسشصضطظعغفقكلمنهويا]"
_K = "[بتثجحخدذرزسشصضطظعغفقكلمنهوي]"
_E = "[بتثجحخدذرزسشصضطظعغفقكلمنهويء]"
# Shapes of the free folded form, the more telling first; the name of the group that matches is the form (IIy: تفعلة of weak roots).
_SHAPE = re.compile(
    f"(?P<X>است{_K}{_K}ا{_E}|است{_K}ا{_K}ه)"
    f"|(?P<VIII>ا(?!ست){_K}ت{_K}ا{_E}|ازد{_K}ا{_E}|ا[صض]ط{_K}ا{_E})"
    f"|(?P<VII>ان{_K}{_K}ا{_E})"
    f"|(?P<IV>ا{_K}{_K}ا{_E}|ا{_K}ا{_K}ه)"
    f"|(?P<III>م{_K}ا{_K}{_K}ه|م{_K}ا{_K}اه)"
    f"|(?P<II>ت{_C}{_K}ي[بتثجحخدذرزسشصضطظعغفقكلمنوي])"
    f"|(?P<IIy>ت{_C}{_K}يه)"
    f"|(?P<VI>ت{_K}ا{_K}{_K})"
    f"|(?P<V>ت{_C}{_K}{_K})"
)
# Score of a word known by its shape alone, without and with the article: «تكفل» can be a verb, «التكفل» cannot.
_SHAPE_SCORES = {
    "X": (0.88, 0.85),
    "VIII": (0.75, 0.7),
    "VII": (0.6, 0.6),
    "IV": (0.45, 0.5),
    "III": (0.75, 0.55),
    "II": (0.9, 0.88),
    "IIy": (0.5, 0.5),
    "VI": (0.35, 0.6),
    "V": (0.1, 0.6),
}
_PRONOUN = re.compile(r"(?P<stem>.{2,}?)(?P<pronoun>هما|كما|ها|هم|هن|كم|كن|نا|ني|ه|ك|ي)")
_ALEF = re.compile("[\u064b-\u0652\u0640]*(?:ا[\u064b-\u0652\u0640]*ل[\u064b-\u0652\u0640]*)?([أإاآ])")


def masdar(word: str, raw: str | None = None) -> Masdar | None:
    """The best reading of a folded word as a masdar, None where it has no shape of one and is in no list.

    ``raw``, the same word as written, decides between إفعال and the plural أفعال, which fold to one form. A known noun comes back
    with a score near 0 rather than as None.

    >>> found = masdar("متابعتها")  # "following it up"
    >>> found.stem, found.form, found.pronoun
    ('متابعه', 'III', 'ها')
    >>> masdar("مدير") is None, masdar("تقرير").score < 0.2, masdar("التحلي").definite
    (True, True, True)
    >>> masdar("احكام", "أحكام").score < masdar("احكام", "إحكام").score  # "rulings", "tightening"
    True
    """
    found = _masdar(word)
    if raw is None or found is None or found.form not in ("IV", "noun") or found.pronoun == "ي":
        return found
    told = told_by_hamza(found, raw)
    if told is not found or found.form == "noun":
        return told
    seat = _ALEF.match(raw)
    if seat is None or seat[1] in "اآ":
        return found
    return replace(found, score=max(found.score, 0.85) if seat[1] == "إ" else min(found.score, 0.1))


def told_by_hamza(found: Masdar, raw: str) -> Masdar:
    """«إعذار» where ``raw`` shows that it is no «أعذار», of which the list holds the letters; else ``found``.

    >>> told_by_hamza(masdar("اعذار"), "إعذار").score, told_by_hamza(masdar("اعذار"), "أعذار").score
    (0.85, 0.02)
    """
    entry = _entries().get(found.stem)
    seat = _ALEF.match(raw)
    if entry is None or not entry.plural or seat is None or seat[1] != "إ":
        return found
    return replace(found, form="IV", score=0.85)


@lru_cache(maxsize=1 << 16)
def _masdar(word: str) -> Masdar | None:
    readings = [_free(word, "", definite=False)]
    if word.startswith("ال") and len(word) > 3:
        readings.append(_free(word[2:], "", definite=True))
    if (readings[0] is None or not readings[0].listed) and (hung := _PRONOUN.fullmatch(word)):
        for cut in {len(hung["stem"])} | ({len(word) - 1} if word[-1] in "هكي" else set()):
            readings.extend(_free(free, word[cut:], definite=False) for free in _free_forms(word[:cut]))
    if not any(readings) and word.endswith("ات") and len(word) > 5:
        readings.extend(_plural(word))
    found = [reading for reading in readings if reading is not None]
    return max(found, key=lambda reading: (reading.score, reading.listed)) if found else None


def _plural(word: str) -> list[Masdar | None]:
    """Readings of «زيارات», «استعدادات» as the plural of a masdar: an act done several times, or things."""
    definite = word.startswith("ال")
    stem = word[2:-2] if definite else word[:-2]
    found = [_free(one, "", definite=definite) for one in (stem, stem + "ه")]
    return [replace(one, stem=word, score=round(one.score * 0.5, 3)) for one in found if one is not None and one.listed]


def _free_forms(stem: str) -> list[str]:
    """What a stem before a pronoun is without it: ت may be ة, and ئ or ؤ (here ي, و) after alef ء."""
    forms = [stem]
    if stem[-1] == "ت":
        forms.append(stem[:-1] + "ه")
    if stem[-2:] in ("اي", "او"):
        forms.append(stem[:-1] + "ء")
    return forms


def _free(stem: str, pronoun: str, *, definite: bool) -> Masdar | None:
    """``stem``, free of article and pronoun, as a masdar."""
    # «تنظيمي، تعليمي» are adjectives far more often than "my organising"; after ت (موافاتي) only the pronoun is possible.
    doubt = 0.3 if pronoun == "ي" and not stem.endswith("ه") else 1.0
    entry = _entries().get(stem)
    if entry is not None:
        return Masdar(stem, entry.form, True, definite, pronoun or None, round(entry.score * doubt, 3))
    if stem.startswith("ال") or (pronoun and stem.endswith("اه")):
        return None  # the article is the caller's; «مهاراتهم» is a plural, no «مهاراة»
    shape = _SHAPE.fullmatch(stem)
    if shape is None or shape.lastgroup is None:
        return None
    score = _SHAPE_SCORES[shape.lastgroup][definite]
    return Masdar(stem, shape.lastgroup.removesuffix("y"), False, definite, pronoun or None, round(score * doubt, 3))


# ي, ت and ن of the imperfect; ا (first person) is left out: it is read from no shape.
_IMPERFECT = re.compile(f"ي[{_C[1:-1]}ء]{{2,}}|ت[{_C[1:-1]}ء]{{2,}}|نست{_K}{_C}+|نت{_K}{_C}{{2,}}|ن{_K}ت{_K}{_K}")
# Feminine and strong plurals, تفعيل, the perfect «تقدمت», the accusative «تماسكا».
_NOT_IMPERFECT = re.compile(
    f"[تن].*(?:ات|يون|يين)|ت{_C}{_K}ي{_K}(?:ه|ها|هم|هما)?|.*[^و]ا{_K}يه|.*اء|ت.{{3,}}ت|ت.{{2,}}[^وهن]ا"
)


@lru_cache(maxsize=1 << 16)
def subjunctive(word: str) -> bool:
    """True where a folded word after أن can be an imperfect verb rather than a noun.

    >>> [subjunctive(w) for w in ("يتم", "تكون", "يرفعوا", "تقرير", "تنظيم", "يوم")]  # "be, be, raise, report, ..., day"
    [True, True, True, False, False, False]
    """
    if word in _verb_forms()["not_imperfect"]:
        return False
    if word in _verb_forms()["imperfect"]:
        return True
    if not _IMPERFECT.fullmatch(word):
        return False
    if word[0] == "ي":
        return True
    if word[:2] == "تت" and word not in _entries() and not word.endswith("ا"):
        return True
    found = _masdar(word)
    if found is not None and (found.listed or found.form in ("II", "III")):
        entry = _entries().get(found.stem)
        return entry is not None and entry.imperfect
    return not _NOT_IMPERFECT.fullmatch(word)


# «افتحوا، افتحوها» can only command; unlisted forms VII to X («اعترفوا») are as well the past.
_COMMAND = re.compile(f"(?P<sure>ا(?!ل){_K}{_K}{_K}(?:وا|وها|وهم))|ا(?!ل){_K}{{4,5}}وا")
# Form II «علموا», III «ساندوا», V «تريثوا», VI «تقاسموا», which are as well the past.
_LIKE_PAST = re.compile(f"(?![اي])(?:{_K}{{3}}|{_K}ا{_K}{{2}}|ت{_K}{{3}}|ت{_K}ا{_K}{{2}})وا")
_OBJECT = re.compile("و(?:ها|هم|ه|نا|ني|هما)$")
_OBJECT_ENDS = frozenset("امهي")


def _without_object(word: str) -> str:
    return word[:-2] if word.endswith(("ها", "هم", "نا", "ني")) else word


@lru_cache(maxsize=1 << 16)
def imperative(word: str) -> float:
    """How surely (0 to 1) a folded word that opens a quoted order is an imperative; singulars and forms shared with the past score low.

    0.3 is a word that has no more than the letters of one: a plural of the forms II, III, V and VI, a singular of a verb whose plural is listed.

    >>> imperative("افتحوا") > 0.8, imperative("اعلنوا") < 0.5, imperative("تقرير")  # "open!", "announce! / they announced"
    (True, True, 0.0)
    >>> imperative("رمموا"), imperative("كثف"), imperative("يرمموا")  # "restore! / they restored", "intensify! / he did"
    (0.3, 0.3, 0.0)
    """
    if word.endswith("وه") and word in _entries():  # «دعوة» is no «دعوا» with a pronoun
        return 0.0
    forms = _verb_forms()
    plural = _OBJECT.sub("وا", word) if word[-1:] in _OBJECT_ENDS else word
    if plural in forms["imperative"]:
        return 0.95
    if plural in forms["imperative_or_past"]:
        return 0.4
    if word in forms["imperative_singular"] or _without_object(word) in forms["imperative_singular"]:
        return 0.4
    if plural in forms["past"] or word in forms["past"]:
        return 0.0
    command = _COMMAND.fullmatch(plural)
    if command is not None:
        return 0.7 if command["sure"] else 0.4
    if _LIKE_PAST.fullmatch(plural) or _singular_of(word, forms["imperative"]):
        return 0.3
    return 0.0


_ADJECTIVES = frozenset({"غير", "غيري"})


def _singular_of(word: str, plurals: frozenset[str]) -> bool:
    """True for «وظف», «أعد», «احص», «أودعي», whose plurals («وظفوا», «أعيدوا», …) are in the list, with a pronoun or without."""
    for bare in {_without_object(word), word.removesuffix("ي")}:
        if (
            len(bare) > 2
            and bare not in _ADJECTIVES
            and (bare + "وا" in plurals or f"{bare[:-1]}ي{bare[-1]}وا" in plurals)
        ):
            return True
    return False


def known_noun(word: str) -> bool:
    """True for a folded word, without its article, that was seen behind the article in our statements.

    >>> known_noun("عتاد"), known_noun("فعتاد")  # "equipment", "for equipment"
    (True, False)
    """
    return word in _nouns()


VERB_CLASSES = ("not_imperfect", "imperfect", "imperative", "imperative_or_past", "imperative_singular", "past")


@cache
def _entries() -> dict[str, _Entry]:
    return load_masdars(model_file("lexicon/masdars.csv"))


@cache
def _nouns() -> frozenset[str]:
    return frozenset(model_file("lexicon/nouns.txt").read_text(encoding="utf-8").split())


@cache
def _verb_forms() -> dict[str, frozenset[str]]:
    return load_verb_forms(model_file("lexicon/verb_forms.csv"))


def _rows(file: TextIO) -> Iterator[dict[str, str]]:
    """The rows of a CSV file by the names in its first line (a ``csv.DictReader`` takes three times as long)."""
    reader = csv.reader(file)
    names = next(reader, [])
    return (dict(zip(names, cells, strict=False)) for cells in reader if cells)


def load_masdars(path: Path) -> dict[str, _Entry]:
    """Entries by folded word. Raises ValueError that names every faulty line of the file."""
    entries: dict[str, _Entry] = {}
    faults: list[str] = []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(_rows(file), start=2):
            word, form, mark = row.get("word") or "", row.get("class") or "", row.get("homograph") or ""
            try:
                score = float(row.get("score") or "")
            except ValueError:
                score = -1.0
            if not word:
                faults.append(f"line {line}: no word")
            if form not in CLASSES:
                faults.append(f"line {line}, «{word}»: class {form!r}, not one of {', '.join(CLASSES)}")
            if not 0 <= score <= 1:
                faults.append(f"line {line}, «{word}»: score {row.get('score')!r}, not a number from 0 to 1")
            if mark not in ("", "imperfect", "plural"):
                faults.append(f"line {line}, «{word}»: homograph {mark!r}, not 'imperfect', 'plural' or empty")
            if fold(word) in entries:
                faults.append(f"line {line}, «{word}»: there already, after folding")
            entries[fold(word)] = _Entry(form, score, mark == "imperfect", mark == "plural")
    if faults:
        raise ValueError(f"{path.name}: {len(faults)} faults\n" + "\n".join(faults))
    return entries


def load_verb_forms(path: Path) -> dict[str, frozenset[str]]:
    """Folded words by class. Raises ValueError that names every faulty line of the file."""
    forms: dict[str, set[str]] = {name: set() for name in VERB_CLASSES}
    faults: list[str] = []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(_rows(file), start=2):
            word, name = row.get("word") or "", row.get("class") or ""
            if not word:
                faults.append(f"line {line}: no word")
            if name not in forms:
                faults.append(f"line {line}, «{word}»: class {name!r}, not one of {', '.join(VERB_CLASSES)}")
            elif fold(word) in forms[name]:
                faults.append(f"line {line}, «{word}»: there already, after folding")
            else:
                forms[name].add(fold(word))
    if faults:
        raise ValueError(f"{path.name}: {len(faults)} faults\n" + "\n".join(faults))
    return {name: frozenset(words) for name, words in forms.items()}
