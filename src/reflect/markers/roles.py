"""The order of persons, prepositions and verbs in a sentence, as numbered features of the model.

Each word becomes a role: pronouns, prepositions and auxiliaries stand for themselves, since their
case and agreement tell who acts ("von mir hat", "von ihm habe"); nouns and verbs stand for their
class ("PARTNER", "OLDER", "TEACHING"); all others are left out. Pairs and triples of what is left
say from whom to whom, and whose experience a sentence tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from reflect.markers.clauses import Batch
from reflect.markers.lexicon import Lexicon, expand, normal

START, PAUSE = "^", ","
#: Classes of words that stand for their class, first match first; phrases do not count.
ROLE_CLASSES = (
    "MY",
    "PLACEHOLDER",
    "PARTNER",
    "NAME",
    "YOUNGER",
    "OLDER",
    "EVENT",
    "TEACHING",
    "LEARNING",
    "THIRD",
    "ADVICE_NOUN",
    "ADVISE",
    "GET",
    "GIVE",
    "TELL",
    "SPEECH",
    "THEIR",
    "WE",
)
_SAME = {"PLACEHOLDER": "PARTNER", "NAME": "PARTNER"}
_PAUSES = frozenset(",;:.–")


def role_symbols(lexicon: Lexicon) -> list[str]:
    """Names of the roles that a codebook knows, numbered from 1 by their place."""
    classes = [name for name in ROLE_CLASSES if name in lexicon.words and name not in _SAME]
    return [START, PAUSE, *expand(lexicon.words.get("ROLE_WORD", ()), {}), *classes]


class Roles:
    """Numbers the role features of sentences.

    Parameters
    ----------
    lexicon : Lexicon
        Of the codebook in use.
    symbols : sequence of str
        As :func:`role_symbols` gives them; their places are part of the features' numbers.

    Attributes
    ----------
    size : int
        Features are numbered below it.
    """

    def __init__(self, lexicon: Lexicon, symbols: Sequence[str]) -> None:
        self.lexicon = lexicon
        self._number = {name: place for place, name in enumerate(symbols, start=1)}
        self._base = len(symbols) + 1
        self.size = self._base**2 + self._base**3
        self._classes = [
            (lexicon.bit((name,)), self._number[_SAME.get(name, name)])
            for name in ROLE_CLASSES
            if name in lexicon.words and _SAME.get(name, name) in self._number
        ]
        self._roles = np.zeros(0, dtype=np.int32)

    def features(
        self, batch: Batch, sentence: np.ndarray
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Numbers of the features and the sentence of each, in order: pairs, then triples.

        Parameters
        ----------
        batch : Batch
            Parsed entries.
        sentence : ndarray of int
            The sentence of each token.
        """
        self._grow()
        roles = self._roles[batch.rows]
        kept = np.flatnonzero(roles)
        # A start before each sentence's roles.
        place = np.searchsorted(kept, batch.sentence_starts) + np.arange(len(batch.sentence_starts))
        inside = np.ones(len(kept) + len(place), dtype=bool)
        inside[place] = False
        chain = np.full(len(inside), self._number[START], dtype=np.int32)
        chain[inside] = roles[kept]
        owner = np.empty(len(inside), dtype=np.int32)
        owner[inside], owner[place] = sentence[kept], np.arange(len(place))
        pairs = chain[:-1] * self._base + chain[1:]
        same = inside[1:]
        yield pairs[same], owner[1:][same]
        same = inside[1:-1] & inside[2:]
        yield ((pairs[:-1] * self._base + chain[2:])[same] + self._base**2, owner[2:][same])

    def _grow(self) -> None:
        """Work out the role of forms the lexicon has met since the last batch."""
        known, forms = len(self._roles), self.lexicon.forms
        if known == len(forms):
            return
        bits = self.lexicon.bits[known : len(forms)]
        roles = np.zeros(len(bits), dtype=np.int32)
        for number, role in reversed(self._classes):
            member = bits[:, number // 64] >> np.uint64(number % 64) & np.uint64(1) > 0
            roles[member] = role
        for place, form in enumerate(forms[known:]):
            role = self._number.get(PAUSE if form in _PAUSES else normal(form), 0)
            roles[place] = role or roles[place]
        self._roles = np.concatenate([self._roles, roles])
