"""The mixed model: its likelihood by brute force, its ratios and errors of known cohorts."""

import numpy as np
import pytest
from scipy import integrate
from scipy import stats as distributions
from simulated import changing_hits

from reflect.mixed import _Model, fit_change


def test_likelihood_is_the_integral_over_both_intercepts():
    hits = np.array([[[1, 3], [0, 2]]])
    words = np.array([[[500.0, 400.0], [300.0, 600.0]]])
    rates, ratios, dispersion = np.log([0.004, 0.002]), np.array([0.3, -0.2]), 0.2
    factor = np.array([[0.5, 0.0], [0.2, 0.4]])
    parameters = [*rates, *ratios, np.log(0.5), 0.2, np.log(0.4), np.log(dispersion)]

    def density(two: float, one: float) -> float:
        intercepts = factor @ [one, two]
        mean = words[0] * np.exp(np.stack([rates, rates + ratios], 1) + intercepts[:, None])
        chance = distributions.nbinom.pmf(hits[0], 1 / dispersion, 1 / (1 + dispersion * mean))
        return float(chance.prod() * distributions.norm.pdf([one, two]).prod())

    expected = np.log(integrate.dblquad(density, -6, 6, -6, 6, epsabs=1e-9)[0])
    found = _Model(hits.astype(float), np.log(words)).by_tandem(np.array(parameters))
    assert found[0] == pytest.approx(expected, abs=2e-3)


def test_ratios_of_a_large_cohort_are_those_put_in():
    hits, words = changing_hits(300, (2, 1), hits=4, generator=np.random.default_rng(1))
    ratios = fit_change(hits, words)
    assert [ratio.value for ratio in ratios] == pytest.approx([2, 1, 2], rel=0.1)
    assert [ratio.p < 0.001 for ratio in ratios] == [True, False, True]


def test_sides_can_be_turned_and_fits_repeated():
    hits, words = changing_hits(24, (2, 1), hits=3, generator=np.random.default_rng(2))
    first, second, difference = fit_change(hits, words)
    turned = fit_change(hits[:, ::-1], words[:, ::-1])
    assert turned[1].value == pytest.approx(first.value, rel=1e-3)
    assert turned[2].high == pytest.approx(1 / difference.low, rel=2e-3)
    assert fit_change(hits, words) == [first, second, difference]


def test_changes_that_differ_between_tandems_widen_the_interval():
    steady = np.tile([[4, 8], [5, 5]], (20, 1, 1))
    steady[::2, 0, 1] = 9
    mixed = steady.copy()
    mixed[::2, 0], mixed[1::2, 0] = (8, 0), (0, 16)
    words = np.full((20, 2, 2), 500)
    widths = [
        np.log(ratio.high / ratio.low)
        for ratio in (fit_change(h, words)[0] for h in (steady, mixed))
    ]
    assert widths[1] > 3 * widths[0]


def test_intervals_and_p_agree():
    for seed in range(30):
        generator = np.random.default_rng(seed)
        hits, words = changing_hits(20, (1.5, 1), hits=2, generator=generator)
        for ratio in fit_change(hits, words):
            assert (ratio.p <= 0.05) == (not ratio.low <= 1 <= ratio.high)
            assert ratio.value == pytest.approx(np.sqrt(ratio.low * ratio.high))


def test_drawings_follow_the_seed():
    hits, words = changing_hits(20, (2, 1), hits=3, generator=np.random.default_rng(2))
    one, other = (fit_change(hits, words, seed=seed)[0] for seed in (0, 1))
    assert one.value == other.value
    assert one.low != other.low
    assert one.low == pytest.approx(other.low, rel=0.05)
