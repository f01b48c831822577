"""Intervals against published values and against what resampling must do."""

import numpy as np
import pandas as pd
import pytest

from reflect import stats


def counts(hits_by_tandem: dict[str, tuple[int, int]], tokens: int = 1000) -> pd.DataFrame:
    """A person a row: tandem -> (hits of side a, hits of side b)."""
    rows = [
        (tandem, side, "insight", hits, tokens)
        for tandem, pair in hits_by_tandem.items()
        for side, hits in zip("ab", pair, strict=True)
    ]
    return pd.DataFrame(rows, columns=["tandem_id", "side", "marker", "hits", "tokens"])


def test_wilson_matches_newcombe_1998():
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3: 81/263 and 15/148.
    assert stats.wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert stats.wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)


def test_poisson_interval_matches_garwood_table():
    assert stats.poisson_interval(5, 1) == pytest.approx((1.6235, 11.6683), abs=5e-4)
    assert stats.poisson_interval(5, 10) == pytest.approx((0.16235, 1.16683), abs=5e-5)


def test_nothing_observed_gives_no_interval():
    assert np.isnan(stats.wilson(0, 0)).all()
    assert np.isnan(stats.poisson_interval(0, 0)).all()


def test_beta_interval_is_symmetric_for_an_even_split():
    low, high = stats.beta_interval(4, 8)
    assert low + high == pytest.approx(1)
    assert low < 0.5 < high


def test_few_tandems_get_exact_intervals_and_many_a_bootstrap():
    few = stats.side_rates(counts({f"T{i}": (2, 1) for i in range(5)}))
    many = stats.side_rates(counts({f"T{i}": (i % 4, 1) for i in range(12)}))
    assert set(few["method"]) == {"exact"}
    assert set(many["method"]) == {"bootstrap"}
    assert few.loc[0, ["hits", "exposure", "rate"]].tolist() == [10, 5000, 2.0]


def test_interval_widens_when_the_hits_sit_in_one_tandem():
    spread = stats.side_rates(counts({f"T{i}": (2, 1) for i in range(12)}))
    clustered = stats.side_rates(counts({f"T{i}": (24 * (i == 0), 1) for i in range(12)}))
    width = [float(table.loc[0, "high"] - table.loc[0, "low"]) for table in (spread, clustered)]
    assert spread.loc[0, "rate"] == clustered.loc[0, "rate"]
    assert width[0] < width[1]


def test_a_group_without_hits_still_gets_an_upper_bound():
    table = stats.side_rates(counts({f"T{i}": (0, 1) for i in range(12)}))
    assert table.loc[0, "method"] == "exact"
    assert table.loc[0, "high"] > 0


@pytest.mark.parametrize(
    ("pairs", "verdict"),
    [
        ({f"T{i}": (6, 1) for i in range(12)}, "a"),
        ({f"T{i}": (1, 6) for i in range(12)}, "b"),
        ({f"T{i}": (i % 3, (i + 1) % 3) for i in range(12)}, "none"),
        ({f"T{i}": (6, 1) for i in range(4)}, "too_few"),
        ({f"T{i}": (6, 1) for i in range(8)}, "too_few"),
    ],
)
def test_contrast_says_only_what_the_interval_allows(pairs, verdict):
    assert stats.side_contrast(counts(pairs), ("a", "b")).loc[0, "verdict"] == verdict


def test_contrast_with_an_empty_side_is_no_sharper_than_its_few_hits():
    # 0 of 11 hits: with mid-p the upper bound q of the share has (1 - q)^11 / 2 = 0.025.
    table = counts({f"T{i}": (0, int(i < 11)) for i in range(12)})
    row = stats.side_contrast(table, ("a", "b")).loc[0]
    share = 1 - 0.05 ** (1 / 11)
    assert row["low"] == 0
    assert row["high"] == pytest.approx(share / (1 - share), abs=5e-4)
    assert row["verdict"] == "b"


def test_contrast_is_of_rates_and_not_of_counts():
    table = counts({f"T{i}": (6, 2) for i in range(12)})
    table.loc[table["side"] == "a", "tokens"] = 3000
    row = stats.side_contrast(table, ("a", "b")).loc[0]
    assert row["ratio"] == pytest.approx(1)
    assert row["verdict"] == "none"


def test_contrasts_are_corrected_for_the_number_of_markers():
    clear = counts({f"T{i}": (3, 1) for i in range(12)})
    alike = [
        counts({f"T{i}": (i % 3, (i + 1) % 3) for i in range(12)}).assign(marker=f"m{number:02}")
        for number in range(20)
    ]
    alone = stats.side_contrast(clear, ("a", "b")).set_index("marker").loc["insight"]
    among = stats.side_contrast(pd.concat([clear, *alike]), ("a", "b")).set_index("marker")
    assert alone["p_adjusted"] == alone["p"] < 0.01
    assert among.loc["insight", "p_adjusted"] == pytest.approx(21 * alone["p"])
