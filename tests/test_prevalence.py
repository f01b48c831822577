"""Shares by hand, and intervals that resample tandems."""

import pandas as pd
import pytest

from reflect.errors import ReflectError
from reflect.prevalence import foremost, prevalence


def corpus(tandems: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Side a writes wholly about topic 0 in even tandems, about 1 in odd ones; b half and half."""
    entries, weights = [], []
    for number in range(tandems):
        for side in "ab":
            entry = f"T{number:02d}{side}"
            entries.append((entry, f"T{number:02d}", side, 1 + number % 2))
            if side == "a":
                weights.append((entry, number % 2, 1.0))
            else:
                weights += [(entry, 0, 0.5), (entry, 1, 0.5)]
    diary = pd.DataFrame(entries, columns=["entry_id", "tandem_id", "side", "period"])
    return pd.DataFrame(weights, columns=["entry_id", "topic", "weight"]), diary


def test_shares_are_mean_weights_and_sum_to_one():
    table = prevalence(*corpus(4), resamples=0).set_index(["side", "topic"])["share"]
    assert table.loc["a"].tolist() == [0.5, 0.5]
    assert table.groupby("side").sum().tolist() == [1.0, 1.0]


def test_groups_may_be_crossed():
    table = prevalence(*corpus(4), by=["side", "period"], resamples=0)
    share = table.set_index(["side", "period", "topic"])["share"]
    assert share.loc[("a", 1, 0)] == 1.0
    assert share.loc[("a", 2, 0)] == 0.0
    assert share.loc[("b", 2, 0)] == 0.5


def test_few_tandems_get_no_interval():
    assert prevalence(*corpus(9))["low"].isna().all()


def test_interval_is_wide_where_tandems_differ_and_nil_where_they_agree():
    table = prevalence(*corpus(12)).set_index(["side", "topic"])
    assert table.loc[("a", 0), "low"] < 0.3 < 0.7 < table.loc[("a", 0), "high"]
    assert table.loc[("b", 0), ["low", "high"]].tolist() == [0.5, 0.5]


def test_missing_column_is_named():
    assignments, diary = corpus(2)
    with pytest.raises(ReflectError, match="lacks the column phase"):
        prevalence(assignments, diary, by="phase")


def test_the_foremost_topic_of_each_group_leaves_outliers_aside():
    shares = pd.DataFrame(
        {"event_kind": ["b", "b", "a", "a"], "topic": [-1, 2, 0, 1], "share": [0.9, 0.1, 0.4, 0.6]}
    )
    best = foremost(shares, "event_kind")
    assert best[["event_kind", "topic"]].to_numpy().tolist() == [["b", 2], ["a", 1]]
