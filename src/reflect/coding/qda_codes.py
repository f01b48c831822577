"""From a REFI-QDA project to the codes of a corpus."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from reflect.coding.qda import plain, text_offset
from reflect.coding.qda_names import bare, guid, known_names, shown
from reflect.coding.qda_reader import QdaProject
from reflect.coding.ratings import CODE_COLUMNS
from reflect.errors import ReflectError


def project_codes(
    project: QdaProject,
    entries: pd.DataFrame,
    *,
    names: Iterable[tuple[str, str]] = (),
    own: bool = False,
) -> pd.DataFrame:
    """A project's codings as codes of a corpus.

    Sources are matched to entries by id, else by name (a ``.txt`` behind it does not matter).

    Parameters
    ----------
    project : QdaProject
        From :func:`read_qdpx`.
    entries : DataFrame
        ``entry_id, text``.
    names : iterable of (str, str)
        What codes of other names mean: ``("Aha", "insight")``,
        ``("gelernt", "learning:from_partner")``.
    own : bool
        Take codes of unknown names as markers of their own.

    Returns
    -------
    DataFrame
        ``coder_id, entry_id, start, end, marker, direction, note``, sorted, without repeats.

    Raises
    ------
    ReflectError
        With every source that is no entry or whose text differs, and every unknown code.
    """
    texts = entries.set_index("entry_id")["text"]
    by_guid = {guid("entry", entry_id): entry_id for entry_id in texts.index}
    used = project.codings["source"].unique()
    sources = project.sources[project.sources["guid"].isin(used)]
    faults, places = [], {}
    for row in sources.itertuples(index=False):
        entry_id = _entry(row.guid, row.name, by_guid, set(texts.index))
        if not entry_id:
            faults.append(
                f"source {shown(row.name)} is no entry of the corpus. Name it as the entry_id"
            )
        elif plain(row.text).rstrip("\n") != plain(texts[entry_id]).rstrip("\n"):
            faults.append(
                f"the text of source {shown(row.name)} is not that of entry {entry_id}. "
                "Code the text as exported"
            )
        else:
            places[row.guid] = (entry_id, row.text, texts[entry_id])
    meaning = _meanings(project.codes, names, own, project.codings["code"], faults)
    if faults:
        raise ReflectError("\n".join(f"{project.name}: {fault}" for fault in faults))
    rows = []
    for row in project.codings.itertuples(index=False):
        entry_id, theirs, ours = places[row.source]
        bounds = (_translated(theirs, ours, offset) for offset in (row.start, row.end))
        rows.append((row.coder_id, entry_id, *bounds, *meaning[row.code], row.note))
    table = pd.DataFrame(rows, columns=list(CODE_COLUMNS))
    table = table.astype({"start": "int64", "end": "int64"})
    order = ["coder_id", "entry_id", "start", "end", "marker", "direction"]
    return table.drop_duplicates(order).sort_values(order, kind="stable", ignore_index=True)


def matched_entries(project: QdaProject, entries: pd.DataFrame) -> list[str]:
    """Entries of the corpus that are in a project, coded or not."""
    by_guid = {guid("entry", entry_id): entry_id for entry_id in entries["entry_id"]}
    known = set(entries["entry_id"])
    return [
        entry_id
        for row in project.sources.itertuples(index=False)
        if (entry_id := _entry(row.guid, row.name, by_guid, known))
    ]


def _entry(theirs: str, name: str, by_guid: dict[str, str], known: set[str]) -> str:
    """The entry that a source is, by id, else by name; "" where none."""
    if bare(theirs) in by_guid:
        return by_guid[bare(theirs)]
    return next((each for each in (name, re.sub(r"\.txt$", "", name)) if each in known), "")


def _translated(theirs: str, ours: str, offset: int) -> int:
    """An offset of their text in ours, where only line ends differ."""
    return min(text_offset(ours, offset - theirs.count("\r\n", 0, offset)), len(ours))


def _meanings(
    codes: pd.DataFrame,
    names: Iterable[tuple[str, str]],
    own: bool,
    used: pd.Series,
    faults: list[str],
) -> dict[str, tuple[str, str]]:
    names = list(names)
    known, given = known_names(names), {name.strip().lower() for name, _ in names}
    parents = dict(zip(codes["guid"], codes["parent"], strict=True))
    called = dict(zip(codes["guid"], codes["name"], strict=True))
    found = {}
    for code in used.unique():
        name = called.get(code)
        if name is None:
            faults.append("a coding refers to a code that is not in the codebook. Export it again")
            continue
        lower = name.strip().lower()
        meant = known.get(lower) if lower in given else known.get(bare(code)) or known.get(lower)
        if meant is None and parents.get(code):
            # A subcode called "from the partner" under the code "learning".
            above = called.get(parents[code], "").strip().lower()
            meant = known.get(f"{above}: {lower}") or known.get(f"{above}:{lower}")
        if meant is None and own:
            meant = (re.sub(r"\s+", "_", name.strip()), "")
        if meant is None:
            faults.append(
                f'code {shown(name)} is no marker. Say what it means with --map "{name}=insight", '
                "or take it as your own with --own-codes"
            )
            continue
        found[code] = meant
    return found
