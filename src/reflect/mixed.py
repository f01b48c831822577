"""Negative binomial model of change with random intercepts of the two people of a tandem.

``hits ~ NB(mean, dispersion)``, ``log mean = log(words) + side + side:late + intercept``; the
intercepts of the two people of a tandem are normal, each side with its own spread, and correlated.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import gammaln, roots_hermitenorm

from reflect.ratios import LEVEL, Ratio

#: Quadrature points for each of the two intercepts.
NODES = 5
#: Width of the prior of a side's log ratio: ratios up to twenty are hardly held back.
PRIOR_SD = 3.0
#: Prior of the log dispersion: around .14, 95 % between .02 and 1.
DISPERSION = (-2.0, 1.0)


#: Drawings of tandems behind each interval.
RESAMPLES = 3999


def fit_change(hits: ArrayLike, words: ArrayLike, *, seed: int = 0) -> list[Ratio]:
    """Ratio of late to early on either side, and the first side's over the second's.

    The marginal likelihood is integrated by adaptive Gauss-Hermite quadrature around the mode of
    each tandem's two intercepts. Weak priors keep variances off the edge: the spread of either
    side has a density in proportion to ``s^2 exp(-s^2 / 2)``, and the log dispersion that of
    `DISPERSION`. Estimates are at the mode of the posterior.

    Intervals and p are bootstrapped: tandems are drawn with replacement, with what each adds to
    the estimate (its score times the inverse curvature), and the distance of the drawn sum from 0,
    divided by its own error, is compared with that of the estimate. They hold where changes differ
    between tandems more than the model says. Intervals are symmetric on the logarithm.

    Source: Pinheiro & Bates (1995), Journal of Computational and Graphical Statistics 4, 12-35
    (quadrature); Chung, Rabe-Hesketh, Dorie, Gelman & Liu (2013), Psychometrika 78, 685-709 (priors
    that avoid the edge); White (1982), Econometrica 50, 1-25 (error from the scores), with a factor
    N / (N - 2) of the variance for N tandems; Hu & Kalbfleisch (2000), Canadian Journal of
    Statistics 28, 449-481 (bootstrap of scores without new fits); Hall (1988), Journal of the Royal
    Statistical Society B 50, 35-45 (symmetric, studentised). The code is ours.

    Parameters
    ----------
    hits, words : array
        ``(tandems, 2, 2)``: by tandem, side, and early or late; words above 0.
    seed : int
        Of the drawing.

    Returns
    -------
    list of Ratio
        Three; empty where the fit does not come to an end.

    Examples
    --------
    >>> hits = np.tile([[[2, 4], [3, 3]], [[4, 8], [1, 1]]], (10, 1, 1))
    >>> [round(ratio.value, 1) for ratio in fit_change(hits, np.full((20, 2, 2), 100))]
    [2.0, 1.0, 2.0]
    """
    counts, exposure = np.asarray(hits, float), np.asarray(words, float)
    model = _Model(counts, np.log(exposure))
    rate = np.log((counts.sum(axis=0) + 0.5) / exposure.sum(axis=0))
    start = [*rate[:, 0], *(rate[:, 1] - rate[:, 0]), np.log(0.4), 0.0, np.log(0.4), DISPERSION[0]]
    fit = minimize(model.loss, start, method="BFGS", options={"gtol": 1e-3})
    try:
        bread = np.linalg.inv(_curvature(model.loss, fit.x))
    except np.linalg.LinAlgError:
        return []
    # Columns: what each tandem adds to the two log ratios and to their difference.
    contrasts = np.array([[1, 0, 1], [0, 1, -1]])
    added = _slopes(model.by_tandem, fit.x) @ bread[:, 2:4] @ contrasts
    if not (added.var(axis=0) > 0).all():
        return []
    values = fit.x[2:4] @ contrasts
    errors, distances = _bootstrapped(added, np.random.default_rng(seed))
    rank = int(np.ceil(LEVEL * (RESAMPLES + 1))) - 1
    found = []
    for value, error, distance in zip(values, errors, distances, strict=True):
        reach = np.partition(distance, rank)[rank] * error
        farther = int((distance >= abs(value) / error).sum())
        bounds = np.exp([value, value - reach, value + reach]).tolist()
        found.append(Ratio(*bounds, (1 + farther) / (1 + RESAMPLES)))
    return found


def _bootstrapped(
    added: np.ndarray, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Error of each column's sum, and studentised distances ``(columns, RESAMPLES)`` from 0."""
    number = len(added)
    centred = added - added.mean(axis=0)
    errors = np.sqrt((centred**2).sum(axis=0) * number / (number - 2))
    drawn = generator.multinomial(number, np.full(number, 1 / number), RESAMPLES)
    sums = drawn @ centred
    squares = drawn @ centred**2 - sums**2 / number
    return errors, np.abs(sums / np.sqrt(np.maximum(squares, 1e-12))).T


class _Model:
    """Minus the log posterior; parameters are two log rates, two log ratios, the Cholesky factor of
    the intercepts' covariance (diagonal as logarithms) and the log dispersion."""

    def __init__(self, hits: np.ndarray, offset: np.ndarray) -> None:
        self.hits, self.offset = hits, offset
        self.modes = np.zeros((len(hits), 2))
        points, weights = roots_hermitenorm(NODES)
        grid = np.stack(np.meshgrid(points, points, indexing="ij"), axis=-1)
        self.points = grid.reshape(-1, 1, 2)
        self.weights = np.log(np.outer(weights, weights).ravel() / weights.sum() ** 2)[:, None]

    def loss(self, parameters: np.ndarray) -> float:
        log_first, between, log_second, log_dispersion = parameters[4:]
        prior = -((parameters[2:4] / PRIOR_SD) ** 2).sum() / 2 - between**2 / 2
        prior += log_first + log_second - (np.exp(2 * log_first) + np.exp(2 * log_second)) / 2
        prior -= ((log_dispersion - DISPERSION[0]) / DISPERSION[1]) ** 2 / 2
        return -float(self.by_tandem(parameters).sum() + prior)

    def by_tandem(self, parameters: np.ndarray) -> np.ndarray:
        """Log likelihood of each tandem."""
        rates, ratios = parameters[:2], parameters[2:4]
        log_first, between, log_second, log_dispersion = parameters[4:]
        factor = np.array([[np.exp(log_first), 0.0], [between, np.exp(log_second)]])
        size = np.exp(-log_dispersion)
        mean = self.offset + np.stack([rates, rates + ratios], axis=-1)
        information = self._find_modes(mean, factor, size)
        # Points are spread by the curvature at the mode.
        spread = np.linalg.cholesky(np.linalg.inv(information))
        deviates = self.modes + np.einsum("nij,ptj->pni", spread, self.points)
        logs = mean + (deviates @ factor.T)[..., None]
        rising = np.logaddexp(np.log(size), logs)
        hits = self.hits
        constant = gammaln(hits + size) - gammaln(size) - gammaln(hits + 1) + size * np.log(size)
        likelihood = (constant + hits * logs - (hits + size) * rising).sum(axis=(-2, -1))
        likelihood += self.weights - ((deviates**2).sum(-1) - (self.points**2).sum(-1)) / 2
        highest = likelihood.max(axis=0)
        total = highest + np.log(np.exp(likelihood - highest).sum(axis=0))
        # The spread is triangular.
        return total + np.log(spread[:, 0, 0] * spread[:, 1, 1])

    def _find_modes(self, mean: np.ndarray, factor: np.ndarray, size: float) -> np.ndarray:
        """Newton steps to the modes, from those of the last call; gives the curvature there."""
        modes = self.modes
        for _ in range(50):
            logs = np.minimum(mean + (modes @ factor.T)[..., None], 30)
            share = size / (size + np.exp(logs))
            gradient = ((self.hits - np.exp(logs)) * share).sum(axis=-1) @ factor - modes
            curve = ((self.hits + size) * share * (1 - share)).sum(axis=-1)
            information = np.einsum("ai,na,aj->nij", factor, curve, factor) + np.eye(2)
            step = np.linalg.solve(information, gradient[..., None])[..., 0]
            modes = modes + np.clip(step, -2, 2)
            if np.abs(step).max() < 1e-8:
                break
        self.modes = modes
        return information


def _slopes(by_tandem, place: np.ndarray, step: float = 1e-4) -> np.ndarray:
    """First derivatives of each tandem's log likelihood by central differences."""
    moves = np.eye(len(place)) * step
    return np.stack(
        [(by_tandem(place + move) - by_tandem(place - move)) / (2 * step) for move in moves], axis=1
    )


def _curvature(loss, place: np.ndarray, step: float = 1e-3) -> np.ndarray:
    """Second derivatives by central differences."""
    moves = np.eye(len(place)) * step
    ups, downs = ([loss(place + way * move) for move in moves] for way in (1, -1))
    middle = loss(place)
    result = np.diag((np.array(ups) - 2 * middle + np.array(downs)) / step**2)
    for row in range(len(place)):
        for column in range(row):
            both = loss(place + moves[row] + moves[column]) + loss(
                place - moves[row] - moves[column]
            )
            rest = ups[row] + ups[column] + downs[row] + downs[column] - 2 * middle
            result[row, column] = result[column, row] = (both - rest) / (2 * step**2)
    return result
