"""Diary entries from any source, gathered into a corpus folder."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from reflect.dates import iso_text
from reflect.errors import CorpusError, ImportFormatError
from reflect.folder import PACKAGE, write_folder
from reflect.package import build_package, package_text
from reflect.schemas import LANGUAGES, PARTICIPANTS, TABLES, Fault, fault_table, shown
from reflect.sheets import sheet_text
from reflect.validation import Checked, check_folder

# What is not wrong but unfinished after an import: the partner's diary comes with the next one.
_UNFINISHED = "a tandem of one person"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b]")


@dataclass(frozen=True)
class Programme:
    """What an import cannot know from the diaries.

    Attributes
    ----------
    sides : tuple of str
        Names of the two sides; found in the data where it names exactly two.
    languages : tuple of str
        Languages of the entries.
    title, consent : str
        Title and consent statement of the corpus.
    synthetic : bool
        Whether the entries were made up.
    start, end : str
        First and last day as ISO dates; from the entries where empty.
    """

    sides: tuple[str, ...] = ()
    languages: tuple[str, ...] = LANGUAGES
    title: str = ""
    consent: str = ""
    synthetic: bool = False
    start: str = ""
    end: str = ""


@dataclass(frozen=True)
class Record:
    """One diary entry from a source; `file` and `row` say where it stood."""

    file: str
    row: int
    participant: str
    date: datetime
    text: str
    entry: str = ""
    language: str = ""
    prompt: str = ""


@dataclass(frozen=True)
class Person:
    """One participant from a source: `cells` by the columns of participants.csv."""

    file: str
    row: int
    cells: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Attributes
    ----------
    path : Path
        The corpus folder.
    entries, participants : int
        How many are new in the corpus.
    skipped : int
        How many entries were there already, or had no text.
    unfinished : DataFrame
        Faults that the next import mends (`reflect.validation.faults`): tandems whose second person
        is not there yet. The corpus loads when it is empty.
    """

    path: Path
    entries: int
    participants: int
    skipped: int
    unfinished: pd.DataFrame


def clean_text(text: str) -> str:
    """A text as it goes into a corpus: ``\\n`` breaks, composed letters, no control characters.

    >>> clean_text("  a\\r\\nb\\x00 ")
    'a\\nb'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    text = text.encode("utf-8", errors="replace").decode("utf-8")
    return unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()


def gather(
    records: Sequence[Record],
    people: Sequence[Person],
    dest: str | Path,
    *,
    programme: Programme | None = None,
    append: bool = False,
    skipped: int = 0,
) -> Imported:
    """Write entries and people as a corpus folder, or add them to one.

    Parameters
    ----------
    records : sequence of Record
        Entries in any order. Where they have no id they get one, ``PERSON-001`` by date.
    people : sequence of Person
        Participants; the same person may come up several times.
    dest : str or Path
        The corpus folder.
    programme : Programme, optional
        Sides, languages and so on; of the existing corpus when appending.
    append : bool
        Add to the corpus at `dest`; entries that it has already are skipped.
    skipped : int
        Entries that the source had but without text.

    Raises
    ------
    CorpusError
        With every fault of the source, or of the corpus to add to.
    ImportFormatError
        If there is nothing to import, or the sides are not known.
    ReflectError
        If `dest` exists and `append` is not set, or cannot be written.
    """
    dest = Path(dest)
    if not records:
        raise ImportFormatError(f"{dest}: no entry with a text found. Nothing was written.")
    old = _existing(dest) if append else None
    cells = {name: _rows(old, name) for name in TABLES}
    before = len(cells["participants"])
    origin: dict[tuple[str, int], tuple[str, int]] = {}
    found = _add_people(people, cells["participants"], origin)
    added, repeated, more = _add_records(records, cells["entries"], origin)
    found += more
    if found:
        raise CorpusError(fault_table(found))
    files = _files(dest, cells, programme or Programme(), old)
    unfinished = _checked(dest, files, origin)
    write_folder(dest, files, overwrite=append, keep_cache=append)
    return Imported(
        dest, added, len(cells["participants"]) - before, skipped + repeated, unfinished
    )


def _existing(dest: Path) -> Checked:
    checked = check_folder(dest)
    faults = checked.faults[checked.faults["problem"] != _UNFINISHED]
    if len(faults):
        raise CorpusError(faults)
    return checked


def _rows(old: Checked | None, name: str) -> list[dict[str, str]]:
    if old is None or name not in old.cells:
        return []
    return old.cells[name].to_dict("records")


def _add_people(
    people: Sequence[Person],
    rows: list[dict[str, str]],
    origin: dict[tuple[str, int], tuple[str, int]],
) -> list[Fault]:
    known = {row["participant_id"]: row for row in rows}
    found: list[Fault] = []
    told: set[tuple[str, str]] = set()
    for person in people:
        name = person.cells["participant_id"]
        if name not in known:
            known[name] = {}
            rows.append(known[name])
            origin["participants", len(rows) + 1] = (person.file, person.row)
        for column, value in person.cells.items():
            before = known[name].get(column, "")
            if value and before and value != before and (name, column) not in told:
                told.add((name, column))
                problem = f"{shown(name) or 'this person'} has another {column} elsewhere"
                remedy = "Make them the same in all rows and files."
                found.append(Fault(person.file, person.row, column, shown(value), problem, remedy))
            known[name][column] = before or value
    return found


def _add_records(
    records: Sequence[Record],
    rows: list[dict[str, str]],
    origin: dict[tuple[str, int], tuple[str, int]],
) -> tuple[int, int, list[Fault]]:
    """Append entries to the rows; how many came in, how many were there, and what is wrong."""
    present = {_content(row) for row in rows}
    by_id = {row["entry_id"]: row for row in rows}
    numbers = Counter(row["participant_id"] for row in rows)
    added, repeated, found = 0, 0, []
    for record in sorted(records, key=lambda record: (record.date, record.participant)):
        row = {
            "participant_id": record.participant,
            "date": iso_text(record.date),
            "text": record.text,
            "language": record.language,
            "prompt": record.prompt,
        }
        entry = record.entry
        if (entry in by_id and _content(by_id[entry]) == _content(row)) or (
            not entry and _content(row) in present
        ):
            repeated += 1
            continue
        if entry in by_id:
            problem = "the id belongs to another entry already"
            remedy = "Give each entry an id of its own, or import without ids."
            found.append(Fault(record.file, record.row, "entry_id", shown(entry), problem, remedy))
            continue
        while not entry or entry in by_id:
            numbers[record.participant] += 1
            entry = f"{record.participant}-{numbers[record.participant]:03d}"
        row = {"entry_id": entry, **row}
        by_id[entry] = row
        present.add(_content(row))
        rows.append(row)
        origin["entries", len(rows) + 1] = (record.file, record.row)
        added += 1
    return added, repeated, found


def _content(row: dict[str, str]) -> tuple[str, str, str]:
    return row["participant_id"], row["date"], row["text"]


def _files(
    dest: Path, cells: dict[str, list[dict[str, str]]], programme: Programme, old: Checked | None
) -> dict[str, str]:
    files, columns = {}, {}
    for name, rows in cells.items():
        table = TABLES[name]
        if not rows and (not table.required):
            continue
        extra = dict.fromkeys(column for row in rows for column in row)
        order = [*table.names, *(column for column in extra if column not in table.names)]
        names = [
            column
            for column in order
            if column in table.required_names or any(row.get(column) for row in rows)
        ]
        columns[name] = names
        files[table.file] = sheet_text(
            names, ([row.get(column, "") for column in names] for row in rows)
        )
    package = build_package(
        dest.resolve().name,
        sides=old.package["reflect"]["sides"] if old else _sides(programme, cells["participants"]),
        columns=columns,
        title=programme.title,
        languages=programme.languages,
        consent=programme.consent,
        synthetic=programme.synthetic,
        start=programme.start,
        end=programme.end,
    )
    if old is not None:
        package = old.package | {"resources": package["resources"]}
    return files | {PACKAGE: package_text(package)}


def _sides(programme: Programme, people: list[dict[str, str]]) -> tuple[str, ...]:
    if programme.sides:
        return programme.sides
    sides = tuple(dict.fromkeys(row["side"] for row in people if row.get("side")))
    if len(sides) != 2:
        names = ", ".join(filter(None, map(shown, sides[:5]))) or "none"
        raise ImportFormatError(
            f"{len(sides)} sides found ({names}), a corpus has two. "
            "Name both with --sides, such as --sides leader,talent."
        )
    return sides


def _checked(
    dest: Path, files: dict[str, str], origin: dict[tuple[str, int], tuple[str, int]]
) -> pd.DataFrame:
    """Check the files before they go to their place; what is unfinished comes back."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_bytes(text.encode("utf-8", errors="replace"))
        faults = check_folder(folder).faults
    unfinished = faults[faults["problem"] == _UNFINISHED]
    wrong = faults.drop(unfinished.index)
    if len(wrong):
        raise CorpusError(fault_table(_at_source(fault, origin) for fault in wrong.itertuples()))
    return unfinished.reset_index(drop=True)


def _at_source(fault: Any, origin: dict[tuple[str, int], tuple[str, int]]) -> Fault:
    """The fault, told for the row of the source: nobody has seen the table it was found in."""
    name = fault.file.removesuffix(".csv")
    file, row = origin.get((name, fault.row), (fault.file, fault.row))
    remedy = fault.remedy
    if remedy.startswith("Run `"):
        remedy = "Correct it in the source and import again."
    return Fault(file, row, fault.column, fault.value, fault.problem, remedy)


PEOPLE_COLUMNS = tuple(PARTICIPANTS.names)
