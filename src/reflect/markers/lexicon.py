"""Which word classes a word form belongs to, as bits.

Every set of alternatives in a codebook gets one bit. A form's bits are worked out once, when
the form is first seen; from then on a text is a row of integers, and whether a clause
can carry a rule is a comparison of bits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np

from reflect.markers.pattern import is_class
from reflect.markers.phrases import NO_PIECE, Phrases

# Placeholders of people; those of firms and places are ordinary words.
_PERSON = re.compile(r"\[(?:PERSON|PARTNER|NAME|MENTOR|MENTEE|TALENT|LEADER)\w*\]")
_SPELLINGS = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"))


def normal(form: str) -> str:
    """Lower case with straight apostrophes.

    >>> normal("Don’t")
    "don't"
    """
    # spaCy keeps "I." at the end of a sentence as one token, as it does initials.
    return "i" if form == "I." else form.lower().replace("’", "'").replace("`", "'")


def spellings(word: str) -> list[str]:
    """A word and how learners and old keyboards write it.

    >>> spellings("müßte")
    ['müßte', 'muesste', 'müsste']
    """
    plain = word
    for letter, replacement in _SPELLINGS:
        plain = plain.replace(letter, replacement)
    return list(dict.fromkeys((word, plain, word.replace("ß", "ss"))))


def expand(alternatives: Iterable[str], words: Mapping[str, tuple[str, ...]]) -> list[str]:
    """All words behind alternatives, classes within classes resolved, in stable order.

    >>> expand(["ME", "uns"], {"ME": ("mir", "mich")})
    ['mir', 'mich', 'uns']
    """
    found: dict[str, None] = {}
    seen: set[str] = set()
    stack = list(reversed(list(alternatives)))
    while stack:
        name = stack.pop()
        if is_class(name) and name in words:
            if name not in seen:
                seen.add(name)
                stack.extend(reversed(words[name]))
        else:
            found[name.replace(" ", "_")] = None
    return list(found)


class Lexicon:
    """Bits of word forms for one codebook; grows as new forms are met.

    Attributes
    ----------
    width : int
        64-bit words a form's bits take.
    bits : ndarray of uint64, shape (capacity, width)
        One row a form.
    piece_of : ndarray of int, shape (capacity,)
        Number of each form among the words of phrases.
    """

    def __init__(self, words: Mapping[str, tuple[str, ...]]) -> None:
        self.words = words
        self._number: dict[tuple[str, ...], int] = {}
        self._literal: dict[str, int] = {}
        self._prefix: dict[str, int] = {}
        self._suffix: dict[str, int] = {}
        self._infix: dict[str, int] = {}
        self.phrases = Phrases()
        self._rows: dict[str, int] = {}
        self._sealed = False
        self.forms: list[str] = []

    def bit(self, alternatives: tuple[str, ...]) -> int:
        """The bit of a set of alternatives, made when first asked for."""
        if alternatives in self._number:
            return self._number[alternatives]
        if self._sealed:
            raise KeyError(alternatives)
        number = self._number[alternatives] = len(self._number)
        for word in expand(alternatives, self.words):
            for spelling in spellings(word):
                self._enter(spelling, number)
        return number

    def _enter(self, word: str, number: int) -> None:
        flag = 1 << number
        core = word.strip("*")
        if "_" in core:
            self.phrases.add(word, number)
            return
        table = self._literal
        if word.startswith("*") and word.endswith("*"):
            table = self._infix
        elif word.endswith("*"):
            table = self._prefix
        elif word.startswith("*"):
            table = self._suffix
        table[core] = table.get(core, 0) | flag

    def seal(self) -> None:
        """Fix the number of bits; forms can be looked up from now on."""
        self._sealed = True
        self.width = max(1, -(-len(self._number) // 64))
        self._prefix_lengths = sorted({len(p) for p in self._prefix})
        self._suffix_lengths = sorted({len(s) for s in self._suffix})
        self.bits = np.zeros((4096, self.width), dtype=np.uint64)
        self.phrases.seal(self.width)
        self.piece_of = np.full(4096, NO_PIECE, dtype=np.int32)

    def row(self, form: str) -> int:
        """Row of a form in ``bits``; capitals matter only for the polite pronoun."""
        row = self._rows.get(form)
        if row is None:
            row = self._add(form)
        return row

    def _add(self, form: str) -> int:
        row = len(self.forms)
        if row == len(self.bits):
            self.bits = np.concatenate([self.bits, np.zeros_like(self.bits)])
            self.piece_of = np.concatenate([self.piece_of, np.zeros_like(self.piece_of)])
        self.forms.append(form)
        self._rows[form] = row
        flags = self._flags(form)
        for word in range(self.width):
            self.bits[row, word] = (flags >> (64 * word)) & 0xFFFFFFFFFFFFFFFF
        self.piece_of[row] = self.phrases.piece(normal(form))
        return row

    def _flags(self, form: str) -> int:
        word = normal(form)
        flags = self._literal.get("=" + form, 0)
        if flags:
            return flags
        if form[:1] == "[" and _PERSON.fullmatch(form):
            return self._literal.get("placeholder", 0)
        flags = self._literal.get(word, 0)
        size = len(word)
        for length in self._prefix_lengths:
            if length > size:
                break
            flags |= self._prefix.get(word[:length], 0)
        for length in self._suffix_lengths:
            if length > size:
                break
            flags |= self._suffix.get(word[size - length :], 0)
        for core, bit in self._infix.items():
            if core in word:
                flags |= bit
        return flags

    def has(self, form: str, number: int) -> bool:
        """Whether a form belongs to the alternatives with this bit."""
        row = self.row(form)
        return bool((int(self.bits[row, number // 64]) >> (number % 64)) & 1)
