"""Whether the two diaries of a tandem move together, delay by delay."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from reflect.figures.style import GREY, INK, PALE, empty, legend_above, new_figure, wrap
from reflect.labels import label, number


def coupling_lags(
    coupling: pd.DataFrame, side_labels: Mapping[str, str], unit: str, language: str
) -> Figure:
    """Correlation of the partners' series at each delay, over what chance gives.

    Parameters
    ----------
    coupling : DataFrame
        From `reflect.coupling.coupling`.
    unit : str
        Unit of the periods (``periods.attrs["unit"]``): week, month, quarter, year.
    """
    figure, axes = new_figure(7.2, 2.9)
    known = coupling[coupling["r"].notna()]
    if known.empty:
        return empty(figure, axes, label(language, "none.coupling"))
    lags = coupling["lag"].to_numpy(float)
    seen = coupling["r"].notna()
    low, high = (coupling[name].where(seen).to_numpy(float) for name in ("low", "high"))
    axes.bar(
        lags, high - low, bottom=low, width=0.5, color=PALE, label=label(language, "legend.turned")
    )
    if coupling["expected"].notna().any():
        axes.hlines(
            coupling["expected"].to_numpy(float),
            lags - 0.25,
            lags + 0.25,
            color=GREY,
            linestyles="dashed",
            label=label(language, "legend.dealt"),
        )
    axes.axhline(0, color=GREY, linewidth=0.6)
    claimed = coupling["verdict"].isin(["together", "opposed"]).to_numpy()
    axes.scatter(
        lags,
        coupling["r"],
        s=42,
        facecolors=np.where(claimed, INK, "white").tolist(),
        edgecolors=INK,
        zorder=3,
        label=label(language, "legend.real"),
    )
    names = [wrap(name, 26) for name in side_labels.values()]
    ticks = [_lag(int(lag), unit, language) for lag in lags]
    axes.set_xticks(lags, ticks)
    reach = max(0.3, float(np.nanmax(np.abs(np.concatenate([coupling["r"], low, high])))) * 1.15)
    # With few periods in common a turned series may pass 1; no correlation does.
    reach = min(reach, 1.05)
    axes.set_ylim(-reach, reach)
    axes.yaxis.set_major_locator(MultipleLocator(0.2 if reach < 0.7 else 0.5))
    axes.yaxis.set_major_formatter(lambda tick, _: number(tick, language, 1).replace("-", "−"))
    axes.set_ylabel(label(language, "axis.coupling"))
    axes.set_xlabel(
        label(language, "axis.coupling_lag", first=names[0], second=names[1]), fontsize=8
    )
    legend_above(axes)
    best = known.loc[known["r"].abs().idxmax()]
    figure.set_label(
        label(
            language,
            "alt.coupling_lags",
            lags=len(coupling),
            tandems=int(coupling["tandems"].max()),
            lag=_lag(int(best["lag"]), unit, language).replace("\n", " "),
            r=number(best["r"], language, 2),
            claimed=int(claimed.sum()),
        )
    )
    return figure


def _lag(lag: int, unit: str, language: str) -> str:
    if not lag:
        return label(language, f"lag.same_{unit}")
    sign = "+" if lag > 0 else "−"
    key = f"lag.{unit}" if abs(lag) == 1 else f"lag.{unit}s"
    return f"{sign}{abs(lag)} {label(language, key)}"
