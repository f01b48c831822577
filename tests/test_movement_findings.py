"""Sentences on plan, gaps, power, rhythm and words follow the verdicts, and claim no more."""

import pandas as pd
import pytest

from reflect import movement_findings as findings
from reflect.plan import Plan

SIDES = {"a": "author", "b": "critic"}
FIRST = pd.Timestamp("2025-03-04")
NO_TABLE = pd.DataFrame(columns=["marker", "contrast", "measure", "side", "hits"])


def plan(*primary: tuple[str, str], written: str | None = "2025-02-17") -> Plan:
    date = pd.Timestamp(written) if written else pd.NaT
    return Plan(primary=primary, written=date, text="written: x\n`primary`: y\n")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Plan(), "There is no analysis plan"),
        (plan(), "names no question"),
        (
            plan(("insight", "change")),
            "before the first entry (17 February 2025) and names: insight (change from",
        ),
        (plan(("insight", "change"), written=None), "It bears no date"),
        (plan(("insight", "change"), written="2025-04-01"), "after the first entry"),
    ],
)
def test_a_plan_is_told_as_what_it_is(given, said):
    assert said in findings.planned(given, FIRST, "en")


def test_the_plan_is_quoted_as_code_and_cannot_end_the_block():
    assert findings.plan_quoted(Plan()) == ""
    assert findings.plan_quoted(plan()) == "```yaml\nwritten: x\n'primary': y\n```"


def changes(**values) -> pd.DataFrame:
    row = {"marker": "insight", "contrast": "a", "tandems": 12, "early_hits": 9, "late_hits": 20}
    row |= {"ratio": 2.1, "low": 1.3, "high": 3.4, "p_adjusted": 0.01, "family": "primary"}
    return pd.DataFrame([row | {"verdict": "more"} | values])


def cohort(measure: str = "learning_reciprocity", **values) -> pd.DataFrame:
    row = {"measure": measure, "tandems": 12, "mean": 0.9, "expected": 0.5}
    row |= {"p": 0.01, "p_adjusted": 0.02, "verdict": "above"}
    return pd.DataFrame([row | values])


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "writes “insight” 2.1 times as often in the last third"),
        ({"verdict": "none", "ratio": 1.1}, "we see no change on the author side (1.1 times"),
        ({"verdict": "none", "early_hits": 1, "late_hits": 2}, "cannot be told: 1 such sentence"),
        ({"verdict": "described"}, "With 12 tandems this is a description"),
        ({"verdict": "too_few"}, "nothing can be said of the author side"),
    ],
)
def test_a_planned_change_is_answered_as_its_verdict_says(values, said):
    text = findings.answered(
        plan(("insight", "change")), changes(**values), NO_TABLE, NO_TABLE, SIDES, "en"
    )
    assert text.startswith("- **Insight (change from first to last third).**")
    assert said in text
    # The other side has no row: that is an answer, too.
    assert "nothing can be said of the critic side" in text


def test_the_difference_of_changes_is_answered():
    asked = plan(("insight", "difference"))
    row = changes(contrast="difference")
    assert "differs between the sides" in findings.answered(
        asked, row, NO_TABLE, NO_TABLE, SIDES, "en"
    )
    row = changes(contrast="difference", verdict="none")
    assert "we cannot see" in findings.answered(asked, row, NO_TABLE, NO_TABLE, SIDES, "en")


def test_a_planned_rate_is_given_with_its_interval():
    rates = pd.DataFrame([("a", "insight", 4, 0.51, 0.2, 1.1)])
    rates.columns = ["side", "marker", "hits", "rate", "low", "high"]
    asked = plan(("insight", "rate"))
    said = findings.answered(asked, changes(), NO_TABLE, rates, SIDES, "en")
    assert "0.51 times per 1,000 words (95% interval 0.20 to 1.10)" in said
    none = findings.answered(asked, changes(), NO_TABLE, rates.head(0), SIDES, "en")
    assert "on neither side was “insight” found" in none


def test_a_planned_reciprocity_is_answered_by_its_own_measure():
    both = pd.concat([cohort(), cohort("advice_reciprocity", mean=0.1)])
    asked = plan(("learning", "reciprocity"))
    said = findings.answered(asked, changes(), both, NO_TABLE, SIDES, "en")
    assert "more even than pairs that never met (0.90 against 0.50, p = 0.020)" in said
    assert "advice" not in said


def test_what_neither_side_has_enough_of_is_said_once_with_the_counts():
    few = {"verdict": "none", "early_hits": 1, "late_hits": 2}
    both = pd.concat([changes(**few), changes(contrast="b", **few | {"late_hits": 0})])
    said = findings.answered(plan(("insight", "change")), both, NO_TABLE, NO_TABLE, SIDES, "en")
    assert said.count("cannot be told") == 1
    assert "the author side wrote 1 such sentence in the first third and 2 in the last" in said
    assert "the critic side 1 and 0" in said


def test_reciprocities_that_no_tandem_has_are_told_together_with_how_often_they_were_found():
    asked = plan(("learning", "reciprocity"), ("insight", "rate"), ("advice", "reciprocity"))
    none = pd.concat([cohort(tandems=0), cohort("advice_reciprocity", tandems=0)])
    rates = pd.DataFrame([("a", "learning", 4, 0.5, 0.2, 1.1), ("b", "advice", 1, 0.1, 0.0, 0.9)])
    rates.columns = ["side", "marker", "hits", "rate", "low", "high"]
    said = findings.answered(asked, changes(), none, rates, SIDES, "en")
    first, second = said.splitlines()
    assert first.startswith("- **Learning and advice (reciprocity against pairs that never met).**")
    assert said.count("No tandem has a value") == 1
    assert "“learning”: 4 sentences on the author side, 0 on the critic side" in first
    assert "“advice”: 0 sentences on the author side, 1 on the critic side" in first
    assert second.startswith("- **Insight (how often).**")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"verdict": "below"}, "less even than pairs that never met"),
        ({"verdict": "none"}, "we see no difference"),
        ({"verdict": "described", "tandems": 3}, "described and not tested: “reciprocity of"),
        ({"tandems": 0}, "No tandem has a value for “reciprocity of learning”"),
    ],
)
def test_evenness_is_worded_by_its_verdict(values, said):
    assert said in findings.reciprocities(cohort(**values), "en")


def test_a_larger_distance_is_less_even():
    assert "less even" in findings.reciprocities(cohort("we_gap"), "en")
    assert "more even" in findings.reciprocities(cohort("we_gap", verdict="below"), "en")


def grid(missing: int) -> pd.DataFrame:
    return pd.DataFrame({"missing": [True] * missing + [False] * (24 - missing)}).assign(
        after_last=False
    )


def check(side: str, time: str) -> pd.DataFrame:
    rows = [("side", "", 12, 0.11, 0.03, side), ("time", "", 12, 0.2, 0.04, time)]
    names = ["relation", "side", "tandems", "difference", "p", "verdict"]
    return pd.DataFrame([*rows, ("time", "a", 12, 0.9, 0.001, "more")], columns=names)


@pytest.mark.parametrize(
    ("side", "time", "said"),
    [
        ("none", "none", "We see no relation of gaps to side or time"),
        ("more", "none", "The author side misses more periods (11 percentage points"),
        ("less", "none", "The critic side misses more periods"),
        ("none", "more", "More is missing in the last third (20 percentage points"),
        ("none", "less", "Less is missing in the last third"),
        ("described", "described", "With 12 tandems the gaps are described and not tested"),
    ],
)
def test_gaps_relate_to_side_or_time_only_where_that_is_shown(side, time, said):
    text = findings.gaps(grid(6), check(side, time), SIDES, "en")
    assert text.startswith("6 of 24 person-periods (25%) hold no entry")
    assert said in text


def test_no_gap_is_said():
    said = findings.gaps(grid(0), check("none", "none"), SIDES, "en")
    assert said == "No period is without an entry."


def power(double: float, triple: float, tandems: int = 12) -> pd.DataFrame:
    rows = [("shift", "a", 2.0, double), ("shift", "a", 3.0, triple)]
    table = pd.DataFrame(rows, columns=["marker", "contrast", "ratio", "power"])
    return table.assign(tandems=tandems)


def test_what_could_have_been_shown():
    weak = findings.powered(power(0.31, 0.7), SIDES, "en")
    assert "a probability of 31%; three times as often, with 70%" in weak
    assert "more likely be missed" in weak
    assert "very likely have been found" in findings.powered(power(0.85, 0.99), SIDES, "en")
    assert "cannot be worked out" in findings.powered(power(float("nan"), 0.9).head(1), SIDES, "en")


def test_below_ten_tandems_no_change_could_have_been_shown():
    said = findings.powered(power(0.9, 0.99, tandems=7), SIDES, "en")
    assert said.startswith("With 7 tandems change is described and not tested")
    assert "%" not in said


def coupling(verdict: str, tandems: int = 12, lag: int = 1) -> pd.DataFrame:
    row = {"lag": lag, "tandems": tandems, "r": 0.42, "p": 0.01, "verdict": verdict}
    return pd.DataFrame(
        [row, row | {"lag": 0, "verdict": "none" if verdict != "described" else verdict}]
    )


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (coupling("together"), "at this delay: 1 week, critic after author (r = 0.42"),
        (coupling("together", lag=-2), "2 weeks, author after critic"),
        (coupling("opposed", lag=0), "holds fewer, at this delay: same week"),
        (coupling("none"), "We see no common rhythm"),
        (coupling("described", tandems=3), "Only in 3 of 12 tandems"),
        (coupling("described", tandems=12), "With 12 tandems the rhythm"),
        (coupling("described", tandems=0), "In no tandem"),
    ],
)
def test_a_common_rhythm_is_claimed_only_beyond_both_kinds_of_chance(table, said):
    assert said in findings.coupled(table, 12, SIDES, "week", "en")


def words(*rows: tuple[str, float, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["word", "z", "verdict"])
    return table.assign(language="de", p=0.5)


def test_words_set_the_sides_apart_only_where_that_is_shown():
    said = findings.words_apart(words(("Tee", 4, "a"), ("Brot", -5, "b")), SIDES, "en")
    assert "the author side uses more often, beyond chance: Tee." in said
    assert "the critic side uses more often, beyond chance: Brot." in said
    only = findings.words_apart(words(("Tee", 4, "a")), SIDES, "en")
    assert "critic" not in only
    none = findings.words_apart(words(("Tee", 4, "none")), SIDES, "en")
    assert "none of 1 words" in none
    assert "not tested" in findings.words_apart(words(("Tee", 4, "described")), SIDES, "en")
    assert findings.words_apart(words(), SIDES, "en") == "no word is used by enough people"


def test_the_strongest_words_are_named_first_and_not_all():
    rows = [(f"w{n}", float(n), "a") for n in range(1, 12)]
    said = findings.words_apart(words(*rows), SIDES, "en", most=3)
    assert said.endswith("beyond chance: w11, w10 and w9.")


def test_words_change_only_where_that_is_shown():
    still, moved = words(("Tee", 4, "none")), words(("Tee", 4, "late"), ("Eis", -3, "early"))
    neither = findings.words_changed({"a": still, "b": still}, SIDES, "en")
    assert neither.endswith("on either side.")
    one = findings.words_changed({"a": moved, "b": still}, SIDES, "en")
    assert "the author side uses more often in the last third: Tee." in one
    assert "the author side uses less often in the last third: Eis." in one
    assert "no word changes beyond chance on the critic side" in one
    described = words(("Tee", 4, "described"))
    said = findings.words_changed({"a": described, "b": described}, SIDES, "en")
    assert said.endswith("are not tested.")


def test_the_foremost_words_of_either_group_and_language():
    german = words(*[(f"w{n}", float(5 - n), "none") for n in range(10)])
    english = german.head(3).assign(language="en")
    shown = findings.foremost(pd.concat([german, english], ignore_index=True), 2)
    assert shown["word"].tolist() == ["w0", "w1", "w8", "w9", "w0", "w1", "w2"]


def test_tables_of_the_sides_are_stacked():
    both = findings.stacked({"a": words(("Tee", 1, "none")), "b": words(("Eis", 1, "none"))})
    assert both[["side", "word"]].to_numpy().tolist() == [["a", "Tee"], ["b", "Eis"]]
