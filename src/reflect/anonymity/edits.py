"""Replacing parts of texts, moving offsets along, and taking it back."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple


class Edit(NamedTuple):
    """Characters ``start`` to ``end`` of a text give way to ``new``."""

    start: int
    end: int
    new: str


def apply_edits(text: str, edits: Sequence[Edit]) -> tuple[str, list[list[int | str]]]:
    """The changed text, and what takes it back: ``[start, end, old]`` in the changed text.

    >>> apply_edits("Ivan kam.", [Edit(0, 4, "[PERSON_1]")])
    ('[PERSON_1] kam.', [[0, 10, 'Ivan']])
    """
    parts: list[str] = []
    back: list[list[int | str]] = []
    at = length = 0
    for edit in sorted(edits):
        kept = text[at : edit.start]
        length += len(kept)
        parts += [kept, edit.new]
        back.append([length, length + len(edit.new), text[edit.start : edit.end]])
        length += len(edit.new)
        at = edit.end
    parts.append(text[at:])
    return "".join(parts), back


def take_back(text: str, back: Sequence[Sequence[int | str]]) -> str:
    """The text before `apply_edits`.

    >>> take_back("[PERSON_1] kam.", [[0, 10, "Ivan"]])
    'Ivan kam.'
    """
    parts: list[str] = []
    at = 0
    for start, end, old in back:
        parts += [text[at : int(start)], str(old)]
        at = int(end)
    parts.append(text[at:])
    return "".join(parts)


def move(offset: int, edits: Sequence[Edit], *, end: bool) -> int:
    """Where an offset of the text lies in the changed text.

    An offset within a replaced part moves to its beginning, or with `end` behind it.

    >>> move(5, [Edit(0, 4, "[PERSON_1]")], end=False)
    11
    """
    ordered = sorted(edits)
    place = bisect_right([edit.start for edit in ordered], offset if not end else offset - 1)
    shift = sum(len(edit.new) - (edit.end - edit.start) for edit in ordered[:place])
    if place and (offset < ordered[place - 1].end or (end and offset <= ordered[place - 1].end)):
        last = ordered[place - 1]
        shift -= len(last.new) - (last.end - last.start)
        begin = last.start + shift
        if offset == last.start and not end:
            return begin
        return begin + len(last.new) if end else begin
    return offset + shift
