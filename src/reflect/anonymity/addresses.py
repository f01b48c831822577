"""Streets, postcodes and places that are named by their form."""

# ruff: noqa: E501 (a pattern is easier to check on one line)

from __future__ import annotations

import re
from collections.abc import Iterator

from reflect.anonymity.found import Found, matches
from reflect.anonymity.lists import NOUN, PLACE, WORD, flags, vocabulary

# Words run together (MittagHasenauerstraße) begin a street at their last capital only.
_BEGIN = r"(?:(?<!\w)|(?<=[a-zäöüß])(?=[A-ZÄÖÜ]))"
_NAME = (
    r"[A-ZÄÖÜ][a-zäöüßáéèíóőúçčšžłñ']{0,30}(?:-[A-ZÄÖÜa-zäöüß][a-zäöüßáéèíóőúçčšžłñ']{0,30}){0,4}"
)
_STREET = (
    rf"{_BEGIN}(?:(?:Am|An der|An den|Auf der|Auf dem|Im|In der|Zum|Zur|Beim|Unter den|Unterm|Hinter der|"
    r"St\.|Sankt|Dr\.|Prof\.|(?:Alt|Neu|Groß|Klein|Ober|Unter|Hinter|Vorder|Lang|Kurz)e[rn]?)[ -]){0,2}"
    rf"(?:{_NAME}(?:stra(?:ß|ss)e|str\.?|gasse|g\.|weg|platz|pl\.|allee|ring|ufer|kai|damm|"
    r"steig|steg|hof|park|markt|graben|zeile|lände|promenade|berg|siedlung|chaussee|brücke|tor|pfad|stieg|"
    r"feld|höhe|rain|gürtel|au|grund|wall|bogen)"
    rf"|(?:{_NAME}[ -]){{1,3}}(?:Stra(?:ß|ss)e|Str\.|Gasse|Weg|Platz|Allee|Ring|Ufer|Kai|Damm|Steig|Hof|Park|Markt|Graben|"
    r"Zeile|Lände|Promenade|Gürtel))"
)
_NUMBER = (
    r"\d{1,4} ?[a-zA-Z]?(?![\w%€$])(?: ?[-–/] ?\d{1,4}[a-zA-Z]?(?!\w)){0,3}"
    r"(?:\s?/?\s?(?:Top|Tür|Stiege|Stg\.?|Haus|Stock|Whg\.?|apt\.?)\s?\d{1,4}){0,3}"
)
_CITY = (
    r"(?:A-|D-|CH-)?\d{4,5}\s(?:St\.\s|Sankt\s|Bad\s|Wiener\s)?[A-ZÄÖÜ][\w-]+"
    r"(?:\s(?:am|an der|im|ob|bei)\s[A-ZÄÖÜ][\w-]+)?"
)
_ADDRESS = re.compile(
    rf"(?:(?P<street>{_STREET})\s{{0,2}}(?:Nr\.?\s?)?(?P<number>{_NUMBER})(?:\s?,?\s(?:in\s)?{_CITY})?)"
    rf"|(?P<named>\b(?:Am|An der|Auf der|Im|In der|Zum|Zur|Unter den)\s[A-ZÄÖÜ][\wäöüß-]{{2,30}}\s(?P<house>\d{{1,3}}[a-z]?)(?![\w%.:€]|\s?(?:Uhr|h\b|Euro|Minuten|Stunden|Personen|Leute|Jahre|Prozent|\d)))"
    r"|(?P<english>\b\d{1,5}[a-z]?\s(?:[A-Z][\w'-]+\s){1,3}(?:Street|St\.?|Road|Rd\.?|Avenue|Ave\.?|Lane|Ln\.?|Drive|Dr\.|Square|Court|Terrace|Close|Boulevard|Blvd\.?|Place|Way|Crescent|Gardens?|Grove|Hill|Row|Mews|Park|Loop|Walk|Parade|Green|Quay|Bridge|Parkway|Alley|Circle|Highway|Trail|Wharf|Yard)\b(?:,?\s(?:[A-Z][\w-]+)(?:\s[A-Z]{1,2}\d[\dA-Z]?\s\d[A-Z]{2})?)?)"
)
_ABROAD = re.compile(
    r"\b(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]alle|[Pp]laza|[Rr]ua|[Uu]lica|[Uu]l\.|[Pp]lac|[Oo]dos|[Bb]ulevar[du]l?|[Ss]trada)"
    r"\s(?:[\w'’.-]{1,30}\s){1,4}(?:Nr\.?\s)?\d{1,4}[a-z]?(?!\w)"
)
_LEADING = re.compile(
    r"(?!(?:Am|An|Auf|Im|In|Zum|Zur|Beim|Unter|Unterm|Hinter|Alte|Neue|Große|Kleine|Obere|Untere|Hintere|Vordere|Lange|Kurze)[rn]?\b)"
    r"([A-ZÄÖÜ][a-zäöüß]+) (?=[A-ZÄÖÜ])"
)
_POSTCODE = re.compile(
    r"\b(?:(?:A|D|CH)-)?(?:\d{5}|[1-9]\d{3})\s(?P<city>[A-ZÄÖÜ][\wäöüß-]{2,}(?:\s(?:am|an der|im|bei)\s[A-ZÄÖÜ][\wäöüß-]+)?)"
)
_UK_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[\dA-Z]?\s\d[A-Z]{2}\b")
_COORDINATE = re.compile(r"(?<![\d.])-?\d{1,2}\.\d{4,},\s?-?\d{1,3}\.\d{4,}")
_LOCALITY = re.compile(
    r"\b(?:(?P<house>(?:Grand\s)?(?:Hotel|Hôtel|Café|Cafe|Gasthof|Gasthaus|Pension|Restaurant|Schloss|Schloß|Villa|Palais)\s(?:de\s|de la\s|zum\s|zur\s)?[A-ZÄÖÜ][\w-]+)"
    r"|(?P<inn>(?:Grand|Palast|Palace|Central|Park)[ -]H[oô]tel|Gr(?:an)?d\.? H[oô]tel)"
    r"|(?P<stage>(?:Deutsche|Kleine|Große|Neue|Freie|Königliche|Raimund|Lessing|National|Residenz|Josefstädter|Thalia)(?:[nsmr]|) ?(?:Theater|Schauspielhaus|Volkstheater|Burgtheater|Opernhaus)s?)"
    r"|(?P<hall>[A-ZÄÖÜ][\w-]{3,}\s(?:Kino|Saal|Museum|Bad))"
    r"|(?P<saint>(?:(?:Ober|Unter|Ob|Bad|Sankt|Groß|Klein)\s|St\.?\s|Ober\s?St\.?\s)+[A-ZÄÖÜ][\w-]{2,}(?:\s(?:am|an der|im|bei|ob)\s[A-ZÄÖÜ][\w-]+)?)"
    r"|(?P<street>[A-ZÄÖÜ][\w-]{2,}(?:gasse|straße|strasse|str\.|platz|pl\.|allee|park|theaters?|th\.|thtr\.|kirche|saal|bahnhof)))(?!\w)"
)


def addresses(text: str) -> Iterator[Found]:
    """Streets with a number, postcodes with their town, coordinates; they may overlap.

    >>> text = "Heute Lange Gasse 4, 1080 Wien"
    >>> [text[f.start : f.end] for f in addresses(text)]
    ['Lange Gasse 4, 1080 Wien', '1080 Wien']
    """
    for match in _ADDRESS.finditer(text):
        start, end = _street_begin(match), match.end()
        while text[end - 1].isspace():
            end -= 1
        score = 0.9 if match["street"] or match["english"] else 0.7
        yield Found(start, end, "address", score, "pattern:address")
    yield from matches(_ABROAD, text, "address", 0.8)
    yield from _postcodes(text)
    yield from matches(_COORDINATE, text, "address", 0.8)


def localities(text: str) -> Iterator[Found]:
    """Streets, houses and parishes that are named without a number."""
    for match in _LOCALITY.finditer(text):
        if match["street"]:
            word = match["street"].rstrip(".")
            if flags(word, "de") & NOUN or flags(word + "e", "de") & NOUN:
                continue
            yield Found(*match.span(), "place", 0.6, "pattern:street")
        elif match["house"]:
            name = match["house"].split()[-1]
            if not flags(name, "de") & NOUN or len(name) > 20:
                yield Found(*match.span(), "place", 0.55, "pattern:house")
        elif match["hall"]:
            if not flags(match["hall"].split()[0], "de") & WORD:
                yield Found(*match.span(), "place", 0.5, "pattern:house")
        elif match["inn"] or match["stage"]:
            yield Found(*match.span(), "place", 0.5, "pattern:house")
        elif match["saint"] and not flags(match["saint"].split()[-1], "de") & NOUN:
            yield Found(*match.span(), "place", 0.6, "pattern:saint")


def _postcodes(text: str) -> Iterator[Found]:
    for match in _POSTCODE.finditer(text):
        if flags(match["city"].split()[0], "de") & PLACE and not _year(match.group()):
            yield Found(*match.span(), "address", 0.7, "pattern:postcode")
    yield from matches(_UK_POSTCODE, text, "address", 0.7)


def _street_begin(match: re.Match[str]) -> int:
    """Start of an address, behind words that only stand before it (*Heute Linzer Straße 3*)."""
    start = match.start()
    while (word := _LEADING.match(match.string, start, match.end())) and match["street"]:
        plain = word[1].lower()
        if plain not in vocabulary()["title"] and not flags(word[1], "de") & WORD:
            break
        start = word.end()
    return start


def _year(words: str) -> bool:
    return words[:2] in ("19", "20") and len(words.split()[0]) == 4
