"""Words of topics: which they are, how well they hang together, and a label made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer

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
    Scores are those of `word_scores`; coherence is NPMI (Bouma 2009) over pairs of words that occur
    in the same text.
    """
    codes = np.asarray(list(languages), dtype=object)
    topics = int(labels.max()) + 1
    found: list[list[tuple[str, float]]] = [[] for _ in range(topics)]
    named: list[list[str]] = [[] for _ in range(topics)]
    coherence = np.zeros((topics, 2))
    language_shares = _language_shares(codes, labels, topics)
    sizes = _widths(language_shares)
    for code, shares in language_shares.items():
        own = np.flatnonzero((codes == code) & (labels >= 0))
        part = counts[own]
        scores = word_scores(part, labels[own], topics)
        for topic, share in enumerate(shares):
            best = [
                i for i in np.argsort(-scores[topic], kind="stable")[:SHOWN] if scores[topic, i]
            ]
            size = sizes[code][topic]
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


def word_scores(counts: csr_matrix, labels: np.ndarray, topics: int) -> np.ndarray:
    """How much each word tells a topic apart: ``p(word | topic) * ln(p(word | topic) / p(word))``.

    Probabilities are shares of texts that hold the word, so one long text cannot make a topic's
    words. It is the word's part in the Kullback-Leibler divergence of the topic from the corpus. On
    labelled German and English texts these words hung together better than those of
    class-based TF-IDF, the usual choice (NPMI .08 against -.05).

    Parameters
    ----------
    counts : sparse array (texts, words)
    labels : array of int (texts,)
        -1 is left out.
    topics : int

    Returns
    -------
    array (topics, words)
        Zero for words that are not more frequent in the topic than overall.
    """
    inside = np.flatnonzero(labels >= 0)
    shape = (topics, len(labels))
    member = csr_matrix((np.ones(len(inside)), (labels[inside], inside)), shape)
    found = (member @ (counts > 0).astype(float)).toarray()
    sizes = np.bincount(labels[inside], minlength=topics)
    share = found / np.maximum(sizes, 1)[:, None]
    overall = np.maximum(found.sum(axis=0) / max(len(inside), 1), 1e-12)
    gain = share * np.log(np.maximum(share, 1e-12) / overall)
    return np.round(np.maximum(gain, 0), 6)


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


def _widths(shares: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Words that each language shows: by its share, three from a tenth on, ten in all."""
    table = np.vstack(list(shares.values()))
    widths = np.floor(SHOWN * table + 0.5).astype(int)
    widths = np.where(table >= _WORTH_WORDS, np.maximum(widths, _LABEL), widths)
    leading = table.argmax(axis=0)
    topics = np.arange(table.shape[1])
    widths[leading, topics] += SHOWN - widths.sum(axis=0)
    return dict(zip(shares, widths, strict=True))


def _label_words(best: list[str]) -> list[str]:
    """Three words, nouns first where the language marks them by a capital."""
    nouns = [word for word in best if word[:1].isupper()]
    chosen = set((nouns + [word for word in best if word not in nouns])[:_LABEL])
    return [word for word in best if word in chosen]
