"""Whose words count: a public authority that speaks in that role (GUIDELINES, «Whose words count»)."""

from __future__ import annotations

from pipeline.directives.view import COMMAS, View
from pipeline.lexicon import Form, Lexicon
from pipeline.normalize import fold
from pipeline.types import Actor, Analysis, Kind, Mention

_HONORIFICS = frozenset(fold(w) for w in ("السيد", "السيدة", "معالي", "سعادة", "الدكتور", "الدكتورة", "الأستاذ", "الأستاذة", "فخامة", "دولة", "سمو", "اللواء", "الفريق", "العميد", "المهندس", "المهندسة", "البروفيسور", "الشيخ"))
_AUXILIARIES = frozenset({"كما", "قد", "فقد", "وقد", "ثم", "فيما", "بينما", "اذ", "حيث", "حين", "ان", "كان", "كانت"})
_DEMANDING = frozenset({"talaba-iii", "talab-i", "nashada-iii", "mutalab"})


def lacks_authority(analysis: Analysis, lexicon: Lexicon, issuer: Mention | None, name: str | None) -> str:
    """Why the issuer is no public authority; empty where it is one."""
    if issuer is None:
        return "nobody who could have said it is named before"
    actor = next((a for a in analysis.actors if a.id == issuer.actor_id), None)
    if actor is not None and actor.kind is Kind.PERSON and not actor.office:
        return f"«{actor.name}» holds no office that is named"
    said = analysis.text(issuer.span)
    return _private(lexicon, actor.office or actor.name if actor else name or said) or (_private(lexicon, said) if actor and actor.kind is not Kind.PERSON else "")


def _private(lexicon: Lexicon, designation: str) -> str:
    words = [w for w in fold(designation).replace('"', " ").replace("«", " ").replace("»", " ").split() if w.isalnum() or "." in w]
    while words and words[0] in _HONORIFICS:
        words.pop(0)
    bare = [w.removeprefix("ال") for w in words]
    for k in range(1, min(4, len(words)) + 1):
        if _in(lexicon, "authority", words[:k]) or _in(lexicon, "authority", bare[:k]):
            return "" if not _led(lexicon, words, bare) else f"«{designation}» speaks for a private body"
    for k in range(min(3, len(words))):
        if lexicon.is_in("no_authority", words[k]) or lexicon.is_in("no_authority", bare[k]):
            return f"«{designation}» is no public authority («{words[k]}»)"
    return ""


def _in(lexicon: Lexicon, klass: str, words: list[str]) -> bool:
    return tuple(words) in lexicon.phrases[klass].get(words[0], ())


def _led(lexicon: Lexicon, words: list[str], bare: list[str]) -> bool:
    """True for the head of a private body («مدير شركة خاصة»، «رئيس نادي …», «رئيس جمعية …»): the second word decides."""
    return bare[0] in ("مدير", "مديره", "مجلس", "امين", "هييه") and len(words) > 1 and any(
        lexicon.is_in("private_body", w) for pair in zip(words[1:3], bare[1:3], strict=True) for w in pair
    )


def other_subject(view: View, i: int, last: int, form: Form) -> str:
    """Why the word right behind a finite trigger shows a subject without authority («وطالب المضربون بـ»); empty where it does not."""
    if form.klass not in ("perfect", "imperfect", "forms") or form.trigger.duty or form.pronoun or last + 1 >= view.n:
        return ""
    before = view.w[i - 1] if i else "،"
    opens = view.w[i][0] in "وف" or view.is_mark(i - 1) if i else True
    if not (opens or before in _AUXILIARIES) or (form.klass == "forms" and before in COMMAS) or "\u064f" in view.analysis.text(view.tokens[i].span):
        return ""
    j = last + 1
    while j < view.n and (view.is_mark(j) or view.w[j] in _HONORIFICS):
        j += 1
    if j >= view.n:
        return ""
    word = view.w[j]
    bare = word.removeprefix("ال")
    if word.startswith("ال") and word.endswith("ون") and not view.lexicon.is_in("authority_plural", word):
        return f"its subject is «{word}»"
    if form.trigger.id in _DEMANDING and view.lexicon.is_in("crowd_subject", word):
        return f"its subject is «{word}»"
    if view.lexicon.is_in("private_body", bare) and not view.lexicon.is_in("crowd_subject", word):
        return f"its subject is «{word}»"
    return ""
