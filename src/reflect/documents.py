"""Text of diary documents: DOCX, ODT, TXT, Markdown."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from reflect.dates import read_dates
from reflect.errors import ImportFormatError
from reflect.sheets import SheetError, decode

SUFFIXES = (".docx", ".odt", ".txt", ".md", ".markdown")
MAX_UNPACKED = 512 * 2**20
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_LINK = re.compile(r"\[([^\]\n]+)\]\([^)\n]*\)")
_HEADING = re.compile(r"^ {0,3}#{1,6} +(.*?)(?: +#+)?$", re.MULTILINE)
_EMPHASIS = re.compile(r"(?<![\w*\\])(\*{1,3})(?=\S)([^*\n]+?)(?<=[^\s\\])\1(?![\w*])")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~\"'&:$^=@/;,?%])")
_DATE_LINE = re.compile(r"(?:[^\W\d]{2,10}\.?,?\s+)?(?:den\s+)?(.{6,24}?)\s*:?")


def document_text(path: Path) -> str:
    """Text of a document, one line a paragraph; without comments, notes and deleted passages.

    Raises
    ------
    ImportFormatError
        If it cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ImportFormatError(
            f"{path.name}: cannot be read ({error.strerror}). Close it in other programs"
        ) from error
    suffix = path.suffix.lower()
    if suffix in (".docx", ".odt"):
        check_packed(path, data)
        reader = _docx_lines if suffix == ".docx" else _odt_lines
        # The libraries raise whatever their parsers raise on a broken file.
        try:
            return "\n".join(reader(data))
        except Exception as error:
            raise ImportFormatError(
                f"{path.name}: cannot be read. Open it in a word processor and save it again."
            ) from error
    try:
        text, _, _ = decode(data)
    except SheetError as error:
        raise ImportFormatError(f"{path.name}: no text. Save it as text in UTF-8.") from error
    return text if suffix == ".txt" else plain_markdown(text)


def plain_markdown(text: str) -> str:
    """Markdown as plain text: no images, marks of headings and emphasis, escapes.

    >>> plain_markdown(r"# Tag 1\\. **gut** ![](dayone-moment://A1) [hier](https://a.org)")
    'Tag 1. gut  hier'
    """
    text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    text = _HEADING.sub(r"\1", text)
    text = _EMPHASIS.sub(r"\2", text)
    return _ESCAPE.sub(r"\1", text)


def dated_parts(text: str, day_first: bool | None = None) -> list[tuple[int, datetime, str]]:
    """Entries of a document in which each stands under a line that is a date.

    Returns
    -------
    list of (int, datetime, str)
        Line of the date from 1, the date, the text below it. What stands above the first date is
        left out: titles and names.

    >>> [text for _, _, text in dated_parts("Name\\nMontag, 3.3.2025\\nRegen.\\n4.3.2025\\nSonne.")]
    ['Regen.', 'Sonne.']
    """
    lines = text.splitlines()
    candidates = {}
    for number, line in enumerate(lines):
        match = _DATE_LINE.fullmatch(line.strip(" \t#*_"))
        if match and any(letter.isdigit() for letter in match[1]):
            candidates[number] = match[1]
    values = {
        number: value
        for number, value in candidates.items()
        # A bare five-digit number is a date in a spreadsheet, not in a document.
        if not value.isdigit()
    }
    found = zip(values, read_dates(list(values.values()), day_first), strict=True)
    starts = [(number, moment) for number, moment in found if moment is not None]
    bounds = [number for number, _ in starts] + [len(lines)]
    return [
        (number + 1, moment, "\n".join(lines[number + 1 : bounds[place + 1]]))
        for place, (number, moment) in enumerate(starts)
    ]


def check_packed(path: Path, data: bytes) -> None:
    """Refuse a file that is no ZIP-based document, is protected, or unpacks to too much.

    Raises
    ------
    ImportFormatError
        With what to do about it.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ImportFormatError(
            f"{path.name}: protected by a password, or of an Office before 2007. "
            "Save it without password in the present format."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(member.file_size for member in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ImportFormatError(
            f"{path.name}: damaged or of another kind than its ending says. Save it again."
        ) from error
    if size > MAX_UNPACKED:
        raise ImportFormatError(f"{path.name}: unpacks to over 512 MB. Take pictures out of it.")


def _docx_lines(data: bytes) -> Iterator[str]:
    import docx

    body = docx.Document(io.BytesIO(data)).element.body
    # python-docx's own paragraph.text leaves out insertions that were tracked, hence the walk.
    for paragraph in body.iter(f"{_W}p"):
        if next(paragraph.iterancestors(_FALLBACK), None) is None:
            yield "".join(_docx_pieces(paragraph))


def _docx_pieces(paragraph: Any) -> Iterator[str]:
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        # Text boxes hold paragraphs inside paragraphs; a tab in w:tabs is a setting.
        if next(node.iterancestors(f"{_W}p")) is not paragraph:
            continue
        if node.tag == f"{_W}t":
            yield node.text or ""
        elif node.getparent().tag == f"{_W}r":
            yield {f"{_W}tab": "\t", f"{_W}noBreakHyphen": "-"}.get(node.tag, "\n")


def _odt_lines(data: bytes) -> Iterator[str]:
    from odf.opendocument import load

    yield from _odt_paragraphs(load(io.BytesIO(data)).text)


def _odt_paragraphs(node: Any) -> Iterator[str]:
    for child in getattr(node, "childNodes", []):
        name = getattr(child, "tagName", "")
        if name in ("text:p", "text:h"):
            yield "".join(_odt_pieces(child))
        elif name not in ("text:tracked-changes", "office:annotation", "office:forms"):
            yield from _odt_paragraphs(child)


def _odt_pieces(node: Any) -> Iterator[str]:
    for child in node.childNodes:
        name = getattr(child, "tagName", "")
        if child.nodeType == child.TEXT_NODE:
            yield str(child.data)
        elif name == "text:s":
            yield " " * int(child.getAttribute("c") or 1)
        elif name in ("text:tab", "text:line-break"):
            yield "\t" if name == "text:tab" else "\n"
        elif name == "text:p":
            yield "\n" + "".join(_odt_pieces(child))
        elif name not in ("office:annotation", "text:note", "text:ruby-text"):
            yield from _odt_pieces(child)
