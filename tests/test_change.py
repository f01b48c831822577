"""Before and after: ratios by hand, by reference, and of cohorts with a known change."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats as distributions
from simulated import SIDES, marks, phase_table, weekly_diary

from reflect.change import CHANGE_COLUMNS, change, log_ratio, phase_counts


def person(tandem: str, side: str, early: int, late: int, words=(500, 500)) -> dict:
    row = {"tandem_id": tandem, "side": side, "marker": "insight"}
    row |= {"early_hits": early, "early_tokens": words[0]}
    return row | {"late_hits": late, "late_tokens": words[1]}


def table(*people: dict) -> pd.DataFrame:
    counts = pd.DataFrame(people)
    ratio = log_ratio(
        *(counts[f"{when}_{what}"] for when in ("early", "late") for what in ("hits", "tokens"))
    )
    return counts.assign(log_ratio=ratio)


@pytest.mark.parametrize(
    ("early", "late", "words", "ratio"),
    [
        (2, 2, (500, 500), 1.0),
        (1, 4, (500, 500), 3.0),  # (4 + .5) / (1 + .5)
        (0, 0, (500, 500), 1.0),
        (0, 0, (100, 900), 1.0),
        # One hit shared 1 : 3 by words: (3 + .75) / 1500 over (1 + .25) / 500.
        (1, 3, (500, 1500), 1.0),
    ],
)
def test_log_ratio_by_hand(early, late, words, ratio):
    found = log_ratio(early, words[0], late, words[1])
    assert found == pytest.approx(np.log(ratio))


def test_phase_counts_take_the_outer_thirds_of_people_who_wrote_in_both():
    diary = weekly_diary(2, words="wort wort")
    diary = diary[~((diary["tandem_id"] == "T01") & (diary["side"] == "b") & (diary["period"] > 8))]
    spans = marks(
        [("T00-a-1", "insight", ""), ("T00-a-6", "insight", "")]
        + [("T00-a-12", "insight", "")] * 2
        + [("T01-b-1", "insight", "")]
    )
    counts = phase_counts(spans, diary)
    own = counts[counts["marker"] == "insight"].set_index(["tandem_id", "side"])
    assert sorted(own.index) == [("T00", "a"), ("T00", "b"), ("T01", "a")]
    assert own.loc[("T00", "a")].tolist()[1:5] == [1, 8, 2, 8]
    assert own.loc[("T00", "a"), "log_ratio"] == pytest.approx(np.log(2.5 / 1.5))


def test_one_tandem_is_described_with_the_exact_interval():
    # 2 early and 6 late hits in as many words: Clopper & Pearson of 6 in 8 is .3491 to .9681.
    result = change(table(person("T", "a", 2, 6), person("T", "b", 1, 1)), SIDES)
    row = result.set_index("contrast").loc["a"]
    assert row["ratio"] == pytest.approx(6.5 / 2.5)
    assert (row["low"], row["high"]) == pytest.approx((0.3491 / 0.6509, 0.9681 / 0.0319), rel=2e-3)
    assert row[["method", "verdict"]].tolist() == ["exact", "described"]
    assert np.isnan(row[["p", "g"]].astype(float)).all()
    assert result["verdict"].tolist() == ["described"] * 3


def test_exact_interval_of_a_ratio_inverts_the_binomial_test_with_exposure():
    counts = table(person("T", "a", 3, 9, (400, 800)), person("T", "b", 0, 0))
    row = change(counts, SIDES).set_index("contrast").loc["a"]
    for bound in (row["low"], row["high"]):
        share = bound * 800 / (bound * 800 + 400)
        p = distributions.binom.cdf(9, 12, share), distributions.binom.sf(8, 12, share)
        assert min(p) == pytest.approx(0.025, abs=1e-4)


def test_exact_interval_of_the_difference_inverts_fishers_test():
    counts = table(person("T", "a", 2, 8), person("T", "b", 6, 4))
    row = change(counts, SIDES).set_index("contrast").loc["difference"]
    low, high = (
        distributions.nchypergeom_fisher(20, 10, 12, odds) for odds in (row["low"], row["high"])
    )
    assert low.sf(7) == pytest.approx(0.025, abs=1e-4)
    assert high.cdf(8) == pytest.approx(0.025, abs=1e-4)


def test_nothing_found_and_nobody_in_both_thirds():
    nothing = table(person("T", "a", 0, 0), person("T", "b", 1, 0))
    result = change(nothing, SIDES).set_index("contrast")
    assert result.loc["a", "verdict"] == "too_few"
    alone = change(table(person("T", "a", 1, 2)), SIDES).set_index("contrast")
    assert alone.loc["b", ["tandems", "verdict"]].tolist() == [0, "too_few"]
    assert alone.loc["difference", "verdict"] == "too_few"
    assert change(nothing, SIDES, markers=["learning"])["method"].tolist() == ["none"] * 3
    empty = change(nothing.iloc[:0], SIDES)
    assert empty.empty and empty.columns.tolist() == CHANGE_COLUMNS


@pytest.mark.parametrize(
    ("tandems", "hits", "method"),
    [
        (9, 4.0, {"exact"}),
        (12, 4.0, {"sign_flip"}),
        (12, 0.02, {"rare", "none"}),
        (20, 4.0, {"negative_binomial"}),
        (30, 0.4, {"sign_flip", "negative_binomial"}),
    ],
)
def test_the_number_of_tandems_decides_what_is_done(tandems, hits, method):
    result = change(phase_table(tandems, (1, 1), hits=hits), SIDES)
    assert set(result["method"]) <= method
    if tandems < 10:
        assert set(result["verdict"]) == {"described"}


def test_rare_markers_have_a_ratio_and_no_interval():
    hits = [(1, 2), (0, 1), (1, 1), (0, 0), (0, 1)] + [(0, 0)] * 9
    people = [person(f"T{place:02}", "a", *pair) for place, pair in enumerate(hits)]
    people += [person(f"T{place:02}", "b", 2, 2) for place in range(14)]
    row = change(table(*people), SIDES).set_index("contrast").loc["a"]
    assert row[["method", "verdict", "tandems"]].tolist() == ["rare", "too_few", 14]
    assert row["ratio"] == pytest.approx(5 / 2)
    assert row[["low", "high", "p"]].isna().all()


@pytest.mark.parametrize("tandems", [14, 24])
def test_a_planted_doubling_is_found_on_its_side_only(tandems):
    found = np.zeros(3)
    for seed in range(12):
        result = change(phase_table(tandems, (2.5, 1), seed=seed), SIDES)
        assert result["contrast"].tolist() == ["a", "b", "difference"]
        found += result["verdict"] == "more"
    assert found[0] >= 10 and found[1] <= 2 and found[2] >= 7


@pytest.mark.parametrize("tandems", [12, 20])
def test_without_a_change_nothing_is_claimed_and_intervals_hold(tandems):
    claims, inside, cells = 0, 0, 0
    for seed in range(60):
        result = change(phase_table(tandems, (1, 1), hits=2, seed=seed), SIDES)
        claims += result["verdict"].isin(["more", "less"]).sum()
        inside += ((result["low"] <= 1) & (result["high"] >= 1)).sum()
        cells += len(result)
    # The slow table in tests/evaluation has more cohorts; this one catches gross faults.
    assert claims / cells <= 0.085
    assert 0.9 <= inside / cells <= 0.995


def test_sides_keep_their_order_and_names():
    turned = change(phase_table(14, (2.5, 1)), ("b", "a")).set_index("contrast")
    straight = change(phase_table(14, (2.5, 1)), SIDES).set_index("contrast")
    assert turned.index.tolist() == ["b", "a", "difference"]
    assert turned.loc["difference", "ratio"] == pytest.approx(
        1 / straight.loc["difference", "ratio"]
    )
    assert turned.loc["a", "ratio"] == pytest.approx(straight.loc["a", "ratio"])


def test_the_order_of_rows_does_not_matter():
    counts = phase_table(14, (1, 2))
    pd.testing.assert_frame_equal(change(counts, SIDES), change(counts[::-1], SIDES))
