"""What a notebook cell shows and a report collects: figures, tables, quotations, prose.

Each carries its name and caption in a JSON part of the cell's output, so that
`reflect.report` finds it without knowing the notebook.
"""

from __future__ import annotations

import base64
import html
import os
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from reflect.labels import catalogue, day, label, number, probability

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MIME = "application/vnd.reflect+json"
SVG_SWITCH = "REFLECT_SVG"


class Exhibit:
    """Something to show: a mime bundle with a plain-text form that tests can compare."""

    def __init__(self, bundle: dict[str, Any]) -> None:
        self.bundle = bundle

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return self.bundle

    def __repr__(self) -> str:
        return str(self.bundle["text/plain"])


def figure(drawn: Figure, name: str, language: str) -> Exhibit:
    """A figure with its caption and description.

    Parameters
    ----------
    drawn : matplotlib Figure
        From `reflect.figures`; its label is the description (alt text).
    name : str
        File name in the report and key of the caption, ``caption.<name>``.

    Returns
    -------
    Exhibit
        The figure; nothing where it has nothing to show.
    """
    from reflect.figures import render

    if drawn.get_gid() == "empty":
        # The sentence beside it says that there is nothing, and why.
        return prose("")
    caption = label(language, f"caption.{name}")
    about = {"kind": "figure", "name": name, "caption": caption, "alt": drawn.get_label()}
    bundle: dict[str, Any] = {
        "text/plain": f"{caption}\n{drawn.get_label()}",
        "image/png": base64.b64encode(render(drawn, "png")).decode("ascii"),
        MIME: about,
    }
    if os.environ.get(SVG_SWITCH):
        about["svg"] = render(drawn, "svg").decode("utf-8")
    return Exhibit(bundle)


def table(
    data: pd.DataFrame,
    name: str,
    language: str,
    sides: Mapping[str, str],
    *,
    decimals: int = 2,
    otherwise: str = "none.rows",
) -> Exhibit:
    """A table with its caption, written as readers of the language write words and numbers.

    Parameters
    ----------
    data : DataFrame
        Shown without its index. Column titles come from ``column.<name>``; ids of sides,
        markers, events, outcomes, phases and methods are shown by their names.
    name : str
        File name in the report and key of the caption, ``caption.<name>``.
    sides : mapping
        Side to its name in the report.
    decimals : int
        Decimals of numbers that are not whole.
    otherwise : str
        Key of the sentence that stands in for a table without rows.

    Returns
    -------
    Exhibit
        The table, or a sentence where it has no rows.
    """
    if data.empty:
        return prose(label(language, otherwise))
    titles = catalogue(language)["column"]
    cells = [
        [
            _cell(value, column, language, sides, 0 if _whole(data[column]) else decimals)
            for value in data[column]
        ]
        for column in data
    ]
    # Two columns may have one title, so titles are set after the columns are in place.
    shown = pd.DataFrame(dict(enumerate(cells)))
    shown.columns = [titles.get(column, column.replace("_", " ")) for column in data]
    caption = label(language, f"caption.{name}")
    about = {
        "kind": "table",
        "name": name,
        "caption": caption,
        "columns": list(shown.columns),
        "numeric": [bool(pd.api.types.is_numeric_dtype(data[column])) for column in data],
        "rows": shown.to_numpy().tolist(),
        "csv": data.to_csv(index=False, float_format="%.6g", lineterminator="\n"),
    }
    plain = shown.to_string(index=False)
    return Exhibit(
        {
            "text/plain": f"{caption}\n{plain}",
            "text/html": _html_table(about),
            MIME: about,
        }
    )


def densest_entry(diary: pd.DataFrame, spans: pd.DataFrame, language: str) -> Exhibit:
    """The entry with most markers, highlighted, rule and gate on hover; for notebooks.

    Parameters
    ----------
    diary : DataFrame
        Diary of a screened corpus; only entries that pass the gate as a whole are shown.
    spans : DataFrame
        From ``reflect.annotate(diary, gated=True)``.
    """
    from reflect.anonymity.gate import gate
    from reflect.markers import explain

    whole = diary[["entry_id", "text"]].assign(start=0, end=diary["text"].str.len())
    allowed = gate(whole, diary)[0].set_index("entry_id")
    own = spans[spans["entry_id"].isin(allowed.index)]
    hits = own[own["gate"] == ""].groupby("entry_id").size()
    if hits.empty:
        return prose(label(language, "none.hits"))
    chosen = hits.sort_values(ascending=False, kind="stable").index[0]
    text, shown = allowed.loc[chosen, "text"], own[own["entry_id"] == chosen]
    return Exhibit({"text/plain": chosen, "text/html": explain(text, shown, language)})


def facts(name: str, values: Mapping[str, Any]) -> Exhibit:
    """How a step was run, for the methods section of the report.

    Parameters
    ----------
    name : str
        Key under which `reflect.methods` looks for it.
    values : mapping
        Plain values: text, numbers, lists.
    """
    lines = [f"{key}: {value}" for key, value in values.items()]
    about = {"kind": "facts", "name": name, "values": dict(values)}
    return Exhibit({"text/plain": "\n".join(lines), MIME: about})


def prose(markdown: str) -> Exhibit:
    """A passage of the report, in Markdown."""
    return Exhibit({"text/plain": markdown, "text/markdown": markdown})


def escape(text: str) -> str:
    """Diary text as literal Markdown: placeholders in brackets must not become links."""
    for mark in "\\`*_[]<>$~^#|@&\"'":
        text = text.replace(mark, "\\" + mark)
    # Quoted dashes and dots stay as typed, and "3. Juni" or "- so" begins no list.
    text = text.replace("--", "\\-\\-").replace("...", "\\.\\.\\.")
    return re.sub(r"^(\(?\w*)([-+:.)])(?=\s)", r"\1\\\2", text)


def _html_table(about: Mapping[str, Any]) -> str:
    """Numbers to the right, words to the left, whatever the notebook's own style is."""
    sides = ["right" if numeric else "left" for numeric in about["numeric"]]

    def row(cells: Sequence[str], tag: str) -> str:
        styled = zip(cells, sides, strict=True)
        return "".join(
            f'<{tag} style="text-align:{side}">{html.escape(str(cell))}</{tag}>'
            for cell, side in styled
        )

    body = "".join(f"<tr>{row(cells, 'td')}</tr>" for cells in about["rows"])
    caption = f"<p><strong>{html.escape(about['caption'])}</strong></p>"
    head = row(about["columns"], "th")
    return f"{caption}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _whole(values: pd.Series) -> bool:
    """Whether a column of numbers holds whole ones only."""
    if not pd.api.types.is_float_dtype(values):
        return False
    known = values.dropna()
    return bool(len(known)) and bool((known == known.round()).all())


# Columns whose values are ids with a name in the catalogue, by the part that holds it.
_NAMED = {
    "marker": "marker",
    "phase": "phase",
    "method": "method",
    "told_by": "told_by",
    "direction": "direction",
    "language": "language",
    "family": "family",
    "reason": "reason",
}


def _cell(value: Any, column: str, language: str, sides: Mapping[str, str], decimals: int) -> str:
    if isinstance(value, str):
        return _name(value, column, language, sides)
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return label(language, "yes" if value else "no")
    if isinstance(value, pd.Timestamp):
        return day(value, language)
    if column == "p" or column.startswith("p_"):
        return probability(value, language)
    whole = isinstance(value, int) or type(value).__name__.startswith(("int", "uint"))
    return number(value, language, 0 if whole else decimals)


def _name(value: str, column: str, language: str, sides: Mapping[str, str]) -> str:
    words = catalogue(language)
    if column.endswith(("side", "_by")) and column != "told_by":
        return sides.get(value, value)
    if column in _NAMED and value:
        return label(language, f"{_NAMED[column]}.{value}")
    if column == "markers":
        return ", ".join(label(language, f"marker.{marker}") for marker in value.split(","))
    if column == "verdict":
        return sides.get(value) or label(language, f"verdict.{value}")
    if column == "contrast":
        return sides.get(value) or label(language, f"contrast.{value}")
    if column == "event_kind":
        return label(language, "say.no_event" if value == "none" else f"event.{value}")
    if column == "kind":
        return words["outcome"].get(value) or label(language, f"event.{value}")
    if column == "tandem_id" and not value:
        return label(language, "all")
    return value
