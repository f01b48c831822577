"""The number of topics."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize

from reflect.topic_count import best_count, candidates, count_table


@pytest.mark.parametrize("entries", [15, 100, 546, 20_000])
def test_candidates_fit_the_corpus(entries):
    found = candidates(entries)
    assert found == sorted(set(found))
    assert 2 <= found[0] <= found[-1] <= max(2, entries // 5)
    assert len(found) <= 7


def test_clear_groups_are_counted():
    random = np.random.default_rng(0)
    labels = np.repeat(np.arange(9), 30)
    vectors = normalize(np.eye(12)[labels] + random.normal(0, 0.12, (270, 12)))
    counts = csr_matrix(np.repeat(np.eye(9)[labels], 4, axis=1))
    table = count_table(vectors, counts)
    assert best_count(table) == 9
    assert (table["agreement"] <= 1).all()


def test_the_larger_number_wins_a_tie():
    assert best_count(pd.DataFrame({"n_topics": [4, 6, 8], "score": [1.0, 1.0, 0.0]})) == 6


def test_a_number_is_found_where_no_word_is_shared():
    random = np.random.default_rng(0)
    vectors = normalize(np.eye(4)[np.repeat(np.arange(4), 10)] + random.normal(0, 0.1, (40, 4)))
    table = count_table(vectors, csr_matrix((40, 0)))
    assert table["coherence"].isna().all() and table["score"].notna().all()
    assert best_count(table) in table["n_topics"].tolist()
