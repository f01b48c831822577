"""Two writers who agreed to be quoted and one who did not, with marked spans."""

from __future__ import annotations

import pandas as pd

from reflect.exhibit import Exhibit

SIDES = {"leader": "leader", "talent": "talent"}
TEXTS = {
    "e1": "I understood [PERSON_2] at last. We had tea.",
    "e2": "HIDDEN I learned a lot. HIDDEN Then home.",
    "e3": "Suddenly it was clear *to me*. Fine.",
}


def screened_diary(texts: dict[str, str], third_tandem: str) -> pd.DataFrame:
    """Diary of a screened corpus; the third entry may be of the same tandem or of another."""
    rows = [
        ("e1", "A", "leader", "2025-03-03", "full"),
        ("e2", "A", "talent", "2025-03-04", "no_quotes"),
        ("e3", third_tandem, "talent", "2025-03-05", "full"),
    ]
    diary = pd.DataFrame(rows, columns=["entry_id", "tandem_id", "side", "date", "consent"])
    return diary.assign(
        date=lambda t: pd.to_datetime(t["date"]),
        text=lambda t: t["entry_id"].map(texts),
        open_findings=lambda t: [()] * len(t),
    )


def span(entry: str, end: int, marker: str) -> dict:
    text = TEXTS[entry][:end]
    return {"entry_id": entry, "marker": marker, "start": 0, "end": end, "text": text}


SPANS = pd.DataFrame(
    [span("e1", 32, "insight"), span("e2", 23, "learning"), span("e3", 30, "insight")]
)


def quotes_of(diary: pd.DataFrame) -> pd.DataFrame:
    """Spans whose writers agreed, with what the diary says of them."""
    return SPANS[SPANS["entry_id"] != "e2"].merge(diary.drop(columns="text"), on="entry_id")


def text(exhibit: Exhibit) -> str:
    return exhibit.bundle["text/markdown"]
