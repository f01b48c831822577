"""Style matching: the formula by hand, length bias gone, and only what the pair shares left."""

import numpy as np
import pandas as pd
import pytest
from simulated import SIDES, tandem_names, weekly_diary

from reflect.lemmas import LANGUAGES
from reflect.style_matching import (
    CATEGORIES,
    _matching,
    style_counts,
    style_matching,
    style_matching_test,
    style_similarity,
    style_words,
)
from reflect.text import parse, tokens


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_lists_are_whole_and_each_form_has_one_category(language):
    words = style_words(language)
    assert set(words.values()) == set(CATEGORIES)
    assert all(word == word.lower() for word in words)
    counts = pd.Series(words).value_counts()
    assert counts.min() >= 3 and counts["articles"] <= 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_form_stands_in_two_categories(language):
    from importlib.resources import files

    import yaml

    lists = yaml.safe_load(
        files("reflect").joinpath("data", language, "style_words.yml").read_text("utf-8")
    )
    forms = [word for category in lists.values() for word in set(category.split())]
    assert sorted({form for form in forms if forms.count(form) > 1}) == []


def test_the_tokenizer_parts_what_the_english_list_expects_parted():
    text = "I don't know, we're late, she can't, I've seen, they'll go."
    found = tokens(parse(pd.DataFrame({"entry_id": ["e"], "text": [text], "language": ["en"]})))
    category = found["lower"].map(style_words("en"))
    assert category.value_counts()["negations"] == 2
    assert category.value_counts()["auxiliaries"] >= 5


def test_formula_by_hand():
    # 10 and 5 per cent: 1 - 5 / 15.0001; alike: 1; a category that neither uses is left out.
    first, second = np.zeros(9), np.zeros(9)
    first[:2], second[:2] = (10, 4), (5, 4)
    assert _matching(first, second) == pytest.approx((1 - 5 / 15.0001 + 1) / 2)
    assert _matching(np.zeros(9), np.zeros(9)) == 0
    first[2] = 3
    assert _matching(first, second) == pytest.approx((1 - 5 / 15.0001 + 1 + 0) / 3, abs=1e-4)


def test_counts_by_hand():
    diary = weekly_diary(1, weeks=2, words="Ich sah nicht das Haus, und er sah mich.")
    counts = style_counts(diary).set_index("side").loc["a"]
    assert counts["words"] == 2 * 9
    shown = {name: counts[name] for name in CATEGORIES if counts[name]}
    expected = {"personal_pronouns": 6, "articles": 2, "conjunctions": 2, "negations": 2}
    assert shown == expected


def people(
    tandems: int, shared: bool, words: int = 2000, seed: int = 0, language: str = "de"
) -> pd.DataFrame:
    """Counts of writers whose habits partners share, or that everybody has by chance."""
    generator = np.random.default_rng(seed)
    base = np.array([12, 4, 9, 9, 7, 9, 7, 2, 3]) / 100
    rows = []
    for tandem in tandem_names(tandems):
        habit = base * np.exp(generator.normal(0, 0.4, 9))
        for side in SIDES:
            own = habit if shared else base * np.exp(generator.normal(0, 0.4, 9))
            own = own / max(1, own.sum() / 0.8)
            counts = generator.multinomial(words, [*own, 1 - own.sum()])[:-1]
            rows.append((tandem, side, language, words, *counts))
    return pd.DataFrame(rows, columns=["tandem_id", "side", "language", "words", *CATEGORIES])


def test_style_shared_by_partners_is_found():
    counts = people(8, True)
    similarity = style_similarity(counts, SIDES, resamples=40)
    table = style_matching(similarity, counts)
    assert len(similarity) == 64
    assert (table["excess"] > 0).sum() >= 7
    assert table["pairs"].tolist() == [14] * 8
    test = style_matching_test(similarity, resamples=500).iloc[0]
    assert test["p"] < 0.01
    assert test["excess"] == pytest.approx(test["lsm"] - test["expected"])
    assert np.isnan(test["low"])


def test_style_of_any_two_is_not():
    alarms = []
    for seed in range(40):
        similarity = style_similarity(people(6, False, seed=seed), SIDES, resamples=10)
        alarms.append(style_matching_test(similarity).loc[0, "p"] < 0.05)
    assert np.mean(alarms) <= 0.125


def test_length_does_not_decide():
    # Same habits, one tandem ten times as long: everybody is cut to the shortest.
    counts = people(2, True, words=700)
    counts.loc[counts["tandem_id"] == "T01", ["words", *CATEGORIES]] *= 10
    similarity = style_similarity(counts, SIDES, resamples=40)
    assert set(similarity["rarefied"]) == {700}


def test_a_diary_at_its_own_length_is_drawn_as_it_is():
    counts = people(1, False, words=700)
    similarity = style_similarity(counts, SIDES, resamples=3)
    first, second = (
        100 * counts[counts["side"] == side][list(CATEGORIES)].to_numpy()[0] / 700 for side in SIDES
    )
    assert similarity.loc[0, "lsm"] == pytest.approx(_matching(first, second))


def test_one_tandem_has_a_score_and_nothing_to_hold_it_against():
    counts = people(1, True)
    similarity = style_similarity(counts, SIDES, resamples=5)
    row = style_matching(similarity, counts).iloc[0]
    assert row["reason"] == "no_other_tandems"
    assert row["lsm"] > 0.8 and np.isnan(row["excess"])
    assert np.isnan(style_matching_test(similarity).loc[0, "p"])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda counts: counts.iloc[:1], "side_missing"),
        (lambda counts: counts.assign(language=["de", "en"]), "two_languages"),
        (lambda counts: counts.assign(words=[2000, 599]), "too_short"),
    ],
)
def test_why_a_tandem_has_no_score(change, reason):
    counts = change(people(1, True))
    table = style_matching(style_similarity(counts, SIDES), counts)
    assert table[["language", "reason"]].to_numpy().tolist() == [["", reason]]
    assert table[["lsm", "pseudo", "excess", "rank"]].isna().all(axis=None)
    assert style_matching_test(style_similarity(counts, SIDES)).empty


def test_languages_are_never_mixed():
    both = pd.concat([people(2, True), people(2, True, language="en", seed=1)])
    similarity = style_similarity(both, SIDES, resamples=5)
    assert similarity.groupby("language").size().tolist() == [4, 4]
    assert style_matching(similarity, both)["language"].tolist() == ["de", "en", "de", "en"]


def test_the_same_seed_gives_the_same_scores_in_any_order():
    counts = people(3, True)
    first = style_similarity(counts, SIDES, resamples=5, seed=1)
    pd.testing.assert_frame_equal(first, style_similarity(counts[::-1], SIDES, resamples=5, seed=1))
