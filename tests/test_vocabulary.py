"""Which words carry topics, and how they are shown."""

from __future__ import annotations

import pytest

from reflect.vocabulary import content_lemmas, learn_vocabulary, unglued, without_formulas, words


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Lieber Paul, ich komme am Abend.", "ich komme am Abend."),
        ("Sehr geehrte Frau Kolwitz! Es regnet.", "Es regnet."),
        ("Dear Paula,\nit rains.", "it rains."),
        ("Es regnet. Herzliche Grüße, Dein Otto", "Es regnet."),
        ("Es regnet.\nIhr treuer A. S.", "Es regnet."),
        ("Es regnet.\nSeien Sie von uns allen gegrüßt!\nDein\nOtto", "Es regnet."),
        ("Es regnet. Dein Buch ist gut.", "Es regnet. Dein Buch ist gut."),
        ("Es regnet.\nIhr habt ein Haus gebaut, sagt man.",) * 2,
        ("It rains.\nBest wishes\nOtto", "It rains."),
        ("Ich würde lieber gehen. Der Weg ist weit.", "Ich würde lieber gehen. Der Weg ist weit."),
        ("Die Grüße kamen an. Dann kam er.", "Die Grüße kamen an. Dann kam er."),
    ],
)
def test_greetings_and_closings_are_taken_off(text, left):
    assert without_formulas(text).strip() == left


@pytest.mark.parametrize(
    ("text", "language", "lemmas"),
    [
        ("Am Montag um acht Uhr war die Prüfung.", "de", ["prüfung"]),
        ("[PERSON_2]s Garten und [FIRMA_1]", "de", ["garten"]),
        ("the garden, und der garden", "en", ["garden", "garden"]),
        ("Die Mentor*innen-Schulung", "de", ["mentor", "schulung"]),
        ("Das Kind und the name", "de", ["kind", "name"]),
        ("", "de", []),
    ],
)
def test_content_lemmas(text, language, lemmas):
    assert content_lemmas(text, language) == lemmas


def test_old_spellings_and_participles_are_shown_as_their_lemma():
    tokens = [["dictirt", "Thränen", "Redaction", "gefaltet"]]
    vocabulary = learn_vocabulary(tokens, ["de"])
    assert vocabulary("dictirt gefaltet") == ["diktieren", "falten"]


def test_a_names_genitive_and_compound_are_left_out():
    vocabulary = learn_vocabulary([["Otto’s", "Otto-Kolwitz", "Kolwitz-Haus"]], ["de"],
                                  names={"Otto", "Kolwitz"})  # fmt: skip
    assert vocabulary("Otto’s Otto-Kolwitz Kolwitz-Haus") == ["Kolwitz-Haus"]


def test_lost_spaces_are_found_but_gender_forms_kept():
    assert (
        unglued("HermannWien und KollegInnen, MentorIn") == "Hermann Wien und KollegInnen, MentorIn"
    )


def test_forms_of_a_word_are_shown_as_one():
    texts = ["Die Prüfung kam.", "Viele Prüfungen.", "Eine PRÜFUNG."]
    vocabulary = learn_vocabulary([words(text) for text in texts], ["de"] * 3)
    assert vocabulary("Prüfungen Prüfung PRÜFUNG") == ["Prüfung"] * 3
    assert vocabulary("Regen") == []


def test_a_lemma_that_nobody_wrote_is_not_shown():
    vocabulary = learn_vocabulary([["Prüfungen"], ["Prüfungen"]], ["de", "de"])
    assert vocabulary("Prüfungen") == ["Prüfungen"]


def test_names_and_ignored_words_are_left_out():
    tokens = [["Garten", "Kolwitz", "Regen"]]
    vocabulary = learn_vocabulary(tokens, ["de"], names={"Kolwitz"}, ignore=["REGEN"])
    assert vocabulary("Garten Kolwitz Regen") == ["Garten"]
