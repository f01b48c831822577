"""How right each marker's rules are on this corpus, and how often the family really occurs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from reflect.coding.estimates import MISSING, Estimate, add, divide, share
from reflect.coding.ratings import check_columns
from reflect.coding.sample import sentence_frame

#: Below this many positives or hits a figure is too uncertain to lean on.
FEW = 5
GROUPS = (("",), ("side",), ("language",), ("side", "language"))


def validity(
    settled: pd.DataFrame,
    sample: pd.DataFrame,
    spans: pd.DataFrame | None = None,
    entries: pd.DataFrame | None = None,
    *,
    unseen: pd.DataFrame | None = None,
    unions: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
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
    unseen : DataFrame, optional
        ``entry_id, start, marker, predicted``, from `reflect.coding.own_model.unseen`: stands in
        for the hits of families that a model decides, on the sentences it learned from.
    unions : mapping
        Name to markers: a sentence carries the name if it carries one of these.

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
    Every coded sentence counts for population / coded sentences of its stratum. Precision is
    the weighted share of hits that people confirm, and the miss rate the weighted share of
    the other sentences in which they found the family; intervals as in
    `reflect.coding.estimates.share`. Recall, F1 and prevalence follow from these two, their
    intervals from the intervals of the two (MOVER): where people found nothing among the sentences
    that the rules passed over, recall is 1 with a lower limit that tells how much
    may hide in those nobody read. Rules are judged for sentences like these, so
    precision, recall and F1 take no finite population correction; the prevalence of this corpus
    does.

    Rules of another day than the sample's are judged on the same codes; that the number of their
    hits is then an estimate itself is not in the intervals.

    The corrected prevalence is the design-based estimate. Where sensitivity and specificity come
    from the same sample, Rogan and Gladen's (1978) correction gives the same number.
    """
    check_columns(settled, ("unit_id", "marker", "value"), "consensus codes")
    check_columns(
        sample, ("unit_id", "side", "language", "hits", "stratum", "population"), "sample"
    )
    sample = sample[sample["population"].fillna(0) > 0]
    known = settled[settled["value"].notna()]
    frame = sentence_frame(entries, spans) if entries is not None else None
    if frame is not None:
        sample = present_hits(sample, frame)
    if unseen is not None and len(unseen):
        sample = _unseen_hits(sample, unseen)
    single = {marker: (marker,) for marker in dict.fromkeys(known["marker"])}
    rows = []
    for marker, members in {**single, **unions}.items():
        value = _settled(known, members)
        part = sample[sample["unit_id"].isin(value.index)]
        if part.empty:
            continue
        part = part.assign(
            human=part["unit_id"].map(value).to_numpy(float), rule=_carries(part["hits"], members)
        )
        coded = part.groupby("stratum")["unit_id"].transform("size")
        part = part.assign(weight=part["population"] / coded)
        marked = None if frame is None else frame.assign(rule=_carries(frame["hits"], members))
        rows += _rows(marker, part, sample, marked)
    return pd.DataFrame(rows)


def _settled(known: pd.DataFrame, members: tuple[str, ...]) -> pd.Series:
    """By sentence, whether people found one of the markers; sentences with an open one left out."""
    part = known[known["marker"].isin(members)]
    value = part.groupby("unit_id", sort=False)["value"].agg(["max", "size"])
    return value.loc[value["size"] == len(members), "max"]


def present_hits(sample: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """A sample with the rules' hits and near misses of today, from a `sentence_frame`."""
    found = frame.set_index(["entry_id", "start"])[["hits", "near"]]
    found = found.reindex(pd.MultiIndex.from_frame(sample[["entry_id", "start"]]))
    return sample.assign(
        hits=found["hits"].fillna("").to_numpy(),
        near=found["near"].eq(True).to_numpy(),
    )


def _unseen_hits(sample: pd.DataFrame, unseen: pd.DataFrame) -> pd.DataFrame:
    """The sample with a model's judgements on tandems it had not seen as the hits of its families.

    Sentences that it did not learn from keep what it says of them now.
    """
    said = {
        (row.entry_id, row.start, row.marker): bool(row.predicted)
        for row in unseen.itertuples(index=False)
    }
    families = list(dict.fromkeys(unseen["marker"]))
    hits = []
    for entry, start, joined in zip(
        sample["entry_id"], sample["start"], sample["hits"], strict=True
    ):
        found = [name for name in joined.split("|") if name]
        for family in families:
            carried = said.get((entry, start, family), family in found)
            found = [name for name in found if name != family] + [family] * carried
        hits.append("|".join(found))
    return sample.assign(hits=hits)


def _carries(hits: pd.Series, members: tuple[str, ...]) -> np.ndarray:
    wanted = set(members)
    return np.array([not wanted.isdisjoint(joined.split("|")) for joined in hits], dtype=float)


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
            rows.append(place | _figures(part, _within(part, named), sample, frame, named))
    return rows


def _within(table: pd.DataFrame, named: dict[str, str]) -> np.ndarray:
    inside = np.ones(len(table), dtype=bool)
    for name, value in named.items():
        inside &= (table[name] == value).to_numpy()
    return inside


def _figures(
    part: pd.DataFrame,
    inside: np.ndarray,
    sample: pd.DataFrame,
    frame: pd.DataFrame | None,
    named: dict[str, str],
) -> dict:
    inside = inside.astype(float)
    human, rule = part["human"].to_numpy() * inside, part["rule"].to_numpy() * inside
    figures: dict = {
        "sentences": int(inside.sum()),
        "hits": int(rule.sum()),
        "positives": int(human.sum()),
    }
    other = inside - rule
    hits, rest = (float((part["weight"].to_numpy() * kind).sum()) for kind in (rule, other))
    precision = share(part, human * rule, rule)
    found, missed = precision.times(hits), share(part, human * other, other).times(rest)
    if hits:
        recall, f1 = _recall(found, missed), _f1(found, missed, hits)
    else:
        # Rules that never fire there found none of the positives; how many says how sure that is.
        recall = share(part, human * rule, human)
        f1 = Estimate(*(2 * value / (1 + value) for value in recall))
    for name, value in (("precision", precision), ("recall", recall), ("f1", f1)):
        figures |= {name: value.value, f"{name}_low": value.low, f"{name}_high": value.high}
    whole = sample.drop_duplicates("stratum")
    whole = whole[_within(whole, named)] if named else whole
    total = whole["population"].sum()
    reached = whole[whole["stratum"].isin(part["stratum"])]["population"].sum()
    true = add(
        share(part, human * rule, rule, finite=True).times(hits),
        share(part, human * other, other, finite=True).times(rest),
    ).times(1 / (hits + rest))
    figures |= {
        "prevalence": _marked(frame, part, rule, inside, named),
        "corrected_prevalence": true.value,
        "corrected_low": max(true.low, 0.0),
        "corrected_high": min(true.high, 1.0),
        "covered": float(reached / total) if total else float("nan"),
    }
    figures["verdict"] = _verdict(figures)
    return figures


def _recall(found: Estimate, missed: Estimate) -> Estimate:
    """found / (found + missed)."""
    if found.value > 0:
        per = divide(missed, found)
        return Estimate(1 / (1 + per.value), 1 / (1 + per.high), 1 / (1 + per.low))
    if missed.value > 0:
        per = divide(found, missed)
        return Estimate(*(1.0 if value == np.inf else value / (1 + value) for value in per))
    return MISSING


def _f1(found: Estimate, missed: Estimate, hits: float) -> Estimate:
    """2 found / (hits + found + missed), by way of found / (hits + missed)."""
    per = divide(found, missed.plus(hits))
    return Estimate(*(min(2 * value / (1 + value), 1.0) for value in per))


def _marked(
    frame: pd.DataFrame | None,
    part: pd.DataFrame,
    rule: np.ndarray,
    inside: np.ndarray,
    named: dict[str, str],
) -> float:
    if frame is None:
        weight = part["weight"].to_numpy()
        return float((weight * rule).sum() / (weight * inside).sum()) if inside.any() else np.nan
    chosen = frame[_within(frame, named)]
    return float(chosen["rule"].mean()) if len(chosen) else float("nan")


def _verdict(figures: dict) -> str:
    if figures["positives"] < FEW or not figures["hits"]:
        return "too_few"
    return "good" if figures["f1"] >= 0.70 else "fair" if figures["f1"] >= 0.55 else "weak"


def uneven(table: pd.DataFrame) -> pd.DataFrame:
    """Markers that work for one side or language and fail for the other.

    Parameters
    ----------
    table : DataFrame
        From :func:`validity`.

    Returns
    -------
    DataFrame
        ``marker, measure`` (precision, recall or f1), ``by`` (side or language), ``better, worse``
        (the two groups), ``better_value, better_low, worse_value, worse_high``: only pairs whose
        95 % intervals do not meet, which is stricter than a test at 5 %, and with five positives
        or more in each group.
    """
    rows = []
    for by, other in (("side", "language"), ("language", "side")):
        groups = table[(table[by] != "") & (table[other] == "") & (table["positives"] >= FEW)]
        for marker, part in groups.groupby("marker", sort=False):
            for measure in ("precision", "recall", "f1"):
                known = part.dropna(subset=[measure]).sort_values(measure, kind="stable")
                if len(known) < 2:
                    continue
                worse, better = known.iloc[0], known.iloc[-1]
                low, high = better[f"{measure}_low"], worse[f"{measure}_high"]
                if low > high:
                    values = (better[measure], low, worse[measure], high)
                    rows.append((marker, measure, by, better[by], worse[by], *values))
    columns = ["marker", "measure", "by", "better", "worse"]
    numbers = ["better_value", "better_low", "worse_value", "worse_high"]
    return pd.DataFrame(rows, columns=[*columns, *numbers])


def rogan_gladen(apparent: float, sensitivity: float, specificity: float) -> float:
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
