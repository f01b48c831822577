"""One family of exceptions; every message ends with what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


class ReflectError(Exception):
    """Something the user can mend. The message is one line and carries no diary text."""


class CorpusError(ReflectError):
    """A corpus folder has faults.

    Parameters
    ----------
    faults : DataFrame
        Columns ``file, row, column, value, problem, remedy``, one fault a row.
    """

    def __init__(self, faults: pd.DataFrame) -> None:
        self.faults = faults
        super().__init__("\n".join(fault_lines(faults)))


class ImportFormatError(ReflectError):
    """An export that `reflect import` cannot read as it stands."""


class CodebookError(ReflectError):
    """A codebook file has a bad rule."""


class ReportError(ReflectError):
    """A report could not be built or verified."""


class MissingExtraError(ReflectError):
    """An optional package is needed. The message names the extra to install."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the package {package}, which is not installed: "
            f"pip install 'reflect-mentoring[{extra}]'"
        )


def fault_lines(faults: pd.DataFrame) -> list[str]:
    """One readable line a fault: ``file, row, column: problem (value). remedy``."""
    lines = []
    for fault in faults.itertuples(index=False):
        place = fault.file
        if fault.row:
            place += f", row {fault.row}"
        if fault.column:
            place += f", column {fault.column}"
        value = f" ({fault.value!r})" if fault.value else ""
        lines.append(f"{place}: {fault.problem}{value}. {fault.remedy}")
    return lines
