"""Learning: used where it beats the rules on tandems it has not seen, and only there."""

import numpy as np
import pandas as pd
import pytest

from reflect.coding.learn import train
from reflect.coding.uncertain import next_sentences
from reflect.errors import ReflectError

WORDS = ["tea", "bus", "rain", "office", "desk", "lunch", "train", "street", "window", "coat"]


def made(miss: float, invent: float, count: int = 360) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sentences of ten tandems; "dawned" means insight; rules miss and invent some at random."""
    generator = np.random.default_rng(5)
    truth = np.arange(count) % 4 == 0
    rows = []
    for number in range(count):
        words = list(generator.choice(WORDS, 4))
        hit = generator.random() >= miss if truth[number] else generator.random() < invent
        text = " ".join([*words, "it dawned on me"] if truth[number] else words)
        rows.append((f"u{number}", f"e{number}", 0, len(text), text, hit))
    sample = pd.DataFrame(rows, columns=["unit_id", "entry_id", "start", "end", "text", "hit"])
    sample = sample.assign(
        hits=np.where(sample.pop("hit"), "insight", ""),
        language="en",
        near=False,
        tandem_id=[f"T{number % 10}" for number in range(count)],
        weight=1.0,
    )
    settled = pd.DataFrame(
        {"unit_id": sample["unit_id"], "marker": "insight", "value": truth * 1.0}
    )
    return settled, sample


@pytest.fixture(scope="module")
def better():
    settled, sample = made(miss=0.5, invent=0.1)
    return train(settled, sample), settled, sample


def test_words_that_rules_miss_are_learned(better):
    row = better[0].comparison.iloc[0]
    assert (row["chosen"], row["reason"]) == ("model", "better")
    assert row["model_f1"] > 0.95 > row["rules_f1"]
    assert row["low"] > 0
    assert row["brier"] < row["base_brier"]


def test_every_sentence_is_judged_by_models_that_had_not_seen_its_tandem(better):
    learned, settled, _ = better
    assert sorted(learned.out_of_fold["unit_id"]) == sorted(settled["unit_id"])


def test_the_model_judges_new_sentences(better):
    learned, _, _ = better
    frame = pd.DataFrame(
        {"entry_id": ["x", "y"], "start": 0, "end": 9, "hits": ["", "insight"], "near": False,
         "text": ["then it dawned on me", "tea bus rain office"]}
    )  # fmt: skip
    found = learned.predict(frame)
    assert found["carries"].tolist() == [True, False]
    assert set(found["by"]) == {"model"}


def test_rules_that_are_right_stay():
    row = train(*made(miss=0.0, invent=0.0)).comparison.iloc[0]
    assert (row["chosen"], row["reason"]) == ("rules", "not_better")
    assert row["rules_f1"] == 1.0


def test_chance_teaches_nothing():
    settled, sample = made(miss=0.4, invent=0.1)
    settled["value"] = np.random.default_rng(1).permutation(settled["value"])
    assert train(settled, sample).comparison.iloc[0]["chosen"] == "rules"


def test_few_positives_are_not_learned_from():
    settled, sample = made(0.5, 0.1)
    settled.loc[40:, "value"] = 0.0
    row = train(settled, sample).comparison.iloc[0]
    assert (row["chosen"], row["reason"]) == ("rules", "too_few")
    assert np.isnan(row["model_f1"])


def test_few_tandems_cannot_test_a_model():
    settled, sample = made(0.5, 0.1)
    with pytest.raises(ReflectError, match="fewer than 5 tandems"):
        train(settled, sample.assign(tandem_id="T1"))


def test_same_codes_same_models(better):
    again = train(better[1], better[2])
    pd.testing.assert_frame_equal(again.comparison, better[0].comparison)
    pd.testing.assert_frame_equal(again.out_of_fold, better[0].out_of_fold)


def test_next_are_the_most_uncertain_of_different_entries(better):
    learned, _, sample = better
    frame = pd.DataFrame(
        {
            "entry_id": ["a", "a", "b", "c"],
            "start": [0, 50, 0, 0],
            "end": [40, 90, 40, 40],
            "text": ["it dawned", "on me tea", "tea bus rain coat", "it dawned on me"],
            "hits": "",
            "near": False,
            "language": "en",
        }
    )
    found = next_sentences(learned, frame, sample, count=3)
    assert sorted(found["entry_id"]) == ["a", "b", "c"]
    assert found["unit_id"].tolist() == ["u00361", "u00362", "u00363"]
    assert found["weight"].isna().all()
    assert set(found["stratum"]) == {"chosen"}
    threshold = learned.models["insight"].threshold
    distance = (learned.predict(frame)["probability"] - threshold).abs()
    assert found["text"].iloc[0] == frame["text"].iloc[int(distance.argmin())]


def test_nothing_left_is_told(better):
    learned, _, sample = better
    with pytest.raises(ReflectError, match="every sentence is in the sample"):
        next_sentences(learned, sample, sample)


def test_without_a_model_nothing_is_next():
    learned = train(*made(0.5, 0.1, count=40))
    with pytest.raises(ReflectError, match="Code more"):
        next_sentences(learned, pd.DataFrame(), pd.DataFrame())
