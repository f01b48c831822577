"""How often markers occur, with exposure kept so that statistics can model counts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reflect.errors import ReflectError
from reflect.markers.codebook import FAMILIES

_GROUPS = {
    "entry": ("entry_id",),
    "participant": ("participant_id",),
    "tandem": ("tandem_id",),
    "side": ("side",),
    "language": ("language",),
    "period": ("period",),
    "week": ("period",),
    "phase": ("phase",),
}


def rates(
    spans: pd.DataFrame,
    entries: pd.DataFrame,
    by: str | Sequence[str] = "entry",
    directions: bool = False,
) -> pd.DataFrame:
    """Marker rates of groups of entries.

    Parameters
    ----------
    spans : DataFrame
        From :func:`reflect.annotate`; rows with a ``gate`` are not counted.
    entries : DataFrame
        Columns ``entry_id, text`` and those that `by` names, such as `Corpus.diary()` gives;
        ``tokens`` is used where present, else words are counted.
    by : str or sequence of str, default "entry"
        entry, participant, tandem, side, language, period, phase or any column of `entries`;
        several for combinations, such as ``("side", "period")``.
    directions : bool, default False
        Whether to add rows for each direction of learning and advice (``learning:from_partner``).

    Returns
    -------
    DataFrame
        One row a group and marker, markers without a hit included: the columns of `by`, then
        ``marker, hits, tokens`` (words written in the group), ``entries`` (their number),
        ``entries_with`` (entries with at least one hit), ``per_1000`` (hits per 1,000 tokens, NaN
        without tokens) and ``share`` (entries_with / entries).

    Raises
    ------
    ReflectError
        If a column is missing.

    Notes
    -----
    Do not compare raw rates between languages: cues differ in how often a language needs them.
    """
    names = [by] if isinstance(by, str) else list(by)
    columns = [column for name in names for column in _GROUPS.get(name, (name,))]
    missing = [c for c in ("entry_id", *columns) if c not in entries.columns]
    if missing:
        raise ReflectError(
            f"rates: entries lack the column {missing[0]}; pass Corpus.diary() or add it"
        )
    base = entries[list(dict.fromkeys(["entry_id", *columns]))].copy()
    base["tokens"] = count_words(entries).to_numpy()
    exposure = base.groupby(columns, sort=True, observed=True).agg(
        tokens=("tokens", "sum"), entries=("entry_id", "size")
    )
    counted = spans[spans["gate"] == ""] if "gate" in spans.columns else spans
    named = counted[["entry_id", "marker"]]
    if directions and len(counted):
        detailed = counted[counted["direction"] != ""]
        labels = detailed["marker"] + ":" + detailed["direction"]
        named = pd.concat([named, detailed[["entry_id"]].assign(marker=labels)])
    markers = [*FAMILIES, *sorted(set(named["marker"]) - set(FAMILIES))]
    hits = named.merge(base, on="entry_id", how="inner")
    keys = [*columns, "marker"]
    counts = hits.groupby(keys, observed=True).agg(
        hits=("marker", "size"), entries_with=("entry_id", "nunique")
    )
    grid = exposure.reset_index().merge(pd.DataFrame({"marker": markers}), how="cross")
    table = grid.merge(counts.reset_index(), on=keys, how="left")
    table[["hits", "entries_with"]] = table[["hits", "entries_with"]].fillna(0).astype("int64")
    table["per_1000"] = table["hits"] / table["tokens"].where(table["tokens"] > 0) * 1000
    table["share"] = table["entries_with"] / table["entries"]
    order = ["marker", "hits", "tokens", "entries", "entries_with", "per_1000", "share"]
    return table[[*columns, *order]]


def count_words(entries: pd.DataFrame) -> pd.Series:
    """Words of each entry: its ``tokens`` column, else runs of letters and digits.

    Raises
    ------
    ReflectError
        If there is neither ``tokens`` nor ``text``.
    """
    if "tokens" in entries.columns:
        return entries["tokens"].astype("int64")
    if "text" not in entries.columns:
        raise ReflectError("rates: entries lack the column text; add it or a column tokens")
    return entries["text"].str.count(r"\w+(?:[-'’*]\w+)*").fillna(0).astype("int64")
