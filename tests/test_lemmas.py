from __future__ import annotations

import csv
from pathlib import Path

import pytest

from reflect.errors import ReflectError
from reflect.lemmas import lemma, lemmas, stop_words

GOLD = Path(__file__).parent / "data" / "lemmas.csv"


def rows() -> list[dict[str, str]]:
    with GOLD.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_gold_list_is_sound():
    keys = [(row["language"], row["form"], row["kind"]) for row in rows()]
    assert len(keys) == len(set(keys))
    counts = {code: sum(key[0] == code for key in keys) for code in ("de", "en")}
    assert counts["de"] >= 200 and counts["en"] >= 80
    assert {row["split"] for row in rows()} == {"dev", "test"}


@pytest.mark.parametrize("split", ["dev", "test"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_accuracy_does_not_fall(language, split):
    part = [row for row in rows() if row["language"] == language and row["split"] == split]
    right = [lemma(r["form"], language, r["kind"] == "opener") == r["lemma"] for r in part]
    assert sum(right) / len(right) >= 0.95


@pytest.mark.parametrize(
    "form",
    ["Kolleg*innen", "Kolleg:innen", "Kolleg_innen", "KollegInnen", "Kolleg/-innen", "Kolleg/innen",
     "Kolleg·innen", "Kolleg(inn)en", "Kolleg*in", "Kolleg(in)"],
)  # fmt: skip
def test_gender_forms_share_a_lemma(form):
    assert lemmas([form], "de") == ["Kollege"]


def test_feminine_form_keeps_its_own():
    assert lemmas(["Kolleginnen", "Ärztinnen"], "de") == ["Kollegin", "Ärztin"]


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("gegessen", "essen"),  # the dictionary says weiteressen
        ("weitergegessen", "weiteressen"),
        ("gefaltet", "falten"),
        ("gefahren", "fahren"),
        ("mitgebracht", "mitbringen"),
        ("umgedreht", "umdrehen"),
        ("gehören", "gehören"),  # not a participle of hören
        ("angehören", "angehören"),
        ("gestehen", "gestehen"),
        ("abarbeiten", "abarbeiten"),
        ("gerecht", "gerecht"),
        ("Gebet", "Gebet"),
    ],
)
def test_participles_and_verbs_with_prefixes(form, base):
    assert lemma(form, "de") == base


@pytest.mark.parametrize("word", ["ich", "mir", "er", "ihm", "wir", "uns", "man", "sich"])
def test_pronouns_keep_themselves(word):
    assert lemma(word, "de") == word
    assert lemma(word.capitalize(), "de", True) == word


@pytest.mark.parametrize("word", ["", ".", "3", "[PERSON_2]", "😊", "\u0301", "…", "12.05.2025"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_what_is_no_word_stays(word, language):
    assert lemmas([word], language) == [word]


def test_capital_at_the_start_only():
    assert lemma("Waren", "de", True) == "sein"
    assert lemma("Waren", "de") == "Ware"


def test_umlauts_only_where_they_make_a_word():
    given = ["muede", "fuer", "neue", "aktuell", "Bauern", "Poet", "Israel"]
    assert lemmas(given, "de") == ["müde", "für", "neu", "aktuell", "Bauer", "Poet", "Israel"]


def test_unknown_language():
    with pytest.raises(ReflectError, match="use 'de' or 'en'"):
        lemmas(["mot"], "fr")
    with pytest.raises(ReflectError, match="use 'de' or 'en'"):
        stop_words("fr")


def test_stop_words():
    german, english = stop_words("de"), stop_words("en")
    assert {"ich", "halt", "eigentlich", "dass", "z.b."} <= german
    assert not {"zeit", "neue", "lernen", "mentor"} & german
    assert {"the", "really", "i", "n't"} <= english
    assert all(word == word.lower() for word in german | english)
