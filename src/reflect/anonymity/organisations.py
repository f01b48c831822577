"""Schools, firms and associations: by a word that says what they are, or because they are known."""

# ruff: noqa: E501 (a pattern is easier to check on one line)

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reflect.anonymity.found import Found, resolve
from reflect.anonymity.lists import FAMILY, GIVEN, NAMED, PLAIN, flags, vocabulary

_NAME = r"[A-ZÄÖÜ][\wäöüß&'-]*"
#: Without hyphens, so that a chain of them can be read in one way only.
_PART = r"[A-ZÄÖÜ][\wäöüß&']{0,40}"
#: Kinds that stand before their name (HTL Steyr, Berufsschule Linz 4, Krankenhaus Elisabethinen).
_BEFORE = re.compile(
    r"\b(?:(?P<sure>HTL|HAK|HAS|HLW|BRG|BORG|NMS|AHS|BHS|PTS|VHS|TU|FH|Berufsschule|Firma|Fa\.|Stadtwerke|Sparkasse|Volksbank)|"
    r"Volksschule|Grundschule|Hauptschule|Mittelschule|Realschule|Gesamtschule|Gymnasium|Realgymnasium|Fachhochschule|Hochschule|Universität|Uni|"
    r"Volkshochschule|Krankenhaus|Klinikum|Klinik|Seniorenheim|Pflegeheim|Altenheim|Kindergarten|Kita|Bäckerei|Konditorei|Tischlerei|Schreinerei|Metzgerei|Spedition|Kanzlei|Verein|Stiftung|Autohaus|Apotheke|"
    r"Elektro|Metallbau|Malerbetrieb|Restaurant|Friseursalon|"
    rf"University of|College of)\s(?P<name>{_NAME}(?:[- ](?:{_NAME}|\d{{1,2}}(?!\w))){{0,3}})"
)
#: An adjective as a name (Krankenhaus Barmherzige Brüder), a street as a name (Mittelschule am Ring).
_BEFORE_WORDS = re.compile(
    r"\b(?:Volksschule|Grundschule|Hauptschule|Mittelschule|Realschule|Gymnasium|Krankenhaus|Klinikum|Klinik|Pflegeheim|Altenheim|Kita|Berufsschule)\s"
    rf"(?:(?:[A-ZÄÖÜ][a-zäöüß]+(?:e[nrs]?)\s{_NAME})|(?:am|an der|im|in der|auf der)\s(?:(?:{_PART}-){{0,4}}{_PART}(?:straße|str\.|platz|ring|weg|gasse|park|allee)|(?:{_PART}-){{1,4}}(?:Straße|Platz|Ring|Weg|Gasse|Park|Allee)))"
)
#: Forms of companies and schools that stand behind their name (Huber & Söhne GmbH, Oakfield College).
_AFTER = re.compile(
    rf"\b(?P<name>{_NAME}(?: (?:& )?{_NAME}){{0,3}}) (?:(?P<sure>GmbH(?: & Co\.? KG)?|gGmbH|AG|KG|OHG|OG|e\. ?V\.|eGen|eG|SE|UG|Ltd\.?|Inc\.?|LLC|PLC)|Foundation|College|University|School|Hospital|Academy|Primary|Council|Trust)(?!\w)"
)
#: A name joined to what it is (Luise-Schröder-Gymnasium, Kepler-Uni, Robert-Bosch-Krankenhaus).
_JOINED = re.compile(
    rf"\b(?:{_PART}-){{1,5}}(?:Gymnasium|Realgymnasium|Schule|Grundschule|Mittelschule|Realschule|Gesamtschule|Hauptschule|Berufsschule|Hochschule|Universität|Uni|Kolleg|"
    r"Krankenhaus|Klinik|Klinikum|Hospital|Stiftung|Werke?|Verein|Bank|Apotheke|Verlag|Institut|Akademie|Heim|Kita|Kindergarten)s?(?!\w)"
)
_AT = re.compile(
    r"(?:bei|beim|von|für|zu|zur|firma|an|at|to|of|by|for|from|with|joined)\s+(?:der\s|the\s)?$"
)


def organisations(text: str) -> list[Found]:
    """Organisations by their form, and those that everybody knows.

    A common noun alone is no name (*Verein Freunde*).

    >>> [text[f.start : f.end] for text in ["an der HTL Steyr", "bei Huber GmbH"] for f in organisations(text)]
    ['HTL Steyr', 'Huber GmbH']
    """
    return resolve([*_formed(text), *_known(text)])


def _formed(text: str) -> Iterator[Found]:
    for match in _BEFORE.finditer(text):
        name = match["name"].split()[0]
        if name.lower() not in vocabulary()["title"] and (match["sure"] or _is_name(name, "de")):
            yield Found(*match.span(), "org", 0.65, "pattern:organisation")
    for match in _BEFORE_WORDS.finditer(text):
        yield Found(*match.span(), "org", 0.65, "pattern:organisation")
    for match in _AFTER.finditer(text):
        words = match["name"].split()
        start = match.start()
        while len(words) > 1 and words[0].lower() in _leading():
            start += len(words.pop(0)) + 1
        named = match["sure"] or all(_is_name(words[0], code) for code in ("de", "en"))
        if named and words[0].lower() not in _leading():
            yield Found(start, match.end(), "org", 0.65, "pattern:organisation")
    for match in _JOINED.finditer(text):
        parts = match.group().split("-")[:-1]
        if any(flags(part, "de") & (GIVEN | FAMILY) or not flags(part, "de") for part in parts):
            yield Found(*match.span(), "org", 0.65, "pattern:organisation")


def _known(text: str) -> Iterator[Found]:
    """Organisations that everybody knows; those that are surnames too only behind *bei* and such.

    >>> [text[f.start : f.end] for text in ["bei Bosch", "Herr Bosch"] for f in _known(text)]
    ['Bosch']
    """
    for match in _known_names().finditer(text):
        word = match.group()
        before = text[max(0, match.start() - 14) : match.start()].lower()
        surname = flags(word, "de") & (GIVEN | FAMILY) or word.islower()
        if not surname or _AT.search(before):
            yield Found(*match.span(), "org", 0.6, "pattern:known_organisation")


@cache
def _known_names() -> re.Pattern[str]:
    names = [re.escape(name.replace("_", " ")) for name in vocabulary()["organisation"]]
    forms = sorted({*names, *(name[0].upper() + name[1:] for name in names)}, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(forms)})(?![\w-])")


@cache
def _leading() -> frozenset[str]:
    groups = vocabulary()
    return groups["definite"] | groups["possessive"] | groups["indefinite"] | groups["month"]


def _is_name(word: str, language: str) -> bool:
    value = flags(word, language)
    return not value & PLAIN or bool(value & NAMED)
