"""Words, labels and coherence of topics."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from reflect.topic_words import count_words, npmi, topic_words, word_scores
from reflect.vocabulary import Vocabulary

COUNTS = csr_matrix(
    np.array(
        [  # soup pot train the
            [1, 1, 0, 1],
            [2, 1, 0, 1],
            [0, 0, 1, 1],
            [0, 0, 3, 1],
        ]
    )
)
NAMES = np.array(["Suppe", "Topf", "Zug", "stets"], dtype=object)
LABELS = np.array([0, 0, 1, 1])


def test_a_words_score_is_its_part_in_the_divergence():
    scores = word_scores(COUNTS, LABELS, 2)
    assert scores[0].tolist() == pytest.approx([np.log(2), np.log(2), 0, 0], abs=1e-6)
    assert scores[1].tolist() == pytest.approx([0, 0, np.log(2), 0], abs=1e-6)


def test_outliers_are_left_out():
    scores = word_scores(COUNTS, np.array([0, 0, 1, -1]), 2)
    assert scores[1, 2] == pytest.approx(np.log(3), abs=1e-6)


@pytest.mark.parametrize(
    ("chosen", "value"),
    [([0, 1], 1.0), ([0, 2], -1.0), ([0, 3], 0.0)],
)
def test_npmi(chosen, value):
    assert npmi(COUNTS, chosen) == pytest.approx(value)
    assert np.isnan(npmi(COUNTS, chosen[:1]))


def test_languages_are_told_apart():
    names = np.array(["Suppe", "kochen", "Zug", "soup", "train"], dtype=object)
    rows = [[1, 1, 0, 0, 0], [1, 1, 0, 0, 0], [0, 0, 0, 1, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 1]]
    labels, languages = np.array([0, 0, 0, 1, 1] * 2), ["de", "de", "en", "de", "en"] * 2
    first, second = topic_words(csr_matrix(np.array(rows * 2)), names, languages, labels)
    assert first.label == "Suppe · kochen / soup"
    assert [word for word, _ in first.words] == ["Suppe", "kochen", "soup"]
    assert second.label == "Zug / train"


def test_labels_prefer_nouns():
    counts = csr_matrix(np.array([[1, 1, 1, 1], [1, 1, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0]]))
    names = np.array(["Brot", "essen", "kochen", "Suppe"], dtype=object)
    told = topic_words(counts, names, ["de"] * 4, LABELS)
    assert told[0].label == "Brot · essen · Suppe"
    assert told[1].label == "–"
    assert np.isnan(told[1].npmi)


def test_rare_words_are_not_counted():
    vocabulary = Vocabulary({"Zug": "Zug", "Suppe": "Suppe"})
    counts, names = count_words([["Zug"], ["Zug", "Suppe"], ["Uhr"]], vocabulary)
    assert names.tolist() == ["Zug"]
    assert counts.toarray().ravel().tolist() == [1, 1, 0]
    assert count_words([["Uhr"]], vocabulary)[0].shape == (1, 0)
