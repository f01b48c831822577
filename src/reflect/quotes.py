"""Quotations: only from people who agreed, each with entry id and offsets."""

from __future__ import annotations

import pandas as pd

from reflect.text import parse, sentences

CONSENT_FOR_QUOTES = "full"
QUOTE_COLUMNS = ["entry_id", "tandem_id", "side", "date", "start", "end", "text"]


def with_consent(spans: pd.DataFrame, diary: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Spans whose writers agreed to be quoted, and how many were withheld.

    Parameters
    ----------
    spans : DataFrame
        With ``entry_id, start, end, text`` and any other columns.
    diary : DataFrame
        From `Corpus.diary`.

    Returns
    -------
    DataFrame
        The allowed spans with ``tandem_id, side, date`` joined, in order of date.
    int
        Number of spans withheld.
    """
    about = diary[["entry_id", "tandem_id", "side", "date", "consent"]]
    known = [column for column in about if column != "entry_id" and column in spans]
    joined = spans.drop(columns=known).merge(about, on="entry_id", how="inner")
    allowed = joined["consent"] == CONSENT_FOR_QUOTES
    kept = joined[allowed].drop(columns="consent")
    return kept.sort_values(["date", "entry_id", "start"], ignore_index=True), int((~allowed).sum())


def pick(
    quotes: pd.DataFrame, *, per: list[str], number: int = 1, shortest: int = 40, longest: int = 320
) -> pd.DataFrame:
    """A few readable quotations of each group, spread over tandems before repeating one.

    Sentences of `shortest` to `longest` characters come first, then the earlier
    date: the choice follows no result and is the same every time.

    Returns
    -------
    DataFrame
        At most `number` rows for each combination of the columns in `per`.
    """
    ranked = quotes.drop_duplicates([*per, "entry_id", "start"])
    length = ranked["text"].str.len()
    ranked = ranked.assign(_odd=~length.between(shortest, longest))
    ranked = ranked.sort_values(["_odd", "date", "entry_id", "start"], kind="stable")
    turn = ranked.groupby([*per, "tandem_id"], sort=False).cumcount()
    ranked = ranked.assign(_turn=turn).sort_values(
        ["_odd", "_turn", "date", "entry_id", "start"], kind="stable"
    )
    chosen = ranked.groupby(per, sort=False).head(number)
    chosen = chosen.sort_values([*per, "date", "entry_id", "start"], ignore_index=True)
    return chosen.drop(columns=["_odd", "_turn"])


def withheld(spans: pd.DataFrame, diary: pd.DataFrame) -> int:
    """Number of sentences whose writers did not agree to be quoted."""
    sentences = spans.drop_duplicates(["entry_id", "start", "end"])
    return with_consent(sentences, diary)[1]


def exemplars(topics: pd.DataFrame, diary: pd.DataFrame, longest: int = 300) -> pd.DataFrame:
    """For each topic the opening of an entry near its centre whose writer agreed to be quoted.

    Parameters
    ----------
    topics : DataFrame
        From `reflect.fit_topics`: ``topic, label, exemplars`` (entry ids, nearest first).

    Returns
    -------
    DataFrame
        ``topic, label, entry_id, tandem_id, side, date, start, end, text``; whole sentences,
        up to about `longest` characters.
    """
    allowed = diary[diary["consent"] == CONSENT_FOR_QUOTES].set_index("entry_id")
    rows = []
    for topic in topics[topics["topic"] >= 0].to_dict("records"):
        near = [entry for entry in _ids(topic["exemplars"]) if entry in allowed.index]
        if not near:
            continue
        entry = allowed.loc[near[0]]
        own = sentences(parse(allowed.loc[near[:1]].reset_index()))
        fitting = own[own["end"] <= max(longest, int(own["end"].iloc[0]))]
        start, end = int(fitting["start"].iloc[0]), int(fitting["end"].iloc[-1])
        rows.append(
            (
                topic["topic"],
                topic["label"],
                near[0],
                entry["tandem_id"],
                entry["side"],
                entry["date"],
                start,
                end,
                entry["text"][start:end],
            )
        )
    return pd.DataFrame(rows, columns=["topic", "label", *QUOTE_COLUMNS])


def _ids(exemplars: str | list[str]) -> list[str]:
    return exemplars.split(",") if isinstance(exemplars, str) else list(exemplars)
