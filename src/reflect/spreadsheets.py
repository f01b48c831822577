"""Reading spreadsheets: CSV and XLSX, whatever their columns are called."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from reflect.dates import iso_text
from reflect.documents import check_packed
from reflect.errors import ImportFormatError
from reflect.intake import Person
from reflect.layout import bare
from reflect.schemas import ENTRIES, PARTICIPANTS, shown
from reflect.sheets import SheetError, read_sheet

_ALIASES = {
    "participant_id": ("participant", "person", "autor", "author", "teilnehmer", "teilnehmerin"),
    "date": ("datum", "day", "tag", "created", "timestamp", "zeitstempel"),
    "text": ("eintrag", "entry", "content", "inhalt", "tagebuch", "tagebucheintrag", "body"),
    "tandem_id": ("tandem", "pair", "paar", "dyad"),
    "side": ("seite", "rolle", "role", "group", "gruppe"),
    "entry_id": ("entry id", "eintrag id"),
    "language": ("sprache", "lang"),
    "prompt": ("frage", "question", "impuls"),
}


def table_rows(path: Path, sheet: str = "") -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Header and rows of a CSV or XLSX file; the header is the first row with anything in it.

    Parameters
    ----------
    path : Path
        The file.
    sheet : str
        Which sheet of a workbook; needed where several hold something.

    Returns
    -------
    list of str, list of (int, list of str)
        The column names, and the rows as (row number in a spreadsheet, cells). Blank rows are left
        out, short ones filled up; white space around cells is removed, dates are in ISO form.

    Raises
    ------
    ImportFormatError
        If it cannot be read.
    """
    if not path.is_file():
        raise ImportFormatError(f"{path}: no such file. Check the path.")
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        rows = _workbook_rows(path, sheet)
    elif path.suffix.lower() in (".csv", ".tsv", ".txt"):
        rows = _csv_rows(path)
    else:
        raise ImportFormatError(f"{path.name}: neither CSV nor XLSX. Save it as one of the two.")
    rows = [(number, [bare(cell) for cell in cells]) for number, cells in rows if any(cells)]
    rows = [(number, cells) for number, cells in rows if any(cells)]
    if not rows:
        raise ImportFormatError(f"{path.name}: empty. Choose another file or --sheet.")
    header = rows[0][1]
    width = len(header)
    for number, cells in rows[1:]:
        if any(cells[width:]):
            raise ImportFormatError(
                f"{path.name}, row {number}: {len(cells)} cells, but the header has {width}. "
                "Put quotation marks around a cell that holds a separator."
            )
    return header, [(number, (cells + [""] * width)[:width]) for number, cells in rows[1:]]


def _csv_rows(path: Path) -> list[tuple[int, list[str]]]:
    try:
        sheet = read_sheet(path)
    except SheetError as error:
        problems = {
            "binary": "no text file. Save it as CSV",
            "quote": "a quotation mark is not closed. Close it, or export again",
            "empty": "no header. Write the names of the columns into the first row",
        }
        row = f", row {error.row}" if error.row else ""
        raise ImportFormatError(f"{path.name}{row}: {problems[error.kind]}.") from error
    except OSError as error:
        raise ImportFormatError(
            f"{path.name}: cannot be read ({error.strerror}). Close it in other programs."
        ) from error
    return [(1, sheet.header), *sheet.rows]


def _workbook_rows(path: Path, sheet: str) -> list[tuple[int, list[str]]]:
    import openpyxl

    data = path.read_bytes()
    check_packed(path, data)
    # openpyxl raises whatever its parsers raise on a broken file.
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        filled = {
            page.title: [
                (number, [_cell_text(cell) for cell in cells])
                for number, cells in enumerate(page.iter_rows(values_only=True), start=1)
            ]
            for page in book.worksheets
            if not sheet or page.title == sheet
        }
        names = book.sheetnames
        book.close()
    except Exception as error:
        raise ImportFormatError(
            f"{path.name}: cannot be read as a workbook. Save it again as XLSX."
        ) from error
    if sheet and sheet not in filled:
        raise ImportFormatError(
            f"{path.name}: no sheet {sheet!r}. Choose from: {', '.join(names)}."
        )
    pages = {name: rows for name, rows in filled.items() if any(any(cells) for _, cells in rows)}
    if len(pages) > 1:
        raise ImportFormatError(
            f"{path.name}: several sheets hold something. Choose one with --sheet: "
            f"{', '.join(pages)}."
        )
    return next(iter(pages.values()), [])


def _cell_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return iso_text(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    # Excel escapes carriage returns in this way.
    return str(cell).replace("_x000D_", "")


def column_places(
    source: Path, header: list[str], named: dict[str, str], required: Iterable[str]
) -> dict[str, int]:
    """Place of each column of a corpus in the header of an export.

    Parameters
    ----------
    source : Path
        The export, named in messages.
    header : list of str
        Its columns.
    named : dict of str to str
        Column of the export for a column of the corpus; looked for by usual names where empty.
    required : iterable of str
        Columns that must be found.

    Raises
    ------
    ImportFormatError
        If a column is not there.
    """
    lowered = {title.lower().replace("_", " "): place for place, title in enumerate(header)}
    places: dict[str, int] = {}
    for column in dict.fromkeys([*named, *ENTRIES.names, *PARTICIPANTS.names]):
        wanted = named.get(column, "")
        if wanted:
            if wanted not in header:
                listed = ", ".join(filter(None, map(shown, header)))
                raise ImportFormatError(
                    f"{source.name}: no column {wanted!r}. Choose from: {listed}."
                )
            places[column] = header.index(wanted)
            continue
        for name in (column.replace("_", " "), *_ALIASES.get(column, ())):
            if name in lowered and lowered[name] not in places.values():
                places[column] = lowered[name]
                break
    for column in required:
        if column not in places:
            option = column.removesuffix("_id")
            raise ImportFormatError(
                f"{source.name}: no column for {column}. Name it with --{option} COLUMN."
            )
    return places


def read_people(path: str | Path | None) -> list[Person]:
    """People of a table with the columns participant_id, tandem_id, side; none without a table.

    Raises
    ------
    ImportFormatError
        If it cannot be read or lacks one of the columns.
    """
    if path is None:
        return []
    source = Path(path)
    header, rows = table_rows(source, "")
    places = column_places(source, header, {}, required=("participant_id", "tandem_id", "side"))
    cells = [
        (number, {name: row[place] for name, place in places.items() if name in PARTICIPANTS.names})
        for number, row in rows
    ]
    return [Person(source.name, number, row) for number, row in cells if row["participant_id"]]
