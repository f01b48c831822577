"""What a marker is worth on this corpus, said beside every number that rests on it.

Every function takes the `Assessment` of the corpus and returns what it was given, or "", where that
is None: a report of a corpus without codes says once that nothing is known, with :func:`told`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from reflect.coding.agreement import TENTATIVE
from reflect.coding.validity import FEW
from reflect.labels import label, listing, number, percent
from reflect.moments import ANY

if TYPE_CHECKING:
    from reflect.coding.assessment import Assessment

#: A marker less often right than this carries no claim.
RIGHT = 0.5


def beside(
    table: pd.DataFrame,
    judged: Assessment | None,
    language: str,
    *,
    side: str = "side",
    shares: bool = False,
) -> pd.DataFrame:
    """A table with what its markers are worth, written out for readers.

    Parameters
    ----------
    table : DataFrame
        With a column ``marker``.
    judged : Assessment or None
        From `reflect.coding.assess`.
    language : str
        ``de`` or ``en``.
    side : str
        Column with the side whose sentences the row counts; where `table` lacks it, the figures
        are those of the whole corpus.
    shares : bool
        Whether to add the share of sentences that people find, for tables of how often.

    Returns
    -------
    DataFrame
        `table` with ``precision_here, recall_here`` and, if asked for, ``share_here``, such as
        ``0.82 [0.70, 0.91]``; a dash where nothing is known. Unchanged where `judged` is None.
    """
    if judged is None:
        return table
    places = table[side] if side in table else pd.Series("", table.index)
    rows = [
        _row(judged, marker, place) for marker, place in zip(table["marker"], places, strict=True)
    ]
    found = table.assign(
        precision_here=[_figure(row, "precision", language) for row in rows],
        recall_here=[_figure(row, "recall", language) for row in rows],
    )
    if shares:
        found["share_here"] = [_share(row, language) for row in rows]
    return found


def shown(judged: Assessment | None, language: str) -> pd.DataFrame:
    """Validity of each marker in the whole corpus, written out; no rows where nobody coded.

    Returns
    -------
    DataFrame
        ``marker, positives, precision_here, recall_here, f1_here, per_thousand`` (sentences that
        the report counts), ``per_thousand_here`` (that people find), ``verdict``. The last marker
        is any shift.
    """
    if judged is None:
        return pd.DataFrame()
    table = judged.validity
    table = table[(table["side"] == "") & (table["language"] == "")].reset_index(drop=True)
    rows = table.to_dict("records")
    found = table[["marker", "positives"]].copy()
    for name in ("precision", "recall", "f1"):
        found[f"{name}_here"] = [_figure(row, name, language) for row in rows]
    found["per_thousand"] = [number(1000 * row["prevalence"], language, 1) for row in rows]
    found["per_thousand_here"] = [_per_thousand(row, language) for row in rows]
    return found.assign(verdict=table["verdict"])


def worth(judged: Assessment | None, marker: str, language: str, side: str = "") -> str:
    """A clause for the brackets behind a number: ``, precision here 0.82 [0.70, 0.91]``."""
    if judged is None:
        return ""
    figure = _figure(_row(judged, marker, side), "precision", language)
    key = "say.worth" if figure != _UNKNOWN else "say.worth_unknown"
    return label(language, key, figure=figure)


def beneath(judged: Assessment | None, language: str) -> dict[str, tuple[str, bool]]:
    """What a figure writes beneath the name of each marker.

    Returns
    -------
    dict of str to tuple of str and bool
        Marker to its precision, and whether to grey it: the report rests no claim on it, and the
        line says why. Empty where nobody coded.
    """
    if judged is None:
        return {}
    lines = {}
    for marker in dict.fromkeys(judged.validity["marker"]):
        alpha = _disputed(judged, marker)
        figure = _figure(_row(judged, marker, ""), "precision", language)
        said = number(alpha, language, 2) if alpha is not None else ""
        kind = "alpha" if said else "unknown" if figure == _UNKNOWN else "precision"
        grey = bool(doubt(judged, marker, language))
        line = label(language, f"say.beneath_{kind}", alpha=said, figure=figure)
        lines[marker] = (label(language, "say.beneath_grey", line=line) if grey else line, grey)
    return lines


def note(judged: Assessment | None, markers: Iterable[str], language: str) -> str:
    """A sentence on the markers behind numbers that are not told one by one."""
    if judged is None:
        return ""
    named = []
    for marker in markers:
        row = _row(judged, marker, "")
        figures = [_figure(row, name, language) for name in ("precision", "recall")]
        named.append(
            label(
                language,
                "say.worth_both",
                marker=label(language, f"marker.{marker}"),
                precision=figures[0],
                recall=figures[1],
            )
        )
    return label(language, "say.worth_note", markers=listing(named, language))


def in_plain_words(judged: Assessment | None, language: str) -> str:
    """For the first page: how many of the sentences said to carry a shift do, by human codes."""
    row = _row(judged, ANY, "") if judged is not None else None
    if row is None or pd.isna(row["precision"]) or pd.isna(row["recall"]):
        return ""
    shares = {
        f"{name}{end}": percent(row[f"{name}{end}"], language)
        for name in ("precision", "recall")
        for end in ("", "_low", "_high")
    }
    return label(language, "say.worth_plain", **shares)


def doubt(
    judged: Assessment | None, marker: str, language: str, *, between_sides: bool = False
) -> str:
    """Why nothing may be claimed of a marker; "" where nothing speaks against it.

    Parameters
    ----------
    between_sides : bool
        Whether the claim sets one side against the other: then the marker must not work better
        on one of them.

    Returns
    -------
    str
        A clause: coders agree too little (alpha below .67), the marker is wrong more often than
        right, or it works for one side only.
    """
    if judged is None:
        return ""
    alpha = _disputed(judged, marker)
    if alpha is not None:
        return label(language, "say.doubt_alpha", alpha=number(alpha, language, 2))
    row = _row(judged, marker, "")
    if row is not None and row["hits"] >= FEW and row["precision"] < RIGHT:
        figure = _figure(row, "precision", language)
        return label(language, "say.doubt_precision", figure=figure)
    uneven = judged.uneven
    if between_sides and ((uneven["marker"] == marker) & (uneven["by"] == "side")).any():
        return label(language, "say.doubt_uneven")
    return ""


def doubted(doubts: Mapping[str, str], language: str) -> str:
    """Sentences on the markers of which nothing is claimed, from :func:`doubt`.

    Parameters
    ----------
    doubts : mapping
        Marker to clause; empty clauses are left out.
    """
    return " ".join(
        label(language, "say.doubted", marker=label(language, f"marker.{marker}"), why=why)
        for marker, why in doubts.items()
        if why
    )


def told(judged: Assessment | None, sides: Mapping[str, str], language: str) -> str:
    """How far the markers carry here, family by family; one sentence where nobody coded."""
    if judged is None:
        return label(language, "none.coded")
    lines = [
        label(
            language,
            "say.coded" if judged.sampled else "say.coded_entries",
            sentences=number(judged.sentences, language),
            coders=len(judged.coders),
        )
    ]
    lines += _agreement_told(judged, language)
    lines += _validity_told(judged, sides, language)
    return " ".join(line for line in lines if line)


def _agreement_told(judged: Assessment, language: str) -> list[str]:
    table = judged.agreement[~judged.agreement["marker"].str.contains(":")]
    if len(judged.coders) < 2:
        return [label(language, "say.alpha_one_coder")]
    lines = []
    for verdict in ("reliable", "tentative", "unreliable"):
        rows = table[table["verdict"] == verdict]
        if len(rows):
            named = [
                label(
                    language,
                    "say.alpha_of",
                    marker=label(language, f"marker.{row.marker}"),
                    alpha=number(row.alpha, language, 2),
                    low=number(row.low, language, 2),
                    high=number(row.high, language, 2),
                )
                for row in rows.itertuples()
            ]
            lines.append(
                label(
                    language,
                    f"say.alpha_{verdict}",
                    markers=listing(named, language),
                    limit=number(TENTATIVE, language, 2),
                    n=len(named),
                )
            )
    few = table[table["verdict"].isin(["too_few", "no_variation"])]["marker"]
    if len(few):
        lines.append(label(language, "say.alpha_too_few", markers=_names(few, language)))
    return lines


def _validity_told(judged: Assessment, sides: Mapping[str, str], language: str) -> list[str]:
    whole = judged.validity[(judged.validity["side"] == "") & (judged.validity["language"] == "")]
    whole = whole[whole["marker"] != ANY]
    wrong = whole[(whole["hits"] >= FEW) & (whole["precision"] < RIGHT)]
    lines = []
    if len(wrong):
        named = [
            f"{label(language, f'marker.{row.marker}')} "
            f"({_figure(row._asdict(), 'precision', language)})"
            for row in wrong.itertuples()
        ]
        listed = listing(named, language)
        lines.append(label(language, "say.valid_wrong", markers=listed, n=len(named)))
    few = whole[whole["hits"] < FEW]["marker"]
    if len(few):
        lines.append(label(language, "say.valid_too_few", markers=_names(few, language)))
    for row in judged.uneven.itertuples():
        spoken = sides if row.by == "side" else {}
        places = [
            spoken.get(place) or label(language, f"language.{place}")
            for place in (row.better, row.worse)
        ]
        lines.append(
            label(
                language,
                "say.valid_uneven",
                marker=label(language, f"marker.{row.marker}"),
                measure=label(language, f"column.{row.measure}"),
                better=places[0],
                worse=places[1],
                better_value=number(row.better_value, language, 2),
                worse_value=number(row.worse_value, language, 2),
            )
        )
    return lines


def _disputed(judged: Assessment, marker: str) -> float | None:
    """Alpha of a marker on which coders agree too little, else None."""
    said = judged.agreement[judged.agreement["marker"] == marker]
    low = len(said) and said["verdict"].iloc[0] == "unreliable"
    return float(said["alpha"].iloc[0]) if low else None


def _names(markers: Iterable[str], language: str) -> str:
    return listing([label(language, f"marker.{marker}") for marker in markers], language)


def _row(judged: Assessment, marker: str, side: str) -> Mapping | None:
    table = judged.validity
    found = table[(table["marker"] == marker) & (table["side"] == side) & (table["language"] == "")]
    return found.iloc[0] if len(found) else None


_UNKNOWN = "–"


def _figure(row: Mapping | None, name: str, language: str) -> str:
    """``0.82 [0.70, 0.91]``; a dash where the marker has no figure."""
    if row is None or pd.isna(row[name]):
        return _UNKNOWN
    value, low, high = (number(row[f"{name}{end}"], language, 2) for end in ("", "_low", "_high"))
    return f"{value} [{low}{_between(language)} {high}]"


def _share(row: Mapping | None, language: str) -> str:
    if row is None or pd.isna(row["corrected_prevalence"]):
        return _UNKNOWN
    value = percent(row["corrected_prevalence"], language, 1)
    low, high = (number(100 * row[f"corrected_{end}"], language, 1) for end in ("low", "high"))
    return f"{value} [{low}{_between(language)} {high}]"


def _per_thousand(row: Mapping, language: str) -> str:
    value, low, high = (
        number(1000 * row[f"corrected_{name}"], language, 1)
        for name in ("prevalence", "low", "high")
    )
    return f"{value} [{low}{_between(language)} {high}]"


def _between(language: str) -> str:
    """What parts two numbers: German decimals have a comma already."""
    return ";" if language == "de" else ","
