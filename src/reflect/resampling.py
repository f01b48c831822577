"""Inference from one number a tandem: sign-flip test, bootstrap interval, effect size.

The tandem is the unit: each of these functions takes one value a tandem and never
looks inside it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats as distributions
from scipy.special import gammaln, nctdtrinc

from reflect.stats import BOOTSTRAP_TANDEMS, COMPARE_TANDEMS, LEVEL, tandem_weights

#: Up to this many tandems all sign flips are listed; beyond, they are drawn.
EXACT_FLIPS = 13


class Effect(NamedTuple):
    """A number with its 95 % interval; nan where there is none."""

    value: float
    low: float
    high: float


def sign_flip(values: ArrayLike, *, resamples: int = 9999, seed: int = 0) -> float:
    """Two-sided p that values of tandems centre on zero.

    Each tandem's value may as well have had the other sign if nothing changed. The mean is
    compared with the means under all 2^N flips (exact up to 13 tandems, drawn beyond). With
    five tandems the smallest possible p is .0625. Assumes that values would be symmetric
    about zero if nothing changed.

    Source: Fisher (1935), The Design of Experiments; computed by
    `scipy.stats.permutation_test`.

    Returns
    -------
    float
        nan for fewer than five tandems; missing values are left out.

    Examples
    --------
    >>> sign_flip([1, 2, 3, 4, 5])
    0.0625
    """
    known = _known(values)
    if len(known) < COMPARE_TANDEMS:
        return float("nan")
    # Rounding would make flips that tie with what was observed look smaller.
    known = np.round(known, 12)
    result = distributions.permutation_test(
        (known,),
        lambda sample, axis: np.round(np.mean(sample, axis=axis), 12),
        permutation_type="samples",
        vectorized=True,
        n_resamples=2**EXACT_FLIPS if len(known) <= EXACT_FLIPS else resamples,
        rng=np.random.default_rng(seed),
    )
    return float(result.pvalue)


def bootstrap_t(
    values: ArrayLike, *, resamples: int = 2000, seed: int = 0, level: float = LEVEL
) -> Effect:
    """Mean of one value a tandem with its studentised bootstrap interval.

    A percentile interval of ten tandems holds the truth less often than it says; dividing
    each resampled mean by its own standard error mends most of that.

    Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, section 12.5.

    Returns
    -------
    Effect
        Bounds are nan for fewer than ten tandems, and where all values are the same.

    Examples
    --------
    >>> bootstrap_t([0.1, 0.3, 0.2]).low
    nan
    """
    known = _known(values)
    if not len(known):
        return Effect(float("nan"), float("nan"), float("nan"))
    mean, number = float(known.mean()), len(known)
    error = known.std(ddof=1) / np.sqrt(number) if number > 1 else 0.0
    if number < BOOTSTRAP_TANDEMS or error < 1e-12:
        return Effect(mean, float("nan"), float("nan"))
    weights = tandem_weights(number, resamples, seed)
    means = weights @ known / number
    spread = np.sqrt(np.maximum(weights @ known**2 / number - means**2, 0) / (number - 1))
    kept = spread > 1e-9 * error
    ratios = (means[kept] - mean) / spread[kept]
    tail = (1 - level) / 2
    lower, upper = np.quantile(ratios, [tail, 1 - tail])
    return Effect(mean, float(mean - upper * error), float(mean - lower * error))


def hedges_g(values: ArrayLike, level: float = LEVEL) -> Effect:
    """Standardised mean of one value a tandem (paired or one-sample), with its interval.

    ``g = J * mean / sd`` with the small-sample correction
    ``J = Γ(df/2) / (√(df/2) Γ((df - 1)/2))``; the interval inverts the noncentral t
    distribution. This is d_z, which grows with the correlation of what is paired, and is
    not to be compared with the d of independent groups.

    Source: Hedges (1981), Journal of Educational Statistics 6, 107-128; Cumming & Finch
    (2001), Educational and Psychological Measurement 61, 532-574.

    Returns
    -------
    Effect
        nan for fewer than five tandems or values that are all the same.
    """
    known = _known(values)
    number = len(known)
    if number < COMPARE_TANDEMS or known.std(ddof=1) < 1e-12:
        return Effect(float("nan"), float("nan"), float("nan"))
    freedom = number - 1
    effect = float(known.mean() / known.std(ddof=1))
    correction = float(
        np.exp(gammaln(freedom / 2) - gammaln((freedom - 1) / 2)) / np.sqrt(freedom / 2)
    )
    tail = (1 - level) / 2
    bounds = [
        nctdtrinc(freedom, probability, effect * np.sqrt(number)) / np.sqrt(number)
        for probability in (1 - tail, tail)
    ]
    low, high = (float(correction * bound) for bound in bounds)
    return Effect(correction * effect, low, high)


def _known(values: ArrayLike) -> np.ndarray:
    array = np.asarray(values, float)
    return array[np.isfinite(array)]
