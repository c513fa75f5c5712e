"""Which mentions of one document name the same actor.

Mentions are taken in text order. A fuller mention opens an actor; a shorter one joins the nearest earlier actor that it can stand
for: the head noun with its article («الوزير»), a shortened complement («رئيس المجلس»), a surname, «المتحدث», an acronym.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pipeline.actors import salience
from pipeline.actors.phrases import Phraser
from pipeline.actors.recognise import Found
from pipeline.actors.vocabulary import Vocabulary, bare_words
from pipeline.actors.words import BREAK, LETTER, Words
from pipeline.normalize import fold
from pipeline.types import Actor, Analysis, Evidence, Kind, Mention, Span

_GENERIC_PLACES = frozenset(
    {"ولايه", "جهه", "محافظه", "منطقه", "اقليم", "مدينه", "مكان", "ناحيه", "مقاطعه", "محليه", "عماله"}
)
_UNITS = frozenset(
    {"ولايه", "محافظه", "مدينه", "منطقه", "اقليم", "جهه", "مقاطعه", "عماله", "معتمديه", "دايره", "بلديه"}
)
_OVER_UNITS = frozenset({"رييس", "رييسه", "مجلس", "عضو", "اعضاء", "روساء", "كاتب", "كاتبه", "عميد", "مكتب"})
"""Heads that mean other things in a wilaya, a district and a commune."""
_COMPANIES = {
    "موسسه": ("company", "bank", "agency"),
    "شركه": ("company",),
    "بنك": ("bank",),
    "مجمع": ("company",),
    "وكاله": ("agency",),
}
"""What level of the lists a bare head can mean."""
_GOVERNORS = frozenset({"والي", "واليه", "محافظ", "عامل", "متصرف", "معتمد", "قايممقام", "حاكم", "امير"})
"""«رئيس المقاطعة» is the governor named with that place."""
_PRESS = frozenset({"صحيفه", "جريده", "قناه", "اذاعه", "موقع"})
_NUMBERS = frozenset("كافه جميعا الثلاثه الاربعه الخمسه السته السبعه الثمانيه التسعه العشره المعنيين المعنيون".split())
_SERVING = frozenset({"علي", "على", "في"})
_SAID_BEFORE = frozenset("مشكله مشكل مذكوره مذكور سالفه سالف انفه".split())
"""Adjectives of a body named before («اللجنة المشكلة»، «المؤسسة المذكورة»)."""
_STAFF = frozenset({"مصالح", "هييه"})
"""Heads that with the bare name of a body mean the body («مصالح الولاية»، «هيئة المحكمة»)."""
_PLURALS = {"مدراء": "مدير", "مدير": "مدير", "محافظ": "محافظ"}
_HONOUR_HEADS = {
    "سمو": ("امير", "اميره", "حاكم", "ولي"), "معالي": ("وزير", "وزيره", "رييس"), "سعاد": ("وكيل", "سفير", "محافظ", "رييس", "مدير", "والي"), "فخام": ("رييس",),
    "جلال": ("ملك", "سلطان"), "سياد": ("رييس", "وزير", "محافظ"), "دول": ("رييس",),
}  # fmt: skip


@dataclass(slots=True)
class Cluster:
    """An actor while it is being put together."""

    kind: Kind
    head: str
    words: tuple[str, ...]
    """The designation (office, body, group) as bare words: no article, no clitics."""
    name: tuple[str, ...] = ()
    """The personal name, folded."""
    found: list[tuple[Found, str]] = field(default_factory=list)
    aliases: set[str] = field(default_factory=set)
    bare_only: bool = False
    last: int = 0
    shadow: bool = False
    """A further office of a person: what names it is found there too, and it is no actor of its own."""
    titled: str = ""
    """The person's name as the document's title writes it."""

    @property
    def feminine(self) -> bool:
        return self.head.endswith("ه")


class Coreference:
    """Groups the mentions of one document."""

    def __init__(
        self, analysis: Analysis, vocabulary: Vocabulary, words: Words, headline: Sequence[Cluster] = ()
    ) -> None:
        self.analysis = analysis
        self.headline = headline
        self.v = vocabulary
        self.words = words
        self.text = analysis.norm.text
        self.clusters: list[Cluster] = []
        self.alias_of: dict[str, Cluster] = {}
        self._read: dict[tuple[int, int], tuple[str, ...]] = {}
        self.nameless: list[Found] = []
        """Bare head nouns that name nobody known: mentions without an actor."""

    def run(self, found: Sequence[Found]) -> tuple[tuple[Mention, ...], tuple[Actor, ...]]:
        """Mentions and actors; ids count in the order of first mention. Groups that name things stay mentions without actor."""
        self._cluster(found)
        clusters, self.clusters = self.clusters, []
        for cluster, keep in zip(clusters, salience.kept(self._groups_of(clusters)), strict=True):
            if keep:
                self.clusters.append(cluster)
            else:
                self.nameless += [f for f, _ in cluster.found]
        return self._result()

    def groups(self, found: Sequence[Found]) -> list[tuple[salience.Group, tuple[str, ...]]]:
        """For fitting: each group of mentions as it is weighed, and its names."""
        self._cluster(found)
        actors = [self._actor("", cluster, ()) for cluster in self.clusters]
        return [(g, (a.name, *a.aliases)) for g, a in zip(self._groups_of(self.clusters), actors, strict=True)]

    def _groups_of(self, clusters: Sequence[Cluster]) -> list[salience.Group]:
        """The groups with what bears on each: rivals, who «و» ties it to, in whose mention it lies."""
        ends: dict[int, int] = {}
        inside: dict[int, int] = {}
        for k, cluster in enumerate(clusters):
            for f, _ in cluster.found:
                if not f.nested:
                    ends[f.last] = k
                    for i in range(f.first, f.last):
                        inside[i] = k
        rivals = _rivals([tuple(re.findall(r"[^\W_]+", " ".join(c.name))) if c.name else c.words for c in clusters])
        out = []
        for k, cluster in enumerate(clusters):
            holders: list[int] = []
            chain = None
            for f, _ in cluster.found[:4]:
                at = inside.get(f.first, k)
                if f.nested and at != k and at not in holders:
                    holders.append(at)
                if not f.nested and chain is None and self.v.read(self.words.text[f.first]).conj:
                    chain = ends.get(f.first, k)
            held = holders[0] if holders and all(f.nested for f, _ in cluster.found) else None
            features = self._salience(
                cluster, [(clusters[j].head, clusters[j].kind, clusters[j].words) for j in holders]
            )
            group = salience.Group(
                features, cluster.kind, cluster.head, len(cluster.words), rivals[k], None if chain == k else chain, held
            )
            out.append(group)
        return out

    def _salience(self, cluster: Cluster, holders: Sequence[salience.Holder]) -> tuple[str, ...]:
        found = sorted((f for f, _ in cluster.found), key=lambda f: f.start)
        head, words = cluster.head, cluster.words
        if cluster.kind is Kind.ORGANISATION:
            for f in found:
                if (
                    f.head in self.v.words["service"]
                    and len(own := self._words_of(f)) > len(words)
                    and self._core(own) == words
                ):
                    head, words = f.head, own
        return salience.features(found, cluster.kind, head, words, self.words, self.v, holders)

    def persons(self, found: Sequence[Found]) -> tuple[Cluster, ...]:
        """The persons with a full name among ``found``, as a text knows them whose title this is: named, nowhere mentioned yet."""
        self._cluster(found)
        named = [c for c in self.clusters if c.kind is Kind.PERSON and len(c.name) > 1]
        return tuple(
            Cluster(
                Kind.PERSON, c.head, c.words, c.name, last=-1, titled=self._display(_fullest([f for f, _ in c.found]))
            )
            for c in named
        )

    def _cluster(self, found: Sequence[Found]) -> None:
        self.clusters = [replace(c, found=[], aliases=set()) for c in self.headline]
        later = self._references(found)
        pending = sorted([*found, *later], key=lambda f: (f.start, -f.end))
        for mention in pending:
            self._take(mention)
        self._late_antecedents()
        self.clusters = [c for c in self.clusters if not c.shadow and c.found]
        self._signature(found)

    # -- placing one mention -------------------------------------------------------------------------------------------

    def _words_of(self, f: Found) -> tuple[str, ...]:
        """The designation as bare words, so that «والي ولاية سطيف» and «والي سطيف», «لولاية الوادي» and «بالوادي», «محافظو» and «محافظي» read alike."""
        if f.designation is None:
            return ()
        known = self._read.get(f.designation)
        if known is None:
            known = self._read[f.designation] = self._designation_words(f, f.designation)
        return known

    def _designation_words(self, f: Found, at: tuple[int, int]) -> tuple[str, ...]:
        words = bare_words(f.hidden_article + self.text[slice(*at)])
        first = _lemma(words[0]) if f.kind is Kind.GROUP else words[0]
        out = [_PLURALS.get(first, first)]
        known = [self._bare(word) for word in words[1:]]
        if f.kind is Kind.GROUP:  # «القائمين على المركز», «القائمين بالمركز»
            known = [w[3:] if w.startswith("بال") and len(w) > 5 else w for w in known if w not in _SERVING]
        for word, behind in zip(known, [*known[1:], ""], strict=False):
            if (
                word in _UNITS
                and out[0] not in _OVER_UNITS
                and (behind in self.v.places or "ال" + behind in self.v.places)
            ):
                continue
            out.append(_lemma(word) if f.kind is Kind.GROUP else word)
        return tuple(out)

    def _bare(self, word: str) -> str:
        """A word without the conjunction or preposition that ties it to the one before («والعمران», «بالوادي», «لهيئة»)."""
        v = self.v
        if word.startswith(("وال", "بال")) and len(word) > 5 and (word[0] == "و" or word[1:] in v.places):
            return word[3:]
        if word[0] in "بل" and len(word) > 3:
            rest = word[1:]
            if rest in v.places or "ا" + word in v.places or rest in v.heads or rest in v.words["inner"]:
                return rest
        return word

    def _take(self, f: Found) -> None:
        if f.source.startswith("reference"):
            cluster = self._reference(f)
            if cluster is not None:
                self._join(cluster, f, "rule:reference")
            return
        if f.kind is Kind.PERSON:
            self._take_person(f)
        else:
            self._take_designation(f)
        if f.alias is not None and self.clusters:
            cluster = next((c for c in reversed(self.clusters) if any(x is f for x, _ in c.found)), None)
            if cluster is not None:
                alias = self.text[slice(*f.alias)]
                cluster.aliases.add(alias)
                self.alias_of[alias] = cluster

    def _join(self, cluster: Cluster, f: Found, why: str) -> None:
        cluster.found.append((f, why))
        cluster.last = f.start
        for at in f.further:
            self._hold(cluster, self._designation_words(f, at))

    def _hold(self, cluster: Cluster, words: tuple[str, ...]) -> None:
        """A person's further office: whoever is named by it later is that person."""
        words = (words[0].removeprefix("و") if words[0] not in self.v.heads else words[0], *words[1:])
        if words[0] in self.v.heads and not any(c.found is cluster.found and c.words == words for c in self.clusters):
            at = cluster.found, set[str](), False, cluster.last, True
            self.clusters.append(Cluster(Kind.PERSON, words[0], words, (), *at))

    def _open(self, f: Found, words: tuple[str, ...], name: tuple[str, ...] = (), bare: bool = False) -> None:
        cluster = Cluster(f.kind, f.head, words, name, bare_only=bare)
        self.clusters.append(cluster)
        self._join(cluster, f, f.source)

    def _take_person(self, f: Found) -> None:
        assert f.name is not None
        name = tuple(re.findall(r"[^\W_]+", self.text[slice(*f.name)]))
        words = self._words_of(f)
        for cluster in reversed(self.clusters):
            if cluster.name and (same_person(cluster.name, name)):
                if len(name) > len(cluster.name):
                    cluster.name = name
                if words and (not cluster.words or len(words) > len(cluster.words) and cluster.head == f.head):
                    cluster.words, cluster.head = words, f.head
                self._join(cluster, f, "rule:name")
                if words and f.full and f.head != cluster.head:
                    self._hold(cluster, words)
                return
        if len(name) == 1 and not f.designation:
            return
        for cluster in reversed(self.clusters):
            if (
                not cluster.name
                and cluster.kind is Kind.OFFICE
                and words
                and (
                    cluster.head == f.head
                    and _stands_for(cluster.words, words, cluster.bare_only)
                    or self._groups(cluster.words) & self._groups(words)
                )
            ):
                cluster.name, cluster.kind = name, Kind.PERSON
                if len(words) > len(cluster.words):
                    cluster.words = words
                cluster.bare_only = False
                self._join(cluster, f, "rule:office")
                return
        if f.designation and not f.full:
            # «الوزير نذير قاسمي» after «وزير الصناعة»: the office that has no name yet.
            for cluster in reversed(self.clusters):
                if not cluster.name and cluster.kind is Kind.OFFICE and cluster.head == f.head:
                    cluster.name, cluster.kind, cluster.bare_only = name, Kind.PERSON, False
                    self._join(cluster, f, "rule:office")
                    return
        self._open(f, words, name)

    def _take_designation(self, f: Found) -> None:
        words = self._words_of(f)
        written = f.hidden_article + self.text[slice(*f.designation)] if f.designation else ""
        alias = self.alias_of.get(" ".join(words)) or self.alias_of.get(written)
        if alias is not None:
            self._join(alias, f, "rule:acronym")
            return
        canonical = self.v.canonical.get(written)
        if canonical is not None:
            target = bare_words(fold(canonical))
            for cluster in self.clusters:
                if cluster.words == target:
                    self._join(cluster, f, "gazetteer:alias")
                    return
        groups = self._groups(words)
        if groups:
            for cluster in reversed(self.clusters):
                if groups & self._groups(cluster.words):
                    self._join(cluster, f, "lexicon:synonym")
                    return
        if f.kind is Kind.ORGANISATION:
            body = self._same_body(words)
            if body is not None:
                self._join(body, f, "rule:service")
                if len(words) < len(body.words):
                    body.words, body.head = words, f.head
                return
        if words and words[0] in _STAFF and len(words) == 2:
            for cluster in reversed(self.clusters):
                if cluster.head == words[1] and not cluster.bare_only:
                    self._join(cluster, f, "rule:services")
                    return
        if f.kind is Kind.OFFICE and f.definite and len(words) == 2:
            named = next((c for c in reversed(self.clusters) if c.name and _plain(c.name)[-1] == words[1]), None)
            if named is not None and len(named.name) > 1 and _lemma(named.head) == _lemma(f.head):
                self._join(named, f, "rule:surname")  # «الوزير السعدي» after «وزير الري عمر السعدي»
                return
        if f.head == "رييس" and not f.full and f.definite:
            for cluster in reversed(self.clusters):
                if cluster.head == "رييس" and (
                    cluster.name or cluster.words[1:2] in (("جمهوريه",), ("دوله",), ("حكومه",))
                ):
                    self._join(cluster, f, "rule:head")
                    return
            for cluster in self.clusters:
                if cluster.bare_only and cluster.words == words:
                    self._join(cluster, f, "rule:head")  # «الرئيس» alone before any other head of a body
                    return
        if f.kind is Kind.ORGANISATION and f.definite and _said_before(words):
            named = next((c for c in reversed(self.clusters) if c.head == f.head and c.words != words), None)
            if named is not None:
                self._join(named, f, "rule:said_before")
                return
        if not f.full and f.definite and f.head in _COMPANIES:
            company = self._company(f.head)
            if company is not None:
                self._join(company, f, "gazetteer:company")
                return
        best = self._by_its_body(f, words)
        if best is not None and best.words != words:
            self._join(best, f, "rule:body")
            return
        best = None
        if (
            not f.full
            and f.definite
            and words not in [c.words for c in self.clusters if c.kind is f.kind and not c.bare_only]
        ):
            best = self._antecedent_of_head(f)
            if best is not None:
                self._join(best, f, "rule:head")
                return
        for cluster in reversed(self.clusters):
            if _lemma(cluster.head) != _lemma(f.head) and cluster.words != words:
                continue
            if (
                cluster.kind is Kind.PERSON
                and f.kind is not Kind.OFFICE
                or cluster.kind is not Kind.PERSON
                and cluster.kind is not f.kind
            ):
                continue
            if cluster.words == words:
                best = cluster
                break
            if f.full and best is None and _stands_for(words, cluster.words, False) and len(words) >= 2:
                best = cluster
        if best is not None:
            self._join(best, f, "rule:head" if not f.full else "rule:short_form")
            return
        titled = self._titled(written) if f.kind is Kind.OFFICE else None
        if titled is not None:
            self._join(titled, f, "rule:title")
            return
        if not f.full and f.definite and f.head not in self.v.words["bare"]:
            self._open(f, words, bare=True)
            self.clusters[-1].kind = f.kind
            self.clusters[-1].found[-1] = (f, "pending")
            return
        self._open(f, words, bare=not f.full)

    def _titled(self, written: str) -> Cluster | None:
        """The person named with these words as title («محافظ الشرطة فلان … محافظ الشرطة»)."""
        for cluster in reversed(self.clusters):
            for f, _ in cluster.found if cluster.name and not cluster.shadow else ():
                if f.name is not None and f" {written} " in f" {self.text[f.start : f.name[0]]} ":
                    return cluster
        return None

    def _company(self, head: str) -> Cluster | None:
        """The company, bank or agency of the lists that «المؤسسة» means where no body of that head was named: the one named most."""
        if any(c.head == head and not c.bare_only for c in self.clusters):
            return None
        fits = [
            c
            for c in self.clusters
            if c.kind is Kind.ORGANISATION
            and not c.bare_only
            and any(
                f.designation is not None
                and (body := self.v.listed.get(self.text[slice(*f.designation)])) is not None
                and body.level in _COMPANIES[head]
                for f, _ in c.found
            )
        ]
        return max(reversed(fits), key=lambda c: len(c.found), default=None)

    def _same_body(self, words: tuple[str, ...]) -> Cluster | None:
        """The body that ``words`` name with or without a head that adds nothing («مصالح سونلغاز», «سونلغاز»)."""
        core = self._core(words)
        for cluster in reversed(self.clusters):
            if cluster.kind is Kind.ORGANISATION and cluster.words != words and not cluster.bare_only:
                other = self._core(cluster.words)
                if core == other and (words == core or cluster.words == other):
                    return cluster
        return None

    def _core(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """A body's words without a head that adds nothing, and that head's «العامة»."""
        if len(words) < 2 or words[0] not in self.v.words["service"]:
            return words
        core = words[2:] if words[1] in ("عام", "عامه") and len(words) > 2 else words[1:]
        return words if core[0] in self.v.heads and len(core) == 1 else core

    def _groups(self, words: tuple[str, ...]) -> frozenset[int]:
        """Numbers of the groups of synonyms that a designation, or its first words, belong to."""
        for size in (len(words), 3, 2):
            found = self.v.synonyms.get(words[:size])
            if found:
                return frozenset(found)
        return frozenset()

    def _by_its_body(self, f: Found, words: tuple[str, ...]) -> Cluster | None:
        """«مدير الوكالة»، «والي الولاية»: the office of that head whose body, named in full before, has that head noun."""
        if (
            len(words) != 2
            or f.kind is not Kind.OFFICE
            or not self.text[slice(*f.designation)].split()[-1].startswith("ال")
            if f.designation
            else True
        ):
            return None
        fits = [
            c
            for c in reversed(self.clusters)
            if c.kind in (Kind.PERSON, Kind.OFFICE) and _lemma(c.head) == _lemma(f.head) and not c.bare_only
        ]
        of_body = next((c for c in fits if words[1] in c.words[1:]), None)
        if of_body is not None or words[1] not in _GENERIC_PLACES:
            return of_body
        if f.head not in _OVER_UNITS:
            return next(iter(fits), None)
        governors = [c for c in reversed(self.clusters) if c.head in _GOVERNORS]
        return next((c for c in governors if any(words[1] in self.text[x.start : x.end] for x, _ in c.found)), None)

    def _antecedent_of_head(self, f: Found) -> Cluster | None:
        """What a head noun with its article stands for: of a body, the one named most; of an office, the nearest that acts."""
        fits = [
            c
            for c in reversed(self.clusters)
            if _lemma(c.head) == _lemma(f.head)
            and not c.bare_only
            and (c.kind is f.kind or c.kind is Kind.PERSON and f.kind is Kind.OFFICE)
        ]
        if not fits:
            return None
        if f.kind is Kind.OFFICE:
            return next((c for c in fits if c.name or len(c.found) > 1), fits[0])
        return max(reversed(fits), key=lambda c: len(c.found))

    # -- references ------------------------------------------------------------------------------------------------------

    def _references(self, found: Sequence[Found]) -> list[Found]:
        """Surnames alone, «المتحدث»، «المسؤول الأول عن القطاع»، «معاليه» and acronyms outside the mentions already found."""
        w, v = self.words.text, self.v
        taken: dict[int, Found] = {}
        for f in found:
            for i in range(f.first, f.last):
                taken[i] = f
        surnames = self._surnames(found)
        aliases = {self.text[slice(*f.alias)] for f in found if f.alias is not None}
        out: list[Found] = []
        wanted = v.words["honour"] | set(surnames) | aliases
        written = _with_clitics(v.words["honour"]) | _with_clitics(frozenset((*surnames, *aliases)))
        p = Phraser(self.words, v)
        for i, t in [(i, t) for i, t in enumerate(w) if t in written]:
            cut = 0
            if t not in wanted:
                if t[1:] in wanted and t[0] in "وفبلك" and len(t) > 4 or t.startswith("لل") and "ا" + t[1:] in wanted:
                    cut = 1
                else:
                    continue
            if i in taken:
                continue
            key = t[cut:] if t[cut:] in wanted else "ا" + t[cut:]
            start = self.words.start[i] + cut
            if key in aliases:
                at = (start, self.words.end[i])
                out.append(
                    Found(i, i + 1, *at, Kind.ORGANISATION, designation=at, source="rule:acronym", definite=True)
                )
            elif key in v.words["honour"]:
                out.append(Found(i, i + 1, start, self.words.end[i], Kind.OFFICE, source="reference:honour"))
            else:
                hit = next((n for n in surnames[key] if tuple(w[i + 1 : i + len(n)]) == n[1:]), None)
                if (
                    hit is not None
                    and (i == 0 or self._names_at(p, i, len(hit)))
                    and (len(hit) > 1 or self._good_surname(key) or self._in_a_slot(i))
                ):
                    last = i + len(hit)
                    at = (start, self.words.end[last - 1])
                    out.append(Found(i, last, *at, Kind.PERSON, name=at, source="rule:surname", full=False))
        return out

    def _names_at(self, p: Phraser, i: int, size: int) -> bool:
        w = self.words.text
        before = w[i - 1]
        if before in self.v.words["stop"] and before in ("هذا", "هذه", "ذلك", "تلك", "كل", "جميع", "بعض"):
            return False
        return before not in self.v.given or before == BREAK

    def _surnames(self, found: Sequence[Found]) -> dict[str, list[tuple[str, ...]]]:
        """Ways in which each fully named person may be named again, by first word; longest first."""
        out: dict[str, list[tuple[str, ...]]] = {}
        names = [c.name for c in self.headline]
        for f in found:
            if f.name is None:
                continue
            name = tuple(re.findall(r"[^\W_]+", self.text[slice(*f.name)]))
            names.append(name)
        for name in names:
            if len(name) < 2:
                continue
            tails = [
                name[k:]
                for k in range(1, len(name))
                if name[k - 1] not in self.v.words["particle_name"] or name[k] in self.v.words["particle_name"]
            ]
            if len(name) > 2 and name[1] not in self.v.given:
                tails.append(name[1:2])  # the first of two surnames
            for tail in (name, *tails):
                if len(tail) == 1 and not self._possible_surname(tail[0]):
                    continue
                if tail[0] in self.v.words["particle_name"] and len(tail) == 1:
                    continue
                out.setdefault(tail[0], [])
                if tail not in out[tail[0]]:
                    out[tail[0]].append(tail)
        for tails in out.values():
            tails.sort(key=len, reverse=True)
        return out

    def _possible_surname(self, word: str) -> bool:
        return len(word) >= 3 and word not in self.v.words["stop"] and not self.v.is_verb(word)

    def _good_surname(self, word: str) -> bool:
        """A surname that is no ordinary word, so that it names the person wherever it stands."""
        v = self.v
        return (
            len(word) >= 4 and word not in v.words["adjective"] and word not in v.words["inner"] and word not in v.places and v.read(word).head is None
            and not v.given.get(word, False) and word not in v.words["not_name"] and word not in v.common
        )  # fmt: skip

    def _in_a_slot(self, i: int) -> bool:
        """Behind a verb or a mark, or before a verb: where a person is named rather than a thing described."""
        w, v = self.words.text, self.v
        before, behind = w[i - 1] if i else BREAK, w[i + 1] if i + 1 < len(w) else BREAK
        return v.is_verb(before) or (
            (not before[0].isalnum() or before in ("اما", "ان", "أن", "إن", "لكن", "فيما", "وكان"))
            and (v.is_verb(behind) or not behind[0].isalnum())
        )

    def _reference(self, f: Found) -> Cluster | None:
        """The person or office that a reference stands for: the nearest earlier one of its gender, persons in office first."""
        text = self.text[f.start : f.end]
        earlier = sorted(
            (c for c in self.clusters if c.last < f.start and c.kind in (Kind.PERSON, Kind.OFFICE)),
            key=lambda c: -c.last,
        )
        if f.source.endswith("honour"):
            root = next((r for r in _HONOUR_HEADS if text.startswith(r)), "")
            for cluster in earlier:
                if (
                    any(root in self.text[x.start : x.end] for x, _ in cluster.found)
                    or cluster.head in _HONOUR_HEADS.get(root, ())
                    or (root == "سمو" and cluster.words[:2] == ("ولي", "عهد"))
                ):
                    return cluster
            return None
        groups = self._groups(bare_words(text))
        if groups:
            return next((c for c in earlier if groups & self._groups(c.words)), None)
        if "القطاع" in text or "الحكومه" in text or "الحكومي" in text:
            ministers = [c for c in earlier if c.head in ("وزير", "وزيره") and (c.name or len(c.found) > 1)]
            heads = [c for c in earlier if c.head in ("وزير", "وزيره", "كاتب", "كاتبه", "مدير", "مديره", "رييس")]
            earlier = ministers or heads or earlier
        elif "الحقيبه" in text:
            earlier = [c for c in earlier if c.head in ("وزير", "وزيره")] or earlier
        elif "ولايه" in text or "الجهه" in text or "الاقليمي" in text or "الولايي" in text:
            earlier = [c for c in earlier if c.head in ("والي", "واليه", "محافظ", "عامل")] or earlier
        feminine = text.split()[0].endswith(("ثه", "له", "خله", "يفه", "حبه", "يره"))
        if "الاخير" in text:
            last = [c for c in earlier if not c.head or feminine == c.feminine]
            return next(iter(last), None)  # who was named last, though only by an office
        best: Cluster | None = None
        for cluster in earlier:
            if cluster.head and feminine != cluster.feminine:
                continue
            if cluster.kind is Kind.PERSON and cluster.head:
                return cluster
            best = best or cluster
        return best

    # -- the result --------------------------------------------------------------------------------------------------------

    def _late_antecedents(self) -> None:
        """A bare head noun before its full form («الوزارة … وزارة الصحة») joins it; one that stays alone names nobody."""
        kept: list[Cluster] = []
        for cluster in self.clusters:
            if cluster.kind is Kind.OFFICE and len(cluster.words) == 2 and cluster.words[1] in _GENERIC_PLACES:
                full = next(
                    (
                        c
                        for c in self.clusters
                        if c.head == cluster.head and len(c.words) > 1 and c.words[1] not in _GENERIC_PLACES
                    ),
                    None,
                )
                if full is not None:  # «والي الولاية … والي سطيف»
                    full.found += cluster.found
                    continue
            if cluster.bare_only and not cluster.name and all(not f.full for f, _ in cluster.found):
                full = next(
                    (
                        c
                        for c in self.clusters
                        if c is not cluster
                        and _lemma(c.head) == _lemma(cluster.head)
                        and not c.bare_only
                        and (c.kind is cluster.kind or c.kind is Kind.PERSON and cluster.kind is Kind.OFFICE)
                    ),
                    None,
                )
                if full is not None and (
                    cluster.head not in ("رييس", "مدير") or full.words[1:2] in (("جمهوريه",), ("دوله",), ("حكومه",))
                ):
                    full.found += cluster.found
                    continue
            kept.append(cluster)
        self.clusters = kept

    def _signature(self, found: Sequence[Found]) -> None:
        """A name alone on the last line of a letter is that of the office in its head that has no name."""
        if not found or LETTER.isdisjoint(self.words.text):
            return
        signer = next(
            (
                c
                for c in self.clusters
                if c.name and not c.words and len(c.found) == 1 and c.found[0][0].last >= len(self.words) - 3
            ),
            None,
        )
        if signer is None:
            return
        office = next((c for c in self.clusters if c.kind is Kind.OFFICE and not c.name), None)
        if office is not None and self.words.text[: office.found[0][0].first].count(BREAK) <= 6:
            office.name, office.kind, office.bare_only = signer.name, Kind.PERSON, False
            office.found += signer.found
            self.clusters.remove(signer)

    def _raw(self, start: int, end: int) -> str:
        a, b = self.analysis.norm.raw_span(start, end)
        return self.analysis.document.raw[a:b]

    def _display(self, f: Found) -> str:
        """The designation as written, marks aside, the hidden article put back."""
        at = f.name if f.kind is Kind.PERSON and f.name else f.designation or (f.start, f.end)
        text = re.sub(r"[«»\"“”_]+", " ", self._raw(*at))
        text = " ".join(text.split())
        return f.hidden_article + text if at is f.designation else text

    def _result(self) -> tuple[tuple[Mention, ...], tuple[Actor, ...]]:
        mentions: list[Mention] = []
        actors: list[Actor] = []
        for number, cluster in enumerate(sorted(self.clusters, key=lambda c: min(f.start for f, _ in c.found)), 1):
            actor_id = f"a{number}"
            spans = []
            for f, why in sorted(cluster.found, key=lambda x: (x[0].start, x[0].end)):
                span = Span(*self.analysis.norm.raw_span(f.start, f.end))
                spans.append(span)
                mentions.append(Mention(span, cluster.kind, actor_id, (Evidence(why, span, 1.0),)))
            actors.append(self._actor(actor_id, cluster, tuple(spans)))
        for f in self.nameless:
            span = Span(*self.analysis.norm.raw_span(f.start, f.end))
            mentions.append(Mention(span, f.kind, None, (Evidence("rule:bare_head", span, 0.5),)))
        mentions.sort(key=lambda m: (m.span.start, -m.span.end))
        return tuple(mentions), tuple(actors)

    def _actor(self, actor_id: str, cluster: Cluster, spans: tuple[Span, ...]) -> Actor:
        found = [f for f, _ in cluster.found]
        with_office = [f for f in found if f.designation and f.head == cluster.head]
        office = max(with_office, key=lambda f: (len(self._words_of(f)), _size(f)), default=None)
        aliases = tuple(sorted({self._raw(*f.alias) for f in found if f.alias is not None}))
        if cluster.kind is Kind.PERSON:
            named = [f for f in found if f.name]
            written = self._display(_fullest(named)) if named else ""
            title = self._designation(office) if office is not None else None
            return Actor(actor_id, max(written, cluster.titled, key=len), Kind.PERSON, title, None, aliases, spans)
        service = self.v.words["service"]
        fullest = max(
            (f for f in found if f.designation),
            key=lambda f: (
                f.full,
                not _said_before(self._words_of(f)),
                f.designation is None or self.text[slice(*f.designation)] not in self.v.canonical,  # no alias
                -min(self.v.synonyms.get(self._words_of(f), {0: 0}).values()),
                f.head not in service
                or f.head == "مديريه"
                or len(cluster.words) == 1
                or self._words_of(f) == cluster.words,
                len(self._words_of(f)),
                _size(f),
            ),
            default=found[0],
        )
        name = self._display(fullest)
        canonical = self.v.canonical.get(fold(name))
        if canonical is not None and canonical != name and (" " not in name or canonical in name.split()):
            aliases = tuple(sorted({*aliases, canonical}))
        if (
            cluster.kind is Kind.GROUP
            and len(cluster.words) <= 2
            or len(cluster.words) == 1
            and cluster.kind is Kind.ORGANISATION
        ):
            aliases = tuple(sorted({*aliases, *self._quantified(found, name)}))
        head, _, core = name.partition(" ")
        if fold(head) in self.v.words["service"] and (
            self._names_alone(fold(head), fold(core)) or core and self._called(fold(head), found)
        ):
            aliases = tuple(sorted({*aliases, core}))
        return Actor(actor_id, name, cluster.kind, None, None, aliases, spans)

    def _quantified(self, found: Sequence[Found], name: str) -> set[str]:
        """A group as it stands with its quantifier or number («كافة الولاة»، «الولاة الأربعة» beside «الولاة»), where a single noun names it."""
        w, out = self.words, set[str]()
        noun, _, rest = name.partition(" ")
        if rest and fold(rest) not in _NUMBERS:
            return out
        out |= {noun} if rest and noun.startswith("ال") else set()
        for f in found if not rest else ():
            before = w.text[f.first - 1] if f.first else ""
            cut = before.startswith("و") and before not in self.v.words["quantifier"]
            if before[cut:] in self.v.words["quantifier"] and w.start[f.first] == f.start:
                out.add(self._raw(w.start[f.first - 1] + cut, f.end))
        return out

    def _names_alone(self, head: str, core: str) -> bool:
        """True where a body is also called by its proper name alone («شركة سوناطراك»); of agencies only those of the lists."""
        plain = core and " " not in core and not core.startswith("ال")
        return (
            bool(plain)
            and (core not in self.v.common or core in self.v.listed)
            and (head != "وكاله" or core in self.v.listed)
        )

    def _called(self, head: str, found: Sequence[Found]) -> bool:
        """True where a body has its name in quotation marks («قناة «الأفق»»), and for a newspaper or channel of one word («صحيفة الأفق»)."""
        texts = [self._raw(*f.designation).split(maxsplit=1) for f in found if f.designation and f.head == head]
        names = [t[1] for t in texts if len(t) == 2]
        quoted = any(t[0] in '«"“' and t[-1] in '»"”' for t in names)
        of_press = head in _PRESS and any(t.startswith("ال") and " " not in t for t in map(fold, names))
        return quoted or of_press

    def _designation(self, f: Found) -> str:
        assert f.designation is not None
        text = " ".join(re.sub(r"[«»\"“”_]+", " ", self._raw(*f.designation)).split())
        return f.hidden_article + text


@lru_cache(maxsize=256)
def _with_clitics(words: frozenset[str]) -> frozenset[str]:
    """The words as they stand alone or behind one of وفبلك; «لل» is ل and the article."""
    led = {letter + word for word in words for letter in "وفبلك"}
    return words | led | {"ل" + word[1:] for word in words if word.startswith("ال")}


def _rivals(names: Sequence[tuple[str, ...]]) -> list[tuple[int, ...]]:
    """For each name the numbers of those that have all its words, or have none but its; one-word names have no longer rival."""
    having: dict[str, list[int]] = {}
    sets = [frozenset(name) for name in names]
    for k, words in enumerate(sets):
        for word in words:
            having.setdefault(word, []).append(k)
    found: list[set[int]] = [set() for _ in names]
    for k, words in enumerate(sets):
        near = having[min(words, key=lambda w: len(having[w]))] if words else []
        for j in near:
            if j != k and words <= sets[j] and (len(words) >= 2 or words == sets[j]) and len(sets[j]) - len(words) <= 6:
                found[k].add(j)
                found[j].add(k)
    return [tuple(sorted(f)) for f in found]


def _fullest(found: Sequence[Found]) -> Found:
    """The mention with the longest personal name."""
    return max((f for f in found if f.name), key=lambda f: f.name[1] - f.name[0])  # type: ignore[index]


def _said_before(words: tuple[str, ...]) -> bool:
    """A head with nothing but a reference to a body named before («اللجنة المشكلة»)."""
    return len(words) == 2 and words[1] in _SAID_BEFORE


def _size(f: Found) -> int:
    """Letters of a designation."""
    return f.designation[1] - f.designation[0] if f.designation else 0


@lru_cache(maxsize=1 << 14)
def _lemma(head: str) -> str:
    """A head without the endings of the sound plural, so that «المحافظون» and «محافظي» agree."""
    for end in ("ين", "ون"):
        if head.endswith(end) and len(head) > 5:
            return head[:-2]
    return head[:-1] if head.endswith(("ي", "و")) and len(head) > 4 and head not in ("قاضي", "والي", "مدعي") else head


def same_person(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Two names of one document name one person: equal, one inside the other, or one a surname of the other.

    >>> same_person(("عمر", "بن", "علي"), ("بن", "علي"))
    True
    """
    short, long = sorted(("".join(_plain(a)), "".join(_plain(b))), key=len)
    if short == long:
        return True
    few, many = sorted((_plain(a), _plain(b)), key=len)
    return tuple(many[-len(few) :]) == tuple(few) or set(few) <= set(many if len(few) >= 2 else many[1:])


def _plain(name: tuple[str, ...]) -> list[str]:
    return [part.removeprefix("ال") if len(part) > 4 else part for part in name]


def _stands_for(short: tuple[str, ...], long: tuple[str, ...], bare: bool) -> bool:
    """True where a designation can be the short form of another: same head, its further words in the other in the same order."""
    if not short or not long or short[0] != long[0]:
        return False
    if bare or len(short) == 1:
        return True
    few, many = sorted((short, long), key=len)
    if len(few) > 2 and few[-1] in _GENERIC_PLACES and few[-1] not in many:
        few = few[:-1]  # «الأمين العام للولاية»
    if len(few) == 1 or few[1] not in many[1:3]:
        return False
    rest = iter(many)
    return all(word in rest for word in few)
