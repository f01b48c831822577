"""Names that are words too, small letters, capitals, places and organisations as people write."""

from __future__ import annotations

import pandas as pd
import pytest

from reflect.anonymity.audit import audit
from reflect.anonymity.candidates import candidates
from reflect.anonymity.clues import Usage, kinds_of, small_name
from reflect.anonymity.floors import bare_subject, inhabitant, least_person, least_place
from reflect.anonymity.lists import COMPOUND, FAMILY, NOUN, PLACE, flags
from reflect.anonymity.words import words


def found(text: str, kind: str = "person", language: str = "de") -> list[str]:
    table = pd.DataFrame({"entry_id": ["e"], "text": [text], "language": [language]})
    result = audit(table).sort_values("start")
    return result.loc[result["kind"] == kind, "text"].tolist()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Wolf sagt, das geht nicht.", "Wolf"),
        ("Rosa lacht, und alle lachen mit.", "Rosa"),
        ("Klein lacht am lautesten.", "Klein"),
        ("Bauer hat die Schicht getauscht.", "Bauer"),
        ("Wolf und ich haben die Regale aufgebaut.", "Wolf"),
        ("Schneider, unser Hausmeister, hat den Schlüssel.", "Schneider"),
        ("Hubers sind nach Passau gezogen.", "Hubers"),
        ("danke brigitte für alles.", "brigitte"),
        ("mein freund ahmad hat gekocht.", "ahmad"),
        ("mein bruder zubayr hat angerufen.", "zubayr"),
        ("die frau schuster ist gut zu mir.", "schuster"),
        ("HEUTE WAR FRAU STEINER DA.", "STEINER"),
        ("Mein Chef M. Yilmaz kommt am Montag.", "M. Yilmaz"),
        ("K. H. hat das Protokoll geschrieben.", "K. H."),
    ],
)
def test_a_person_is_found(text: str, name: str) -> None:
    assert any(name in own or own in name for own in found(text))


@pytest.mark.parametrize(
    ("text", "name"),
    [("Bill paid for the tea.", "Bill"), ("Faith and Grace came late.", "Faith")],
)
def test_an_english_name_that_is_a_word_is_found(text: str, name: str) -> None:
    assert any(name in own for own in found(text, language="en"))


@pytest.mark.parametrize(
    "text",
    [
        "Der Wolf im Märchen war hungrig.",
        "Ein Bauer hat uns Äpfel geschenkt.",
        "Das weiß sie nicht.",
        "Abends rief ich ihn an.",
        "Sie lacht viel.",
        "P.S.: Der Drucker geht wieder.",
        "Fehler Nr. 1 war meiner.",
        "Er sagt imer gleich dasselbe.",
        "Das WLAN war weg.",
        "und bei allen hat es gepiepst.",
    ],
)
def test_a_word_is_no_person(text: str) -> None:
    assert found(text) == []


def test_only_without_an_article_does_a_noun_act_as_a_name() -> None:
    assert bare_subject("Wolf", ".", "lacht", "laut", "de") > 1
    assert bare_subject("Wolf", "definite", "lacht", "laut", "de") == 0
    assert bare_subject("Tisch", ".", "lacht", "laut", "de") == 0
    assert bare_subject("Wolf", ".", "frisst", "Schafe", "de") == 0


@pytest.mark.parametrize(
    ("word", "lifted"),
    [("brigitte", True), ("allen", False), ("nasser", False), ("gehen", False)],
)
def test_a_first_name_in_small_letters_needs_a_look(word: str, lifted: bool) -> None:
    assert (least_person(word, "de", 0.1) > 0.5) == lifted


@pytest.mark.parametrize(
    ("word", "known"),
    [("Wiener", True), ("Ischlern", True), ("Fischer", False), ("Wörter", False), ("oder", False)],
)
def test_inhabitants_come_from_a_place(word: str, known: bool) -> None:
    assert inhabitant(word, "de") == known


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Der Salzburger Artikel war lang.", "Salzburger"),
        ("Wir waren in Aleppo daheim.", "Aleppo"),
        ("Das Grand Hotel war zu teuer.", "Grand Hotel"),
        ("Abends im Deutschen Theater.", "Deutschen Theater"),
        ("Wir hätten Oesterreich zu vertreten.", "Oesterreich"),
        ("ich komme aus eritrea und lerne viel.", "eritrea"),
    ],
)
def test_a_place_is_found(text: str, place: str) -> None:
    assert place in found(text, "place")


def test_a_word_that_is_only_a_place_is_never_nothing() -> None:
    assert least_place("Aleppo", "de", 0.01) > 0.2
    assert least_place("Halle", "de", 0.01) == 0.01
    assert least_place("Salzburger", "de", 0.01, adjective=True) > 0.2
    assert least_place("Salzburger", "de", 0.01) == 0.01


@pytest.mark.parametrize(
    ("text", "org"),
    [
        ("Praktikum bei Bosch gemacht.", "Bosch"),
        ("Ich arbeite bei caritas.", "caritas"),
        ("Ich war am Luise-Schröder-Gymnasium.", "Luise-Schröder-Gymnasium"),
        ("Im Krankenhaus Barmherzige Brüder geputzt.", "Krankenhaus Barmherzige Brüder"),
        ("Der Chef von Elektro Maier kam.", "Elektro Maier"),
        ("Die Stadtwerke München suchen.", "Stadtwerke München"),
        ("Der Verein Brückenbauer e.V. hilft.", "Verein Brückenbauer"),
    ],
)
def test_an_organisation_is_found(text: str, org: str) -> None:
    assert any(org in own for own in found(text, "org"))


def test_a_firm_that_is_a_surname_too_needs_bei() -> None:
    assert found("Herr Bosch kam.", "org") == [] and found("Herr Bosch kam.") != []


def test_old_genitives_and_spellings_are_looked_up() -> None:
    assert flags("Deutschlands", "de") & PLACE and flags("Oesterreich", "de") & PLACE
    assert flags("Hubers", "de") & FAMILY
    assert flags("Trepe", "de") & COMPOUND and flags("WLAN", "de") & NOUN


def test_a_small_word_is_a_candidate_only_beside_what_introduces_it() -> None:
    def small(text: str) -> list[str]:
        tokens = words(text)
        return [tokens[n].text for n, _ in candidates(tokens, "de", {}, Usage())]

    assert small("mein bruder merhavuz kocht") == ["merhavuz"]
    assert small("wir essen merhavuz gern") == []
    assert small_name("merhavuz", "de") and not small_name("kochen", "de")


def test_kinds_tell_names_that_are_words() -> None:
    assert kinds_of("Wolf", "de") == "given/plain" and kinds_of("Bauer", "de") == "family/plain"
    assert kinds_of("Aleppo", "de") == "place" and kinds_of("Xyzzyk", "de") == "unknown"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Er hat am ersten Januar 1997 Geburtstag.", "ersten Januar 1997"),
        ("Geboren am zweiten Mai neunzehnhundertachtzig.", "zweiten Mai neunzehnhundertachtzig"),
        ("Born on the third of May 1990, he laughs.", "the third of May 1990"),
        ("Am 2. Mai 1996 geboren, steht es anders da.", "2. Mai 1996"),
        ("Im Ausweis steht 1.1.1996.", "1.1.1996"),
    ],
)
def test_days_of_birth_in_words_and_papers(text: str, date: str) -> None:
    assert found(text, "date_of_birth") == [date]


def test_two_days_of_birth_in_one_sentence() -> None:
    text = "Am 2. Mai 1996 geboren, aber im Ausweis steht 1.1.1996."
    assert found(text, "date_of_birth") == ["2. Mai 1996", "1.1.1996"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Meine AZR-Nummer 090506123456, bitte.", "090506123456"),
        ("Die BAMF-Kennziffer 5 812 345-163 habe ich.", "5 812 345-163"),
        ("Mitgliedsnummer 2023-00481 beim Verein.", "2023-00481"),
        ("It says QQ 12 34 56 C here.", "QQ 12 34 56 C"),
        ("permit number ZR 443 221 is valid", "ZR 443 221"),
    ],
)
def test_numbers_named_by_any_word(text: str, number: str) -> None:
    assert found(text, "id_number") == [number]


@pytest.mark.parametrize("text", ["Zimmernummer 2041 ist zu.", "Auflage und Seitenzahl 4711."])
def test_numbers_of_rooms_and_pages_are_none(text: str) -> None:
    assert found(text, "id_number") == []


def test_a_phone_stays_one_behind_the_word_number() -> None:
    assert found("meine neue nummer 06601234567 bitte", "phone") == ["06601234567"]


def test_a_town_behind_a_full_stop_is_no_link() -> None:
    assert found("In der Gasse.Wien, am 1. Mai", "url") == []


@pytest.mark.parametrize("piece", ["A-", "Aa-", "12-", "nummer ", "geboren am ersten ", "Mai "])
def test_long_chains_are_read_in_one_way(piece: str) -> None:
    # Nested repetition would not come back from these.
    assert isinstance(found(piece * 2000), list)
