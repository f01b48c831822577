"""Persons, places and organisations in running text, without a trained pipeline.

A maximum-entropy tagger (Ratnaparkhi 1996) over the clues of `reflect.anonymity.clues`, read from
left to right. Its weights were fitted by ``tests/evaluation/train_anonymity.py``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from reflect.anonymity.candidates import candidates, class_at
from reflect.anonymity.clues import CLASSES, Usage, of_word
from reflect.anonymity.floors import lifted
from reflect.anonymity.lists import FAMILY, GIVEN, NAMED, PLAIN, flags, vocabulary
from reflect.anonymity.words import Word

#: How much the other uses of a word count beside its neighbours here.
_TRUST = 1.0
_NONE = (0.0, 0.0, 0.0)


class Mention(NamedTuple):
    """A name in a text: half-open offsets, class, probability and the clue that told most."""

    start: int
    end: int
    kind: str
    score: float
    clue: str


@cache
def weights() -> dict[str, tuple[float, float, float]]:
    """Weight of each clue for person, place and org, against none of them."""
    text = files("reflect").joinpath("data", "names", "weights.json").read_text("utf-8")
    return {clue: tuple(values) for clue, values in json.loads(text).items()}


class Tagger:
    """Tags the entries of one corpus; how its words are used is known from all of them.

    Parameters
    ----------
    usage : Usage
        From all entries of the corpus.
    """

    def __init__(self, usage: Usage) -> None:
        self.usage = usage
        self._bases: dict[tuple[str, str], tuple[float, float, float]] = {}
        self._seen: dict[str, list[float]] = {}
        self._agreed: dict[str, tuple[float, float, float]] = {}

    def learn(self, tokens: Sequence[Word], language: str) -> None:
        """Note what the words of an entry look like there, for `mentions` to agree on."""
        labels: dict[int, tuple[str, float, str]] = {}
        for place, odds in self._odds(tokens, language, labels):
            whole = 1.0 + sum(odds)
            own = self._seen.setdefault(tokens[place].text, [0.0, 0.0, 0.0, 0.0])
            own[0] += 1
            for number, value in enumerate(odds, start=1):
                own[number] += value / whole
            if whole - 1.0 > 1.0:
                labels[place] = (CLASSES[odds.index(max(odds))], 1 - 1 / whole, "")

    def agree(self) -> None:
        """Let all uses of a word speak for each: clear ones decide unclear ones."""
        for word, (count, *sums) in self._seen.items():
            if count < 2:
                continue
            none = count - sum(sums)
            trust = _TRUST * min(1.0, count / 6)
            self._agreed[word] = tuple(
                trust * max(-3.0, min(3.0, math.log((value + 0.2) / (none + 0.2))))
                for value in sums
            )

    def _odds(
        self, tokens: Sequence[Word], language: str, labels: dict[int, tuple[str, float, str]]
    ) -> Iterator[tuple[int, tuple[float, float, float]]]:
        known = weights()
        for place, ahead in candidates(tokens, language, labels, self.usage):
            word = tokens[place].text
            key = (word, language)
            base = self._bases.get(key)
            if base is None:
                base = self._bases[key] = _total(known, self.base(word, language))
            one, two, three = base
            for clue in ahead:
                weight = known.get(clue)
                if weight is not None:
                    one += weight[0]
                    two += weight[1]
                    three += weight[2]
            agreed = self._agreed.get(word)
            if agreed is not None:
                one, two, three = one + agreed[0], two + agreed[1], three + agreed[2]
            odds = (math.exp(min(one, 30)), math.exp(min(two, 30)), math.exp(min(three, 30)))
            yield place, lifted(tokens, place, language, ahead, odds)

    def mentions(
        self, tokens: Sequence[Word], language: str, text: str, least: float = 0.5
    ) -> list[Mention]:
        """Names in one entry.

        Parameters
        ----------
        tokens : sequence of Word
            From `reflect.anonymity.words.words`.
        language : str
            ``de`` or ``en``.
        text : str
            The entry.
        least : float
            Probability that a word must have to be some name.
        """
        labels: dict[int, tuple[str, float, str]] = {}
        for place, odds in self._odds(tokens, language, labels):
            total = sum(odds)
            named = total / (1.0 + total)
            if named >= least:
                labels[place] = (CLASSES[odds.index(max(odds))], named, "")
        return list(_joined(tokens, labels, text, language))

    def base(self, word: str, language: str) -> tuple[str, ...]:
        """Clues of a word wherever it stands."""
        return of_word(word, language) + self.usage.clues(word)


def _total(
    known: dict[str, tuple[float, float, float]], clues: Iterable[str]
) -> tuple[float, float, float]:
    one = two = three = 0.0
    for clue in clues:
        weight = known.get(clue, _NONE)
        one, two, three = one + weight[0], two + weight[1], three + weight[2]
    return one, two, three


def _joined(
    tokens: Sequence[Word], labels: dict[int, tuple[str, float, str]], text: str, language: str
) -> Iterator[Mention]:
    """Names of several words from labels of single ones."""
    places = sorted(labels)
    at = 0
    while at < len(places):
        first = last = places[at]
        kind, score, clue = labels[first]
        end = _end(tokens, first, text, language)
        while at + 1 < len(places):
            following = places[at + 1]
            between = tokens[last + 1 : following]
            if labels[following][0] != kind or not _joins(
                tokens, between, end, following, text, kind
            ):
                break
            last = following
            score = max(score, labels[following][1])
            end = _end(tokens, following, text, language)
            at += 1
        yield Mention(tokens[first].start, end, kind, score, clue or _clue(tokens, first, language))
        at += 1


def _joins(
    tokens: Sequence[Word],
    between: Sequence[Word],
    end: int,
    following: int,
    text: str,
    kind: str,
) -> bool:
    gap = text[end : tokens[following].start]
    if "\n" in gap or len(gap) > 12:
        return False
    inner = gap.strip()
    if not inner:
        return bool(gap) or bool(between)
    if inner in ("-", "."):
        return gap == inner
    return kind == "person" and all(word in vocabulary()["particle"] for word in inner.split())


def _end(tokens: Sequence[Word], place: int, text: str, language: str) -> int:
    """End of a word, with the full stop of an abbreviation."""
    word = tokens[place]
    stop = text[word.end : word.end + 1] == "."
    size = len(word.text)
    if stop and (size <= 2 or (size <= 5 and not flags(word.text, language))):
        return word.end + 1
    return word.end


def _clue(tokens: Sequence[Word], place: int, language: str) -> str:
    before = class_at(tokens, place - 1, language)
    if before in ("title", "role", "named"):
        return before
    word = tokens[place].text
    value = flags(word, language)
    if len(word) <= 2:
        return "initials"
    if value & GIVEN:
        return "first_names"
    if value & FAMILY:
        return "family_names"
    if value & NAMED:
        return "places"
    return "context" if value & PLAIN else "unknown_word"
