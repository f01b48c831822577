"""Figures of all tandems and of what each side received; style matching in the profile."""

import pandas as pd
import pytest

from reflect import figures
from reflect.labels import label

SIDES = {"a": "author", "b": "critic"}
CLAUSES = pd.DataFrame(
    [
        ("a", "learning", 0, "Tee · Kuchen"),
        ("a", "advice", 0, "Tee · Kuchen"),
        ("b", "advice", 1, "Amt · Brief"),
        ("b", "advice", -1, ""),
    ],
    columns=["learner_side", "marker", "topic", "label"],
)


@pytest.mark.parametrize("language", ["de", "en"])
def test_themes_are_mirrored_and_what_has_no_topic_stands_last(language):
    drawn = figures.learned_themes(CLAUSES, SIDES, language, unstable=["Amt · Brief"])
    left, middle, right = drawn.axes
    assert [text.get_text() for text in middle.texts][:2] == ["Tee · Kuchen", "Amt · Brief"]
    assert middle.texts[-1].get_text() == label(language, "none.theme")
    assert [text.get_color() for text in middle.texts][0] != middle.texts[1].get_color()
    # The left axis runs to the left; both have one scale.
    assert left.get_xlim()[0] > left.get_xlim()[1]
    assert left.get_xlim()[0] == right.get_xlim()[1]
    assert [text.get_text() for text in left.texts] == ["2"]
    assert [text.get_text() for text in right.texts] == ["1", "1"]
    assert "2" in drawn.get_label() and "Tee · Kuchen" in drawn.get_label()


def test_only_the_commonest_themes_have_a_row_of_their_own():
    many = pd.DataFrame(
        [("a", "learning", n, f"topic {n}") for n in range(9) for _ in range(9 - n)],
        columns=CLAUSES.columns,
    )
    middle = figures.learned_themes(many, SIDES, "en", most=4).axes[1]
    assert [text.get_text() for text in middle.texts] == [
        *(f"topic {n}" for n in range(4)),
        "no topic",
    ]


def test_no_theme_is_said():
    drawn = figures.learned_themes(CLAUSES.head(0), SIDES, "en")
    assert drawn.get_gid() == "empty"


def cohort_diary(tandems: int) -> pd.DataFrame:
    rows = [
        (f"{t}-{side}-{day}", f"T{t:02}", side, pd.Timestamp("2025-03-03") + pd.Timedelta(days=day))
        for t in range(tandems)
        for side in "ab"
        for day in (0, 30, 60)
    ]
    return pd.DataFrame(rows, columns=["entry_id", "tandem_id", "side", "date"])


NO_EVENTS = pd.DataFrame(columns=["tandem_id", "date", "kind"]).astype({"date": "datetime64[us]"})
NO_OUTCOMES = pd.DataFrame(columns=["tandem_id", "side", "date"]).astype({"date": "datetime64[us]"})


@pytest.mark.parametrize(("tandems", "columns"), [(1, 1), (2, 2), (12, 3), (15, 3), (40, 4)])
def test_each_tandem_has_a_small_panel_of_its_own(tandems, columns):
    diary = cohort_diary(tandems)
    spans = pd.DataFrame({"entry_id": ["0-a-0", "0-b-0"], "marker": ["insight", "difficulty"]})
    drawn = figures.cohort_timelines(diary, NO_EVENTS, NO_OUTCOMES, spans, SIDES, "en")
    shown = [panel for panel in drawn.axes if panel.get_visible()]
    assert [panel.get_title(loc="left") for panel in shown] == sorted(diary["tandem_id"].unique())
    assert shown[0].get_subplotspec().get_gridspec().ncols == columns
    # Two of the four scatters of the first panel hold what a shift was written in: one entry.
    full = [len(dots.get_offsets()) for dots in shown[0].collections if dots.get_alpha() == 1.0]
    assert sum(full) == 1
    assert f"with {6 * tandems} entries, 1 of them with a shift" in drawn.get_label()
    assert figures.render(drawn, "png") == figures.render(drawn, "png")


def test_a_cohort_without_entries():
    nothing = cohort_diary(0).astype({"date": "datetime64[us]"})
    spans = pd.DataFrame({"entry_id": [], "marker": []})
    drawn = figures.cohort_timelines(nothing, NO_EVENTS, NO_OUTCOMES, spans, SIDES, "en")
    assert drawn.get_gid() == "empty"


def test_style_matching_is_a_panel_about_zero():
    rows = [
        ("T1", "style_matching", 0.03, None, None, ""),
        ("T2", "style_matching", None, None, None, "too_short"),
    ]
    profile = pd.DataFrame(rows, columns=["tandem_id", "measure", "value", "low", "high", "reason"])
    cohort = pd.DataFrame({"measure": [], "expected": []})
    drawn = figures.evenness_profile(profile, cohort, SIDES, "en", ["style_matching"])
    panel = drawn.axes[0]
    assert panel.get_xlim()[0] == -panel.get_xlim()[1]
    assert label("en", "reason.too_short") in [text.get_text() for text in panel.texts]
