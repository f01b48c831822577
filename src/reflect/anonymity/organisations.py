"""Schools, firms and associations that are named with a word that says what they are."""

# ruff: noqa: E501 (a pattern is easier to check on one line)

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reflect.anonymity.found import Found
from reflect.anonymity.lists import NAMED, PLAIN, flags, vocabulary

_NAME = r"[A-ZÄÖÜ][\wäöüß&'-]*"
#: Kinds that stand before their name (HTL Steyr, Berufsschule Linz 4, Krankenhaus Elisabethinen).
_BEFORE = re.compile(
    r"\b(?:(?P<sure>HTL|HAK|HAS|HLW|BRG|BORG|NMS|AHS|BHS|PTS|VHS|TU|FH|Berufsschule|Firma|Fa\.)|"
    r"Volksschule|Hauptschule|Mittelschule|Realschule|Gesamtschule|Gymnasium|Realgymnasium|Fachhochschule|Hochschule|Universität|Uni|"
    r"Volkshochschule|Krankenhaus|Klinikum|Klinik|Seniorenheim|Pflegeheim|Kindergarten|Bäckerei|Tischlerei|Metzgerei|Spedition|Kanzlei|Verein|Stiftung|Autohaus|Apotheke|"
    rf"University of|College of)\s(?P<name>{_NAME}(?:[- ](?:{_NAME}|\d{{1,2}}(?!\w))){{0,3}})"
)
#: Forms of companies and schools that stand behind their name (Huber & Söhne GmbH, Oakfield College).
_AFTER = re.compile(
    rf"\b(?P<name>{_NAME}(?: (?:& )?{_NAME}){{0,3}}) (?:(?P<sure>GmbH(?: & Co\.? KG)?|AG|KG|OHG|OG|e\. ?V\.|eGen|SE|Ltd\.?|Inc\.?|LLC|PLC)|Foundation|College|University|School|Hospital|Academy)(?!\w)"
)


def organisations(text: str) -> Iterator[Found]:
    """Organisations by their form; a common noun alone is no name (*Verein Freunde*).

    >>> [text[f.start : f.end] for text in ["an der HTL Steyr", "bei Huber GmbH"] for f in organisations(text)]
    ['HTL Steyr', 'Huber GmbH']
    """
    for match in _BEFORE.finditer(text):
        name = match["name"].split()[0]
        if name.lower() not in vocabulary()["title"] and (match["sure"] or _is_name(name, "de")):
            yield Found(*match.span(), "org", 0.65, "pattern:organisation")
    for match in _AFTER.finditer(text):
        words = match["name"].split()
        start = match.start()
        while len(words) > 1 and words[0].lower() in _leading():
            start += len(words.pop(0)) + 1
        named = match["sure"] or all(_is_name(words[0], code) for code in ("de", "en"))
        if named and words[0].lower() not in _leading():
            yield Found(start, match.end(), "org", 0.65, "pattern:organisation")


@cache
def _leading() -> frozenset[str]:
    groups = vocabulary()
    return groups["definite"] | groups["possessive"] | groups["indefinite"] | groups["month"]


def _is_name(word: str, language: str) -> bool:
    value = flags(word, language)
    return not value & PLAIN or bool(value & NAMED)
