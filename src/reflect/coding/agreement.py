"""How far coders agree: Krippendorff's alpha, Cohen's kappa, and where they part."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from reflect.coding.ratings import Ratings, ratings

RELIABLE = 0.80
TENTATIVE = 0.67
#: Below this many positive ratings of a marker, no verdict is given.
FEW = 5
LEVEL = 0.95


def agreement(
    codes: pd.DataFrame,
    units: pd.DataFrame | None = None,
    *,
    resamples: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Krippendorff's alpha of each marker, and of the directions of those that have some.

    Parameters
    ----------
    codes : DataFrame
        ``coder_id, entry_id, start, end, marker`` [``, direction``]; see `reflect.coding.ratings`
        for who counts as having judged what.
    units : DataFrame, optional
        The sentences, ``unit_id, entry_id, start, end`` [``, tandem_id``]. Without them the coded
        spans are the units, which misses sentences that nobody coded.
    resamples : int
        Bootstrap resamples: of tandems where `units` names ten or more, else of units.

    Returns
    -------
    DataFrame
        ``marker, alpha, low, high`` (95 %), ``percent`` (share of pairs of judgements that agree),
        ``coders, units`` (with two or more judgements), ``positives`` (of all judgements of these
        units), ``verdict``. Rows of directions follow, as ``learning:direction``; their units
        are those to which two or more coders gave the marker with a direction. alpha is
        missing where all judgements are alike. Verdicts: ``reliable`` (.80 and above),
        ``tentative`` (.67 and above), ``unreliable``, ``too_few`` (under five positives),
        ``no_variation``, ``one_coder``.

    Raises
    ------
    ReflectError
        If a column is missing or no code stands on a unit.

    Notes
    -----
    Nominal alpha = 1 - observed / expected disagreement: Krippendorff (2019), Content Analysis,
    4th ed., chapter 12; cut-offs by the same author. Tests compare it with the package
    ``krippendorff``, whose licence (GPL) keeps it out of what this package needs. In a sample
    enriched for rare families, alpha is that of the sample; at the families' true rarity it
    would be lower.
    """
    rated = ratings(codes, units)
    clusters = _clusters(rated.units)
    rows = []
    for marker, marked in rated.marked.items():
        data = np.where(rated.judged, marked.astype(float), np.nan)
        positives = int(np.nansum(data[:, _paired(data)]))
        rows.append(_row(marker, data, positives, clusters, resamples, seed))
    for marker, given in rated.directions.items():
        known = rated.judged & (given != "")
        values, numbers = np.unique(given.astype(str), return_inverse=True)
        data = np.where(known, numbers.reshape(given.shape).astype(float), np.nan)
        if _paired(data).any():
            positives = int(np.isfinite(data[:, _paired(data)]).sum())
            rows.append(
                _row(f"{marker}:direction", data, positives, clusters, resamples, seed)
            )  # fmt: skip
    columns = ["marker", "alpha", "low", "high", "percent", "coders", "units", "positives"]
    return pd.DataFrame(rows, columns=[*columns, "verdict"])


def _clusters(units: pd.DataFrame) -> np.ndarray:
    """What resampling draws: tandems where there are ten or more, else units."""
    if "tandem_id" in units:
        numbers = np.unique(units["tandem_id"].astype(str), return_inverse=True)[1]
        if len(numbers) and numbers.max() + 1 >= 10:
            return numbers
    return np.arange(len(units))


def _paired(data: np.ndarray) -> np.ndarray:
    return np.isfinite(data).sum(axis=0) >= 2


def _row(
    marker: str,
    data: np.ndarray,
    positives: int,
    clusters: np.ndarray,
    resamples: int,
    seed: int,
) -> tuple:
    paired = _paired(data)
    data, clusters = data[:, paired], clusters[paired]
    coders = int(np.isfinite(data).any(axis=1).sum())
    units = data.shape[1]
    missing = float("nan")
    if units == 0:
        return (marker, missing, missing, missing, missing, coders, 0, positives, "one_coder")
    parts = _parts(data)
    agreed = 1 - parts.disagreement.sum() / parts.judgements.sum()
    if len(np.unique(data[np.isfinite(data)])) < 2:
        verdict = "no_variation"
        return (marker, missing, missing, missing, agreed, coders, units, positives, verdict)
    value = nominal_alpha(data)
    low, high = _interval(parts, clusters, resamples, seed)
    verdict = (
        "too_few"
        if positives < FEW
        else "reliable"
        if value >= RELIABLE
        else "tentative"
        if value >= TENTATIVE
        else "unreliable"
    )
    return (marker, value, low, high, agreed, coders, units, positives, verdict)


def nominal_alpha(data: np.ndarray) -> float:
    """Krippendorff's alpha for nominal data; rows are coders, columns units, NaN not judged.

    Units with fewer than two judgements say nothing about agreement and are left out. NaN where all
    judgements are alike.
    """
    paired = data[:, _paired(data)]
    if not paired.size:
        return float("nan")
    return float(_parts(paired).alpha(np.ones((1, paired.shape[1])))[0])


class _Parts:
    """What each unit adds to alpha, so that a resample is a weighted sum."""

    def __init__(self, disagreement: np.ndarray, values: np.ndarray) -> None:
        self.disagreement = disagreement
        self.values = values
        self.judgements = values.sum(axis=1)

    def alpha(self, weights: np.ndarray) -> np.ndarray:
        """Alpha of each row of unit weights; NaN where a resample has one value only."""
        observed = weights @ self.disagreement
        totals = weights @ self.values
        count = totals.sum(axis=1)
        expected = (count**2 - (totals**2).sum(axis=1)) / np.maximum(count - 1, 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(expected > 0, 1 - observed / expected, np.nan)


def _parts(data: np.ndarray) -> _Parts:
    known = np.isfinite(data)
    kinds = np.unique(data[known])
    values = np.stack([(data == kind).sum(axis=0) for kind in kinds], axis=1).astype(float)
    judgements = values.sum(axis=1)
    disagreement = (judgements**2 - (values**2).sum(axis=1)) / (judgements - 1)
    return _Parts(disagreement, values)


def _interval(
    parts: _Parts, clusters: np.ndarray, resamples: int, seed: int
) -> tuple[float, float]:
    names, members = np.unique(clusters, return_inverse=True)
    if resamples < 1 or len(names) < 2:
        return (float("nan"), float("nan"))
    generator = np.random.default_rng(seed)
    draws = generator.multinomial(len(names), np.full(len(names), 1 / len(names)), size=resamples)
    values = parts.alpha(draws[:, members].astype(float))
    values = values[np.isfinite(values)]
    if not len(values):
        return (float("nan"), float("nan"))
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return (float(low), float(high))


def pairwise(
    codes: pd.DataFrame,
    units: pd.DataFrame | None = None,
    *,
    resamples: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Cohen's kappa of each pair of coders and marker, with the counts behind it.

    Parameters
    ----------
    codes, units, resamples, seed
        As for :func:`agreement`.

    Returns
    -------
    DataFrame
        ``marker, first_coder, second_coder, both, only_first, only_second, neither`` (units that
        both judged), ``kappa, low, high``. kappa is missing where it is not defined: both coders
        gave the same answer everywhere.

    Notes
    -----
    Cohen (1960), Educational and Psychological Measurement 20, 37-46. The interval resamples
    tandems or units as in :func:`agreement`.
    """
    rated = ratings(codes, units)
    clusters = _clusters(rated.units)
    rows = []
    for marker, marked in rated.marked.items():
        for one, two in combinations(range(len(rated.coders)), 2):
            shared = rated.judged[one] & rated.judged[two]
            if shared.any():
                counts, kappa, low, high = _kappa(
                    marked[one, shared], marked[two, shared], clusters[shared], resamples, seed
                )
                rows.append(
                    (marker, rated.coders[one], rated.coders[two], *counts, kappa, low, high)
                )
    columns = ["marker", "first_coder", "second_coder", "both", "only_first", "only_second"]
    return pd.DataFrame(rows, columns=[*columns, "neither", "kappa", "low", "high"])


def _kappa(
    one: np.ndarray, two: np.ndarray, clusters: np.ndarray, resamples: int, seed: int
) -> tuple[list[int], float, float, float]:
    from sklearn.metrics import cohen_kappa_score

    cells = np.stack([one & two, one & ~two, ~one & two, ~one & ~two], axis=1).astype(float)
    counts = [int(count) for count in cells.sum(axis=0)]
    missing = float("nan")
    # Where both coders give one and the same answer throughout, chance explains all of it.
    if max(counts[0], counts[3]) == len(one):
        return counts, missing, missing, missing
    kappa = float(cohen_kappa_score(one, two))
    names, members = np.unique(clusters, return_inverse=True)
    if resamples < 1 or len(names) < 2:
        return counts, kappa, missing, missing
    generator = np.random.default_rng(seed)
    draws = generator.multinomial(len(names), np.full(len(names), 1 / len(names)), size=resamples)
    both, first, second, neither = (draws[:, members] @ cells).T
    total = both + first + second + neither
    observed = (both + neither) / total
    chance = (both + first) * (both + second) + (second + neither) * (first + neither)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = (observed - chance / total**2) / (1 - chance / total**2)
    values = values[np.isfinite(values)]
    if not len(values):
        return counts, kappa, missing, missing
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return counts, kappa, float(low), float(high)


def confusion(codes: pd.DataFrame, units: pd.DataFrame | None = None) -> pd.DataFrame:
    """What one coder gave where another gave something else.

    Returns
    -------
    DataFrame
        ``first_coder, first_marker, second_coder, second_marker, units``: sentences to which the
        first coder gave the first marker, but not the second, and the second coder the second,
        but not the first; ``none`` stands for no marker at all. Most frequent first.
    """
    rated = ratings(codes, units)
    marked = dict(rated.marked)
    marked["none"] = rated.judged & ~np.logical_or.reduce(list(marked.values()) or [rated.judged])
    rows = []
    for one, two in combinations(range(len(rated.coders)), 2):
        shared = rated.judged[one] & rated.judged[two]
        for first, mine in marked.items():
            for second, theirs in marked.items():
                if first == second:
                    continue
                apart = shared & mine[one] & ~theirs[one] & theirs[two] & ~mine[two]
                if apart.any():
                    rows.append(
                        (rated.coders[one], first, rated.coders[two], second, int(apart.sum()))
                    )
    columns = ["first_coder", "first_marker", "second_coder", "second_marker", "units"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("units", ascending=False, kind="stable").reset_index(drop=True)


def disputed(codes: pd.DataFrame, units: pd.DataFrame | None = None) -> pd.DataFrame:
    """Sentences about which coders disagree, for a meeting in which they settle them.

    Returns
    -------
    DataFrame
        ``unit_id, entry_id, start, end, marker, said_yes, said_no`` (coders joined by ``, ``) and
        ``directions`` (those given, where they differ), the most even splits first. No text.
    """
    rated = ratings(codes, units)
    rows = []
    for marker, marked in rated.marked.items():
        yes, no = rated.judged & marked, rated.judged & ~marked
        given = rated.directions.get(marker)
        split = yes.any(axis=0) & no.any(axis=0)
        for place in np.flatnonzero(yes.sum(axis=0) + no.sum(axis=0) >= 2):
            ways = _ways(given, yes, place)
            if split[place] or len(ways) > 1:
                rows.append(
                    (place, marker, _names(rated, yes, place), _names(rated, no, place),
                     ", ".join(ways) if len(ways) > 1 else "",
                     abs(int(yes[:, place].sum()) - int(no[:, place].sum())))
                )  # fmt: skip
    rows.sort(key=lambda row: (row[5], row[0], rated.markers.index(row[1])))
    units = rated.units.iloc[[row[0] for row in rows]].reset_index(drop=True)
    table = units[["unit_id", "entry_id", "start", "end"]].copy()
    for number, name in enumerate(("marker", "said_yes", "said_no", "directions"), start=1):
        table[name] = pd.Series([row[number] for row in rows], dtype="str")
    return table


def _ways(given: np.ndarray | None, yes: np.ndarray, place: int) -> list[str]:
    if given is None:
        return []
    return sorted({way for way in given[yes[:, place], place] if way})


def _names(rated: Ratings, said: np.ndarray, place: int) -> str:
    return ", ".join(rated.coders[number] for number in np.flatnonzero(said[:, place]))
