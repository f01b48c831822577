"""The codebook as coders read it, and the words of the page and the sheets."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd
import yaml

from reflect.coding.ratings import NONE
from reflect.errors import ReflectError
from reflect.labels import label
from reflect.markers import FAMILIES
from reflect.markers.codebook import DIRECTIONS

LANGUAGES = ("de", "en")
#: Paul Tol's palettes, told apart in all common colour blindness.
COLOURS = (
    "#4477AA",
    "#EE6677",
    "#CCBB44",
    "#AA3377",
    "#66CCEE",
    "#228833",
    "#BBCC33",
    "#999933",
    "#CC6677",
    "#882255",
    "#44AA99",
    "#DDCC77",
    "#332288",
    "#EE8866",
)


@cache
def words(language: str) -> dict[str, Any]:
    """Everything that coders read, in one language.

    Raises
    ------
    ReflectError
        For a language without them.
    """
    if language not in LANGUAGES:
        raise ReflectError(f"no codebook in {language!r}. Choose one of {', '.join(LANGUAGES)}")
    text = files("reflect").joinpath(f"data/coding.{language}.yml").read_text("utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)


def codebook(language: str) -> pd.DataFrame:
    """Families with their definitions.

    Returns
    -------
    DataFrame
        ``marker, name, key`` (on the coding page), ``colour, when, unless, directions`` (their
        ids joined by ``|``, "" where a family has none), in the order of the codebook.
    """
    book = words(language)["families"]
    rows = [
        (
            marker,
            label(language, f"marker.{marker}"),
            book[marker]["key"],
            COLOURS[number % len(COLOURS)],
            book[marker]["when"],
            book[marker]["unless"],
            "|".join(DIRECTIONS.get(marker, ())),
        )
        for number, marker in enumerate(FAMILIES)
    ]
    return pd.DataFrame(
        rows, columns=["marker", "name", "key", "colour", "when", "unless", "directions"]
    )


def known_markers() -> tuple[str, ...]:
    """Markers that need no explanation: the families and `NONE`."""
    return (*FAMILIES, NONE)
