"""What each coder said about each sentence, from codes with offsets.

A code says that a family applies. That none applies is a judgement, too, and is kept as a
code of its own, `NONE`; without it, "read and found nothing" and "not read" look alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from reflect.errors import ReflectError
from reflect.markers import FAMILIES

NONE = "none"
CODE_COLUMNS = ("coder_id", "entry_id", "start", "end", "marker", "direction", "note")
UNIT_COLUMNS = ("entry_id", "start", "end")
#: A code belongs to a sentence if they share at least this part of the shorter of the two.
SHARED = 0.5


@dataclass(frozen=True)
class Ratings:
    """Judgements as arrays, one row a coder, one column a unit.

    Attributes
    ----------
    coders : list of str
        In alphabetical order.
    units : DataFrame
        The units judged, ``unit_id, entry_id, start, end`` and what else the units have.
    judged : ndarray of bool
        Whether the coder judged the unit at all.
    marked : dict of str to ndarray of bool
        For each marker, whether the coder gave it to the unit.
    directions : dict of str to ndarray of str
        For each marker with directions, the direction given, "" where none.
    """

    coders: list[str]
    units: pd.DataFrame = field(repr=False)
    judged: np.ndarray = field(repr=False)
    marked: dict[str, np.ndarray] = field(repr=False)
    directions: dict[str, np.ndarray] = field(repr=False)

    @property
    def markers(self) -> list[str]:
        """Markers in the order of the codebook, own ones behind."""
        return list(self.marked)


def check_columns(table: pd.DataFrame, columns: Iterable[str], what: str) -> None:
    """Refuse a table that lacks columns.

    Raises
    ------
    ReflectError
        Which names the column.
    """
    for column in columns:
        if column not in table.columns:
            raise ReflectError(f"{what} lack the column {column}. Add it")


def marker_order(markers: Iterable[str]) -> list[str]:
    """The codebook's order, own markers behind in alphabetical order, without `NONE`."""
    given = set(markers) - {NONE, ""}
    return [name for name in FAMILIES if name in given] + sorted(given - set(FAMILIES))


def place(codes: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Codes on the units they belong to.

    A code and a unit of the same entry belong together if they share at least half of the
    shorter one: a phrase marked in MAXQDA belongs to its sentence, a paragraph to each of its
    sentences.

    Parameters
    ----------
    codes : DataFrame
        ``coder_id, entry_id, start, end, marker`` and optionally ``direction, note``.
    units : DataFrame
        ``unit_id, entry_id, start, end``.

    Returns
    -------
    DataFrame
        ``coder_id, unit_id, marker, direction, note``, one row a coder, unit and marker.
    """
    check_columns(codes, ("coder_id", *UNIT_COLUMNS, "marker"), "codes")
    check_columns(units, ("unit_id", *UNIT_COLUMNS), "units")
    texts = {name: codes.get(name, "") for name in ("direction", "note")}
    codes = codes.assign(**texts)
    codes = codes[["coder_id", *UNIT_COLUMNS, "marker", "direction", "note"]]
    pairs = codes.merge(
        units[["unit_id", *UNIT_COLUMNS]], on="entry_id", suffixes=("", "_unit"), how="inner"
    )
    shared = np.minimum(pairs["end"], pairs["end_unit"]) - np.maximum(
        pairs["start"], pairs["start_unit"]
    )
    shorter = np.minimum(pairs["end"] - pairs["start"], pairs["end_unit"] - pairs["start_unit"])
    pairs = pairs[(shared > 0) & (shared >= SHARED * shorter)]
    columns = ["coder_id", "unit_id", "marker", "direction", "note"]
    # A direction beats none where two codes of one marker fall on one sentence.
    pairs = pairs.assign(_blank=pairs["direction"] == "").sort_values(
        ["coder_id", "unit_id", "marker", "_blank"], kind="stable"
    )
    return pairs.drop_duplicates(["coder_id", "unit_id", "marker"])[columns].reset_index(drop=True)


def units_of(codes: pd.DataFrame) -> pd.DataFrame:
    """The spans that codes stand on as units, where no sentences are given."""
    check_columns(codes, UNIT_COLUMNS, "codes")
    spans = codes[list(UNIT_COLUMNS)].drop_duplicates()
    spans = spans.sort_values(list(UNIT_COLUMNS), kind="stable").reset_index(drop=True)
    return spans.assign(unit_id=[f"s{number:05d}" for number in range(1, len(spans) + 1)])


def ratings(
    codes: pd.DataFrame, units: pd.DataFrame | None = None, markers: Iterable[str] | None = None
) -> Ratings:
    """Codes as judgements of units.

    A coder judged a unit if any code of theirs, `NONE` included, stands on it. A coder who never
    uses `NONE` works as in QDA software, where only finds are marked: every unit of an entry in
    which they coded anything counts as judged.

    Parameters
    ----------
    codes : DataFrame
        ``coder_id, entry_id, start, end, marker`` [``, direction``].
    units : DataFrame, optional
        ``unit_id, entry_id, start, end``: the sentences. Without them the coded spans themselves.
    markers : iterable of str, optional
        Markers wanted; those in the codes by default.

    Raises
    ------
    ReflectError
        If a column is missing or there are no codes.
    """
    units = units_of(codes) if units is None else units.reset_index(drop=True)
    placed = place(codes, units)
    if placed.empty:
        raise ReflectError(
            "no code stands on any of the sentences. Check that the codes belong to this sample"
        )
    coders = sorted(placed["coder_id"].unique())
    rows = {name: number for number, name in enumerate(coders)}
    columns = {name: number for number, name in enumerate(units["unit_id"])}
    row = placed["coder_id"].map(rows).to_numpy()
    column = placed["unit_id"].map(columns).to_numpy()
    judged = np.zeros((len(coders), len(units)), dtype=bool)
    judged[row, column] = True
    _read_whole_entries(judged, placed, units, rows)
    wanted = marker_order(placed["marker"]) if markers is None else list(markers)
    marked, directions = {}, {}
    for marker in wanted:
        mine = (placed["marker"] == marker).to_numpy()
        marked[marker] = np.zeros_like(judged)
        marked[marker][row[mine], column[mine]] = True
        given = placed["direction"].to_numpy(dtype=object)[mine]
        if any(given):
            directions[marker] = np.full(judged.shape, "", dtype=object)
            directions[marker][row[mine], column[mine]] = given
    seen = judged.any(axis=0)
    return Ratings(
        coders,
        units[seen].reset_index(drop=True),
        judged[:, seen],
        {name: table[:, seen] for name, table in marked.items()},
        {name: table[:, seen] for name, table in directions.items()},
    )


def _read_whole_entries(
    judged: np.ndarray, placed: pd.DataFrame, units: pd.DataFrame, rows: dict[str, int]
) -> None:
    explicit = set(placed.loc[placed["marker"] == NONE, "coder_id"])
    entry = units["entry_id"].to_numpy(dtype=object)
    for coder, number in rows.items():
        if coder not in explicit:
            judged[number] = np.isin(entry, entry[judged[number]])
