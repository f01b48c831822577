"""The sample: enriched where families are rare, and weights that undo it."""

import numpy as np
import pandas as pd
import pytest

from reflect.coding.sample import (
    FILE,
    context,
    draw_sample,
    load_sample,
    save_sample,
    sentence_frame,
)
from reflect.errors import ReflectError


def test_a_hit_stands_on_the_sentence_of_its_cue(diary, spans):
    frame = sentence_frame(diary, spans)
    assert len(frame) == 144 * 6
    assert frame.loc[frame["hits"] == "insight", "text"].eq("Da begriff ich etwas.").all()
    assert frame.loc[frame["near"], "text"].eq("Der Bus kam.").all()
    assert frame["near"].sum() == 144


def test_every_family_gets_its_positives_in_each_language(diary, spans):
    sample = draw_sample(diary, spans, size=100, positives=7)
    frame = sentence_frame(diary, spans)
    for (language, family), there in frame.groupby(["language", "hits"]):
        if family:
            drawn = sample[(sample["language"] == language) & (sample["hits"] == family)]
            assert len(drawn) >= min(7, len(there))


def test_weights_add_up_to_the_corpus_and_to_each_stratum(diary, spans):
    sample = draw_sample(diary, spans, size=100, positives=5)
    assert sample["weight"].sum() == pytest.approx(144 * 6)
    by_stratum = sample.groupby("stratum")
    assert np.allclose(by_stratum["weight"].sum(), by_stratum["population"].first())
    assert (by_stratum.size() == by_stratum["sampled"].first()).all()


def test_misses_get_their_quarter_and_near_ones_more_than_their_part(diary, spans):
    sample = draw_sample(diary, spans, size=100, positives=20)
    misses = sample[sample["hits"] == ""]
    assert len(misses) >= 25
    assert misses["near"].mean() > 144 / (144 * 6)
    assert set(misses["phase"]) == {"early", "middle", "late"}


def test_same_seed_same_sample_another_seed_another(diary, spans):
    first, again = (draw_sample(diary, spans, size=80, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    assert not first["start"].equals(draw_sample(diary, spans, size=80, seed=4)["start"])


def test_each_sentence_is_drawn_once(diary, spans):
    sample = draw_sample(diary, spans, size=300)
    assert not sample.duplicated(["entry_id", "start"]).any()


def test_weighted_shares_are_right_on_average(diary, spans):
    """Tea is in a quarter of the small talk; no stratum knows about it."""
    frame = sentence_frame(diary, spans)
    truth = frame["text"].eq("Tee gab es.").mean()
    found = []
    for seed in range(40):
        sample = draw_sample(diary, spans, size=60, positives=3, seed=seed)
        tea = sample["text"].eq("Tee gab es.")
        found.append((sample["weight"] * tea).sum() / sample["weight"].sum())
    assert np.mean(found) == pytest.approx(truth, abs=4 * np.std(found) / np.sqrt(len(found)))


def test_the_file_has_no_text_and_comes_back_whole(corpus, diary, spans):
    sample = draw_sample(diary, spans, size=60, positives=2)
    path = save_sample(sample, corpus.path)
    assert "Bus" not in path.read_text("utf-8")
    back = load_sample(corpus.path, diary)
    pd.testing.assert_frame_equal(back[sample.columns], sample, check_dtype=False)


def test_a_changed_text_is_noticed(corpus, diary, spans):
    save_sample(draw_sample(diary, spans, size=60), corpus.path)
    changed = diary.assign(text=diary["text"].str.replace("Tee", "Rum"))
    with pytest.raises(ReflectError, match="has changed since the sample was drawn"):
        load_sample(corpus.path, changed)


def test_sentences_of_people_who_withdrew_leave_the_sample(corpus, diary, spans):
    sample = draw_sample(diary, spans, size=60)
    save_sample(sample, corpus.path)
    left = diary[diary["tandem_id"] != "T01"]
    assert "T01" not in set(load_sample(corpus.path, left)["tandem_id"])


@pytest.mark.parametrize("text", ["", "unit_id\nu1\n", "\0\0"])
def test_a_damaged_sample_is_named(corpus, text):
    (corpus.path / "coding").mkdir()
    (corpus.path / FILE).write_text(text, "utf-8")
    with pytest.raises(ReflectError, match="damaged"):
        load_sample(corpus.path, corpus.entries)


def test_no_sample_says_how_to_draw_one(corpus):
    with pytest.raises(ReflectError, match="reflect code sample"):
        load_sample(corpus.path, corpus.entries)


@pytest.mark.parametrize("bad", [{"size": 0}, {"positives": -1}])
def test_numbers_that_make_no_sample_are_refused(diary, spans, bad):
    with pytest.raises(ReflectError, match="larger numbers"):
        draw_sample(diary, spans, **bad)


def test_context_is_cut_at_words():
    entries = pd.DataFrame({"entry_id": ["e"], "text": ["alpha beta gamma. HERE. delta epsilon"]})
    sample = pd.DataFrame({"entry_id": ["e"], "start": [18], "end": [23]})
    around = context(sample, entries, width=12).iloc[0]
    assert (around["before"], around["after"]) == ("…gamma.", "delta…")
