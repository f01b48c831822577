"""The network of the register: what NumPy answers is what its filters say, word by word."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
import torch
from marker_batches import batch_of

from reflect.markers import network
from reflect.markers.clauses import Batch
from reflect.markers.codebook import builtin
from reflect.markers.engine import Engine
from reflect.markers.network import OUTSIDE, UNKNOWN, WIDTHS, SentenceNetwork
from reflect.markers.stems import spelled

TEXTS = [
    "The teacher told me that I was too fast. I was surprised!",
    "Zxqw.",
    "Next time I will give them more time, and I will wait.",
    "No.",
]
TRAINING = Path(__file__).parents[1] / "evaluation" / "train_markers.py"
WORDS = ["the", "teacher", "i", "was", "will", "time", "me", "."]
DIMENSIONS, FILTERS, OUTPUTS = 4, 3, 2


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(builtin("en"), model=False)


@pytest.fixture(scope="module")
def training() -> ModuleType:
    spec = importlib.util.spec_from_file_location("train_markers", TRAINING)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def data() -> dict[str, np.ndarray]:
    draw = np.random.default_rng(3)

    def table(name: str, rows: int, columns: int) -> dict[str, np.ndarray]:
        return {
            f"{name}_weights": draw.integers(-127, 128, (rows, columns)).astype(np.int8),
            f"{name}_scale": draw.uniform(0.01, 0.02, columns).astype(np.float32),
        }

    arrays = {"words": np.array(WORDS), "answer_bias": np.array([0.5, -0.5], dtype=np.float32)}
    arrays |= table("vector", len(WORDS) + UNKNOWN + 1, DIMENSIONS)
    arrays["vector_weights"][OUTSIDE] = 0
    for width in WIDTHS:
        arrays |= table(f"filter{width}", width * DIMENSIONS, FILTERS)
        arrays[f"filter{width}_bias"] = draw.normal(size=FILTERS).astype(np.float32)
    return arrays | table("answer", len(WIDTHS) * FILTERS, OUTPUTS)


def _sentences(engine: Engine, batch: Batch) -> list[list[str]]:
    words = [spelled(engine.lexicon.forms[row]) for row in batch.rows]
    bounds = [*batch.sentence_starts, batch.size]
    return [words[i:j] for i, j in zip(bounds, bounds[1:], strict=False)]


def _rows(words: list[str]) -> list[int]:
    place = {word: row for row, word in enumerate(WORDS, UNKNOWN + 1)}
    return [place.get(word, UNKNOWN) for word in words]


def _by_hand(words: list[str], data: dict[str, np.ndarray]) -> np.ndarray:
    vectors = data["vector_weights"] * data["vector_scale"]
    rows = _rows(words)
    found = []
    for width in WIDTHS:
        filters = data[f"filter{width}_weights"] * data[f"filter{width}_scale"]
        best = np.zeros(FILTERS)
        for start in range(len(rows)):
            answer = data[f"filter{width}_bias"].astype(float)
            for step in range(width):
                at = start + step - width // 2
                if 0 <= at < len(rows):
                    weights = filters[step * DIMENSIONS : (step + 1) * DIMENSIONS]
                    answer = answer + vectors[rows[at]] @ weights
            best = np.maximum(best, answer)
        found.append(best)
    answer = data["answer_weights"] * data["answer_scale"]
    return np.concatenate(found) @ answer + data["answer_bias"]


@pytest.mark.parametrize("block", [1, 7, 4096])
def test_answers_are_those_of_each_sentence_by_hand(
    engine: Engine, data: dict[str, np.ndarray], block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "_BLOCK", block)
    batch = batch_of(engine, TEXTS)
    sentences = _sentences(engine, batch)
    assert len(sentences) == 5 and any("i" in words for words in sentences)
    expected = np.array([_by_hand(words, data) for words in sentences])
    assert np.ptp(expected, axis=0).min() > 0.01
    found = SentenceNetwork(engine.lexicon, data).score(batch)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_words_met_in_a_later_batch_are_known(engine: Engine, data: dict[str, np.ndarray]) -> None:
    later = SentenceNetwork(engine.lexicon, data)
    later.score(batch_of(engine, TEXTS[:1]))
    batch = batch_of(engine, ["Whatever the teacher will say about blackboards."])
    at_once = SentenceNetwork(engine.lexicon, data).score(batch)
    np.testing.assert_array_equal(later.score(batch), at_once)


def test_both_kinds_of_apostrophe_are_one_word(engine: Engine, data: dict[str, np.ndarray]) -> None:
    known = data | {"words": np.array([*WORDS[:-1], "n't"])}
    model = SentenceNetwork(engine.lexicon, known)
    straight, curly, unknown = (
        model.score(batch_of(engine, [text]))
        for text in ("I didn't wait.", "I didn’t wait.", "I did, wait.")
    )
    np.testing.assert_array_equal(straight, curly)
    assert np.abs(straight - unknown).max() > 0.01


def test_the_package_answers_as_the_network_that_was_trained(
    engine: Engine, training: ModuleType
) -> None:
    torch.manual_seed(1)
    trained = training.Network(len(WORDS) + UNKNOWN + 1).eval()
    torch.nn.init.normal_(trained.vectors.weight[OUTSIDE + 1 :])
    batch = batch_of(engine, TEXTS)
    texts = [_rows(words) for words in _sentences(engine, batch)]
    arrays = training.network_arrays(trained, WORDS)
    found = SentenceNetwork(engine.lexicon, arrays).score(batch)
    expected = training.answers(trained, texts)
    assert np.median(np.ptp(expected, axis=0)) > 0.1
    # Weights of 8 bits are that exact.
    np.testing.assert_allclose(found, expected, atol=0.03)


def test_an_unknown_code_stops_the_training(training: ModuleType) -> None:
    with pytest.raises(ValueError, match="code 'Learnin' is none of Learning"):
        training.coded(pd.Series(["Learning", "", "Learnin"]))
