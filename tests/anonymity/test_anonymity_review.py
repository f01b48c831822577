"""Review sheets, remembered decisions, the gate."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from reflect.anonymity.audit import audit
from reflect.anonymity.decisions import Decisions
from reflect.anonymity.review import (
    highlight,
    read_decisions,
    review_sheet,
    safe_cell,
    write_sheet,
)
from reflect.corpus import Corpus
from reflect.errors import ReflectError

ENTRIES = (
    "entry_id,participant_id,date,text,language\n"
    "e1,A-L,2025-03-03,Heute lachte Olena. Dann Regen und Tee.,de\n"
    "e2,A-T,2025-03-12,Wir gingen am Nachmittag nach Hause.,de\n"
    "e3,B-L,2025-04-14,Frau Amiri kam. Olena kam auch.,de\n"
    "e4,B-T,2025-05-25,Heute war alles ruhig.,de\n"
)


@pytest.fixture
def corpus(build_corpus) -> Corpus:
    return Corpus.load(build_corpus(entries=ENTRIES))


def test_sheet_asks_once_for_the_same_words(corpus: Corpus) -> None:
    sheet = review_sheet(audit(corpus), corpus, Decisions("s"))
    olena = sheet[sheet["text"] == "Olena"]
    assert len(olena) == 1 and olena["times"].iloc[0] == 2
    assert "»Olena«" in olena["context"].iloc[0]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_decisions_come_back_and_are_never_asked_again(
    corpus: Corpus, tmp_path: Path, ending: str
) -> None:
    found = audit(corpus)
    sheet = review_sheet(found, corpus, Decisions.load(corpus.path))
    sheet["decision"] = ["accept" if text == "Amiri" else "reject" for text in sheet["text"]]
    path = tmp_path / f"sheet.{ending}"
    write_sheet(sheet, path)
    decisions = Decisions.load(corpus.path)
    assert read_decisions(path, decisions) == len(sheet)
    decisions.save(corpus.path)
    again = Decisions.load(corpus.path)
    assert review_sheet(found, corpus, again).empty
    assert set(again.open(found, 0.5)["text"]) == {"Amiri"}


def test_no_name_stands_in_the_remembered_decisions(corpus: Corpus) -> None:
    decisions = Decisions.load(corpus.path)
    decisions.decide("person", "Olena", "reject")
    decisions.save(corpus.path)
    assert "Olena" not in (corpus.path / "decisions.json").read_text()
    assert Decisions.load(corpus.path).of("person", "Olena") == "reject"


def test_a_word_that_is_no_decision_is_named_by_its_row(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("decision,kind,text\nmaybe,person,Olena\n")
    with pytest.raises(ReflectError, match="row 2, column decision") as fault:
        read_decisions(path, Decisions("s"))
    assert "Olena" not in str(fault.value)


def test_a_damaged_memory_is_named(corpus: Corpus) -> None:
    (corpus.path / "decisions.json").write_text("[")
    with pytest.raises(ReflectError, match="is damaged"):
        Decisions.load(corpus.path)


@pytest.mark.parametrize("cell", ["=1+1", "+43 664", "-1", "@name", "\tx", "\rx"])
def test_no_spreadsheet_runs_a_cell(cell: str) -> None:
    assert safe_cell(cell) == "'" + cell


def test_formulas_are_text_in_a_workbook_and_come_back(tmp_path: Path) -> None:
    import openpyxl

    row = {"decision": "reject", "kind": "phone", "text": "+43 664 1234567"}
    path = tmp_path / "sheet.xlsx"
    write_sheet(pd.DataFrame([row]), path)
    assert openpyxl.load_workbook(path).active["C2"].data_type == "s"
    decisions = Decisions("s")
    read_decisions(path, decisions)
    assert decisions.of("phone", "+43 664 1234567") == "reject"


def test_other_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReflectError, match="must be .csv or .xlsx"):
        write_sheet(pd.DataFrame({"text": []}), tmp_path / "sheet.ods")


def test_highlighting_escapes_html() -> None:
    text = "<b>Olena</b> & <script>"
    found = pd.DataFrame(
        [(3, 8, "person", 0.9, "names:<x>")],
        columns=["start", "end", "kind", "score", "recogniser"],
    )
    shown = highlight(text, found)
    assert "<script>" not in shown and "<b>" not in shown and ">Olena</mark>" in shown
    assert "&lt;x&gt;" in shown
