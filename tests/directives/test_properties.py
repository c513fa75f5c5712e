"""What holds for any text: no crash, spans inside the source, roles that belong to the record, ids that stay."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline import analyze, lexicon
from pipeline.directives.view import View
from pipeline.pipeline import Decide
from pipeline.types import Span

_FORMS = sorted(lexicon.default().forms)[::7]
_WORDS = st.sampled_from(
    [*_FORMS, *"وزير الصحة المدير العام الولاة رؤساء البلديات على إلى بـ أن ألا لا من ضرورة فتح تسريع عدم قبل 15 جوان قصد مع".split(),
     *"، . : ؛ « » \" ( ) \n - 1. …".split(" ")]
)  # fmt: skip
_TEXTS = st.one_of(st.lists(_WORDS, max_size=40).map(" ".join), st.text(max_size=120))


@given(_TEXTS)
def test_records_hold_for_any_text(text: str) -> None:
    found = analyze(text)
    raw = found.document.raw

    def inside(span: Span) -> bool:
        said = raw[span.start : span.end]
        return 0 <= span.start < span.end <= len(raw) and said == said.strip()

    for directive in found.directives:
        act = directive.act
        mentions = [*([act.issuer] if act.issuer else []), *act.addressees]
        assert all(map(inside, [act.trigger, directive.instruction, *directive.purposes, *(m.span for m in mentions)]))
        assert directive.deadline is None or inside(directive.deadline)
        assert 0.0 <= directive.confidence <= 1.0
        assert not any(
            p.overlaps(directive.instruction) and p.start <= directive.instruction.start for p in directive.purposes
        )
    assert len({d.id for d in found.directives}) == len(found.directives)
    assert all(inside(r.trigger) and r.reason for r in found.rejected)


@given(_TEXTS)
def test_the_same_text_gives_the_same_records(text: str) -> None:
    assert analyze(text, id="a").directives == analyze(text, id="a").directives


def test_who_was_told_may_stand_a_thousand_words_before_a_pronoun() -> None:
    filler = " ".join(["مرت الأيام هادئة في القرية والناس في حقولهم."] * 200)
    found = analyze(
        f"أمر والي بشار، كمال حاجي، المقاولين بفتح الطريق. {filler} وطالبهم الوالي بتنظيف الساحة.", decide=Decide.RULES
    )
    assert found.text(found.directives[0].instruction) == "فتح الطريق"


def test_what_is_left_of_a_conjunction_is_no_verb() -> None:
    view = View(analyze("أمر الوالي بفتح الطريق و تنظيفه."), 0, lexicon.default())
    assert not view.verb_at_word("")
    assert view.verb_at_word("ستفتح")


def test_a_topic_may_be_the_last_word_of_a_text() -> None:
    analyze("وشدد على ضرورة وٓإلٍٍمنأٔجم|وًزٕٕارةّّ ــاٍٍلٌٌطٔاقٕةٌٌ", decide=Decide.RULES)
