"""Accuracy of our lemmas, of simplemma alone and of spaCy's lookup on tests/data/lemmas.csv.

Run: python tests/evaluation/lemmas.py [--faults]

Exceptions were written while looking at the faults of the dev part only. Rows of kind opener are
words at the start of a sentence; ours is told so, as `reflect.text.tokens` does. Pronouns and
gender forms follow our own convention, which the others do not know: the last column leaves them
out. Both halves were written by one hand in one go, so the test half is no independent sample.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import spacy
from simplemma import lemmatize

from reflect.lemmas import lemma

GOLD = Path(__file__).parents[1] / "data" / "lemmas.csv"


def gold() -> pd.DataFrame:
    return pd.read_csv(GOLD, dtype="str", keep_default_na=False)


def ours(form: str, language: str, kind: str) -> str:
    return lemma(form, language, kind == "opener")


def simplemma_alone(form: str, language: str, kind: str) -> str:
    return lemmatize(form, lang=language)


def spacy_lookup() -> Callable[[str, str, str], str] | None:
    """spaCy's lookup lemmatizer, if its tables are installed."""
    if find_spec("spacy_lookups_data") is None:
        return None
    pipes = {}
    for language in ("de", "en"):
        pipes[language] = spacy.blank(language)
        pipes[language].add_pipe("lemmatizer", config={"mode": "lookup"})
        pipes[language].initialize()
    return lambda form, language, kind: pipes[language](form)[0].lemma_


def accuracy(table: pd.DataFrame, method: Callable[[str, str, str], str]) -> pd.Series:
    """Whether each row's lemma is right."""
    found = [method(row.form, row.language, row.kind) for row in table.itertuples()]
    return pd.Series(found, index=table.index) == table["lemma"]


def main() -> None:
    table = gold()
    methods = {"ours": ours, "simplemma alone": simplemma_alone}
    lookup = spacy_lookup()
    if lookup is None:
        print("spacy-lookups-data is not installed: no row for spaCy's lookup")
    else:
        methods["spaCy lookup"] = lookup
    convention = table["kind"].isin(["pronoun", "gender"])
    for name, method in methods.items():
        right = accuracy(table, method)
        for (language, split), part in table.groupby(["language", "split"]):
            plain = right[part.index][~convention[part.index]]
            print(
                f"{name:16} {language} {split:4} {right[part.index].mean():6.1%} of {len(part):3}"
                f"   without pronouns and gender forms {plain.mean():6.1%} of {len(plain):3}"
            )
    if "--faults" in sys.argv:
        wrong = table[~accuracy(table, ours) & (table["split"] == "dev")]
        for row in wrong.itertuples():
            print(
                row.language, row.kind, row.form, row.lemma, ours(row.form, row.language, row.kind)
            )


if __name__ == "__main__":
    main()
