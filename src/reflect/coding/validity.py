"""How right each marker's rules are on this corpus, and how often the family really occurs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats as distributions

from reflect.coding.ratings import check_columns
from reflect.coding.sample import sentence_frame

LEVEL = 0.95
#: From this many tandems on, an interval is at least as wide as tandems differ.
CLUSTERS = 10
#: Below this many positives or hits a figure is too uncertain to lean on.
FEW = 5
GROUPS = (("",), ("side",), ("language",), ("side", "language"))


def validity(
    settled: pd.DataFrame,
    sample: pd.DataFrame,
    spans: pd.DataFrame | None = None,
    entries: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Precision, recall and F1 of each marker on the consensus codes, weighted to the corpus.

    Parameters
    ----------
    settled : DataFrame
        From `consensus`: ``unit_id, marker, value`` (ties are left out).
    sample : DataFrame
        From `draw_sample`: ``unit_id, entry_id, start, end, side, language, hits, stratum,
        population`` and optionally ``tandem_id``. Rows without a population (sentences that
        active learning chose) are left out: nobody knows what they stand for.
    spans, entries : DataFrame, optional
        Spans of the rules as they are now and the diary; the sample's own ``hits`` by default,
        those of the day it was drawn. Given these, prevalence counts all sentences of the diary.

    Returns
    -------
    DataFrame
        One row a marker and group; ``side`` and ``language`` are "" for all. Then ``sentences``
        (coded), ``hits`` (of them marked by the rules), ``positives`` (by people), ``precision,
        precision_low, precision_high, recall, recall_low, recall_high, f1, f1_low, f1_high``
        (95 %), ``prevalence`` (share of sentences the rules mark), ``corrected_prevalence,
        corrected_low, corrected_high`` (share that carries the family by human judgement),
        ``covered`` (share of the group's sentences in strata with coded sentences) and
        ``verdict``: ``good`` (F1 .70 and above), ``fair`` (.55), ``weak``, ``too_few`` (under
        five positives or no hit).

    Notes
    -----
    Every coded sentence counts for population / coded sentences of its stratum. The shares
    are ratios of weighted sums with linearised variance for stratified samples (Särndal, Swensson
    and Wretman 1992, section 5.7), without finite population correction, since rules are judged
    for sentences like these; with ten or more tandems the variance between tandems is
    taken where it is larger. Intervals are Clopper-Pearson at the effective sample size (Korn
    and Graubard 1998, Survey Methodology 24, 193-201), which holds up at 0 and 1.
    The corrected prevalence is the design-based estimate from the human codes alone. Where
    sensitivity and specificity come from the same sample, Rogan and Gladen's (1978) correction
    gives the same number, without its instability.
    """
    check_columns(settled, ("unit_id", "marker", "value"), "consensus codes")
    check_columns(sample, ("unit_id", "side", "language", "hits", "stratum", "population"), "sample")
    sample = sample[sample["population"].fillna(0) > 0]
    known = settled[settled["value"].notna()]
    frame = sentence_frame(entries, spans) if entries is not None else None
    if frame is not None:
        sample = _present_hits(sample, frame)
    rows = []
    for marker in dict.fromkeys(known["marker"]):
        value = known[known["marker"] == marker].set_index("unit_id")["value"]
        part = sample[sample["unit_id"].isin(value.index)]
        part = part.assign(
            human=part["unit_id"].map(value).to_numpy(float), rule=_carries(part["hits"], marker)
        )
        coded = part.groupby("stratum")["unit_id"].transform("size")
        part = part.assign(weight=part["population"] / coded)
        rows += _rows(marker, part, sample, frame)
    return pd.DataFrame(rows)


def _present_hits(sample: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    hits = frame.set_index(["entry_id", "start"])["hits"]
    keys = pd.MultiIndex.from_frame(sample[["entry_id", "start"]])
    return sample.assign(hits=hits.reindex(keys).fillna("").to_numpy())


def _carries(hits: pd.Series, marker: str) -> np.ndarray:
    return np.array([marker in joined.split("|") for joined in hits], dtype=float)


def _rows(
    marker: str, part: pd.DataFrame, sample: pd.DataFrame, frame: pd.DataFrame | None
) -> list[dict]:
    rows = []
    for group in GROUPS:
        keys = [name for name in group if name]
        # One side or language only: the row would repeat another.
        if any(part[name].nunique() < 2 for name in keys):
            continue
        places = part[keys].drop_duplicates().sort_values(keys) if keys else pd.DataFrame(index=[0])
        for named in places.to_dict("records"):
            place = {"marker": marker, "side": "", "language": ""} | named
            rows.append(place | _figures(part, _within(part, named), marker, sample, frame, named))
    return rows


def _within(table: pd.DataFrame, named: dict[str, str]) -> np.ndarray:
    inside = np.ones(len(table), dtype=bool)
    for name, value in named.items():
        inside &= (table[name] == value).to_numpy()
    return inside


def _figures(
    part: pd.DataFrame,
    inside: np.ndarray,
    marker: str,
    sample: pd.DataFrame,
    frame: pd.DataFrame | None,
    named: dict[str, str],
) -> dict:
    human, rule = part["human"].to_numpy() * inside, part["rule"].to_numpy() * inside
    figures: dict = {
        "sentences": int(inside.sum()),
        "hits": int(rule.sum()),
        "positives": int(human.sum()),
    }
    for name, top, bottom in (
        ("precision", human * rule, rule),
        ("recall", human * rule, human),
        ("f1", 2 * human * rule, human + rule),
    ):
        value, low, high = ratio(part, top, bottom)
        figures |= {name: value, f"{name}_low": low, f"{name}_high": high}
    whole = sample.drop_duplicates("stratum")
    whole = whole[_within(whole, named)] if named else whole
    total = whole["population"].sum()
    reached = whole[whole["stratum"].isin(part["stratum"])]["population"].sum()
    value, low, high = ratio(part, human, inside.astype(float), finite=True)
    figures |= {
        "prevalence": _marked(frame, part, rule, inside, marker, named),
        "corrected_prevalence": value,
        "corrected_low": low,
        "corrected_high": high,
        "covered": float(reached / total) if total else float("nan"),
    }
    figures["verdict"] = _verdict(figures)
    return figures


def _marked(
    frame: pd.DataFrame | None,
    part: pd.DataFrame,
    rule: np.ndarray,
    inside: np.ndarray,
    marker: str,
    named: dict[str, str],
) -> float:
    if frame is None:
        weight = part["weight"].to_numpy()
        return float((weight * rule).sum() / (weight * inside).sum()) if inside.any() else np.nan
    chosen = frame[_within(frame, named)]
    return float(_carries(chosen["hits"], marker).mean()) if len(chosen) else float("nan")


def _verdict(figures: dict) -> str:
    if figures["positives"] < FEW or not figures["hits"]:
        return "too_few"
    return "good" if figures["f1"] >= 0.70 else "fair" if figures["f1"] >= 0.55 else "weak"


def ratio(
    part: pd.DataFrame, top: np.ndarray, bottom: np.ndarray, finite: bool = False
) -> tuple[float, float, float]:
    """Ratio of two weighted sums with its 95 % interval.

    Parameters
    ----------
    part : DataFrame
        ``weight, stratum, population`` and optionally ``tandem_id``, one row a coded sentence.
    top, bottom : ndarray
        What each sentence adds to the two sums; 0 outside the group.
    finite : bool
        Whether the figure is one of this corpus alone: the variance then shrinks with the
        share of each stratum that was coded, to nil where all was.

    Returns
    -------
    tuple of float
        Ratio, lower and upper bound; NaN where the lower sum is nil.
    """
    weight = part["weight"].to_numpy(float)
    total = float((weight * bottom).sum())
    if total == 0:
        return (float("nan"),) * 3
    value = float((weight * top).sum() / total)
    residual = weight * (top - value * bottom) / total
    variance = _stratified(part, residual, finite)
    if not finite and "tandem_id" in part and part["tandem_id"].nunique() >= CLUSTERS:
        sums = pd.Series(residual).groupby(part["tandem_id"].to_numpy()).sum()
        count = len(sums)
        variance = max(variance, float(count / (count - 1) * ((sums - sums.mean()) ** 2).sum()))
    if finite and variance == 0 and (part["weight"] == 1).all():
        return (value, value, value)
    used = bottom > 0
    if variance > 0:
        effective = value * (1 - value) / variance
        # A variance that is small by chance must not make more of the sentences than there are.
        effective = effective if finite else min(effective, float(used.sum()))
    else:
        sizes = weight[used] * bottom[used]
        effective = float(sizes.sum() ** 2 / (sizes**2).sum())
    return (value, *_clopper_pearson(value, effective))


def _stratified(part: pd.DataFrame, residual: np.ndarray, finite: bool) -> float:
    """Variance of a weighted sum over strata in which sentences were drawn at random."""
    table = pd.DataFrame(
        {
            "stratum": part["stratum"].to_numpy(),
            "value": residual,
            "population": part["population"].to_numpy(),
        }
    )
    strata = table.groupby("stratum", sort=False).agg(
        count=("value", "size"),
        variance=("value", "var"),
        square=("value", lambda values: float((values**2).sum())),
        population=("population", "first"),
    )
    several = strata["count"] > 1
    spread = np.where(several, strata["count"] * strata["variance"].fillna(0), strata["square"])
    if finite:
        spread = spread * (1 - strata["count"] / strata["population"])
    return float(np.sum(spread))


def _clopper_pearson(share: float, size: float) -> tuple[float, float]:
    tail = (1 - LEVEL) / 2
    yes, no = share * size, (1 - share) * size
    low = float(distributions.beta.ppf(tail, yes, no + 1)) if yes > 1e-12 else 0.0
    high = float(distributions.beta.ppf(1 - tail, yes + 1, no)) if no > 1e-12 else 1.0
    return (low, high)


def rogan_gladen(
    apparent: float, sensitivity: float, specificity: float
) -> float:
    """True share from the share that an imperfect test finds; NaN for a test that tells nothing.

    For a marker whose recall and specificity are known from elsewhere. Rogan and Gladen (1978),
    American Journal of Epidemiology 107, 71-76; cut to 0 … 1.

    Examples
    --------
    >>> round(rogan_gladen(0.3, 0.8, 0.9), 4)
    0.2857
    """
    power = sensitivity + specificity - 1
    if power <= 0:
        return float("nan")
    return float(min(max((apparent + specificity - 1) / power, 0.0), 1.0))
