"""Words of topics: which they are, how well they hang together, and a label made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from reflect.vocabulary import Vocabulary

SHOWN = 10
_LABEL = 3


class TopicWords(NamedTuple):
    """Words of one topic.

    Attributes
    ----------
    words : list of (str, float)
        The best words with their scores, language by language.
    label : str
        Three words a language, the languages apart by a slash.
    npmi : float
        Coherence of the words; nan where it cannot be told.
    """

    words: list[tuple[str, float]]
    label: str
    npmi: float


def topic_words(
    texts: Sequence[str],
    languages: Sequence[str],
    labels: np.ndarray,
    vocabulary: Vocabulary,
) -> list[TopicWords]:
    """Words of each topic, found apart for each language.

    Parameters
    ----------
    texts, languages, labels
        One value a text; label -1 is left out.
    vocabulary : Vocabulary

    Returns
    -------
    list of TopicWords
        One a topic.

    Notes
    -----
    Scores are BERTopic's class-based TF-IDF with square-rooted frequencies (Grootendorst 2022);
    coherence is NPMI (Bouma 2009) over pairs of words that occur in the same text.
    """
    codes = np.asarray(list(languages), dtype=object)
    topics = int(labels.max()) + 1
    shares = _language_shares(codes, labels, topics)
    found: list[list[tuple[str, float]]] = [[] for _ in range(topics)]
    label_parts: list[list[str]] = [[] for _ in range(topics)]
    coherence = np.zeros((topics, 2))
    for code in shares:
        own = np.flatnonzero((codes == code) & (labels >= 0))
        counts, names = count_words([texts[i] for i in own], vocabulary)
        if not len(names):
            continue
        scores = class_scores(counts, labels[own], topics)
        for topic in range(topics):
            share = shares[code][topic]
            size = round(SHOWN * share) if share < 1 else SHOWN
            size = max(size, 3) if share >= 0.1 else size
            best = [i for i in np.argsort(-scores[topic], kind="stable")[:SHOWN] if scores[topic, i] > 0]
            if not size or not best:
                continue
            found[topic].extend((str(names[i]), float(scores[topic, i])) for i in best[:size])
            label_parts[topic].append(" · ".join(_label_words([str(names[i]) for i in best])))
            coherence[topic] += share * np.array([npmi(counts, best), 1.0])
    return [
        TopicWords(
            words,
            " / ".join(parts) or "–",
            round(float(total / weight), 4) if weight and np.isfinite(total) else float("nan"),
        )
        for words, parts, (total, weight) in zip(found, label_parts, coherence, strict=True)
    ]


def count_words(texts: Sequence[str], vocabulary: Vocabulary) -> tuple[csr_matrix, np.ndarray]:
    """Counts (texts, words) and the words, those in very few texts left out."""
    few = 3 if len(texts) >= 100 else 2
    counter = CountVectorizer(analyzer=vocabulary)
    try:
        counts = counter.fit_transform(texts).tocsc()
    except ValueError:  # no word at all
        return csr_matrix((len(texts), 0)), np.array([])
    kept = np.flatnonzero(np.diff(counts.indptr) >= few)
    return counts[:, kept].tocsr(), counter.get_feature_names_out()[kept]


def class_scores(counts: csr_matrix, labels: np.ndarray, topics: int) -> np.ndarray:
    """Class-based TF-IDF (topics, words), as BERTopic's with ``reduce_frequent_words=True``."""
    inside = np.flatnonzero(labels >= 0)
    member = csr_matrix((np.ones(len(inside)), (labels[inside], inside)), (topics, len(labels)))
    totals = (member @ counts).tocsr()
    average = int(totals.sum(axis=1).mean())
    rarity = np.log1p(average / np.maximum(np.asarray(totals.sum(axis=0)).ravel(), 1))
    return np.round((normalize(totals, norm="l1").sqrt() @ diags(rarity)).toarray(), 6)


def npmi(counts: csr_matrix, chosen: Sequence[int]) -> float:
    """Mean normalised pointwise mutual information of the chosen words' pairs, -1 to 1."""
    if len(chosen) < 2:
        return float("nan")
    present = (counts[:, list(chosen)] > 0).astype(float).toarray()
    together = present.T @ present / len(present)
    alone = np.diag(together)
    first, second = np.triu_indices(len(chosen), 1)
    joint = together[first, second]
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.log(joint / (alone[first] * alone[second])) / -np.log(joint)
    values[joint <= 0] = -1
    values[joint >= 1] = 1
    return float(values.mean())


def _language_shares(codes: np.ndarray, labels: np.ndarray, topics: int) -> dict[str, np.ndarray]:
    sizes = np.maximum(np.bincount(labels[labels >= 0], minlength=topics), 1)
    order = sorted(set(codes), key=lambda code: (-(codes == code).sum(), code))
    return {
        code: np.bincount(labels[(labels >= 0) & (codes == code)], minlength=topics) / sizes
        for code in order
    }


def _label_words(best: list[str]) -> list[str]:
    """Three words, nouns first where the language marks them by a capital."""
    nouns = [word for word in best if word[:1].isupper()]
    chosen = set((nouns + [word for word in best if word not in nouns])[:_LABEL])
    return [word for word in best if word in chosen]
