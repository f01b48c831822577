"""Counts of people, entries and words that can be checked by eye."""

import pandas as pd
import pytest

from reflect import overview
from reflect.periods import periods

DIARY = pd.DataFrame(
    [
        ("e1", "A-L", "A", "leader", "2025-01-01", 1, "de", "eins zwei drei"),
        ("e2", "A-L", "A", "leader", "2025-01-09", 2, "en", "one"),
        ("e3", "A-T", "A", "talent", "2025-01-02", 1, "de", "eins  zwei\ndrei vier fünf"),
        ("e4", "B-T", "B", "talent", "2025-01-28", 4, "de", "eins"),
    ],
    columns=["entry_id", "participant_id", "tandem_id", "side", "date", "period"]
    + ["language", "text"],
).assign(date=lambda table: pd.to_datetime(table["date"]))
EVENTS = pd.DataFrame(
    [
        ("v1", "A", "2025-01-05", "meeting", "M"),
        ("v2", "B", "2025-01-03", "kickoff", "K"),
        ("v3", "A", "2025-01-04", "kickoff", "K"),
        ("v4", "A", "2025-01-03", "closing", "C"),
    ],
    columns=["event_id", "tandem_id", "date", "kind", "description"],
).assign(date=lambda table: pd.to_datetime(table["date"]))
OUTCOMES = pd.DataFrame(
    [("o1", "A-T", "2025-01-03", "skill", "S"), ("o2", "X", "2025-01-01", "skill", "S")],
    columns=["outcome_id", "participant_id", "date", "kind", "description"],
).assign(date=lambda table: pd.to_datetime(table["date"]))
PEOPLE = DIARY[["participant_id", "tandem_id", "side"]].drop_duplicates()


def test_words_are_counted_at_white_space():
    assert overview.word_counts(DIARY).to_dict() == {"e1": 3, "e2": 1, "e3": 5, "e4": 1}


def test_the_callers_table_is_left_alone():
    before = DIARY.copy(deep=True)
    overview.with_words(DIARY)
    overview.participation(DIARY)
    overview.regularity(DIARY, pd.DataFrame({"period": [1, 2, 3, 4]}))
    pd.testing.assert_frame_equal(DIARY, before)


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("side", {"leader": (1, 2, 4, 2.0, "de, en"), "talent": (2, 2, 6, 3.0, "de")}),
        ("tandem_id", {"A": (2, 3, 9, 3.0, "de, en"), "B": (1, 1, 1, 1.0, "de")}),
        ("participant_id", {"A-L": (1, 2, 4, 2.0, "de, en"), "A-T": (1, 1, 5, 5.0, "de")}),
    ],
)
def test_participation(by, rows):
    table = overview.participation(DIARY, by).set_index(by)
    columns = ["people", "entries", "words", "median_words", "languages"]
    assert {key: tuple(table.loc[key, columns]) for key in rows} == rows


def test_writing_has_no_row_for_a_period_without_entries():
    table = overview.writing(DIARY)
    assert table[["participant_id", "period", "entries", "words"]].to_numpy().tolist() == [
        ["A-L", 1, 1, 3],
        ["A-L", 2, 1, 1],
        ["A-T", 1, 1, 5],
        ["B-T", 4, 1, 1],
    ]


def test_missed_periods_are_counted_and_not_filled():
    weeks = periods(pd.Timestamp("2025-01-01"), pd.Timestamp("2025-01-28"))
    table = overview.regularity(DIARY, weeks).set_index("participant_id")
    assert table["periods_written"].to_dict() == {"A-L": 2, "A-T": 1, "B-T": 1}
    assert table["periods_missed"].to_dict() == {"A-L": 2, "A-T": 3, "B-T": 3}


@pytest.mark.parametrize(
    ("end", "silent"), [("2025-01-10", []), ("2025-01-28", ["A"]), ("2025-06-30", ["A", "B"])]
)
def test_tandems_silent_in_the_last_third(end, silent):
    assert overview.ended_early(DIARY, pd.Timestamp("2025-01-01"), pd.Timestamp(end)) == silent


def test_record_puts_events_before_outcomes_of_the_same_day_and_drops_strangers():
    table = overview.record(EVENTS, OUTCOMES, PEOPLE)
    assert table["item_id"].tolist() == ["v2", "v4", "o1", "v3", "v1"]
    assert table.set_index("item_id")["side"].to_dict() == {
        "v2": "",
        "v4": "",
        "o1": "talent",
        "v3": "",
        "v1": "",
    }


def test_record_of_nothing_keeps_its_columns():
    table = overview.record(EVENTS.head(0), OUTCOMES.head(0), PEOPLE)
    assert len(table) == 0
    assert table.columns.tolist() == overview.record(EVENTS, OUTCOMES, PEOPLE).columns.tolist()


def test_programme_leaves_out_meetings_and_counts_tandems():
    table = overview.programme(EVENTS)
    assert table[["event_kind", "tandems"]].to_numpy().tolist() == [["closing", 1], ["kickoff", 2]]
    assert overview.programme(EVENTS.head(0)).empty
