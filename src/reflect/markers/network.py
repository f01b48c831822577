"""A small convolutional network over the words of a sentence.

Each known word is a vector; filters look at windows of one, two, three or five words, and a
sentence is what each filter answers most strongly to in it (Kim 2014, EMNLP, 1746-1751). It is
trained with PyTorch by ``tests/evaluation/train_markers.py`` and applied here with NumPy alone.
"""

from __future__ import annotations

import numpy as np

from reflect.markers.clauses import Batch
from reflect.markers.lexicon import Lexicon
from reflect.markers.model import rescale
from reflect.markers.stems import spelled

# Numbers of words that filters look at.
WIDTHS = (1, 2, 3, 5)
# First rows of the vectors: nothing beside a sentence, and every unknown word.
OUTSIDE, UNKNOWN = 0, 1
_MARGIN = max(WIDTHS) // 2
# Words worked on at once, as whole sentences: bounds the memory of their answers.
_BLOCK = 4096


class SentenceNetwork:
    """Answers of the network to the sentences of a batch.

    Parameters
    ----------
    lexicon : Lexicon
        Of the codebook in use.
    data : dict of arrays
        ``words`` (known words as :func:`spelled`, from row 2 of the vectors on), ``vector_weights``
        (rows, dimensions) and for each width ``filter<width>_weights`` (width x dimensions,
        filters), ``filter<width>_bias``, then ``answer_weights`` (all filters, outputs) and
        ``answer_bias``; weights in 8 bits beside a ``_scale`` a column.
    """

    def __init__(self, lexicon: Lexicon, data: dict[str, np.ndarray]) -> None:
        self._lexicon = lexicon
        self._known = {word: row for row, word in enumerate(data["words"].tolist(), UNKNOWN + 1)}
        vectors = rescale(data, "vector")
        # What each word adds to a filter at each place of its window, worked out once.
        self._added = [
            vectors @ rescale(data, f"filter{width}").reshape(width, vectors.shape[1], -1)
            for width in WIDTHS
        ]
        self._filter_bias = np.concatenate([data[f"filter{width}_bias"] for width in WIDTHS])
        self._answer, self._bias = rescale(data, "answer"), data["answer_bias"]
        self._rows = np.zeros(0, dtype=np.int64)

    def score(self, batch: Batch) -> np.ndarray:
        """Logits, one row a sentence (there is at least one), one column an output."""
        forms = self._lexicon.forms
        new = [self._known.get(spelled(form), UNKNOWN) for form in forms[len(self._rows) :]]
        self._rows = np.append(self._rows, np.array(new, dtype=np.int64))
        bounds = np.append(batch.sentence_starts, batch.size)
        # Whole sentences of about a block together.
        cuts = np.unique(np.searchsorted(bounds, np.arange(0, batch.size, _BLOCK)))
        parts = [
            self._strongest(self._rows[batch.rows[bounds[i] : bounds[j]]], bounds[i : j + 1])
            for i, j in zip(cuts, [*cuts[1:], len(bounds) - 1], strict=True)
            if j > i
        ]
        return np.concatenate(parts) @ self._answer + self._bias

    def _strongest(self, rows: np.ndarray, bounds: np.ndarray) -> np.ndarray:
        """The strongest answer of each filter in each sentence, columns as the answer's rows."""
        sentence = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        # A margin before, between and behind sentences keeps windows from reaching over.
        place = np.arange(len(rows)) + _MARGIN * (sentence + 1)
        padded = np.full(len(rows) + _MARGIN * len(bounds), OUTSIDE)
        padded[place] = rows
        found = []
        for added in self._added:
            start = place - len(added) // 2
            answers = added[0][padded[start]]
            for step in range(1, len(added)):
                answers += added[step][padded[start + step]]
            found.append(np.maximum.reduceat(answers, bounds[:-1] - bounds[0]))
        return np.maximum(np.hstack(found) + self._filter_bias, 0)
