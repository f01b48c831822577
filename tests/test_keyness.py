"""Contrast of words: the formula by hand, and what one author or chance may not claim."""

import numpy as np
import pandas as pd
import pytest
from simulated import SIDES, tandem_names, weekly_diary

from reflect.errors import ReflectError
from reflect.keyness import KEYNESS_COLUMNS, keyness, lemma_counts, log_odds


def test_log_odds_by_hand():
    # Word one: (9 + 1) / (10 + 2 - 10) = 5 against (1 + 1) / (10 + 2 - 2) = .2.
    delta, z = log_odds(np.array([9.0, 1]), np.array([1.0, 9]), np.array([1.0, 1]))
    assert delta == pytest.approx([np.log(25), -np.log(25)])
    assert z == pytest.approx(delta / np.sqrt(1 / 10 + 1 / 2))


def test_lemma_counts_leave_out_what_says_nothing():
    text = "Die Häuser und [PERSON_2] standen 12 Jahre am Haus."
    table = lemma_counts(weekly_diary(1, weeks=1, words=text))
    own = table[table["side"] == "a"].set_index("word")
    assert own.loc["Haus", "hits"] == 2
    assert own.loc["Haus", "entries"] == 1
    assert not {"die", "und", "[PERSON_2]", "12"} & {word.lower() for word in own.index}
    assert table["phase"].dtype == "str"


def counts(tandems: int, effect: float = 1.0, seed: int = 0, words: int = 60) -> pd.DataFrame:
    """Words ``w00`` ...; the first side uses ``w00`` `effect` times as often."""
    generator = np.random.default_rng(seed)
    rows = []
    for tandem in tandem_names(tandems):
        for side in SIDES:
            rate = 4 * generator.gamma(2, 0.5, words)
            rate[0] = 4 * (effect if side == "a" else 1)
            for place, hits in enumerate(generator.poisson(rate)):
                if hits:
                    about = ("de", tandem, side, f"{tandem}-{side}", "early", f"w{place:02}")
                    rows.append((*about, int(hits), int(hits)))
    names = ["language", "tandem_id", "side", "participant_id", "phase", "word", "hits", "entries"]
    return pd.DataFrame(rows, columns=names)


def test_a_planted_word_is_found_on_its_side():
    table = keyness(counts(10, effect=4), "side", SIDES, resamples=200).set_index("word")
    assert table.index[0] == "w00"
    assert table.loc["w00", "verdict"] == "a"
    assert table.loc["w00", "low"] > 0
    assert (table["verdict"].drop("w00") != "none").sum() <= 1
    turned = keyness(counts(10, effect=4), "side", SIDES[::-1], resamples=200).set_index("word")
    assert turned.loc["w00", "log_odds"] == pytest.approx(-table.loc["w00", "log_odds"])
    assert turned.loc["w00", "verdict"] == "a"


def test_without_a_difference_hardly_a_study_claims_a_word():
    alarms = [
        keyness(counts(7, seed=seed), "side", SIDES, resamples=50)["verdict"].isin(SIDES).any()
        for seed in range(100, 160)
    ]
    assert np.mean(alarms) <= 0.125


def test_sides_shuffled_within_tandems_lose_the_word():
    table = counts(10, effect=4)
    swap = table["tandem_id"].isin(tandem_names(10)[::2])
    other = table["side"].map({"a": "b", "b": "a"})
    shuffled = table.assign(side=table["side"].mask(swap, other))
    result = keyness(shuffled, "side", SIDES, resamples=200)
    assert not result["verdict"].isin(SIDES).any()


def test_what_one_or_two_people_repeat_is_not_shown():
    table = counts(10)
    loud = table.iloc[[0, 1]].assign(word="hobby", hits=500, entries=12)
    result = keyness(pd.concat([table, loud]), "side", SIDES, resamples=50)
    assert "hobby" not in set(result["word"])
    third = table.iloc[[0]].assign(word="hobby", tandem_id="T01", participant_id="T01-a")
    fourth = table.iloc[[0]].assign(word="hobby", tandem_id="T02", participant_id="T02-a")
    result = keyness(pd.concat([table, loud, third, fourth]), "side", SIDES, resamples=50)
    assert result.set_index("word").loc["hobby", "first_authors"] == 3


def test_one_tandem_is_described_by_words_of_three_entries():
    table = counts(1).assign(entries=lambda frame: frame["hits"].clip(upper=3))
    result = keyness(table, "side", SIDES)
    assert len(result) and set(result["verdict"]) == {"described"}
    assert result[["low", "high", "p"]].isna().all(axis=None)


def test_phases_of_the_same_people_can_be_compared():
    table = counts(10, effect=4)
    phases = table.assign(
        phase=table["side"].map({"a": "late", "b": "early"}),
        participant_id=table["tandem_id"] + "-x",
    )
    result = keyness(phases, "phase", ("early", "late"), resamples=100).set_index("word")
    assert result.loc["w00", "verdict"] == "late"


def test_languages_stay_apart_and_a_language_of_one_side_is_left_out():
    table = counts(3)
    english = table.assign(language="en")
    lonely = english[english["side"] == "a"].assign(language="fr")
    result = keyness(pd.concat([table, english, lonely]), "side", SIDES)
    assert set(result["language"]) == {"de", "en"}


def test_nothing_to_compare_gives_an_empty_table():
    table = counts(3)
    assert keyness(table[table["side"] == "a"], "side", SIDES).columns.tolist() == KEYNESS_COLUMNS
    assert keyness(table.iloc[:0], "side", SIDES).empty
    with pytest.raises(ReflectError, match=r"^keyness: counts lack the column mood\. Use side or"):
        keyness(table, "mood", SIDES)


def test_the_same_in_any_order():
    table = counts(10)
    first = keyness(table, "side", SIDES, resamples=50)
    pd.testing.assert_frame_equal(first, keyness(table[::-1], "side", SIDES, resamples=50))


def test_words_of_single_authors_are_not_tested():
    own = counts(6).assign(word=lambda table: table["participant_id"])
    assert keyness(own, "side", SIDES).empty
