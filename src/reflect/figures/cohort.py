"""All tandems at a glance: a small mirrored timeline each."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from reflect.figures.style import (
    GREY,
    INK,
    SIDE_COLOURS,
    SIDE_SHAPES,
    STYLE,
    date_axis,
    empty,
    new_figure,
)
from reflect.labels import label, number
from reflect.moments import SHIFT_MARKERS

_LEVEL, _GAINED = 0.55, 1.25


@matplotlib.rc_context(STYLE)
def cohort_timelines(
    diary: pd.DataFrame,
    events: pd.DataFrame,
    outcomes: pd.DataFrame,
    spans: pd.DataFrame,
    side_labels: Mapping[str, str],
    language: str,
) -> Figure:
    """Small multiples, a panel a tandem on one scale of time: entries, shifts, events, outcomes.

    Parameters
    ----------
    diary : DataFrame
        ``entry_id, tandem_id, side, date``.
    events : DataFrame
        ``tandem_id, date, kind``; meetings are short ticks, other events long ones.
    outcomes : DataFrame
        ``tandem_id, side, date`` (from `reflect.overview.record`).
    spans : DataFrame
        ``entry_id, marker``: entries with a marker of a shift are filled.
    """
    tandems = sorted(diary["tandem_id"].unique())
    if not tandems:
        return empty(*new_figure(7.2, 1.5), label(language, "none.marks"))
    shifted = set(spans.loc[spans["marker"].isin(SHIFT_MARKERS), "entry_id"])
    columns = min(3 if len(tandems) <= 15 else 4, len(tandems))
    rows = -(-len(tandems) // columns)
    height = 0.7 + (1.05 if columns < 4 else 0.9) * rows + 0.8 * (len(tandems) == 1)
    figure = Figure(figsize=(7.2, height), layout="constrained")
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    dates = pd.concat([diary["date"], events["date"], outcomes["date"]])
    margin = max((dates.max() - dates.min()) * 0.04, pd.Timedelta(days=1))
    for panel in panels.ravel()[len(tandems) :]:
        panel.set_visible(False)
    for panel, tandem in zip(panels.ravel(), tandems, strict=False):
        own = [part[part["tandem_id"] == tandem] for part in (diary, events, outcomes)]
        _panel(panel, *own, shifted, list(side_labels))
        panel.set_title(tandem, fontsize=8, pad=2)
    first = panels[0, 0]
    first.set_xlim(dates.min() - margin, dates.max() + margin)
    first.set_ylim(-1.7, 1.7)
    first.set_yticks([])
    # In a column whose last row is empty the dates stand under the panel above.
    for column in range(columns):
        last = [row for row in range(rows) if row * columns + column < len(tandems)][-1]
        panel = panels[last, column]
        date_axis(panel, language)
        if columns > 1:
            locator = panel.xaxis.get_major_locator()
            locator.maxticks = dict.fromkeys(locator.maxticks, 4)
        panel.tick_params(axis="x", labelsize=8, labelbottom=True)
    figure.legend(
        handles=_keys(side_labels, language),
        loc="outside upper left",
        ncols=6,
        frameon=False,
        fontsize=8,
        handletextpad=0.2,
        columnspacing=0.9,
    )
    figure.set_label(
        label(
            language,
            "alt.cohort_timelines",
            tandems=len(tandems),
            entries=number(len(diary), language),
            shifts=number(int(diary["entry_id"].isin(shifted).sum()), language),
            events=number(len(events), language),
            outcomes=number(len(outcomes), language),
        )
    )
    return figure


def _panel(
    panel: Axes,
    diary: pd.DataFrame,
    events: pd.DataFrame,
    outcomes: pd.DataFrame,
    shifted: set[str],
    sides: list[str],
) -> None:
    panel.axhline(0, color=GREY, linewidth=0.6, zorder=1)
    meeting = events["kind"] == "meeting"
    for part, reach in ((events[meeting], 0.12), (events[~meeting], 0.28)):
        panel.vlines(part["date"], -reach, reach, color=INK, linewidth=0.7, zorder=2)
    for index, side in enumerate(sides):
        sign = -1 if index else 1
        own = diary[diary["side"] == side]
        full = own["entry_id"].isin(shifted).to_numpy()
        for chosen, size, alpha in ((~full, 9, 0.35), (full, 22, 1.0)):
            panel.scatter(
                own["date"][chosen],
                np.full(int(chosen.sum()), sign * _LEVEL),
                s=size,
                color=SIDE_COLOURS[index],
                marker=SIDE_SHAPES[index],
                alpha=alpha,
                linewidths=0,
                zorder=3,
            )
        gained = outcomes[outcomes["side"] == side]
        panel.scatter(
            gained["date"],
            np.full(len(gained), sign * _GAINED),
            s=26,
            color=SIDE_COLOURS[index],
            marker="*",
            linewidths=0,
            zorder=3,
        )
    for place in ("left", "bottom"):
        panel.spines[place].set_visible(False)
    panel.tick_params(length=0)


def _keys(side_labels: Mapping[str, str], language: str) -> list[Line2D]:
    def key(name: str, marker: str, colour: str, size: float, alpha: float = 1.0) -> Line2D:
        return Line2D(
            [],
            [],
            linestyle="",
            marker=marker,
            color=colour,
            markersize=size,
            alpha=alpha,
            markeredgewidth=0.8 if marker == "|" else 0,
            label=name,
        )

    sides = [
        key(name, SIDE_SHAPES[index], SIDE_COLOURS[index], 5)
        for index, name in enumerate(side_labels.values())
    ]
    return [
        *sides,
        key(label(language, "legend.entry"), "o", GREY, 3, 0.6),
        key(label(language, "legend.entry_shift"), "o", GREY, 5),
        key(label(language, "legend.outcome"), "*", GREY, 7),
        key(label(language, "legend.event"), "|", INK, 7),
    ]
