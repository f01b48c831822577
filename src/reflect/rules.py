"""What the cells of a corpus must be, as pandera checks, and how to say what is wrong."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd
import pandera.pandas as pa

from reflect.dates import iso_date, iso_text, spreadsheet_dates
from reflect.layout import Layout, bare
from reflect.package import package_day
from reflect.schemas import CONSENTS, LANGUAGES, TABLES, Column, Table

# UTF-8 read as Windows-1252 and saved again: "Ã¼" for "ü", "â€ž" for "„".
GARBLED = re.compile("\ufffd|Ã[\u0080-\u00bf„œŸ–€]|â€[žœ“”™˜¦\u009d]")
_NUMBER = re.compile(r"-?\d{1,15}(\.0+)?", re.ASCII)
_HINTS = 30
_ERROR_CELLS = ("#NAME?", "#REF!", "#VALUE!", "#N/A", "#NV", "#BEZUG!", "#WERT!", "#DIV/0!")

Explain = Callable[[str, int], tuple[str, str]]


@dataclass
class Rules:
    """What the checks of one table need to know about the others, and how to explain each check."""

    fix: str
    package: dict[str, Any]
    layouts: dict[str, Layout]
    cells: dict[str, pd.DataFrame]
    explain: dict[str, Explain] = field(default_factory=dict)

    def check(
        self, name: str, passes: Callable[[pd.Series], pd.Series], explain: Explain
    ) -> pa.Check:
        """A pandera check of a column, remembered with the words for its failures."""
        self.explain[name] = explain
        return pa.Check(lambda cells: pd.Series(passes(cells), index=cells.index), name=name)


def column_checks(
    column: Column, table: Table, rules: Rules, frame: pd.DataFrame
) -> list[pa.Check]:
    """Checks of one column; `rules` learns how to explain each of them by its name."""
    checks = []
    if column.required:
        checks.append(_filled(column, rules))
    if column.name == table.key:
        checks.append(_unique(frame, column, rules))
    if column.kind == "date":
        checks.append(_dated(rules))
    if column.kind == "number":
        checks.append(
            rules.check(
                "number",
                lambda cells: (cells == "") | _each(cells, _NUMBER.fullmatch),
                lambda cell, row: ("not a whole number", "Count characters of the text from 0."),
            )
        )
    if column.kind == "key":
        checks += _known(column, rules)
    special = _SPECIAL.get((table.name, column.name))
    return checks + (special(rules, frame) if special else [])


def _each(cells: pd.Series, passes: Callable[[str], object]) -> pd.Series:
    return pd.Series([bool(passes(cell)) for cell in cells], index=cells.index, dtype="bool")


def _filled(column: Column, rules: Rules) -> pa.Check:
    remedies = {"text": "Write the text or delete the row.", "date": "Write it as YYYY-MM-DD."}
    remedy = remedies.get(column.kind, f"Write it: {column.description}.")
    return rules.check(
        f"{column.name} empty",
        lambda cells: cells.map(bare) != "",
        lambda cell, row: ("empty", remedy),
    )


def _unique(frame: pd.DataFrame, column: Column, rules: Rules) -> pa.Check:
    first = {cell: row for row, cell in reversed(list(frame[column.name].items()))}
    return rules.check(
        "duplicate",
        lambda cells: (cells == "") | ~cells.duplicated(),
        lambda cell, row: (
            f"the id stands in row {first[cell]} already",
            "Give each row an id of its own, or delete the row if it is there twice.",
        ),
    )


def _dated(rules: Rules) -> pa.Check:
    def explain(cell: str, row: int) -> tuple[str, str]:
        meant = [iso_text(moment) for moment in spreadsheet_dates(cell)]
        if len(meant) == 1:
            what = "Excel's number for a day" if cell[:5].isdigit() else "not an ISO date"
            return (
                what,
                f"Write {meant[0]} (format the column as Text first), or run `{rules.fix}`.",
            )
        if meant:
            return "not an ISO date, and ambiguous", f"Write {' or '.join(meant)}."
        return "not a date", "Write it as YYYY-MM-DD, such as 2025-03-31."

    return rules.check(
        "date",
        lambda cells: (cells == "") | _each(cells, iso_date),
        explain,
    )


def _known(column: Column, rules: Rules) -> list[pa.Check]:
    target = rules.cells.get(column.refers)
    if target is None or column.name not in target:
        return []
    file = TABLES[column.refers].file
    # The first cell of a row that slipped may be the very id that is looked for.
    known = dict.fromkeys([*target[column.name], *sorted(rules.layouts[column.refers].slipped)])
    if column.name == "tandem_id" and rules.layouts[column.refers].slipped:
        return []
    near: dict[str, list[str]] = {}

    def explain(cell: str, row: int) -> tuple[str, str]:
        # Likeness is slow to compare, and after some misses the hint is no help any more.
        if cell not in near and len(near) < _HINTS and len(known) < 100 * _HINTS:
            near[cell] = difflib.get_close_matches(cell, [name for name in known if name], n=1)
        hint = f"Correct it ({near[cell][0]}?)" if near.get(cell) else "Correct it"
        return f"not in {file}", f"{hint} or add it to {file}."

    name = f"{column.name} known"
    return [rules.check(name, lambda cells: (cells == "") | cells.isin(known), explain)]


def _one_of(name: str, allowed: Iterable[str], problem: str, remedy: str, rules: Rules) -> pa.Check:
    return rules.check(
        name,
        lambda cells: (cells == "") | cells.isin(list(allowed)),
        lambda cell, row: (problem, remedy),
    )


def _side_checks(rules: Rules, frame: pd.DataFrame) -> list[pa.Check]:
    sides = rules.package["reflect"].get("sides")
    if not sides:
        return []
    remedy = f"Write {sides[0]} or {sides[1]}, the sides named in datapackage.json."
    return [_one_of("side", sides, "not one of the two sides", remedy, rules)]


def _consent_checks(rules: Rules, frame: pd.DataFrame) -> list[pa.Check]:
    remedy = f"Write {', '.join(CONSENTS[:-1])} or {CONSENTS[-1]}."
    return [_one_of("consent", CONSENTS, "unknown consent", remedy, rules)]


def _language_checks(rules: Rules, frame: pd.DataFrame) -> list[pa.Check]:
    languages = rules.package["reflect"].get("languages", LANGUAGES)
    remedy = f"Write {' or '.join(languages)}, or leave it empty: it is detected then."
    return [_one_of("language", languages, "not among the languages of the corpus", remedy, rules)]


def _tandem_checks(rules: Rules, frame: pd.DataFrame) -> list[pa.Check]:
    if "participant_id" not in frame or rules.layouts["participants"].slipped:
        return []
    sides = rules.package["reflect"].get("sides") or []
    people = frame[frame["tandem_id"] != ""].drop_duplicates("participant_id")
    wrong: dict[int, tuple[str, str]] = {}
    for tandem, members in people.groupby("tandem_id", sort=False):
        row = int(frame.index[frame["tandem_id"] == tandem][0])
        if len(members) == 1:
            remedy = "Add the other person (consent withdrawn if they left), or correct tandem_id."
            wrong[row] = ("a tandem of one person", remedy)
        elif len(members) > 2:
            remedy = "A tandem has one person on each side: correct tandem_id."
            wrong[row] = (f"a tandem of {len(members)} people", remedy)
        elif (
            "side" in members
            and members["side"].nunique() == 1
            and members["side"].iloc[0] in sides
        ):
            remedy = "Correct the side of one of them, or tandem_id."
            wrong[row] = (f"both people are on side {members['side'].iloc[0]}", remedy)
    return [
        rules.check(
            "tandem",
            lambda cells: ~cells.index.isin(list(wrong)),
            lambda cell, row: wrong[int(row)],
        )
    ]


def _text_checks(rules: Rules, frame: pd.DataFrame) -> list[pa.Check]:
    def garbled(cell: str, row: int) -> tuple[str, str]:
        offset = GARBLED.search(cell).start()
        problem = f"letters were lost in a wrong encoding, first at character {offset}"
        return problem, f'Run `{rules.fix}`; if that is not enough, export again as "CSV UTF-8".'

    return [
        rules.check(
            "excel error",
            lambda cells: ~cells.map(str.strip).isin(_ERROR_CELLS),
            lambda cell, row: (
                "a spreadsheet put an error in place of the text",
                "It took the text for a formula: format the column as Text and enter it again.",
            ),
        ),
        rules.check("garbled", lambda cells: ~cells.str.contains(GARBLED), garbled),
    ]


def _entry_date_checks(rules: Rules, frame: pd.DataFrame) -> list[pa.Check]:
    start, end = (package_day(rules.package, key) for key in ("start", "end"))

    def inside(
        cells: pd.Series, first: pd.Timestamp | None, last: pd.Timestamp | None
    ) -> pd.Series:
        days = cells.map(iso_date).astype("datetime64[us]").dt.normalize()
        late = days > last if last is not None else pd.Series(False, index=cells.index)
        early = days < first if first is not None else pd.Series(False, index=cells.index)
        return ~(late | early)

    checks = []
    if start is not None:
        problem = f"before the programme started on {start.date()}"
        explain_start = (problem, "Correct the date, or start in datapackage.json.")
        checks.append(
            rules.check("start", partial(inside, first=start, last=None), lambda *_: explain_start)
        )
    if end is not None:
        problem = f"after the programme ended on {end.date()}"
        explain_end = (problem, "Correct the date, or end in datapackage.json.")
        checks.append(
            rules.check("end", partial(inside, first=None, last=end), lambda *_: explain_end)
        )
    return checks


def _code_start_checks(rules: Rules, frame: pd.DataFrame) -> list[pa.Check]:
    return [
        rules.check(
            "negative",
            lambda cells: ~cells.str.startswith("-"),
            lambda cell, row: ("before the text", "The first character of a text has offset 0."),
        )
    ]


def _code_end_checks(rules: Rules, frame: pd.DataFrame) -> list[pa.Check]:
    checks = []
    if "start" in frame:
        starts = frame["start"].map(_whole_number)
        checks.append(
            rules.check(
                "order",
                lambda cells: ~(cells.map(_whole_number) <= starts),
                lambda cell, row: (
                    f"not behind start, which is {starts[row]:.0f}",
                    "end is the offset behind the last character of the span.",
                ),
            )
        )
    entries = rules.cells.get("entries")
    if entries is not None and {"entry_id", "text"} <= set(entries) and "entry_id" in frame:
        lengths = entries.drop_duplicates("entry_id").set_index("entry_id")["text"].str.len()
        limits = frame["entry_id"].map(lengths)
        checks.append(
            rules.check(
                "outside",
                lambda cells: ~(cells.map(_whole_number) > limits),
                lambda cell, row: (
                    f"outside the text, which has {limits[row]:.0f} characters",
                    "Correct start and end, or take the code from the present text again.",
                ),
            )
        )
    return checks


def _whole_number(cell: str) -> float:
    """A whole number as a float, NaN where the cell holds none."""
    return float(cell) if _NUMBER.fullmatch(cell) else float("nan")


_SPECIAL: dict[tuple[str, str], Callable[[Rules, pd.DataFrame], list[pa.Check]]] = {
    ("participants", "side"): _side_checks,
    ("participants", "tandem_id"): _tandem_checks,
    ("participants", "consent"): _consent_checks,
    ("entries", "language"): _language_checks,
    ("entries", "text"): _text_checks,
    ("entries", "date"): _entry_date_checks,
    ("codes", "start"): _code_start_checks,
    ("codes", "end"): _code_end_checks,
}
