"""Semantic fields: words of one matter in German and English, known beforehand."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

import yaml
from simplemma import is_known

from reflect.lemmas import LANGUAGES, lemma

#: Parts of compounds have at least this many letters.
_PART = 4


@lru_cache(maxsize=100_000)
def field_of(word: str, language: str) -> str:
    """The field of a lemma in lower case; empty where it has none.

    A German compound belongs to the field of its longest ending that is listed: its last part says
    what it is.

    Examples
    --------
    >>> field_of("lehrer", "de"), field_of("teacher", "en"), field_of("linsensuppe", "de")
    ('school', 'school', 'food')
    """
    table = _table(language)
    if word in table or language != "de":
        return table.get(word, "")
    for cut in range(3, len(word) - _PART + 1):
        if word[cut:] in table and _is_word(word[:cut]):
            return table[word[cut:]]
    return ""


def is_listed(word: str, language: str) -> bool:
    """Whether a lemma itself, not only a part of it, is in a field."""
    return word in _table(language)


@cache
def field_names() -> list[str]:
    """The fields, in the order of their list."""
    return list(_lists())


def _is_word(part: str) -> bool:
    """Whether the other part of a compound is a word, so that Katastrophe is no Strophe."""
    forms = (part, part.removesuffix("s"), part.removesuffix("n"), part + "e")
    return any(len(form) > 2 and is_known(form.capitalize(), lang="de") for form in forms)


@cache
def _lists() -> dict[str, dict[str, str]]:
    text = files("reflect").joinpath("data", "topic_fields.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


@cache
def _table(language: str) -> dict[str, str]:
    """Lemmas in lower case and their fields."""
    table: dict[str, str] = {}
    if language not in LANGUAGES:
        return table
    for name, words in _lists().items():
        for word in words[language].split():
            table.setdefault(word.lower(), name)
            table.setdefault(lemma(word, language).lower(), name)
    return table
