"""The register of teaching: its votes are what its words say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reflect.markers.codebook import builtin
from reflect.markers.engine import Engine
from reflect.markers.model import SPAN, load_weights
from reflect.markers.register import REAL, REGISTER, RegisterModel, vote
from reflect.markers.stems import stem
from reflect.text import parse

TEXTS = [
    "The teacher told me that I had explained the new task too fast.",
    "I did not manage to finish the lesson in time.",
    "Zxqw vbnm.",
    "Next time I would like to give the pupils more time for the task.",
]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(builtin("en"), model=False)


def _batch(engine: Engine, texts: list[str]):
    entries = pd.DataFrame({"entry_id": range(len(texts)), "text": texts, "language": "en"})
    return engine.segmenter.batch(parse(entries))


def _by_hand(text: str, engine: Engine) -> tuple[np.ndarray, int]:
    """Sum over known words, pairs and triples, at unit length; how many triples are known."""
    data = load_weights("register.en.npz")
    batch = _batch(engine, [text])
    number = {name: place for place, name in enumerate(data["stems"].tolist())}
    known = [number.get(stem(engine.lexicon.forms[row], "en"), -1) for row in batch.rows]
    pairs = {key: place for place, key in enumerate(data["pair_keys"].tolist())}
    triples = {key: place for place, key in enumerate(data["triple_keys"].tolist())}
    found = [("stem", word) for word in known if word >= 0]
    for first, second in zip(known, known[1:], strict=False):
        if min(first, second) >= 0:
            found.append(("pair", pairs.get(first * SPAN + second)))
    for first, second, third in zip(known, known[1:], known[2:], strict=False):
        if min(first, second, third) >= 0:
            pair = pairs.get(first * SPAN + second, -1)
            found.append(("triple", triples.get(pair * SPAN + third)))
    total, square = np.zeros(len(REGISTER)), 0.0
    for kind, place in found:
        if place is not None:
            rare = float(data[f"{kind}_rarity"][place])
            total += data[f"phrase_{kind}_weights"][place] * data[f"phrase_{kind}_scale"] * rare
            square += rare**2
    count = sum(kind == "triple" and place is not None for kind, place in found)
    return total / np.sqrt(square or 1.0) + data["phrase_bias"], count


def test_phrases_are_weighed_by_rarity_and_brought_to_unit_length(engine: Engine) -> None:
    model = RegisterModel("en", engine.lexicon)
    batch = _batch(engine, TEXTS)
    scores = model.score(batch)
    expected = [_by_hand(text, engine) for text in TEXTS]
    assert sum(count for _, count in expected) > 5
    real = load_weights("register.en.npz")["real_codes"]
    odds = vote(scores, np.array([value for value, _ in expected]), real) - model.threshold
    np.testing.assert_allclose(model.odds(batch, scores), odds, rtol=1e-3, atol=1e-3)


def test_codes_of_plain_cases(engine: Engine) -> None:
    model = RegisterModel("en", engine.lexicon)
    batch = _batch(engine, TEXTS)
    above = model.odds(batch, model.score(batch)) > 0
    codes = list(REGISTER)
    assert above[0, codes.index("Perspective")]
    assert above[1, codes.index("Difficulty")]
    assert above[3, codes.index("Intention")]


def test_a_batch_gives_what_its_sentences_give(engine: Engine) -> None:
    model = RegisterModel("en", engine.lexicon)
    batch = _batch(engine, TEXTS)
    together = model.odds(batch, model.score(batch))
    for place, text in enumerate(TEXTS):
        alone = _batch(engine, [text])
        np.testing.assert_allclose(
            model.odds(alone, model.score(alone))[0], together[place], atol=1e-3
        )


def test_votes_are_a_mean_of_log_odds() -> None:
    size = len(REGISTER)
    scores = np.zeros((1, size + 1))
    scores[0, size] = 8.0
    even = np.log(1 / (size - 1))
    odds = vote(scores, scores[:, :size], np.array([2]))
    expected = np.full((1, size), even)
    expected[0, 2] = (even + REAL * 8.0) / (1 + REAL)
    assert odds == pytest.approx(expected)
