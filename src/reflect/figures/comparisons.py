"""Figures that set the two sides beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from reflect.figures.marker_names import Beneath, name_markers
from reflect.figures.style import (
    GREY,
    INK,
    PALE,
    SIDE_COLOURS,
    SIDE_SHAPES,
    STYLE,
    empty,
    legend_above,
    new_figure,
    period_axis,
    wrap,
)
from reflect.labels import in_order, label, number, percent
from reflect.moments import NO_EVENT


@matplotlib.rc_context(STYLE)
def topics_by_side(
    prevalence: pd.DataFrame, topics: pd.DataFrame, side_labels: Mapping[str, str], language: str
) -> Figure:
    """Share of each topic in what each side wrote, with its interval.

    Parameters
    ----------
    prevalence : DataFrame
        ``side, topic, share, low, high``.
    topics : DataFrame
        ``topic, label, stable``; unstable topics are greyed.
    """
    order = topics[topics["topic"] >= 0]
    figure, axes = new_figure(7.2, 0.9 + 0.42 * max(len(order), 2))
    _paired_intervals(axes, prevalence, "topic", list(order["topic"]), side_labels, "share")
    _grey_unstable(axes, order)
    axes.xaxis.set_major_formatter(lambda value, _: percent(value, language))
    axes.set_xlabel(label(language, "axis.topic_share"))
    legend_above(axes)
    wide = prevalence.pivot_table(index="topic", columns="side", values="share")
    wide = wide.reindex(columns=list(side_labels)).fillna(0)
    gap = (wide.iloc[:, 0] - wide.iloc[:, 1]).abs().idxmax() if len(wide) else -1
    widest = dict(zip(topics["topic"], topics["label"], strict=True)).get(gap, "")
    figure.set_label(label(language, "alt.topics_by_side", topics=len(order), widest=widest))
    return figure


@matplotlib.rc_context(STYLE)
def topics_over_time(
    prevalence: pd.DataFrame,
    topics: pd.DataFrame,
    periods: pd.DataFrame,
    side_labels: Mapping[str, str],
    language: str,
) -> Figure:
    """A small panel a topic: its share in each period, one line a side.

    Parameters
    ----------
    prevalence : DataFrame
        ``side, period, topic, share``.
    """
    order = topics[topics["topic"] >= 0]
    columns = 3
    rows = max(1, -(-len(order) // columns))
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 0.5 + 1.35 * rows), layout="constrained")
        panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
        top = float(prevalence["share"].max()) if len(prevalence) else 1.0
        for panel in panels[len(order) :]:
            panel.set_visible(False)
        for panel, topic in zip(panels, order.itertuples(index=False), strict=False):
            own = prevalence[prevalence["topic"] == topic.topic]
            for index, (side, name) in enumerate(side_labels.items()):
                line = own[own["side"] == side].set_index("period")["share"]
                line = line.reindex(periods["period"])
                panel.plot(
                    line.index,
                    line.to_numpy(float),
                    color=SIDE_COLOURS[index],
                    marker=SIDE_SHAPES[index],
                    markersize=2.5,
                    linewidth=1.1,
                    label=name,
                )
            colour = INK if topic.stable else GREY
            panel.set_title(wrap(topic.label, 30), fontsize=8, color=colour)
            panel.set_ylim(0, top * 1.08)
            panel.yaxis.set_major_formatter(lambda value, _: percent(value, language))
            panel.tick_params(labelsize=8)
            period_axis(panel, periods, most=6)
        handles, names = panels[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside upper left", ncols=2, frameon=False, fontsize=8)
    figure.set_label(
        label(language, "alt.topics_over_time", topics=len(order), periods=len(periods))
    )
    return figure


@matplotlib.rc_context(STYLE)
def marker_rates(
    rates: pd.DataFrame,
    side_labels: Mapping[str, str],
    language: str,
    beneath: Beneath | None = None,
) -> Figure:
    """Hits of each marker per 1,000 tokens on each side, with 95 % intervals.

    Parameters
    ----------
    rates : DataFrame
        From `reflect.stats.side_rates`: ``side, marker, hits, rate, low, high``.
    beneath : mapping, optional
        What to write beneath each marker's name, from `reflect.coding.beneath`.
    """
    markers = in_order(rates["marker"])
    figure, axes = new_figure(7.2, 0.9 + 0.4 * max(len(markers), 2))
    _paired_intervals(axes, rates, "marker", markers, side_labels, "rate")
    name_markers(axes, markers, language, beneath)
    axes.set_xlabel(label(language, "axis.per_1000"))
    legend_above(axes)
    hits = int(rates["hits"].sum())
    figure.set_label(
        label(language, "alt.marker_rates", markers=len(markers), hits=number(hits, language))
    )
    return figure


@matplotlib.rc_context(STYLE)
def shifts_around_events(
    around: pd.DataFrame, side_labels: Mapping[str, str], language: str
) -> Figure:
    """Share of entries with a perspective shift after each kind of event, by side.

    Parameters
    ----------
    around : DataFrame
        From `reflect.moments.around_events` with ``low, high`` added.
    """
    kinds = list(around["event_kind"].unique())
    figure, axes = new_figure(7.2, 0.9 + 0.42 * max(len(kinds), 2))
    if set(kinds) <= {NO_EVENT}:
        return empty(figure, axes, label(language, "say.events_none"))
    _paired_intervals(axes, around, "event_kind", kinds, side_labels, "share")
    axes.set_yticks(range(len(kinds)), [label(language, f"after.{kind}") for kind in kinds])
    axes.xaxis.set_major_formatter(lambda value, _: percent(value, language))
    axes.set_xlabel(label(language, "axis.share_with_shift"))
    legend_above(axes)
    entries = number(around["entries"].sum(), language)
    figure.set_label(label(language, "alt.shifts_around_events", kinds=len(kinds), entries=entries))
    return figure


@matplotlib.rc_context(STYLE)
def topic_exchange(exchange: pd.DataFrame, side_labels: Mapping[str, str], language: str) -> Figure:
    """How many topics the other side took up, beside pairs that never met and shifted weeks.

    Parameters
    ----------
    exchange : DataFrame
        From `reflect.topic_exchange.topic_exchange`: ``raised_by, taken_up_by, share, expected,
        shifted``.
    """
    figure, axes = new_figure(7.2, 1.1 + 0.5 * max(len(exchange), 2))
    heights = np.arange(len(exchange))
    for column, shape, fill in (
        ("share", "o", INK),
        ("expected", "D", "white"),
        ("shifted", "|", GREY),
    ):
        axes.scatter(
            exchange[column],
            heights,
            marker=shape,
            s=60 if shape == "|" else 32,
            facecolors=fill,
            edgecolors=None if shape == "|" else INK,
            label=label(language, f"legend.exchange_{column}"),
            zorder=3,
        )
    ways = [
        f"{side_labels[row.raised_by]} → {side_labels[row.taken_up_by]}"
        for row in exchange.itertuples(index=False)
    ]
    axes.set_yticks(heights, [wrap(way, 30) for way in ways])
    axes.set_ylim(max(len(exchange), 1) - 0.5, -0.5)
    axes.set_xlim(left=0)
    axes.grid(axis="x", color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_formatter(lambda value, _: percent(value, language))
    axes.set_xlabel(label(language, "axis.exchange"))
    legend_above(axes)
    told = "; ".join(
        f"{way}: {percent(share, language)}"
        for way, share in zip(ways, exchange["share"], strict=True)
    )
    figure.set_label(label(language, "alt.topic_exchange", ways=told))
    return figure


@matplotlib.rc_context(STYLE)
def learning_flow(counts: pd.DataFrame, side_labels: Mapping[str, str], language: str) -> Figure:
    """Learning and advice between the sides: an arrow each way, as wide as its hits.

    Parameters
    ----------
    counts : DataFrame
        From `reflect.dyad.flow_counts`.
    """
    sides = list(side_labels)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 2.9), layout="constrained")
        panels = figure.subplots(1, 2)
        for panel, marker in zip(panels, ("learning", "advice"), strict=True):
            own = counts[counts["marker"] == marker]
            top = max(own.groupby(["teacher_side", "learner_side"])["hits"].sum().max(), 1)
            panel.set_xlim(0, 10)
            panel.set_ylim(0, 6)
            panel.axis("off")
            panel.set_title(label(language, f"flow.{marker}"))
            for index, side in enumerate(sides):
                _node(panel, (0.1, 7.5)[index], side_labels[side], SIDE_COLOURS[index])
            for index, (teacher, learner) in enumerate((sides, sides[::-1])):
                part = own[(own["teacher_side"] == teacher) & (own["learner_side"] == learner)]
                told = part.set_index("told_by")["hits"]
                words = label(
                    language,
                    "flow.told",
                    learner=int(told.get("learner", 0)),
                    teacher=int(told.get("teacher", 0)),
                )
                _arrow(panel, index, int(told.sum()), top, SIDE_COLOURS[index], words)
    totals = counts[counts["marker"] == "learning"].groupby("learner_side")["hits"].sum()
    figure.set_label(
        label(
            language,
            "alt.learning_flow",
            first=side_labels[sides[0]],
            second=side_labels[sides[1]],
            first_hits=int(totals.get(sides[0], 0)),
            second_hits=int(totals.get(sides[1], 0)),
        )
    )
    return figure


def _paired_intervals(
    axes: Axes,
    table: pd.DataFrame,
    category: str,
    order: Sequence[Any],
    side_labels: Mapping[str, str],
    value: str,
) -> None:
    """Two dots with intervals a category, first side above the second."""
    for index, (side, name) in enumerate(side_labels.items()):
        own = table[table["side"] == side].set_index(category).reindex(order)
        heights = np.arange(len(order)) + (0.16 if index else -0.16)
        centre = own[value].to_numpy(float)
        low = own["low"].to_numpy(float)
        high = own["high"].to_numpy(float)
        axes.hlines(heights, low, high, color=SIDE_COLOURS[index], linewidth=1.6, alpha=0.55)
        axes.scatter(
            centre,
            heights,
            color=SIDE_COLOURS[index],
            marker=SIDE_SHAPES[index],
            s=26,
            label=name,
            zorder=3,
        )
    axes.set_ylim(max(len(order), 1) - 0.5, -0.5)
    axes.set_xlim(left=0)
    axes.set_yticks(range(len(order)), [str(name) for name in order])
    axes.grid(axis="x", color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)


def _grey_unstable(axes: Axes, topics: pd.DataFrame) -> None:
    axes.set_yticks(range(len(topics)), [wrap(name, 38) for name in topics["label"]], fontsize=8)
    for tick, stable in zip(axes.get_yticklabels(), topics["stable"], strict=True):
        tick.set_color(INK if stable else GREY)


def _node(axes: Axes, x: float, name: str, colour: str) -> None:
    box = FancyBboxPatch(
        (x, 2.2), 2.4, 1.6, boxstyle="round,pad=0.05,rounding_size=0.25", color=colour
    )
    axes.add_patch(box)
    axes.text(x + 1.2, 3.0, wrap(name, 13), ha="center", va="center", color="white", fontsize=8.5)


def _arrow(axes: Axes, index: int, hits: int, top: int, colour: str, words: str) -> None:
    """From the teacher's node to the learner's; the first side's arrow runs above."""
    start, stop, bend = (
        ((2.7, 3.5), (7.3, 3.5), -0.35)
        if index == 0
        else (
            (7.3, 2.5),
            (2.7, 2.5),
            -0.35,
        )
    )
    width = 1.0 + 7.0 * hits / top
    head = f"head_length={6 + width},head_width={6 + 1.6 * width}"
    shape = f"simple,{head},tail_width={width}"
    arrow = FancyArrowPatch(
        start,
        stop,
        connectionstyle=f"arc3,rad={bend}",
        arrowstyle=shape,
        color=colour,
        alpha=0.8 if hits else 0.15,
        linewidth=0,
    )
    axes.add_patch(arrow)
    axes.text(5, (5.5, 0.5)[index], words, ha="center", va="center", fontsize=8, color=INK)
    axes.text(5, (3.5, 2.5)[index], str(hits), ha="center", va="center", fontsize=13, color=INK)
