"""What stands before an outcome: the days, both diaries, and nothing of a cause."""

import pandas as pd
import pytest
from simulated import marks, weekly_diary

from reflect.outcome_context import ITEM_COLUMNS, before_outcomes, outcome_context

DIARY = weekly_diary(2)  # first sides on Mondays from 3 March, second on Tuesdays
PEOPLE = DIARY[["participant_id", "tandem_id", "side"]].drop_duplicates(ignore_index=True)


def dated(rows: list[tuple], columns: list[str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(
        date=pd.to_datetime(table["date"], format="ISO8601").astype("datetime64[us]")
    )


EVENTS = dated(
    [
        ("v1", "T00", "2025-03-03 19:00", "kickoff"),
        ("v2", "T00", "2025-03-20 10:00", "meeting"),
        ("v3", "T01", "2025-03-20", "meeting"),
        ("v4", "T00", "2025-03-25", "closing"),
    ],
    ["event_id", "tandem_id", "date", "kind"],
)
OUTCOMES = dated(
    [("o1", "T00-b", "2025-03-20 08:00", "skill"), ("o2", "T01-a", "2025-05-01", "network")],
    ["outcome_id", "participant_id", "date", "kind"],
)
SPANS = marks(
    [
        ("T00-a-3", "insight", ""),  # 17 March
        ("T00-b-3", "learning", "from_partner"),  # 18 March
        ("T00-b-3", "difficulty", ""),
        ("T00-a-4", "insight", ""),  # 24 March: after the outcome
        ("T01-a-3", "insight", ""),
    ]
)


def items(days: int = 7) -> pd.DataFrame:
    return before_outcomes(OUTCOMES, PEOPLE, EVENTS, SPANS, DIARY, days=days)


def test_what_stands_before_in_order_of_time():
    table = items()
    assert table.columns.tolist() == ITEM_COLUMNS
    assert table["outcome_id"].tolist() == ["o1"] * 3
    # The event of the same day counts, though its hour is later: hours are not compared.
    assert table["item_id"].tolist() == ["T00-a-3", "T00-b-3", "v2"]
    assert table["days_before"].tolist() == [3, 2, 0]
    assert table["side"].tolist() == ["a", "b", ""]
    assert table["kind"].tolist() == ["insight", "learning", "meeting"]


@pytest.mark.parametrize(("days", "found"), [(0, ["v2"]), (2, ["T00-b-3", "v2"]), (16, 3), (17, 4)])
def test_how_far_back(days, found):
    own = items(days)["item_id"].tolist()
    assert own == found if isinstance(found, list) else len(own) == found


def test_one_line_an_outcome():
    table = outcome_context(OUTCOMES, PEOPLE, EVENTS, SPANS, DIARY, days=7).set_index("outcome_id")
    own = table.loc["o1"]
    assert own[["tandem_id", "side", "events", "last_event"]].tolist() == [
        "T00",
        "b",
        "meeting",
        "v2",
    ]
    assert own["days_since"] == 0
    assert own[["own_markers", "partner_markers"]].tolist() == ["learning", "insight"]
    assert own[["own_hits", "partner_hits"]].tolist() == [1, 1]
    assert own[["own_entries", "partner_entries"]].tolist() == [1, 1]


def test_an_outcome_without_anything_before_it_is_kept():
    row = outcome_context(OUTCOMES, PEOPLE, EVENTS, SPANS, DIARY, days=7).iloc[1]
    assert row["outcome_id"] == "o2" and row["events"] == "" and row["last_event"] == ""
    assert pd.isna(row["days_since"])
    assert row[["own_hits", "partner_hits"]].tolist() == [0, 0]
    # Somebody wrote, though nothing was marked.
    assert row["own_entries"] == 1


@pytest.mark.parametrize("which", ["outcomes", "events", "spans"])
def test_nothing_recorded(which):
    tables = {"outcomes": OUTCOMES, "events": EVENTS, "spans": SPANS}
    tables[which] = tables[which].iloc[:0]
    found = before_outcomes(tables["outcomes"], PEOPLE, tables["events"], tables["spans"], DIARY)
    short = outcome_context(tables["outcomes"], PEOPLE, tables["events"], tables["spans"], DIARY)
    assert found.columns.tolist() == ITEM_COLUMNS
    assert len(short) == len(tables["outcomes"])


def test_a_missing_partner():
    alone = DIARY[DIARY["side"] == "b"]
    row = outcome_context(OUTCOMES, PEOPLE, EVENTS, SPANS, alone).iloc[0]
    assert row[["partner_entries", "partner_hits", "partner_markers"]].tolist() == [0, 0, ""]
