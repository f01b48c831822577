"""A whole report from a small corpus with small notebooks of the real names."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import nbformat
import nbformat.v4 as nb
import pytest

from reflect import manifest
from reflect.errors import CorpusError, ReportError
from reflect.labels import label
from reflect.report import build_report, verify_report

SECRET = "Zaubernuss"
PEOPLE = (
    "participant_id,tandem_id,side,consent\n"
    "A-L,A,leader,full\nA-T,A,talent,no_quotes\nB-L,B 2,leader,full\nB-T,B 2,talent,full\n"
)
ENTRIES = (
    "entry_id,participant_id,date,text,language\n"
    "e1,A-L,2025-03-03,Tee mit [PERSON_9] *heute*.,de\n"
    f"e2,A-T,2025-03-12,{SECRET} im Garten.,de\n"
    "e3,B-L,2025-04-14,![x](http://fremd.example/x.png) <script>x</script>,de\n"
    'e4,B-T,2025-05-20,"3. Mai: ""Morgen"".",de\n'
)
SETTINGS = {
    "sides": ["leader", "talent"],
    "side_labels": {"leader": {"de": "Führungskraft"}},
    "languages": ["de"],
    "synthetic": True,
    "start": "2025-03-03",
    "end": "2025-05-25",
}
# No more imports than needed: what the package's own notebooks show is tested with them.
LOAD = """
import reflect
from reflect import exhibit, overview
corpus = reflect.Corpus.load(CORPUS)
diary, sides = corpus.diary(), corpus.side_labels(LANGUAGE)
"""
CALENDAR = """
from reflect import figures
drawn = figures.writing_calendar(overview.writing(diary), corpus.periods(), sides, LANGUAGE)
exhibit.figure(drawn, "writing_calendar", LANGUAGE)
"""
QUOTES = """
agreed = diary[diary["consent"] == "full"]["text"]
exhibit.prose("\\n\\n".join(f"> {exhibit.escape(text)}" for text in agreed))
"""
PAIR = """
pair = corpus.filter(tandems=[TANDEM])
exhibit.table(overview.writing(pair.diary()), "tandem_participation", LANGUAGE, sides)
"""
DECLARED = 'CORPUS = ""\nLANGUAGE = "en"\nSEED = 0'


class Place(NamedTuple):
    """Where corpus, notebooks and the built report lie."""

    corpus: Path
    notebooks: Path
    report: Path


def write_notebook(path: Path, title: str, *sources: str, declared: str = DECLARED) -> None:
    cells = [
        nb.new_markdown_cell(f"# {title}", metadata={"reflect": {"de": f"# {title} auf Deutsch"}}),
        nb.new_code_cell(declared, metadata={"tags": ["parameters"]}),
        *(nb.new_code_cell(source) for source in sources),
    ]
    nbformat.write(nb.new_notebook(cells=cells), path)


def write_notebooks(folder: Path) -> Path:
    folder.mkdir()
    write_notebook(folder / "01_corpus.ipynb", "One", LOAD, CALENDAR)
    # Four entries are too few for topics: this notebook must be passed over.
    write_notebook(folder / "02_topics.ipynb", "Two", "raise RuntimeError")
    write_notebook(folder / "03_perspective_shift.ipynb", "Three", LOAD, QUOTES)
    write_notebook(folder / "04_both_sides.ipynb", "Four", LOAD)
    four = nbformat.read(folder / "04_both_sides.ipynb", as_version=4)
    brief = 'exhibit.prose("# Auf einen Blick\\n\\nKurz.")'
    four.cells.append(nb.new_code_cell(brief, metadata={"tags": ["front"]}))
    nbformat.write(four, folder / "04_both_sides.ipynb")
    write_notebook(
        folder / "tandem.ipynb", "Pair", LOAD, PAIR, declared=DECLARED + '\nTANDEM = "A"'
    )
    return folder


def write_corpus(folder: Path, entries: str = ENTRIES) -> Path:
    folder.mkdir(parents=True)
    (folder / "participants.csv").write_text(PEOPLE, encoding="utf-8")
    (folder / "entries.csv").write_text(entries, encoding="utf-8")
    package = {"title": "Klein & fein", "reflect": SETTINGS}
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Place:
    root = tmp_path_factory.mktemp("project")
    corpus, notebooks = write_corpus(root / "corpora" / "small"), write_notebooks(root / "own")
    report = build_report(corpus, root / "reports" / "small", language="de", notebooks=notebooks)
    return Place(corpus, notebooks, report)


@pytest.fixture(scope="module")
def page(place) -> str:
    return (place.report / "report.html").read_text("utf-8")


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_report_holds_pages_figures_tables_and_manifest(place):
    assert sorted(files(place.report)) == [
        "figures/writing_calendar.png",
        "figures/writing_calendar.svg",
        "manifest.json",
        "report.docx",
        "report.html",
        "report.pdf",
        "tables/A-tandem_participation.csv",
        "tables/B~202-tandem_participation.csv",
    ]
    assert (place.report / "report.pdf").read_bytes().startswith(b"%PDF")


def test_nothing_else_is_left_anywhere(place):
    assert [path.name for path in place.report.parent.iterdir()] == ["small"]
    assert len(list(place.notebooks.iterdir())) == 5
    assert sorted(path.name for path in place.corpus.iterdir() if path.name[0] != ".") == [
        "datapackage.json",
        "entries.csv",
        "participants.csv",
    ]


def test_the_page_is_in_the_reports_language(page):
    assert '<html lang="de">' in page
    assert "One auf Deutsch" in page and "Führungskraft" in page
    assert label("de", "report.contents") in page
    assert "Klein &amp; fein" in page
    assert 'role="note"' in page


def test_the_brief_opens_the_page_and_skipped_topics_leave_no_trace(page):
    assert page.index("Auf einen Blick") < page.index('id="one-auf-deutsch"')
    assert "Two" not in page


class Remote(HTMLParser):
    """Everything on a page that a browser would fetch, and images without a description."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fetched: list[tuple[str, str]] = []
        self.images: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        for name in ("src", "href", "srcset", "data", "poster", "action", "xlink:href"):
            if values.get(name) and not values[name].startswith(("data:", "#")):
                self.fetched.append((tag, values[name]))
        if tag == "img":
            self.images.append(values.get("alt") or "")
        if tag in {"script", "iframe", "object", "embed", "base", "form"}:
            self.fetched.append((tag, ""))


def test_the_page_makes_no_request_and_describes_every_image(page):
    remote = Remote(page)
    assert remote.fetched == []
    assert remote.images and all(len(alt) > 10 for alt in remote.images)
    assert not re.search(r"@import|url\(\s*['\"]?(?!data:|#)", page)


def test_only_who_agreed_is_quoted_and_word_for_word(place, page):
    text = re.sub(r"<[^>]+>", "", page)
    assert "Tee mit [PERSON_9] *heute*." in text
    assert "3. Mai: &quot;Morgen&quot;." in text or '3. Mai: "Morgen".' in text
    assert "![x](http://fremd.example/x.png) &lt;script&gt;x&lt;/script&gt;" in text
    for name, content in files(place.report).items():
        assert SECRET.encode() not in content, name


def test_the_manifest_names_inputs_and_no_machine(place):
    content = manifest.read(place.report)
    assert content["corpus"] == "../../corpora/small"
    assert content["parameters"] == {"language": "de", "seed": 0}
    assert set(content["inputs"]) == {"datapackage.json", "entries.csv", "participants.csv"}
    assert set(content["notebooks"]) == {path.name for path in place.notebooks.iterdir()}
    assert content["outputs"] == manifest.digests(place.report, (manifest.NAME,))
    for name, data in files(place.report).items():
        assert str(place.corpus.parent.parent).encode() not in data, name


def test_building_again_replaces_the_report_with_the_same_bytes(place):
    before = files(place.report)
    steps = []
    built = build_report(
        place.corpus,
        place.report,
        language="de",
        notebooks=place.notebooks,
        progress=lambda name, *_: steps.append(name),
    )
    assert files(built) == before
    assert [path.name for path in place.report.parent.iterdir()] == ["small"]
    assert steps[0] == "01_corpus.ipynb" and "tandem.ipynb (B 2)" in steps
    assert "02_topics.ipynb" not in steps


def test_an_untouched_report_is_verified(place):
    assert verify_report(place.report, notebooks=place.notebooks) == []


def test_verifying_names_what_was_tampered_with(place, tmp_path, monkeypatch):
    moved = tmp_path / "elsewhere" / "report"
    shutil.copytree(place.report, moved)
    (moved / "report.pdf").write_bytes(b"%PDF-tampered")
    (moved / "figures" / "writing_calendar.png").unlink()
    (moved / "figures" / "more.png").write_bytes(b"")

    def built_otherwise(corpus, folder, **given):
        """What a build from another text would give, without the time it takes."""
        assert (corpus, given["language"], given["seed"]) == (place.corpus, "de", 0)
        shutil.copytree(place.report, folder)
        content = manifest.read(folder)
        content["inputs"]["entries.csv"] = content["outputs"]["report.html"] = "0"
        manifest.write(folder / manifest.NAME, content)
        return folder

    monkeypatch.setattr("reflect.report.build_report", built_otherwise)
    assert verify_report(moved, corpus=place.corpus, notebooks=place.notebooks) == [
        "on disk, outputs: figures/more.png is new",
        "on disk, outputs: figures/writing_calendar.png is gone",
        "on disk, outputs: report.pdf differs",
        "built again, inputs: entries.csv differs",
        "built again, outputs: report.html differs",
    ]


def test_a_report_whose_corpus_has_moved_asks_for_it(place, tmp_path):
    moved = tmp_path / "far" / "away" / "report"
    shutil.copytree(place.report, moved)
    with pytest.raises(ReportError, match=r"no such corpus folder\. Name it with --corpus$"):
        verify_report(moved)


def test_a_folder_without_manifest_is_no_report(tmp_path):
    with pytest.raises(ReportError, match=r"manifest\.json: not found\. Give the folder"):
        verify_report(tmp_path)


def test_a_failing_notebook_leaves_the_earlier_report_whole(place, tmp_path):
    notebooks, report = tmp_path / "own", tmp_path / "reports" / "small"
    shutil.copytree(place.notebooks, notebooks)
    shutil.copytree(place.report, report)
    before = files(report)
    failing = "raise KeyError(diary.loc[1, 'text'])"
    write_notebook(notebooks / "01_corpus.ipynb", "One", LOAD, failing)
    with pytest.raises(ReportError, match=r"^01_corpus\.ipynb, cell 4: KeyError\. ") as fault:
        build_report(place.corpus, report, notebooks=notebooks)
    assert SECRET not in str(fault.value) and "\n" not in str(fault.value)
    assert files(report) == before
    assert [path.name for path in report.parent.iterdir()] == ["small"]


def test_a_folder_of_strangers_is_refused_before_anything_runs(place, tmp_path):
    target = tmp_path / "thesis"
    target.mkdir()
    (target / "chapter.docx").write_text("years of work")
    with pytest.raises(ReportError, match="holds files and no report") as fault:
        build_report(place.corpus, target, notebooks=place.notebooks)
    assert str(fault.value) == (
        f"{target}: holds files and no report. Name a new folder, or empty this one"
    )
    assert files(target) == {"chapter.docx": b"years of work"}


def test_a_file_in_the_place_of_the_folder_is_refused(place, tmp_path):
    target = tmp_path / "report"
    target.write_text("here")
    with pytest.raises(ReportError, match=r"report: is a file\. Name a folder for the report$"):
        build_report(place.corpus, target, notebooks=place.notebooks)


def test_a_place_that_cannot_be_is_an_error_that_can_be_mended(place, tmp_path):
    (tmp_path / "file").write_text("here")
    with pytest.raises(ReportError, match="file"):
        build_report(place.corpus, tmp_path / "file" / "report", notebooks=place.notebooks)


def test_a_faulty_corpus_builds_nothing(tmp_path):
    corpus = write_corpus(tmp_path / "small", ENTRIES.replace("2025-04-14", "14th of April"))
    with pytest.raises(CorpusError, match=r"entries\.csv, row 4, column date"):
        build_report(corpus, tmp_path / "report")
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_a_report_left_aside_by_a_killed_build_comes_back(place, tmp_path):
    aside = tmp_path / ".small.old"
    shutil.copytree(place.report, aside)
    with pytest.raises(ReportError, match="no report notebooks found"):
        build_report(place.corpus, tmp_path / "small", notebooks=tmp_path)
    with pytest.raises(ReportError, match="01_corpus"):
        unreadable = tmp_path / "own"
        unreadable.mkdir()
        (unreadable / "01_corpus.ipynb").write_text("{")
        build_report(place.corpus, tmp_path / "small", notebooks=unreadable)
    assert files(tmp_path / "small") == files(place.report)
