"""Words of the reports in German and English, and how numbers and dates are written."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd
import yaml

from reflect.errors import ReflectError

REPORT_LANGUAGES = ("de", "en")
_MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
}


@cache
def catalogue(language: str) -> dict[str, Any]:
    """All words of one report language.

    Raises
    ------
    ReflectError
        For a language without a catalogue.
    """
    if language not in REPORT_LANGUAGES:
        raise ReflectError(
            f"no report language {language!r}. Choose one of {', '.join(REPORT_LANGUAGES)}"
        )
    words: dict[str, Any] = {}
    for name in ("labels", "labels_measures", "labels_codes"):
        text = files("reflect").joinpath(f"data/{name}.{language}.yml").read_text("utf-8")
        for part, entries in yaml.load(text, Loader=yaml.CSafeLoader).items():
            if isinstance(entries, dict):
                words.setdefault(part, {}).update(entries)
            else:
                words[part] = entries
    return words


def label(language: str, key: str, /, **values: object) -> str:
    """The word or sentence at a dotted key, with its values filled in.

    An unknown last part is shown as it stands (a researcher's own kind of event, say),
    with underscores as spaces.

    Examples
    --------
    >>> label("en", "marker.insight")
    'insight'
    >>> label("en", "event.picnic_day")
    'picnic day'
    """
    found: Any = catalogue(language)
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    if found is None:
        return key.rpartition(".")[2].replace("_", " ")
    return fill(found, values) if values else found


def fill(template: str, values: Mapping[str, object]) -> str:
    """A sentence with its values; ``{n:entry|entries}`` takes the first word where n is 1.

    Examples
    --------
    >>> fill("{n} {n:entry|entries}", {"n": 3})
    '3 entries'
    """
    return _Counting().format(template, **values)


class _Counting(string.Formatter):
    """Fills in sentences; ``{n:entry|entries}`` takes the first word where n is 1."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if "|" not in format_spec:
            return super().format_field(value, format_spec)
        one, many = format_spec.split("|")
        return one if str(value) == "1" else many


def number(value: float, language: str, digits: int = 0) -> str:
    """A number with the decimal and thousands marks of the language; a dash where missing.

    Examples
    --------
    >>> number(1234.56, "de", 1)
    '1.234,6'
    """
    if pd.isna(value):
        return "–"
    if value in (float("inf"), float("-inf")):
        return "∞" if value > 0 else "−∞"
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "de" else text


def probability(p: float, language: str) -> str:
    """A p value with three decimals, as small as it may be.

    Examples
    --------
    >>> probability(0.0004, "en"), probability(0.0213, "de")
    ('<0.001', '0,021')
    """
    if not pd.isna(p) and p < 0.001:
        return f"<{number(0.001, language, 3)}"
    return number(p, language, 3)


def percent(share: float, language: str, digits: int = 0) -> str:
    """A share between 0 and 1 as a percentage.

    Examples
    --------
    >>> percent(0.256, "de").replace("\u00a0", " ")
    '26 %'
    """
    if pd.isna(share):
        return "–"
    # No line may end between number and sign.
    return number(100 * share, language, digits) + ("\u00a0%" if language == "de" else "%")


def in_order(markers: Iterable[str]) -> list[str]:
    """Markers in the order of the codebook, each once; markers of a corpus's own come last.

    Examples
    --------
    >>> in_order(["learning", "own", "insight", "learning"])
    ['insight', 'learning', 'own']
    """
    place = {name: number for number, name in enumerate(catalogue("en")["marker"])}
    return sorted(set(markers), key=lambda name: (place.get(name, len(place)), name))


def month_names(language: str) -> list[str]:
    """The twelve months in full.

    Examples
    --------
    >>> month_names("de")[2]
    'März'
    """
    return _MONTHS[language].split()


def day(date: pd.Timestamp, language: str, short: bool = False) -> str:
    """A date in words, or in numbers where `short`; a dash where missing.

    Examples
    --------
    >>> day(pd.Timestamp("2025-05-08"), "de")
    '8. Mai 2025'
    """
    if pd.isna(date):
        return "–"
    if short:
        return f"{date.day}.{date.month}." if language == "de" else f"{date.day}/{date.month}"
    month = month_names(language)[date.month - 1]
    stop = "." if language == "de" else ""
    return f"{date.day}{stop} {month} {date.year}"


def listing(words: Iterable[str], language: str) -> str:
    """Words joined as in a sentence.

    Examples
    --------
    >>> listing(["tea", "bread", "salt"], "en")
    'tea, bread and salt'
    """
    words = list(words)
    if len(words) < 2:
        return "".join(words)
    joint = " und " if language == "de" else " and "
    return ", ".join(words[:-1]) + joint + words[-1]
