"""How much each side wrote about each topic, and when, with tandems as the unit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reflect.errors import ReflectError
from reflect.stats import BOOTSTRAP_TANDEMS, tandem_weights


def prevalence(
    assignments: pd.DataFrame,
    diary: pd.DataFrame,
    by: str | Sequence[str] = "side",
    *,
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Share of each topic in what each group wrote; every entry counts alike.

    What the `stm` package calls topic prevalence by covariate (Roberts et al. 2014), here
    without a model: the mean topic weight of the group's entries, with a percentile
    interval over resampled tandems.

    Parameters
    ----------
    assignments : DataFrame
        ``entry_id, topic, weight``; the weights of an entry sum to 1.
    diary : DataFrame
        From `Corpus.diary`: ``entry_id, tandem_id`` and the columns of `by`.
    by : str or sequence of str
        Columns that define the groups: ``side``, ``["side", "period"]``, ``phase``.
    resamples : int
        Bootstrap resamples of tandems; 0 for no intervals.

    Returns
    -------
    DataFrame
        The columns of `by`, then ``topic, share, low, high, entries`` (entries in the group).
        low and high are missing without resamples and below ten tandems.

    Raises
    ------
    ReflectError
        If the diary lacks a column.
    """
    keys = [by] if isinstance(by, str) else list(by)
    for column in ("entry_id", "tandem_id", *keys):
        if column not in diary:
            raise ReflectError(f"the diary lacks the column {column}. Pass Corpus.diary()")
    topics = np.sort(assignments["topic"].unique())
    weights = assignments.pivot_table(
        index="entry_id", columns="topic", values="weight", aggfunc="sum", fill_value=0.0
    ).reindex(columns=topics)
    entries = diary[["entry_id", "tandem_id", *keys]]
    entries = entries[entries["entry_id"].isin(weights.index)]
    tandems = np.sort(diary["tandem_id"].unique())
    draws = None
    if resamples and len(tandems) >= BOOTSTRAP_TANDEMS:
        draws = tandem_weights(len(tandems), resamples, seed)
    tables = []
    for key, group in entries.groupby(keys, sort=True, observed=True):
        matrix = weights.loc[group["entry_id"]].to_numpy(float)
        table = pd.DataFrame(dict(zip(keys, key, strict=True)), index=range(len(topics)))
        table["topic"] = topics
        table["share"] = matrix.mean(axis=0)
        low, high = _interval(matrix, group["tandem_id"], tandems, draws)
        tables.append(table.assign(low=low, high=high, entries=len(group)))
    columns = [*keys, "topic", "share", "low", "high", "entries"]
    return pd.concat(tables, ignore_index=True)[columns]


def foremost(shares: pd.DataFrame, by: str) -> pd.DataFrame:
    """The row with the largest share of each group, outliers aside, in the order of the groups."""
    named = shares[shares["topic"] >= 0]
    best = named.sort_values(["share", "topic"], ascending=[False, True]).drop_duplicates(by)
    order = {group: place for place, group in enumerate(shares[by].unique())}
    return best.sort_values(by, key=lambda groups: groups.map(order), ignore_index=True)


def _interval(
    matrix: np.ndarray, owners: pd.Series, tandems: np.ndarray, draws: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    if draws is None:
        missing = np.full(matrix.shape[1], np.nan)
        return missing, missing
    member = (owners.to_numpy()[None, :] == tandems[:, None]).astype(float)
    counts = draws @ member.sum(axis=1)
    # A resample may draw no tandem of the group; it says nothing about the group.
    drawn = counts > 0
    shares = (draws @ (member @ matrix))[drawn] / counts[drawn, None]
    low, high = np.quantile(shares, [0.025, 0.975], axis=0)
    return low, high
