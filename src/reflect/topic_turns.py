"""Entries in which a writer turns to other topics than before."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial.distance import jensenshannon

#: Entries of the same writer that an entry is held against.
BEFORE_ENTRIES = 3
#: Share of all entries that count as turns: the farthest from what went before.
TURNING_SHARE = 0.1


def topic_turns(assignments: pd.DataFrame, topics: pd.DataFrame, diary: pd.DataFrame) -> list[str]:
    """Entries that are farthest from what their writer wrote about just before.

    The distance is that of Jensen and Shannon between the topic weights of an entry and the mean
    of the writer's last three entries before it; topics that are not stable count as one. A
    writer's first three entries are held against nothing. Own operationalisation: it says where to
    look, and a tenth of the entries are turns by definition.

    Source of the distance: Endres & Schindelin (2003), IEEE Transactions on Information Theory 49,
    1858-1860.

    Parameters
    ----------
    assignments : DataFrame
        ``entry_id, topic, weight`` from `reflect.fit_topics`.
    topics : DataFrame
        ``topic, stable`` from the same model.
    diary : DataFrame
        From `Corpus.diary`: ``entry_id, participant_id, date``.

    Returns
    -------
    list of str
        Entry ids, sorted; empty where fewer than two topics are stable.
    """
    stable = set(topics.loc[topics["stable"].astype(bool), "topic"])
    if len(stable) < 2:
        return []
    lumped = assignments.assign(
        topic=assignments["topic"].where(assignments["topic"].isin(stable), -1)
    )
    weights = lumped.pivot_table(
        index="entry_id", columns="topic", values="weight", aggfunc="sum", fill_value=0.0
    )
    known = diary[diary["entry_id"].isin(weights.index)]
    distances = {}
    for _, own in known.sort_values(["date", "entry_id"]).groupby("participant_id", sort=True):
        ids = own["entry_id"].tolist()
        shares = weights.loc[ids].to_numpy(float)
        for place in range(BEFORE_ENTRIES, len(ids)):
            before = shares[place - BEFORE_ENTRIES : place].mean(axis=0)
            # Rounded, so that another processor's last digits do not change the order.
            distances[ids[place]] = round(float(jensenshannon(shares[place], before)), 6)
    number = int(np.floor(TURNING_SHARE * len(distances)))
    farthest = sorted(distances, key=lambda entry: (-distances[entry], entry))
    return sorted(farthest[:number])
