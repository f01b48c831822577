"""Periods without an entry, and whether they follow a pattern."""

import numpy as np
import pandas as pd
import pytest
from simulated import SIDES, weekly_diary

from reflect.missingness import missing_periods, missing_share, missingness_check
from reflect.periods import periods

WEEKS = periods(pd.Timestamp("2025-03-03"), pd.Timestamp("2025-05-25"))


def people(diary: pd.DataFrame) -> pd.DataFrame:
    return diary[["participant_id", "tandem_id", "side"]].drop_duplicates(ignore_index=True)


def grid(tandems: int, drop=lambda diary: diary["period"] < 0) -> pd.DataFrame:
    diary = weekly_diary(tandems)
    return missing_periods(diary[~drop(diary)], people(diary), WEEKS)


def test_a_grid_by_hand():
    table = grid(1, lambda diary: (diary["side"] == "a") & diary["period"].isin([2, 11, 12]))
    own = table[table["side"] == "a"].set_index("period")
    assert own.index[own["missing"]].tolist() == [2, 11, 12]
    assert own.index[own["after_last"]].tolist() == [11, 12]
    assert own["third"].tolist() == ["early"] * 4 + ["middle"] * 4 + ["late"] * 4
    assert own["entries"].sum() == 9
    shares = missing_share(table, ["side", "third"])
    assert shares["third"].tolist() == ["early", "middle", "late"] * 2
    assert shares.loc[0, ["people", "periods", "missing", "share"]].tolist() == [1, 4, 1, 0.25]
    assert shares.loc[2, ["missing", "after_last"]].tolist() == [2, 2]


def test_who_never_wrote_is_missing_throughout():
    table = grid(1, lambda diary: diary["side"] == "b")
    own = table[table["side"] == "b"]
    assert len(own) == 12 and own["missing"].all() and own["after_last"].all()
    check = missingness_check(table, SIDES)
    assert check.loc[0, ["tandems", "difference", "verdict"]].tolist() == [1, -1.0, "described"]


def test_a_planted_relation_to_side_is_found():
    table = missingness_check(
        grid(8, lambda diary: (diary["side"] == "a") & diary["period"].isin([2, 6, 10])), SIDES
    )
    row = table.iloc[0]
    assert (row["relation"], row["verdict"]) == ("side", "more")
    assert row["difference"] == pytest.approx(3 / 12)
    assert row["p"] == pytest.approx(2 / 256)
    assert table["verdict"].tolist()[1:] == ["none"] * 3


def test_a_planted_relation_to_time_is_found_on_its_side():
    table = missingness_check(
        grid(8, lambda diary: (diary["side"] == "b") & (diary["period"] > 8)), SIDES
    ).set_index(["relation", "side"])
    assert table.loc[("time", "b"), ["difference", "verdict"]].tolist() == [1.0, "more"]
    assert table.loc[("time", "a"), "verdict"] == "none"
    assert table.loc[("time", ""), "difference"] == pytest.approx(0.5)


def test_gaps_by_chance_raise_few_alarms():
    alarms = 0
    for seed in range(40):
        gap = np.random.default_rng(seed).random(8 * 24) < 0.2
        alarms += (missingness_check(grid(8, lambda diary, gap=gap: gap), SIDES)["p"] < 0.05).sum()
    assert alarms / (40 * 4) <= 0.08


def test_nobody_misses_anything():
    table = missingness_check(grid(6), SIDES)
    assert table["difference"].tolist() == [0] * 4
    assert table["p"].tolist() == [1.0] * 4
    assert set(table["verdict"]) == {"none"}


def test_one_period_has_no_last_third():
    diary = weekly_diary(1, weeks=1)
    one = periods(pd.Timestamp("2025-03-03"), pd.Timestamp("2025-03-05"))
    table = missingness_check(missing_periods(diary, people(diary), one), SIDES)
    assert table["tandems"].tolist() == [1, 0, 0, 0]
    assert table["difference"].isna().tolist() == [False, True, True, True]
