"""Which sentences to code next: those on which the models are least sure."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reflect.coding.family_model import features
from reflect.coding.learn import Learned
from reflect.coding.sample import CHOSEN, digest
from reflect.errors import ReflectError


def next_sentences(
    learned: Learned, frame: pd.DataFrame, sample: pd.DataFrame, count: int = 50
) -> pd.DataFrame:
    """The most uncertain sentences that nobody has coded.

    The families take turns, one entry gives one sentence. They stand for no others, so they have no
    weight: validity leaves them out, training takes them in.

    Parameters
    ----------
    learned : Learned
        From `reflect.coding.learn.train`.
    frame : DataFrame
        All sentences, from `reflect.coding.sample.sentence_frame`.
    sample : DataFrame
        Sentences that are in the sample already.
    count : int
        How many.

    Returns
    -------
    DataFrame
        Rows to put behind the sample, of the same columns: ``stratum`` is chosen,
        ``population`` and ``sampled`` are 0, ``weight`` is missing; and ``reason``, the family
        that was uncertain.

    Raises
    ------
    ReflectError
        If no model could be fitted yet.

    Notes
    -----
    Uncertainty sampling: Lewis and Gale (1994), SIGIR, 3-12.
    """
    if not learned.models:
        raise ReflectError("no family has enough codes for a model yet. Code more of the sample")
    known = pd.MultiIndex.from_frame(sample[["entry_id", "start"]])
    pool = frame[~pd.MultiIndex.from_frame(frame[["entry_id", "start"]]).isin(known)]
    pool = pool.reset_index(drop=True)
    if pool.empty:
        raise ReflectError("every sentence is in the sample already. There is nothing to add")
    orders = []
    rows = features(pool)
    for marker, model in learned.models.items():
        distance = np.abs(model.probability(rows) - model.threshold)
        orders.append((marker, iter(np.argsort(distance, kind="stable"))))
    entries = pool["entry_id"].to_numpy(dtype=object)
    taken: dict[int, str] = {}
    used: set[str] = set()
    while orders and len(taken) < count:
        for turn in list(orders):
            marker, order = turn
            place = next((p for p in order if entries[p] not in used), None)
            if place is None:
                orders.remove(turn)
            elif len(taken) < count:
                taken[int(place)] = marker
                used.add(entries[place])
    rows = pool.iloc[list(taken)].reset_index(drop=True)
    number = len(sample)
    rows.insert(0, "unit_id", [f"u{number + place:05d}" for place in range(1, len(rows) + 1)])
    return rows.assign(
        stratum=CHOSEN,
        population=0,
        sampled=0,
        weight=float("nan"),
        check=[digest(text) for text in rows["text"]],
        reason=list(taken.values()),
    )
