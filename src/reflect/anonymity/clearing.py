"""What hangs on a person's entries: annotations, coders' judgements, parts of keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reflect.anonymity.edits import move
from reflect.anonymity.keyfile import read_key, write_key
from reflect.anonymity.masking import Masked
from reflect.anonymity.restoration import short_digest
from reflect.anonymity.sweeping import Sweep, clear_sheets
from reflect.coding.store import erasing
from reflect.schemas import TABLES

if TYPE_CHECKING:
    from reflect.corpus import Corpus

#: The record of withdrawals, which holds no person.
RECORD = "withdrawals.csv"
#: The corpus's own tables, which `withdraw` writes itself.
OWN = frozenset(table.file for table in TABLES.values()) | {RECORD}


def names_in(keys: Mapping[Path, str], placeholder: str) -> list[str]:
    """What the keys say that a placeholder stands for.

    Raises
    ------
    ReflectError
        If a key cannot be opened.
    """
    found: list[str] = []
    for path, passphrase in keys.items():
        found += read_key(path, passphrase).get("placeholders", {}).get(placeholder, [])
    return list(dict.fromkeys(found))


def clear_keys(
    keys: Mapping[Path, str],
    corpus: Corpus,
    gone: Mapping[str, frozenset[str]],
    hidden: Masked,
    participant: str,
) -> int:
    """Take a person's part out of key files; how many places went.

    All keys are opened before any is changed.

    Parameters
    ----------
    keys : mapping of Path to str
        Key files with their passphrases, "" for none.
    corpus : Corpus
        As it was before.
    gone : mapping of str to frozenset of str
        Ids of the person's rows by table.
    hidden : Masked
        Cells in which the person was masked: they stay masked when the key is used.
    participant : str
        The person's id.

    Raises
    ------
    ReflectError
        If a key cannot be opened or written.
    """
    changed: list[tuple[Path, dict[str, Any], str]] = []
    count = 0
    for path, passphrase in keys.items():
        content = read_key(path, passphrase)
        tables = content.get("tables", {})
        old = corpus.roster.set_index("participant_id")["placeholder"].get(participant, "")
        for name, about in tables.items():
            # Whole copies of files hold everything the person wrote.
            count += about.pop("bytes", None) is not None
            for identity in [i for i in about["back"] if _concerns(i, name, gone)]:
                del about["back"][identity]
                count += 1
            count += _keep_masked(name, about["back"], hidden)
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


def _concerns(identity: str, table: str, gone: Mapping[str, frozenset[str]]) -> bool:
    if table == "codes":
        return any(cell in gone["entries"] for cell in json.loads(identity))
    return identity in gone.get(table, ())


def _keep_masked(table: str, back: dict[str, Any], hidden: Masked) -> int:
    """Take the masked person out of what takes cells back; the rest moves along."""
    count = 0
    for (name, identity, column), (edits, now) in hidden.items():
        cell = back.get(identity, {}).get(column) if name == table else None
        if cell is None:
            continue
        left = []
        for start, end, old in cell["back"]:
            if any(edit.start < end and start < edit.end for edit in edits):
                count += 1
                continue
            moved = move(start, edits, end=False), move(end, edits, end=True)
            left.append([*moved, old])
        back[identity][column] = {"digest": short_digest(now), "back": left}
    return count


def _still(name: str, texts: Iterable[str]) -> bool:
    return any(name in str(text) or str(text) in name for text in texts)


def clear_files(folder: Path, sweep: Sweep) -> int:
    """Take rows that carry a person's entries out of every other sheet and the coders' store.

    Annotations, samples, findings and review sheets lie beside the tables, wherever a researcher
    put them.

    Parameters
    ----------
    folder : Path
        The corpus.
    sweep : Sweep
        Whose rows.

    Returns
    -------
    int
        How many rows went.

    Raises
    ------
    ReflectError
        If the store cannot be changed.
    """
    count, units = clear_sheets(folder, sweep, OWN)
    return count + sum(
        _from_coding(place / "codes.sqlite", own) for place, own in sorted(units.items())
    )


def _from_coding(path: Path, units: Sequence[str]) -> int:
    """Take coders' judgements on sentences out of the coding store, its free pages too."""
    if not path.is_file():
        return 0
    count = 0
    with erasing(path) as (database, tables):
        for table in sorted(tables & {"units", "judgements", "actions"}):
            for unit in units:
                done = database.execute(f"DELETE FROM {table} WHERE unit = ?", (unit,))
                count += done.rowcount
    return count
