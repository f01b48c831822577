"""Profiles of evenness by hand, and what re-pairing does to them."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats as distributions
from simulated import SIDES, marks, tandem_names, weekly_diary

from reflect.evenness import (
    MEASURES,
    balance,
    evenness,
    evenness_cohort,
    min_max,
    reciprocity,
    side_components,
)

PERSON = {
    "language": "de",
    "entries": 10,
    "words": 1000,
    "learning": 4,
    "advice": 4,
    "perspective": 4,
    "we": 20,
    "i": 60,
    "individuated": 6,
    "generalised": 2,
}


def components(*people: dict) -> pd.DataFrame:
    """Persons in turn of the first and the second side of tandems T00, T01 ..."""
    rows = [
        {"tandem_id": f"T{place // 2:02}", "side": SIDES[place % 2]} | PERSON | person
        for place, person in enumerate(people)
    ]
    return pd.DataFrame(rows)


def measured(table: pd.DataFrame) -> pd.DataFrame:
    return evenness(table, SIDES, draws=400).set_index("measure")


@pytest.mark.parametrize(
    ("first", "second", "signed", "even", "ratio"),
    [(2, 2, 0, 1, 1), (3, 1, 0.5, 0.5, 1 / 3), (0, 3, -1, 0, 0), (1, 4, -0.6, 0.4, 0.25)],
)
def test_formulas_by_hand(first, second, signed, even, ratio):
    pair = np.array([float(first)]), np.array([float(second)])
    assert balance(*pair)[0] == pytest.approx(signed)
    assert reciprocity(*pair)[0] == pytest.approx(even)
    assert min_max(*pair)[0] == pytest.approx(ratio)


def test_two_zeros_give_no_number_and_no_warning():
    assert np.isnan(balance(np.zeros(1), np.zeros(1))[0])
    assert np.isnan(min_max(np.zeros(1), np.zeros(1))[0])


def test_a_profile_by_hand():
    table = measured(
        components(
            {"learning": 6, "perspective": 4, "we": 20, "i": 60, "individuated": 6},
            {"learning": 2, "perspective": 2, "we": 10, "i": 70, "individuated": 0},
        )
    )
    assert table.index.tolist() == [measure.name for measure in MEASURES]
    value = table["value"]
    assert value["learning_balance"] == pytest.approx(0.5)
    assert value["learning_reciprocity"] == pytest.approx(0.5)
    assert value["perspective_reciprocity"] == pytest.approx(0.5)
    assert value["we_ness"] == pytest.approx((0.25 + 0.125) / 2)
    assert value["we_gap"] == pytest.approx(0.125)
    # (6 + .5) / (8 + 1) and (0 + .5) / (2 + 1).
    assert value["personalisation"] == pytest.approx((6.5 / 9 + 0.5 / 3) / 2)
    assert table.loc["learning_balance", ["first", "second", "hits"]].tolist() == [6.0, 2.0, 8]
    assert table.loc["perspective_reciprocity", ["first", "second"]].tolist() == [0.4, 0.2]
    assert (table["reason"] == "").all()


def test_balance_is_of_rates_and_its_interval_that_of_the_beta_prior():
    table = evenness(components({"learning": 6}, {"learning": 2}), SIDES, draws=40_000)
    row = table.set_index("measure").loc["learning_balance"]
    share = distributions.beta(7, 3)
    assert (row["low"] + 1) / 2 == pytest.approx(share.ppf(0.025), abs=0.01)
    assert (row["high"] + 1) / 2 == pytest.approx(share.ppf(0.975), abs=0.01)
    longer = measured(components({"learning": 2}, {"learning": 2, "words": 3000}))
    assert longer.loc["learning_balance", "value"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("first", "second", "measure", "reason"),
    [
        ({"learning": 1}, {"learning": 1}, "learning_balance", "too_few"),
        ({"learning": 2}, {"learning": 1}, "learning_balance", ""),
        ({"perspective": 0}, {"perspective": 0}, "perspective_reciprocity", "too_few"),
        ({"we": 2, "i": 7}, {}, "we_ness", "too_few"),
        ({"individuated": 0, "generalised": 0}, {}, "personalisation", "too_few"),
        ({"language": "en"}, {}, "advice_balance", "two_languages"),
        ({"language": "mixed"}, {"language": "mixed"}, "we_gap", "two_languages"),
        ({"words": 0, "learning": 0}, {}, "learning_balance", "too_few"),
    ],
)
def test_why_a_value_is_missing(first, second, measure, reason):
    row = measured(components(first, second)).loc[measure]
    assert row["reason"] == reason
    assert np.isnan(row["value"]) == bool(reason)
    assert np.isnan(row["low"]) == bool(reason)


def test_a_side_that_wrote_nothing():
    table = measured(components({}))
    assert set(table["reason"]) == {"side_missing"}
    cohort = evenness_cohort(components({}), SIDES)
    assert cohort["tandems"].tolist() == [0] * len(MEASURES)
    assert set(cohort["verdict"]) == {"described"}


def paired(tandems: int, depends: bool, seed: int) -> pd.DataFrame:
    """Perspective shares that partners have in common, or that anybody may have."""
    generator = np.random.default_rng(seed)
    people = []
    for _ in range(tandems):
        level = generator.integers(1, 10)
        other = level if depends else generator.integers(1, 10)
        people += [{"perspective": level}, {"perspective": other}]
    return components(*people)


def test_evenness_that_belongs_to_the_pair_is_found():
    table = evenness_cohort(paired(8, True, 1), SIDES, resamples=500).set_index("measure")
    row = table.loc["perspective_reciprocity"]
    assert row["mean"] == 1.0 and row["expected"] < 0.7
    assert (row["p"] < 0.05, row["verdict"]) == (True, "above")
    # What is the same for all pairs is no evenness of the pair.
    assert table.loc["learning_reciprocity", "verdict"] == "none"
    assert np.isnan(table.loc["we_ness", "p"])


def test_shuffled_partners_lose_it():
    alarms = [
        evenness_cohort(paired(8, False, seed), SIDES, resamples=200)
        .set_index("measure")
        .loc["perspective_reciprocity", "p"]
        < 0.05
        for seed in range(100, 160)
    ]
    assert np.mean(alarms) <= 0.1


def test_few_tandems_are_described():
    table = evenness_cohort(paired(4, True, 1), SIDES)
    assert set(table["verdict"]) == {"described"}
    assert table["p"].isna().all()


def test_components_by_hand():
    text = "Meine Mentorin fragte. Wir lachten, ich auch. [PERSON_9] ging. Als Mensch ist sie gut."
    diary = weekly_diary(1, weeks=3, words=text)
    diary["partner_placeholder"] = np.where(diary["side"] == "a", "[PERSON_9]", "[PERSON_8]")
    spans = marks(
        [
            ("T00-a-1", "learning", "from_partner"),
            ("T00-a-1", "learning", "to_partner"),
            ("T00-a-2", "advice", "received"),
            ("T00-a-2", "perspective_taking", ""),
            ("T00-a-2", "perspective_taking", ""),
            ("T00-b-1", "generalization", ""),
            ("T00-b-3", "learning", "from_other"),
        ]
    )
    table = side_components(spans, diary, SIDES).set_index("side")
    names = ["entries", "learning", "advice", "perspective", "we", "i", "generalised"]
    assert table.loc["a", names].tolist() == [3, 1, 1, 1, 3, 6, 0]
    assert table.loc["b", names].tolist() == [3, 0, 0, 0, 3, 6, 1]
    # Of each entry: wir; meine and ich. Sentences on the partner: the mentor, the person, and the
    # placeholder of one's own partner.
    assert table.loc["a", "individuated"] == 3 * 3
    assert table.loc["b", "individuated"] == 3 * 2
    assert table["language"].tolist() == ["de", "de"]


def test_the_language_of_a_person_is_that_of_most_words():
    diary = weekly_diary(1, weeks=10)
    english = (diary["side"] == "a") & (diary["period"] <= 3)
    diary.loc[english, "language"] = "en"
    diary.loc[english, "text"] = "word " * 100
    table = side_components(marks([]), diary, SIDES).set_index("side")
    assert table["language"].tolist() == ["mixed", "de"]


def test_tandems_come_in_order_and_the_same_seed_gives_the_same_profile():
    people = components(*[{}] * 6)
    first, second = evenness(people, SIDES, draws=200), evenness(people[::-1], SIDES, draws=200)
    pd.testing.assert_frame_equal(first, second)
    assert first["tandem_id"].unique().tolist() == tandem_names(3)
