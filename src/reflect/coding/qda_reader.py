"""REFI-QDA in: projects and codebooks of QDA software, read without trusting them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from reflect.coding.qda import plain
from reflect.coding.qda_names import CODEBOOK, PROJECT, bare, known_names, shown
from reflect.errors import ReflectError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: A project unpacks to at most this; a bomb of a few kilobytes would fill the memory.
LARGEST = 512 * 1024 * 1024
_UNSAFE = re.compile(r"(^[/\\])|(^|[/\\])\.\.([/\\]|$)|^[A-Za-z]:|\x00")


@dataclass(frozen=True)
class QdaProject:
    """A REFI-QDA project as tables.

    Attributes
    ----------
    name, origin : str
        Name of the project, and the program that wrote it.
    codes : DataFrame
        ``guid, name, parent`` (guid or ""), ``description, colour``.
    sources : DataFrame
        ``guid, name, text`` and the variables of the text sources.
    cases : DataFrame
        ``name`` and the variables of the cases that have a name, ``sources`` (guids, joined by
        ``|``).
    codings : DataFrame
        ``coder_id, source`` (guid), ``start, end, code`` (guid), ``note``; offsets into the text.
    annotations : DataFrame
        ``coder_id, source, start, end, note``: selections without a code.
    skipped : dict of str to int
        Pictures, PDFs, sound and film, which are not read.
    users : tuple of str
        Everybody who could have coded.
    """

    name: str
    origin: str
    codes: pd.DataFrame = field(repr=False)
    sources: pd.DataFrame = field(repr=False)
    cases: pd.DataFrame = field(repr=False)
    codings: pd.DataFrame = field(repr=False)
    annotations: pd.DataFrame = field(repr=False)
    skipped: dict[str, int]
    users: tuple[str, ...] = ()


def read_qdpx(path: Path) -> QdaProject:
    """Read a REFI-QDA project.

    Nothing is unpacked to disk; only files inside the project are read.

    Raises
    ------
    ReflectError
        For a file that is no project, is broken or protected, holds a document type (entities
        that grow without end), names that lead out of it, or unpacks to over 512 MB; for
        offsets outside a text, with every fault.
    """
    files = _unpacked(path)
    if "project.qde" not in files:
        raise ReflectError(
            f"{path.name}: holds no project.qde. Export it again as a REFI-QDA project"
        )
    root = parse_xml(path, files["project.qde"])
    if root.tag != f"{{{PROJECT}}}Project":
        raise ReflectError(f"{path.name}: no REFI-QDA project. Export it again as .qdpx")
    users = {
        user.get("guid", ""): user.get("name") or user.get("id") or ""
        for user in _all(root, "Users", "User")
    }
    variables = {
        each.get("guid", ""): each.get("name", "") for each in _all(root, "Variables", "Variable")
    }
    faults: list[str] = []
    texts, selections = [], []
    program = root.get("origin", "").upper()
    for node in _all(root, "Sources", "TextSource"):
        name = node.get("name") or node.get("guid", "")
        text = _source_text(node, files)
        if text is None:
            faults.append(
                f"source {shown(name)}: its text is not in the project. "
                "Export it again with the texts inside"
            )
            continue
        # ATLAS.ti writes two characters as a line end, but counts one.
        text = plain(text) if "ATLAS" in program else text
        source = {"guid": node.get("guid", ""), "name": name, "text": text}
        texts.append(source | _values(node, variables))
        for found in _children(node, "PlainTextSelection"):
            row, fault = _selection(found, node, users, text, "NVIVO" in program)
            selections += row
            faults += [f"source {shown(name)}: {fault}"] if fault else []
    if faults:
        raise ReflectError("\n".join(f"{path.name}: {fault}" for fault in faults))
    table = pd.DataFrame(
        selections, columns=["coder_id", "source", "start", "end", "code", "note"]
    ).astype({"start": "int64", "end": "int64"})
    kinds = ("PictureSource", "PDFSource", "AudioSource", "VideoSource")
    counts = {kind: sum(1 for _ in _all(root, "Sources", kind)) for kind in kinds}
    return QdaProject(
        name=root.get("name", ""),
        origin=root.get("origin", ""),
        codes=_code_table(next(iter(_all(root, "CodeBook", "Codes")), None)),
        sources=_filled(texts, ["guid", "name", "text"]),
        cases=_filled(
            [
                {"name": node.get("name")}
                | _values(node, variables)
                | {
                    "sources": "|".join(
                        r.get("targetGUID", "") for r in _children(node, "SourceRef")
                    )
                }
                for node in _all(root, "Cases", "Case")
                if node.get("name")
            ],
            ["name", "sources"],
        ),
        codings=table[table["code"] != ""].reset_index(drop=True),
        annotations=table[table["code"] == ""].drop(columns="code").reset_index(drop=True),
        skipped={kind: count for kind, count in counts.items() if count},
        users=tuple(sorted({name for name in users.values() if name})),
    )


def read_qdc(path: Path) -> pd.DataFrame:
    """Read a REFI-QDA codebook.

    Returns
    -------
    DataFrame
        ``guid, name, parent, description, colour``, and ``marker, direction`` where the code is
        one of ours, "" where not.

    Raises
    ------
    ReflectError
        For a file that is no codebook, or broken.
    """
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise ReflectError(f"{path}: cannot be read ({fault.strerror}). Check the path") from None
    root = parse_xml(path, data)
    if root.tag not in (f"{{{CODEBOOK}}}CodeBook", f"{{{PROJECT}}}CodeBook"):
        raise ReflectError(f"{path.name}: no REFI-QDA codebook. Export it again as .qdc")
    table = _code_table(next(iter(_children(root, "Codes")), None))
    known = known_names()
    meant = [
        known.get(bare(row.guid)) or known.get(row.name.strip().lower()) or ("", "")
        for row in table.itertuples(index=False)
    ]
    return table.assign(marker=[pair[0] for pair in meant], direction=[pair[1] for pair in meant])


def _selection(
    node: Element, source: Element, users: dict[str, str], text: str, wide: bool
) -> tuple[list[tuple], str]:
    try:
        start, end = int(node.get("startPosition", "")), int(node.get("endPosition", ""))
    except ValueError:
        return [], "a selection has no positions. Export it again"
    if wide:
        start, end = _narrow(text, start), _narrow(text, end)
    if not 0 <= start < end <= len(text):
        return [], (
            f"selection {start} to {end} lies outside the text of {len(text)} characters. "
            "Export it again, or correct the selection"
        )
    note = " ".join(part.text.strip() for part in _children(node, "Description") if part.text)
    maker = node.get("creatingUser") or node.get("modifyingUser") or ""
    rows = []
    for coding in _children(node, "Coding"):
        target = next((ref.get("targetGUID", "") for ref in _children(coding, "CodeRef")), "")
        who = users.get(coding.get("creatingUser") or maker) or "unknown"
        rows.append((who, source.get("guid", ""), start, end, target, note))
    return rows or [
        (users.get(maker) or "unknown", source.get("guid", ""), start, end, "", note)
    ], ""


def _narrow(text: str, offset: int) -> int:
    """NVivo counts an emoji as two characters, as UTF-16 does."""
    if offset <= 0 or text.isascii():
        return offset
    before = text.encode("utf-16-le", "replace")[: 2 * offset].decode("utf-16-le", "ignore")
    return len(before) if 2 * offset <= len(text.encode("utf-16-le", "replace")) else offset


def _source_text(node: Element, files: dict[str, bytes]) -> str | None:
    for content in _children(node, "PlainTextContent"):
        return content.text or ""
    place = node.get("plainTextPath", "")
    if not place.startswith("internal://"):
        return None
    wanted = place.removeprefix("internal://").lstrip("/").lower()
    data = files.get(f"sources/{wanted}", files.get(wanted))
    try:
        return None if data is None else data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _values(node: Element, variables: dict[str, str]) -> dict[str, str]:
    found = {}
    for value in _children(node, "VariableValue"):
        parts = {child.tag.rpartition("}")[2]: child for child in value}
        target = parts["VariableRef"].get("targetGUID", "") if "VariableRef" in parts else ""
        name = variables.get(target)
        text = next((c.text or "" for tag, c in parts.items() if tag.endswith("Value")), "")
        if name and name not in ("guid", "name", "text", "sources"):
            found[name] = text
    return found


def _code_table(codes: Element | None) -> pd.DataFrame:
    rows = []
    # A list, not recursion: a hostile codebook may be nested without end.
    waiting = [(node, "") for node in _children(codes, "Code")] if codes is not None else []
    while waiting:
        node, parent = waiting.pop(0)
        text = next((part.text or "" for part in _children(node, "Description")), "")
        mine = node.get("guid", "")
        rows.append((mine, node.get("name", ""), parent, text, node.get("color", "")))
        waiting += [(child, mine) for child in _children(node, "Code")]
    return pd.DataFrame(rows, columns=["guid", "name", "parent", "description", "colour"])


def _filled(rows: list[dict], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows).fillna("") if rows else pd.DataFrame(columns=columns, dtype="str")


def _unpacked(path: Path) -> dict[str, bytes]:
    try:
        data = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = [member for member in packed.infolist() if not member.is_dir()]
            for member in members:
                if _UNSAFE.search(member.filename):
                    raise ReflectError(
                        f"{path.name}: holds a file whose name leads out of the project. "
                        "Do not open it; ask where it comes from"
                    )
                if member.flag_bits & 1:
                    raise ReflectError(
                        f"{path.name}: protected by a password. Export it without one"
                    )
            if sum(member.file_size for member in members) > LARGEST:
                raise ReflectError(
                    f"{path.name}: unpacks to over 512 MB. Export it without sound and film"
                )
            wanted = [m for m in members if m.filename.lower().endswith((".qde", ".txt"))]
            return {
                member.filename.replace("\\", "/").lower(): packed.read(member) for member in wanted
            }
    except OSError as fault:
        raise ReflectError(f"{path}: cannot be read ({fault.strerror}). Check the path") from None
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as fault:
        raise ReflectError(f"{path.name}: damaged, or no .qdpx. Export it again") from fault
    except Exception as fault:
        # zlib and others raise their own errors on damaged data.
        if isinstance(fault, ReflectError | MemoryError):
            raise
        raise ReflectError(f"{path.name}: damaged. Export it again") from fault


def parse_xml(path: Path, data: bytes) -> Element:
    """Root of an XML file that somebody else wrote.

    Raises
    ------
    ReflectError
        For broken XML, and for a document type: by it, entities grow without end or read files.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        return fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise ReflectError(
            f"{path.name}: holds a document type, which such files do not need. "
            "Ask where it comes from, or export it without"
        ) from None
    except ParseError as fault:
        line, column = fault.position
        raise ReflectError(
            f"{path.name}: broken XML at line {line}, character {column}. Export it again"
        ) from None
    except (ValueError, LookupError) as fault:
        raise ReflectError(f"{path.name}: broken XML. Export it again") from fault


def _children(node: Element | None, tag: str) -> Iterator[Element]:
    for child in () if node is None else node:
        if isinstance(child.tag, str) and child.tag.rpartition("}")[2] == tag:
            yield child


def _all(root: Element, group: str, tag: str) -> Iterator[Element]:
    for holder in _children(root, group):
        yield from _children(holder, tag)
