"""Train the model of the markers and write it into the package.

    python tests/evaluation/train_markers.py [FOLDER_WITH_CERED]

Reads tests/data/markers/{train,dev}.csv (never test.csv) and the coded sentences of whole
diaries in diary_dev.csv and running.csv, most of which carry no marker (never diary_test, never
the blind texts). With a folder that holds CEReD's dev.csv (Apache-2.0), the English model learns
from its sentences, too, and the model of the register of teaching is trained, on these and on
school.csv, written by us in their manner; of CEReD only weights are kept, no sentence, and in
cered_readings.csv what a second reader, a language model, made of each.
Prints out-of-fold precision, recall and F1 of the balanced sentences, and what the operating
points of running text would give on the diaries, out of fold by entry.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from multiprocessing import Pool
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from scipy.sparse import csr_matrix, diags, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold

from reflect.markers.codebook import FAMILIES, builtin
from reflect.markers.engine import Engine
from reflect.markers.model import (
    ADVICE,
    CLASSES,
    DIRECTED_OUTPUTS,
    LEARNING,
    OUTPUTS,
    SPAN,
    grams,
    length_scale,
    log_odds,
    running_odds,
)
from reflect.markers.network import OUTSIDE, UNKNOWN, WIDTHS
from reflect.markers.register import REGISTER, vote
from reflect.markers.roles import Roles, role_symbols
from reflect.markers.stems import spelled, stem
from reflect.text import parse

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data" / "markers"
PACKAGE = ROOT / "src" / "reflect" / "markers"
# Inverse strengths of regularisation: competing families, families apart, directions.
STRENGTH = 1.0
STRENGTH_OWN = 0.5
STRENGTH_REAL = 0.1
# A code whose shares of real sentences add up to so many is also judged by these alone.
OFTEN = 100
STRENGTH_DIRECTION = 1.0
# Who stands where matters five times as much for a direction as for a family.
ROLES_IN_DIRECTION = 5.0
# Features that are many and overlap weigh less before they are fitted.
DAMPED = {"gram": 0.35, "role": 0.5}
# Least number of sentences that a feature must occur in.
LEAST = {"rule": 1, "class": 1, "gram": 3}
# Share of joined pairs added to the sentences: in training, and where thresholds are set.
JOINED = 0.5
HELD_JOINED = 0.25
FOLDS = 3
# Precision counts twice as much as recall where a threshold is set (van Rijsbergen 1979).
BETA = 0.5
# A rule that counts by itself needs this much less from the model (log odds).
DOUBT = 0.5
# What CEReD's codes say about our families: descriptions carry none of them.
CERED = {
    "Intention": "commitment",
    "Difficulty": "difficulty",
    "Experience": "",
    "Other": "",
}
CERED_WEIGHT = 0.3
DIARY_WEIGHT = 1.0
# Steps of a tenth of log odds over which the F1 of a register's threshold is smoothed.
SMOOTH = 15
# Folds of the register, and times that they are drawn: one threshold alone is half chance.
REGISTER_FOLDS, REPEATS = 5, 3
# What a real sentence of the register weighs beside one of ours, in the linear model and the
# network, and how much its code weighs beside a second reader, who agrees with six of ten.
REAL_WEIGHT = 3.0
NETWORK_REAL_WEIGHT = 2.0
CODE_TRUST = 0.6
# Of the network: least count of a word, size, training (words hidden, passes, rate of learning).
LEAST_WORD = 2
DIMENSIONS, FILTERS = 50, 64
HIDDEN, EPOCHS, RATE = 0.05, 8, 2e-3
DIARIES = ROOT / "corpora" / "mentor-mentor-demo" / "entries.csv"


class Sentences(NamedTuple):
    """Sentences to fit: raw feature counts, numbers of words, labels, weights."""

    counts: csr_matrix
    words: np.ndarray
    targets: np.ndarray
    weight: np.ndarray

    def take(self, rows: np.ndarray) -> Sentences:
        """Some of the sentences."""
        return Sentences(*(part[rows] for part in self))

    def joined(self, share: float, seed: int) -> Sentences:
        """With pairs read as one: diaries join two markers in a sentence, examples rarely do."""
        draw = np.random.default_rng(seed)
        marked = np.flatnonzero(self.targets[:, : len(FAMILIES)].any(axis=1))
        size = int(len(self.words) * share)
        first, second = draw.choice(marked, size), draw.choice(len(self.words), size)
        return Sentences(
            vstack([self.counts, self.counts[first] + self.counts[second]]).tocsr(),
            np.concatenate([self.words, self.words[first] + self.words[second]]),
            np.vstack([self.targets, self.targets[first] | self.targets[second]]),
            np.concatenate([self.weight, np.ones(size)]),
        )

    def scaled(self, ruled: np.ndarray) -> csr_matrix:
        """What the model sees: sums over words scaled by length, rule hits as they are."""
        factor = diags(np.where(ruled, 0.0, 1.0))
        long = diags(length_scale(self.words).astype(float)) @ self.counts @ factor
        return (long + self.counts @ diags(np.where(ruled, 1.0, 0.0))).tocsr()


def sentences() -> pd.DataFrame:
    """The training sentences: ours, the development split included."""
    tables = [pd.read_csv(DATA / name, keep_default_na=False) for name in ("train.csv", "dev.csv")]
    table = pd.concat(tables, ignore_index=True)
    return table[table["split"] != "test"].reset_index(drop=True)


def diary_sentences(language: str) -> pd.DataFrame:
    """Consecutive sentences of whole entries, the unmarked ones included; ``entry`` groups."""
    table = pd.read_csv(DATA / "diary_dev_sentences.csv")
    table = table.merge(pd.read_csv(DIARIES, keep_default_na=False), on="entry_id")
    table = table[table["language"] == language].reset_index(drop=True)
    codes = pd.read_csv(DATA / "diary_dev.csv", keep_default_na=False)
    places = list(zip(table["entry_id"], table["start"], table["end"], strict=True))
    found = {place: {} for place in places}
    for item in codes.itertuples():
        found.get((item.entry_id, item.start, item.end), {})[item.marker] = item.direction
    texts = dict(zip(table["entry_id"], table["text"], strict=True))
    return pd.DataFrame(
        {
            "id": [f"diary-{entry}-{start}" for entry, start, _ in places],
            "text": [texts[entry][start:end] for entry, start, end in places],
            "markers": ["|".join(sorted(found[place])) for place in places],
            "direction_learning": [found[place].get("learning", "") for place in places],
            "direction_advice": [found[place].get("advice", "") for place in places],
            "entry": table["entry_id"].to_numpy(),
        }
    )


def running_sentences(language: str) -> pd.DataFrame:
    """Sentences of whole invented entries, coded one after the other; ``entry`` groups."""
    table = pd.read_csv(DATA / "running.csv", keep_default_na=False)
    table = table[table["language"] == language]
    names = ["text", "markers", "direction_learning", "direction_advice"]
    entry = table["id"].str.rpartition("-")[0]
    return table[names].assign(id="diary-" + table["id"], entry=entry)


def print_running(data: Sentences, named: list, groups: np.ndarray, ruled: np.ndarray) -> None:
    """Precision and recall of running text by what rules and the model alone need."""
    diary = np.flatnonzero(groups != "")
    truth = data.targets[diary, : len(FAMILIES)]
    odds = np.zeros(truth.shape)
    for fold, (_, held) in enumerate(GroupKFold(FOLDS).split(diary, groups=groups[diary])):
        seen = data.take(np.setdiff1d(np.arange(len(groups)), diary[held]))
        scores = fit_families(seen.joined(JOINED, fold), named)
        odds[held] = running_odds(scores(data.take(diary[held])))
    bare, rule = ~truth.any(axis=1), ruled[diary]
    rows = []
    for low in (-3.0, -2.0, -1.5, -1.0, -0.5, 0.0):
        for high in (-1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 9.0):
            hit = (odds >= low) & rule | (odds >= high)
            both = int((hit & truth).sum())
            clean = 1 - hit[bare].any(axis=1).mean()
            share = (both / max(hit.sum(), 1), both / truth.sum())
            rows.append((low, high, int(hit.sum()), both, *share, clean))
    names = ["rule odds", "model odds", "found", "right", "precision", "recall", "left unmarked"]
    print(pd.DataFrame(rows, columns=names).round(3).to_string(index=False))


def with_examples(table: pd.DataFrame, language: str) -> pd.DataFrame:
    """The sentences of a language with the rules' own examples added."""
    rows = []
    for rule in builtin(language).rules:
        for number, text in enumerate(rule.fires):
            rows.append((f"{rule.id}-fires{number}", text, rule.family, rule.direction))
        for number, text in enumerate(rule.silent):
            rows.append((f"{rule.id}-silent{number}", text, "", ""))
    names = ["id", "text", "markers", "direction_learning"]
    examples = pd.DataFrame(rows, columns=names).drop_duplicates("text")
    examples["direction_advice"], examples["trap"] = examples["direction_learning"], ""
    ours = table[table["language"] == language]
    examples = examples[~examples["text"].isin(ours["text"])]
    return pd.concat([ours[[*names, "direction_advice", "trap"]], examples], ignore_index=True)


def features(texts: list[str], language: str, engine: Engine) -> list[Counter]:
    """Features of sentences by name; must mirror `SentenceModel.score`."""
    table = pd.DataFrame({"entry_id": range(len(texts)), "text": texts, "language": language})
    docs = parse(table)
    batch = engine.segmenter.batch(docs)
    lexicon = engine.lexicon
    bits = [(name, lexicon.bit((name,))) for name in engine.codebook.words]
    starts = batch.doc_starts.tolist()
    found: list[Counter] = []
    for start, end in zip(starts, [*starts[1:], batch.size], strict=True):
        count: Counter = Counter()
        names = [lexicon.forms[row] for row in batch.rows[start:end]]
        stems = [stem(name, language) for name in names]
        count.update(("stem", name) for name in stems)
        count.update(("pair", pair) for pair in zip(stems, stems[1:], strict=False))
        for row in batch.rows[start:end]:
            for name, number in bits:
                if int(lexicon.bits[row, number // 64]) >> (number % 64) & 1:
                    count["class", name] += 1
        count["words"] = [name.lower() for name in names]
        count.update(("gram", gram) for word in count["words"] for gram in grams(word))
        found.append(count)
    seen: set[tuple[int, str, str]] = set()
    for item in engine.candidates(batch):
        if (item.match.sentence, item.rule, item.gate) in seen:
            continue
        seen.add((item.match.sentence, item.rule, item.gate))
        doc, _ = batch.locate(batch.sentence_range(item.match.sentence)[0])
        gate = item.gate or "counted"
        found[doc]["rule", f"{item.rule}:{gate}"] = 1
        found[doc]["rule", f"{item.family}:{gate}"] += 1
        if item.direction:
            found[doc]["rule", f"{item.family}>{item.direction}"] += 1
    for number, places in engine.matcher.weak(batch):
        rule = engine.codebook.rules[number]
        for place in places.tolist():
            doc, _ = batch.locate(batch.sentence_range(place)[0])
            found[doc]["rule", f"{rule.id}:weak"] = 1
    docs_of = np.searchsorted(batch.doc_starts, batch.sentence_starts, side="right") - 1
    sizes = np.diff(np.append(batch.sentence_starts, batch.size))
    sentence = np.repeat(np.arange(len(sizes)), sizes)
    for keys, owner in Roles(lexicon, role_symbols(lexicon)).features(batch, sentence):
        for doc, key in zip(docs_of[owner].tolist(), keys.tolist(), strict=True):
            found[doc]["role", key] += 1
    return found


def frequent(items: list[Counter]) -> list[tuple]:
    """Features that enough sentences hold, sorted."""
    count: Counter = Counter()
    for item in items:
        count.update(key for key in item if key != "words")
    return sorted(key for key, number in count.items() if number >= LEAST.get(key[0], 2))


def matrix(items: list[dict], names: dict) -> csr_matrix:
    """Sparse matrix of features, columns as `names`."""
    rows, columns, values = [], [], []
    for row, item in enumerate(items):
        for key, value in item.items():
            if key in names:
                rows.append(row)
                columns.append(names[key])
                values.append(float(value) * DAMPED.get(key[0], 1.0))
    return csr_matrix((values, (rows, columns)), shape=(len(items), len(names)))


def labels(table: pd.DataFrame) -> np.ndarray:
    """One column an output of the model."""
    targets = np.zeros((len(table), len(OUTPUTS)), dtype=bool)
    for row, item in enumerate(table.itertuples()):
        for marker in filter(None, item.markers.split("|")):
            targets[row, OUTPUTS.index(marker)] = True
        for family in ("learning", "advice"):
            direction = getattr(item, f"direction_{family}")
            if f"{family}:{direction}" in OUTPUTS:
                targets[row, OUTPUTS.index(f"{family}:{direction}")] = True
    return targets


def fit_families(data: Sentences, named: list) -> Callable[[Sentences], np.ndarray]:
    """A function from sentences to scores, columns as OUTPUTS; ``weights`` and ``bias`` on it.

    Families and none as competing classes (a sentence of two families counts half for each), and
    each family apart.
    """
    ruled = is_rule(named)
    seen = data.scaled(ruled)
    places, classes, shares = [], [], []
    for row, flags in enumerate(data.targets[:, : len(FAMILIES)]):
        own = np.flatnonzero(flags).tolist() or [CLASSES.index("none")]
        places += [row] * len(own)
        classes += own
        shares += [data.weight[row] / len(own)] * len(own)
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=500, tol=1e-3)
    model.fit(seen[places], classes, sample_weight=shares)
    weights, bias = np.zeros((len(named), len(OUTPUTS))), np.zeros(len(OUTPUTS))
    weights[:, : len(CLASSES)], bias[: len(CLASSES)] = model.coef_.T, model.intercept_
    for place, family in enumerate(FAMILIES):
        apart = LogisticRegression(
            C=STRENGTH_OWN, class_weight="balanced", solver="liblinear", random_state=0
        )
        apart.fit(seen, data.targets[:, place], sample_weight=data.weight)
        output = OUTPUTS.index(f"own:{family}")
        weights[:, output], bias[output] = apart.coef_[0], apart.intercept_[0]

    def scores(held: Sentences) -> np.ndarray:
        return held.scaled(ruled) @ weights + bias

    scores.weights, scores.bias = weights, bias
    return scores


def is_rule(named: list) -> np.ndarray:
    """Which features are rule hits."""
    return np.array([key[0] == "rule" for key in named])


def fit_direction(data: csr_matrix, target: np.ndarray) -> LogisticRegression:
    """The directions of a family as competing classes, from words, rules and roles."""
    model = LogisticRegression(
        C=STRENGTH_DIRECTION,
        class_weight="balanced",
        max_iter=500,
        tol=1e-3,
    )
    return model.fit(data, target)


def directions(
    seen: csr_matrix, targets: np.ndarray, ours: np.ndarray, named: list
) -> tuple[np.ndarray, np.ndarray]:
    """Weights (features, directions) and intercepts; prints how many are right out of fold."""
    factor = np.array([ROLES_IN_DIRECTION if key[0] == "role" else 1.0 for key in named])
    seen = (seen @ diags(factor)).tocsr()
    weights = np.zeros((seen.shape[1], len(DIRECTED_OUTPUTS)))
    bias = np.full(len(DIRECTED_OUTPUTS), -9.0)
    for family, options in (("learning", LEARNING), ("advice", ADVICE)):
        places = [OUTPUTS.index(f"{family}:{option}") for option in options]
        use = np.flatnonzero(targets[:, places].any(axis=1) & ours)
        target = targets[np.ix_(use, places)].argmax(axis=1)
        right = np.zeros(len(use), dtype=bool)
        for train_rows, held in KFold(5, shuffle=True, random_state=0).split(use):
            model = fit_direction(seen[use[train_rows]], target[train_rows])
            right[held] = model.predict(seen[use[held]]) == target[held]
        print(f"direction of {family}: right {right.mean():.3f} of {len(use)} out of fold")
        model = fit_direction(seen[use], target)
        own = [DIRECTED_OUTPUTS.index(f"{family}:{options[number]}") for number in model.classes_]
        weights[:, own], bias[own] = model.coef_.T, model.intercept_
    return weights * factor[:, None], bias


def threshold(scores: np.ndarray, target: np.ndarray, beta: float) -> tuple[float, tuple]:
    """Log odds above which the model alone counts, by the best F-beta.

    With precision, recall and F1 there.
    """
    best = (-1.0, 2.0, (0.0, 0.0, 0.0))
    for cut in np.arange(-1.5, 2.5, 0.05):
        hit = scores >= cut
        true = (hit & target).sum()
        precision = true / max(hit.sum(), 1)
        recall = true / max(target.sum(), 1)
        both = precision * recall
        value = (1 + beta**2) * both / max(beta**2 * precision + recall, 1e-9)
        if value > best[0]:
            f1 = 2 * both / max(precision + recall, 1e-9)
            best = (value, float(cut), (precision, recall, f1))
    return best[1], best[2]


def all_thresholds(
    odds: np.ndarray, truth: np.ndarray, beta: float
) -> tuple[np.ndarray, pd.DataFrame]:
    """Threshold of every family; what it gives."""
    found = [threshold(odds[:, k], truth[:, k], beta) for k in range(len(FAMILIES))]
    report = pd.DataFrame([result for _, result in found], columns=["precision", "recall", "f1"])
    report.insert(0, "family", FAMILIES)
    return np.array([cut for cut, _ in found]), report


def print_beta(odds: np.ndarray, truth: np.ndarray, trap: np.ndarray, beta: float) -> None:
    """What precision before recall costs, and how many traps it leaves alone."""
    cuts, report = all_thresholds(odds, truth, beta)
    alone = ~(odds >= cuts).any(axis=1)
    traps = (trap != "") & (trap != "plain")
    print(
        f"best F{beta}: precision {report['precision'].mean():.3f}, "
        f"macro F1 {report['f1'].mean():.3f}, "
        f"unmarked left alone {alone[~truth.any(axis=1)].mean():.3f}, "
        f"traps {alone[traps].mean():.3f} of {traps.sum()}"
    )


def train(language: str, cered: Path | None) -> None:
    """Fit, report out of fold, write the model file."""
    table = with_examples(sentences(), language)
    diaries = [diary_sentences(language), running_sentences(language)]
    table = pd.concat([table, *diaries], ignore_index=True)
    engine = Engine(builtin(language), model=False)
    items = features(table["text"].tolist(), language, engine)
    targets = labels(table)
    groups = table["entry"].fillna("").to_numpy(dtype=object)
    weight = np.where(groups != "", DIARY_WEIGHT, 1.0)
    if cered is not None and language == "en":
        real = pd.read_csv(cered / "dev.csv")
        real = real[real["label"].isin(CERED)]
        found = features(real["sentence"].tolist(), "en", engine)
        families = real["label"].map(CERED)
        items, targets, weight, table = with_cered(found, families, items, targets, weight, table)
        groups = np.concatenate([groups, np.full(len(items) - len(groups), "", dtype=object)])
    named = frequent(items)
    names = {key: place for place, key in enumerate(named)}
    data = Sentences(matrix(items, names), lengths(items), targets, weight)
    ours = np.array([not str(i).startswith(("cered", "diary")) for i in table["id"]])
    ruled = np.array([[("rule", f"{name}:counted") in item for name in FAMILIES] for item in items])
    print_running(data, named, groups, ruled)
    families = fit_families(data.joined(JOINED, 0), named)
    coefficients, bias = families.weights, families.bias
    first = OUTPUTS.index(DIRECTED_OUTPUTS[0])
    directed = slice(first, first + len(DIRECTED_OUTPUTS))
    seen = data.scaled(is_rule(named))
    coefficients[:, directed], bias[directed] = directions(seen, targets, ours, named)
    # Held out by writer, who stands before the number of a sentence: new people write otherwise.
    # Diaries, which are only learned from here, by entry.
    writers = table["id"].str.replace(r"^.*-(fires|silent)\d+$", "examples", regex=True)
    writers = np.where(groups != "", groups, writers.str.replace(r"-?\d+$", "", regex=True))
    odds, truth, trap = [], [], []
    folds = GroupKFold(FOLDS).split(targets, groups=writers)
    for fold, (train_rows, held) in enumerate(folds):
        scores = fit_families(data.take(train_rows).joined(JOINED, fold), named)
        rows = held[ours[held]]
        more = data.take(rows).joined(HELD_JOINED, fold)
        odds.append(log_odds(scores(more)))
        truth.append(more.targets[:, : len(FAMILIES)])
        kinds = table["trap"].fillna("").to_numpy(dtype=object)[rows]
        trap.append(np.append(kinds, np.full(len(more.words) - len(rows), "", dtype=object)))
    odds, truth, trap = np.vstack(odds), np.vstack(truth), np.concatenate(trap)
    print(language, len(table), "sentences,", len(names), "features")
    for beta in (1.0, 0.6, 0.5, 0.4):
        print_beta(odds, truth, trap, beta)
    cuts, report = all_thresholds(odds, truth, BETA)
    print(report.round(2).to_string(index=False), "\nmacro F1", round(report["f1"].mean(), 3))
    save(
        PACKAGE / f"model.{language}.npz",
        names,
        coefficients,
        bias,
        {"threshold": cuts.astype(np.float32), "floor": (cuts - DOUBT).astype(np.float32)},
        role_symbols(engine.lexicon),
    )


def lengths(items: list[dict]) -> np.ndarray:
    """Number of tokens of each sentence."""
    return np.array([len(item["words"]) for item in items])


def with_cered(found, families, items, targets, weight, table):
    """Add the sentences found, with the family that each one's code says, '' for none."""
    flags = families.to_numpy()[:, None] == np.array(OUTPUTS)
    ids = pd.DataFrame({"id": [f"cered-{place}" for place in range(len(found))]})
    return (
        items + found,
        np.vstack([targets, flags]),
        np.concatenate([weight, np.full(len(found), CERED_WEIGHT)]),
        pd.concat([table, ids], ignore_index=True),
    )


def train_register(cered: Path) -> None:
    """Fit the register of teaching, report out of fold, write its model file.

    Thresholds and figures rest on CEReD's sentences alone, ours are only learned from. Each fold
    is judged by a threshold of the others; folds are drawn REPEATS times.
    """
    # Folds run side by side instead, and sums come out the same each time.
    torch.set_num_threads(1)
    engine = Engine(builtin("en"), model=False)
    real = pd.read_csv(cered / "dev.csv")
    ours = pd.read_csv(DATA / "school.csv", keep_default_na=False)
    readings = pd.read_csv(DATA / "cered_readings.csv", keep_default_na=False)
    readings = readings.set_index("idx").loc[real["idx"]]
    items = features([*real["sentence"], *ours["text"]], "en", engine)
    known = CODE_TRUST * coded(real["label"]) + (1 - CODE_TRUST) * read(readings)
    written = np.where((ours["code"] != "").to_numpy()[:, None], coded(ours["code"]), read(ours))
    task = RegisterTask(items, np.vstack([known, written]), len(real))
    truth = coded(real["label"]) > 0
    folds = [
        fold
        for seed in range(REPEATS)
        for fold in StratifiedKFold(REGISTER_FOLDS, shuffle=True, random_state=seed).split(
            truth, truth.argmax(axis=1)
        )
    ]
    odds = np.zeros((REPEATS, *truth.shape))
    with Pool(min(4, os.cpu_count() or 1)) as pool:
        for place, found in enumerate(pool.imap(task.held_out, folds)):
            odds[place // REGISTER_FOLDS][folds[place][1]] = found
    hits = np.zeros(odds.shape, dtype=bool)
    for place, (rows, held) in enumerate(folds):
        cut = np.mean([smooth_cuts(each[rows], truth[rows]) for each in odds], axis=0)
        hits[place // REGISTER_FOLDS][held] = odds[place // REGISTER_FOLDS][held] >= cut
    cuts = np.mean([smooth_cuts(each, truth) for each in odds], axis=0)
    both = (hits & truth).sum(axis=1)
    f1 = (2 * both / (hits.sum(axis=1) + truth.sum(axis=0))).mean(axis=0)
    print_register("CEReD, F1 out of fold", f1)
    same = coded(readings["best"]) > 0
    f1 = 2 * (same & truth).sum(axis=0) / (same.sum(axis=0) + truth.sum(axis=0))
    print_register("Second reader's best code", f1)
    every = np.arange(len(items))
    weights, bias = task.fit_linear(every)
    more = {"threshold": cuts.astype(np.float32), "real_codes": task.often}
    more |= network_arrays(task.fit_network(every), task.words)
    path = PACKAGE / "register.en.npz"
    save(path, task.names, weights, bias, more, role_symbols(engine.lexicon))


def print_register(name: str, f1: np.ndarray) -> None:
    """F1 of the codes that stand in for families, and their mean."""
    found = {code: value for code, value in zip(REGISTER, f1, strict=True) if REGISTER[code]}
    each = ", ".join(f"{code} {value:.3f}" for code, value in found.items())
    print(f"{name}: {each}; mean {np.mean(list(found.values())):.3f}")


class RegisterTask:
    """Sentences of the register, real ones first, and what is fitted to some of them."""

    def __init__(self, items: list[Counter], target: np.ndarray, real: int) -> None:
        self.target, self.real = target, real
        named = frequent(items)
        self.names = {key: place for place, key in enumerate(named)}
        none = np.zeros((len(items), 0))
        data = Sentences(matrix(items, self.names), lengths(items), none, np.ones(len(items)))
        self.counts = data.scaled(is_rule(named))
        texts = [[spelled(word) for word in item["words"]] for item in items]
        count = Counter(word for words in texts for word in words)
        self.words = sorted(word for word, number in count.items() if number >= LEAST_WORD)
        number = {word: row for row, word in enumerate(self.words, UNKNOWN + 1)}
        self.rows = [[number.get(word, UNKNOWN) for word in words] for words in texts]
        often = target[:real].sum(axis=0) >= OFTEN
        codes = [k for k, code in enumerate(REGISTER) if REGISTER[code] and often[k]]
        self.often = np.array(codes, dtype=np.int64)

    def held_out(self, fold: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        """Log odds of real sentences held out by models of all others."""
        rows, held = fold
        rows = np.append(rows, np.arange(self.real, len(self.rows)))
        weights, bias = self.fit_linear(rows)
        network = self.fit_network(rows)
        # A word that only held-out sentences hold was never learned.
        seen = {row for place in rows for row in self.rows[place]}
        texts = [[row if row in seen else UNKNOWN for row in self.rows[k]] for k in held]
        return vote(self.counts[held] @ weights + bias, answers(network, texts), self.often)

    def fit_linear(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weights and intercepts of the codes, then of the codes by real sentences alone."""
        weight = np.where(rows < self.real, REAL_WEIGHT, 1.0)
        places, codes, shares = spread(self.target[rows] * weight[:, None])
        model = LogisticRegression(C=STRENGTH, max_iter=300, tol=1e-3)
        models = [model.fit(self.counts[rows[places]], codes, sample_weight=shares)]
        known = rows[rows < self.real]
        for code in self.often:
            own = self.target[known, code]
            places, codes, shares = spread(np.column_stack([1 - own, own]))
            model = LogisticRegression(C=STRENGTH_REAL, solver="liblinear", random_state=0)
            models.append(model.fit(self.counts[known[places]], codes, sample_weight=shares))
        weights = np.vstack([model.coef_ for model in models]).T
        return weights, np.concatenate([model.intercept_ for model in models])

    def fit_network(self, rows: np.ndarray) -> torch.nn.Module:
        """The network of `SentenceNetwork`, fitted to shares of codes."""
        draw = np.random.default_rng(0)
        torch.manual_seed(0)
        network = Network(len(self.words) + UNKNOWN + 1)
        step = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=0.01)
        weight = np.where(np.arange(len(self.rows)) < self.real, NETWORK_REAL_WEIGHT, 1.0)
        mass = (self.target[rows] * weight[rows, None]).sum(axis=0)
        even = torch.tensor(np.sqrt(mass.mean() / mass))
        for epoch in range(EPOCHS):
            step.param_groups[0]["lr"] = RATE * (1 - epoch / EPOCHS)
            order = draw.permutation(rows)
            for start in range(0, len(order), 64):
                some = order[start : start + 64]
                words = padded([self.rows[row] for row in some])
                # Some words are hidden: the network must not hang on one, and learns of unknown.
                words[(draw.random(words.shape) < HIDDEN) & (words != OUTSIDE)] = UNKNOWN
                likely = torch.log_softmax(network(torch.tensor(words)), dim=1)
                wanted = torch.tensor(self.target[some]) * even
                loss = -((wanted * likely).sum(axis=1) * torch.tensor(weight[some])).mean()
                step.zero_grad()
                loss.backward()
                step.step()
        return network.eval()


class Network(torch.nn.Module):
    """As `SentenceNetwork` reads it."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.vectors = torch.nn.Embedding(rows, DIMENSIONS, padding_idx=OUTSIDE)
        torch.nn.init.normal_(self.vectors.weight, std=0.1)
        self.vectors.weight.data[OUTSIDE] = 0
        self.filters = torch.nn.ModuleList(
            torch.nn.Conv1d(DIMENSIONS, FILTERS, width, padding=width // 2) for width in WIDTHS
        )
        self.answer = torch.nn.Linear(len(WIDTHS) * FILTERS, len(REGISTER))

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        """Logits of the codes for rows of words, OUTSIDE behind the shorter ones."""
        drop = torch.nn.functional.dropout
        vectors = drop(self.vectors(words), 0.2, self.training).transpose(1, 2)
        outside = (words == OUTSIDE)[:, None, :]
        strongest = [
            filters(vectors)[:, :, : words.shape[1]].relu().masked_fill(outside, 0).amax(dim=2)
            for filters in self.filters
        ]
        return self.answer(drop(torch.cat(strongest, dim=1), 0.5, self.training))


def padded(texts: list[list[int]]) -> np.ndarray:
    """Rows of words as one array, as wide as the longest text."""
    size = max(max(WIDTHS), *map(len, texts))
    return np.array([text + [OUTSIDE] * (size - len(text)) for text in texts])


def answers(network: Network, texts: list[list[int]]) -> np.ndarray:
    """Logits of a network for texts as rows of words."""
    with torch.no_grad():
        return np.vstack([network(torch.tensor(padded([text]))).numpy() for text in texts])


def network_arrays(network: Network, words: list[str]) -> dict:
    """What `SentenceNetwork` reads."""
    data = {"words": np.array(words)}
    tables = {"vector": network.vectors.weight, "answer": network.answer.weight.T}
    for width, filters in zip(WIDTHS, network.filters, strict=True):
        # From (filters, dimensions, width) to a window's words one after the other.
        tables[f"filter{width}"] = filters.weight.permute(2, 1, 0).reshape(-1, FILTERS)
        data[f"filter{width}_bias"] = filters.bias.detach().numpy()
    for name, table in tables.items():
        data[f"{name}_weights"], data[f"{name}_scale"] = packed(table.detach().numpy())
    return data | {"answer_bias": network.answer.bias.detach().numpy()}


def coded(codes: pd.Series) -> np.ndarray:
    """One row a sentence, one column a code: 1 for its own, zeros where there is none.

    Raises
    ------
    ValueError
        If a code is unknown.
    """
    unknown = set(codes) - {"", *REGISTER}
    if unknown:
        raise ValueError(f"code {min(unknown)!r} is none of {', '.join(REGISTER)}")
    return (codes.to_numpy()[:, None] == np.array(list(REGISTER))).astype(np.float32)


def read(table: pd.DataFrame) -> np.ndarray:
    """Shares of the codes by a second reader; zeros where nobody read.

    The four codes of families as the reader weighed them, in tenths. What is left goes to the best
    code and the second two to one, to one of them where the other is a family's, and evenly to
    all others where both are.
    """
    shares = np.zeros((len(table), len(REGISTER)), dtype=np.float32)
    family = np.array([bool(name) for name in REGISTER.values()])
    for place, code in enumerate(REGISTER):
        if family[place]:
            shares[:, place] = pd.to_numeric(table[code.lower()]).fillna(0) / 10
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1)
    rest = (2 * coded(table["best"]) + coded(table["second"])) * ~family
    rest += (rest.sum(axis=1, keepdims=True) == 0) * ~family
    shares += rest / rest.sum(axis=1, keepdims=True) * (1 - shares.sum(axis=1, keepdims=True))
    return shares * (table["best"] != "").to_numpy()[:, None]


def spread(target: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows, codes and weights: a sentence counts for each code by its share, codes evenly."""
    places, codes = np.nonzero(target)
    balance = target.sum() / (target.shape[1] * target.sum(axis=0))
    return places, codes, target[places, codes] * balance[codes]


def smooth_cuts(odds: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Threshold of each code: the best F1, read off a curve smoothed over SMOOTH either side.

    A code has as few as 31 sentences, so that the bare maximum is mostly chance.
    """
    steps = np.arange(-5, 3, 0.1)
    window = np.ones(2 * SMOOTH + 1)
    cuts = []
    for column, own in zip(odds.T, truth.T, strict=True):
        hit = column[:, None] >= steps
        both = (hit & own[:, None]).sum(axis=0)
        curve = 2 * both / np.maximum(hit.sum(axis=0) + own.sum(), 1)
        mean = np.convolve(curve, window, "same") / np.convolve(np.ones_like(curve), window, "same")
        cuts.append(steps[mean.argmax()])
    return np.array(cuts)


def numbered(pairs: Iterable[tuple], first: dict, second: dict) -> dict[tuple, int]:
    """Pairs whose halves are known, with the number that packs these, ascending."""
    known = {(a, b): first[a] * SPAN + second[b] for a, b in pairs if a in first and b in second}
    return dict(sorted(known.items(), key=itemgetter(1)))


def packed(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights as 8-bit integers with one scale an output."""
    scale = np.abs(values).max(axis=0) / 127 if len(values) else np.ones(values.shape[1])
    scale[scale == 0] = 1
    return np.round(values / scale).astype(np.int8), scale.astype(np.float32)


def save(path, names, coefficients, bias, more, symbols) -> None:
    """Write the arrays that `LinearModel` reads, and `more` of its kind."""
    data = {
        "bias": bias.astype(np.float32),
        "role_symbols": np.array(symbols),
        **more,
    }
    kinds = {kind: [] for kind in ("stem", "pair", "class", "rule", "role", "gram")}
    for key, place in names.items():
        kinds[key[0]].append((key[1], coefficients[place] * DAMPED.get(key[0], 1.0)))
    stems = [name for name, _ in kinds["stem"]]
    data["stems"] = np.array(stems)
    data["grams"] = np.array([name for name, _ in kinds["gram"]])
    data["rules"] = np.array([name for name, _ in kinds["rule"]])
    data["classes"] = np.array([name for name, _ in kinds["class"]])
    data["role_keys"] = np.array([key for key, _ in kinds["role"]], dtype=np.int64)
    for kind in ("stem", "class", "rule", "role", "gram"):
        values = np.array([value for _, value in kinds[kind]])
        data[f"{kind}_weights"], data[f"{kind}_scale"] = packed(values)
    number = {name: i for i, name in enumerate(stems)}
    pairs = dict(kinds["pair"])
    keys = numbered(pairs, number, number)
    data["pair_keys"] = np.array(list(keys.values()), dtype=np.int64)
    values = np.array([pairs[pair] for pair in keys])
    data["pair_weights"], data["pair_scale"] = packed(values)
    np.savez_compressed(path, **data)
    print(path.name, round(path.stat().st_size / 1e6, 2), "MB")


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    for code in ("de", "en"):
        train(code, folder)
    if folder is not None:
        train_register(folder)
