"""From what researchers have (spreadsheets, documents, diary apps) to a corpus folder."""

from __future__ import annotations

import re
from pathlib import Path

from reflect.dates import read_dates
from reflect.documents import SUFFIXES, dated_parts, document_text
from reflect.errors import CorpusError, ImportFormatError
from reflect.intake import (
    PEOPLE_COLUMNS,
    Imported,
    Person,
    Programme,
    Record,
    clean_text,
    gather,
)
from reflect.journals import journal_entries
from reflect.schemas import Fault, fault_table, shown
from reflect.spreadsheets import column_places, read_people, table_rows

FIELDS = ("participant", "date", "tandem", "side", "entry", "language")


def import_table(
    source: str | Path,
    dest: str | Path,
    *,
    participant: str = "",
    date: str = "",
    text: str = "",
    tandem: str = "",
    side: str = "",
    entry: str = "",
    language: str = "",
    prompt: str = "",
    people: str | Path | None = None,
    sheet: str = "",
    day_first: bool | None = None,
    programme: Programme | None = None,
    append: bool = False,
) -> Imported:
    """Import a CSV or XLSX export with one entry a row.

    Encoding and separator are found out. Columns not named are looked for under the names of a
    corpus and common German and English ones (Autor, Datum, Eintrag, …). Further columns that
    participants.csv knows (consent, first_language, …) are taken along.

    Parameters
    ----------
    source : str or Path
        The export.
    dest : str or Path
        The corpus folder.
    participant, date, text, tandem, side, entry, language, prompt : str
        Names of the columns in the export.
    people : str or Path, optional
        Table of participants with their tandem and side, where the export has no such columns.
    sheet : str
        Which sheet of a workbook.
    day_first : bool, optional
        Whether 3/4/25 is 3 April; needed only where the column leaves it open.
    programme : Programme, optional
        Sides, title, languages and so on.
    append : bool
        Add to the corpus at `dest`.

    Raises
    ------
    ImportFormatError
        If the file or a column is not what it should be.
    CorpusError
        With every faulty row.
    """
    source = Path(source)
    header, rows = table_rows(source, sheet)
    named = {
        "participant_id": participant,
        "date": date,
        "text": text,
        "tandem_id": tandem,
        "side": side,
        "entry_id": entry,
        "language": language,
        "prompt": prompt,
    }
    places = column_places(source, header, named, required=("participant_id", "date", "text"))
    faults: list[Fault] = []
    cells = [{name: row[place] for name, place in places.items()} for _, row in rows]
    moments = read_dates([row["date"] for row in cells], day_first)
    records: list[Record] = []
    persons = read_people(people)
    skipped = 0
    for (number, _), row, moment in zip(rows, cells, moments, strict=True):
        body = clean_text(row["text"])
        if not body:
            skipped += 1
            continue
        if not row["participant_id"]:
            faults.append(_fault(source, number, header[places["participant_id"]], "", "empty"))
        if moment is None:
            faults.append(_date_fault(source, number, header[places["date"]], row["date"]))
        if row["participant_id"] and moment is not None:
            extra = {name: row.get(name, "") for name in ("language", "prompt")}
            records.append(
                Record(
                    source.name,
                    number,
                    row["participant_id"],
                    moment,
                    body,
                    entry=row.get("entry_id", ""),
                    **extra,
                )
            )
            own = {name: row[name] for name in PEOPLE_COLUMNS if row.get(name)}
            persons.append(Person(source.name, number, own))
    if faults:
        raise CorpusError(fault_table(faults))
    _placed(persons, dest, append)
    return gather(records, persons, dest, programme=programme, append=append, skipped=skipped)


def import_folder(
    folder: str | Path,
    dest: str | Path,
    *,
    pattern: str = "{tandem}_{participant}_{side}_{date}",
    people: str | Path | None = None,
    day_first: bool | None = None,
    programme: Programme | None = None,
    append: bool = False,
) -> Imported:
    """Import a folder of DOCX, ODT, TXT and Markdown files.

    Parameters
    ----------
    folder : str or Path
        The folder; files in folders below it are read too, other kinds of files are passed over.
    dest : str or Path
        The corpus folder.
    pattern : str
        How file names are made, without the ending, with the fields ``{participant} {date}
        {tandem} {side} {entry} {language}``; with ``/`` also the folders. ``{participant}`` is
        needed. Without ``{date}`` a file holds several entries, each under a line that is a date.
    people : str or Path, optional
        Table of participants with their tandem and side, where file names lack them.
    day_first, programme, append
        As for `import_table`.

    Raises
    ------
    ImportFormatError
        If the folder or the pattern is not what it should be.
    CorpusError
        With every file whose name does not fit or whose content cannot be read.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ImportFormatError(f"{folder}: no such folder. Check the path.")
    fits = _pattern(pattern)
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and path.is_file()
        and not _passed_over(path, folder, dest)
    )
    if not files:
        raise ImportFormatError(f"{folder}: no file ending in {', '.join(SUFFIXES)}. Check it.")
    records: list[Record] = []
    faults: list[Fault] = []
    persons = read_people(people)
    named: list[tuple[Path, dict[str, str]]] = []
    for path in files:
        relative = path.relative_to(folder).with_suffix("").as_posix()
        name = clean_text(relative if "/" in pattern else path.stem)
        match = fits.fullmatch(name)
        if match:
            named.append((path, match.groupdict()))
        else:
            remedy = f"Rename the file to fit {pattern}, or give another --pattern."
            faults.append(Fault(path.name, 0, "", "", "the name does not fit the pattern", remedy))
    by_name = "{date}" in pattern
    dates = read_dates([_day(fields.get("date", "")) for _, fields in named], day_first)
    for (path, fields), moment in zip(named, dates, strict=True):
        if by_name and moment is None:
            faults.append(_date_fault(path, 0, "", fields["date"]))
            continue
        try:
            body = document_text(path)
        except ImportFormatError as error:
            faults.append(Fault(path.name, 0, "", "", *_split(error)))
            continue
        parts = [(0, moment, body)] if by_name else dated_parts(body, day_first)
        if not parts:
            remedy = "Write each date in a line of its own, or put it into the name ({date})."
            faults.append(Fault(path.name, 0, "", "", "no line is a date", remedy))
        ids = {"participant_id": fields["participant"]}
        ids |= {f"{key}_id": fields[key] for key in ("tandem",) if fields.get(key)}
        ids |= {"side": fields["side"]} if fields.get("side") else {}
        persons.append(Person(path.name, 0, ids))
        for line, day, content in parts:
            records.append(
                Record(
                    path.name,
                    line,
                    fields["participant"],
                    day,
                    clean_text(content),
                    entry=fields.get("entry", ""),
                    language=fields.get("language", ""),
                )
            )
    if faults:
        raise CorpusError(fault_table(faults))
    _placed(persons, dest, append)
    filled = [record for record in records if record.text]
    skipped = len(records) - len(filled)
    return gather(filled, persons, dest, programme=programme, append=append, skipped=skipped)


def import_dayone(
    source: str | Path,
    dest: str | Path,
    *,
    participant: str,
    tandem: str,
    side: str,
    journal: str = "",
    programme: Programme | None = None,
    append: bool = False,
) -> Imported:
    """Import one person's journal from a Day One export (JSON, or the ZIP that holds it).

    Times are turned into the time zone in which each entry was written. Photos, escapes and marks
    of Markdown are dropped; entries without text are skipped. Call it once a person, from the
    second on with `append`.

    Parameters
    ----------
    source : str or Path
        The export.
    dest : str or Path
        The corpus folder.
    participant, tandem, side : str
        Whose journal it is.
    journal : str
        Which journal of a ZIP that holds several.
    programme : Programme, optional
        Sides, title, languages and so on; both sides have to be named for the first journal.
    append : bool
        Add to the corpus at `dest`.

    Raises
    ------
    ImportFormatError
        If the file is no such export.
    CorpusError
        With every faulty entry; its ``row`` is the number of the entry in the file.
    """
    source = Path(source)
    owner = {"participant_id": participant, "tandem_id": tandem, "side": side}
    for name, value in owner.items():
        if not value.strip():
            raise ImportFormatError(f"{source}: {name} is empty. Say whose journal it is.")
    records, skipped = [], 0
    faults: list[Fault] = []
    for number, moment, text in journal_entries(source, journal):
        body = clean_text(text)
        if moment is None:
            problem, remedy = "creationDate is no date", "Export the journal again."
            faults.append(Fault(source.name, number, "creationDate", "", problem, remedy))
        elif body:
            records.append(Record(source.name, number, participant, moment, body))
        else:
            skipped += 1
    if faults:
        raise CorpusError(fault_table(faults))
    persons = [Person(source.name, 0, owner)]
    return gather(records, persons, dest, programme=programme, append=append, skipped=skipped)


def _placed(persons: list[Person], dest: str | Path, append: bool) -> None:
    """Refuse people whose tandem or side nobody names, before they become empty cells."""
    if append:
        return
    known: dict[str, dict[str, str]] = {}
    for person in persons:
        known.setdefault(person.cells["participant_id"], {}).update(person.cells)
    for name, cells in known.items():
        for column in ("tandem_id", "side"):
            if not cells.get(column):
                who = shown(name) or "somebody"
                raise ImportFormatError(
                    f"{dest}: {column} of {who} is not known. Give a table of participants with "
                    "--people FILE (columns participant_id, tandem_id, side)."
                )


def _passed_over(path: Path, folder: Path, dest: str | Path) -> bool:
    """Hidden files, lock files of word processors, what a Mac packs along, the corpus itself."""
    hidden = any(part.startswith((".", "~", "__")) for part in path.relative_to(folder).parts)
    return hidden or Path(dest).resolve() in path.resolve().parents


def _pattern(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w*)\}", pattern)
    fields = parts[1::2]
    wrong = [name for name in fields if name not in FIELDS]
    if wrong or len(set(fields)) != len(fields) or "participant" not in fields:
        raise ImportFormatError(
            f"pattern {pattern!r}: use each of {{participant}} (needed), {{date}}, {{tandem}}, "
            "{side}, {entry} and {language} at most once."
        )
    shapes = {"date": r"\d{8}|\d{1,4}[-._]\d{1,2}[-._]\d{1,4}"}
    expression = "".join(
        f"(?P<{part}>{shapes.get(part, '[^/]+?')})" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    )
    return re.compile(expression)


def _day(name: str) -> str:
    """A date in a file name, as a spreadsheet would write it: 20250303, 3_3_2025."""
    if re.fullmatch(r"\d{8}", name):
        return f"{name[:4]}-{name[4:6]}-{name[6:]}"
    return re.sub("[_-]", "-", name)


def _fault(source: Path, row: int, column: str, value: str, problem: str) -> Fault:
    remedy = "Fill it in or delete the row."
    return Fault(source.name, row, shown(column), value, problem, remedy)


def _date_fault(source: Path, row: int, column: str, value: str) -> Fault:
    readings = {read_dates([value], order)[0] for order in (True, False)} - {None}
    if len(readings) == 2:
        remedy = "Say --day-first or --month-first."
        return Fault(source.name, row, shown(column), shown(value), "an ambiguous date", remedy)
    problem = "not a date" if value.strip() else "no date"
    return Fault(source.name, row, shown(column), shown(value), problem, "Write it as YYYY-MM-DD.")


def _split(error: ImportFormatError) -> tuple[str, str]:
    problem, _, remedy = str(error).partition(". ")
    return problem.split(": ", 1)[-1], remedy
