from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odf import text as odt
from odf.opendocument import OpenDocumentText

from reflect import Corpus
from reflect.errors import CorpusError, ImportFormatError, ReflectError
from reflect.ingest import import_dayone, import_folder, import_table
from reflect.intake import Programme

EXPORT = (
    "Autor;Datum;Eintrag;Tandem;Rolle;Consent\n"
    "Anna;3.3.2025;Grüße vom Rhein;T1;leader;no_quotes\n"
    "Bela;14.3.2025 19:30;Im Regen gewartet.;T1;talent;\n"
    "\n"
    "Anna;10.3.2025; ;T1;leader;\n"
    "Anna;1.4.2025;Zug verpasst.;T1;leader;\n"
)
SIDES = Programme(sides=("leader", "talent"))


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_bytes(EXPORT.encode("cp1252"))
    return path


@pytest.fixture
def dest(tmp_path: Path) -> Path:
    return tmp_path / "corpus"


def write_people(folder: Path) -> Path:
    path = folder / "people.csv"
    path.write_text("participant;tandem;side\nAnna;T1;leader\nBela;T1;talent\n")
    return path


def write_book(path: Path, rows: list[list], title: str = "Tagebuch", **more: list[list]) -> Path:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for name, cells in more.items():
        page = book.create_sheet(name)
        for row in cells:
            page.append(row)
    book.save(path)
    return path


# Tables


def test_a_spreadsheet_export_becomes_a_corpus(export, dest):
    done = import_table(export, dest)
    assert (done.path, done.entries, done.participants, done.skipped) == (dest, 3, 2, 1)
    assert done.unfinished.empty
    corpus = Corpus.load(dest)
    assert corpus.sides == ("leader", "talent")
    assert corpus.entries["entry_id"].tolist() == ["Anna-001", "Bela-001", "Anna-002"]
    assert corpus.entries["text"].tolist()[0] == "Grüße vom Rhein"
    assert corpus.entries["date"].astype(str).tolist()[1] == "2025-03-14 19:30:00"
    assert corpus.diary()["consent"].tolist() == ["no_quotes", "full", "no_quotes"]


def test_columns_can_be_named(tmp_path, dest):
    path = tmp_path / "x.csv"
    path.write_text("who,when,what,pair,camp,nr\nA,2025-03-03,Hi,1,x,n1\nB,2025-03-04,Ho,1,y,n2\n")
    import_table(
        path,
        dest,
        participant="who",
        date="when",
        text="what",
        tandem="pair",
        side="camp",
        entry="nr",
        programme=Programme(title="Ours", languages=("en",), start="2025-03-01", consent="Yes."),
    )
    corpus = Corpus.load(dest)
    assert corpus.entries["entry_id"].tolist() == ["n1", "n2"]
    assert (corpus.title, corpus.consent_statement) == ("Ours", "Yes.")
    assert str(corpus.start.date()) == "2025-03-01"


def test_a_workbook_becomes_a_corpus(tmp_path, dest):
    rows = [
        [],
        ["Autor", "Datum", "Eintrag", "Tandem", "Seite"],
        ["Anna", datetime(2025, 3, 3, 8, 15), "Erste Zeile\r\nzweite", 1.0, "leader"],
        ["Bela", "4.3.2025", "Nichts.", 1, "talent"],
    ]
    import_table(write_book(tmp_path / "x.xlsx", rows), dest)
    corpus = Corpus.load(dest)
    assert corpus.entries["text"].tolist() == ["Erste Zeile\nzweite", "Nichts."]
    assert corpus.entries["date"].astype(str).tolist()[0] == "2025-03-03 08:15:00"
    assert corpus.participants["tandem_id"].tolist() == ["1", "1"]


def test_a_sheet_is_chosen_by_name(tmp_path, dest):
    rows = [line.split(";") for line in EXPORT.splitlines() if line]
    path = write_book(tmp_path / "x.xlsx", rows, Codes=[["a"], ["b"]])
    message = "x.xlsx: several sheets hold something. Choose one with --sheet: Tagebuch, Codes."
    with pytest.raises(ImportFormatError, match=message):
        import_table(path, dest)
    with pytest.raises(ImportFormatError, match="no sheet 'Foo'. Choose from: Tagebuch, Codes."):
        import_table(path, dest, sheet="Foo")
    assert import_table(path, dest, sheet="Tagebuch").entries == 3


def test_exported_tables_of_a_corpus_come_back_the_same(tiny, dest):
    done = import_table(
        tiny / "entries.csv",
        dest,
        people=tiny / "participants.csv",
        programme=Programme(start="2025-03-03", end="2025-05-25"),
    )
    assert done.entries == 4
    old, new = Corpus.load(tiny), Corpus.load(dest)
    pd.testing.assert_frame_equal(new.entries, old.entries)
    pd.testing.assert_frame_equal(new.participants, old.participants)
    pd.testing.assert_frame_equal(new.diary(), old.diary())


def test_appending_merges_and_a_second_time_changes_nothing(export, tiny, tmp_path):
    done = import_table(export, tiny, append=True)
    assert (done.entries, done.skipped) == (3, 1)
    corpus = Corpus.load(tiny)
    assert len(corpus.entries) == 7 and corpus.entries["entry_id"].is_unique
    assert (corpus.title, corpus.synthetic, len(corpus.codes)) == ("Tiny", True, 1)
    before = {path.name: path.read_bytes() for path in tiny.iterdir()}
    assert import_table(export, tiny, append=True).entries == 0
    assert {path.name: path.read_bytes() for path in tiny.iterdir()} == before


def test_numbers_go_on_when_appending(export, dest, tmp_path):
    import_table(export, dest)
    more = tmp_path / "more.csv"
    more.write_text("Autor,Datum,Eintrag\nAnna,2025-02-01,Vorher.\nAnna,2025-05-01,Nachher.\n")
    assert import_table(more, dest, append=True).entries == 2
    ids = Corpus.load(dest).entries["entry_id"].tolist()
    assert ids == ["Anna-003", "Anna-001", "Bela-001", "Anna-002", "Anna-004"]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            ("14.3.2025 19:30", "neulich"),
            "export.csv, row 3, column Datum: not a date ('neulich'). Write it as YYYY-MM-DD.",
        ),
        (
            ("14.3.2025 19:30", "3/4/25"),
            "export.csv, row 3, column Datum: an ambiguous date ('3/4/25'). "
            "Say --day-first or --month-first.",
        ),
        (
            ("Bela", ""),
            "export.csv, row 3, column Autor: empty. Fill it in or delete the row.",
        ),
        (
            ("Anna;1.4.2025;Zug verpasst.;T1;leader", "Anna;1.4.2025;Zug verpasst.;T2;leader"),
            "export.csv, row 6, column tandem_id: Anna has another tandem_id elsewhere ('T2'). "
            "Make them the same in all rows and files.",
        ),
        (
            ("no_quotes", "perhaps"),
            "export.csv, row 2, column consent: unknown consent ('perhaps'). "
            "Write full, no_quotes or withdrawn.",
        ),
        (
            ("Zug verpasst.", "GrÃ¼n"),
            "export.csv, row 6, column text: letters were lost in a wrong encoding, first at "
            "character 2. Correct it in the source and import again.",
        ),
    ],
)
def test_faults_name_the_row_of_the_source_and_nothing_is_written(tmp_path, dest, change, line):
    path = tmp_path / "export.csv"
    path.write_text(EXPORT.replace(*change), encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        import_table(path, dest)
    assert str(caught.value) == line
    assert [each.name for each in tmp_path.iterdir()] == ["export.csv"]


def test_every_faulty_row_is_told(tmp_path, dest):
    path = tmp_path / "export.csv"
    path.write_text(EXPORT.replace(".2025", ".foo"), encoding="utf-8")
    with pytest.raises(CorpusError, match=r"row 2.*\n.*row 3.*\n.*row 6"):
        import_table(path, dest)


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("", {}, "x.csv: no header. Write the names of the columns into the first row."),
        ("a,b\n", {}, "x.csv: no column for participant_id. Name it with --participant COLUMN."),
        (EXPORT, {"text": "Foo"}, "x.csv: no column 'Foo'. Choose from: Autor, Datum, Eintrag"),
        (EXPORT.replace("Tandem", "T"), {}, "tandem_id of Anna is not known. Give a table of"),
        (EXPORT.splitlines()[0], {}, "no entry with a text found. Nothing was written."),
        (EXPORT.replace("talent", "leader"), {}, "1 sides found (leader), a corpus has two. Name"),
        ('a,b\n1,"x\n', {}, "x.csv, row 2: a quotation mark is not closed. Close it, or export"),
        ("a,b\n1,2,3\n", {}, "x.csv, row 2: 3 cells, but the header has 2. Put quotation marks"),
    ],
)
def test_what_is_no_export_is_refused(tmp_path, dest, text, options, message):
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ImportFormatError) as caught:
        import_table(path, dest, **options)
    assert message in str(caught.value) and "\n" not in str(caught.value)
    assert not dest.exists()


def test_other_files_are_refused(tmp_path, dest):
    with pytest.raises(ImportFormatError, match="no such file. Check the path."):
        import_table(tmp_path / "none.csv", dest)
    (tmp_path / "x.pdf").write_text("x")
    with pytest.raises(ImportFormatError, match="x.pdf: neither CSV nor XLSX. Save it as one"):
        import_table(tmp_path / "x.pdf", dest)
    (tmp_path / "x.xlsx").write_bytes(b"\xd0\xcf\x11\xe0rest")
    with pytest.raises(ImportFormatError, match="x.xlsx: protected by a password, or of an Office"):
        import_table(tmp_path / "x.xlsx", dest)


def test_an_existing_corpus_is_not_overwritten(export, tiny):
    with pytest.raises(ReflectError, match="exists. Choose another name"):
        import_table(export, tiny)
    assert len(Corpus.load(tiny).entries) == 4


def test_an_id_of_another_entry_is_refused(tiny, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("entry_id,participant_id,date,text\ne1,A-L,2025-03-03,Anders.\n")
    with pytest.raises(CorpusError, match="x.csv, row 2, column entry_id: the id belongs to ano"):
        import_table(path, tiny, append=True)


# Documents


def write_docx(path: Path, *paragraphs: str) -> None:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(path)


def write_odt(path: Path, *paragraphs: str) -> None:
    document = OpenDocumentText()
    for paragraph in paragraphs:
        document.text.addElement(odt.P(text=paragraph))
    document.save(path)


def test_a_folder_of_documents_becomes_a_corpus(tmp_path, dest):
    folder = tmp_path / "diaries"
    folder.mkdir()
    write_docx(folder / "T1_Anna_leader_2025-03-03.docx", "Erster Absatz.", "Zweiter.")
    write_odt(folder / "T1_Bela_talent_20250304.odt", "Aus ODT.", "Ende.")
    (folder / "T1_Bela_talent_5.3.2025.txt").write_bytes("Müde.\r\nSehr.".encode("cp1252"))
    (folder / "T1_Anna_leader_2025-03-06.md").write_text("# Titel\n\n**Gut**\\. ![](x.png)")
    (folder / "~$T1_Anna.docx").write_text("lock")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8")
    done = import_folder(folder, dest)
    assert (done.entries, done.participants) == (4, 2)
    entries = Corpus.load(dest).entries
    assert entries["text"].tolist() == [
        "Erster Absatz.\nZweiter.",
        "Aus ODT.\nEnde.",
        "Müde.\nSehr.",
        "Titel\n\nGut.",
    ]
    assert entries["date"].dt.day.tolist() == [3, 4, 5, 6]


def test_hidden_files_and_the_corpus_itself_are_passed_over(tmp_path):
    folder = tmp_path / "diaries"
    (folder / "__MACOSX").mkdir(parents=True)
    (folder / "__MACOSX" / "x.txt").write_text("x")
    (folder / "T1_Anna_leader_2025-03-03.txt").write_text("Eins.")
    dest = folder / "corpus"
    import_folder(folder, dest, programme=SIDES)
    (dest / "README.md").write_text("mine")
    assert import_folder(folder, dest, append=True).skipped == 1


def test_tandem_and_side_come_from_a_table_or_from_folders(tmp_path, dest):
    folder = tmp_path / "diaries"
    (folder / "leader").mkdir(parents=True)
    (folder / "talent").mkdir()
    (folder / "leader" / "2025-03-03 Anna.txt").write_text("Eins.")
    (folder / "talent" / "2025-03-04 Bela.txt").write_text("Zwei.")
    people = write_people(tmp_path)
    import_folder(folder, dest, pattern="{date} {participant}", people=people)
    import_folder(
        folder, dest.with_name("two"), pattern="{side}/{date} {participant}", people=people
    )
    one, two = Corpus.load(dest), Corpus.load(dest.with_name("two"))
    pd.testing.assert_frame_equal(one.diary(), two.diary())


def test_a_document_with_dates_inside_holds_several_entries(tmp_path, dest):
    folder = tmp_path / "diaries"
    folder.mkdir()
    write_docx(
        folder / "Anna.docx", "Tagebuch", "Montag, 3. März 2025", "Regen.", "10.3.2025:", "Sonne."
    )
    (folder / "Bela.txt").write_text("2025-03-04\nHi.\n\nPlan for 2025-03-09 and so on.\n")
    import_folder(folder, dest, pattern="{participant}", people=write_people(tmp_path))
    entries = Corpus.load(dest).entries
    assert entries["text"].tolist() == ["Regen.", "Hi.\n\nPlan for 2025-03-09 and so on.", "Sonne."]
    assert entries["date"].dt.day.tolist() == [3, 4, 10]


def test_tracked_changes_and_comments_of_a_document(tmp_path, dest):
    folder = tmp_path / "diaries"
    folder.mkdir()
    path = folder / "T1_Anna_leader_2025-03-03.docx"
    write_docx(path, "BEFORE")
    inserted = (
        '<w:ins w:id="1" w:author="x"><w:r><w:t xml:space="preserve">kept </w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="x"><w:r><w:delText>gone</w:delText></w:r></w:del>'
        "<w:r><w:t>one</w:t><w:br/><w:t>two</w:t></w:r>"
    )
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    xml = parts["word/document.xml"].decode()
    parts["word/document.xml"] = xml.replace("<w:r><w:t>BEFORE</w:t></w:r>", inserted).encode()
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    done = import_folder(folder, dest, programme=SIDES)
    assert "kept one\ntwo" in (dest / "entries.csv").read_text()
    # Bela's diary is still to come.
    assert done.unfinished["problem"].tolist() == ["a tandem of one person"]


def test_faulty_files_come_all_at_once(tmp_path, dest):
    folder = tmp_path / "diaries"
    folder.mkdir()
    (folder / "Anna.txt").write_text("x")
    (folder / "T1_Anna_leader_2025-03-03.docx").write_text("no zip")
    (folder / "T1_Anna_leader_31-31-2025.txt").write_text("x")
    (folder / "T1_Anna_leader_2025-03-05.txt").write_bytes(b"\0\1\2")
    with pytest.raises(CorpusError) as caught:
        import_folder(folder, dest)
    assert str(caught.value).splitlines() == [
        "Anna.txt: the name does not fit the pattern. Rename the file to fit "
        "{tandem}_{participant}_{side}_{date}, or give another --pattern.",
        "T1_Anna_leader_2025-03-03.docx: damaged or of another kind than its ending says. "
        "Save it again.",
        "T1_Anna_leader_2025-03-05.txt: no text. Save it as text in UTF-8.",
        "T1_Anna_leader_31-31-2025.txt: not a date ('31-31-2025'). Write it as YYYY-MM-DD.",
    ]
    assert not dest.exists()


@pytest.mark.parametrize("pattern", ["{date}", "{who}_{participant}", "{participant}{participant}"])
def test_a_pattern_needs_known_fields(tmp_path, dest, pattern):
    with pytest.raises(ImportFormatError, match="use each of {participant} .needed., {date}"):
        import_folder(tmp_path, dest, pattern=pattern)


def test_a_folder_without_documents_is_refused(tmp_path, dest):
    with pytest.raises(ImportFormatError, match="no file ending in .docx, .odt, .txt, .md"):
        import_folder(tmp_path, dest)
    with pytest.raises(ImportFormatError, match="no such folder. Check the path."):
        import_folder(tmp_path / "none", dest)


# Day One

JOURNAL = {
    "metadata": {"version": "1.0"},
    "entries": [
        {
            "creationDate": "2025-03-03T22:30:00Z",
            "timeZone": "Europe/Berlin",
            "text": "Tag 1\\. ![](dayone-moment://AB12)\nRegen \\- viel\\!",
            "tags": ["x"],
            "uuid": "AB",
        },
        {"creationDate": "2025-03-05T10:00:00Z", "text": "![](dayone-moment://CD)"},
        {"creationDate": "2025-03-06T10:00:00Z", "timeZone": "Mars/Base", "text": "Sonne."},
    ],
}


def write_journal(path: Path, content: object = JOURNAL) -> Path:
    path.write_text(json.dumps(content))
    return path


def test_journals_are_imported_one_person_after_the_other(tmp_path, dest):
    source = write_journal(tmp_path / "Journal.json")
    anna = {"participant": "Anna", "tandem": "T1", "side": "leader"}
    done = import_dayone(source, dest, **anna, programme=SIDES)
    assert (done.entries, done.skipped) == (2, 1)
    assert done.unfinished["value"].tolist() == ["T1"]
    bela = {"participant": "Bela", "tandem": "T1", "side": "talent"}
    done = import_dayone(source, dest, **bela, append=True)
    assert done.unfinished.empty
    corpus = Corpus.load(dest)
    assert corpus.entries["text"].tolist()[0] == "Tag 1. \nRegen - viel!"
    # 22:30 in London's winter time is 23:30 in Berlin, still the same day.
    assert corpus.entries["date"].astype(str).tolist()[0] == "2025-03-03 23:30:00"
    again = import_dayone(source, dest, **bela, append=True)
    assert (again.entries, again.skipped) == (0, 3)


def test_a_zip_of_journals(tmp_path, dest):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("Work.json", json.dumps(JOURNAL))
        packed.writestr("Home.json", json.dumps({"entries": []}))
        packed.writestr("photos/x.jpeg", b"x")
    owner = {"participant": "A", "tandem": "T", "side": "leader", "programme": SIDES}
    message = "2 journals. Choose one with --journal; it holds: Home.json, Work.json, photos"
    with pytest.raises(ImportFormatError, match=message):
        import_dayone(path, dest, **owner)
    assert import_dayone(path, dest, journal="Work", **owner).entries == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "J.json: no list of entries in it. In Day One choose File, Export, JSON."),
        ({"entries": [7]}, "J.json, entry 1: no entry. Export it again."),
        (
            {"entries": [{"creationDate": "gestern", "text": "x"}]},
            "J.json, row 1, column creationDate: creationDate is no date. "
            "Export the journal again.",
        ),
        ({"entries": []}, "no entry with a text found. Nothing was written."),
    ],
)
def test_what_is_no_journal_is_refused(tmp_path, dest, content, message):
    source = write_journal(tmp_path / "J.json", content)
    with pytest.raises(ReflectError) as caught:
        import_dayone(source, dest, participant="A", tandem="T", side="leader", programme=SIDES)
    assert message in str(caught.value)
    assert not dest.exists()


# Hostile input

HOSTILE = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["entries", "text", "creationDate", "timeZone"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


def only_reflect_errors(run) -> None:
    try:
        run()
    except ReflectError as error:
        assert str(error)


@HOSTILE
@given(data=st.binary(max_size=300), suffix=st.sampled_from([".csv", ".xlsx"]))
def test_random_bytes_as_a_table(tmp_path_factory, data, suffix):
    folder = tmp_path_factory.mktemp("hostile")
    path = folder / f"x{suffix}"
    path.write_bytes(data)
    only_reflect_errors(lambda: import_table(path, folder / "corpus"))


@HOSTILE
@given(data=st.binary(max_size=300), suffix=st.sampled_from([".docx", ".odt", ".txt", ".md"]))
def test_random_bytes_as_a_document(tmp_path_factory, data, suffix):
    folder = tmp_path_factory.mktemp("hostile")
    (folder / f"T1_A_leader_2025-03-03{suffix}").write_bytes(data)
    only_reflect_errors(lambda: import_folder(folder, folder / "corpus", programme=SIDES))


@HOSTILE
@given(xml=st.text(max_size=200), kind=st.sampled_from(["docx", "odt", "xlsx"]))
def test_random_parts_in_a_packed_document(tmp_path_factory, xml, kind):
    folder = tmp_path_factory.mktemp("hostile")
    packed = io.BytesIO()
    names = {"docx": "word/document.xml", "odt": "content.xml", "xlsx": "xl/workbook.xml"}
    with zipfile.ZipFile(packed, "w") as target:
        target.writestr("[Content_Types].xml", xml.encode("utf-8", "replace"))
        target.writestr(names[kind], xml.encode("utf-8", "replace"))
    path = folder / f"T1_A_leader_2025-03-03.{kind}"
    path.write_bytes(packed.getvalue())
    if kind == "xlsx":
        only_reflect_errors(lambda: import_table(path, folder / "corpus"))
    else:
        only_reflect_errors(lambda: import_folder(folder, folder / "corpus", programme=SIDES))


@HOSTILE
@given(content=JSON | st.fixed_dictionaries({"entries": st.lists(JSON, max_size=3)}))
def test_random_json_as_a_journal(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("hostile")
    path = write_journal(folder / "J.json", content)
    only_reflect_errors(
        lambda: import_dayone(
            path, folder / "c", participant="A", tandem="T", side="leader", programme=SIDES
        )
    )


@HOSTILE
@given(text=st.text(min_size=1, max_size=60))
def test_any_text_arrives_as_it_was_but_for_line_breaks_and_control_characters(
    tmp_path_factory, text
):
    folder = tmp_path_factory.mktemp("hostile")
    entry = {"creationDate": "2025-03-03T10:00:00Z", "text": text}
    path = write_journal(folder / "J.json", {"entries": [entry]})
    only_reflect_errors(
        lambda: import_dayone(
            path, folder / "c", participant="A", tandem="T", side="leader", programme=SIDES
        )
    )
