"""Fixtures shared by the tests: a corpus of two tandems that any test may bend."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from tiny import TINY_SETTINGS, TINY_TABLES

# The same examples in every run: a failure must be one that everybody sees.
settings.register_profile("reflect", derandomize=True, database=None, deadline=None)
settings.load_profile("reflect")

# Scripts that print tables; they are run by `make evaluate` and `make benchmark`.
collect_ignore_glob = ["evaluation/*", "benchmarks/*"]

BuildCorpus = Callable[..., Path]


@pytest.fixture
def build_corpus(tmp_path: Path) -> BuildCorpus:
    """``build_corpus(name, package=None, **tables)`` writes the tiny corpus and returns its folder.

    ``package`` changes settings (a dict) or is the whole file (str, bytes; "" for no file); each
    table may be given as other text or bytes, or left out with None.
    """

    def build(name: str = "tiny", package: dict | str | bytes | None = None, **tables) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        for table, text in (TINY_TABLES | tables).items():
            if text is not None:
                data = text if isinstance(text, bytes) else text.encode("utf-8")
                (folder / f"{table}.csv").write_bytes(data)
        if package is None or isinstance(package, dict):
            settings = {
                key: value
                for key, value in (TINY_SETTINGS | (package or {})).items()
                if value is not None
            }
            package = json.dumps({"title": "Tiny", "reflect": settings}, ensure_ascii=False)
        if package:
            data = package if isinstance(package, bytes) else package.encode("utf-8")
            (folder / "datapackage.json").write_bytes(data)
        return folder

    return build


@pytest.fixture
def tiny(build_corpus: BuildCorpus) -> Path:
    """Folder of the tiny corpus as it is."""
    return build_corpus()
