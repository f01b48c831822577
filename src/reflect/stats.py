"""Honest numbers for few tandems: intervals that respect the tandem as the unit.

Entries of one person, and the two people of a tandem, are not independent, so
resampling draws whole tandems. Below `BOOTSTRAP_TANDEMS` a bootstrap is
unreliable and exact intervals are given as description; no comparison is made
where fewer than `COMPARE_TANDEMS` tandems wrote on both sides.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats as distributions
from statsmodels.stats.multitest import multipletests

from reflect.ratios import BOOTSTRAP_TANDEMS, LEVEL, rate_ratio

BOOTSTRAP_HITS = 5
COMPARE_TANDEMS = 5


def wilson(successes: int, trials: int, level: float = LEVEL) -> tuple[float, float]:
    """Interval for a proportion.

    Source: Wilson (1927), Journal of the American Statistical Association 22, 209-212.

    Returns
    -------
    tuple of float
        Lower and upper bound; ``(nan, nan)`` without trials.

    Examples
    --------
    >>> [round(bound, 3) for bound in wilson(8, 10)]
    [0.49, 0.943]
    """
    if trials == 0:
        return (float("nan"), float("nan"))
    result = distributions.binomtest(successes, trials).proportion_ci(level, method="wilson")
    return (float(result.low), float(result.high))


def poisson_interval(hits: int, exposure: float, level: float = LEVEL) -> tuple[float, float]:
    """Exact interval for a rate, hits per unit of exposure.

    Source: Garwood (1936), Biometrika 28, 437-442. It assumes that hits come
    independently; with hits clustered in few people it is too narrow.

    Examples
    --------
    >>> [round(bound, 2) for bound in poisson_interval(0, 1)]
    [0.0, 3.69]
    """
    if exposure <= 0:
        return (float("nan"), float("nan"))
    tail = (1 - level) / 2
    low = distributions.chi2.ppf(tail, 2 * hits) / 2 if hits else 0.0
    high = distributions.chi2.ppf(1 - tail, 2 * hits + 2) / 2
    return (float(low / exposure), float(high / exposure))


def beta_interval(successes: int, trials: int, level: float = LEVEL) -> tuple[float, float]:
    """Credible interval for a proportion under a uniform prior, Beta(1, 1)."""
    tail = (1 - level) / 2
    posterior = distributions.beta(1 + successes, 1 + trials - successes)
    return (float(posterior.ppf(tail)), float(posterior.ppf(1 - tail)))


def tandem_weights(tandems: int, resamples: int, seed: int) -> np.ndarray:
    """How often each tandem is drawn in each resample: ``(resamples, tandems)`` counts."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(tandems, np.full(tandems, 1 / tandems), size=resamples)


def side_rates(
    counts: pd.DataFrame,
    *,
    groups: tuple[str, ...] = ("side", "marker"),
    hits: str = "hits",
    exposure: str = "tokens",
    per: float = 1000.0,
    resamples: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Rate of each group with a 95 % interval that resamples tandems.

    Parameters
    ----------
    counts : DataFrame
        One row a person (or person and phase) and marker, with ``tandem_id``,
        the `groups` columns, and the columns named by `hits` and `exposure`.
    per : float
        Unit of the rate: 1000 for "per 1,000 tokens", 1 for a share of entries.

    Returns
    -------
    DataFrame
        The `groups` columns, ``hits, exposure, tandems, rate, low, high, method``;
        method is ``bootstrap`` (tandems resampled) or ``exact`` (Garwood; also
        used below five hits, where a bootstrap says little).
    """
    rows = []
    for key, part in counts.groupby(list(groups), sort=True, observed=True):
        by_tandem = part.groupby("tandem_id", sort=True)[[hits, exposure]].sum()
        total_hits, total_exposure = by_tandem.sum().tolist()
        tandems = len(by_tandem)
        if tandems >= BOOTSTRAP_TANDEMS and total_hits >= BOOTSTRAP_HITS:
            sums = tandem_weights(tandems, resamples, seed) @ by_tandem.to_numpy(float)
            low, high = np.quantile(sums[:, 0] / sums[:, 1], [0.025, 0.975])
            method = "bootstrap"
        else:
            low, high = poisson_interval(int(total_hits), total_exposure)
            method = "exact"
        rate = total_hits / total_exposure if total_exposure else float("nan")
        values = (int(total_hits), int(total_exposure), tandems, per * rate, per * low, per * high)
        rows.append((*key, *values, method))
    columns = [*groups, "hits", "exposure", "tandems", "rate", "low", "high", "method"]
    return pd.DataFrame(rows, columns=columns)


def with_wilson(
    table: pd.DataFrame, successes: str = "entries_with", trials: str = "entries"
) -> pd.DataFrame:
    """A table of shares with their Wilson intervals in ``low`` and ``high``.

    They take the trials as independent. Entries of one person are not, so for entries
    the intervals are too narrow and only describe.
    """
    pairs = zip(table[successes], table[trials], strict=True)
    bounds = [wilson(int(success), int(trial)) for success, trial in pairs]
    return table.assign(low=[low for low, _ in bounds], high=[high for _, high in bounds])


def side_contrast(
    counts: pd.DataFrame,
    sides: tuple[str, str],
    *,
    exposure: str = "tokens",
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Rate ratio of the two sides for each marker, with a 95 % interval.

    Ratios are taken within tandems (`reflect.ratios.rate_ratio`), of those in which both sides
    wrote. No ratio is given for fewer than five tandems, and no interval for fewer than ten or
    where fewer than six have a hit. As many markers are compared, a difference is claimed where p
    is below `alpha` after the correction of Benjamini & Hochberg (1995).

    Returns
    -------
    DataFrame
        ``marker, ratio, low, high, p, p_adjusted, tandems, verdict``: ratio of the first side's
        rate to the second's; verdict is the side that writes more, ``"none"`` where that
        cannot be told from chance, ``"too_few"`` where nothing is compared.
    """
    rows = []
    for marker, part in counts.groupby("marker", sort=True):
        wide = part.pivot_table(
            index="tandem_id", columns="side", values=["hits", exposure], aggfunc="sum"
        )
        wide = wide.reindex(columns=pd.MultiIndex.from_product([["hits", exposure], sides]))
        wide = wide.dropna()
        table = wide[(wide[exposure] > 0).all(axis=1)].to_numpy(float)
        ratio = (float("nan"),) * 4
        if len(table) >= COMPARE_TANDEMS:
            ratio = rate_ratio(table[:, 0], table[:, 1], (table[:, 2], table[:, 3]))
        rows.append((marker, *ratio, len(table)))
    table = pd.DataFrame(rows, columns=["marker", "ratio", "low", "high", "p", "tandems"])
    known = table["p"].notna()
    table.insert(5, "p_adjusted", np.nan)
    if known.any():
        corrected = multipletests(table.loc[known, "p"], method="fdr_bh")[1]
        table.loc[known, "p_adjusted"] = corrected
    leaning = np.where(table["ratio"] > 1, sides[0], sides[1])
    claimed = np.where(table["p_adjusted"] < alpha, leaning, "none")
    return table.assign(verdict=pd.Series(np.where(known, claimed, "too_few"), dtype="str"))
