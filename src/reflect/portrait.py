"""One tandem in words: what the record holds, on both sides, with dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from reflect import dyad, prose
from reflect.corpus import Corpus
from reflect.labels import day, label, listing, number
from reflect.overview import record
from reflect.prose import Sides

if TYPE_CHECKING:
    from reflect.coding.assessment import Assessment


def portrait(
    pair: Corpus,
    spans: pd.DataFrame,
    sides: Sides,
    language: str,
    judged: Assessment | None = None,
) -> str:
    """A tandem: what was written, what moved, who learned from whom, what came of it and when.

    Parameters
    ----------
    pair : Corpus
        Filtered to one tandem.
    spans : DataFrame
        From `reflect.annotate` of its diary.
    judged : Assessment, optional
        From `reflect.coding.assess`.
    """
    items = record(pair.events, pair.outcomes, pair.participants)
    diary = pair.diary()
    flow = dyad.learning_flow(spans, diary, pair.sides)
    own = flow[flow["learner_side"] == flow["writer_side"]]["learner_side"].value_counts()
    told = prose.portrait(pair, spans, sides, language, judged)
    received = prose.received("say.portrait_flow", own, sides, language)
    parts = [f"{told} {received}", _events(items, language)]
    outcomes = items[items["what"] == "outcome"]
    if len(outcomes):
        lines = [_outcomes(outcomes, side, sides, language) for side in sides]
        points = "\n".join(f"- {line}" for line in lines)
        parts.append(f"{label(language, 'say.portrait_outcomes_head')}\n\n{points}")
    return "\n\n".join(part for part in parts if part)


def _events(items: pd.DataFrame, language: str) -> str:
    events = items[items["what"] == "event"]
    if events.empty:
        return ""
    meeting = events["kind"] == "meeting"
    meetings = number(meeting.sum(), language)
    named = _dated(events[~meeting], "event", language)
    key = "say.portrait_events" if named else "say.portrait_meetings"
    return label(language, key, meetings=meetings, events=named)


def _outcomes(outcomes: pd.DataFrame, side: str, sides: Sides, language: str) -> str:
    own = outcomes[outcomes["side"] == side]
    name = sides[side][:1].upper() + sides[side][1:]
    if own.empty:
        return label(language, "say.portrait_outcomes_none", side=name)
    return label(
        language, "say.portrait_outcomes", side=name, outcomes=_dated(own, "outcome", language)
    )


def _dated(items: pd.DataFrame, part: str, language: str) -> str:
    """Kinds in the order of their first date, each with its dates."""
    named = []
    for kind, own in items.sort_values("date").groupby("kind", sort=False):
        dates = listing([day(date, language) for date in own["date"]], language)
        times = f"{number(len(own), language)}\u00a0× " if len(own) > 1 else ""
        named.append(f"{times}{label(language, f'{part}.{kind}')} ({dates})")
    return listing(named, language)
