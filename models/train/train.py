"""Trains the tagger's upper layers on gold statements. recipe.py is the command."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from encoder import Encoder
from network import TaggerNetwork
from torch import Tensor, nn

from data import IGNORED, Example, TriggerExample, examples
from pipeline.model import e5
from pipeline.model.e5 import BOS, EOS
from pipeline.model.features import COUNT, FORMS, INDEX
from pipeline.model.labels import LAYERS, SKIPS, TEXT, TRIGGER_LABELS
from pipeline.model.pieces import Pieces
from pipeline.model.windows import Window, around
from pipeline.types import Analysis, Span

NT, NL = len(TRIGGER_LABELS), len(LAYERS)
OWN = slice(INDEX["own B instruction"], COUNT)


@dataclass(frozen=True, slots=True)
class Settings:
    """Of one training run. The shares say what is hidden from the network at random, so that it does not lean on it alone."""

    epochs: int = 5
    lr: float = 1.5e-4
    budget: int = 2048
    """Pieces a batch."""
    refused: float = 0.15
    """Share of the false triggers that the rules refuse themselves, an epoch."""
    empty: float = 0.5
    """Share of the documents without directive whose words are read, an epoch."""
    blind: float = 0.35
    """Share of trigger readings without what the rules made of the trigger."""
    missed: float = 0.15
    """Share of single finds of the rules left out."""
    forms: float = 0.3
    """Share of words whose entries in the lexicon are hidden."""
    lost: float = 0.1
    """Share of pieces without hidden state."""
    masked: float = 0.2
    """Share of triggers without hidden state: what is around them must tell."""
    seed: int = 0


@dataclass(slots=True)
class Row:
    """One reading: a window for the text pass, or a trigger in it."""

    example: Example
    window: Window
    hidden: Tensor
    """Of the window's pieces, (pieces, hidden), bf16."""
    trigger: TriggerExample | None = None
    silver: bool = False

    @property
    def bounds(self) -> tuple[int, int]:
        if self.trigger is None:
            return self.window.start, self.window.end
        return around(self.window, self.example.encoded.first[self.trigger.first])


def last_piece(e: Example, token: int) -> int:
    """Last piece of a token."""
    following = e.encoded.first[token + 1] if token + 1 < len(e.encoded.first) else len(e.encoded.ids)
    return max(e.encoded.first[token], following - 1)


def rows(net: TaggerNetwork, data: Iterable[Example]) -> list[Row]:
    """All readings of the examples, with the hidden states of the frozen layers."""
    out: list[Row] = []
    device = net.head.weight.device
    net.eval()
    with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
        for e in data:
            for w in e.windows:
                ids = torch.tensor([[BOS, *e.encoded.ids[w.start : w.end], EOS]], device=device)
                hidden = net.lower(ids)[0, 1:-1].to("cpu", torch.bfloat16)
                out.append(Row(e, w, hidden))
                out += [
                    Row(e, w, hidden, t) for t in e.triggers if w.core_start <= e.encoded.first[t.first] < w.core_end
                ]
    return out


def drawn(all_rows: list[Row], s: Settings, rng: random.Random) -> list[Row]:
    """The readings of one epoch."""
    out = []
    for row in all_rows:
        t = row.trigger
        if t is None:
            keep = any(x.valid for x in row.example.triggers) or rng.random() < s.empty
        else:
            keep = t.valid or t.proposed or rng.random() < s.refused
        if keep:
            out.append(row)
    return out


def batches(chosen: list[Row], budget: int, rng: random.Random) -> list[list[Row]]:
    """Readings of one pass and of like length together, in random order."""
    out: list[list[Row]] = []
    for part in ([r for r in chosen if r.trigger is None], [r for r in chosen if r.trigger is not None]):
        size = 0
        for row in sorted(part, key=lambda r: r.bounds[1] - r.bounds[0] + rng.random() * 24):
            n = row.bounds[1] - row.bounds[0]
            if not size or n * (size + 1) > budget:
                out.append([])
                size = 0
            out[-1].append(row)
            size += 1
    rng.shuffle(out)
    return out


def inputs(batch: list[Row], s: Settings, rng: random.Random) -> tuple[Tensor, Tensor, Tensor]:
    """Hidden states, features and mask of a batch, with what is hidden at random."""
    length = max(b - a for a, b in (r.bounds for r in batch))
    hidden = torch.zeros(len(batch), length, batch[0].hidden.shape[1])
    features = np.zeros((len(batch), length, COUNT), np.float32)
    mask = np.zeros((len(batch), length), np.float32)
    for k, r in enumerate(batch):
        a, b = r.bounds
        e, n = r.example, b - a
        mask[k, :n] = 1
        hidden[k, :n] = r.hidden[a - r.window.start : b - r.window.start]
        covered = [r.trigger] if r.trigger else [t for t in e.triggers if t.valid]
        if r.trigger is None:
            features[k, :n] = e.features.text[a:b]
        else:
            t = r.trigger
            first, last = e.encoded.first[t.first], last_piece(e, t.last)
            blind = rng.random() < s.blind

            def keep(_: Span, blind: bool = blind) -> bool:
                return not blind and rng.random() >= s.missed

            features[k, :n] = e.features.of(t.span, first, last, a, b, keep)
        hide = np.array([rng.random() < s.forms for _ in range(n)])
        features[k, :n, FORMS][hide] = 0
        gone = torch.tensor([rng.random() < s.lost for _ in range(n)])
        for t in covered:
            first, last = e.encoded.first[t.first], last_piece(e, t.last)
            if a <= first < b and rng.random() < s.masked:
                gone[first - a : last + 1 - a] = True
                features[k, first - a : last + 1 - a, FORMS] = 0
        hidden[k, :n][gone] = 0
    return hidden, torch.from_numpy(features), torch.from_numpy(mask)


def text_loss(logits: Tensor, batch: list[Row]) -> Tensor:
    """Of the text pass."""
    labels = np.full((2, *logits.shape[:2]), IGNORED, np.int64)
    for k, r in enumerate(batch):
        e, w = r.example, r.window
        for i, at in enumerate(e.encoded.first):
            if w.core_start <= at < w.core_end:
                labels[0, k, at - w.start], labels[1, k, at - w.start] = e.trigger[i], e.skip[i]
    flat, gold = logits.flatten(0, 1), torch.from_numpy(labels).flatten(1)
    loss = F.cross_entropy(flat[:, :NT], gold[0], ignore_index=IGNORED)
    if (gold[1] != IGNORED).any():
        loss = loss + 0.2 * F.cross_entropy(flat[:, NT:TEXT], gold[1], ignore_index=IGNORED)
    return loss


def trigger_loss(logits: Tensor, batch: list[Row]) -> Tensor:
    """Of the trigger pass."""
    tags = np.full((len(batch), NL, logits.shape[1]), IGNORED, np.int64)
    skips = np.full((len(batch), logits.shape[1]), IGNORED, np.int64)
    places = []
    for k, r in enumerate(batch):
        e, t = r.example, r.trigger
        assert t is not None
        a, b = r.bounds
        places.append(e.encoded.first[t.first] - a)
        for i, at in enumerate(e.encoded.first):
            if a <= at < b:
                tags[k, :, at - a] = [layer[i] for layer in t.tags]
                skips[k, at - a] = t.skips[i]
    own = logits[..., TEXT:]
    loss = torch.zeros(())
    for n in range(NL):
        flat = own[..., 3 * n : 3 * n + 3].flatten(0, 1)
        loss = loss + F.cross_entropy(flat, torch.from_numpy(tags[:, n]).flatten(), ignore_index=IGNORED)
    skip = torch.from_numpy(skips).flatten()
    if (skip != IGNORED).any():
        flat = own[..., 3 * NL : 3 * NL + SKIPS].flatten(0, 1)
        loss = loss + 0.2 * F.cross_entropy(flat, skip, ignore_index=IGNORED)
    flags = own[torch.arange(len(batch)), torch.tensor(places)][:, -2:]
    valid = torch.tensor([float(r.trigger.valid) for r in batch if r.trigger])
    recalled = torch.tensor([float(r.trigger.recalled) for r in batch if r.trigger])
    loss = loss + 0.4 * F.binary_cross_entropy_with_logits(flags[:, 0], valid)
    return loss + 0.2 * F.binary_cross_entropy_with_logits(flags[:, 1], recalled, weight=valid)


def train(net: TaggerNetwork, all_rows: list[Row], s: Settings, out: Path) -> None:
    """Trains in place, and writes ``out`` after each epoch."""
    rng, device = random.Random(s.seed), net.head.weight.device
    heads = [*net.features.parameters(), *net.head.parameters()]
    for p in net.encoder.parameters():
        p.requires_grad = False  # trained, they learn the words of the few triggers by heart
    body = [p for layer in net.encoder.layers[net.split :] for p in layer.parameters()]
    for p in body:
        p.requires_grad = True
    optimizer = torch.optim.AdamW([{"params": body, "lr": s.lr}, {"params": heads, "lr": s.lr * 10}], weight_decay=0.01)
    steps = s.epochs * len(batches(drawn(all_rows, s, random.Random(0)), s.budget, random.Random(0)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda k: min(1.0, (k + 1) / (0.1 * steps)) * max(0.02, (steps - k) / steps)
    )
    for epoch in range(s.epochs):
        net.train()
        start, sums, counts = time.time(), np.zeros(2), np.zeros(2, int)
        for batch in batches(drawn(all_rows, s, rng), s.budget, rng):
            tensors = [x.to(device) for x in inputs(batch, s, rng)]
            with torch.autocast(device.type, torch.bfloat16):
                logits = net.upper(*tensors)
            logits, is_text = logits.float().cpu(), batch[0].trigger is None
            loss = text_loss(logits, batch) if is_text else trigger_loss(logits, batch)
            loss.backward()
            nn.utils.clip_grad_norm_([*body, *heads], 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            sums[int(not is_text)] += loss.item()
            counts[int(not is_text)] += 1
            if epoch == 0 and counts.sum() in (20, 100):
                print(f"  batch {counts.sum()}: {time.time() - start:.0f} s", flush=True)
        text, trigger = sums / np.maximum(counts, 1)
        print(
            f"epoch {epoch + 1}: text {text:.4f} trigger {trigger:.4f}, {counts.sum()} batches, {time.time() - start:.0f} s",
            flush=True,
        )
        torch.save(net.state_dict(), out)


def train_tagger(golds: Sequence[Analysis], build: Path, s: Settings, layers: int = 6) -> None:
    """Train on ``golds`` and write ``tagger.pt`` and ``tokenizer.json`` into ``build``; on a GPU where there is one, else on one core."""
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    torch.manual_seed(s.seed)
    started = time.time()
    weights = e5.read().pruned((g.document.raw for g in golds), layers, latin=0)
    pieces = Pieces(weights.pieces, weights.scores)
    build.mkdir(parents=True, exist_ok=True)
    pieces.save(build / "tokenizer.json")
    data = examples(golds, pieces)
    net = TaggerNetwork(Encoder.of(weights)).to("cuda" if torch.cuda.is_available() else "cpu")
    all_rows = rows(net, data)
    triggers = [t for e in data for t in e.triggers]
    print(
        f"{len(data)} documents, {sum(len(e.encoded.ids) for e in data)} pieces of {len(weights.pieces)} kinds; {sum(t.valid for t in triggers)} triggers, "
        f"{sum(not t.valid and t.proposed for t in triggers)} false ones that the rules propose and {sum(not t.valid and not t.proposed for t in triggers)} that they refuse; "
        f"{sum(e.lost for e in data)} spans outside sentences; {time.time() - started:.0f} s",
        flush=True,
    )
    train(net, all_rows, s, build / "tagger.pt")
