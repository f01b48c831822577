"""Withdrawal: everything that one person gave is taken out of a corpus and what hangs on it."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from reflect.anonymity.keyfile import read_key, write_key
from reflect.anonymity.review import Decisions
from reflect.corpus import Corpus
from reflect.errors import ReflectError
from reflect.folder import CACHE, write_file
from reflect.schemas import TABLES
from reflect.sheets import SheetError, read_sheet, sheet_text

RECORD = "withdrawals.csv"
_RECORD_COLUMNS = ["date", "entries", "outcomes", "codes", "other_rows"]
_OWN = frozenset(table.file for table in TABLES.values()) | {RECORD}
_DEEPEST = 4


@dataclass(frozen=True)
class Withdrawal:
    """What was removed, and what is left to do.

    Attributes
    ----------
    removed : dict of str to int
        Rows by table: ``entries, outcomes, codes, other_rows`` (annotations and samples in files
        beside the tables), ``key`` (places in key files).
    reports : list of Path
        Reports made from the corpus: build them again.
    history : list of str
        What version control still holds, and how to purge it; empty where there is none.
    mentions : int
        Entries of others in the tandem that still write of the person by placeholder.
    """

    removed: dict[str, int]
    reports: list[Path] = field(default_factory=list)
    history: list[str] = field(default_factory=list)
    mentions: int = 0


def withdraw(
    path: Path,
    participant: str,
    *,
    keys: Mapping[Path, str] | None = None,
    reports: Iterable[Path] = (),
    on: date | None = None,
) -> Withdrawal:
    """Take a person's entries, codes, outcomes, caches, annotations and key out of a corpus.

    The person's row keeps its ids and side with ``consent`` withdrawn, so that the tandem stays
    whole; all else in it goes. All derived files under ``.reflect`` (caches, backups) are deleted;
    decisions on findings stay for what the others wrote. ``withdrawals.csv`` records the day and
    how many rows went, not whose.

    Parameters
    ----------
    path : Path
        The corpus folder.
    participant : str
        A participant_id.
    keys : mapping of Path to str, optional
        Key files of the corpus with their passphrases ("" for none): the person's part goes.
    reports : iterable of Path
        Folders to look for reports in; those made from the corpus are listed.
    on : date, optional
        Day for the record; today where none is given.

    Raises
    ------
    ReflectError
        If there is no such participant, or a file cannot be written.
    """
    corpus = Corpus.load(path)
    roster = corpus.roster.set_index("participant_id")
    if participant not in roster.index:
        raise ReflectError(
            f"{path}: no participant {participant!r}. Take an id of participants.csv"
        )
    kept = Decisions.load(path)
    lost = _entries_of(path, participant)
    placeholder = roster.loc[participant, "placeholder"]
    found = _reports(corpus, reports)
    people = corpus.participants["participant_id"]
    fresh = replace(
        corpus,
        participants=corpus.participants[people != participant],
        entries=corpus.entries[corpus.entries["participant_id"] != participant],
        outcomes=corpus.outcomes[corpus.outcomes["participant_id"] != participant],
        codes=corpus.codes[~corpus.codes["entry_id"].isin(lost)],
        roster=corpus.roster.assign(
            consent=corpus.roster["consent"].mask(
                corpus.roster["participant_id"] == participant, "withdrawn"
            )
        ),
    )
    removed = {
        name: len(getattr(corpus, name)) - len(getattr(fresh, name))
        for name in ("entries", "outcomes", "codes")
    }
    # Keys first: where one cannot be opened, nothing has been changed yet.
    removed["key"] = _from_keys(keys or {}, corpus, lost, participant)
    # Removing while a coding server runs would let it write the person back.
    removed["other_rows"] = _other_files(path, lost)
    fresh.save(path, overwrite=True)
    # save() leaves the hidden folder out, and with it every cache, backup and parsed text.
    _keep_decisions(kept, fresh)
    _record(path, removed, on or date.today())
    mentions = 0
    if placeholder:
        mentions = int(fresh.entries["text"].str.contains(placeholder, regex=False).sum())
    return Withdrawal(removed, found, _history(path), mentions)


def _entries_of(path: Path, participant: str) -> frozenset[str]:
    """Ids from the file itself: a loaded corpus lacks entries of people who withdrew earlier."""
    sheet = read_sheet(path / TABLES["entries"].file)
    writer, key = sheet.header.index("participant_id"), sheet.header.index("entry_id")
    return frozenset(
        cells[key].strip() for _, cells in sheet.rows if cells[writer].strip() == participant
    )


def _from_keys(
    keys: Mapping[Path, str], corpus: Corpus, lost: frozenset[str], participant: str
) -> int:
    changed: list[tuple[Path, dict[str, Any], str]] = []
    count = 0
    outcomes = set(
        corpus.outcomes.loc[corpus.outcomes["participant_id"] == participant, "outcome_id"]
    )
    for path, passphrase in keys.items():
        content = read_key(path, passphrase)
        tables = content.get("tables", {})
        gone = {"entries": lost, "outcomes": outcomes, "participants": {participant}}
        old = corpus.roster.set_index("participant_id")["placeholder"].get(participant, "")
        for name, about in tables.items():
            # Whole copies of files hold everything the person wrote.
            count += about.pop("bytes", None) is not None
            for identity in [i for i in about["back"] if _concerns(i, name, gone, lost)]:
                del about["back"][identity]
                count += 1
        texts = {
            step[2]
            for about in tables.values()
            for cells in about["back"].values()
            for cell in cells.values()
            for step in cell["back"]
        }
        for placeholder, names in list(content.get("placeholders", {}).items()):
            left = [] if placeholder == old else [n for n in names if _still(n, texts)]
            count += len(names) - len(left)
            if left:
                content["placeholders"][placeholder] = left
            else:
                del content["placeholders"][placeholder]
        changed.append((path, content, passphrase))
    for path, content, passphrase in changed:
        write_key(path, content, passphrase=passphrase, apart=(corpus.path,), replace=True)
    return count


def _concerns(
    identity: str, table: str, gone: Mapping[str, Iterable[str]], lost: frozenset[str]
) -> bool:
    if table == "codes":
        return any(cell in lost for cell in json.loads(identity))
    return identity in gone.get(table, ())


def _still(name: str, texts: Iterable[str]) -> bool:
    return any(name in str(text) or str(text) in name for text in texts)


def _other_files(folder: Path, lost: frozenset[str]) -> int:
    """Rows of annotations, samples and findings that carry the person's entries, in any CSV."""
    count = 0
    for path in sorted(folder.rglob("*.csv")):
        inner = path.relative_to(folder)
        if path.is_symlink() or inner.parts[0] == CACHE or len(inner.parts) > _DEEPEST:
            continue
        if len(inner.parts) == 1 and inner.name in _OWN:
            continue
        try:
            sheet = read_sheet(path)
        except (SheetError, OSError, csv.Error):
            continue
        header = [name.strip() for name in sheet.header]
        if "entry_id" not in header:
            continue
        place = header.index("entry_id")
        rows = [cells for _, cells in sheet.rows if len(cells) > place]
        kept = [cells for cells in rows if cells[place].strip() not in lost]
        if len(kept) == len(rows):
            continue
        if "unit_id" in header:
            unit = header.index("unit_id")
            units = [cells[unit] for cells in rows if cells[place].strip() in lost]
            count += _from_coding(path.parent / "codes.sqlite", units)
        write_file(path, sheet_text(sheet.header, kept).encode("utf-8", "replace"))
        count += len(rows) - len(kept)
    return count


def _from_coding(path: Path, units: Sequence[str]) -> int:
    """Take coders' judgements on sentences out of the coding store, its free pages too."""
    if not path.is_file():
        return 0
    count = 0
    try:
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as database:
            database.execute("PRAGMA secure_delete = ON")
            tables = {
                row[0]
                for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
            for table in sorted(tables & {"judgements", "actions"}):
                for unit in units:
                    done = database.execute(f"DELETE FROM {table} WHERE unit = ?", (unit,))
                    count += done.rowcount
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("VACUUM")
    except sqlite3.Error as error:
        raise ReflectError(
            f"{path}: cannot be changed ({error}). Stop `reflect code serve` and try again"
        ) from None
    return count


def _keep_decisions(kept: Decisions, corpus: Corpus) -> None:
    """Decisions on what the others wrote; a digest of the person's own words must not stay."""
    hidden = corpus.path / CACHE
    if hidden.is_dir():
        shutil.rmtree(hidden)
    if not kept.known:
        return
    from reflect.anonymity.audit import audit

    left = audit(corpus)
    digests = {kept.key(kind, text) for kind, text in zip(left["kind"], left["text"], strict=True)}
    kept.known = {key: value for key, value in kept.known.items() if key in digests}
    if kept.known:
        kept.save(corpus.path)


def _record(folder: Path, removed: Mapping[str, int], day: date) -> None:
    path = folder / RECORD
    rows: list[list[str]] = []
    if path.is_file():
        rows = [cells for _, cells in read_sheet(path).rows]
    rows.append([day.isoformat(), *(str(removed[name]) for name in _RECORD_COLUMNS[1:])])
    write_file(path, sheet_text(_RECORD_COLUMNS, rows).encode("utf-8"))


def _reports(corpus: Corpus, places: Iterable[Path]) -> list[Path]:
    """Reports whose manifest names the corpus, by place or by what it held."""
    from reflect.manifest import NAME, digests

    own = digests(corpus.path)
    entries = own.get(TABLES["entries"].file)
    whole = corpus.path.resolve()
    found = []
    for place in places:
        if not place.is_dir():
            continue
        for path in sorted(place.rglob(NAME)):
            try:
                content = json.loads(path.read_text("utf-8"))
                named = (path.parent / content["corpus"]).resolve() == whole
                same = content.get("inputs", {}).get(TABLES["entries"].file) == entries
            except (OSError, ValueError, KeyError, TypeError):
                continue
            if named or same:
                found.append(path.parent)
    return list(dict.fromkeys(found))


def _history(folder: Path) -> list[str]:
    """What git still holds of the corpus's tables, and how to purge it."""
    if shutil.which("git") is None:
        return []
    top = _git(folder, "rev-parse", "--show-toplevel")
    if not top:
        return []
    commits = _git(folder, "log", "--all", "--format=%h", "--", ".").split()
    if not commits:
        return ["version control does not hold the corpus yet: commit it as it is now"]
    inside = folder.resolve().relative_to(Path(top).resolve()).as_posix()
    lines = [
        f"{len(commits)} commits of {Path(top).name} still hold what was withdrawn "
        f"({commits[-1]} to {commits[0]})",
        f"to purge it: git filter-repo --invert-paths --path {inside}, then add the corpus anew "
        "and push with --force",
        "every clone, fork and backup must be purged or deleted too; ask the host to drop "
        "cached views",
    ]
    if _git(folder, "stash", "list"):
        lines.append("stashes are there: git stash clear")
    return lines


def _git(folder: Path, *command: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *command],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return done.stdout.strip() if done.returncode == 0 else ""


def as_table(done: Withdrawal) -> pd.DataFrame:
    """Rows removed, ``what, rows``."""
    return pd.DataFrame(list(done.removed.items()), columns=["what", "rows"])
