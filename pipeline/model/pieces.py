"""Text cut into the word pieces of multilingual-e5-small (SentencePiece's unigram model, as XLM-R has it).

The library ``tokenizers`` does the same, and brings 40 MB with it, most of them to fetch models, none of which is needed here; a test holds
the two together. The file is the one that library writes, so either reads it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

UNKNOWN = 3
"""The piece of what no piece fits; the three before it open, fill and end a text."""
_START = "▁"
_PENALTY = 10.0
"""How much less likely than the rarest piece an unknown letter is."""
_MOST_WORDS = 200_000
"""Words kept with their pieces."""

_SPACES = frozenset("\u1680\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2581\ufeff\ufffd\t\n\x0c\r")
_DROPPED = frozenset(map(chr, (*range(0x01, 0x09), 0x0B, *range(0x0E, 0x20), 0x7F, 0x8F, 0x9F)))
_CHANGED = re.compile(f"[{re.escape(''.join(sorted(_SPACES | _DROPPED)))}]")
_WORD = re.compile(r"\S+")


class Encoding(NamedTuple):
    """The numbers of a text's pieces, and where each ends in the text, in code points."""

    ids: list[int]
    ends: list[int]


class Pieces:
    """The pieces with their log probabilities. The same text gives the same pieces: those that together are most likely."""

    def __init__(self, pieces: Sequence[str], scores: Iterable[float]) -> None:
        scores = tuple(map(float, scores))
        self._vocabulary = list(zip(pieces, scores, strict=True))
        self._known = dict(zip(pieces, enumerate(scores), strict=True))
        # By the first two letters: of those that share them the longest piece stands last.
        self._longest = {piece[:2]: len(piece) for piece in sorted(pieces, key=len)}
        self._unknown = min(scores) - _PENALTY
        self._words: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {}

    @classmethod
    def load(cls, path: Path) -> Pieces:
        """The pieces of a file ``tokenizer.json``."""
        vocabulary = json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"]
        return cls([piece for piece, _ in vocabulary], [score for _, score in vocabulary])

    def save(self, path: Path) -> None:
        """Write a file ``tokenizer.json``."""
        replaced = [(r"[\x{1680}\x{200b}-\x{200f}\x{2028}\x{2029}\x{2581}\x{feff}\x{fffd}\t\n\x0c\r]", " ")]
        replaced += [(r"[\x01-\x08\x0b\x0e-\x1f\x7f\x{8f}\x{9f}]", "")]
        steps: list[dict[str, object]] = [
            {"type": "Replace", "pattern": {"Regex": pattern}, "content": content} for pattern, content in replaced
        ]
        steps += [{"type": "NFKC"}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]
        parts = [
            {"type": "WhitespaceSplit"},
            {"type": "Metaspace", "replacement": _START, "prepend_scheme": "always", "split": True},
        ]
        content: dict[str, object] = {
            "version": "1.0", "truncation": None, "padding": None, "added_tokens": [],
            "normalizer": {"type": "Sequence", "normalizers": steps},
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": parts},
            "post_processor": None, "decoder": None,
            "model": {"type": "Unigram", "unk_id": UNKNOWN, "vocab": self._vocabulary, "byte_fallback": False},
        }  # fmt: skip
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")

    def piece(self, number: int) -> str:
        """The piece of a number; «▁» opens a word."""
        return self._vocabulary[number][0]

    def encode(self, text: str) -> Encoding:
        """The pieces of a text, without opening and end mark."""
        normal, origin = _normal(text)
        ids: list[int] = []
        ends: list[int] = []
        for word in _WORD.finditer(normal):
            found = self._words.get(word[0])
            if found is None:
                if len(self._words) >= _MOST_WORDS:
                    self._words.clear()
                found = self._words[word[0]] = self._cut(word[0])
            ids += found[0]
            start = word.start()
            ends += [start + end for end in found[1]]
        return Encoding(ids, ends if origin is None else [origin[end - 1] for end in ends])

    def _cut(self, word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The most likely pieces of a word, and where each ends in it; neighbouring unknown letters are one."""
        word = _START + word
        size = len(word)
        known, longest = self._known, self._longest
        best = [0.0] + [float("-inf")] * size
        back = [(0, UNKNOWN)] * (size + 1)
        for start in range(size):
            so_far = best[start]
            for end in range(start + 1, min(size, start + longest.get(word[start : start + 2], 1)) + 1):
                if found := known.get(word[start:end]):
                    if so_far + found[1] > best[end]:
                        best[end] = so_far + found[1]
                        back[end] = start, found[0]
                elif end == start + 1 and so_far + self._unknown > best[end]:
                    best[end] = so_far + self._unknown
                    back[end] = start, UNKNOWN
        ids: list[int] = []
        ends: list[int] = []
        at = size
        while at:
            start, number = back[at]
            if not (number == UNKNOWN and ids and ids[-1] == UNKNOWN):
                ids.append(number)
                ends.append(max(at - 1, 1))  # the mark that opens a word is in no text
            at = start
        return tuple(ids[::-1]), tuple(ends[::-1])


def _normal(text: str) -> tuple[str, list[int] | None]:
    """The text as the model was trained on it, and where each of its characters ends in ``text``; None where nothing has moved."""
    if not _CHANGED.search(text) and unicodedata.is_normalized("NFKC", text):
        return text, None
    left = [(" " if letter in _SPACES else letter, at) for at, letter in enumerate(text, 1) if letter not in _DROPPED]
    out: list[str] = []
    ends: list[int] = []
    for first in (n for n, (letter, _) in enumerate(left) if not n or not unicodedata.combining(letter)):
        last = first + 1
        while last < len(left) and unicodedata.combining(left[last][0]):
            last += 1
        letters = unicodedata.normalize("NFKC", "".join(letter for letter, _ in left[first:last]))
        moved = len(letters) != last - first
        out.append(letters)
        ends += [left[last - 1 if moved else first + n][1] for n in range(len(letters))]
    return "".join(out), ends
