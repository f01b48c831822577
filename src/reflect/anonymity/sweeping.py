"""Other files in a corpus folder with what a person wrote: sheets are cleared, others named."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from reflect.coding.forgetting import word_runs
from reflect.documents import check_packed
from reflect.errors import ReflectError
from reflect.folder import CACHE, write_file
from reflect.sheets import SheetError, read_sheet, sheet_text

#: So many words in a row are a quotation, in files that name no entry.
_QUOTE = 8
_DEEPEST = 4
#: A larger file is named unread.
_LARGEST = 64 * 2**20
_SEALED = frozenset([".pdf", ".doc", ".xls", ".ods", ".odb"])
_TAG = re.compile(r"<[^>]*>")


class Sweep:
    """Which rows and files are a person's.

    Parameters
    ----------
    gone : mapping of str to frozenset of str
        Ids of the person's rows by table: ``entries``, ``outcomes``, ``participants``.
    texts : iterable of str
        What the person wrote.
    """

    def __init__(self, gone: Mapping[str, frozenset[str]], texts: Iterable[str]) -> None:
        self.gone = gone
        self.texts = [text for text in texts if text.strip()]
        self.runs: set[tuple[str, ...]] = set()
        for text in self.texts:
            # A short text is a quotation only as a whole.
            self.runs |= word_runs(text, min(_QUOTE, len(re.findall(r"\w+", text))) or 1)
        self._sizes = sorted({len(run) for run in self.runs if len(run) > 2})

    def quotes(self, text: str) -> bool:
        """Whether a text quotes the person."""
        return any(not self.runs.isdisjoint(word_runs(text, size)) for size in self._sizes)

    def belongs(self, header: Sequence[str]) -> Callable[[Sequence[str]], bool]:
        """Tells of the rows of a sheet whether they are the person's.

        A sheet of the audit names events, outcomes and people in ``entry_id``, too; its column
        ``field`` tells which, where it has one. Without ``entry_id``, what quotes them is theirs.
        """
        places = {name.strip(): number for number, name in enumerate(header)}
        if "entry_id" not in places:
            return lambda cells: self.quotes(" ".join(cells))
        entry, field = places["entry_id"], places.get("field", -1)
        audit = {"kind", "text"} <= set(places)

        def own(cells: Sequence[str]) -> bool:
            identity = cells[entry].strip() if entry < len(cells) else ""
            table = cells[field].partition(".")[0] if 0 <= field < len(cells) else ""
            if table:
                return identity in self.gone.get(table, frozenset())
            tables = self.gone if audit else ("entries",)
            return any(identity in self.gone[name] for name in tables)

        return own


def clear_sheets(
    folder: Path, sweep: Sweep, kept: frozenset[str]
) -> tuple[int, dict[Path, list[str]]]:
    """Take a person's rows out of every other CSV and workbook of a corpus.

    Parameters
    ----------
    folder : Path
        The corpus.
    sweep : Sweep
        Whose rows.
    kept : frozenset of str
        Files of the folder itself that are left alone: the corpus's own tables.

    Returns
    -------
    int
        How many rows went.
    dict of Path to list of str
        Ids of coding units that went with them, by folder.
    """
    count = 0
    units: dict[Path, list[str]] = {}
    for path in _files(folder, kept, _DEEPEST):
        if path.suffix.lower() == ".csv":
            count += _clear_csv(path, sweep, units)
        elif path.suffix.lower() in (".xlsx", ".xlsm"):
            count += _clear_workbook(path, sweep)
    return count, units


def _files(folder: Path, kept: frozenset[str], deepest: int = 0) -> Iterator[Path]:
    """Files under a folder, without its caches, its history and what is kept of its own."""
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if inner.parts[0] in (CACHE, ".git") or (deepest and len(inner.parts) > deepest):
            continue
        own = path.parent == folder and path.name in kept
        if path.is_file() and not path.is_symlink() and not own:
            yield path


def _clear_csv(path: Path, sweep: Sweep, units: dict[Path, list[str]]) -> int:
    try:
        sheet = read_sheet(path)
    except (SheetError, OSError, csv.Error):
        return 0
    header = [name.strip() for name in sheet.header]
    own = sweep.belongs(header)
    lost: list[Sequence[str]] = []
    left: list[Sequence[str]] = []
    for _, cells in sheet.rows:
        (lost if own(cells) else left).append(cells)
    if not lost:
        return 0
    if "unit_id" in header:
        unit = header.index("unit_id")
        units.setdefault(path.parent, []).extend(c[unit] for c in lost if unit < len(c))
    write_file(path, sheet_text(sheet.header, left).encode("utf-8", "replace"))
    return len(lost)


def _clear_workbook(path: Path, sweep: Sweep) -> int:
    import openpyxl

    data = path.read_bytes()
    # openpyxl raises whatever its parsers raise; such a file is named by `left_over`.
    try:
        check_packed(path, data)
        book = openpyxl.load_workbook(io.BytesIO(data), keep_vba=path.suffix.lower() == ".xlsm")
        count = sum(_clear_page(page, sweep) for page in book.worksheets)
    except Exception:
        return 0
    if count:
        target = io.BytesIO()
        book.save(target)
        write_file(path, target.getvalue())
    return count


def _clear_page(page: Any, sweep: Sweep) -> int:
    rows = [["" if cell is None else str(cell) for cell in row] for row in page.values]
    head = next((number for number, row in enumerate(rows) if any(row)), None)
    if head is None:
        return 0
    own = sweep.belongs(rows[head])
    lost = [number for number in range(head + 1, len(rows)) if own(rows[number])]
    for number in reversed(lost):
        page.delete_rows(number + 1)
    if lost and page.auto_filter.ref:
        page.auto_filter.ref = page.dimensions
    return len(lost)


def left_over(folder: Path, sweep: Sweep, kept: frozenset[str]) -> list[Path]:
    """Files of a corpus folder that still quote a person, or that cannot be looked into."""
    found = []
    for path in _files(folder, kept):
        if path.suffix.lower() in _SEALED or path.stat().st_size > _LARGEST:
            found.append(path)
            continue
        try:
            texts = list(_texts(path))
        except (ReflectError, zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
            found.append(path)
            continue
        if any(sweep.quotes(text) for text in texts):
            found.append(path)
    return found


def _texts(path: Path) -> Iterator[str]:
    data = path.read_bytes()
    if not data.startswith(b"PK\x03\x04"):
        yield _TAG.sub(" ", data.decode("utf-8", "ignore"))
        return
    check_packed(path, data)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for member in packed.infolist():
            yield _TAG.sub(" ", packed.read(member).decode("utf-8", "ignore"))
