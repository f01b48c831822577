"""Quotations: only what passes the gate of anonymity, each with entry id and offsets."""

from __future__ import annotations

import pandas as pd

from reflect.anonymity.gate import gate
from reflect.text import parse, sentences

QUOTE_COLUMNS = ["entry_id", "tandem_id", "side", "date", "start", "end", "text"]


def with_consent(spans: pd.DataFrame, diary: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Spans that may be quoted, and how many were withheld.

    Their writers agreed to quotations, and the audit has no open finding in them or their entry
    (see `reflect.anonymity.gate.gate`).

    Parameters
    ----------
    spans : DataFrame
        With ``entry_id, start, end, text`` and any other columns.
    diary : DataFrame
        Diary of a screened corpus.

    Returns
    -------
    DataFrame
        The allowed spans with ``tandem_id, side, date`` joined, in order of date.
    int
        Number of spans withheld.

    Raises
    ------
    ReflectError
        If the corpus was not screened.
    """
    present = spans[spans["entry_id"].isin(diary["entry_id"])]
    passed, kept_back = gate(present, diary)
    about = diary[["entry_id", "tandem_id", "side", "date"]]
    known = [column for column in (*about, "consent") if column != "entry_id" and column in spans]
    joined = passed.drop(columns=known).merge(about, on="entry_id", how="inner")
    ordered = joined.sort_values(["date", "entry_id", "start"], ignore_index=True)
    return ordered, sum(kept_back.values())


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


def withheld(spans: pd.DataFrame, diary: pd.DataFrame) -> dict[str, int]:
    """Number of sentences that may not be quoted, by reason: ``consent, entry, quotation``."""
    found = spans.drop_duplicates(["entry_id", "start", "end"])
    found = found[found["entry_id"].isin(diary["entry_id"])]
    return gate(found, diary)[1]


def exemplars(topics: pd.DataFrame, diary: pd.DataFrame, longest: int = 300) -> pd.DataFrame:
    """For each topic the opening of the nearest entry to its centre that may be quoted.

    Parameters
    ----------
    topics : DataFrame
        From `reflect.fit_topics`: ``topic, label, exemplars`` (entry ids, nearest first).
    diary : DataFrame
        Diary of a screened corpus.
    longest : int
        Characters from which on no further sentence is added.

    Returns
    -------
    DataFrame
        ``topic, label, entry_id, tandem_id, side, date, start, end, text``; whole sentences,
        up to about `longest` characters.
    """
    named = topics[topics["topic"] >= 0].to_dict("records")
    near = list(dict.fromkeys(entry for topic in named for entry in _ids(topic["exemplars"])))
    first, _ = with_consent(openings(diary[diary["entry_id"].isin(near)], longest), diary)
    by_entry = first.set_index("entry_id", drop=False)
    rows = []
    for topic in named:
        passed = [entry for entry in _ids(topic["exemplars"]) if entry in by_entry.index]
        if passed:
            found = by_entry.loc[passed[0]]
            rows.append((topic["topic"], topic["label"], *(found[name] for name in QUOTE_COLUMNS)))
    return pd.DataFrame(rows, columns=["topic", "label", *QUOTE_COLUMNS])


def openings(diary: pd.DataFrame, longest: int) -> pd.DataFrame:
    """First sentences of each entry: as many as end within `longest`, and at least one.

    Parameters
    ----------
    diary : DataFrame
        With ``entry_id, text, language``.

    Returns
    -------
    DataFrame
        ``entry_id, start, end, text``; to be passed through `with_consent` before it is shown.
    """
    texts = dict(zip(diary["entry_id"], diary["text"], strict=True))
    rows = []
    for entry, own in sentences(parse(diary)).groupby("entry_id", sort=False):
        fitting = own[own["end"] <= max(longest, int(own["end"].iloc[0]))]
        start, end = int(fitting["start"].iloc[0]), int(fitting["end"].iloc[-1])
        rows.append((entry, start, end, texts[entry][start:end]))
    return pd.DataFrame(rows, columns=["entry_id", "start", "end", "text"])


def _ids(exemplars: str | list[str]) -> list[str]:
    return exemplars.split(",") if isinstance(exemplars, str) else list(exemplars)
