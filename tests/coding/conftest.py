"""A programme of twelve tandems whose sentences say by one word which family they carry."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from coded_texts import WORDS, build_programme, code_by_words, find

from reflect.corpus import Corpus


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    """Folder of the corpus, see `coded_texts.build_programme`."""
    return build_programme(tmp_path / "programme")


@pytest.fixture
def corpus(programme: Path) -> Corpus:
    """The programme, loaded."""
    return Corpus.load(programme)


@pytest.fixture
def diary(corpus: Corpus) -> pd.DataFrame:
    """Its diary."""
    return corpus.diary()


@pytest.fixture
def spans(diary: pd.DataFrame) -> pd.DataFrame:
    """Hits of rules that know every word, and a gated one for each bus."""
    hits = find(diary, WORDS)
    near = find(diary, {"learning": "Bus"}).assign(gate="negated")
    return pd.concat([hits, near], ignore_index=True)


CodeSample = Callable[..., pd.DataFrame]


@pytest.fixture
def code_sample() -> CodeSample:
    """``code_sample(sample, coder, blind_to=())``: codes of somebody who knows the words."""
    return code_by_words
