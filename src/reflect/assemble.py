"""From executed notebooks to one Markdown document with its figures and tables."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import Any

import nbformat

from reflect.errors import ReportError
from reflect.exhibit import MIME, escape

# Tags of cells: left out of the report; only its files kept; before the table of contents.
NOTEBOOK_ONLY = "notebook-only"
DATA_ONLY = "data-only"
FRONT = "front"


@dataclass
class Document:
    """Markdown in parts, and the files that it refers to.

    ``front`` goes before the table of contents, ``body`` after it; ``figures`` and
    ``tables`` map file names to their contents, ``captions`` the tables' names to
    their captions; ``facts`` hold what cells tell of how they were run.
    """

    front: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    figures: dict[str, bytes] = field(default_factory=dict)
    tables: dict[str, bytes] = field(default_factory=dict)
    captions: dict[str, str] = field(default_factory=dict)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)


def add_notebook(
    document: Document,
    notebook: nbformat.NotebookNode,
    language: str,
    *,
    deeper: int = 0,
    prefix: str = "",
) -> None:
    """Append what a notebook says and shows; code is left out.

    Parameters
    ----------
    document : Document
        Appended to.
    language : str
        Markdown cells are taken in this language from their metadata
        (``reflect: {de: ...}``) where they have it, else as they stand.
    deeper : int
        Levels by which headings are lowered.
    prefix : str
        Put before the names of figures and tables, so that a notebook that
        is run many times does not overwrite its own files.
    """
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if NOTEBOOK_ONLY in tags:
            continue
        target = document.front if FRONT in tags else document.body
        if DATA_ONLY in tags:
            target = []
        if cell.cell_type == "markdown":
            source = cell.metadata.get("reflect", {}).get(language, cell.source)
            target.append(_lower(source, deeper))
            continue
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if data.get(MIME, {}).get("kind") == "facts":
                document.facts[data[MIME]["name"]] = data[MIME]["values"]
            elif MIME in data:
                target.append(_exhibit(document, data, prefix))
            elif "text/markdown" in data:
                target.append(_lower(_text(data["text/markdown"]), deeper))


def _exhibit(document: Document, data: dict[str, Any], prefix: str) -> str:
    about = data[MIME]
    name = prefix + about["name"]
    if about["kind"] == "figure":
        _keep(document.figures, f"{name}.png", base64.b64decode(_text(data["image/png"])))
        _keep(document.figures, f"{name}.svg", about["svg"].encode("utf-8"))
        alt = about["alt"].replace('"', "'").replace("\n", " ")
        caption = escape(about["caption"])
        return f'![{caption}](figures/{name}.svg){{#fig-{name} alt="{alt}"}}'
    _keep(document.tables, f"{name}.csv", about["csv"].encode("utf-8"))
    document.captions[f"{name}.csv"] = about["caption"]
    return pipe_table(about["columns"], about["rows"], about["numeric"], about["caption"])


def _keep(files: dict[str, bytes], name: str, content: bytes) -> None:
    if name in files:
        raise ReportError(f"{name} is shown twice. Give each figure and table its own name")
    files[name] = content


def pipe_table(columns: list[str], rows: list[list[str]], numeric: list[bool], caption: str) -> str:
    """A pandoc pipe table; relative widths follow the longest cells.

    Examples
    --------
    >>> print(pipe_table(["a", "n"], [["x", "1"]], [False, True], "Two."))
    | a | n |
    |:------|------:|
    | x | 1 |
    <BLANKLINE>
    : Two.
    """
    cells = [[escape(str(cell)).replace("\n", " ") for cell in row] for row in [columns, *rows]]
    # Short columns get a little more than they need, so that no word of theirs breaks.
    widths = [max(6, *(min(len(row[i]) + 3, 48) for row in cells)) for i in range(len(columns))]
    rule = [
        "-" * width + ":" if right else ":" + "-" * width
        for width, right in zip(widths, numeric, strict=True)
    ]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    lines.insert(1, "|" + "|".join(rule) + "|")
    return "\n".join(lines) + f"\n\n: {escape(caption)}"


def _lower(markdown: str, levels: int) -> str:
    """Headings lowered by some levels."""
    return re.sub(r"^(#+ )", "#" * levels + r"\1", markdown, flags=re.MULTILINE)


def _text(part: str | list[str]) -> str:
    return part if isinstance(part, str) else "".join(part)
