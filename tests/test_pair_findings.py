"""Sentences on themes, evenness, style and outcomes follow the evidence."""

import pandas as pd
import pytest

from reflect import pair_findings as findings

SIDES = {"a": "author", "b": "critic"}


def themes(*hits: int, learner: str = "a") -> pd.DataFrame:
    rows = [(learner, place, f"topic {place}", count, 2) for place, count in enumerate(hits)]
    return pd.DataFrame(rows, columns=["learner_side", "topic", "label", "hits", "tandems"])


def clauses(number: int, learner: str = "a") -> pd.DataFrame:
    return pd.DataFrame({"learner_side": [learner] * number})


@pytest.mark.parametrize(
    ("hits", "said"),
    [
        ((9, 1, 1), "Of 11 sentences on what the author side received, 9 fall under “topic 0”"),
        # One topic in ten draws 6 of 20 by chance: 95 % of it alone would lie above a tenth.
        ((6, 3, 2, 2, 2, 1, 1, 1, 1, 1), "The 20 sentences on what the author side received"),
        ((3, 2, 2, 2), "The 9 sentences on what the author side received spread over 4 topics"),
        ((2, 1, 1), "The 4 sentences on what the author side received spread over 3 topics"),
        ((1, 1), "What the author side received cannot be put under themes"),
        ((4,), "4 fall under “topic 0”"),
    ],
)
def test_a_theme_is_named_only_where_it_stands_out(hits, said):
    text = findings.themed(themes(*hits), clauses(sum(hits)), SIDES, "en")
    assert said in text
    assert "What the critic side received cannot be put under themes" in text


def profile(low: float, high: float, measure: str = "learning_balance") -> pd.DataFrame:
    row = {"tandem_id": "A", "measure": measure, "value": (low + high) / 2, "low": low}
    return pd.DataFrame([row | {"high": high, "hits": 9, "reason": ""}])


def cohort(*rows: tuple[str, int, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["measure", "tandems", "verdict"])
    return table.assign(mean=0.8, expected=0.5, p=0.01)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.2, 0.9, "In A, the balance of learning leans to the author side (0.55, 95% interval"),
        (-0.9, -0.2, "leans to the critic side (−0.55, 95% interval −0.90 to −0.20)"),
        (-0.2, 0.9, None),
    ],
)
def test_a_tandem_leans_only_where_the_interval_leaves_out_zero(low, high, said):
    text = findings.evened(profile(low, high), cohort(), SIDES, "en")
    assert said in text if said else text == ""


def test_measures_without_a_value_are_named_and_those_of_no_pairing_are_not_tested():
    table = cohort(("we_gap", 9, "none"), ("advice_balance", 0, "described"))
    table = pd.concat([table, cohort(("personalisation", 9, "described"))])
    text = findings.evened(profile(-1, 1), table, SIDES, "en")
    assert "“distance in the share of we” we see no difference" in text
    assert "No tandem has a value for “balance of advice”" in text
    assert "partner as a person" not in text


def style(p: float) -> pd.DataFrame:
    names = ["language", "tandems", "excess", "p_adjusted"]
    return pd.DataFrame([("de", 6, 0.034, p)], columns=names)


def matching(**values) -> pd.DataFrame:
    row = {"tandem_id": "A", "lsm": 0.9, "excess": 0.05, "rarefied": 700, "reason": ""}
    return pd.DataFrame([row | values])


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.006, "write more alike than pairs that never met (by 0.03, p = 0.006)"),
        (0.4, "we see no difference in style"),
        (float("nan"), "6 tandems could be compared: too few"),
    ],
)
def test_style_is_worded_by_its_test(p, said):
    text = findings.styled(style(p), matching(), "en")
    assert said in text and text.startswith("In German")
    without = matching(lsm=float("nan"), reason="two_languages")
    assert "For A there is no value: two languages" in findings.styled(style(p), without, "en")


def test_style_joins_the_profile_and_only_known_measures_are_shown():
    joined = findings.with_style(profile(0.1, 0.2), matching())
    assert joined["measure"].tolist() == ["learning_balance", "style_matching"]
    assert joined["value"].iloc[1] == 0.05
    assert findings.measures_known(joined) == ["learning_balance", "style_matching"]
    nothing = joined.assign(value=float("nan"))
    assert findings.measures_known(nothing) == list(findings.MEASURES[:4])


def context(own: int, partner: int, events: str = "kickoff,meeting") -> pd.DataFrame:
    row = {"outcome_id": "o", "tandem_id": "A", "side": "a", "kind": "skill", "events": events}
    row |= {"date": pd.Timestamp("2025-05-05"), "own_hits": own, "partner_hits": partner}
    row |= {"own_markers": "insight" if own else "", "partner_markers": "learning"}
    return pd.DataFrame([row])


def test_outcomes_are_chronology():
    text = findings.preceded(context(1, 2), SIDES, "en", days=21)
    assert text.startswith("Of 1 outcome, 1 stands within 21 days after an event")
    assert "What led to what, it does not show." in text
    assert (
        "- **A, 5 May 2025**, new skill (author): events in the 21 days before: kick-off and"
        in text
    )
    assert "own diary: insight; in the partner's: learning" in text
    for cause in ("because", "caused", "led to the", "thanks to"):
        assert cause not in text.replace("What led to what", "")


def test_outcomes_that_only_one_diary_precedes_are_counted_and_not_told():
    text = findings.preceded(context(0, 2, events=""), SIDES, "en", days=21)
    assert "0 stand within 21 days" in text and "**A" not in text
    assert findings.preceded(context(0, 0).head(0), SIDES, "en", days=21).startswith("*")
