"""Words that stand side by side: all phrases of a codebook found in one walk over a batch.

The phrases form a tree of words. A walk starts wherever some phrase may begin and keeps, word
by word, the places that still lead to a phrase, so its cost depends on the text and hardly on the
number of phrases.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

#: Number of a word that occurs in no phrase.
NO_PIECE = 0


class Phrases:
    """Phrases such as ``zum_ersten_mal``, each with the bits of the classes it belongs to.

    A piece may end in ``*``. The bits are given to one word of the phrase, its anchor: the
    longest piece without ``*``, the last of them if several are as long.
    """

    def __init__(self) -> None:
        self._flags: dict[tuple[str, ...], int] = {}

    def add(self, phrase: str, number: int) -> None:
        """Enter a phrase, its words joined by ``_``, for the alternatives with this bit."""
        pieces = tuple(phrase.split("_"))
        self._flags[pieces] = self._flags.get(pieces, 0) | 1 << number

    def seal(self, width: int) -> None:
        """Build the tree; `width` is the number of 64-bit words of a form's bits."""
        pieces = sorted({piece for phrase in self._flags for piece in phrase})
        self._numbers = {piece: number for number, piece in enumerate(pieces, start=1)}
        self._open_ended = sorted((p for p in pieces if p.endswith("*")), key=len, reverse=True)
        self._base = len(pieces) + 1
        longest = max(map(len, self._flags), default=0)
        keys: dict[int, int] = {}
        ends: dict[tuple[int, int], int] = {}
        opens = np.zeros(self._base, dtype=bool)
        for phrase, flags in self._flags.items():
            anchor = max(
                range(len(phrase)), key=lambda i: ("*" not in phrase[i], len(phrase[i]), i)
            )
            for variant in product(*(self._covered(piece, pieces) for piece in phrase)):
                node = variant[0]
                opens[node] = True
                for number in variant[1:]:
                    node = keys.setdefault(node * self._base + number, self._base + len(keys))
                ends[node, anchor] = ends.get((node, anchor), 0) | flags
        self._opens = opens
        self._next = pd.Index(list(keys), dtype="int64")
        self._bits = np.zeros((self._base + len(keys), longest, width), dtype=np.uint64)
        for (node, anchor), flags in ends.items():
            for word in range(width):
                self._bits[node, anchor, word] = flags >> (64 * word) & 0xFFFFFFFFFFFFFFFF
        self._ends = self._bits.any(axis=2)

    def _covered(self, piece: str, pieces: list[str]) -> list[int]:
        """Numbers of the pieces that a piece stands for: its own, and longer ones of ``wort*``."""
        if not piece.endswith("*"):
            return [self._numbers[piece]]
        return [self._numbers[other] for other in pieces if other.startswith(piece[:-1])]

    def piece(self, word: str) -> int:
        """Number of a word in normal form, NO_PIECE if no phrase has it."""
        number = self._numbers.get(word, NO_PIECE)
        if number == NO_PIECE:
            # The longest open piece: shorter ones cover it.
            held = (p for p in self._open_ended if word.startswith(p[:-1]))
            number = self._numbers[found] if (found := next(held, None)) else NO_PIECE
        return number

    def mark(self, pieces: np.ndarray, bits: np.ndarray) -> None:
        """Give the anchor word of every phrase found the phrase's bits.

        Parameters
        ----------
        pieces : ndarray of int, shape (tokens,)
            Number of each token, from :meth:`piece`.
        bits : ndarray of uint64, shape (tokens, width)
            Changed in place.
        """
        places = np.flatnonzero(self._opens[pieces])
        nodes = pieces[places].astype(np.int64)
        for depth in range(1, self._bits.shape[1]):
            inside = places + depth < len(pieces)
            places, nodes = places[inside], nodes[inside]
            nodes = self._next.get_indexer(nodes * self._base + pieces[places + depth])
            known = nodes >= 0
            places, nodes = places[known], nodes[known] + self._base
            for anchor in range(depth + 1):
                found = np.flatnonzero(self._ends[nodes, anchor])
                bits[places[found] + anchor] |= self._bits[nodes[found], anchor]
