"""The one style of all figures, and what they share."""

from __future__ import annotations

import io
from typing import Any

import matplotlib
import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reflect.labels import day

# Okabe & Ito's colour-blind safe set; the sides also differ by shape, so that a
# figure survives a black-and-white printer.
SIDE_COLOURS = ("#0072B2", "#D55E00")
SIDE_SHAPES = ("o", "D")
INK, GREY, PALE = "#222222", "#8a8a8a", "#e6e6e6"
MARKER_COLOURS = {
    "insight": "#E69F00",
    "revision": "#009E73",
    "expectation_violation": "#CC79A7",
    "perspective_taking": "#56B4E9",
    "learning": "#F0E442",
    "commitment": "#000000",
    "key_moment": "#D55E00",
}
# On top of matplotlib's own defaults: a matplotlibrc of the user's must not change a report.
STYLE = {
    name: value
    for name, value in matplotlib.rcParamsDefault.items()
    if name not in {"backend", "backend_fallback", "interactive", "toolbar", "timezone"}
} | {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "xtick.color": INK,
    "ytick.color": INK,
    "figure.dpi": 110,
    "savefig.bbox": "tight",
    "svg.fonttype": "path",
    "svg.hashsalt": "reflect",
}


def render(figure: Figure, kind: str) -> bytes:
    """The figure as ``png`` or ``svg``, the same bytes every time."""
    buffer = io.BytesIO()
    metadata: dict[str, Any] = {"Date": None, "Creator": None} if kind == "svg" else {}
    if kind == "png":
        metadata = {"Software": None}
    with matplotlib.rc_context(STYLE):
        # Drawn again, the layout would move by a hair: it is found once and kept.
        if figure.get_layout_engine() is not None:
            figure.draw_without_rendering()
            figure.set_layout_engine("none")
        figure.savefig(buffer, format=kind, metadata=metadata)
    return buffer.getvalue()


def new_figure(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure of one panel, sizes in inches, in the one style."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, figure.subplots()


def period_axis(axes: Axes, periods: pd.DataFrame, most: int = 13) -> None:
    """Name the periods below the panel, at most `most` of them."""
    step = max(1, -(-len(periods) // most))
    shown = periods.iloc[::step]
    axes.set_xticks(list(shown["period"]), list(shown["label"]))
    axes.set_xlim(float(periods["period"].min()) - 0.5, float(periods["period"].max()) + 0.5)


def date_axis(axes: Axes, language: str) -> None:
    """Write dates as readers of the language do; years alone over more than three years."""
    locator = mdates.AutoDateLocator(minticks=4, maxticks=9)
    axes.xaxis.set_major_locator(locator)

    def written(value: float, _: int | None = None) -> str:
        date = pd.Timestamp(mdates.num2date(value).date())
        low, high = axes.get_xlim()
        return str(date.year) if high - low > 3 * 365 else day(date, language, short=True)

    axes.xaxis.set_major_formatter(written)


def legend_above(axes: Axes) -> None:
    """The legend in one line above the panel, long names wrapped."""
    handles, names = axes.get_legend_handles_labels()
    axes.legend(
        handles,
        [wrap(name, 30) for name in names],
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=3,
        frameon=False,
        handletextpad=0.3,
    )


def wrap(text: str, width: int) -> str:
    """Break a text into lines of at most `width` signs, at spaces."""
    lines: list[str] = [""]
    for word in str(text).split(" "):
        if lines[-1] and len(lines[-1]) + len(word) + 1 > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def empty(figure: Figure, axes: Axes, words: str) -> Figure:
    """A figure that says that there is nothing to show; its id is ``empty``."""
    figure.set_gid("empty")
    figure.set_size_inches(7.2, 0.7)
    axes.axis("off")
    axes.text(0.5, 0.5, words, ha="center", va="center", color=GREY, transform=axes.transAxes)
    figure.set_label(words)
    return figure
