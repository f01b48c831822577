"""Sheets out and in: blinded, harmless, and every fault named."""

import openpyxl
import pandas as pd
import pytest

from reflect.coding.sample import draw_sample
from reflect.coding.sheets import read_sheets, write_sheets
from reflect.errors import ReflectError


@pytest.fixture
def sample(diary, spans):
    return draw_sample(diary, spans, size=30, positives=1)


def fill(path, marks: dict[int, dict[str, str]]):
    """Marks by row (0 is the first sentence)."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    header = [cell.value for cell in page[1]]
    for row, given in marks.items():
        for marker, value in given.items():
            page.cell(row + 3, header.index(marker) + 1).value = value
    book.save(path)
    return path


def test_marks_come_back_with_their_places(sample, diary, tmp_path):
    path = write_sheets(sample, diary, tmp_path / "a.xlsx", language="de")
    fill(path, {0: {"insight": "x", "learning": "mutual", "note": "hm"}, 1: {"none": "X"}})
    codes = read_sheets(path, sample, "anna")
    assert codes["marker"].tolist() == ["insight", "learning", "none"]
    assert codes["direction"].tolist() == ["", "mutual", ""]
    assert codes["note"].tolist() == ["hm", "hm", ""]
    assert codes["start"].tolist() == sample["start"].iloc[[0, 0, 1]].tolist()
    assert set(codes["coder_id"]) == {"anna"}


def test_blank_rows_were_not_read(sample, diary, tmp_path):
    path = write_sheets(sample, diary, tmp_path / "a.xlsx")
    assert read_sheets(path, sample, "anna").empty


def test_rows_may_be_sorted_and_taken_out(sample, diary, tmp_path):
    path = fill(
        write_sheets(sample, diary, tmp_path / "a.xlsx"), {0: {"none": "x"}, 5: {"none": "x"}}
    )
    book = openpyxl.load_workbook(path)
    book.worksheets[0].delete_rows(4, 3)
    book.save(path)
    assert len(read_sheets(path, sample, "a")) == 2


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_blinded_sheet_has_neither_side_nor_date_nor_hits(sample, diary, tmp_path, ending):
    path = write_sheets(sample, diary, tmp_path / f"a.{ending}", blind=True)
    if ending == "csv":
        text = path.read_text("utf-8-sig")
    else:
        book = openpyxl.load_workbook(path)
        text = "\n".join(str(c.value) for row in book.worksheets[0].rows for c in row)
    for word in ("leader", "talent", "2025-", "early", "T01"):
        assert word not in text


def test_the_codebook_is_the_second_sheet_and_cells_have_lists(sample, diary, tmp_path):
    book = openpyxl.load_workbook(write_sheets(sample, diary, tmp_path / "a.xlsx", language="de"))
    assert book.sheetnames == ["Codes", "Codebuch"]
    assert book.worksheets[1].max_row == 2 + 14 + 1
    lists = {rule.formula1 for rule in book.worksheets[0].data_validations.dataValidation}
    assert '"x"' in lists
    assert '"received,given,mutual,received_other"' in lists


def test_a_sentence_that_looks_like_a_formula_stays_a_sentence(tmp_path):
    diary = pd.DataFrame({"entry_id": ["e"], "text": ["=1+1 war es."]})
    sample = pd.DataFrame(
        {"unit_id": ["u1"], "entry_id": ["e"], "start": [0], "end": [12], "text": ["=1+1 war es."]}
    )
    book = openpyxl.load_workbook(write_sheets(sample, diary, tmp_path / "a.xlsx"))
    cell = book.worksheets[0]["C3"]
    assert (cell.data_type, cell.value) == ("s", "=1+1 war es.")
    text = write_sheets(sample, diary, tmp_path / "a.csv").read_text("utf-8-sig")
    assert "'=1+1 war es." in text


@pytest.mark.parametrize(
    ("marks", "message"),
    [
        ({"insight": "vielleicht"}, "row 3, column insight: 'vielleicht' is no mark"),
        ({"learning": "sideways"}, "row 3, column learning: 'sideways' is no direction"),
        ({"insight": "x", "none": "x"}, "row 3: a family and none at once"),
        ({"unit_id": "u99999"}, "row 3: sentence 'u99999' is not in the sample"),
        ({"unit_id": "u00002"}, "row 4: sentence u00002 stands in row 3, too"),
    ],
)
def test_faults_are_named_by_row(sample, diary, tmp_path, marks, message):
    path = fill(write_sheets(sample, diary, tmp_path / "a.xlsx"), {0: marks})
    with pytest.raises(ReflectError, match=message):
        read_sheets(path, sample, "anna")


def test_another_workbook_is_refused(sample, tmp_path):
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(ReflectError, match="a.xlsx"):
        read_sheets(tmp_path / "a.xlsx", sample, "anna")


def test_another_ending_is_refused(sample, diary, tmp_path):
    with pytest.raises(ReflectError, match="neither .xlsx nor .csv"):
        write_sheets(sample, diary, tmp_path / "a.ods")
