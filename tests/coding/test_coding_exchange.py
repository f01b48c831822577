"""Tables, TEI and CAS, and how codes get into codes.csv."""

import pandas as pd
import pytest

from reflect.coding.exchange import (
    merge_codes,
    read_codes,
    write_cas,
    write_codes,
)
from reflect.coding.tei import read_tei
from reflect.corpus import Corpus
from reflect.errors import ReflectError

COLUMNS = ["coder_id", "entry_id", "start", "end", "marker", "direction", "note"]


def coded(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


ENTRIES = pd.DataFrame({"entry_id": ["e1"], "text": ["Tee, dann Regen."]})


def test_a_table_of_codes_is_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("entry_id;start;end;marker;direction\ne1;0;3;learning;mutual\n", "utf-8")
    assert read_codes(path, ENTRIES, coder="anna").values.tolist() == [
        ["anna", "e1", 0, 3, "learning", "mutual", ""]
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("e2,0,3,insight,", "row 2: entry 'e2' is not in the corpus"),
        ("e1,0,99,insight,", "row 2: 0 to 99 lies outside the 16 characters"),
        ("e1,3,3,insight,", "row 2: 3 to 3 lies outside"),
        ("e1,x,3,insight,", "row 2: start and end are no whole numbers"),
        ("e1,0,3,freude,", "row 2: unknown marker 'freude'.*--own-codes"),
        ("e1,0,3,learning,up", "row 2: unknown direction 'up'"),
    ],
)
def test_faults_of_a_table_are_named_by_row(tmp_path, row, message):
    path = tmp_path / "a.csv"
    path.write_text(f"entry_id,start,end,marker,direction\n{row}\n", "utf-8")
    with pytest.raises(ReflectError, match=message):
        read_codes(path, ENTRIES, coder="anna")


def test_nobody_coded_is_a_fault(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("entry_id,start,end,marker\ne1,0,3,insight\n", "utf-8")
    with pytest.raises(ReflectError, match="no coder"):
        read_codes(path, ENTRIES)


OLD = coded(
    ("anna", "e1", 0, 3, "insight", "", ""),
    ("anna", "e1", 5, 9, "advice", "given", ""),
    ("ben", "e1", 0, 3, "learning", "", ""),
)


def test_a_sheet_replaces_its_coders_codes_on_its_sentences():
    fresh = coded(("anna", "e1", 0, 3, "none", "", ""))
    merged = merge_codes(OLD, fresh, said=fresh)
    assert merged["marker"].tolist() == ["none", "advice", "learning"]


def test_a_project_replaces_all_its_coders_said_of_its_entries():
    fresh = coded(("anna", "e1", 0, 3, "none", "", ""))
    merged = merge_codes(OLD, fresh, coders=["anna"], entries=["e1"])
    assert merged["marker"].tolist() == ["none", "learning"]


def test_a_table_adds_and_repeats_nothing():
    assert len(merge_codes(OLD, OLD)) == 3


def test_codes_are_written_and_the_corpus_stays_whole(corpus):
    before = {p.name: p.read_bytes() for p in corpus.path.iterdir() if p.name != "datapackage.json"}
    write_codes(corpus.path, coded(("anna", "T01-L-0", 0, 3, "insight", "", 'hm, "so"')))
    again = Corpus.load(corpus.path)
    assert again.codes[COLUMNS].values.tolist() == [
        ["anna", "T01-L-0", 0, 3, "insight", "", 'hm, "so"']
    ]
    listed = [each["path"] for each in again.package["resources"]]
    assert listed.count("codes.csv") == 1
    assert all((corpus.path / name).read_bytes() == data for name, data in before.items())


TEI = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body>
<div type="entry" xml:id="e1" who="#A-L" xml:lang="de-AT"><p><date when="2025-03-03">Montag</date>:
  Tee, dann <seg ana="#insight #learning:mutual">da
  begriff ich es</seg>.<note>sic</note> <del>Nein</del>Gut.</p><p>Ende.</p></div>
</body></text></TEI>"""


def test_tei_gives_entries_and_codes(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text(TEI, "utf-8")
    entries, codes = read_tei(path)
    text = "Montag: Tee, dann da begriff ich es. Gut.\nEnde."
    assert entries.values.tolist() == [["e1", "A-L", "2025-03-03", text, "de"]]
    assert [text[row.start : row.end] for row in codes.itertuples()] == ["da begriff ich es"] * 2
    assert codes["marker"].tolist() == ["insight", "learning"]
    assert codes["direction"].tolist() == ["", "mutual"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TEI.replace(' xml:id="e1"', ""), "entry 1 has no xml:id"),
        ("<TEI/>", "no TEI text with a body"),
        ("<TEI", "broken XML"),
        ('<!DOCTYPE TEI [<!ENTITY a "b">]><TEI/>', "document type"),
        (
            TEI.replace("Ende.", "<hi>" * 300 + "x" + "</hi>" * 300),
            "nested over 200 deep",
        ),
    ],
)
def test_tei_faults_are_named(tmp_path, text, message):
    path = tmp_path / "a.xml"
    path.write_text(text, "utf-8")
    with pytest.raises(ReflectError, match=message):
        read_tei(path)


def test_cas_can_be_read_back(corpus, tmp_path):
    cassis = pytest.importorskip("cassis", reason="dkpro-cassis is not installed")
    codes = coded(("anna", "T01-L-0", 0, 11, "advice", "given", "hm"))
    folder = write_cas(corpus, tmp_path / "cas", codes=codes)
    with (folder / "TypeSystem.xml").open("rb") as file:
        types = cassis.load_typesystem(file)
    with (folder / "T01-L-0.xmi").open("rb") as file:
        cas = cassis.load_cas_from_xmi(file, types)
    assert cas.sofa_string == corpus.entries.set_index("entry_id").loc["T01-L-0", "text"]
    (found,) = cas.select("webanno.custom.Marker")
    assert (found.begin, found.end, found.marker, found.coder) == (0, 11, "advice", "anna")
