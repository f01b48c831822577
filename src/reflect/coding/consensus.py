"""One answer for each sentence and marker, from several coders and what they settled."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from reflect.coding.ratings import Ratings, ratings
from reflect.markers import FAMILIES

#: Codes under this name are decisions of a consensus meeting and outweigh everybody's.
ADJUDICATOR = "consensus"


def consensus(
    codes: pd.DataFrame,
    units: pd.DataFrame | None = None,
    *,
    adjudicator: str = ADJUDICATOR,
    markers: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Settle each sentence and marker.

    Parameters
    ----------
    codes, units
        As for `reflect.coding.agreement`.
    adjudicator : str
        The coder whose codes are decisions. On a sentence they judged, they settle every marker.
    markers : iterable of str, optional
        All families and the codes' own markers by default, so that a family nobody found
        counts as absent, not as unknown.

    Returns
    -------
    DataFrame
        ``unit_id, entry_id, start, end, marker, value`` (1, 0, or missing for a tie),
        ``direction`` ("" where none or tied), ``coders, yes`` (how many judged, how many said
        yes), ``settled``: ``all`` agreed, ``majority``, ``decided`` by the adjudicator, ``tie``,
        ``single`` (one coder only).
    """
    wanted = list(FAMILIES) if markers is None else list(markers)
    if markers is None:
        own = [name for name in codes["marker"].unique() if name not in (*FAMILIES, "none", "")]
        wanted += sorted(own)
    rated = ratings(codes, units, wanted)
    chair = rated.coders.index(adjudicator) if adjudicator in rated.coders else None
    votes = rated.judged.copy()
    if chair is not None:
        votes[chair] = False
    coders = votes.sum(axis=0)
    tables = []
    for marker in wanted:
        yes = (votes & rated.marked[marker]).sum(axis=0)
        value = np.where(2 * yes > coders, 1.0, np.where(2 * yes < coders, 0.0, np.nan))
        settled = np.where((yes == 0) | (yes == coders), "all", "majority").astype(object)
        settled[2 * yes == coders] = "tie"
        settled[coders == 1] = "single"
        if chair is not None:
            decided = rated.judged[chair]
            value[decided] = rated.marked[marker][chair, decided]
            settled[decided] = "decided"
        table = rated.units[["unit_id", "entry_id", "start", "end"]].assign(
            marker=marker,
            value=value,
            direction=_direction(rated, marker, votes, chair, value),
            coders=coders,
            yes=yes,
            settled=settled,
        )
        tables.append(table)
    table = pd.concat(tables, ignore_index=True)
    return table.astype({"direction": "str", "settled": "str", "marker": "str"})


def _direction(
    rated: Ratings, marker: str, votes: np.ndarray, chair: int | None, value: np.ndarray
) -> list[str]:
    given = rated.directions.get(marker)
    if given is None:
        return [""] * votes.shape[1]
    found = []
    for place in range(votes.shape[1]):
        if value[place] != 1:
            found.append("")
        elif chair is not None and rated.judged[chair, place]:
            found.append(given[chair, place])
        else:
            named = [way for way in given[votes[:, place], place] if way]
            counts = {way: named.count(way) for way in sorted(set(named))}
            best = [way for way, count in counts.items() if count == max(counts.values())]
            found.append(best[0] if len(best) == 1 else "")
    return found


def open_cases(settled: pd.DataFrame) -> pd.DataFrame:
    """Rows of a consensus that still need a decision: ties, and directions that differ."""
    from reflect.markers.codebook import DIRECTIONS

    undirected = (
        (settled["value"] == 1)
        & (settled["direction"] == "")
        & settled["marker"].isin(list(DIRECTIONS))
        & (settled["coders"] > 1)
        & (settled["settled"] != "decided")
    )
    return settled[(settled["settled"] == "tie") | undirected].reset_index(drop=True)
