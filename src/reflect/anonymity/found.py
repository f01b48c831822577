"""An identifier in a text: how much it gives away, and which of overlapping ones stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

#: How much a kind gives away; the order of review within one score.
RISK = {
    "person": 1.0,
    "iban": 1.0,
    "email": 1.0,
    "phone": 1.0,
    "address": 1.0,
    "date_of_birth": 1.0,
    "id_number": 0.95,
    "vehicle": 0.95,
    "handle": 0.95,
    "url": 0.85,
    "org": 0.8,
    "place": 0.7,
    "small_group": 0.7,
    "job_title": 0.6,
}


class Found(NamedTuple):
    """An identifier in a text: half-open offsets, kind, score and the recogniser that found it."""

    start: int
    end: int
    kind: str
    score: float
    recogniser: str


def matches(pattern: re.Pattern[str], text: str, kind: str, score: float) -> Iterator[Found]:
    """All matches of a pattern, as one kind."""
    for match in pattern.finditer(text):
        yield Found(match.start(), match.end(), kind, score, f"pattern:{kind}")


def resolve(found: Iterable[Found]) -> list[Found]:
    """Findings without overlaps, in order of the text."""
    ranked = sorted(
        found,
        key=lambda f: (_rank(f), -(f.end - f.start), -f.score, f.start, f.kind),
    )
    kept: list[Found] = []
    for item in ranked:
        if item.end > item.start and all(
            item.end <= other.start or other.end <= item.start for other in kept
        ):
            kept.append(item)
    return sorted(kept)


_RANKS = {
    "email": 0,
    "url": 1,
    "iban": 2,
    "date_of_birth": 3,
    "address": 4,
    "phone": 5,
    "id_number": 6,
    "vehicle": 7,
    "handle": 1,
    "small_group": 10,
    "job_title": 11,
}


def _rank(item: Found) -> int:
    if item.recogniser in ("pattern:id_number", "pattern:national", "number:card"):
        return 4
    if item.recogniser == "pattern:serial" or item.recogniser == "pattern:social_security":
        return 6
    if item.kind in ("place", "org") and item.recogniser.startswith("pattern:"):
        return 8
    return _RANKS.get(item.kind, 9)
