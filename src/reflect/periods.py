"""Periods that fit the span of a programme, and its early, middle and late phase."""

from __future__ import annotations

import pandas as pd

from reflect.errors import ReflectError

PHASES = ("early", "middle", "late")
# Longest span, in days, that a unit still divides into a readable number of periods.
_UNITS = (("week", 26 * 7 + 6), ("month", 3 * 366), ("quarter", 12 * 366))


def period_unit(start: pd.Timestamp, end: pd.Timestamp) -> str:
    """The unit that divides a span: ``week``, ``month``, ``quarter`` or ``year``.

    Weeks up to half a year, months up to three years, quarters up to twelve, years beyond.

    >>> period_unit(pd.Timestamp("2025-03-03"), pd.Timestamp("2025-05-25"))
    'week'
    """
    days = (_day(end) - _day(start)).days + 1
    return next((unit for unit, longest in _UNITS if days <= longest), "year")


def periods(start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Divide a programme into consecutive periods.

    Weeks are counted from the first day of the programme; months, quarters and years are those of
    the calendar, so the first and the last may be cut short by the programme.

    Parameters
    ----------
    start, end : Timestamp
        First and last day of the programme, both part of it.

    Returns
    -------
    DataFrame
        ``period`` (1, 2, …), ``start`` and ``end`` (first and last day, both part of the period),
        ``label`` (``W1``, ``2025-03``, ``2025 Q1``, ``1891``). ``attrs["unit"]`` names the unit.

    Raises
    ------
    ReflectError
        If a day is missing or `end` lies before `start`.

    Examples
    --------
    >>> periods(pd.Timestamp("2025-03-03"), pd.Timestamp("2025-03-18")).label.tolist()
    ['W1', 'W2', 'W3']
    """
    first, last = _day(start), _day(end)
    if pd.isna(first) or pd.isna(last) or last < first:
        raise ReflectError("no span to divide. Give a first day and a last day not before it.")
    unit = period_unit(first, last)
    if unit == "week":
        starts = pd.date_range(first, last, freq="7D")
        labels = [f"W{number}" for number in range(1, len(starts) + 1)]
    else:
        calendar = pd.period_range(first, last, freq={"month": "M", "quarter": "Q"}.get(unit, "Y"))
        starts = calendar.to_timestamp().where(calendar.to_timestamp() > first, first)
        pattern = {"month": "%Y-%m", "quarter": "%Y Q%q"}.get(unit, "%Y")
        labels = [str(label) for label in calendar.strftime(pattern)]
    starts = pd.Series(starts).astype("datetime64[us]")
    ends = (starts.shift(-1) - pd.Timedelta(days=1)).fillna(last).astype("datetime64[us]")
    table = pd.DataFrame(
        {"period": range(1, len(starts) + 1), "start": starts, "end": ends, "label": labels}
    )
    table.attrs["unit"] = unit
    return table


def assign_periods(dates: pd.Series, start: pd.Timestamp, end: pd.Timestamp) -> pd.Series:
    """Number of the period (see `periods`) that each date falls into.

    Parameters
    ----------
    dates : Series of datetime64
        Days, with or without a time.
    start, end : Timestamp
        First and last day of the programme.

    Returns
    -------
    Series of int
        Index of `dates`, named ``period``: 1 … n inside the programme, 0 before it or where the
        date is missing, n + 1 after it.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2025-03-03", "2025-03-09", "2025-03-10"]))
    >>> assign_periods(days, pd.Timestamp("2025-03-03"), pd.Timestamp("2025-05-25")).tolist()
    [1, 1, 2]
    """
    bins = periods(start, end)
    days = _days(dates)
    # The number of periods that began on or before the day is the number of its own period.
    numbers = bins["start"].searchsorted(days, side="right")
    result = pd.Series(numbers, index=dates.index, name="period").astype("int64")
    result = result.mask(days > _day(end), len(bins) + 1)
    return result.mask(days.isna(), 0)


def assign_phases(dates: pd.Series, start: pd.Timestamp, end: pd.Timestamp) -> pd.Series:
    """The third of the programme, by days, that each date falls into.

    Returns
    -------
    Series of category
        Index of `dates`, named ``phase``, ordered ``early < middle < late``; missing outside the
        programme.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2025-03-01", "2025-03-02", "2025-03-03"]))
    >>> assign_phases(days, days[0], days[2]).tolist()
    ['early', 'middle', 'late']
    """
    first, length = _day(start), (_day(end) - _day(start)).days + 1
    elapsed = (_days(dates) - first).dt.days
    third = (elapsed * 3 // length).where(elapsed.between(0, length - 1), -1).fillna(-1)
    phase = pd.Categorical.from_codes(third.astype("int64"), categories=PHASES, ordered=True)
    return pd.Series(phase, index=dates.index, name="phase")


def _day(moment: pd.Timestamp) -> pd.Timestamp:
    return pd.Timestamp(moment).floor("D")


def _days(dates: pd.Series) -> pd.Series:
    return (
        pd.Series(pd.to_datetime(dates), index=dates.index).astype("datetime64[us]").dt.normalize()
    )
