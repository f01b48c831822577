"""Groups of vectors."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.preprocessing import normalize

import reflect.partition
from reflect.partition import _nearest, arrange, ensemble, partition


def _clouds(sizes: tuple[int, ...], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(sizes)), sizes)
    vectors = np.eye(8)[labels] + random.normal(0, 0.15, (len(labels), 8))
    return np.round(normalize(vectors), 4), labels


def test_clouds_are_found_and_numbered_by_size():
    vectors, labels = _clouds((10, 30, 20))
    found = partition(ensemble(vectors), 3)
    assert found.labels[labels == 1].tolist() == [0] * 30
    assert found.labels[labels == 2].tolist() == [1] * 20
    assert found.labels[labels == 0].tolist() == [2] * 10
    assert len(found.runs) == 24


def test_empty_rows_belong_nowhere():
    vectors, _ = _clouds((20, 20))
    vectors[3] = 0
    found = partition(ensemble(vectors), 2)
    assert found.labels[3] == -1
    assert (np.delete(found.labels, 3) >= 0).all()


def test_small_groups_are_dissolved():
    vectors, _ = _clouds((30, 30, 3))
    assert len(partition(ensemble(vectors), 3, least=4).centres) == 2
    assert len(partition(ensemble(vectors), 3, least=1).centres) == 3


def test_runs_can_share_a_draw():
    vectors, _ = _clouds((20, 20))
    material = ensemble(vectors, 4, repeats=2)
    assert (material.drawn[0] == material.drawn[1]).all()
    assert not (material.drawn[1] == material.drawn[2]).all()
    assert (material.smoothed[0][0] != material.smoothed[1][0]).any()


def test_groups_can_be_drawn_instead_of_entries():
    vectors, _ = _clouds((20, 20))
    tandems = [f"T{number % 5}" for number in range(40)]
    for chosen in ensemble(vectors, runs=4, groups=tandems).drawn:
        kept = {tandem for tandem, inside in zip(tandems, chosen, strict=True) if inside}
        assert len(kept) == 4
        assert chosen.sum() == 32


def test_neighbours_are_as_mixed_as_the_corpus():
    languages = np.array(["en" if number % 4 == 0 else "de" for number in range(160)])
    # Language is written over everything else in the vectors.
    vectors = np.eye(2)[(languages == "en").astype(int)] + np.random.default_rng(0).normal(
        0, 0.01, (160, 2)
    )
    codes = (languages == "en").astype(int)
    blind, _ = _nearest(normalize(vectors), np.arange(160), None)
    mixed, _ = _nearest(normalize(vectors), np.arange(160), codes)
    assert (codes[blind] == codes[:, None]).all(where=np.arange(blind.shape[1]) < 39)
    assert codes[mixed].mean(axis=1) == pytest.approx(0.25, abs=0.03)


def test_landmarks_stand_for_the_others(monkeypatch):
    monkeypatch.setattr(reflect.partition, "LANDMARKS", 60)
    vectors, labels = _clouds((60, 50, 40))
    found = partition(ensemble(vectors), 3)
    assert found.labels.tolist() == labels.tolist()


def test_arrange_keeps_track_of_where_groups_came_from():
    vectors = np.eye(3)[[0, 1, 1, 2, 2, 2]]
    found = arrange(vectors, np.eye(3), [])
    assert found.labels.tolist() == [2, 1, 1, 0, 0, 0]
    assert found.origin == [2, 1, 0]
    assert found.centres == pytest.approx(np.eye(3)[[2, 1, 0]])
