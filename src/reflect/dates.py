"""Dates as corpora hold them (ISO 8601) and as spreadsheets write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?)?", re.ASCII)
_NUMERIC = re.compile(
    r"(\d{1,4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{1,2})"
    r"(?:[\sT,]+(\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AaPp][Mm])?)(?:\s*Uhr)?)?"
)
_ZONE = re.compile(r"(?<=\d)\s*(?:Z|UTC|[+-]\d{2}:?\d{2})$")
_SERIAL = re.compile(r"(\d{5})(?:[.,](\d+))?")
_MONTH_STEMS = (
    ("jan", "jän"),
    ("feb",),
    ("mar", "mär", "mrz", "maer"),
    ("apr",),
    ("mai", "may"),
    ("jun",),
    ("jul",),
    ("aug",),
    ("sep",),
    ("okt", "oct"),
    ("nov",),
    ("dez", "dec"),
)
_NAMED = re.compile(r"(?:\w+,\s*)?(\d{1,2})(?:\.|st|nd|rd|th)?\s+([^\W\d]+)\.?,?\s+(\d{4})")
_NAMED_FIRST = re.compile(r"(?:\w+,\s+)?([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
# Excel counts days from here; it is one day early because Excel believes in 29 February 1900.
_EXCEL_EPOCH = datetime(1899, 12, 30)


@lru_cache(maxsize=65536)
def iso_date(value: str) -> datetime | None:
    """The moment that an ISO 8601 date or date-time without zone names; None for anything else.

    >>> iso_date("1891-03-01"), iso_date("2025-03-03T19:30").hour, iso_date("03.03.2025")
    (datetime.datetime(1891, 3, 1, 0, 0), 19, None)
    """
    match = _ISO.fullmatch(value)
    if match is None:
        return None
    try:
        return datetime.fromisoformat(f"{match[1]}T{match[2] or '00:00'}")
    except ValueError:
        return None


def iso_text(moment: datetime) -> str:
    """ISO form of a moment, without the time where that is midnight.

    >>> iso_text(datetime(2025, 3, 3)), iso_text(datetime(2025, 3, 3, 19, 30))
    ('2025-03-03', '2025-03-03T19:30')
    """
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return moment.date().isoformat()
    return moment.isoformat(timespec="minutes" if moment.second == 0 else "seconds")


def spreadsheet_dates(value: str) -> list[datetime]:
    """Every moment that a date written by a spreadsheet or by hand may mean.

    Dots mean day first (``3.4.2025``); slashes and hyphens are read both ways, so ``3/4/25`` has
    two answers and ``31/3/25`` has one. Also ``2025/03/04``, ``3. März 2025``, ``March 3, 2025``
    ISO dates with a time zone (which is dropped) and Excel's
    numbers for days (``45719``). Two-digit years mean 2000 to 2069 and 1970 to 1999.

    Returns
    -------
    list of datetime
        Empty where the value is no date; the day-first reading stands first.

    >>> [len(spreadsheet_dates(value)) for value in ("03.03.2025", "3/4/25", "3/3/25", "soon")]
    [1, 2, 1, 0]
    """
    return list(dict.fromkeys(moment for moment in _readings(value) if moment))


def read_dates(values: Sequence[str], day_first: bool | None = None) -> list[datetime | None]:
    """Moments of a column of dates, each None where the cell is no date or remains ambiguous.

    Where slashes leave the order of day and month open, the column decides: one order must fit
    every cell, the other not.

    Parameters
    ----------
    values : sequence of str
        Cells as a spreadsheet wrote them.
    day_first : bool, optional
        The order, if it is known.

    >>> read_dates(["3/4/25", "31/3/25"])[0]
    datetime.datetime(2025, 4, 3, 0, 0)
    >>> read_dates(["3/4/25", "5/3/25"])
    [None, None]
    """
    readings = [_readings(value) for value in values]
    if day_first is None:
        dates = [pair for pair in readings if any(pair)]
        fits = [all(pair[order] for pair in dates) for order in (0, 1)]
        day_first = {(True, False): True, (False, True): False}.get(tuple(fits))
    if day_first is not None:
        return [pair[0 if day_first else 1] for pair in readings]
    return [pair[0] if pair[0] == pair[1] else None for pair in readings]


def _readings(value: str) -> tuple[datetime | None, datetime | None]:
    """The day-first and the month-first reading; equal where the order is not in doubt."""
    value = value.strip()
    moment = iso_date(value) or _zoned(value) or _serial(value) or _named(value)
    if moment:
        return moment, moment
    match = _NUMERIC.fullmatch(value)
    if match is None:
        return None, None
    first, mark, second, third, time = match.groups()
    if len(first) == 4 and len(third) <= 2:
        moment = _moment(first, second, third, time)
        return moment, moment
    if len(first) > 2:
        return None, None
    by_day = _moment(third, second, first, time)
    return by_day, by_day if mark == "." else _moment(third, first, second, time)


def _zoned(value: str) -> datetime | None:
    """The writer's own clock: a diary's day is that of the place where it was written."""
    return iso_date(_ZONE.sub("", value)) if len(value) > 16 else None


def _serial(value: str) -> datetime | None:
    match = _SERIAL.fullmatch(value)
    if match is None:
        return None
    days = float(f"{match[1]}.{match[2] or 0}")
    # 1954 to 2119: keeps most numbers that are no dates out.
    if not 20000 <= days < 80000:
        return None
    return _EXCEL_EPOCH + timedelta(minutes=round(days * 24 * 60))


def _named(value: str) -> datetime | None:
    for pattern, day, month in ((_NAMED, 1, 2), (_NAMED_FIRST, 2, 1)):
        match = pattern.fullmatch(value)
        number = match and month_number(match[month])
        if number:
            return _moment(match[3], number, match[day], None)
    return None


def _moment(year: str, month: str | int, day: str, time: str | None) -> datetime | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 70 else 1900
    half = (time or "")[-2:].lower()
    clock = [int(part) for part in (time or "0:00").rstrip("AaPpMm ").split(":")]
    if half in ("am", "pm"):
        clock[0] = clock[0] % 12 + (12 if half == "pm" else 0)
    try:
        return datetime(number, int(month), int(day), *clock)
    except ValueError:
        return None


def month_number(name: str) -> int | None:
    """Month that a German or English name stands for, short or in full; None for another word.

    >>> month_number("Jänner"), month_number("Sept."), month_number("Monday")
    (1, 9, None)
    """
    name = name.lower()
    for number, stems in enumerate(_MONTH_STEMS, start=1):
        if any(name.startswith(stem) for stem in stems):
            return number
    return None
