"""What is clustered: entries, or the parts of long ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from reflect.sentence_bounds import sentence_starts

#: Words beyond which an entry is split, and words that a part aims at.
LONG, AIM = 250, 120


class Units(NamedTuple):
    """Texts to cluster: parallel lists.

    Attributes
    ----------
    texts : list of str
    entry : list of int
        Position of the entry that the text comes from.
    weight : list of float
        Share of the entry's words; those of an entry sum to 1.
    """

    texts: list[str]
    entry: list[int]
    weight: list[float]


def split_entries(texts: Sequence[str], languages: Sequence[str]) -> Units:
    """Entries as units; those over 250 words in parts of about 120, cut between sentences.

    Whole entries gave better topics than parts as long as they keep to one or two matters; long
    letters and reports do not.

    Examples
    --------
    >>> split_entries(["Kurz."], ["de"])
    Units(texts=['Kurz.'], entry=[0], weight=[1.0])
    """
    units = Units([], [], [])
    for position, (text, language) in enumerate(zip(texts, languages, strict=True)):
        parts = _parts(text, language) if len(text.split()) > LONG else [text]
        lengths = [max(1, len(part.split())) for part in parts]
        units.texts.extend(parts)
        units.entry.extend([position] * len(parts))
        units.weight.extend(length / sum(lengths) for length in lengths)
    return units


def _parts(text: str, language: str) -> list[str]:
    starts = [start for start in sentence_starts(text, language) if start > 0]
    parts, begin = [], 0
    for start in starts:
        if len(text[begin:start].split()) >= AIM and len(text[start:].split()) >= AIM // 2:
            parts.append(text[begin:start])
            begin = start
    return [*parts, text[begin:]]
