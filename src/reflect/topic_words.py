"""Words of topics: which they are, how well they hang together, and a label made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from reflect.partition import centres_of
from reflect.vocabulary import Vocabulary

SHOWN = 10
#: Words of a label, and the best words from which they are taken.
_LABEL, _LABEL_OF = 3, 5
_BEGINNING = 4
#: Share of a topic's texts from which a language shows at least three words.
_WORTH_WORDS = 0.25
#: Texts in which a word must occur, in corpora that are not small.
_FEW, _SMALL = 3, 100


class TopicWords(NamedTuple):
    """Words of one topic.

    Attributes
    ----------
    words : list of (str, float)
        The best words with their scores, language by language.
    label : str
        Three words of the language of most of the topic's texts.
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
    vectors: np.ndarray | None = None,
    fields: Sequence[str] | None = None,
    shared: np.ndarray | None = None,
) -> list[TopicWords]:
    """Words of each topic, found apart for each language.

    Parameters
    ----------
    counts, names
        From `count_words`.
    languages, labels
        One value a text; label -1 is left out.
    vectors : array (texts, dimensions), optional
        Where given, words whose texts lie near the topic's centre come before words that are
        frequent in the topic by chance.
    fields : sequence of str, optional
        Semantic field of each word, empty for none: words of the fields that tell the topic apart
        count up to twice.
    shared : array of bool (words,), optional
        Words that more than one group uses, see `shared_words`; the others count a third.

    Returns
    -------
    list of TopicWords
        One a topic.

    Notes
    -----
    Scores are those of `word_scores`, times the squared cosine of the word (the mean direction of
    its texts) and the topic. A language with less than a quarter of a topic's texts shows no words,
    one with less than half only words that three of them hold. Coherence is NPMI (Bouma 2009) over
    pairs of words that occur in the same text.
    """
    codes = np.asarray(list(languages), dtype=object)
    topics = int(labels.max()) + 1
    weight = 1.0 if vectors is None else _nearness(counts, labels, vectors)
    if fields is not None:
        weight = weight * _emphasis(counts, labels, fields)
    if shared is not None:
        weight = weight * np.where(shared, 1, 1 / 3)
    ranked: list[dict[str, list[tuple[str, float]]]] = [{} for _ in range(topics)]
    coherence = np.zeros((topics, 2))
    shares = _language_shares(codes, labels, topics)
    for code, own_shares in shares.items():
        own = np.flatnonzero((codes == code) & (labels >= 0))
        part = counts[own]
        scores = np.round(word_scores(part, labels[own], topics) * weight, 6)
        for topic, share in enumerate(own_shares):
            order = np.argsort(-scores[topic], kind="stable")[:SHOWN]
            best = [int(i) for i in order if scores[topic, i]]
            if not best or share < _WORTH_WORDS:
                continue
            value = npmi(part, best)
            if np.isfinite(value):
                coherence[topic] += share * np.array([value, 1.0])
            if share < 0.5:
                inside = part[labels[own] == topic][:, best]
                held = np.asarray((inside > 0).sum(axis=0)).ravel()
                best = [i for i, texts in zip(best, held, strict=True) if texts >= _FEW]
            ranked[topic][code] = [(str(names[i]), float(scores[topic, i])) for i in best]
    told = []
    for topic, by_language in enumerate(ranked):
        own_shares = {code: float(shares[code][topic]) for code in by_language}
        words = _joined(by_language, own_shares)
        leading = max(own_shares, key=own_shares.__getitem__, default="")
        label = " · ".join(_label_words([word for word, _ in by_language.get(leading, [])]))
        total, known = coherence[topic].tolist()
        value = round(total / known, 4) if known else float("nan")
        told.append(TopicWords(words, label or "–", value))
    return told


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


def shared_words(
    counts: csr_matrix, groups: Sequence[object], languages: Sequence[str]
) -> np.ndarray:
    """Which words at least two groups (such as tandems) use in one language.

    A word that a single tandem uses tells who wrote rather than what about.

    Parameters
    ----------
    counts : sparse array (texts, words)
    groups, languages
        One value a text.

    Returns
    -------
    array of bool (words,)
    """
    code = np.unique(list(map(str, groups)), return_inverse=True)[1]
    spoken = np.asarray(list(languages), dtype=object)
    shared = np.zeros(counts.shape[1], dtype=bool)
    for language in sorted(set(languages)):
        inside = (spoken == language).astype(float)
        member = csr_matrix((inside, (code, np.arange(len(code)))))
        shared |= np.asarray(((member @ counts) > 0).sum(axis=0)).ravel() >= 2
    return shared


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


def _nearness(counts: csr_matrix, labels: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Squared cosine (topics, words) of each word's mean direction and each topic's; 0 if below."""
    present = (counts > 0).astype(float)
    words = normalize(np.asarray(present.T @ vectors))
    cosine = np.round(centres_of(vectors, labels) @ words.T, 4)
    return np.maximum(cosine, 0) ** 2


def _emphasis(counts: csr_matrix, labels: np.ndarray, fields: Sequence[str]) -> np.ndarray:
    """From 1 to 2 (topics, words): how much a word's field tells the topic apart."""
    names = sorted(set(fields) - {""})
    table = np.array([[field == name for name in names] for field in fields], dtype=float)
    scores = word_scores(csr_matrix(counts @ table), labels, int(labels.max()) + 1)
    scores /= np.maximum(scores.max(axis=1, keepdims=True, initial=0), 1e-12)
    return 1 + scores @ table.T


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


def _joined(
    ranked: dict[str, list[tuple[str, float]]], shares: dict[str, float]
) -> list[tuple[str, float]]:
    """Ten words, those of the leading language first, the others' by their share."""
    order = sorted(ranked, key=lambda code: -shares[code])
    others = {code: ranked[code][: round(SHOWN * shares[code])] for code in order[1:]}
    room = SHOWN - sum(map(len, others.values()))
    words = dict(ranked[order[0]][:room]) if order else {}
    for code in order[1:]:
        for word, score in others[code]:
            words.setdefault(word, score)
    return list(words.items())


def _label_words(best: list[str]) -> list[str]:
    """Three of the best words, nouns first where the language marks them by a capital.

    No two that begin alike (Aufführung, aufführen).
    """
    begun = [word[:_BEGINNING].lower() for word in best]
    best = [word for i, word in enumerate(best) if begun[i] not in begun[:i]][:_LABEL_OF]
    nouns = [word for word in best if word[:1].isupper()]
    chosen = set((nouns + [word for word in best if word not in nouns])[:_LABEL])
    return [word for word in best if word in chosen]
