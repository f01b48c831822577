"""Shares from weighted sentences, with intervals that hold up where nothing was missed or found."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats as distributions

LEVEL = 0.95
#: From this many tandems on, an interval is at least as wide as tandems differ.
CLUSTERS = 10
_ROUNDING = 1e-15


class Estimate(NamedTuple):
    """A figure with its 95 % interval; NaN where there is none."""

    value: float
    low: float
    high: float

    def times(self, factor: float) -> Estimate:
        """The estimate multiplied by a known number; nil for none of something."""
        if factor == 0:
            return Estimate(0.0, 0.0, 0.0)
        return Estimate(self.value * factor, self.low * factor, self.high * factor)

    def plus(self, amount: float) -> Estimate:
        """The estimate with a known number added."""
        return Estimate(self.value + amount, self.low + amount, self.high + amount)


MISSING = Estimate(math.nan, math.nan, math.nan)


def share(
    part: pd.DataFrame, top: np.ndarray, bottom: np.ndarray, finite: bool = False
) -> Estimate:
    """Ratio of two weighted sums with its 95 % interval.

    Linearised variance for a stratified sample (Särndal, Swensson and Wretman 1992, section
    5.7); Clopper-Pearson limits at the effective sample size (Korn and Graubard 1998,
    Survey Methodology 24, 193-201).

    Parameters
    ----------
    part : DataFrame
        ``weight, stratum, population`` and optionally ``tandem_id``, one row a coded sentence.
    top, bottom : ndarray
        What each sentence adds to the two sums, 0 or 1; 0 outside the group.
    finite : bool
        Whether the figure is one of this corpus alone: the variance then shrinks with the
        share of each stratum that was coded, to nil where all was. Otherwise, with ten or
        more tandems, the variance between tandems is taken where it is larger.

    Returns
    -------
    Estimate
        NaN where the lower sum is nil.
    """
    weight = part["weight"].to_numpy(float)
    used = bottom > 0
    if not used.any():
        return MISSING
    total = float((weight * bottom).sum())
    value = float((weight * top).sum() / total)
    if finite and (weight[used] <= 1).all():
        return Estimate(value, value, value)
    residual = weight * (top - value * bottom) / total
    variance = _stratified(part, residual, finite)
    if not finite and "tandem_id" in part and part["tandem_id"].nunique() >= CLUSTERS:
        sums = pd.Series(residual).groupby(part["tandem_id"].to_numpy()).sum()
        count = len(sums)
        variance = max(variance, float(count / (count - 1) * ((sums - sums.mean()) ** 2).sum()))
    # Strata that agree within leave nothing but the rounding of sums as variance.
    if 0 < value < 1 and variance > _ROUNDING:
        effective = value * (1 - value) / variance
        # A variance that is small by chance must not make more of the sentences than there are.
        effective = effective if finite else min(effective, float(used.sum()))
    else:
        effective = float(weight[used].sum() ** 2 / (weight[used] ** 2).sum())
    return Estimate(value, *_clopper_pearson(value, effective))


def _stratified(part: pd.DataFrame, residual: np.ndarray, finite: bool) -> float:
    """Variance of a weighted sum over strata in which sentences were drawn at random."""
    _, numbers = np.unique(part["stratum"].astype(str), return_inverse=True)
    count = np.bincount(numbers)
    mean = np.bincount(numbers, residual) / count
    squares = np.bincount(numbers, (residual - mean[numbers]) ** 2)
    # A lone sentence shows no spread; its square stands in, which errs on the wide side.
    alone = np.bincount(numbers, residual**2)
    spread = np.where(count > 1, count * squares / np.maximum(count - 1, 1), alone)
    if finite:
        population = np.zeros(len(count))
        population[numbers] = part["population"].to_numpy(float)
        spread = spread * (1 - count / np.maximum(population, count))
    return float(spread.sum())


def _clopper_pearson(value: float, size: float) -> tuple[float, float]:
    tail = (1 - LEVEL) / 2
    yes, no = value * size, (1 - value) * size
    low = float(distributions.beta.ppf(tail, yes, no + 1)) if yes > 1e-12 else 0.0
    high = float(distributions.beta.ppf(1 - tail, yes + 1, no)) if no > 1e-12 else 1.0
    return (low, high)


def add(first: Estimate, second: Estimate) -> Estimate:
    """Sum of two independent estimates.

    Its limits recover the variances from those of the parts (MOVER): Zou and Donner (2008),
    Statistics in Medicine 27, 1693-1702.

    Examples
    --------
    >>> add(Estimate(10, 7, 14), Estimate(5, 1, 8))
    Estimate(value=15, low=10.0, high=20.0)
    """
    value = first.value + second.value
    low = value - math.hypot(first.value - first.low, second.value - second.low)
    high = value + math.hypot(first.high - first.value, second.high - second.value)
    return Estimate(value, low, high)


def divide(first: Estimate, second: Estimate) -> Estimate:
    """Ratio of two independent estimates that are not negative; the second above nil.

    MOVER for ratios: Donner and Zou (2012), Statistical Methods in Medical Research 21,
    347-359. The upper limit is infinite where the second may be nil.
    """
    product = first.value * second.value
    low = _limit(product, first, first.low, second, second.high, -1)
    high = math.inf
    if second.low > 0:
        high = _limit(product, first, first.high, second, second.low, 1)
    return Estimate(first.value / second.value, max(low, 0.0), high)


def _limit(
    product: float, first: Estimate, end: float, second: Estimate, other: float, sign: int
) -> float:
    bottom = other * (2 * second.value - other)
    if abs(bottom) < 1e-9 * second.value**2:
        # The limit of the expression where the bottom goes to nil.
        return end * (2 * first.value - end) / (2 * product) if product else 0.0
    root = product**2 - end * other * (2 * first.value - end) * (2 * second.value - other)
    return (product + sign * math.sqrt(max(root, 0.0))) / bottom
