from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect.sheets import SheetError, decode, read_sheet, sheet_text, sniff_separator

TEXT = "id,text\n1,Grüße aus „Köln“\n"


@pytest.mark.parametrize(
    ("data", "encoding", "bom"),
    [
        (TEXT.encode(), "utf-8", False),
        (TEXT.encode("utf-8-sig"), "utf-8", True),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le", True),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be", True),
        (TEXT.encode("utf-16-le"), "utf-16-le", False),
        (TEXT.encode("cp1252"), "cp1252", False),
        (TEXT.encode("mac_roman"), "mac_roman", False),
    ],
)
def test_encodings_are_found_out(data, encoding, bom):
    assert decode(data) == (TEXT, encoding, bom)


@pytest.mark.parametrize("data", [b"PK\x03\x04\0\0\0\0", b"\0\1\2\3" * 9, b"\x07", b"\xff\xfea"])
def test_what_is_no_text_is_refused(data):
    with pytest.raises(SheetError, match="binary"):
        decode(data)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_separators_are_found_out(mark, tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(mark.join(["id", "text"]) + "\n" + mark.join(["1", '"a, b; c"']) + "\n")
    sheet = read_sheet(path)
    assert (sheet.separator, sheet.header) == (mark, ["id", "text"])
    assert sheet.rows == [(2, ["1", "a, b; c"])]
    assert sniff_separator("one column") == ","


def test_an_open_quotation_mark_does_not_swallow_the_table(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text('id,text\n1,ok\n2,"open\n3,x\n')
    with pytest.raises(SheetError, match="quote, row 3"):
        read_sheet(path)


CELL = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs", "Cc"]) | st.just("\n")
)


@given(st.lists(st.tuples(CELL, CELL), max_size=5))
def test_written_tables_read_back(rows):
    text = sheet_text(["a", "b"], rows)
    assert [tuple(row) for row in csv.reader(io.StringIO(text, newline=""))][1:] == rows


def test_a_lone_carriage_return_keeps_its_length_and_its_row():
    assert sheet_text(["a"], [["x\ry"], ["x\r\ny"]]) == 'a\n"x\ny"\n"x\r\ny"\n'
