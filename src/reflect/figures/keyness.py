"""Contrast of words, two-sided."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reflect.figures.style import GREY, INK, PALE, SIDE_COLOURS, STYLE, empty, new_figure, wrap
from reflect.labels import label, number


def contrast_words(
    keyness: pd.DataFrame, group_labels: Mapping[str, str], language: str, words: int = 12
) -> Figure:
    """Words by how often they are used and which group uses them more.

    Each dot is a word: further right is more frequent, higher up belongs more to the first group.
    The words that set each group most apart are named at the side, a line to their dot; in bold
    those that differ beyond chance. In the spirit of scattertext (Kessler 2017) and of figure 5 of
    Monroe et al. (2008).

    Parameters
    ----------
    keyness : DataFrame
        From `reflect.keyness.keyness`, rows of one language.
    group_labels : mapping
        The two groups, first above, to the names shown.
    words : int
        Words to name for each group.
    """
    if keyness.empty:
        return empty(*new_figure(7.2, 1.5), label(language, "none.words"))
    total = (keyness["first_hits"] + keyness["second_hits"]).to_numpy(float)
    heights = keyness["log_odds"].to_numpy(float)
    ranked = keyness.sort_values(["z", "word"], ascending=[False, True])
    named = [
        ranked[ranked["log_odds"] > 0].head(words),
        ranked[ranked["log_odds"] < 0].tail(words),
    ]
    with matplotlib.rc_context(STYLE):
        figure = Figure(
            figsize=(7.2, 1.2 + 0.17 * sum(map(len, named)) + 0.9), layout="constrained"
        )
        axes, side = figure.subplots(1, 2, sharey=True, width_ratios=(3, 1.3))
        side.axis("off")
        axes.axhline(0, color=GREY, linewidth=0.7)
        axes.scatter(total, heights, s=7, color="#c4c4c4", linewidths=0)
        reach = 1.22 * float(np.abs(heights).max())
        axes.set_ylim(-reach, reach)
        axes.set_xscale("log")
        axes.set_xlim(max(total.min() * 0.85, 0.5), total.max() * 1.25)
        axes.xaxis.set_major_formatter(lambda tick, _: number(tick, language))
        axes.xaxis.set_minor_formatter(matplotlib.ticker.NullFormatter())
        axes.grid(color=PALE, linewidth=0.5)
        axes.set_axisbelow(True)
        axes.yaxis.set_major_formatter(lambda tick, _: number(tick, language, 1).replace("-", "−"))
        axes.set_xlabel(label(language, "axis.word_hits"))
        axes.set_ylabel(label(language, "axis.log_odds"))
        for index, (group, part) in enumerate(zip(group_labels, named, strict=True)):
            _names(axes, side, part, index, group, reach)
        side.set_xlim(0, 1)
        for index, name in enumerate(group_labels.values()):
            place = (0.98, 0.02)[index]
            axes.text(
                0.015,
                place,
                wrap(name, 24),
                transform=axes.transAxes,
                ha="left",
                va=("top", "bottom")[index],
                color=SIDE_COLOURS[index],
                fontweight="bold",
            )
    first, second = (
        ", ".join(part["word"].iloc[:3] if index == 0 else part["word"].iloc[::-1].iloc[:3])
        for index, part in enumerate(named)
    )
    names = list(group_labels.values())
    figure.set_label(
        label(
            language,
            "alt.contrast_words",
            words=number(len(keyness), language),
            first=names[0],
            second=names[1],
            first_words=first or "–",
            second_words=second or "–",
            claimed=number(int(keyness["verdict"].isin(list(group_labels)).sum()), language),
        )
    )
    return figure


def _names(
    axes: Axes, side: Axes, part: pd.DataFrame, index: int, group: str, reach: float
) -> None:
    """Name words in a column beside the panel, in the order of their dots, each with a line."""
    ordered = part.sort_values(["log_odds", "word"], ascending=[False, True])
    top, bottom = ((0.95, 0.06), (-0.06, -0.95))[index]
    places = np.linspace(top, bottom, len(ordered)) * reach if len(ordered) else []
    for place, row in zip(places, ordered.itertuples(index=False), strict=True):
        claimed, total = row.verdict == group, row.first_hits + row.second_hits
        side.text(
            0.12,
            place,
            f"{row.word} ({row.first_hits}:{row.second_hits})",
            fontsize=8,
            va="center",
            color=SIDE_COLOURS[index] if claimed else INK,
            fontweight="bold" if claimed else "normal",
        )
        side.annotate(
            "",
            xy=(total, row.log_odds),
            xycoords=axes.transData,
            xytext=(0.1, place),
            textcoords=side.transData,
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.35},
            annotation_clip=False,
        )
        axes.scatter([total], [row.log_odds], s=12, color=SIDE_COLOURS[index], zorder=3)
