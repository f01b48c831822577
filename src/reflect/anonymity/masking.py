"""A person who withdrew, masked where events and the outcomes of others still tell of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from reflect.anonymity.edits import Edit, apply_edits
from reflect.anonymity.lists import vocabulary
from reflect.anonymity.text_columns import text_fields

if TYPE_CHECKING:
    from reflect.corpus import Corpus

#: What stands for somebody who is gone.
MASK = "[PERSON]"
#: Changed cells by table, id of the row and column: the edits, and the text as it is now.
Masked = Mapping[tuple[str, str, str], tuple[list[Edit], str]]
_ENDING = r"(?:['’]?s|['’])?"


def masked(
    corpus: Corpus, participant: str, placeholder: str, names: Iterable[str]
) -> tuple[Corpus, Masked]:
    """The corpus with a person masked in all texts but the diaries, and which cells changed.

    The placeholder and full names are masked everywhere, first and family names alone in the
    person's tandem: elsewhere they may be somebody else's.

    Parameters
    ----------
    corpus : Corpus
        As it is without the person's own rows.
    participant : str
        Who withdrew.
    placeholder : str
        Theirs, "" where they have none.
    names : iterable of str
        What they are called.
    """
    tandem_of = dict(zip(corpus.roster["participant_id"], corpus.roster["tandem_id"], strict=True))
    anywhere, at_home = _patterns(placeholder, names)
    changed: dict[tuple[str, str, str], tuple[list[Edit], str]] = {}
    tables = {}
    for field in text_fields(corpus):
        if field.table == "entries":
            continue
        table = tables.get(field.table, getattr(corpus, field.table))
        if field.table == "events":
            tandems = table["tandem_id"].tolist()
        else:
            tandems = [tandem_of[person] for person in table["participant_id"]]
        cells = table[field.column].tolist()
        for number, (cell, tandem) in enumerate(zip(cells, tandems, strict=True)):
            pattern = at_home if tandem == tandem_of[participant] else anywhere
            if pattern is None or not isinstance(cell, str):
                continue
            edits = [Edit(*match.span("who"), MASK) for match in pattern.finditer(cell)]
            if edits:
                cells[number] = apply_edits(cell, edits)[0]
                identity = table[field.key].iloc[number]
                changed[field.table, identity, field.column] = (edits, cells[number])
        tables[field.table] = table.assign(**{field.column: cells})
    return replace(corpus, **tables), changed


def _patterns(
    placeholder: str, names: Iterable[str]
) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """What finds the person anywhere, and in the own tandem."""
    titles = vocabulary()["title"]
    full, parts = set(), set()
    for name in names:
        words = [word for word in name.split() if word.strip(".").lower() not in titles]
        if len(words) > 1:
            full |= {name, " ".join(words)}
        parts |= {word for word in words if len(word.strip(".")) > 2}
    marks = {placeholder} if placeholder else set()
    return _pattern(marks, full), _pattern(marks, full | parts)


def _pattern(marks: set[str], names: set[str]) -> re.Pattern[str] | None:
    longest = sorted(names, key=lambda name: (-len(name), name))
    forms = [re.escape(mark) for mark in sorted(marks)]
    forms += [rf"(?<!\w){re.escape(name)}(?={_ENDING}(?!\w))" for name in longest]
    return re.compile(f"(?P<who>{'|'.join(forms)})") if forms else None
