"""What went into a report and what came out, by SHA-256."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from reflect import __version__
from reflect.errors import ReportError

NAME = "manifest.json"
# Packages whose version can change a figure, a number or a page.
PACKAGES = (
    "bertopic",
    "lingua-language-detector",
    "matplotlib",
    "numpy",
    "pandas",
    "pypandoc_binary",
    "python-docx",
    "scikit-learn",
    "scipy",
    "simplemma",
    "spacy",
    "statsmodels",
    "typst",
)


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digests(folder: Path, leave_out: tuple[str, ...] = ()) -> dict[str, str]:
    """SHA-256 of every file below a folder by its relative path; hidden files are left out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in relative.parts)
        if path.is_file() and not hidden and relative.as_posix() not in leave_out:
            found[relative.as_posix()] = digest(path)
    return found


def versions() -> dict[str, str]:
    """Versions of reflect, Python and the packages that shape a report."""
    found = {"reflect": __version__, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def write(path: Path, content: dict[str, Any]) -> None:
    """Write a manifest as sorted, indented JSON."""
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> dict[str, Any]:
    """The manifest of a built report.

    Raises
    ------
    ReportError
        Where there is none, or where it cannot be read.
    """
    path = folder / NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not {"corpus", "parameters", "outputs"} <= set(content):
            raise TypeError
        return content
    except FileNotFoundError:
        raise ReportError(
            f"{path}: not found. Give the folder of a report built by `reflect report`"
        ) from None
    except (UnicodeDecodeError, json.JSONDecodeError, TypeError):
        raise ReportError(f"{path}: not a manifest. Build the report again") from None


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """One line for each input, version and output that is not the same.

    Examples
    --------
    >>> differences({"outputs": {"a.csv": "1"}}, {"outputs": {"a.csv": "2"}})
    ['outputs: a.csv differs']
    """
    lines = []
    for part in ("inputs", "notebooks", "parameters", "versions", "outputs"):
        before, after = old.get(part, {}), new.get(part, {})
        for key in sorted(before.keys() | after.keys()):
            if key not in after:
                lines.append(f"{part}: {key} is gone")
            elif key not in before:
                lines.append(f"{part}: {key} is new")
            elif before[key] != after[key]:
                lines.append(f"{part}: {key} differs")
    return lines
