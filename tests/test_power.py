"""Power by simulation, against theory.md's table and its own limits."""

import numpy as np
import pandas as pd
import pytest
from simulated import SIDES, marks, tandem_names, weekly_diary

from reflect.power import Rates, _sign_flips, marker_rates, phase_entries, power, simulated_power
from reflect.resampling import sign_flip


def entries(tandems: int) -> pd.DataFrame:
    """Twelve weeks of 125 words: four entries a person in the first and the last third."""
    rows = [
        (tandem, side, phase, 125)
        for tandem in tandem_names(tandems)
        for side in SIDES
        for phase in ("early", "late")
        for _ in range(4)
    ]
    return pd.DataFrame(rows, columns=["tandem_id", "side", "phase", "words"])


# theory.md: .75 hits an entry (6 per 1,000 words here), a doubling that builds up over twelve
# weeks. The middle of the first third is week 2.5, so the thirds stand 1 to 2^(8/11).
EARLY = 6.0 * 2 ** (1.5 / 11)
GRADUAL = 2 ** (8 / 11)


@pytest.mark.parametrize(
    ("tandems", "change", "difference"), [(10, 0.22, 0.12), (20, 0.42, 0.23), (40, 0.69, 0.43)]
)
def test_power_is_that_of_the_table_in_theory(tandems, change, difference):
    # The table does not say how overdispersed its counts were; 1.2 agrees with all of it.
    rates = dict.fromkeys(SIDES, Rates(EARLY, 1.2, 0.5))
    found = [
        simulated_power(entries(tandems), SIDES, rates, GRADUAL, contrast=contrast, simulations=600)
        for contrast in ("a", "difference")
    ]
    assert found == pytest.approx([change, difference], abs=0.08)


@pytest.mark.parametrize("tandems", [10, 20])
def test_without_a_change_power_is_the_false_alarm_rate(tandems):
    rates = dict.fromkeys(SIDES, Rates(6.0, 1.0, 0.5))
    for contrast in ("a", "b", "difference"):
        alarms = simulated_power(entries(tandems), SIDES, rates, 1.0, contrast=contrast)
        assert alarms <= 0.085


def test_five_tandems_can_show_nothing_and_fewer_have_no_power():
    rates = dict.fromkeys(SIDES, Rates(60.0, 0.0, 0.0))
    assert simulated_power(entries(5), SIDES, rates, 9.0, contrast="a") == 0
    assert simulated_power(entries(6), SIDES, rates, 9.0, contrast="a") == 1
    assert np.isnan(simulated_power(entries(4), SIDES, rates, 9.0, contrast="a"))


@pytest.mark.parametrize("number", [6, 13])
def test_the_quick_test_is_the_one_of_the_analysis(number):
    values = np.random.default_rng(0).normal(0.4, 1, (number, 20))
    quick = _sign_flips(values, np.random.default_rng(1))
    assert quick.tolist() == pytest.approx([sign_flip(column) for column in values.T])


def test_rates_are_those_that_were_put_in():
    generator = np.random.default_rng(1)
    diary = weekly_diary(60, weeks=12)
    level = {
        person: np.exp(generator.normal(-0.125, 0.5)) for person in diary["participant_id"].unique()
    }
    mean = diary["participant_id"].map(level) * 2
    hits = generator.poisson(mean * generator.gamma(2, 0.5, len(diary)))
    spans = marks(
        [
            (e, "insight", "")
            for e, number in zip(diary["entry_id"], hits, strict=True)
            for _ in range(number)
        ]
    )
    for rates in marker_rates(spans, diary, SIDES, "insight").values():
        assert rates.rate == pytest.approx(20, rel=0.25)
        assert rates.dispersion == pytest.approx(0.5, abs=0.2)
        assert rates.person_sd == pytest.approx(0.5, abs=0.2)


def test_a_marker_never_found_and_a_silent_side():
    diary = weekly_diary(6)
    one = diary[diary["side"] == "a"]
    table = power(marks([]), one, SIDES, ["insight"], ratios=(2.0,), simulations=10)
    assert table["contrast"].tolist() == ["a", "b", "difference"]
    assert table["tandems"].tolist() == [6, 0, 0]
    assert table[["power", "low", "high"]].isna().all(axis=None)
    assert table["rate"].tolist() == [0, 0, 0]


def test_more_change_is_seen_more_often():
    diary = weekly_diary(8)
    spans = marks([(entry, "insight", "") for entry in diary["entry_id"][::2]])
    table = power(spans, diary, SIDES, ["insight"], ratios=(1.0, 2.0, 4.0), simulations=150)
    own = table[table["contrast"] == "a"]["power"].tolist()
    assert own[0] < 0.15 and own == sorted(own) and own[2] > own[0] + 0.3
    assert (table["low"] <= table["power"]).all() and (table["power"] <= table["high"]).all()
    again = power(spans, diary, SIDES, ["insight"], ratios=(1.0, 2.0, 4.0), simulations=150)
    pd.testing.assert_frame_equal(table, again)


def test_entries_of_the_middle_third_do_not_count():
    assert len(phase_entries(weekly_diary(1))) == 16
