"""The learned model on disk and at work: safe to load, stale noticed, nothing without it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from coded_texts import WORDS, build_programme, code_by_words, find

import reflect
from reflect.coding import own_model
from reflect.coding.assessment import assess
from reflect.coding.exchange import write_codes
from reflect.coding.intake import learn
from reflect.coding.sample import draw_sample, load_sample, save_sample
from reflect.corpus import Corpus
from reflect.errors import ReflectError
from reflect.report import build_report

#: The rules know no difficulty, and take the bus for one.
RULES = {"insight": WORDS["insight"], "difficulty": "Bus"}


def by_hand(diary: pd.DataFrame, gated: bool = False) -> pd.DataFrame:
    """Spans of rules that know the words of `RULES` only."""
    found = find(diary, RULES)
    texts = diary.set_index("entry_id")["text"]
    pieces = [texts[row.entry_id][row.start : row.end] for row in found.itertuples()]
    numbers = {"cue_end": found["end"], "content_start": -1, "content_end": -1}
    return found.assign(text=pieces, rule="by.hand", holder="writer", **numbers)


@pytest.fixture(autouse=True)
def rules(monkeypatch):
    """These rules in place of ours."""
    monkeypatch.setattr(reflect, "annotate", by_hand, raising=False)


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Path:
    """The programme, 500 of its sentences coded by somebody who knows every word, and learned."""
    folder = build_programme(tmp_path_factory.mktemp("template") / "programme")
    corpus = Corpus.load(folder)
    sample = draw_sample(corpus.diary(), by_hand(corpus.diary()), size=500)
    save_sample(sample, folder)
    write_codes(folder, code_by_words(sample, "anna"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reflect, "annotate", by_hand, raising=False)
        learned, added = learn(Corpus.load(folder))
    assert (learned.markers, added) == (["difficulty"], 0)
    return folder


@pytest.fixture
def trained(template, tmp_path) -> Corpus:
    """A copy of it with its model."""
    return Corpus.load(shutil.copytree(template, tmp_path / "programme"))


@pytest.fixture
def coded(trained) -> Corpus:
    """A copy of it without a model."""
    (trained.path / own_model.FILE).unlink()
    return trained


def test_a_family_that_the_rules_do_not_know_is_decided_by_the_model(trained):
    diary = trained.diary()
    spans = own_model.annotate(diary, trained)
    difficult = spans[spans["marker"] == "difficulty"]
    wanted = diary[diary["text"].str.contains("Hürde")]["entry_id"]
    assert difficult["entry_id"].tolist() == wanted.tolist()
    assert set(difficult["text"]) == {"Eine Hürde blieb."}
    assert set(difficult["rule"]) == {own_model.LEARNED}
    # What the rules decide is theirs.
    insight = spans[spans["marker"] == "insight"].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        insight, reflect.annotate(diary).query("marker == 'insight'").reset_index(drop=True)
    )


def test_what_the_model_does_not_confirm_is_kept_with_its_reason(trained):
    spans = own_model.annotate(trained.diary(), trained, gated=True)
    buses = spans[(spans["marker"] == "difficulty") & (spans["rule"] == "by.hand")]
    assert set(buses["gate"]) == {own_model.LEARNED}
    assert len(buses)


def test_spans_come_in_the_order_of_the_diary_with_the_rules_own_types(trained):
    diary = trained.diary()
    spans = own_model.annotate(diary, trained)
    place = spans["entry_id"].map({entry: n for n, entry in enumerate(diary["entry_id"])})
    assert place.is_monotonic_increasing
    assert spans.dtypes.to_dict() == reflect.annotate(diary).dtypes.to_dict()


def test_a_prompt_that_was_copied_counts_for_nobody(trained):
    diary = trained.diary()
    rules = reflect.annotate(diary, gated=True)
    copied = find(diary, {"insight": "Hürde"}).head(1).assign(gate="prompt")
    every = pd.concat([rules, copied], ignore_index=True)
    spans = own_model.decide(every, diary, own_model.load(trained))
    found = spans[(spans["marker"] == "difficulty") & (spans["gate"] == "")]
    every = own_model.annotate(diary, trained).query("marker == 'difficulty'")
    assert set(every["entry_id"]) - set(found["entry_id"]) == set(copied["entry_id"])


def test_without_a_model_it_is_what_the_rules_say(coded):
    diary = coded.diary()
    pd.testing.assert_frame_equal(own_model.annotate(diary, coded), reflect.annotate(diary))
    assert own_model.load(coded) is None
    assert own_model.learned_table(coded).empty
    assert own_model.unseen(coded).empty


def test_the_model_comes_back_as_it_was(coded):
    learned, _ = learn(coded)
    again = own_model.load(coded)
    frame = pd.DataFrame(
        {"entry_id": ["x", "y"], "start": 0, "end": 9, "hits": "", "near": False,
         "text": ["Eine Hürde blieb.", "Tee gab es."]}
    )  # fmt: skip
    pd.testing.assert_frame_equal(again.predict(frame), learned.predict(frame))
    pd.testing.assert_frame_equal(again.comparison, learned.comparison)
    assert again.seed == learned.seed
    assert own_model.learned_table(coded)["marker"].tolist() == ["difficulty"]


def test_the_same_codes_give_the_same_bytes_and_no_word_of_the_diary(trained):
    path = trained.path / own_model.FILE
    first = path.read_bytes()
    learn(trained)
    assert path.read_bytes() == first
    with np.load(path) as arrays:
        kept = b"".join(arrays[name].tobytes() for name in arrays.files)
    for word in ("Hürde", "begriff", "Bus"):
        assert word.encode("utf-32-le") not in kept
        assert word.encode() not in kept


def test_validity_is_judged_on_tandems_that_the_model_had_not_seen(trained, monkeypatch):
    learned = own_model.load(trained)
    sure = learned.out_of_fold.assign(predicted=0)
    monkeypatch.setattr(own_model, "load", lambda corpus: replace(learned, out_of_fold=sure))
    table = assess(trained, resamples=0).validity
    row = table[(table["marker"] == "difficulty") & (table["side"] + table["language"] == "")]
    assert (row["hits"].item(), row["recall"].item()) == (0, 0.0)


def test_a_model_that_no_longer_wins_is_taken_away(trained, monkeypatch):
    # The rules have learned the word, too.
    monkeypatch.setitem(RULES, "difficulty", "Hürde")
    learned, _ = learn(trained)
    assert learned.markers == []
    assert not (trained.path / own_model.FILE).exists()


def test_codes_that_changed_since_are_noticed(trained):
    write_codes(trained.path, trained.codes.head(200))
    with pytest.raises(ReflectError, match="learned from other codes .* Run `reflect train`"):
        own_model.annotate(trained.diary(), trained)


@pytest.mark.parametrize("keep", [0, 10, 1000])
def test_a_damaged_model_is_named(trained, keep):
    path = trained.path / own_model.FILE
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ReflectError, match="damaged, or no model"):
        own_model.load(trained)


def test_a_model_with_objects_inside_is_refused(trained):
    np.savez(trained.path / own_model.FILE, about=np.array([{"codes": ""}], dtype=object))
    with pytest.raises(ReflectError, match="damaged, or no model"):
        own_model.load(trained)


def test_the_next_sentences_join_the_sample_and_leave_what_was_drawn(coded):
    before = load_sample(coded.path, coded.entries)
    _, added = learn(coded, more=5)
    after = load_sample(coded.path, coded.entries)
    assert added == 5
    assert after["stratum"].tail(5).tolist() == ["chosen"] * 5
    pd.testing.assert_frame_equal(after.head(len(before)), before)
    # The model knows the sample it grew, so it is not stale.
    assert own_model.load(coded) is not None


def test_whole_entries_teach_too_but_have_no_sample_to_grow(programme):
    rows = [
        f"anna,{entry.entry_id},{entry.text.index('Eine Hürde')},{len(entry.text)},difficulty"
        for entry in Corpus.load(programme).entries.itertuples()
        if "Hürde" in entry.text
    ]
    text = "\n".join(["coder_id,entry_id,start,end,marker", *rows]) + "\n"
    (programme / "codes.csv").write_text(text, "utf-8")
    corpus = Corpus.load(programme)
    assert learn(corpus)[0].markers == ["difficulty"]
    with pytest.raises(ReflectError, match="no sample. Leave --next out"):
        learn(corpus, more=5)


def test_a_report_stops_before_it_runs_anything(trained, tmp_path):
    write_codes(trained.path, trained.codes.head(200))
    with pytest.raises(ReflectError, match="learned from other codes"):
        build_report(trained.path, tmp_path / "report")
    assert not (tmp_path / "report").exists()
