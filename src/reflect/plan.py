"""The analysis plan of a corpus: what was to be looked at, written down before looking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from statsmodels.stats.multitest import multipletests

from reflect.dates import iso_date
from reflect.errors import ReflectError
from reflect.markers.codebook import FAMILIES
from reflect.moments import ANY

FILE = "analysis.yml"
MOST_PRIMARY = 3
#: What may be asked of a marker (theory.md, section 3).
ESTIMANDS = ("rate", "change", "difference", "reciprocity")
#: The measure of evenness that answers a question of reciprocity, and its marker.
RECIPROCITIES = {
    "learning_reciprocity": "learning",
    "advice_reciprocity": "advice",
    "perspective_reciprocity": "perspective_taking",
}
KEYS = ("written", "primary", "alpha", "note")
_EXAMPLE = "primary: [{marker: insight, estimand: change}]"


@dataclass(frozen=True)
class Plan:
    """What a corpus's `analysis.yml` says.

    Attributes
    ----------
    primary : tuple of (str, str)
        Marker and estimand: ``rate`` (of each side), ``change`` (first to last third, each side),
        ``difference`` (of the sides' changes) or ``reciprocity`` (against re-paired tandems). At
        most three; empty where there is no plan: then everything is exploratory.
    alpha : float
    written : Timestamp
        Day on which the plan was written; NaT where not said.
    note : str
    text : str
        The file as it stands, for the report to quote; "" without a file.
    """

    primary: tuple[tuple[str, str], ...] = ()
    alpha: float = 0.05
    written: pd.Timestamp = pd.NaT
    note: str = ""
    text: str = ""

    @property
    def exists(self) -> bool:
        """Whether the corpus has a plan."""
        return bool(self.text)

    def is_primary(self, marker: str, estimand: str) -> bool:
        """Whether this question of this marker was planned."""
        return (marker, estimand) in self.primary

    def in_force(self, first_entry: pd.Timestamp) -> Plan:
        """The plan, without its questions if it is dated after the first entry.

        What was written after looking is no plan: its questions are exploratory then. A plan
        without a date is believed, and the report says that it bears none.
        """
        late = pd.notna(self.written) and not self.written_before(first_entry)
        return replace(self, primary=()) if late else self

    def written_before(self, day: pd.Timestamp) -> bool:
        """Whether the plan is dated before `day`, such as the first entry; False without a date."""
        return bool(pd.notna(self.written) and self.written < day)


def load_plan(folder: str | Path) -> Plan:
    """Read `analysis.yml` of a corpus folder.

    The file, as a plan for change and for evenness would be::

        written: 2025-02-20
        primary:
          - {marker: insight, estimand: change}
          - {marker: perspective_taking, estimand: reciprocity}
        alpha: 0.05
        note: Both sides are expected to gain.

    A marker alone (``primary: [insight]``) means its change. A missing file gives an empty plan:
    everything is exploratory then.

    Raises
    ------
    ReflectError
        One line for each fault, each with its remedy.
    """
    path = Path(folder) / FILE
    if not path.is_file():
        return Plan()
    try:
        text = path.read_bytes().decode("utf-8-sig")
        data = yaml.safe_load(text)
    except UnicodeDecodeError as error:
        raise ReflectError(f"{FILE}: not in UTF-8. Save it as UTF-8 in a text editor.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" in line {mark.line + 1}" if mark else ""
        raise ReflectError(f"{FILE}: no valid YAML{place}. Compare with `{_EXAMPLE}`.") from None
    if not isinstance(data, dict):
        raise ReflectError(f"{FILE}: holds no settings. Write for instance `{_EXAMPLE}`.")
    if faults := _faults(data):
        raise ReflectError("\n".join(f"{FILE}: {fault}" for fault in faults))
    written = data.get("written")
    return Plan(
        primary=tuple(_primary(item) for item in data["primary"]),
        alpha=float(data.get("alpha", 0.05)),
        written=pd.NaT if written is None else pd.Timestamp(str(written)),
        note=str(data.get("note") or ""),
        text=text,
    )


def adjusted(table: pd.DataFrame, plan: Plan, estimands: str | pd.Series) -> pd.DataFrame:
    """Results with p adjusted for how many were looked at.

    Planned results are one family, corrected by Holm (no false claim in it, with 95 %
    confidence); the others are exploratory, corrected by Benjamini & Hochberg (at most one in
    twenty of the claims false, in the long run). Missing p stay missing.

    Source: Holm (1979), Scandinavian Journal of Statistics 6, 65-70; Benjamini & Hochberg (1995),
    Journal of the Royal Statistical Society B 57, 289-300; computed by statsmodels.

    Parameters
    ----------
    table : DataFrame
        With ``marker`` and ``p``, such as `reflect.change.change` gives.
    plan : Plan
    estimands : str or Series of str
        Which estimand each row answers; see `change_estimands` for results of `change`.

    Returns
    -------
    DataFrame
        `table` with ``family`` (primary or exploratory) and ``p_adjusted``; where it has a
        ``verdict`` of more, less, above or below whose ``p_adjusted`` is not below alpha, the
        verdict is ``none``.
    """
    asked = pd.Series(estimands, index=table.index)
    planned = [
        plan.is_primary(marker, estimand)
        for marker, estimand in zip(table["marker"], asked, strict=True)
    ]
    family = np.where(planned, "primary", "exploratory")
    p = pd.Series(np.nan, index=table.index, dtype="float64")
    for name, method in (("primary", "holm"), ("exploratory", "fdr_bh")):
        known = (family == name) & table["p"].notna().to_numpy()
        if known.any():
            p[known] = multipletests(table.loc[known, "p"], method=method)[1]
    result = table.assign(family=family, p_adjusted=p)
    if "verdict" in table:
        claimed = table["verdict"].isin(["more", "less", "above", "below"])
        result["verdict"] = table["verdict"].mask(claimed & ~(p < plan.alpha), "none")
    return result


def answers(
    plan: Plan, changes: pd.DataFrame, cohort: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Changes and reciprocities, adjusted together: one family of planned results, one of others.

    Parameters
    ----------
    plan : Plan
        From `load_plan`, as far as it is `Plan.in_force`.
    changes : DataFrame
        From `reflect.change.change`.
    cohort : DataFrame
        From `reflect.evenness.evenness_cohort`.

    Returns
    -------
    tuple of DataFrame
        Both tables with ``family, p_adjusted`` and the verdicts of `adjusted`; `cohort` with
        ``marker`` (of the reciprocities; else the measure).
    """
    markers = cohort["measure"].map(lambda measure: RECIPROCITIES.get(measure, measure))
    cohort = cohort.assign(marker=markers)
    both = pd.concat([changes, cohort], ignore_index=True).astype({"p": "float64"})
    questions = [*change_estimands(changes), *["reciprocity"] * len(cohort)]
    result = adjusted(both, plan, pd.Series(questions, index=both.index, dtype="str"))
    added = ["family", "p_adjusted", "verdict"]
    return tuple(
        table.assign(**{name: part[name].to_numpy() for name in added})
        for table, part in (
            (changes, result.iloc[: len(changes)]),
            (cohort, result.iloc[len(changes) :]),
        )
    )


def change_estimands(table: pd.DataFrame) -> pd.Series:
    """The estimand of each row of `reflect.change.change`: ``change`` or ``difference``."""
    return pd.Series(
        np.where(table["contrast"] == "difference", "difference", "change"), index=table.index
    )


def _faults(data: Mapping[Any, Any]) -> list[str]:
    known = ", ".join(KEYS)
    faults = [f"unknown key {key!r}. Use {known}." for key in data if key not in KEYS]
    primary = data.get("primary")
    if not isinstance(primary, list):
        faults.append(f"primary is no list. Write for instance `{_EXAMPLE}`, or `primary: []`.")
    else:
        if len(primary) > MOST_PRIMARY:
            faults.append(
                f"primary names {len(primary)} questions; at most {MOST_PRIMARY} are allowed. "
                "Keep those that matter most; the others are reported as exploratory."
            )
        for place, item in enumerate(primary, start=1):
            faults += _item_faults(item, f"primary, item {place}")
        pairs = [repr(item) for item in primary]
        faults += ["primary names a question twice. Remove one."] * (len(set(pairs)) < len(pairs))
    alpha = data.get("alpha", 0.05)
    if isinstance(alpha, bool) or not isinstance(alpha, int | float) or not 0 < alpha <= 0.1:
        faults.append("alpha is no number above 0 and up to 0.1. Write `alpha: 0.05`.")
    if data.get("written") is not None and iso_date(str(data["written"])) is None:
        faults.append("written is no date. Write it as 2025-02-20.")
    return faults


def _item_faults(item: Any, place: str) -> list[str]:
    if not isinstance(item, str | dict):
        return [f"{place} is neither a marker nor a setting. Write {{marker: insight}}."]
    marker, estimand = _primary(item)
    faults = []
    if isinstance(item, dict) and (extra := [k for k in item if k not in ("marker", "estimand")]):
        faults.append(f"{place}: unknown key {extra[0]!r}. Use marker and estimand.")
    if marker not in (*FAMILIES, ANY):
        faults.append(f"{place}: unknown marker {marker!r}. Use one of {', '.join(FAMILIES)}.")
    if estimand not in ESTIMANDS:
        allowed = ", ".join(ESTIMANDS)
        faults.append(f"{place}: unknown estimand {estimand!r}. Use one of {allowed}.")
    return faults


def _primary(item: str | dict[str, str]) -> tuple[str, str]:
    if isinstance(item, str):
        return item, "change"
    return str(item.get("marker", "")), str(item.get("estimand", "change"))
