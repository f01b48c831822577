"""Precision, recall and F1 of the markers beside peers: prints the README's table.

    python tests/evaluation/markers.py [FOLDER_WITH_CERED] [--natural-test] [--blind [--write]]

First natural prose: consecutive sentences of whole entries (diary_dev, which the model has
seen; `train_markers.py` prints figures out of fold). With --natural-test the held-out diaries
(diary_test), too, as one line: look rarely. Then balanced single sentences: ours and TF-IDF
with logistic regression (trained on the same train and dev sentences) on the test split, which
was looked at during development and serves as a second development set since. With --blind on
texts by writers who knew the definitions only: single sentences, of which those of LATEST were
kept apart until the present model was final (the older ones chose its thresholds and gates, never
its weights), and whole entries, kept apart likewise: look rarely. With a folder that holds
CEReD's dev.csv, its four codes that have a family of ours, too; the English model has seen these
sentences, so that part is in-sample and `train_markers.py` prints the figures out of fold. With
--write the figures of the blind sentences go into the package, where the appendix of every report
prints them. `reflection-analyser` takes part where it is installed (extra `evaluation`).
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_pipeline

from reflect import annotate
from reflect.evaluation import gate_confusion, macro_f1, on_units, score
from reflect.markers.codebook import FAMILIES
from reflect.markers.register import REGISTER
from reflect.stats import wilson

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data" / "markers"
# Families that a signal of reflection-analyser comes closest to.
PHRASES = {
    "insight": "metacognition",
    "revision": "metacognition",
    "learning": "metacognition",
    "self_questioning": "criticality",
    "commitment": "forward",
}
# The blind sentences that nothing was chosen by.
LATEST = "blind4"
VALIDITY = ROOT / "src" / "reflect" / "markers" / "validity.csv"
DIARIES = ROOT / "corpora" / "mentor-mentor-demo" / "entries.csv"
CERED = {code: family for code, family in REGISTER.items() if family}


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


def phrase_lists(test: pd.DataFrame) -> pd.DataFrame | None:
    """What reflection-analyser's English phrase lists find; None where it is not installed."""
    if importlib.util.find_spec("reflection_analyser") is None:
        return None
    from reflection_analyser.lexicon import lexicons

    found = lexicons()
    rows = [
        (entry, family, "")
        for entry, text in test.loc[test["language"] == "en", ["entry_id", "text"]].to_numpy()
        for family, signal in PHRASES.items()
        if found[signal].find_hits(text, [text])[0]
    ]
    return pd.DataFrame(rows, columns=["entry_id", "marker", "direction"])


def natural(name: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Coded sentences, their annotations and our codes; ``entry_id`` names a sentence.

    Whole entries are coded by `annotate`, so that context and operating point are those of a
    diary; hits are then given to the coded sentence they overlap most.
    """
    table = pd.read_csv(DATA / f"{name}_sentences.csv")
    entries = pd.read_csv(DIARIES, keep_default_na=False)
    people = pd.read_csv(DIARIES.with_name("participants.csv"), keep_default_na=False)
    entries = entries[entries["entry_id"].isin(table["entry_id"])].reset_index(drop=True)
    units = table.merge(entries[["entry_id", "language"]], on="entry_id")
    units = units.rename(columns={"entry_id": "entry"})
    units["entry_id"] = units["entry"] + ":" + units["start"].astype(str)
    coded = pd.read_csv(DATA / f"{name}.csv", keep_default_na=False)
    found = annotate(entries, people)
    return units, on_units(coded, units), on_units(found, units)


def whole_entries(language: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The blind entries of a language, as `natural` gives the others."""
    table = pd.read_csv(DATA / "blind_running.csv", keep_default_na=False)
    table = table[table["language"] == language].rename(columns={"id": "entry_id"})
    table["entry"] = table["entry_id"].str.rpartition("-")[0]
    entries = table.groupby("entry", sort=False)["text"].agg(" ".join).reset_index()
    entries = entries.set_axis(["entry_id", "text"], axis=1).assign(language=language)
    sizes = table["text"].str.len() + 1
    table["end"] = sizes.groupby(table["entry"]).cumsum() - 1
    table["start"] = table["end"] - sizes + 1
    found = annotate(entries)
    units = table[["entry_id", "entry", "start", "end", "language"]].reset_index(drop=True)
    return units, truth(table), on_units(found, units)


def print_natural(
    name: str,
    table: pd.DataFrame,
    annotations: pd.DataFrame,
    codes: pd.DataFrame,
    families: bool = False,
) -> None:
    """Scores on natural prose, overall and, if asked, by family."""
    columns = ["found", "annotated", "both", "precision", "recall", "f1", "direction_right"]
    if families:
        by_family = score(codes, annotations, table)
        print(by_family[["marker", *columns]].round(2).to_string(index=False))
    both = codes[["entry_id", "marker"]].drop_duplicates()
    right = both.merge(annotations[["entry_id", "marker"]].drop_duplicates())
    whole = annotations[["entry_id", "marker"]].drop_duplicates()
    bare = ~table["entry_id"].isin(annotations["entry_id"])
    clean = ~table.loc[bare, "entry_id"].isin(codes["entry_id"])
    precision = len(right) / max(len(both), 1)
    low, high = wilson(len(right), len(both))
    directed = score(codes, annotations, table)
    directed = directed[directed["directions"] > 0]
    count = int(directed["directions"].sum())
    agree = (directed["direction_right"] * directed["directions"]).sum() / max(count, 1)
    print(
        f"{name}: {len(table)} sentences, found {len(both)}, coded {len(whole)}, "
        f"both {len(right)}; "
        f"precision {precision:.2f} [{low:.2f}, {high:.2f}], recall {len(right) / len(whole):.2f}; "
        f"unmarked left unmarked {clean.mean():.3f} of {len(clean)}; "
        f"direction right {agree:.2f} of {count}"
    )


def print_split(name: str, write: bool = False) -> None:
    """Scores on single sentences; written into the package if asked."""
    test = split(name)
    print(f"{name}: {len(test)} single sentences")
    train = pd.concat([split("train"), split("dev")])
    annotations = truth(test)
    everything = annotate(test[["entry_id", "text", "language"]], gated=True)
    codes = everything[everything["gate"] == ""]
    ours = score(codes, annotations, test, by=("language", "marker"))
    columns = ["precision", "precision_low", "precision_high", "recall", "f1", "direction_right"]
    print(ours[["language", "marker", "annotated", *columns]].round(2).to_string(index=False))
    if write:
        shown = ["language", "marker", "annotated", "found", "both", "precision", "precision_low"]
        shown += ["precision_high", "recall", "recall_low", "recall_high", "f1"]
        ours[shown].round(4).to_csv(VALIDITY, index=False, lineterminator="\n")
    peer = tfidf(train, test)
    print_languages(test, codes, peer)
    latest = test[test["split"] == LATEST]
    if len(latest):
        print(f"of these the {len(latest)} of {LATEST}, which nothing was chosen by:")
        print_languages(latest, codes, peer)
    print(gate_confusion(everything, annotations).round(2).to_string(index=False))
    phrases = phrase_lists(test)
    if phrases is None:
        print("reflection-analyser is not installed: left out")
    else:
        own = score(phrases, annotations, test, by=("language", "marker"))
        own = own[(own["language"] == "en") & own["marker"].isin(PHRASES)]
        print("reflection-analyser (English phrase lists), the families it has a signal for:")
        print(own[["marker", "annotated", "precision", "recall", "f1"]].round(2).to_string())


def print_languages(test: pd.DataFrame, codes: pd.DataFrame, peer: pd.DataFrame) -> None:
    """Totals of single sentences by language, beside those of the peer."""
    for language, part in test.groupby("language"):
        annotations = truth(part)
        here = codes[codes["entry_id"].isin(part["entry_id"])]
        ours = score(here, annotations, part)
        other = score(peer[peer["entry_id"].isin(part["entry_id"])], annotations, part)
        found = set(here["entry_id"])
        bare = part[part["markers"] == ""]
        traps = bare[~bare["trap"].isin(["", "plain"])]
        alone, right = (1 - t["entry_id"].isin(found).mean() for t in (bare, traps))
        whole = ours[["found", "annotated", "both"]].sum()
        directed = ours[ours["directions"] > 0].set_index("marker")
        print(
            f"{language}: macro F1 ours {macro_f1(ours):.3f}, TF-IDF {macro_f1(other):.3f}; "
            f"precision {whole.both / whole.found:.2f} (least in a family "
            f"{ours['precision'].min():.2f}), recall {whole.both / whole.annotated:.2f}; "
            f"unmarked left unmarked {alone:.2f} of {len(bare)}; "
            f"traps right {right:.3f} of {len(traps)}; direction right "
            + ", ".join(
                f"{marker} {row.direction_right:.2f} of {row.directions:.0f}"
                for marker, row in directed.iterrows()
            )
        )


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
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    print_natural("diary_dev", *natural("diary_dev"), families=True)
    if "--natural-test" in sys.argv:
        print_natural("diary_test", *natural("diary_test"))
    print_split("test")
    if "--blind" in sys.argv:
        print_split("blind", write="--write" in sys.argv)
        for code in ("de", "en"):
            print_natural(f"blind entries, {code}", *whole_entries(code))
    if arguments:
        print_cered(Path(arguments[0]))
