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
    # 0 of 11 hits: exact binomial 95 % interval of the share is 0 to 0.2849, odds 0.398.
    table = counts({f"T{i}": (0, int(i < 11)) for i in range(12)})
    row = stats.side_contrast(table, ("a", "b")).loc[0]
    assert row["low"] == 0
    assert row["high"] == pytest.approx(0.3984, abs=5e-4)
    assert row["verdict"] == "b"


def test_contrast_is_the_same_every_time():
    table = counts({f"T{i}": (i % 5, 2) for i in range(12)})
    first, second = (stats.side_contrast(table, ("a", "b"), seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize("hits", [([4, 4, 4, 4], [1, 1, 1, 1]), ([7], [2]), ([7, 0], [2, 0])])
def test_a_pooled_share_of_like_tandems_has_the_interval_of_its_hits(hits):
    assert stats.pooled_share(*hits) == pytest.approx(
        stats.beta_interval(sum(hits[0]), sum(map(sum, hits)))
    )


def test_a_pooled_share_knows_that_tandems_differ():
    low, high = stats.pooled_share([18, 1, 0, 2, 0], [0, 2, 2, 1, 2])
    assert low < 0.5 < stats.beta_interval(21, 28)[0]
    assert low >= 0 and high <= 1


def test_a_pooled_share_holds_the_truth_though_hits_cluster():
    generator = np.random.default_rng(3)
    missed = {"pooled": 0, "alone": 0}
    for _ in range(300):
        hits = generator.poisson(generator.gamma(1, 6, 12))
        first = generator.binomial(hits, generator.beta(1, 1, 12))
        for name, (low, high) in {
            "pooled": stats.pooled_share(first, hits - first),
            "alone": stats.beta_interval(first.sum(), hits.sum()),
        }.items():
            missed[name] += not low <= 0.5 <= high
    assert missed["pooled"] < 35 < 80 < missed["alone"]
