"""The profile of evenness: a panel a measure, a line a tandem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reflect.figures.style import GREY, INK, PALE, SIDE_COLOURS, STYLE, empty, new_figure, wrap
from reflect.labels import label, number

PROFILE = ("learning_balance", "advice_balance", "perspective_reciprocity", "we_gap")
_SIGNED = ("learning_balance", "advice_balance")
_DOT = "#5b4b8a"
BLANK = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}


def evenness_profile(
    profile: pd.DataFrame,
    cohort: pd.DataFrame,
    side_labels: Mapping[str, str],
    language: str,
    measures: Sequence[str] = PROFILE,
) -> Figure:
    """Each tandem's measures with their intervals, beside what pairs that never met show.

    Balances run from only the second side to only the first; a dot is coloured by the side it
    leans to where the interval leaves out 0. Why a value is missing stands in its place. The
    measure ``style_matching`` has no interval: it is what a tandem has beyond pairs that never met.

    Parameters
    ----------
    profile : DataFrame
        From `reflect.evenness.evenness`.
    cohort : DataFrame
        From `reflect.evenness.evenness_cohort`; its ``expected`` is the dashed line.
    """
    tandems = sorted(profile["tandem_id"].unique())
    if not tandems:
        return empty(*new_figure(7.2, 1.5), label(language, "none.marks"))
    expected = cohort.set_index("measure")["expected"]
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 1.3 + 0.24 * max(len(tandems), 3)), layout="constrained")
        panels = figure.subplots(1, len(measures), sharey=True, squeeze=False)[0]
        for panel, measure in zip(panels, measures, strict=True):
            own = profile[profile["measure"] == measure].set_index("tandem_id").reindex(tandems)
            _panel(panel, own, measure, language)
            panel.set_title(wrap(label(language, f"measure.{measure}"), 17), fontsize=8)
            line = float(expected.get(measure, np.nan))
            if np.isfinite(line) and measure not in _SIGNED:
                panel.axvline(line, color=INK, linestyle=(0, (4, 3)), linewidth=0.8)
            if measure in _SIGNED:
                names = [wrap(name, 9) for name in side_labels.values()]
                panel.set_xticks([-1, 0, 1], [names[1], "0", names[0]], fontsize=8)
        panels[0].set_yticks(range(len(tandems)), tandems, fontsize=8)
        panels[0].set_ylim(len(tandems) - 0.4, -0.6)
    known = profile[profile["measure"].isin(list(measures))]["value"].notna()
    figure.set_label(
        label(
            language,
            "alt.evenness_profile",
            measures=len(measures),
            tandems=len(tandems),
            known=number(int(known.sum()), language),
            cells=number(len(known), language),
        )
    )
    return figure


def _panel(panel: Axes, own: pd.DataFrame, measure: str, language: str) -> None:
    heights = np.arange(len(own))
    value, low, high = (own[name].to_numpy(float) for name in ("value", "low", "high"))
    signed = measure in _SIGNED
    panel.set_xlim((-1.15, 1.15) if signed else (-0.03, max(1.03, 0)))
    if measure == "style_matching":
        top = 1.25 * np.nanmax(np.append(np.abs(value), 0.02))
        panel.set_xlim(-top, top)
        panel.axvline(0, color=INK, linestyle=(0, (4, 3)), linewidth=0.8)
    if measure == "we_gap":
        top = np.nanmax(np.append(high, 0.1))
        panel.set_xlim(-0.03 * top, 1.1 * top)
    colours = np.full(len(own), _DOT, dtype=object)
    if signed:
        panel.axvline(0, color=GREY, linewidth=0.7)
        colours[low > 0], colours[high < 0] = SIDE_COLOURS
    panel.hlines(heights, low, high, color=list(colours), linewidth=1.5, alpha=0.5)
    panel.scatter(value, heights, color=list(colours), s=16, zorder=3)
    left, right = panel.get_xlim()
    for height, reason in zip(heights, own["reason"].fillna("too_few"), strict=True):
        if reason:
            words = label(language, f"reason.{reason}")
            panel.text(
                (left + right) / 2,
                height,
                words,
                ha="center",
                va="center",
                fontsize=8,
                color=GREY,
                bbox=BLANK,
            )
    panel.grid(axis="y", color=PALE, linewidth=0.6)
    panel.set_axisbelow(True)
    panel.tick_params(labelsize=8)
    if not signed:
        panel.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(3))
        panel.xaxis.set_major_formatter(
            lambda tick, _: number(tick, language, 2 if right < 0.5 else 1).replace("-", "−")
        )
