from __future__ import annotations

import pickle

import pytest
import spacy

from reflect.diary_tokenizer import diary_tokenizer
from reflect.text import pipeline


def words(text: str, language: str = "de") -> list[str]:
    return [token.text for token in pipeline(language)(text)]


FORMS = [
    "Mentor*innen", "Mentor:innen", "Mentor_innen", "MentorInnen", "Mentor/-innen", "Mentor/innen",
    "Mentor·innen", "Mentor(inn)en", "Mentor(innen)", "Mentor*in", "Mentor/-in", "Mentor(in)",
    "jede*r", "jede:r", "jede/r", "jede(r)", "eine:r", "ein*e", "seine_n", "der*die", "sie*er",
    "Mentor*innenprogramm", "Mentor:innen-Programm", "Büro-Kolleg*innen",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("frame", ["{}", "Die {} kamen.", "({})", "„{}“, so", "Für {}.", "{}!"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_gender_forms_are_one_token(form, frame, language):
    assert form in words(frame.format(form), language)


@pytest.mark.parametrize("name", ["[PERSON_3]", "[FIRMA_1]", "[STADT_1]", "[PARTNER]", "[ORT-2]"])
@pytest.mark.parametrize(
    "frame",
    ["{}", "{}.", "({})", "„{}“", "{}s Büro", "{}'s desk", "bei {}, a", "{}/b", "x-{}", "{}-Büro"],
)
@pytest.mark.parametrize("language", ["de", "en"])
def test_placeholders_are_one_token(name, frame, language):
    assert name in words(frame.format(name), language)


def test_genitive_s_is_split_off():
    assert words("[PERSON_2]s Lehrerin") == ["[PERSON_2]", "s", "Lehrerin"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("müde.Dann", ["müde", ".", "Dann"]),
        ("müde.dann ich", ["müde", ".", "dann", "ich"]),
        ("gut.„Komm“", ["gut", ".", "„", "Komm", "“"]),
        ("und/oder", ["und", "/", "oder"]),
        ("Frage:Antwort", ["Frage", ":", "Antwort"]),
        ("www.beispiel.de", ["www.beispiel.de"]),
        ("[lacht]", ["[", "lacht", "]"]),
        ("am 12.05.2025", ["am", "12.05.2025"]),
    ],
)
def test_other_tokens(text, expected):
    assert words(text) == expected


def test_no_sentence_begins_inside_a_token():
    doc = pipeline("de")("Sie mailte an name@Firma.Beispiel.de. Ich las es.")
    assert [span.text for span in doc.sents] == [
        "Sie mailte an name@Firma.Beispiel.de.",
        "Ich las es.",
    ]


def test_pickles():
    tokenizer = pickle.loads(pickle.dumps(pipeline("de").tokenizer))
    assert [token.text for token in tokenizer("[PARTNER]s Ziel")] == ["[PARTNER]", "s", "Ziel"]


def test_words_behind_a_special_case_are_remembered():
    tokenizer = diary_tokenizer(spacy.blank("en"))
    split, search = [], tokenizer.suffix_search
    tokenizer.suffix_search = lambda text: split.append(text) or search(text)
    first = tokenizer("I don't walk (slowly).")
    assert {"walk", "slowly"} <= set(split)
    split.clear()
    again = tokenizer("We don't walk (slowly).")
    assert set(split) == {"We"}
    assert [token.text for token in again][1:] == [token.text for token in first][1:]
