"""Measures of the pair: who learned from whom, and how even the exchange was.

A tandem is directed: what one side's diary says it received, and what it says
it gave. Counts are of diary sentences; they say how often something was
written, not how much was learned.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from reflect.overview import MIXED, main_languages, with_words
from reflect.stats import pooled_share

MINIMUM_HITS = 3
FLOW_COLUMNS = [
    "tandem_id",
    "learner_side",
    "teacher_side",
    "writer_side",
    "marker",
    "direction",
    "entry_id",
    "date",
    "start",
    "end",
    "text",
    "content_start",
    "content_end",
]
# What the direction of a hit says about the writer: receiver, giver, or both.
RECEIVES = {"from_partner", "received", "mutual"}
GIVES = {"to_partner", "given", "mutual"}


def learning_flow(spans: pd.DataFrame, diary: pd.DataFrame, sides: tuple[str, str]) -> pd.DataFrame:
    """Directed learning and advice between the two sides, one row a hit and direction.

    A mutual hit ("we learned from each other") gives two rows. Hits from third
    persons or without a direction are left out: they say nothing on the pair.

    Parameters
    ----------
    spans : DataFrame
        From `reflect.annotate`.
    diary : DataFrame
        From `Corpus.diary`, with ``entry_id, tandem_id, side, date``.

    Returns
    -------
    DataFrame
        ``tandem_id, learner_side, teacher_side, writer_side, marker, direction,
        entry_id, date, start, end, text, content_start, content_end``.
    """
    directed = spans[spans["marker"].isin(["learning", "advice"])]
    directed = directed.merge(diary[["entry_id", "tandem_id", "side", "date"]], on="entry_id")
    directed = directed.rename(columns={"side": "writer_side"})
    partner = {sides[0]: sides[1], sides[1]: sides[0]}
    received = directed[directed["direction"].isin(RECEIVES)]
    given = directed[directed["direction"].isin(GIVES)]
    received = received.assign(
        learner_side=received["writer_side"],
        teacher_side=received["writer_side"].map(partner),
    )
    given = given.assign(
        learner_side=given["writer_side"].map(partner),
        teacher_side=given["writer_side"],
    )
    flow = pd.concat([received, given])[FLOW_COLUMNS]
    order = ["tandem_id", "date", "entry_id", "start", "marker", "learner_side"]
    return flow.sort_values(order, ignore_index=True)


def flow_balance(flow: pd.DataFrame, diary: pd.DataFrame, sides: tuple[str, str]) -> pd.DataFrame:
    """Balance and reciprocity of learning, for each tandem and for the cohort.

    With a and b the rates (per word) at which the first and the second side say
    that they received something: ``balance = (a - b) / (a + b)``, positive where the
    first side receives more; ``reciprocity = 1 - |balance|``, 1 where both receive
    alike. Own operationalisation; both are missing below three hits, and where the two
    write in different languages, whose rates cannot be compared. The cohort is all tandems
    whose two sides write in one language. The interval is for the first side's share of all
    hits, see `reflect.stats.pooled_share`; of one tandem it takes sentences as independent.

    Parameters
    ----------
    flow : DataFrame
        From `learning_flow`; only what the writers say they *received* is counted,
        because it is the receiver who can tell.
    diary : DataFrame
        From `Corpus.diary`, with ``entry_id, tandem_id, side, language, text``.

    Returns
    -------
    DataFrame
        ``tandem_id`` ("" for the cohort), ``tandems`` (that the row counts; in the cohort,
        those with any hit in ``with_hits``), ``first_hits, second_hits, balance,
        reciprocity, share_first, low, high, with_hits, reason``: "" or why there is no
        balance: ``side_missing, two_languages, too_few``.
    """
    received = flow[flow["learner_side"] == flow["writer_side"]]
    exposure = with_words(diary)
    spoken = main_languages(exposure).unstack("side").reindex(columns=list(sides))
    both = spoken.notna().all(axis=1)
    first, second = (spoken[side] for side in sides)
    alike = both & (first == second) & (first != MIXED)
    rows = []
    for tandem in [*spoken.index, ""]:
        counted = [tandem] if tandem else list(alike[alike].index)
        own = received[received["tandem_id"].isin(counted)]
        written = exposure[exposure["tandem_id"].isin(counted)]
        by_tandem = received_by(own, sides)
        hits = by_tandem.sum().tolist()
        amount = [float(written.loc[written["side"] == side, "words"].sum()) for side in sides]
        total = sum(hits)
        reason = "too_few" if total < MINIMUM_HITS or not all(amount) else ""
        if tandem and not alike[tandem]:
            reason = "two_languages" if both[tandem] else "side_missing"
        balance = share = low = high = np.nan
        if not reason:
            rates = [hit / words for hit, words in zip(hits, amount, strict=True)]
            balance = (rates[0] - rates[1]) / sum(rates)
            share = hits[0] / total
            low, high = pooled_share(*by_tandem.to_numpy().T)
        values = (*hits, balance, 1 - abs(balance), share, low, high, own["tandem_id"].nunique())
        rows.append((tandem, len(counted), *values, reason))
    names = "tandem_id tandems first_hits second_hits balance reciprocity share_first low high"
    return pd.DataFrame(rows, columns=[*names.split(), "with_hits", "reason"])


def received_by(received: pd.DataFrame, sides: tuple[str, str]) -> pd.DataFrame:
    """Hits that each side received, ``tandem_id`` by side.

    Parameters
    ----------
    received : DataFrame
        Rows of `learning_flow` that the learner wrote.
    """
    table = pd.crosstab(received["tandem_id"], received["learner_side"])
    return table.reindex(columns=list(sides), fill_value=0).astype("int64")


def flow_counts(flow: pd.DataFrame, sides: tuple[str, str]) -> pd.DataFrame:
    """Hits by direction and by who wrote them down.

    Returns
    -------
    DataFrame
        Four rows for learning and four for advice: ``marker, teacher_side,
        learner_side, told_by`` (``learner`` or ``teacher``), ``hits, tandems``.
    """
    rows = []
    for marker in ("learning", "advice"):
        for teacher, learner in (sides, sides[::-1]):
            for told_by, writer in (("learner", learner), ("teacher", teacher)):
                hit = flow[
                    (flow["marker"] == marker)
                    & (flow["learner_side"] == learner)
                    & (flow["writer_side"] == writer)
                ]
                tandems = hit["tandem_id"].nunique()
                rows.append((marker, teacher, learner, told_by, len(hit), tandems))
    names = ["marker", "teacher_side", "learner_side", "told_by", "hits", "tandems"]
    return pd.DataFrame(rows, columns=names)
