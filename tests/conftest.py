"""Fixtures shared by the tests: a corpus of two tandems that any test may bend."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run: a failure must be one that everybody sees.
settings.register_profile("reflect", derandomize=True, database=None, deadline=None)
settings.load_profile("reflect")

TINY_TABLES = {
    "participants": (
        "participant_id,tandem_id,side,consent,placeholder\n"
        "A-L,A,leader,full,[PERSON_1]\n"
        "A-T,A,talent,no_quotes,[PERSON_2]\n"
        "B-L,B,leader,full,[PERSON_3]\n"
        "B-T,B,talent,full,[PERSON_4]\n"
    ),
    "entries": (
        "entry_id,participant_id,date,text,language\n"
        'e1,A-L,2025-03-03,"Tee, dann Regen.",de\n'
        "e2,A-T,2025-03-12T19:30,We walked home.,en\n"
        "e3,B-L,2025-04-14,Die Bahn kam nicht.,de\n"
        'e4,B-T,2025-05-25,"Er sagte: ""Morgen""\nund ging.",de\n'
    ),
    "events": "event_id,tandem_id,date,kind,description\nv1,A,2025-03-04,kickoff,Auftakt\n",
    "outcomes": "outcome_id,participant_id,date,kind,description\no1,B-T,2025-05-20,skill,Excel\n",
    "codes": "coder_id,entry_id,start,end,marker,direction\nc1,e1,5,15,insight,\n",
}
TINY_SETTINGS = {
    "sides": ["leader", "talent"],
    "side_labels": {"leader": {"de": "Führungskraft", "en": "leader"}},
    "languages": ["de", "en"],
    "synthetic": True,
    "consent": "All agreed.",
    "start": "2025-03-03",
    "end": "2025-05-25",
}

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
