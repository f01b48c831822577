"""Inference from one number a tandem, against published and hand-worked values."""

import numpy as np
import pytest
from scipy import stats as distributions

from reflect.resampling import bootstrap_t, hedges_g, sign_flip


@pytest.mark.parametrize(
    ("values", "p"),
    [
        ([1, 2, 3, 4, 5], 2 / 32),
        ([1, 2, 3, 4, 5, 6], 2 / 64),
        ([-1, -2, -3, -4, -5, -6], 2 / 64),
        # Only flipping the 1 too (or instead) lies as far out: 4 of 32.
        ([1, 1, 2, 4, -1], None),
        ([1, -1, 2, -2, 0], 1.0),
    ],
)
def test_sign_flip_by_hand(values, p):
    if p is None:
        signs = np.array(np.meshgrid(*[[1, -1]] * 5)).reshape(5, -1).T
        sums = np.abs(signs @ np.array(values))
        p = (sums >= abs(sum(values))).mean()
    assert sign_flip(values) == pytest.approx(p)


def test_sign_flip_of_darwins_plants():
    # Fisher (1935), section 21: fifteen pairs of plants, 1,726 of 32,768 flips as extreme
    # (863 on each side).
    pairs = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
    assert sign_flip(pairs, resamples=20_000) == pytest.approx(1726 / 32768, abs=0.005)


@pytest.mark.parametrize("values", [[], [1, 2, 3, 4], [1, 2, 3, 4, np.nan]])
def test_no_test_below_five_tandems(values):
    assert np.isnan(sign_flip(values))


def test_missing_values_are_left_out():
    assert sign_flip([1, 2, 3, 4, 5, np.nan]) == sign_flip([1, 2, 3, 4, 5])


def test_sign_flip_keeps_its_level_on_values_without_a_centre():
    generator = np.random.default_rng(0)
    alarms = [sign_flip(generator.normal(size=10)) < 0.05 for _ in range(200)]
    assert np.mean(alarms) <= 0.08


def test_bootstrap_t_holds_the_mean_and_is_the_same_every_time():
    values = np.arange(12.0)
    effect = bootstrap_t(values, seed=1)
    assert effect.low < effect.value == 5.5 < effect.high
    assert effect == bootstrap_t(values, seed=1)


def test_bootstrap_t_is_near_the_t_interval_for_normal_values():
    values = distributions.norm.ppf((np.arange(30) + 0.5) / 30)
    low, high = distributions.t.interval(0.95, 29, values.mean(), distributions.sem(values))
    effect = bootstrap_t(values, resamples=4000)
    assert (effect.low, effect.high) == pytest.approx((low, high), abs=0.06)


def test_bootstrap_t_covers_at_its_level():
    generator = np.random.default_rng(3)
    inside = []
    for seed in range(200):
        effect = bootstrap_t(generator.exponential(size=12), resamples=400, seed=seed)
        inside.append(effect.low <= 1 <= effect.high)
    assert 0.89 <= np.mean(inside) <= 0.99


@pytest.mark.parametrize("values", [range(9), [2.0] * 12])
def test_no_interval_from_few_tandems_or_equal_values(values):
    effect = bootstrap_t(values)
    assert effect.value == np.mean(values)
    assert np.isnan([effect.low, effect.high]).all()


def test_nothing_gives_nothing():
    assert np.isnan(bootstrap_t([])).all()
    assert np.isnan(hedges_g([1, 1, 1, 1, 1])).all()
    assert np.isnan(hedges_g([1, 2, 3])).all()


def test_hedges_g_by_hand():
    # Mean 3, deviation 1.5811, d 1.8974; J of 4 degrees of freedom is 0.7979 (Hedges 1981, table).
    assert hedges_g([1, 2, 3, 4, 5]).value == pytest.approx(1.8974 * 0.7979, abs=5e-4)


@pytest.mark.parametrize("shift", [-2.0, -1e-9, 0.0, 0.3, 3.0])
def test_interval_of_hedges_g_inverts_the_noncentral_t(shift):
    values = np.array([-1.2, 0.4, 0.1, 1.3, -0.8, 0.2, 0.9, -0.9]) + shift
    effect = hedges_g(values)
    t = values.mean() / distributions.sem(values)
    correction = effect.value / (values.mean() / values.std(ddof=1)) if shift else 0.8882
    for bound, probability in ((effect.low, 0.975), (effect.high, 0.025)):
        shifted = bound / correction * np.sqrt(8)
        assert distributions.nct.cdf(t, 7, shifted) == pytest.approx(probability, abs=2e-3)
