"""CSV files outside a corpus: read as they are, refused with file and row, written whole."""

import os
from pathlib import Path

import pandas as pd
import pytest

from reflect.errors import ReflectError
from reflect.tables import read_codes, read_entries, write_table

SECRET = "Zaubernuss"


def sheet(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "entries.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("entry_id,text\ne1,Tee\n", [["e1", "Tee"]]),
        ("entry_id;text\r\ne1;Tee, Brot\r\n", [["e1", "Tee, Brot"]]),
        ("entry_id\ttext\ne1\tTee\n", [["e1", "Tee"]]),
        ("\ufeffentry_id,text\ne1,Tee\n", [["e1", "Tee"]]),
        ("entry_id,text\n e1 , Tee \n", [["e1", " Tee "]]),
        ("entry_id,text\ne1,Tee\n,\n\n", [["e1", "Tee"]]),
        ('entry_id,text\ne1,"Er: ""Ja""\nund ging."\n', [["e1", 'Er: "Ja"\nund ging.']]),
        ("entry_id,text\ne1,NA\ne2,\n", [["e1", "NA"], ["e2", ""]]),
        ("entry_id,text\n007,12\n", [["007", "12"]]),
        ("entry_id,text\ne1,Tür\n".encode("cp1252"), [["e1", "Tür"]]),
        ("entry_id,text\ne1,Tür\n".encode("utf-16"), [["e1", "Tür"]]),
    ],
)
def test_entries_are_read_from_what_spreadsheets_write(tmp_path, text, rows):
    assert read_entries(sheet(tmp_path, text)).to_numpy().tolist() == rows


def test_columns_keep_their_order_and_lose_their_spaces(tmp_path):
    table = read_entries(sheet(tmp_path, "mood, text ,entry_id\ngut,Tee,e1\n"))
    assert table.columns.tolist() == ["mood", "text", "entry_id"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            f"entry_id,body\ne1,{SECRET}\n",
            "{path}, row 1: column text is missing. Name one column text",
        ),
        (
            f"id,text\ne1,{SECRET}\n",
            "{path}, row 1: column entry_id is missing. Name one column entry_id",
        ),
        (
            f"entry_id,text,text\ne1,{SECRET},b\n",
            "{path}, row 1: column text is there twice. Name one column text",
        ),
        (
            f"entry_id,text\ne1,{SECRET}\n\ne1,{SECRET}\n",
            "{path}, row 4, column entry_id: 'e1' stands in row 2 already. "
            "Give each entry its own id",
        ),
        (
            f"entry_id,text\n ,{SECRET}\n",
            "{path}, row 2, column entry_id: empty. Give it an id",
        ),
        (
            f"entry_id,text\ne1,{SECRET}, ja\n",
            "{path}, row 2: 3 cells under 2 columns. "
            "Put quotation marks around texts that hold a separator",
        ),
        (
            f"entry_id,text,mood\ne1,{SECRET}\n",
            "{path}, row 2: 2 cells under 3 columns. "
            "Put quotation marks around texts that hold a separator",
        ),
    ],
)
def test_faults_name_file_row_and_remedy_and_no_text(tmp_path, text, message):
    path = sheet(tmp_path, text)
    with pytest.raises(ReflectError, match="row") as fault:
        read_entries(path)
    assert str(fault.value) == message.format(path=path)
    assert SECRET not in str(fault.value)


def test_a_missing_file_is_one_line(tmp_path):
    path = tmp_path / "none.csv"
    with pytest.raises(ReflectError, match=r"none\.csv: cannot be read\. Check the name"):
        read_entries(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04\x00\x00zip", b"\x00\x01\x02\xff"])
def test_what_is_no_table_is_refused(tmp_path, content):
    with pytest.raises(ReflectError, match=r"entries\.csv") as fault:
        read_entries(sheet(tmp_path, content))
    assert "\n" not in str(fault.value)


def test_writing_makes_the_folder_and_ends_lines_alike(tmp_path):
    path = tmp_path / "new" / "out.csv"
    write_table(pd.DataFrame({"a": ["x\ny"], "b": [1]}), path)
    assert path.read_bytes() == b'a,b\n"x\ny",1\n'
    assert [entry.name for entry in path.parent.iterdir()] == ["out.csv"]


def test_a_place_that_is_no_folder_is_one_line_and_stays(tmp_path):
    blocker = tmp_path / "file"
    blocker.write_text("here")
    with pytest.raises(ReflectError, match=r"out\.csv: cannot be written \(.*\)\. Name another$"):
        write_table(pd.DataFrame({"a": [1]}), blocker / "out.csv")
    assert blocker.read_text() == "here"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_without_the_right_to_write_nothing_is_left(tmp_path):
    place = tmp_path / "locked"
    place.mkdir()
    place.chmod(0o500)
    with pytest.raises(ReflectError, match="cannot be written"):
        write_table(pd.DataFrame({"a": [1]}), place / "out.csv")
    assert not list(place.iterdir())


def test_a_failed_write_leaves_the_old_file_whole(tmp_path, monkeypatch):
    path = tmp_path / "out.csv"
    path.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ReflectError, match="No space left on device"):
        write_table(pd.DataFrame({"a": [1]}), path)
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.csv"]


def test_codes_keep_their_text_and_get_numbers_for_offsets(tmp_path):
    table = read_codes(
        sheet(tmp_path, "entry_id,marker,start,end\n007,insight,0,12\n007,advice,3,4\n")
    )
    assert table["entry_id"].tolist() == ["007", "007"]
    assert table[["start", "end"]].to_numpy().tolist() == [[0, 12], [3, 4]]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("e1,joy,0,5", "row 2, column marker: unknown"),
        ("e1,insight,5,5", "row 2: start and end are no span"),
        ("e1,insight,-1,5", "row 2: start and end are no span"),
        ("e1,insight,0.5,5", "row 2: start and end are no span"),
        ("e1,insight,a,5", "row 2: start and end are no span"),
        (",insight,0,5", "row 2, column entry_id: empty"),
    ],
)
def test_faulty_codes_are_named_by_row(tmp_path, row, message):
    with pytest.raises(ReflectError, match=message):
        read_codes(sheet(tmp_path, f"entry_id,marker,start,end\n{row}\n"))
