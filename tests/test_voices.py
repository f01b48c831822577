"""Both sides side by side: literal quotations, a column a side, of nobody who did not agree."""

import pandas as pd
import pytest
from quoted_texts import SIDES, SPANS, TEXTS, quotes_of, screened_diary, text

from reflect import voices
from reflect.evidence import evidence

# A bar would end the cell of a table.
WITH_BAR = TEXTS | {"e3": "Suddenly it was clear *to me*. Fine | good."}
DIARY = screened_diary(WITH_BAR, "A").assign(language="en")
QUOTES = quotes_of(DIARY)


def cells(table: str) -> list[list[str]]:
    rows = [line for line in table.splitlines() if line.startswith("| ")]
    return [row.strip("| ").split(" | ") for row in rows]


def moment(entries: str, both: bool, event: str = "v1") -> pd.DataFrame:
    row = {"tandem_id": "A", "date": pd.Timestamp("2025-03-03"), "event_id": event}
    row |= {"event_kind": "kickoff", "score": 4, "both_sides": both}
    return pd.DataFrame([row | {"markers": "insight,learning", "entries": entries}])


def test_a_column_a_side_and_a_dash_where_one_is_silent():
    table = voices.side_by_side([("day", {"talent": "said"})], SIDES, "When")
    assert cells(table) == [["When", "Leader", "Talent"], ["day", "–", "said"]]


def test_a_voice_names_side_day_entry_and_offsets_and_cannot_break_the_table():
    quote = QUOTES.to_dict("records")[1] | {"text": "one\n| two *x*"}
    assert voices.voice(quote, SIDES, "en") == (
        "one \\| two \\*x\\* *talent, 5 March 2025, e3 \\[0–30\\]*"
    )


def test_each_marker_has_a_row_with_both_sides():
    table = cells(text(voices.by_marker(QUOTES, SIDES, "en")))
    assert len(table) == 2 and table[1][0] == "**Insight**"
    assert "understood" in table[1][1] and "Suddenly" in table[1][2]
    assert text(voices.by_marker(QUOTES.head(0), SIDES, "en")).startswith("*No quotation")


def test_with_a_title_there_is_a_heading_or_nothing_at_all():
    assert text(voices.by_marker(QUOTES, SIDES, "en", title=True)).startswith("## What moved")
    assert text(voices.by_marker(QUOTES.head(0), SIDES, "en", title=True)) == ""


def test_markers_stand_in_the_order_of_the_codebook():
    every = pd.concat([QUOTES.assign(marker=name) for name in ("key_moment", "advice")])
    table = cells(text(voices.by_marker(every, SIDES, "en")))
    assert [row[0] for row in table[1:]] == ["**Advice**", "**Key moment**"]


def test_a_moment_sets_the_sides_side_by_side_in_their_order():
    shown = cells(text(voices.moments(moment("e1,e3", True), SPANS, DIARY, SIDES, "en")))
    assert shown[0] == ["Leader", "Talent"]
    assert "understood" in shown[1][0] and "Suddenly" in shown[1][1]
    turned = dict(reversed(SIDES.items()))
    shown = cells(text(voices.moments(moment("e1,e3", True), SPANS, DIARY, turned, "en")))
    assert "Suddenly" in shown[1][0]


def test_a_moment_quotes_only_the_side_that_agreed():
    shown = text(voices.moments(moment("e1,e2", True), SPANS, DIARY, SIDES, "en"))
    assert "understood" in shown and "HIDDEN" not in shown
    assert "*what was written may not be quoted*" in shown
    assert "insight and learning" in shown


def test_a_moment_without_a_voice_is_told_without_a_table():
    silent = DIARY[DIARY["side"] == "talent"]
    shown = voices.moment(moment("e2", False).iloc[0], SPANS, silent, SIDES, "en")
    assert "|" not in shown and "A, around 3 March 2025" in shown
    assert "*no entry at this time*" in shown


def test_moments_that_cannot_be_quoted_are_listed_once_after_the_others():
    found = pd.concat([moment("e2", False, ""), moment("e1", False), moment("e2", False, "")])
    shown = text(voices.moments(found, SPANS, DIARY, SIDES, "en"))
    assert shown.count("####") == 1 and shown.count("Nothing can be quoted of") == 1
    assert shown.index("understood") < shown.index("Nothing can be quoted of")
    assert len([line for line in shown.splitlines() if line.startswith("- **A, around")]) == 2
    assert "HIDDEN" not in shown


def test_what_a_side_wrote_of_the_event_stands_in_where_nothing_is_marked():
    spans = SPANS[SPANS["entry_id"] == "e1"]
    found = moment("e1", False)
    shown = text(voices.moments(found, spans, DIARY, SIDES, "en"))
    assert "*no marked sentence in this diary*" in shown
    told = QUOTES[QUOTES["side"] == "talent"].assign(item_id="v1")
    assert "Suddenly" in text(voices.moments(found, spans, DIARY, SIDES, "en", told))
    other = told.assign(item_id="v2")
    assert "Suddenly" not in text(voices.moments(found, spans, DIARY, SIDES, "en", other))


def test_no_moments_are_said():
    shown = text(voices.moments(moment("e1", False).head(0), SPANS, DIARY, SIDES, "en"))
    assert shown == "*None found.*"


def test_for_the_first_page_a_moment_is_chosen_that_both_sides_may_be_quoted_on():
    found = pd.concat([moment("e2", False), moment("e1", False), moment("e1,e3", True)])
    nothing = told()
    assert voices.most_quotable(found, SPANS, DIARY, nothing)["entries"] == "e1,e3"
    assert voices.most_quotable(found.head(1), SPANS, DIARY, nothing)["entries"] == "e2"
    # What the other side wrote of the event is a voice, too.
    of_event = told(("v1", 1, 0.3))
    assert voices.most_quotable(found, SPANS, DIARY, of_event)["entries"] == "e1"


def test_a_moment_quotes_the_thought_that_made_it_and_not_the_first_marked_sentence():
    first = "Suppose they never liked the long evenings in that cold hall by the river."
    middle = "We ate bread and cheese and nobody said a word until the last train had left."
    moved = "For years I said they did not care."
    last = "I no longer say so."
    entry = f"{first} {middle}\n\n{moved} {middle} {last}"
    diary = screened_diary(TEXTS | {"e1": entry}, "A").assign(language="en")
    rows = [("perspective_taking", first), ("revision", last)]
    spans = pd.DataFrame(
        [("e1", name, entry.index(one), entry.index(one) + len(one), one) for name, one in rows],
        columns=["entry_id", "marker", "start", "end", "text"],
    )
    shown = cells(text(voices.moments(moment("e1", False), spans, diary, SIDES, "en")))
    assert shown[1][0].startswith(f"{moved} {middle} {last}")
    # Called a key moment, the other sentence weighs as much and needs less room.
    key = pd.concat([spans, spans.head(1).assign(marker="key_moment")])
    shown = cells(text(voices.moments(moment("e1", False), key, diary, SIDES, "en")))
    assert shown[1][0].startswith(first)


ITEMS = pd.DataFrame(
    [
        ("v1", "A", "", "kickoff", "Opening [night]", "event"),
        ("v2", "A", "", "meeting", "Untold meeting", "event"),
        ("o1", "A", "talent", "first_job", "A *job*", "outcome"),
        ("o2", "A", "talent", "skill", "Untold", "outcome"),
    ],
    columns=["item_id", "tandem_id", "side", "kind", "description", "what"],
).assign(date=pd.Timestamp("2025-03-03"))


def chronicle(told: pd.DataFrame, items: pd.DataFrame = ITEMS) -> list[list[str]]:
    return cells(text(voices.chronicle(items, told, SIDES, "en")))


def told(*rows: tuple[str, int, float]) -> pd.DataFrame:
    """Item, row of QUOTES and likeness."""
    parts = [QUOTES.iloc[[n]].assign(item_id=i, similarity=like) for i, n, like in rows]
    empty = QUOTES.head(0).assign(item_id="", similarity=0.0)
    return pd.concat([empty, *parts], ignore_index=True)


def test_events_and_outcomes_have_rows_and_an_untold_meeting_has_none():
    rows = chronicle(told(("v1", 0, 0.3), ("o1", 1, 0.3)))
    assert [row[0].split(":")[0] for row in rows[1:]] == [
        "**3 March 2025**, kick-off",
        "**3 March 2025**, first job (talent)",
        "**3 March 2025**, new skill (talent)",
    ]
    assert "Opening \\[night\\]" in rows[1][0] and "understood" in rows[1][1]
    assert "A \\*job\\*" in rows[2][0]
    assert rows[3][1:] == ["–", "–"]


def test_a_meeting_that_a_diary_tells_of_has_a_row():
    assert any("Untold meeting" in row[0] for row in chronicle(told(("v2", 0, 0.3))))


def test_a_description_of_several_lines_stays_in_its_row():
    long = ITEMS.assign(description="One\n\n# two | three\nfour")
    rows = chronicle(told(), long)
    assert all(len(row) == 3 for row in rows)
    assert rows[1][0].endswith("One \\# two \\| three four")


def test_a_sentence_is_quoted_once():
    rows = chronicle(told(("v1", 0, 0.3), ("o1", 0, 0.3)))
    assert "understood" in rows[1][1] and rows[2][1] == "*as above*"


@pytest.mark.parametrize("consent", ["full", "no_quotes"])
def test_a_tandem_of_which_nothing_may_be_told(consent):
    # As `evidence` gives it, whether nobody agreed or nobody wrote.
    written = DIARY.assign(consent=consent) if consent != "full" else DIARY.head(0)
    nothing = evidence(ITEMS, written)
    rows = cells(text(voices.chronicle(ITEMS, nothing, SIDES, "en")))
    assert len(rows) == 4 and all(row[1:] == ["–", "–"] for row in rows[1:])


def test_a_tandem_without_a_record():
    shown = text(voices.chronicle(ITEMS.head(0), told(), SIDES, "en"))
    assert shown == "*The corpus records none.*"
