"""Pairs that never met: the measure of what two diaries share by chance.

What a tandem has in common beyond pairs put together from other tandems is what can belong to
the pair. What all pairs have in common belongs to the programme, the season, or the language.
"""

from __future__ import annotations

from itertools import permutations
from typing import NamedTuple

import numpy as np
import pandas as pd

from reflect.errors import ReflectError
from reflect.stats import COMPARE_TANDEMS

#: Up to this many tandems all pairings are listed; beyond, they are drawn.
EXACT_PAIRINGS = 7


class PairingTest(NamedTuple):
    """Real tandems against pairs that never met.

    Attributes
    ----------
    value : float
        Mean over the real tandems.
    expected : float
        Mean over all pairs that never met.
    p : float
        Share of pairings at least as extreme as the real one; nan below five tandems.
    tandems : int
        Real tandems with a value.
    """

    value: float
    expected: float
    p: float
    tandems: int


def pairings(tandems: int, resamples: int = 2000, seed: int = 0) -> np.ndarray:
    """Ways to pair the first sides with the second, the real one first.

    Parameters
    ----------
    tandems : int
        Number of tandems.
    resamples : int
        Pairings to draw where there are more than seven tandems; else all of them are listed.

    Returns
    -------
    ndarray of int
        ``(pairings, tandems)``: the second side that each first side is put with.

    Examples
    --------
    >>> pairings(2).tolist()
    [[0, 1], [1, 0]]
    """
    if tandems <= EXACT_PAIRINGS:
        return np.array(list(permutations(range(tandems))), dtype=np.int64).reshape(-1, tandems)
    generator = np.random.default_rng(seed)
    drawn = generator.permuted(np.tile(np.arange(tandems), (resamples, 1)), axis=1)
    return np.vstack([np.arange(tandems), drawn])


def pairing_test(
    matrix: np.ndarray,
    *,
    alternative: str = "two-sided",
    resamples: int = 2000,
    seed: int = 0,
) -> PairingTest:
    """Whether real tandems have more (or less) of something than pairs that never met.

    The second sides are put with the first in every order (drawn beyond seven tandems); p is
    the share of orders whose mean is at least as extreme as the real one's, which is among
    them. If who was paired with whom makes no difference, p is below .05 in at most 5 % of
    studies.

    Parameters
    ----------
    matrix : ndarray
        ``matrix[i, j]`` is the measure of the first side of tandem i with the second of j; the
        diagonal holds the real tandems. nan where it cannot be computed.
    alternative : str
        ``greater``, ``less`` or ``two-sided``.

    Examples
    --------
    >>> pairing_test(np.eye(5), alternative="greater").p
    0.008333333333333333
    """
    number = len(matrix)
    known = np.isfinite(matrix)
    diagonal = np.diag(matrix)
    real = int(np.isfinite(diagonal).sum())
    value = float(np.nanmean(diagonal)) if real else float("nan")
    apart = known & ~np.eye(number, dtype=bool)
    expected = float(matrix[apart].mean()) if apart.any() else float("nan")
    if real < COMPARE_TANDEMS:
        return PairingTest(value, expected, float("nan"), real)
    orders = pairings(number, resamples, seed)
    rows = np.arange(number)
    cells, present = np.where(known, matrix, 0.0)[rows, orders], known[rows, orders]
    counts = present.sum(axis=1)
    means = np.round(cells.sum(axis=1)[counts > 0] / counts[counts > 0], 12)
    above, below = float((means >= means[0]).mean()), float((means <= means[0]).mean())
    p = {"greater": above, "less": below}.get(alternative, min(1.0, 2 * min(above, below)))
    return PairingTest(value, expected, p, real)


def re_paired(table: pd.DataFrame, sides: tuple[str, str], seed: int = 0) -> pd.DataFrame:
    """A diary whose second sides were dealt to other tandems, for checks of any measure.

    Parameters
    ----------
    table : DataFrame
        With ``tandem_id, side``, such as `Corpus.diary()`.

    Returns
    -------
    DataFrame
        A copy in which each second side carries another tandem's id. Partners' ids and
        placeholders are left as they were.

    Raises
    ------
    ReflectError
        With fewer than two tandems.
    """
    tandems = sorted(table["tandem_id"].unique())
    if len(tandems) < 2:
        raise ReflectError("one tandem cannot be re-paired. Use a corpus with at least two")
    generator = np.random.default_rng(seed)
    while True:
        order = generator.permutation(len(tandems))
        if (order != np.arange(len(tandems))).all():
            break
    other = {tandem: tandems[place] for tandem, place in zip(tandems, order, strict=True)}
    moved = table["tandem_id"].map(other)
    second = table["side"] == sides[1]
    return table.assign(tandem_id=table["tandem_id"].mask(second, moved))
