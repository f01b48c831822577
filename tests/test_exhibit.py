"""What a cell shows: names and numbers for readers, raw values for machines, text kept literal."""

import base64

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from reflect import exhibit

SIDES = {"leader": "Führungskraft", "talent": "Talent"}


def shown(data: pd.DataFrame, language: str = "de", **options) -> dict:
    return exhibit.table(data, "participation", language, SIDES, **options).bundle[exhibit.MIME]


@pytest.mark.parametrize(
    ("column", "value", "cell"),
    [
        ("side", "leader", "Führungskraft"),
        ("learner_side", "talent", "Talent"),
        ("side", "stranger", "stranger"),
        ("side", "", ""),
        ("marker", "insight", "Einsicht"),
        ("markers", "insight,learning", "Einsicht, Lernen"),
        ("phase", "early", "früh"),
        ("method", "exact", "exakt"),
        ("told_by", "learner", "Empfangenden"),
        ("verdict", "leader", "Führungskraft"),
        ("verdict", "none", "kein Unterschied zu sehen"),
        ("event_kind", "kickoff", "Auftakt"),
        ("event_kind", "none", "fern von Ereignissen"),
        ("event_kind", "picnic_day", "picnic day"),
        ("kind", "skill", "neue Fertigkeit"),
        ("kind", "kickoff", "Auftakt"),
        ("direction", "", ""),
        ("direction", "mutual", "gegenseitig"),
        ("tandem_id", "", "alle"),
        ("tandem_id", "A", "A"),
        ("description", "insight", "insight"),
        ("both_sides", True, "ja"),
        ("both_sides", np.False_, "nein"),
        ("date", pd.Timestamp("2025-05-08"), "8. Mai 2025"),
        ("date", pd.NaT, "–"),
        ("hits", 1234, "1.234"),
        ("rate", 1234.5, "1.234,50"),
        ("rate", float("nan"), "–"),
        ("rate", float("inf"), "∞"),
        ("label", None, "–"),
    ],
)
def test_cells_are_written_for_german_readers(column, value, cell):
    assert shown(pd.DataFrame({column: [value]}))["rows"] == [[cell]]


def test_titles_come_from_the_catalogue_and_own_columns_keep_their_name():
    about = shown(pd.DataFrame({"side": ["leader"], "my_own": [1]}))
    assert about["columns"] == ["Seite", "my own"]
    assert about["numeric"] == [False, True]


def test_two_columns_of_one_title_both_stay():
    about = shown(pd.DataFrame({"entries": [3], "size": [4]}))
    assert about["rows"] == [["3", "4"]]


def test_the_csv_holds_raw_values_and_is_the_same_everywhere():
    data = pd.DataFrame({"side": ["leader"], "rate": [1 / 3]}, index=[7])
    assert shown(data)["csv"] == "side,rate\nleader,0.333333\n"


def test_decimals_can_be_chosen():
    assert shown(pd.DataFrame({"rate": [0.125]}), "en", decimals=3)["rows"] == [["0.125"]]


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_table_without_rows_is_a_sentence(language):
    data = pd.DataFrame({"side": [], "rate": []})
    said = exhibit.table(data, "participation", language, SIDES).bundle["text/markdown"]
    assert said.startswith("*") and said.endswith("*")


def test_html_of_a_table_escapes_what_people_wrote():
    data = pd.DataFrame({"description": ["<script>alert(1)</script>"]})
    html = exhibit.table(data, "outcomes", "en", SIDES).bundle["text/html"]
    assert "<script" not in html


def drawing() -> Figure:
    figure = Figure(figsize=(1, 1))
    figure.subplots().plot([1, 2])
    figure.set_label("Two points.")
    return figure


def test_a_figure_carries_caption_and_description():
    bundle = exhibit.figure(drawing(), "writing_calendar", "en").bundle
    about = bundle[exhibit.MIME]
    assert about["alt"] == "Two points."
    assert about["caption"].startswith("Who wrote when")
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert "svg" not in about


def test_the_report_asks_for_an_svg_as_well(monkeypatch):
    monkeypatch.setenv(exhibit.SVG_SWITCH, "1")
    about = exhibit.figure(drawing(), "writing_calendar", "en").bundle[exhibit.MIME]
    assert "<svg" in about["svg"]


def test_prose_shows_itself_as_markdown():
    said = exhibit.prose("# Tee")
    assert said._repr_mimebundle_(include=None, exclude=None)["text/markdown"] == "# Tee"
    assert repr(said) == "# Tee"


DIARY = pd.DataFrame(
    {
        "entry_id": ["e1", "e2", "e3"],
        "text": ["Regen.", "Ich <b>sah</b>. Oh.", "GEHEIM. GEHEIM. GEHEIM."],
        "consent": ["full", "full", "no_quotes"],
        "open_findings": [(), (), ()],
    }
)
SPANS = pd.DataFrame(
    [
        ("e1", "learning", 0, 6, "negated"),
        ("e1", "learning", 0, 6, "negated"),
        ("e1", "learning", 0, 6, "negated"),
        ("e2", "insight", 0, 15, ""),
        ("e2", "insight", 16, 19, ""),
        ("e3", "insight", 0, 7, ""),
        ("e3", "insight", 8, 15, ""),
        ("e3", "insight", 16, 23, ""),
    ],
    columns=["entry_id", "marker", "start", "end", "gate"],
).assign(direction="", rule="r1", text="x")


def test_the_densest_entry_is_one_that_may_be_shown_and_whose_hits_count():
    bundle = exhibit.densest_entry(DIARY, SPANS, "de").bundle
    assert "Einsicht" in bundle["text/html"]
    assert "GEHEIM" not in bundle["text/html"] and "Regen" not in bundle["text/html"]
    assert "<b>" not in bundle["text/html"]
    # What tests and logs compare holds no diary text.
    assert bundle["text/plain"] == "e2"


def test_an_entry_with_an_open_finding_is_not_shown():
    suspect = DIARY.assign(open_findings=[(), ((16, 18, 0.4, "person"),), ()])
    shown = exhibit.densest_entry(suspect, SPANS, "de").bundle
    assert shown["text/markdown"] == "*Keine gefunden.*"


def test_without_an_entry_to_show_that_is_said():
    bundle = exhibit.densest_entry(DIARY, SPANS[SPANS["entry_id"] != "e2"], "de").bundle
    assert bundle["text/markdown"] == "*Keine gefunden.*"


@pytest.mark.parametrize("mark", list("\\`*_[]<>$~^#|@&\"'"))
def test_marks_are_escaped_once(mark):
    assert exhibit.escape(f"a{mark}b") == f"a\\{mark}b"


def test_a_figure_with_nothing_to_show_is_no_figure():
    from reflect import figures

    nothing = pd.DataFrame(columns=["learner_side", "marker", "topic", "label"])
    drawn = figures.learned_themes(nothing, {"a": "a", "b": "b"}, "en")
    shown = exhibit.figure(drawn, "learned_themes", "en")
    assert shown.bundle["text/markdown"] == "" and exhibit.MIME not in shown.bundle
