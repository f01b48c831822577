"""What hangs on a person's entries: annotations, coders' judgements, parts of keys."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reflect.anonymity.keyfile import read_key, write_key
from reflect.coding.store import erasing
from reflect.folder import CACHE, write_file
from reflect.schemas import TABLES
from reflect.sheets import SheetError, read_sheet, sheet_text

if TYPE_CHECKING:
    from reflect.corpus import Corpus

#: The record of withdrawals, which holds no person.
RECORD = "withdrawals.csv"
_OWN = frozenset(table.file for table in TABLES.values()) | {RECORD}
_DEEPEST = 4


def clear_keys(
    keys: Mapping[Path, str], corpus: Corpus, lost: frozenset[str], participant: str
) -> int:
    """Take a person's part out of key files; how many places went.

    All keys are opened before any is changed.

    Parameters
    ----------
    keys : mapping of Path to str
        Key files with their passphrases, "" for none.
    corpus : Corpus
        As it was before.
    lost : frozenset of str
        Ids of the person's entries.
    participant : str
        The person's id.

    Raises
    ------
    ReflectError
        If a key cannot be opened or written.
    """
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


def clear_files(folder: Path, lost: frozenset[str]) -> int:
    """Take rows that carry a person's entries out of every other CSV and the coders' store.

    Annotations, samples and findings lie beside the tables, wherever a researcher put them.

    Parameters
    ----------
    folder : Path
        The corpus.
    lost : frozenset of str
        Ids of the person's entries.

    Returns
    -------
    int
        How many rows went.

    Raises
    ------
    ReflectError
        If the store cannot be changed.
    """
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
    with erasing(path) as (database, tables):
        for table in sorted(tables & {"units", "judgements", "actions"}):
            for unit in units:
                done = database.execute(f"DELETE FROM {table} WHERE unit = ?", (unit,))
                count += done.rowcount
    return count
