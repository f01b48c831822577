"""How often topics come back."""

from __future__ import annotations

import numpy as np
import pytest

from reflect.stability import overlaps, return_rate

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
