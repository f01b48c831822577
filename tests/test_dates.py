from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect.dates import iso_date, iso_text, read_dates, spreadsheet_dates


@pytest.mark.parametrize(
    "value",
    ["", "2025", "2025-3-3", "2025-02-29", "20250303", "2025-03-03T24:30", "2025-03-03Z", "x" * 9],
)
def test_what_is_not_iso(value):
    assert iso_date(value) is None


@pytest.mark.parametrize(
    ("value", "dates"),
    [
        ("2025-03-03", ["2025-03-03"]),
        ("2025-03-03 19:30:15.5", ["2025-03-03T19:30:15"]),
        ("03.03.2025", ["2025-03-03"]),
        ("4.3.25", ["2025-03-04"]),
        ("4. 3. 2025 19:30", ["2025-03-04T19:30"]),
        ("3/4/25", ["2025-04-03", "2025-03-04"]),
        ("3-4-2025", ["2025-04-03", "2025-03-04"]),
        ("31/3/25", ["2025-03-31"]),
        ("3/31/2025", ["2025-03-31"]),
        ("2025/03/04", ["2025-03-04"]),
        ("3. März 2025", ["2025-03-03"]),
        ("Montag, 3. Mrz. 2025", ["2025-03-03"]),
        ("March 3rd, 2025", ["2025-03-03"]),
        ("1.5.1891", ["1891-05-01"]),
        ("45719", ["2025-03-03"]),
        ("45719.8125", ["2025-03-03T19:30"]),
        ("3/31/2025 7:30 PM", ["2025-03-31T19:30"]),
        ("31.3.2025, 12:05 am", ["2025-03-31T00:05"]),
        ("31.3.2025 19:30 Uhr", ["2025-03-31T19:30"]),
        ("2025-03-31T23:30:00Z", ["2025-03-31T23:30"]),
        ("2025-03-31T23:30+02:00", ["2025-03-31T23:30"]),
        ("31.3.2025 25:00", []),
        ("10115", []),
        ("31.4.2025", []),
        ("1.2.3.4", []),
        ("bald", []),
        ("3. Foo 2025", []),
    ],
)
def test_what_spreadsheets_write(value, dates):
    assert [iso_text(moment) for moment in spreadsheet_dates(value)] == dates


@pytest.mark.parametrize(
    ("values", "day_first", "dates"),
    [
        (["3/4/25", "31/3/25"], None, ["2025-04-03", "2025-03-31"]),
        (["3/4/25", "3/31/25"], None, ["2025-03-04", "2025-03-31"]),
        (["3/4/25", "5/5/25"], None, [None, "2025-05-05"]),
        (["3/4/25", "31/3/25", "3/31/25"], None, [None, None, None]),
        (["3/4/25", "soon"], True, ["2025-04-03", None]),
        (["3/4/25"], False, ["2025-03-04"]),
    ],
)
def test_the_column_decides_what_a_cell_leaves_open(values, day_first, dates):
    found = read_dates(values, day_first)
    assert [moment and iso_text(moment) for moment in found] == dates


@given(st.datetimes(datetime(1000, 1, 1), datetime(2999, 12, 31)))
def test_iso_text_reads_back(moment):
    moment = moment.replace(microsecond=0)
    assert iso_date(iso_text(moment)) == moment


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_dates(value):
    assert all(isinstance(moment, datetime) for moment in spreadsheet_dates(value))
