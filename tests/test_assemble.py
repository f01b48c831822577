"""From cells to Markdown: what is shown, where, in which language, and nothing twice."""

import base64

import nbformat.v4 as nb
import pytest

from reflect.assemble import Document, add_notebook, pipe_table
from reflect.errors import ReportError
from reflect.exhibit import MIME


def figure(name: str = "chart", **changes: str):
    about = {
        "kind": "figure",
        "name": name,
        "caption": "A *chart*.",
        "alt": "Two lines.",
        "svg": "<svg/>",
    }
    png = base64.b64encode(b"png").decode()
    return shown({"image/png": png, "text/plain": "chart", MIME: about | changes})


def table(name: str = "sums"):
    about = {"kind": "table", "name": name, "caption": "Sums.", "columns": ["a"], "rows": [["1"]]}
    return shown({"text/html": "<table>", MIME: about | {"numeric": [True], "csv": "a\n1\n"}})


def shown(data: dict, **metadata):
    output = nb.new_output("execute_result", data=data, execution_count=1)
    return nb.new_code_cell("secret_code()", outputs=[output], metadata=metadata)


def said(text: str, **metadata):
    return nb.new_markdown_cell(text, metadata=metadata)


def assembled(*cells, language: str = "en", **options) -> Document:
    document = Document()
    add_notebook(document, nb.new_notebook(cells=list(cells)), language, **options)
    return document


def test_code_and_plain_output_are_left_out():
    printed = nb.new_code_cell("1", outputs=[nb.new_output("stream", text="noise")])
    document = assembled(printed, shown({"text/plain": "42"}), shown({"text/html": "<b>x</b>"}))
    assert document.body == document.front == []


def test_cells_for_the_notebook_only_stay_there():
    cells = (
        said("Hidden.", tags=["notebook-only"]),
        shown({"text/markdown": "Hidden too."}, tags=["notebook-only"]),
        said("Seen."),
    )
    assert assembled(*cells).body == ["Seen."]


def test_cells_of_the_front_come_before_the_contents():
    document = assembled(said("Body."), shown({"text/markdown": ["# Front", "\n"]}, tags=["front"]))
    assert (document.front, document.body) == (["# Front\n"], ["Body."])


@pytest.mark.parametrize(("language", "text"), [("de", "Tee."), ("en", "Tea.")])
def test_markdown_comes_in_the_language_of_the_report(language, text):
    assert assembled(said("Tea.", reflect={"de": "Tee."}), language=language).body == [text]


def test_without_a_translation_the_cell_stands_as_it_is():
    assert assembled(said("Tea."), language="de").body == ["Tea."]


@pytest.mark.parametrize(
    ("markdown", "lowered"),
    [
        ("# One\n\n## Two", "## One\n\n### Two"),
        ("Number #1\n#hash", "Number #1\n#hash"),
        ("a # b", "a # b"),
    ],
)
def test_headings_are_lowered_and_nothing_else(markdown, lowered):
    document = assembled(said(markdown), shown({"text/markdown": markdown}), deeper=1)
    assert document.body == [lowered, lowered]


def test_a_figure_is_kept_in_both_forms_and_shown_with_its_description():
    document = assembled(figure(alt='Says "two"\nlines.'), prefix="T1-")
    assert document.figures == {"T1-chart.png": b"png", "T1-chart.svg": b"<svg/>"}
    assert document.body == [
        "![A \\*chart\\*.](figures/T1-chart.svg){#fig-T1-chart alt=\"Says 'two' lines.\"}"
    ]


def test_a_table_is_kept_as_csv_and_shown():
    document = assembled(table())
    assert document.tables == {"sums.csv": b"a\n1\n"}
    assert document.body == ["| a |\n|------:|\n| 1 |\n\n: Sums."]


@pytest.mark.parametrize("exhibit", [figure, table])
def test_a_name_shown_twice_is_refused(exhibit):
    with pytest.raises(ReportError, match=r"is shown twice\. Give each figure and table its own"):
        assembled(exhibit("same"), exhibit("same"))


def test_the_same_notebook_twice_needs_a_prefix():
    document = Document()
    for prefix in ("T1-", "T2-"):
        add_notebook(document, nb.new_notebook(cells=[table()]), "en", prefix=prefix)
    assert sorted(document.tables) == ["T1-sums.csv", "T2-sums.csv"]


def test_bars_and_line_breaks_stay_inside_their_cell():
    text = pipe_table(["a|b", "c"], [["one\ntwo", "x | y"], ["*", "\\"]], [False, False], "A|B.")
    lines = text.splitlines()
    assert lines[0] == "| a\\|b | c |"
    assert lines[2] == "| one two | x \\| y |"
    assert lines[3] == "| \\* | \\\\ |"
    assert lines[-1] == ": A\\|B."


@pytest.mark.parametrize(("numeric", "rule"), [(True, "|------:|"), (False, "|:------|")])
def test_numbers_stand_to_the_right(numeric, rule):
    assert pipe_table(["n"], [["1"]], [numeric], "N.").splitlines()[1] == rule


def test_widths_follow_the_longest_cell_up_to_a_limit():
    rule = pipe_table(["a", "b"], [["x" * 500, "yyyy"]], [False, False], "W.").splitlines()[1]
    assert rule == "|:" + "-" * 48 + "|:-------|"
