"""Withdrawal: everything that one person gave is taken out of a corpus and what hangs on it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from reflect.anonymity.clearing import RECORD, clear_files, clear_keys
from reflect.anonymity.decisions import FILE, Decisions
from reflect.anonymity.history import history
from reflect.coding.forgetting import forget
from reflect.corpus import Corpus
from reflect.errors import ReflectError
from reflect.folder import CACHE, write_file
from reflect.schemas import TABLES
from reflect.sheets import read_sheet, sheet_text

_RECORD_COLUMNS = ["date", "entries", "outcomes", "codes", "other_rows"]


@dataclass(frozen=True)
class Withdrawal:
    """What was removed, and what is left to do.

    Attributes
    ----------
    removed : dict of str to int
        Rows by table: ``entries, outcomes, codes, other_rows`` (annotations and samples in files
        beside the tables), ``notes`` (of coders on what others wrote, that quoted the person),
        ``key`` (places in key files).
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

    Coders' notes elsewhere that quote the person are blanked, and a model that learned from the
    codes is deleted.

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
    removed["key"] = clear_keys(keys or {}, corpus, lost, participant)
    # Removing while a coding server runs would let it write the person back.
    removed["other_rows"] = clear_files(path, lost)
    texts = corpus.entries.loc[corpus.entries["participant_id"] == participant, "text"]
    codes, removed["notes"] = forget(path, fresh.codes, texts)
    fresh = replace(fresh, codes=codes)
    fresh.save(path, overwrite=True)
    # save() leaves the hidden folder out, and with it every cache, backup and parsed text.
    if (path / CACHE).is_dir():
        shutil.rmtree(path / CACHE)
    _keep_decisions(kept, fresh)
    _record(path, removed, on or date.today())
    mentions = 0
    if placeholder:
        mentions = int(fresh.entries["text"].str.contains(placeholder, regex=False).sum())
    return Withdrawal(removed, found, history(path, found), mentions)


def _entries_of(path: Path, participant: str) -> frozenset[str]:
    """Ids from the file itself: a loaded corpus lacks entries of people who withdrew earlier."""
    sheet = read_sheet(path / TABLES["entries"].file)
    writer, key = sheet.header.index("participant_id"), sheet.header.index("entry_id")
    return frozenset(
        cells[key].strip() for _, cells in sheet.rows if cells[writer].strip() == participant
    )


def _keep_decisions(kept: Decisions, corpus: Corpus) -> None:
    """Decisions on what the others wrote; a digest of the person's own words must not stay."""
    (corpus.path / FILE).unlink(missing_ok=True)
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
