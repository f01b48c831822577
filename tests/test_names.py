"""Names told by how they are used."""

from __future__ import annotations

import pytest

from reflect.names import find_names


@pytest.mark.parametrize(
    ("texts", "language", "names"),
    [
        (["Mit Kolwitz im Garten.", "Dann kam Kolwitz in den Garten."], "de", ["Kolwitz"]),
        (["Frau Berger kam.", "Dann sprach Frau Berger."], "de", ["Berger"]),
        (["Der Kaffee war gut.", "Mit Kaffee geht es.", "Nur Kaffee half."], "de", []),
        (["In der Lindengasse.", "Regen."], "de", ["Lindengasse"]),
        (["We saw Kolwitz there.", "Then Kolwitz left the garden."], "en", ["Kolwitz"]),
        (["The garden. Garden work."], "en", []),
        (["Am Nachm. kam er. Am Nachm. ging er."] * 3, "de", ["Nachm"]),
        (["Er aß Brtzl.", "Noch ein Brtzl und Brot."], "de", ["Brtzl"]),
        (["Er hat gefr. am See.", "Dann gefr. und fort."], "de", ["gefr"]),
        (["Er liest »Malina«.", "»Malina« im Druck.", "»Malina« gesehen."], "de", ["Malina"]),
        ([""], "de", []),
    ],
)
def test_find_names(texts, language, names):
    assert sorted(find_names(texts, [language] * len(texts))) == names


def test_the_domain_lexicon_is_never_a_name():
    texts = ["Mit Ramadan.", "Zu Ramadan.", "Bei Ramadan.", "Nach Ramadan.", "Von Ramadan."]
    assert find_names(texts, ["de"] * 5) == frozenset()


def test_the_audits_recogniser_tells_doubtful_words():
    # Schwarzkopf and Bauer are words of the dictionary; here they are people.
    people = ["Herr Schwarzkopf kam.", "Mit Arthur Schwarzkopf im Café.", "Abends bei Schwarzkopf."]
    farm = ["Der Bauer pflügt.", "Ein Bauer verkauft Milch.", "Dem Bauern half der Bauer."]
    found = find_names([*people * 2, *farm * 2], ["de"] * 12)
    assert "Schwarzkopf" in found
    assert "Bauer" not in found
