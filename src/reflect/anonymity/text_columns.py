"""Which cells of a corpus hold running text: all that somebody may have written a name into."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from reflect.schemas import OPEN_FINDINGS, TABLES

if TYPE_CHECKING:
    from reflect.corpus import Corpus

_READ = ("entries", "events", "outcomes", "participants")
_TELLING = re.compile(r"[^\W\d_]|\d[\d /.-]{4,}")


class Field(NamedTuple):
    """A column of texts: its table, the column of the table's ids, and its own name."""

    table: str
    key: str
    column: str

    @property
    def name(self) -> str:
        """As the findings call it, such as ``entries.text``."""
        return f"{self.table}.{self.column}"


def text_fields(corpus: Corpus) -> list[Field]:
    """Columns of a corpus that hold texts: those of the schema, and every column of its own.

    Columns that the schema does not know are read where any cell has a letter or a long number:
    notes, places, names of imported files.
    """
    found = []
    for name in _READ:
        table = getattr(corpus, name)
        kinds = {column.name: column.kind for column in TABLES[name].columns}
        found += [
            Field(name, TABLES[name].key, column)
            for column in table
            if kinds.get(column) == "text"
            or (column not in kinds and column != OPEN_FINDINGS and _tells(table[column]))
        ]
    return found


def _tells(cells: pd.Series) -> bool:
    return any(_TELLING.search(cell) for cell in cells if isinstance(cell, str))
