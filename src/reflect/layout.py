"""From a CSV file to a table of cells, with the faults that lie in its layout."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from reflect.schemas import Fault, Table
from reflect.sheets import SEPARATORS, Sheet, SheetError, read_sheet

ENCODINGS = {
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252 (Latin-1)",
    "mac_roman": "Mac Roman",
}
INVISIBLE = "\u200b\u200e\u200f\ufeff"
# A column under one of these names holds what no corpus may hold.
_IDENTIFYING = frozenset(
    [
        *(
            "name",
            "names",
            "first_name",
            "last_name",
            "full_name",
            "vorname",
            "nachname",
            "surname",
        ),
        *("email", "e_mail", "mail", "phone", "telefon", "telephone", "mobile", "handy"),
        *("address", "adresse", "street", "strasse", "straße"),
        *("birthday", "birthdate", "date_of_birth", "geburtstag", "geburtsdatum"),
    ]
)
_OTHER_NAMES = {
    "participant_id": ("person", "participant", "autor", "author", "teilnehmer", "id"),
    "tandem_id": ("tandem", "pair", "paar", "dyad"),
    "side": ("seite", "rolle", "role", "group", "gruppe"),
    "entry_id": ("entry", "eintrag_id", "id", "nr"),
    "date": ("datum", "day", "tag"),
    "text": ("eintrag", "entry", "content", "inhalt", "tagebuch", "diary"),
    "kind": ("art", "type", "typ"),
}


@dataclass(frozen=True)
class Layout:
    """A table as cells: `frame` (all strings, index = spreadsheet row) and what was wrong.

    `frame` is None where the file cannot be read. Rows whose cells do not fit the header are left
    out of `frame`; their first cells stay in `slipped` so that nothing else is blamed for them.
    """

    frame: pd.DataFrame | None
    faults: list[Fault]
    slipped: frozenset[str] = frozenset()


def bare(cell: str) -> str:
    """A cell without white space and invisible marks around it."""
    return cell.strip().strip(INVISIBLE).strip()


def read_layout(folder: Path, table: Table, fix: str) -> Layout:
    """Read one table of a corpus folder.

    Parameters
    ----------
    folder : Path
        The corpus folder.
    table : Table
        Which table.
    fix : str
        The command that repairs the folder, named in remedies.
    """
    path = folder / table.file
    if not path.is_file():
        return Layout(None, [_missing(folder, table)] if table.required else [])
    try:
        sheet = read_sheet(path)
    except SheetError as error:
        return Layout(None, [_unreadable(error, table)])
    except OSError as error:
        remedy = "Close it in other programs and check that you may read it."
        return Layout(
            None, [Fault(table.file, 0, "", "", f"cannot be read: {error.strerror}", remedy)]
        )
    faults = [*_file_faults(sheet, table, fix)]
    kept, header_faults = _columns(sheet, table, fix)
    row_faults, good, slipped = _rows(sheet, table, fix)
    faults += [*header_faults, *row_faults]
    cells = {name: [row[1][place] for row in good] for name, place in kept.items()}
    frame = pd.DataFrame(cells, index=[row for row, _ in good], dtype="str")
    return Layout(frame, faults, frozenset(slipped))


def _file_faults(sheet: Sheet, table: Table, fix: str) -> list[Fault]:
    remedy = f'Run `{fix}`, or in Excel save as "CSV UTF-8".'
    faults = []
    if sheet.encoding != "utf-8":
        problem = f"written in {ENCODINGS[sheet.encoding]}, not in UTF-8"
        faults.append(Fault(table.file, 0, "", "", problem, remedy))
    elif sheet.bom:
        problem = "begins with a byte order mark, as Excel writes it"
        faults.append(Fault(table.file, 0, "", "", problem, f"Run `{fix}`."))
    if sheet.separator != ",":
        problem = f"cells are separated by a {SEPARATORS[sheet.separator]}, not a comma"
        faults.append(Fault(table.file, 0, "", "", problem, f"Run `{fix}`."))
    return faults


def _columns(sheet: Sheet, table: Table, fix: str) -> tuple[dict[str, int], list[Fault]]:
    faults: list[Fault] = []
    kept: dict[str, int] = {}
    twice: Counter[str] = Counter()
    for place, title in enumerate(sheet.header):
        name = bare(title)
        if is_unnamed(name):
            faults += _unnamed(sheet, table, place, fix)
        elif name in kept:
            twice[name] += 1
        else:
            kept[name] = place
            if name != title and name in table.names:
                faults.append(
                    Fault(table.file, 1, name, "", "white space around the name", f"Run `{fix}`.")
                )
    for name in kept:
        if name.lower().replace(" ", "_").replace("-", "_") in _IDENTIFYING:
            remedy = "Delete the column: a corpus holds pseudonymous ids only."
            faults.append(Fault(table.file, 1, name, "", "the column identifies people", remedy))
    for name in twice:
        remedy = "Rename one of them or delete it."
        faults.append(Fault(table.file, 1, name, "", "two columns have this name", remedy))
    for column in table.columns:
        if column.required and column.name not in kept:
            near = _look_alike(column.name, [name for name in kept if name not in table.names])
            remedy = (
                f"Rename the column {near} to {column.name}."
                if near
                else f"Add a column {column.name}: {column.description}."
            )
            faults.append(Fault(table.file, 1, column.name, "", "the column is missing", remedy))
    return kept, faults


def is_unnamed(name: str) -> bool:
    """Whether a column title is one that a spreadsheet or pandas gives to a column without name."""
    return name == "" or name.startswith("Unnamed:")


def column_cells(sheet: Sheet, place: int) -> list[str]:
    """All cells of one column, as far as rows reach that far."""
    return [cells[place] for _, cells in sheet.rows if len(cells) > place]


def is_idle(cells: list[str]) -> bool:
    """Whether the cells of an unnamed column hold nothing, or only the row numbers of pandas."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return not filled or filled == [str(number) for number in range(len(filled))]


def _unnamed(sheet: Sheet, table: Table, place: int, fix: str) -> list[Fault]:
    cells = column_cells(sheet, place)
    letter = spreadsheet_letter(place)
    if is_idle(cells):
        filled = any(cell.strip() for cell in cells)
        problem = "a column without name holds only row numbers" if filled else "an empty column"
        return [Fault(table.file, 1, letter, "", problem, f"Run `{fix}`, or delete it.")]
    problem = "a column without name holds something"
    return [Fault(table.file, 1, letter, "", problem, "Give it a name or delete it.")]


def spreadsheet_letter(place: int) -> str:
    """Letter of a column as spreadsheets show it, counted from 0.

    >>> spreadsheet_letter(0), spreadsheet_letter(27)
    ('A', 'AB')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _rows(
    sheet: Sheet, table: Table, fix: str
) -> tuple[list[Fault], list[tuple[int, list[str]]], list[str]]:
    faults: list[Fault] = []
    good: list[tuple[int, list[str]]] = []
    slipped: list[str] = []
    width = len(sheet.header)
    blank: list[int] = []
    for row, cells in sheet.rows:
        if not any(cell.strip() for cell in cells):
            blank.append(row)
            continue
        if len(cells) == width or (len(cells) > width and not any(map(str.strip, cells[width:]))):
            good.append((row, cells[:width]))
            continue
        slipped += [bare(cell) for cell in cells[:1]]
        problem = f"{len(cells)} cells, but the header has {width}"
        remedy = (
            "Put quotation marks around a cell that holds a comma."
            if len(cells) > width
            else "Add the missing cells, empty ones too."
        )
        faults.append(Fault(table.file, row, "", "", problem, remedy))
    if blank:
        count = f"{len(blank)} blank rows, this is the first" if blank[1:] else "a blank row"
        remedy = f"Run `{fix}`, or delete the whole row."
        faults.append(Fault(table.file, blank[0], "", "", count, remedy))
    return faults, good, slipped


def _look_alike(name: str, candidates: list[str]) -> str:
    lowered = {candidate.lower().replace(" ", "_"): candidate for candidate in candidates}
    for other in (name, *_OTHER_NAMES.get(name, ())):
        if other in lowered:
            return lowered[other]
    near = difflib.get_close_matches(name, lowered, n=1, cutoff=0.75)
    return lowered[near[0]] if near else ""


def _missing(folder: Path, table: Table) -> Fault:
    columns = ", ".join(table.required_names)
    remedy = f"Add it with the columns {columns}."
    for other in sorted(folder.glob("*")):
        if other.stem.lower() != table.name:
            continue
        if other.suffix.lower() in (".xlsx", ".xls", ".ods"):
            remedy = f'Open {other.name} and save it as "CSV UTF-8" under the name {table.file}.'
        elif other.suffix.lower() in (".csv", ".tsv", ".txt"):
            remedy = f"Rename {other.name} to {table.file}."
    return Fault(table.file, 0, "", "", "the table is missing", remedy)


def _unreadable(error: SheetError, table: Table) -> Fault:
    messages = {
        "binary": (
            "not a CSV file",
            f'Open it in the program that wrote it and save it as "CSV UTF-8" ({table.file}).',
        ),
        "quote": (
            "a quotation mark that opens a cell is not closed, or stands inside a cell undoubled",
            'Write a quotation mark inside a cell twice ("") and end the cell with one.',
        ),
        "empty": ("no header", f"Write {', '.join(table.required_names)} into the first row."),
    }
    problem, remedy = messages[error.kind]
    return Fault(table.file, error.row, "", "", problem, remedy)
