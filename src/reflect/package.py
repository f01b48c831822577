"""datapackage.json: what a corpus says about itself."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from reflect.dates import iso_date, spreadsheet_dates
from reflect.schemas import LANGUAGES, TABLES, Fault, resources, shown

FILE = "datapackage.json"
KEYS = ("sides", "side_labels", "languages", "synthetic", "consent", "start", "end")
_EXAMPLE = '"reflect": {"sides": ["leader", "talent"], "languages": ["de", "en"]}'


def build_package(
    name: str,
    *,
    sides: Iterable[str],
    columns: dict[str, list[str]],
    title: str = "",
    description: str = "",
    side_labels: dict[str, dict[str, str]] | None = None,
    languages: Iterable[str] = LANGUAGES,
    synthetic: bool = False,
    consent: str = "",
    start: str = "",
    end: str = "",
    licence: str = "",
) -> dict[str, Any]:
    """A Frictionless descriptor with the key ``reflect``.

    Parameters
    ----------
    name : str
        Name of the folder.
    sides : iterable of str
        Names of the two sides.
    columns : dict of str to list of str
        Columns of each table in the folder.
    title, description, licence, consent : str
        Free text for readers of the corpus.
    side_labels : dict, optional
        ``{side: {"de": …, "en": …}}``, what reports call each side.
    languages : iterable of str
        Languages of the entries.
    synthetic : bool
        Whether the entries were made up.
    start, end : str
        First and last day of the programme as ISO dates; left out where empty.
    """
    settings: dict[str, Any] = {"sides": list(sides)}
    if side_labels:
        settings["side_labels"] = side_labels
    settings |= {"languages": list(languages), "synthetic": synthetic, "consent": consent}
    settings |= {key: day for key, day in (("start", start), ("end", end)) if day}
    package: dict[str, Any] = {"profile": "tabular-data-package", "name": _slug(name)}
    package |= {"title": title or name, "description": description}
    if licence:
        package["licenses"] = [{"name": licence}]
    return package | {"reflect": settings, "resources": resources(columns)}


def package_text(package: dict[str, Any]) -> str:
    """JSON text of a descriptor, as `Corpus.save` writes it."""
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def read_package(folder: Path, fix: str) -> tuple[dict[str, Any], list[Fault]]:
    """The descriptor of a corpus folder and everything that is wrong with it.

    Parameters
    ----------
    folder : Path
        The corpus folder.
    fix : str
        The command that repairs the folder, named in remedies.

    Returns
    -------
    dict, list of Fault
        The descriptor as far as it could be read; its ``reflect`` part is always a dict and holds
        only valid settings, so that the tables can be checked against what is known.
    """
    path = folder / FILE
    if not path.is_file():
        remedy = f"Run `{fix}`, which writes one from the tables, or write one with {_EXAMPLE}."
        return {"reflect": {}}, [_fault("", "the file is missing", remedy)]
    try:
        package = json.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        return {"reflect": {}}, [_fault("", "not in UTF-8", "Save it as UTF-8 in a text editor.")]
    except json.JSONDecodeError as error:
        problem = f"no valid JSON: {error.msg} at line {error.lineno}, character {error.colno}"
        remedy = "Look there for a missing comma, bracket or quotation mark."
        return {"reflect": {}}, [_fault("", problem, remedy)]
    except (RecursionError, ValueError):
        problem = "no valid JSON: nested too deeply, or a number too long"
        return {"reflect": {}}, [_fault("", problem, "Write it anew.")]
    if not isinstance(package, dict):
        return {"reflect": {}}, [_fault("", "no JSON object", f"Write {{{_EXAMPLE}}}.")]
    settings = package.get("reflect")
    if not isinstance(settings, dict):
        return package | {"reflect": {}}, [
            _fault("reflect", "the settings of the corpus are missing", f"Add {_EXAMPLE}.")
        ]
    faults = [*_setting_faults(settings), *_resource_faults(package, folder)]
    wrong = {fault.column.removeprefix("reflect.") for fault in faults}
    valid = {key: value for key, value in settings.items() if key not in wrong}
    return package | {"reflect": valid}, faults


def _setting_faults(settings: dict[str, Any]) -> Iterable[Fault]:
    sides = settings.get("sides")
    names = [side for side in sides if _named(side)] if isinstance(sides, list) else []
    if len(names) != 2 or len(set(names)) != 2 or len(sides) != 2:
        yield _fault(
            "reflect.sides",
            "a corpus has exactly two sides",
            'Name both as in participants.csv, such as "sides": ["leader", "talent"].',
        )
    labels = settings.get("side_labels", {})
    if not isinstance(labels, dict) or not all(isinstance(each, dict) for each in labels.values()):
        example = '"side_labels": {"leader": {"de": "Führungskraft", "en": "leader"}}'
        yield _fault("reflect.side_labels", "not one label a language", f"Write {example}.")
    elif stray := sorted(set(labels) - set(names)):
        yield _fault(
            "reflect.side_labels",
            "labels a side that is not in sides",
            f"Use the names in sides: {' and '.join(names)}.",
            stray[0],
        )
    languages = settings.get("languages", list(LANGUAGES))
    usable = isinstance(languages, list) and languages and all(map(_named, languages))
    if not usable or not set(languages) <= set(LANGUAGES):
        yield _fault(
            "reflect.languages",
            "not a list of languages that reflect reads",
            'Write "languages": ["de", "en"], or one of the two.',
        )
    if not isinstance(settings.get("synthetic", False), bool):
        yield _fault("reflect.synthetic", "neither true nor false", 'Write "synthetic": false.')
    if not isinstance(settings.get("consent", ""), str):
        yield _fault("reflect.consent", "no text", 'Write one sentence: "consent": "…".')
    yield from _span_faults(settings)
    for key in settings:
        near = difflib.get_close_matches(str(key), KEYS, n=1, cutoff=0.8)
        if key not in KEYS and near and near[0] not in settings:
            yield _fault(f"reflect.{key}", "unknown setting", f"Call it {near[0]}.")


def _span_faults(settings: dict[str, Any]) -> Iterable[Fault]:
    moments = {}
    for key in ("start", "end"):
        value = settings.get(key, "")
        if value in ("", None):
            continue
        moments[key] = iso_date(value) if isinstance(value, str) else None
        if moments[key] is None:
            meant = spreadsheet_dates(str(value))
            example = meant[0].date().isoformat() if len(meant) == 1 else "YYYY-MM-DD"
            remedy = f'Write "{key}": "{example}".'
            yield _fault(f"reflect.{key}", "not an ISO date", remedy, str(value))
    start, end = moments.get("start"), moments.get("end")
    if start and end and end < start:
        remedy = "Write the first day as start and the last as end."
        yield _fault("reflect.end", "before start", remedy, settings["end"])


def _resource_faults(package: dict[str, Any], folder: Path) -> Iterable[Fault]:
    listed = package.get("resources", [])
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        yield _fault("resources", "no list of tables", "Write a list, or leave resources out.")
        return
    for resource in listed:
        path = resource.get("path")
        # A missing required table is reported with the tables.
        required = any(table.required and table.file == path for table in TABLES.values())
        if isinstance(path, str) and not required and not _exists(folder / path):
            remedy = "Put the file into the folder, or take it out of resources."
            yield _fault("resources", "lists a file that is not there", remedy, path)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name too long, or with a NUL character
        return False


def _named(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _fault(key: str, problem: str, remedy: str, value: str = "") -> Fault:
    return Fault(FILE, 0, key, shown(value) if value else "", problem, remedy)


def _slug(name: str) -> str:
    slug = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name)
    return slug.lower() or "corpus"


def package_day(package: dict[str, Any], key: str) -> pd.Timestamp | None:
    """First or last day of the programme (`key` ``start`` or ``end``), None where not given."""
    value = package["reflect"].get(key)
    return pd.Timestamp(iso_date(value)).normalize() if value else None
