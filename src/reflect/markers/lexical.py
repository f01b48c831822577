"""Lexical profiles: pronouns, stance, causal words, negation, affect, as rates per 1,000 words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import yaml

from reflect.markers.lexicon import Lexicon
from reflect.text import iter_docs, token_kind

if TYPE_CHECKING:
    from spacy.tokens import Doc

PROFILES = (
    "i",
    "we",
    "you",
    "you_formal",
    "she_he",
    "they",
    "hedge",
    "certainty",
    "causal",
    "negation",
    "positive",
    "negative",
)


def profiles(entries: pd.DataFrame) -> pd.DataFrame:
    """Lexical profiles of diary entries.

    Parameters
    ----------
    entries : DataFrame
        Columns ``entry_id, text`` and optionally ``language``.

    Returns
    -------
    DataFrame
        One row an entry: ``entry_id, language, tokens`` (words), then a rate per 1,000 words for
        each of i, we, you, you_formal (German Sie within a sentence), she_he, they, hedge,
        certainty, causal, negation, positive, negative, and ``unresolved`` (share of the German
        forms sie/Sie/ihr that could be any of several pronouns). NaN where an entry has no words.

    Raises
    ------
    ReflectError
        If a column is missing or a language has no word lists.

    Notes
    -----
    Closed-class and affect lists are written for this package. Words are counted one by one:
    negated affect ("nicht froh") counts as affect. Compare within one language only.
    """
    rows = [_row(doc) for doc in iter_docs(entries)]
    columns = ["entry_id", "language", "tokens", *PROFILES, "unresolved"]
    return pd.DataFrame(rows, columns=columns).astype({"language": "str"})


def _row(doc: Doc) -> tuple:
    lists = _lists(doc.lang_)
    words = sum(token_kind(token.text) == "word" for token in doc)
    counts = lists.count(doc)
    unresolved = counts.pop("unresolved")
    scale = 1000 / words if words else np.nan
    values = [counts[name] * scale for name in PROFILES]
    return (doc.user_data["entry_id"], doc.lang_, words, *values, unresolved)


class _Lists:
    def __init__(self, language: str, words: Mapping[str, tuple[str, ...]]) -> None:
        self.language = language
        self.lexicon = Lexicon(words)
        self.column = {name: self.lexicon.bit((name,)) for name in words}
        self.lexicon.seal()

    def count(self, doc: Doc) -> dict[str, float]:
        """Hits of each profile in one parsed entry, and the share of unresolved pronouns."""
        forms = [token.text for token in doc]
        rows = np.fromiter(map(self.lexicon.row, forms), np.int64, len(forms))
        bits = self.lexicon.bits[rows]
        counts: dict[str, float] = {}
        for name in PROFILES:
            number = self.column.get(name.upper())
            if number is None:
                counts[name] = 0
                continue
            column = bits[:, number // 64] >> np.uint64(number % 64)
            counts[name] = int((column & np.uint64(1)).sum()) if len(forms) else 0
        counts["unresolved"] = 0.0
        if self.language == "de":
            self._german_pronouns(doc, forms, counts)
        return counts

    def _german_pronouns(self, doc: Doc, forms: list[str], counts: dict[str, float]) -> None:
        open_forms = found = 0
        for place, form in enumerate(forms):
            if form not in ("sie", "Sie", "Ihnen", "ihr", "Ihr"):
                continue
            found += 1
            first = doc[place].is_sent_start or (place and forms[place - 1] in ("„", '"', ":", "»"))
            if form in ("Sie", "Ihnen") and not first:
                counts["you_formal"] += 1
            elif form in ("ihr", "Ihr"):
                open_forms += 1
            else:
                person = self._person(forms, place)
                if person and not (form == "Sie" and person == "they"):
                    counts[person] += 1
                else:
                    open_forms += 1
        counts["unresolved"] = open_forms / found if found else 0.0

    @staticmethod
    def _person(forms: list[str], place: int) -> str:
        """Whether sie is she or they, from the nearest verb form on either side."""
        for distance in (1, 2, 3):
            for near in (place + distance, place - distance):
                if 0 <= near < len(forms):
                    word = forms[near].lower()
                    if word in _SINGULAR:
                        return "she_he"
                    if word in _PLURAL:
                        return "they"
        after = forms[place + 1].lower() if place + 1 < len(forms) else ""
        if after.endswith("t") or after.endswith("te"):
            return "she_he"
        return "they" if after.endswith("en") else ""


_SINGULAR = frozenset(
    [
        "ist",
        "war",
        "hat",
        "hatte",
        "wird",
        "wurde",
        "kann",
        "konnte",
        "muss",
        "musste",
        "will",
        "wollte",
        "soll",
        "sollte",
        "darf",
        "durfte",
        "mag",
        "mochte",
        "möchte",
        "würde",
        "hätte",
        "wäre",
        "könnte",
        "sagt",
        "sagte",
        "meint",
        "meinte",
        "geht",
        "ging",
        "kommt",
        "kam",
        "macht",
        "machte",
        "gab",
        "gibt",
        "riet",
        "fand",
        "findet",
        "sah",
        "sieht",
        "weiß",
        "wusste",
        "ließ",
        "nahm",
        "sprach",
    ]
)
_PLURAL = frozenset(
    [
        "sind",
        "waren",
        "haben",
        "hatten",
        "werden",
        "wurden",
        "können",
        "konnten",
        "müssen",
        "mussten",
        "wollen",
        "wollten",
        "sollen",
        "sollten",
        "dürfen",
        "durften",
        "mögen",
        "mochten",
        "möchten",
        "würden",
        "hätten",
        "wären",
        "könnten",
        "sagen",
        "sagten",
        "meinen",
        "gehen",
        "gingen",
        "kommen",
        "kamen",
        "machen",
        "gaben",
        "geben",
        "fanden",
        "finden",
        "sahen",
        "sehen",
        "wissen",
        "wussten",
    ]
)


@lru_cache(maxsize=2)
def _lists(language: str) -> _Lists:
    source = resources.files("reflect.markers") / "profiles.yml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(source.read_text(encoding="utf-8"), Loader=loader)[language]
    words = {name: tuple(word.strip() for word in forms.split(",")) for name, forms in data.items()}
    return _Lists(language, words)
