"""Withdrawal: everything that one person gave is taken out of a corpus and what hangs on it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from reflect.anonymity.clearing import OWN, RECORD, clear_files, clear_keys, names_in
from reflect.anonymity.decisions import FILE, Decisions
from reflect.anonymity.history import history
from reflect.anonymity.masking import masked
from reflect.anonymity.sweeping import Sweep, left_over
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
        ``key`` (places in key files), ``masked`` (mentions in events and in outcomes of others).
    reports : list of Path
        Reports made from the corpus: build them again.
    history : list of str
        What version control still holds, and how to purge it; empty where there is none.
    mentions : int
        Entries of others that still write of the person by placeholder or full name.
    files : list of Path
        Files in the corpus folder that quote the person or cannot be looked into: delete them.
    """

    removed: dict[str, int]
    reports: list[Path] = field(default_factory=list)
    history: list[str] = field(default_factory=list)
    mentions: int = 0
    files: list[Path] = field(default_factory=list)


def withdraw(
    path: Path,
    participant: str,
    *,
    keys: Mapping[Path, str] | None = None,
    reports: Iterable[Path] = (),
    names: Iterable[str] = (),
    on: date | None = None,
) -> Withdrawal:
    """Take a person's entries, codes, outcomes, caches, annotations and key out of a corpus.

    Coders' notes elsewhere that quote the person are blanked, and a model that learned from the
    codes is deleted. Rows of sheets in the corpus folder (annotations, findings, review sheets; CSV
    and XLSX) that hold the person's entries go. In events and in outcomes of others, the person's
    placeholder and names become ``[PERSON]``.

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
    names : iterable of str
        What the person is called, for corpora without placeholders; the keys' names are known.
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
    texts = _entries_of(path, participant)
    lost = frozenset(texts)
    placeholder = roster.loc[participant, "placeholder"]
    keys = keys or {}
    called = [*names, *(names_in(keys, placeholder) if placeholder else [])]
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
    fresh, changed = masked(fresh, participant, placeholder, called)
    removed["masked"] = sum(len(edits) for edits, _ in changed.values())
    outcomes = corpus.outcomes.loc[corpus.outcomes["participant_id"] == participant, "outcome_id"]
    gone = {
        "entries": lost,
        "outcomes": frozenset(outcomes),
        "participants": frozenset([participant]),
    }
    # Keys first: where one cannot be opened, nothing has been changed yet.
    removed["key"] = clear_keys(keys, corpus, gone, changed, participant)
    sweep = Sweep(gone, texts.values())
    # Removing while a coding server runs would let it write the person back.
    removed["other_rows"] = clear_files(path, sweep)
    codes, removed["notes"] = forget(path, fresh.codes, texts.values())
    fresh = replace(fresh, codes=codes)
    fresh.save(path, overwrite=True)
    # save() leaves the hidden folder out, and with it every cache, backup and parsed text.
    if (path / CACHE).is_dir():
        shutil.rmtree(path / CACHE)
    _keep_decisions(kept, fresh)
    _record(path, removed, on or date.today())
    told = [mark for mark in (placeholder, *called) if mark]
    mentions = sum(any(mark in text for mark in told) for text in fresh.entries["text"])
    return Withdrawal(removed, found, history(path, found), mentions, left_over(path, sweep, OWN))


def _entries_of(path: Path, participant: str) -> dict[str, str]:
    """Texts by id, from the file: a loaded corpus lacks those of people who withdrew earlier."""
    sheet = read_sheet(path / TABLES["entries"].file)
    writer, key, text = (sheet.header.index(n) for n in ("participant_id", "entry_id", "text"))
    return {
        cells[key].strip(): cells[text]
        for _, cells in sheet.rows
        if cells[writer].strip() == participant
    }


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
