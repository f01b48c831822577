"""Who raises a topic and who takes it up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reflect.errors import ReflectError
from reflect.topic_exchange import take_ups, topic_exchange

SIDES = ("leader", "talent")


def _tables(rows: list[tuple[str, str, str, int]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Diary and assignments from tandem, side, date and topic, one entry each."""
    diary = pd.DataFrame(rows, columns=["tandem_id", "side", "date", "topic"])
    diary["date"] = pd.to_datetime(diary["date"])
    diary.insert(0, "entry_id", [f"e{number}" for number in range(len(diary))])
    return diary[["entry_id", "topic"]].assign(weight=1.0), diary.drop(columns="topic")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("leader", "03", 0), ("talent", "08", 0)], [("leader", "talent", 5)]),
        ([("talent", "03", 0), ("leader", "08", 0)], [("talent", "leader", 5)]),
        ([("leader", "03", 0), ("talent", "03", 0)], []),  # the same day
        ([("leader", "03", 0), ("talent", "30", 0)], []),  # too late
        ([("leader", "03", 0), ("talent", "08", 1)], []),  # another topic
        ([("leader", "03", -1), ("talent", "08", -1)], []),  # outliers
        # Only the first time counts: the talent was there before.
        (
            [("talent", "01", 0), ("leader", "03", 0), ("talent", "08", 0)],
            [("talent", "leader", 2)],
        ),
    ],
)
def test_take_ups(rows, expected):
    assignments, diary = _tables([("A", side, f"2025-03-{day}", t) for side, day, t in rows])
    found = take_ups(assignments, diary, SIDES)
    told = found[["raised_by", "taken_up_by", "days"]].itertuples(index=False, name=None)
    assert list(told) == expected


def test_light_weights_do_not_raise_a_topic():
    assignments, diary = _tables(
        [("A", "leader", "2025-03-03", 0), ("A", "talent", "2025-03-08", 0)]
    )
    assert len(take_ups(assignments, diary, SIDES)) == 1
    assert take_ups(assignments.assign(weight=0.29), diary, SIDES).empty


def _programme(shared: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Eight tandems; each leader raises an own topic, the talent follows it or another's."""
    rows = []
    for number in range(8):
        week = pd.Timestamp("2025-03-03") + pd.Timedelta(weeks=number)
        rows.append((f"T{number}", "leader", str(week.date()), number))
        topic = number if shared else (number + 1) % 8
        rows.append((f"T{number}", "talent", str((week + pd.Timedelta(days=4)).date()), topic))
    return _tables(rows)


def test_real_pairs_are_held_against_pairs_that_never_met():
    there, back = topic_exchange(*_programme(True), SIDES).to_dict("records")
    assert (there["raised_by"], there["taken_up_by"]) == SIDES
    assert there["take_ups"] == 8
    assert there["share"] == 1
    assert there["expected"] == 0
    assert there["p"] < 0.01
    assert back["take_ups"] == 0


def test_no_exchange_is_not_called_one():
    there = topic_exchange(*_programme(False), SIDES).iloc[0]
    assert there["share"] == 0
    assert there["p"] == 1


def test_one_tandem_has_no_test():
    assignments, diary = _programme(True)
    one = diary[diary["tandem_id"] == "T0"]
    there = topic_exchange(assignments, one, SIDES).iloc[0]
    assert there["tandems"] == 1
    assert there["share"] == 1
    assert np.isnan(there["p"])
    assert np.isnan(there["p_shifted"])


def test_a_diary_without_dates_is_refused():
    assignments, diary = _programme(True)
    with pytest.raises(ReflectError, match="lacks the column date"):
        take_ups(assignments, diary.drop(columns="date"), SIDES)
