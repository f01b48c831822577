"""Every figure is drawn, described and the same each time, also from almost nothing."""

import re
import subprocess
import sys

import pandas as pd
import pytest
from matplotlib.figure import Figure

from reflect import figures
from reflect.dyad import flow_counts
from reflect.figures.style import MARKER_COLOURS, wrap
from reflect.moments import SHIFT_MARKERS
from reflect.periods import periods

SIDES = {"leader": "Führungskräfte", "talent": "Talente"}
LONG = {
    "leader": "Führungskräfte aus kleinen und mittleren Unternehmen",
    "talent": "Auszubildende im zweiten und dritten Lehrjahr",
}
WEEKS = periods(pd.Timestamp("2025-03-03"), pd.Timestamp("2025-04-13"))
ONE_WEEK = periods(pd.Timestamp("2025-03-03"), pd.Timestamp("2025-03-05"))
YEARS = periods(pd.Timestamp("1860-01-01"), pd.Timestamp("1899-12-31"))


def dated(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(date=pd.to_datetime(table["date"]).astype("datetime64[us]"))


def written(tandems: int, weeks: int) -> pd.DataFrame:
    rows = [
        (f"T{tandem}", side, week + 1, 1, 50 * (week + 1))
        for tandem in range(tandems)
        for side in SIDES
        for week in range(weeks)
    ]
    return pd.DataFrame(rows, columns=["tandem_id", "side", "period", "entries", "words"])


EVENTS = dated(
    pd.DataFrame(
        [
            ("v1", "A", "2025-03-03", "kickoff"),
            ("v2", "A", "2025-03-10", "meeting"),
            ("v3", "A", "2025-04-10", "an_unheard_of_gathering_of_everybody"),
        ],
        columns=["event_id", "tandem_id", "date", "kind"],
    )
)
OUTCOMES = dated(
    pd.DataFrame(
        [
            ("A", "leader", "2025-04-09", "skill"),
            ("A", "talent", "2025-04-09", "a_prize_with_a_very_long_name_indeed"),
            ("A", "talent", "2025-04-09", "skill"),
        ],
        columns=["tandem_id", "side", "date", "kind"],
    )
)
ENTRIES = dated(
    pd.DataFrame(
        [("e1", "leader", "2025-03-04", 80), ("e2", "talent", "2025-03-05", 300)],
        columns=["entry_id", "side", "date", "words"],
    )
)
SPANS = pd.DataFrame(
    [("e1", "insight"), ("e1", "insight"), ("e1", "learning"), ("e2", "advice")],
    columns=["entry_id", "marker"],
)


def rates(*markers: str, hits: int = 4) -> pd.DataFrame:
    rows = [(side, m, hits, 1.0 * hits, 0.5 * hits, 2.0 * hits) for side in SIDES for m in markers]
    return pd.DataFrame(rows, columns=["side", "marker", "hits", "rate", "low", "high"])


def topics(number: int) -> pd.DataFrame:
    rows = [(-1, "rest", False)]
    rows += [
        (topic, f"Thema {topic} " * (1 + 5 * topic), topic % 2 == 0) for topic in range(number)
    ]
    return pd.DataFrame(rows, columns=["topic", "label", "stable"])


def shares(number: int, weeks: int = 0) -> pd.DataFrame:
    rows = [
        (side, week, topic, 0.1 + 0.2 * index, 0.05, 0.5)
        for index, side in enumerate(SIDES)
        for week in range(1, weeks + 1 or 2)
        for topic in range(number)
    ]
    return pd.DataFrame(rows, columns=["side", "period", "topic", "share", "low", "high"])


def around(*kinds: str) -> pd.DataFrame:
    rows = [(kind, side, 10, 5, 0.5, 0.2, 0.8) for kind in kinds for side in SIDES]
    names = ["event_kind", "side", "entries", "entries_with", "share", "low", "high"]
    return pd.DataFrame(rows, columns=names)


def flow(**hits: int) -> pd.DataFrame:
    """Hits of learning by learner, told by the learner."""
    learners = [side for side, number in hits.items() for _ in range(number)]
    table = pd.DataFrame({"learner_side": learners, "writer_side": learners}, dtype="str")
    table = table.assign(tandem_id="A", marker="learning")
    return flow_counts(table, tuple(SIDES))


CASES = {
    "calendar": lambda: figures.writing_calendar(written(3, 6), WEEKS, SIDES, "de"),
    "calendar of one tandem in one week": lambda: figures.writing_calendar(
        written(1, 1), ONE_WEEK, SIDES, "en"
    ),
    "calendar of one side": lambda: figures.writing_calendar(
        written(2, 3).query("side == 'talent'"), WEEKS, SIDES, "en"
    ),
    "calendar over decades": lambda: figures.writing_calendar(written(2, 40), YEARS, SIDES, "en"),
    "calendar with long names": lambda: figures.writing_calendar(written(1, 2), WEEKS, LONG, "de"),
    "calendar of nothing": lambda: figures.writing_calendar(
        written(1, 1).head(0), ONE_WEEK, SIDES, "de"
    ),
    "outcomes": lambda: figures.outcomes_timeline(OUTCOMES, EVENTS, SIDES, "de"),
    "outcomes without events": lambda: figures.outcomes_timeline(
        OUTCOMES, EVENTS.head(0), LONG, "en"
    ),
    "events without outcomes": lambda: figures.outcomes_timeline(
        OUTCOMES.head(0), EVENTS, SIDES, "de"
    ),
    "neither": lambda: figures.outcomes_timeline(OUTCOMES.head(0), EVENTS.head(0), SIDES, "de"),
    "tandem": lambda: figures.tandem_timeline(ENTRIES, EVENTS, OUTCOMES, SPANS, SIDES, "de"),
    "tandem with long names": lambda: figures.tandem_timeline(
        ENTRIES, EVENTS, OUTCOMES, SPANS, LONG, "en"
    ),
    "tandem without marks": lambda: figures.tandem_timeline(
        ENTRIES, EVENTS.head(0), OUTCOMES.head(0), SPANS.head(0), SIDES, "de"
    ),
    "tandem of one writer and one day": lambda: figures.tandem_timeline(
        ENTRIES.head(1), EVENTS.head(0), OUTCOMES.head(0), SPANS, SIDES, "de"
    ),
    "tandem that wrote nothing": lambda: figures.tandem_timeline(
        ENTRIES.head(0), EVENTS, OUTCOMES.head(0), SPANS.head(0), SIDES, "de"
    ),
    "tandem without anything": lambda: figures.tandem_timeline(
        ENTRIES.head(0), EVENTS.head(0), OUTCOMES.head(0), SPANS.head(0), SIDES, "de"
    ),
    "rates": lambda: figures.marker_rates(rates("insight", "learning"), SIDES, "de"),
    "rates without hits": lambda: figures.marker_rates(rates("insight", hits=0), SIDES, "en"),
    "rates of one side": lambda: figures.marker_rates(
        rates("insight").query("side == 'leader'"), LONG, "en"
    ),
    "rates without markers": lambda: figures.marker_rates(rates(), SIDES, "en"),
    "topics": lambda: figures.topics_by_side(shares(3), topics(3), SIDES, "de"),
    "topics of one side": lambda: figures.topics_by_side(
        shares(2).query("side == 'talent'"), topics(2), LONG, "en"
    ),
    "no topics": lambda: figures.topics_by_side(shares(0), topics(0), SIDES, "de"),
    "topics over time": lambda: figures.topics_over_time(
        shares(4, 6), topics(4), WEEKS, SIDES, "de"
    ),
    "one topic in one week": lambda: figures.topics_over_time(
        shares(1, 1), topics(1), ONE_WEEK, LONG, "en"
    ),
    "no topics over time": lambda: figures.topics_over_time(
        shares(0), topics(0), WEEKS, SIDES, "de"
    ),
    "shifts": lambda: figures.shifts_around_events(around("kickoff", "none"), SIDES, "de"),
    "shifts without events": lambda: figures.shifts_around_events(around("none"), LONG, "en"),
    "shifts of nothing": lambda: figures.shifts_around_events(around(), SIDES, "en"),
    "flow": lambda: figures.learning_flow(flow(leader=3, talent=40), SIDES, "de"),
    "flow one way": lambda: figures.learning_flow(flow(leader=1), LONG, "en"),
    "flow without hits": lambda: figures.learning_flow(flow(), SIDES, "de"),
}


# A layout that finds no room for its axes only warns.
@pytest.mark.filterwarnings("error:constrained_layout")
@pytest.mark.parametrize("case", CASES)
def test_every_figure_is_drawn_and_described(case):
    figure = CASES[case]()
    assert isinstance(figure, Figure)
    described = figure.get_label()
    assert len(described) > 10
    assert not re.search(r"\bnan\b|None|\{|\}", described)
    svg = figures.render(figure, "svg").decode()
    assert "<svg" in svg
    # One image in a page of many: no clock, no program's name, nothing fetched.
    assert "<dc:date>" not in svg and not re.search(r"20\d\d-\d\d-\d\dT", svg)
    assert not re.search(r"""(?:href|src)=["'](?!#)""", svg)


@pytest.mark.parametrize("kind", ["png", "svg"])
@pytest.mark.parametrize("case", ["calendar", "tandem", "topics over time", "flow"])
def test_a_figure_has_the_same_bytes_every_time(case, kind):
    first, second = (figures.render(CASES[case](), kind) for _ in range(2))
    assert first == second
    figure = CASES[case]()
    assert figures.render(figure, kind) == figures.render(figure, kind) == first


def test_a_png_names_no_program_and_no_date():
    data = figures.render(CASES["flow"](), "png")
    assert data.startswith(b"\x89PNG")
    assert not re.search(rb"tEXt|iTXt|tIME|Matplotlib", data)


def test_bytes_do_not_hang_on_the_users_own_style():
    import matplotlib

    plain = figures.render(CASES["rates"](), "svg")
    with matplotlib.rc_context({"font.size": 20, "axes.facecolor": "red", "svg.hashsalt": None}):
        styled = figures.render(CASES["rates"](), "svg")
    assert styled == plain


def test_the_description_tells_the_counts():
    assert "15" not in CASES["rates"]().get_label()
    assert "16" in CASES["rates"]().get_label()  # 2 sides, 2 markers, 4 hits each
    described = figures.learning_flow(flow(leader=3, talent=41), SIDES, "en").get_label()
    assert described.index("3") < described.index("41")
    calendar = CASES["calendar"]().get_label()
    assert all(number in calendar for number in ("6 ", "3 ", "36"))


def test_a_marker_twice_in_an_entry_is_one_square():
    # insight (twice) and learning; advice is no shift and has no colour.
    assert "3 Marker" not in CASES["tandem"]().get_label()
    assert "2 Marker" in CASES["tandem"]().get_label()


def test_only_shift_markers_have_colours():
    assert set(MARKER_COLOURS) <= set(SHIFT_MARKERS)
    assert len(set(MARKER_COLOURS.values())) == len(MARKER_COLOURS)


@pytest.mark.parametrize("case", ["outcomes", "tandem", "calendar"])
def test_the_callers_tables_are_left_alone(case):
    tables = [EVENTS, OUTCOMES, ENTRIES, SPANS, WEEKS]
    copies = [table.copy(deep=True) for table in tables]
    CASES[case]()
    for table, copy in zip(tables, copies, strict=True):
        pd.testing.assert_frame_equal(table, copy)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("ein kurzer Satz", "ein kurzer\nSatz"),
        ("Donaudampfschifffahrt ja", "Donaudampfschifffahrt\nja"),
        ("", ""),
    ],
)
def test_long_names_are_broken_between_words(text, lines):
    assert wrap(text, 10) == lines


def test_drawing_never_loads_pyplot():
    code = (
        "import sys, pandas as pd; from reflect import exhibit, figures\n"
        "from reflect.dyad import flow_counts\n"
        "flow = pd.DataFrame(columns=['marker', 'learner_side', 'writer_side', 'tandem_id'])\n"
        "counts = flow_counts(flow, ('a', 'b'))\n"
        "figure = figures.learning_flow(counts, {'a': 'A', 'b': 'B'}, 'en')\n"
        "exhibit.figure(figure, 'learning_flow', 'en')\n"
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=120).returncode == 0


def test_topic_exchange_tells_both_directions():
    table = pd.DataFrame(
        [("a", "b", 0.45, 0.1, 0.3), ("b", "a", 0.2, 0.1, float("nan"))],
        columns=["raised_by", "taken_up_by", "share", "expected", "shifted"],
    )
    drawn = figures.topic_exchange(table, {"a": "author", "b": "critic"}, "en")
    assert "author → critic: 45%; critic → author: 20%." in drawn.get_label()
    assert figures.render(drawn, "svg") == figures.render(drawn, "svg")
