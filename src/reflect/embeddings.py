"""Entries as vectors: trained on the corpus itself, a sentence-transformers model, or precomputed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from reflect.errors import ReflectError


class Embedder(Protocol):
    """Whatever turns texts into one row of numbers each."""

    name: str

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of ``texts``, one row a text, float64, rows of length one."""
        ...


class LsaEmbedder:
    """Latent semantic analysis of words and character n-grams, trained on the texts themselves.

    The first call to `encode` learns the space, later calls map into it.
    """

    def __init__(self, dimensions: int = 100, seed: int = 0) -> None:
        self.dimensions, self.seed = dimensions, seed
        self.name = f"lsa-{dimensions}-{seed}"
        self._svd: TruncatedSVD | None = None

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of ``texts`` (see `Embedder`)."""
        if self._svd is None:
            return self._learn(texts)
        return _rounded(self._svd.transform(self._features(texts)))

    def _learn(self, texts: Sequence[str]) -> np.ndarray:
        smallest = 2 if len(texts) > 50 else 1
        self._words = TfidfVectorizer(
            sublinear_tf=True, min_df=smallest, max_df=0.5, token_pattern=r"[^\W\d_]{2,}"
        )
        self._letters = TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(3, 5),
            sublinear_tf=True,
            min_df=max(smallest, 3),
            max_df=0.5,
            max_features=40_000,
        )
        self._words.fit(texts)
        self._letters.fit(texts)
        features = self._features(texts)
        size = min(self.dimensions, min(features.shape) - 1)
        self._svd = TruncatedSVD(size, algorithm="arpack", random_state=self.seed)
        return _rounded(self._svd.fit_transform(features))

    def _features(self, texts: Sequence[str]) -> csr_matrix:
        return hstack([self._words.transform(texts), self._letters.transform(texts)]).tocsr()


class SentenceTransformerEmbedder:
    """A sentence-transformers model by name or path; needs the model's files on this machine."""

    def __init__(self, model: str) -> None:
        self.name, self._path, self._model = f"sentence-transformers:{model}", model, None

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of ``texts`` (see `Embedder`)."""
        if self._model is None:
            from sentence_transformers import SentenceTransformer

            try:
                self._model = SentenceTransformer(self._path, device="cpu")
            except Exception as error:  # the library raises a different type for each cause
                raise ReflectError(
                    f"no sentence-transformers model {self._path!r} could be loaded "
                    f"({type(error).__name__}): give the folder of a downloaded model, or 'lsa'"
                ) from error
        return _rounded(self._model.encode(list(texts), show_progress_bar=False))


class PrecomputedEmbedder:
    """Vectors that the user computed elsewhere, one row an entry in the order of the entries."""

    def __init__(self, vectors: np.ndarray, name: str = "precomputed") -> None:
        self.name, self._vectors = name, np.asarray(vectors, dtype=float)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """The stored vectors (see `Embedder`)."""
        if self._vectors.ndim != 2 or len(self._vectors) != len(texts):
            raise ReflectError(
                f"{len(self._vectors)} precomputed vectors for {len(texts)} entries: "
                "give one row an entry, in the order of the entries"
            )
        return _rounded(self._vectors)


def embedder(embedding: str | Path | np.ndarray = "lsa", seed: int = 0) -> Embedder:
    """The embedder that a setting names.

    Parameters
    ----------
    embedding : str, Path or array
        ``"lsa"`` (offline default), a ``.npy`` file or an array with one row an entry, or the
        name or folder of a sentence-transformers model.
    seed : int
        For the offline default.

    Raises
    ------
    ReflectError
        Where the vectors cannot be read.
    """
    if isinstance(embedding, np.ndarray):
        return PrecomputedEmbedder(embedding)
    if str(embedding) == "lsa":
        return LsaEmbedder(seed=seed)
    if str(embedding).endswith(".npy"):
        try:
            return PrecomputedEmbedder(np.load(embedding), name=f"file:{Path(embedding).name}")
        except (OSError, ValueError) as error:
            raise ReflectError(
                f"cannot read vectors from {embedding}: give a .npy file of numbers"
            ) from error
    return SentenceTransformerEmbedder(str(embedding))


def embed(texts: Sequence[str], model: Embedder, cache: str | Path | None = None) -> np.ndarray:
    """Vectors of ``texts``, from the cache folder where the same texts were embedded before."""
    if cache is None or not isinstance(model, SentenceTransformerEmbedder):
        return model.encode(texts)
    digest = hashlib.sha256(model.name.encode())
    for text in texts:
        digest.update(hashlib.sha256(text.encode()).digest())
    path = Path(cache) / f"{digest.hexdigest()[:32]}.npy"
    if path.exists():
        return np.load(path)
    vectors = model.encode(texts)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part.npy")
    np.save(part, vectors)
    part.replace(path)
    return vectors


def _rounded(vectors: np.ndarray) -> np.ndarray:
    # Rounding hides the last bits in which BLAS kernels of different machines differ.
    return np.round(normalize(np.asarray(vectors, dtype=np.float64)), 4)
