"""Semantic fields."""

from __future__ import annotations

import pytest
from simplemma import is_known

from reflect.fields import _lists, field_names, field_of, is_listed


@pytest.mark.parametrize(
    ("word", "language", "field"),
    [
        ("suppe", "de", "food"),
        ("soup", "en", "food"),
        ("linsensuppe", "de", "food"),
        ("mathelehrer", "de", "school"),
        ("vergessen", "de", ""),  # not from essen
        ("entscheiden", "de", ""),
        ("zeit", "de", ""),
        ("soupspoon", "en", ""),  # English compounds are not taken apart
        ("suppe", "fr", ""),
    ],
)
def test_field_of(word, language, field):
    assert field_of(word, language) == field


def test_only_whole_words_are_listed():
    assert is_listed("suppe", "de")
    assert not is_listed("linsensuppe", "de")


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_lists_are_clean(language):
    assert len(field_names()) > 20
    listed = {name: words[language].split() for name, words in _lists().items()}
    for name, words in listed.items():
        assert len(words) >= 9, name
    every = [word for words in listed.values() for word in words]
    assert len(every) == len(set(every))
    unknown = [word for word in every if not is_known(word, lang=language)]
    assert len(unknown) < 0.02 * len(every), unknown
