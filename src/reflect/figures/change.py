"""Movement over time: rate ratios with their intervals."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from reflect.figures.marker_names import Beneath, name_markers
from reflect.figures.style import (
    GREY,
    INK,
    PALE,
    SIDE_COLOURS,
    SIDE_SHAPES,
    empty,
    legend_above,
    new_figure,
)
from reflect.labels import in_order, label, number

_TICKS = (1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8)
_REACH = 12


def change_ratios(
    changes: pd.DataFrame,
    side_labels: Mapping[str, str],
    language: str,
    beneath: Beneath | None = None,
) -> Figure:
    """How often each marker is written in the last third against the first, by side.

    A filled mark is a change that the evidence bears; an open one is not told from chance, or only
    described. Intervals beyond the axis are cut.

    Parameters
    ----------
    changes : DataFrame
        From `reflect.change.change`: ``marker, contrast, ratio, low, high, verdict``.
    beneath : mapping, optional
        What to write beneath each marker's name, from `reflect.coding.beneath`; a greyed
        marker has open marks only.
    """
    own = changes[changes["contrast"].isin(list(side_labels)) & changes["low"].notna()]
    markers = in_order(own["marker"])
    grey = {marker for marker, (_, greyed) in (beneath or {}).items() if greyed}
    own = own.assign(claimed=own["verdict"].isin(["more", "less"]) & ~own["marker"].isin(grey))
    figure, axes = new_figure(7.2, 1.0 + 0.4 * max(len(markers), 2))
    if not markers:
        return empty(figure, axes, label(language, "none.marks"))
    axes.axvline(1, color=INK, linewidth=0.8)
    for index, (side, name) in enumerate(side_labels.items()):
        part = own[own["contrast"] == side].set_index("marker").reindex(markers)
        heights = np.arange(len(markers)) + (0.16 if index else -0.16)
        ratio, low, high = (
            np.clip(part[column].to_numpy(float), 1 / _REACH, _REACH)
            for column in ("ratio", "low", "high")
        )
        colour = SIDE_COLOURS[index]
        axes.hlines(heights, low, high, color=colour, linewidth=1.6, alpha=0.55)
        claimed = part["claimed"].eq(True).to_numpy()
        axes.scatter(
            ratio,
            heights,
            facecolors=np.where(claimed, colour, "white").tolist(),
            edgecolors=colour,
            marker=SIDE_SHAPES[index],
            s=26,
            zorder=3,
        )
        # A filled mark of its own for the legend, whatever the first marker's is.
        axes.scatter([], [], color=colour, marker=SIDE_SHAPES[index], s=26, label=name)
    axes.set_xscale("log")
    axes.set_xlim(1 / _REACH, _REACH)
    axes.set_xticks(_TICKS, [_times(tick, language) for tick in _TICKS])
    axes.xaxis.set_minor_locator(NullLocator())
    name_markers(axes, markers, language, beneath)
    axes.set_ylim(len(markers) - 0.5, -0.5)
    axes.grid(axis="x", color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel(label(language, "axis.change_ratio"), color=GREY)
    legend_above(axes)
    claimed = int(own["claimed"].sum())
    figure.set_label(
        label(
            language,
            "alt.change_ratios",
            markers=len(markers),
            claimed=number(claimed, language),
            ratios=number(len(own), language),
        )
    )
    return figure


def _times(ratio: float, language: str) -> str:
    return f"1/{round(1 / ratio)}" if ratio < 1 else number(ratio, language)
