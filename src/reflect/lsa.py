"""The offline embedding: latent semantic analysis of words and letter sequences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from reflect.bilingual import Translator, learn_translator
from reflect.errors import ReflectError
from reflect.fields import field_names, field_of
from reflect.text import detect_languages
from reflect.vocabulary import content_lemmas

#: Corpora up to this size keep words that occur in a single entry.
_TINY = 50
_MOST_SEQUENCES = 60_000
_SHARPNESS = 1.75
_NO_WORDS = "the texts hold no words that tell them apart: add entries"


class LsaEmbedder:
    """Vectors from the corpus itself: no model to download, the same on every machine.

    Lemmas without stop words and the letter sequences (3-5) inside them, each weighted by
    ``(1 + ln tf) * idf ** 1.75`` and each set scaled to length one, then a truncated singular
    value decomposition (Deerwester et al. 1990). In a corpus in two languages each word that the
    bilingual lexicon knows is first put into the corpus's main language.

    With ``fields``, the semantic fields of an entry's words (`reflect.fields`) are a third set. Use
    it where word choice alone would group entries by writer; see `reflect.fit_topics`.

    The first call to `encode` learns the space, later calls map into it.

    Parameters
    ----------
    dimensions : int, default 100
    seed : int, default 0
        Start vector of the decomposition; another seed changes rounding errors only.
    fields : bool, default False
    """

    def __init__(self, dimensions: int = 100, seed: int = 0, fields: bool = False) -> None:
        self.name = f"lsa-{dimensions}" + ("-fields" if fields else "")
        self._dimensions, self._seed, self.fields = dimensions, seed, fields
        self._svd: TruncatedSVD | None = None
        self._translate = Translator("", {})

    def encode(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> np.ndarray:
        """Vectors of ``texts``, one row a text; see `reflect.embeddings.Embedder`.

        Raises
        ------
        ReflectError
            If the space is to be learned from texts without words that tell them apart.
        """
        languages = languages or detect_languages(texts)
        if self._svd is None:
            self._translate = learn_translator(languages)
        pairs = [
            (content_lemmas(text, code), code) for text, code in zip(texts, languages, strict=True)
        ]
        entries = [self._translate(lemmas, code) for lemmas, code in pairs]
        fields = [_fields(lemmas, code) if self.fields else [] for lemmas, code in pairs]
        return self._learn(entries, fields) if self._svd is None else self._map(entries, fields)

    def _learn(self, entries: list[list[str]], fields: list[list[str]]) -> np.ndarray:
        if not any(entries):
            raise ReflectError(_NO_WORDS)
        self._words = CountVectorizer(analyzer=list)
        counts = self._words.fit_transform(entries)
        # Letter sequences are counted once for each word form, not once for each occurrence.
        self._letters = CountVectorizer(analyzer="char_wb", ngram_range=(3, 5))
        letters = counts @ self._letters.fit_transform(self._words.get_feature_names_out())
        self._fields = CountVectorizer(analyzer=list, vocabulary=field_names())
        field_counts = self._fields.transform(fields)
        few = 1 if len(entries) <= _TINY else 2
        self._weights = (
            _weights(counts, few),
            _weights(letters, few + 1, _MOST_SEQUENCES),
            _idf(field_counts),
        )
        self._usual = np.asarray(_weighted(field_counts, self._weights[2]).mean(axis=0)).ravel()
        features = self._features(counts, letters, field_counts)
        if min(features.shape) < 2:
            raise ReflectError(_NO_WORDS)
        size = min(self._dimensions, min(features.shape) - 1)
        self._svd = TruncatedSVD(size, algorithm="arpack", random_state=self._seed)
        # Not fit_transform: its rows for texts without a known word are noise instead of zero.
        return self._svd.fit(features).transform(features)

    def _map(self, entries: list[list[str]], fields: list[list[str]]) -> np.ndarray:
        fresh = CountVectorizer(analyzer=list)
        counts = fresh.fit_transform(entries)
        letters = counts @ self._letters.transform(fresh.get_feature_names_out())
        known = self._words.transform(entries)
        return self._svd.transform(self._features(known, letters, self._fields.transform(fields)))

    def _features(self, counts: csr_matrix, letters: csr_matrix, fields: csr_matrix) -> csr_matrix:
        words, sequences, matters = self._weights
        parts = [_weighted(counts, words), _weighted(letters, sequences)]
        if self.fields:
            # A text without a listed word is of no field rather than far from all of them.
            found = _weighted(fields, matters).toarray()
            worded = np.diff(counts.tocsr().indptr) > 0
            found[worded & ~found.any(axis=1)] = self._usual
            parts.append(csr_matrix(found))
        return hstack(parts).tocsr()


def _fields(lemmas: list[str], language: str) -> list[str]:
    return [field for lemma in lemmas if (field := field_of(lemma, language))]


def _idf(counts: csr_matrix) -> np.ndarray:
    entries = counts.shape[0]
    found = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.where(found > 0, np.log((1 + entries) / (1 + found)) + 1, 0)


def _weights(counts: csr_matrix, few: int, most: int | None = None) -> np.ndarray:
    """Sharpened idf of each column; zero for columns in too few or over half of the entries."""
    entries = counts.shape[0]
    found = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = _idf(counts)
    idf[(found < few) | (found > 0.5 * entries)] = 0
    if most is not None and (idf > 0).sum() > most:
        usual = np.argsort(np.where(idf > 0, -found, 1), kind="stable")
        idf[usual[most:]] = 0
    return idf**_SHARPNESS


def _weighted(counts: csr_matrix, weights: np.ndarray) -> csr_matrix:
    kept = np.flatnonzero(weights)
    if not len(kept):
        return csr_matrix((counts.shape[0], 0))
    part = counts[:, kept].astype(float)
    part.data = 1 + np.log(part.data)
    return normalize(part @ diags(weights[kept]))
