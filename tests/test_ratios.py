"""Ratios within tandems: by hand, by reference, and of cohorts whose truth is known."""

import numpy as np
import pytest
from scipy import stats as distributions
from simulated import exchanged_hits

from reflect.ratios import rate_ratio, ratio_of_ratios


@pytest.mark.parametrize(
    ("first", "second", "words", "ratio"),
    [
        ([4] * 12, [2] * 12, (100, 100), 2.0),
        ([4] * 12, [2] * 12, (200, 100), 1.0),
        ([1, 2], [2, 1], (100, 100), 1.0),
        # One hit shared out: (3 + .5) / .5.
        ([1, 2], [0, 0], (100, 100), 7.0),
    ],
)
def test_ratio_by_hand(first, second, words, ratio):
    exposures = tuple(np.full(len(first), count) for count in words)
    assert rate_ratio(first, second, exposures).value == pytest.approx(ratio)


def test_a_tandem_that_wrote_much_does_not_decide():
    # Both tandems write twice as often first; sums over tandems would say 1.1.
    first, second = [20, 2], [10, 1]
    assert rate_ratio(first, second, ([1000, 1000], [1000, 1000])).value == pytest.approx(2)
    assert rate_ratio(first, second, ([1000, 10], [1000, 10])).value == pytest.approx(2)


def test_like_tandems_have_the_mid_p_interval_of_their_hits():
    result = rate_ratio([2] * 12, [1] * 12, (np.full(12, 100), np.full(12, 100)))
    for bound, tail in ((result.low, 0), (result.high, 1)):
        exact = distributions.binom(36, bound / (1 + bound))
        beyond = exact.cdf(24) if tail else exact.sf(23)
        assert beyond - exact.pmf(24) / 2 == pytest.approx(0.025, abs=1e-4)


def test_tandems_that_differ_have_the_score_interval():
    own, other = (
        np.array([18, 1, 0, 2, 0, 9, 1, 0, 3, 12]),
        np.array([0, 5, 9, 1, 7, 2, 3, 4, 2, 1]),
    )
    words = np.full(10, 100)
    result = rate_ratio(own, other, (words, words))
    for bound in (result.low, result.high):
        scores = own - (own + other) * bound / (1 + bound)
        assert distributions.ttest_1samp(scores, 0).pvalue == pytest.approx(0.05, abs=1e-4)
    plain = distributions.ttest_1samp(own - (own + other) / 2, 0).pvalue
    assert result.p == pytest.approx(plain)


@pytest.mark.parametrize(
    ("first", "second"),
    [([3] * 9, [1] * 9), ([9, 9, 9, 9, 9] + [0] * 9, [1] * 5 + [0] * 9), ([0] * 12, [0] * 12)],
)
def test_few_tandems_and_rare_hits_have_no_interval(first, second):
    words = np.full(len(first), 100)
    result = rate_ratio(first, second, (words, words))
    assert np.isnan([result.low, result.high, result.p]).all()
    assert np.isnan(result.value) == (sum(first) == 0)


def test_a_count_of_nothing_has_an_open_end():
    words = (np.full(12, 100), np.full(12, 100))
    only, never = rate_ratio([1] * 12, [0] * 12, words), rate_ratio([0] * 12, [1] * 12, words)
    assert only.high == np.inf and only.low > 1
    assert never.low == 0 and never.high == pytest.approx(1 / only.low)


def test_turning_the_counts_turns_the_ratio():
    generator = np.random.default_rng(4)
    first, second, (one, two) = exchanged_hits(14, ratio=2, generator=generator)
    straight, turned = rate_ratio(first, second, (one, two)), rate_ratio(second, first, (two, one))
    assert turned.value == pytest.approx(1 / straight.value)
    assert (turned.low, turned.high) == pytest.approx((1 / straight.high, 1 / straight.low))
    assert turned.p == pytest.approx(straight.p)


def test_ratio_of_ratios_of_a_side_without_change_is_that_of_the_other():
    hits = np.tile([[2, 6], [3, 3]], (14, 1, 1)) + np.arange(14)[:, None, None] % 3
    result = ratio_of_ratios(hits, np.full((14, 2, 2), 100))
    sums = hits.sum(axis=0)
    assert result.value == pytest.approx(sums[0, 1] / sums[0, 0])
    assert 1 < result.low < result.value < result.high and result.p < 0.05
    turned = ratio_of_ratios(hits[:, ::-1], np.full((14, 2, 2), 100))
    assert turned.low == pytest.approx(1 / result.high, rel=1e-6)


@pytest.mark.parametrize("tandems", [10, 20])
@pytest.mark.parametrize("unequal", [1, 3])
def test_without_a_difference_hardly_a_cohort_claims_one(tandems, unequal):
    generator = np.random.default_rng(tandems + unequal)
    results = [
        rate_ratio(*exchanged_hits(tandems, unequal=unequal, generator=generator))
        for _ in range(150)
    ]
    inside = [not result.low > 1 and not result.high < 1 for result in results]
    assert np.mean([result.p < 0.05 for result in results]) <= 0.08
    # The slow table in tests/evaluation has more cohorts; this one catches gross faults.
    assert np.mean(inside) >= 0.92
