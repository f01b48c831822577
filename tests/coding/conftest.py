"""A programme of twelve tandems whose sentences say by one word which family they carry."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from coded_texts import WORDS, entry_text, find

from reflect.corpus import Corpus


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    """Folder of the corpus: 24 people, 6 entries each, German and English alternate by tandem."""
    folder = tmp_path / "programme"
    folder.mkdir()
    people, entries = (
        ["participant_id,tandem_id,side"],
        ["entry_id,participant_id,date,text,language"],
    )
    number = 0
    for tandem in range(1, 13):
        for side in ("leader", "talent"):
            person = f"T{tandem:02d}-{side[0].upper()}"
            people.append(f"{person},T{tandem:02d},{side}")
            for week in range(6):
                day = f"2025-{3 + week // 2:02d}-{1 + 14 * (week % 2):02d}"
                language = "de" if tandem % 2 else "en"
                text = entry_text(number)
                entries.append(f"{person}-{week},{person},{day},{text},{language}")
                number += 1
    (folder / "participants.csv").write_text("\n".join(people) + "\n", "utf-8")
    (folder / "entries.csv").write_text("\n".join(entries) + "\n", "utf-8")
    settings = {"sides": ["leader", "talent"], "languages": ["de", "en"], "synthetic": True}
    package = {"title": "Programme", "reflect": settings}
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")
    return folder


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

    def code(sample: pd.DataFrame, coder: str, blind_to: tuple[str, ...] = ()) -> pd.DataFrame:
        rows = []
        for unit in sample.itertuples(index=False):
            found = [m for m, word in WORDS.items() if word in unit.text and m not in blind_to]
            for marker in found or ["none"]:
                way = "received" if marker == "advice" else ""
                rows.append((coder, unit.entry_id, unit.start, unit.end, marker, way, ""))
        columns = ["coder_id", "entry_id", "start", "end", "marker", "direction", "note"]
        return pd.DataFrame(rows, columns=columns)

    return code
