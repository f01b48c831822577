"""CSV files as spreadsheets leave them: encodings, separators, rows as a person counts them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_TELLING = frozenset("äöüÄÖÜßéèêàçëïóñ„“”‚‘’–—…€«»§°")


class SheetError(ValueError):
    """A file that is no table. Carries the row and one of ``binary``, ``quote``, ``empty``."""

    def __init__(self, kind: str, row: int = 0) -> None:
        self.kind, self.row = kind, row
        super().__init__(f"{kind}, row {row}")


@dataclass(frozen=True)
class Sheet:
    """A CSV file as read: `header`, and `rows` as (row number in a spreadsheet, cells) pairs.

    The header is the first row that is not blank; blank rows, also those above it, stay in `rows`.
    `encoding` is ``utf-8`` or what the file was written in instead; `bom` tells of a byte order
    mark.
    """

    header: list[str]
    rows: list[tuple[int, list[str]]]
    encoding: str = "utf-8"
    bom: bool = False
    separator: str = ","


def decode(data: bytes) -> tuple[str, str, bool]:
    """Text of a file of unknown encoding, the encoding, and whether it began with a mark.

    UTF-16 with or without mark, UTF-8 with or without mark, else whichever of Windows-1252 and Mac
    Roman (Excel on a Mac) gives more German letters and quotation marks.

    Raises
    ------
    SheetError
        If the bytes are no text.
    """
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return _decoded(data[2:], encoding), encoding, True
    if data.startswith(b"\xef\xbb\xbf"):
        data, bom = data[3:], True
    else:
        bom = False
    head = data[:4096]
    if not bom and b"\0" in head:
        odd, even = head[1::2].count(0), head[0::2].count(0)
        if max(odd, even) < len(head) // 4:
            raise SheetError("binary")
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        return _decoded(data, encoding), encoding, False
    try:
        return _clean(data.decode("utf-8")), "utf-8", bom
    except UnicodeDecodeError:
        pass
    candidates = [
        (data.decode(encoding, errors="replace"), encoding) for encoding in ("cp1252", "mac_roman")
    ]
    text, encoding = max(candidates, key=lambda pair: _plausible(pair[0]))
    return _clean(text), encoding, bom


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return _clean(data.decode(encoding))
    except UnicodeDecodeError as error:
        raise SheetError("binary") from error


def _clean(text: str) -> str:
    if any(ord(letter) < 9 or 13 < ord(letter) < 27 for letter in set(text)):
        raise SheetError("binary")
    return text


def _plausible(text: str) -> int:
    return sum(1 if letter in _TELLING else -1 for letter in text if letter > "\x7f")


def sniff_separator(text: str) -> str:
    """The separator that splits the first line of a table into most cells; a comma in doubt."""
    line = next((line for line in text.splitlines() if line.strip(" \t,;|")), "")
    return max(SEPARATORS, key=lambda mark: (line.count(mark), mark == ","))


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file whatever its encoding and separator.

    Raises
    ------
    SheetError
        If it is empty, no text, or a quotation mark is not closed.
    """
    text, encoding, bom = decode(path.read_bytes())
    separator = sniff_separator(text)
    rows: list[tuple[int, list[str]]] = []
    # strict: a forgotten closing mark must not swallow the rest of the table into one cell.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            rows.append((len(rows) + 1, cells))
    except csv.Error as error:
        raise SheetError("quote", len(rows) + 1) from error
    filled = [place for place, (_, cells) in enumerate(rows) if any(map(str.strip, cells))]
    if not filled:
        raise SheetError("empty")
    header = rows.pop(filled[0])[1]
    return Sheet(header, rows, encoding, bom, separator)


def sheet_text(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """CSV text as every table of a corpus is written: commas, ``\\n`` after each row.

    A lone carriage return inside a cell becomes ``\\n``: the csv module of Python 3.11 would leave
    it unquoted and split the row. The length, hence every offset, stays the same.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_single_returns(cell) for cell in row])
    return target.getvalue()


def _single_returns(cell: str) -> str:
    if "\r" not in cell:
        return cell
    return cell.replace("\r\n", "\0").replace("\r", "\n").replace("\0", "\r\n")
