"""Mending what spreadsheets do to the tables of a corpus; the originals are kept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from reflect.dates import iso_date, iso_text, read_dates
from reflect.errors import ReflectError
from reflect.folder import CACHE, PACKAGE, write_file
from reflect.layout import ENCODINGS, bare, column_cells, is_idle, is_unnamed
from reflect.package import build_package, package_text
from reflect.rules import GARBLED
from reflect.schemas import CONSENTS, LANGUAGES, TABLES, Table
from reflect.sheets import SEPARATORS, Sheet, SheetError, read_sheet, sheet_text

_LANGUAGE_NAMES = {"german": "de", "deutsch": "de", "ger": "de", "deu": "de"}
_LANGUAGE_NAMES |= {"english": "en", "englisch": "en", "eng": "en"}


class _Mend(NamedTuple):
    file: str
    row: int
    column: str
    mended: str


def repair(path: str | Path) -> pd.DataFrame:
    """Mend what can be mended in a corpus folder without knowing what the writer meant.

    Encoding, byte order mark, separators, blank rows and columns, white space around ids and
    column names, upper-case column names, dates whose meaning is certain, spelling of consent and
    language, letters garbled by a wrong encoding (only where there are no codes, whose offsets
    would move), and a missing datapackage.json where the tables name exactly two sides. Everything
    else stays a fault of `reflect.validation.faults`. No other character of a text is touched.

    The files as they were are kept in ``.reflect/backup/001`` (002, …) inside the folder, which git
    ignores; delete them when you have seen that all is well.

    Parameters
    ----------
    path : str or Path
        The corpus folder.

    Returns
    -------
    DataFrame
        ``file, row, column, mended``, one line for each thing mended; ``row`` as it was before (the
        header is row 1, 0 for the whole file), ``mended`` says what, without diary text.

    Raises
    ------
    ReflectError
        If the folder does not exist or cannot be written.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise ReflectError(f"{path}: no such folder. Check the path.")
    done: list[_Mend] = []
    files: dict[str, str] = {}
    coded = (folder / TABLES["codes"].file).is_file()
    for table in TABLES.values():
        try:
            sheet = read_sheet(folder / table.file)
        except (SheetError, OSError):
            continue
        mends, header, rows = _mended(sheet, table, coded)
        if mends:
            done += mends
            files[table.file] = sheet_text(header, rows)
    if not (folder / PACKAGE).exists():
        text = _package_from_tables(folder)
        if text:
            files[PACKAGE] = text
            done.append(_Mend(PACKAGE, 0, "", "written from the tables: look it through"))
    try:
        _write(folder, files)
    except OSError as error:
        raise ReflectError(
            f"{path}: cannot be written ({error.strerror}). Close its files in other programs."
        ) from error
    return pd.DataFrame(done, columns=list(_Mend._fields)).astype({"row": "int64"})


def _write(folder: Path, files: dict[str, str]) -> None:
    old = [name for name in files if (folder / name).exists()]
    if old:
        backup = _backup_folder(folder)
        for name in old:
            write_file(backup / name, (folder / name).read_bytes())
    for name, text in files.items():
        write_file(folder / name, text.encode("utf-8"))


def _backup_folder(folder: Path) -> Path:
    cache = folder / CACHE
    cache.mkdir(exist_ok=True)
    ignore = cache / ".gitignore"
    if not ignore.exists():
        write_file(ignore, b"*\n")
    number = 1
    while (cache / "backup" / f"{number:03d}").exists():
        number += 1
    backup = cache / "backup" / f"{number:03d}"
    backup.mkdir(parents=True)
    return backup


def _mended(
    sheet: Sheet, table: Table, coded: bool
) -> tuple[list[_Mend], list[str], list[list[str]]]:
    mends = [_Mend(table.file, 0, "", text) for text in _file_mends(sheet)]
    places, header = [], []
    for place, title in enumerate(sheet.header):
        name = bare(title)
        if is_unnamed(name) and is_idle(column_cells(sheet, place)):
            mends.append(_Mend(table.file, 1, "", "column without name removed"))
            continue
        plain = name.lower().replace(" ", "_")
        if plain in table.names and plain not in sheet.header:
            name = plain
        if name != title:
            mends.append(_Mend(table.file, 1, name, "column name tidied"))
        places.append(place)
        header.append(name)
    numbers, rows = [], []
    for number, cells in sheet.rows:
        if not any(cell.strip() for cell in cells):
            mends.append(_Mend(table.file, number, "", "blank row removed"))
            continue
        # Rows whose cells do not fit the header are a fault only a person can mend.
        fits = len(cells) == len(sheet.header)
        rows.append([cells[place] for place in places] if fits else list(cells))
        numbers.append(number if fits else 0)
    for place, name in enumerate(header):
        fitting = [index for index, number in enumerate(numbers) if number]
        column = [rows[index][place] for index in fitting]
        for index, cell, new, what in _cell_mends(table, name, fitting, column, coded):
            if new != cell:
                rows[index][place] = new
                mends.append(_Mend(table.file, numbers[index], name, what))
    return sorted(mends, key=lambda mend: mend.row), header, rows


def _file_mends(sheet: Sheet) -> Iterable[str]:
    if sheet.encoding != "utf-8":
        yield f"{ENCODINGS[sheet.encoding]} turned into UTF-8"
    elif sheet.bom:
        yield "byte order mark removed"
    if sheet.separator != ",":
        yield f"{SEPARATORS[sheet.separator]} as separator turned into a comma"


def _cell_mends(
    table: Table, name: str, indices: list[int], cells: list[str], coded: bool
) -> Iterable[tuple[int, str, str, str]]:
    kinds = {column.name: column.kind for column in table.columns}
    kind = kinds.get(name, "")
    if kind in ("", "text"):
        if kind and not (coded and table.name == "entries" and name == "text"):
            for index, cell in zip(indices, cells, strict=True):
                yield index, cell, _ungarbled(cell), "letters garbled by a wrong encoding restored"
        return
    bares = [bare(cell) for cell in cells]
    moments = read_dates(bares) if kind == "date" else [None] * len(bares)
    for index, cell, tidy, moment in zip(indices, cells, bares, moments, strict=True):
        if kind == "date" and moment is not None and iso_date(tidy) is None:
            yield index, cell, iso_text(moment), f"date written as {iso_text(moment)}"
        elif name == "consent":
            yield index, cell, _consent(tidy), "consent spelt as the corpus needs it"
        elif name == "language":
            yield index, cell, _language(tidy), "language written as its code"
        else:
            yield index, cell, tidy, "white space around the value removed"


def _consent(cell: str) -> str:
    plain = cell.lower().replace(" ", "_").replace("-", "_")
    return plain if plain in CONSENTS else cell


def _language(cell: str) -> str:
    plain = cell.lower().replace("_", "-").split("-")[0]
    code = _LANGUAGE_NAMES.get(plain, plain)
    return code if code in LANGUAGES else cell


def _ungarbled(cell: str) -> str:
    if not GARBLED.search(cell):
        return cell
    try:
        return cell.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return cell


def _package_from_tables(folder: Path) -> str:
    """Text of a descriptor, "" where the tables do not name exactly two sides."""
    columns: dict[str, list[str]] = {}
    values: dict[str, list[str]] = {}
    for name, table in TABLES.items():
        try:
            sheet = read_sheet(folder / table.file)
        except (SheetError, OSError):
            continue
        _, header, rows = _mended(sheet, table, False)
        columns[name] = header
        for place, column in enumerate(header):
            values[f"{name}.{column}"] = [row[place] for row in rows if len(row) > place]
    sides = list(dict.fromkeys(side for side in values.get("participants.side", []) if side))
    if len(sides) != 2:
        return ""
    written = values.get("entries.language", [])
    languages = [code for code in LANGUAGES if code in written] or list(LANGUAGES)
    package = build_package(
        folder.resolve().name, sides=sides, columns=columns, languages=languages
    )
    return package_text(package)
