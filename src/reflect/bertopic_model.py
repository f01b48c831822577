"""Our topics as a real BERTopic object, for people who know BERTopic. Importing this loads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from bertopic import BERTopic
from bertopic.backend import BaseEmbedder
from bertopic.dimensionality import BaseDimensionalityReduction
from bertopic.representation import BaseRepresentation
from bertopic.vectorizers import ClassTfidfTransformer
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer

from reflect.embeddings import Embedder
from reflect.partition import Partition
from reflect.topic_words import TopicWords
from reflect.vocabulary import Vocabulary


class KnownTopics:
    """A cluster model whose topics stand; new vectors go to the nearest topic centre."""

    def __init__(self, labels: np.ndarray, centres: np.ndarray) -> None:
        self.labels_, self.centres = labels, centres

    def fit(self, vectors: np.ndarray, y: np.ndarray | None = None) -> KnownTopics:
        """Nothing to learn."""
        return self

    def predict(self, vectors: np.ndarray) -> np.ndarray:
        """The nearest topic of each vector, by cosine."""
        return np.round(vectors @ self.centres.T, 6).argmax(axis=1)


class KnownWords(BaseRepresentation):
    """Shows the words that `reflect.topic_words` found, each language apart."""

    def __init__(self, words: Mapping[int, list[tuple[str, float]]]) -> None:
        self.words = words

    def extract_topics(
        self,
        topic_model: BERTopic,
        documents: pd.DataFrame,
        c_tf_idf: csr_matrix,
        topics: Mapping[int, list[tuple[str, float]]],
    ) -> Mapping[int, list[tuple[str, float]]]:
        """Our words where the topics are ours, BERTopic's after topics were merged or reduced."""
        width = topic_model.top_n_words
        if set(self.words) != set(topics) - {-1}:
            return {topic: words[:width] for topic, words in topics.items()}
        # Filled up with BERTopic's own blank: its figures want topics of one width.
        blank = [("", 0.00001)] * width
        return {
            topic: [*self.words.get(topic, words), *blank][:width]
            for topic, words in topics.items()
        }


class EmbedderBackend(BaseEmbedder):
    """One of our embedders as BERTopic expects it."""

    def __init__(self, model: Embedder) -> None:
        super().__init__(embedding_model=model)

    def embed(self, documents: Sequence[str], verbose: bool = False) -> np.ndarray:
        """Vectors of ``documents``."""
        return self.embedding_model.encode(list(documents))


def build_bertopic(
    texts: Sequence[str],
    vectors: np.ndarray,
    partition: Partition,
    model: Embedder,
    vocabulary: Vocabulary,
    words: Sequence[TopicWords],
) -> BERTopic:
    """A fitted BERTopic with our topics, words and vectors.

    Parameters
    ----------
    texts : sequence of str
    vectors : array (texts, dimensions)
    partition : Partition
        Of the texts.
    model : Embedder
        For new texts.
    vocabulary : Vocabulary
    words : sequence of TopicWords
        One a topic.
    """
    shown = {topic: told.words for topic, told in enumerate(words)}
    topics = BERTopic(
        # "english", the default, deletes every letter outside ASCII.
        language="multilingual",
        embedding_model=EmbedderBackend(model),
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=KnownTopics(partition.labels, partition.centres),
        vectorizer_model=CountVectorizer(analyzer=vocabulary),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
        representation_model=KnownWords(shown),
    )
    # Our topics are numbered by size already; BERTopic's sort may swap topics of one size.
    topics._sort_mappings_by_frequency = lambda documents: documents
    topics.fit(list(texts), embeddings=vectors)
    del topics._sort_mappings_by_frequency
    return topics
