"""Write ``models/lexicon/nouns.txt``: the folded words that stand behind the article in our composed statements.

    python models/train/nouns.py

By them search tells a clitic from a letter of the word: «بالوعة» is no ب + ال + وعة, because somebody wrote «البالوعة».
"""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.corpus import default_folder, load
from pipeline.normalize import fold
from pipeline.search.words import article_words, split

OUT = Path(__file__).parents[1] / "lexicon" / "nouns.txt"


def main() -> None:
    words = {word for statement in load(default_folder()).statements for word in split(fold(statement.text))}
    nouns = sorted(word for word in article_words(words) if re.fullmatch("[ء-ي]+", word))
    OUT.write_text("\n".join(nouns) + "\n", encoding="utf-8")
    print(f"{OUT.name}: {len(nouns):,} words")


if __name__ == "__main__":
    main()
