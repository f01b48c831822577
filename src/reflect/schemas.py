"""The tables of a corpus: their columns, keys and descriptions, also as Frictionless resources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

CONSENTS = ("full", "no_quotes", "withdrawn")
LANGUAGES = ("de", "en")
#: Column that `reflect.anonymity.gate.screened` adds to entries; never written to a file.
OPEN_FINDINGS = "open_findings"
DATE_PATTERN = r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?"


class Fault(NamedTuple):
    """One fault of a corpus folder: where, what, and how to mend it (0 and "" for no one place)."""

    file: str
    row: int
    column: str
    value: str
    problem: str
    remedy: str


def fault_table(found: Iterable[Fault]) -> pd.DataFrame:
    """Faults as a DataFrame with the columns ``file, row, column, value, problem, remedy``."""
    table = pd.DataFrame(list(found), columns=list(Fault._fields))
    return table.astype({"row": "int64"})


def shown(value: str) -> str:
    """A cell as a message may show it: one short word or a date, never anything like a sentence.

    A diary text can land in any column when cells have slipped, so what has several words is
    withheld; row and column lead to it.

    >>> shown("T01-X"), shown("3. März 2025"), shown("I met her again today")
    ('T01-X', '3. März 2025', '')
    """
    value = value.strip()
    if len(value) > 30 or (" " in value and not value[0].isdigit()) or not value.isprintable():
        return ""
    return value if len(value.split()) <= 3 else ""


@dataclass(frozen=True)
class Column:
    """One column: `kind` is id, key (refers to another table), date, number, word or text."""

    name: str
    kind: str
    description: str
    required: bool = True
    refers: str = ""


@dataclass(frozen=True)
class Table:
    """One table of a corpus. `key` is the column whose values are unique, "" for none."""

    name: str
    columns: tuple[Column, ...]
    key: str
    required: bool = True

    @property
    def file(self) -> str:
        """Name of the file."""
        return f"{self.name}.csv"

    @property
    def names(self) -> list[str]:
        """Names of all columns."""
        return [column.name for column in self.columns]

    @property
    def required_names(self) -> list[str]:
        """Names of the columns that every row fills."""
        return [column.name for column in self.columns if column.required]


PARTICIPANTS = Table(
    "participants",
    (
        Column("participant_id", "id", "one pseudonymous id a person, such as T01-L"),
        Column("tandem_id", "word", "the tandem the person belongs to, such as T01"),
        Column("side", "word", "one of the two sides named in datapackage.json"),
        Column("consent", "word", "full, no_quotes or withdrawn; full where empty", False),
        Column("first_language", "word", "ISO 639 code of the first language", False),
        Column("birth_decade", "word", "decade of birth, such as 1970s", False),
        Column("gender", "word", "as the person gave it", False),
        Column("sector", "word", "field of work or study", False),
        Column("placeholder", "word", "how the partner's diary names this person", False),
    ),
    key="participant_id",
)
ENTRIES = Table(
    "entries",
    (
        Column("entry_id", "id", "one id an entry, such as T01-L01"),
        Column("participant_id", "key", "who wrote it", refers="participants"),
        Column("date", "date", "day the entry was written, YYYY-MM-DD or YYYY-MM-DDTHH:MM"),
        Column("text", "text", "the anonymised entry"),
        Column("language", "word", "de or en; detected where empty", False),
        Column("prompt", "text", "the diary prompt that was answered, if any", False),
    ),
    key="entry_id",
)
EVENTS = Table(
    "events",
    (
        Column("event_id", "id", "one id an event"),
        Column("tandem_id", "key", "the tandem that took part", refers="participants"),
        Column("date", "date", "day of the event, YYYY-MM-DD or YYYY-MM-DDTHH:MM"),
        Column("kind", "word", "kickoff, meeting, visit_workplace, visit_school, closing, …"),
        Column("description", "text", "one line", False),
    ),
    key="event_id",
    required=False,
)
OUTCOMES = Table(
    "outcomes",
    (
        Column("outcome_id", "id", "one id an outcome"),
        Column("participant_id", "key", "whose outcome it is", refers="participants"),
        Column("date", "date", "day it was noted, YYYY-MM-DD or YYYY-MM-DDTHH:MM"),
        Column("kind", "word", "job_offer, internship, skill, network, confidence, …"),
        Column("description", "text", "one line", False),
    ),
    key="outcome_id",
    required=False,
)
CODES = Table(
    "codes",
    (
        Column("coder_id", "word", "who coded"),
        Column("entry_id", "key", "the entry that carries the code", refers="entries"),
        Column("start", "number", "offset of the first character in the entry's text"),
        Column("end", "number", "offset behind the last character in the entry's text"),
        Column("marker", "word", "the code"),
        Column("direction", "word", "such as from_partner; empty for most markers", False),
    ),
    key="",
    required=False,
)
TABLES = {table.name: table for table in (PARTICIPANTS, ENTRIES, EVENTS, OUTCOMES, CODES)}


def resources(tables: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Frictionless resource descriptors of the tables in a folder.

    Parameters
    ----------
    tables : dict of str to list of str
        Name of each table that the folder holds, and its columns in order.

    Returns
    -------
    list of dict
        ``name, path, format, encoding, schema`` with fields, ``primaryKey`` and ``foreignKeys``.
    """
    return [_resource(TABLES[name], columns) for name, columns in tables.items()]


def _resource(table: Table, names: list[str]) -> dict[str, Any]:
    known = {column.name: column for column in table.columns}
    schema: dict[str, Any] = {
        "fields": [_field(name, known.get(name), table.key) for name in names],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = table.key
    references = [
        {
            "fields": column.name,
            "reference": {"resource": column.refers, "fields": column.name},
        }
        for column in table.columns
        # A tandem has two rows in participants, so its id is no key there.
        if column.kind == "key" and column.name != "tandem_id"
    ]
    if references:
        schema["foreignKeys"] = references
    return {
        "name": table.name,
        "path": table.file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(name: str, column: Column | None, key: str) -> dict[str, Any]:
    if column is None:
        return {"name": name, "type": "string"}
    field: dict[str, Any] = {
        "name": name,
        "type": "integer" if column.kind == "number" else "string",
        "description": column.description,
    }
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if name == key:
        constraints["unique"] = True
    if column.kind == "date":
        constraints["pattern"] = DATE_PATTERN
    if name == "consent":
        constraints["enum"] = list(CONSENTS)
    if constraints:
        field["constraints"] = constraints
    return field
