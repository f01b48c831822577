"""Words and marks of an entry with their offsets, as the recognisers of names read them."""

from __future__ import annotations

import re
from typing import NamedTuple

from reflect.sentence_bounds import PLACEHOLDER

_TOKEN = re.compile(
    rf"(?P<hidden>{PLACEHOLDER}[^\W\d_]*|https?://\S+|www\.\S+"
    r"|[^\s@]{1,64}@[^\s@.]{1,63}(?:\.[^\s@.]{1,63}){1,4}|[@#]\w+)"
    r"|(?P<word>[^\W\d_]+(?:['’\-‐‑][^\W\d_]+)*['’]?(?<!-))"
    r"|\d+|\n+|[^\s\w]|_"
)
#: A small letter before a capital: words run together (WienIX), but not MentorInnen.
_GLUED = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ](?!n(?:nen)?(?![^\W\d_])))")
_MIXED_NAME = re.compile(r"(?:Mc|Mac|Di|De|La|Le|Van|O['’]|D['’])[A-Z]")


class Word(NamedTuple):
    """A word, number, mark or placeholder (``hidden``) of a text."""

    text: str
    start: int
    end: int
    hidden: bool = False


def words(text: str) -> list[Word]:
    """Words and marks of a text in order; line breaks are one mark.

    Words that were run together where a line break was lost come apart.

    >>> [word.text for word in words("Mit [PERSON_2] nach WienIX, B.-H.")]
    ['Mit', '[PERSON_2]', 'nach', 'Wien', 'IX', ',', 'B', '.', '-', 'H', '.']
    """
    found = []
    add = found.append
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        own = match.group()
        kind = match.lastgroup
        if kind is None:
            add(Word(own, start, end))
        elif kind == "hidden":
            add(Word(own, start, end, True))
        elif (
            own.islower()
            or own.istitle()
            or len(own) < 4
            or own.isupper()
            or _MIXED_NAME.match(own)
            or not (cuts := [m.start() for m in _GLUED.finditer(own)])
        ):
            add(Word(own, start, end))
        else:
            for left, right in zip([0, *cuts], [*cuts, len(own)], strict=True):
                add(Word(own[left:right], start + left, start + right))
    return found
