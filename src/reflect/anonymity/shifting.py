"""Moving the dates of a tandem by the same weeks: those of its rows and those in its texts."""

# ruff: noqa: E501 (a pattern is easier to check on one line)

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from reflect.anonymity.audit import texts_of
from reflect.anonymity.edits import Edit
from reflect.anonymity.restoration import Back, RawSheet
from reflect.dates import month_number
from reflect.labels import month_names
from reflect.schemas import TABLES

if TYPE_CHECKING:
    from reflect.corpus import Corpus

_WEEK = 7
_WEEKS = (-4, -3, -2, 2, 3, 4)
_DATED = ("entries", "events", "outcomes")
#: A date that lies further from its entry tells of something else, such as a year of birth.
NEAR_DAYS = 400
_LONG = {language: month_names(language) for language in ("de", "en")}
#: Short, and yet no abbreviations.
_WHOLE = frozenset(["mai", "may", "juni", "juli", "june", "july", "märz"])
_DE = r"(?P<month>Januar|Jänner|Februar|Feber|März|Maerz|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|(?:Jan|Jän|Feb|Mär|Mrz|Apr|Jun|Jul|Aug|Sept?|Okt|Nov|Dez)\b\.?)"
_EN = r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_ISO = r"(?<![\d.-])(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})(?!\d)"
_FORMS = (
    ("", _ISO),
    (
        "",
        r"(?<![\d.,])(?P<day>\d{1,2})\. ?(?P<number>\d{1,2})\. ?(?P<year>\d{4}|\d{2})(?![\d.,]\d|\d)",
    ),
    (
        "",
        r"\b(?i:am|vom|bis|zum|seit|ab|den|dem|der|nach|vor|on|from|until|since) (?P<day>\d{1,2})\. ?(?P<number>\d{1,2})\.(?! ?\d)",
    ),
    ("de", rf"(?<!\d)(?P<day>\d{{1,2}})\. ?(?i:{_DE})(?: (?P<year>\d{{4}}))?(?!\w)"),
    (
        "en",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?P<th>st|nd|rd|th)?(?: of)? {_EN}(?:,? (?P<year>\d{{4}}))?(?!\w)",
    ),
    (
        "en",
        rf"(?<!\w){_EN} (?P<day>\d{{1,2}})(?P<th>st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?(?![\d:/]|\.\d)",
    ),
)
#: Months without a day, where a word before them or a year tells that no person is meant.
_MONTHS = (
    (
        "de",
        rf"\b(?i:im|seit|ab|bis|von|vom|in|anfang|mitte|ende|letzten|vorigen|vergangenen|nächsten|kommenden|diesen) (?i:monat )?{_DE}(?: (?P<year>\d{{4}}))?(?![\w.]\w|\w)",
    ),
    ("de", rf"(?<![\d.] )\b{_DE} (?P<year>\d{{4}})(?!\w)"),
    (
        "en",
        rf"\b(?i:in|last|next|early|late|mid|since|until|during|this)[ -]{_EN}(?:,? (?P<year>\d{{4}}))?(?! \d{{1,2}}\b)(?!\w)",
    ),
    ("en", rf"\b{_EN} (?P<year>\d{{4}})(?!\w)"),
)
_MIDDLE = 15
_PATTERNS = [(language, re.compile(form)) for language, form in _FORMS]
_MONTH_PATTERNS = [(language, re.compile(form)) for language, form in _MONTHS]
_UNMOVED = re.compile(
    r"(?<![\d/])\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})(?![\d/])"
    rf"|(?<!\d)\d{{1,2}}\. ?(?:bis|und|-|–|/) ?(?=\d{{1,2}}\. ?(?:{'|'.join(_LONG['de'])}|Jänner|Feber)\b)"
    rf"|\b(?:{'|'.join(_LONG['de'])}|Jänner|Feber)\b"
    rf"|\b(?:in|last|next|early|late|mid|since|until) (?:{'|'.join(_LONG['en'])})\b"
    r"|(?i:\b(?:weihnachten|heiligabend|silvester|neujahr|ostern|ostersonntag|karfreitag|pfingsten|fronleichnam|allerheiligen|fasching|"
    r"ramadan|zuckerfest|opferfest|newroz|nouruz|nowruz|christmas|easter|new year'?s|thanksgiving|halloween)\b)"
)


def moved_dates(
    text: str, day: date, days: int, taken: Iterable[Edit] = ()
) -> tuple[list[Edit], int]:
    """Dates of a text, moved, and how many mentions of a time of year stay as they are.

    Moved are dates with a day and a month near the entry (``2025-03-12``, ``12.3.2025``, ``am
    12.3.``, ``12. März``, ``March 12``), written as before. A month without a day (*im März 2024*)
    moves as its middle would: by no month or by one. A year alone stays: these weeks do not change
    it. What cannot be moved, such as ``03/04/25`` (two readings) or *Ostern*, is counted.

    Parameters
    ----------
    text : str
        A text.
    day : date
        When it was written; a date without a year lies next to it.
    days : int
        How far to move.
    taken : iterable of Edit
        Parts of the text that are replaced already.

    Examples
    --------
    >>> edits, left = moved_dates("Am 28. März, wie 2025-04-01.", date(2025, 4, 2), 7)
    >>> [edit.new for edit in edits], left
    (['4. April', '2025-04-08'], 0)
    """
    busy = list(taken)
    edits: list[Edit] = []
    for language, form in _PATTERNS:
        for match in form.finditer(text):
            parts = {name: cell for name, cell in match.groupdict().items() if cell}
            start = min(match.start(name) for name in parts)
            if _overlaps(start, match.end(), [*busy, *edits]):
                continue
            new = _moved(match, parts, language, start, day, days)
            if new is not None:
                edits.append(Edit(start, match.end(), new))
    months = list(_moved_months(text, day, days, [*busy, *edits]))
    # A month that stays the same is moved as well: its middle lies in it still.
    done = [*busy, *edits, *months]
    left = sum(not _overlaps(match.start(), match.end(), done) for match in _UNMOVED.finditer(text))
    edits += [edit for edit in months if text[edit.start : edit.end] != edit.new]
    return sorted(edits), left


def _moved_months(text: str, day: date, days: int, taken: Iterable[Edit]) -> Iterator[Edit]:
    """Months without a day, near the entry, moved as their middle is."""
    busy = list(taken)
    for language, form in _MONTH_PATTERNS:
        for match in form.finditer(text):
            parts = {name: cell for name, cell in match.groupdict().items() if cell}
            start = match.start("month")
            if _overlaps(start, match.end(), busy):
                continue
            new = _moved(match, {**parts, "day": str(_MIDDLE)}, language, start, day, days)
            if new is not None:
                edit = Edit(start, match.end(), new)
                busy.append(edit)
                yield edit


def _overlaps(start: int, end: int, edits: Iterable[Edit]) -> bool:
    return any(start < edit.end and edit.start < end for edit in edits)


def _moved(
    match: re.Match[str], parts: Mapping[str, str], language: str, start: int, day: date, days: int
) -> str | None:
    """The match with its date moved, from `start` on; None where it is no date near the day."""
    month = int(parts["number"]) if "number" in parts else month_number(parts["month"])
    old = _read(int(parts["day"]), month, parts.get("year"), day)
    if old is None or abs((old - day).days) > NEAR_DAYS:
        return None
    new = old + timedelta(days=days)
    wide = any(parts.get(name, "").startswith("0") for name in ("day", "number"))
    width = 2 if wide or match.re.pattern == _ISO else 1
    cells = {
        "day": f"{new.day:0{width}}",
        "number": f"{new.month:0{width}}",
        "month": _named(new.month, parts.get("month", ""), language),
        "year": f"{new.year:04}"[-len(parts.get("year", "2000")) :],
        "th": _ordinal(new.day),
    }
    written, at = "", start
    for name in sorted(set(parts) & set(match.re.groupindex), key=match.start):
        written += match.string[at : match.start(name)] + cells[name]
        at = match.end(name)
    return written + match.string[at : match.end()]


def _read(number: int, month: int, year: str | None, near: date) -> date | None:
    if year is None:
        years: Iterable[int] = (near.year - 1, near.year, near.year + 1)
    else:
        years = (int(year) + (2000 if len(year) == 2 else 0),)
    found = []
    for value in years:
        try:
            found.append(date(value, month, number))
        except ValueError:
            continue
    return min(found, key=lambda moment: abs((moment - near).days), default=None)


def _named(month: int, as_before: str, language: str) -> str:
    """Name of a month in the length and case of another."""
    if not language:
        return ""
    name = _LONG[language][month - 1]
    plain = as_before.rstrip(".")
    if len(plain) <= len("sept") and plain.casefold() not in _WHOLE:
        name = name[:3] + as_before[len(plain) :]
    return name.lower() if plain.islower() else name


def _ordinal(day: int) -> str:
    if 10 < day < 20:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def draw_shifts(tandems: Iterable[str]) -> dict[str, int]:
    """Days by which each tandem is moved: whole weeks, so that weekdays stay, drawn in secret."""
    draw = random.SystemRandom()
    return {tandem: _WEEK * draw.choice(_WEEKS) for tandem in sorted(set(tandems))}


def move_text_dates(
    corpus: Corpus,
    edits: dict[tuple[str, str], list[Edit]],
    shifts: Mapping[str, int],
    tandem_of: Mapping[tuple[str, str], str],
) -> list[tuple[str, str, str, str]]:
    """Add the dates within texts to the edits of a corpus.

    Parameters
    ----------
    corpus : Corpus
        As it was loaded.
    edits : dict of (field, id) to list of Edit
        What is replaced already; is added to.
    shifts : mapping of str to int
        Days by tandem.
    tandem_of : mapping of (table, id) to str
        Tandem of each row.

    Returns
    -------
    list of tuple
        ``("", kind, id, tandem)`` with kind ``date`` for each that is moved and ``date_left`` for
        each mention that is not.
    """
    days: dict[tuple[str, str], date] = {}
    for name in _DATED:
        table = getattr(corpus, name)
        for row_id, moment in zip(table[TABLES[name].key], table["date"], strict=True):
            days[name, row_id] = moment.date()
    mentions = []
    texts = texts_of(corpus)
    for row in texts[texts["table"].isin(_DATED)].itertuples(index=False):
        place = f"{row.table}.{row.column}", row.entry_id
        tandem = tandem_of[row.table, row.entry_id]
        own = edits.get(place, [])
        moved, left = moved_dates(row.text, days[row.table, row.entry_id], shifts[tandem], own)
        if moved:
            edits[place] = [*own, *moved]
        mentions += [("", "date", row.entry_id, tandem)] * len(moved)
        mentions += [("", "date_left", row.entry_id, tandem)] * left
    return mentions


def shift_rows(
    sheets: dict[str, RawSheet], shifts: Mapping[str, int], tandem_of: Mapping[tuple[str, str], str]
) -> Back:
    """Move the dates of entries, events and outcomes in their sheets.

    Parameters
    ----------
    sheets : dict of str to RawSheet
        Are changed.
    shifts : mapping of str to int
        Days by tandem.
    tandem_of : mapping of (table, id) to str
        Tandem of each row.

    Returns
    -------
    Back
        What takes each date back.
    """
    back: Back = {}
    for name in _DATED:
        if name not in sheets:
            continue
        sheet = sheets[name]
        identity, place = sheet.column(TABLES[name].key), sheet.column("date")
        for number, row in enumerate(sheet.rows):
            days = shifts.get(tandem_of.get((name, row[identity].strip()), ""), 0)
            old = row[place]
            row[place] = (date.fromisoformat(old[:10]) + timedelta(days=days)).isoformat() + old[
                10:
            ]
            back[name, number, place] = [[0, len(row[place]), old]]
    return back


def widened(package: dict[str, Any], sheets: dict[str, RawSheet]) -> dict[str, Any]:
    """The package with the programme's span such that moved days still lie in it."""
    about = dict(package["reflect"])
    days = []
    for name in _DATED:
        if name in sheets:
            place = sheets[name].column("date")
            days += [row[place][:10] for row in sheets[name].rows]
    if days:
        if about.get("start"):
            about["start"] = min(str(about["start"])[:10], *days)
        if about.get("end"):
            about["end"] = max(str(about["end"])[:10], *days)
    return package | {"reflect": about}
