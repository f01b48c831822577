"""Passages found for an event or outcome: near in time, alike in words, agreed to be quoted."""

import pandas as pd
import pytest

from reflect.anonymity.gate import mark
from reflect.errors import ReflectError
from reflect.evidence import EVIDENCE_COLUMNS, evidence

FILLER = "Zum Mittag gab es Suppe mit Nudeln, danach wurde der Keller gefegt und gestrichen."
SHIP = "Am Hafen fuhren wir mit dem Segelboot hinaus und banden Knoten in die Segelleine."


NOTHING = pd.DataFrame(columns=["entry_id", "start", "end", "score", "kind", "field"])


def diary(*rows: tuple[str, str, str, str, str, str]) -> pd.DataFrame:
    names = ["entry_id", "tandem_id", "side", "date", "consent", "text"]
    table = pd.DataFrame(rows, columns=names)
    return mark(table.assign(date=pd.to_datetime(table["date"]), language="de"), NOTHING)


def items(*rows: tuple[str, str, str, str, str], side: str = "") -> pd.DataFrame:
    """Events, or outcomes of a side."""
    table = pd.DataFrame(rows, columns=["item_id", "tandem_id", "date", "kind", "description"])
    what = "outcome" if side else "event"
    return table.assign(date=pd.to_datetime(table["date"]), side=side, what=what)


TRIP = items(("v1", "A", "2025-03-10", "outing", "Ausfahrt mit dem Segelboot im Hafen"))


def test_the_passage_that_speaks_of_it_is_found_on_each_side():
    table = evidence(
        TRIP,
        diary(
            ("e1", "A", "leader", "2025-03-11", "full", f"{FILLER} {SHIP}"),
            ("e2", "A", "talent", "2025-03-12", "full", f"{SHIP} {FILLER} {FILLER}"),
            ("e3", "A", "talent", "2025-03-10", "full", f"{FILLER} {FILLER}"),
        ),
    )
    assert table[["item_id", "entry_id", "side"]].to_numpy().tolist() == [
        ["v1", "e1", "leader"],
        ["v1", "e2", "talent"],
    ]
    assert all("Segelboot" in text for text in table["text"])
    assert table.columns.tolist() == EVIDENCE_COLUMNS


def test_offsets_slice_the_entry():
    entries = diary(("e1", "A", "leader", "2025-03-11", "full", f"{FILLER}\n\n {SHIP}"))
    row = evidence(TRIP, entries).loc[0]
    assert entries.loc[0, "text"][row["start"] : row["end"]] == row["text"]


@pytest.mark.parametrize("consent", ["no_quotes", "withdrawn", "", None])
def test_nobody_is_shown_who_did_not_agree(consent):
    entries = diary(
        ("e1", "A", "leader", "2025-03-11", consent, SHIP),
        ("e2", "A", "talent", "2025-03-20", "full", SHIP),
    )
    assert evidence(TRIP, entries)["entry_id"].tolist() == ["e2"]
    assert evidence(TRIP, entries.head(1)).empty


def test_the_next_best_passage_is_shown_where_the_best_holds_an_open_finding():
    text = f"{SHIP}\n\n{FILLER} {FILLER}\n\n{SHIP}"
    entries = diary(("e1", "A", "leader", "2025-03-11", "full", text))
    best = evidence(TRIP, entries).loc[0]
    assert best["start"] == 0
    row = ("e1", 3, 8, 0.4, "place", "entries.text")
    doubt = pd.DataFrame([row], columns=NOTHING.columns)
    other = evidence(TRIP, mark(entries, doubt)).loc[0]
    assert other["start"] >= best["end"] and "Am Hafen" in other["text"]
    assert evidence(TRIP, mark(entries, doubt.assign(score=0.9))).empty


def test_diaries_that_did_not_pass_the_audit_are_refused():
    entries = diary(("e1", "A", "leader", "2025-03-11", "full", SHIP))
    with pytest.raises(ReflectError, match="did not pass the audit"):
        evidence(TRIP, entries.drop(columns="open_findings"))


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2025-03-07", False),
        ("2025-03-09", True),
        ("2025-03-17 23:00", True),
        ("2025-03-21", False),
    ],
)
def test_only_what_was_written_near_the_date(day, found):
    entries = diary(("e1", "A", "leader", day, "full", SHIP))
    assert len(evidence(TRIP, entries)) == found


def test_other_tandems_and_other_subjects_are_no_evidence():
    entries = diary(
        ("e1", "B", "leader", "2025-03-10", "full", SHIP),
        ("e2", "A", "talent", "2025-03-15", "full", "Unwohl, Zwiebel, Quark, Pilz, Xylophon."),
    )
    assert evidence(TRIP, entries).empty


def test_the_nearer_of_two_like_passages_wins():
    entries = diary(
        ("e1", "A", "leader", "2025-03-09", "full", SHIP),
        ("e2", "A", "leader", "2025-03-14", "full", SHIP),
        ("e3", "A", "leader", "2025-03-18", "full", SHIP),
    )
    table = evidence(TRIP, entries)
    assert table["entry_id"].tolist() == ["e2"]
    assert table["similarity"].between(0, 1.5).all()


def test_nothing_recorded_or_nothing_quotable_gives_an_empty_table():
    entries = diary(("e1", "A", "leader", "2025-03-10", "full", SHIP))
    assert evidence(TRIP.head(0), entries).columns.tolist() == EVIDENCE_COLUMNS
    assert evidence(TRIP, entries.head(0)).columns.tolist() == EVIDENCE_COLUMNS


def test_very_short_diaries_and_empty_descriptions_do_not_fail():
    entries = diary(("e1", "A", "leader", "2025-03-15", "full", "A."))
    unsaid = items(("v1", "A", "2025-03-10", "outing", ""))
    assert evidence(unsaid, entries).empty


def test_the_same_in_any_order():
    entries = diary(
        ("e1", "A", "leader", "2025-03-11", "full", SHIP),
        ("e2", "A", "leader", "2025-03-11", "full", SHIP),
        ("e3", "A", "talent", "2025-03-11", "full", f"{SHIP} {FILLER}"),
    )
    first = evidence(TRIP, entries)
    assert first["entry_id"].tolist()[0] == "e1"
    pd.testing.assert_frame_equal(evidence(TRIP, entries[::-1].reset_index(drop=True)), first)


PAST = "Bisher hielt ich ihn für faul, das habe ich allen so gesagt, laut und immer wieder."
MOVED = "Ich habe mich geirrt."
NOISE = "Unwohl, Zwiebel, Quark, Pilz, Xylophon."


@pytest.mark.parametrize(("day", "found"), [("2025-03-13", 1), ("2025-03-14", 0)])
def test_the_first_entry_soon_after_an_event_tells_of_it_in_whatever_words(day, found):
    entries = diary(("e1", "A", "leader", day, "full", NOISE))
    assert len(evidence(TRIP, entries)) == found
    assert len(evidence(TRIP.assign(what="outcome", side="leader"), entries)) == found
    # Of what the partner achieved it must be told in so many words.
    assert evidence(TRIP.assign(what="outcome", side="talent"), entries).empty


def test_of_an_entry_that_names_nothing_its_beginning_is_shown():
    text = f"{FILLER} {FILLER} {NOISE} {FILLER} {FILLER}"
    row = evidence(TRIP, diary(("e1", "A", "leader", "2025-03-11", "full", text))).loc[0]
    assert row["start"] == 0


@pytest.mark.parametrize(
    ("day", "word"),
    [
        ("2025-03-10", "Heute"),
        ("2025-03-11", "gestern"),
        ("2025-03-14", "am Montag"),
        ("2025-03-12", "on Monday"),
        ("2025-03-16", "am 10. März"),
    ],
)
def test_of_like_passages_the_one_that_names_the_day_goes_first(day, word):
    named = SHIP.replace("Am Hafen fuhren", f"{word} fuhren am Hafen")
    text = f"{FILLER} {SHIP}\n\n{FILLER} {named} {FILLER}"
    row = evidence(TRIP, diary(("e1", "A", "leader", day, "full", text))).loc[0]
    assert word in row["text"]


def test_beside_a_changed_view_stands_the_thought_that_says_so():
    text = f"{PAST} Ich habe mich geärgert.\n\n{PAST} {MOVED}"
    entries = diary(("e1", "A", "leader", "2025-03-10", "full", text))
    start = text.index(MOVED)
    found = pd.DataFrame([("e1", "revision", start, start + len(MOVED))])
    spans = found.set_axis(["entry_id", "marker", "start", "end"], axis=1)
    about = ("o1", "A", "2025-03-10", "perspective", "Rückblick")
    view = items(about, side="leader")
    assert evidence(view, entries).loc[0, "start"] == 0
    assert evidence(view, entries, spans).loc[0, "text"] == f"{PAST} {MOVED}"
    # It says nothing of other outcomes, nor does a marker of something else.
    assert evidence(view.assign(kind="skill"), entries, spans).loc[0, "start"] == 0
    other = spans.assign(marker="difficulty")
    assert evidence(view, entries, other).loc[0, "start"] == 0


def test_a_passage_stands_beside_two_items_only_where_no_other_tells_nearly_as_much():
    twice = pd.concat([TRIP, items(("v2", "A", "2025-03-10", "outing", "Segelboot im Hafen"))])
    entries = diary(
        ("e1", "A", "leader", "2025-03-10", "full", f"{SHIP} {FILLER}\n\n{SHIP} {FILLER}")
    )
    assert evidence(twice, entries)["start"].nunique() == 2
    entries = diary(("e1", "A", "leader", "2025-03-10", "full", f"{SHIP} {NOISE}\n\n{NOISE}"))
    shown = evidence(twice, entries)
    assert shown["item_id"].tolist() == ["v1", "v2"]
    assert shown["start"].tolist() == [0, 0] and shown["end"].nunique() == 1


def test_a_side_chooses_for_its_own_outcomes_before_the_partner_does():
    mine = items(("o1", "A", "2025-03-10", "skill", "Segelboot"), side="leader")
    yours = items(("o2", "A", "2025-03-09", "skill", "Ausfahrt im Hafen"), side="talent")
    entries = diary(("e1", "A", "leader", "2025-03-10", "full", SHIP))
    # The passage would stand beside the partner's outcome before it stands beside one's own.
    assert evidence(pd.concat([yours, mine]), entries)["item_id"].tolist() == ["o1"]


def test_a_passage_that_goes_through_the_week_gives_way_to_one_on_the_day():
    week = "Am Dienstag Regen, am Mittwoch Nebel, am Montag Segelboot, am Freitag gar nichts mehr."
    text = f"{week} {NOISE}\n\n{FILLER} {NOISE}\n\nDann das Segelboot, {FILLER} {NOISE}"
    row = evidence(TRIP, diary(("e1", "A", "leader", "2025-03-14", "full", text))).loc[0]
    assert "Dann das Segelboot" in row["text"]
