"""Trains a small Stanza pipeline (tokenize, mwt, pos, depparse) on a CoNLL-U treebank, for use as a backend.

usage: python models/train/stanza_pipeline.py TREEBANK.conllu[.xz] FOLDER [--steps 400]
       taalimat run SOURCE --with stanza=FOLDER

Made for the Arabic part of Parallel Universal Dependencies (UD_Arabic-PUD, 1,000 sentences, CC BY-SA 3.0): what is trained on it carries its
attribution and its licence, and is not part of this project. It writes clitics as words without a space; here they become multi-word
tokens again, and Latin commas Arabic ones. Nine sentences in ten train, the tenth measures. No word vectors: small, and worse than
the pipeline that ``stanza.download("ar")`` fetches. Needs the extra ``stanza``; ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import time
from collections.abc import Iterator
from pathlib import Path

import torch

NAME = "ar_small"
_MARKS = str.maketrans({",": "،", "?": "؟", ";": "؛"})
_LETTER = re.compile(r"[ء-ي]")


def read(path: Path) -> Iterator[list[list[str]]]:
    """The sentences of a treebank, each a list of rows of ten columns."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        sentence: list[list[str]] = []
        for line in lines:
            if line.startswith("#"):
                continue
            if line.strip():
                sentence.append(line.rstrip("\n").split("\t"))
            elif sentence:
                yield sentence
                sentence = []
        if sentence:
            yield sentence


def glued(rows: list[list[str]]) -> tuple[str, list[list[str]]]:
    """The text of a sentence and its rows, with a row more for each run of words written together."""
    text, out, i = "", [], 0
    for row in rows:
        row[1] = row[1].translate(_MARKS)
        row[2] = row[4] = row[5] = "_"  # lemma, own tag and features: asked of nobody, and most of a tagger's time
        row[8], row[9] = "_", "SpaceAfter=No" if "SpaceAfter=No" in row[9] else "_"
    while i < len(rows):
        j = i
        while j + 1 < len(rows) and rows[j][9] != "_" and _LETTER.search(rows[j][1]) and _LETTER.search(rows[j + 1][1]):
            j += 1
        word, after = "".join(row[1] for row in rows[i : j + 1]), rows[j][9]
        if j > i:
            out.append([f"{rows[i][0]}-{rows[j][0]}", word, *"_______", after])
            for row in rows[i : j + 1]:
                row[9] = "_"
        out += rows[i : j + 1]
        text += word + ("" if after != "_" else " ")
        i = j + 1
    return text.strip(), out


def prepare(treebank: Path, folder: Path) -> None:
    """Write training and measuring parts as Stanza wants them: text, character labels, CoNLL-U, expansions."""
    from stanza.utils.datasets import contract_mwt, prepare_tokenizer_data

    sentences = [glued(rows) for rows in read(treebank)]
    for part in ("train", "dev"):
        chosen = [s for i, s in enumerate(sentences) if (i % 10 == 9) == (part == "dev")]
        paragraphs = [" ".join(text for text, _ in chosen[i : i + 4]) for i in range(0, len(chosen), 4)]
        (folder / f"{part}.txt").write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")
        blocks = [f"# text = {text}\n" + "".join("\t".join(row) + "\n" for row in rows) for text, rows in chosen]
        (folder / f"{part}.conllu").write_text("\n".join(blocks) + "\n", encoding="utf-8")
        files = {key: str(folder / f"{part}.{key}") for key in ("txt", "conllu", "labels", "mwt.json", "in.conllu")}
        prepare_tokenizer_data.main([files["txt"], files["conllu"], "-o", files["labels"], "-m", files["mwt.json"]])
        contract_mwt.contract_mwt(files["conllu"], files["in.conllu"])


def train(folder: Path, steps: int, only: list[str]) -> None:
    """Train processors, one after the other; each is kept as ``FOLDER/ar_PROCESSOR.pt``."""
    from stanza.models import mwt_expander, parser, tagger, tokenizer

    def at(name: str) -> str:
        return str(folder / name)

    common = ["--lang", "ar", "--shorthand", NAME, "--save_dir", str(folder), "--cpu"]
    small = "--no_pretrain --char_hidden_dim 30 --char_emb_dim 30 --word_emb_dim 60 --transformed_dim 60 --num_layers 1".split()
    every = ["--max_steps", str(steps), "--eval_interval", str(max(10, steps // 4))]
    trees = ["--train_file", at("train.conllu"), "--eval_file", at("dev.conllu"), *every]
    widths = json.loads((folder / "train.mwt.json").read_text(encoding="utf-8"))
    longest = max(len(" ".join(words)) for (_, words), _ in widths)
    runs = {
        "tokenizer": (tokenizer, ["--txt_file", at("train.txt"), "--label_file", at("train.labels"), "--mwt_json_file", at("dev.mwt.json"),
                                  "--dev_txt_file", at("dev.txt"), "--dev_label_file", at("dev.labels"), "--dev_conll_gold", at("dev.conllu"),
                                  "--steps", str(2 * steps), "--eval_steps", str(steps), "--max_seqlen", "150", "--batch_size", "16", "--save_name", "ar_tokenize.pt"]),
        "mwt": (mwt_expander, ["--train_file", at("train.conllu"), "--eval_file", at("dev.in.conllu"), "--gold_file", at("dev.conllu"),
                               "--num_epoch", "5", "--max_dec_len", str(longest + 3), "--save_name", "ar_mwt.pt"]),
        "tagger": (tagger, [*trees, *small, "--share_hid", "--fix_eval_interval", "--hidden_dim", "80", "--deep_biaff_hidden_dim", "80", "--batch_size", "300", "--save_name", "ar_pos.pt"]),
        "parser": (parser, [*trees, *small, "--hidden_dim", "100", "--deep_biaff_hidden_dim", "80", "--deep_biaff_output_dim", "60",
                            "--batch_size", "300", "--save_name", "ar_depparse.pt", "--no_checkpoint"]),
    }  # fmt: skip
    for name in only or list(runs):
        module, arguments = runs[name]
        began = time.perf_counter()
        module.main([*arguments, *common])
        print(f"{name}: {time.perf_counter() - began:.0f} s")


def measure(folder: Path) -> None:
    """Print how well the whole pipeline reads the text it was not trained on (CoNLL 2018 F1)."""
    from stanza.utils.conll import CoNLL
    from udtools import udeval

    from pipeline.backends.stanza import pipeline

    document = pipeline(folder)((folder / "dev.txt").read_text(encoding="utf-8"))
    CoNLL.write_doc2conll(document, str(folder / "dev.found.conllu"))
    gold, system = (udeval.load_conllu_file(str(folder / name)) for name in ("dev.conllu", "dev.found.conllu"))
    found = udeval.evaluate(gold, system)
    print(
        " ".join(
            f"{name} {100 * found[name].f1:.1f}" for name in ("Tokens", "Sentences", "Words", "UPOS", "UAS", "LAS")
        )
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("treebank", type=Path)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--steps", type=int, default=400)
    arguments.add_argument(
        "--only", nargs="*", default=[], metavar="PROCESSOR", help="tokenizer, mwt, tagger, parser; all by default"
    )
    args = arguments.parse_args()
    torch.set_num_threads(1)  # small matrices: more threads wait for each other
    args.folder.mkdir(parents=True, exist_ok=True)
    prepare(args.treebank, args.folder)
    train(args.folder, args.steps, args.only)
    measure(args.folder)


if __name__ == "__main__":
    main()
