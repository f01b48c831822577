"""Pseudonymising a corpus, and taking it back with the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from reflect.anonymity.audit import ENTRY_TEXT, THRESHOLD, audit, texts_of
from reflect.anonymity.decisions import FILE, Decisions
from reflect.anonymity.edits import Edit, apply_edits, move
from reflect.anonymity.identities import Identities, likely_partner, taken_numbers
from reflect.anonymity.keyfile import KeyFileError, refuse_place, write_key
from reflect.anonymity.restoration import Back, RawSheet, key_content, read_sheets
from reflect.anonymity.shifting import draw_shifts, move_text_dates, shift_rows, widened
from reflect.anonymity.text_columns import Field, text_fields
from reflect.errors import ReflectError
from reflect.folder import PACKAGE, write_folder
from reflect.package import package_text
from reflect.schemas import TABLES

if TYPE_CHECKING:
    from reflect.corpus import Corpus

#: These are worded too freely to be replaced without somebody's decision.
_BY_HAND = frozenset(["small_group", "job_title"])
#: A text by the name of its field and the id of its row: ids are unique within a table only.
Place = tuple[str, str]


def pseudonymise(
    corpus: Corpus,
    target: Path,
    key: Path,
    *,
    passphrase: str = "",
    names: Mapping[str, str] | None = None,
    coarse: Mapping[str, str] | None = None,
    shift_dates: bool = False,
    threshold: float = THRESHOLD,
    findings: pd.DataFrame | None = None,
    overwrite: bool = False,
) -> pd.DataFrame:
    """Write a copy of a corpus with placeholders for what the audit finds, and its key.

    One person has one placeholder in both diaries of a tandem, and where the full name is the same,
    everywhere. The partner's, where known, is entered in ``participants.placeholder``, so that
    learning directions can be told. A genitive keeps its ending: ``Ivans`` becomes ``[PERSON_3]s``.
    Human codes move along, and so does what was rejected as harmless. People who withdrew keep
    only their row.

    Parameters
    ----------
    corpus : Corpus
        As it was loaded; it stays as it is.
    target : Path
        The new corpus folder.
    key : Path
        The key file, outside both folders and any work tree of version control.
    passphrase : str
        Encrypts the key.
    names : mapping of str to str, optional
        Full names by participant_id: always found, and tied to the person.
    coarse : mapping of str to str, optional
        What to write for a place (``{"Leonding": "Oberösterreich"}``); placeholders for others.
    shift_dates : bool
        Move all dates of a tandem by the same secret number of whole weeks, also those within
        its texts that have a day and a month (see `reflect.anonymity.shifting.moved_dates`).
    threshold : float
        Findings below it are replaced only if somebody accepted them.
    findings : DataFrame, optional
        From `reflect.anonymity.audit.audit`, if there already.
    overwrite : bool
        Whether `target` may be replaced.

    Returns
    -------
    DataFrame
        ``placeholder, kind, mentions, entries, tandems``: what was replaced how often, without what
        it stands for. With `shift_dates` also ``date`` (moved within texts) and ``date_left``
        (mentions of a time of year that could not be moved), without placeholder.

    Raises
    ------
    ReflectError
        If a place is refused or a file cannot be written. Nothing is written then.
    """
    refuse_place(key, (corpus.path, target))
    if key.exists():
        raise KeyFileError(f"{key}: exists. Name a new key file; a lost key cannot be made again")
    if target.resolve() == corpus.path.resolve():
        raise ReflectError(f"{target}: is the corpus itself. Name a new folder")
    sheets, before = read_sheets(corpus.path)
    _drop_withdrawn(sheets)
    known = sorted({part for name in (names or {}).values() for part in name.split()})
    if findings is None:
        findings = audit(corpus, known=known)
    decisions = Decisions.load(corpus.path)
    chosen = decisions.to_replace(findings, threshold, _BY_HAND)
    tandem_of, writers = _tandems(corpus)
    identities = _identities(corpus, chosen, names or {})
    edits, mentions = _edits(chosen, identities, tandem_of, coarse or {}, decisions)
    partners = _partners(corpus, findings, identities, names or {}, writers)
    package = corpus.package
    if shift_dates:
        shifts = draw_shifts(corpus.roster["tandem_id"])
        mentions += move_text_dates(corpus, edits, shifts, tandem_of)
    back = _change_texts(sheets, text_fields(corpus), edits)
    back |= _move_codes(sheets, edits)
    back |= _enter_partners(sheets, partners)
    if shift_dates:
        back |= shift_rows(sheets, shifts, tandem_of)
        package = widened(package, sheets)
    content = key_content(corpus.path, sheets, back, before, identities.named)
    files = {TABLES[name].file: sheet.text() for name, sheet in sheets.items()}
    files[PACKAGE] = package_text(package)
    harmless = decisions.rejected(findings)
    if harmless.known:
        files[FILE] = harmless.text()
    # The key first: a corpus that nobody can turn back is worse than a key without one.
    write_key(key, content, passphrase=passphrase, apart=(corpus.path, target))
    try:
        write_folder(target, files, overwrite=overwrite)
    except BaseException:
        key.unlink(missing_ok=True)
        raise
    return _summary(mentions)


def _drop_withdrawn(sheets: dict[str, RawSheet]) -> None:
    people = sheets["participants"]
    consent = people.column("consent")
    if consent < 0:
        return
    person = people.column("participant_id")
    gone = {row[person] for row in people.rows if row[consent] == "withdrawn"}
    entries = sheets["entries"]
    writer, key = entries.column("participant_id"), entries.column("entry_id")
    lost = {row[key] for row in entries.rows if row[writer] in gone}
    entries.rows = [row for row in entries.rows if row[writer] not in gone]
    if "outcomes" in sheets:
        own = sheets["outcomes"].column("participant_id")
        sheets["outcomes"].rows = [r for r in sheets["outcomes"].rows if r[own] not in gone]
    if "codes" in sheets:
        own = sheets["codes"].column("entry_id")
        sheets["codes"].rows = [r for r in sheets["codes"].rows if r[own] not in lost]


def _tandems(corpus: Corpus) -> tuple[dict[Place, str], dict[str, str]]:
    """Tandem by table and id of its rows, and writer by entry."""
    tandem = dict(zip(corpus.roster["participant_id"], corpus.roster["tandem_id"], strict=True))
    writers = dict(zip(corpus.entries["entry_id"], corpus.entries["participant_id"], strict=True))
    found = {("participants", person): name for person, name in tandem.items()}
    found |= {("entries", entry): tandem[writer] for entry, writer in writers.items()}
    for row in corpus.events.itertuples(index=False):
        found["events", row.event_id] = row.tandem_id
    for row in corpus.outcomes.itertuples(index=False):
        found["outcomes", row.outcome_id] = tandem[row.participant_id]
    return found, writers


def _identities(corpus: Corpus, chosen: pd.DataFrame, names: Mapping[str, str]) -> Identities:
    texts = [*texts_of(corpus)["text"], *corpus.roster["placeholder"]]
    seen = frozenset(text.split()[-1].casefold() for text in chosen["text"] if text.split())
    language = "en" if corpus.languages[:1] == ("en",) else "de"
    identities = Identities(language, taken_numbers(texts), seen=seen)
    people = corpus.roster.set_index("participant_id")
    for person, name in names.items():
        if person not in people.index:
            raise ReflectError(
                f"names: no participant {person!r} in the corpus. Use the ids of participants.csv"
            )
        about = people.loc[person]
        identities.declare(name, about["tandem_id"], about["placeholder"])
    return identities


def _edits(
    chosen: pd.DataFrame,
    identities: Identities,
    tandem_of: Mapping[Place, str],
    coarse: Mapping[str, str],
    decisions: Decisions,
) -> tuple[dict[Place, list[Edit]], list[tuple[str, str, str, str]]]:
    coarse = {place.casefold(): wide for place, wide in coarse.items()}
    edits: dict[Place, list[Edit]] = {}
    mentions = []
    # In order of the corpus, full names first: numbers follow the reading, parts find their whole.
    ordered = chosen.assign(_parts=-chosen["text"].str.split().str.len())
    ordered = ordered.sort_values(["_parts", "entry_id", "field", "start"], kind="stable")
    for row in ordered.itertuples(index=False):
        tandem = tandem_of.get((row.field.partition(".")[0], row.entry_id), "")
        given = decisions.replacement(row.kind, row.text)
        wide = coarse.get(row.text.casefold()) if row.kind == "place" else None
        if given or wide:
            placeholder, ending = given or wide or "", ""
        else:
            placeholder, ending = identities.placeholder(row.kind, row.text, tandem)
        place = row.field, row.entry_id
        edits.setdefault(place, []).append(Edit(row.start, row.end, placeholder + ending))
        mentions.append((placeholder, row.kind, row.entry_id, tandem))
    return edits, mentions


def _partners(
    corpus: Corpus,
    findings: pd.DataFrame,
    identities: Identities,
    names: Mapping[str, str],
    writers: Mapping[str, str],
) -> dict[str, str]:
    """Placeholder by participant, for those who have none yet."""
    people = corpus.roster
    given = dict(zip(people["participant_id"], people["placeholder"], strict=True))
    tandems = dict(zip(people["participant_id"], people["tandem_id"], strict=True))
    found = {}
    for person, name in names.items():
        if not given[person]:
            found[person] = identities.placeholder("person", name, tandems[person])[0]
    told = findings[findings["field"] == ENTRY_TEXT]
    for writer, name in likely_partner(told, writers).items():
        others = people[
            (people["tandem_id"] == tandems[writer]) & (people["participant_id"] != writer)
        ]["participant_id"]
        partner = others.iloc[0] if len(others) else ""
        placeholder = identities.placeholder("person", name, tandems[writer])[0]
        if (
            partner
            and not given[partner]
            and partner not in found
            and (placeholder not in found.values())
        ):
            found[partner] = placeholder
    return found


def _change_texts(
    sheets: dict[str, RawSheet], fields: Sequence[Field], edits: Mapping[Place, list[Edit]]
) -> Back:
    back: Back = {}
    for field in fields:
        sheet = sheets.get(field.table)
        if sheet is None or sheet.column(field.column) < 0:
            continue
        identity, place = sheet.column(field.key), sheet.column(field.column)
        for number, row in enumerate(sheet.rows):
            own = edits.get((field.name, row[identity].strip()))
            if own:
                row[place], back[field.table, number, place] = apply_edits(row[place], own)
    return back


def _move_codes(sheets: dict[str, RawSheet], edits: Mapping[Place, list[Edit]]) -> Back:
    back: Back = {}
    if "codes" not in sheets:
        return back
    sheet = sheets["codes"]
    entry = sheet.column("entry_id")
    for number, row in enumerate(sheet.rows):
        own = edits.get((ENTRY_TEXT, row[entry].strip()))
        if not own:
            continue
        for name in ("start", "end"):
            place = sheet.column(name)
            old = row[place]
            row[place] = str(move(int(float(old)), own, end=name == "end"))
            if row[place] != old:
                back["codes", number, place] = [[0, len(row[place]), old]]
    return back


def _enter_partners(sheets: dict[str, RawSheet], partners: Mapping[str, str]) -> Back:
    back: Back = {}
    if not partners:
        return back
    sheet = sheets["participants"]
    if sheet.column("placeholder") < 0:
        sheet.header.append("placeholder")
        for row in sheet.rows:
            row.append("")
    place, key = sheet.column("placeholder"), sheet.column("participant_id")
    for number, row in enumerate(sheet.rows):
        if row[key] in partners:
            old, row[place] = row[place], partners[row[key]]
            back["participants", number, place] = [[0, len(row[place]), old]]
    return back


def _summary(mentions: list[tuple[str, str, str, str]]) -> pd.DataFrame:
    table = pd.DataFrame(mentions, columns=["placeholder", "kind", "entry_id", "tandem_id"])
    return (
        table.astype("str")
        .groupby(["placeholder", "kind"], sort=True)
        .agg(
            mentions=("entry_id", "size"),
            entries=("entry_id", "nunique"),
            tandems=("tandem_id", "nunique"),
        )
        .reset_index()
    )
