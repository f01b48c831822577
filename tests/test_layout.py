from __future__ import annotations

import pytest

from reflect.layout import bare, is_idle, read_layout, spreadsheet_letter
from reflect.schemas import PARTICIPANTS, TABLES, resources, shown


@pytest.mark.parametrize(("place", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_columns_are_called_as_in_a_spreadsheet(place, letter):
    assert spreadsheet_letter(place) == letter


@pytest.mark.parametrize("cell", ["T1", " T1\t", "\u00a0T1", "\ufeffT1\u200b", " \u200b T1"])
def test_invisible_marks_are_bared(cell):
    assert bare(cell) == "T1"


@pytest.mark.parametrize(
    ("cells", "idle"),
    [([], True), (["", " "], True), (["0", "1", "2"], True), (["1", "2"], False), (["x"], False)],
)
def test_a_column_is_idle_when_it_says_nothing(cells, idle):
    assert is_idle(cells) is idle


def test_a_layout_keeps_the_rows_of_the_file(tmp_path):
    (tmp_path / "participants.csv").write_text(
        "participant_id,tandem_id,side\n\nA,1,x\nB\nC,1,y,,\n", encoding="utf-8"
    )
    layout = read_layout(tmp_path, PARTICIPANTS, "fix")
    assert layout.frame["participant_id"].to_dict() == {3: "A", 5: "C"}
    assert layout.slipped == {"B"}
    assert [(fault.row, fault.problem) for fault in layout.faults] == [
        (4, "1 cells, but the header has 3"),
        (2, "a blank row"),
    ]


@pytest.mark.parametrize(
    ("value", "visible"),
    [
        ("T01-L", "T01-L"),
        ("3. März 2025", "3. März 2025"),
        ("", ""),
        ("Ich ging", ""),
        ("x" * 31, ""),
        ("a\nb", ""),
        ("3 Menschen kamen heute noch", ""),
    ],
)
def test_only_what_is_no_sentence_is_shown(value, visible):
    assert shown(value) == visible


def test_every_key_of_a_resource_is_one_of_its_columns():
    for resource in resources({name: table.names for name, table in TABLES.items()}):
        fields = {field["name"] for field in resource["schema"]["fields"]}
        assert resource["schema"].get("primaryKey", "marker") in fields
        for key in resource["schema"].get("foreignKeys", []):
            assert key["fields"] in fields
