"""Our partition as a real BERTopic object, for people who know BERTopic (loads bertopic)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from bertopic import BERTopic
from bertopic.backend import BaseEmbedder
from bertopic.dimensionality import BaseDimensionalityReduction
from bertopic.vectorizers import ClassTfidfTransformer
from sklearn.feature_extraction.text import CountVectorizer

from reflect.embeddings import Embedder
from reflect.vocabulary import Vocabulary


class EmbedderBackend(BaseEmbedder):
    """One of our embedders as BERTopic expects it."""

    def __init__(self, model: Embedder) -> None:
        super().__init__(embedding_model=model)

    def embed(self, documents: Sequence[str], verbose: bool = False) -> np.ndarray:
        """Vectors of ``documents``."""
        return self.embedding_model.encode(list(documents))


class KnownPartition:
    """A cluster model whose topics stand; new vectors go to the nearest topic centre."""

    def __init__(self, labels: np.ndarray, centres: np.ndarray) -> None:
        self.labels_, self.centres = labels, centres

    def fit(self, vectors: np.ndarray, y: np.ndarray | None = None) -> KnownPartition:
        """Nothing to learn."""
        return self

    def predict(self, vectors: np.ndarray) -> np.ndarray:
        """The nearest topic of each vector, by cosine."""
        return (vectors @ self.centres.T).argmax(axis=1)


def build_bertopic(
    texts: Sequence[str],
    vectors: np.ndarray,
    labels: np.ndarray,
    centres: np.ndarray,
    model: Embedder,
    vocabulary: Vocabulary,
) -> BERTopic:
    """A fitted BERTopic whose topics are ``labels``.

    Parameters
    ----------
    texts : sequence of str
    vectors : array (texts, dimensions)
    labels : array of int
        -1 for outliers, else 0.. by falling size.
    centres : array (topics, dimensions)
    model, vocabulary
        For new texts and for the words of the topics.
    """
    topics = BERTopic(
        # "english", the default, deletes every letter outside ASCII.
        language="multilingual",
        embedding_model=EmbedderBackend(model),
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=KnownPartition(labels, centres),
        vectorizer_model=CountVectorizer(analyzer=vocabulary),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
        # More topics than there are: BERTopic then keeps our numbering instead of sorting ties.
        nr_topics=len(centres) + 1,
    )
    topics.fit(list(texts), embeddings=vectors)
    return topics
