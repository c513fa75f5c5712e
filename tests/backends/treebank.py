"""A treebank of our own for the smallest Stanza pipeline there is: sentences composed from a few frames, each word with its part of speech,
governor and relation (Universal Dependencies 2). Enough to learn these frames, and no more.

>>> sentence(FRAMES[0], random.Random(0))[2].split("\\t")[1:4]
['ب', '_', 'ADP']
"""

from __future__ import annotations

import random
from pathlib import Path

WORDS = {
    "ORDER": "أمر طالب كلف وجه ألزم".split(),
    "SAY": "أعلن قال أكد شدد كشف تحدث".split(),
    "WHO": "الوزير الوالي المدير الرئيس الأمين المحافظ القاضي العميد".split(),
    "MASDAR": "فتح تكثيف إصلاح ربط تنظيف توزيع تسليم رفع متابعة تعزيز".split(),
    "WHAT": "الطريق العمل الشبكة البرنامج المشروع المدرسة السوق الماء المستشفى الميناء".split(),
    "HOW": "الجديد الكبير القديم الوطني المحلي".split(),
    "WHERE": "المدينة الولاية القرية البلدية العاصمة".split(),
    "DOES": "يبدأ ينتهي يتقدم يتأخر".split(),
    "WHEN": "اليوم غدا قريبا".split(),
    "DAY": "3 7 12 15 28".split(),
    "MONTH": "جانفي مارس جوان سبتمبر".split(),
    "NAME": "كريم سمير نادية رابح".split(),
    "FAMILY": "زروق سماتي بلعيد حداد".split(),
}
"""Words by class; a word in a frame that is no class stands for itself."""

FRAMES = (
    "ORDER/VERB/0/root WHO/NOUN/1/nsubj +ب/ADP/4/case MASDAR/NOUN/1/obl WHAT/NOUN/4/nmod .",
    "ORDER/VERB/0/root WHO/NOUN/1/nsubj +ب/ADP/4/case MASDAR/NOUN/1/obl WHAT/NOUN/4/nmod +و/CCONJ/8/cc +ب/ADP/8/case MASDAR/NOUN/4/conj WHAT/NOUN/8/nmod .",
    "SAY/VERB/0/root WHO/NOUN/1/nsubj عن/ADP/4/case WHAT/NOUN/1/obl HOW/ADJ/4/amod في/ADP/7/case WHERE/NOUN/1/obl .",
    "+و/CCONJ/2/cc SAY/VERB/0/root WHO/NOUN/2/nsubj إن/SCONJ/6/mark WHAT/NOUN/6/nsubj DOES/VERB/2/ccomp WHEN/ADV/6/advmod .",
    "SAY/VERB/0/root WHO/NOUN/1/nsubj NAME/PROPN/2/appos FAMILY/PROPN/3/flat +،/PUNCT/8/punct على/ADP/8/case ضرورة/NOUN/1/obl MASDAR/NOUN/7/nmod WHAT/NOUN/8/nmod .",
    "ORDER/VERB/0/root WHO/NOUN/1/nsubj WHO/NOUN/1/obj +ب/ADP/5/case MASDAR/NOUN/1/obl WHAT/NOUN/5/nmod قبل/ADP/8/case DAY/NUM/5/nmod MONTH/NOUN/8/flat .",
    "+و/CCONJ/2/cc +ل/ADP/4/case WHAT/NOUN/4/nmod MASDAR/NOUN/0/root HOW/ADJ/4/amod في/ADP/7/case WHERE/NOUN/4/nmod .",
)
"""Words as FORM/POS/GOVERNOR/RELATION; one with a plus is written together with the next."""


def sentence(frame: str, rng: random.Random) -> list[str]:
    """The rows of a sentence in CoNLL-U; the point at the end hangs on the root, and like a comma is glued to what is before it."""
    parts = [part.split("/") for part in frame.split()[:-1]]
    root = next(i for i, part in enumerate(parts, 1) if part[2] == "0")
    rows = []
    for i, (form, pos, head, relation) in enumerate([*parts, [".", "PUNCT", str(root), "punct"]], 1):
        word = rng.choice(WORDS.get(form, [form.lstrip("+")]))
        following = parts[i][0] if i < len(parts) else ""
        glued = (form.startswith("+") and pos != "PUNCT") or i == len(parts) or following == "+،"
        rows.append(f"{i}\t{word}\t_\t{pos}\t_\t_\t{head}\t{relation}\t_\t{'SpaceAfter=No' if glued else '_'}\n")
    return rows


def write(path: Path, size: int = 300) -> Path:
    """``size`` sentences of all frames, always the same ones."""
    rng = random.Random(0)
    made = ["".join(sentence(FRAMES[i % len(FRAMES)], rng)) for i in range(size)]
    rng.shuffle(made)
    path.write_text("\n".join(made) + "\n", encoding="utf-8")
    return path
