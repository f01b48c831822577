"""How often topics come back."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.preprocessing import normalize

from reflect.partition import WAYS, ensemble
from reflect.stability import overlaps, resampled, return_rate

LABELS = np.array([0, 0, 0, 1, 1, -1])
EVERY = np.ones(6, dtype=bool)


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ([5, 5, 5, 2, 2, 2], [1.0, 1.0]),  # names of groups and outliers do not matter
        ([0, 0, 1, 1, 1, 0], [2 / 3, 2 / 3]),
        ([0, 0, 0, 0, 0, 0], [3 / 5, 2 / 5]),
    ],
)
def test_overlaps(run, expected):
    assert overlaps(LABELS, [np.array(run)], [EVERY])[:, 0].tolist() == pytest.approx(expected)


def test_only_drawn_entries_count():
    drawn = np.array([True, True, False, False, False, False])
    found = overlaps(LABELS, [np.array([0, 0, 1, 0, 0, 0])], [drawn])
    assert found[0, 0] == 1
    assert np.isnan(found[1, 0])


def test_return_rate():
    rates = return_rate(np.array([[0.5, 0.49, np.nan], [1.0, 1.0, 1.0]]))
    assert rates.tolist() == [0.5, 1.0]


def test_each_resample_goes_through_the_whole_procedure():
    labels = np.repeat(np.arange(3), 20)
    noise = np.random.default_rng(0).normal(0, 0.05, (60, 3))
    vectors = normalize(np.eye(3)[labels] + noise)
    material = ensemble(vectors, 4 * WAYS, repeats=WAYS)
    runs, drawn = resampled(material, 3)
    assert len(runs) == len(drawn) == 4
    assert not (drawn[0] == drawn[1]).all()
    for run, chosen in zip(runs, drawn, strict=True):
        assert chosen.sum() == 48
        assert (run[~chosen] == -1).all()
    assert return_rate(overlaps(labels, runs, drawn)).tolist() == [1.0, 1.0, 1.0]
