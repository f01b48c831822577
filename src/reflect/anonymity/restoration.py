"""What takes a pseudonymised corpus back: content of the key, and its use."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reflect.anonymity.edits import take_back
from reflect.anonymity.keyfile import KeyFileError, read_key
from reflect.errors import ReflectError
from reflect.folder import PACKAGE, write_folder
from reflect.schemas import TABLES
from reflect.sheets import read_sheet, sheet_text

#: What takes each changed cell back, by table, row and column.
Back = dict[tuple[str, int, int], list[list[int | str]]]


@dataclass
class RawSheet:
    """One table as it is in its file: header and rows of cells."""

    header: list[str]
    rows: list[list[str]]

    def column(self, name: str) -> int:
        """Place of a column, -1 where the table has none."""
        return self.header.index(name) if name in self.header else -1

    def text(self) -> str:
        """The table as CSV."""
        return sheet_text(self.header, self.rows)


def restore(
    corpus: Path, target: Path, key: Path, *, passphrase: str = "", overwrite: bool = False
) -> Path:
    """Take a pseudonymised corpus back with its key.

    Where the files are as they were written, the original bytes come back; where rows were removed
    or codes added since, each cell of those that are left.

    Parameters
    ----------
    corpus : Path
        The pseudonymised corpus.
    target : Path
        The folder to write.
    key : Path
        Its key file.
    passphrase : str
        Of the key.
    overwrite : bool
        Whether `target` may be replaced.

    Raises
    ------
    ReflectError
        If the key is of another corpus, or a text was changed since: with its id.
    """
    content = read_key(key, passphrase)
    sheets, now = read_sheets(corpus)
    files = {}
    try:
        for name, sheet in sheets.items():
            about = content["tables"].get(name, {"back": {}, "digest": "", "new": ""})
            _take_back(sheet, name, about["back"])
            same = about["new"] == hashlib.sha256(now[name]).hexdigest()
            if same and "bytes" in about:
                files[TABLES[name].file] = _unpacked(about["bytes"])
            else:
                files[TABLES[name].file] = sheet.text().encode("utf-8", "surrogatepass")
            if same and hashlib.sha256(files[TABLES[name].file]).hexdigest() != about["digest"]:
                raise KeyError
        files[PACKAGE] = _unpacked(content["package"])
    except (KeyError, TypeError, ValueError, zlib.error):
        raise KeyFileError(f"{key}: is not the key of this corpus. Name the right one") from None
    write_folder(
        target, {name: data.decode("utf-8") for name, data in files.items()}, overwrite=overwrite
    )
    for name, data in files.items():
        (target / name).write_bytes(data)
    return target


def read_sheets(folder: Path) -> tuple[dict[str, RawSheet], dict[str, bytes]]:
    """Tables of a corpus folder as they are in their files, and the bytes."""
    sheets, data = {}, {}
    for name, table in TABLES.items():
        path = folder / table.file
        if path.is_file():
            data[name] = path.read_bytes()
            sheet = read_sheet(path)
            sheets[name] = RawSheet([h.strip() for h in sheet.header], [c for _, c in sheet.rows])
    return sheets, data


def key_content(
    folder: Path,
    sheets: dict[str, RawSheet],
    back: Back,
    before: Mapping[str, bytes],
    placeholders: Mapping[str, list[str]],
) -> dict[str, Any]:
    """Content of the key file: what each placeholder stands for, and each changed cell."""
    tables: dict[str, Any] = {}
    for name, sheet in sheets.items():
        key = TABLES[name].key
        own: dict[str, Any] = {}
        for (table, number, place), steps in back.items():
            if table == name:
                row = sheet.rows[number]
                identity = row[sheet.column(key)].strip() if key else _code_key(sheet, row, number)
                cell = {"digest": short_digest(row[place]), "back": steps}
                own.setdefault(identity, {})[sheet.header[place]] = cell
        new = sheet.text().encode("utf-8", "surrogatepass")
        about = {
            "back": own,
            "digest": hashlib.sha256(before[name]).hexdigest(),
            "new": hashlib.sha256(new).hexdigest(),
        }
        again = RawSheet(list(sheet.header), [list(row) for row in sheet.rows])
        _take_back(again, name, own)
        if again.text().encode("utf-8", "surrogatepass") != before[name]:
            # Other line ends, quotation marks or rows that went: the bytes themselves are kept.
            about["bytes"] = _packed(before[name])
        tables[name] = about
    return {
        "corpus": folder.resolve().name,
        "id": secrets.token_hex(8),
        "placeholders": dict(placeholders),
        "tables": tables,
        "package": _packed((folder / PACKAGE).read_bytes()),
    }


def _code_key(sheet: RawSheet, row: list[str], number: int) -> str:
    """Codes have no id: what they say, where they stand now and which of the same it is."""
    same = [r for r in sheet.rows[:number] if r == row]
    return json.dumps([*row, len(same)], ensure_ascii=False)


def _take_back(sheet: RawSheet, name: str, back: Mapping[str, Any]) -> None:
    key = TABLES[name].key
    rows = [list(row) for row in sheet.rows]
    frozen = RawSheet(list(sheet.header), rows)
    for number, row in enumerate(sheet.rows):
        identity = (
            rows[number][frozen.column(key)].strip()
            if key
            else _code_key(frozen, rows[number], number)
        )
        for column, cell in back.get(identity, {}).items():
            place = frozen.column(column)
            if place < 0 or short_digest(row[place]) != cell["digest"]:
                raise ReflectError(
                    f"{TABLES[name].file}, {identity if key else 'a code'}, column {column}: was "
                    "changed after pseudonymising. Take the corpus as it was written"
                )
            row[place] = take_back(row[place], cell["back"])


def short_digest(cell: str) -> str:
    """By which a cell is known to be as it was written."""
    return hashlib.sha256(cell.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _packed(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data, 9)).decode("ascii")


def _unpacked(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text))
