"""Review of findings: a sheet to decide on, and its way back."""

from __future__ import annotations

import html
import io
from pathlib import Path

import pandas as pd

from reflect.anonymity.audit import texts_of
from reflect.anonymity.decisions import Decisions
from reflect.anonymity.identities import LABELS
from reflect.errors import ReflectError
from reflect.folder import write_file

SHEET_COLUMNS = [
    "decision",
    "replacement",
    "kind",
    "text",
    "context",
    "score",
    "recogniser",
    "suggestion",
    "times",
    "entry_id",
    "start",
    "end",
]
_YES = frozenset(["accept", "accepted", "yes", "y", "ja", "j", "x", "1", "true", "annehmen"])
_NO = frozenset(["reject", "rejected", "no", "n", "nein", "0", "false", "ablehnen"])
_AROUND = 60
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def review_sheet(findings: pd.DataFrame, corpus: object, decisions: Decisions) -> pd.DataFrame:
    """Findings to decide on, one row for the same words of the same kind, the riskiest first.

    Parameters
    ----------
    findings : DataFrame
        From `reflect.anonymity.audit.audit`.
    corpus : Corpus or DataFrame
        What was audited.
    decisions : Decisions
        What is decided already is left out.

    Returns
    -------
    DataFrame
        ``decision`` and ``replacement`` (to fill in), ``kind, text, context`` (the finding between
        » and «), ``score, recogniser, suggestion`` (the kind of placeholder), ``times`` (mentions
        in the corpus), ``entry_id, start, end`` (of the first mention in risk order).
    """
    table = texts_of(corpus)
    fields = table["table"] + "." + table["column"]
    texts = dict(zip(zip(fields, table["entry_id"], strict=True), table["text"], strict=True))
    fresh = decisions.undecided(findings)
    times = fresh.groupby(["kind", "text"], sort=False)["entry_id"].transform("size")
    first = fresh.assign(times=times).drop_duplicates(["kind", "text"]).reset_index(drop=True)
    context = [
        _context(texts[row.field, row.entry_id], row.start, row.end)
        for row in first.itertuples(index=False)
    ]
    suggestion = [f"[{LABELS.get(kind, ('ANGABE',))[0]}_…]" for kind in first["kind"]]
    first = first.assign(decision="", replacement="", context=context, suggestion=suggestion)
    return first[SHEET_COLUMNS]


def _context(text: str, start: int, end: int) -> str:
    before = text[max(0, start - _AROUND) : start]
    after = text[end : end + _AROUND]
    return " ".join(f"{before}»{text[start:end]}«{after}".split())


def write_sheet(sheet: pd.DataFrame, path: Path) -> None:
    """Write a review sheet as CSV or XLSX, such that no spreadsheet runs a cell of it.

    Raises
    ------
    ReflectError
        If the ending is neither, or the place cannot be written to.
    """
    safe = sheet.copy()
    for name in safe.select_dtypes(include=["object", "str"]):
        safe[name] = safe[name].map(safe_cell)
    if path.suffix.lower() == ".csv":
        data = safe.to_csv(index=False, lineterminator="\n").encode("utf-8-sig", "replace")
    elif path.suffix.lower() == ".xlsx":
        data = _workbook(safe)
    else:
        raise ReflectError(f"{path}: the ending must be .csv or .xlsx. Name it so")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, data)
    except OSError as error:
        raise ReflectError(f"{path}: cannot be written ({error.strerror}). Name another") from None


def safe_cell(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula: an apostrophe before = + - @ and tabs.

    >>> safe_cell("=HYPERLINK(A1)"), safe_cell("Olena")
    ("'=HYPERLINK(A1)", 'Olena')
    """
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell


def _workbook(sheet: pd.DataFrame) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook()
    page = book.active
    page.title = "review"
    page.append(list(sheet.columns))
    for number, row in enumerate(sheet.itertuples(index=False), start=2):
        for place, value in enumerate(row, start=1):
            cell = page.cell(number, place)
            if isinstance(value, str):
                cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:32_000]
                cell.data_type = "s"
            else:
                cell.value = value.item() if hasattr(value, "item") else value
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read_decisions(path: Path, decisions: Decisions) -> int:
    """Take over the decisions of a sheet that somebody filled in.

    Parameters
    ----------
    path : Path
        CSV or XLSX with ``decision, kind, text`` and optionally ``replacement``; the decision is
        accept, reject, or empty (also ja, nein, x).
    decisions : Decisions
        Is added to.

    Returns
    -------
    int
        How many were taken over.

    Raises
    ------
    ReflectError
        If the file is no such sheet, or a decision is none.
    """
    from reflect.spreadsheets import table_rows

    header, rows = table_rows(path)
    missing = [name for name in ("decision", "kind", "text") if name not in header]
    if missing:
        raise ReflectError(f"{path}: column {missing[0]} is missing. Take the sheet of --review")
    places = {name: header.index(name) for name in header}
    taken = 0
    for number, cells in rows:
        word = cells[places["decision"]].strip().lower()
        if not word:
            continue
        if word not in _YES | _NO:
            raise ReflectError(
                f"{path}, row {number}, column decision: neither accept nor reject. Write one"
            )
        new = cells[places["replacement"]].strip() if "replacement" in places else ""
        text = _plain_cell(cells[places["text"]])
        decision = "accept" if word in _YES else "reject"
        decisions.decide(cells[places["kind"]].strip(), text, decision, _plain_cell(new))
        taken += 1
    return taken


def _plain_cell(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell


_COLOURS = {"person": "#ffd6d6", "place": "#d6e9ff", "org": "#e6dcff"}


def highlight(text: str, findings: pd.DataFrame) -> str:
    """HTML of an entry with its findings marked; kind and score on hover. All text is escaped.

    Parameters
    ----------
    text : str
        The entry.
    findings : DataFrame
        Its findings.
    """
    parts, at = [], 0
    for row in findings.sort_values("start").itertuples(index=False):
        parts.append(html.escape(text[at : row.start]))
        colour = _COLOURS.get(row.kind, "#fff0c2")
        about = html.escape(f"{row.kind} {row.score:.2f} {row.recogniser}", quote=True)
        inner = html.escape(text[row.start : row.end])
        parts.append(f'<mark style="background:{colour}" title="{about}">{inner}</mark>')
        at = row.end
    parts.append(html.escape(text[at:]))
    return "<p>" + "".join(parts).replace("\n", "<br>") + "</p>"
