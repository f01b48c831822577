"""The model of one family: what it sees, and that its numbers are those of sklearn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from reflect.coding.family_model import HASHED, HIT, f1, features, fit
from reflect.markers import FAMILIES

TEXTS = ["it dawned on me", "tea and bus", "we took the train", "it dawned late"] * 10
TRUTH = np.array([1, 0, 0, 1] * 10)


def frame(texts: list[str] = TEXTS, hits: str = "", near: bool = False) -> pd.DataFrame:
    return pd.DataFrame({"text": texts, "hits": hits, "near": near})


def halves(count: int = len(TEXTS)) -> list[tuple[np.ndarray, np.ndarray]]:
    first, second = np.arange(count // 2), np.arange(count // 2, count)
    return [(first, second), (second, first)]


def test_rules_and_near_misses_have_a_column_each_behind_the_words():
    rows = features(frame(["tea", "tea"], "insight|learning")).toarray()
    flags = rows[0, 2 * HASHED :]
    assert len(flags) == len(FAMILIES) + 1
    marked = {FAMILIES[place] for place in np.flatnonzero(flags)}
    assert (marked, set(flags)) == ({"insight", "learning"}, {0.0, HIT})
    near = features(frame(["tea"], near=True)).toarray()[0]
    assert near[-1] == HIT


def test_a_sentence_looks_the_same_alone_and_in_company():
    every = features(frame())
    alone = features(frame(TEXTS[2:3]))
    assert (every[2] != alone[0]).nnz == 0


def test_the_score_is_that_of_sklearn_s_regression():
    rows = features(frame())
    model = fit(rows, TRUTH, np.ones(len(TRUTH)), halves())
    line = LogisticRegression(C=3.0, class_weight="balanced", max_iter=500).fit(rows, TRUTH)
    score = rows[:, model.places] @ model.weights + model.intercept
    assert score == pytest.approx(line.decision_function(rows), abs=1e-3)
    assert np.all(np.diff(model.probability(rows)[np.argsort(score)]) >= 0)


def test_words_that_it_never_saw_weigh_nothing():
    model = fit(features(frame()), TRUTH, np.ones(len(TRUTH)), halves())
    strange = features(frame(["zzz", "qqq"]))
    one, two = model.probability(strange)
    assert one == two


def test_the_threshold_has_the_best_f1_on_rows_it_did_not_see():
    noisy = TRUTH.copy()
    noisy[:3] = 1 - noisy[:3]
    rows = features(frame())
    model = fit(rows, noisy, np.ones(len(noisy)), halves())
    best = f1(noisy, model.probability(rows) >= model.threshold, np.ones(len(noisy)))
    assert best > 0.9


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_weighted_f1_is_that_of_sklearn(seed):
    random = np.random.default_rng(seed)
    truth, given = random.integers(0, 2, (2, 50))
    weight = random.random(50)
    assert f1(truth, given, weight) == pytest.approx(
        f1_score(truth, given, sample_weight=weight), abs=1e-12
    )
    assert f1(np.zeros(3), np.zeros(3), np.ones(3)) == 0.0
