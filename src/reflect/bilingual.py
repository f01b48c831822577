"""Words of one language put into the other, for one topic space across German and English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

#: A language with fewer entries than this share is not worth a bridge.
_SMALL_SHARE = 0.02


@dataclass(frozen=True)
class Translator:
    """Word-by-word translation into a corpus's main language.

    Attributes
    ----------
    main : str
        The main language.
    tables : mapping of language to mapping of lemma to lemma
        Lemmas in lower case. Languages without a table stay as they are.
    """

    main: str
    tables: Mapping[str, Mapping[str, str]]

    def __call__(self, lemmas: Iterable[str], language: str) -> list[str]:
        """The lemmas of one entry; what the lexicon lacks stays as it is."""
        table = self.tables.get(language)
        return [table.get(word, word) for word in lemmas] if table else list(lemmas)


def learn_translator(languages: Sequence[str]) -> Translator:
    """The translator that a corpus with entries in these languages needs.

    The language of most entries is the main one (the first in the alphabet among equals). A
    corpus in one language, or in languages for which there is no lexicon, is left alone.
    """
    counts = Counter(languages)
    main = min(counts, key=lambda code: (-counts[code], code), default="")
    others = [code for code in sorted(counts) if code != main]
    tables = {
        code: lexicon(code, main)
        for code in others
        if counts[code] >= _SMALL_SHARE * len(languages)
    }
    return Translator(main, {code: table for code, table in tables.items() if table})


@cache
def lexicon(source: str, target: str) -> dict[str, str]:
    """Lemmas of ``source`` to the lemma of ``target`` (lower case); empty for unknown pairs.

    The lexicon has one sense a line: German words, a tab, English words, the usual word first.
    The first line that holds a word decides.

    Examples
    --------
    >>> lexicon("en", "de")["work"]
    'arbeit'
    """
    order = ("de", "en")
    if source == target or source not in order or target not in order:
        return {}
    table: dict[str, str] = {}
    for line in _lines():
        sides = [[word.strip().lower() for word in side.split(",")] for side in line.split("\t")]
        for word in sides[order.index(source)]:
            table.setdefault(word, sides[order.index(target)][0])
    return table


def _lines() -> list[str]:
    text = files("reflect").joinpath("data", "topic_lexicon.tsv").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
