"""Names of markers along an axis, each with what the marker is worth on the corpus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from reflect.figures.style import GREY
from reflect.labels import label

#: Marker to a small line and whether to grey it, from `reflect.coding.beneath`.
Beneath = Mapping[str, tuple[str, bool]]


def name_markers(
    axes: Axes, markers: Sequence[str], language: str, beneath: Beneath | None
) -> None:
    """Write the markers along the y axis, one a whole number from 0.

    Parameters
    ----------
    beneath : mapping, optional
        A line beneath the name, and whether to grey both; markers it lacks have their name only.
    """
    told = beneath or {}
    names = [label(language, f"marker.{marker}") for marker in markers]
    lines = [
        f"{name}\n{told[marker][0]}" if marker in told else name
        for name, marker in zip(names, markers, strict=True)
    ]
    axes.set_yticks(range(len(markers)), lines)
    for tick, marker in zip(axes.get_yticklabels(), markers, strict=True):
        if told.get(marker, ("", False))[1]:
            tick.set_color(GREY)
