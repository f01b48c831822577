"""One function a figure: DataFrames in, a matplotlib Figure out.

The figure's label (`Figure.get_label`) holds its description for people who
cannot see it.
"""

from reflect.figures.comparisons import (
    learning_flow,
    marker_rates,
    shifts_around_events,
    topics_by_side,
    topics_over_time,
)
from reflect.figures.style import render
from reflect.figures.timelines import outcomes_timeline, tandem_timeline, writing_calendar

__all__ = [
    "learning_flow",
    "marker_rates",
    "outcomes_timeline",
    "render",
    "shifts_around_events",
    "tandem_timeline",
    "topics_by_side",
    "topics_over_time",
    "writing_calendar",
]
