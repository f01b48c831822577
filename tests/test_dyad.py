"""Who learned from whom, with sums that a reader can do in the head."""

import numpy as np
import pandas as pd
import pytest

from reflect import dyad
from reflect.stats import beta_interval

SIDES = ("leader", "talent")


def diary(words: dict[tuple[str, str], int]) -> pd.DataFrame:
    """One entry a tandem and side, of so many words; its id is ``<tandem>-<side>``."""
    rows = [
        (f"{tandem}-{side}", tandem, side, pd.Timestamp("2025-03-03"), " ".join(["w"] * number))
        for (tandem, side), number in words.items()
    ]
    table = pd.DataFrame(rows, columns=["entry_id", "tandem_id", "side", "date", "text"])
    return table.assign(language="de")


def spans(*hits: tuple[str, str, str]) -> pd.DataFrame:
    """Entry, marker and direction of each hit; starts count up."""
    table = pd.DataFrame(hits, columns=["entry_id", "marker", "direction"])
    return table.assign(start=range(len(hits)), end=99, text="x", content_start=-1, content_end=-1)


EVEN = diary({("A", "leader"): 100, ("A", "talent"): 100})


@pytest.mark.parametrize(
    ("entry", "marker", "direction", "ways"),
    [
        ("A-leader", "learning", "from_partner", [("leader", "talent")]),
        ("A-leader", "learning", "to_partner", [("talent", "leader")]),
        ("A-talent", "learning", "from_partner", [("talent", "leader")]),
        ("A-talent", "advice", "received", [("talent", "leader")]),
        ("A-talent", "advice", "given", [("leader", "talent")]),
        ("A-leader", "learning", "mutual", [("leader", "talent"), ("talent", "leader")]),
        ("A-leader", "learning", "from_other", []),
        ("A-leader", "learning", "unspecified", []),
        ("A-leader", "advice", "received_other", []),
        ("A-leader", "insight", "", []),
        ("A-leader", "insight", "from_partner", []),
        ("nowhere", "learning", "from_partner", []),
    ],
)
def test_direction_and_writer_give_learner_and_teacher(entry, marker, direction, ways):
    flow = dyad.learning_flow(spans((entry, marker, direction)), EVEN, SIDES)
    assert list(zip(flow["learner_side"], flow["teacher_side"], strict=True)) == ways
    assert flow.columns.tolist() == dyad.FLOW_COLUMNS
    assert set(flow["writer_side"]) <= {entry.removeprefix("A-")}


def test_a_side_that_spans_carry_already_gives_way_to_the_diary():
    # Spans of `annotate` have no side; a joined table might.
    flow = dyad.learning_flow(spans(("A-leader", "learning", "from_partner")), EVEN, SIDES)
    assert flow.loc[0, ["tandem_id", "writer_side"]].tolist() == ["A", "leader"]


def flow_of(hits: dict[str, int], words: pd.DataFrame) -> pd.DataFrame:
    rows = [(e, "learning", "from_partner") for e, number in hits.items() for _ in range(number)]
    return dyad.learning_flow(spans(*rows), words, SIDES)


@pytest.mark.parametrize(
    ("leader", "talent", "balance", "reciprocity"),
    [
        (2, 2, 0.0, 1.0),
        (3, 0, 1.0, 0.0),
        (0, 3, -1.0, 0.0),
        (3, 1, 0.5, 0.5),
        (1, 4, -0.6, 0.4),
    ],
)
def test_balance_of_equally_long_diaries(leader, talent, balance, reciprocity):
    hits = {"A-leader": leader, "A-talent": talent}
    row = dyad.flow_balance(flow_of(hits, EVEN), EVEN, SIDES).set_index("tandem_id").loc["A"]
    assert (row["first_hits"], row["second_hits"]) == (leader, talent)
    assert row["balance"] == pytest.approx(balance)
    assert row["reciprocity"] == pytest.approx(reciprocity)
    assert (row["first_rate"], row["second_rate"]) == (10 * leader, 10 * talent)
    # In as many words either wrote, the balance is twice the share less one.
    share = beta_interval(leader, leader + talent)
    assert (row["low"], row["high"]) == pytest.approx([2 * bound - 1 for bound in share])
    assert row["verdict"] == "described"


def test_balance_is_of_rates_and_not_of_counts():
    # 2 hits in 100 words against 2 in 300: rates stand 3 to 1, so (3 - 1) / 4.
    words = diary({("A", "leader"): 100, ("A", "talent"): 300})
    table = dyad.flow_balance(flow_of({"A-leader": 2, "A-talent": 2}, words), words, SIDES)
    assert table.loc[0, "balance"] == pytest.approx(0.5)
    assert table.loc[0, ["first_rate", "second_rate"]].tolist() == pytest.approx([20, 20 / 3])
    # Beta(3, 3) of the split is .1466 to .8534; odds of .1718 times three.
    assert table.loc[0, "low"] == pytest.approx((0.5154 - 1) / (0.5154 + 1), abs=2e-3)


@pytest.mark.parametrize(("leader", "talent"), [(0, 0), (1, 1), (2, 0)])
def test_below_three_hits_nothing_is_claimed(leader, talent):
    table = dyad.flow_balance(flow_of({"A-leader": leader, "A-talent": talent}, EVEN), EVEN, SIDES)
    assert table.loc[0, ["first_hits", "second_hits"]].tolist() == [leader, talent]
    numbers = ["balance", "reciprocity", "low", "high"]
    assert table.loc[0, "verdict"] == "too_few"
    assert table.loc[0, numbers].isna().all()


def test_a_side_that_wrote_nothing_cannot_be_compared():
    words = diary({("A", "leader"): 100})
    table = dyad.flow_balance(flow_of({"A-leader": 5}, words), words, SIDES)
    assert np.isnan(table.loc[0, "balance"])


def test_rates_of_two_languages_are_not_compared_and_not_pooled():
    words = diary({(tandem, side): 100 for tandem in "AB" for side in SIDES})
    words.loc[words["entry_id"] == "A-talent", "language"] = "en"
    hits = {"A-leader": 4, "A-talent": 1, "B-leader": 1, "B-talent": 3}
    table = dyad.flow_balance(flow_of(hits, words), words, SIDES).set_index("tandem_id")
    assert table["reason"].tolist() == ["two_languages", "", ""]
    assert np.isnan(table.loc["A", "balance"]) and np.isnan(table.loc["A", "low"])
    assert table.loc["A", ["first_hits", "second_hits"]].tolist() == [4, 1]
    assert table.loc["", ["tandems", "with_hits", "first_hits"]].tolist() == [1, 1, 1]
    assert table.loc["", "balance"] == pytest.approx(-0.5)


def test_only_what_was_received_counts_in_the_balance():
    given = spans(*[("A-leader", "learning", "to_partner")] * 5)
    table = dyad.flow_balance(dyad.learning_flow(given, EVEN, SIDES), EVEN, SIDES)
    assert table.loc[0, ["first_hits", "second_hits"]].tolist() == [0, 0]


def test_a_mutual_hit_is_received_once():
    mutual = dyad.learning_flow(spans(("A-leader", "learning", "mutual")), EVEN, SIDES)
    table = dyad.flow_balance(mutual, EVEN, SIDES)
    assert table.loc[0, ["first_hits", "second_hits"]].tolist() == [1, 0]


def test_the_cohort_comes_last_and_sums_the_tandems():
    words = diary({(tandem, side): 50 for tandem in "BA" for side in SIDES})
    hits = {"A-leader": 1, "A-talent": 1, "B-leader": 2}
    table = dyad.flow_balance(flow_of(hits, words), words, SIDES)
    assert table["tandem_id"].tolist() == ["A", "B", ""]
    assert table["first_hits"].tolist() == [1, 2, 3]
    assert table.loc[2, "balance"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("tandems", "words", "verdict"),
    [
        (12, (100, 100), "leader"),
        # Three times the sentences in three times the words is no more.
        (12, (300, 100), "none"),
        (9, (100, 100), "described"),
    ],
)
def test_one_side_receives_more_by_rates_and_from_ten_tandems_on(tandems, words, verdict):
    names = [f"T{number:02}" for number in range(tandems)]
    written = diary(
        {(name, side): count for name in names for side, count in zip(SIDES, words, strict=True)}
    )
    hits = {f"{name}-leader": 3 for name in names} | {f"{name}-talent": 1 for name in names}
    row = dyad.flow_balance(flow_of(hits, written), written, SIDES).iloc[-1]
    assert row["verdict"] == verdict
    assert (row["low"] > 0) == (verdict != "none")


def test_what_one_tandem_received_is_no_finding_of_the_cohort():
    names = [f"T{number:02}" for number in range(12)]
    written = diary({(name, side): 100 for name in names for side in SIDES})
    hits = {"T00-leader": 40} | {f"{name}-talent": 1 for name in names[1:6]}
    row = dyad.flow_balance(flow_of(hits, written), written, SIDES).iloc[-1]
    assert row["balance"] == pytest.approx(35 / 45)
    assert row["low"] < 0 < row["high"] and row["verdict"] == "none"


def test_counts_tell_who_wrote_it_down():
    words = diary({(tandem, side): 50 for tandem in "AB" for side in SIDES})
    flow = dyad.learning_flow(
        spans(
            ("A-leader", "learning", "from_partner"),
            ("B-leader", "learning", "from_partner"),
            ("A-talent", "learning", "to_partner"),
            ("A-talent", "advice", "received"),
        ),
        words,
        SIDES,
    )
    table = dyad.flow_counts(flow, SIDES)
    assert len(table) == 8
    shown = table[table["hits"] > 0].drop(columns="teacher_side")
    assert shown.to_numpy().tolist() == [
        ["learning", "leader", "learner", 2, 2],
        ["learning", "leader", "teacher", 1, 1],
        ["advice", "talent", "learner", 1, 1],
    ]
    assert (table["teacher_side"] != table["learner_side"]).all()


def test_counts_of_nothing_are_eight_zeros():
    nothing = dyad.learning_flow(spans(), EVEN, SIDES)
    assert dyad.flow_counts(nothing, SIDES)["hits"].tolist() == [0] * 8


def test_the_order_does_not_hang_on_the_order_of_the_input():
    rows = [("A-leader", "learning", "mutual"), ("A-talent", "advice", "given")]
    marked = spans(*rows)
    first = dyad.learning_flow(marked, EVEN, SIDES)
    pd.testing.assert_frame_equal(dyad.learning_flow(marked[::-1], EVEN[::-1], SIDES), first)
