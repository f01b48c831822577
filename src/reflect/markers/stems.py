"""Light stemmers: enough for counting words in a model, without a dictionary to load.

German follows CISTEM (Weißweiler & Fraser 2017); English strips inflection only. Neither
returns a word of the language: use :func:`reflect.text.lemmas` where people read the result.
"""

from __future__ import annotations

import re
from functools import lru_cache

_GE = re.compile(r"^ge(.{4,})")
_ENGLISH = (
    ("'s", ""),
    ("ies", "y"),
    ("sses", "ss"),
    ("ied", "y"),
    ("ing", ""),
    ("ed", ""),
    ("es", ""),
    ("ly", ""),
    ("s", ""),
    ("e", ""),
)


def spelled(form: str) -> str:
    """A word form in lower case with straight apostrophes.

    Examples
    --------
    >>> spelled("N’t")
    "n't"
    """
    return form.lower().replace("’", "'")


@lru_cache(maxsize=100_000)
def stem(form: str, language: str) -> str:
    """Stem of a word form.

    Examples
    --------
    >>> stem("gelernt", "de") == stem("lerne", "de"), stem("noticed", "en")
    (True, 'notic')
    """
    word = spelled(form)
    if not word[:1].isalpha() or len(word) < 4:
        return word
    return _german(word) if language == "de" else _english(word)


def _german(word: str) -> str:
    word = word.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    word = word.replace("ä", "a").replace("ö", "o").replace("ü", "u").replace("ß", "ss")
    word = _GE.sub(r"\1", word)
    word = word.replace("sch", "$").replace("ei", "%").replace("ie", "&")
    while len(word) > 3:
        if len(word) > 5 and word[-2:] in ("em", "er", "nd"):
            word = word[:-2]
        elif word[-1] in "tesn":
            word = word[:-1]
        else:
            break
    return word.replace("$", "sch").replace("%", "ei").replace("&", "ie")


def _english(word: str) -> str:
    for ending, replacement in _ENGLISH:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: len(word) - len(ending)] + replacement
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lse":
                word = word[:-1]
            break
    return word
