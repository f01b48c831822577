"""Outcomes beside what went before them: chronology, and never cause."""

from __future__ import annotations

import pandas as pd

from reflect.moments import SHIFT_MARKERS

BEFORE_DAYS = 21
ITEM_COLUMNS = [
    "outcome_id",
    "tandem_id",
    "days_before",
    "date",
    "what",
    "item_id",
    "kind",
    "side",
    "start",
    "end",
    "text",
]


def before_outcomes(
    outcomes: pd.DataFrame,
    people: pd.DataFrame,
    events: pd.DataFrame,
    spans: pd.DataFrame,
    diary: pd.DataFrame,
    *,
    days: int = BEFORE_DAYS,
    markers: tuple[str, ...] = (*SHIFT_MARKERS, "advice"),
) -> pd.DataFrame:
    """What the record and both diaries hold in the days before each outcome, in order of time.

    The same day counts as before, for neither entries nor outcomes say which came first. Nothing
    here shows that one led to the other, and an outcome without anything before it is as real.

    Parameters
    ----------
    outcomes : DataFrame
        `Corpus.outcomes`: ``outcome_id, participant_id, date, kind``.
    people : DataFrame
        `Corpus.participants`: ``participant_id, tandem_id, side``.
    events : DataFrame
        `Corpus.events`.
    spans : DataFrame
        From `reflect.annotate`.
    diary : DataFrame
        From `Corpus.diary`.
    days : int
        How far to look back.

    Returns
    -------
    DataFrame
        One row an outcome and item: ``outcome_id, tandem_id, days_before`` (0 on the day), ``date,
        what`` (event or marker), ``item_id`` (event or entry id), ``kind`` (of the event, or the
        marker), ``side`` (who wrote it; "" for events), ``start, end`` (-1 for events), ``text``
        (the sentence; "" for events). By outcome date, then time.
    """
    owned = _owned(outcomes, people)
    known = diary[["entry_id", "tandem_id", "side", "date"]]
    marked = spans[spans["marker"].isin(markers)][["entry_id", "marker", "start", "end", "text"]]
    marked = marked.merge(known, on="entry_id").rename(
        columns={"entry_id": "item_id", "marker": "kind"}
    )
    happened = events[["event_id", "tandem_id", "date", "kind"]].rename(
        columns={"event_id": "item_id"}
    )
    items = pd.concat(
        [
            happened.assign(what="event", side="", start=-1, end=-1, text=""),
            marked.assign(what="marker"),
        ],
        ignore_index=True,
    )
    joined = owned[["outcome_id", "tandem_id", "day"]].merge(items, on="tandem_id")
    joined["days_before"] = (joined["day"] - _day(joined["date"])).dt.days
    joined = joined[joined["days_before"].between(0, days)]
    order = ["day", "outcome_id", "date", "what", "item_id", "start", "kind"]
    table = joined.sort_values(order, ignore_index=True)[ITEM_COLUMNS]
    return table.astype({"start": "int64", "end": "int64", "days_before": "int64"})


def outcome_context(
    outcomes: pd.DataFrame,
    people: pd.DataFrame,
    events: pd.DataFrame,
    spans: pd.DataFrame,
    diary: pd.DataFrame,
    *,
    days: int = BEFORE_DAYS,
    markers: tuple[str, ...] = (*SHIFT_MARKERS, "advice"),
) -> pd.DataFrame:
    """One row an outcome, with what stands before it in short; parameters as `before_outcomes`.

    Returns
    -------
    DataFrame
        ``outcome_id, tandem_id, side, date, kind, events`` (their kinds in order of time,
        comma-joined), ``last_event`` (id, "" where none), ``days_since`` (missing where none),
        ``own_entries, partner_entries`` (written in those days: 0 means that nothing is known),
        ``own_markers, partner_markers`` (comma-joined in order of first mention), ``own_hits,
        partner_hits`` (marked sentences).
    """
    items = before_outcomes(outcomes, people, events, spans, diary, days=days, markers=markers)
    written = diary[["tandem_id", "side", "date"]].assign(day=_day(diary["date"]))
    rows = []
    for outcome in _owned(outcomes, people).itertuples(index=False):
        before = items[items["outcome_id"] == outcome.outcome_id]
        event = before[before["what"] == "event"]
        near = written[written["tandem_id"] == outcome.tandem_id]
        near = near[(outcome.day - near["day"]).dt.days.between(0, days)]
        row = [outcome.outcome_id, outcome.tandem_id, outcome.side, outcome.date, outcome.kind]
        row.append(",".join(event["kind"]))
        row += (
            [event["item_id"].iloc[-1], int(event["days_before"].iloc[-1])]
            if len(event)
            else [
                "",
                None,
            ]
        )
        for own in (True, False):
            row.append(int(((near["side"] == outcome.side) == own).sum()))
        marked = before[before["what"] == "marker"]
        mine = marked["side"] == outcome.side
        row += [",".join(dict.fromkeys(marked.loc[part, "kind"])) for part in (mine, ~mine)]
        row += [len(marked[part].drop_duplicates(["item_id", "start"])) for part in (mine, ~mine)]
        rows.append(row)
    names = ["outcome_id", "tandem_id", "side", "date", "kind", "events", "last_event"]
    names += ["days_since", "own_entries", "partner_entries", "own_markers", "partner_markers"]
    table = pd.DataFrame(rows, columns=[*names, "own_hits", "partner_hits"])
    return table.astype({"days_since": "Int64"})


def _owned(outcomes: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    owned = outcomes.merge(people[["participant_id", "tandem_id", "side"]], on="participant_id")
    return owned.assign(day=_day(owned["date"])).sort_values(
        ["day", "outcome_id"], ignore_index=True
    )


def _day(dates: pd.Series) -> pd.Series:
    return dates.astype("datetime64[us]").dt.normalize()
