"""Lists of names, places and ordinary words, and what they say of a word."""

from __future__ import annotations

import gzip
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

GIVEN, FAMILY, PLACE, NOUN, WORD, COMPOUND, OTHER = 1, 2, 4, 8, 16, 32, 64
NAMED = GIVEN | FAMILY | PLACE
PLAIN = NOUN | WORD | COMPOUND
_LETTERS = (
    (GIVEN, "G"),
    (FAMILY, "F"),
    (PLACE, "P"),
    (NOUN, "N"),
    (WORD, "W"),
    (COMPOUND, "C"),
    (OTHER, "O"),
)
#: No name is longer; whatever is, is no word either.
_LONGEST = 60
_PLAIN_UMLAUTS = {"Ae": "Ä", "Oe": "Ö", "Ue": "Ü"}
#: Endings of the genitive, also as learners write it.
_GENITIVE = ("'s", "’s", "s", "'", "’")


@cache
def word_list(name: str) -> frozenset[str]:
    """Words of one of the lists in ``reflect/data/names``: given, family, places, nouns.de, ..."""
    data = files("reflect").joinpath("data", "names", f"{name}.txt.gz").read_bytes()
    return frozenset(gzip.decompress(data).decode("utf-8").split("\n"))


@cache
def place_parts() -> frozenset[str]:
    """Places of one word, and the words that begin or end places of several."""
    return frozenset(name for name in word_list("places") if " " not in name)


@cache
def vocabulary() -> dict[str, Any]:
    """Words that tell what stands beside them, by what they tell (``context.yml``)."""
    import yaml

    text = files("reflect").joinpath("data", "names", "context.yml").read_text("utf-8")
    groups = yaml.safe_load(text)
    return {name: frozenset(words.split()) for name, words in groups.items()}


def _variants(word: str) -> list[str]:
    """How a word of old spelling, or typed without umlauts, is written today."""
    found = []
    for old, new in _SPELLINGS:
        if old in word:
            found.append(word.replace(old, new))
    both = word
    for old, new in _SPELLINGS:
        both = both.replace(old, new)
    return [*found, both] if both != word else found


_SPELLINGS = (
    ("Ae", "Ä"),
    ("Oe", "Ö"),
    ("Ue", "Ü"),
    ("ae", "ä"),
    ("oe", "ö"),
    ("ue", "ü"),
    ("th", "t"),
    ("Th", "T"),
    ("C", "K"),
    ("c", "k"),
    ("ee", "e"),
    ("ß", "ss"),
    ("ss", "ß"),
    ("ey", "ei"),
    ("iren", "ieren"),
    ("irung", "ierung"),
    ("Sc", "Sz"),
    ("è", "e"),
    ("y", "i"),
    ("cc", "kz"),
    ("ph", "f"),
)


@lru_cache(maxsize=400_000)
def flags(word: str, language: str) -> int:
    """What the lists say of a word, as a sum of ``GIVEN, FAMILY, PLACE, NOUN, WORD, COMPOUND``.

    A genitive is looked up without its ending too. ``OTHER`` marks a word that is ordinary in the
    other language only: writers mix them.

    Examples
    --------
    >>> flags("Fatimas", "de") == GIVEN, bool(flags("Stein", "de") & (NOUN | FAMILY))
    (True, True)
    """
    if len(word) > _LONGEST:
        return COMPOUND
    found = _own(word, language)
    if found & NAMED:
        return found
    if found & (NOUN | WORD):
        # Deutschlands, Hubers: dictionaries hold some genitives of names as words.
        if word[0].isupper() and word.endswith("s") and len(word) > 4:
            stem = _own(word[:-1], language)
            if stem & NAMED:
                return stem if found == WORD else found | stem
        return found
    for ending in _GENITIVE:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            bare = _own(word[: -len(ending)], language)
            if bare:
                return bare | found
    if "-" in word:
        found |= _parts(word, language)
    return found


def signature(value: int) -> str:
    """Flags as letters, such as ``GF``; ``x`` for a word that no list has."""
    return "".join(letter for bit, letter in _LETTERS if value & bit) or "x"


def _own(word: str, language: str) -> int:
    if word.isupper() and len(word) > 3:
        word = word.capitalize()
    found = 0
    if word in word_list("given"):
        found |= GIVEN
    if word in word_list("family"):
        found |= FAMILY
    if word in place_parts() or (word[:1].isupper() and word.lower() in vocabulary()["old_place"]):
        found |= PLACE
    umlaut = _PLAIN_UMLAUTS.get(word[:2])
    if umlaut and not found and umlaut + word[2:] in place_parts():
        return PLACE
    lower = word.lower()
    if language == "en":
        head = re.split("['’]", lower)[0]
        if lower in word_list("words.en") or (head != lower and head in vocabulary()["contracted"]):
            found |= WORD
        elif (
            word in word_list("nouns.de")
            or lower in word_list("words.de")
            or (not found & NAMED and compound(word))
        ):
            found |= OTHER
        elif lower.endswith("s") and lower[:-1] in word_list("words.en"):
            found |= WORD
        return found
    if (
        word in word_list("nouns.de")
        or lower.capitalize() in word_list("nouns.de")
        or lower in vocabulary()["modern"]
    ):
        found |= NOUN
    if lower in word_list("words.de"):
        found |= WORD
    if not found & (NOUN | WORD):
        if lower in word_list("words.en"):
            found |= OTHER
        old = not found & NAMED and any(_ordinary(form) for form in _variants(word))
        if compound(word) or old or (not found and _misspelt(lower)):
            found |= COMPOUND
    return found


_ADJECTIVE_ENDINGS = ("e", "en", "em", "er", "es")
_CONSONANT = re.compile(r"(?<=[aeiouäöü])([bdfgklmnprst])(?=[aeiouäöü]|[a-z]?$)")


def _misspelt(lower: str) -> bool:
    """Whether a word is an inflected adjective, or one whose double letter a learner wrote once.

    >>> _misspelt("imer"), _misspelt("konsequentem"), _misspelt("olena")
    (True, True, False)
    """
    words = word_list("words.de")
    if len(lower) > 6 and inflected(lower):
        return True
    for match in _CONSONANT.finditer(lower):
        doubled = lower[: match.end()] + lower[match.start() :]
        if len(doubled) > 4 and (doubled in words or doubled.capitalize() in word_list("nouns.de")):
            return True
    return lower + "t" in words and lower[-1] == "z"


def inflected(lower: str) -> bool:
    """Whether a word is an adjective with an ending.

    >>> inflected("nasser"), inflected("jasmin")
    (True, False)
    """
    stems = (lower[: -len(end)] for end in _ADJECTIVE_ENDINGS if lower.endswith(end))
    return any(
        len(stem) > 3 and (stem in word_list("words.de") or compound(stem.capitalize()))
        for stem in stems
    )


def _ordinary(word: str) -> bool:
    return word in word_list("nouns.de") or word.lower() in word_list("words.de") or compound(word)


@cache
def _noun_endings() -> tuple[str, ...]:
    return tuple(sorted(vocabulary()["noun_ending"]))


@lru_cache(maxsize=200_000)
def compound(word: str) -> bool:
    """Whether a German word looks like a noun made of known words, or ends as only nouns do.

    >>> compound("Teambesprechung"), compound("Kravchenko")
    (True, False)
    """
    if len(word) > 7 and word.endswith(_noun_endings()):
        return True
    nouns, words = word_list("nouns.de"), word_list("words.de")
    lower = word.lower()
    for cut in range(3, len(word) - 2):
        last = lower[cut:]
        if len(last) < 4 and last not in ("tag", "tür", "weg", "amt", "rad", "bus", "ort", "uhr"):
            continue
        if last.capitalize() not in nouns:
            continue
        first = lower[:cut]
        for joint in ("", "s", "n", "en", "es", "er", "e"):
            bare = first.removesuffix(joint) if joint else first
            if len(bare) < 3 or (joint and not first.endswith(joint)):
                continue
            if bare.capitalize() in nouns or bare in words or (bare + "en") in words:
                return True
    return False


def _parts(word: str, language: str) -> int:
    parts = [part for part in word.split("-") if part]
    if len(parts) < 2:
        return 0
    own = [_own(part, language) for part in parts]
    last = own[-1]
    if last & (NOUN | WORD | COMPOUND) and not last & (GIVEN | FAMILY):
        return COMPOUND
    if all(part & (GIVEN | FAMILY) for part in own):
        return (GIVEN if own[0] & GIVEN else 0) | (FAMILY if last & FAMILY else 0)
    if all(part & PLACE for part in own):
        return PLACE
    return 0
