"""Pages of the site that are made from the code and the lexicon, and links that lead out of docs/.

Run by mkdocs (``hooks`` in mkdocs.yml): commands from the command line, the lexicon from its TOML files, contributing and changes from the
files at the root. A link to a file that is not on the site becomes its path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from mkdocs.structure.files import File

ROOT = Path(__file__).parents[2]
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|#|mailto:)([^)#\s]+)(#[^)\s]*)?\)")


def on_files(files: Any, config: Any) -> Any:
    """Add the generated pages."""
    made = {
        "reference/commands.md": "\n".join(commands()),
        "reference/lexicon.md": "\n".join(lexicon()),
        "contributing.md": (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"),
        "changes.md": (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
    }
    for name, content in made.items():
        files.append(File.generated(config, name, content=content))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Links to what is not on the site become plain paths."""
    folder = Path(page.file.src_uri).parent

    def resolved(match: re.Match[str]) -> str:
        text, target, anchor = match[1], match[2], match[3] or ""
        path = _normal(folder / target)
        if target.startswith("docs/"):  # of the files at the root
            path, target = (
                target.removeprefix("docs/"),
                "/".join([*[".."] * len(folder.parts), target.removeprefix("docs/")]),
            )
        if files.get_file_from_path(path):
            return f"[{text}]({target}{anchor})"
        return text if text.strip("`") == Path(target).name else f"{text} (`{path}`)"

    return _LINK.sub(resolved, markdown)


def _normal(path: Path) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def commands() -> Iterator[str]:
    """The reference of the command line: every command with its arguments and options."""
    from pipeline.cli import app

    yield "# Commands\n\n`python -m pipeline` is the same command, where `taalimat` is not on the path.\n"
    yield from _command("taalimat", typer.main.get_command(app), 2)


def _command(name: str, command: Any, level: int) -> Iterator[str]:
    subcommands = getattr(command, "commands", {})
    if name != "taalimat":
        arguments = " ".join(
            f"{p.metavar or p.name.upper()}" for p in command.params if p.param_type_name == "argument"
        )
        yield f"{'#' * level} `{name}{' ' if arguments else ''}{arguments}`\n\n{command.help or ''}\n"
    rows = [p for p in command.params if p.name != "help"]
    if rows:
        yield "| | meaning | by default |\n|---|---|---|"
        for p in rows:
            title = (
                ", ".join(f"`{o}`" for o in [*p.opts, *p.secondary_opts])
                if p.param_type_name == "option"
                else f"`{p.metavar or p.name.upper()}`"
            )
            values = [
                str(getattr(v, "value", v)) for v in getattr(getattr(p, "_bare_type", None), "__members__", {}).values()
            ]
            listed = " One of " + ", ".join(f"`{value}`" for value in values) + "." if values else ""
            default = (
                ""
                if p.default in (None, False, (), "") or callable(p.default) or p.required
                else f"`{getattr(p.default, 'value', p.default)}`"
            )
            yield f"| {title} | {(getattr(p, 'help', '') or '').replace('|', chr(92) + '|')}{listed} | {default} |"
        yield ""
    for sub, below in sorted(subcommands.items()):
        yield from _command(f"{name} {sub}", below, level + (name != "taalimat"))


def lexicon() -> Iterator[str]:
    """The reference of the lexicon: its README, and each entry with its example."""
    from pipeline.lexicon import default

    yield (ROOT / "models" / "lexicon" / "README.md").read_text(encoding="utf-8")
    yield "\n## Entries\n\n| id | lemma | force | frames | example |\n|---|---|---|---|---|"
    for t in default().triggers:
        example = t.examples[0].text.replace("|", "/") if t.examples else ""
        yield f"| `{t.id}` | {t.lemma} | {t.force.value} | {' '.join(sorted(f'`{f}`' for f in t.frames))} | {example} |"
