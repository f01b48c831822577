"""Passages of the report: literal quotations with their source, of nobody who did not agree."""

from types import SimpleNamespace

import pandas as pd
import pytest
from quoted_texts import SIDES, TEXTS, quotes_of, screened_diary, text

from reflect import passages
from reflect.anonymity.gate import screened
from reflect.coding.own_model import annotate
from reflect.corpus import Corpus
from reflect.labels import label

DIARY = screened_diary(TEXTS, "B")
QUOTES = quotes_of(DIARY)


def test_a_quotation_names_side_tandem_day_entry_and_offsets():
    quote = QUOTES.to_dict("records")[0]
    assert passages.quotation(quote, {"leader": "the boss"}, "en") == (
        "> I understood \\[PERSON\\_2\\] at last.\n>\n> *the boss, A, 3 March 2025, e1 \\[0–32\\]*"
    )


def test_a_quotation_over_several_lines_stays_one_block():
    quote = QUOTES.to_dict("records")[0] | {"text": "one\n\n# two\r\n> three"}
    lines = passages.quotation(quote, SIDES, "en").splitlines()
    assert lines[0] == "> one \\# two \\> three"
    assert all(line.startswith(">") for line in lines)


def test_a_heading_stands_before_each_run_of_one_marker():
    shown = text(passages.quotations(QUOTES, SIDES, "en", lead="marker"))
    assert shown.count("#### Insight\n") == 1
    assert shown.count("> *") == 2


def test_learners_are_named_in_headings():
    quotes = QUOTES.assign(learner_side=QUOTES["side"]).sort_values("side")
    shown = text(passages.quotations(quotes, SIDES, "en", lead="learner_side"))
    assert shown.startswith("#### ") and "leader" in shown.splitlines()[0]


def test_other_headings_stand_as_they_are_and_literal():
    shown = text(passages.quotations(QUOTES.assign(label="a*b"), SIDES, "en", lead="label"))
    assert shown.startswith("#### a\\*b")


def test_what_was_learned_goes_first_and_one_sentence_is_quoted_once():
    rows = [("advice", "leader", 0), ("learning", "leader", 1), ("learning", "talent", 1)]
    flow = pd.concat(
        [QUOTES.iloc[[n]].assign(marker=name, learner_side=side) for name, side, n in rows]
    )
    shown = text(passages.learned(flow, SIDES, "en"))
    assert shown.index("Suddenly") < shown.index("understood")
    assert shown.count("Suddenly") == 1 and "talent side" not in shown
    assert text(passages.learned(flow, SIDES, "en", title=True)).startswith("## Who learned")
    assert text(passages.learned(flow.head(0), SIDES, "en", title=True)) == ""
    assert text(passages.learned(flow.head(0), SIDES, "en")).startswith("*No quotation")


@pytest.mark.parametrize("language", ["de", "en"])
def test_nothing_to_quote_is_said(language):
    said = text(passages.quotations(QUOTES.head(0), SIDES, language))
    assert said.startswith("*") and said.endswith("*")


def test_the_first_page_fits_topics_once_and_only_where_there_is_enough(tiny, monkeypatch):
    corpus = screened(Corpus.load(tiny))
    spans = annotate(corpus.diary(), corpus)
    told = {"leader": "leader", "talent": "newcomer"}
    few = text(passages.brief(corpus, spans, told, "en", 0))
    assert label("en", "plain.topics_few") in few
    fitted = []

    def fit(diary: pd.DataFrame, **_: object) -> SimpleNamespace:
        fitted.append(len(diary))
        about = {"entry_id": diary["entry_id"], "topic": 0, "weight": 1.0}
        topics = pd.DataFrame({"topic": [0], "label": ["tea"], "stable": [True]})
        return SimpleNamespace(topics=topics, assignments=pd.DataFrame(about))

    monkeypatch.setattr(passages, "fit_topics", fit)
    monkeypatch.setattr(passages.prose, "enough_for_topics", lambda diary: True)
    assert "tea" in text(passages.brief(corpus, spans, told, "en", 0))
    assert fitted == [4]
