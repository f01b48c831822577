"""The register of teaching: codes of reflective diaries of teacher trainees (CEReD).

In texts about teaching, sentences that somebody selected are coded in Ullmann's categories, and
some categories stand in for the family they come closest to. Two linear models vote: one over all
features of `LinearModel`, and one over words, pairs and triples of words, weighed by how rare they
are and brought to unit length (tf-idf; Salton & Buckley 1988, Information Processing & Management
24), which longer phrases can decide. Both are trained by ``tests/evaluation/train_markers.py`` on
real sentences and on more of ours; where a code has many real ones, a third, of these alone, votes.
"""

from __future__ import annotations

from importlib import resources

import numpy as np
import pandas as pd

from reflect.markers.clauses import Batch
from reflect.markers.lexicon import Lexicon
from reflect.markers.model import (
    SPAN,
    LinearModel,
    add_at,
    class_odds,
    load_weights,
    rescale,
)

# Codes, and the family that each stands in for.
REGISTER = {
    "Learning": "learning",
    "Intention": "commitment",
    "Difficulty": "difficulty",
    "Perspective": "perspective_taking",
    "Belief": "",
    "Experience": "",
    "Feeling": "",
    "Other": "",
    "Reflection": "",
}
# What the vote of phrases weighs beside the other.
PHRASES = 1.5
# What the vote of real sentences alone weighs beside both.
REAL = 0.6


def has_register(language: str) -> bool:
    """Whether there is such a model for a language."""
    return (resources.files("reflect.markers") / f"register.{language}.npz").is_file()


class RegisterModel(LinearModel):
    """Codes the sentences of a batch; columns as REGISTER, votes of real sentences behind them."""

    def __init__(self, language: str, lexicon: Lexicon) -> None:
        data = load_weights(f"register.{language}.npz")
        super().__init__(language, lexicon, data)
        self.threshold = data["threshold"].astype(np.float32)
        # Codes with such a vote: it stands in the columns of the scores behind those of REGISTER.
        self._real = data["real_codes"]
        self._phrase_bias = data["phrase_bias"].astype(np.float32)
        self._triple_keys = pd.Index(data["triple_keys"])
        # The last column sums the squares that bring a sentence to unit length.
        self._phrases = {
            kind: np.column_stack([rescale(data, f"phrase_{kind}") * rare, rare**2])
            for kind in ("stem", "pair", "triple")
            for rare in [data[f"{kind}_rarity"].astype(np.float32)[:, None]]
        }

    def odds(self, batch: Batch, scores: np.ndarray) -> np.ndarray:
        """How far the log odds of each code lie above its threshold.

        `scores` are those of :meth:`score`, with rule hits added.
        """
        return vote(scores, self._phrase_scores(batch), self._real) - self.threshold

    def _phrase_scores(self, batch: Batch) -> np.ndarray:
        bounds = np.append(batch.sentence_starts, batch.size)
        sentence = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        stems = self._stem_ids[batch.rows]
        sums = np.zeros((len(bounds) - 1, len(REGISTER) + 1), dtype=np.float32)
        add_at(sums, stems, sentence, self._phrases["stem"])
        second, pairs = self._pairs(batch)
        add_at(sums, pairs, sentence[second], self._phrases["pair"])
        follows = np.flatnonzero((second[1:] == second[:-1] + 1) & (pairs[:-1] >= 0))
        third = second[follows + 1]
        triples = self._triple_keys.get_indexer(pairs[follows] * SPAN + stems[third])
        add_at(sums, triples, sentence[third], self._phrases["triple"])
        length = np.sqrt(np.maximum(sums[:, -1:], 1e-9))
        return sums[:, :-1] / length + self._phrase_bias


def vote(scores: np.ndarray, phrase_scores: np.ndarray, real: np.ndarray) -> np.ndarray:
    """Log odds of each code by all models together; `real` are codes with a vote of their own."""
    size = len(REGISTER)
    odds = (class_odds(scores[:, :size]) + PHRASES * class_odds(phrase_scores)) / (1 + PHRASES)
    odds[:, real] = (odds[:, real] + REAL * scores[:, size:]) / (1 + REAL)
    return odds
