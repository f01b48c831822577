"""Entries in which a writer turns to other topics than before."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial.distance import jensenshannon

#: Entries of the same writer on either side of a turn.
WINDOW_ENTRIES = 3
#: Share of all entries that count as turns: the farthest from what went before.
TURNING_SHARE = 0.1


def topic_turns(assignments: pd.DataFrame, topics: pd.DataFrame, diary: pd.DataFrame) -> list[str]:
    """Entries from which on a writer's topics are farthest from those just before.

    The distance is that of Jensen and Shannon between the mean topic weights of three entries,
    beginning with the one in question, and those of the writer's three entries before it; topics
    that are not stable count as one. Entries with fewer than three before or two after them are
    no turns. Own operationalisation: it says where to look, and at most a tenth of the entries
    are turns by definition. Entries that are equally far are turns together or not at all:
    nothing tells which of them turn most.

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
        for place in range(WINDOW_ENTRIES, len(ids) - WINDOW_ENTRIES + 1):
            before = shares[place - WINDOW_ENTRIES : place].mean(axis=0)
            after = shares[place : place + WINDOW_ENTRIES].mean(axis=0)
            # Of equal shares the sum below the root may round to less than nothing.
            with np.errstate(invalid="ignore"):
                distance = float(np.nan_to_num(jensenshannon(after, before)))
            # Rounded, so that another processor's last digits do not change the order.
            distances[ids[place]] = round(distance, 6)
    number = int(np.floor(TURNING_SHARE * len(distances)))
    if not number:
        return []
    # The farthest that is no turn any more; so are all that are as far.
    limit = sorted(distances.values(), reverse=True)[number]
    return sorted(entry for entry, distance in distances.items() if distance > limit)
