"""Words of the tandem measures in German and English, kept beside those of the report."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from reflect import labels


@cache
def measure_catalogue(language: str) -> dict[str, Any]:
    """The words in ``data/labels_measures.<language>.yml``."""
    text = files("reflect").joinpath(f"data/labels_measures.{language}.yml").read_text("utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)


def label(language: str, key: str, /, **values: object) -> str:
    """As `reflect.labels.label`, with the words of the measures looked up first.

    Examples
    --------
    >>> label("en", "measure.we_ness"), label("en", "marker.insight")
    ('we-ness', 'insight')
    """
    found: Any = measure_catalogue(language)
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    if not isinstance(found, str):
        return labels.label(language, key, **values)
    return found.format(**values) if values else found
