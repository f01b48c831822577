"""Sentences that say by one word which family they carry, and who finds them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd

#: Word that marks the sentence, by family; everything else is small talk.
WORDS = {"insight": "begriff", "difficulty": "Hürde", "advice": "riet", "commitment": "künftig"}
SMALL = ("Tee gab es.", "Der Bus kam.", "Dann ging ich.", "Es war warm.")


def entry_text(number: int) -> str:
    """Six sentences; rarer families come in fewer entries."""
    said = [SMALL[(number + step) % 4] for step in range(4)]
    said.append("Da begriff ich etwas." if number % 3 == 0 else "Ich las viel.")
    said.append(
        "Eine Hürde blieb." if number % 4 == 0
        else "Sie riet mir viel." if number % 5 == 0
        else "Das mache ich künftig." if number % 23 == 0
        else "Der Tag war lang."
    )  # fmt: skip
    return " ".join(said)


def find(diary: pd.DataFrame, words: dict[str, str]) -> pd.DataFrame:
    """Spans as the rules would give them, for whoever knows the words."""
    rows = []
    for entry in diary.itertuples(index=False):
        for marker, word in words.items():
            at = entry.text.find(word)
            if at >= 0:
                start = entry.text.rfind(". ", 0, at) + 2 if ". " in entry.text[:at] else 0
                end = entry.text.index(".", at) + 1
                rows.append((entry.entry_id, marker, "", start, end, at, ""))
    columns = ["entry_id", "marker", "direction", "start", "end", "cue_start", "gate"]
    return pd.DataFrame(rows, columns=columns)


def build_programme(
    folder: Path,
    weeks: int = 6,
    text_of: Callable[[int], str] = entry_text,
    languages: tuple[str, ...] = ("de", "en"),
) -> Path:
    """24 people with an entry every two weeks; languages take turns by tandem."""
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
            for week in range(weeks):
                day = f"2025-{3 + week // 2:02d}-{1 + 14 * (week % 2):02d}"
                language = languages[(tandem - 1) % len(languages)]
                entries.append(f'{person}-{week},{person},{day},"{text_of(number)}",{language}')
                number += 1
    (folder / "participants.csv").write_text("\n".join(people) + "\n", "utf-8")
    (folder / "entries.csv").write_text("\n".join(entries) + "\n", "utf-8")
    settings = {"sides": ["leader", "talent"], "languages": list(languages), "synthetic": True}
    package = {"title": "Programme", "reflect": settings}
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")
    return folder


def code_by_words(sample: pd.DataFrame, coder: str, blind_to: tuple[str, ...] = ()) -> pd.DataFrame:
    """Codes of somebody who knows the words, but for those of some families."""
    rows = []
    for unit in sample.itertuples(index=False):
        found = [m for m, word in WORDS.items() if word in unit.text and m not in blind_to]
        for marker in found or ["none"]:
            way = "received" if marker == "advice" else ""
            rows.append((coder, unit.entry_id, unit.start, unit.end, marker, way, ""))
    columns = ["coder_id", "entry_id", "start", "end", "marker", "direction", "note"]
    return pd.DataFrame(rows, columns=columns)
