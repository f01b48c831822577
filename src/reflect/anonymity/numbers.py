"""Numbers that stand for somebody: accounts, cards, phones, plates, ids.

Check sums and numbering plans are those of python-stdnum (IBAN, payment cards) and phonenumbers, as
in Presidio, whose own recognisers `reflect.anonymity.presidio` adds on request.
"""

# ruff: noqa: E501 (a pattern is easier to check on one line)

from __future__ import annotations

import re
from collections.abc import Iterator

from reflect.anonymity.found import Found

_ID = re.compile(
    r"(?i:\b(?:matrikel(?:nummer|nr\.?|-nr\.?)?|matr\.?-?nr\.?|personalnummer|personal-?nr\.?|mitarbeiternummer|kundennummer|kunden-?nr\.?|"
    r"ausweis(?:nummer|nr\.?)?|pass(?:nummer|nr\.?)|reisepass|passport|sozialversicherungsnummer|sv-?nr\.?|sv-?nummer|svnr|versicherungsnummer|"
    r"steuernummer|steuer-?id|aktenzeichen|aktenzahl|akten-?nr\.?|ifa-?zahl|zmr-?zahl|geschäftszahl|"
    r"gz|az|kontonummer|konto-?nr\.?|fallnummer|führerschein(?:nummer)?|student(?:en)?(?:\sid|nummer)|student number|employee (?:id|number)|id(?:-|\s)?(?:number|nummer|nr\.?)|"
    r"national insurance|social security|insurance number|case number|registration number|ausweis|identity card|id card|aufenthaltstitel|"
    r"karte nr\.?|kartennummer|kreditkarte(?:nnummer)?|pin|tan|passwort|password|code|blz|bankleitzahl)(?!\w))"
    r"[^\d\n.!?]{0,40}?(?P<id>\b(?=[A-Za-z]?[A-Z0-9/.\s-]{0,6}\d)(?:[a-z](?=\d)|[A-Z]{0,4})[A-Z0-9]*\d(?:[\s./-]?[A-Z0-9]){3,24}\b)"
)
#: A number that a word before it may name, and words that name numbers of somebody's: not those of
#: rooms, pages and phones.
_ANY_ID = re.compile(
    r"(?<![\w.,+])(?:[A-Z]{1,4}[\s/-]?)?\d[\dA-Z]*(?:[\s./-]?[A-Z0-9]+){0,6}(?![\w%€])"
)
_NAMED = re.compile(
    r"(?i:(?:[\w-]*[\w-](?:nummer|kennziffer|kennung|kennzahl|aktenzeichen|geschäftszeichen|aktenzahl)|kennziffer|[\w-]+nr\.|[\w]+-id|(?:permit|licen[cs]e|policy|account|membership|reference|visa|student|case)(?: (?:no\.?|number|card))?)"
    r"(?:\s(?:ist|lautet|war|is|was|heißt|des|vom|von|der)){0,2}[\s:#=–-]{1,4})\Z"
)
_NO_ID = re.compile(
    r"(?i:(?:haus|haustür|zimmer|seiten|telefon|telefonn?|handy|mobil|haupt|ruf|fax|durchwahl|whatsapp|notruf|an|auf|mehr|raum|platz|start|lauf|versions|artikel|kapitel|modell|gleis|linien|glücks|trikot)(?:nummer|nr|zahl|kennung))"
)
#: British national insurance, German pension insurance and tax numbers, told by their form alone.
_NATIONAL = re.compile(
    r"(?<![\w-])(?:[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]|\d{2}\s?(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}\s?[A-Z]\s?\d{3}|\d{2}\s\d{3}\s\d{3}\s\d{3})(?![\w-]|[.,]\d)"
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
_CARD_FORM = re.compile(r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}")
_IBAN = re.compile(
    r"\b(?:[A-Z]{2}\d{2}(?:[\s-]?[A-Z0-9]{2,4}){3,8}(?:[\s-]?[A-Z0-9]{1,4})?|[A-Za-z]{2}\d{2}[A-Za-z0-9]{11,30})\b"
)
_PLATE = re.compile(
    r"(?<![\w-])(?:[A-ZÄÖÜ]{1,3}[-\s–][A-Z]{1,2}[-\s–]?\d{1,4}[EH]?|[A-Z]{1,2}[-\s–]\d{1,5}\s?[A-Z]{1,3}|[A-Z]{1,2}[-\s–][1-9]\d{0,2}[-\s]?[A-Z]{2,3})(?![\w-])"
)
_PLATE_GERMAN = re.compile(r"[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} \d{2}[EH]?")
_PLATE_ABROAD = re.compile(
    r"(?<![\w-])(?:(?:AG|AI|AR|BE|BL|BS|FR|GE|GL|GR|JU|LU|NE|NW|OW|SG|SH|SO|SZ|TG|TI|UR|VD|VS|ZG|ZH|FL)"
    r"[-\s–]\d{1,3}\s?\d{3}|[A-Z]{2}\d{2}\s?[A-Z]{3})(?![\w-])"
)
_PLATE_WORD = re.compile(
    r"(?i:kennzeichen|nummernschild|nummerntafel|auto|wagen|pkw|kfz|plate|car|van|bus|moped|registration)"
)
_IP = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]\d)")
_DAY = re.compile(r"\d{1,2}[./-]\s?\d{1,2}[./-]\s?(?:19|20)?\d{2}|\d{4}-\d{2}-\d{2}(?:[\s-].*)?")


def numbers(text: str) -> Iterator[Found]:
    """Numbers with the form of an identifier, or beside a word that says so; they may overlap.

    >>> sorted({f.kind for f in numbers("Tel. 0664 1234567, Matrikelnummer 12027745")})
    ['id_number', 'phone']
    """
    for match in _IBAN.finditer(text):
        checked = _iban(match.group())
        if checked is not None:
            yield Found(*match.span(), "iban", checked, "number:iban")
    for match in _ID.finditer(text):
        yield Found(*match.span("id"), "id_number", 0.9, "pattern:id_number")
    for match in _ANY_ID.finditer(text):
        if sum(map(str.isdigit, match.group())) < 4:
            continue
        told = _NAMED.search(text[max(0, match.start() - 60) : match.start()])
        if told and not _NO_ID.search(told.group()):
            yield Found(*match.span(), "id_number", 0.85, "pattern:id_number")
    for match in _NATIONAL.finditer(text):
        yield Found(*match.span(), "id_number", 0.8, "pattern:national")
    for match in _SOCIAL.finditer(text):
        yield Found(*match.span(), "id_number", 0.75, "pattern:social_security")
    for match in _SERIAL.finditer(text):
        own = match.group()
        if any(map(str.isdigit, own)) and sum(map(str.isdigit, own)) >= 5:
            yield Found(*match.span(), "id_number", 0.6, "pattern:serial")
    for match in _CARD.finditer(text):
        score = _card(match.group())
        if score and text[match.start() - 1 : match.start()] != "+":
            yield Found(*_trimmed(text, *match.span()), "id_number", score, "number:card")
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
        digits = sum(map(str.isdigit, match.group()))
        dashed = digits >= 3 if "-" in match.group() else False
        if told or dashed or (digits == 2 and _PLATE_GERMAN.fullmatch(match.group())):
            yield Found(*match.span(), "vehicle", 0.9 if told else 0.6, "pattern:vehicle")
    for match in _PLATE_ABROAD.finditer(text):
        told = bool(_PLATE_WORD.search(text[max(0, match.start() - 40) : match.end() + 20]))
        yield Found(*match.span(), "vehicle", 0.9 if told else 0.5, "pattern:vehicle")
    for match in _IP.finditer(text):
        if all(int(part) < 256 for part in match.group().split(".")):
            yield Found(*match.span(), "id_number", 0.6, "pattern:ip_address")


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
    if iban.is_valid(plain.upper(), check_country=False):
        return 1.0
    if plain != plain.upper():
        return None
    return 0.6 if sum(map(str.isdigit, plain)) >= 12 else None


def _card(number: str) -> float:
    """Score of a number in the form of a payment card, likewise."""
    from stdnum import luhn

    if luhn.is_valid(re.sub(r"[\s-]", "", number)):
        return 0.9
    return 0.6 if _CARD_FORM.fullmatch(number.strip()) else 0.0


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
