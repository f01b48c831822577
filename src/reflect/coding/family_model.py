"""A small linear model of one family: words, pieces of words, and what the rules say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reflect.markers import FAMILIES

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Columns a block of words or pieces is hashed to.
HASHED = 2**18
#: A hit weighs much more than a word: the model starts from the rules.
HIT = 2.0
Folds = Sequence[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class FamilyModel:
    """Weights of one family, plain numbers without a word of the diaries.

    Attributes
    ----------
    places, weights : ndarray
        Columns of :func:`features` that count, and how much.
    intercept : float
        Of the score.
    slope, offset : float
        Platt's sigmoid from score to probability.
    threshold : float
        Probability from which a sentence carries the family.
    """

    places: np.ndarray = field(repr=False)
    weights: np.ndarray = field(repr=False)
    intercept: float
    slope: float
    offset: float
    threshold: float

    def probability(self, rows: csr_matrix) -> np.ndarray:
        """Calibrated probability of each row of :func:`features`."""
        score = rows[:, self.places] @ self.weights + self.intercept
        return 1 / (1 + np.exp(-(self.slope * score + self.offset)))


def features(frame: pd.DataFrame) -> csr_matrix:
    """What the models see of sentences.

    Parameters
    ----------
    frame : DataFrame
        ``text``, ``hits`` (families whose rules mark the sentence, joined by ``|``) and ``near``
        (a rule fired and a gate held it back).

    Returns
    -------
    sparse matrix
        Hashed words and pairs of words, hashed pieces of three to five letters, each block of
        length 1 in every row; then one column a family, and one for ``near``.
    """
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import HashingVectorizer

    texts = frame["text"].astype("str")
    shared = {"n_features": HASHED, "alternate_sign": False, "binary": True, "norm": "l2"}
    words = HashingVectorizer(ngram_range=(1, 2), **shared).transform(texts)
    pieces = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), **shared).transform(texts)
    rules = np.stack([carries(frame["hits"], marker) for marker in FAMILIES], axis=1)
    flags = np.column_stack([rules, frame["near"].to_numpy(dtype=bool)]) * HIT
    return csr_matrix(hstack([words, pieces, csr_matrix(flags)], format="csr"))


def carries(hits: pd.Series, marker: str) -> np.ndarray:
    """Whether each row's joined hits hold a marker.

    Examples
    --------
    >>> carries(pd.Series(["insight|learning", ""]), "learning").tolist()
    [True, False]
    """
    return np.array([marker in joined.split("|") for joined in hits], dtype=bool)


def fit(rows: csr_matrix, truth: np.ndarray, weight: np.ndarray, folds: Folds) -> FamilyModel:
    """Fit a family.

    Parameters
    ----------
    rows : sparse matrix
        From :func:`features`.
    truth : ndarray of int
        1 where people found the family.
    weight : ndarray
        Of the sample; it decides the threshold.
    folds : sequence of pairs of ndarray
        Rows to fit on and to judge: the sigmoid and the threshold rest on rows judged so.

    Notes
    -----
    Logistic regression with balanced classes; probabilities by Platt's (1999) sigmoid; the
    threshold is that of the best weighted F1.
    """
    # Most hashed columns are empty; only the others cost time.
    used = np.unique(rows.indices)
    rows = rows[:, used]
    score = np.zeros(len(truth))
    for fitted, judged in folds:
        coefficients, intercept = _line(rows[fitted], truth[fitted])
        score[judged] = rows[judged] @ coefficients + intercept
    slope, offset = _sigmoid(score, truth)
    probability = 1 / (1 + np.exp(-(slope * score + offset)))
    levels = np.unique(np.quantile(probability, np.linspace(0, 1, 101)))
    best = int(np.argmax([f1(truth, probability >= level, weight) for level in levels]))
    coefficients, intercept = _line(rows, truth)
    places = np.flatnonzero(coefficients)
    return FamilyModel(
        used[places].astype(np.int32),
        coefficients[places].astype(np.float32),
        intercept,
        slope,
        offset,
        float(levels[best]),
    )


def _line(rows: csr_matrix, truth: np.ndarray) -> tuple[np.ndarray, float]:
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    # One thread: sums over many columns would else depend on how they are split.
    with threadpool_limits(1):
        line = LogisticRegression(C=3.0, class_weight="balanced", max_iter=500).fit(rows, truth)
    return line.coef_[0], float(line.intercept_[0])


def _sigmoid(score: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Slope and offset of Platt's sigmoid; the slope never turns the order round."""
    from sklearn.linear_model import LogisticRegression

    line = LogisticRegression(C=1e6).fit(score[:, None], truth)
    return max(float(line.coef_[0, 0]), 1e-6), float(line.intercept_[0])


def f1(truth: np.ndarray, given: np.ndarray, weight: np.ndarray) -> float:
    """Weighted F1; 0 where neither holds anything."""
    both = float((weight * truth * given).sum())
    bottom = float((weight * (truth + given)).sum())
    return 2 * both / bottom if bottom else 0.0
