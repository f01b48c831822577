"""Alpha and kappa: Krippendorff's worked cases, and the reference implementations to 1e-9."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score

from reflect.coding.agreement import (
    _parts,
    agreement,
    confusion,
    disputed,
    nominal_alpha,
    pairwise,
)

NAN = float("nan")
# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, examples A, B and C.
BINARY = (
    "0 1 0 0 0 0 0 0 1 0",
    "1 1 1 0 0 1 0 0 0 0",
)
NOMINAL = (
    "1 1 2 2 4 3 3 3 5 4 4 1",
    "2 1 2 2 2 3 3 3 5 4 4 4",
)
FOUR = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


def table(rows) -> np.ndarray:
    return np.array([[NAN if cell == "." else float(cell) for cell in row.split()] for row in rows])


def coded(*rows: str, marker: str = "insight") -> pd.DataFrame:
    """A coder a row; 1 the marker, 0 none, a dot not judged."""
    codes = [
        (f"coder{number}", "e", 10 * place, 10 * place + 10, marker if cell == "1" else "none")
        for number, row in enumerate(rows)
        for place, cell in enumerate(row.split())
        if cell != "."
    ]
    return pd.DataFrame(codes, columns=["coder_id", "entry_id", "start", "end", "marker"])


@pytest.mark.parametrize(
    ("rows", "alpha"), [(BINARY, 0.095), (NOMINAL, 0.692), (FOUR, 0.743)], ids=["A", "B", "C"]
)
def test_krippendorffs_own_cases(rows, alpha):
    assert round(nominal_alpha(table(rows)), 3) == alpha


def test_a_case_by_hand():
    """Two coders, four units, one apart: Do = 2/8, De = 2*3*5/(8*7); 1 - 14/30."""
    assert nominal_alpha(table(("1 1 0 0", "1 0 0 0"))) == pytest.approx(1 - 14 / 30, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_alpha_is_that_of_the_reference(seed):
    krippendorff = pytest.importorskip("krippendorff", reason="krippendorff is not installed")
    generator = np.random.default_rng(seed)
    data = generator.integers(0, 3, (4, 40)).astype(float)
    data[generator.random(data.shape) < 0.4] = NAN
    wanted = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
    assert nominal_alpha(data) == pytest.approx(wanted, abs=1e-9)
    data = data[:, np.isfinite(data).sum(axis=0) >= 2]
    wanted = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
    assert _parts(data).alpha(np.ones((1, data.shape[1])))[0] == pytest.approx(wanted, abs=1e-9)
    # A unit drawn twice counts as two units of the same ratings.
    weights = np.ones((1, data.shape[1]))
    weights[0, 0] = 2
    twice = np.concatenate([data, data[:, :1]], axis=1)
    wanted = krippendorff.alpha(reliability_data=twice, level_of_measurement="nominal")
    assert _parts(data).alpha(weights)[0] == pytest.approx(wanted, abs=1e-9)


def test_agreement_of_codes_is_that_of_the_table():
    found = agreement(coded(*BINARY)).iloc[0]
    assert found["alpha"] == pytest.approx(nominal_alpha(table(BINARY)), abs=1e-12)
    assert (found["coders"], found["units"], found["positives"]) == (2, 10, 6)
    assert found["percent"] == pytest.approx(0.6)
    assert found["low"] < found["alpha"] < found["high"]
    assert found["verdict"] == "unreliable"


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        (("1 1 1 1 1 0 0 0 0 0", "1 1 1 1 1 0 0 0 0 0"), "reliable"),
        (("1 1 1 1 1 0 0 0 0 0", "1 1 1 1 0 0 0 0 0 0"), "reliable"),  # alpha .81
        (("1 1 1 1 0 0 0 0 0 0", "1 1 1 0 0 0 0 0 0 0"), "tentative"),  # alpha .78
        (("1 1 1 0 0 0 0 0 0 0", "1 1 0 1 0 0 0 0 0 0"), "unreliable"),
        (("1 0 0 0 0 0 0 0 0 0", "1 0 0 0 0 0 0 0 0 0"), "too_few"),
        (("1 1 0 . . .", ". . . 1 1 0"), "one_coder"),
    ],
)
def test_verdicts(rows, verdict):
    assert agreement(coded(*rows)).iloc[0]["verdict"] == verdict


def test_no_variation_has_no_alpha():
    found = agreement(coded("1 1 1", "1 1 1")).iloc[0]
    assert np.isnan(found["alpha"])
    assert (found["percent"], found["verdict"]) == (1.0, "no_variation")


def test_directions_are_compared_where_both_gave_one():
    codes = coded("1 1 1 0", "1 1 0 0", marker="learning")
    codes["direction"] = ["mutual", "mutual", "mutual", "", "mutual", "to_partner", "", ""]
    found = agreement(codes).set_index("marker")
    assert found.loc["learning:direction", "units"] == 2


def test_the_interval_is_the_same_each_time_and_wider_between_tandems():
    generator = np.random.default_rng(0)
    truth = generator.integers(0, 2, 120)
    # In half of the tandems the coders agree, in the others they guess.
    other = np.where(np.arange(120) % 12 < 6, truth, generator.integers(0, 2, 120))
    codes = coded(" ".join(map(str, truth)), " ".join(map(str, other)))
    units = codes.drop_duplicates("start")[["entry_id", "start", "end"]]
    units = units.assign(unit_id=units["start"].astype(str))
    by_unit, again = (agreement(codes, units).iloc[0] for _ in range(2))
    tandems = units.assign(tandem_id=(np.arange(120) % 12).astype(str))
    by_tandem = agreement(codes, tandems).iloc[0]
    assert by_unit[["low", "high"]].tolist() == again[["low", "high"]].tolist()
    assert by_tandem["high"] - by_tandem["low"] > by_unit["high"] - by_unit["low"]


def test_kappa_is_that_of_sklearn_and_statsmodels():
    inter_rater = pytest.importorskip(
        "statsmodels.stats.inter_rater", reason="statsmodels is not installed"
    )
    found = pairwise(coded(*BINARY)).iloc[0]
    one, two = table(BINARY)
    cells = found[["both", "only_first", "only_second", "neither"]].tolist()
    assert cells == [1, 1, 3, 5]
    assert found["kappa"] == pytest.approx(cohen_kappa_score(one, two), abs=1e-9)
    reference = inter_rater.cohens_kappa(np.array(cells).reshape(2, 2)).kappa
    assert found["kappa"] == pytest.approx(reference, abs=1e-9)
    assert found["low"] <= found["kappa"] <= found["high"]


def test_kappa_is_missing_where_chance_explains_all():
    assert np.isnan(pairwise(coded("1 1", "1 1")).iloc[0]["kappa"])


def test_every_pair_of_coders_has_its_row():
    assert len(pairwise(coded("1 0", "1 0", "0 1"))) == 3


def test_confusion_says_what_was_given_instead():
    codes = coded("1 1 0", "0 1 0")
    codes.loc[(codes["coder_id"] == "coder1") & (codes["start"] == 0), "marker"] = "learning"
    found = confusion(codes)
    assert found[["first_marker", "second_marker", "units"]].values.tolist() == [
        ["insight", "learning", 1]
    ]


def test_disputed_sentences_say_who_and_hold_no_text():
    found = disputed(coded("1 1 0", "1 0 0", "1 0 0"))
    assert found[["start", "marker", "said_yes", "said_no"]].values.tolist() == [
        [10, "insight", "coder0", "coder1, coder2"]
    ]
    assert "text" not in found


def test_directions_that_differ_are_disputed():
    codes = coded("1", "1", marker="learning").assign(direction=["mutual", "to_partner"])
    assert disputed(codes)["directions"].tolist() == ["mutual, to_partner"]
