"""Topics that a researcher asks for."""

from __future__ import annotations

import numpy as np
import pytest

from reflect.errors import ReflectError
from reflect.partition import arrange
from reflect.seed_topics import seeded

TEXTS = ["Die Suppe.", "Suppentopf und Brot.", "Der Zug.", "Ein Zug fuhr.", "The soup."]
VECTORS = np.eye(2)[[0, 0, 1, 1, 0]]
LANGUAGES = ["de", "de", "de", "de", "en"]
FOUND = arrange(VECTORS, np.eye(2), [])


def test_a_seed_takes_the_topic_that_is_most_like_it():
    grown, labels = seeded(FOUND, VECTORS, TEXTS, LANGUAGES, {"Reise": ["Zug"]})
    assert grown.labels.tolist() == [0, 0, 1, 1, 0]
    assert labels == {1: "Reise"}


def test_seeds_reach_compounds_and_the_other_language():
    grown, labels = seeded(
        FOUND, VECTORS, TEXTS, LANGUAGES, {"Essen": ["soup"], "Reise": ["train"]}
    )
    assert labels == {0: "Essen", 1: "Reise"}
    assert grown.labels.tolist() == [0, 0, 1, 1, 0]


@pytest.mark.parametrize(
    ("seeds", "message"),
    [
        ({"Mond": ["Rakete"]}, "'Mond': give other words"),
        ({"Mond": ["und"]}, "'Mond': give other words"),
        ({name: ["Zug"] for name in "abc"}, "3 seed topics for 2 topics"),
    ],
)
def test_seeds_that_cannot_be(seeds, message):
    with pytest.raises(ReflectError, match=message):
        seeded(FOUND, VECTORS, TEXTS, LANGUAGES, seeds)
