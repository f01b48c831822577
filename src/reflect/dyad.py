"""Measures of the pair: who learned from whom, and how even the exchange was.

A tandem is directed: what one side's diary says it received, and what it says
it gave. Counts are of diary sentences; they say how often something was
written, not how much was learned.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from reflect.overview import MIXED, main_languages, with_words
from reflect.ratios import rate_ratio
from reflect.stats import BOOTSTRAP_TANDEMS, beta_interval

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
    whose two sides write in one language.

    All numbers are of rates: who writes twice as much does not receive more. The interval of a
    tandem, and of a cohort below ten tandems, is the Beta(1, 1) one of the split of the hits
    brought to equal words; it takes sentences as independent and only describes. From ten
    tandems on it is that of `reflect.ratios.rate_ratio`, with tandems as units, and only then a
    side is said to receive more.

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
        those with any hit in ``with_hits``), ``first_hits, second_hits``, ``first_rate,
        second_rate`` (per 1,000 words), ``balance, low, high`` (95 %), ``reciprocity, with_hits``,
        ``verdict``: the side that received more, ``none`` (cannot be told from chance),
        ``described`` (not tested), ``too_few``; ``reason``: "" or why there is no balance:
        ``side_missing, two_languages, too_few``.
    """
    received = flow[flow["learner_side"] == flow["writer_side"]]
    exposure = with_words(diary)
    spoken = main_languages(exposure).unstack("side").reindex(columns=list(sides))
    both = spoken.notna().all(axis=1)
    first, second = (spoken[side] for side in sides)
    alike = both & (first == second) & (first != MIXED)
    words = exposure.pivot_table(index="tandem_id", columns="side", values="words", aggfunc="sum")
    words = words.reindex(index=spoken.index, columns=list(sides)).fillna(0).astype(float)
    counts = received_by(received, sides).reindex(spoken.index, fill_value=0)
    rows = []
    for tandem in [*spoken.index, ""]:
        counted = [tandem] if tandem else list(alike[alike].index)
        hits, amount = counts.loc[counted], words.loc[counted].sum().tolist()
        total, with_hits = hits.sum().tolist(), int((hits.sum(axis=1) > 0).sum())
        reason = "too_few" if sum(total) < MINIMUM_HITS or not all(amount) else ""
        if tandem and not alike[tandem]:
            reason = "two_languages" if both[tandem] else "side_missing"
        rates = [
            1000 * hit / written if written else np.nan
            for hit, written in zip(total, amount, strict=True)
        ]
        balance = low = high = np.nan
        verdict = "too_few"
        if not reason:
            balance = (rates[0] - rates[1]) / sum(rates)
            low, high, verdict = _weighed(hits, words.loc[counted], sides)
        values = (*total, *rates, balance, low, high, 1 - abs(balance), with_hits, verdict)
        rows.append((tandem, len(counted), *values, reason))
    names = "tandem_id tandems first_hits second_hits first_rate second_rate balance low high"
    more = "reciprocity with_hits verdict reason"
    return pd.DataFrame(rows, columns=[*names.split(), *more.split()])


def _weighed(
    hits: pd.DataFrame, words: pd.DataFrame, sides: tuple[str, str]
) -> tuple[float, float, str]:
    """Interval of the balance and what it says; see `flow_balance`."""
    if len(hits) >= BOOTSTRAP_TANDEMS:
        wrote = (words > 0).all(axis=1)
        (own, other), exposures = hits[wrote].to_numpy().T, words[wrote].to_numpy().T
        ratio = rate_ratio(own, other, (exposures[0], exposures[1]))
        low, high = _as_balance(ratio.low), _as_balance(ratio.high)
        if np.isnan(low):
            return low, high, "too_few"
        return low, high, sides[0] if low > 0 else sides[1] if high < 0 else "none"
    (own, other), (written, partner) = hits.sum(), words.sum()
    share = beta_interval(int(own), int(own + other))
    low, high = (_as_balance(bound / (1 - bound) * partner / written) for bound in share)
    return low, high, "described"


def _as_balance(ratio: float) -> float:
    """(a - b) / (a + b) from a / b."""
    return 1.0 if ratio == float("inf") else (ratio - 1) / (ratio + 1)


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
