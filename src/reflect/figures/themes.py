"""What each side received from the other, by theme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from reflect.figures.style import GREY, INK, PALE, SIDE_COLOURS, STYLE, empty, new_figure, wrap
from reflect.labels import label, number

_KINDS = ("learning", "advice")


@matplotlib.rc_context(STYLE)
def learned_themes(
    clauses: pd.DataFrame,
    side_labels: Mapping[str, str],
    language: str,
    *,
    unstable: Sequence[str] = (),
    most: int = 10,
) -> Figure:
    """Mirrored bars, a row a topic: what the first side received to the left, the second right.

    Full bars count sentences on learning, pale ones those on advice, help and contacts.

    Parameters
    ----------
    clauses : DataFrame
        From `reflect.learned_themes.clause_topics`: ``learner_side, marker, topic, label``.
    unstable : sequence of str
        Labels of topics to grey.
    most : int
        Topics shown, those with most sentences first; the others stand together in a last row.
    """
    if clauses.empty:
        return empty(*new_figure(7.2, 1.5), label(language, "none.themes"))
    nameless = label(language, "none.theme")
    names = clauses["label"].where(clauses["label"] != "", nameless)
    totals = names[names != nameless].value_counts().rename_axis("name").reset_index(name="hits")
    totals = totals.sort_values(["hits", "name"], ascending=[False, True])
    order = list(totals["name"].head(most))
    shown = names.where(names.isin(order), nameless)
    order += [nameless] * bool((shown == nameless).any())
    counts = (
        clauses.assign(name=shown).groupby(["learner_side", "marker", "name"]).size().astype(int)
    )
    sides = list(side_labels)
    figure = Figure(figsize=(7.2, 1.3 + 0.36 * max(len(order), 2)), layout="constrained")
    left, middle, right = figure.subplots(1, 3, sharey=True, width_ratios=(2, 2.1, 2))
    top = int(clauses.assign(name=shown).groupby(["learner_side", "name"]).size().max())
    for index, (panel, side) in enumerate(zip((left, right), sides, strict=True)):
        _bars(panel, counts, side, order, index, language)
        panel.set_title(
            wrap(label(language, "axis.themes", side=side_labels[side]), 28),
            loc="right" if index == 0 else "left",
            color=SIDE_COLOURS[index],
            fontweight="bold",
        )
        panel.set_xlim(*((top * 1.18, 0) if index == 0 else (0, top * 1.18)))
    middle.axis("off")
    middle.set_xlim(0, 1)
    for place, name in enumerate(order):
        pale = name in set(unstable) or name == nameless
        middle.text(
            0.5,
            place,
            wrap(name, 34),
            ha="center",
            va="center",
            fontsize=8,
            color=GREY if pale else INK,
            linespacing=0.95,
        )
    left.set_ylim(len(order) - 0.4, -0.6)
    keys = [
        Patch(color=GREY, alpha=(1.0, 0.45)[place], label=label(language, f"legend.theme_{kind}"))
        for place, kind in enumerate(_KINDS)
    ]
    figure.legend(handles=keys, loc="outside lower center", ncols=2, frameon=False, fontsize=8)
    received = [int((clauses["learner_side"] == side).sum()) for side in sides]
    figure.set_label(
        label(
            language,
            "alt.learned_themes",
            themes=len(totals),
            first=side_labels[sides[0]],
            second=side_labels[sides[1]],
            first_hits=received[0],
            second_hits=received[1],
            most=order[0],
        )
    )
    return figure


def _bars(
    panel: Axes, counts: pd.Series, side: str, order: list[str], index: int, language: str
) -> None:
    start = np.zeros(len(order))
    for place, kind in enumerate(_KINDS):
        hits = np.array([float(counts.get((side, kind, name), 0)) for name in order])
        panel.barh(
            range(len(order)),
            hits,
            left=start,
            height=0.62,
            color=SIDE_COLOURS[index],
            alpha=(1.0, 0.45)[place],
            linewidth=0,
        )
        start += hits
    for height, total in enumerate(start):
        if total:
            panel.annotate(
                number(total, language),
                (total, height),
                xytext=(-4 if index == 0 else 4, 0),
                textcoords="offset points",
                ha="right" if index == 0 else "left",
                va="center",
                fontsize=8,
            )
    panel.spines["left"].set_visible(False)
    panel.spines["right" if index == 0 else "left"].set_visible(True)
    panel.tick_params(axis="y", length=0, labelleft=False, labelright=False)
    panel.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    panel.grid(axis="x", color=PALE, linewidth=0.6)
    panel.set_axisbelow(True)
