"""Coding in a spreadsheet: a sheet with drop-downs and the codebook beside it, out and in."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pandas as pd

from reflect.coding.definitions import codebook, words
from reflect.coding.ratings import CODE_COLUMNS, NONE
from reflect.coding.sample import context
from reflect.errors import ReflectError
from reflect.folder import write_file
from reflect.markers.codebook import DIRECTIONS
from reflect.sheets import sheet_text
from reflect.spreadsheets import table_rows

_YES = frozenset(("x", "1", "yes", "ja", "true", "wahr", "✓"))
_NO = frozenset(("", "0", "no", "nein", "false", "falsch", "-"))
#: A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t")
_WIDTHS = {"before": 30, "sentence": 60, "after": 30, "note": 30, "date": 12, "side": 12}


def write_sheets(
    sample: pd.DataFrame,
    entries: pd.DataFrame,
    path: Path,
    *,
    language: str = "en",
    blind: bool = False,
) -> Path:
    """Write a sample as a sheet to code in: XLSX or CSV, after the ending of `path`.

    Parameters
    ----------
    sample : DataFrame
        From `draw_sample` or `load_sample`.
    entries : DataFrame
        ``entry_id, text``, for the words around each sentence.
    path : Path
        The file; the codebook is its second sheet, for CSV a second file ``…-codebook.csv``.
    language : str
        de or en.
    blind : bool
        Leave out side and date. The rules' hits and the weights are never in a sheet.

    Raises
    ------
    ReflectError
        For another ending, or a place that cannot be written to.
    """
    columns, titles = _columns(language, blind)
    around = context(sample, entries)
    shown = {"sentence": sample["text"], "before": around["before"], "after": around["after"]}
    rows = []
    for number, row in enumerate(sample.to_dict("records")):
        given = {name: values.iloc[number] for name, values in shown.items()}
        given |= {"side": row.get("side", ""), "date": str(row.get("date", ""))[:10]}
        rows.append([row["unit_id"], *(given.get(name, "") for name in columns[1:])])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix.lower() == ".xlsx":
            write_file(path, _workbook(columns, titles, rows, language))
        elif path.suffix.lower() == ".csv":
            book = codebook(language)[["marker", "name", "when", "unless", "directions"]]
            safe = [[_harmless(cell) for cell in row] for row in rows]
            # The mark tells Excel that the file is in UTF-8.
            write_file(path, b"\xef\xbb\xbf" + sheet_text(columns, safe).encode("utf-8"))
            beside = path.with_name(f"{path.stem}-codebook.csv")
            text = sheet_text(book.columns, book.to_numpy().tolist())
            write_file(beside, b"\xef\xbb\xbf" + text.encode("utf-8"))
        else:
            raise ReflectError(f"{path.name}: neither .xlsx nor .csv. Name the file so")
    except OSError as fault:
        raise ReflectError(f"{path}: cannot be written ({fault.strerror}). Name another") from None
    return path


def _columns(language: str, blind: bool) -> tuple[list[str], list[str]]:
    book, say = codebook(language), words(language)
    lead = ["before", "sentence", "after"] + ([] if blind else ["side", "date"])
    columns = ["unit_id", *lead, *book["marker"], NONE, "note"]
    named = dict(zip(book["marker"], book["name"], strict=True)) | {NONE: say["none"]["name"]}
    return columns, [named.get(name) or say["sheet"].get(name, name) for name in columns]


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _workbook(columns: list[str], titles: list[str], rows: list[list[str]], language: str) -> bytes:
    import openpyxl
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    say = words(language)["sheet"]
    book = openpyxl.Workbook()
    page = book.active
    page.title = say["codes"]
    # Row 1 carries the ids by which the sheet is read back, row 2 what a coder reads.
    page.append(columns)
    page.append(titles)
    page.row_dimensions[1].hidden = True
    wrapped = Alignment(wrap_text=True, vertical="top")
    for number, row in enumerate(rows, start=3):
        for place, value in enumerate(row, start=1):
            cell = page.cell(number, place)
            _put(cell, value)
            cell.alignment = wrapped
    last = max(len(rows) + 2, 3)
    for place, name in enumerate(columns, start=1):
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = _WIDTHS.get(name, 14)
        head = page.cell(2, place)
        head.font = Font(bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", fgColor="1C2330")
        head.alignment = Alignment(wrap_text=True, vertical="center")
        if name in ("unit_id", "note", *_WIDTHS):
            continue
        choices = DIRECTIONS.get(name, (say["yes_value"],))
        rule = DataValidation("list", formula1=f'"{",".join(choices)}"', allow_blank=True)
        rule.error = say["bad_direction"] if name in DIRECTIONS else say["bad_value"]
        rule.showErrorMessage = True
        page.add_data_validation(rule)
        rule.add(f"{letter}3:{letter}{last}")
    page.freeze_panes = page.cell(3, columns.index("sentence") + 2)
    page.column_dimensions["A"].width = 9
    _codebook_page(book.create_sheet(say["codebook"]), language)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _codebook_page(page: Any, language: str) -> None:
    from openpyxl.styles import Alignment, Font

    say = words(language)["sheet"]
    book = codebook(language)
    page.append([say["help"]])
    page.merge_cells("A1:D1")
    page.row_dimensions[1].height = 62
    page.append([say["family"], say["when"], say["unless"], say["values"]])
    for row in book.itertuples(index=False):
        values = row.directions.replace("|", ", ") or say["yes_value"]
        page.append([row.name, row.when, row.unless, values])
    none = words(language)["none"]
    page.append([none["name"], none["when"], "", say["yes_value"]])
    for row in page.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=cell.row == 2 or cell.column == 1)
    for letter, width in zip("ABCD", (24, 60, 50, 30), strict=True):
        page.column_dimensions[letter].width = width


def _put(cell: Any, value: str) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", value)
    # openpyxl takes text that begins with = for a formula.
    cell.data_type = "s"


def read_sheets(path: Path, sample: pd.DataFrame, coder: str) -> pd.DataFrame:
    """Codes from a sheet that somebody filled in.

    Parameters
    ----------
    path : Path
        XLSX or CSV as `write_sheets` made it; columns may be moved, rows sorted or taken out.
    sample : DataFrame
        The sample that it was made from.
    coder : str
        Who coded.

    Returns
    -------
    DataFrame
        ``coder_id, entry_id, start, end, marker, direction, note``; a sentence on which none of
        the families was found carries the marker ``none``. Blank rows were not read and give no
        row.

    Raises
    ------
    ReflectError
        With every fault, one line each: unknown or repeated sentences, cells that are no mark,
        families together with none.
    """
    header, rows = table_rows(path, first_sheet(path))
    if "unit_id" not in header:
        raise ReflectError(
            f"{path.name}: no column unit_id. Use a sheet that `reflect code sample` made; its "
            "hidden first row must stay"
        )
    book = codebook("en")
    places = {name: header.index(name) for name in (*book["marker"], NONE) if name in header}
    if not places:
        raise ReflectError(f"{path.name}: no column of a family. Keep the first row as it was")
    units = sample.set_index("unit_id")
    codes: list[tuple] = []
    faults: list[str] = []
    seen: dict[str, int] = {}
    for number, cells in rows:
        unit = cells[header.index("unit_id")]
        if unit in ("", "unit_id"):
            continue
        place = f"{path.name}, row {number}"
        if unit not in units.index:
            faults.append(f"{place}: sentence {unit[:20]!r} is not in the sample. Take the row out")
            continue
        if unit in seen:
            faults.append(f"{place}: sentence {unit} stands in row {seen[unit]}, too. Keep one")
            continue
        seen[unit] = number
        given = {}
        for marker, column in places.items():
            try:
                value = _mark(marker, cells[column])
            except ValueError as fault:
                faults.append(f"{place}, column {marker}: {fault}")
                continue
            if value is not None:
                given[marker] = value
        if NONE in given and len(given) > 1:
            faults.append(f"{place}: a family and {NONE} at once. Take one of them out")
            continue
        note = cells[header.index("note")] if "note" in header else ""
        where = units.loc[unit]
        for marker, direction in given.items():
            codes.append((coder, where.entry_id, where.start, where.end, marker, direction, note))
    if faults:
        raise ReflectError("\n".join(faults))
    table = pd.DataFrame(codes, columns=list(CODE_COLUMNS))
    return table.astype({"start": "int64", "end": "int64"})


def _mark(marker: str, cell: str) -> str | None:
    """Direction of a mark ("" where it has none), None where the cell is no mark."""
    value = cell.strip()
    if value.lower() in _NO:
        return None
    if marker in DIRECTIONS:
        if value in DIRECTIONS[marker]:
            return value
        if value.lower() in _YES:
            return ""
        raise ValueError(
            f"{value[:20]!r} is no direction. Choose from {', '.join(DIRECTIONS[marker])}"
        )
    if value.lower() in _YES:
        return ""
    raise ValueError(f"{value[:20]!r} is no mark. Put x, or leave the cell blank")


def first_sheet(path: Path) -> str:
    """Name of the sheet to read back, "" where the file has none."""
    if path.suffix.lower() not in (".xlsx", ".xlsm") or not path.is_file():
        return ""
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True)
        name = book.sheetnames[0]
        book.close()
    except Exception:  # openpyxl raises whatever its parsers raise; table_rows says it in words
        return ""
    return name
