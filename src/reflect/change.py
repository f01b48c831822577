"""Movement over time: before/after rate ratios of each side, and whether the sides differ.

How much is claimed follows the number of tandems (`reflect.stats`): below ten tandems the
change is described with exact intervals, from ten on it is tested by flipping the signs of
tandems, from twenty on by a negative binomial model that takes the tandem as the cluster.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats as distributions
from scipy.stats.contingency import odds_ratio

from reflect.markers.exposure import rates
from reflect.resampling import bootstrap_t, hedges_g, sign_flip
from reflect.stats import BOOTSTRAP_TANDEMS, LEVEL

MODEL_TANDEMS = 20
MODEL_HITS = 5
PHASES = ("early", "late")
DIFFERENCE = "difference"
CHANGE_COLUMNS = [
    "marker",
    "contrast",
    "tandems",
    "early_hits",
    "late_hits",
    "early_rate",
    "late_rate",
    "ratio",
    "low",
    "high",
    "p",
    "g",
    "g_low",
    "g_high",
    "method",
    "verdict",
]


class _Estimate(NamedTuple):
    ratio: float
    low: float
    high: float
    p: float
    method: str


_NOTHING = _Estimate(float("nan"), float("nan"), float("nan"), float("nan"), "none")


def phase_counts(
    spans: pd.DataFrame, diary: pd.DataFrame, phases: tuple[str, str] = PHASES
) -> pd.DataFrame:
    """Hits and words of each person in the first and the last third of the programme.

    Only people who wrote in both thirds have a change; others are in no row.

    Parameters
    ----------
    spans : DataFrame
        From `reflect.annotate`.
    diary : DataFrame
        From `Corpus.diary`.
    phases : tuple of str
        Which phase is before and which after.

    Returns
    -------
    DataFrame
        One row a person and marker: ``tandem_id, side, marker, early_hits, early_tokens,
        late_hits, late_tokens, log_ratio`` (see `log_ratio`).
    """
    table = rates(spans, diary, by=("tandem", "side", "phase"))
    table["phase"] = table["phase"].astype("str")
    keys = ["tandem_id", "side", "marker"]
    early, late = (
        table[(table["phase"] == phase) & (table["tokens"] > 0)][[*keys, "hits", "tokens"]]
        for phase in phases
    )
    both = early.merge(late, on=keys, suffixes=("_early", "_late"))
    both = both.rename(
        columns={
            f"{what}_{when}": f"{when}_{what}" for what in ("hits", "tokens") for when in PHASES
        }
    )
    both = both.sort_values(keys, ignore_index=True)
    return both[[*keys, "early_hits", "early_tokens", "late_hits", "late_tokens"]].assign(
        log_ratio=log_ratio(
            both["early_hits"], both["early_tokens"], both["late_hits"], both["late_tokens"]
        )
    )


def log_ratio(
    early_hits: np.ndarray, early_tokens: np.ndarray, late_hits: np.ndarray, late_tokens: np.ndarray
) -> np.ndarray:
    """Log of a person's late rate over the early rate, with one hit added and shared out.

    ``log[((late_hits + w) / late_tokens) / ((early_hits + 1 - w) / early_tokens)]`` with
    ``w = late_tokens / (early_tokens + late_tokens)``. With as many words in both thirds this is
    the ``log[(late + .5) / (early + .5)]`` of theory.md. Adding .5 whatever the words would make a
    person without any hit seem to change by the ratio of the words; sharing the hit by words gives
    0. It draws the ratios of rare markers towards 1.

    Examples
    --------
    >>> float(log_ratio(0, 1000, 0, 3000))
    0.0
    """
    share = late_tokens / (early_tokens + late_tokens)
    late = (late_hits + share) / late_tokens
    return np.log(late / ((early_hits + 1 - share) / early_tokens))


def change(
    counts: pd.DataFrame,
    sides: tuple[str, str],
    *,
    markers: Sequence[str] | None = None,
    alpha: float = 0.05,
    resamples: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Rate ratio from the first to the last third, of each side and between the sides.

    ========= ========================================================================
    tandems   what is given (``method``)
    ========= ========================================================================
    1-9       ``exact``: ratio of all hits with the exact conditional interval, as
              description. Hits count as independent there, so it is too narrow. No p.
    10-19     ``sign_flip``: ratio and interval from the model in the Notes, p by flipping
              the signs of the tandems' mean log ratios (`phase_counts`).
    20-       ``negative_binomial``: all from the model in the Notes.
    10-       ``two_stage``: where a side has fewer than five hits in a third, the mean log
              ratio with a studentised bootstrap interval and sign-flip p. Rare markers are
              drawn towards 1 here: used for all cohorts with one hit a person and third,
              its interval of a doubling held the truth in 87 to 92 % (alarms stay at 5 %).
    ========= ========================================================================

    Parameters
    ----------
    counts : DataFrame
        From `phase_counts`.
    sides : tuple of str
        The two sides.
    markers : sequence of str, optional
        Which markers; all that were ever found, if not given.
    alpha : float
        For the verdict, before any adjustment: see `reflect.plan.adjusted`.

    Returns
    -------
    DataFrame
        Three rows a marker, ``contrast`` being each side and ``difference`` (the first side's
        ratio over the second's, tandems in which both sides have one): ``marker, contrast,
        tandems, early_hits, late_hits`` (missing for the difference), ``early_rate,
        late_rate`` (per 1,000 words), ``ratio, low, high`` (95 %), ``p``; ``g, g_low, g_high``
        (Hedges g of the tandems' log ratios, from ten tandems on); ``method``; ``verdict``:
        ``more``, ``less``, ``none`` (no difference seen), ``described`` (below ten tandems),
        ``too_few`` (nobody wrote in both thirds, or no hit).

    Notes
    -----
    The model is a generalised estimating equation with a negative binomial variance and log
    link, log(words) as offset, ``side * late`` as terms and tandems as clusters; the
    independence working correlation with bias-reduced standard errors (Mancl & DeRouen 2001,
    Biometrics 57, 126-134) and t quantiles on N - 2 degrees of freedom (own choice; in
    simulated cohorts of ten and more tandems 93 to 97 % of the intervals hold the truth). With
    a log link and random intercepts the ratios it estimates are those of the mixed model of
    theory.md; the intercepts themselves are not estimated. The dispersion is
    estimated by moments. Fitted by statsmodels.

    A change from early to late has no control: it may be time, prompts or language learning.
    """
    found = counts.groupby("marker", sort=True)[["early_hits", "late_hits"]].sum().sum(axis=1)
    wanted = list(markers) if markers is not None else sorted(found[found > 0].index)
    rows = []
    for marker in wanted:
        own = counts[counts["marker"] == marker]
        ratios = own.pivot(index="tandem_id", columns="side", values="log_ratio")
        ratios = ratios.reindex(columns=list(sides)).sort_index()
        whole = int(ratios.notna().all(axis=1).sum())
        model = _model(own, sides) if whole >= BOOTSTRAP_TANDEMS else {}
        for contrast in (*sides, DIFFERENCE):
            values = ratios[sides[0]] - ratios[sides[1]]
            if contrast != DIFFERENCE:
                values = ratios[contrast]
            values = values.dropna()
            part = own[own["tandem_id"].isin(values.index)]
            hits = _hits(part, contrast)
            if not len(values) or not _any_hit(part, contrast):
                estimate = _NOTHING
            elif len(values) < BOOTSTRAP_TANDEMS:
                estimate = _exact(part, sides, contrast)
            elif contrast in model:
                estimate = model[contrast]
                if len(values) < MODEL_TANDEMS:
                    estimate = estimate._replace(p=sign_flip(values, seed=seed), method="sign_flip")
            else:
                estimate = _two_stage(values.to_numpy(), resamples, seed)
            effect = hedges_g(values if len(values) >= BOOTSTRAP_TANDEMS else [])
            rows.append(
                (marker, contrast, len(values), *hits, *estimate[:4], *effect, estimate.method)
                + (_verdict(estimate, alpha),)
            )
    return pd.DataFrame(rows, columns=CHANGE_COLUMNS)


def _hits(part: pd.DataFrame, contrast: str) -> tuple[float, float, float, float]:
    if contrast == DIFFERENCE:
        return (float("nan"),) * 4
    own = part[part["side"] == contrast]
    early, late = own["early_hits"].sum(), own["late_hits"].sum()
    words = [own[f"{phase}_tokens"].sum() for phase in PHASES]
    per = [
        1000 * hits / tokens if tokens else np.nan
        for hits, tokens in zip((early, late), words, strict=True)
    ]
    return (float(early), float(late), *per)


def _any_hit(part: pd.DataFrame, contrast: str) -> bool:
    own = part if contrast == DIFFERENCE else part[part["side"] == contrast]
    return bool(own[["early_hits", "late_hits"]].to_numpy().sum())


def _exact(part: pd.DataFrame, sides: tuple[str, str], contrast: str) -> _Estimate:
    """Ratio of sums with the exact interval that conditions on the number of hits."""
    columns = ["early_hits", "late_hits", "early_tokens", "late_tokens"]
    if contrast != DIFFERENCE:
        early, late, before, after = part.loc[part["side"] == contrast, columns].sum().tolist()
        ratio = np.exp(log_ratio(early, before, late, after))
        share = distributions.binomtest(int(late), int(early + late)).proportion_ci(LEVEL)
        odds = [
            bound / (1 - bound) if bound < 1 else float("inf") for bound in (share.low, share.high)
        ]
        low, high = (bound * before / after for bound in odds)
    else:
        sums = part.groupby("side")[columns].sum().loc[list(sides)].to_numpy(float)
        (early, late, before, after), (early2, late2, before2, after2) = sums
        weight = (before / after) / (before2 / after2)
        ratio = np.exp(
            log_ratio(early, before, late, after) - log_ratio(early2, before2, late2, after2)
        )
        table = np.array([[late, early], [late2, early2]], dtype=np.int64)
        if 0 in (*table.sum(axis=0), *table.sum(axis=1)):
            return _Estimate(ratio, 0.0, float("inf"), float("nan"), "exact")
        bounds = odds_ratio(table).confidence_interval(LEVEL)
        low, high = bounds.low * weight, bounds.high * weight
    return _Estimate(float(ratio), float(low), float(high), float("nan"), "exact")


def _two_stage(values: np.ndarray, resamples: int, seed: int) -> _Estimate:
    mean, low, high = (
        float(np.exp(bound)) for bound in bootstrap_t(values, resamples=resamples, seed=seed)
    )
    return _Estimate(mean, low, high, sign_flip(values, seed=seed), "two_stage")


def _model(own: pd.DataFrame, sides: tuple[str, str]) -> dict[str, _Estimate]:
    """Ratios of both sides and between them from one negative binomial GEE; {} where it fails."""
    import statsmodels.api as sm

    long = pd.concat(
        [
            pd.DataFrame(
                {
                    "tandem_id": own["tandem_id"],
                    "first": (own["side"] == sides[0]).astype(float),
                    "late": float(phase == "late"),
                    "hits": own[f"{phase}_hits"],
                    "tokens": own[f"{phase}_tokens"],
                }
            )
            for phase in PHASES
        ]
    ).sort_values(["tandem_id", "first", "late"])
    if (long.groupby(["first", "late"])["hits"].sum() < MODEL_HITS).any():
        return {}
    first, late = long["first"], long["late"]
    terms = np.column_stack([1 - first, first, (1 - first) * late, first * late])
    hits, offset = long["hits"].to_numpy(float), np.log(long["tokens"].to_numpy(float))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mean = sm.GLM(hits, terms, family=sm.families.Poisson(), offset=offset).fit().mu
        dispersion = max(float(((hits - mean) ** 2 - mean).sum() / (mean**2).sum()), 1e-3)
        try:
            fit = sm.GEE(
                hits,
                terms,
                groups=long["tandem_id"].to_numpy(),
                family=sm.families.NegativeBinomial(alpha=dispersion),
                cov_struct=sm.cov_struct.Independence(),
                offset=offset,
            ).fit(cov_type="bias_reduced")
        except (np.linalg.LinAlgError, ValueError, FloatingPointError):
            return {}
    freedom = own["tandem_id"].nunique() - 2
    contrasts = {sides[0]: [0, 0, 0, 1], sides[1]: [0, 0, 1, 0], DIFFERENCE: [0, 0, -1, 1]}
    result = {}
    for name, weights in contrasts.items():
        weight = np.array(weights, float)
        value = float(weight @ fit.params)
        error = float(np.sqrt(weight @ fit.cov_params() @ weight))
        if not np.isfinite(error) or error <= 0:
            return {}
        reach = float(distributions.t.ppf(0.5 + LEVEL / 2, freedom)) * error
        p = float(2 * distributions.t.sf(abs(value) / error, freedom))
        bounds = (float(np.exp(bound)) for bound in (value, value - reach, value + reach))
        result[name] = _Estimate(*bounds, p, "negative_binomial")
    return result


def _verdict(estimate: _Estimate, alpha: float) -> str:
    if estimate.method == "none":
        return "too_few"
    if estimate.method == "exact":
        return "described"
    if not (estimate.p < alpha and not estimate.low <= 1 <= estimate.high):
        return "none"
    return "more" if estimate.ratio > 1 else "less"
