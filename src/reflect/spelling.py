"""Learner spellings put right where one small change makes a word of the dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from simplemma import is_known

from reflect.lemmas import lemma, stop_words

#: Longer words that no dictionary knows are compounds.
_LONGEST = 12
_CONSONANT = "bdfgklmnprst"


@lru_cache(maxsize=50_000)
def respelled(word: str, language: str) -> str:
    """The lemma of the word that a misspelt German one was meant to be, else the word itself.

    Tried are a doubled or single consonant (komt, nähmlich), *ie* for *i* and the other way round
    (villeicht), a *t* at the end (jetz) and *ß*/*ss*; and the spellings of before 1902 (Thräne,
    Redaction, dictirt). Only for words that no dictionary knows, and
    only if the result is a known word, so names and compounds mostly stay as they are.

    Examples
    --------
    >>> respelled("villeicht", "de"), respelled("komt", "de"), respelled("Garten", "de")
    ('vielleicht', 'kommen', 'Garten')
    >>> respelled("Thränen", "de"), respelled("dictirt", "de"), respelled("Redaction", "de")
    ('Träne', 'diktieren', 'Redaktion')
    """
    if language != "de" or not 4 <= len(word) <= _LONGEST or _known(word):
        return word
    old = [guess for guess in _old(word) if _known(guess)]
    if is_known(word.lower(), lang="en") and not (old and word[0].isupper()):
        return word
    guesses = old or [guess for guess in _guesses(word) if _known(guess)]
    if not guesses:
        return word
    usual = [guess for guess in guesses if guess.lower() in stop_words("de")]
    return lemma((usual or guesses)[0], language)


def _guesses(word: str) -> Iterator[str]:
    for place in range(1, len(word)):
        here = word[place]
        if here in _CONSONANT and word[place - 1] != here and word[place + 1 : place + 2] != here:
            yield word[: place + 1] + here + word[place + 1 :]
        if here in _CONSONANT and word[place - 1] == here:
            yield word[:place] + word[place + 1 :]
    for match in re.finditer("ie|i(?!e)", word):
        yield word[: match.start()] + ("i" if match[0] == "ie" else "ie") + word[match.end() :]
    yield word + "t"
    if "ss" in word:
        yield word.replace("ss", "ß")
    if "ß" in word:
        yield word.replace("ß", "ss")


def _old(word: str) -> Iterator[str]:
    """Spellings of before 1902: th for t, c for k or z, -irt and -iren for -iert and -ieren."""
    modern = re.sub("[Tt]h", lambda match: match[0][0], word)
    modern = re.sub("ir(t(?:e[nrms]?)?|en|ung)$", r"ier\1", modern)
    for hard in ("k", "z"):
        guess = re.sub("c(?![hk])", hard, modern)
        guess = re.sub("C(?![hk])", hard.upper(), guess)
        if guess != word:
            yield guess
            if guess[0].isupper() and modern != word:
                yield guess[0].lower() + guess[1:]


def _known(word: str) -> bool:
    return is_known(word, lang="de") or word.lower() in stop_words("de")
