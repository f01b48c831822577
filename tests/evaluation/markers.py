"""Precision, recall and F1 of the markers beside peers: prints the README's table.

    python tests/evaluation/markers.py [FOLDER_WITH_CERED]

Ours and TF-IDF with logistic regression (trained on the same train and dev sentences) on the
test split. With a folder that holds CEReD's dev.csv, its four codes that have a family of
ours, too; the English model has seen these sentences, so that part is in-sample and
`train_markers.py` prints the figures out of fold. `reflection-analyser` takes part where it
is installed (pip install reflection-analyser).
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_pipeline

from reflect import annotate
from reflect.evaluation import gate_confusion, macro_f1, score
from reflect.markers.codebook import FAMILIES

DATA = Path(__file__).resolve().parents[1] / "data" / "markers"
CERED = {
    "Learning": "learning",
    "Intention": "commitment",
    "Difficulty": "difficulty",
    "Perspective": "perspective_taking",
}


def split(name: str) -> pd.DataFrame:
    """Sentences of a split, one entry each."""
    table = pd.read_csv(DATA / f"{name}.csv", keep_default_na=False)
    return table.rename(columns={"id": "entry_id"})


def truth(table: pd.DataFrame) -> pd.DataFrame:
    """Annotations, one row a sentence and marker."""
    rows = []
    for item in table.itertuples():
        for marker in filter(None, item.markers.split("|")):
            rows.append((item.entry_id, marker, getattr(item, f"direction_{marker}", "")))
    return pd.DataFrame(rows, columns=["entry_id", "marker", "direction"])


def tfidf(train: pd.DataFrame, test: pd.DataFrame) -> pd.DataFrame:
    """What words and character n-grams with logistic regression find in the test sentences."""
    rows = []
    for language, own in train.groupby("language"):
        held = test[test["language"] == language]
        for family in FAMILIES:
            target = own["markers"].str.split("|").map(lambda names, f=family: f in names)
            model = make_pipeline(
                FeatureUnion(
                    [
                        ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
                        ("letters", TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5))),
                    ]
                ),
                LogisticRegression(C=10, class_weight="balanced", max_iter=500),
            )
            found = model.fit(own["text"], target).predict(held["text"])
            rows += [(entry, family, "") for entry in held.loc[found, "entry_id"]]
    return pd.DataFrame(rows, columns=["entry_id", "marker", "direction"])


def print_split() -> None:
    """Scores on the test split."""
    test = split("test")
    train = pd.concat([split("train"), split("dev")])
    annotations = truth(test)
    everything = annotate(test[["entry_id", "text", "language"]], gated=True)
    codes = everything[everything["gate"] == ""]
    ours = score(codes, annotations, test, by=("language", "marker"))
    columns = ["precision", "precision_low", "precision_high", "recall", "f1", "direction_right"]
    print(ours[["language", "marker", "annotated", *columns]].round(2).to_string(index=False))
    peer = score(tfidf(train, test), annotations, test, by=("language", "marker"))
    found = set(codes["entry_id"])
    for language, part in test.groupby("language"):
        bare = part.loc[part["markers"] == "", "entry_id"]
        clean = np.mean([entry not in found for entry in bare])
        a = ours[ours["language"] == language]
        b = peer[peer["language"] == language]
        print(
            f"{language}: macro F1 ours {macro_f1(a):.3f}, TF-IDF {macro_f1(b):.3f}; "
            f"unmarked sentences left unmarked {clean:.2f}"
        )
    print(gate_confusion(everything, annotations).round(2).to_string(index=False))
    if importlib.util.find_spec("reflection_analyser") is None:
        print("reflection-analyser is not installed: left out")


def print_cered(folder: Path) -> None:
    """F1 of CEReD's codes by the families they come closest to."""
    table = pd.read_csv(folder / "dev.csv")
    entries = pd.DataFrame({"entry_id": table["idx"], "text": table["sentence"], "language": "en"})
    kept = table[table["label"].isin(CERED)]
    annotations = pd.DataFrame({"entry_id": kept["idx"], "marker": kept["label"].map(CERED)})
    codes = annotate(entries)
    codes = codes[codes["marker"].isin(CERED.values())]
    print("CEReD dev (seen in training)")
    print(score(codes, annotations, entries)[["marker", "annotated", "f1"]].round(2).to_string())


if __name__ == "__main__":
    print_split()
    if len(sys.argv) > 1:
        print_cered(Path(sys.argv[1]))
