from __future__ import annotations

import subprocess
import sys

import pytest
from tiny import TINY_TABLES

from reflect.errors import fault_lines
from reflect.validation import faults

PEOPLE, ENTRIES = TINY_TABLES["participants"], TINY_TABLES["entries"]
CODES, EVENTS, OUTCOMES = (TINY_TABLES[name] for name in ("codes", "events", "outcomes"))
FIX = "Run `reflect check {} --fix`"


def with_column(text: str, title: str, cells: str, front: bool = False) -> str:
    header, *rows = text.splitlines()
    added = [cells.format(number=number) for number in range(len(rows))]
    lines = zip([title, *added], [header, *rows], strict=True)
    return "".join(f"{new},{old}\n" if front else f"{old},{new}\n" for new, old in lines)


CASES = {
    "unknown participant": (
        {"entries": ENTRIES.replace("B-L,2025", "B-X,2025")},
        "entries.csv, row 4, column participant_id: not in participants.csv ('B-X'). "
        "Correct it (B-T?) or add it to participants.csv.",
    ),
    "third side": (
        {"participants": PEOPLE.replace("B,talent", "B,coach")},
        "participants.csv, row 5, column side: not one of the two sides ('coach'). "
        "Write leader or talent, the sides named in datapackage.json.",
    ),
    "tandem of one": (
        {"participants": PEOPLE + "C-L,C,leader,full,\n"},
        "participants.csv, row 6, column tandem_id: a tandem of one person ('C'). "
        "Add the other person (consent withdrawn if they left), or correct tandem_id.",
    ),
    "tandem of three": (
        {"participants": PEOPLE + "B-U,B,talent,full,\n"},
        "participants.csv, row 4, column tandem_id: a tandem of 3 people ('B'). "
        "A tandem has one person on each side: correct tandem_id.",
    ),
    "two on one side": (
        {"participants": PEOPLE.replace("B,talent", "B,leader")},
        "participants.csv, row 4, column tandem_id: both people are on side leader ('B'). "
        "Correct the side of one of them, or tandem_id.",
    ),
    "before the start": (
        {"entries": ENTRIES.replace("2025-03-03", "2025-03-02")},
        "entries.csv, row 2, column date: before the programme started on 2025-03-03 "
        "('2025-03-02'). Correct the date, or start in datapackage.json.",
    ),
    "after the end": (
        {"entries": ENTRIES.replace("2025-05-25", "2025-05-26T10:00")},
        "entries.csv, row 5, column date: after the programme ended on 2025-05-25 "
        "('2025-05-26T10:00'). Correct the date, or end in datapackage.json.",
    ),
    "duplicate id": (
        {"entries": ENTRIES.replace("e2,", "e1,")},
        "entries.csv, row 3, column entry_id: the id stands in row 2 already ('e1'). "
        "Give each row an id of its own, or delete the row if it is there twice.",
    ),
    "empty text": (
        {"entries": ENTRIES.replace("We walked home.", " ")},
        "entries.csv, row 3, column text: empty. Write the text or delete the row.",
    ),
    "empty side": (
        {"participants": PEOPLE.replace("B,talent", "B,")},
        "participants.csv, row 5, column side: empty. "
        "Write it: one of the two sides named in datapackage.json.",
    ),
    "no such day": (
        {"entries": ENTRIES.replace("2025-04-14", "2025-04-31")},
        "entries.csv, row 4, column date: not a date ('2025-04-31'). "
        "Write it as YYYY-MM-DD, such as 2025-03-31.",
    ),
    "no day": (
        {"entries": ENTRIES.replace("2025-04-14", "")},
        "entries.csv, row 4, column date: empty. Write it as YYYY-MM-DD.",
    ),
    "German date": (
        {"entries": ENTRIES.replace("2025-04-14", "14.04.2025")},
        "entries.csv, row 4, column date: not an ISO date ('14.04.2025'). Write 2025-04-14 "
        "(format the column as Text first), or run `reflect check {} --fix`.",
    ),
    "slashes": (
        {"entries": ENTRIES.replace("2025-04-14", "3/3/25")},
        "entries.csv, row 4, column date: not an ISO date ('3/3/25'). Write 2025-03-03 "
        "(format the column as Text first), or run `reflect check {} --fix`.",
    ),
    "ambiguous slashes": (
        {"entries": ENTRIES.replace("2025-04-14", "3/4/25")},
        "entries.csv, row 4, column date: not an ISO date, and ambiguous ('3/4/25'). "
        "Write 2025-04-03 or 2025-03-04.",
    ),
    "Excel serial": (
        {"entries": ENTRIES.replace("2025-04-14", "45719")},
        "entries.csv, row 4, column date: Excel's number for a day ('45719'). Write 2025-03-03 "
        "(format the column as Text first), or run `reflect check {} --fix`.",
    ),
    "code before the text": (
        {"codes": CODES.replace("5,15", "-1,15")},
        "codes.csv, row 2, column start: before the text ('-1'). "
        "The first character of a text has offset 0.",
    ),
    "code behind the text": (
        {"codes": CODES.replace("5,15", "5,17")},
        "codes.csv, row 2, column end: outside the text, which has 16 characters ('17'). "
        "Correct start and end, or take the code from the present text again.",
    ),
    "code without length": (
        {"codes": CODES.replace("5,15", "5,5")},
        "codes.csv, row 2, column end: not behind start, which is 5 ('5'). "
        "end is the offset behind the last character of the span.",
    ),
    "code no number": (
        {"codes": CODES.replace("5,15", "five,15")},
        "codes.csv, row 2, column start: not a whole number ('five'). "
        "Count characters of the text from 0.",
    ),
    "code of unknown entry": (
        {"codes": CODES.replace("e1", "x9")},
        "codes.csv, row 2, column entry_id: not in entries.csv ('x9'). "
        "Correct it or add it to entries.csv.",
    ),
    "event of unknown tandem": (
        {"events": EVENTS.replace("v1,A", "v1,Z")},
        "events.csv, row 2, column tandem_id: not in participants.csv ('Z'). "
        "Correct it or add it to participants.csv.",
    ),
    "outcome of unknown participant": (
        {"outcomes": OUTCOMES.replace("B-T", "BT")},
        "outcomes.csv, row 2, column participant_id: not in participants.csv ('BT'). "
        "Correct it (B-T?) or add it to participants.csv.",
    ),
    "unknown consent": (
        {"participants": PEOPLE.replace("no_quotes", "maybe")},
        "participants.csv, row 3, column consent: unknown consent ('maybe'). "
        "Write full, no_quotes or withdrawn.",
    ),
    "UTF-16": (
        {"entries": ENTRIES.encode("utf-16")},
        "entries.csv: written in UTF-16, not in UTF-8. "
        + FIX
        + ', or in Excel save as "CSV UTF-8".',
    ),
    "Latin-1": (
        {"entries": ENTRIES.replace("Tee", "Käs").encode("latin-1")},
        "entries.csv: written in Windows-1252 (Latin-1), not in UTF-8. "
        + FIX
        + ', or in Excel save as "CSV UTF-8".',
    ),
    "Mac Roman": (
        {"entries": ENTRIES.replace("Tee", "Käs").encode("mac_roman")},
        "entries.csv: written in Mac Roman, not in UTF-8. "
        + FIX
        + ', or in Excel save as "CSV UTF-8".',
    ),
    "byte order mark": (
        {"entries": b"\xef\xbb\xbf" + ENTRIES.encode()},
        f"entries.csv: begins with a byte order mark, as Excel writes it. {FIX}.",
    ),
    "semicolons": (
        {"participants": PEOPLE.replace(",", ";")},
        f"participants.csv: cells are separated by a semicolon, not a comma. {FIX}.",
    ),
    "tabs": (
        {"participants": PEOPLE.replace(",", "\t")},
        f"participants.csv: cells are separated by a tab, not a comma. {FIX}.",
    ),
    "blank rows": (
        {"participants": PEOPLE + ",,,,\n,,,,\n"},
        f"participants.csv, row 6: 2 blank rows, this is the first. {FIX}, "
        "or delete the whole row.",
    ),
    "blank row above the header": (
        {"participants": "\n" + PEOPLE},
        f"participants.csv, row 1: a blank row. {FIX}, or delete the whole row.",
    ),
    "blank column": (
        {"participants": with_column(PEOPLE, "Unnamed: 5", "")},
        f"participants.csv, row 1, column F: an empty column. {FIX}, or delete it.",
    ),
    "pandas index": (
        {"participants": with_column(PEOPLE, "", "{number}", front=True)},
        "participants.csv, row 1, column A: a column without name holds only row numbers. "
        + FIX
        + ", or delete it.",
    ),
    "column without name": (
        {"participants": with_column(PEOPLE, "", "x")},
        "participants.csv, row 1, column F: a column without name holds something. "
        "Give it a name or delete it.",
    ),
    "row too long": (
        {"entries": ENTRIES.replace("We walked home.", "We walked, then ran.")},
        "entries.csv, row 3: 6 cells, but the header has 5. "
        "Put quotation marks around a cell that holds a comma.",
    ),
    "row too short": (
        {"participants": PEOPLE + "C-L,C\n"},
        "participants.csv, row 6: 2 cells, but the header has 5. "
        "Add the missing cells, empty ones too.",
    ),
    "column twice": (
        {"participants": PEOPLE.replace("placeholder", "side")},
        "participants.csv, row 1, column side: two columns have this name. "
        "Rename one of them or delete it.",
    ),
    "column under another name": (
        {"entries": ENTRIES.replace("date", "Datum")},
        "entries.csv, row 1, column date: the column is missing. Rename the column Datum to date.",
    ),
    "column missing": (
        {"participants": PEOPLE.replace("tandem_id", "xx")},
        "participants.csv, row 1, column tandem_id: the column is missing. "
        "Add a column tandem_id: the tandem the person belongs to, such as T01.",
    ),
    "names of people": (
        {"participants": PEOPLE.replace("placeholder", "E-Mail")},
        "participants.csv, row 1, column E-Mail: the column identifies people. "
        "Delete the column: a corpus holds pseudonymous ids only.",
    ),
    "other language": (
        {"entries": ENTRIES.replace(",en\n", ",fr\n")},
        "entries.csv, row 3, column language: not among the languages of the corpus ('fr'). "
        "Write de or en, or leave it empty: it is detected then.",
    ),
    "space around an id": (
        {"participants": PEOPLE.replace("B-T", "B-T ")},
        "participants.csv, row 5, column participant_id: "
        f"white space or an invisible mark around the value ('B-T'). {FIX}.",
    ),
    "space around a column name": (
        {"participants": PEOPLE.replace("side,", "side ,")},
        f"participants.csv, row 1, column side: white space around the name. {FIX}.",
    ),
    "table missing": (
        {"entries": None, "codes": None},
        "entries.csv: the table is missing. "
        "Add it with the columns entry_id, participant_id, date, text.",
    ),
    "no CSV": (
        {"entries": b"PK\x03\x04\0\0\0", "codes": None},
        "entries.csv: not a CSV file. "
        'Open it in the program that wrote it and save it as "CSV UTF-8" (entries.csv).',
    ),
    "empty file": (
        {"entries": "", "codes": None},
        "entries.csv: no header. Write entry_id, participant_id, date, text into the first row.",
    ),
    "open quotation mark": (
        {"entries": ENTRIES.replace('ging."', "ging."), "codes": None},
        "entries.csv, row 5: a quotation mark that opens a cell is not closed, or stands inside a "
        'cell undoubled. Write a quotation mark inside a cell twice ("") and end the cell with '
        "one.",
    ),
    "error cell": (
        {"entries": ENTRIES.replace("We walked home.", "#NAME?")},
        "entries.csv, row 3, column text: a spreadsheet put an error in place of the text. "
        "It took the text for a formula: format the column as Text and enter it again.",
    ),
    "garbled letters": (
        {"entries": ENTRIES.replace("Die Bahn", "GrÃ¼n")},
        "entries.csv, row 4, column text: letters were lost in a wrong encoding, first at "
        "character 2. " + FIX + '; if that is not enough, export again as "CSV UTF-8".',
    ),
}


@pytest.mark.parametrize(("change", "line"), CASES.values(), ids=CASES)
def test_each_fault_is_one_line_with_its_remedy(build_corpus, change, line):
    folder = build_corpus(**change)
    assert fault_lines(faults(folder)) == [line.replace("{}", str(folder))]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"participants": PEOPLE.replace("placeholder", "age")},
        {"events": None, "outcomes": None, "codes": None},
        {"entries": ENTRIES.replace(",de\n", ",\n").replace(",en\n", ",\n")},
        {"entries": ENTRIES.replace("\n", "\r\n")},
        {"codes": CODES.replace("5,15", "5.0,15.0")},
    ],
    ids=["as is", "extra column", "no optional tables", "no languages", "Windows lines", "floats"],
)
def test_what_is_harmless_is_no_fault(build_corpus, change):
    assert fault_lines(faults(build_corpus(**change))) == []


def test_all_faults_of_all_tables_come_at_once_even_beside_an_unreadable_table(build_corpus):
    folder = build_corpus(
        package={"languages": ["fr"]},
        participants=b"\0\1\2\3",
        entries=ENTRIES.replace("2025-04-14", "soon").replace("We walked home.", ""),
        events=EVENTS.replace("2025-03-04", "gestern"),
        codes=CODES.replace("5,15", "7,3"),
    )
    found = faults(folder)
    assert list(zip(found["file"], found["row"], found["column"], strict=True)) == [
        ("datapackage.json", 0, "reflect.languages"),
        ("participants.csv", 0, ""),
        ("entries.csv", 3, "text"),
        ("entries.csv", 4, "date"),
        ("events.csv", 2, "date"),
        ("codes.csv", 2, "end"),
    ]


def test_every_row_with_the_same_fault_is_told(build_corpus):
    found = faults(build_corpus(entries=ENTRIES.replace("2025-0", "25-0")))
    assert found["row"].tolist() == [2, 3, 4, 5]


def test_rows_are_those_a_spreadsheet_shows_below_a_cell_with_line_breaks(build_corpus):
    entries = ENTRIES.replace("Tee, dann Regen.", "Tee,\n\ndann\nRegen.")
    found = faults(build_corpus(entries=entries.replace("2025-04-14", "x"), codes=None))
    assert found["row"].tolist() == [4]


def test_a_row_that_slipped_is_not_blamed_elsewhere(build_corpus):
    folder = build_corpus(participants=PEOPLE.replace("A-L,A,leader,full,[PERSON_1]", "A-L,A"))
    assert faults(folder)["row"].tolist() == [2]


@pytest.mark.parametrize("column", ["entry_id", "participant_id", "date", "language", "text"])
def test_no_message_ever_holds_a_text(build_corpus, column):
    secret = "Zauberwort und noch mehr davon"
    names = ENTRIES.splitlines()[0].split(",")
    cells = ["e9", "A-L", "2025-03-03", "", "de"]
    cells[names.index(column)] = secret
    text = ENTRIES + ",".join(cells) + "\n" + "e9,A-L,2025-03-03," + secret + ",xx\n"
    found = faults(build_corpus(entries=text))
    assert len(found) > 0
    assert "Zauberwort" not in found.to_csv()


def test_a_missing_folder_is_a_fault(tmp_path):
    line = f"{tmp_path}/none: no such folder. Check the path; `reflect new` makes a corpus, "
    assert fault_lines(faults(tmp_path / "none")) == [line + "`reflect import` fills one."]


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        (
            "entries.xlsx",
            'Open entries.xlsx and save it as "CSV UTF-8" under the name entries.csv.',
        ),
        ("Entries.csv", "Rename Entries.csv to entries.csv."),
        ("entries.tsv", "Rename entries.tsv to entries.csv."),
    ],
)
def test_a_table_under_another_name_is_pointed_at(build_corpus, name, remedy):
    folder = build_corpus(entries=None, codes=None)
    (folder / name).write_text(ENTRIES)
    assert faults(folder)["remedy"].tolist() == [remedy]


def test_checking_loads_nothing_heavy(tiny):
    code = (
        "import sys; from reflect.validation import faults; faults(sys.argv[1]);"
        "print([name for name in ('spacy', 'sklearn', 'torch', 'matplotlib', 'bertopic', 'scipy')"
        " if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(tiny)], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
