"""Whether occasions are told by both sides more often than by pairs that never met."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from reflect.moments import NEAR_DAYS, key_moments
from reflect.pseudo_tandems import re_paired
from reflect.stats import COMPARE_TANDEMS


def moments_by_chance(
    spans: pd.DataFrame,
    diary: pd.DataFrame,
    events: pd.DataFrame,
    sides: tuple[str, str],
    *,
    days: int = NEAR_DAYS,
    minimum: int = 2,
    turns: Collection[str] = (),
    resamples: int = 99,
    seed: int = 0,
) -> pd.DataFrame:
    """Key moments told by both sides, beside what re-paired tandems give.

    Two diaries of the same weeks have occasions in common even where the writers never met: a
    kick-off of all tandems, a week in which everybody writes. The second sides are dealt to other
    tandems again and again, and key moments are looked for anew; events stay with the first
    sides. Only what real tandems have beyond that belongs to the pair.

    Parameters
    ----------
    spans, diary, events, days, minimum, turns
        As for `reflect.moments.key_moments`.
    resamples : int
        How often tandems are re-paired; each time costs as much as `key_moments`.

    Returns
    -------
    DataFrame
        One row: ``tandems, moments, both_sides`` (how many of them), ``expected`` (mean number told
        by both sides when re-paired; nan for one tandem), ``p`` (one-sided; nan below five
        tandems), ``verdict``: ``above``, ``none`` or ``described``.
    """
    found = key_moments(spans, diary, events, days=days, minimum=minimum, turns=turns)
    both, tandems = int(found["both_sides"].sum()), diary["tandem_id"].nunique()
    expected = p = float("nan")
    if tandems > 1:
        chance = np.array(
            [
                key_moments(
                    spans,
                    re_paired(diary, sides, seed=seed + draw),
                    events,
                    days=days,
                    minimum=minimum,
                    turns=turns,
                )["both_sides"].sum()
                for draw in range(resamples)
            ]
        )
        expected = float(chance.mean())
        if tandems >= COMPARE_TANDEMS:
            p = float((1 + (chance >= both).sum()) / (1 + resamples))
    verdict = "described" if np.isnan(p) else "above" if p < 0.05 else "none"
    row = (tandems, len(found), both, expected, p, verdict)
    names = ["tandems", "moments", "both_sides", "expected", "p", "verdict"]
    return pd.DataFrame([row], columns=names)
