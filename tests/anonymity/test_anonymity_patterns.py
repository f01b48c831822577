"""Identifiers with a form."""

from __future__ import annotations

import pytest

from reflect.anonymity.addresses import localities
from reflect.anonymity.found import resolve
from reflect.anonymity.organisations import organisations
from reflect.anonymity.patterns import patterns


def found(text: str) -> list[tuple[str, str]]:
    return [(item.kind, text[item.start : item.end]) for item in resolve(patterns(text))]


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("Ruf mich an: +43 664 1234567.", "phone", "+43 664 1234567"),
        ("Nummer 0660/12 34 56 7 bitte", "phone", "0660/12 34 56 7"),
        ("Büro (01) 58801-4400, danke", "phone", "(01) 58801-4400"),
        ("call 0049 30 901820 now", "phone", "0049 30 901820"),
        ("Schreib an o.berg@example.org!", "email", "o.berg@example.org"),
        ("o.berg (at) example.org", "email", "o.berg (at) example.org"),
        ("Konto AT61 1904 3002 3457 3201 stimmt", "iban", "AT61 1904 3002 3457 3201"),
        ("Konto AT61 1904 3002 3457 3202 vertippt", "iban", "AT61 1904 3002 3457 3202"),
        ("siehe https://example.org/a?b=1.", "url", "https://example.org/a?b=1"),
        ("auf beispiel.at/team lesen", "url", "beispiel.at/team"),
        ("folgt @teestube_wien gern", "handle", "@teestube_wien"),
        ("geboren am 3. Mai 2001 in", "date_of_birth", "3. Mai 2001"),
        ("born on 14 February 2003.", "date_of_birth", "14 February 2003"),
        ("She was born on the 9th of May, 1998.", "date_of_birth", "9th of May, 1998"),
        ("wohnt Lange Gasse 12/4, 1080 Wien.", "address", "Lange Gasse 12/4, 1080 Wien"),
        ("in der Bahnhofstr. 7 wohnt", "address", "Bahnhofstr. 7"),
        ("at 12 Baker Street in", "address", "12 Baker Street"),
        ("Matrikelnummer 01234567 steht", "id_number", "01234567"),
        ("SV-Nr. 4821 120399 merken", "id_number", "4821 120399"),
        ("Ausweis P7734192 gezeigt", "id_number", "P7734192"),
        ("Kennzeichen W-48213K parkt", "vehicle", "W-48213K"),
        ("Kennzeichen ZH-152 470 notiert", "vehicle", "ZH-152 470"),
        ("his car LB54 OFL was", "vehicle", "LB54 OFL"),
        ("Nummer +43 3344 01074 887 bitte", "phone", "+43 3344 01074 887"),
        ("Karte 4111 1111 1111 1111 weg", "id_number", "4111 1111 1111 1111"),
        ("Karte 4111 1111 1111 1112 vertippt", "id_number", "4111 1111 1111 1112"),
        ("iban at611904300234573201 klein", "iban", "at611904300234573201"),
        ("Discord tee#4821 gern", "handle", "tee#4821"),
        ("geb. 12. Februar 1988 in", "date_of_birth", "12. Februar 1988"),
        ("er ist 2003 geboren", "date_of_birth", "2003"),
        ("Matrikelnr. k01234567 steht", "id_number", "k01234567"),
        ("DD-TE 42 stand schief", "vehicle", "DD-TE 42"),
        ("Heute Linzer Gasse 7 gesucht", "address", "Linzer Gasse 7"),
        ("bei Frau Berg Bahnhofstraße 5", "address", "Bahnhofstraße 5"),
        ("kommt HeuteHasenauerstraße 59", "address", "Hasenauerstraße 59"),
        ("Karl Renner Platz 1 oben", "address", "Karl Renner Platz 1"),
        ("wohnt Rue de Lausanne 12 dort", "address", "Rue de Lausanne 12"),
    ],
)
def test_finds(text: str, kind: str, part: str) -> None:
    assert (kind, part) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Am 3.4.2025 um 10.30 Uhr kamen 25 Leute.",
        "Das kostet 2.500 Euro, 12,5 % weniger als 2019.",
        "Wir sind 24 Tandems, 1:1 gelost, 3/4 davon neu.",
        "Am Montag 3 Stunden, am Freitag 12 Minuten.",
        "Seite 12-14, Kapitel 3.2.1, Übung B2.",
        "Von 2015 bis 2024 waren es 640 Menschen.",
        "Im Jahr 2015 kamen viele.",
        "Punkt.Punkt und usw.etc sind keine Seiten",
    ],
)
def test_leaves_ordinary_numbers_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("an der HTL Steyr gelernt", "HTL Steyr"),
        ("Die Firma Siemens sucht", "Firma Siemens"),
        ("Die Palfinger AG sucht", "Palfinger AG"),
        ("at Oakfield College now", "Oakfield College"),
    ],
)
def test_schools_and_firms_are_named_by_their_form(text: str, part: str) -> None:
    assert [text[f.start : f.end] for f in organisations(text)] == [part]


@pytest.mark.parametrize(
    "text", ["Die AG traf sich.", "Verein Freunde", "In der Firma Herr Berg", "Sunday School"]
)
def test_common_nouns_are_no_organisations(text: str) -> None:
    assert list(organisations(text)) == []


def test_streets_without_a_number_are_places_but_common_nouns_are_not() -> None:
    text = "Von der Veithgasse zum Parkplatz am Hotel Bristol."
    assert [text[f.start : f.end] for f in localities(text)] == ["Veithgasse", "Hotel Bristol"]
