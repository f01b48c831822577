"""One Markdown document to a self-contained HTML page, a PDF and a Word file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

from reflect.errors import ReportError
from reflect.labels import label

# No Markdown extension that would let diary text become raw HTML, TeX or a link.
MARKDOWN = (
    "markdown-raw_html-raw_tex-tex_math_dollars-autolink_bare_uris"
    "-example_lists-footnotes-inline_notes"
)
# Tables of up to so many signs a row keep their natural column widths.
WRITING = ("--wrap=none", "--columns=130")
# Word processors disagree on natural widths, so there every table has relative ones.
WRITING_WORD = ("--wrap=none", "--columns=20")
# A cell of more signs might not fit on a page, so that its row may be torn.
TALLEST_CELL = 1500
BIBLIOGRAPHY = ".references.bib"
CITATIONS = ("--citeproc", f"--bibliography={BIBLIOGRAPHY}")
# Tags and date in the PDF's metadata would change with the clock.
EPOCH_SECONDS = 0


def render(
    folder: Path, front: str, body: str, *, title: str, subtitle: str, notice: str, language: str
) -> None:
    """Write ``report.html``, ``.pdf`` and ``.docx`` into a folder that holds ``figures/``.

    Parameters
    ----------
    folder : Path
        Figures are read from here by their relative path.
    front, body : str
        Markdown before and after the table of contents.
    notice : str
        A line for the first page that nobody can miss ("synthetic"); may be empty.

    Raises
    ------
    ReportError
        Where pandoc or typst refuses the document.
    """
    metadata = {
        "title": title,
        "subtitle": subtitle,
        "lang": language,
        "notice": notice,
        "toc-title": label(language, "report.contents"),
    }
    with _fixed_clock(), _bibliography(folder):
        _html(folder, front, body, metadata)
        _pdf(folder, front, body, metadata)
        _docx(folder, front, body, metadata)


@contextmanager
def _fixed_clock() -> Iterator[None]:
    """Pandoc stamps Word files with the time of this variable, or else of the clock."""
    name = "SOURCE_DATE_EPOCH"
    before = os.environ.get(name)
    os.environ[name] = str(EPOCH_SECONDS)
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


@contextmanager
def _bibliography(folder: Path) -> Iterator[None]:
    """The sources beside the report: pandoc writes the path it was given into Word files."""
    copy = folder / BIBLIOGRAPHY
    copy.write_bytes(files("reflect").joinpath("data/references.bib").read_bytes())
    try:
        yield
    finally:
        copy.unlink()


def _pandoc(
    source: str, to: str, folder: Path, arguments: list[str], output: Path | None = None
) -> str:
    import pypandoc

    try:
        return pypandoc.convert_text(
            source,
            to,
            format=MARKDOWN,
            extra_args=arguments,
            cworkdir=str(folder),
            outputfile=str(output) if output else None,
        )
    except RuntimeError as fault:
        raise ReportError(
            f"pandoc could not write {to} ({str(fault).splitlines()[-1]}). "
            "Look for broken Markdown in the notebooks"
        ) from None


def _options(metadata: dict[str, str], template: Path) -> list[str]:
    given = [f"--metadata={key}:{value}" for key, value in metadata.items() if value]
    return [
        *given,
        f"--template={template}",
        "--standalone",
        *WRITING,
        *CITATIONS,
    ]


def _html(folder: Path, front: str, body: str, metadata: dict[str, str]) -> None:
    resources = files("reflect").joinpath("data")
    with as_file(resources) as data:
        brief = _pandoc(front, "html5", folder, [*WRITING, "--embed-resources"])
        opening = folder / ".front.html"
        opening.write_text(brief, encoding="utf-8")
        try:
            page = _pandoc(
                body,
                "html5",
                folder,
                [
                    *_options(metadata, data / "report.html"),
                    "--toc",
                    "--toc-depth=2",
                    "--embed-resources",
                    f"--css={data / 'report.css'}",
                    f"--include-before-body={opening.name}",
                ],
            )
        finally:
            opening.unlink()
    (folder / "report.html").write_text(page, encoding="utf-8", newline="\n")


def _pdf(folder: Path, front: str, body: str, metadata: dict[str, str]) -> None:
    import typst

    outline = "```{=typst}\n#contents()\n```"
    markdown = "\n\n".join([front, outline, body])
    rows = (line for line in markdown.splitlines() if line.startswith("|"))
    tall = any(len(cell) > TALLEST_CELL for row in rows for cell in row.split("|"))
    with as_file(files("reflect").joinpath("data")) as data:
        source = _pandoc(
            markdown,
            # Citations as citeproc wrote them, not typst's own.
            "typst-citations",
            folder,
            _options(metadata, data / "report.typ") + ["--variable=tall-rows:true"] * tall,
        )
    path = folder / ".report.typ"
    path.write_text(source, encoding="utf-8")
    try:
        typst.compile(
            str(path),
            output=str(folder / "report.pdf"),
            root=str(folder),
            ignore_system_fonts=True,
            timestamp=EPOCH_SECONDS,
        )
    except RuntimeError as fault:
        raise ReportError(
            f"typst could not write the PDF ({str(fault).splitlines()[0]}). "
            "Look for broken Markdown in the notebooks"
        ) from None
    finally:
        path.unlink()


def _docx(folder: Path, front: str, body: str, metadata: dict[str, str]) -> None:
    from reflect.word_style import write_reference

    notice = f"**{metadata['notice']}**" if metadata["notice"] else ""
    source = "\n\n".join([notice, front, body])
    # Word shows PNG everywhere, SVG only in new versions.
    source = re.sub(r"\]\((figures/[^)]+)\.svg\)", r"](\1.png)", source)
    reference = folder / ".reference.docx"
    write_reference(reference)
    given = [f"--metadata={key}:{metadata[key]}" for key in ("title", "subtitle", "lang")]
    try:
        _pandoc(
            source,
            "docx",
            folder,
            [
                *given,
                f"--reference-doc={reference}",
                "--standalone",
                *WRITING_WORD,
                *CITATIONS,
            ],
            folder / "report.docx",
        )
    finally:
        reference.unlink()
