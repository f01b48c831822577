"""Entries into groups: many k-means runs on resamples, put together by consensus."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.cluster import KMeans
from sklearn.preprocessing import normalize

#: Entries that stand for all the others in larger corpora, so that cost grows linearly.
LANDMARKS = 2_000
#: Leading dimensions of the vectors that the runs look at in turn.
_VIEWS = (30, 60, 100)
#: Nearest entries over which vectors are averaged, in turn.
_NEIGHBOURS = (10, 20)
#: Ways of looking at one draw.
WAYS = len(_VIEWS) * len(_NEIGHBOURS)
_KEPT = 40
#: Times that vectors are averaged; more make small corpora steadier.
_STEPS = 4
_DRAWN = 0.8


@dataclass(frozen=True)
class Ensemble:
    """Resampled and smoothed vectors, ready to be clustered for any number of groups.

    Attributes
    ----------
    vectors : array (entries, dimensions)
        Rows of length one, or zero for entries without any known word.
    drawn : list of array of bool (entries,)
        The entries that each run learns from.
    smoothed : list of array (entries, dimensions)
        The vectors that each run sees: averages over near entries of the same draw.
    """

    vectors: np.ndarray
    drawn: list[np.ndarray]
    smoothed: list[np.ndarray]


@dataclass(frozen=True)
class Partition:
    """Groups of entries.

    Attributes
    ----------
    labels : array of int (entries,)
        Group of each entry, 0.. by falling size; -1 for entries without any known word.
    centres : array (groups, dimensions)
        Mean direction of each group.
    runs : list of array of int (entries,)
        What each single run of the ensemble said of every entry.
    origin : list of int
        For each group the row of the starting centres that it grew from, see `arrange`.
    """

    labels: np.ndarray
    centres: np.ndarray
    runs: list[np.ndarray]
    origin: list[int]


def ensemble(
    vectors: np.ndarray,
    runs: int = 24,
    seed: int = 0,
    groups: Sequence[object] | None = None,
    languages: Sequence[str] | None = None,
    repeats: int = 1,
) -> Ensemble:
    """Draw and smooth.

    Every run takes 80 % of the entries (of the groups, such as tandems, where given) and replaces
    each vector by an average over its nearest neighbours in the draw, four times: the graph filter
    of Zhang et al. (2019, Attributed graph clustering via adaptive graph convolution), which pulls
    short texts about one matter together.

    Parameters
    ----------
    vectors : array (entries, dimensions)
        Rows of length one, the leading dimensions the most important.
    runs, seed : int
    groups : sequence, optional
        What to draw, one value an entry.
    languages : sequence of str, optional
        Where given, an entry's neighbours are as mixed in language as the corpus is, so that groups
        do not come apart by language.
    repeats : int, default 1
        Runs that share a draw; six see it in all ways (`WAYS`).
    """
    random = np.random.default_rng(seed)
    usable = np.flatnonzero(np.abs(vectors).sum(axis=1) > 0)
    landmarks = usable
    if len(usable) > LANDMARKS:
        landmarks = np.sort(random.choice(usable, LANDMARKS, replace=False))
    codes = None if languages is None else np.unique(list(languages), return_inverse=True)[1]
    sizes = sorted({min(size, vectors.shape[1]) for size in _VIEWS})
    views = [_view(vectors, size) for size in sizes]
    near = [_nearest(view, landmarks, codes) for view in views]
    keys = None if groups is None else np.unique(list(map(str, groups)), return_inverse=True)[1]
    drawn, smoothed = [], []
    for run in range(runs):
        if run % repeats == 0:
            chosen = _draw(random, landmarks, keys, len(vectors))
        which = run % len(views)
        width = _NEIGHBOURS[(run // len(views)) % len(_NEIGHBOURS)]
        drawn.append(chosen)
        smoothed.append(_smooth(views[which], near[which], chosen, width))
    return Ensemble(vectors, drawn, smoothed)


def partition(
    material: Ensemble, count: int, seed: int = 0, starts: int = 10, least: int = 1
) -> Partition:
    """Groups on which the runs agree best.

    Each run is a k-means of its draw; entries outside go to the nearest centre. The runs' answers,
    side by side, are clustered again (k-means consensus, Wu et al. 2015), and every entry ends up
    with the nearest mean direction of the unsmoothed vectors.

    Parameters
    ----------
    material : Ensemble
    count : int
        Groups to look for; fewer come back where groups are empty or smaller than ``least``.
    seed, starts : int
        For the k-means of the runs' answers.
    least : int
        Smaller groups are dissolved.
    """
    runs = [
        _run(seen, chosen, count, seed + 1 + number)
        for number, (seen, chosen) in enumerate(zip(material.smoothed, material.drawn, strict=True))
    ]
    usable = np.flatnonzero(np.abs(material.vectors).sum(axis=1) > 0)
    votes = _votes([run[usable] for run in runs], count)
    learn = np.arange(len(usable))
    if len(usable) > LANDMARKS:
        learn = np.sort(np.random.default_rng(seed).choice(len(usable), LANDMARKS, replace=False))
    model = KMeans(count, n_init=starts, random_state=seed).fit(votes[learn])
    found = model.predict(votes)
    labels = np.full(len(material.vectors), -1)
    labels[usable] = found
    return arrange(material.vectors, centres_of(material.vectors, labels), runs, least)


def arrange(
    vectors: np.ndarray, centres: np.ndarray, runs: list[np.ndarray], least: int = 1
) -> Partition:
    """Send every entry to the nearest centre, dissolve small groups, number the rest by size."""
    usable = np.flatnonzero(np.abs(vectors).sum(axis=1) > 0)
    near = np.round(vectors[usable] @ centres.T, 6)
    alive = np.arange(len(centres))
    while True:
        closest = near[:, alive].argmax(axis=1)
        sizes = np.bincount(closest, minlength=len(alive))
        if len(alive) == 1 or sizes.min() >= max(least, 1):
            break
        alive = np.delete(alive, sizes.argmin())
    order = np.argsort(-sizes, kind="stable")
    rank = np.argsort(order, kind="stable")
    labels = np.full(len(vectors), -1)
    labels[usable] = rank[closest]
    return Partition(labels, centres_of(vectors, labels), runs, alive[order].tolist())


def centres_of(vectors: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Mean direction of each group's entries."""
    groups = range(labels.max() + 1)
    means = [vectors[labels == group].sum(axis=0) for group in groups]
    return normalize(np.vstack(means))


def _view(vectors: np.ndarray, size: int) -> np.ndarray:
    return np.round(normalize(vectors[:, :size]), 4)


def _nearest(
    view: np.ndarray, landmarks: np.ndarray, codes: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Indices of, and cosines to, the landmarks nearest to each entry, the nearest first."""
    size = min(_KEPT, len(landmarks) - 1)
    if codes is None:
        return _top(view, landmarks, size)
    found, order, cosine = [], [], []
    for code in np.unique(codes[landmarks]):
        own = landmarks[codes[landmarks] == code]
        index, near = _top(view, own, min(size, len(own) - 1))
        found.append(index)
        cosine.append(near)
        order.append((np.arange(index.shape[1]) + 0.5) / len(own))
    taken = np.argsort(np.concatenate(order), kind="stable")[:size]
    return np.hstack(found)[:, taken], np.round(np.hstack(cosine)[:, taken], 4)


def _top(view: np.ndarray, landmarks: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    found = np.empty((len(view), size), dtype=np.int64)
    cosine = np.empty(found.shape)
    for part in _blocks(len(view)):
        similarity = np.round(view[part] @ view[landmarks].T, 4)
        similarity[part[:, None] == landmarks[None, :]] = -2
        # Ties are settled by the order of the entries: a key that no two entries share.
        order = similarity - np.arange(len(landmarks)) * 1e-9
        best = np.argpartition(-order, size - 1, axis=1)[:, :size]
        by_key = np.argsort(-np.take_along_axis(order, best, 1), axis=1)
        best = np.take_along_axis(best, by_key, 1)
        found[part] = landmarks[best]
        cosine[part] = np.take_along_axis(similarity, best, 1)
    return found, np.maximum(cosine, 0)


def _draw(
    random: np.random.Generator, landmarks: np.ndarray, keys: np.ndarray | None, entries: int
) -> np.ndarray:
    chosen = np.zeros(entries, dtype=bool)
    if keys is None:
        size = max(2, round(_DRAWN * len(landmarks)))
        chosen[random.choice(landmarks, size, replace=False)] = True
        return chosen
    names = np.unique(keys)
    kept = random.choice(names, max(2, round(_DRAWN * len(names))), replace=False)
    chosen[landmarks] = np.isin(keys[landmarks], kept)
    return chosen


def _smooth(
    view: np.ndarray, near: tuple[np.ndarray, np.ndarray], chosen: np.ndarray, width: int
) -> np.ndarray:
    index, cosine = near
    known = chosen[index]
    known &= np.cumsum(known, axis=1) <= width
    rows = np.repeat(np.arange(len(view)), known.sum(axis=1))
    shape = (len(view), len(view))
    links = csr_matrix((cosine[known], (rows, index[known])), shape)
    inside = links[chosen][:, chosen]
    inside = inside.maximum(inside.T)
    # Each entry counts for itself as much as its nearest neighbour usually does.
    own = max(float(inside.max(axis=1).toarray().mean()), 1e-6) if inside.nnz else 1.0
    degree = np.asarray(inside.sum(axis=1)).ravel() + own
    scale = 1 / np.sqrt(degree)[:, None]
    seen = view[chosen]
    for _ in range(_STEPS):
        seen = scale * (inside @ (scale * seen) + own * (scale * seen))
    smoothed = np.zeros(view.shape)
    smoothed[chosen] = normalize(seen)
    outside = np.flatnonzero(~chosen)
    if len(outside):
        smoothed[outside] = normalize(links[outside] @ smoothed + own * view[outside])
    return np.round(smoothed, 4)


def _run(seen: np.ndarray, chosen: np.ndarray, count: int, seed: int) -> np.ndarray:
    model = KMeans(count, n_init=2, random_state=seed).fit(seen[chosen])
    return model.predict(seen)


def _votes(runs: list[np.ndarray], count: int) -> np.ndarray:
    """Membership in each run's groups, rare groups weighing more, in few dimensions."""
    blocks = []
    for run in runs:
        block = (run[:, None] == np.arange(count)).astype(float)
        blocks.append(block / np.sqrt(np.maximum(block.sum(axis=0), 1)))
    votes = normalize(np.hstack(blocks))
    values, directions = np.linalg.eigh(votes.T @ votes)
    return np.round(votes @ directions[:, -6 * count :], 6)


def _blocks(size: int, width: int = 1000) -> Iterator[np.ndarray]:
    for start in range(0, size, width):
        yield np.arange(start, min(start + width, size))
