"""The register of teaching: codes of reflective diaries of teacher trainees (CEReD).

In texts about teaching, sentences that somebody selected are coded in Ullmann's categories, and
some categories stand in for the family they come closest to. A linear model over all features of
`LinearModel` and a small network over words in order vote. Both are trained by
``tests/evaluation/train_markers.py`` on real sentences and on more of ours; where a code has many
real ones, a third model, of these alone, votes.
"""

from __future__ import annotations

from importlib import resources

import numpy as np

from reflect.markers.clauses import Batch
from reflect.markers.lexicon import Lexicon
from reflect.markers.model import LinearModel, class_odds, load_weights
from reflect.markers.network import SentenceNetwork

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
# What the vote of the network weighs beside the linear model.
NETWORK = 1.0
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
        self._network = SentenceNetwork(lexicon, data)

    def odds(self, batch: Batch, scores: np.ndarray) -> np.ndarray:
        """How far the log odds of each code lie above its threshold.

        `scores` are those of :meth:`score`, with rule hits added.
        """
        return vote(scores, self._network.score(batch), self._real) - self.threshold


def vote(scores: np.ndarray, answers: np.ndarray, real: np.ndarray) -> np.ndarray:
    """Log odds of each code by all models together.

    From the `scores` of the linear models and the `answers` of the network; `real` are the codes
    with a vote of real sentences alone.
    """
    size = len(REGISTER)
    odds = (class_odds(scores[:, :size]) + NETWORK * class_odds(answers)) / (1 + NETWORK)
    odds[:, real] = (odds[:, real] + REAL * scores[:, size:]) / (1 + REAL)
    return odds
