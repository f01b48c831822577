"""Whether the partners' diaries move together, at which delay, and against what chance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from reflect.markers.exposure import count_words
from reflect.stats import COMPARE_TANDEMS

LAGS = (-2, -1, 0, 1, 2)
#: Periods that both wrote in, at the delay, for a tandem to count.
MINIMUM_PERIODS = 4
MINIMUM_HITS = 3


def marker_series(
    spans: pd.DataFrame, diary: pd.DataFrame, periods: pd.DataFrame, markers: Iterable[str]
) -> pd.DataFrame:
    """Marked sentences of each person in each period.

    Parameters
    ----------
    spans : DataFrame
        From `reflect.annotate`.
    diary : DataFrame
        From `Corpus.diary`.
    periods : DataFrame
        From `Corpus.periods`.
    markers : iterable of str
        Which markers; a sentence with several of them counts once.

    Returns
    -------
    DataFrame
        A row for each person and period: ``tandem_id, side, period, hits, words, value``; value is
        the square root of hits per 1,000 words (so that a single rich entry does not decide) and
        missing where nothing was written.
    """
    table = diary[["entry_id", "tandem_id", "side", "period"]].copy()
    table["words"] = count_words(diary).to_numpy()
    own = spans[spans["marker"].isin(list(markers))].drop_duplicates(["entry_id", "start"])
    table["hits"] = table["entry_id"].map(own["entry_id"].value_counts()).fillna(0)
    keys = ["tandem_id", "side", "period"]
    sums = table.groupby(keys, sort=True)[["hits", "words"]].sum()
    people = diary[["tandem_id", "side"]].drop_duplicates().sort_values(["tandem_id", "side"])
    grid = people.merge(periods[["period"]], how="cross")
    grid = grid.merge(sums.reset_index(), on=keys, how="left")
    grid[["hits", "words"]] = grid[["hits", "words"]].fillna(0).astype("int64")
    rate = 1000 * grid["hits"] / grid["words"].where(grid["words"] > 0)
    return grid.assign(value=np.sqrt(rate))


def coupling(
    series: pd.DataFrame,
    sides: tuple[str, str],
    *,
    lags: Sequence[int] = LAGS,
    resamples: int = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """Correlation of the two sides' series at each delay, against two kinds of chance.

    Each person's series is centred and scaled on itself; the correlation at a delay is the mean
    product over all tandems and periods in which both wrote. It is then computed again

    * with one side's series turned in a circle by a random number of periods (the same habits, at
      other times): ``p_shift``;
    * with the second sides dealt to other tandems (the same programme, other people):
      ``p_repaired``. Where everybody changes in the same weeks, only this one sees through it.

    A coupling is claimed only where both are below .05 after Holm's correction over the delays.
    It says that the partners wrote of shifts at related times, not that one moved the other.

    Parameters
    ----------
    series : DataFrame
        From `marker_series`.
    lags : sequence of int
        Delays in periods; positive: the second side follows the first.

    Returns
    -------
    DataFrame
        One row a delay: ``lag, tandems`` (with at least four periods at that delay and three hits
        on each side), ``pairs`` (periods), ``r``, ``low, high`` (95 % of what turning gives, not
        an interval of r), ``expected`` (mean when re-paired), ``p_shift, p_repaired`` (two-sided;
        nan below five tandems), ``p`` (the larger of the two after Holm), ``verdict``:
        ``together``, ``opposed``, ``none``, ``described`` (below five tandems).
    """
    tandems = sorted(series["tandem_id"].unique())
    first, second = (_standard(series, side, tandems) for side in sides)
    generator = np.random.default_rng(seed)
    observed = [_correlation(first, second, lag) for lag in lags]
    number, length = first.shape
    shifts = generator.integers(length, size=(resamples, number, 1))
    turns = (np.arange(length) - shifts) % length
    moved = second[np.arange(number)[None, :, None], turns]
    turned = np.stack([_correlation(first, moved, lag)[0] for lag in lags], axis=1)
    dealt = np.full((resamples, len(lags)), np.nan)
    if number >= 2:
        orders = generator.permuted(np.tile(np.arange(number), (resamples, 1)), axis=1)
        dealt = np.stack([_correlation(first, second[orders], lag)[0] for lag in lags], axis=1)
    table = pd.DataFrame(
        {
            "lag": list(lags),
            "tandems": [int(tandems) for _, tandems, _ in observed],
            "pairs": [int(pairs) for _, _, pairs in observed],
            "r": [float(r) for r, _, _ in observed],
        }
    )
    table["low"], table["high"] = _band(turned)
    table["expected"] = _mean(dealt)
    tested = table["tandems"] >= COMPARE_TANDEMS
    for name, chance in (("p_shift", turned), ("p_repaired", dealt)):
        table[name] = [
            _p(value, chance[:, place]) if fair else float("nan")
            for place, (value, fair) in enumerate(zip(table["r"], tested, strict=True))
        ]
    table["p"] = _holm(table[["p_shift", "p_repaired"]].max(axis=1, skipna=False))
    table["verdict"] = [
        "described"
        if not np.isfinite(row.p)
        else "none"
        if row.p >= 0.05
        else "together"
        if row.r > 0
        else "opposed"
        for row in table.itertuples(index=False)
    ]
    return table


def tandem_coupling(
    series: pd.DataFrame, sides: tuple[str, str], *, lags: Sequence[int] = LAGS
) -> pd.DataFrame:
    """The same correlation in each tandem alone, as description.

    Returns
    -------
    DataFrame
        ``tandem_id, lag, pairs, r``; r is missing below four periods in common, and where a person
        never varies or has fewer than three hits.
    """
    tandems = sorted(series["tandem_id"].unique())
    first, second = (_standard(series, side, tandems) for side in sides)
    rows = []
    for place, tandem in enumerate(tandems):
        for lag in lags:
            r, _, pairs = _correlation(first[[place]], second[[place]], lag)
            rows.append((tandem, lag, int(pairs), float(r)))
    return pd.DataFrame(rows, columns=["tandem_id", "lag", "pairs", "r"])


def _standard(series: pd.DataFrame, side: str, tandems: list[str]) -> np.ndarray:
    """Tandems by periods, each row with mean 0 and deviation 1; nan where it cannot be."""
    own = series[series["side"] == side]
    columns = sorted(series["period"].unique())
    wide = own.pivot(index="tandem_id", columns="period", values="value")
    matrix = wide.reindex(index=tandems, columns=columns).to_numpy(float)
    hits = own.groupby("tandem_id")["hits"].sum().reindex(tandems).fillna(0).to_numpy()
    known = np.isfinite(matrix)
    count = np.maximum(known.sum(axis=1, keepdims=True), 1)
    centred = matrix - np.where(known, matrix, 0).sum(axis=1, keepdims=True) / count
    spread = np.sqrt((np.where(known, centred, 0) ** 2).sum(axis=1, keepdims=True) / count)
    usable = (spread > 1e-9) & (hits >= MINIMUM_HITS)[:, None]
    return np.divide(centred, spread, where=usable, out=np.full(matrix.shape, np.nan))


def _correlation(
    first: np.ndarray, second: np.ndarray, lag: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean product of first at t and second at t + lag; tandems and pairs it rests on.

    The last two axes are tandems and periods; others (draws) are kept.
    """
    length = first.shape[-1]
    start, stop = max(0, -lag), max(0, length - max(0, lag))
    early, late = first[..., start:stop], second[..., max(0, lag) : max(0, length - start)]
    known = np.isfinite(early) & np.isfinite(late)
    enough = known.sum(axis=-1) >= MINIMUM_PERIODS
    known &= enough[..., None]
    pairs = known.sum(axis=(-2, -1))
    total = np.where(known, np.nan_to_num(early) * np.nan_to_num(late), 0.0).sum(axis=(-2, -1))
    r = np.divide(total, pairs, where=pairs > 0, out=np.full(np.shape(total), np.nan))
    return r, enough.sum(axis=-1), pairs


def _p(value: float, chance: np.ndarray) -> float:
    """Two-sided: twice the share of chance results at least as far out, the real one included."""
    known = chance[np.isfinite(chance)]
    if not np.isfinite(value) or not len(known):
        return float("nan")
    above = (1 + (known >= value - 1e-12).sum()) / (1 + len(known))
    below = (1 + (known <= value + 1e-12).sum()) / (1 + len(known))
    return float(min(1.0, 2 * min(above, below)))


def _holm(p: pd.Series) -> pd.Series:
    """Holm's correction; as statsmodels has it, which collects garbage on every call."""
    ordered = p.dropna().sort_values(kind="stable")
    steps = np.arange(len(ordered), 0, -1)
    return (ordered * steps).cummax().clip(upper=1).reindex(p.index)


def _band(turned: np.ndarray) -> tuple[list[float], list[float]]:
    pairs = [
        np.quantile(column[np.isfinite(column)], [0.025, 0.975])
        if np.isfinite(column).any()
        else (np.nan, np.nan)
        for column in turned.T
    ]
    return [float(low) for low, _ in pairs], [float(high) for _, high in pairs]


def _mean(dealt: np.ndarray) -> list[float]:
    return [
        float(column[np.isfinite(column)].mean()) if np.isfinite(column).any() else float("nan")
        for column in dealt.T
    ]
