"""Every fault of every table of a corpus folder in one pass."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

from reflect.layout import bare, read_layout
from reflect.package import read_package
from reflect.rules import Rules, column_checks
from reflect.schemas import (
    TABLES,
    Fault,
    Table,
    fault_table,
    shown,
)


@dataclass(frozen=True)
class Checked:
    """A corpus folder as read: descriptor, cells of each table (index = row), and all faults."""

    package: dict[str, Any]
    cells: dict[str, pd.DataFrame]
    faults: pd.DataFrame


def faults(path: str | Path) -> pd.DataFrame:
    """Every fault of a corpus folder.

    Parameters
    ----------
    path : str or Path
        The folder.

    Returns
    -------
    DataFrame
        ``file, row, column, value, problem, remedy``, in the order of files and rows. ``row`` is
        the row that a spreadsheet shows (the header is row 1), 0 where a fault has none; ``value``
        is never a diary text. Empty where the corpus is in order.
    """
    return check_folder(path).faults


def check_folder(path: str | Path) -> Checked:
    """Read a corpus folder and check it. Rows with faults stay in ``cells``."""
    folder = Path(path)
    if not folder.is_dir():
        remedy = "Check the path; `reflect new` makes a corpus, `reflect import` fills one."
        fault = Fault(str(path), 0, "", "", "no such folder", remedy)
        return Checked({"reflect": {}}, {}, fault_table([fault]))
    fix = f"reflect check {shlex.quote(str(path))} --fix"
    package, found = read_package(folder, fix)
    layouts = {name: read_layout(folder, table, fix) for name, table in TABLES.items()}
    cells = {name: layout.frame for name, layout in layouts.items() if layout.frame is not None}
    bared = {name: _bared(frame, TABLES[name]) for name, frame in cells.items()}
    rules = Rules(fix, package, layouts, bared)
    for name, table in TABLES.items():
        in_table = list(layouts[name].faults)
        if name in cells:
            in_table += _padding_faults(cells[name], table, fix)
            in_table += _cell_faults(table, rules)
        found += sorted(in_table, key=lambda fault: fault.row)
    return Checked(package, bared, fault_table(found))


def _bared(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """White space around everything but free text removed, so that one space is one fault."""
    free = {column.name for column in table.columns if column.kind == "text"}
    return frame.assign(
        **{name: frame[name].map(bare).astype("str") for name in frame if name not in free}
    )


def _padding_faults(frame: pd.DataFrame, table: Table, fix: str) -> Iterable[Fault]:
    for column in table.columns:
        if column.kind == "text" or column.name not in frame:
            continue
        for row, cell in frame[column.name].items():
            if bare(cell) != cell:
                problem = "white space or an invisible mark around the value"
                yield Fault(
                    table.file, row, column.name, shown(bare(cell)), problem, f"Run `{fix}`."
                )


def _cell_faults(table: Table, rules: Rules) -> list[Fault]:
    frame = rules.cells[table.name]
    schema = pa.DataFrameSchema(
        {
            column.name: pa.Column(checks=column_checks(column, table, rules, frame))
            for column in table.columns
            if column.name in frame
        }
    )
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        # pandera's own message holds cells and tables: only its coordinates are used.
        failed = error.failure_cases[["index", "column", "check"]]
    else:
        return []
    found = []
    for row, column, check in failed.itertuples(index=False):
        cell = frame.at[row, column]
        problem, remedy = rules.explain[f"{column} {check}" if check == "known" else check](
            cell, row
        )
        private = TABLES[table.name].columns[table.names.index(column)].kind == "text"
        found.append(
            Fault(table.file, int(row), column, "" if private else shown(cell), problem, remedy)
        )
    order = {name: place for place, name in enumerate(table.names)}
    return sorted(found, key=lambda fault: (fault.row, order[fault.column]))
