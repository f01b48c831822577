"""Whole thoughts: runs of sentences of one paragraph, and short sentences with their context."""

import pandas as pd
import pytest

from reflect.thoughts import LONGEST, SHORTEST, thoughts, widened

ONE = "Den ganzen Vormittag standen wir im Regen vor der Halle und warteten auf den Bus."
TWO = "Als er endlich kam, war er voll, und wir gingen zu Fuß nach Hause, nass bis auf die Haut."
THREE = "Am Abend gab es Suppe mit Nudeln, und wir lachten über das Wetter und über uns."
FOUR = "Morgen soll die Sonne scheinen, sagt der Wetterbericht, aber das sagt er seit Tagen."


def diary(text: str) -> pd.DataFrame:
    return pd.DataFrame([("e1", text, "de")], columns=["entry_id", "text", "language"])


def spans(text: str, *sentences: str) -> pd.DataFrame:
    rows = [("e1", text.index(one), text.index(one) + len(one), one) for one in sentences]
    return pd.DataFrame(rows, columns=["entry_id", "start", "end", "text"]).assign(marker="x")


def test_runs_of_one_to_three_sentences_of_one_paragraph_each_long_enough():
    text = f"{ONE} {TWO} {THREE} {FOUR}\n\n{FOUR} {ONE}"
    table = thoughts(diary(text))
    assert all(text[row.start : row.end] == row.text for row in table.itertuples())
    assert table["text"].str.len().between(SHORTEST, LONGEST).all()
    said = set(table["text"])
    assert {f"{ONE} {TWO}", f"{ONE} {TWO} {THREE}", f"{FOUR} {ONE}"} <= said
    assert not any("\n" in one for one in said)
    assert f"{ONE} {TWO} {THREE} {FOUR}" not in said


def test_what_opens_the_entry_or_a_paragraph_is_known():
    table = thoughts(diary(f"{ONE} {TWO} {THREE}\n{FOUR} {ONE} {TWO}")).set_index("text")["opens"]
    assert table[f"{ONE} {TWO}"].tolist() == [2, 0]
    assert table[f"{FOUR} {ONE}"] == 1
    assert table[f"{TWO} {THREE}"] == 0


def test_an_exclamation_is_no_sentence_of_its_own():
    text = f"Zwei!!! {ONE} Ja. {TWO} {THREE}"
    assert text in set(thoughts(diary(text))["text"])


def test_a_heading_belongs_to_what_follows_and_a_line_break_within_a_sentence_breaks_nothing():
    broken = TWO.replace("voll, und", "voll,\nund")
    said = set(thoughts(diary(f"Protokoll.\n\n{TWO} {broken}"))["text"])
    assert f"Protokoll.\n\n{TWO}" in said and f"{TWO} {broken}" in said


@pytest.mark.parametrize("text", ["", "Kurz.", f"{'sehr ' * 100}lang."])
def test_entries_of_any_length_have_their_thoughts(text):
    assert thoughts(diary(text))["text"].tolist() == ([text] if text else [])


def test_a_short_sentence_is_shown_with_what_stands_before_it_in_its_paragraph():
    bare = "Das sage ich nicht mehr."
    text = f"{THREE} {FOUR}\n\n{ONE} {TWO} {bare} {FOUR}"
    shown = widened(spans(text, bare), diary(text))
    assert shown["text"].tolist() == [f"{ONE} {TWO} {bare}"]
    assert text[shown.loc[0, "start"] : shown.loc[0, "end"]] == shown.loc[0, "text"]
    assert shown["marker"].tolist() == ["x"]


def test_at_the_beginning_of_a_paragraph_with_what_follows():
    bare = "Das war neu."
    text = f"{THREE} {FOUR}\n\n{bare} {TWO} {ONE}"
    assert widened(spans(text, bare), diary(text))["text"].tolist() == [f"{bare} {TWO}"]


def test_longer_sentences_and_the_caller_s_table_stay_as_they_are():
    bare = "Das war neu."
    text = f"{ONE} {TWO} {bare}"
    given = spans(text, TWO, bare)
    before = given.copy()
    assert widened(given, diary(text))["text"].tolist() == [TWO, text]
    pd.testing.assert_frame_equal(given, before)
    pd.testing.assert_frame_equal(widened(given.head(1), diary(text)), given.head(1))
    assert widened(given.head(0), diary(text)).empty
