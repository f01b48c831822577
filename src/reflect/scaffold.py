"""A new corpus folder with one example row in each table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reflect.dates import iso_date
from reflect.errors import ReflectError
from reflect.folder import PACKAGE, write_folder
from reflect.package import build_package, package_text
from reflect.schemas import LANGUAGES, TABLES
from reflect.sheets import sheet_text

_TEXTS = {
    "de": ("Beispiel: Wir trafen uns zum ersten Mal.", "Beispiel: Er fragte viel."),
    "en": ("Example: we met for the first time.", "Example: he asked a lot."),
}
_README = """# {title}

A diary corpus for `reflect`. The rows in the tables are examples: write over them.

1. Fill `participants.csv`, one row a person. A tandem has two people, one on the side
   `{first}`, one on the side `{second}`. Use ids, never names.
2. Fill `entries.csv`, one row a diary entry, names replaced. Dates as 2025-03-31.
3. `events.csv` (meetings, visits), `outcomes.csv` (what came of it) and `codes.csv` (human codes)
   are optional: delete the files that you do not need.
4. Fill in title, consent statement, first and last day (`start`, `end`) in `datapackage.json`.
5. `reflect check {name}` lists everything that is not right yet, `reflect check {name} --fix`
   mends what Excel changed (separators, dates, encoding).

In Excel format the date columns as Text before you type into them, and save as "CSV UTF-8".
Entries that exist elsewhere (spreadsheet, documents, Day One) come in with `reflect import`.

## Tables

{tables}
"""


def scaffold(
    dest: str | Path,
    *,
    title: str = "",
    sides: Sequence[str] = ("leader", "talent"),
    languages: Sequence[str] = LANGUAGES,
    start: str = "",
    end: str = "",
) -> Path:
    """Make a corpus folder that loads at once and shows how to fill it.

    Parameters
    ----------
    dest : str or Path
        The folder to make.
    title : str
        Title of the corpus; the name of the folder where empty.
    sides : sequence of str
        Names of the two sides.
    languages : sequence of str
        Languages of the entries, of ``de`` and ``en``.
    start, end : str
        First and last day of the programme as ISO dates, if they are known.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ReflectError
        If the folder exists, or sides, languages or dates are not what they should be.
    """
    dest = Path(dest)
    sides = [side.strip() for side in sides]
    if len(sides) != 2 or sides[0] == sides[1] or not all(sides):
        raise ReflectError("a corpus has two sides. Name both, such as --sides leader,talent.")
    if not languages or not set(languages) <= set(LANGUAGES):
        raise ReflectError("reflect reads de and en. Choose from these languages.")
    for day in filter(None, (start, end)):
        if iso_date(day) is None:
            raise ReflectError(f"{day!r} is no ISO date. Write it as YYYY-MM-DD.")
    if start and end and end < start:
        raise ReflectError(f"the programme ends on {end}, before {start}. Swap start and end.")
    rows = _examples(sides, languages[0], (start or end or "2025-03-03")[:10])
    columns = {name: TABLES[name].names for name in rows}
    files = {TABLES[name].file: sheet_text(columns[name], rows[name]) for name in rows}
    name = dest.resolve().name
    package = build_package(
        name,
        sides=sides,
        columns=columns,
        title=title,
        side_labels={side: {language: side for language in languages} for side in sides},
        languages=languages,
        start=start,
        end=end,
    )
    files[PACKAGE] = package_text(package)
    files["README.md"] = _README.format(
        title=title or name, first=sides[0], second=sides[1], name=name, tables=_tables()
    )
    return write_folder(dest, files)


def _examples(sides: Sequence[str], language: str, day: str) -> dict[str, list[list[str]]]:
    first, second = _TEXTS[language]
    people = (("T01-A", sides[0], "[PERSON_1]"), ("T01-B", sides[1], "[PERSON_2]"))
    return {
        "participants": [
            [person, "T01", side, "full", language, "", "", "", placeholder]
            for person, side, placeholder in people
        ],
        "entries": [
            ["T01-A-001", "T01-A", day, first, language, ""],
            ["T01-B-001", "T01-B", day, second, language, ""],
        ],
        "events": [["T01-E1", "T01", day, "kickoff", ""]],
        "outcomes": [["T01-O1", "T01-B", day, "network", ""]],
        "codes": [["coder1", "T01-A-001", "0", str(len(first)), "insight", ""]],
    }


def _tables() -> str:
    blocks = []
    for table in TABLES.values():
        lines = [f"### {table.file}{'' if table.required else ' (optional)'}", ""]
        for column in table.columns:
            optional = "" if column.required else " (optional)"
            lines.append(f"- `{column.name}`{optional}: {column.description}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)
