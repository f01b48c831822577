"""Sentences that say by one word which family they carry, and who finds them."""

from __future__ import annotations

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
