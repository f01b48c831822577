"""Both languages say the same things, and no key means two."""

import pytest

from reflect.coding.definitions import codebook, words
from reflect.errors import ReflectError
from reflect.markers import FAMILIES
from reflect.markers.codebook import DIRECTIONS


def keys(tree, path=()):
    for name, value in tree.items():
        yield from keys(value, (*path, name)) if isinstance(value, dict) else [(*path, name)]


def test_german_and_english_have_the_same_words():
    assert list(keys(words("de"))) == list(keys(words("en")))


def test_every_family_and_direction_is_there():
    assert codebook("de")["marker"].tolist() == list(FAMILIES)
    assert set(words("en")["directions"]) == {way for ways in DIRECTIONS.values() for way in ways}


@pytest.mark.parametrize("language", ["de", "en"])
def test_each_letter_means_one_thing(language):
    letters = [*codebook(language)["key"], words(language)["none"]["key"], "u", "o", "m"]
    assert len(set(letters)) == len(letters)


def test_the_letters_are_the_same_in_both_languages():
    assert codebook("de")["key"].equals(codebook("en")["key"])


def test_another_language_is_refused():
    with pytest.raises(ReflectError, match="de, en"):
        words("fr")
