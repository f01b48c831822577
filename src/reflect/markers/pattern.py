"""The rule notation and its compilation to word classes.

A pattern is read left to right::

    ME & klar|bewusst & BECOME          all in one clause, in any order
    von ~ mir & LEARN                   `von` at most six words before `mir`
    PAST & BELIEVE > NOW & BELIEVE      the second part in a later clause
    PAST & BELIEVE + NOW                the parts anywhere in the sentence
    I & !NEG & merk*                    `!` must not stand in the clause
    zum_ersten_mal & I                  `_` joins words that stand side by side
    ^GROUP & sind                       `^` among the first four words of the sentence

Capital names are word classes of the codebook (``words:``), everything else is a
lower-case word; ``*`` at either end stands for any letters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

GAP = 6
OPENING = 4
_ATOM = re.compile(r"^\*?[\wäöüßÄÖÜ'’.\-/]+\*?$")


class PatternError(ValueError):
    """A pattern that cannot be read; the message says where."""


@dataclass(frozen=True)
class Part:
    """What one clause must and must not contain.

    ``need`` holds the atoms (each a tuple of alternatives), ``order`` pairs of indices into
    ``need`` of which the first must stand at most ``GAP`` words before the second, ``opening``
    those that must stand at the start of the sentence.
    """

    need: tuple[tuple[str, ...], ...]
    ban: tuple[tuple[str, ...], ...]
    order: tuple[tuple[int, int], ...]
    opening: tuple[int, ...] = ()


@dataclass(frozen=True)
class Pattern:
    """Parts of a rule; ``ordered`` parts follow each other in later clauses."""

    parts: tuple[Part, ...]
    ban: tuple[tuple[str, ...], ...]
    ordered: bool


def compile_pattern(source: str, words: Mapping[str, tuple[str, ...]]) -> Pattern:
    """Read a pattern.

    Parameters
    ----------
    source : str
        The rule's ``pattern``.
    words : mapping
        Word classes by name, for checking that every class exists.

    Raises
    ------
    PatternError
        If the notation is broken or a class is unknown.

    Examples
    --------
    >>> compile_pattern("ich & merk*", {}).parts[0].need
    (('ich',), ('merk*',))
    """
    if not source or not source.strip():
        raise PatternError("the pattern is empty")
    joined, sentence_ban = [], []
    for piece in source.split("+"):
        part = _part(piece, words) if ">" not in piece else None
        if part is not None and not part.need:
            sentence_ban.extend(part.ban)
        else:
            joined.append(piece)
    ordered = any(">" in piece for piece in joined)
    if ordered and len(joined) > 1:
        raise PatternError("a pattern cannot mix > and + (a + part that only forbids is fine)")
    pieces = joined[0].split(">") if ordered else joined
    parts = [_part(piece, words) for piece in pieces]
    if not all(part.need for part in parts):
        raise PatternError("every part needs a word that must be present")
    if not parts:
        raise PatternError("the pattern needs at least one word that must be present")
    return Pattern(tuple(parts), tuple(sentence_ban), ordered)


def _part(piece: str, words: Mapping[str, tuple[str, ...]]) -> Part:
    need: list[tuple[str, ...]] = []
    ban: list[tuple[str, ...]] = []
    order: list[tuple[int, int]] = []
    opening: list[int] = []
    for chain in piece.split("&"):
        steps = [step.strip() for step in chain.split("~")]
        before = -1
        for step in steps:
            if not step:
                raise PatternError("an operator has nothing on one side")
            if step.startswith("!"):
                ban.append(_alternatives(step[1:].strip(), words))
                continue
            if step.startswith("^"):
                opening.append(len(need))
            need.append(_alternatives(step.removeprefix("^").strip(), words))
            if before >= 0:
                order.append((before, len(need) - 1))
            before = len(need) - 1
    return Part(tuple(need), tuple(ban), tuple(order), tuple(opening))


def _alternatives(step: str, words: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    alternatives = tuple(choice.strip() for choice in step.split("|"))
    for choice in alternatives:
        if not _ATOM.match(choice):
            raise PatternError(f"cannot read {choice!r}; join neighbouring words with _")
        if is_class(choice) and choice not in words:
            raise PatternError(f"unknown word class {choice}")
        if not is_class(choice) and choice != choice.lower():
            raise PatternError(f"write words in lower case: {choice.lower()}")
        if len(choice.strip("*")) < 2 and "*" in choice:
            raise PatternError(f"{choice!r} would match nearly every word")
    return alternatives


def is_class(name: str) -> bool:
    """Whether a name is a word class: capitals, digits and underscores only.

    >>> is_class("PAST_TIME"), is_class("past"), is_class("I")
    (True, False, True)
    """
    return name.isupper() and name[0].isalpha()
