"""Codes and diaries from and to other formats: CSV, TEI, UIMA CAS; and into codes.csv."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from reflect.coding.definitions import known_markers
from reflect.coding.ratings import CODE_COLUMNS
from reflect.errors import MissingExtraError, ReflectError
from reflect.folder import write_file
from reflect.markers.codebook import DIRECTIONS
from reflect.schemas import CODES, resources
from reflect.sheets import sheet_text
from reflect.spreadsheets import table_rows

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from reflect.corpus import Corpus

_TEI = "{http://www.tei-c.org/ns/1.0}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_BLOCKS = frozenset(("p", "head", "lg", "l", "list", "item", "ab", "opener", "closer", "salute"))
_KEY = ["coder_id", "entry_id", "start", "end", "marker", "direction"]


def read_codes(
    path: Path, entries: pd.DataFrame, *, coder: str = "", own: bool = False
) -> pd.DataFrame:
    """Codes from a CSV or XLSX table.

    Parameters
    ----------
    path : Path
        Columns ``entry_id, start, end, marker``; optional ``coder_id, direction, note``.
    entries : DataFrame
        ``entry_id, text``.
    coder : str
        Who coded, where the table does not say.
    own : bool
        Take markers that are no family as one's own.

    Returns
    -------
    DataFrame
        ``coder_id, entry_id, start, end, marker, direction, note``.

    Raises
    ------
    ReflectError
        With every fault: unknown entry, offsets outside the text, unknown marker or direction.
    """
    header, rows = table_rows(path)
    for name in ("entry_id", "start", "end", "marker"):
        if name not in header:
            raise ReflectError(f"{path.name}: no column {name}. Add it")
    lengths = dict(zip(entries["entry_id"], entries["text"].str.len(), strict=True))
    faults, codes = [], []
    for number, cells in rows:
        row = dict(zip(header, cells, strict=True))
        problem = _fault(row, lengths, coder, own)
        if problem:
            faults.append(f"{path.name}, row {number}: {problem}")
        else:
            codes.append(
                (row.get("coder_id") or coder, row["entry_id"], int(row["start"]), int(row["end"]),
                 row["marker"], row.get("direction", ""), row.get("note", ""))
            )  # fmt: skip
    if faults:
        raise ReflectError("\n".join(faults))
    table = pd.DataFrame(codes, columns=list(CODE_COLUMNS))
    return table.astype({"start": "int64", "end": "int64"})


def _fault(row: dict[str, str], lengths: dict[str, int], coder: str, own: bool) -> str:
    if not (row.get("coder_id") or coder):
        return "no coder. Add a column coder_id, or give --coder"
    if row["entry_id"] not in lengths:
        return f"entry {row['entry_id'][:20]!r} is not in the corpus. Correct the id"
    try:
        start, end = int(row["start"]), int(row["end"])
    except ValueError:
        return "start and end are no whole numbers. Correct them"
    if not 0 <= start < end <= lengths[row["entry_id"]]:
        return (
            f"{start} to {end} lies outside the {lengths[row['entry_id']]} characters of the "
            "entry. Correct start and end"
        )
    if not own and row["marker"] not in known_markers():
        return f"unknown marker {row['marker'][:20]!r}. Correct it, or add --own-codes"
    way = row.get("direction", "")
    if not own and way and way not in DIRECTIONS.get(row["marker"], ()):
        return f"unknown direction {way[:20]!r}. Correct it, or leave it blank"
    return ""


def merge_codes(
    codes: pd.DataFrame,
    fresh: pd.DataFrame,
    *,
    coders: Iterable[str] = (),
    entries: Iterable[str] = (),
    spans: bool = False,
) -> pd.DataFrame:
    """Codes with new ones put in; nothing outside what is said to be replaced goes.

    Parameters
    ----------
    codes, fresh : DataFrame
        Tables of codes.
    coders, entries : iterable of str
        A project of QDA software is all that these coders said about these entries: their
        codes there are replaced, so what they deleted is gone.
    spans : bool
        A sheet is all that its coders said about the sentences in it: their codes on
        exactly these are replaced.
    """
    fresh = fresh.assign(note=fresh.get("note", ""))
    gone = codes["coder_id"].isin(list(coders)) & codes["entry_id"].isin(list(entries))
    if spans:
        place = ["coder_id", "entry_id", "start", "end"]
        said = pd.MultiIndex.from_frame(fresh[place].drop_duplicates())
        gone |= pd.MultiIndex.from_frame(codes[place]).isin(said)
    merged = pd.concat([codes[~gone], fresh], ignore_index=True)
    merged = merged.fillna("").drop_duplicates(_KEY, keep="last")
    return merged.sort_values(_KEY, kind="stable", ignore_index=True)


def write_codes(folder: Path, codes: pd.DataFrame) -> Path:
    """Write ``codes.csv`` of a corpus, and name it in its description; each whole or not at all.

    Raises
    ------
    ReflectError
        If the folder cannot be written to.
    """
    optional = [name for name in codes if name not in CODES.required_names]
    names = [*CODES.required_names, *(n for n in optional if (codes[n].astype(str) != "").any())]
    text = sheet_text(names, codes[names].astype(str).to_numpy().tolist())
    path, package = folder / CODES.file, folder / "datapackage.json"
    try:
        write_file(path, text.encode("utf-8", "replace"))
        described = json.loads(package.read_text("utf-8-sig"))
        kept = [each for each in described.get("resources", []) if each.get("path") != CODES.file]
        described["resources"] = [*kept, *resources({"codes": names})]
        made = json.dumps(described, ensure_ascii=False, indent=2) + "\n"
        write_file(package, made.encode("utf-8"))
    except OSError as fault:
        raise ReflectError(
            f"{path}: cannot be written ({fault.strerror}). Check the rights"
        ) from None
    return path


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
    from reflect.coding.qda_reader import parse_xml

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


def write_cas(corpus: Corpus, folder: Path, *, codes: pd.DataFrame | None = None) -> Path:
    """Write one UIMA CAS (XMI) an entry and their type system, for INCEpTION and WebAnno.

    Codes are annotations of the type ``webanno.custom.Marker`` with the features marker, direction,
    coder and note.

    Raises
    ------
    MissingExtraError
        Without the package dkpro-cassis.
    ReflectError
        If the folder cannot be written to.
    """
    try:
        import cassis
    except ImportError:
        raise MissingExtraError("dkpro-cassis", "cas", "UIMA CAS") from None
    codes = corpus.codes if codes is None else codes
    types = cassis.TypeSystem()
    kind = types.create_type("webanno.custom.Marker", "uima.tcas.Annotation")
    names = {"marker": "marker", "direction": "direction", "coder": "coder_id", "note": "note"}
    for name in names:
        types.create_feature(kind, name, "uima.cas.String")
    coded = dict(list(codes.groupby("entry_id", sort=False)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_file(folder / "TypeSystem.xml", types.to_xml().encode("utf-8"))
        for row in corpus.entries.itertuples(index=False):
            cas = cassis.Cas(typesystem=types)
            cas.sofa_string = row.text
            cas.sofa_mime = "text/plain"
            for code in coded.get(row.entry_id, pd.DataFrame()).to_dict("records"):
                given = {name: str(code.get(column, "")) for name, column in names.items()}
                cas.add(kind(begin=code["start"], end=code["end"], **given))
            safe = "".join(
                sign if sign.isalnum() or sign in "-_." else "_" for sign in row.entry_id
            )
            write_file(folder / f"{safe}.xmi", cas.to_xmi().encode("utf-8"))
    except OSError as fault:
        raise ReflectError(
            f"{folder}: cannot be written ({fault.strerror}). Name another"
        ) from None
    return folder
