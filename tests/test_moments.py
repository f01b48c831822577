"""Events, occasions and their order, on diaries of one line."""

import pandas as pd
import pytest

from reflect import moments


def entries(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["entry_id", "tandem_id", "side", "date"], dtype="str")
    # As Corpus.load gives dates.
    return table.assign(date=pd.to_datetime(table["date"]).astype("datetime64[us]"))


def events(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["event_id", "tandem_id", "date", "kind"], dtype="str")
    return table.assign(date=pd.to_datetime(table["date"]).astype("datetime64[us]"))


def spans(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["entry_id", "marker"]).assign(start=0, end=1, text="x")


NO_EVENTS = events()


@pytest.mark.parametrize(
    ("day", "event", "after"),
    [
        ("2025-03-09", "", None),  # the day before
        ("2025-03-10", "v1", 0),
        ("2025-03-10 23:59", "v1", 0),
        ("2025-03-17 23:59", "v1", 7),
        ("2025-03-18", "", None),
    ],
)
def test_an_entry_belongs_to_an_event_of_the_seven_days_before(day, event, after):
    diary = entries(("e1", "A", "l", day))
    row = moments.attach_events(diary, events(("v1", "A", "2025-03-10 18:00", "kickoff"))).loc[0]
    assert row["event_id"] == event
    assert row["event_kind"] == ("kickoff" if event else "none")
    assert row["days_after"] == after if event else pd.isna(row["days_after"])


def test_the_latest_event_counts_and_that_of_another_tandem_never():
    happened = events(
        ("v1", "A", "2025-03-10", "kickoff"),
        ("v2", "A", "2025-03-12", "meeting"),
        ("v3", "B", "2025-03-13", "closing"),
    )
    diary = entries(("e2", "B", "l", "2025-03-12"), ("e1", "A", "l", "2025-03-14"))
    table = moments.attach_events(diary, happened)
    assert table[["entry_id", "event_id"]].to_numpy().tolist() == [["e2", ""], ["e1", "v2"]]


def test_the_window_is_the_callers_and_the_tables_stay_as_they_are():
    diary, happened = (
        entries(("e1", "A", "l", "2025-03-12")),
        events(("v1", "A", "2025-03-10", "x")),
    )
    copies = diary.copy(deep=True), happened.copy(deep=True)
    assert moments.attach_events(diary, happened, days=1).loc[0, "event_id"] == ""
    assert moments.attach_events(diary, happened, days=2).loc[0, "event_id"] == "v1"
    pd.testing.assert_frame_equal(diary, copies[0])
    pd.testing.assert_frame_equal(happened, copies[1])


def test_shares_after_each_kind_of_event():
    diary = entries(
        ("e1", "A", "leader", "2025-03-10"),
        ("e2", "A", "talent", "2025-03-11"),
        ("e3", "A", "talent", "2025-03-12"),
        ("e4", "B", "talent", "2025-03-12"),
    )
    happened = events(("v1", "A", "2025-03-10", "meeting"), ("v0", "B", "2025-01-01", "kickoff"))
    marked = spans(("e2", "insight"), ("e2", "learning"), ("e3", "advice"), ("e4", "insight"))
    table = moments.around_events(marked, diary, happened)
    assert table.to_numpy().tolist() == [
        ["meeting", "leader", 1, 0, 0.0, 0, 1],
        ["meeting", "talent", 2, 1, 0.5, 2, 1],
        ["none", "talent", 1, 1, 1.0, 1, 1],
    ]


def test_without_events_everything_is_far_from_them():
    diary = entries(("e1", "A", "l", "2025-03-10"), ("e2", "A", "t", "2025-03-10"))
    table = moments.around_events(spans(("e1", "insight")), diary, NO_EVENTS)
    assert table[["event_kind", "side", "entries_with"]].to_numpy().tolist() == [
        ["none", "l", 1],
        ["none", "t", 0],
    ]


ONE_EVENT = events(("v1", "A", "2025-03-10", "meeting"))
PAIR = entries(("e1", "A", "l", "2025-03-10"), ("e2", "A", "t", "2025-03-15"))


@pytest.mark.parametrize(
    ("marked", "score", "both"),
    [
        ([("e1", "insight"), ("e1", "learning")], 2, False),
        ([("e1", "insight"), ("e2", "insight")], 3, True),
        ([("e1", "insight"), ("e2", "learning")], 4, True),
        ([("e1", "key_moment")], 2, False),
        ([("e1", "key_moment"), ("e2", "key_moment")], 4, True),
        ([("e1", "insight"), ("e1", "insight"), ("e2", "advice"), ("e1", "revision")], 2, False),
    ],
)
def test_score_counts_kinds_an_explicit_moment_and_both_sides(marked, score, both):
    found = moments.key_moments(spans(*marked), PAIR, ONE_EVENT)
    assert found[["score", "both_sides"]].to_numpy().tolist() == [[score, both]]


def test_a_marked_entry_that_turns_to_other_topics_counts_one_more():
    marked = spans(("e1", "insight"))
    found = moments.key_moments(marked, PAIR, ONE_EVENT, turns=["e1"])
    assert found[["score", "topic_turn"]].to_numpy().tolist() == [[2, True]]
    assert moments.key_moments(marked, PAIR, ONE_EVENT, turns=["e2"]).empty


@pytest.mark.parametrize("marked", [[], [("e1", "insight")], [("e1", "advice"), ("e2", "advice")]])
def test_less_than_two_points_is_no_moment(marked):
    found = moments.key_moments(spans(*marked), PAIR, ONE_EVENT)
    assert found.empty
    assert found.columns.tolist() == [
        "tandem_id",
        "date",
        "event_id",
        "event_kind",
        "score",
        "both_sides",
        "topic_turn",
        "markers",
        "entries",
    ]


def test_a_moment_names_its_event_markers_and_entries():
    marked = spans(("e2", "learning"), ("e1", "revision"), ("e1", "insight"))
    row = moments.key_moments(marked, PAIR, ONE_EVENT).loc[0]
    assert row["event_id"] == "v1"
    assert row["event_kind"] == "meeting"
    assert row["markers"] == "insight,learning,revision"
    assert row["entries"] == "e1,e2"
    assert row["date"] == pd.Timestamp("2025-03-10")


@pytest.mark.parametrize(
    ("first", "second", "occasions"),
    [
        ("2025-03-10", "2025-03-13", 1),
        ("2025-03-10 08:00", "2025-03-13 20:00", 1),  # three days apart, whatever the hour
        ("2025-03-10", "2025-03-14", 2),
    ],
)
def test_away_from_events_close_days_are_one_occasion(first, second, occasions):
    diary = entries(("e1", "A", "l", first), ("e2", "A", "t", second))
    marked = spans(("e1", "insight"), ("e1", "revision"), ("e2", "insight"), ("e2", "revision"))
    found = moments.key_moments(marked, diary, NO_EVENTS)
    assert len(found) == occasions
    assert set(found["event_kind"]) == {"none"}


def test_close_days_of_two_tandems_are_two_occasions():
    diary = entries(("e1", "A", "l", "2025-03-10"), ("e2", "B", "t", "2025-03-10"))
    marked = spans(("e1", "insight"), ("e1", "revision"), ("e2", "insight"), ("e2", "revision"))
    found = moments.key_moments(marked, diary, NO_EVENTS)
    assert found[["tandem_id", "both_sides"]].to_numpy().tolist() == [["A", False], ["B", False]]


def test_an_entry_between_events_does_not_join_the_occasion_of_an_event():
    diary = entries(("e1", "A", "l", "2025-03-09"), ("e2", "A", "t", "2025-03-10"))
    marked = spans(("e1", "insight"), ("e1", "revision"), ("e2", "insight"), ("e2", "revision"))
    assert len(moments.key_moments(marked, diary, ONE_EVENT)) == 2


def test_order_is_by_score_then_date_then_tandem_whatever_the_input_order():
    diary = entries(
        ("e1", "B", "l", "2025-03-10"),
        ("e2", "A", "l", "2025-03-10"),
        ("e3", "A", "l", "2025-02-01"),
        ("e4", "C", "l", "2025-06-01"),
    )
    marked = spans(
        *((entry, marker) for entry in ("e1", "e2", "e3") for marker in ("insight", "learning")),
        ("e4", "insight"),
        ("e4", "key_moment"),
    )
    found = moments.key_moments(marked, diary, NO_EVENTS)
    assert found["entries"].tolist() == ["e4", "e3", "e2", "e1"]
    shuffled = moments.key_moments(marked[::-1], diary[::-1], NO_EVENTS)
    pd.testing.assert_frame_equal(shuffled, found)


def test_two_events_of_one_day_are_settled_the_same_way_every_time():
    happened = events(("v2", "A", "2025-03-10", "closing"), ("v1", "A", "2025-03-10", "meeting"))
    rows = [
        moments.attach_events(PAIR, order).loc[0, "event_id"]
        for order in (happened, happened[::-1])
    ]
    assert rows[0] == rows[1] != ""


def test_each_sentence_with_a_shift_counts_once_as_any_shift():
    spans = pd.DataFrame(
        [("e1", 0, "insight"), ("e1", 0, "revision"), ("e1", 9, "learning"), ("e1", 9, "advice")],
        columns=["entry_id", "start", "marker"],
    )
    table = moments.with_any_shift(spans)
    assert len(table) == 6
    assert table.loc[table["marker"] == moments.ANY, "start"].tolist() == [0, 9]
