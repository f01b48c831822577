"""The same evening seen twice, and the same week by accident."""

import numpy as np
import pandas as pd
import pytest
from simulated import SIDES, marks, tandem_names, weekly_diary

from reflect.moment_chance import moments_by_chance

EVENTS = pd.DataFrame(
    {"event_id": [], "tandem_id": [], "date": pd.to_datetime([]), "kind": []}
).astype({"event_id": "str", "tandem_id": "str", "kind": "str", "date": "datetime64[us]"})


def spans(tandems: int, together: bool, seed: int = 0) -> pd.DataFrame:
    """Two rich weeks a person, the same ones for partners or any."""
    generator = np.random.default_rng(seed)
    found = []
    for tandem in tandem_names(tandems):
        weeks = generator.choice(np.arange(1, 13), 2, replace=False)
        for side in SIDES:
            if not together:
                weeks = generator.choice(np.arange(1, 13), 2, replace=False)
            for week in weeks:
                found += [(f"{tandem}-{side}-{week}", name, "") for name in ("insight", "revision")]
    return marks(found)


def chance(tandems: int, together: bool, seed: int = 0) -> pd.Series:
    diary = weekly_diary(tandems)
    table = moments_by_chance(spans(tandems, together, seed), diary, EVENTS, SIDES, resamples=39)
    return table.iloc[0]


def test_occasions_that_partners_share_are_found():
    row = chance(8, True)
    assert row["both_sides"] == 16 == row["moments"]
    assert row["expected"] < 8
    assert (row["p"], row["verdict"]) == (pytest.approx(1 / 40), "above")


def test_shuffled_tandems_lose_them():
    assert np.mean([chance(6, False, seed)["p"] < 0.05 for seed in range(6)]) <= 0.17


@pytest.mark.parametrize(("tandems", "known"), [(1, False), (4, True)])
def test_few_tandems_are_described(tandems, known):
    row = chance(tandems, True)
    assert row["verdict"] == "described" and np.isnan(row["p"])
    assert np.isfinite(row["expected"]) == known
    assert row["both_sides"] == 2 * tandems


def test_nothing_marked():
    row = moments_by_chance(marks([]), weekly_diary(6), EVENTS, SIDES, resamples=3).iloc[0]
    assert row[["moments", "both_sides", "expected"]].tolist() == [0, 0, 0]
    assert row["verdict"] == "none"
