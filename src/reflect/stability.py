"""How often a topic comes back when entries are left out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reflect.partition import WAYS, Ensemble, partition

#: Overlap (Jaccard) from which a group of a resample counts as the same topic (Hennig 2007).
SAME = 0.5
#: Share of resamples in which a topic must come back to count as stable.
STABLE = 0.5


def resampled(
    material: Ensemble, count: int, seed: int = 0
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Groups that the whole procedure finds in each of several resamples.

    Parameters
    ----------
    material : Ensemble
        With ``repeats=WAYS``: every draw is clustered in all ways, and its answers are put together
        like those of all the entries.
    count : int
        Groups to look for.
    seed : int

    Returns
    -------
    runs : list of array of int (entries,)
        Groups of each resample, -1 for what was not drawn.
    drawn : list of array of bool (entries,)
    """
    runs, drawn = [], []
    for first in range(0, len(material.drawn), WAYS):
        chosen = material.drawn[first]
        part = slice(first, first + WAYS)
        own = np.where(chosen[:, None], material.vectors, 0)
        answers = Ensemble(own, material.drawn[part], material.smoothed[part])
        runs.append(partition(answers, count, seed, starts=3).labels)
        drawn.append(chosen)
    return runs, drawn


def overlaps(
    labels: np.ndarray, runs: Sequence[np.ndarray], drawn: Sequence[np.ndarray]
) -> np.ndarray:
    """Overlap of each topic with the group of each resample that is most like it.

    Parameters
    ----------
    labels : array of int (entries,)
        Topic of each entry, -1 for none.
    runs : sequence of array of int (entries,)
        Groups of each resample.
    drawn : sequence of array of bool (entries,)
        The entries of each resample; only these are compared.

    Returns
    -------
    array (topics, resamples)
        Jaccard index, from 0 to 1; nan where no entry of the topic was drawn.

    Examples
    --------
    >>> labels = np.array([0, 0, 1, 1])
    >>> overlaps(labels, [np.array([1, 1, 0, 1])], [np.array([True] * 4)]).round(2).tolist()
    [[0.67], [0.5]]
    """
    topics = int(labels.max()) + 1
    found = np.full((topics, len(runs)), np.nan)
    for number, (run, chosen) in enumerate(zip(runs, drawn, strict=True)):
        inside = chosen & (labels >= 0)
        table = np.zeros((topics, int(run.max()) + 1))
        np.add.at(table, (labels[inside], run[inside]), 1)
        union = table.sum(axis=1)[:, None] + table.sum(axis=0)[None, :] - table
        best = (table / np.maximum(union, 1)).max(axis=1)
        found[:, number] = np.where(table.sum(axis=1) > 0, best, np.nan)
    return found


def return_rate(overlap: np.ndarray) -> np.ndarray:
    """Share of the resamples in which a topic comes back (overlap of at least one half)."""
    seen = np.isfinite(overlap)
    back = (np.nan_to_num(overlap) >= SAME).sum(axis=1)
    return np.round(back / np.maximum(seen.sum(axis=1), 1), 4)
