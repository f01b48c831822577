"""Key moments: where perspective markers and events meet, seen from both sides."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

# Families that say that a view moved; the others describe exchange or difficulty.
SHIFT_MARKERS = (
    "insight",
    "revision",
    "expectation_violation",
    "perspective_taking",
    "self_questioning",
    "learning",
    "commitment",
    "key_moment",
)
# Of these, what says outright that a view moved, and not only that something was meant or asked.
OUTRIGHT = {"insight", "revision", "expectation_violation", "perspective_taking", "key_moment"}
NEAR_DAYS = 7
SAME_OCCASION_DAYS = 3
NO_EVENT = "none"
ANY = "shift"


def attach_events(
    entries: pd.DataFrame, events: pd.DataFrame, days: int = NEAR_DAYS
) -> pd.DataFrame:
    """The tandem's latest event before each entry, at most `days` days back.

    Parameters
    ----------
    entries : DataFrame
        With ``entry_id, tandem_id, date``.
    events : DataFrame
        With ``event_id, tandem_id, date, kind``.

    Returns
    -------
    DataFrame
        A copy of `entries` with ``event_id`` ("" where there is none), ``event_kind``
        ("none") and ``days_after``.
    """
    left = entries.assign(_day=_days(entries["date"])).sort_values(["_day", "entry_id"])
    right = events[["event_id", "tandem_id", "date", "kind"]]
    right = right.rename(columns={"kind": "event_kind", "date": "_event"})
    right = right.assign(_event=_days(right["_event"])).sort_values(["_event", "event_id"])
    joined = pd.merge_asof(
        left,
        right,
        left_on="_day",
        right_on="_event",
        by="tandem_id",
        tolerance=pd.Timedelta(days=days),
    )
    joined["days_after"] = (joined["_day"] - joined["_event"]).dt.days
    joined = joined.fillna({"event_id": "", "event_kind": NO_EVENT})
    joined = joined.set_index("entry_id").loc[entries["entry_id"]].reset_index()
    return joined[[*entries.columns, "event_id", "event_kind", "days_after"]]


def any_shift(spans: pd.DataFrame) -> pd.DataFrame:
    """Sentences with any shift marker, once each, with ``marker`` set to ``shift``."""
    shifts = spans[spans["marker"].isin(SHIFT_MARKERS)]
    return shifts.drop_duplicates(["entry_id", "start"]).assign(marker=ANY)


def with_any_shift(spans: pd.DataFrame) -> pd.DataFrame:
    """The spans, and each sentence with a shift once more with ``marker`` set to ``shift``."""
    return pd.concat([spans, any_shift(spans)], ignore_index=True)


def around_events(
    spans: pd.DataFrame,
    diary: pd.DataFrame,
    events: pd.DataFrame,
    *,
    markers: tuple[str, ...] = SHIFT_MARKERS,
    days: int = NEAR_DAYS,
) -> pd.DataFrame:
    """How often a shift is written after each kind of event, on each side.

    An entry belongs to its tandem's latest event of the last `days` days, or to
    ``none``. The shares describe; entries of one person are not independent, and
    what happened around an event is not caused by it.

    Returns
    -------
    DataFrame
        ``event_kind, side, entries, entries_with, share, hits, tandems``, kinds in the
        order of their first date, ``none`` last.
    """
    table = attach_events(diary[["entry_id", "tandem_id", "side", "date"]], events, days)
    hits = spans[spans["marker"].isin(markers)].groupby("entry_id").size()
    table["hits"] = table["entry_id"].map(hits).fillna(0).astype(int)
    table["with"] = table["hits"] > 0
    grouped = table.groupby(["event_kind", "side"], sort=True)
    result = grouped.agg(
        entries=("entry_id", "size"),
        entries_with=("with", "sum"),
        hits=("hits", "sum"),
        tandems=("tandem_id", "nunique"),
    ).reset_index()
    result["share"] = result["entries_with"] / result["entries"]
    order = [*events.sort_values(["date", "kind"])["kind"].unique(), NO_EVENT]
    place = result["event_kind"].map({kind: place for place, kind in enumerate(order)})
    result = result.assign(_place=place).sort_values(["_place", "side"], ignore_index=True)
    return result[["event_kind", "side", "entries", "entries_with", "share", "hits", "tandems"]]


def key_moments(
    spans: pd.DataFrame,
    diary: pd.DataFrame,
    events: pd.DataFrame,
    *,
    days: int = NEAR_DAYS,
    minimum: int = 2,
    turns: Collection[str] = (),
) -> pd.DataFrame:
    """Occasions at which much moved, ranked, with each side's entry.

    An occasion is a tandem's event with the entries of the following `days` days, or,
    away from events, entries of both sides at most three days apart. Its score is
    the number of different shift markers, one more for an explicit `key_moment`, one more
    where a marked entry turns to other topics (`turns`, from `reflect.topic_turns.topic_turns`),
    and two more where both sides have a marker: the same occasion seen twice says
    most. Of equal scores those come first where more markers say outright that a view moved.
    Own operationalisation, for reading order and not for tests.

    Returns
    -------
    DataFrame
        Best first: ``tandem_id, date, event_id, event_kind, score, both_sides,
        topic_turn, markers`` (sorted, comma-joined), ``entries`` (ids, comma-joined).
        Only occasions with a score of at least `minimum`.
    """
    table = attach_events(diary[["entry_id", "tandem_id", "side", "date"]], events, days)
    shifts = spans[spans["marker"].isin(SHIFT_MARKERS)]
    by_entry = shifts.groupby("entry_id")["marker"].agg(lambda found: tuple(sorted(set(found))))
    table = table[table["entry_id"].isin(by_entry.index)].copy()
    table["found"] = table["entry_id"].map(by_entry)
    table["occasion"] = _occasions(table)
    rows = []
    for _, part in table.groupby(["tandem_id", "occasion"], sort=True):
        part = part.sort_values(["date", "entry_id"])
        markers = sorted({marker for found in part["found"] for marker in found})
        both = part["side"].nunique() > 1
        turn = bool(part["entry_id"].isin(turns).any())
        score = len(markers) + ("key_moment" in markers) + turn + 2 * both
        first = part.iloc[0]
        rows.append(
            (
                first["tandem_id"],
                first["date"],
                first["event_id"],
                first["event_kind"],
                score,
                both,
                turn,
                ",".join(markers),
                ",".join(part["entry_id"]),
            )
        )
    names = ["tandem_id", "date", "event_id", "event_kind", "score", "both_sides", "topic_turn"]
    names += ["markers", "entries"]
    result = pd.DataFrame(rows, columns=names)
    result = result[result["score"] >= minimum]
    moved = result["markers"].map(lambda found: len(OUTRIGHT & set(found.split(","))))
    result = result.assign(_moved=moved).sort_values(
        ["score", "_moved", "date", "tandem_id"],
        ascending=[False, False, True, True],
        ignore_index=True,
    )
    return result.drop(columns="_moved")


def _occasions(table: pd.DataFrame) -> pd.Series:
    """A key for entries that tell of the same occasion: the event, or a run of close dates."""
    keys = table["event_id"].where(table["event_id"] != "", None)
    ordered = table.sort_values(["tandem_id", "date", "entry_id"])
    lonely = ordered[ordered["event_id"] == ""]
    days = lonely["date"].dt.normalize().groupby(lonely["tandem_id"]).diff()
    gap = days > pd.Timedelta(days=SAME_OCCASION_DAYS)
    runs = gap.groupby(lonely["tandem_id"]).cumsum().astype(int)
    return keys.fillna("run " + runs.reindex(table.index).astype("Int64").astype(str))


def _days(moments: pd.Series) -> pd.Series:
    """Dates without the time of day, in one unit whatever the tables came from."""
    return moments.astype("datetime64[us]").dt.normalize()
