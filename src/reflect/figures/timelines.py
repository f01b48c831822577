"""Figures along time: who wrote when, what came of it, and one tandem in full."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reflect.figures.style import (
    GREY,
    INK,
    MARKER_COLOURS,
    PALE,
    SIDE_COLOURS,
    SIDE_SHAPES,
    STYLE,
    date_axis,
    empty,
    legend_above,
    new_figure,
    period_axis,
)
from reflect.labels import label, number


@matplotlib.rc_context(STYLE)
def writing_calendar(
    counts: pd.DataFrame,
    periods: pd.DataFrame,
    side_labels: Mapping[str, str],
    language: str,
) -> Figure:
    """Who wrote when: a dot for each person and period, larger with more words.

    Parameters
    ----------
    counts : DataFrame
        ``tandem_id, side, period, entries, words``.
    periods : DataFrame
        From `reflect.periods.periods`: ``period, label``.
    side_labels : mapping
        Side to the name shown; its order is first side above, second below.
    """
    tandems = sorted(counts["tandem_id"].unique())
    figure, axes = new_figure(7.2, 0.9 + 0.36 * max(len(tandems), 2))
    top = max(float(counts["words"].max()), 1.0)
    for index, (side, name) in enumerate(side_labels.items()):
        own = counts[counts["side"] == side]
        shift = 0.18 if index else -0.18
        axes.scatter(
            own["period"],
            [tandems.index(tandem) + shift for tandem in own["tandem_id"]],
            s=10 + 70 * own["words"] / top,
            color=SIDE_COLOURS[index],
            marker=SIDE_SHAPES[index],
            label=name,
            linewidths=0,
        )
    axes.set_yticks(range(len(tandems)), tandems)
    axes.set_ylim(len(tandems) - 0.4, -0.6)
    axes.grid(axis="y", color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    period_axis(axes, periods)
    axes.set_xlabel(label(language, "axis.period"))
    legend_above(axes)
    people = counts.groupby(["tandem_id", "side"]).ngroups
    figure.set_label(
        label(
            language,
            "alt.writing_calendar",
            people=people,
            tandems=len(tandems),
            periods=len(periods),
            filled=number(len(counts), language),
        )
    )
    return figure


@matplotlib.rc_context(STYLE)
def outcomes_timeline(
    outcomes: pd.DataFrame,
    events: pd.DataFrame,
    side_labels: Mapping[str, str],
    language: str,
) -> Figure:
    """What came of it and when: a mark for each outcome, coloured by the side that gained.

    Parameters
    ----------
    outcomes : DataFrame
        ``tandem_id, side, date, kind``.
    events : DataFrame
        ``tandem_id, date``; shown as small ticks, as context and not as cause.
    """
    tandems = sorted(set(events["tandem_id"]) | set(outcomes["tandem_id"]))
    figure, axes = new_figure(7.2, 1.1 + 0.42 * max(len(tandems), 2))
    if not tandems:
        return empty(figure, axes, label(language, "none.marks"))
    rows = {tandem: index for index, tandem in enumerate(tandems)}
    axes.scatter(
        events["date"],
        [rows[tandem] for tandem in events["tandem_id"]],
        marker="|",
        color=GREY,
        s=40,
        linewidths=0.8,
        label=label(language, "legend.event"),
    )
    for index, (side, name) in enumerate(side_labels.items()):
        own = outcomes[outcomes["side"] == side]
        shift = 0.2 if index else -0.2
        heights = [rows[tandem] + shift for tandem in own["tandem_id"]]
        axes.scatter(
            own["date"],
            heights,
            color=SIDE_COLOURS[index],
            marker=SIDE_SHAPES[index],
            s=28,
            label=name,
            zorder=3,
        )
    axes.set_yticks(range(len(tandems)), tandems)
    axes.set_ylim(len(tandems) - 0.4, -0.6)
    axes.grid(axis="y", color=PALE, linewidth=0.6)
    date_axis(axes, language)
    legend_above(axes)
    figure.set_label(
        label(language, "alt.outcomes_timeline", outcomes=len(outcomes), tandems=len(tandems))
    )
    return figure


@matplotlib.rc_context(STYLE)
def tandem_timeline(
    entries: pd.DataFrame,
    events: pd.DataFrame,
    outcomes: pd.DataFrame,
    spans: pd.DataFrame,
    side_labels: Mapping[str, str],
    language: str,
) -> Figure:
    """One tandem: both sides mirrored about the line of events.

    Parameters
    ----------
    entries : DataFrame
        The tandem's ``entry_id, side, date, words``.
    events : DataFrame
        ``date, kind``.
    outcomes : DataFrame
        ``side, date, kind``.
    spans : DataFrame
        ``entry_id, marker``: coloured squares over the entry that carries them.
    """
    figure, axes = new_figure(7.2, 5.2)
    dates = pd.concat([entries["date"], events["date"], outcomes["date"]])
    if dates.empty:
        return empty(figure, axes, label(language, "none.marks"))
    first, last = dates.min(), dates.max()
    margin = max((last - first) * 0.03, pd.Timedelta(days=1))
    axes.set_xlim(first - margin, last + margin)
    axes.axhline(0, color=GREY, linewidth=0.8)
    shown = spans[spans["marker"].isin(MARKER_COLOURS)].drop_duplicates(["entry_id", "marker"])
    heights = []
    for index, (side, name) in enumerate(side_labels.items()):
        sign = -1 if index else 1
        own = entries[entries["side"] == side]
        _entries(axes, own, index, name)
        top = _markers(axes, own, shown, sign)
        gained = outcomes[outcomes["side"] == side]
        heights.append(_outcomes(axes, gained, index, top + 0.6, (first, last), language))
    _events(axes, events, (first, last), language)
    axes.set_ylim(-heights[1] - 0.5, heights[0] + 0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    date_axis(axes, language)
    handles, names = axes.get_legend_handles_labels()
    for marker in [name for name in MARKER_COLOURS if name in set(shown["marker"])]:
        handles.append(_square(axes, [], [], [MARKER_COLOURS[marker]]))
        names.append(label(language, f"marker.{marker}"))
    axes.legend(
        handles,
        names,
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=5,
        frameon=False,
        fontsize=8,
        handletextpad=0.3,
        columnspacing=1.0,
    )
    figure.set_label(
        label(
            language,
            "alt.tandem_timeline",
            entries=len(entries),
            events=len(events),
            outcomes=len(outcomes),
            markers=len(shown),
        )
    )
    return figure


def _entries(axes: Axes, own: pd.DataFrame, index: int, name: str) -> None:
    level = -0.9 if index else 0.9
    axes.vlines(own["date"], 0, level, color=PALE, linewidth=1, zorder=1)
    axes.scatter(
        own["date"],
        np.full(len(own), level),
        s=12 + own["words"].to_numpy(float) / 5,
        color=SIDE_COLOURS[index],
        marker=SIDE_SHAPES[index],
        label=name,
        zorder=3,
    )


def _markers(axes: Axes, own: pd.DataFrame, shown: pd.DataFrame, sign: int) -> float:
    """A stack of squares over each entry; returns the highest level used."""
    marked = own.merge(shown, on="entry_id").sort_values(["entry_id", "marker"])
    level = 1.35 + 0.34 * marked.groupby("entry_id").cumcount()
    colours = [MARKER_COLOURS[marker] for marker in marked["marker"]]
    _square(axes, marked["date"], sign * level, colours)
    return float(level.max()) if len(level) else 1.2


def _square(axes: Axes, x: object, y: object, colours: list[str]) -> object:
    return axes.scatter(
        x, y, color=colours, marker="s", s=20, edgecolors=INK, linewidths=0.3, zorder=3
    )


def _outcomes(
    axes: Axes,
    gained: pd.DataFrame,
    index: int,
    base: float,
    span: tuple[pd.Timestamp, pd.Timestamp],
    language: str,
) -> float:
    """A star and its name for each outcome, each on the lowest level that is free there.

    Returns the highest level used.
    """
    sign = -1 if index else 1
    days = max((span[1] - span[0]).days, 1)
    letter = days * 0.0143
    taken: list[list[tuple[float, float]]] = []
    for outcome in gained.sort_values(["date", "kind"]).itertuples(index=False):
        name = label(language, f"outcome.{outcome.kind}")
        at = (outcome.date - span[0]).days
        left = at - letter * (len(name) + 2) >= -0.02 * days
        room = (
            (at - letter * (len(name) + 2), at + letter)
            if left
            else (
                at - letter,
                at + letter * (len(name) + 2),
            )
        )
        level = next(
            (
                place
                for place, row in enumerate(taken)
                if all(room[1] < start or room[0] > stop for start, stop in row)
            ),
            len(taken),
        )
        taken += [[]] if level == len(taken) else []
        taken[level].append(room)
        height = sign * (base + 0.45 * level)
        axes.plot([outcome.date], [height], "*", color=SIDE_COLOURS[index], markersize=8)
        axes.annotate(
            name,
            (outcome.date, height),
            xytext=(-6 if left else 6, 0),
            textcoords="offset points",
            ha="right" if left else "left",
            va="center",
            fontsize=8,
        )
    return base + 0.45 * max(len(taken) - 1, 0)


def _events(
    axes: Axes, events: pd.DataFrame, span: tuple[pd.Timestamp, pd.Timestamp], language: str
) -> None:
    meetings = events[events["kind"] == "meeting"]
    axes.plot(meetings["date"], np.zeros(len(meetings)), "|", color=INK, markersize=7)
    special = events[events["kind"] != "meeting"].drop_duplicates(["date", "kind"])
    axes.plot(special["date"], np.zeros(len(special)), "o", color=INK, markersize=5)
    middle = span[0] + (span[1] - span[0]) / 2
    for place, event in enumerate(special.sort_values("date").itertuples(index=False)):
        right = event.date > middle
        axes.annotate(
            label(language, f"event.{event.kind}"),
            (event.date, 0),
            xytext=(3 if right else -3, -9 if place % 2 else 9),
            textcoords="offset points",
            fontsize=8,
            ha="right" if right else "left",
            va="center",
            color=INK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4, "alpha": 0.85},
            zorder=4,
        )
