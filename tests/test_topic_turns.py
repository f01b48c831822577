"""Turns to other topics, on weights that can be checked in the head."""

import pandas as pd

from reflect.topic_turns import BEFORE_ENTRIES, topic_turns

TOPICS = pd.DataFrame({"topic": [0, 1, 2], "stable": [True, True, False]})


def diary(*entries: str, person: str = "p") -> pd.DataFrame:
    days = pd.date_range("2025-03-01", periods=len(entries))
    return pd.DataFrame({"entry_id": entries, "participant_id": person, "date": days})


def weights(**topics: int) -> pd.DataFrame:
    return pd.DataFrame({"entry_id": list(topics), "topic": list(topics.values()), "weight": 1.0})


def test_the_one_entry_on_something_else_is_the_turn():
    names = [f"e{number:02}" for number in range(13)]
    about = dict.fromkeys(names, 0) | {"e07": 1}
    # Ten entries have three before them; a tenth of them is one.
    assert topic_turns(weights(**about), TOPICS, diary(*names)) == ["e07"]


def test_the_first_entries_are_held_against_nothing():
    names = [f"e{number:02}" for number in range(13)]
    about = dict.fromkeys(names, 0) | {"e00": 1, "e02": 1}
    assert not {"e00", "e01", "e02"} & set(topic_turns(weights(**about), TOPICS, diary(*names)))
    assert topic_turns(weights(**about), TOPICS, diary(*names[:BEFORE_ENTRIES])) == []


def test_turning_between_unstable_topics_is_no_turn():
    names = [f"e{number:02}" for number in range(13)]
    topics = pd.DataFrame({"topic": [0, 1, 2, 3], "stable": [True, True, False, False]})
    about = dict.fromkeys(names, 2) | {"e05": 3, "e09": 0}
    assert topic_turns(weights(**about), topics, diary(*names)) == ["e09"]


def test_people_are_held_against_themselves():
    first, second = [f"a{n:02}" for n in range(13)], [f"b{n:02}" for n in range(13)]
    both = pd.concat([diary(*first, person="p"), diary(*second, person="q")])
    about = dict.fromkeys(first, 0) | dict.fromkeys(second, 1) | {"a08": 1, "b08": 0}
    assert topic_turns(weights(**about), TOPICS, both) == ["a08", "b08"]


def test_without_two_stable_topics_there_is_none():
    topics = TOPICS.assign(stable=[True, False, False])
    names = [f"e{number:02}" for number in range(13)]
    assert topic_turns(weights(**dict.fromkeys(names, 0)), topics, diary(*names)) == []
