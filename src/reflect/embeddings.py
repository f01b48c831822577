"""Entries as vectors: from the corpus itself, a sentence-transformers model, or precomputed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from sklearn.preprocessing import normalize

from reflect.errors import ReflectError
from reflect.lsa import LsaEmbedder

#: Texts that a language needs for a mean of its own.
_ENOUGH = 10


class Embedder(Protocol):
    """Whatever turns texts into one row of numbers each."""

    name: str

    def encode(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> np.ndarray:
        """Vectors of ``texts``, one row a text.

        ``languages`` are the texts' language codes, for embedders that treat languages apart.
        """
        ...


class SentenceTransformerEmbedder:
    """A sentence-transformers model by name or path; needs the model's files on this machine."""

    def __init__(self, model: str) -> None:
        self.name, self._path, self._model = (
            f"sentence-transformers:{Path(model).name}",
            model,
            None,
        )

    def fingerprint(self) -> str:
        """Name of the model and, for a folder, size and time of its files."""
        folder = Path(self._path)
        if not folder.is_dir():
            return self._path
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        stats = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
        return f"{folder.resolve()} {stats}"

    def encode(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> np.ndarray:
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
        return np.asarray(self._model.encode(list(texts), show_progress_bar=False), dtype=float)


class PrecomputedEmbedder:
    """Vectors that the user computed elsewhere, one row an entry in the order of the entries."""

    def __init__(self, vectors: np.ndarray, name: str = "precomputed") -> None:
        self.name, self._vectors = name, np.asarray(vectors, dtype=float)

    def encode(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> np.ndarray:
        """The stored vectors (see `Embedder`)."""
        if self._vectors.ndim != 2 or len(self._vectors) != len(texts):
            raise ReflectError(
                f"{len(self._vectors)} precomputed vectors for {len(texts)} entries: "
                "give one row an entry, in the order of the entries"
            )
        return self._vectors


def embedder(
    embedding: str | Path | np.ndarray = "lsa", seed: int = 0, fields: bool = False
) -> Embedder:
    """The embedder that a setting names.

    Parameters
    ----------
    embedding : str, Path or array
        ``"lsa"`` (offline default), a ``.npy`` file or an array with one row an entry, or the
        name or folder of a sentence-transformers model.
    seed, fields
        For the offline default, see `reflect.lsa.LsaEmbedder`.

    Raises
    ------
    ReflectError
        Where the vectors cannot be read.
    """
    if isinstance(embedding, np.ndarray):
        return PrecomputedEmbedder(embedding)
    if str(embedding) == "lsa":
        return LsaEmbedder(seed=seed, fields=fields)
    if str(embedding).endswith(".npy"):
        try:
            return PrecomputedEmbedder(np.load(embedding), name=f"file:{Path(embedding).name}")
        except (OSError, ValueError) as error:
            raise ReflectError(
                f"cannot read vectors from {embedding}: give a .npy file of numbers"
            ) from error
    return SentenceTransformerEmbedder(str(embedding))


def embed(
    texts: Sequence[str],
    model: Embedder,
    languages: Sequence[str] | None = None,
    cache: str | Path | None = None,
) -> np.ndarray:
    """Vectors of ``texts``, read from the cache folder where the same texts were embedded before.

    Only sentence-transformers vectors are kept: the others are made faster than they are read. The
    cache holds vectors under a hash of model and texts, no text.
    """
    if cache is None or not isinstance(model, SentenceTransformerEmbedder):
        return model.encode(texts, languages)
    digest = hashlib.sha256(model.fingerprint().encode())
    for text in texts:
        digest.update(hashlib.sha256(text.encode()).digest())
    path = Path(cache) / "embeddings" / f"{digest.hexdigest()[:32]}.npy"
    if path.exists():
        return np.load(path)
    vectors = model.encode(texts)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part.npy")
    np.save(part, vectors)
    part.replace(path)
    return vectors


def aligned(
    vectors: np.ndarray, languages: Sequence[str] | None = None, dimensions: int = 100
) -> np.ndarray:
    """Vectors ready to be compared: one origin for every language, few dimensions, length one.

    The mean vector of a language holds what its texts share because of the language; taking it off
    keeps topics from being languages (Libovický et al. 2020, On the language neutrality of
    pre-trained multilingual representations). Rows of zeros, texts without a known word, stay so.

    Parameters
    ----------
    vectors : array (texts, dimensions)
    languages : sequence of str, optional
        One code a text; a language with fewer than ten texts is centred with all the others.
    dimensions : int, default 100
        Wider vectors are reduced by principal components.
    """
    found = normalize(np.asarray(vectors, dtype=np.float64))
    known = np.abs(found).sum(axis=1) > 0
    codes = np.asarray(["" for _ in found] if languages is None else list(languages), dtype=object)
    found[known] -= found[known].mean(axis=0)
    for code in sorted(set(codes)):
        own = known & (codes == code)
        if own.sum() >= _ENOUGH:
            found[own] -= found[own].mean(axis=0)
    if found.shape[1] > dimensions:
        _, directions = np.linalg.eigh(found.T @ found)
        found = found @ directions[:, ::-1][:, :dimensions]
    found[~known] = 0
    # Rounding hides the last bits, in which the BLAS kernels of different machines differ.
    return np.round(normalize(found), 4)
