"""The first page: plain words that follow the tables, on both sides alike."""

from pathlib import Path

import pandas as pd
import pytest

import reflect
from reflect import plain
from reflect.labels import label

SIDES = {"a": "author", "b": "critic"}
DEMO = Path(__file__).parents[1] / "corpora" / "mentor-mentor-demo"


def test_who_names_both_sides_and_who_stopped():
    corpus = reflect.Corpus.load(DEMO)
    said = plain.who(corpus, {"leader": "leader", "talent": "newcomer"}, "en")
    assert said.startswith("24 people in 12 tandems wrote 283 entries between 4 March 2025")
    assert "141 by the leader side, 142 by the newcomer side" in said
    assert "Nothing comes from T09" in said


def topics(*stable: bool) -> pd.DataFrame:
    rows = [(place, f"topic {place}", value) for place, value in enumerate(stable)]
    return pd.DataFrame(rows, columns=["topic", "label", "stable"])


def shares(a: tuple[float, float], b: tuple[float, float], number: int = 1) -> pd.DataFrame:
    rows = [
        (side, place, *bounds) for place in range(number) for side, bounds in (("a", a), ("b", b))
    ]
    return pd.DataFrame(rows, columns=["side", "topic", "low", "high"])


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ((0.1, 0.3), (0.2, 0.4), "We see no difference between the sides"),
        ((0.1, 0.2), (0.3, 0.4), "The sides differ on “topic 0”."),
        ((0.3, 0.4), (0.1, 0.2), "The sides differ on “topic 0”."),
        ((float("nan"), 0.2), (0.3, 0.4), None),
    ],
)
def test_sides_differ_on_a_topic_only_where_intervals_lie_apart(a, b, said):
    text = plain.topics(topics(True, False), shares(a, b, 2), SIDES, "en")
    assert text.startswith("Sorted by their words, the entries fall into 2 topics. 1 of them comes")
    assert said in text if said else text.endswith("“topic 0”.")


def test_no_more_than_five_topics_are_named_and_none_that_does_not_hold():
    said = plain.topics(topics(*[True] * 7), shares((0, 1), (0, 1), 7), SIDES, "en")
    assert "among them" in said and "topic 4" in said and "topic 5" not in said
    assert "none of them comes back" in plain.topics(
        topics(False), shares((0, 1), (0, 1)), SIDES, "en"
    )


def diary(tandems: int) -> pd.DataFrame:
    rows = [(f"{t}{s}", f"T{t}", s) for t in range(tandems) for s in "ab"]
    return pd.DataFrame(rows, columns=["entry_id", "tandem_id", "side"])


def contrast(verdict: str) -> pd.DataFrame:
    return pd.DataFrame([("insight", verdict)], columns=["marker", "verdict"])


def changes(verdict: str) -> pd.DataFrame:
    return pd.DataFrame([("insight", "b", verdict)], columns=["marker", "contrast", "verdict"])


SPANS = pd.DataFrame({"entry_id": ["0a", "0a", "1b"], "marker": ["insight", "revision", "advice"]})


@pytest.mark.parametrize(
    ("tandems", "side", "change", "said"),
    [
        (12, "none", "none", ["plain.shift_alike", "plain.change_none"]),
        (3, "too_few", "described", ["plain.few"]),
        (12, "too_few", "described", ["plain.shift_untested", "plain.change_untested"]),
    ],
)
def test_no_difference_and_no_test_are_sentences(tandems, side, change, said):
    text = plain.moved(SPANS, diary(tandems), contrast(side), changes(change), SIDES, "en")
    assert text.startswith(f"In 1 of {2 * tandems} entries a shift of perspective is told")
    assert "1 by the author side, 0 by the critic side" in text
    for key in said:
        assert label("en", key) in text


def test_differences_and_changes_are_named_unless_the_marker_does_not_carry():
    given = (SPANS, diary(12), contrast("a"), changes("more"), SIDES, "en")
    text = plain.moved(*given)
    assert "More often on the author side: insight." in text
    assert "Towards the end, more often on the critic side: insight." in text
    doubted = plain.moved(*given, doubted=lambda marker: marker == "insight")
    assert "author side: insight" not in doubted and "Towards the end" not in doubted


def test_without_a_shift_none_is_claimed():
    text = plain.moved(SPANS[2:], diary(12), contrast("none"), changes("none"), SIDES, "en")
    assert text == label("en", "say.shift_none")


def counts(a: int, b: int) -> pd.DataFrame:
    rows = [("learner", "a", a), ("learner", "b", b), ("teacher", "a", 99)]
    return pd.DataFrame(rows, columns=["told_by", "learner_side", "hits"])


def balance(verdict: str) -> pd.DataFrame:
    return pd.DataFrame([{"verdict": verdict}])


@pytest.mark.parametrize(
    ("verdict", "sure", "key", "side"),
    [
        ("a", True, "leans", "author"),
        ("b", True, "leans", "critic"),
        ("none", True, "even", ""),
        ("described", True, "few", ""),
        ("too_few", True, "few", ""),
        ("a", False, "even", ""),
    ],
)
def test_one_side_received_more_only_where_the_test_says_so(verdict, sure, key, side):
    text = plain.exchanged(counts(20, 2), balance(verdict), SIDES, "en", sure)
    assert "in 20 sentences" in text and "says so in 2." in text
    assert text.endswith(label("en", f"plain.flow_{key}", side=side))


def test_nothing_received_is_said():
    assert plain.exchanged(counts(0, 0), balance("too_few"), SIDES, "en") == label(
        "en", "plain.flow_none"
    )


@pytest.mark.parametrize("numbers", [(0, 3), (3, 0)])
def test_received_on_one_side_only(numbers):
    text = plain.exchanged(counts(*numbers), balance("too_few"), SIDES, "en")
    one, other = list(SIDES.values())[:: 1 if numbers[0] else -1]
    assert f"The {one} side says in 3 sentences" in text
    assert f"in the diaries of the {other} side no such sentence was found" in text
    assert "0 sentences" not in text


def cohort(measure: str, verdict: str) -> pd.DataFrame:
    return pd.DataFrame([(measure, verdict)], columns=["measure", "verdict"])


@pytest.mark.parametrize(
    ("measure", "verdict", "said"),
    [
        ("learning_reciprocity", "above", "closer to each other"),
        ("learning_reciprocity", "below", "further apart"),
        ("we_gap", "above", "further apart"),
        ("we_gap", "below", "closer to each other"),
        ("we_gap", "none", "we see no difference"),
        ("we_gap", "described", "do not tell"),
    ],
)
def test_evenness_in_plain_words(measure, verdict, said):
    text = plain.evened(cohort(measure, verdict), pd.DataFrame({"p_adjusted": [0.5]}), SIDES, "en")
    assert said in text and "style" not in text
    found = pd.DataFrame({"p_adjusted": [0.01]})
    style = plain.evened(cohort(measure, verdict), found, SIDES, "en")
    assert style.endswith("does not say that they get on better.")
