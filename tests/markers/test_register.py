"""The register of teaching: its models vote, sentence by sentence."""

from __future__ import annotations

import numpy as np
import pytest
from marker_batches import batch_of

from reflect.markers.codebook import builtin
from reflect.markers.engine import Engine
from reflect.markers.model import load_weights
from reflect.markers.network import SentenceNetwork
from reflect.markers.register import NETWORK, REAL, REGISTER, RegisterModel, vote

TEXTS = [
    "The teacher told me that I had explained the new task too fast.",
    "I did not manage to finish the lesson in time.",
    "Zxqw vbnm.",
    "Next time I would like to give the pupils more time for the task.",
]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(builtin("en"), model=False)


def test_linear_model_and_network_vote_against_the_threshold(engine: Engine) -> None:
    model = RegisterModel("en", engine.lexicon)
    batch = batch_of(engine, TEXTS)
    scores = model.score(batch)
    data = load_weights("register.en.npz")
    answers = SentenceNetwork(engine.lexicon, data).score(batch)
    expected = vote(scores, answers, data["real_codes"]) - data["threshold"]
    np.testing.assert_allclose(model.odds(batch, scores), expected, rtol=1e-5)
    assert np.ptp(data["threshold"]) > 0 and np.ptp(answers) > 0


def test_codes_of_plain_cases(engine: Engine) -> None:
    model = RegisterModel("en", engine.lexicon)
    batch = batch_of(engine, TEXTS)
    above = model.odds(batch, model.score(batch)) > 0
    codes = list(REGISTER)
    assert above[0, codes.index("Perspective")]
    assert above[1, codes.index("Difficulty")]
    assert above[3, codes.index("Intention")]


def test_a_batch_gives_what_its_sentences_give(engine: Engine) -> None:
    model = RegisterModel("en", engine.lexicon)
    batch = batch_of(engine, TEXTS)
    together = model.odds(batch, model.score(batch))
    for place, text in enumerate(TEXTS):
        alone = batch_of(engine, [text])
        np.testing.assert_allclose(
            model.odds(alone, model.score(alone))[0], together[place], atol=1e-3
        )


def test_votes_are_a_mean_of_log_odds() -> None:
    size = len(REGISTER)
    scores, network = np.zeros((1, size + 1)), np.zeros((1, size))
    scores[0, size] = 8.0
    network[0, 4] = 3.0
    even, low = np.log(1 / (size - 1)), -np.log(size - 2 + np.exp(3.0))
    odds = vote(scores, network, np.array([2]))
    expected = np.full((1, size), (even + NETWORK * low) / (1 + NETWORK))
    expected[0, 4] = (even + NETWORK * (3.0 - np.log(size - 1))) / (1 + NETWORK)
    expected[0, 2] = (expected[0, 2] + REAL * 8.0) / (1 + REAL)
    assert odds == pytest.approx(expected)
