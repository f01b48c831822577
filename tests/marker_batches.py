"""Batches of texts, for tests of what reads them."""

from __future__ import annotations

import pandas as pd

from reflect.markers.clauses import Batch
from reflect.markers.engine import Engine
from reflect.text import parse


def batch_of(engine: Engine, texts: list[str]) -> Batch:
    """Texts in the language of the engine's codebook, each an entry."""
    language = engine.codebook.language
    entries = pd.DataFrame({"entry_id": range(len(texts)), "text": texts, "language": language})
    return engine.segmenter.batch(parse(entries))
