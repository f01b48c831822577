"""Words, labels and coherence of topics."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from reflect.topic_words import (
    _emphasis,
    _nearness,
    count_words,
    npmi,
    shared_words,
    topic_words,
    word_scores,
)
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
    labels, languages = np.array([0, 0, 0, 1, 1] * 3), ["de", "de", "en", "de", "en"] * 3
    first, second = topic_words(csr_matrix(np.array(rows * 3)), names, languages, labels)
    assert first.label == "Suppe · kochen"  # of the language of most texts
    assert [word for word, _ in first.words] == ["Suppe", "kochen", "soup"]
    assert second.label == "Zug"


def test_a_minoritys_words_need_three_texts():
    names = np.array(["Suppe", "soup"], dtype=object)
    rows = np.array([[1, 0]] * 4 + [[0, 1]] * 2 + [[0, 0]] * 6)
    labels, languages = np.repeat([0, 1], 6), ["de"] * 4 + ["en"] * 2 + ["de"] * 3 + ["en"] * 3
    told = topic_words(csr_matrix(rows), names, languages, labels)
    assert [word for word, _ in told[0].words] == ["Suppe"]


def test_words_near_the_centre_come_first():
    # Half of the texts of the first topic are about soup; "stets" is in as many, but everywhere.
    names = np.array(["Suppe", "Stets"], dtype=object)
    counts = csr_matrix(np.array([[1, 0], [1, 0], [1, 1], [0, 1], [0, 0], [0, 1]]))
    labels = np.array([0, 0, 0, 0, 1, 1])
    vectors = np.array([[1, 0], [1, 0], [1, 0], [0.6, 0.8], [0, 1], [0, 1]])
    told = topic_words(counts, names, ["de"] * 6, labels, vectors)
    assert told[0].words[0][0] == "Suppe"
    near = _nearness(counts, labels, vectors)
    assert near[0, 0] > 0.9 > 0.7 > near[0, 1]


def test_words_of_the_topics_fields_count_up_to_twice():
    weight = _emphasis(COUNTS, LABELS, ["food", "food", "travel", ""])
    assert weight.tolist() == [[2, 2, 1, 1], [1, 1, 2, 1]]


def test_labels_prefer_nouns():
    counts = csr_matrix(np.array([[1, 1, 1, 1], [1, 1, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0]]))
    names = np.array(["Brot", "essen", "kochen", "Suppe"], dtype=object)
    told = topic_words(counts, names, ["de"] * 4, LABELS)
    assert told[0].label == "Brot · essen · Suppe"
    assert told[1].label == "–"
    assert np.isnan(told[1].npmi)


def test_a_label_has_no_two_words_that_begin_alike():
    counts = csr_matrix(np.array([[1] * 4, [1] * 4, [0] * 4, [0] * 4]))
    names = np.array(["Aufführung", "Bühne", "aufführen", "spielen"], dtype=object)
    assert topic_words(counts, names, ["de"] * 4, LABELS)[0].label == "Aufführung · Bühne · spielen"


def test_words_of_one_group_come_last():
    counts = csr_matrix(np.array([[1, 1], [1, 1], [1, 1], [0, 0], [0, 0], [0, 0]]))
    names = np.array(["Cricket", "Spiel"], dtype=object)
    labels, languages = np.array([0, 0, 0, 1, 1, 1]), ["de", "de", "en"] * 2
    assert shared_words(counts, ["A", "B", "A"] * 2, languages).tolist() == [True, True]
    # One group in each language: not shared.
    assert shared_words(counts, ["A", "A", "B"] * 2, languages).tolist() == [False, False]
    shared = np.array([False, True])
    told = topic_words(counts, names, ["de"] * 6, labels, shared=shared)
    assert [word for word, _ in told[0].words] == ["Spiel", "Cricket"]


def test_rare_words_are_not_counted():
    vocabulary = Vocabulary({"Zug": "Zug", "Suppe": "Suppe"})
    counts, names = count_words([["Zug"], ["Zug", "Suppe"], ["Uhr"]], vocabulary)
    assert names.tolist() == ["Zug"]
    assert counts.toarray().ravel().tolist() == [1, 1, 0]
    assert count_words([["Uhr"]], vocabulary)[0].shape == (1, 0)
