"""Diaries and codes from TEI."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from reflect.coding.qda_reader import parse_xml
from reflect.coding.ratings import CODE_COLUMNS
from reflect.errors import ReflectError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_TEI = "{http://www.tei-c.org/ns/1.0}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_BLOCKS = frozenset(("p", "head", "lg", "l", "list", "item", "ab", "opener", "closer", "salute"))


def read_tei(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Diary entries from a TEI file.

    Every ``div`` whose type is entry, else every outermost ``div`` of the body, is an entry:
    its ``xml:id``, ``who`` or ``resp`` (writer), ``xml:lang`` and the ``when`` of its own or its
    first ``date``. ``seg`` and ``span`` with ``ana="#insight"`` become codes of the coder ``tei``
    (or their ``resp``); ``ana="#learning:from_partner"`` gives a direction. Notes and
    deletions are left out.

    Returns
    -------
    DataFrame
        ``entry_id, participant_id, date, text, language``, for `reflect import`.
    DataFrame
        Codes: ``coder_id, entry_id, start, end, marker, direction, note``.

    Raises
    ------
    ReflectError
        If it is no TEI, broken, or an entry lacks its id.
    """
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise ReflectError(f"{path}: cannot be read ({fault.strerror}). Check the path") from None
    root = parse_xml(path, data)
    body = root.find(f".//{_TEI}body")
    if body is None:
        raise ReflectError(f"{path.name}: no TEI text with a body. Export it again as TEI P5")
    parts = [each for each in body.iter(f"{_TEI}div") if each.get("type") == "entry"]
    parts = parts or body.findall(f"{_TEI}div")
    rows, codes = [], []
    for number, part in enumerate(parts, start=1):
        entry_id = part.get(f"{_XML}id", "")
        if not entry_id:
            raise ReflectError(f"{path.name}: entry {number} has no xml:id. Give it one")
        day = next((d.get("when", "") for d in part.iter(f"{_TEI}date")), "")
        text, found = _flowing(part)
        writer = (part.get("who") or part.get("resp") or "").lstrip("#")
        language = (part.get(f"{_XML}lang") or "")[:2]
        rows.append((entry_id, writer, part.get("when") or day, text, language))
        for start, end, node in found:
            for meant in (node.get("ana") or "").split():
                marker, _, way = meant.lstrip("#").partition(":")
                coder = (node.get("resp") or "tei").lstrip("#")
                codes.append((coder, entry_id, start, end, marker, way, ""))
    entries = pd.DataFrame(rows, columns=["entry_id", "participant_id", "date", "text", "language"])
    table = pd.DataFrame(codes, columns=list(CODE_COLUMNS))
    return entries, table.astype({"start": "int64", "end": "int64"})


def _flowing(part: Element) -> tuple[str, list[tuple[int, int, Element]]]:
    """Text of an entry, white space as a reader sees it, and where its marked stretches lie."""
    pieces: list[str] = []
    marked: list[tuple[int, int, Element]] = []
    length = 0

    def add(text: str | None) -> None:
        nonlocal length
        words = " ".join((text or "").split())
        if not text or (not words and (not pieces or pieces[-1][-1:].isspace())):
            return
        lead = " " if text[0].isspace() and pieces and not pieces[-1][-1:].isspace() else ""
        tail = " " if words and text[-1].isspace() else ""
        pieces.append(lead + words + tail)
        length += len(pieces[-1])

    def line() -> None:
        nonlocal length
        if pieces:
            length -= len(pieces[-1]) - len(pieces[-1].rstrip(" "))
            pieces[-1] = pieces[-1].rstrip(" ")
            if pieces[-1][-1:] != "\n":
                pieces.append("\n")
                length += 1

    def walk(node: Element, depth: int = 0) -> None:
        if depth > 200:
            raise ReflectError("the TEI is nested over 200 deep. Simplify it")
        tag = node.tag.removeprefix(_TEI) if isinstance(node.tag, str) else "note"
        if tag in ("note", "del", "teiHeader"):
            return
        if tag in _BLOCKS or tag == "lb":
            line()
        start = length
        add(node.text)
        for child in node:
            walk(child, depth + 1)
            add(child.tail)
        if node.get("ana"):
            whole = "".join(pieces)
            inner = whole[start:length]
            begin = start + len(inner) - len(inner.lstrip())
            end = start + len(inner.rstrip())
            if end > begin:
                marked.append((begin, end, node))
        if tag in _BLOCKS:
            line()

    walk(part)
    return "".join(pieces).rstrip(), marked
