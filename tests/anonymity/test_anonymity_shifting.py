"""Dates of a tandem move by the same weeks, also where they stand in its texts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reflect.anonymity.edits import Edit, apply_edits
from reflect.anonymity.pseudonyms import pseudonymise
from reflect.anonymity.restoration import restore
from reflect.anonymity.shifting import draw_shifts, moved_dates
from reflect.corpus import Corpus

DAY = date(2025, 3, 15)


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("2025-03-12", "2025-04-02"),
        ("12.3.2025", "2.4.2025"),
        ("12.03.25", "02.04.25"),
        ("am 12.3. war", "am 2.4. war"),
        ("12. März", "2. April"),
        ("den 12. märz 2025", "den 2. april 2025"),
        ("12. Mrz.", "2. Apr."),
        ("March 12", "April 2"),
        ("March 12th, 2025", "April 2nd, 2025"),
        ("the 12th of March", "the 2nd of April"),
        ("20 December 2024", "10 January 2025"),
        ("20. Dez.", "10. Jan."),
        ("May 5", "May 26"),
    ],
)
def test_dates_are_written_as_before(text: str, moved: str) -> None:
    assert apply_edits(text, moved_dates(text, DAY, 21)[0])[0] == moved


@pytest.mark.parametrize(
    "text",
    [
        "um 14.30 Uhr",
        "Version 3.5.2",
        "Note 3.5.",
        "12,50 Euro",
        "29.2.2025",
        "geboren am 12.3.1999",
        "12. Mann",
        "IP 10.3.20.4",
        "may 5 people",
    ],
)
def test_what_is_no_date_near_the_entry_stays(text: str) -> None:
    assert moved_dates(text, DAY, 21)[0] == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("zu Ostern", 1),
        ("03/04/2025", 1),
        ("we march on", 0),
        ("August kam", 1),
        ("seit Mai 1999", 1),
        ("vom 3. bis 5. Mai", 1),
        ("seit 2015", 0),
    ],
)
def test_what_cannot_be_moved_is_counted(text: str, left: int) -> None:
    assert moved_dates(text, DAY, 21)[1] == left


def test_what_is_replaced_already_is_not_moved_as_well() -> None:
    assert moved_dates("am 12. März", DAY, 21, [Edit(3, 11, "[X]")]) == ([], 0)


def test_a_shift_is_drawn_for_each_tandem_once() -> None:
    shifts = draw_shifts(["B", "A", "B"])
    assert list(shifts) == ["A", "B"]
    assert all(days and days % 7 == 0 for days in shifts.values())


ENTRIES = (
    "entry_id,participant_id,date,text,language,prompt,note\n"
    "e1,A-L,2025-03-03,Am 5. März mit Olena Boyko.,de,Was war am 5.3.2025?,bei Olena Boyko\n"
    "e2,A-T,2025-03-12,Seit dem 5. März ruhig.,de,,\n"
)
EVENTS = "event_id,tandem_id,date,kind,description\ne1,A,2025-03-05,kickoff,Tee mit Olena Boyko\n"
PEOPLE = (
    "participant_id,tandem_id,side,consent,remark\n"
    "A-L,A,leader,full,Olena Boyko\nA-T,A,talent,full,0664 1234567\n"
)


def test_all_texts_of_a_corpus_are_covered_and_come_back(build_corpus, tmp_path: Path) -> None:
    tables = {"entries": ENTRIES, "events": EVENTS, "participants": PEOPLE}
    source = build_corpus("source", **tables, outcomes=None, codes=None)
    copy, key = tmp_path / "copy", tmp_path / "key.json"
    done = pseudonymise(Corpus.load(source), copy, key, shift_dates=True)
    written = "".join(path.read_text("utf-8") for path in copy.glob("*.csv"))
    assert "Olena" not in written and "Boyko" not in written and "0664" not in written
    loaded = Corpus.load(copy)
    days = (loaded.entries["date"] - Corpus.load(source).entries["date"]).dt.days
    assert days.nunique() == 1
    new = date(2025, 3, 5).toordinal() + int(days[0])
    told = date.fromordinal(new)
    assert f"{told.day}.{told.month}.{told.year}" in loaded.entries["prompt"].iloc[0]
    assert loaded.entries["text"].str.contains(rf"\b{told.day}\. ").all()
    assert done.loc[done["kind"] == "date", "mentions"].tolist() == [3]
    restore(copy, tmp_path / "back", key)
    for name in ("entries", "events", "participants"):
        file = f"{name}.csv"
        assert (tmp_path / "back" / file).read_bytes() == (source / file).read_bytes()


@pytest.mark.parametrize(
    ("text", "days", "moved"),
    [
        ("Im März 2025 fing es an.", 21, "Im April 2025 fing es an."),
        ("Im März 2025 fing es an.", 14, "Im März 2025 fing es an."),
        ("Ende Dezember 2024 und Anfang Januar.", 21, "Ende Januar 2025 und Anfang Februar."),
        ("seit Mai, August kam auch", -21, "seit April, August kam auch"),
        ("In March 2025 and since May.", 28, "In April 2025 and since June."),
        ("It may rain in May.", -28, "It may rain in April."),
    ],
)
def test_a_month_without_a_day_moves_as_its_middle(text: str, days: int, moved: str) -> None:
    edits, _ = moved_dates(text, date(2025, 4, 2), days)
    assert apply_edits(text, edits)[0] == moved


def test_a_month_that_stays_is_not_counted_as_left() -> None:
    assert moved_dates("im März", date(2025, 4, 2), 14) == ([], 0)
