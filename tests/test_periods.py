from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect.errors import ReflectError
from reflect.periods import assign_periods, assign_phases, period_unit, periods


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


@pytest.mark.parametrize(
    ("start", "end", "unit", "count", "first", "last"),
    [
        ("2025-03-03", "2025-05-25", "week", 12, "W1", "W12"),
        ("2025-03-03", "2025-03-03", "week", 1, "W1", "W1"),
        ("2025-01-15", "2025-12-02", "month", 12, "2025-01", "2025-12"),
        ("2020-02-01", "2024-03-31", "quarter", 17, "2020 Q1", "2024 Q1"),
        ("1891-05-01", "1914-08-01", "year", 24, "1891", "1914"),
    ],
)
def test_periods_fit_the_span(start, end, unit, count, first, last):
    table = periods(day(start), day(end))
    assert table.attrs["unit"] == unit == period_unit(day(start), day(end))
    assert len(table) == count
    assert (table["label"].iloc[0], table["label"].iloc[-1]) == (first, last)
    assert table["period"].tolist() == list(range(1, count + 1))
    assert table["start"].iloc[0] == day(start) and table["end"].iloc[-1] == day(end)


@given(
    st.dates(pd.Timestamp("1700-01-01").date(), pd.Timestamp("2100-01-01").date()),
    st.integers(0, 20000),
)
def test_periods_leave_no_gap_and_no_overlap(start, length):
    start = pd.Timestamp(start)
    end = start + pd.Timedelta(days=length)
    table = periods(start, end)
    assert (table["start"].iloc[1:].values == (table["end"].iloc[:-1] + pd.Timedelta("1D"))).all()
    assert (table["start"] <= table["end"]).all()
    both = pd.concat([table["start"], table["end"]], ignore_index=True)
    assert assign_periods(both, start, end).tolist() == [*table["period"], *table["period"]]


def test_outside_the_programme_there_is_no_period():
    dates = pd.Series([day("2025-03-02"), day("2025-03-17"), pd.NaT], index=[7, 8, 9])
    numbers = assign_periods(dates, day("2025-03-03"), day("2025-03-16"))
    assert numbers.to_dict() == {7: 0, 8: 3, 9: 0}
    assert numbers.dtype == "int64" and numbers.name == "period"
    assert assign_phases(dates, day("2025-03-03"), day("2025-03-16")).isna().all()


def test_the_hour_does_not_move_a_day():
    late = pd.Series([day("2025-03-16 23:59")])
    assert assign_periods(late, day("2025-03-03"), day("2025-03-16")).tolist() == [2]


def test_phases_are_ordered_thirds():
    dates = pd.Series(pd.date_range("2025-03-03", "2025-03-11"))
    phases = assign_phases(dates, dates.iloc[0], dates.iloc[-1])
    assert phases.tolist() == ["early"] * 3 + ["middle"] * 3 + ["late"] * 3
    assert phases.max() == "late"


@pytest.mark.parametrize("span", [("2025-03-03", "2025-03-02"), (None, "2025-03-02")])
def test_a_programme_without_span_is_refused(span):
    with pytest.raises(ReflectError, match="no span to divide. Give a first day and a last day"):
        periods(*(pd.Timestamp(each) for each in span))
