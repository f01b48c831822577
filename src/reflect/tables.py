"""CSV files outside a corpus: entries to annotate, results to write."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from reflect.errors import ReflectError
from reflect.folder import write_file
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
    for column in ("entry_id", "text"):
        if header.count(column) != 1:
            found = "missing" if column not in header else "there twice"
            raise ReflectError(
                f"{path}, row 1: column {column} is {found}. Name one column {column}"
            )
    key = header.index("entry_id")
    rows, seen = [], {}
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
        if name in seen:
            raise ReflectError(
                f"{path}, row {number}, column entry_id: {name!r} stands in row {seen[name]} "
                "already. Give each entry its own id"
            )
        seen[name] = number
        rows.append([*cells[:key], name, *cells[key + 1 :]])
    return pd.DataFrame(rows, columns=header, dtype="str")


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
