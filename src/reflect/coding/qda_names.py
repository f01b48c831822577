"""How markers, entries and people are called in QDA software, and found again."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import pandas as pd

from reflect.coding.definitions import LANGUAGES, codebook, words
from reflect.coding.ratings import NONE
from reflect.labels import label
from reflect.markers.codebook import DIRECTIONS, FAMILIES

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
#: Everything gets its id from its name, so that two exports of one corpus are the same bytes.
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:reflect-mentoring:refi-qda")
_SHOWN = 20


def guid(kind: str, *parts: object) -> str:
    """Id of a thing, the same in every export.

    Examples
    --------
    >>> guid("entry", "e1") == guid("entry", "e1") != guid("code", "e1")
    True
    """
    return str(uuid.uuid5(_SPACE, "\x1f".join((kind, *map(str, parts)))))


def code_name(marker: str, direction: str, language: str) -> str:
    """What a code is called in QDA software.

    Examples
    --------
    >>> code_name("learning", "from_partner", "en")
    'learning: from the partner'
    """
    name = (
        words(language)["none"]["name"] if marker == NONE else label(language, f"marker.{marker}")
    )
    if not direction:
        return name
    return f"{name}: {words(language)['directions'].get(direction, direction)}"


def code_table(codes: pd.DataFrame, language: str) -> pd.DataFrame:
    """Every code of a codebook: families, their directions, none, and the codes' own markers.

    Returns
    -------
    DataFrame
        ``guid, marker, direction, name, parent`` (guid, "" at the top), ``colour, description``;
        parents stand before their children.
    """
    book = codebook(language).set_index("marker")
    pairs = set(zip(codes["marker"], codes["direction"], strict=True)) if len(codes) else set()
    own = sorted({marker for marker, _ in pairs} - {*FAMILIES, NONE})
    say = words(language)["sheet"]
    rows = []
    for marker in (*FAMILIES, NONE, *own):
        colour, text = "#777777", ""
        if marker in book.index:
            row = book.loc[marker]
            colour = row["colour"]
            text = f"{say['when']} {row['when']}\n{say['unless']} {row['unless']}"
        elif marker == NONE:
            text = words(language)["none"]["when"]
        top = guid("code", marker)
        rows.append((top, marker, "", code_name(marker, "", language), "", colour, text))
        used = {way for name, way in pairs if name == marker and way}
        ways = [*DIRECTIONS.get(marker, ()), *sorted(used - set(DIRECTIONS.get(marker, ())))]
        for way in ways:
            name = code_name(marker, way, language)
            rows.append((guid("code", marker, way), marker, way, name, top, colour, ""))
    columns = ["guid", "marker", "direction", "name", "parent", "colour", "description"]
    return pd.DataFrame(rows, columns=columns)


def known_names(extra: Iterable[tuple[str, str]] = ()) -> dict[str, tuple[str, str]]:
    """Marker and direction for every name and id that we write, in lower case.

    Parameters
    ----------
    extra : iterable of (str, str)
        Names of somebody's own and the marker meant, ``learning:from_partner`` with a direction.
    """
    found: dict[str, tuple[str, str]] = {}
    for marker in (*FAMILIES, NONE):
        for way in ("", *DIRECTIONS.get(marker, ())):
            found[guid("code", marker, way) if way else guid("code", marker)] = (marker, way)
            found[f"{marker}:{way}" if way else marker] = (marker, way)
            for language in LANGUAGES:
                found[code_name(marker, way, language).lower()] = (marker, way)
    for name, meant in extra:
        marker, _, way = meant.partition(":")
        found[name.strip().lower()] = (marker.strip(), way.strip())
    return found


def bare(name: str) -> str:
    """A guid as we write it, whatever brackets and capitals another program gave it."""
    return name.strip("{}").lower()


def shown(name: str) -> str:
    """A name for a message, cut where it is long."""
    return repr(name if len(name) <= _SHOWN else name[:_SHOWN] + "…")
