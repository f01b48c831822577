"""A tandem in words: both sides, the right directions, dates from the record."""

from dataclasses import replace
from pathlib import Path

import reflect
from reflect.labels import label
from reflect.portrait import portrait

DEMO = Path(__file__).parents[1] / "corpora" / "mentor-mentor-demo"
SIDES = {"leader": "leader", "talent": "newcomer"}


def told(tandem: str, language: str = "en") -> str:
    pair = reflect.Corpus.load(DEMO).filter(tandems=[tandem])
    return portrait(pair, reflect.annotate(pair.diary()), SIDES, language)


def test_t01_tells_visits_evening_offers_and_gains_of_both_with_dates():
    said = told("T01")
    assert "day at the company (3 April 2025)" in said
    assert "visit to the class (29 April 2025)" in said
    assert "evening event (8 May 2025)" in said
    leader, newcomer = (line for line in said.splitlines() if line.startswith("- **"))
    assert leader.startswith(
        "- **Leader:** 2\u00a0× changed perspective (30 April 2025 and 9 May 2025)"
    )
    assert "3\u00a0× training or job offer (24 April 2025, 6 May 2025 and 15 May 2025)" in newcomer
    assert "new skill (5 May 2025)" in newcomer and "job offer" not in leader
    assert "itself says in 1 sentence that it learned or took advice from the newcomer side" in said


def test_a_tandem_without_a_shift_says_so():
    pair = reflect.Corpus.load(DEMO).filter(tandems=["T12"])
    none = reflect.annotate(pair.diary()).head(0)
    said = portrait(pair, none, SIDES, "en")
    assert label("en", "say.portrait_none") in said
    assert label("en", "say.portrait_flow_none") in said
    assert "marker of a shifting perspective" not in said


def test_a_tandem_without_a_record_has_neither_events_nor_outcomes():
    pair = reflect.Corpus.load(DEMO).filter(tandems=["T01"])
    bare = replace(pair, events=pair.events[:0], outcomes=pair.outcomes[:0])
    said = portrait(bare, reflect.annotate(bare.diary()), SIDES, "en")
    assert "\n" not in said
    assert label("en", "say.portrait_outcomes_head") not in said


def test_a_side_without_an_outcome_is_named_too():
    pair = reflect.Corpus.load(DEMO).filter(tandems=["T01"])
    own = pair.outcomes[pair.outcomes["participant_id"] == "T01-L"]
    said = portrait(replace(pair, outcomes=own), reflect.annotate(pair.diary()), SIDES, "en")
    assert label("en", "say.portrait_outcomes_none", side="Newcomer") in said
