"""Turns to other topics, on weights that can be checked in the head."""

import pandas as pd

from reflect.topic_turns import WINDOW_ENTRIES, topic_turns

TOPICS = pd.DataFrame({"topic": [0, 1, 2], "stable": [True, True, False]})


def diary(*entries: str, person: str = "p") -> pd.DataFrame:
    days = pd.date_range("2025-03-01", periods=len(entries))
    return pd.DataFrame({"entry_id": entries, "participant_id": person, "date": days})


def weights(**topics: int) -> pd.DataFrame:
    return pd.DataFrame({"entry_id": list(topics), "topic": list(topics.values()), "weight": 1.0})


NAMES = [f"e{number:02}" for number in range(15)]


def about(turn: int, before: int, after: int) -> dict[str, int]:
    return {name: before if place < turn else after for place, name in enumerate(NAMES)}


def test_where_the_topic_changes_is_the_turn():
    # Ten entries have three before and two after them; a tenth of them is one.
    assert topic_turns(weights(**about(7, 0, 1)), TOPICS, diary(*NAMES)) == ["e07"]


def test_one_entry_on_something_else_is_no_turn():
    other = dict.fromkeys(NAMES, 0) | {"e07": 1}
    # Windows that begin with it, hold it, or follow it are equally far.
    assert topic_turns(weights(**other), TOPICS, diary(*NAMES)) == []


def test_the_ends_of_a_diary_are_no_turns():
    assert "e02" not in topic_turns(weights(**about(2, 0, 1)), TOPICS, diary(*NAMES))
    short = NAMES[: 2 * WINDOW_ENTRIES - 1]
    assert topic_turns(weights(**about(3, 0, 1)), TOPICS, diary(*short)) == []


def test_turning_between_unstable_topics_is_no_turn():
    topics = pd.DataFrame({"topic": [0, 1, 2, 3], "stable": [True, True, False, False]})
    assert topic_turns(weights(**about(7, 2, 3)), topics, diary(*NAMES)) == []
    assert topic_turns(weights(**about(7, 2, 0)), topics, diary(*NAMES)) == ["e07"]


def test_people_are_held_against_themselves():
    second = [name.replace("e", "f") for name in NAMES]
    both = pd.concat([diary(*NAMES, person="p"), diary(*second, person="q")])
    first = about(7, 0, 1)
    other = {name.replace("e", "f"): 1 - topic for name, topic in first.items()}
    assert topic_turns(weights(**first, **other), TOPICS, both) == ["e07", "f07"]


def test_without_two_stable_topics_there_is_none():
    topics = TOPICS.assign(stable=[True, False, False])
    assert topic_turns(weights(**about(7, 0, 1)), topics, diary(*NAMES)) == []


def test_of_entries_that_are_equally_far_none_is_preferred():
    there = about(6, 0, 1) | dict.fromkeys(NAMES[10:], 0)
    # Both changes are as far as can be, and only one of ten may be a turn.
    assert topic_turns(weights(**there), TOPICS, diary(*NAMES)) == []


def test_entries_like_those_before_are_no_turn_however_their_shares_round():
    shares = (0.1573, 0.4084, 0.4343)
    like = pd.DataFrame(
        [(name, topic, share) for name in NAMES for topic, share in enumerate(shares)],
        columns=["entry_id", "topic", "weight"],
    )
    turned = like[like["entry_id"] < "e07"]
    turned = pd.concat([turned, weights(**dict.fromkeys(NAMES[7:], 1))], ignore_index=True)
    topics = TOPICS.assign(stable=True)
    assert topic_turns(like, topics, diary(*NAMES)) == []
    assert topic_turns(turned, topics, diary(*NAMES)) == ["e07"]
