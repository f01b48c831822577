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
#: Share of a topic's texts from which a language shows at least three words.
_WORTH_WORDS = 0.1
#: Texts in which a word must occur, in corpora that are not small.
_FEW, _SMALL = 3, 100


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
    counts: csr_matrix,
    names: np.ndarray,
    languages: Sequence[str],
    labels: np.ndarray,
) -> list[TopicWords]:
    """Words of each topic, found apart for each language.

    Parameters
    ----------
    counts, names
        From `count_words`.
    languages, labels
        One value a text; label -1 is left out.

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
    found: list[list[tuple[str, float]]] = [[] for _ in range(topics)]
    named: list[list[str]] = [[] for _ in range(topics)]
    coherence = np.zeros((topics, 2))
    for code, shares in _language_shares(codes, labels, topics).items():
        own = np.flatnonzero((codes == code) & (labels >= 0))
        part = counts[own]
        scores = class_scores(part, labels[own], topics)
        for topic, share in enumerate(shares):
            best = [i for i in np.argsort(-scores[topic], kind="stable")[:SHOWN] if scores[topic, i]]
            size = round(SHOWN * share)
            size = max(size, _LABEL) if share >= _WORTH_WORDS else size
            if not size or not best:
                continue
            found[topic].extend((str(names[i]), float(scores[topic, i])) for i in best[:size])
            named[topic].append(" · ".join(_label_words([str(names[i]) for i in best])))
            value = npmi(part, best)
            if np.isfinite(value):
                coherence[topic] += share * np.array([value, 1.0])
    return [
        TopicWords(
            words, " / ".join(parts) or "–", round(total / weight, 4) if weight else float("nan")
        )
        for words, parts, (total, weight) in zip(found, named, coherence.tolist(), strict=True)
    ]


def count_words(
    tokens: Sequence[Sequence[str]], vocabulary: Vocabulary
) -> tuple[csr_matrix, np.ndarray]:
    """Counts (texts, words) and the words; those in very few texts are left out."""
    counter = CountVectorizer(analyzer=vocabulary.read)
    try:
        counts = counter.fit_transform(tokens).tocsc()
    except ValueError:  # not a single word
        return csr_matrix((len(tokens), 0)), np.array([], dtype=object)
    few = _FEW if len(tokens) >= _SMALL else 2
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
