"""What codes keep of a person who withdraws: notes that quote them, and a model that learned."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from reflect.coding.own_model import FILE as MODEL
from reflect.coding.store import FILE as STORE
from reflect.coding.store import erasing

#: So many words in a row that stand in a person's entries are a quotation of them.
WORDS = 5


def forget(folder: Path, codes: pd.DataFrame, texts: Iterable[str]) -> tuple[pd.DataFrame, int]:
    """Take a person's words out of coders' notes, and the model that learned from them.

    Codes on the person's own entries are `reflect.anonymity.withdraw`'s to remove; this is about
    what stays on the sentences of others.

    Parameters
    ----------
    folder : Path
        The corpus folder; notes in its coding store are blanked, too, and its model is deleted.
    codes : DataFrame
        Codes that stay, with ``note`` where they have notes.
    texts : iterable of str
        What the person wrote.

    Returns
    -------
    DataFrame
        `codes` with the quoting notes blank.
    int
        Notes blanked, here and in the store.

    Raises
    ------
    ReflectError
        If the store cannot be changed.
    """
    runs = set().union(*(word_runs(text) for text in texts))
    blanked = 0
    if "note" in codes:
        quoting = codes["note"].fillna("").map(lambda note: not runs.isdisjoint(word_runs(note)))
        quoting = quoting.astype(bool)
        codes = codes.assign(note=codes["note"].mask(quoting, ""))
        blanked += int(quoting.sum())
    blanked += _blank_stored(folder / STORE, runs)
    (folder / MODEL).unlink(missing_ok=True)
    return codes, blanked


def word_runs(text: str, size: int = WORDS) -> set[tuple[str, ...]]:
    """All runs of `size` words of a text, in small letters."""
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[start : start + size]) for start in range(len(words) - size + 1)}


def _without_quote(text: str, runs: set[tuple[str, ...]]) -> str:
    """A judgement as the store keeps it, its note blank where it quotes."""
    try:
        state = json.loads(text)
        quotes = not runs.isdisjoint(word_runs(state["note"]))
    except (ValueError, KeyError, TypeError):  # no judgement of ours
        return text
    return json.dumps(state | {"note": ""}, ensure_ascii=False) if quotes else text


def _blank_stored(path: Path, runs: set[tuple[str, ...]]) -> int:
    if not path.is_file():
        return 0
    count = 0
    with erasing(path) as (database, tables):
        for table, column in (
            ("judgements", "state"), ("actions", "before"), ("actions", "after"),
        ):  # fmt: skip
            if table not in tables:
                continue
            states = database.execute(f"SELECT DISTINCT {column} FROM {table}").fetchall()
            for (text,) in states:
                fresh = _without_quote(text, runs)
                if fresh == text:
                    continue
                done = database.execute(
                    f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (fresh, text)
                )
                count += done.rowcount if table == "judgements" else 0
    return count
