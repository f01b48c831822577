"""Topics that one side raises first and the other takes up later."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reflect.errors import ReflectError
from reflect.pseudo_tandems import pairing_test

#: Weight from which an entry counts as being about a topic.
_ABOUT = 0.3
_WEEK = 7
#: Days from raising a topic to taking it up.
WITHIN_DAYS = 21
COLUMNS = ("tandem_id", "topic", "raised_by", "taken_up_by", "raised", "taken_up", "days")
ENTRIES = ("raised_entry", "taken_up_entry")


def take_ups(
    assignments: pd.DataFrame,
    diary: pd.DataFrame,
    sides: tuple[str, str],
    within: int = WITHIN_DAYS,
) -> pd.DataFrame:
    """Each topic that one side of a tandem wrote about first and the other within some days.

    A topic counts on the day of the first entry with at least three tenths of its weight on it;
    both sides starting on the same day is no take-up. Outliers are left out.

    Parameters
    ----------
    assignments : DataFrame
        ``entry_id, topic, weight`` from `reflect.fit_topics`.
    diary : DataFrame
        ``entry_id, tandem_id, side, date``, such as `Corpus.diary()`.
    sides : tuple of str
        The two sides.
    within : int, default 21
        Days from raising to taking up.

    Returns
    -------
    DataFrame
        ``tandem_id, topic, raised_by, taken_up_by, raised, taken_up`` (dates), ``days``,
        ``raised_entry, taken_up_entry`` (entry ids).

    Raises
    ------
    ReflectError
        If a column is missing.
    """
    first = _first(assignments, diary)
    ends = [first[first["side"] == side].drop(columns="side") for side in sides]
    met = ends[0].merge(ends[1], on=["tandem_id", "topic"], suffixes=("_a", "_b"))
    parts = []
    for raiser, taker, one, other in ((0, 1, "_a", "_b"), (1, 0, "_b", "_a")):
        days = (met[f"date{other}"] - met[f"date{one}"]).dt.days
        own = met[(days > 0) & (days <= within)]
        parts.append(
            pd.DataFrame(
                {
                    "tandem_id": own["tandem_id"],
                    "topic": own["topic"],
                    "raised_by": sides[raiser],
                    "taken_up_by": sides[taker],
                    "raised": own[f"date{one}"],
                    "taken_up": own[f"date{other}"],
                    "days": days[own.index],
                    "raised_entry": own[f"entry_id{one}"],
                    "taken_up_entry": own[f"entry_id{other}"],
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values(["tandem_id", "raised", "topic"], kind="stable", ignore_index=True)


def topic_exchange(
    assignments: pd.DataFrame,
    diary: pd.DataFrame,
    sides: tuple[str, str],
    within: int = WITHIN_DAYS,
    resamples: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Whether topics pass from one side to the other more often than by chance.

    The measure is the share of a person's topics (those that the other did not have before) that
    the other took up within ``within`` days. It is held against two kinds of chance: pairs that
    never met (the season and the programme give everybody the same topics), and the same pairs
    with the taker's diary shifted by whole weeks around the programme.

    Parameters
    ----------
    assignments, diary, sides, within
        See `take_ups`.
    resamples : int
        Pairings to draw, see `reflect.pseudo_tandems.pairing_test`.
    seed : int

    Returns
    -------
    DataFrame
        One row a direction: ``raised_by, taken_up_by, take_ups`` (number), ``share`` (mean over
        tandems), ``expected`` (pairs that never met), ``p`` (one-sided; nan below five tandems),
        ``shifted`` (mean over shifts of two weeks or more), ``p_shifted`` (nan where the programme
        is too short to shift), ``tandems``.

    Raises
    ------
    ReflectError
        If a column is missing.
    """
    first = _first(assignments, diary)
    moments = pd.to_datetime(diary["date"])
    start, span = moments.min(), int((moments.max() - moments.min()).days) + 1
    topics = np.sort(first["topic"].unique())
    tandems = sorted(diary["tandem_id"].unique())
    days = [_day_table(first[first["side"] == side], tandems, topics, start) for side in sides]
    counted = take_ups(assignments, diary, sides, within)
    rows = []
    for raiser, taker in ((0, 1), (1, 0)):
        matrix = _shares(days[raiser], days[taker], within)
        # pairing_test deals the second sides; for the other direction rows and columns swap roles.
        test = pairing_test(
            matrix if raiser == 0 else matrix.T,
            alternative="greater",
            resamples=resamples,
            seed=seed,
        )
        moved = [
            _shares(days[raiser], shifted, within)
            for shifted in _shifts(assignments, diary, sides[taker], tandems, topics, start, span)
        ]
        means = [np.nanmean(np.diag(m)) for m in moved if np.isfinite(np.diag(m)).any()]
        more = sum(round(mean, 12) >= round(test.value, 12) for mean in means)
        rows.append(
            {
                "raised_by": sides[raiser],
                "taken_up_by": sides[taker],
                "take_ups": int((counted["raised_by"] == sides[raiser]).sum()),
                "share": round(test.value, 4),
                "expected": round(test.expected, 4),
                "p": round(test.p, 4),
                "shifted": round(float(np.mean(means)), 4) if means else float("nan"),
                "p_shifted": round((1 + more) / (1 + len(means)), 4) if means else float("nan"),
                "tandems": test.tandems,
            }
        )
    return pd.DataFrame(rows)


def _first(assignments: pd.DataFrame, diary: pd.DataFrame) -> pd.DataFrame:
    for column in ("entry_id", "tandem_id", "side", "date"):
        if column not in diary.columns:
            raise ReflectError(f"the diary lacks the column {column}: pass Corpus.diary()")
    about = assignments[(assignments["weight"] >= _ABOUT) & (assignments["topic"] >= 0)]
    columns = ["entry_id", "tandem_id", "side", "date"]
    joined = about.merge(diary[columns].assign(date=pd.to_datetime(diary["date"])), on="entry_id")
    ordered = joined.sort_values(["date", "entry_id"], kind="stable")
    return ordered.drop_duplicates(["tandem_id", "side", "topic"]).drop(columns="weight")


def _day_table(
    first: pd.DataFrame, tandems: list, topics: np.ndarray, start: pd.Timestamp
) -> np.ndarray:
    """Day of the first entry (tandems, topics); nan where there is none."""
    table = np.full((len(tandems), len(topics)), np.nan)
    rows = pd.Index(tandems).get_indexer(first["tandem_id"])
    columns = np.searchsorted(topics, first["topic"])
    table[rows, columns] = (first["date"] - start).dt.days
    return table


def _shares(raiser: np.ndarray, taker: np.ndarray, within: int) -> np.ndarray:
    """Share of raised topics taken up, for the raiser of one tandem (row) and taker of another."""
    gap = taker[None, :, :] - raiser[:, None, :]
    # A topic that the taker had before or on the same day was not the raiser's to pass on.
    open_to = np.isfinite(raiser)[:, None, :] & ~(gap <= 0)
    taken = (open_to & (gap <= within)).sum(axis=2)
    raised = open_to.sum(axis=2)
    return np.where(raised > 0, taken / np.maximum(raised, 1), np.nan)


def _shifts(
    assignments: pd.DataFrame,
    diary: pd.DataFrame,
    side: str,
    tandems: list,
    topics: np.ndarray,
    start: pd.Timestamp,
    span: int,
) -> list[np.ndarray]:
    """First days of the taker's topics with the diary turned by whole weeks, two at the least."""
    own = diary[diary["side"] == side]
    day = (pd.to_datetime(own["date"]) - start).dt.days
    tables = []
    for weeks in range(2, span // _WEEK - 1):
        turned = start + pd.to_timedelta((day + weeks * _WEEK) % span, unit="D")
        first = _first(assignments, own.assign(date=turned))
        tables.append(_day_table(first, tandems, topics, start))
    return tables
