"""Rate ratios within tandems, with intervals that see how tandems differ and how few hits are.

Of two counts of one tandem, such as hits of either side or of the first and the last third, the
first is binomial given their sum: that takes whoever writes much, and of whatever is written
often, out of the comparison. How far tandems stray from it gives the error of the ratio, so hits
need not be independent within a tandem.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import bdtr, expit, stdtr

#: Tandems from which on anything is tested or bootstrapped.
BOOTSTRAP_TANDEMS = 10
LEVEL = 0.95
#: Tandems with a hit that an interval needs: fewer could not tell anything from chance at .05.
RATIO_TANDEMS = 6
#: Farthest that bounds are looked for, in logarithms of the ratio.
_FAR = 12.0


class Ratio(NamedTuple):
    """A ratio with its 95 % interval and p.

    Attributes
    ----------
    value : float
        nan without any hit.
    low, high : float
        nan below ten tandems and where fewer than six of them have a hit.
    p : float
        Of a ratio of 1; nan with the bounds.
    """

    value: float
    low: float
    high: float
    p: float


def rate_ratio(
    first: ArrayLike, second: ArrayLike, exposures: tuple[ArrayLike, ArrayLike]
) -> Ratio:
    """Rate of the first count over that of the second, tandem by tandem.

    The interval is the wider of two. The first inverts a score test whose variance is that
    between tandems, with t quantiles on one less than the tandems with a hit; it sees that hits
    cluster. The second is the exact conditional one with mid-p, which sees how few they are. One
    hit is shared out by exposure where either count is 0 in all tandems, for the value alone.

    Source: Boos (1992), American Statistician 46, 327-333 (score test); Lancaster (1961), Journal
    of the American Statistical Association 56, 223-234 (mid-p); the wider of the two is ours.

    Parameters
    ----------
    first, second : array of int
        Hits, one value a tandem.
    exposures : tuple of array
        Words of either, above 0.

    Examples
    --------
    >>> result = rate_ratio([4] * 12, [2] * 12, ([100] * 12, [100] * 12))
    >>> [round(number, 2) for number in result[:3]]
    [2.0, 1.23, 3.31]
    """
    own, other = np.asarray(first, float), np.asarray(second, float)
    offset = np.log(np.asarray(exposures[0], float)) - np.log(np.asarray(exposures[1], float))
    hits, total, all_hits = own + other, float(own.sum()), float((own + other).sum())
    nothing = float("nan")
    if not all_hits:
        return Ratio(nothing, nothing, nothing, nothing)

    def expected(log_ratio: float) -> float:
        return float((hits * expit(log_ratio + offset)).sum())

    one_sided = total in (0.0, all_hits)
    share = float(np.average(expit(offset), weights=hits))
    goal = (total + share) * all_hits / (all_hits + 1) if one_sided else total
    centre = brentq(lambda log_ratio: expected(log_ratio) - goal, -40, 40)
    if len(hits) < BOOTSTRAP_TANDEMS or (hits > 0).sum() < RATIO_TANDEMS:
        return Ratio(float(np.exp(centre)), nothing, nothing, nothing)

    def between(log_ratio: float) -> float:
        return _t_test((own - hits * expit(log_ratio + offset))[hits > 0], 1)

    def exact(log_ratio: float) -> float:
        return _mid_p(int(total), int(all_hits), expected(log_ratio) / all_hits)

    def p_value(log_ratio: float) -> float:
        return max(between(log_ratio), exact(log_ratio))

    low, high = _bounds(p_value, centre)
    if total == 0:
        low = 0.0
    if total == all_hits:
        high = float("inf")
    return Ratio(float(np.exp(centre)), low, high, p_value(0.0))


def ratio_of_ratios(hits: ArrayLike, exposures: ArrayLike) -> Ratio:
    """First side's ratio of late to early over the second's, tandem by tandem.

    Inverts a score test of the difference of the two log ratios with the variance between
    tandems; each tandem's score is freed of what the common change takes up (effective score),
    and as two ratios are fitted, t has two degrees of freedom less than tandems with a hit.

    Source: as for `rate_ratio`; effective scores by tandem after Hemerik, Goeman & Finos (2020),
    Journal of the Royal Statistical Society B 82, 841-864.

    Parameters
    ----------
    hits, exposures : array
        ``(tandems, 2, 2)``: by tandem, side, and early or late.

    Returns
    -------
    Ratio
        Bounds are nan below ten tandems, and where on either side fewer than six have a hit or all
        hits are early, or late.
    """
    counts, words = np.asarray(hits, float), np.asarray(exposures, float)
    late, both = counts[..., 1], counts.sum(axis=-1)
    offset = np.log(words[..., 1]) - np.log(words[..., 0])
    nothing = float("nan")
    sides = [
        rate_ratio(late[:, side], counts[:, side, 0], (words[:, side, 1], words[:, side, 0]))
        for side in (0, 1)
    ]
    value = sides[0].value / sides[1].value
    known = both.sum(axis=1) > 0
    by_side, all_hits = late.sum(axis=0), both.sum(axis=0)
    total = float(by_side.sum())
    rare = ((both > 0).sum(axis=0) < RATIO_TANDEMS) | (by_side == 0) | (by_side == all_hits)
    if len(counts) < BOOTSTRAP_TANDEMS or rare.any():
        return Ratio(value, nothing, nothing, nothing)

    def p_value(log_ratio: float) -> float:
        shifted = offset + np.array([log_ratio, 0.0])
        common = brentq(lambda x: (both * expit(shifted + x)).sum() - total, -60, 60)
        share = expit(shifted + common)
        scores = late - both * share
        information = (both * share * (1 - share)).sum(axis=0)
        weight = information[0] / information.sum()
        return _t_test((scores[:, 0] - weight * scores.sum(axis=1))[known], 2)

    low, high = _bounds(p_value, float(np.log(value)))
    return Ratio(value, low, high, p_value(0.0))


def _t_test(scores: np.ndarray, fitted: int) -> float:
    """Two-sided p that scores of tandems sum to 0, with `fitted` parameters taken from them."""
    number = len(scores)
    variance = scores.var(ddof=1) * number * (number - 1) / (number - fitted)
    total = abs(float(scores.sum()))
    if variance <= 1e-12:
        return 1.0 if total < 1e-9 else 0.0
    return float(2 * stdtr(number - fitted, -total / np.sqrt(variance)))


def _mid_p(successes: int, trials: int, share: float) -> float:
    """Two-sided p of a binomial count, of which what was seen counts half."""
    less = bdtr(successes - 1, trials, share) if successes else 0.0
    below = (less + bdtr(successes, trials, share)) / 2
    return float(min(1.0, 2 * min(below, 1 - below)))


def _bounds(p_value: Callable[[float], float], centre: float) -> tuple[float, float]:
    """Ratios nearest the centre, on either side, that are rejected at 5 %; 0 and inf if none is."""
    bounds = []
    for way, open_end in ((-1.0, 0.0), (1.0, float("inf"))):
        inside = centre
        bound = open_end
        for step in np.arange(0.25, _FAR, 0.25):
            outside = centre + way * step
            if p_value(outside) < 1 - LEVEL:
                bound = float(np.exp(brentq(lambda x: p_value(x) - (1 - LEVEL), inside, outside)))
                break
            inside = outside
        bounds.append(bound)
    return (bounds[0], bounds[1])
