"""The wording follows the verdict, and says nothing that the table does not hold."""

import pandas as pd

from reflect import findings

SIDES = {"a": "author", "b": "critic"}


def changes(*rows: tuple) -> pd.DataFrame:
    names = ["marker", "contrast", "ratio", "low", "high", "verdict", "family", "p_adjusted"]
    return pd.DataFrame(rows, columns=names).assign(early_hits=4.0, late_hits=6.0, tandems=12)


def test_a_change_is_told_with_its_numbers():
    table = changes(("insight", "a", 2.04, 1.1, 3.9, "more", "primary", 0.012))
    text = findings.changed(table, SIDES, "en")
    assert text.startswith("The author side writes “insight” 2.0 times as often in the last third")
    assert "1.1 to 3.9, planned, p = 0.012" in text


def test_no_change_is_a_sentence():
    table = changes(
        ("insight", "a", 1.1, 0.5, 2.0, "none", "exploratory", 0.8),
        ("insight", "difference", 1.1, 0.5, 2.0, "more", "exploratory", 0.01),
    )
    assert findings.changed(table, SIDES, "en").startswith("Of 1 comparison of the last third")


def test_few_tandems_are_described():
    table = changes(("insight", "a", 1.1, 0.5, 2.0, "described", "exploratory", None))
    assert "not tested" in findings.changed(table, SIDES, "en")


def shares(claims: int, p: float | None) -> pd.DataFrame:
    row = ("a", "b", claims, claims, 2, 12, 0.5, 0.15, 0.85, 0.1, p)
    names = ["learner_side", "teacher_side", "claims", "answerable", "matched", "tandems"]
    return pd.DataFrame([row], columns=[*names, "share", "low", "high", "expected", "p"])


def test_corroboration_beyond_chance_belongs_to_the_pair():
    text = findings.corroborated(shares(4, 0.01), SIDES, "en")
    assert "50%, 95% interval 15% to 85%" in text
    assert "belongs to the pair (p = 0.010)" in text


def test_corroboration_by_chance_or_without_claims():
    assert "we see no agreement" in findings.corroborated(shares(4, 0.4), SIDES, "en")
    assert "nothing to bear out" in findings.corroborated(shares(0, None), SIDES, "en")
    assert "not tested" in findings.corroborated(shares(4, None), SIDES, "en")


def chance(verdict: str, moments: int = 9) -> pd.DataFrame:
    row = (12, moments, 5, 2.25, 0.01, verdict)
    return pd.DataFrame(
        [row], columns=["tandems", "moments", "both_sides", "expected", "p", "verdict"]
    )


def test_moments_are_held_against_pairs_that_never_met():
    assert "would share 2.2 on average (p = 0.010)" in findings.moments_belong(
        chance("above"), "en"
    )
    assert "a shared calendar gives" in findings.moments_belong(chance("none"), "en")
    assert "described and not tested" in findings.moments_belong(chance("described"), "en")
    assert findings.moments_belong(chance("none", moments=0), "en") == ""
