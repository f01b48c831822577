"""Nobody is quoted who did not agree, and what is quoted stands there word for word."""

import pandas as pd
import pytest

from reflect import quotes
from reflect.anonymity.gate import mark
from reflect.errors import ReflectError

TEXTS = {
    "e1": "Tee. Dann Regen.",
    "e2": "GEHEIM eins. GEHEIM zwei.",
    "e3": "Die Bahn kam nicht. Wir liefen.",
    "e4": "Oben war es still.",
}
DIARY = pd.DataFrame(
    [
        ("e1", "A", "leader", "2025-03-03", "full"),
        ("e2", "A", "talent", "2025-03-04", "no_quotes"),
        ("e3", "B", "leader", "2025-03-02", "full"),
        ("e4", "B", "talent", "2025-03-05", "full"),
    ],
    columns=["entry_id", "tandem_id", "side", "date", "consent"],
).assign(date=lambda t: pd.to_datetime(t["date"]), text=lambda t: t["entry_id"].map(TEXTS))
FINDINGS = pd.DataFrame(
    [("e3", 0, 8, 0.9, "person", "entries.text"), ("e4", 0, 4, 0.4, "place", "entries.text")],
    columns=["entry_id", "start", "end", "score", "kind", "field"],
)
SUSPECT = mark(DIARY, FINDINGS)
DIARY = mark(DIARY, FINDINGS.head(0))


def span(entry: str, words: str, marker: str = "insight") -> dict:
    start = TEXTS[entry].index(words)
    end = start + len(words)
    return {"entry_id": entry, "marker": marker, "start": start, "end": end, "text": words}


SPANS = pd.DataFrame(
    [
        span("e1", "Dann Regen."),
        span("e1", "Tee."),
        span("e2", "GEHEIM eins."),
        span("e2", "GEHEIM zwei.", "learning"),
        span("e3", "Wir liefen."),
        span("e4", "Oben war es still.", "learning"),
    ]
)


def test_only_full_consent_is_quoted_and_the_rest_counted():
    allowed, withheld = quotes.with_consent(SPANS, DIARY)
    assert withheld == 2
    assert allowed["entry_id"].tolist() == ["e3", "e1", "e1", "e4"]
    assert allowed["start"].tolist() == [20, 0, 5, 0]
    assert not allowed.astype(str).apply(lambda cells: cells.str.contains("GEHEIM")).any(axis=None)


@pytest.mark.parametrize("consent", ["no_quotes", "withdrawn", "", "Full", "yes"])
def test_anything_but_full_is_no_consent(consent):
    allowed, withheld = quotes.with_consent(SPANS, DIARY.assign(consent=consent))
    assert (len(allowed), withheld) == (0, len(SPANS))


def test_a_missing_consent_is_no_consent():
    allowed, withheld = quotes.with_consent(SPANS, DIARY.assign(consent=None))
    assert (len(allowed), withheld) == (0, len(SPANS))


def test_spans_of_unknown_entries_are_not_quoted():
    stranger = pd.DataFrame([{**span("e1", "Tee."), "entry_id": "e9"}])
    allowed, withheld = quotes.with_consent(stranger, DIARY)
    assert (len(allowed), withheld) == (0, 0)


def test_own_columns_stay_and_those_of_the_diary_win():
    wrong = SPANS.assign(side="nobody", tandem_id="none", rule="r1", consent="full")
    allowed, withheld = quotes.with_consent(wrong, DIARY)
    assert withheld == 2
    assert set(allowed["side"]) == {"leader", "talent"}
    assert set(allowed["rule"]) == {"r1"}


def test_quotations_are_the_words_at_their_offsets():
    allowed, _ = quotes.with_consent(SPANS, DIARY)
    for row in allowed.itertuples():
        assert TEXTS[row.entry_id][row.start : row.end] == row.text


def test_withheld_counts_a_sentence_with_two_markers_once():
    twice = pd.concat([SPANS, pd.DataFrame([span("e2", "GEHEIM eins.", "learning")])])
    assert quotes.withheld(twice, DIARY) == {"consent": 2, "entry": 0, "quotation": 0}


def test_an_open_finding_keeps_its_entry_back_and_a_doubtful_one_its_sentence():
    allowed, withheld = quotes.with_consent(SPANS, SUSPECT)
    assert (allowed["entry_id"].tolist(), withheld) == (["e1", "e1"], 4)
    assert quotes.withheld(SPANS, SUSPECT) == {"consent": 2, "entry": 1, "quotation": 1}


def test_what_did_not_pass_the_audit_is_never_quoted():
    unseen = DIARY.drop(columns="open_findings")
    for show in (quotes.with_consent, quotes.withheld):
        with pytest.raises(ReflectError, match="did not pass the audit.*screened"):
            show(SPANS, unseen)
    with pytest.raises(ReflectError, match="did not pass the audit"):
        quotes.exemplars(TOPICS, unseen.assign(language="de"))


def candidates(*rows: tuple) -> pd.DataFrame:
    names = ["marker", "tandem_id", "entry_id", "date", "start", "text"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(date=pd.to_datetime(table["date"]))


def test_pick_spreads_over_tandems_before_repeating_one():
    text = "x" * 50
    table = candidates(
        ("m", "A", "e1", "2025-01-01", 0, text),
        ("m", "A", "e2", "2025-01-02", 0, text),
        ("m", "B", "e3", "2025-01-09", 0, text),
    )
    chosen = quotes.pick(table, per=["marker"], number=2)
    assert chosen["entry_id"].tolist() == ["e1", "e3"]
    assert chosen.columns.tolist() == table.columns.tolist()


def test_pick_prefers_readable_lengths_to_early_dates():
    table = candidates(
        ("m", "A", "e1", "2025-01-01", 0, "kurz"),
        ("m", "A", "e2", "2025-01-02", 0, "y" * 400),
        ("m", "B", "e3", "2025-01-09", 0, "x" * 40),
    )
    assert quotes.pick(table, per=["marker"])["entry_id"].tolist() == ["e3"]


def test_pick_counts_a_sentence_once_a_group_and_is_the_same_in_any_order():
    text = "x" * 50
    table = candidates(
        ("m", "A", "e1", "2025-01-01", 0, text),
        ("m", "A", "e1", "2025-01-01", 0, text),
        ("n", "A", "e1", "2025-01-01", 0, text),
        ("m", "B", "e2", "2025-01-01", 0, text),
    )
    chosen = quotes.pick(table, per=["marker"], number=5)
    assert chosen[["marker", "entry_id"]].to_numpy().tolist() == [
        ["m", "e1"],
        ["m", "e2"],
        ["n", "e1"],
    ]
    pd.testing.assert_frame_equal(quotes.pick(table[::-1], per=["marker"], number=5), chosen)


def test_pick_of_nothing_is_nothing():
    nothing = candidates(("m", "A", "e1", "2025-01-01", 0, "x")).head(0)
    assert quotes.pick(nothing, per=["marker"]).empty


TOPICS = pd.DataFrame(
    [
        (-1, "Rest", "e1,e3"),
        (0, "Wetter", "e2,e1,e3"),
        (1, "Berge", ["e4"]),
        (2, "Stille Post", "e2"),
    ],
    columns=["topic", "label", "exemplars"],
)


def test_exemplars_skip_who_did_not_agree_and_topics_without_anybody():
    found = quotes.exemplars(TOPICS, DIARY.assign(language="de"))
    assert found[["topic", "entry_id"]].to_numpy().tolist() == [[0, "e1"], [1, "e4"]]
    for row in found.itertuples():
        assert TEXTS[row.entry_id][row.start : row.end] == row.text


def test_exemplars_take_the_next_entry_where_the_nearest_does_not_pass():
    topics = TOPICS.assign(exemplars=[["e1"], ["e3", "e1"], ["e4"], ["e3"]])
    found = quotes.exemplars(topics, SUSPECT.assign(language="de"))
    assert found[["topic", "entry_id"]].to_numpy().tolist() == [[0, "e1"]]


def test_exemplars_are_whole_sentences_up_to_a_length_and_at_least_one():
    found = quotes.exemplars(TOPICS, DIARY.assign(language="de"), longest=5)
    assert found["text"].tolist() == ["Tee.", "Oben war es still."]


def test_exemplars_of_no_topics_keep_their_columns():
    found = quotes.exemplars(TOPICS.head(1), DIARY.assign(language="de"))
    assert found.columns.tolist() == ["topic", "label", *quotes.QUOTE_COLUMNS]
    assert found.empty
