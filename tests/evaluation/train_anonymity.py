"""Fits the weights of the audit's name tagger.

Run: python tests/evaluation/train_anonymity.py ENTRIES.csv ENTITIES.csv CORPUS [check TARGET.json]
ENTRIES and ENTITIES are old diaries with marked names (every second entry is used); CORPUS is the
bundled corpus, whose placeholders are filled with names in many ways.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from seeded import Names, fill, from_templates, nameless
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from reflect.anonymity import lists
from reflect.anonymity.candidates import candidates
from reflect.anonymity.clues import CLASSES, Usage
from reflect.anonymity.tagger import Tagger
from reflect.anonymity.words import words

TARGET = Path(__file__).parents[2] / "src" / "reflect" / "data" / "names" / "weights.json"
KINDS = {"person": 1, "place": 2, "org": 3}
Corpus = list[tuple[str, str, list[tuple[int, int, str]]]]  # text, language, marked spans


def old(entries: Path, entities: Path, part: int) -> Corpus:
    """Every second entry of marked diaries."""
    table = pd.read_csv(entries, dtype=str, keep_default_na=False)
    marks = pd.read_csv(entities, keep_default_na=False)
    by_entry = {key: own for key, own in marks.groupby("entry_id")}
    found: Corpus = []
    for number, row in enumerate(table.itertuples(index=False)):
        if number % 2 != part:
            continue
        own = by_entry.get(row.entry_id)
        spans = [] if own is None else list(zip(own.start, own.end, own.kind, strict=True))
        found.append((row.text, "de", spans))
    return found


def examples(corpus: Corpus) -> list[tuple[dict[str, int], int]]:
    usage = Usage()
    split = [words(text) for text, _, _ in corpus]
    for tokens, (_, language, _) in zip(split, corpus, strict=True):
        usage.add(tokens, language)
    tagger = Tagger(usage)
    found = []
    for tokens, (_, language, spans) in zip(split, corpus, strict=True):
        gold = {}
        for place, word in enumerate(tokens):
            # The longest span wins where they are nested.
            inside = [s for s in spans if s[0] <= word.start and word.end <= s[1] + 1]
            if inside and word.text[0].isalpha():
                gold[place] = (max(inside, key=lambda s: s[1] - s[0])[2], 1.0, "")
        for place, ahead in candidates(tokens, language, gold, usage):
            clues = [*tagger.base(tokens[place].text, language), *ahead]
            label = KINDS.get(gold[place][0], 0) if place in gold else 0
            found.append((dict.fromkeys(clues, 1), label))
    return found


def hide(rng: random.Random, corpus: Corpus, share: float) -> None:
    """Take some of the names in use off the lists, so that unknown ones are learnt too."""
    seen = sorted(
        {w.text for text, _, spans in corpus for s in spans for w in words(text[s[0] : s[1]])}
    )
    hidden = frozenset(name for name in seen if rng.random() < share)
    forms = hidden | {f"{name}s" for name in hidden}
    for name in ("given", "family", "places"):
        ORIGINAL.setdefault(name, BASE(name))
    parts = {"given": ORIGINAL["given"] - forms, "family": ORIGINAL["family"] - forms}
    places = frozenset(name for name in ORIGINAL["places"] - forms if " " not in name)
    lists.word_list = lambda name: parts.get(name) or BASE(name)
    lists.place_parts = lambda: places
    clear()


ORIGINAL: dict[str, frozenset[str]] = {}
BASE = lists.word_list
KEPT = (lists.word_list, lists.vocabulary, lists.place_parts)


def clear() -> None:
    from reflect.anonymity import clues

    for module in (lists, clues):
        for cached in vars(module).values():
            if hasattr(cached, "cache_clear") and cached not in KEPT:
                cached.cache_clear()


def main() -> None:
    """With ``check``, the second half and every third tandem stay unseen."""
    rng = random.Random(7)
    entries, entities, bundled = map(Path, sys.argv[1:4])
    check = "check" in sys.argv
    target = Path(sys.argv[sys.argv.index("check") + 1]) if check else TARGET
    data: list[tuple[dict[str, int], int]] = []
    importance: list[float] = []

    def learn(corpus: Corpus, weight: float) -> None:
        own = examples(corpus)
        data.extend(own)
        importance.extend([weight] * len(own))

    for part in (0,) if check else (0, 1):
        antique = old(entries, entities, part)
        for share, weight in ((0.0, 0.7), (0.3, 0.4), (0.6, 0.4)):
            hide(rng, antique, share)
            learn(antique, weight)
    names = Names(rng, wide=True)
    for round_ in range(18):
        modern = fill(bundled, names, "fit" if check else "all")
        modern += from_templates(names) + from_templates(names)
        modern += nameless(rng, 200)
        hide(rng, modern, (0.05, 0.4, 0.7)[round_ % 3])
        size = (15, 60, 400)[round_ // 3 % 3]
        rng.shuffle(modern)
        for start in range(0, len(modern), size):
            learn(modern[start : start + size], 0.2)
    vectoriser = DictVectorizer()
    matrix = vectoriser.fit_transform(clue for clue, _ in data)
    counts = (matrix > 0).sum(axis=0).A1
    kept = counts >= 10
    model = LogisticRegression(C=0.3, max_iter=400)
    model.fit(matrix[:, kept], [label for _, label in data], sample_weight=importance)
    names = vectoriser.get_feature_names_out()[kept]
    coefficients = model.coef_ - model.coef_[0]
    coefficients = {name: coefficients[1:, i] for i, name in enumerate(names)}
    coefficients["bias"] = coefficients["bias"] + (model.intercept_ - model.intercept_[0])[1:]
    # A place taken for nothing costs more than one more look.
    coefficients["bias"] = coefficients["bias"] + np.array([0.0, 0.3, 0.0])
    table = {
        name: [round(float(value), 2) for value in values]
        for name, values in sorted(coefficients.items())
        if max(abs(values)) >= 0.08
    }
    target.write_text(
        json.dumps(table, ensure_ascii=False, indent=0).replace(",\n", ",").replace("],", "],\n"),
        encoding="utf-8",
    )
    print(f"{len(data)} words, {len(table)} weights, classes {CLASSES}")


if __name__ == "__main__":
    main()
