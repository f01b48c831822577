"""A small model of a corpus's own codes, used only where it beats the rules out of fold."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reflect.coding.family_model import FamilyModel, Folds, carries, f1, features, fit
from reflect.coding.ratings import check_columns
from reflect.errors import ReflectError
from reflect.markers import FAMILIES

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FOLDS = 5
#: Folds inside a training part, for the sigmoid and the threshold.
INNER = 3
#: Fewer positives than this, in fewer tandems than folds, teach a model nothing that holds.
LEAST = 15
RESAMPLES = 1000
_COMPARED = (
    "marker",
    "sentences",
    "positives",
    "tandems",
    "rules_f1",
    "model_f1",
    "difference",
    "low",
    "high",
    "brier",
    "base_brier",
    "chosen",
    "reason",
)


@dataclass(frozen=True)
class Learned:
    """Models of the families for which one could be fitted.

    Attributes
    ----------
    comparison : DataFrame
        ``marker, sentences, positives, tandems, rules_f1, model_f1, difference, low, high`` (95 %,
        tandems resampled), ``brier`` (mean squared error of the probabilities), ``base_brier`` (of
        the constant share), ``chosen`` (``model`` or ``rules``) and ``reason``: ``better``,
        ``not_better``, ``guesses`` (no better than the constant share, or than saying yes to
        everything), ``too_few`` (nothing was fitted).
    out_of_fold : DataFrame
        ``unit_id, entry_id, start, marker, value, rule, probability, predicted``: what each
        sentence got from models that had not seen its tandem.
    models : dict of str to FamilyModel
        Every family that could be fitted.
    seed : int
        Of the folds; the same codes and seed give the same models.
    """

    comparison: pd.DataFrame
    out_of_fold: pd.DataFrame = field(repr=False)
    models: dict[str, FamilyModel] = field(repr=False)
    seed: int = 0

    @property
    def markers(self) -> list[str]:
        """Families whose model is used instead of the rules."""
        rows = self.comparison
        return rows.loc[rows["chosen"] == "model", "marker"].tolist()

    def predict(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Judge sentences.

        Parameters
        ----------
        frame : DataFrame
            From `reflect.coding.sample.sentence_frame`.

        Returns
        -------
        DataFrame
            ``entry_id, start, end, marker, probability, threshold, rule, carries, by``: one row a
            sentence and fitted marker. ``carries`` is the model's judgement where it is used
            (``by`` is model), else the rules'.
        """
        columns = ["entry_id", "start", "end", "marker", "probability", "threshold"]
        tables = [pd.DataFrame(columns=[*columns, "rule", "carries", "by"])]
        rows = features(frame) if self.models else None
        for marker, model in self.models.items():
            probability = model.probability(rows)
            rule = carries(frame["hits"], marker)
            used = marker in self.markers
            tables.append(
                frame[["entry_id", "start", "end"]].assign(
                    marker=marker,
                    probability=probability,
                    threshold=model.threshold,
                    rule=rule,
                    carries=probability >= model.threshold if used else rule,
                    by="model" if used else "rules",
                )
            )
        return pd.concat(tables[1:] or tables, ignore_index=True)


def train(settled: pd.DataFrame, sample: pd.DataFrame, *, seed: int = 0) -> Learned:
    """Fit a model for each family and compare it with the rules.

    Parameters
    ----------
    settled : DataFrame
        From `reflect.coding.consensus.consensus`: ``unit_id, marker, value``.
    sample : DataFrame
        ``unit_id, entry_id, start, text, hits, near, tandem_id`` and, for weighted figures,
        ``weight``.
    seed : int
        Of the folds and the resampling.

    Raises
    ------
    ReflectError
        If a column is missing or fewer than five tandems were coded.

    Notes
    -----
    The models are those of `reflect.coding.family_model`: logistic regression on the rules' hits
    and on words, calibrated. Folds keep tandems whole; sigmoid and threshold come from folds
    inside the training part, so no sentence helps to judge itself. The model is used only if
    the interval of its gain in F1 lies above nil, and its probabilities tell more than the
    family's share.
    """
    check_columns(settled, ("unit_id", "marker", "value"), "consensus codes")
    needed = ("unit_id", "entry_id", "start", "text", "hits", "near", "tandem_id")
    check_columns(sample, needed, "sample")
    if sample["tandem_id"].nunique() < FOLDS:
        raise ReflectError(
            f"codes from fewer than {FOLDS} tandems: a model could not be tested. Code more tandems"
        )
    sample = sample.drop_duplicates("unit_id").reset_index(drop=True)
    every = features(sample)
    known = settled[settled["value"].notna()]
    comparison, tables, models = [], [], {}
    for marker in [name for name in FAMILIES if name in set(known["marker"])]:
        value = known[known["marker"] == marker].set_index("unit_id")["value"]
        chosen = np.flatnonzero(sample["unit_id"].isin(value.index))
        part, rows = sample.iloc[chosen].reset_index(drop=True), every[chosen]
        truth = part["unit_id"].map(value).to_numpy(int)
        rule = carries(part["hits"], marker).astype(int)
        spread = part.loc[truth == 1, "tandem_id"].nunique()
        if truth.sum() < LEAST or spread < FOLDS or truth.all():
            comparison.append(_untested(marker, part, truth, rule))
            continue
        probability, predicted = _out_of_fold(part, rows, truth, seed)
        comparison.append(_tested(marker, part, truth, rule, probability, predicted, seed))
        tables.append(
            part[["unit_id", "entry_id", "start"]].assign(
                marker=marker, value=truth, rule=rule, probability=probability, predicted=predicted
            )
        )
        models[marker] = fit(rows, truth, _weight(part), _folds(part, truth, seed + 1, INNER))
    columns = ["unit_id", "entry_id", "start", "marker", "value", "rule", "probability"]
    none = pd.DataFrame(columns=[*columns, "predicted"])
    found = pd.concat(tables, ignore_index=True) if tables else none
    return Learned(pd.DataFrame(comparison, columns=list(_COMPARED)), found, models, seed)


def _folds(part: pd.DataFrame, truth: np.ndarray, seed: int, count: int) -> Folds:
    from sklearn.model_selection import StratifiedGroupKFold

    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        # Fewer positives than folds is no fault here: such folds are left out below.
        warnings.simplefilter("ignore", UserWarning)
        made = list(splitter.split(part, truth, part["tandem_id"]))
    return [
        (fitted, judged)
        for fitted, judged in made
        if 0 < truth[fitted].sum() < len(fitted) and len(judged)
    ]


def _out_of_fold(
    part: pd.DataFrame, rows: csr_matrix, truth: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    probability = np.full(len(part), truth.mean())
    predicted = np.zeros(len(part), dtype=int)
    for fitted, judged in _folds(part, truth, seed, FOLDS):
        own = part.iloc[fitted].reset_index(drop=True)
        inner = _folds(own, truth[fitted], seed + 1, INNER)
        model = fit(rows[fitted], truth[fitted], _weight(own), inner)
        probability[judged] = model.probability(rows[judged])
        predicted[judged] = probability[judged] >= model.threshold
    return probability, predicted


def _weight(part: pd.DataFrame) -> np.ndarray:
    """Weights of the sample; chosen sentences, which stand for none, count once."""
    if "weight" not in part:
        return np.ones(len(part))
    return part["weight"].fillna(1.0).to_numpy(float)


def _untested(marker: str, part: pd.DataFrame, truth: np.ndarray, rule: np.ndarray) -> dict:
    missing = float("nan")
    return {
        "marker": marker,
        "sentences": len(part),
        "positives": int(truth.sum()),
        "tandems": int(part["tandem_id"].nunique()),
        "rules_f1": f1(truth, rule, _weight(part)) if truth.any() else missing,
        "model_f1": missing,
        "difference": missing,
        "low": missing,
        "high": missing,
        "brier": missing,
        "base_brier": missing,
        "chosen": "rules",
        "reason": "too_few",
    }


def _tested(
    marker: str,
    part: pd.DataFrame,
    truth: np.ndarray,
    rule: np.ndarray,
    probability: np.ndarray,
    predicted: np.ndarray,
    seed: int,
) -> dict:
    weight = _weight(part)
    low, high = _gain(part, truth, rule, predicted, weight, seed)
    rules, model = f1(truth, rule, weight), f1(truth, predicted, weight)
    brier = float(np.average((probability - truth) ** 2, weights=weight))
    base = float(np.average((np.average(truth, weights=weight) - truth) ** 2, weights=weight))
    # To say yes to everything may beat poor rules in F1; that is no model.
    tells = brier < base and model > f1(truth, np.ones_like(truth), weight)
    better = low > 0 and tells
    return _untested(marker, part, truth, rule) | {
        "model_f1": model,
        "difference": model - rules,
        "low": low,
        "high": high,
        "brier": brier,
        "base_brier": base,
        "chosen": "model" if better else "rules",
        "reason": "better" if better else "not_better" if tells else "guesses",
    }


def _gain(
    part: pd.DataFrame,
    truth: np.ndarray,
    rule: np.ndarray,
    predicted: np.ndarray,
    weight: np.ndarray,
    seed: int,
) -> tuple[float, float]:
    """Interval of the model's F1 less the rules', tandems resampled."""
    names, member = np.unique(part["tandem_id"].astype(str), return_inverse=True)
    parts = (
        np.stack([truth * rule, truth + rule, truth * predicted, truth + predicted], axis=1)
        * weight[:, None]
    )
    sums = np.zeros((len(names), 4))
    np.add.at(sums, member, parts)
    generator = np.random.default_rng(seed)
    draws = generator.multinomial(len(names), np.full(len(names), 1 / len(names)), size=RESAMPLES)
    drawn = draws @ sums
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = 2 * drawn[:, 2] / drawn[:, 3] - 2 * drawn[:, 0] / drawn[:, 1]
    gain = gain[np.isfinite(gain)]
    if not len(gain):
        return (float("nan"), float("nan"))
    low, high = np.quantile(gain, [0.025, 0.975])
    return (float(low), float(high))
