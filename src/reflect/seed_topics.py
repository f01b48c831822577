"""Topics that a researcher looks for, given by a few words each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from sklearn.preprocessing import normalize

from reflect.bilingual import lexicon
from reflect.errors import ReflectError
from reflect.lemmas import LANGUAGES
from reflect.partition import Partition, arrange
from reflect.vocabulary import content_lemmas

#: From this length a word is also found inside compounds: Arbeit in Arbeitsplatz.
_INSIDE = 5


def seeded(
    found: Partition,
    vectors: np.ndarray,
    texts: Sequence[str],
    languages: Sequence[str],
    seeds: Mapping[str, Sequence[str]],
    least: int = 1,
) -> tuple[Partition, dict[int, str]]:
    """Groups in which each seed has one of its own.

    The centre of a seed is the mean direction of the entries that hold its words. It takes the
    place of the group that is most like it; then every entry goes to the nearest centre.

    Parameters
    ----------
    found : Partition
        Groups found without seeds.
    vectors, texts, languages
        What was clustered.
    seeds : mapping of label to words
        Words in either language; German words also match inside compounds.
    least : int
        Groups smaller than this are dissolved, seeds included.

    Returns
    -------
    Partition
    dict of int to str
        The label of each group that grew from a seed.

    Raises
    ------
    ReflectError
        If there are more seeds than groups, or none of a seed's words occurs.
    """
    if len(seeds) > len(found.centres):
        raise ReflectError(
            f"{len(seeds)} seed topics for {len(found.centres)} topics: raise n_topics"
        )
    centres = found.centres.copy()
    entries = [set(content_lemmas(text, code)) for text, code in zip(texts, languages, strict=True)]
    own = np.vstack([_centre(name, words, entries, vectors) for name, words in seeds.items()])
    likeness = np.round(own @ centres.T, 6)
    taken: dict[int, str] = {}
    for place, name in enumerate(seeds):
        free = [
            group for group in np.argsort(-likeness[place], kind="stable") if group not in taken
        ]
        taken[int(free[0])] = name
        centres[free[0]] = own[place]
    grown = arrange(vectors, centres, found.runs, least)
    labels = {rank: taken[group] for rank, group in enumerate(grown.origin) if group in taken}
    return grown, labels


def _centre(
    name: str, words: Sequence[str], entries: Sequence[set[str]], vectors: np.ndarray
) -> np.ndarray:
    wanted = _wanted(words)
    hits = np.array([sum(_holds(entry, word) for word in wanted) for entry in entries], dtype=float)
    if not hits.any():
        raise ReflectError(f"no entry holds a word of the seed topic {name!r}: give other words")
    return normalize((hits @ vectors)[None, :])[0]


def _wanted(words: Sequence[str]) -> list[str]:
    found = []
    for language in LANGUAGES:
        for other in LANGUAGES:
            table = lexicon(language, other)
            for lemma in content_lemmas(" ".join(words), language):
                found.extend([lemma, table.get(lemma, lemma)])
    return sorted(set(found))


def _holds(entry: set[str], word: str) -> bool:
    return word in entry or (len(word) >= _INSIDE and any(word in lemma for lemma in entry))
