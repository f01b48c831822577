"""Least odds of a name: what a word has wherever it stands, or for what its neighbours show.

The tagger's weights are means over many texts; missing a person costs more than one more look.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from reflect.anonymity.candidates import class_at
from reflect.anonymity.clues import MARKS, groups_of, kinds_of, neighbour
from reflect.anonymity.lists import (
    FAMILY,
    GIVEN,
    NOUN,
    OTHER,
    PLACE,
    PLAIN,
    WORD,
    flags,
    inflected,
    vocabulary,
)
from reflect.anonymity.words import Word

_DOUBTFUL = frozenset(["given/plain", "family/plain"])
#: Above this, an article or a place beside a word changes nothing.
_SURE = 1.5
Odds = tuple[float, float, float]


def lifted(
    tokens: Sequence[Word], place: int, language: str, ahead: Sequence[str], odds: Odds
) -> Odds:
    """Odds of a person, place and organisation, lifted to the least that a word should have.

    Parameters
    ----------
    tokens : sequence of Word
        The entry.
    place : int
        Of the word.
    language : str
        ``de`` or ``en``.
    ahead : sequence of str
        Clues of its neighbourhood.
    odds : tuple of float
        What the weights say.
    """
    word = tokens[place].text
    person, where, org = odds
    person = least_person(word, language, person)
    if person < _SURE:
        person = max(person, _neighbours(tokens, place, language))
    if where < 1.0 or where < max(person, org):
        where = least_place(word, language, where, _adjectival(tokens, place, language))
        if word.lower() in vocabulary()["large_place"]:
            person, where = 0.0, max(where, 1.0)
        elif "l=,place" in ahead and certain_place(word, language):
            where = max(where, 1.5 * person)
        elif word[0].islower() and certain_place(word.capitalize(), language):
            person = min(person, 0.9 * where)
    return person, where, org


def _neighbours(tokens: Sequence[Word], place: int, language: str) -> float:
    word = tokens[place].text
    before = class_at(tokens, place - 1, language)
    if word[0].islower():
        surname = before == "title" and flags(word.capitalize(), language) & FAMILY
        return _SURE if surname else 0.0
    if kinds_of(word, language) not in _DOUBTFUL:
        return 0.0
    right, following = (tokens[i].text if i < len(tokens) else "" for i in (place + 1, place + 2))
    return bare_subject(word, before, right, following, language)


def _adjectival(tokens: Sequence[Word], place: int, language: str) -> bool:
    """Whether a word stands as *Wiener* does: before a noun, or behind an article."""
    right = tokens[place + 1].text if place + 1 < len(tokens) else ""
    return right[:1].isupper() or class_at(tokens, place - 1, language) == "definite"


def least_person(word: str, language: str, odds: float) -> float:
    """Odds of a person, lifted to what a word has wherever it stands: most need a look at least.

    Nothing is lifted that the clues deny clearly.

    >>> least_person("Bogdan", "de", 0.1) > 0.5, least_person("Tisch", "de", 0.1)
    (True, 0.1)
    """
    value = flags(word, language)
    # English nouns have no capital, so that one says more than a German dictionary.
    plain = PLAIN | OTHER if language == "de" else PLAIN
    if value & plain or word.lower() in groups_of():
        return odds
    if not word[0].isupper():
        # A learner's small letter: the first name must be no word of either language.
        listed = flags(word.capitalize(), language)
        known = listed & GIVEN and not listed & (PLAIN | OTHER) and len(word) > 3
        known = known and not _common(word) and not inflected(word)
        return max(odds, 0.6) if known and odds > 0.004 else odds
    if value & GIVEN and not value & PLACE:
        least, denied = 0.6, 0.02
    elif not value and _FOREIGN_LETTER.search(word):
        least, denied = 0.5, 0.02
    else:
        least, denied = 0.3, 0.08
    fits = not value or value & GIVEN
    return max(odds, least) if fits and len(word) > 3 and odds > denied else odds


@cache
def _ordinary() -> frozenset[str]:
    groups = vocabulary()
    return groups["function"] | groups["brand"] | groups["month"]


def _common(lower: str) -> bool:
    return lower in _ordinary()


@lru_cache(maxsize=200_000)
def inhabitant(word: str, language: str) -> bool:
    """Whether a word comes from a place that is nothing else (*Salzburger*, *Münchner*)."""
    whole = word.removesuffix("n").removesuffix("s")
    if language != "de" or not whole.endswith("er") or len(word) < 5:
        return False
    bare = whole[:-2]
    if {bare.lower(), f"{bare}en".lower()} & vocabulary()["city"]:
        return True
    if flags(whole, language) & (GIVEN | WORD) or len(bare) < 5:
        return False
    other = GIVEN | FAMILY | NOUN | WORD
    return any(
        flags(stem, language) & PLACE and not flags(stem, language) & other
        for stem in (bare, bare + "en", bare[:-1] + "en", bare + "e")
    )


def least_place(word: str, language: str, odds: float, adjective: bool = False) -> float:
    """Odds of a place, lifted for what is nothing but one on the lists.

    With `adjective`, also for a word that comes from one (*der Wiener Artikel*).

    >>> least_place("Aleppo", "de", 0.1) > 0.3, least_place("Halle", "de", 0.1)
    (True, 0.1)
    """
    if word[0].isupper():
        value, least = flags(word, language), 0.7
    else:
        value, least = flags(word.capitalize(), language), 0.4
        if flags(word, language) or len(word) < 5:
            return odds
    sure = value & PLACE and not value & (GIVEN | FAMILY | PLAIN | OTHER)
    if adjective and inhabitant(word, language):
        return max(odds, least)
    return max(odds, least) if sure and len(word) > 3 and odds > 0.004 else odds


def certain_place(word: str, language: str) -> bool:
    """Whether a word is a place and no person's name, or a city that everybody knows."""
    value = flags(word, language)
    return bool(value & PLACE) and (
        not value & (GIVEN | FAMILY) or word.lower() in vocabulary()["city"]
    )


def bare_subject(word: str, before: str, right: str, following: str, language: str) -> float:
    """Least odds of a person for a name that is a word too, where it acts without an article.

    Nouns and adjectives do not speak: *Wolf sagt*, *Klein lacht*; *Wolf und ich* are people.

    >>> bare_subject("Wolf", "line", "sagt", "nichts", "de") > 0.5
    True
    >>> bare_subject("Wolf", "definite", "sagt", "nichts", "de")
    0.0
    """
    if before not in MARKS and before not in ("line", "with", "month"):
        return 0.0
    value = flags(word, language)
    groups = vocabulary()
    if not value & (GIVEN | FAMILY) or not value & PLAIN or _common(word.lower()):
        return 0.0
    if right == "," and neighbour(following, language) == "possessive":
        return 0.6  # Schneider, unser Hausmeister
    if value & WORD and not value & GIVEN and word.lower() not in groups["adjective_surname"]:
        return 0.0
    if right in groups["human"]:
        return 1.5
    if right in ("und", "and"):
        beside = following in ("ich", "I") or (
            flags(following, language) & GIVEN and following[:1].isupper()
        )
        return 1.5 if beside else 0.0
    often = word.lower() in groups["ambiguous"] and value & GIVEN
    if often and language == "en" and neighbour(right, language) == "verb":
        return 1.0
    if language == "de" and (
        right in ("hat", "hatte", "will", "wollte")
        or (right in groups["be"] and (often or not value & WORD))
    ):
        return 0.6
    if word.endswith("s") and flags(word[:-1], language) & FAMILY and right in _MANY:
        return 1.0
    return 0.0


_MANY = frozenset(["sind", "haben", "waren", "hatten", "wohnen", "kommen", "are", "have", "were"])
_FOREIGN_LETTER = re.compile(r"[^\W\d_a-zA-ZäöüßÄÖÜéèêëàâçîïôûœæ]")
