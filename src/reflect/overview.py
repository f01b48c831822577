"""Who took part and how much they wrote."""

from __future__ import annotations

import pandas as pd

#: Share of the words that must be in one language for a person to count as writing in it.
MAIN_LANGUAGE = 0.8
MIXED = "mixed"


def word_counts(diary: pd.DataFrame) -> pd.Series:
    """Words of each entry (split at white space), named ``words``, indexed by entry_id."""
    counts = diary["text"].str.split().str.len().astype("int64")
    return pd.Series(counts.to_numpy(), index=diary["entry_id"].to_numpy(), name="words")


def participation(diary: pd.DataFrame, by: str = "side") -> pd.DataFrame:
    """What each side, tandem or person wrote.

    Parameters
    ----------
    diary : DataFrame
        From `Corpus.diary`.
    by : str
        ``side``, ``tandem_id`` or ``participant_id``.

    Returns
    -------
    DataFrame
        `by`, ``people, entries, words, median_words, first, last, languages``.
    """
    table = with_words(diary)
    grouped = table.groupby(by, sort=True)
    return grouped.agg(
        people=("participant_id", "nunique"),
        entries=("entry_id", "size"),
        words=("words", "sum"),
        median_words=("words", "median"),
        first=("date", "min"),
        last=("date", "max"),
        languages=("language", lambda found: ", ".join(sorted(set(found)))),
    ).reset_index()


def writing(diary: pd.DataFrame) -> pd.DataFrame:
    """Entries and words of each person in each period; periods without an entry have no row.

    Returns
    -------
    DataFrame
        ``tandem_id, side, participant_id, period, entries, words``.
    """
    table = with_words(diary)
    keys = ["tandem_id", "side", "participant_id", "period"]
    grouped = table.groupby(keys, sort=True)
    return grouped.agg(entries=("entry_id", "size"), words=("words", "sum")).reset_index()


def regularity(diary: pd.DataFrame, periods: pd.DataFrame) -> pd.DataFrame:
    """Periods that each person wrote in and missed. A missed period is missing data.

    Returns
    -------
    DataFrame
        ``tandem_id, side, participant_id, periods_written, periods_missed, last``.
    """
    keys = ["tandem_id", "side", "participant_id"]
    grouped = diary.groupby(keys, sort=True)
    table = grouped.agg(periods_written=("period", "nunique"), last=("date", "max")).reset_index()
    table["periods_missed"] = len(periods) - table["periods_written"]
    return table[[*keys, "periods_written", "periods_missed", "last"]]


def ended_early(diary: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> list[str]:
    """Tandems without any entry in the last third of the time.

    Returns
    -------
    list of str
        Their ids, sorted. Empty where there is only one tandem's worth of a day.
    """
    last = diary.groupby("tandem_id")["date"].max()
    threshold = end - (end - start) / 3
    return sorted(last[last < threshold].index)


def main_languages(table: pd.DataFrame, keys: tuple[str, ...] = ("tandem_id", "side")) -> pd.Series:
    """The language of at least 80 % of the words of each group, else ``mixed``.

    Rates are compared only within one language: rules find more in one than in the other.

    Parameters
    ----------
    table : DataFrame
        `keys`, ``language, words``, one row an entry (see `with_words`).

    Returns
    -------
    Series of str
        Indexed by `keys`.
    """
    words = table.pivot_table(
        index=list(keys), columns="language", values="words", aggfunc="sum", fill_value=0
    )
    share = words.div(words.sum(axis=1).where(lambda total: total > 0), axis=0).fillna(0)
    return share.idxmax(axis=1).where(share.max(axis=1) >= MAIN_LANGUAGE, MIXED)


def record(events: pd.DataFrame, outcomes: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Events and outcomes in one table, in order of date.

    Parameters
    ----------
    people : DataFrame
        ``participant_id, tandem_id, side``.

    Returns
    -------
    DataFrame
        ``item_id, tandem_id, side`` ("" for events), ``date, kind, description, what``
        (``event`` or ``outcome``).
    """
    happened = events.rename(columns={"event_id": "item_id"}).assign(side="", what="event")
    came = outcomes.merge(people[["participant_id", "tandem_id", "side"]], on="participant_id")
    came = came.rename(columns={"outcome_id": "item_id"}).assign(what="outcome")
    columns = ["item_id", "tandem_id", "side", "date", "kind", "description", "what"]
    table = pd.concat([happened[columns], came[columns]])
    return table.sort_values(["date", "what", "item_id"], ignore_index=True)


def programme(events: pd.DataFrame) -> pd.DataFrame:
    """Kinds of events other than meetings: how many tandems had one, and when.

    Returns
    -------
    DataFrame
        ``event_kind, tandems, first_date, last_date``, in order of the first date.
    """
    special = events[events["kind"] != "meeting"]
    grouped = special.groupby("kind", sort=True)
    table = grouped.agg(
        tandems=("tandem_id", "nunique"), first_date=("date", "min"), last_date=("date", "max")
    )
    table = table.rename_axis("event_kind").reset_index()
    return table.sort_values(["first_date", "event_kind"], ignore_index=True)


def with_words(diary: pd.DataFrame) -> pd.DataFrame:
    """The diary with a column ``words``."""
    return diary.assign(words=word_counts(diary).to_numpy())
