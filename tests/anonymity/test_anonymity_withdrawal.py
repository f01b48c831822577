"""Withdrawal: nothing of the person stays, all of the others does."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from datetime import date
from pathlib import Path

import pytest

from reflect.anonymity.audit import audit
from reflect.anonymity.decisions import Decisions
from reflect.anonymity.keyfile import read_key
from reflect.anonymity.pseudonyms import pseudonymise
from reflect.anonymity.restoration import restore
from reflect.anonymity.review import review_sheet, write_sheet
from reflect.anonymity.withdrawal import withdraw
from reflect.corpus import Corpus
from reflect.errors import ReflectError
from reflect.spreadsheets import table_rows

DAY = date(2025, 6, 1)
SECRET = "Rosinenbrot"
ENTRIES = (
    "entry_id,participant_id,date,text,language\n"
    f"e1,A-L,2025-03-03,Heute {SECRET} mit Olena Boyko.,de\n"
    "e2,A-T,2025-03-12,Mit [PERSON_1] gelernt.,de\n"
    "e3,B-L,2025-04-14,Frau Amiri kam.,de\n"
    "e4,B-T,2025-05-25,Alles ruhig.,de\n"
)
CODES = "coder_id,entry_id,start,end,marker,direction\nc1,e1,0,5,insight,\nc1,e3,0,4,insight,\n"


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.fixture
def folder(build_corpus) -> Path:
    folder = build_corpus(entries=ENTRIES, codes=CODES)
    for name in ("cache/ab", "backup/001"):
        (folder / ".reflect" / name).mkdir(parents=True)
        (folder / ".reflect" / name / "old.txt").write_text(SECRET)
    (folder / "notes").mkdir()
    (folder / "notes" / "spans.csv").write_text(f"entry_id,text\ne1,{SECRET}\ne3,Amiri\n")
    return folder


def test_entries_codes_caches_and_annotations_go(folder: Path) -> None:
    done = withdraw(folder, "A-L", on=DAY)
    assert SECRET.encode() not in everything(folder)
    assert done.removed["entries"] == 1 and done.removed["codes"] == 1
    assert done.removed["other_rows"] == 1
    corpus = Corpus.load(folder)
    assert corpus.entries["entry_id"].tolist() == ["e2", "e3", "e4"]
    assert "e3,Amiri" in (folder / "notes" / "spans.csv").read_text()


def test_the_row_keeps_ids_only(folder: Path) -> None:
    withdraw(folder, "A-L", on=DAY)
    line = next(x for x in (folder / "participants.csv").read_text().splitlines() if "A-L" in x)
    assert line.startswith("A-L,A,leader,withdrawn")


def test_record_holds_no_person(folder: Path) -> None:
    withdraw(folder, "A-L", on=DAY)
    withdraw(folder, "B-T", on=DAY)
    record = (folder / "withdrawals.csv").read_text()
    assert record.splitlines()[1:] == ["2025-06-01,1,0,1,1", "2025-06-01,1,1,0,0"]
    assert "A-L" not in record


def test_mentions_by_the_partner_are_counted(folder: Path) -> None:
    assert withdraw(folder, "A-L", on=DAY).mentions == 1


def test_somebody_who_is_not_there_is_refused_and_nothing_changes(folder: Path) -> None:
    before = everything(folder)
    with pytest.raises(ReflectError, match="no participant 'Z'"):
        withdraw(folder, "Z")
    assert everything(folder) == before


def test_the_persons_part_of_the_key_goes_and_the_rest_still_works(
    folder: Path, tmp_path: Path
) -> None:
    key, copy = tmp_path / "key.json", tmp_path / "copy"
    pseudonymise(Corpus.load(folder), copy, key, passphrase="zimt")
    assert "Olena" in json.dumps(read_key(key, "zimt"))
    done = withdraw(copy, "A-L", keys={key: "zimt"}, on=DAY)
    assert "Olena" not in json.dumps(read_key(key, "zimt")) and done.removed["key"] > 0
    restore(copy, tmp_path / "back", key, passphrase="zimt")
    texts = Corpus.load(tmp_path / "back").entries.set_index("entry_id")["text"]
    assert texts["e3"] == "Frau Amiri kam." and "e1" not in texts


def test_a_key_that_does_not_open_stops_before_anything_changes(
    folder: Path, tmp_path: Path
) -> None:
    key, copy = tmp_path / "key.json", tmp_path / "copy"
    pseudonymise(Corpus.load(folder), copy, key, passphrase="zimt")
    before = everything(copy)
    with pytest.raises(ReflectError, match="does not open it"):
        withdraw(copy, "A-L", keys={key: "salz"})
    assert everything(copy) == before


def test_decisions_stay_for_what_the_others_wrote(folder: Path) -> None:
    decisions = Decisions.load(folder)
    decisions.decide("person", "Olena Boyko", "accept")
    decisions.decide("person", "Amiri", "reject")
    decisions.save(folder)
    withdraw(folder, "A-L", on=DAY)
    left = Decisions.load(folder)
    assert left.of("person", "Amiri") == "reject" and not left.of("person", "Olena Boyko")


def test_reports_of_the_corpus_are_listed(folder: Path, tmp_path: Path) -> None:
    for name, corpus in (("one", "../../tiny"), ("two", "../../another")):
        place = tmp_path / "reports" / name
        place.mkdir(parents=True)
        (place / "manifest.json").write_text(json.dumps({"corpus": corpus, "inputs": {}}))
    (tmp_path / "reports" / "manifest.json").write_text("[")
    done = withdraw(folder, "A-L", reports=[tmp_path / "reports", tmp_path / "none"], on=DAY)
    assert [path.name for path in done.reports] == ["one"]


def test_judgements_of_coders_go(folder: Path) -> None:
    (folder / "coding").mkdir()
    (folder / "coding" / "sample.csv").write_text("unit_id,entry_id\nu1,e1\nu2,e3\n")
    database = sqlite3.connect(folder / "coding" / "codes.sqlite")
    database.execute("CREATE TABLE judgements (coder, unit, state)")
    database.execute("CREATE TABLE units (unit, span)")
    database.executemany("INSERT INTO units VALUES (?, ?)", [("u1", "s1"), ("u2", "s2")])
    database.executemany(
        "INSERT INTO judgements VALUES ('c', ?, ?)", [("u1", f"note: {SECRET}"), ("u2", "fine")]
    )
    database.commit()
    database.close()
    withdraw(folder, "A-L", on=DAY)
    assert SECRET.encode() not in everything(folder) and b"fine" in everything(folder)
    database = sqlite3.connect(folder / "coding" / "codes.sqlite")
    assert database.execute("SELECT unit FROM units").fetchall() == [("u2",)]
    database.close()


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_says_what_history_holds(folder: Path) -> None:
    def git(*command: str) -> None:
        who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(["git", "-C", str(folder), *who, *command], check=True, capture_output=True)

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "first")
    lines = withdraw(folder, "A-L", on=DAY).history
    assert "1 commits" in lines[0] and "filter-repo" in lines[1]
    assert "--path . " not in lines[1] and "--path entries.csv" in lines[1]


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_the_purge_names_corpus_and_reports_as_git_does(build_corpus) -> None:
    folder = build_corpus("my corpus", entries=ENTRIES, codes=CODES)
    top = folder.parent
    report = top / "reports" / "one"
    report.mkdir(parents=True)
    (report / "manifest.json").write_text(json.dumps({"corpus": "../../my corpus", "inputs": {}}))
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "first"]):
        subprocess.run(["git", "-C", str(top), *who, *command], check=True, capture_output=True)
    lines = withdraw(folder, "A-L", reports=[top / "reports"], on=DAY).history
    assert "--path 'my corpus/' --path reports/one/," in lines[1]


EVENTS = (
    "event_id,tandem_id,date,kind,description\n"
    "v1,A,2025-03-10,meeting,Olena Boykos Vortrag; Olena war nervös.\n"
    "v2,B,2025-04-01,meeting,Olena aus dem Kurs kam mit Olena Boyko.\n"
)


def _named(folder: Path) -> Path:
    (folder / "events.csv").write_text(EVENTS)
    return folder


def test_the_person_is_masked_in_events(folder: Path) -> None:
    done = withdraw(_named(folder), "A-L", names=["Frau Olena Boyko"], on=DAY)
    events = Corpus.load(folder).events.set_index("event_id")["description"]
    assert events["v1"] == "[PERSON]s Vortrag; [PERSON] war nervös."
    # Another tandem's Olena may be somebody else.
    assert events["v2"] == "Olena aus dem Kurs kam mit [PERSON]."
    assert done.removed["masked"] == 3


def test_a_placeholder_is_masked_and_the_key_still_takes_the_rest_back(
    folder: Path, tmp_path: Path
) -> None:
    key, copy = tmp_path / "key.json", tmp_path / "copy"
    (folder / "events.csv").write_text(
        EVENTS.replace("Olena war nervös.", "Zahra Amiri gratulierte.")
    )
    names = {"A-L": "Olena Boyko"}
    pseudonymise(Corpus.load(folder), copy, key, names=names)
    done = withdraw(copy, "A-L", keys={key: ""}, on=DAY)
    assert done.removed["masked"] >= 2
    assert "Boyko" not in json.dumps(read_key(key, "")["placeholders"])
    restore(copy, tmp_path / "back", key)
    events = Corpus.load(tmp_path / "back").events.set_index("event_id")["description"]
    assert events["v1"] == "[PERSON]s Vortrag; Zahra Amiri gratulierte."
    assert "Boyko" not in everything(tmp_path / "back").decode()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_review_sheets_lose_the_persons_rows(folder: Path, ending: str) -> None:
    loaded = Corpus.load(folder)
    sheet = folder / "review" / f"sheet.{ending}"
    write_sheet(review_sheet(audit(loaded), loaded, Decisions()), sheet)
    before = table_rows(sheet)[1]
    assert any("Olena" in " ".join(cells) for _, cells in before)
    withdraw(folder, "A-L", on=DAY)
    after = " ".join(" ".join(cells) for _, cells in table_rows(sheet)[1])
    assert "Olena" not in after and SECRET not in after and "Amiri" in after


def test_sheets_without_ids_lose_the_rows_that_quote_the_person(folder: Path) -> None:
    (folder / "notes" / "loose.csv").write_text(
        f"who,said\nx,so: heute {SECRET} mit Olena Boyko!\ny,Heute kam Frau Amiri.\n"
    )
    withdraw(folder, "A-L", on=DAY)
    assert (folder / "notes" / "loose.csv").read_text() == "who,said\ny,Heute kam Frau Amiri.\n"


def test_other_files_that_quote_the_person_are_named(folder: Path) -> None:
    import docx

    memo = docx.Document()
    memo.add_paragraph(f"Sie schrieb: Heute {SECRET} mit Olena Boyko. Das war im März.")
    memo.save(str(folder / "memo.docx"))
    (folder / "scan.pdf").write_bytes(b"%PDF-1.7")
    (folder / "read.me").write_text("Heute war Olena Boyko da.")
    files = withdraw(folder, "A-L", on=DAY).files
    assert [path.name for path in files] == ["memo.docx", "scan.pdf"]
