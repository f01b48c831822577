"""How few share what the table of participants says, and what to leave out so that enough do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import pandas as pd

from reflect.errors import ReflectError

QUASI = ("side", "first_language", "birth_decade", "gender", "sector")
OTHER, HIDDEN = "other", ""
#: Levels of coarsening a column can take; the side is needed for every comparison.
_LEVELS = {"side": 1, "first_language": 3, "birth_decade": 3, "gender": 2, "sector": 3}


@dataclass(frozen=True)
class Anonymised:
    """A table of participants that reaches k.

    Attributes
    ----------
    participants : DataFrame
        As given, with coarser values; "" where one is left out.
    k : int
        Smallest number of people who share all quasi-identifiers.
    changes : DataFrame
        ``column, change, cells``: what was done, and to how many cells.
    loss : float
        Share of the information in the quasi-identifiers that went (0 to 1).
    """

    participants: pd.DataFrame
    k: int
    changes: pd.DataFrame
    loss: float


def classes(
    participants: pd.DataFrame, columns: Iterable[str] = QUASI, sensitive: str = ""
) -> pd.DataFrame:
    """People who share all quasi-identifiers, the smallest groups first.

    Parameters
    ----------
    participants : DataFrame
        A corpus's participants.
    columns : iterable of str
        Quasi-identifiers; those the table lacks are left out.
    sensitive : str
        A column whose diversity is counted, "" for none.

    Returns
    -------
    DataFrame
        The columns, then ``people`` (the smallest is the k of k-anonymity, Sweeney 2002) and, with
        `sensitive`, ``diversity`` (distinct values; the smallest is the l of l-diversity,
        Machanavajjhala et al. 2007).
    """
    names = _present(participants, columns)
    grouped = participants.groupby(names, sort=True, dropna=False)
    table = grouped.size().rename("people").reset_index()
    if sensitive:
        if sensitive not in participants:
            raise ReflectError(f"no column {sensitive!r} among the participants. Name another")
        table["diversity"] = grouped[sensitive].nunique(dropna=False).to_numpy()
    return table.sort_values(["people", *names], kind="stable", ignore_index=True)


def k_of(participants: pd.DataFrame, columns: Iterable[str] = QUASI) -> int:
    """The k of k-anonymity: the size of the smallest group; 0 for an empty table."""
    table = classes(participants, columns)
    return int(table["people"].min()) if len(table) else 0


def l_of(participants: pd.DataFrame, sensitive: str, columns: Iterable[str] = QUASI) -> int:
    """The l of l-diversity: fewest distinct values of a sensitive column in any group."""
    table = classes(participants, columns, sensitive)
    return int(table["diversity"].min()) if len(table) else 0


def anonymise(participants: pd.DataFrame, k: int = 3, columns: Sequence[str] = QUASI) -> Anonymised:
    """The smallest coarsening and suppression that reaches k.

    Every combination of levels is tried: languages and sectors that fewer than k people have
    become ``other``, decades become twenty years, each column may be left out whole; people
    who still stand in a group below k lose all their quasi-identifiers but the side. Kept is what
    loses least (Samarati 2001, with the loss of a cell counted as 0.5 for a coarser value and 1 for
    none); among equals what leaves whole columns alone.

    Parameters
    ----------
    participants : DataFrame
        A corpus's participants; not changed.
    k : int
        Wanted size of the smallest group, 2 or more.
    columns : sequence of str
        Quasi-identifiers.

    Raises
    ------
    ReflectError
        If k is below 2, or a side has fewer than k people.
    """
    if k < 2:
        raise ReflectError(f"k is {k}: everybody is alike then. Ask for 2 or more")
    names = _present(participants, columns)
    if "side" in names:
        sizes = participants["side"].value_counts()
        if len(sizes) and int(sizes.min()) < k:
            raise ReflectError(
                f"a side has {int(sizes.min())} people: k = {k} cannot be reached while the side "
                "is told. Ask for a smaller k"
            )
    elif 0 < len(participants) < k:
        raise ReflectError(f"there are {len(participants)} people: ask for a smaller k than {k}")
    cells = participants[names].astype("str").fillna("")
    levels = {
        name: [_level(cells[name], name, n, k) for n in range(_LEVELS.get(name, 2))]
        for name in names
    }
    best: tuple[tuple[float, int, tuple[int, ...]], list[list[str]], list[bool]] | None = None
    for node in product(*(range(len(levels[name])) for name in names)):
        rows = list(
            zip(*(levels[name][n] for name, n in zip(names, node, strict=True)), strict=True)
        )
        hidden = _hidden(rows, names, k)
        if hidden is None:
            continue
        loss = _loss(cells, rows, names, hidden)
        rank = (round(loss, 9), sum(hidden), node)
        if best is None or rank < best[0]:
            best = (rank, [list(row) for row in rows], hidden)
    if best is None:
        raise ReflectError(f"k = {k} cannot be reached with this table. Ask for a smaller k")
    _, rows, hidden = best
    result = participants.copy()
    for place, name in enumerate(names):
        result[name] = [
            row[place] if not gone or name == "side" else HIDDEN
            for row, gone in zip(rows, hidden, strict=True)
        ]
    total = max(1, len(names) * len(participants))
    return Anonymised(
        result, k_of(result, names), _changes(cells, result, names), best[0][0] / total
    )


def _present(participants: pd.DataFrame, columns: Iterable[str]) -> list[str]:
    return [name for name in columns if name in participants and (participants[name] != "").any()]


def _level(values: pd.Series, name: str, level: int, k: int) -> list[str]:
    own = values.tolist()
    if level == 0:
        return own
    if level == _LEVELS.get(name, 2) - 1:
        return [HIDDEN] * len(own)
    if name == "birth_decade":
        return [_twenty(value) for value in own]
    counts = Counter(own)
    return [value if counts[value] >= k or not value else OTHER for value in own]


def _twenty(decade: str) -> str:
    digits = "".join(filter(str.isdigit, decade))[:4]
    if len(digits) != 4:
        return decade
    first = int(digits) // 20 * 20
    return f"{first}-{first + 19}"


def _hidden(rows: Sequence[tuple[str, ...]], names: list[str], k: int) -> list[bool] | None:
    """Who must lose all values; None where those would be too few among themselves."""
    counts = Counter(rows)
    hidden = [counts[row] < k for row in rows]
    side = names.index("side") if "side" in names else -1
    while True:
        blank = Counter()
        for row, gone in zip(rows, hidden, strict=True):
            empty = all(not cell for place, cell in enumerate(row) if place != side)
            if gone or empty:
                blank[row[side] if side >= 0 else ""] += 1
        short = [group for group, count in blank.items() if count < k]
        if not short:
            return hidden
        # People of the smallest group that is whole keep those company that stand alone.
        moved = False
        for group in short:
            free = Counter(
                row
                for row, gone in zip(rows, hidden, strict=True)
                if not gone and (side < 0 or row[side] == group)
            )
            if not free:
                return None
            chosen = min(free, key=lambda row: (free[row], row))
            hidden = [gone or row == chosen for row, gone in zip(rows, hidden, strict=True)]
            moved = True
        if not moved:
            return None


def _loss(
    cells: pd.DataFrame, rows: Sequence[tuple[str, ...]], names: list[str], hidden: Sequence[bool]
) -> float:
    loss = 0.0
    for place, name in enumerate(names):
        for old, row, gone in zip(cells[name], rows, hidden, strict=True):
            new = HIDDEN if gone and name != "side" else row[place]
            if old != new:
                loss += 0.5 if new else 1.0
    return loss


def _changes(cells: pd.DataFrame, result: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    rows = []
    for name in names:
        coarser = int(((cells[name] != result[name]) & (result[name] != HIDDEN)).sum())
        gone = int(((cells[name] != result[name]) & (result[name] == HIDDEN)).sum())
        rows += [
            (name, what, count)
            for what, count in (("coarser", coarser), ("left out", gone))
            if count
        ]
    return pd.DataFrame(rows, columns=["column", "change", "cells"]).astype({"cells": "int64"})
