"""One document to HTML, PDF and Word: literal text, nothing fetched, the same bytes."""

import base64
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
import typst

import reflect
from reflect.errors import ReportError
from reflect.exhibit import escape
from reflect.labels import label
from reflect.render import render

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
# What might stand in a diary; each must be read as it was written.
DIARY = [
    "[PERSON_1] kam",
    "*Stern* _unter_ **fett**",
    "<script>alert(1)</script> <b>x</b>",
    "![x](http://fremd.example/x.png)",
    "[Link](http://fremd.example) https://fremd.example/a a@fremd.example",
    "$x^2$ H~2~O `code`{=html} \\LaTeX \\",
    "[^1] ^[Fußnote] @quelle (@beispiel)",
    "{#id .klasse} | Strich | ~~weg~~ [x]{.c}",
    "&lt;b&gt; &amp; &copy;",
    "# Kopf",
    "#set page(fill: red) #eval",
]
AT_THE_START = ["3. Juni war gut", "- heute nicht", "+ eins", "a) eins", "(i) zwei", "%Titel"]
AS_TYPED = ['"Ja", sagte er', "it's", "und -- dann...", "Herr --- Frau"]


class Page(HTMLParser):
    """Tags with attributes, and the text of block quotes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.quotes: list[str] = []
        self.depth = 0
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag == "blockquote":
            self.depth += 1
            self.quotes.append("")

    def handle_endtag(self, tag):
        self.depth -= tag == "blockquote"

    def handle_data(self, data):
        if self.depth:
            self.quotes[-1] += data


def built(folder: Path, body: str, front: str = "# Brief\n\nShort.", **changes: str) -> str:
    (folder / "figures").mkdir(parents=True)
    (folder / "figures" / "one.svg").write_bytes(SVG)
    (folder / "figures" / "one.png").write_bytes(PNG)
    words = {"title": "T", "subtitle": "S", "notice": "", "language": "en"} | changes
    render(folder, front, body, **words)
    return (folder / "report.html").read_text("utf-8")


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Page:
    quotes = "\n\n".join(f"> {escape(text)}" for text in [*DIARY, *AT_THE_START, *AS_TYPED])
    return Page(built(tmp_path_factory.mktemp("render") / "r", f"# Quotes\n\n{quotes}"))


@pytest.mark.parametrize("text", DIARY)
def test_diary_text_stays_literal(page, text):
    assert text in [quote.strip() for quote in page.quotes]


@pytest.mark.parametrize("text", AT_THE_START)
def test_a_quotation_that_begins_like_a_list_is_no_list(page, text):
    assert text in [quote.strip() for quote in page.quotes]
    assert not [tag for tag, _ in page.tags if tag == "ol"]


@pytest.mark.parametrize("text", AS_TYPED)
def test_quotation_marks_and_dashes_stay_as_typed(page, text):
    assert text in [quote.strip() for quote in page.quotes]


def test_diary_text_makes_no_tag_link_or_image(page):
    assert not {"script", "img", "b", "em", "strong", "code", "sup", "sub"} & {
        tag for tag, _ in page.tags
    }
    links = {values.get("href") for tag, values in page.tags if tag == "a"}
    assert all(link.startswith("#") for link in links)


@pytest.mark.parametrize(
    "raw", ["<script>x</script>", "<b>x</b>", "\\textbf{x}", "https://fremd.example", "a@b.example"]
)
def test_no_extension_turns_unescaped_text_into_markup(tmp_path, raw):
    page = Page(built(tmp_path / "r", f"> {raw}"))
    assert raw in page.quotes[0]
    assert not {"script", "b", "strong"} & {tag for tag, _ in page.tags}


def test_the_pdf_tells_no_date(tmp_path):
    built(tmp_path / "r", "# A")
    data = (tmp_path / "r" / "report.pdf").read_bytes()
    assert not re.search(rb"D:20\d\d|20\d\d-\d\d-\d\d", data)


def test_nothing_is_fetched_and_every_image_is_described(tmp_path):
    body = '# One\n\n![A [chart]{.x}.](figures/one.svg){#fig-one alt="Two lines."}'
    html = built(tmp_path / "r", body)
    page = Page(html)
    images = [values for tag, values in page.tags if tag == "img"]
    assert [image["alt"] for image in images] == ["Two lines."]
    for _, values in page.tags:
        for name in ("src", "href", "srcset", "data", "action"):
            assert values.get(name, "#").startswith(("#", "data:")), values
    assert not re.search(r"@import|url\((?!['\"]?data:)", html)
    assert "<script" not in html


def test_front_contents_and_body_stand_in_order(tmp_path):
    html = built(tmp_path / "r", "# Later\n\n## Deeper", "# Earlier")
    assert html.count("<html") == html.count("<body") == html.count("</html>") == 1
    contents = html[html.index("<nav") : html.index("</nav>")]
    assert "Later" in contents and "Deeper" in contents
    rest = html.replace(contents, "")
    assert rest.index("Earlier") < rest.index("Later") < rest.index("Deeper")


@pytest.mark.parametrize("language", ["de", "en"])
def test_language_contents_and_notice(tmp_path, language):
    notice = label(language, "report.synthetic")
    html = built(tmp_path / "r", "# A", notice=notice, language=language)
    assert f'<html lang="{language}">' in html
    assert label(language, "report.contents") in html
    said = re.search(r'<p class="notice" role="note">(.*?)</p>', html, re.DOTALL).group(1)
    assert "*" not in said
    assert notice.split()[-1] in said


def test_without_a_notice_there_is_no_box(tmp_path):
    assert 'role="note"' not in built(tmp_path / "r", "# A")


def test_a_title_is_text_and_no_markup(tmp_path):
    html = built(tmp_path / "r", "# A", title='R&D #1 <b> "x" $y$ *z* #eval')
    assert '<h1 class="title">R&amp;D #1 &lt;b&gt; &quot;x&quot; $y$ *z* #eval</h1>' in html
    assert (tmp_path / "r" / "report.pdf").read_bytes().startswith(b"%PDF")


def test_the_same_bytes_wherever_it_is_built(tmp_path):
    body = '# One\n\n![C.](figures/one.svg){#fig-one alt="A."}\n\n| a |\n|---:|\n| 1 |\n\n: T.'
    for name in ("first", "second/below"):
        built(tmp_path / name, body)
    for file in ("report.html", "report.pdf", "report.docx"):
        first, second = ((tmp_path / n / file).read_bytes() for n in ("first", "second/below"))
        assert first == second
        assert str(tmp_path).encode() not in first


def word_parts(folder: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(folder / "report.docx") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_word_file_holds_figure_table_notice_and_literal_quotes(tmp_path):
    import docx

    quotes = "\n\n".join(f"> {escape(text)}" for text in DIARY)
    body = (
        f'# One\n\n![C.](figures/one.svg){{#fig-one alt="A."}}\n\n| a |\n|:--|\n| 1 |\n\n{quotes}'
    )
    built(tmp_path / "r", body, "# Earlier", notice="Made up.")
    document = docx.Document(str(tmp_path / "r" / "report.docx"))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == "T" and "Made up." in texts
    assert texts.index("Earlier") < texts.index("One")
    assert set(DIARY) <= set(texts)
    assert [cell.text for row in document.tables[-1].rows for cell in row.cells] == ["a", "1"]
    parts = word_parts(tmp_path / "r")
    assert PNG in parts.values()
    package = str(Path(reflect.__file__).parent)
    for place in (str(tmp_path), package):
        assert not [name for name, part in parts.items() if place.encode() in part]
    assert not re.search(rb'Target="https?:', b"".join(parts.values()))


def test_sources_are_cited_and_listed_in_every_format(tmp_path):
    html = built(tmp_path / "r", "By [@holm1979simple].\n\n# References\n\n::: {#refs}\n:::")
    assert "By <span" in html and "(Holm 1979)" in html
    assert "Scandinavian Journal of Statistics" in html
    assert b"Scandinavian Journal" in word_parts(tmp_path / "r")["word/document.xml"]


def test_only_the_three_files_are_left(tmp_path):
    built(tmp_path / "r", "# A")
    names = sorted(path.name for path in (tmp_path / "r").iterdir())
    assert names == ["figures", "report.docx", "report.html", "report.pdf"]


def test_broken_typst_is_one_line_and_leaves_nothing_hidden(tmp_path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "one.svg").write_bytes(b"no svg at all")
    words = {"title": "T", "subtitle": "S", "notice": "", "language": "en"}
    body = '![C.](figures/one.svg){#fig-one alt="A."}'
    with pytest.raises(ReportError, match=r"^typst could not write the PDF \(.*\)\. Look") as fault:
        render(tmp_path, "# F", body, **words)
    assert "\n" not in str(fault.value)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(("letters", "torn"), [(1400, False), (1600, True)])
def test_only_a_row_that_may_not_fit_on_a_page_is_torn(tmp_path, monkeypatch, letters, torn):
    sources = []
    compiled = typst.compile

    def compile_and_keep(path: str, **options: object) -> None:
        sources.append(Path(path).read_text("utf-8"))
        compiled(path, **options)

    monkeypatch.setattr(typst, "compile", compile_and_keep)
    words = ("word " * letters)[:letters]
    built(tmp_path / "r", f"| a | b |\n|:--|:--|\n| {words} | x |")
    assert f"#set table.cell(breakable: {str(torn).lower()})" in sources[0]
