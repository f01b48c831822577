"""Topics as a whole: what comes back, from which corpora, the same every time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import normalized_mutual_info_score
from themed_texts import THEMES, themed

from reflect.errors import ReflectError
from reflect.topics import fit_topics

DEMO = Path(__file__).parents[1] / "corpora" / "mentor-mentor-demo"
GARDEN, TRAIN = THEMES["garden"]["de"], THEMES["train"]["de"]


def _agreement(model, entries: pd.DataFrame) -> float:
    joined = model.main.merge(entries, on="entry_id")
    return normalized_mutual_info_score(joined["theme"], joined["topic"])


def test_themes_come_back_as_topics():
    entries = themed()
    model = fit_topics(entries, n_topics=4)
    assert _agreement(model, entries) == pytest.approx(1)
    garden = model.main.set_index("entry_id")["topic"]["e000"]
    assert "Garten" in model.topics.set_index("topic")["words"][garden]
    assert model.topics["stable"].all()


def test_the_number_of_topics_is_found():
    model = fit_topics(themed(each=20))
    assert 4 <= len(model.topics) <= 8
    assert list(model.counts.columns) == [
        "n_topics",
        "agreement",
        "stable",
        "coherence",
        "score",
    ]
    assert model.parameters["topics_found"] == len(model.topics)


def test_two_languages_share_topics():
    entries = themed(("de", "en"))
    model = fit_topics(entries, n_topics=4)
    assert _agreement(model, entries) > 0.9
    joined = model.main.merge(entries, on="entry_id")
    assert joined.groupby("topic")["language"].nunique().eq(2).all()
    assert model.topics["label"].str.count(" · ").eq(2).all()
    assert any(word in " ".join(model.topics["words"]) for word in ("garden", "train", "soup"))


def test_tables_are_as_documented():
    entries = themed()
    model = fit_topics(entries, n_topics=4)
    assert list(model.topics.columns) == [
        "topic",
        "label",
        "words",
        "size",
        "share",
        "stability",
        "npmi",
        "stable",
        "exemplars",
    ]
    assert list(model.assignments.columns) == ["entry_id", "topic", "weight"]
    assert model.topics["size"].is_monotonic_decreasing
    assert model.topics["size"].sum() == len(entries)
    assert model.main["entry_id"].tolist() == entries["entry_id"].tolist()
    totals = model.assignments.groupby("entry_id")["weight"].sum()
    assert totals.to_numpy() == pytest.approx(np.ones(len(entries)))
    assert (model.assignments["weight"] > 0).all()
    assert set(model.topics["exemplars"].explode()) <= set(entries["entry_id"])


def test_the_callers_table_stays_as_it_was():
    entries = themed()
    before = entries.copy(deep=True)
    fit_topics(entries, n_topics=4)
    pd.testing.assert_frame_equal(entries, before)


def test_an_entry_without_words_is_an_outlier():
    entries = themed()
    entries.loc[0, "text"] = "[PERSON_1], [PERSON_2]!"
    model = fit_topics(entries, n_topics=4)
    assert model.main["topic"].tolist().count(-1) == 1
    assert model.main["topic"].iloc[0] == -1
    assert -1 not in model.topics["topic"].tolist()


def test_a_line_of_thanks_is_an_outlier():
    entries = themed()
    entries.loc[0, "text"] = "Danke für den Ball im Garten!"
    model = fit_topics(entries, n_topics=4)
    assert model.main["topic"].iloc[0] == -1


def test_short_answers_have_topics_where_they_are_the_rule():
    answers = ["Garten und Blumen", "Zug und Bahnhof", "Suppe und Topf"] * 8
    entries = pd.DataFrame({"entry_id": range(24), "text": answers, "language": "de"})
    assert (fit_topics(entries, n_topics=3).main["topic"] >= 0).all()


def test_a_long_entry_may_be_about_two_matters():
    entries = themed()
    both = " ".join([GARDEN] * 8 + [TRAIN] * 8)
    entries.loc[len(entries)] = ["long", both, "de", ""]
    model = fit_topics(entries, n_topics=4)
    own = model.assignments[model.assignments["entry_id"] == "long"]
    assert len(own) == 2
    assert own["weight"].between(0.3, 0.7).all()


def test_few_entries_of_one_writer():
    model = fit_topics(themed(each=4).head(15))
    assert len(model.main) == 15
    assert len(model.topics) >= 2


def test_seed_topics_get_their_label():
    entries = themed()
    model = fit_topics(entries, n_topics=4, seeds={"Am Herd": ["Suppe", "kitchen"]})
    topic = model.topics.set_index("label").loc["Am Herd", "topic"]
    joined = model.main.merge(entries, on="entry_id")
    assert set(joined.loc[joined["topic"] == topic, "theme"]) == {"kitchen"}


def test_words_to_ignore_are_not_shown():
    entries = themed()
    assert "Garten" in " ".join(fit_topics(entries, n_topics=4).topics["words"])
    model = fit_topics(entries, n_topics=4, ignore=["garten"])
    assert "Garten" not in " ".join(model.topics["words"])


def test_people_who_do_not_want_quotes_give_no_exemplars():
    entries = themed().assign(consent=(["no_quotes"] * 8 + ["full"] * 4) * 4)
    model = fit_topics(entries, n_topics=4)
    quoted = entries.set_index("entry_id").loc[list(model.topics["exemplars"].explode()), "consent"]
    assert set(quoted) == {"full"}


def personal() -> pd.DataFrame:
    """Entries of which each of six writers fills half with pet words of their own."""
    entries = themed(each=12)
    pets = "Orgel Geige Pauke Harfe Flöte Trommel".split()  # noqa: SIM905
    writers = [number % 6 for number in range(len(entries))]
    habits = [f" Meine {pets[w]} und die {pets[w]}nmusik, {pets[w]}nklang." for w in writers]
    text = [own + habit * 2 for own, habit in zip(entries["text"], habits, strict=True)]
    codes = [f"P{w}" for w in writers]
    return entries.assign(text=text, participant_id=codes, tandem_id=codes)


def test_fields_count_where_words_alone_would_follow_the_writers():
    entries = personal()
    assert fit_topics(entries, n_topics=4).parameters["fields"]
    assert not fit_topics(entries, n_topics=4, fields=False).parameters["fields"]
    assert not fit_topics(entries.drop(columns="participant_id"), 4).parameters["fields"]
    shuffled = entries["participant_id"].sample(frac=1, random_state=0).to_list()
    plain = themed(each=12).assign(participant_id=shuffled)
    assert not fit_topics(plain, n_topics=4).parameters["fields"]


def test_fields_lead_from_writers_to_matters():
    entries = personal()
    without = fit_topics(entries, n_topics=4, fields=False)
    assert _agreement(fit_topics(entries, n_topics=4), entries) > _agreement(without, entries)


def test_words_of_one_tandem_come_last():
    words = fit_topics(personal(), n_topics=4).topics["words"].str.split(", ").str[0]
    assert not set(words) & {"Orgel", "Geige", "Pauke", "Harfe", "Flöte", "Trommel"}


def test_small_topics_are_dissolved():
    entries = pd.concat([themed(), themed(each=2).assign(text="Steuer und Finanzamt.").head(2)])
    entries["entry_id"] = [f"e{number}" for number in range(len(entries))]
    model = fit_topics(entries, n_topics=5, min_topic_share=0.1)
    assert model.topics["share"].min() >= 0.1


def test_without_resamples_there_is_no_stability():
    full, none = (fit_topics(themed(), n_topics=4, stability_resamples=n) for n in (20, 0))
    assert none.topics["stability"].isna().all()
    pd.testing.assert_frame_equal(full.assignments, none.assignments)


def test_precomputed_vectors():
    entries = themed()
    vectors = pd.get_dummies(entries["theme"]).to_numpy(dtype=float, copy=True)
    vectors += np.random.default_rng(0).normal(0, 0.05, vectors.shape)
    assert _agreement(fit_topics(entries, 4, embedding=vectors), entries) == pytest.approx(1)


@pytest.mark.parametrize(
    ("change", "settings", "message"),
    [
        (lambda t: t.drop(columns="text"), {}, "lack the column text"),
        (lambda t: t.head(14), {}, "at least 15"),
        (lambda t: t.assign(text=" "), {}, "0 entries with text"),
        (lambda t: t.assign(entry_id="same"), {}, "entry_id repeats"),
        (lambda t: t, {"n_topics": 1}, "whole number from 2"),
        (lambda t: t, {"n_topics": "many"}, "whole number from 2"),
        (lambda t: t, {"n_topics": 40}, "ask for at most"),
        (lambda t: t, {"embedding": np.ones((3, 5))}, "3 precomputed vectors for 48"),
        (lambda t: t, {"seeds": {"Mond": ["Rakete"]}, "n_topics": 4}, "'Mond'"),
    ],
)
def test_what_cannot_be_done_is_said(change, settings, message):
    with pytest.raises(ReflectError, match=message):
        fit_topics(change(themed()), **settings)


def test_errors_hold_no_diary_text():
    entries = themed().head(10)
    with pytest.raises(ReflectError) as caught:
        fit_topics(entries)
    assert "Garten" not in str(caught.value)


def test_saved_tables(tmp_path):
    model = fit_topics(themed(), n_topics=4)
    model.save(tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "assignments.csv",
        "topics.csv",
    ]
    again = pd.read_csv(tmp_path / "out" / "assignments.csv", dtype={"entry_id": str})
    assert again["weight"].tolist() == model.assignments["weight"].tolist()
    topics = pd.read_csv(tmp_path / "out" / "topics.csv")
    assert topics["exemplars"][0].split() == model.topics["exemplars"][0]


SCRIPT = """
import hashlib, sys
from reflect.corpus import Corpus
from reflect.topics import fit_topics
model = fit_topics(Corpus.load(sys.argv[1]).diary())
told = model.topics.to_csv() + model.assignments.to_csv() + model.counts.to_csv()
heavy = {"bertopic", "umap", "hdbscan", "sentence_transformers", "matplotlib"} & set(sys.modules)
print(hashlib.sha256(told.encode()).hexdigest(), sorted(heavy))
"""


def test_the_same_in_fresh_processes_with_any_threads_and_hash_seed():
    told = []
    for threads, hash_seed in (("1", "0"), ("2", "4711")):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        settings = os.environ | dict.fromkeys(names, threads) | {"PYTHONHASHSEED": hash_seed}
        command = [sys.executable, "-c", SCRIPT, str(DEMO)]
        done = subprocess.run(command, env=settings, capture_output=True, text=True, check=True)
        told.append(done.stdout)
    assert told[0] == told[1]
    assert told[0].strip().endswith("[]"), "fitting topics loaded something heavy"


def test_bertopic_is_the_real_one_with_our_topics():
    from bertopic import BERTopic

    model = fit_topics(themed(("de", "en")), n_topics=4)
    topics = model.bertopic
    assert isinstance(topics, BERTopic)
    assert topics.topics_ == model.main["topic"].tolist()
    shown = [", ".join(w for w, _ in topics.get_topic(t) if w) for t in model.topics["topic"]]
    assert shown == model.topics["words"].tolist()
    assert topics.get_topic_info()["Count"].tolist() == model.topics["size"].tolist()
    found, _ = topics.transform(["Die Suppe im Topf in der Küche.", "Der Zug im Bahnhof."])
    known = model.main.set_index("entry_id")["topic"]
    assert list(found) == [known["e004"], known["e002"]]
    assert topics.visualize_barchart() is not None


def test_bertopic_takes_outliers_and_topics_of_different_width():
    entries = themed(("de", "en"), each=6)
    entries.loc[0, "text"] = "[PERSON_1]!"
    entries.loc[entries["theme"] == "train", "text"] = "Zug und Bahnhof."
    model = fit_topics(entries, n_topics=4)
    topics = model.bertopic
    assert topics.topics_ == model.main["topic"].tolist()
    assert topics.get_topic_info()["Topic"].tolist() == [-1, *model.topics["topic"]]
    assert topics.visualize_term_rank() is not None
    texts = entries["text"].tolist()
    topics.merge_topics(texts, [0, 1])
    assert sorted(set(topics.topics_)) == [-1, 0, 1, 2]
