"""CSV files outside a corpus: entries to annotate, codes to score, results to write."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from reflect.errors import ReflectError
from reflect.folder import write_file
from reflect.markers.codebook import FAMILIES
from reflect.sheets import SheetError, read_sheet


def read_entries(path: Path) -> pd.DataFrame:
    """Entries from a CSV file of any encoding and separator that spreadsheets write.

    Parameters
    ----------
    path : Path
        With columns ``entry_id, text`` and any others.

    Returns
    -------
    DataFrame
        All columns as text; blank rows are left out. The text is as in the file, so
        that offsets mean the same.

    Raises
    ------
    ReflectError
        For a file that is missing or no table, a missing column, a row with too many
        or too few cells, or an entry_id that is empty or comes twice.
    """
    table, rows = _read(path, ("entry_id", "text"))
    seen: dict[str, int] = {}
    for name, row in zip(table["entry_id"], rows, strict=True):
        if name in seen:
            raise ReflectError(
                f"{path}, row {row}, column entry_id: {name!r} stands in row {seen[name]} "
                "already. Give each entry its own id"
            )
        seen[name] = row
    return table


def read_codes(path: Path) -> pd.DataFrame:
    """Codes of sentences or entries from a CSV file, people's or a program's.

    Parameters
    ----------
    path : Path
        With columns ``entry_id, marker``, optional ``direction, gate, start, end`` and any others.

    Returns
    -------
    DataFrame
        All columns as text but ``start, end``, which are whole numbers.

    Raises
    ------
    ReflectError
        As for `read_entries` (ids may repeat), for an unknown marker, and for offsets that are
        no span.
    """
    table, rows = _read(path, ("entry_id", "marker"))
    for marker, row in zip(table["marker"], rows, strict=True):
        if marker not in FAMILIES:
            raise ReflectError(
                f"{path}, row {row}, column marker: unknown. Use one of {', '.join(FAMILIES)}"
            )
    if {"start", "end"} <= set(table.columns):
        spans = table[["start", "end"]].apply(pd.to_numeric, errors="coerce")
        good = spans.notna().all(axis=1) & (spans["start"] >= 0) & (spans["start"] < spans["end"])
        good &= (spans % 1 == 0).all(axis=1)
        if not good.all():
            row = rows[int((~good).to_numpy().argmax())]
            raise ReflectError(
                f"{path}, row {row}: start and end are no span. Give two whole numbers from 0, "
                "the smaller first, or leave both columns out"
            )
        table[["start", "end"]] = spans.astype("int64")
    return table


def _read(path: Path, needed: tuple[str, ...]) -> tuple[pd.DataFrame, list[int]]:
    """A table as text, and the rows as a spreadsheet counts them; every row has an entry_id."""
    try:
        sheet = read_sheet(path)
    except OSError:
        raise ReflectError(f"{path}: cannot be read. Check the name and the rights") from None
    except SheetError as fault:
        place = f", row {fault.row}" if fault.row else ""
        raise ReflectError(
            f"{path}{place}: not a CSV table ({fault.kind}). Save it as CSV UTF-8"
        ) from None
    header = [name.strip() for name in sheet.header]
    for column in needed:
        if header.count(column) != 1:
            found = "missing" if column not in header else "there twice"
            raise ReflectError(
                f"{path}, row 1: column {column} is {found}. Name one column {column}"
            )
    key = header.index("entry_id")
    rows, numbers = [], []
    for number, cells in sheet.rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise ReflectError(
                f"{path}, row {number}: {len(cells)} cells under {len(header)} columns. "
                "Put quotation marks around texts that hold a separator"
            )
        name = cells[key].strip()
        if not name:
            raise ReflectError(f"{path}, row {number}, column entry_id: empty. Give it an id")
        rows.append([*cells[:key], name, *cells[key + 1 :]])
        numbers.append(number)
    return pd.DataFrame(rows, columns=header, dtype="str"), numbers


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a CSV file whole or not at all.

    Raises
    ------
    ReflectError
        Where the place cannot be written to.
    """
    data = table.to_csv(index=False, lineterminator="\n").encode("utf-8")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, data)
    except OSError as fault:
        raise ReflectError(f"{path}: cannot be written ({fault.strerror}). Name another") from None
