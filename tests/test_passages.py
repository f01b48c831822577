"""Passages of the report: literal quotations with their source, of nobody who did not agree."""

import pandas as pd
import pytest

from reflect import passages
from reflect.exhibit import Exhibit

SIDES = {"leader": "leader", "talent": "talent"}
TEXTS = {
    "e1": "I understood [PERSON_2] at last. We had tea.",
    "e2": "HIDDEN I learned a lot. HIDDEN Then home.",
    "e3": "Suddenly it was clear *to me*. Fine.",
}
DIARY = pd.DataFrame(
    [
        ("e1", "A", "leader", "2025-03-03", "full"),
        ("e2", "A", "talent", "2025-03-04", "no_quotes"),
        ("e3", "B", "talent", "2025-03-05", "full"),
    ],
    columns=["entry_id", "tandem_id", "side", "date", "consent"],
).assign(date=lambda t: pd.to_datetime(t["date"]), text=lambda t: t["entry_id"].map(TEXTS))


def span(entry: str, end: int, marker: str) -> dict:
    text = TEXTS[entry][:end]
    return {"entry_id": entry, "marker": marker, "start": 0, "end": end, "text": text}


SPANS = pd.DataFrame(
    [span("e1", 32, "insight"), span("e2", 23, "learning"), span("e3", 30, "insight")]
)
QUOTES = SPANS[SPANS["entry_id"] != "e2"].merge(DIARY.drop(columns="text"), on="entry_id")


def text(exhibit: Exhibit) -> str:
    return exhibit.bundle["text/markdown"]


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
    assert shown.count("**Insight**") == 1
    assert shown.count("> *") == 2


def test_learners_are_named_in_headings():
    quotes = QUOTES.assign(learner_side=QUOTES["side"]).sort_values("side")
    shown = text(passages.quotations(quotes, SIDES, "en", lead="learner_side"))
    assert shown.startswith("**") and "leader" in shown.splitlines()[0]


def test_other_headings_stand_as_they_are_and_literal():
    shown = text(passages.quotations(QUOTES.assign(label="a*b"), SIDES, "en", lead="label"))
    assert shown.startswith("**a\\*b**")


@pytest.mark.parametrize("language", ["de", "en"])
def test_nothing_to_quote_is_said(language):
    said = text(passages.quotations(QUOTES.head(0), SIDES, language))
    assert said.startswith("*") and said.endswith("*")


def moment(entries: str, both: bool) -> pd.DataFrame:
    row = {"tandem_id": "A", "date": pd.Timestamp("2025-03-03"), "event_id": "v1"}
    row |= {"event_kind": "kickoff", "score": 4, "both_sides": both}
    return pd.DataFrame([row | {"markers": "insight,learning", "entries": entries}])


def test_a_moment_quotes_only_the_side_that_agreed():
    shown = text(passages.moments(moment("e1,e2", True), SPANS, DIARY, SIDES, "en"))
    assert "understood" in shown
    assert "HIDDEN" not in shown
    assert shown.count("> *") == 1
    assert "insight and learning" in shown


def test_a_moment_of_people_who_did_not_agree_is_told_without_their_words():
    shown = text(passages.moments(moment("e2", False), SPANS, DIARY, SIDES, "en"))
    assert ">" not in shown
    assert "A, 3 March 2025" in shown


def test_a_moment_quotes_the_first_side_first():
    both = DIARY.assign(tandem_id="A")
    shown = text(passages.moments(moment("e1,e3", True), SPANS, both, SIDES, "en"))
    assert shown.index("understood") < shown.index("Suddenly")
    turned = {"talent": "talent", "leader": "leader"}
    shown = text(passages.moments(moment("e1,e3", True), SPANS, both, turned, "en"))
    assert shown.index("Suddenly") < shown.index("understood")


def test_no_moments_are_said():
    shown = text(passages.moments(moment("e1", False).head(0), SPANS, DIARY, SIDES, "en"))
    assert shown == "*None found.*"


ITEMS = pd.DataFrame(
    [
        ("v1", "A", "", "kickoff", "Opening [night]", "event"),
        ("o1", "A", "talent", "first_job", "A *job*", "outcome"),
        ("o2", "A", "talent", "skill", "Untold", "outcome"),
    ],
    columns=["item_id", "tandem_id", "side", "kind", "description", "what"],
).assign(date=pd.Timestamp("2025-03-03"))


def test_what_is_told_of_stands_under_its_item_and_the_untold_is_left_out():
    found = QUOTES.assign(item_id=["v1", "o1"])
    shown = text(passages.told(ITEMS, found, SIDES, "en"))
    assert shown.index("Opening \\[night\\]") < shown.index("understood")
    assert shown.index("first job (talent)") < shown.index("A \\*job\\*") < shown.index("Suddenly")
    assert "Untold" not in shown


def test_nothing_told_is_said():
    shown = text(passages.told(ITEMS, QUOTES.assign(item_id="none"), SIDES, "en"))
    assert shown.startswith("*")
