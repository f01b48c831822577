"""Periods without an entry: who is missing, when, and whether that follows a pattern.

Missing entries are informative. People may write less when things go badly, or when they go
well; what they would have written is not known.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from reflect.resampling import bootstrap_t, sign_flip
from reflect.stats import COMPARE_TANDEMS


def missing_periods(
    diary: pd.DataFrame, people: pd.DataFrame, periods: pd.DataFrame
) -> pd.DataFrame:
    """Every person and period, and whether anything was written.

    Parameters
    ----------
    diary : DataFrame
        From `Corpus.diary`: ``participant_id, period``.
    people : DataFrame
        `Corpus.participants`: ``participant_id, tandem_id, side``; people without any entry count
        as missing throughout. Those who withdrew are not in it.
    periods : DataFrame
        From `Corpus.periods`.

    Returns
    -------
    DataFrame
        ``tandem_id, side, participant_id, period, third`` (early, middle, late by number of
        period), ``entries, missing`` (bool), ``after_last`` (bool: missing, and nothing later
        either).
    """
    grid = people[["tandem_id", "side", "participant_id"]].merge(periods[["period"]], how="cross")
    counts = diary.groupby(["participant_id", "period"]).size().rename("entries").reset_index()
    grid = grid.merge(counts, on=["participant_id", "period"], how="left")
    grid["entries"] = grid["entries"].fillna(0).astype("int64")
    number = len(periods)
    place = ((grid["period"] - 1) * 3 // max(number, 1)).clip(0, 2)
    grid["third"] = place.map(dict(enumerate(("early", "middle", "late"))))
    grid["missing"] = grid["entries"] == 0
    written = grid[~grid["missing"]].groupby("participant_id")["period"].max()
    last = grid["participant_id"].map(written).fillna(0)
    grid["after_last"] = grid["period"] > last
    columns = ["tandem_id", "side", "participant_id", "period", "third", "entries"]
    grid = grid.sort_values(["tandem_id", "side", "participant_id", "period"], ignore_index=True)
    return grid[[*columns, "missing", "after_last"]]


def missing_share(grid: pd.DataFrame, by: str | list[str] = "side") -> pd.DataFrame:
    """Share of periods without an entry, by side, third or period.

    Returns
    -------
    DataFrame
        The columns of `by`, then ``people, periods`` (person-periods), ``missing, after_last``
        (counts), ``share``. No interval: periods of one person are not independent.
    """
    keys = [by] if isinstance(by, str) else list(by)
    grouped = grid.groupby(keys, sort=True)
    table = grouped.agg(
        people=("participant_id", "nunique"),
        periods=("period", "size"),
        missing=("missing", "sum"),
        after_last=("after_last", "sum"),
    ).reset_index()
    if "third" in keys:
        order = {"early": 0, "middle": 1, "late": 2}
        table = table.sort_values(
            keys, key=lambda column: column.map(order) if column.name == "third" else column
        ).reset_index(drop=True)
    return table.assign(share=table["missing"] / table["periods"])


def missingness_check(
    grid: pd.DataFrame, sides: tuple[str, str], *, resamples: int = 2000, seed: int = 0
) -> pd.DataFrame:
    """Whether missing periods relate to side or to time.

    One number a tandem: for ``side`` the first side's share of missing periods minus the second's;
    for ``time`` the share in the last third minus that in the first (of both people, and of each
    side alone). Their mean is held against 0 by flipping signs of tandems. Few tandems see only
    coarse patterns: *none seen* does not mean that entries are missing at random, and whether
    missing relates to what would have been written cannot be checked at all.

    Returns
    -------
    DataFrame
        ``relation`` (side, time), ``side`` ("" for both), ``tandems, difference, low, high`` (95 %,
        from ten tandems on), ``p`` (nan below five), ``verdict``: ``more`` (the first side, or the
        last third, misses more), ``less``, ``none``, ``described``. Three rows on time are not
        corrected for each other.
    """
    rows = []
    share = grid.pivot_table(index="tandem_id", columns="side", values="missing", aggfunc="mean")
    share = share.reindex(columns=list(sides))
    rows.append(("side", "", share[sides[0]] - share[sides[1]]))
    for side in ("", *sides):
        own = grid if not side else grid[grid["side"] == side]
        late = own.pivot_table(
            index="tandem_id", columns="third", values="missing", aggfunc="mean"
        ).reindex(columns=["early", "late"])
        rows.append(("time", side, late["late"] - late["early"]))
    table = []
    for relation, side, values in rows:
        known = values.astype(float).dropna().to_numpy()
        interval = bootstrap_t(known, resamples=resamples, seed=seed)
        p = sign_flip(known, seed=seed) if len(known) >= COMPARE_TANDEMS else float("nan")
        verdict = "described"
        if np.isfinite(p):
            verdict = "none" if p >= 0.05 else "more" if interval.value > 0 else "less"
        table.append((relation, side, len(known), *interval, p, verdict))
    names = ["relation", "side", "tandems", "difference", "low", "high", "p", "verdict"]
    return pd.DataFrame(table, columns=names)
