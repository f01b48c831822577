from __future__ import annotations

from datetime import datetime

import pytest

from reflect import Corpus
from reflect.errors import CorpusError, ImportFormatError
from reflect.intake import Person, Programme, Record, clean_text, gather

PEOPLE = [
    Person("x", 1, {"participant_id": "A", "tandem_id": "1", "side": "x"}),
    Person("x", 2, {"participant_id": "B", "tandem_id": "1", "side": "y", "consent": "no_quotes"}),
]


def record(row: int, who: str, day: int, text: str, **more: str) -> Record:
    return Record("x", row, who, datetime(2025, 3, day), text, **more)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("u\u0308ber", "über"),
        ("\ufeff a\x00\x07b \n", "ab"),
        ("\ud800", "?"),
        ("a\tb  c", "a\tb  c"),
    ],
)
def test_texts_are_cleaned_of_what_nobody_typed(raw, clean):
    assert clean_text(raw) == clean


def test_ids_are_given_by_date_around_those_that_are_taken(tmp_path):
    records = [
        record(1, "A", 9, "c"),
        record(2, "A", 3, "a", entry="A-001"),
        record(3, "A", 5, "b"),
    ]
    done = gather(records, PEOPLE, tmp_path / "c")
    assert (done.entries, done.participants, done.skipped) == (3, 2, 0)
    entries = Corpus.load(tmp_path / "c").entries
    assert list(zip(entries["entry_id"], entries["text"], strict=True)) == [
        ("A-001", "a"),
        ("A-002", "b"),
        ("A-003", "c"),
    ]


def test_the_same_entry_twice_comes_in_once(tmp_path):
    done = gather([record(1, "A", 3, "a"), record(2, "A", 3, "a")], PEOPLE, tmp_path / "c")
    assert (done.entries, done.skipped) == (1, 1)


def test_what_is_known_of_people_is_put_together(tmp_path):
    more = [Person("y", 1, {"participant_id": "A", "sector": "health"})]
    gather([record(1, "A", 3, "a")], [*more, *PEOPLE], tmp_path / "c")
    people = Corpus.load(tmp_path / "c").participants.set_index("participant_id")
    assert people.loc["A", ["tandem_id", "sector", "consent"]].tolist() == ["1", "health", "full"]
    assert people.loc["B", "consent"] == "no_quotes"


def test_a_withdrawal_is_not_undone_by_an_import(tmp_path):
    withdrawn = Person("x", 1, {**PEOPLE[0].cells, "consent": "withdrawn"})
    gather([record(1, "B", 3, "b")], [withdrawn, PEOPLE[1]], tmp_path / "c")
    again = Person("y", 7, {**PEOPLE[0].cells, "consent": "full"})
    with pytest.raises(CorpusError, match="y, row 7, column consent: A has another consent else"):
        gather([record(7, "A", 4, "a")], [again], tmp_path / "c", append=True)
    gather([record(7, "A", 4, "a")], [PEOPLE[0]], tmp_path / "c", append=True)
    assert Corpus.load(tmp_path / "c").entries["participant_id"].tolist() == ["B"]


def test_bad_settings_of_a_programme_write_nothing(tmp_path):
    for programme, message in [
        (Programme(sides=("x",)), "reflect.sides: a corpus has exactly two sides"),
        (Programme(languages=("fr",)), "reflect.languages: not a list of languages that reflect"),
        (Programme(start="3.3.2025"), 'start: not an ISO date .* Write "start": "2025-03-03".'),
        (Programme(start="2025-03-09"), "x, row 1, column date: before the programme started"),
    ]:
        with pytest.raises(CorpusError, match=message):
            gather([record(1, "A", 3, "a")], PEOPLE, tmp_path / "c", programme=programme)
    with pytest.raises(ImportFormatError, match="no entry with a text found"):
        gather([], PEOPLE, tmp_path / "c")
    assert list(tmp_path.iterdir()) == []
