"""Identifiers with a form: e-mail, links, handles, dates of birth, addresses, numbers."""

# ruff: noqa: E501 (a pattern is easier to check on one line)

from __future__ import annotations

import re
from collections.abc import Iterator

from reflect.anonymity.addresses import addresses
from reflect.anonymity.found import Found, matches
from reflect.anonymity.numbers import numbers

_MONTH = (
    r"(?:jan(?:uar|uary|\.)?|jänner|jän\.?|feb(?:ruar|ruary|er|\.)?|mär(?:z|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|mai|may|"
    r"jun[ie]?\.?|jul[iy]?\.?|aug(?:ust|\.)?|sept?(?:ember|\.)?|o[kc]t(?:ober|\.)?|nov(?:ember|\.)?|de[zc](?:ember|\.)?)"
)
_DATE = (
    rf"(?:\d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?(?:\d{{4}}|\d{{2}})|\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|\d{{1,2}}(?:\.|st|nd|rd|th)?\s(?:of\s)?{_MONTH}\s\d{{2,4}}|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}})"
)
_EMAIL = re.compile(
    r"[\w.+%-]{1,64}(?:@|\s?(?:\(at\)|\[at\]|\{at\})\s?)[\w-]{1,63}"
    r"(?:(?:\.|\s?(?:\(dot\)|\[dot\]|\(punkt\)|\[punkt\])\s?)[\w-]{2,63}){1,5}",
    re.IGNORECASE,
)
_URL = re.compile(
    r"(?:https?://|ftp://|www\.)[^\s<>\"“”„»«]{2,300}"
    r"|(?<![\w@.])(?:[a-z0-9-]{2,63}\.){1,4}(?:at|de|ch|com|org|net|eu|io|info|me|uk|tv|wien|app|gov|edu|at/|fr|it|pl|tr|ua|ru|ir)"
    r"(?:/[^\s<>\"“”„»«]{0,200})?(?![\w@])",
    re.IGNORECASE,
)
_HANDLE = re.compile(
    r"(?<![\w@./])@[A-Za-z_][\w.]{1,38}\w|(?<![\w#])[A-Za-z_][\w.]{1,31}#\d{4}(?!\w)"
)
_BORN = re.compile(
    rf"(?:\b(?:geboren(?:\s(?:bin|wurde|ist)\s\w+)?|geb\.?|geburtsdatum|geburtstag|born|date of birth|birthday|birth date|dob)(?!\w)|\*)"
    rf"[^.\n!?\d]{{0,40}}(?P<date>{_DATE})|(?P<before>{_DATE})[^.\n!?\d]{{0,25}}\b(?:geboren|born|zur welt)\b",
    re.IGNORECASE,
)
_BIRTH_YEAR = re.compile(
    r"(?i:\b(?:jahrgang|geboren (?:im jahr |in |im )?|born in |geb\. ))\s?(?P<year>(?:19|20)\d{2})\b"
    r"|\b(?P<before>(?:19|20)\d{2})\s(?i:geboren|born|zur welt)\b"
)
_DIGIT = re.compile(r"\d")


def patterns(text: str) -> Iterator[Found]:
    """Identifiers with a form in a text; they may overlap.

    >>> [(f.kind, f.recogniser) for f in patterns("Schreib an tee@example.org")]
    [('email', 'pattern:email')]
    """
    if "@" in text or "(at)" in text or "[at]" in text:
        yield from matches(_EMAIL, text, "email", 0.98)
    if "@" in text or "#" in text:
        yield from matches(_HANDLE, text, "handle", 0.9)
    if "." in text:
        yield from _urls(text)
    if not _DIGIT.search(text):
        return
    for match in _BORN.finditer(text):
        group = "date" if match["date"] else "before"
        yield Found(*match.span(group), "date_of_birth", 0.95, "pattern:date_of_birth")
    for match in _BIRTH_YEAR.finditer(text):
        group = "year" if match["year"] else "before"
        yield Found(*match.span(group), "date_of_birth", 0.6, "pattern:birth_year")
    yield from addresses(text)
    yield from numbers(text)


def _urls(text: str) -> Iterator[Found]:
    for match in _URL.finditer(text):
        end = match.end()
        while end > match.start() and text[end - 1] in ".,;:!?)'\"’":
            end -= 1
        plain = match.group()[:4].lower() not in ("http", "www.", "ftp:")
        yield Found(match.start(), end, "url", 0.75 if plain else 0.98, "pattern:url")
