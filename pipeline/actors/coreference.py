"""Which mentions of one document name the same actor.

Mentions are taken in text order. A fuller mention opens an actor; a shorter one joins the nearest earlier actor that it can stand
for: the head noun with its article («الوزير»), a shortened complement («رئيس المجلس»), a surname, «المتحدث», an acronym.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.actors.phrases import BREAK, Phraser, Words
from pipeline.actors.recognise import Found
from pipeline.actors.vocabulary import Vocabulary
from pipeline.normalize import fold
from pipeline.types import Actor, Analysis, Evidence, Kind, Mention, Span

_GENDERED = {"المتحدثه", "المسووله", "هذه"}
_HEAD_OF_STATE = frozenset({"رييس الجمهوريه", "رييس الدوله", "الرييس"})
_PARLIAMENT = frozenset({"المجلس الشعبي الوطني", "مجلس نواب الشعب", "مجلس النواب", "مجلس الامه", "المجلس الوطني"})


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

    @property
    def feminine(self) -> bool:
        return self.head.endswith("ه")


def bare_words(text: str) -> tuple[str, ...]:
    """Folded words of a designation without articles and لـ, so that forms of one name agree.

    >>> bare_words(fold("المدير العام للجمارك"))
    ('مدير', 'عام', 'جمارك')
    """
    words = []
    for word in re.findall(r"[^\W_]+", text):
        if word.startswith("ال") and len(word) > 4:
            word = word[2:]
        elif word.startswith("لل") and len(word) > 4:
            word = word[2:]
        words.append(word)
    return tuple(words)


class Coreference:
    """Groups the mentions of one document."""

    def __init__(self, analysis: Analysis, vocabulary: Vocabulary, words: Words) -> None:
        self.analysis = analysis
        self.v = vocabulary
        self.words = words
        self.text = analysis.norm.text
        self.clusters: list[Cluster] = []
        self.alias_of: dict[str, Cluster] = {}

    def run(self, found: Sequence[Found]) -> tuple[tuple[Mention, ...], tuple[Actor, ...]]:
        """Mentions and actors; ids count in the order of first mention."""
        later = self._references(found)
        pending = sorted([*found, *later], key=lambda f: (f.start, -f.end))
        for mention in pending:
            self._take(mention)
        self._late_antecedents()
        return self._result()

    # -- placing one mention -------------------------------------------------------------------------------------------

    def _words_of(self, f: Found) -> tuple[str, ...]:
        return bare_words(self.text[slice(*f.designation)]) if f.designation else ()

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
                return
        if len(name) == 1 and not f.designation:
            return
        for cluster in reversed(self.clusters):
            if not cluster.name and cluster.kind is Kind.OFFICE and words and cluster.head == f.head and _stands_for(cluster.words, words, cluster.bare_only):
                cluster.name, cluster.kind = name, Kind.PERSON
                if len(words) > len(cluster.words):
                    cluster.words = words
                cluster.bare_only = False
                self._join(cluster, f, "rule:office")
                return
        self._open(f, words, name)

    def _take_designation(self, f: Found) -> None:
        words = self._words_of(f)
        alias = self.alias_of.get(" ".join(words)) or self.alias_of.get(self.text[slice(*f.designation)] if f.designation else "")
        if alias is not None:
            self._join(alias, f, "rule:acronym")
            return
        canonical = self.v.canonical.get(self.text[slice(*f.designation)]) if f.designation else None
        if canonical is not None:
            target = bare_words(fold(canonical))
            for cluster in self.clusters:
                if cluster.words == target:
                    self._join(cluster, f, "gazetteer:alias")
                    return
        best: Cluster | None = None
        for cluster in reversed(self.clusters):
            if cluster.head != f.head and not (f.head == "" and cluster.words == words):
                if not (cluster.words == words):
                    continue
            if cluster.kind is Kind.PERSON and f.kind is not Kind.OFFICE or cluster.kind is not Kind.PERSON and cluster.kind is not f.kind:
                continue
            if cluster.words == words:
                best = cluster
                break
            if not f.full and f.definite and not cluster.bare_only:
                best = best or cluster
                continue
            if f.full and best is None and _stands_for(words, cluster.words, False) and len(words) >= 2:
                best = cluster
        if best is not None:
            self._join(best, f, "rule:head" if not f.full else "rule:short_form")
            return
        if not f.full and f.definite and f.head not in self.v.words["bare"]:
            self._open(f, words, bare=True)
            self.clusters[-1].kind = f.kind
            self.clusters[-1].found[-1] = (f, "pending")
            return
        self._open(f, words, bare=not f.full)

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
        speakers = v.speaker_tails
        out: list[Found] = []
        wanted = set(speakers) | v.words["honour"] | set(surnames) | aliases
        p = Phraser(self.words, v)
        for i, t in enumerate(w):
            cut = 0
            if t not in wanted:
                if t[1:] in wanted and t[0] in "وفبلك" and len(t) > 4:
                    cut = 1
                elif t.startswith("لل") and "ا" + t[1:] in wanted:
                    cut = 1
                else:
                    continue
            key = t[cut:] if t[cut:] in wanted else "ا" + t[cut:]
            if i in taken and not (taken[i].first == i and not taken[i].full and key in speakers):
                continue
            start = self.words.start[i] + cut
            if key in aliases:
                out.append(Found(i, i + 1, start, self.words.end[i], Kind.ORGANISATION, designation=(start, self.words.end[i]), source="rule:acronym", definite=True))
                continue
            if key in v.words["honour"]:
                out.append(Found(i, i + 1, start, self.words.end[i], Kind.OFFICE, source="reference:honour"))
                continue
            if key in surnames:
                hit = next((n for n in surnames[key] if tuple(w[i + 1 : i + len(n)]) == n[1:]), None)
                if hit is not None and (i == 0 or self._names_at(p, i, len(hit))):
                    last = i + len(hit)
                    out.append(Found(i, last, start, self.words.end[last - 1], Kind.PERSON, name=(start, self.words.end[last - 1]), source="rule:surname", full=False))
                    continue
            for rest in speakers.get(key, ()):
                if tuple(w[i + 1 : i + 1 + len(rest)]) == rest:
                    last = i + 1 + len(rest)
                    if rest and rest[-1] in ("عن", "علي", "في"):
                        r = v.read(w[last])
                        last = p.phrase(last, r).last if w[last][0].isalpha() else last - 1
                    elif not rest and not self._stands_alone(last):
                        continue
                    out.append(Found(i, last, start, self.words.end[last - 1], Kind.OFFICE, source="reference:speaker", head=v.read(key).stem))
                    break
        return out

    def _stands_alone(self, j: int) -> bool:
        """True where what follows «المسؤول» does not make it another noun phrase («المسؤول المحلي للحزب»)."""
        if j >= len(self.words):
            return True
        r = self.v.read(self.words.text[j])
        return not (r.definite and not r.prep and not r.conj and r.head is None and not r.public and self.words.text[j].endswith(("ي", "يه", "ان"))) and r.prep != "ل" or self.v.is_verb(self.words.text[j])

    def _names_at(self, p: Phraser, i: int, size: int) -> bool:
        w = self.words.text
        before = w[i - 1]
        if before in self.v.words["stop"] and before in ("هذا", "هذه", "ذلك", "تلك", "كل", "جميع", "بعض"):
            return False
        return before not in self.v.given or before == BREAK

    def _surnames(self, found: Sequence[Found]) -> dict[str, list[tuple[str, ...]]]:
        """Ways in which each fully named person may be named again, by first word; longest first."""
        out: dict[str, list[tuple[str, ...]]] = {}
        for f in found:
            if f.name is None:
                continue
            name = tuple(re.findall(r"[^\W_]+", self.text[slice(*f.name)]))
            if len(name) < 2:
                continue
            tails = [name[k:] for k in range(1, len(name)) if name[k - 1] not in self.v.words["particle_name"] or name[k] in self.v.words["particle_name"]]
            for tail in (name, *tails):
                if len(tail) == 1 and not self._good_surname(tail[0]):
                    continue
                if tail[0] in self.v.words["particle_name"] and len(tail) == 1:
                    continue
                out.setdefault(tail[0], [])
                if tail not in out[tail[0]]:
                    out[tail[0]].append(tail)
        for tails in out.values():
            tails.sort(key=len, reverse=True)
        return out

    def _good_surname(self, word: str) -> bool:
        v = self.v
        return (
            len(word) >= 4 and word not in v.words["stop"] and word not in v.words["adjective"] and word not in v.words["inner"]
            and word not in v.places and not v.is_verb(word) and v.read(word).head is None and not (word in v.given and v.given[word]) and word not in v.words["not_name"]
        )  # fmt: skip

    def _reference(self, f: Found) -> Cluster | None:
        """The person or office that a reference stands for: the nearest earlier one of its gender that spoke or acts."""
        text = self.text[f.start : f.end]
        feminine = text.split()[0].endswith("ه") and not f.source.endswith("honour") or text.endswith("ها")
        best: Cluster | None = None
        for cluster in sorted((c for c in self.clusters if c.last < f.start), key=lambda c: -c.last):
            if cluster.kind not in (Kind.PERSON, Kind.OFFICE):
                continue
            if feminine and cluster.head and not cluster.feminine:
                continue
            if not feminine and cluster.feminine:
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
            if cluster.bare_only and not cluster.name and all(not f.full for f, _ in cluster.found):
                full = next((c for c in self.clusters if c is not cluster and c.head == cluster.head and not c.bare_only and c.kind in (cluster.kind, Kind.PERSON)), None)
                if full is not None and cluster.head not in ("رييس", "مدير"):
                    full.found += cluster.found
                    continue
                if all(why == "pending" for _, why in cluster.found):
                    continue
            kept.append(cluster)
        self.clusters = kept

    def _raw(self, start: int, end: int) -> str:
        a, b = self.analysis.norm.raw_span(start, end)
        return self.analysis.document.raw[a:b]

    def _display(self, f: Found) -> str:
        """The designation as written, marks aside, the hidden article put back."""
        at = f.name if f.kind is Kind.PERSON and f.name else f.designation or (f.start, f.end)
        text = re.sub(r"[«»\"“”_]+", " ", self._raw(*at))
        text = " ".join(text.split())
        return "ا" + text if f.hidden_article and at is f.designation else text

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
        mentions.sort(key=lambda m: (m.span.start, -m.span.end))
        return tuple(mentions), tuple(actors)

    def _actor(self, actor_id: str, cluster: Cluster, spans: tuple[Span, ...]) -> Actor:
        found = [f for f, _ in cluster.found]
        with_office = [f for f in found if f.designation and f.head == cluster.head]
        office = max(with_office, key=lambda f: len(bare_words(self.text[slice(*f.designation)]))) if with_office else None  # type: ignore[misc]
        aliases = tuple(sorted({self._raw(*f.alias) for f in found if f.alias is not None}))
        if cluster.kind is Kind.PERSON:
            named = max((f for f in found if f.name), key=lambda f: f.name[1] - f.name[0])  # type: ignore[index]
            title = self._designation(office) if office is not None else None
            return Actor(actor_id, self._display(named), Kind.PERSON, title, None, aliases, spans)
        fullest = max((f for f in found if f.designation), key=lambda f: (f.full, len(self._words_of(f))), default=found[0])
        name = self._display(fullest)
        canonical = self.v.canonical.get(fold(name))
        if canonical is not None and canonical != name:
            aliases = tuple(sorted({*aliases, canonical}))
        return Actor(actor_id, name, cluster.kind, None, None, aliases, spans)

    def _designation(self, f: Found) -> str:
        assert f.designation is not None
        text = " ".join(re.sub(r"[«»\"“”_]+", " ", self._raw(*f.designation)).split())
        return "ا" + text if f.hidden_article else text


def same_person(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Two names of one document name one person: equal, one inside the other, or one the surname of the other.

    >>> same_person(("عمر", "بن", "علي"), ("بن", "علي"))
    True
    """
    short, long = sorted(("".join(_plain(a)), "".join(_plain(b))), key=len)
    if short == long:
        return True
    few, many = sorted((_plain(a), _plain(b)), key=len)
    return tuple(many[-len(few) :]) == tuple(few) or (len(few) >= 2 and set(few) <= set(many))


def _plain(name: tuple[str, ...]) -> list[str]:
    return [part.removeprefix("ال") if len(part) > 4 else part for part in name]


def _stands_for(short: tuple[str, ...], long: tuple[str, ...], bare: bool) -> bool:
    """True where a designation can be the short form of another: same head, its further words in the other in the same order."""
    if not short or not long or short[0] != long[0]:
        return False
    if bare or len(short) == 1:
        return True
    few, many = sorted((short, long), key=len)
    if len(few) == 1 or few[1] not in many[1:3]:
        return False
    rest = iter(many)
    return all(word in rest for word in few)
