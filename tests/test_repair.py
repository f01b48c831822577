from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_validation import CASES, with_column
from tiny import TINY_TABLES

from reflect import Corpus
from reflect.errors import ReflectError
from reflect.repair import repair
from reflect.validation import faults

PEOPLE, ENTRIES = TINY_TABLES["participants"], TINY_TABLES["entries"]
MENDED = {
    "German date": [("entries.csv", 4, "date", "date written as 2025-04-14")],
    "slashes": [("entries.csv", 4, "date", "date written as 2025-03-03")],
    "Excel serial": [("entries.csv", 4, "date", "date written as 2025-03-03")],
    "UTF-16": [("entries.csv", 0, "", "UTF-16 turned into UTF-8")],
    "Latin-1": [("entries.csv", 0, "", "Windows-1252 (Latin-1) turned into UTF-8")],
    "Mac Roman": [("entries.csv", 0, "", "Mac Roman turned into UTF-8")],
    "byte order mark": [("entries.csv", 0, "", "byte order mark removed")],
    "semicolons": [("participants.csv", 0, "", "semicolon as separator turned into a comma")],
    "tabs": [("participants.csv", 0, "", "tab as separator turned into a comma")],
    "blank rows": [
        ("participants.csv", 6, "", "blank row removed"),
        ("participants.csv", 7, "", "blank row removed"),
    ],
    "blank row above the header": [("participants.csv", 1, "", "blank row removed")],
    "blank column": [("participants.csv", 1, "", "column without name removed")],
    "pandas index": [("participants.csv", 1, "", "column without name removed")],
    "space around an id": [
        ("participants.csv", 5, "participant_id", "white space around the value removed")
    ],
    "space around a column name": [("participants.csv", 1, "side", "column name tidied")],
}


@pytest.mark.parametrize("case", CASES)
def test_what_names_the_command_is_mended_and_the_rest_is_left(build_corpus, case):
    change, line = CASES[case]
    folder = build_corpus(**change)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = repair(folder)
    assert list(done.itertuples(index=False, name=None)) == MENDED.get(case, [])
    if case in MENDED:
        assert "--fix" in line
        assert faults(folder).empty
        backup = folder / ".reflect" / "backup" / "001"
        name = MENDED[case][0][0]
        assert [path.name for path in backup.iterdir()] == [name]
        assert (backup / name).read_bytes() == before[name]
        assert (folder / ".reflect" / ".gitignore").read_text() == "*\n"
    else:
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"entries": ENTRIES.replace("\n", "\r\n")},
        {"participants": PEOPLE.replace(",", ";").encode("utf-16"), "codes": None},
    ],
)
def test_a_second_repair_finds_nothing(build_corpus, change):
    folder = build_corpus(**change)
    repair(folder)
    assert repair(folder).empty


def test_everything_at_once_gives_the_tiny_corpus_back(build_corpus, tiny):
    entries = with_column(ENTRIES.replace('\nund ging."', ' und ging."'), "Unnamed: 5", "")
    entries = entries.replace("2025-04-14", "14.4.2025").replace(",de,", ",DE,")
    entries = entries.replace("date", " Date ").replace(",", ";").replace("Tee;", "Tee,")
    people = PEOPLE.replace("no_quotes", "No quotes").replace("B-T", "\ufeffB-T\u00a0") + ",,,,\n"
    folder = build_corpus("bent", entries=entries.encode("utf-16"), participants=people)
    assert len(faults(folder)) > 5
    assert len(repair(folder)) > 5
    bent, whole = Corpus.load(folder), Corpus.load(tiny)
    pd.testing.assert_frame_equal(bent.participants, whole.participants)
    pd.testing.assert_frame_equal(
        bent.entries, whole.entries.replace({"text": {"\nund": " und"}}, regex=True)
    )


def test_a_missing_package_is_written_from_the_tables(build_corpus):
    folder = build_corpus(package="")
    assert repair(folder).iloc[0].tolist() == [
        "datapackage.json",
        0,
        "",
        "written from the tables: look it through",
    ]
    corpus = Corpus.load(folder)
    assert (corpus.sides, corpus.languages, corpus.synthetic) == (
        ("leader", "talent"),
        ("de", "en"),
        False,
    )


def test_no_package_is_guessed_from_three_sides(build_corpus):
    folder = build_corpus(package="", participants=PEOPLE.replace("B,talent", "B,coach"))
    assert repair(folder).empty
    assert not (folder / "datapackage.json").exists()


def test_garbled_letters_come_back_unless_codes_would_move(build_corpus):
    entries = ENTRIES.replace("Die Bahn", "GrÃ¼n")
    folder = build_corpus("free", entries=entries, codes=None)
    assert repair(folder)["mended"].tolist() == ["letters garbled by a wrong encoding restored"]
    assert Corpus.load(folder).entries["text"][2] == "Grün kam nicht."
    assert repair(build_corpus("coded", entries=entries)).empty


def test_each_repair_keeps_its_own_originals(build_corpus):
    folder = build_corpus(participants=PEOPLE.replace(",", ";"))
    repair(folder)
    (folder / "participants.csv").write_text(PEOPLE.replace(",", "\t"))
    repair(folder)
    backup = folder / ".reflect" / "backup"
    assert ";" in (backup / "001" / "participants.csv").read_text()
    assert "\t" in (backup / "002" / "participants.csv").read_text()


def test_only_what_is_asked_for_is_a_folder(tmp_path):
    with pytest.raises(ReflectError, match="no such folder. Check the path."):
        repair(tmp_path / "none")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_hostile_tables_are_faults_and_never_crash(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("hostile")
    for name in ("participants.csv", "entries.csv", "codes.csv", "datapackage.json"):
        (folder / name).write_bytes(data)
    assert len(faults(folder)) > 0
    repair(folder)
    assert len(faults(folder)) > 0


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(cells=st.lists(st.text(max_size=12), min_size=4, max_size=4))
def test_hostile_cells_are_faults_and_never_crash(tmp_path_factory, cells):
    from reflect.sheets import sheet_text

    folder = tmp_path_factory.mktemp("cells")
    header = ["entry_id", "participant_id", "date", "text"]
    try:
        data = sheet_text(header, [cells]).encode("utf-8")
    except UnicodeEncodeError:
        return
    (folder / "participants.csv").write_text(PEOPLE)
    (folder / "entries.csv").write_bytes(data)
    (folder / "datapackage.json").write_text('{"reflect": {"sides": ["leader", "talent"]}}')
    assert len(faults(folder)) > 0
    repair(folder)
