"""Who speaks in a private capacity: a lawyer, a shopkeeper, a resident named beside a minister, and what they go on to say.

Newspapers put voices of both kinds into one article («وقال المواطن … وطالب بـ»); the office of one must not lend its authority to the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.directives.authority import bare_noun, people, standing
from pipeline.directives.candidates import Candidate
from pipeline.directives.view import COMMAS, HONORIFICS, RELATIVES, SEMICOLONS, View, starting
from pipeline.lexicon import Form, Lexicon
from pipeline.normalize import fold
from pipeline.types import Analysis, Kind, Mention, Span

_BACK = 2
"""Sentences back in which a private speaker is still heard."""
_BEFORE = 6
"""Words before a name among which a profession introduces it («استشارية الغدد الصماء الدكتورة …»)."""
_BESIDE = 8
"""Words before a verb among which stands who wrote what it tells."""
_MENTIONS = 40
"""Mentions of one actor that are looked at."""
_THEMSELVES = "who speaks there speaks for themselves: «{}»"
_TOKEN = re.compile(r"\w+|[^\w\s]")


def private_voice(view: View, i: int, last: int, issuer: Mention | None) -> str:
    """Why the speaker of the trigger from token ``i`` to ``last`` has no public office, though ``issuer`` may; empty where nothing shows it."""
    return (
        _behind(view, i, last)
        or _before_verb(view, i)
        or _opinion(view, last)
        or _written(view, i, last)
        or protest(view, i)
        or _opening_subject(view, i, issuer)
        or _introduced(view.analysis, view.lexicon, issuer)
        or _goes_on(view, i, issuer)
    )


def _behind(view: View, i: int, last: int) -> str:
    """Why the subject behind a verb is a private person or body («طالب رجل الأعمال فيصل البدر بـ», «ويرى رئيس تعاونية أن»).

    Behind a verb that somebody can be told by («ألزم الطبيب بـ») only somebody named.
    """
    forms = [form for form in view.forms(i) if form.verbal]
    if forms and any(form.pronoun or not form.trigger.addressee & {"object"} for form in forms):
        found = _private_at(view.lexicon, view.w, last + 1)
        if found:
            return _THEMSELVES.format(found)
    found = _profession(view.lexicon, view.w[last + 1 : last + 3])
    if not found:
        return ""
    name = last + 1 + len(found.split())
    named = name < view.n and any(
        m.kind is Kind.PERSON and view.start(last + 1) <= m.span.start <= view.end(name) for m in view.mentions
    )
    return _THEMSELVES.format(found) if named else ""


def _before_verb(view: View, i: int) -> str:
    """Why a clause that tells of somebody unnamed («بحق ناشط دعا إلى», «أحد شهود طالب بـ») is a private person's."""
    if not i or view.w[i][0] in "وف" or view.w[i - 1].startswith("ال") or not any(f.verbal for f in view.forms(i)):
        return ""
    found = _profession(view.lexicon, [view.w[i - 1], view.w[i]])
    return _THEMSELVES.format(found) if found else ""


def _opinion(view: View, last: int) -> str:
    """Why a duty is somebody's opinion («يتعين، في رأي الأستاذ، أن»)."""
    j = view.skip_marks(last + 1)
    k = view.starts_phrase("opinion", j)
    return f"an opinion («{' '.join(view.w[j : j + k])}»)" if k else ""


def _written(view: View, i: int, last: int) -> str:
    """Why a verb tells what a private person or body wrote («رفعت جمعية السكان عريضة تطلب فيها»)."""
    if view.w[last + 1 : last + 2] not in (["فيه"], ["فيها"]) or any(form.pronoun for form in view.forms(i)):
        return ""
    for k in range(i - 1, max(-1, i - 1 - _BESIDE), -1):
        if view.w[k] in SEMICOLONS or view.w[k] in COMMAS:
            break
        words = [view.w[k].removeprefix("ل"), *view.w[k + 1 : i]]
        found = _private_at(view.lexicon, words, 0)
        if found:
            return _THEMSELVES.format(found)
    return ""


def protest(view: View, i: int) -> str:
    """Why a participle speaks for a protest («المظاهرات التي خرجت في بغداد مطالبة بـ»), and a quotation for those who fight («من قبل المتمردين: "…"»)."""
    opening = view.quote[i]
    if opening < 0 and i and view.w[i][0] in "تي" and view.is_in("protest", i - 1):
        return _THEMSELVES.format(view.w[i - 1])  # «لافتات تطالب بـ»
    if opening < 0 and not (view.w[i][0] == "م" and view.w[i][-1] == "ه"):
        return ""
    stop = opening if opening >= 0 else i
    for k in range(stop - 1, max(0, stop - 22), -1):
        if view.w[k] in SEMICOLONS or view.w[k] in COMMAS and opening < 0:
            break
        ascribed = view.w[k - 1] in ("قبل", "طرف") or view.w[k].endswith("ون")
        if view.is_in("protest", k) and (ascribed if opening >= 0 else view.w[k].endswith(("ات", "ه"))):
            return _THEMSELVES.format(view.w[k])
    return ""


def _opening_subject(view: View, i: int, issuer: Mention | None) -> str:
    """Why a participle goes on from a private person or body that the sentence opens with («واشتكى رئيس الاتحادية من …، مطالبا بـ»)."""
    if (
        view.quote[i] >= 0
        or i < 3
        or not any(
            form.klass == "participle" or form.klass == "forms" and view.w[i].lstrip("و")[0] == "م"
            for form in view.forms(i)
        )
    ):
        return ""
    if issuer is not None and view.end(2) < issuer.span.start < view.start(i):
        return ""  # somebody else is named since
    first = 1 + (view.w[0].lstrip("و") in _TURNS or view.w[0] == "كما")
    found = (
        _private_at(view.lexicon, view.w, first)
        if not view.w[first - 1].startswith("ال") and _agree(view, first, i)
        else ""
    )
    if not found or any(
        view.w[k - 1] in COMMAS and view.is_in("says", k) or view.w[k][0] in "وف" and view.is_in("says", k, 1)
        for k in range(first + 1, i)
    ):
        return ""
    return _THEMSELVES.format(found)


def same_mouth(view: View, i: int, form: Form, before: Candidate | None, issuer: Mention | None) -> str:
    """Why the verb at ``i`` has the subject of ``before``, whose speaker has no authority («طالبت الحركة الوزارة بـ … ودعت إلى …»).

    Nobody else must have taken the word since, and the two verbs must agree.
    """
    if before is None or before.view.index != view.index or not before.last < i:
        return ""
    if before.i and view.w[before.i - 1] in RELATIVES:
        return ""  # whose clause it is, the relative pronoun tells
    joined = view.w[i][0] in "وف" or view.w[i - 1] in _JOINING or form.klass == "participle"
    if not joined or form.trigger.duty or form.klass == "masdar" or form.trigger.is_noun:
        return ""
    if issuer is not None and issuer.span.start > view.start(i) or view.quote[i] != view.quote[before.i]:
        return ""
    if _number_and_gender(view.w[before.i], before.form) != _number_and_gender(view.w[i], form):
        return ""
    named = {m.span.start for m in view.mentions}
    taken = any(
        view.start(k) in named and (_speaks_before(view.lexicon, view.w, k) or view.w[k - 1] in _OTHERS_TURN)
        for k in range(before.last + 2, i)
    )
    return "" if taken else "its subject is that of the verb before it, and no authority"


_JOINING = frozenset("ثم كما و".split())
_OTHERS_TURN = frozenset("فيما بينما اما".split())


def _number_and_gender(word: str, form: Form) -> str:
    """``many``, ``f`` or ``m``, as far as a verb or participle shows it."""
    bare = word.lstrip("وف")
    if bare.endswith(("وا", "ون", "ين")):
        return "many"
    if form.klass == "participle" or bare[0] == "م":
        return "f" if bare.endswith("ه") else "m"
    if form.klass == "imperfect" or bare[0] in "يت" and not bare.endswith("ت"):
        return "f" if bare[0] == "ت" else "m"
    return "f" if bare.endswith("ت") and bare != "لفت" else "m"


def _agree(view: View, first: int, i: int) -> bool:
    """True where the verb before the noun at ``first``, that noun and the participle at ``i`` can be of one number and gender; not in «وطمأنت سكان الحي …، مؤكدة»."""
    verb, noun, said = view.w[first - 1], view.w[first], view.w[i]
    if said.endswith("ين"):
        return True
    if noun.endswith("ون") or view.is_in("crowd_subject", first):
        return False
    return verb.endswith("ت") == said.endswith("ه")


def _private_at(lexicon: Lexicon, words: Sequence[str], j: int) -> str:
    """The designation of a private person or body that starts at word ``j``; empty where there is none."""
    stop = next((k for k in range(j, j + 3) if not _in_phrase(lexicon, words, k)), j + 3)
    here = words[j:stop]
    if not here or here[0].startswith("لل"):
        return ""
    if len(here) > 1 and _bare(here[1]) in _OF_OFFICE:
        return ""  # «صاحب الجلالة»
    if any(lexicon.is_in("state_word", w) or w in ("الحق", "النيابه", "الادعاء") for w in here[:2]):
        return ""  # «ممثل الحق العام»
    called = _phrase(lexicon, "private_subject", words, j)
    if called:
        return " ".join(words[j : j + called])
    body = next((w for w in here if lexicon.is_in("private_body", bare_noun(w))), "")
    if body and (body == here[0] or lexicon.is_in("office_word", bare_noun(here[0]))):
        public = any(lexicon.is_in("state_word", bare_noun(w)) for w in here)
        return "" if public else " ".join(here)
    if people(lexicon, here[0]):
        return here[0]
    return _profession(lexicon, here[:2])


def _in_phrase(lexicon: Lexicon, words: Sequence[str], k: int) -> bool:
    """True where word ``k`` can go on with a noun phrase."""
    return k < len(words) and words[k][0].isalpha() and not lexicon.is_in("function", words[k])


def _phrase(lexicon: Lexicon, klass: str, words: Sequence[str], j: int) -> int:
    """Number of words of the longest phrase of ``klass`` at word ``j``."""
    phrases = lexicon.phrases[klass].get(words[j], ())
    return max((len(phrase) for phrase in phrases if tuple(words[j : j + len(phrase)]) == phrase), default=0)


def _introduced(analysis: Analysis, lexicon: Lexicon, issuer: Mention | None) -> str:
    """Why a person of no known office is a private one: a profession before or behind the name («المحامي …»، «…، بائع خضار»)."""
    if issuer is None or issuer.kind is not Kind.PERSON:
        return ""
    actor = analysis.actor_of(issuer)
    if standing(analysis, lexicon, issuer) != "unknown":
        return ""
    spans = actor.mentions[:_MENTIONS] if actor else (issuer.span,)
    return next((reason for span in spans if (reason := _named_as(analysis, lexicon, span))), "")


def _named_as(analysis: Analysis, lexicon: Lexicon, span: Span) -> str:
    raw = analysis.document.raw
    called = _TOKEN.findall(fold(raw[span.start : span.end]))
    own = _profession(lexicon, called[:2])
    if own.startswith("ال") and len(called) > 2:  # «القيادي الانفصالي …», not «صياد», a family
        return _THEMSELVES.format(own)
    before = _TOKEN.findall(fold(raw[max(0, span.start - 70) : span.start].rpartition("\n")[2]))[::-1]
    for k, word in enumerate(before[:_BEFORE]):
        if k == 0 and word in COMMAS:
            continue
        if word in HONORIFICS:
            continue
        found = _profession(lexicon, [word, *before[:k][::-1]])
        if found and k + 1 < len(before) and _is_public(lexicon, before[k + 1]):
            break  # «الناطق الإعلامي …»
        if found:
            return _THEMSELVES.format(found)
        public = _is_public(lexicon, word) and not word.endswith(("ي", "يه"))  # «المحلل الأمني»
        if not word[0].isalpha() or public or lexicon.is_in("preposition", word) or word[0] in "وف":
            break
    after = _TOKEN.findall(fold(raw[span.end : span.end + 40].partition("\n")[0]))
    if after[:1] and after[0] in COMMAS:
        after = after[1:]
    found = _profession(lexicon, after[:2])
    return _THEMSELVES.format(found) if found else ""


def _is_public(lexicon: Lexicon, word: str) -> bool:
    bare = _bare(word)
    return any(lexicon.is_in(klass, bare) for klass in ("state_word", "body_word", "office_word", "honour_word"))


def _bare(word: str) -> str:
    return bare_noun(word, _ARTICLES)


_ARTICLES = ("وال", "فال", "لل", "بال", "ال")


def _profession(lexicon: Lexicon, words: Sequence[str]) -> str:
    """The noun of a private person with which ``words`` begin; empty where there is none, or it heads an office («كاتب الدولة»، «صاحب السمو»)."""
    bare = [_bare(word) for word in words[:2]]
    if tuple(bare) in lexicon.phrases["private_person"].get(bare[0] if bare else "", ()):
        return " ".join(words[:2])
    if not bare or not lexicon.is_in("private_person", bare[0]):
        return ""
    return "" if len(bare) > 1 and bare[1] in _OF_OFFICE else words[0]


_OF_OFFICE = frozenset(
    "دوله عام سمو معالي جلاله سعاده فخامه سياده سماحه وزاره وزير رييس حكومه مجلس نيابه جمهوريه اول".split()
)


def _goes_on(view: View, i: int, issuer: Mention | None) -> str:
    """Why what stands at token ``i`` is said by the private person who was heard last («وقال المزارع … وطالب بـ»)."""
    analysis, lexicon = view.analysis, view.lexicon
    floor = issuer.span.end if issuer is not None else -1
    for index in range(view.index, max(-1, view.index - 1 - _BACK), -1):
        sentence = view.sentence if index == view.index else analysis.sentences[index]
        if index != view.index and _parted(analysis, index):
            return ""
        words = [t.norm for t in sentence.tokens]
        last = i if index == view.index else len(words)
        named = {m.span.start: m for m in starting(analysis, sentence.span.start, sentence.span.end)}
        for k in range(last - 1, -1, -1):
            place = sentence.tokens[k].span.start
            if place < floor:
                return ""
            if not _speaks_before(lexicon, words, k):
                continue
            mention = named.get(place)
            if mention is not None and mention.kind is Kind.PERSON and lexicon.is_in("private_person", words[k]):
                return ""  # «صياد», a family
            told = words[k - 1] in _TURNS and not _says_then(lexicon, words, k)
            found = _profession(lexicon, words[k : k + 2]) if told else _private_at(lexicon, words, k)
            if found:
                return _THEMSELVES.format(found)
            if mention is not None and mention.kind is not Kind.GROUP:
                return ""  # somebody else took the word
    return ""


def _says_then(lexicon: Lexicon, words: Sequence[str], k: int) -> bool:
    """True for «أما نقيب المحامين فانتقد …»: not for «أما الفلاحون فدعتهم», who are spoken of."""
    verb = next((w[1:] for w in words[k + 1 :] if w[0] == "ف" and len(w) > 3), "")
    return lexicon.is_in("says", verb)


def _parted(analysis: Analysis, index: int) -> bool:
    """True where a new paragraph begins behind the sentence ``index``."""
    here, following = analysis.sentences[index], analysis.sentences[index + 1]
    return "\n" in analysis.document.raw[here.span.end : following.span.start]


def _speaks_before(lexicon: Lexicon, words: Sequence[str], k: int) -> bool:
    """True where the noun at token ``k`` is the subject of a verb of saying, or opens the part that is given to it («أما المحامي …»)."""
    if not k:
        return False
    before = words[k - 1]
    return before in _TURNS or lexicon.is_in("says", before.lstrip("وف") if len(before) > 3 else before)


_TURNS = frozenset("اما بينما فيما لكن".split())
