"""Movement over time: before/after rate ratios of each side, and whether the sides differ.

How much is claimed follows the number of tandems (`reflect.stats`): below ten tandems the
change is described with exact intervals, from ten on it is tested by flipping the signs of
tandems, from twenty on by a negative binomial model with random intercepts of both people.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats as distributions
from scipy.stats.contingency import odds_ratio

from reflect.markers.exposure import rates
from reflect.mixed import fit_change
from reflect.ratios import BOOTSTRAP_TANDEMS, LEVEL, rate_ratio, ratio_of_ratios
from reflect.resampling import hedges_g, sign_flip

MODEL_TANDEMS = 20
#: Hits of each side in each third that the model needs.
MODEL_HITS = 10
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
    seed: int = 0,
) -> pd.DataFrame:
    """Rate ratio from the first to the last third, of each side and between the sides.

    ========= ========================================================================
    tandems   what is given (``method``)
    ========= ========================================================================
    1-9       ``exact``: ratio of all hits with the exact conditional interval, as
              description. Hits count as independent there, so it is too narrow. No p.
    10-       ``sign_flip``: ratio and interval from a score test between tandems
              (`reflect.ratios`); p is the larger one of that test and of flipping the signs of
              the tandems' log ratios (`phase_counts`).
    20-       ``negative_binomial``: all from the mixed model of `reflect.mixed`, with bootstrap
              intervals, where each side has ten hits in each third; else ``sign_flip``.
    10-       ``rare``: only the ratio, where fewer than six tandems have a hit; no interval holds
              then.
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
    seed : int
        Of flipped signs and drawn tandems.

    Returns
    -------
    DataFrame
        Three rows a marker, ``contrast`` being each side and ``difference`` (the first side's
        ratio over the second's, tandems in which both sides have one): ``marker, contrast,
        tandems, early_hits, late_hits`` (missing for the difference), ``early_rate,
        late_rate`` (per 1,000 words), ``ratio, low, high`` (95 %), ``p``; ``g, g_low, g_high``
        (Hedges g of the tandems' log ratios, from ten tandems on); ``method``; ``verdict``:
        ``more``, ``less``, ``none`` (no difference seen), ``described`` (below ten tandems),
        ``too_few`` (nobody wrote in both thirds, no hit, or method ``rare``).

    Notes
    -----
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
        complete = own[own["tandem_id"].isin(ratios.dropna().index)]
        model = _model(complete, sides, seed) if whole >= MODEL_TANDEMS else {}
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
            else:
                estimate = _scored(part, sides, contrast)
                if estimate.method == "sign_flip":
                    estimate = estimate._replace(p=max(estimate.p, sign_flip(values, seed=seed)))
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


def _scored(part: pd.DataFrame, sides: tuple[str, str], contrast: str) -> _Estimate:
    """Ratio, interval and p of the score test between tandems."""
    chosen = sides if contrast == DIFFERENCE else (contrast,)
    hits, words = (_stacked(part, chosen, what) for what in ("hits", "tokens"))
    if contrast == DIFFERENCE:
        ratio = ratio_of_ratios(hits, words)
    else:
        ratio = rate_ratio(hits[:, 0, 1], hits[:, 0, 0], (words[:, 0, 1], words[:, 0, 0]))
    return _Estimate(*ratio, "rare" if np.isnan(ratio.low) else "sign_flip")


def _stacked(part: pd.DataFrame, sides: tuple[str, ...], what: str) -> np.ndarray:
    """``(tandems, sides, 2)``, early before late."""
    wide = part.pivot(
        index="tandem_id", columns="side", values=[f"{phase}_{what}" for phase in PHASES]
    )
    return np.stack([wide[f"{phase}_{what}"][list(sides)] for phase in PHASES], axis=-1)


def _model(complete: pd.DataFrame, sides: tuple[str, str], seed: int) -> dict[str, _Estimate]:
    """Ratios of both sides and between them from the mixed model; {} where it has too few hits."""
    hits, words = (_stacked(complete, sides, what) for what in ("hits", "tokens"))
    if (hits.sum(axis=0) < MODEL_HITS).any():
        return {}
    ratios = fit_change(hits, words, seed=seed)
    return {
        name: _Estimate(*ratio, "negative_binomial")
        for name, ratio in zip((*sides, DIFFERENCE), ratios, strict=False)
    }


def _verdict(estimate: _Estimate, alpha: float) -> str:
    if estimate.method in ("none", "rare"):
        return "too_few"
    if estimate.method == "exact":
        return "described"
    if not (estimate.p < alpha and not estimate.low <= 1 <= estimate.high):
        return "none"
    return "more" if estimate.ratio > 1 else "less"
