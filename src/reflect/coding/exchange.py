"""Codes from tables, into codes.csv, and out as UIMA CAS."""

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
    from reflect.corpus import Corpus

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
    said: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Codes with new ones put in; nothing outside what is said to be replaced goes.

    Parameters
    ----------
    codes, fresh : DataFrame
        Tables of codes.
    coders, entries : iterable of str
        A project of QDA software is all that these coders said about these entries: their
        codes there are replaced, so what they deleted is gone.
    said : DataFrame, optional
        ``coder_id, entry_id, start, end``: sheet and page are all that their coders said about
        these sentences, so their codes on exactly these are replaced.
    """
    fresh = fresh.assign(note=fresh.get("note", ""))
    gone = codes["coder_id"].isin(list(coders)) & codes["entry_id"].isin(list(entries))
    if said is not None:
        place = ["coder_id", "entry_id", "start", "end"]
        places = pd.MultiIndex.from_frame(said[place].drop_duplicates())
        gone |= pd.MultiIndex.from_frame(codes[place]).isin(places)
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
