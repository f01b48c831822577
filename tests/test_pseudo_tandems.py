"""Real pairs against pairs that never met."""

import numpy as np
import pandas as pd
import pytest

from reflect.errors import ReflectError
from reflect.pseudo_tandems import pairing_test, pairings, re_paired

SIDES = ("a", "b")


def test_few_tandems_are_paired_in_every_way_and_the_real_one_comes_first():
    assert len(pairings(4)) == 24
    assert pairings(4)[0].tolist() == [0, 1, 2, 3]
    assert len({tuple(order) for order in pairings(4)}) == 24


def test_many_tandems_are_paired_by_chance_with_a_seed():
    drawn = pairings(12, resamples=50, seed=3)
    assert drawn.shape == (51, 12)
    assert drawn[0].tolist() == list(range(12))
    assert (np.sort(drawn, axis=1) == np.arange(12)).all()
    assert (drawn == pairings(12, resamples=50, seed=3)).all()
    assert (drawn != pairings(12, resamples=50, seed=4)).any()


def test_what_only_real_pairs_share_is_found():
    # Of 120 orders of five only the real one puts every first side with its own partner.
    test = pairing_test(np.eye(5), alternative="greater")
    assert test == (1.0, 0.0, pytest.approx(1 / 120), 5)
    assert pairing_test(np.eye(5)).p == pytest.approx(2 / 120)
    assert pairing_test(1 - np.eye(5), alternative="less").p == pytest.approx(1 / 120)


def test_what_all_pairs_share_is_not():
    assert pairing_test(np.full((6, 6), 0.7)).p == 1.0


def test_what_one_side_has_in_all_pairs_is_not():
    rows = np.tile(np.arange(6.0)[:, None], (1, 6))
    assert pairing_test(rows, alternative="greater").p == 1.0


@pytest.mark.parametrize("number", [1, 4])
def test_below_five_tandems_nothing_is_tested(number):
    test = pairing_test(np.eye(number))
    assert test.value == 1.0
    assert np.isnan(test.p)


def test_no_tandem_and_missing_cells_do_no_harm():
    assert np.isnan(pairing_test(np.empty((0, 0))).value)
    matrix = np.eye(6)
    matrix[0, :] = np.nan
    test = pairing_test(matrix, alternative="greater")
    assert (test.value, test.expected, test.tandems) == (1.0, 0.0, 5)
    assert test.p < 0.01


def test_false_alarms_stay_at_their_level():
    generator = np.random.default_rng(0)
    alarms = [pairing_test(generator.normal(size=(6, 6))).p < 0.05 for _ in range(300)]
    assert np.mean(alarms) <= 0.075


def test_re_pairing_moves_every_second_side_and_no_first():
    diary = pd.DataFrame(
        [(f"{t}{s}", t, s) for t in "ABCD" for s in SIDES],
        columns=["entry_id", "tandem_id", "side"],
    )
    moved = re_paired(diary, SIDES, seed=1)
    first = diary["side"] == "a"
    assert (moved.loc[first, "tandem_id"] == diary.loc[first, "tandem_id"]).all()
    assert (moved.loc[~first, "tandem_id"] != diary.loc[~first, "tandem_id"]).all()
    assert sorted(moved.loc[~first, "tandem_id"]) == list("ABCD")
    assert diary["tandem_id"].tolist() == list("AABBCCDD")


def test_one_tandem_cannot_be_re_paired():
    table = pd.DataFrame({"tandem_id": ["A", "A"], "side": SIDES})
    with pytest.raises(ReflectError, match=r"^one tandem cannot be re-paired\. Use a corpus with"):
        re_paired(table, SIDES)
