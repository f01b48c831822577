"""Figures of the measures: drawn, described, the same each time, also from almost nothing."""

import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from reflect.change import CHANGE_COLUMNS
from reflect.evenness import MEASURES
from reflect.figures.change import change_ratios
from reflect.figures.coupling import coupling_lags
from reflect.figures.evenness import evenness_profile
from reflect.figures.keyness import contrast_words
from reflect.figures.style import SIDE_COLOURS, render
from reflect.keyness import KEYNESS_COLUMNS

SIDES = {"leader": "Führungskräfte", "talent": "Talente"}


def profile(tandems: int, value: float = 0.4) -> pd.DataFrame:
    rows = [
        (f"T{t}", measure.name, 1.0, 2.0)
        + ((np.nan, np.nan, np.nan, 1, "too_few") if t % 3 == 2 else (value, 0.2, 0.7, 9, ""))
        for t in range(tandems)
        for measure in MEASURES
    ]
    names = ["tandem_id", "measure", "first", "second", "value", "low", "high", "hits", "reason"]
    return pd.DataFrame(rows, columns=names)


COHORT = pd.DataFrame({"measure": [m.name for m in MEASURES], "expected": 0.3})


def changes(*rows: tuple) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["marker", "contrast", "ratio", "low", "high", "verdict"])
    return table.reindex(columns=CHANGE_COLUMNS)


CHANGES = changes(
    ("insight", "leader", 2.0, 1.2, 3.3, "more"),
    ("insight", "talent", 0.9, 0.4, 2.2, "none"),
    ("insight", "difference", 2.2, 0.9, 6.0, "none"),
    ("learning", "leader", 0.001, 0.0, np.inf, "described"),
    ("learning", "talent", np.nan, np.nan, np.nan, "too_few"),
)
LAGS = pd.DataFrame(
    {
        "lag": [-1, 0, 1],
        "tandems": [6, 6, 6],
        "pairs": [60, 66, 60],
        "r": [0.02, 0.61, -0.1],
        "low": [-0.2] * 3,
        "high": [0.2] * 3,
        "expected": [0.0, 0.05, 0.0],
        "verdict": ["none", "together", "none"],
    }
)


def words(number: int) -> pd.DataFrame:
    rows = [
        ("de", f"Wort{n}", 5 + n, 20 - n, 4, 4, odds, 3 * odds, odds - 1, odds + 1, 0.5)
        + ("leader" if n == number - 1 else "none",)
        for n, odds in enumerate(np.linspace(-2, 2, number))
    ]
    return pd.DataFrame(rows, columns=KEYNESS_COLUMNS)


def draw(kind: str, language: str = "de", small: bool = False) -> Figure:
    if kind == "evenness":
        return evenness_profile(profile(1 if small else 5), COHORT, SIDES, language)
    if kind == "change":
        return change_ratios(CHANGES.iloc[:1] if small else CHANGES, SIDES, language)
    if kind == "coupling":
        return coupling_lags(LAGS.iloc[:1] if small else LAGS, SIDES, "week", language)
    return contrast_words(words(1 if small else 30), SIDES, language)


KINDS = ["evenness", "change", "coupling", "keyness"]


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_is_drawn_and_described_in_its_language(kind, language, small):
    figure = draw(kind, language, small)
    alt = figure.get_label()
    assert len(alt.split()) >= 6
    # Every value was filled in, and nothing is written in bare ids.
    assert not re.search(r"[{}_]|nan|leader|talent", alt)
    assert render(figure, "png").startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", KINDS)
def test_languages_differ_and_bytes_do_not(kind):
    assert draw(kind, "de").get_label() != draw(kind, "en").get_label()
    assert render(draw(kind), "svg") == render(draw(kind), "svg")


@pytest.mark.parametrize(
    "figure",
    [
        lambda: evenness_profile(profile(0), COHORT, SIDES, "en"),
        lambda: change_ratios(CHANGES.iloc[:0], SIDES, "en"),
        lambda: change_ratios(CHANGES.iloc[-1:], SIDES, "en"),
        lambda: coupling_lags(LAGS.assign(r=np.nan), SIDES, "year", "en"),
        lambda: contrast_words(words(3).iloc[:0], SIDES, "en"),
    ],
)
def test_nothing_to_show_is_said(figure):
    drawn = figure()
    assert drawn.get_label() == drawn.axes[0].texts[0].get_text()
    assert render(drawn, "png")


def test_only_what_the_evidence_bears_is_filled():
    dots = [c for c in draw("change").axes[0].collections if len(c.get_offsets())]
    first = next(c for c in dots if len(c.get_facecolors()) == 2)
    assert [to_hex(colour) for colour in first.get_facecolors()] == ["#0072b2", "#ffffff"]


def test_intervals_beyond_the_axis_are_cut():
    axes = draw("change").axes[0]
    low, high = axes.get_xlim()
    for lines in axes.collections:
        for path in lines.get_paths() if hasattr(lines, "get_segments") else []:
            known = path.vertices[:, 0][np.isfinite(path.vertices[:, 0])]
            assert ((known >= low * 0.999) & (known <= high * 1.001)).all()


def test_a_missing_value_says_why_in_its_place():
    figure = evenness_profile(profile(3), COHORT, SIDES, "en")
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert texts == ["too few hits"] * 4


def test_a_balance_takes_the_colour_of_the_side_it_leans_to():
    figure = evenness_profile(profile(1), COHORT, SIDES, "en")
    dots = figure.axes[0].collections[-1]
    assert to_hex(dots.get_facecolors()[0]) == SIDE_COLOURS[0].lower()
    turned = profile(1).assign(value=-0.4, low=-0.7, high=-0.2)
    dots = evenness_profile(turned, COHORT, SIDES, "en").axes[0].collections[-1]
    assert to_hex(dots.get_facecolors()[0]) == SIDE_COLOURS[1].lower()


def test_a_claimed_delay_is_named_and_filled():
    figure = draw("coupling", "en")
    assert "0.61" in figure.get_label() and "same week" in figure.get_label()
    assert [t.get_text() for t in figure.axes[0].get_xticklabels()] == [
        "−1 week",
        "same week",
        "+1 week",
    ]


def test_claimed_words_are_bold_and_carry_their_counts():
    side = draw("keyness").axes[1]
    bold = [text.get_text() for text in side.texts if text.get_fontweight() == "bold"]
    assert bold == ["Wort29 (34:-9)"]
    assert len([text for text in side.texts if text.get_text()]) == 24
