"""The appendix: codebook, validity, datasheet, tables."""

import pytest

from reflect import Corpus
from reflect.appendix import appendix, measured
from reflect.assemble import Document
from reflect.exhibit import escape
from reflect.labels import REPORT_LANGUAGES, label
from reflect.markers.codebook import FAMILIES


def test_every_family_was_measured_in_every_language():
    table = measured()
    assert set(map(tuple, table[["language", "marker"]].to_numpy())) == {
        (language, marker) for language in REPORT_LANGUAGES for marker in FAMILIES
    }
    known = table.dropna(subset=["precision"])
    assert known["precision"].between(known["precision_low"], known["precision_high"]).all()


@pytest.mark.parametrize("language", REPORT_LANGUAGES)
def test_codebook_and_validity_name_every_family(tiny, language):
    text = appendix(Corpus.load(tiny), Document(), language)
    for marker in FAMILIES:
        # Once in the codebook, once for each of the two languages of the corpus.
        assert text.count(f" {escape(label(language, f'marker.{marker}'))} |") == 3, marker


def test_validity_is_that_of_the_corpus_languages(build_corpus):
    entries = "entry_id,participant_id,date,text,language\ne1,A-L,2025-03-03,Tee.,de\n"
    folder = build_corpus(package={"languages": ["de"]}, entries=entries, codes=None)
    text = appendix(Corpus.load(folder), Document(), "en")
    assert "| German " in text and "| English " not in text


def test_a_datasheet_stands_below_our_headings_with_its_lists_and_no_dead_links(tiny):
    sheet = "# Title\n\n## Uses\nNot for\n- profit [see](README.md)\n\n### Deep\n"
    (tiny / "DATASHEET.md").write_text(sheet, encoding="utf-8")
    text = appendix(Corpus.load(tiny), Document(), "en")
    assert "### Uses\nNot for\n\n- profit see\n\n#### Deep" in text
    assert "# Title" not in text


def test_without_datasheet_and_tables_there_are_no_headings_for_them(tiny):
    text = appendix(Corpus.load(tiny), Document(), "en")
    assert label("en", "appendix.datasheet") not in text
    assert label("en", "appendix.tables_caption") not in text


def test_tables_are_listed_and_those_of_portraits_stand_together(tiny):
    document = Document()
    for name, caption, rows in (("a", "One.", 2), ("T1-x", "Two.", 1), ("T2-x", "Two.", 3)):
        document.tables[f"{name}.csv"] = b"h\n" + b"r\n" * rows
        document.captions[f"{name}.csv"] = caption
    lines = appendix(Corpus.load(tiny), document, "en").splitlines()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    assert ["tables/a.csv", "One.", "2"] in cells
    assert ["tables/\\*-x.csv", "Two.", "4"] in cells
