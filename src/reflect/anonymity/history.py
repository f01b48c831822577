"""What version control still holds of a corpus, and how to purge it."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

#: So many files are named one by one; of more, the tables' folder is.
_FEW = 12


def history(folder: Path, reports: Iterable[Path] = ()) -> list[str]:
    """What git still holds of a corpus and its reports, and how to purge it, one line each.

    Parameters
    ----------
    folder : Path
        The corpus.
    reports : iterable of Path
        Reports made from it: they hold quotations.

    Returns
    -------
    list of str
        Empty where there is no version control.
    """
    top = _git(folder, "rev-parse", "--show-toplevel") if shutil.which("git") else ""
    if not top:
        return []
    root = Path(top).resolve()
    commits = _git(folder, "log", "--all", "--format=%h", "--", ".").split()
    if not commits:
        return ["version control does not hold the corpus yet: commit it as it is now"]
    places = [folder, *(report for report in reports if report.resolve().is_relative_to(root))]
    paths = [path for place in places for path in _paths(place.resolve(), root)]
    named = " ".join(f"--path {shlex.quote(path)}" for path in paths)
    lines = [
        f"{len(commits)} commits of {root.name} still hold what was withdrawn "
        f"({commits[-1]} to {commits[0]})",
        "to purge it: copy the corpus as it is now to a place outside the repository, run "
        f"git filter-repo --force --invert-paths {named}, copy it back, commit it and push with "
        "--force",
        "every clone, fork and backup must be purged or deleted too; ask the host to drop "
        "cached views",
    ]
    if _git(folder, "stash", "list"):
        lines.append("stashes are there: git stash clear")
    return lines


def _paths(place: Path, root: Path) -> list[str]:
    """The folder as git names it; where it is the work tree itself, all files it ever held."""
    inside = place.relative_to(root).as_posix()
    if inside != ".":
        held = _git(place, "log", "--all", "--format=%h", "-1", "--", ".") if place.is_dir() else ""
        return [f"{inside}/"] if held else []
    names = _git(place, "log", "--all", "--format=", "--name-only", "-z", "--", ".").split("\0")
    files = sorted({name.strip() for name in names if name.strip()})
    tables = [name for name in files if name.endswith(".csv")]
    return files if len(files) <= _FEW else tables


def _git(folder: Path, *command: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *command],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return done.stdout.strip() if done.returncode == 0 else ""
