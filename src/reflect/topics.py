"""Topics of small diary corpora: what the entries are about, and how far that can be trusted."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix, diags
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from reflect.embeddings import Embedder, embed, embedder
from reflect.errors import ReflectError
from reflect.vocabulary import Vocabulary, learn_vocabulary

if TYPE_CHECKING:
    from bertopic import BERTopic

MINIMUM_ENTRIES = 15
_WORDS_SHOWN = 10


@dataclass(frozen=True)
class TopicModel:
    """What `fit_topics` found.

    Attributes
    ----------
    topics : DataFrame
        ``topic, label, words, size, share, stability, npmi, stable, exemplars``.
    assignments : DataFrame
        ``entry_id, topic, weight``: the weights of an entry sum to 1; topic -1 marks an outlier.
    parameters : dict
        What was asked for and what was chosen.
    """

    topics: pd.DataFrame
    assignments: pd.DataFrame
    parameters: dict[str, Any]
    _parts: dict[str, Any] = field(repr=False)

    @property
    def main(self) -> pd.DataFrame:
        """``entry_id, topic``: the heaviest topic of each entry, the lowest number among ties."""
        heaviest = self.assignments.sort_values(
            ["entry_id", "weight", "topic"], ascending=[True, False, True], kind="stable"
        ).drop_duplicates("entry_id")
        order = self.assignments.drop_duplicates("entry_id")[["entry_id"]]
        return order.merge(heaviest[["entry_id", "topic"]], on="entry_id").reset_index(drop=True)

    @cached_property
    def bertopic(self) -> BERTopic:
        """The same topics as a fitted `bertopic.BERTopic` (built at first use)."""
        from reflect.bertopic_model import build_bertopic

        return build_bertopic(**self._parts)

    def save(self, folder: str | Path) -> None:
        """Write ``topics.csv`` and ``assignments.csv`` into ``folder``, each whole or not at all."""
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        shown = self.topics.assign(exemplars=self.topics["exemplars"].map(" ".join))
        for name, table in {"topics.csv": shown, "assignments.csv": self.assignments}.items():
            part = target / f".{name}.{os.getpid()}.part"
            table.to_csv(part, index=False, lineterminator="\n")
            part.replace(target / name)


def fit_topics(
    entries: pd.DataFrame,
    n_topics: int | str = "auto",
    embedding: str | Path | np.ndarray = "lsa",
    seed: int = 0,
    seeds: Mapping[str, Sequence[str]] | None = None,
    cache: str | Path | None = None,
    min_topic_share: float = 0.01,
    stability_resamples: int = 20,
) -> TopicModel:
    """Find the topics of a corpus of short entries.

    Parameters
    ----------
    entries : DataFrame
        Columns ``entry_id, text``, optional ``language``.
    n_topics : int or "auto"
    embedding : str, Path or array
        See `reflect.embeddings.embedder`.
    seed : int
    seeds : dict of label -> words, optional
    cache : path, optional
    min_topic_share : float
    stability_resamples : int

    Returns
    -------
    TopicModel

    Raises
    ------
    ReflectError
        Columns missing, or too few entries.
    """
    missing = [column for column in ("entry_id", "text") if column not in entries.columns]
    if missing:
        raise ReflectError(f"entries lack the column {missing[0]}: add it")
    usable = entries[entries["text"].str.strip().astype(bool)]
    if len(usable) < MINIMUM_ENTRIES:
        raise ReflectError(
            f"{len(usable)} entries with text, topics need at least {MINIMUM_ENTRIES}: add entries"
        )
    texts = usable["text"].tolist()
    ids = usable["entry_id"].astype(str).to_numpy()
    languages = usable["language"].tolist() if "language" in usable else ["de"] * len(usable)
    model: Embedder = embedder(embedding, seed)
    vectors = embed(texts, model, cache)
    count = _topic_count(n_topics, len(texts))
    labels, centres = _partition(vectors, count, seed)
    vocabulary = learn_vocabulary(texts, languages)
    words = _topic_words(texts, labels, vocabulary)
    closeness = np.round((vectors * centres[labels]).sum(axis=1), 4)
    rows = []
    for topic in range(len(centres)):
        members = np.flatnonzero(labels == topic)
        best = members[np.argsort(-closeness[members], kind="stable")][:3]
        rows.append(
            {
                "topic": topic,
                "label": " · ".join(words[topic][:3]),
                "words": ", ".join(words[topic]),
                "size": len(members),
                "share": round(len(members) / len(texts), 4),
                "stability": np.nan,
                "npmi": np.nan,
                "stable": True,
                "exemplars": ids[best].tolist(),
            }
        )
    assignments = pd.DataFrame({"entry_id": ids, "topic": labels, "weight": 1.0})
    parameters = {
        "n_topics": n_topics,
        "topics_found": len(centres),
        "embedding": model.name,
        "seed": seed,
        "entries": len(texts),
    }
    parts = {
        "texts": texts,
        "vectors": vectors,
        "labels": labels,
        "centres": centres,
        "model": model,
        "vocabulary": vocabulary,
    }
    return TopicModel(pd.DataFrame(rows), assignments, parameters, parts)


def _topic_count(n_topics: int | str, entries: int) -> int:
    if n_topics == "auto":
        return int(np.clip(round(np.sqrt(entries / 4)), 3, 15))
    if isinstance(n_topics, bool) or not isinstance(n_topics, int) or n_topics < 2:
        raise ReflectError("n_topics must be 'auto' or a whole number from 2")
    if n_topics > entries // 3:
        raise ReflectError(f"{n_topics} topics for {entries} entries: ask for at most {entries // 3}")
    return n_topics


def _partition(vectors: np.ndarray, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    size = min(max(8, count), min(vectors.shape) - 1)
    reduced = np.round(normalize(PCA(size, svd_solver="full").fit_transform(vectors)), 4)
    raw = KMeans(count, n_init=20, random_state=seed).fit_predict(reduced)
    sizes = np.bincount(raw, minlength=count)
    first = np.array([np.flatnonzero(raw == topic)[0] for topic in range(count)])
    order = np.lexsort((first, -sizes))
    labels = np.argsort(order)[raw]
    centres = np.vstack([vectors[labels == topic].mean(axis=0) for topic in range(count)])
    return labels, normalize(centres)


def _topic_words(
    texts: Sequence[str], labels: np.ndarray, vocabulary: Vocabulary
) -> list[list[str]]:
    counter = CountVectorizer(analyzer=vocabulary)
    counts = counter.fit_transform(texts)
    names = counter.get_feature_names_out()
    member = csr_matrix((np.ones(len(labels)), (labels, np.arange(len(labels)))))
    totals = member @ counts
    rarity = np.log1p(int(totals.sum(axis=1).mean()) / np.asarray(totals.sum(axis=0)).ravel())
    scores = np.round((normalize(totals, norm="l1").sqrt() @ diags(rarity)).toarray(), 6)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :_WORDS_SHOWN]
    return [[str(names[i]) for i in row] for row in order]
