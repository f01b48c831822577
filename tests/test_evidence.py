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


def items(*rows: tuple[str, str, str, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["item_id", "tandem_id", "date", "kind", "description"])
    return table.assign(date=pd.to_datetime(table["date"]))


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
    text = f"{SHIP} {FILLER} {FILLER} {SHIP}"
    entries = diary(("e1", "A", "leader", "2025-03-11", "full", text))
    best = evidence(TRIP, entries).loc[0, "start"]
    row = ("e1", best + 3, best + 8, 0.4, "place", "entries.text")
    doubt = pd.DataFrame([row], columns=NOTHING.columns)
    other = evidence(TRIP, mark(entries, doubt)).loc[0]
    assert other["end"] <= best and other["text"].startswith("Am Hafen")
    assert evidence(TRIP, mark(entries, doubt.assign(score=0.9))).empty


def test_diaries_that_did_not_pass_the_audit_are_refused():
    entries = diary(("e1", "A", "leader", "2025-03-11", "full", SHIP))
    with pytest.raises(ReflectError, match="did not pass the audit"):
        evidence(TRIP, entries.drop(columns="open_findings"))


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2025-03-07", False),
        ("2025-03-08", True),
        ("2025-03-20 23:00", True),
        ("2025-03-21", False),
    ],
)
def test_only_what_was_written_near_the_date(day, found):
    entries = diary(("e1", "A", "leader", day, "full", SHIP))
    assert len(evidence(TRIP, entries)) == found


def test_other_tandems_and_other_subjects_are_no_evidence():
    entries = diary(
        ("e1", "B", "leader", "2025-03-10", "full", SHIP),
        ("e2", "A", "talent", "2025-03-10", "full", "Unwohl, Zwiebel, Quark, Pilz, Xylophon."),
    )
    assert evidence(TRIP, entries).empty


def test_the_nearer_of_two_like_passages_wins():
    entries = diary(
        ("e1", "A", "leader", "2025-03-08", "full", SHIP),
        ("e2", "A", "leader", "2025-03-10", "full", SHIP),
    )
    table = evidence(TRIP, entries)
    assert table["entry_id"].tolist() == ["e2"]
    assert table["similarity"].between(0, 1.5).all()


def test_nothing_recorded_or_nothing_quotable_gives_an_empty_table():
    entries = diary(("e1", "A", "leader", "2025-03-10", "full", SHIP))
    assert evidence(TRIP.head(0), entries).columns.tolist() == EVIDENCE_COLUMNS
    assert evidence(TRIP, entries.head(0)).columns.tolist() == EVIDENCE_COLUMNS


def test_very_short_diaries_and_empty_descriptions_do_not_fail():
    entries = diary(("e1", "A", "leader", "2025-03-10", "full", "A."))
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
