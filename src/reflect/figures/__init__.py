"""One function a figure: DataFrames in, a matplotlib Figure out.

The figure's label (`Figure.get_label`) holds its description for people who
cannot see it.
"""

from reflect.figures.change import change_ratios
from reflect.figures.cohort import cohort_timelines
from reflect.figures.comparisons import (
    learning_flow,
    marker_rates,
    shifts_around_events,
    topic_exchange,
    topics_by_side,
    topics_over_time,
)
from reflect.figures.coupling import coupling_lags
from reflect.figures.evenness import evenness_profile
from reflect.figures.keyness import contrast_words
from reflect.figures.style import render
from reflect.figures.themes import learned_themes
from reflect.figures.timelines import outcomes_timeline, tandem_timeline, writing_calendar

__all__ = [
    "change_ratios",
    "cohort_timelines",
    "contrast_words",
    "coupling_lags",
    "evenness_profile",
    "learned_themes",
    "learning_flow",
    "marker_rates",
    "outcomes_timeline",
    "render",
    "shifts_around_events",
    "tandem_timeline",
    "topic_exchange",
    "topics_by_side",
    "topics_over_time",
    "writing_calendar",
]
