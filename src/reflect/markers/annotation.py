"""From diary entries to a table of markers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from reflect.errors import CodebookError, ReflectError
from reflect.markers.codebook import Codebook, builtin, load_codebook
from reflect.markers.engine import Engine, Hit
from reflect.text import iter_docs

if TYPE_CHECKING:
    from spacy.tokens import Doc

COLUMNS = (
    "entry_id",
    "marker",
    "direction",
    "start",
    "end",
    "text",
    "cue_start",
    "cue_end",
    "content_start",
    "content_end",
    "rule",
    "gate",
    "holder",
)
_NUMBERS = ("start", "end", "cue_start", "cue_end", "content_start", "content_end")
_BATCH = 256
# A shorter piece of a prompt may stand in an entry by chance.
_SHORTEST_PROMPT = 12


def annotate(
    entries: pd.DataFrame,
    participants: pd.DataFrame | None = None,
    codebook: Codebook | str | Path | Iterable[Codebook | str | Path] | None = None,
    gated: bool = False,
) -> pd.DataFrame:
    """Find perspective-shift and exchange markers in diary entries.

    Parameters
    ----------
    entries : DataFrame
        Columns ``entry_id, text``; optional ``language`` (detected where missing), ``prompt``
        (a copy of it in the text does not count), ``participant_id``, ``partner_placeholder``
        (how the diary names the partner, such as ``[PERSON_2]``).
    participants : DataFrame, optional
        Columns ``participant_id, tandem_id`` and ``placeholder`` (how the other diary names
        this person): gives ``partner_placeholder`` where `entries` lacks it.
    codebook : path, Codebook or several of these, optional
        Rules that extend the built-in codebook of their language.
    gated : bool, default False
        Whether to return the hits that do not count, too, with the reason in ``gate``.

    Returns
    -------
    DataFrame
        One row a marker and sentence: ``entry_id, marker, direction, start, end, text`` (the
        sentence that carries the marker, half-open character offsets), ``cue_start, cue_end``
        (the words the rule rests on), ``content_start, content_end`` (what was learned or
        advised, -1 if not stated), ``rule`` (id), ``gate`` ('' = counts), ``holder`` (writer
        or other: whose experience it is). In the order of `entries`.

    Raises
    ------
    ReflectError
        If a column is missing or a language has no codebook.
    CodebookError
        If a rule file is bad.

    Notes
    -----
    The families are defined in the codebook's documentation. Only what is stated is found:
    a sentence without a marker may still stem from somebody who learned a lot.

    There are two operating points. An entry of up to ``model.RUNNING_FROM`` (3) sentences is
    taken for a passage that somebody selected. In longer entries, running prose, each family
    is rare, so scores move to a prior of ``model.RUNNING_SHARE`` a family (Saerens, Latinne &
    Decaestecker 2002, *Neural Computation* 14, 21-41) and the explicit cues are left: precision
    before recall. Markers that a reader infers from several sentences are missed; counts are
    lower bounds, to be compared between groups rather than taken for shares of the diary.

    Examples
    --------
    >>> import pandas as pd
    >>> day = pd.DataFrame({"entry_id": ["e1"], "language": ["en"],
    ...                     "text": ["Today I learned from her that silence is not a no."]})
    >>> annotate(day)[["marker", "direction"]].values.tolist()
    [['learning', 'from_partner']]
    """
    for column in ("entry_id", "text"):
        if column not in entries.columns:
            raise ReflectError(f"entries lack the column {column}; add it")
    engines = _engines(codebook)
    partners = _partners(entries, participants)
    texts, prompts = _texts(entries, "text"), _texts(entries, "prompt")
    rows: list[tuple] = []
    for place, doc, hits in _stream(entries, texts, engines, partners):
        # Not doc.text: each reading of it joins all tokens anew.
        text, entry_id = texts[place], doc.user_data["entry_id"]
        ranges = _prompt_ranges(text, prompts[place]) if hits and prompts[place] else ()
        for hit in hits:
            row = _row(entry_id, text, hit, ranges)
            if gated or not row[11]:
                rows.append(row)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table = table.astype({name: "int64" for name in _NUMBERS})
    table = table.astype({"entry_id": entries["entry_id"].dtype})
    return table.astype({name: "str" for name in COLUMNS if name not in (*_NUMBERS, "entry_id")})


def _stream(
    entries: pd.DataFrame, texts: list[str], engines: Mapping[str, Engine], partners: list[str]
) -> Iterator[tuple[int, Doc, list[Hit]]]:
    """Position, parsed entry and hits of every entry, a batch in memory at a time."""
    teaching = cache(lambda language: engines[language].about_teaching(texts))
    batch: list[Doc] = []
    offset = 0
    for doc in iter_docs(entries, batch_size=_BATCH):
        batch.append(doc)
        if len(batch) == _BATCH:
            yield from _run(batch, offset, engines, partners, teaching)
            offset += len(batch)
            batch = []
    yield from _run(batch, offset, engines, partners, teaching)


def _run(
    batch: list[Doc],
    offset: int,
    engines: Mapping[str, Engine],
    partners: list[str],
    teaching: Callable[[str], bool],
) -> Iterator[tuple[int, Doc, list[Hit]]]:
    found: dict[int, list[Hit]] = {}
    for language in sorted({doc.lang_ for doc in batch}):
        places = [place for place, doc in enumerate(batch) if doc.lang_ == language]
        names = [partners[offset + place] for place in places]
        docs = [batch[place] for place in places]
        for hit in engines[language].hits(docs, names, partial(teaching, language)):
            found.setdefault(places[hit.doc], []).append(hit)
    for place, doc in enumerate(batch):
        yield offset + place, doc, found.get(place, [])


def _row(entry_id: object, text: str, hit: Hit, prompts: Iterable[tuple[int, int]]) -> tuple:
    gate = hit.gate
    if not gate and any(start <= hit.cue_start < end for start, end in prompts):
        gate = "prompt"
    return (
        entry_id,
        hit.family,
        hit.direction,
        hit.start,
        hit.end,
        text[hit.start : hit.end],
        hit.cue_start,
        hit.cue_end,
        hit.content_start,
        hit.content_end,
        hit.rule,
        gate,
        hit.holder,
    )


def _prompt_ranges(text: str, prompt: str) -> list[tuple[int, int]]:
    """Where an entry repeats its prompt, whole or by sentences."""
    ranges = []
    for piece in (prompt, *re.split(r"(?<=[.?!:])\s+|\n+", prompt)):
        words = piece.split()
        if len(piece.strip()) >= _SHORTEST_PROMPT:
            pattern = r"\s+".join(map(re.escape, words))
            ranges += [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]
    return ranges


def _texts(entries: pd.DataFrame, column: str) -> list[str]:
    if column not in entries.columns:
        return [""] * len(entries)
    return [value if isinstance(value, str) else "" for value in entries[column]]


def _partners(entries: pd.DataFrame, participants: pd.DataFrame | None) -> list[str]:
    given = _texts(entries, "partner_placeholder")
    needed = {"participant_id", "tandem_id", "placeholder"}
    if participants is None or not needed <= set(participants.columns):
        return given
    if "participant_id" not in entries.columns:
        return given
    people = participants[["participant_id", "tandem_id", "placeholder"]]
    pairs = people.merge(people, on="tandem_id", suffixes=("", "_partner"))
    pairs = pairs[pairs["participant_id"] != pairs["participant_id_partner"]]
    known = dict(zip(pairs["participant_id"], pairs["placeholder_partner"], strict=True))
    names = [known.get(person) for person in entries["participant_id"]]
    return [
        text or (name if isinstance(name, str) else "")
        for text, name in zip(given, names, strict=True)
    ]


@lru_cache(maxsize=4)
def _builtin_engine(language: str) -> Engine:
    return Engine(builtin(language))


class _Engines(dict):
    """Engines by language; built when a text of that language comes."""

    def __missing__(self, language: str) -> Engine:
        engine = self[language] = _builtin_engine(language)
        return engine


def _engines(
    codebook: Codebook | str | Path | Iterable[Codebook | str | Path] | None,
) -> Mapping[str, Engine]:
    engines = _Engines()
    if codebook is None:
        return engines
    given = [codebook] if isinstance(codebook, (Codebook, str, Path)) else list(codebook)
    books: dict[str, Codebook] = {}
    for item in given:
        if not isinstance(item, (Codebook, str, Path)):
            raise CodebookError("codebook must be a path or a Codebook; pass the file's path")
        book = item if isinstance(item, Codebook) else load_codebook(item)
        known = books.get(book.language)
        books[book.language] = known.merged(book) if known else book
    for language, book in books.items():
        engines[language] = Engine(book)
    return engines
