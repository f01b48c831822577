"""How many topics a corpus bears: where resamples agree and words hang together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.metrics import adjusted_mutual_info_score

from reflect.partition import ensemble, partition
from reflect.topic_words import SHOWN, class_scores, npmi

_CANDIDATES = (4, 5, 6, 7, 8, 10, 12, 14, 17, 20)
#: Entries that a topic needs on average.
_ENTRIES_A_TOPIC = 12
_ENOUGH = 1_000
_RUNS = 6


def count_table(
    vectors: np.ndarray,
    counts: csr_matrix,
    seed: int = 0,
    languages: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Stability and coherence for each number of topics.

    Parameters
    ----------
    vectors : array (texts, dimensions)
    counts : sparse array (texts, words)
        Readable words of the same texts.
    seed : int
    languages : sequence of str, optional
        See `reflect.partition.ensemble`.

    Returns
    -------
    DataFrame
        ``n_topics, stability`` (mean agreement of the groups of six resamples, adjusted mutual
        information), ``coherence`` (mean NPMI of the topics' words) and ``score`` (mean of the two
        after scaling each to mean 0 and deviation 1). Beyond 1,000 texts a sample of them is used.
    """
    sample = np.arange(len(vectors))
    if len(sample) > _ENOUGH:
        sample = np.sort(np.random.default_rng(seed).choice(sample, _ENOUGH, replace=False))
    own = None if languages is None else [languages[i] for i in sample]
    material = ensemble(vectors[sample], _RUNS, seed, languages=own)
    most = max(2, len(sample) // _ENTRIES_A_TOPIC)
    candidates = [count for count in _CANDIDATES if count <= most] or [most]
    rows = []
    for count in candidates:
        found = partition(material, count, seed, starts=3)
        pairs = combinations(found.runs, 2)
        agreement = [adjusted_mutual_info_score(one, other) for one, other in pairs]
        scores = class_scores(counts[sample], found.labels, int(found.labels.max()) + 1)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :SHOWN]
        coherence = np.nanmean([npmi(counts[sample], row) for row in best])
        rows.append((count, round(float(np.mean(agreement)), 4), round(float(coherence), 4)))
    table = pd.DataFrame(rows, columns=["n_topics", "stability", "coherence"])
    table["score"] = (_scaled(table["stability"]) + _scaled(table["coherence"])).round(4) / 2
    return table


def best_count(table: pd.DataFrame) -> int:
    """The number of topics with the highest score, the larger among equals."""
    top = table[table["score"] == table["score"].max()]
    return int(top["n_topics"].max())


def _scaled(values: pd.Series) -> pd.Series:
    spread = values.std(ddof=0)
    return (values - values.mean()) / spread if spread > 0 else values * 0.0
