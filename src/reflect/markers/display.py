"""An entry with its markers highlighted, for notebooks and reports."""

from __future__ import annotations

from html import escape

import pandas as pd

from reflect.errors import ReflectError
from reflect.markers.codebook import FAMILIES

# Paul Tol's light and pale schemes, told apart in all common colour blindness; the label in
# front of each sentence carries the name, so colour is never the only sign.
_COLOURS = (
    "#77AADD",
    "#EE8866",
    "#EEDD88",
    "#FFAABB",
    "#99DDFF",
    "#44BB99",
    "#BBCC33",
    "#AAAA00",
    "#DDDDDD",
    "#CCDDAA",
    "#BBCCEE",
    "#FFCCCC",
    "#EEEEBB",
    "#CCEEFF",
)
NAMES = {
    "de": {
        "insight": "Einsicht",
        "revision": "Umdenken",
        "expectation_violation": "Überraschung",
        "perspective_taking": "Perspektivübernahme",
        "self_questioning": "Selbstbefragung",
        "learning": "Lernen",
        "advice": "Rat",
        "commonality": "Gemeinsames",
        "difference": "Unterschied",
        "generalization": "Verallgemeinerung",
        "commitment": "Vorsatz",
        "self_efficacy": "Selbstwirksamkeit",
        "difficulty": "Schwierigkeit",
        "key_moment": "Schlüsselmoment",
    },
    "en": {name: name.replace("_", " ") for name in FAMILIES},
}


def explain(entry_text: str, spans: pd.DataFrame, language: str = "en") -> str:
    """One entry as HTML with its markers highlighted.

    Parameters
    ----------
    entry_text : str
        The entry as annotated.
    spans : DataFrame
        The entry's rows from :func:`reflect.annotate` (``gated=True`` shows the hits that do not
        count, too, with a dashed line instead of a colour).
    language : str, default "en"
        Language of the marker names, de or en.

    Returns
    -------
    str
        A ``<div>`` without scripts or outside resources; name, direction, rule id and gate stand
        in each label's ``title``. All text is escaped.

    Raises
    ------
    ReflectError
        If offsets lie outside the text or the language has no names.

    Examples
    --------
    >>> import pandas as pd
    >>> spans = pd.DataFrame({"marker": ["insight"], "direction": [""], "start": [0], "end": [3],
    ...                       "rule": ["insight.x"], "gate": [""]})
    >>> "insight.x" in explain("A & B", spans)
    True
    """
    if language not in NAMES:
        raise ReflectError(f"no marker names in {language!r}; use de or en")
    if len(spans) and (spans["start"].min() < 0 or spans["end"].max() > len(entry_text)):
        raise ReflectError("spans lie outside the text; pass the entry they were made from")
    pieces = []
    at = 0
    for (start, end), group in spans.groupby(["start", "end"], sort=True):
        if start < at:
            continue
        pieces.append(escape(entry_text[at:start]))
        pieces.append(_sentence(entry_text[start:end], group, language))
        at = end
    pieces.append(escape(entry_text[at:]))
    body = "".join(pieces).replace("\n", "<br>")
    return f'<div class="reflect-entry" lang="{language}" style="line-height:1.9">{body}</div>'


def _sentence(text: str, group: pd.DataFrame, language: str) -> str:
    labels = "".join(_label(row, language) for row in group.itertuples())
    counted = group[group["gate"] == ""]
    style = "border-bottom:2px dashed #888"
    if len(counted):
        style = f"background:{_colour(counted['marker'].iloc[0])}66;border-radius:3px"
    return f'{labels}<span style="{style}">{escape(text)}</span>'


def _label(row: tuple, language: str) -> str:
    name = NAMES[language].get(row.marker, row.marker)
    title = f"{name} · {row.rule}"
    if row.direction:
        title += f" · {row.direction}"
    look = f"background:{_colour(row.marker)};color:#000"
    if row.gate:
        title += f" · gate: {row.gate}"
        look = "background:#fff;color:#444;text-decoration:line-through"
    return (
        f'<span title="{escape(title)}" style="{look};border:1px solid #555;border-radius:3px;'
        f'font-size:75%;padding:0 .35em;margin-right:.3em">{escape(name)}</span>'
    )


def _colour(marker: str) -> str:
    return _COLOURS[FAMILIES.index(marker)] if marker in FAMILIES else "#DDDDDD"
