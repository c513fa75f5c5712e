"""What a word is searched by: its stem, free of clitics, article, pronouns and endings; and its root, for kindred words.

Everything is folded first (:func:`pipeline.normalize.fold`). A stem is a key, not a lemma: «البلديات», «وبلديتها» and «بلدية» share one, and so
may a few words that have nothing to do with each other. After Larkey, Ballesteros & Connell, "Light stemming for Arabic information
retrieval" (2007), with word lists that tell a clitic from a letter of the word (وزير, والي, بلدية) and broken plurals
(``models/lexicon/plurals.csv``).
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path

from pipeline.errors import LexiconError
from pipeline.morphology import masdar
from pipeline.normalize import NormalizedText, fold
from pipeline.resources import model_file
from pipeline.search.verbs import masdars
from pipeline.tokens import TOKEN, tokenize
from pipeline.types import Token


@dataclass(frozen=True, slots=True)
class Keys:
    """What a word is found by: ``stems``, the likeliest reading first, and ``roots``."""

    stems: tuple[str, ...]
    roots: tuple[str, ...]


def words(norm: NormalizedText, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """The words and numbers of a stretch of a folded text; marks are left out. Offsets as in :func:`pipeline.tokens.tokenize`."""
    for token in tokenize(norm, start, end):
        if token.norm[0].isalnum():
            yield token


def split(text: str) -> list[str]:
    """The folded words and numbers of a text.

    >>> split("وبلغت ٣٠ بلديّةً.")
    ['وبلغت', '30', 'بلديه']
    """
    return [m[0] for m in TOKEN.finditer(fold(text)) if m[0][0].isalnum()]


@lru_cache(maxsize=1 << 17)
def keys(word: str) -> Keys:
    """The keys of a folded word.

    >>> keys("وللبلديات").stems == keys("بلديتها").stems == keys("البلديه").stems  # "and to the communes, its commune, the commune"
    True
    >>> set(keys("يلقحوا").roots) & set(keys("التلقيح").roots)  # "that they vaccinate; the vaccination"
    {'لقح'}
    """
    if not _ARABIC.fullmatch(word):
        return Keys((word.lower(),), ())
    stems: dict[str, None] = {}
    roots: dict[str, None] = {}
    acts: list[str] = []
    for bare in _bare_forms(word):
        stem, base = _stem(bare)
        stems[stem] = None
        roots.update(dict.fromkeys(_roots(base)))
        singular = _plurals().get(bare)
        if singular:
            roots.update(dict.fromkeys(_roots(_stem(singular)[1])))
        acts += _acts(bare)
    for act in acts:
        stem, base = _stem(act)
        stems[stem] = None
        roots.update(dict.fromkeys(_roots(base)))
    return Keys(tuple(stems), tuple(roots))


@lru_cache(maxsize=1 << 17)
def _acts(bare: str) -> tuple[str, ...]:
    """The masdars of a word without clitics that is a verb."""
    if bare in _nouns() or bare in stop_words() or len(bare) < 3:
        return ()
    known, simple = _acts_known()
    return masdars(bare, known, simple, lambda rest: next(_roots(rest), ""))


@cache
def _acts_known() -> tuple[frozenset[str], dict[str, tuple[str, ...]]]:
    """Words that are masdars of the derived forms, and those of form I by root."""
    derived: set[str] = set()
    simple: dict[str, list[str]] = {}
    for word in sorted(_nouns()):
        found = masdar(word)
        if found is None or found.stem != word or found.form in ("head", "noun"):
            continue
        if found.form == "I" and not word.endswith("ات"):
            for root in islice(_roots(word), 1):
                simple.setdefault(root, []).append(word)
        elif found.listed or found.form != "IV":  # unlisted «أفعال» are plurals
            derived.add(word)
    return frozenset(derived), {root: tuple(words) for root, words in simple.items()}


_ARABIC = re.compile("[ء-ي]+")


def _bare_forms(word: str) -> list[str]:
    """The word without conjunction, preposition and article, the likeliest reading first, at most one beside it."""
    readings: list[tuple[float, int, str]] = []  # doubt, letters cut, form
    nouns = _nouns()
    for lead in ("", word[0]) if word[0] in "وف" and len(word) > 3 or word[:2] == "سي" and len(word) > 4 else ("",):
        rest = word[len(lead) :]
        for prep in ("", rest[0]) if rest[0] in "بلك" and len(rest) > 3 else ("",):
            noun = rest[len(prep) :]
            cut = len(lead) + len(prep)
            if prep == "ل" and noun[0] == "ل":  # «للجنة» is ل + (ال) + لجنة, «للبلدية» ل + (ال) + بلدية
                if noun in nouns:
                    readings.append((0, cut, noun))
                readings.append((0.5 if noun[1:] in nouns else 1.5, cut + 1, noun[1:]))
            elif (
                noun.startswith("ال")
                and len(noun) > 3
                and noun not in _lam_words()
                and not _lam_forms().fullmatch(noun)
            ):
                readings.append((_doubt(noun[2:], 0, 1, 2), cut + 2, noun[2:]))
            elif cut:
                readings.append((0.5 if noun[0] == "ي" and _acts(noun) else _doubt(noun, 1, 2, 4), cut, noun))
            else:
                readings.append((_doubt(noun, 0, 1, 3), cut, noun))
    readings.sort()
    best = readings[0]
    second = [form for doubt, _, form in readings[1:] if doubt <= 2 and doubt - best[0] <= 1 and len(form) > 2]
    return [best[2], *second[:1]]


def _doubt(noun: str, listed: float, kindred: float, unknown: float) -> float:
    if noun in _nouns() or (accusative := _ACCUSATIVE.fullmatch(noun)) and accusative[1] in _nouns():
        return listed
    shape = masdar(noun)
    if shape is not None and shape.score > 0.5:
        return listed
    return kindred if _stem(noun)[0] in _noun_stems() else unknown


_PRONOUN = re.compile("(.{3,}?)(?:هما|كما|ها|هم|هن|كم|نا)")
_ENDING = re.compile("(.{3,}?)(?:تين|تان|ات|ون|ين|وا)")
_ACCUSATIVE = re.compile("(.{2,}[^ه])ا")  # «نيرانا»; «شهرا»
_DUAL = re.compile("(.{3,})ان")
# Words whose last letters only look like an ending of number.
_WHOLE = frozenset(
    "قانون تلفزيون مليون كانون ليمون هرمون كربون صابون زيتون طاعون مضمون فلسطين بنزين تمرين كمين سجين تشرين عشرين ثلاثين "
    "اربعين خمسين ستين سبعين ثمانين تسعين انترنت".split()
)


@lru_cache(maxsize=1 << 17)
def _stem(bare: str) -> tuple[str, str]:
    """The key of a word without clitics, and the word without pronoun and ending of number, from which its root is read."""
    plurals, nouns = _plurals(), _nouns()
    if bare in plurals:
        return _stem(plurals[bare])
    if bare not in nouns and (accusative := _ACCUSATIVE.fullmatch(bare)) and accusative[1] in nouns:
        return _stem(accusative[1])
    if bare not in nouns and len(bare) > 4 and (hung := _PRONOUN.fullmatch(bare)):
        owned = hung[1]
        if owned not in nouns and owned[-1] == "ت" and (owned[-2] != "ا" or len(owned) < 6):
            owned = owned[:-1] + "ه"
        if owned in plurals:
            return _stem(plurals[owned])
        bare = owned
    elif bare.endswith("ته") and len(bare) > 4 and bare not in nouns and bare[:-2] + "ه" in nouns:
        bare = bare[:-2] + "ه"
    base = bare
    if base not in _masdars() and base not in _WHOLE and not _is_intensive(base):
        if ending := _ENDING.fullmatch(base):
            base = ending[1]
        elif (dual := _DUAL.fullmatch(base)) and (dual[1] in nouns or dual[1] + "ه" in nouns):
            base = dual[1]
    if base in plurals:
        return _stem(plurals[base])
    stem = base.removesuffix("ه") if len(base) > 3 else base
    while len(stem) > 3 and stem[-1] == "ي" and stem[-2] != "ا":
        stem = stem[:-1]
    if len(stem) > 3 and stem.endswith(("اء", "اي")):
        stem = stem[:-1]
    if len(stem) > 3 and stem[-1] == "ا":
        stem = stem[:-1]
    return stem, base


def _is_intensive(base: str) -> bool:
    """Whether «ين» belongs to a masdar of form II: «تخزين، تعيين»."""
    return base.endswith("ين") and (found := masdar(base)) is not None and found.form == "II" and not found.pronoun


_TENTH = ("است", "مست", "يست", "تست", "نست")
_FIFTH = ("مت", "يت", "نت", "تت", "من", "ان", "ين")
_WEAK = re.compile("[اويء]+")


def _roots(base: str) -> Iterator[str]:
    """Three radicals (a weak one is و), read off the letters by taking away what forms and nouns add."""
    base = base.removesuffix("ه") if len(base) > 3 else base
    forms = [base]
    if base.startswith(_TENTH) and len(base) > 5:
        forms = [base[3:]]
    else:
        if len(base) > 3 and base[0] in "متينا":
            forms.append(base[1:])
        if base.startswith(_FIFTH) and len(base) > 4:
            forms.append(base[2:])
    forms += [form[0] + form[2:] for form in forms if len(form) > 3 and form[1] == "ت"]
    found = dict.fromkeys(root for form in forms for root in _radicals(form, base[0] == "م" and form != base))
    if found:
        yield from found
    elif len(strong := _WEAK.sub("", base)) > 3:
        yield strong


def _radicals(form: str, participle: bool) -> Iterator[str]:
    strong = _WEAK.sub("", form)
    if len(strong) == 3:
        yield strong
    if len(strong) != 2:
        return
    if len(form) == 2:
        yield strong + strong[1]
        return
    first, second = form.index(strong[0]), form.rindex(strong[1])
    if first and form[0] == "و":  # «وزير»
        yield f"و{strong}"
        return
    if second - first > 1:
        yield f"{strong[0]}و{strong[1]}"
    if second + 1 < len(form) and (second - first == 1 or participle and form[first + 1] == "ا"):  # «مفاجئة، مراعاة»
        yield f"{strong}و"
    if first and form[0] == "ا":
        yield f"و{strong}"


@cache
def stop_words() -> frozenset[str]:
    """Folded function words, with «و» in front too: a query needs none of them."""
    classes = tomllib.loads(model_file("lexicon/words.toml").read_text(encoding="utf-8"))
    own = tomllib.loads(model_file("lexicon/stop_words.toml").read_text(encoding="utf-8"))
    hung = (particle + pronoun for particle in own["particles"] for pronoun in own["pronouns"])
    words = set(map(fold, (*classes["function"]["words"], *classes["relative"]["words"], *own["words"], *hung)))
    return frozenset(words | {"و" + word for word in words})


@cache
def _lam_words() -> frozenset[str]:
    """Words that start with ال without the article: masdars (التزام، إلغاء) and a few nouns."""
    listed = "اليه اليات الاف الات الم الام الف اليا المانيا الماني المانيه الكتروني الكترونيه الكترونيا الكترونيين البسه الغام القاب الوان الواح البان الياف الحان"
    return frozenset(listed.split()) | {m for m in _masdars() if m.startswith("ال")}


@cache
def _lam_forms() -> re.Pattern[str]:
    """The longer of them where something hangs on: «التزاماتها», «إلغائها»."""
    longer = (re.escape(word.removesuffix("ء").removesuffix("ه")) for word in _lam_words() if len(word) > 4)
    return re.compile(f"(?:{'|'.join(longer)})(?:[ءيوته]|ات|يه|تين|تان|ين|ان)?(?:هما|ها|هم|هن|ه|كم|نا|ي|ا)?")


@cache
def _masdars() -> frozenset[str]:
    with model_file("lexicon/masdars.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(fold(row["word"]) for row in csv.DictReader(file))


@cache
def _nouns() -> frozenset[str]:
    """Words seen behind the article, in our statements (``models/train/nouns.py``) and in news, masdars, and the plurals and their singulars."""
    ours = model_file("lexicon/nouns.txt").read_text(encoding="utf-8").split()
    news = model_file("lexicon/common_words.txt").read_text(encoding="utf-8").split()
    return article_words(news).union(ours, _masdars(), _plurals().keys(), _plurals().values())


def article_words(words: Iterable[str]) -> frozenset[str]:
    """Of some folded words those that have the article, without it."""
    lam = {m for m in _masdars() if m.startswith("ال")}
    return frozenset(m[1] for word in words if word not in lam and (m := _ARTICLE.fullmatch(word)))


_ARTICLE = re.compile("[وف]?[بك]?ال(.{2,})")


@cache
def _noun_stems() -> frozenset[str]:
    return frozenset(_stem(noun)[0] for noun in _nouns())


@lru_cache(maxsize=1 << 14)
def synonyms(word: str) -> frozenset[str]:
    """The stems of words that may say the same as a folded word, as ``models/lexicon/synonyms.csv`` has them; of a verb, those of its masdar."""
    stems = keys(word).stems
    found: frozenset[str] = frozenset().union(*(_synonyms().get(stem, ()) for stem in stems))
    return found - set(stems)


@cache
def _synonyms() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for group in load_synonyms(model_file("lexicon/synonyms.csv")):
        stems = {keys(word).stems[0] for word in group}
        for stem in stems:
            found.setdefault(stem, set()).update(stems)
    return {stem: frozenset(others) for stem, others in found.items()}


def load_synonyms(path: Path) -> list[list[str]]:
    """Groups of folded words. Raises :class:`LexiconError` that names every faulty line of the file."""
    faults: list[str] = []
    groups: list[list[str]] = []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            group = [fold(word) for word in (row.get("words") or "").split()]
            if len(set(group)) < 2:
                faults.append(f"{path.name}, line {line}: needs two words or more")
            elif len(set(group)) < len(group):
                faults.append(f"{path.name}, line {line}: a word stands twice")
            groups.append(group)
    if faults:
        raise LexiconError(faults)
    return groups


@cache
def _plurals() -> dict[str, str]:
    return load_plurals(model_file("lexicon/plurals.csv"))


def load_plurals(path: Path) -> dict[str, str]:
    """Broken plurals to their singulars, folded. Raises :class:`LexiconError` that names every faulty line of the file."""
    plurals: dict[str, str] = {}
    faults: list[str] = []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            singular = fold(row.get("singular") or "")
            forms = [fold(form) for form in (row.get("plurals") or "").split()]
            if not singular or not forms:
                faults.append(f"{path.name}, line {line}: needs a singular and at least one plural")
            for form in forms:
                if plurals.get(form, singular) != singular:
                    faults.append(f"{path.name}, line {line}: «{form}» is the plural of «{plurals[form]}» already")
                elif form != singular:
                    plurals[form] = singular
    faults += [f"{path.name}: «{form}» is a singular as well" for form in plurals.keys() & set(plurals.values())]
    if faults:
        raise LexiconError(faults)
    return plurals
