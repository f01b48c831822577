"""A small linear model over words, their letters, word pairs, word classes and rule hits.

Rules say what a marker looks like; the model weighs what no rule names. It is the mean of a
multinomial logistic regression over the families and "none" (families compete for a sentence)
and of one logistic regression a family (a sentence may carry several), with one more for each
direction, trained on sentences written for this project
(``tests/evaluation/train_markers.py``), stored as plain numbers and applied as sums over
tokens, so that a batch costs a few array operations.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from reflect.markers.clauses import Batch
from reflect.markers.codebook import FAMILIES
from reflect.markers.lexicon import Lexicon
from reflect.markers.roles import Roles
from reflect.markers.stems import stem

LEARNING = ("from_partner", "to_partner", "mutual", "from_other", "unspecified")
ADVICE = ("received", "given", "received_other")
CLASSES = (*FAMILIES, "none")
DIRECTED_OUTPUTS = (
    *(f"learning:{direction}" for direction in LEARNING),
    *(f"advice:{direction}" for direction in ADVICE),
)
OUTPUTS = (*CLASSES, *DIRECTED_OUTPUTS, *(f"own:{family}" for family in FAMILIES))
_OWN = len(OUTPUTS) - len(FAMILIES)
# Sums over words are scaled by (USUAL_WORDS / words) ** LENGTH_POWER: a long sentence has more
# words that speak for something by chance.
USUAL_WORDS = 16
LENGTH_POWER = 0.25
GRAMS = (4,)
# Two operating points. An entry of up to RUNNING_FROM sentences was selected by somebody: the
# model's balanced classes fit. In running text each family is rare; the class posteriors are
# moved to these shares (Saerens, Latinne & Decaestecker 2002, Neural Computation 14) and a
# sentence must reach RULE_ODDS where a rule speaks for the family, MODEL_ODDS where none does
# (precision before recall on whole diaries, out of fold: tests/evaluation/train_markers.py).
RUNNING_FROM = 3
RUNNING_SHARE = 0.015
RULE_ODDS = -0.5
MODEL_ODDS = 0.0
_SURE = 1e-6
# Numbers of a pair of words are packed in one: first * SPAN + second.
SPAN = 1 << 20


@lru_cache(maxsize=3)
def load_weights(name: str) -> dict[str, np.ndarray]:
    """Arrays of a model file of the package, such as model.de.npz.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    """
    source = resources.files("reflect.markers") / name
    with resources.as_file(source) as path, np.load(path, allow_pickle=False) as data:
        return {name: data[name] for name in data.files}


class LinearModel:
    """Scores the sentences of a batch with the weights of its features.

    Parameters
    ----------
    language : str
        de or en.
    lexicon : Lexicon
        Of the codebook in use; its classes carry weights, too.
    data : dict of arrays
        As :func:`load_weights` gives them.
    """

    def __init__(self, language: str, lexicon: Lexicon, data: dict[str, np.ndarray]) -> None:
        self.language = language
        self.lexicon = lexicon
        self.bias = data["bias"].astype(np.float32)
        self._stems = {name: i for i, name in enumerate(data["stems"].tolist())}
        self._stem_weights = rescale(data, "stem")
        self._grams = {name: i for i, name in enumerate(data["grams"].tolist())}
        self._gram_weights = rescale(data, "gram")
        # A hash table finds pairs three times faster than a binary search.
        self._pair_keys = pd.Index(data["pair_keys"])
        self._pair_weights = rescale(data, "pair")
        self._roles = Roles(lexicon, data["role_symbols"].tolist())
        self._role_weights = rescale(data, "role")
        # Roles are few enough for a table of all their pairs and triples: no search at all.
        self._role_places = np.full(self._roles.size, -1, dtype=np.int32)
        self._role_places[data["role_keys"]] = np.arange(len(data["role_keys"]))
        self._rules = dict(zip(data["rules"].tolist(), rescale(data, "rule"), strict=True))
        self._added: dict[tuple[str, str, str], np.ndarray | None] = {}
        self._classes = [
            (lexicon.bit((name,)), row)
            for name, row in zip(data["classes"].tolist(), rescale(data, "class"), strict=True)
            if name in lexicon.words
        ]
        self._form_weights = np.zeros((0, len(self.bias)), dtype=np.float32)
        self._stem_ids = np.zeros(0, dtype=np.int64)

    def score(self, batch: Batch) -> np.ndarray:
        """Logits before rule hits, one row a sentence, one column an output."""
        self._grow()
        starts = batch.sentence_starts
        bounds = np.append(starts, batch.size)
        lengths = np.diff(bounds)
        scores = sums_within(bounds, batch.rows, self._form_weights)
        sentence = np.repeat(np.arange(len(starts)), lengths)
        second, pairs = self._pairs(batch)
        add_at(scores, pairs, sentence[second], self._pair_weights)
        for keys, owner in self._roles.features(batch, sentence):
            add_at(scores, self._role_places[keys], owner, self._role_weights)
        scores *= length_scale(lengths)[:, None]
        scores += self.bias
        return scores

    def _pairs(self, batch: Batch) -> tuple[np.ndarray, np.ndarray]:
        """Second tokens of pairs of known words in a sentence; numbers of the pairs, -1 unknown."""
        within = np.ones(batch.size, dtype=bool)
        within[batch.sentence_starts] = False
        stems = self._stem_ids[batch.rows]
        second = np.flatnonzero(within[1:] & (stems[1:] >= 0) & (stems[:-1] >= 0)) + 1
        keys = stems[second - 1] * SPAN + stems[second]
        return second, self._pair_keys.get_indexer(keys)

    def rule_weights(
        self, rule: str, family: str, gate: str, direction: str = ""
    ) -> np.ndarray | None:
        """What a rule hit adds to the logits, None if the model does not know the rule."""
        key = (rule, gate, direction)
        if key not in self._added:
            names = [f"{rule}:{gate or 'counted'}"]
            if gate != "weak":
                names += [f"{family}:{gate or 'counted'}", f"{family}>{direction}"]
            known = [self._rules[name] for name in names if name in self._rules]
            self._added[key] = sum(known[1:], known[0]) if known else None
        return self._added[key]

    def add_weak(self, scores: np.ndarray, rule: str, family: str, sentences: np.ndarray) -> None:
        """Add a weak rule's weight to the sentences in which it holds."""
        added = self.rule_weights(rule, family, "weak")
        if added is not None and len(sentences):
            scores[sentences] += added

    def cue(self, batch: Batch, start: int, end: int, output: int) -> int:
        """The token of a sentence that speaks most for an output."""
        return start + int(np.argmax(self._form_weights[batch.rows[start:end], output]))

    def _grow(self) -> None:
        """Work out weights and ids of forms the lexicon has met since the last batch."""
        known, forms = len(self._stem_ids), self.lexicon.forms
        if known == len(forms):
            return
        stems = [stem(form, self.language) for form in forms[known:]]
        ids = np.array([self._stems.get(name, -1) for name in stems], dtype=np.int64)
        weights = self._stem_weights[np.maximum(ids, 0)] * (ids >= 0)[:, None]
        self._add_grams(weights, [form.lower() for form in forms[known:]])
        bits = self.lexicon.bits[known : len(forms)]
        for number, row in self._classes:
            member = bits[:, number // 64] >> np.uint64(number % 64) & np.uint64(1) > 0
            weights[member] += row
        self._stem_ids = np.concatenate([self._stem_ids, ids])
        self._form_weights = np.concatenate([self._form_weights, weights.astype(np.float32)])

    def _add_grams(self, weights: np.ndarray, words: list[str]) -> None:
        """Add the weights of the letter sequences that each word holds."""
        owner, place = [], []
        for row, word in enumerate(words):
            found = [self._grams[gram] for gram in grams(word) if gram in self._grams]
            owner += [row] * len(found)
            place += found
        if owner:
            first = np.flatnonzero(np.diff(owner, prepend=-1))
            sums = np.add.reduceat(self._gram_weights[place], first, axis=0)
            weights[np.asarray(owner)[first]] += sums


class SentenceModel(LinearModel):
    """The model of the families and their directions, columns of scores as OUTPUTS."""

    def __init__(self, language: str, lexicon: Lexicon) -> None:
        data = load_weights(f"model.{language}.npz")
        super().__init__(language, lexicon, data)
        self.threshold = data["threshold"].astype(np.float32)
        self.floor = data["floor"].astype(np.float32)


def grams(word: str) -> list[str]:
    """Letter sequences of a word with its edges marked; compounds and inflections share them.

    Examples
    --------
    >>> grams("mut")
    ['_mut', 'mut_']
    """
    edged = f"_{word}_"
    return [edged[i : i + n] for n in GRAMS for i in range(len(edged) - n + 1)]


def add_at(
    scores: np.ndarray, places: np.ndarray, sentence: np.ndarray, weights: np.ndarray
) -> None:
    """Add the weights at some places, -1 for none, to their sentences, which ascend."""
    known = np.flatnonzero(places >= 0)
    counts = np.bincount(sentence[known], minlength=len(scores))
    scores += sums_within(np.append(0, np.cumsum(counts)), places[known], weights)


def sums_within(bounds: np.ndarray, rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Sums of weights over the rows that lie between bounds, one sum a sentence.

    A sparse product adds them up in order without a copy of the weights for every token.
    """
    ones = np.ones(len(rows), dtype=np.float32)
    shape = (len(bounds) - 1, len(weights))
    return csr_matrix((ones, rows, bounds), shape=shape) @ weights


def length_scale(words: np.ndarray) -> np.ndarray:
    """Factor for the sums over sentences of so many words."""
    return ((USUAL_WORDS / np.maximum(words, 1)) ** LENGTH_POWER).astype(np.float32)


def log_odds(scores: np.ndarray) -> np.ndarray:
    """Log odds of each family from the scores of `SentenceModel.score` with rule hits added.

    Examples
    --------
    >>> import numpy as np
    >>> float(log_odds(np.zeros((1, len(OUTPUTS)))).round(2)[0, 0])
    -1.32
    """
    competing = class_odds(scores[:, : len(CLASSES)])[:, : len(FAMILIES)]
    return (competing + scores[:, _OWN:]) / 2


def running_odds(scores: np.ndarray) -> np.ndarray:
    """Log odds of each family with the prior of running text.

    Every family gets the prior RUNNING_SHARE in place of the balanced one (Saerens, Latinne &
    Decaestecker 2002).

    Examples
    --------
    >>> import numpy as np
    >>> float(running_odds(np.zeros((1, len(OUTPUTS)))).round(2)[0, 0])
    -4.18
    """
    prior = np.full(len(CLASSES), RUNNING_SHARE)
    prior[-1] = 1 - RUNNING_SHARE * len(FAMILIES)
    moved = scores[:, : len(CLASSES)] + np.log(prior * len(CLASSES))
    competing = class_odds(moved)[:, : len(FAMILIES)]
    own = scores[:, _OWN:] + np.log(RUNNING_SHARE / (1 - RUNNING_SHARE))
    return (competing + own) / 2


def class_odds(logits: np.ndarray) -> np.ndarray:
    """Log odds of each of some competing classes, columns as the logits."""
    share = np.exp(logits - logits.max(axis=1, keepdims=True))
    share = np.clip(share / share.sum(axis=1, keepdims=True), _SURE, 1 - _SURE)
    return np.log(share / (1 - share))


def rescale(data: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Weights as stored: 8-bit integers and one scale an output."""
    return data[f"{name}_weights"].astype(np.float32) * data[f"{name}_scale"]
