"""Claims to have learned, and what the partner's diary says of them."""

import numpy as np
import pandas as pd
import pytest
from simulated import SIDES, marks, tandem_names, weekly_diary

from reflect.corroboration import COLUMNS, corroborated_share, corroboration
from reflect.dyad import learning_flow

DIARY = weekly_diary(1)


def flow(*hits: tuple[str, str, str], diary: pd.DataFrame = DIARY) -> pd.DataFrame:
    return learning_flow(marks(list(hits)), diary, SIDES)


LEARNED = ("T00-a-4", "learning", "from_partner")


@pytest.mark.parametrize(
    ("answer", "days", "apart"),
    [
        (("T00-b-4", "learning", "to_partner"), 7, 1),
        (("T00-b-3", "learning", "to_partner"), 7, -6),
        (("T00-b-5", "learning", "to_partner"), 7, None),
        (("T00-b-5", "learning", "to_partner"), 8, 8),
        (("T00-b-4", "learning", "to_partner"), 0, None),
        (("T00-b-4", "learning", "from_partner"), 7, None),
        (("T00-b-4", "learning", "mutual"), 7, 1),
        (("T00-b-4", "advice", "given"), 7, None),
        (("T00-a-4", "learning", "to_partner"), 7, None),
    ],
)
def test_what_counts_as_an_answer(answer, days, apart):
    table = corroboration(flow(LEARNED, answer), DIARY, days=days)
    row = table[(table["entry_id"] == "T00-a-4") & (table["learner_side"] == "a")].iloc[0]
    assert row["matched"] == (apart is not None)
    if apart is None:
        assert row["match_entry_id"] == "" and row["match_start"] == -1
        assert pd.isna(row["days_apart"])
    else:
        assert row["match_entry_id"] == answer[0]
        assert row["days_apart"] == apart


def test_the_nearest_answer_is_taken_and_one_may_answer_two():
    taught = [(f"T00-b-{week}", "learning", "to_partner") for week in (3, 4)]
    table = corroboration(flow(LEARNED, LEARNED, *taught), DIARY)
    assert table["match_entry_id"].tolist() == ["T00-b-4", "T00-b-4"]


def test_advice_given_answers_learning_where_both_are_asked_for():
    hits = flow(LEARNED, ("T00-b-4", "advice", "given"))
    assert corroboration(hits, DIARY, markers=("learning", "advice"))["matched"].tolist() == [True]


def test_a_partner_who_did_not_write_could_not_answer():
    quiet = DIARY[(DIARY["side"] == "a") | (DIARY["period"] > 6)]
    table = corroboration(flow(LEARNED, diary=quiet), quiet)
    assert table["teacher_wrote"].tolist() == [False]
    shares = corroborated_share(flow(LEARNED, diary=quiet), quiet, SIDES)
    assert shares.loc[0, ["claims", "answerable", "matched"]].tolist() == [1, 0, 0]
    assert np.isnan(shares.loc[0, "share"]) and shares.loc[0, "method"] == ""


def test_a_missing_side_and_no_hits():
    alone = DIARY[DIARY["side"] == "a"]
    assert corroboration(flow(LEARNED, diary=alone), alone)["teacher_wrote"].tolist() == [False]
    empty = corroboration(flow(), DIARY)
    assert empty.empty and empty.columns.tolist() == COLUMNS
    shares = corroborated_share(flow(), DIARY, SIDES)
    assert shares["claims"].tolist() == [0, 0, 0]
    assert shares["p"].isna().all()


def paired_claims(tandems: int, true: bool, seed: int) -> pd.DataFrame:
    """Two claims a tandem at random weeks, answered in the same week, or at any other."""
    generator = np.random.default_rng(seed)
    hits = []
    for tandem in tandem_names(tandems):
        for week in generator.choice(np.arange(1, 13), 2, replace=False):
            hits.append((f"{tandem}-a-{week}", "learning", "from_partner"))
            told = week if true else generator.integers(1, 13)
            hits.append((f"{tandem}-b-{told}", "learning", "to_partner"))
    return marks(hits)


def test_planted_agreement_is_found_and_shuffled_tandems_lose_it():
    diary = weekly_diary(10)
    found = learning_flow(paired_claims(10, True, 0), diary, SIDES)
    row = corroborated_share(found, diary, SIDES, days=3).iloc[0]
    assert row["share"] == 1.0
    assert row["expected"] < 0.5
    assert row["p"] < 0.01
    assert (row["low"], row["method"]) == (pytest.approx(0.8389, abs=5e-4), "wilson")
    alarms = 0
    for seed in range(40):
        free = learning_flow(paired_claims(10, False, seed), diary, SIDES)
        table = corroborated_share(free, diary, SIDES, days=3, resamples=200)
        alarms += table.loc[0, "p"] < 0.05
    assert alarms <= 5


def test_both_directions_are_told_apart_and_summed():
    hits = flow(
        LEARNED, ("T00-b-4", "learning", "to_partner"), ("T00-b-9", "learning", "from_partner")
    )
    table = corroborated_share(hits, DIARY, SIDES)
    assert table["learner_side"].tolist() == ["a", "b", ""]
    assert table["claims"].tolist() == [1, 1, 2]
    assert table["matched"].tolist() == [1, 0, 1]
    assert table["p"].isna().all()
