"""What coders decide, kept in SQLite: every keystroke is on disk before it is answered."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from reflect.coding.ratings import CODE_COLUMNS, NONE
from reflect.errors import ReflectError
from reflect.markers.codebook import DIRECTIONS, FAMILIES

FILE = "coding/codes.sqlite"
_NOTE = 4000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS units (unit TEXT PRIMARY KEY, span TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS judgements (
    coder TEXT NOT NULL, unit TEXT NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL,
    PRIMARY KEY (coder, unit)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS actions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, coder TEXT NOT NULL, unit TEXT NOT NULL,
    before TEXT NOT NULL, after TEXT NOT NULL, at TEXT NOT NULL, undone INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS actions_of ON actions (coder, undone, id);
"""
_EMPTY = '{"marks": {}, "none": false, "note": ""}'


@contextmanager
def erasing(path: Path) -> Iterator[tuple[sqlite3.Connection, set[str]]]:
    """A store from which something is taken for good, and its tables; free pages go, too.

    Parameters
    ----------
    path : Path
        An existing store, of any version.

    Raises
    ------
    ReflectError
        If it cannot be changed.
    """
    try:
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as database:
            database.execute("PRAGMA secure_delete = ON")
            names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            yield database, {name for (name,) in names}
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("VACUUM")
    except sqlite3.Error as fault:
        raise ReflectError(
            f"{path}: cannot be changed ({fault}). Stop `reflect code serve` and try again"
        ) from None


class ConflictError(ReflectError):
    """Another window of the same coder changed the sentence; `current` is what it is now."""

    def __init__(self, current: dict[str, Any]) -> None:
        self.current = current
        super().__init__("the sentence was changed in another window. Look at it again")


@dataclass(frozen=True)
class Store:
    """Judgements of one sample. Each call opens the file anew, so threads and processes may share.

    Judgements are one row a coder and sentence; every change also goes to a log that is only
    ever added to, which undo reads.
    """

    path: Path

    @classmethod
    def open(cls, path: Path, sample: pd.DataFrame) -> Store:
        """Open or make the file for a sample.

        Sentences may have joined the sample since, and those of people who withdrew have left.

        Raises
        ------
        ReflectError
            If it is damaged, belongs to another sample, or cannot be written to.
        """
        store = cls(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with store.writing() as database:
                for statement in _SCHEMA.split(";"):
                    database.execute(statement)
                known = dict(database.execute("SELECT unit, span FROM units"))
                spans = _spans(sample)
                strange = any(known.get(unit, span) != span for unit, span in spans.items())
                if not strange:
                    database.executemany("INSERT OR IGNORE INTO units VALUES (?, ?)", spans.items())
        except OSError as fault:
            raise ReflectError(
                f"{path}: cannot be written ({fault.strerror}). Check the rights"
            ) from fault
        if strange:
            raise ReflectError(
                f"{path}: holds the codes of another sample. Export them with "
                "`reflect code export`, then move the file away"
            )
        return store

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is on disk when the block ends, or never was.

        Raises
        ------
        ReflectError
            If the file is no database, or locked for half a minute.
        """
        try:
            database = sqlite3.connect(self.path, timeout=30, isolation_level=None)
            try:
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = FULL")
                database.execute("BEGIN IMMEDIATE")
                yield database
                database.execute("COMMIT")
            finally:
                # Closing without COMMIT rolls back.
                database.close()
        except sqlite3.DatabaseError as fault:
            raise ReflectError(
                f"{self.path}: {fault}. Close other programs that use it, or restore a copy"
            ) from fault

    def states(self, coder: str) -> dict[str, dict[str, Any]]:
        """Every judged sentence of a coder: ``{unit: {marks, none, note, version}}``."""
        with self.writing() as database:
            rows = database.execute(
                "SELECT unit, state, version FROM judgements WHERE coder = ?", (coder,)
            ).fetchall()
        return {unit: json.loads(state) | {"version": version} for unit, state, version in rows}

    def save(self, coder: str, unit: str, state: Mapping[str, Any], version: int) -> int:
        """Keep a judgement.

        Parameters
        ----------
        coder, unit : str
            Who, and which sentence.
        state : mapping
            ``marks`` (marker to direction, "" for none), ``none`` (no family applies), ``note``.
        version : int
            The version this one builds on; 0 for a sentence not judged before.

        Returns
        -------
        int
            The new version.

        Raises
        ------
        ConflictError
            If the sentence has another version by now.
        ReflectError
            If the state is no judgement.
        """
        text = _state_text(state)
        with self.writing() as database:
            before, known = _current(database, coder, unit)
            if text == before:
                return known
            if known != version:
                raise ConflictError(json.loads(before) | {"version": known})
            _put(database, coder, unit, text, known + 1)
            database.execute(
                "INSERT INTO actions (coder, unit, before, after, at) VALUES (?, ?, ?, ?, ?)",
                (coder, unit, before, text, datetime.now(UTC).isoformat(timespec="seconds")),
            )
        return known + 1

    def undo(self, coder: str) -> tuple[str, dict[str, Any]] | None:
        """Take back the coder's latest change that still stands.

        Returns
        -------
        tuple of str and dict, or None
            The sentence and its state with ``version``; None where there is nothing to undo.
        """
        with self.writing() as database:
            row = database.execute(
                "SELECT id, unit, before FROM actions WHERE coder = ? AND undone = 0 "
                "ORDER BY id DESC LIMIT 1",
                (coder,),
            ).fetchone()
            if row is None:
                return None
            number, unit, before = row
            _, known = _current(database, coder, unit)
            _put(database, coder, unit, before, known + 1)
            database.execute("UPDATE actions SET undone = 1 WHERE id = ?", (number,))
        return unit, json.loads(before) | {"version": known + 1}

    def progress(self) -> pd.DataFrame:
        """``coder_id, judged``: how many sentences each coder has done."""
        codes = self._rows()
        counts: dict[str, int] = {}
        for coder, _, state in codes:
            counts[coder] = counts.get(coder, 0) + bool(state["marks"] or state["none"])
        return pd.DataFrame(sorted(counts.items()), columns=["coder_id", "judged"])

    def codes(self, sample: pd.DataFrame) -> pd.DataFrame:
        """Everything coded so far, as a table of codes.

        Returns
        -------
        DataFrame
            ``coder_id, entry_id, start, end, marker, direction, note``, sorted by coder and place.
        """
        spans = zip(sample["entry_id"], sample["start"], sample["end"], strict=True)
        places = dict(zip(sample["unit_id"], spans, strict=True))
        rows = []
        for coder, unit, state in self._rows():
            if unit not in places:
                continue
            entry, start, end = places[unit]
            given = {NONE: ""} if state["none"] else state["marks"]
            for marker, direction in given.items():
                rows.append((coder, entry, start, end, marker, direction, state["note"]))
        table = pd.DataFrame(rows, columns=list(CODE_COLUMNS))
        table = table.astype({"start": "int64", "end": "int64"})
        return table.sort_values(
            ["coder_id", "entry_id", "start", "end", "marker"], kind="stable", ignore_index=True
        )

    def places(self, sample: pd.DataFrame) -> pd.DataFrame:
        """Where each coder has been, judgements taken back among them.

        Returns
        -------
        DataFrame
            ``coder_id, entry_id, start, end``.
        """
        seen = pd.DataFrame(
            [(coder, unit) for coder, unit, _ in self._rows()],
            columns=["coder_id", "unit_id"],
            dtype="str",
        )
        places = seen.merge(sample[["unit_id", "entry_id", "start", "end"]], on="unit_id")
        return places.drop(columns="unit_id")

    def _rows(self) -> list[tuple[str, str, dict[str, Any]]]:
        with self.writing() as database:
            rows = database.execute(
                "SELECT coder, unit, state FROM judgements ORDER BY coder, unit"
            ).fetchall()
        return [(coder, unit, json.loads(state)) for coder, unit, state in rows]


def _spans(sample: pd.DataFrame) -> dict[str, str]:
    """By unit, a digest of where it stands."""
    from reflect.coding.sample import digest

    rows = zip(sample["unit_id"], sample["entry_id"], sample["start"], sample["end"], strict=True)
    return {unit: digest(f"{entry},{start},{end}") for unit, entry, start, end in rows}


def _current(database: sqlite3.Connection, coder: str, unit: str) -> tuple[str, int]:
    row = database.execute(
        "SELECT state, version FROM judgements WHERE coder = ? AND unit = ?", (coder, unit)
    ).fetchone()
    return row or (_EMPTY, 0)


def _put(database: sqlite3.Connection, coder: str, unit: str, text: str, version: int) -> None:
    database.execute(
        "INSERT INTO judgements VALUES (?, ?, ?, ?) ON CONFLICT (coder, unit) "
        "DO UPDATE SET state = excluded.state, version = excluded.version",
        (coder, unit, text, version),
    )


def _state_text(state: Mapping[str, Any]) -> str:
    marks, none, note = state.get("marks", {}), state.get("none", False), state.get("note", "")
    if not isinstance(marks, dict) or not isinstance(none, bool) or not isinstance(note, str):
        raise ReflectError("no judgement: marks, none and note are needed. Reload the page")
    for marker, direction in marks.items():
        if marker not in FAMILIES or direction not in ("", *DIRECTIONS.get(marker, ())):
            raise ReflectError("unknown family or direction. Reload the page")
    if none and marks:
        raise ReflectError("a family and none at once. Take one of them out")
    if len(note) > _NOTE:
        raise ReflectError(f"the note has over {_NOTE} characters. Shorten it")
    ordered = {name: marks[name] for name in FAMILIES if name in marks}
    return json.dumps({"marks": ordered, "none": none, "note": note}, ensure_ascii=False)
