from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from reflect.errors import ImportFormatError
from reflect.spreadsheets import column_places, read_people, table_rows


def test_rows_keep_the_numbers_a_spreadsheet_shows(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text('\na;b\n"1\n2"; x \n;;\n3\n', encoding="utf-8")
    assert table_rows(path) == (["a", "b"], [(3, ["1\n2", "x"]), (5, ["3", ""])])


def test_a_workbook_may_begin_below_its_first_row(tmp_path):
    book = openpyxl.Workbook()
    book.active["B3"], book.active["C3"] = "a", "b"
    book.active["B5"], book.active["C5"] = 2.5, True
    book.save(tmp_path / "x.xlsx")
    header, rows = table_rows(tmp_path / "x.xlsx")
    assert (header, rows) == (["", "a", "b"], [(5, ["", "2.5", "True"])])


@pytest.mark.parametrize(
    ("header", "places"),
    [
        (["entry_id", "participant_id", "date", "text"], [1, 2, 3]),
        (["Datum", "Autor", "Eintrag"], [1, 0, 2]),
        (["Text", "Entry ID", "Date", "Participant"], [3, 2, 0]),
    ],
)
def test_usual_names_of_columns_are_known(header, places):
    found = column_places(Path("x.csv"), header, {}, ("participant_id", "date", "text"))
    assert [found[name] for name in ("participant_id", "date", "text")] == places


def test_a_column_named_by_the_user_wins():
    header = ["text", "Notiz", "date", "person"]
    found = column_places(Path("x.csv"), header, {"text": "Notiz"}, ("text",))
    assert found["text"] == 1


def test_people_need_tandem_and_side(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Person,Paar,Rolle,gender\nA,1,x,f\n,,,\n")
    assert [person.cells for person in read_people(path)] == [
        {"participant_id": "A", "tandem_id": "1", "side": "x", "gender": "f"}
    ]
    path.write_text("Person,Paar\nA,1\n")
    with pytest.raises(ImportFormatError, match="people.csv: no column for side. Name it with"):
        read_people(path)
    assert read_people(None) == []
