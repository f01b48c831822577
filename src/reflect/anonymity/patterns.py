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
    rf"|\d{{1,2}}(?:\.|st|nd|rd|th)?\s(?:of\s)?{_MONTH},?\s\d{{2,4}}|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}})"
)
_ONES = r"(?:ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun)"
_TENS = r"(?:zwanzig|dreißig|dreissig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig)"
_SMALL = rf"(?:{_ONES}und{_TENS}|{_TENS}|zehn|elf|zwölf|dreizehn|vierzehn|fünfzehn|sechzehn|siebzehn|achtzehn|neunzehn|eins|{_ONES})"
_DAY_WORD = rf"(?:erste|zweite|dritte|vierte|fünfte|sechste|siebte|siebente|achte|neunte|zehnte|elfte|zwölfte|(?:drei|vier|fünf|sech|sieb|acht|neun)zehnte|(?:{_ONES}und)?(?:zwanzig|dreißig|dreissig)ste)[rnsm]?"
_DAY_WORD_EN = r"(?:(?:twenty|thirty)[- ])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth)"
_YEAR_WORD = rf"(?:\d{{4}}|neunzehnhundert{_SMALL}|zweitausend(?:und)?(?:{_SMALL})?|(?:nineteen|two thousand|twenty)(?:[ -](?:and[ -])?[a-z]+(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?)?)"
_SPELT = rf"(?:{_DAY_WORD}\s{_MONTH}(?:\s{_YEAR_WORD})?|{_DAY_WORD}\s(?:erste|zweite|dritte|vierte|fünfte|sechste|siebte|achte|neunte|zehnte|elfte|zwölfte)[rnsm]?\s{_YEAR_WORD}|(?:the\s)?{_DAY_WORD_EN}(?:\sof)?\s{_MONTH},?(?:\s{_YEAR_WORD})?|{_MONTH}\s(?:the\s)?{_DAY_WORD_EN},?(?:\s{_YEAR_WORD})?)"
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
    rf"[^.\n!?\d]{{0,40}}?(?P<date>{_DATE})|(?P<before>{_DATE})(?=[^.\n!?\d]{{0,25}}\b(?:geboren|born|zur welt|geburtstag|birthday)\b)",
    re.IGNORECASE,
)
_BORN_WORDS = re.compile(
    rf"\b(?:geboren|geb\.|geburtsdatum|geburtstag|born|date of birth|birthday)(?!\w)[^.\n!?\d]{{0,40}}?\b(?P<date>{_SPELT})(?!\w)"
    rf"|\b(?P<before>{_SPELT})(?=[^.\n!?]{{0,25}}\b(?:geboren|born|zur welt|geburtstag|birthday)\b)",
    re.IGNORECASE,
)
_NEAR = 100
_IS_BORN = re.compile(r"(?i:gebor|geburt|geb\.|born|birth|\bdob\b|zur welt|\*)")
#: A day in a paper that says who somebody is; the years are those of people who write today.
_PAPERS = re.compile(
    r"(?i:\b(?:im|in (?:der|dem|meinem|seinem|ihrem)|laut|in (?:my|his|her|the)) (?:ausweis|pass|reisepass|geburtsurkunde|urkunde|papiere[n]?|bescheid|passport|papers|certificate)\b)"
    r"[^.\n!?\d]{0,30}(?P<date>\d{1,2}\.\s?\d{1,2}\.\s?(?:19[3-9]\d|20[01]\d))(?!\d)"
)
_BIRTH_YEAR = re.compile(
    r"(?i:\b(?:jahrgang|geboren (?:im jahr |in |im )?|born in |geb\. ))\s?(?P<year>(?:19|20)\d{2})\b"
    r"|\b(?P<before>(?:19|20)\d{2})\s(?i:geboren|born|zur welt)\b"
)
_AGE_GROUP = re.compile(r"\b[Ee]in(?:e|en|em|er)?\s\d\der\sJahrgang\b")
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
    if _IS_BORN.search(text):
        yield from _births(text)
    if not _DIGIT.search(text):
        return
    for match in _PAPERS.finditer(text):
        yield Found(*match.span("date"), "date_of_birth", 0.7, "pattern:date_of_birth")
    for match in _BIRTH_YEAR.finditer(text):
        group = "year" if match["year"] else "before"
        yield Found(*match.span(group), "date_of_birth", 0.6, "pattern:birth_year")
    for match in _AGE_GROUP.finditer(text):
        yield Found(*match.span(), "date_of_birth", 0.5, "pattern:birth_year")
    yield from addresses(text)
    yield from numbers(text)


def _births(text: str) -> Iterator[Found]:
    at = 0
    for told in _IS_BORN.finditer(text):
        # Only what stands near the word is read, and no sentence twice.
        begin, end = max(at, told.start() - _NEAR), told.end() + _NEAR
        for pattern, score in ((_BORN, 0.95), (_BORN_WORDS, 0.9)):
            for match in pattern.finditer(text, begin, end):
                group = "date" if match["date"] else "before"
                at = max(at, match.end(group))
                yield Found(*match.span(group), "date_of_birth", score, "pattern:date_of_birth")


def _urls(text: str) -> Iterator[Found]:
    for match in _URL.finditer(text):
        end = match.end()
        while end > match.start() and text[end - 1] in ".,;:!?)'\"’":
            end -= 1
        if match.group().rpartition(".")[2][:1].isupper() and not match.group()[:-1].isupper():
            continue
        plain = match.group()[:4].lower() not in ("http", "www.", "ftp:")
        yield Found(match.start(), end, "url", 0.75 if plain else 0.98, "pattern:url")
