"""Diaries that move together, and those that only seem to."""

import numpy as np
import pandas as pd
import pytest
from simulated import SIDES, coupled_marks, marks, weekly_diary
from statsmodels.stats.multitest import multipletests

from reflect.coupling import _holm, coupling, marker_series, tandem_coupling
from reflect.periods import periods

WEEKS = periods(pd.Timestamp("2025-03-03"), pd.Timestamp("2025-05-25"))


def series(tandems: int, lag: int | None, **settings) -> pd.DataFrame:
    spans = coupled_marks(tandems, lag, **settings)
    return marker_series(spans, weekly_diary(tandems), WEEKS, ["insight"])


def test_series_by_hand():
    diary = weekly_diary(1, words="wort wort wort wort")
    diary = diary[diary["entry_id"] != "T00-a-2"]
    spans = marks([("T00-a-1", "insight", ""), ("T00-a-1", "learning", "")])
    spans["start"] = 0
    table = marker_series(spans, diary, WEEKS, ["insight", "learning"])
    own = table[table["side"] == "a"].set_index("period")
    assert len(table) == 24
    # Two markers in one sentence are one sentence: 1 hit in 4 words is 250 per 1,000.
    assert own.loc[1, ["hits", "words"]].tolist() == [1, 4]
    assert own.loc[1, "value"] == pytest.approx(np.sqrt(250))
    assert own.loc[2, "words"] == 0 and np.isnan(own.loc[2, "value"])
    assert own.loc[3, "value"] == 0


def test_correlation_is_that_of_numpy_where_nothing_is_missing():
    data = series(1, None, seed=4)
    wide = data.pivot(index="period", columns="side", values="value")
    table = tandem_coupling(data, SIDES, lags=(0,))
    assert table.loc[0, "r"] == pytest.approx(np.corrcoef(wide["a"], wide["b"])[0, 1])
    assert table.loc[0, "pairs"] == 12


@pytest.mark.parametrize("lag", [-1, 0, 2])
def test_a_planted_delay_is_found_at_its_place_only(lag):
    table = coupling(series(8, lag), SIDES, resamples=999).set_index("lag")
    assert table["r"].idxmax() == lag
    assert table.loc[lag, "verdict"] == "together"
    assert (table["verdict"].drop(lag) == "together").sum() == 0
    assert table.loc[lag, "r"] > table.loc[lag, "high"]


def test_one_that_answers_with_silence_is_opposed():
    data = series(8, 0)
    second = data["side"] == "b"
    data.loc[second, "value"] = data["value"].max() - data.loc[second, "value"]
    table = coupling(data, SIDES, resamples=999).set_index("lag")
    assert table.loc[0, "verdict"] == "opposed"


def test_common_weeks_are_no_coupling_of_pairs():
    # Everybody writes of shifts in the same weeks: turning in time is fooled, re-pairing is not.
    table = coupling(series(8, 0, common=True), SIDES, resamples=999).set_index("lag")
    assert table.loc[0, "r"] == pytest.approx(1)
    assert table.loc[0, "p_shift"] < 0.05
    assert table.loc[0, "p_repaired"] == 1
    assert set(table["verdict"]) == {"none"}


def test_re_paired_tandems_lose_the_coupling():
    data = series(8, 1)
    names = sorted(data["tandem_id"].unique())
    other = dict(zip(names, names[1:] + names[:1], strict=True))
    second = data["side"] == "b"
    dealt = data.assign(tandem_id=data["tandem_id"].where(~second, data["tandem_id"].map(other)))
    assert "together" in set(coupling(data, SIDES, resamples=999)["verdict"])
    assert set(coupling(dealt, SIDES, resamples=999)["verdict"]) == {"none"}


def test_false_alarms_over_all_delays_stay_at_their_level():
    alarms = [
        coupling(series(6, None, seed=seed), SIDES, resamples=99)["verdict"]
        .isin(["together", "opposed"])
        .any()
        for seed in range(60)
    ]
    assert np.mean(alarms) <= 0.07


def test_few_tandems_are_described():
    table = coupling(series(1, 0), SIDES, resamples=49)
    assert set(table["verdict"]) == {"described"}
    assert table[["p_shift", "p_repaired", "p", "expected"]].isna().all(axis=None)
    assert table.set_index("lag").loc[0, "r"] == pytest.approx(1)


@pytest.mark.parametrize("sides", [["a"], ["a", "b"]])
def test_a_silent_side_or_no_hits_give_no_number(sides):
    diary = weekly_diary(6)
    table = marker_series(marks([]), diary[diary["side"].isin(sides)], WEEKS, ["insight"])
    result = coupling(table, SIDES, resamples=9)
    assert result["r"].isna().all()
    assert set(result["verdict"]) == {"described"}
    assert result["tandems"].tolist() == [0] * 5


def test_the_same_seed_gives_the_same_table():
    first, second = (coupling(series(6, 0), SIDES, resamples=49, seed=2) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


def test_correction_is_that_of_statsmodels():
    p = pd.Series([0.04, 0.001, np.nan, 0.03, 0.03, 0.9])
    adjusted = multipletests(p.dropna(), method="holm")[1]
    assert _holm(p).dropna().tolist() == pytest.approx(adjusted.tolist())
    assert np.isnan(_holm(p)[2])
