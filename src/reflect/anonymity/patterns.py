"""Identifiers with a form: addresses, numbers, links, dates of birth.

Check sums and numbering plans are those of python-stdnum (IBAN, payment cards) and phonenumbers, as
in Presidio, whose own recognisers `reflect.anonymity.presidio` adds on request.
"""

# ruff: noqa: E501 (a pattern is easier to check on one line)

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Found(NamedTuple):
    """An identifier in a text: half-open offsets, kind, score and the recogniser that found it."""

    start: int
    end: int
    kind: str
    score: float
    recogniser: str


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
_HANDLE = re.compile(r"(?<![\w@./])@[A-Za-z_][\w.]{1,38}\w")
_BORN = re.compile(
    rf"(?:\b(?:geboren(?:\s(?:bin|wurde|ist)\s\w+)?|geb\.?|geburtsdatum|geburtstag|born|date of birth|birthday|birth date|dob)\b|\*)"
    rf"[^.\n!?\d]{{0,40}}(?P<date>{_DATE})|(?P<before>{_DATE})[^.\n!?\d]{{0,25}}\b(?:geboren|born|zur welt)\b",
    re.IGNORECASE,
)
_STREET = (
    r"(?:(?:(?:Am|An der|An den|Auf der|Auf dem|Im|In der|Zum|Zur|Beim|Unter den|Unterm|Hinter der|"
    r"St\.|Sankt)\s)?(?:[A-ZÄÖÜ][\w.-]{1,30}[ -]){0,2}(?<![\w])"
    r"(?:[A-ZÄÖÜ][\w-]{1,40}(?:stra(?:ß|ss)e|str\.?|gasse|g\.|weg|platz|pl\.|allee|ring|ufer|kai|damm|"
    r"steig|steg|hof|park|markt|graben|zeile|lände|promenade|berg|siedlung|chaussee|brücke|tor|pfad|stieg|"
    r"feld|höhe|rain|gürtel|au|grund|wall|bogen)"
    r"|(?<=[ -])(?:Stra(?:ß|ss)e|Str\.|Gasse|Weg|Platz|Allee|Ring|Ufer|Kai|Damm|Steig|Hof|Park|Markt|Graben|"
    r"Zeile|Lände|Promenade|Gürtel)))"
)
_NUMBER = (
    r"\d{1,4}\s?[a-zA-Z]?(?![\w%€$])(?:\s?[-–/]\s?\d{1,4}[a-zA-Z]?(?!\w)){0,3}"
    r"(?:\s?/?\s?(?:Top|Tür|Stiege|Stg\.?|Haus|Stock|Whg\.?|apt\.?)\s?\d{1,4}){0,3}"
)
_CITY = (
    r"(?:A-|D-|CH-)?\d{4,5}\s(?:St\.\s|Sankt\s|Bad\s|Wiener\s)?[A-ZÄÖÜ][\w-]+"
    r"(?:\s(?:am|an der|im|ob|bei)\s[A-ZÄÖÜ][\w-]+)?"
)
_ADDRESS = re.compile(
    rf"(?:(?P<street>{_STREET})\s{{0,2}}(?:Nr\.?\s?)?(?P<number>{_NUMBER})(?:\s?,?\s(?:in\s)?{_CITY})?)"
    rf"|(?P<named>\b(?:Am|An der|Auf der|Im|In der|Zum|Zur|Unter den)\s[A-ZÄÖÜ][\wäöüß-]{{2,30}}\s(?P<house>\d{{1,3}}[a-z]?)(?![\w%.:€]|\s?(?:Uhr|h\b|Euro|Minuten|Stunden|Personen|Leute|Jahre|Prozent|\d)))"
    r"|(?P<english>\b\d{1,5}[a-z]?\s(?:[A-Z][\w'-]+\s){1,3}(?:Street|St\.?|Road|Rd\.?|Avenue|Ave\.?|Lane|Ln\.?|Drive|Dr\.|Square|Court|Terrace|Close|Boulevard|Blvd\.?|Place|Way|Crescent|Gardens?|Grove|Hill|Row|Mews|Park|Loop|Walk|Parade|Close|Green|Quay|Bridge)\b(?:,?\s(?:[A-Z][\w-]+)(?:\s[A-Z]{1,2}\d[\dA-Z]?\s\d[A-Z]{2})?)?)"
)
_POSTCODE = re.compile(
    r"\b(?:(?:A|D|CH)-)?(?:\d{5}|[1-9]\d{3})\s(?P<city>[A-ZÄÖÜ][\wäöüß-]{2,}(?:\s(?:am|an der|im|bei)\s[A-ZÄÖÜ][\wäöüß-]+)?)"
)
_UK_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[\dA-Z]?\s\d[A-Z]{2}\b")
_ID = re.compile(
    r"(?i:\b(?:matrikel(?:nummer|nr\.?|-nr\.?)?|matr\.?-?nr\.?|personalnummer|personal-?nr\.?|mitarbeiternummer|kundennummer|kunden-?nr\.?|"
    r"ausweis(?:nummer|nr\.?)?|pass(?:nummer|nr\.?)|reisepass|passport|sozialversicherungsnummer|sv-?nr\.?|sv-?nummer|svnr|versicherungsnummer|"
    r"steuernummer|steuer-?id|aktenzeichen|aktenzahl|akten-?nr\.?|ifa-?zahl|zmr-?zahl|geschäftszahl|"
    r"gz|az|kontonummer|konto-?nr\.?|fallnummer|führerschein(?:nummer)?|student(?:en)?(?:\sid|nummer)|student number|employee (?:id|number)|id(?:-|\s)?(?:number|nummer|nr\.?)|"
    r"national insurance|social security|insurance number|case number|registration number|ausweis|identity card|id card|aufenthaltstitel|"
    r"karte nr\.?|kartennummer|kreditkarte(?:nnummer)?|pin|tan|passwort|password|code)\b)"
    r"[^\d\n.!?]{0,40}?(?P<id>\b(?=[A-Z0-9/.\s-]{0,6}\d)[A-Z]{0,4}[A-Z0-9]*\d(?:[\s./-]?[A-Z0-9]){3,24}\b)"
)
_SOCIAL = re.compile(
    r"(?<![\d.,/-])\d{4}[\s/-]?(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}(?![\d.,]\d|\d)"
)
_SERIAL = re.compile(
    r"(?<![\w/.-])(?:[A-Z]{1,3}\d{6,9}[A-Z]?|[CFGHJKLMNPRTVWXYZ0-9]{9}\d?|\d{7,12}|[A-Z]\d{2}[A-Z0-9]{6,7})(?![\w/-]|[.,]\d)"
)
_PHONE_FORM = re.compile(
    r"(?<![\w.,+/-])(?:\+|00|\(?\+?\d{0,3}\)?\s?\(?0)[\d\s()/.\-–]{5,22}\d(?:\s?(?:DW|Durchwahl|ext\.?)\s?\d{1,4})?(?!\w|[.,]\d)"
)
_PHONE_WORD = re.compile(
    r"(?i:\b(?:tel(?:efon)?(?:nummer)?|handy(?:nummer)?|mobil(?:nummer)?|phone(?: number)?|mobile(?: number)?|whatsapp|nummer|number|durchwahl|call(?:ed)?|ruf\w*|erreichbar|fax|dw|klappe)\b)"
    r"[^\d\n.!?+]{0,30}(?P<number>\+?\(?\d[\d\s()/.\-–]{3,20}\d)(?!\w|[.,]\d)"
)
_CARD = re.compile(r"(?<![\w.,-])(?:\d[ -]?){13,19}(?![\w]|[.,]\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[\s-]?[A-Z0-9]{2,4}){3,8}(?:[\s-]?[A-Z0-9]{1,4})?\b")
_PLATE = re.compile(
    r"(?<![\w-])(?:[A-ZÄÖÜ]{1,3}[-\s–][A-Z]{1,2}[-\s–]?\d{1,4}[EH]?|[A-Z]{1,2}[-\s–]\d{1,5}\s?[A-Z]{1,3}|[A-Z]{1,2}[-\s–][1-9]\d{0,2}[-\s]?[A-Z]{2,3})(?![\w-])"
)
_PLATE_ABROAD = re.compile(
    r"(?<![\w-])(?:(?:AG|AI|AR|BE|BL|BS|FR|GE|GL|GR|JU|LU|NE|NW|OW|SG|SH|SO|SZ|TG|TI|UR|VD|VS|ZG|ZH|FL)"
    r"[-\s–]\d{1,3}\s?\d{3}|[A-Z]{2}\d{2}\s?[A-Z]{3})(?![\w-])"
)
_PLATE_WORD = re.compile(
    r"(?i:kennzeichen|nummernschild|nummerntafel|auto|wagen|pkw|kfz|plate|car|van|bus|moped|registration)"
)
_IP = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]\d)")
_BIRTH_YEAR = re.compile(
    r"(?i:\b(?:jahrgang|geboren (?:im jahr |in |im )?|born in |geb\. ))\s?(?P<year>(?:19|20)\d{2})\b"
)
_COORDINATE = re.compile(r"(?<![\d.])-?\d{1,2}\.\d{4,},\s?-?\d{1,3}\.\d{4,}")
_DAY = re.compile(r"\d{1,2}[./-]\s?\d{1,2}[./-]\s?(?:19|20)?\d{2}|\d{4}-\d{2}-\d{2}(?:[\s-].*)?")
_DIGIT = re.compile(r"\d")


def patterns(text: str) -> Iterator[Found]:
    """Identifiers with a form in a text; they may overlap.

    >>> [(f.kind, f.recogniser) for f in patterns("Schreib an tee@example.org")]
    [('email', 'pattern:email')]
    """
    if "@" in text or "(at)" in text or "[at]" in text:
        yield from _all(_EMAIL, text, "email", 0.98)
        yield from _all(_HANDLE, text, "handle", 0.9)
    if "." in text:
        yield from _urls(text)
    if not _DIGIT.search(text):
        return
    for match in _BORN.finditer(text):
        group = "date" if match["date"] else "before"
        yield Found(*match.span(group), "date_of_birth", 0.95, "pattern:date_of_birth")
    for match in _BIRTH_YEAR.finditer(text):
        yield Found(*match.span("year"), "date_of_birth", 0.6, "pattern:birth_year")
    for match in _ADDRESS.finditer(text):
        start, end = match.span()
        score = 0.9 if match["street"] or match["english"] else 0.7
        yield Found(start, end, "address", score, "pattern:address")
    yield from _postcodes(text)
    yield from _numbers(text)


_LOCALITY = re.compile(
    r"\b(?:(?P<house>(?:Grand\s)?(?:Hotel|Hôtel|Café|Cafe|Gasthof|Gasthaus|Pension|Restaurant|Schloss|Schloß|Villa|Palais)\s(?:de\s|de la\s|zum\s|zur\s)?[A-ZÄÖÜ][\w-]+)"
    r"|(?P<saint>(?:(?:Ober|Unter|Ob|Bad|Sankt|Groß|Klein)\s|St\.?\s|Ober\s?St\.?\s)+[A-ZÄÖÜ][\w-]{2,}(?:\s(?:am|an der|im|bei|ob)\s[A-ZÄÖÜ][\w-]+)?)"
    r"|(?P<street>[A-ZÄÖÜ][\w-]{2,}(?:gasse|straße|strasse|str\.|platz|pl\.|allee|park|theaters?|th\.|thtr\.|kirche|saal|bahnhof)))(?!\w)"
)


def localities(text: str) -> Iterator[Found]:
    """Streets, houses and parishes that are named without a number."""
    from reflect.anonymity.lists import NOUN, flags

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
        elif match["saint"] and not flags(match["saint"].split()[-1], "de") & NOUN:
            yield Found(*match.span(), "place", 0.6, "pattern:saint")


def _all(pattern: re.Pattern[str], text: str, kind: str, score: float) -> Iterator[Found]:
    for match in pattern.finditer(text):
        yield Found(match.start(), match.end(), kind, score, f"pattern:{kind}")


def _urls(text: str) -> Iterator[Found]:
    for match in _URL.finditer(text):
        end = match.end()
        while end > match.start() and text[end - 1] in ".,;:!?)'\"’":
            end -= 1
        plain = match.group()[:4].lower() not in ("http", "www.", "ftp:")
        yield Found(match.start(), end, "url", 0.75 if plain else 0.98, "pattern:url")


def _postcodes(text: str) -> Iterator[Found]:
    from reflect.anonymity.lists import PLACE, flags

    for match in _POSTCODE.finditer(text):
        if flags(match["city"].split()[0], "de") & PLACE and not _year(match.group()):
            yield Found(*match.span(), "address", 0.7, "pattern:postcode")
    yield from _all(_UK_POSTCODE, text, "address", 0.7)


def _year(words: str) -> bool:
    return words[:2] in ("19", "20") and len(words.split()[0]) == 4


def _numbers(text: str) -> Iterator[Found]:
    for match in _IBAN.finditer(text):
        checked = _iban(match.group())
        if checked is not None:
            yield Found(*match.span(), "iban", checked, "number:iban")
    for match in _ID.finditer(text):
        yield Found(*match.span("id"), "id_number", 0.9, "pattern:id_number")
    for match in _SOCIAL.finditer(text):
        yield Found(*match.span(), "id_number", 0.75, "pattern:social_security")
    for match in _SERIAL.finditer(text):
        own = match.group()
        if any(map(str.isdigit, own)) and sum(map(str.isdigit, own)) >= 5:
            yield Found(*match.span(), "id_number", 0.6, "pattern:serial")
    for match in _CARD.finditer(text):
        if _card(match.group()) and text[match.start() - 1 : match.start()] != "+":
            yield Found(*_trimmed(text, *match.span()), "id_number", 0.9, "number:card")
    for match in _PHONE_FORM.finditer(text):
        score = _phone(match.group())
        if score:
            yield Found(*_trimmed(text, *match.span()), "phone", score, "number:phone")
    for match in _PHONE_WORD.finditer(text):
        digits = sum(map(str.isdigit, match["number"]))
        if 5 <= digits <= 15:
            yield Found(*_trimmed(text, *match.span("number")), "phone", 0.7, "pattern:phone")
    for match in _PLATE.finditer(text):
        near = text[max(0, match.start() - 40) : match.end() + 20]
        told = bool(_PLATE_WORD.search(near))
        dashed = "-" in match.group() and sum(map(str.isdigit, match.group())) >= 3
        if told or dashed:
            yield Found(*match.span(), "vehicle", 0.9 if told else 0.6, "pattern:vehicle")
    for match in _PLATE_ABROAD.finditer(text):
        told = bool(_PLATE_WORD.search(text[max(0, match.start() - 40) : match.end() + 20]))
        yield Found(*match.span(), "vehicle", 0.9 if told else 0.5, "pattern:vehicle")
    for match in _IP.finditer(text):
        if all(int(part) < 256 for part in match.group().split(".")):
            yield Found(*match.span(), "id_number", 0.6, "pattern:ip_address")
    yield from _all(_COORDINATE, text, "address", 0.8)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while end > start and not text[end - 1].isalnum():
        end -= 1
    while start < end and text[start] in " /.-–":
        start += 1
    if text[start:end].count(")") > text[start:end].count("("):
        start = max(0, text.rfind("(", 0, start)) if text[start - 1 : start] == "(" else start
    return start, end


def _iban(number: str) -> float | None:
    """Score of a number in the form of an IBAN: a typing error must not let it through."""
    from stdnum import iban

    plain = re.sub(r"[\s-]", "", number)
    if iban.is_valid(plain, check_country=False):
        return 1.0
    return 0.6 if sum(map(str.isdigit, plain)) >= 12 else None


def _card(number: str) -> bool:
    from stdnum import luhn

    return luhn.is_valid(re.sub(r"[\s-]", "", number))


def _phone(number: str) -> float:
    """Score of a number in the form of a phone number, by the numbering plans of phonenumbers."""
    import phonenumbers

    if _DAY.fullmatch(number.strip()):
        return 0.0
    digits = sum(map(str.isdigit, number))
    if not 7 <= digits <= 16:
        return 0.0
    for region in ("AT", "DE", "CH"):
        try:
            parsed = phonenumbers.parse(number, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return 0.95
        if phonenumbers.is_possible_number(parsed):
            return 0.75
    return 0.0
