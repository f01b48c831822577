"""A small model of a corpus's own codes, used only where it beats the rules out of fold."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from reflect.coding.ratings import check_columns
from reflect.errors import ReflectError
from reflect.markers import FAMILIES

FOLDS = 5
#: Fewer positives than this, in fewer tandems than folds, teach a model nothing that holds.
LEAST = 15
RESAMPLES = 1000


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
        ``unit_id, marker, value, rule, probability, predicted``: what each sentence got from models
        that had not seen its tandem.
    models : dict
        Marker to fitted pipeline and threshold.
    seed : int
        Of the folds; the same codes and seed give the same models.
    """

    comparison: pd.DataFrame
    out_of_fold: pd.DataFrame = field(repr=False)
    models: dict[str, tuple[Any, float]] = field(repr=False)
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
        tables = []
        used = set(self.markers)
        for marker, (model, threshold) in self.models.items():
            probability = model.predict_proba(frame)[:, 1]
            rule = _carries(frame["hits"], marker)
            carries = probability >= threshold if marker in used else rule
            tables.append(
                frame[["entry_id", "start", "end"]].assign(
                    marker=marker,
                    probability=probability,
                    threshold=threshold,
                    rule=rule,
                    carries=carries,
                    by="model" if marker in used else "rules",
                )
            )
        columns = ["entry_id", "start", "end", "marker", "probability", "threshold"]
        empty = pd.DataFrame(columns=[*columns, "rule", "carries", "by"])
        return pd.concat(tables, ignore_index=True) if tables else empty


def train(settled: pd.DataFrame, sample: pd.DataFrame, *, seed: int = 0) -> Learned:
    """Fit a model for each family and compare it with the rules.

    Parameters
    ----------
    settled : DataFrame
        From `reflect.coding.consensus.consensus`: ``unit_id, marker, value``.
    sample : DataFrame
        ``unit_id, text, language, hits, near, tandem_id`` and, for weighted figures, ``weight``.
    seed : int
        Of the folds and the resampling.

    Raises
    ------
    ReflectError
        If a column is missing or fewer than five tandems were coded.

    Notes
    -----
    Logistic regression on the rules' hits and on words and pieces of words (TF-IDF); probabilities
    calibrated by Platt's (1999) sigmoid. Folds keep tandems whole. The threshold is the one with
    the best F1 in folds inside the training part, so no sentence helps to judge itself.
    The model is used only if the interval of its gain in F1 lies above nil, and its probabilities
    tell more than the family's share.
    """
    check_columns(settled, ("unit_id", "marker", "value"), "consensus codes")
    check_columns(sample, ("unit_id", "text", "language", "hits", "near", "tandem_id"), "sample")
    if sample["tandem_id"].nunique() < FOLDS:
        raise ReflectError(
            f"codes from fewer than {FOLDS} tandems: a model could not be tested. Code more tandems"
        )
    sample = sample.drop_duplicates("unit_id").reset_index(drop=True)
    known = settled[settled["value"].notna()]
    comparison, rows, models = [], [], {}
    for marker in [name for name in FAMILIES if name in set(known["marker"])]:
        value = known[known["marker"] == marker].set_index("unit_id")["value"]
        part = sample[sample["unit_id"].isin(value.index)].reset_index(drop=True)
        truth = part["unit_id"].map(value).to_numpy(int)
        rule = _carries(part["hits"], marker).astype(int)
        spread = part.loc[truth == 1, "tandem_id"].nunique()
        if truth.sum() < LEAST or spread < FOLDS or truth.all():
            comparison.append(_untested(marker, part, truth, rule))
            continue
        probability, predicted = _out_of_fold(part, truth, marker, seed)
        comparison.append(_tested(marker, part, truth, rule, probability, predicted, seed))
        rows.append(
            pd.DataFrame(
                {
                    "unit_id": part["unit_id"],
                    "marker": marker,
                    "value": truth,
                    "rule": rule,
                    "probability": probability,
                    "predicted": predicted,
                }
            )
        )
        models[marker] = _fitted(part, truth, marker, seed)
    columns = ["unit_id", "marker", "value", "rule", "probability", "predicted"]
    found = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)
    return Learned(pd.DataFrame(comparison), found, models, seed)


def _carries(hits: pd.Series, marker: str) -> np.ndarray:
    return np.array([marker in joined.split("|") for joined in hits])


def _pipeline(marker: str, folds: list) -> Any:
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    features = ColumnTransformer(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True), "text"),
            (
                "pieces",
                TfidfVectorizer(
                    analyzer="char_wb", ngram_range=(3, 5), min_df=3, sublinear_tf=True
                ),
                "text",
            ),
            # A hit weighs much more than a word: the model starts from the rules.
            ("rules", CountVectorizer(token_pattern=r"[^|]+", binary=True), "hits"),
        ],
        transformer_weights={"rules": 2.0},
    )
    classifier = LogisticRegression(C=3.0, class_weight="balanced", max_iter=500)
    return CalibratedClassifierCV(make_pipeline(features, classifier), method="sigmoid", cv=folds)


def _folds(part: pd.DataFrame, truth: np.ndarray, seed: int, count: int) -> list:
    from sklearn.model_selection import StratifiedGroupKFold

    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        made = list(splitter.split(part, truth, part["tandem_id"]))
    return [(fit, test) for fit, test in made if 0 < truth[fit].sum() < len(fit) and len(test)]


def _fitted(part: pd.DataFrame, truth: np.ndarray, marker: str, seed: int) -> tuple[Any, float]:
    """Calibrated model and the threshold that did best in folds inside this part."""
    folds = _folds(part, truth, seed + 1, 3)
    probability = np.zeros(len(part))
    frame = part[["text", "hits"]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = _pipeline(marker, folds).fit(frame, truth)
    for number, (_, test) in enumerate(folds):
        # The calibrated classifier of a fold has not seen the fold's test part but for two
        # parameters of its sigmoid.
        one = model.calibrated_classifiers_[number]
        probability[test] = one.predict_proba(frame.iloc[test])[:, 1]
    weight = _weight(part)
    levels = np.unique(np.quantile(probability, np.linspace(0, 1, 101)))
    scores = [_f1(truth, probability >= level, weight) for level in levels]
    return model, float(levels[int(np.nanargmax(scores))])


def _out_of_fold(
    part: pd.DataFrame, truth: np.ndarray, marker: str, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    probability = np.full(len(part), truth.mean())
    predicted = np.zeros(len(part), dtype=int)
    for fit, test in _folds(part, truth, seed, FOLDS):
        model, threshold = _fitted(part.iloc[fit].reset_index(drop=True), truth[fit], marker, seed)
        probability[test] = model.predict_proba(part.iloc[test][["text", "hits"]])[:, 1]
        predicted[test] = probability[test] >= threshold
    return probability, predicted


def _weight(part: pd.DataFrame) -> np.ndarray:
    """Weights of the sample; chosen sentences, which stand for none, count once."""
    if "weight" not in part:
        return np.ones(len(part))
    return part["weight"].fillna(1.0).to_numpy(float)


def _f1(truth: np.ndarray, given: np.ndarray, weight: np.ndarray) -> float:
    both = float((weight * truth * given).sum())
    bottom = float((weight * (truth + given)).sum())
    return 2 * both / bottom if bottom else 0.0


def _untested(marker: str, part: pd.DataFrame, truth: np.ndarray, rule: np.ndarray) -> dict:
    missing = float("nan")
    return {
        "marker": marker,
        "sentences": len(part),
        "positives": int(truth.sum()),
        "tandems": int(part["tandem_id"].nunique()),
        "rules_f1": _f1(truth, rule, _weight(part)) if truth.any() else missing,
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
    rules, model = _f1(truth, rule, weight), _f1(truth, predicted, weight)
    brier = float(np.average((probability - truth) ** 2, weights=weight))
    base = float(np.average((np.average(truth, weights=weight) - truth) ** 2, weights=weight))
    # To say yes to everything may beat poor rules in F1; that is no model.
    tells = brier < base and model > _f1(truth, np.ones_like(truth), weight)
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
