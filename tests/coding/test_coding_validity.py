"""Validity against sklearn, statsmodels and hand-worked designs."""

import math

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score, precision_score, recall_score

from reflect.coding.consensus import consensus
from reflect.coding.estimates import Estimate, add, divide, share
from reflect.coding.sample import draw_sample, sentence_frame
from reflect.coding.validity import rogan_gladen, uneven, validity


def made(
    truth, rule, population=None, stratum=None, **columns
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A consensus on one marker, and the sample it stands on."""
    count = len(truth)
    units = [f"u{number}" for number in range(count)]
    settled = pd.DataFrame({"unit_id": units, "marker": "insight", "value": np.array(truth, float)})
    sample = pd.DataFrame(
        {
            "unit_id": units,
            "side": "a",
            "language": "de",
            "hits": np.where(np.array(rule, bool), "insight", ""),
            "stratum": stratum if stratum is not None else np.where(rule, "hit", "miss"),
            "population": 0,
        }
        | columns
    )
    sizes = sample.groupby("stratum")["unit_id"].transform("size")
    sample["population"] = sizes if population is None else sample["stratum"].map(population)
    return settled, sample


GENERATOR = np.random.default_rng(7)
RULE = GENERATOR.random(300) < 0.2
TRUTH = np.where(RULE, GENERATOR.random(300) < 0.8, GENERATOR.random(300) < 0.06)


def test_unweighted_figures_are_those_of_sklearn():
    found = validity(*made(TRUTH, RULE)).iloc[0]
    assert found["precision"] == pytest.approx(precision_score(TRUTH, RULE), abs=1e-9)
    assert found["recall"] == pytest.approx(recall_score(TRUTH, RULE), abs=1e-9)
    assert found["f1"] == pytest.approx(f1_score(TRUTH, RULE), abs=1e-9)
    assert found["prevalence"] == pytest.approx(RULE.mean(), abs=1e-9)
    assert found["corrected_prevalence"] == pytest.approx(TRUTH.mean(), abs=1e-9)


def test_weighted_figures_are_those_of_sklearn():
    population = {"hit": 90, "miss": 5000}
    found = validity(*made(TRUTH, RULE, population)).iloc[0]
    weight = np.where(RULE, 90 / RULE.sum(), 5000 / (~RULE).sum())
    for name, score in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score)):
        assert found[name] == pytest.approx(score(TRUTH, RULE, sample_weight=weight), abs=1e-9)
        assert found[f"{name}_low"] < found[name] < found[f"{name}_high"]


def test_precision_interval_is_clopper_pearson_for_equal_weights():
    proportion = pytest.importorskip(
        "statsmodels.stats.proportion", reason="statsmodels is not installed"
    )
    # All 60 hits right: no spread, so the sentences themselves are the effective sample.
    truth = [1] * 20 + [0] * 40
    found = validity(*made(truth, [1] * 20 + [0] * 40)).iloc[0]
    low, high = proportion.proportion_confint(20, 20, method="beta")
    assert found["precision_low"] == pytest.approx(low, abs=1e-9)
    assert found["precision_high"] == pytest.approx(high, abs=1e-9)


def test_interval_uses_the_effective_sample_size():
    proportion = pytest.importorskip(
        "statsmodels.stats.proportion", reason="statsmodels is not installed"
    )
    part = pd.DataFrame({"weight": 1.0, "stratum": "s", "population": 10}, index=range(10))
    top = np.array([1.0] * 6 + [0.0] * 4)
    found = share(part, top, np.ones(10))
    # Variance of a mean with replacement: .24 / 9, so the effective size is 9.
    low, high = proportion.proportion_confint(0.6 * 9, 9, method="beta")
    assert found == pytest.approx(Estimate(0.6, low, high), abs=1e-9)


def test_variance_of_a_stratified_design_by_hand():
    """Two strata of 100 and 300, ten of each drawn, 5 and 2 positive."""
    part = pd.DataFrame({
        "stratum": ["x"] * 10 + ["y"] * 10,
        "population": [100] * 10 + [300] * 10,
        "weight": [10.0] * 10 + [30.0] * 10,
    })  # fmt: skip
    top = np.array([1.0] * 5 + [0] * 5 + [1] * 2 + [0] * 8)
    found = share(part, top, np.ones(20), finite=True)
    assert found.value == pytest.approx((100 * 0.5 + 300 * 0.2) / 400)
    variance = 0.25**2 * 0.9 * (10 / 9 * 0.25) / 10 + 0.75**2 * (29 / 30) * (10 / 9 * 0.16) / 10
    proportion = pytest.importorskip(
        "statsmodels.stats.proportion", reason="statsmodels is not installed"
    )
    size = found.value * (1 - found.value) / variance
    low, high = proportion.proportion_confint(found.value * size, size, method="beta")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


def test_a_census_leaves_no_doubt_about_prevalence_but_some_about_the_rules():
    found = validity(*made(TRUTH, RULE)).iloc[0]
    assert found["corrected_low"] == found["corrected_high"] == found["corrected_prevalence"]
    assert found["recall_low"] < found["recall"] < found["recall_high"]


def test_what_nobody_read_may_hide_misses():
    """No miss among 50 of 5,000 sentences: recall is 1, but may be far lower."""
    truth, rule = [1] * 20 + [0] * 50, [1] * 20 + [0] * 50
    few = validity(*made(truth, rule, {"hit": 20, "miss": 5000})).iloc[0]
    many = validity(*made([1] * 20 + [0] * 2000, [1] * 20 + [0] * 2000, {"hit": 20, "miss": 5000}))
    assert few["recall"] == 1.0
    assert few["recall_low"] < 0.1
    assert many.iloc[0]["recall_low"] > 0.5


def test_corrected_prevalence_is_rogan_and_gladens():
    population = {"hit": 90, "miss": 5000}
    found = validity(*made(TRUTH, RULE, population)).iloc[0]
    weight = np.where(RULE, 90 / RULE.sum(), 5000 / (~RULE).sum())
    specificity = (weight * ~TRUTH * ~RULE).sum() / (weight * ~TRUTH).sum()
    corrected = rogan_gladen(found["prevalence"], found["recall"], specificity)
    assert found["corrected_prevalence"] == pytest.approx(corrected, abs=1e-9)


def test_rogan_gladen_knows_a_test_that_tells_nothing():
    assert math.isnan(rogan_gladen(0.3, 0.5, 0.5))
    assert rogan_gladen(0.05, 0.8, 0.9) == 0.0


def test_sums_and_ratios_of_estimates_by_hand():
    one, two = Estimate(10, 6, 15), Estimate(20, 17, 32)
    assert add(one, two) == pytest.approx((30, 25, 43))
    found = divide(one, two)
    # Donner and Zou (2012), eq. 3, worked by hand.
    low = (200 - math.sqrt(200**2 - 6 * 32 * (20 - 6) * (40 - 32))) / (32 * (40 - 32))
    high = (200 + math.sqrt(200**2 - 15 * 17 * (20 - 15) * (40 - 17))) / (17 * (40 - 17))
    assert found == pytest.approx((0.5, low, high))


def test_a_ratio_to_what_may_be_nil_has_no_upper_limit():
    assert divide(Estimate(1, 0.5, 2), Estimate(1, 0, 3)).high == math.inf


def test_a_marker_that_fails_on_one_side_is_seen_there():
    truth, rule = [1] * 10 + [0] * 10 + [1] * 10 + [0] * 10, [1] * 10 + [0] * 30
    sides = ["leader"] * 20 + ["talent"] * 20
    stratum = [f"{side} {hit}" for side, hit in zip(sides, rule, strict=True)]
    found = validity(*made(truth, rule, stratum=stratum, side=sides)).set_index("side")
    assert found.loc["leader", "recall"] == 1.0
    assert found.loc["talent", "recall"] == 0.0
    assert found.loc["", "recall"] == 0.5
    assert found.loc["talent", "verdict"] == "too_few"  # ten positives, but no hit


def test_uneven_markers_are_found_only_where_it_is_sure():
    truth = [1] * 40 + [0] * 40
    rule = [1] * 20 + [0] * 20 + [0] * 40
    sides = (["leader"] * 20 + ["talent"] * 20) * 2
    stratum = [f"{side} {hit}" for side, hit in zip(sides, rule, strict=True)]
    found = uneven(validity(*made(truth, rule, stratum=stratum, side=sides)))
    assert set(found["measure"]) == {"recall", "f1"}
    assert set(found["better"]) == {"leader"}
    few = [18, 19, 20, 21, 58, 59, 60, 61]
    chosen = [[values[place] for place in few] for values in (truth, rule, stratum, sides)]
    settled, sample = made(chosen[0], chosen[1], stratum=chosen[2], side=chosen[3])
    assert uneven(validity(settled, sample)).empty


def test_rules_that_never_fire_have_an_interval_of_recall():
    found = validity(*made([1] * 4 + [0] * 4, [0] * 8)).iloc[0]
    assert (found["recall"], found["f1"], found["recall_low"]) == (0, 0, 0)
    assert found["recall_high"] == pytest.approx(1 - 0.025 ** (1 / 4), abs=1e-9)
    assert np.isnan(found["precision"])


def test_one_language_gives_no_rows_that_repeat_others():
    found = validity(*made(TRUTH, RULE))
    assert len(found) == 1


def test_ties_and_chosen_sentences_are_left_out():
    settled, sample = made([1, 1, 0, 1], [1, 1, 0, 0])
    settled.loc[0, "value"] = np.nan
    sample.loc[3, "population"] = 0
    found = validity(settled, sample).iloc[0]
    assert (found["sentences"], found["positives"]) == (2, 1)


def test_strata_in_which_nobody_coded_are_told():
    settled, sample = made([1, 0], [1, 0], {"hit": 1, "miss": 99})
    assert validity(settled.iloc[:1], sample)["covered"].iloc[0] == pytest.approx(0.01)


def test_present_rules_may_be_judged_on_old_codes(diary, spans, code_sample):
    sample = draw_sample(diary, spans, size=100)
    settled = consensus(code_sample(sample, "anna"), sample)
    worse = spans[spans["marker"] != "insight"]
    old = validity(settled, sample)
    new = validity(settled, sample, worse, diary)
    insight = {
        name: table[(table["marker"] == "insight") & (table["side"] == "")].iloc[0]
        for name, table in (("old", old), ("new", new))
    }
    assert insight["old"]["recall"] == 1.0
    assert insight["new"]["recall"] == 0.0
    assert insight["new"]["corrected_prevalence"] == insight["old"]["corrected_prevalence"]
    assert insight["new"]["prevalence"] == 0.0


def test_the_whole_design_finds_the_truth(diary, spans, code_sample):
    """Rules that miss half of the families: the corrected prevalence still holds the truth."""
    frame = sentence_frame(diary, spans)
    truth = frame["text"].str.contains("begriff").mean()
    blind = spans[~((spans["marker"] == "insight") & spans["entry_id"].str.contains("-L-"))]
    sample = draw_sample(diary, blind, size=150, positives=10)
    found = validity(consensus(code_sample(sample, "a"), sample), sample)
    row = found[(found["marker"] == "insight") & (found["side"] == "") & (found["language"] == "")]
    assert row["corrected_low"].item() <= truth <= row["corrected_high"].item()
    assert row["recall_low"].item() <= 0.5 <= row["recall_high"].item()


def two_markers() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Four sentences: people find insight in 1, learning in 2, nothing in 3; 4 is open for one."""
    units = ["u1", "u2", "u3", "u4"]
    settled = pd.DataFrame(
        {
            "unit_id": units * 2,
            "marker": ["insight"] * 4 + ["learning"] * 4,
            "value": [1, 0, 0, 0, 0, 1, 0, np.nan],
        }
    )
    sample = pd.DataFrame(
        {
            "unit_id": units,
            "entry_id": ["e1", "e2", "e3", "e4"],
            "start": 0,
            "side": "a",
            "language": "de",
            "hits": ["learning", "learning", "insight|learning", ""],
            "stratum": "all",
            "population": 4,
        }
    )
    return settled, sample


def test_a_union_is_right_where_one_of_its_markers_is_whichever():
    table = validity(*two_markers(), unions={"either": ("insight", "learning")})
    row = table[table["marker"] == "either"].iloc[0]
    # Sentence 4 is left out: learning is open there.
    assert (row["sentences"], row["hits"], row["positives"]) == (3, 3, 2)
    assert row["precision"] == pytest.approx(2 / 3)
    assert row["recall"] == 1.0


def test_a_union_that_is_open_everywhere_has_no_row():
    settled, sample = two_markers()
    settled.loc[settled["marker"] == "learning", "value"] = np.nan
    table = validity(settled, sample, unions={"either": ("insight", "learning")})
    assert table["marker"].tolist() == ["insight"]


def test_sentences_a_model_learned_from_are_judged_by_models_that_had_not_seen_them():
    unseen = pd.DataFrame(
        {"entry_id": ["e1", "e2"], "start": 0, "marker": "insight", "predicted": [1, 1]}
    )
    settled, sample = two_markers()
    table = validity(settled, sample, unseen=unseen).set_index("marker")
    # Sentence 3 keeps its hit; 1 and 2 are what the model said unseen.
    assert table.loc["insight", "hits"] == 3
    assert table.loc["insight", "precision"] == pytest.approx(1 / 3)
    assert table.loc["learning", "hits"] == validity(settled, sample).iloc[1]["hits"]
    assert sample["hits"].tolist() == ["learning", "learning", "insight|learning", ""]


def test_strata_that_agree_within_still_have_an_interval():
    # All of one stratum is positive, all of the other not: only rounding is left as variance.
    part = pd.DataFrame({"stratum": ["a", "a", "b", "b", "b"], "population": [2, 2, 90, 90, 90]})
    part["weight"] = part["population"] / part.groupby("stratum")["stratum"].transform("size")
    found = share(part, np.array([1.0, 1, 0, 0, 0]), np.ones(5), finite=True)
    assert found.value == pytest.approx(2 / 92)
    assert found.low <= found.value <= found.high
