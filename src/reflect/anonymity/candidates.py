"""Words that may be names, and what their neighbourhood says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reflect.anonymity.clues import MARKS, Usage, kinds_of, neighbour, of_word, small_name, standing
from reflect.anonymity.lists import NAMED, PLAIN, flags, vocabulary
from reflect.anonymity.words import Word

_LONELY = frozenset(["with", "at", ",", "–", "line", ".", "(", "where", "lower", "Name", "Unknown"])
#: After these, before those: a small word that no list has may be a name.
_INTRODUCING = frozenset(["title", "role", "named", "say", "with"])
_ACTING = frozenset(["say", "be"])
_ROMAN = re.compile(r"[IVX]{2,6}")


def candidates(
    tokens: Sequence[Word],
    language: str,
    labels: dict[int, tuple[str, float, str]],
    usage: Usage,
) -> Iterator[tuple[int, list[str]]]:
    """Words that may be names, each with the clues of its neighbourhood.

    `labels` is read while it grows: what was decided to the left is a clue.
    """
    size = len(tokens)
    for place in range(size):
        word = tokens[place]
        if word.hidden:
            continue
        own = standing(word.text, language)
        if not own and not small_name(word.text, language):
            continue
        before = class_at(tokens, place - 1, language)
        if not own:
            acts = class_at(tokens, place + 1, language) in _ACTING
            hint = before if before in _INTRODUCING else "acts" if acts else ""
            own = standing(word.text, language, hint) if hint else ""
            if not own:
                continue
        previous = _left_label(tokens, place, labels)
        if _ROMAN.fullmatch(word.text) and previous != "place":
            continue
        if _shortened(word.text.lower()) and _follows(tokens, place):
            continue
        if word.text in ("P", "S") and _postscript(tokens, place):
            continue
        if own == "noun" and before not in ("title", "named", "role"):
            bare = (
                before in _LONELY
                and usage.is_bare(word.text)
                and word.text.lower() not in vocabulary()["brand"]
            )
            if not (previous == "person" or bare) or _owns(tokens[place - 1].text, language):
                continue
        yield place, _around(tokens, place, language, before, previous)


def _owns(word: str, language: str) -> bool:
    """Whether a word is a genitive, so that what follows is owned and no part of the name."""
    stem = word.removesuffix("s").rstrip("'’")
    return (
        stem != word and bool(flags(stem, language) & NAMED) and not flags(word, language) & PLAIN
    )


def _around(
    tokens: Sequence[Word], place: int, language: str, before: str, previous: str
) -> list[str]:
    word = tokens[place].text
    letters = of_word(word, language)[1]
    further = class_at(tokens, place - 2, language)
    after = class_at(tokens, place + 1, language)
    later = class_at(tokens, place + 2, language)
    start = "start" if before in MARKS or before == "line" else "in"
    if before == "." and place > 1 and len(tokens[place - 2].text) < 3:
        start = "stop"
    found = [
        f"p={before}",
        f"n={after}",
        f"pp={further}",
        f"nn={later}",
        f"l={previous}",
        f"{start}/{letters}",
        f"p={before}/{letters}",
        f"n={after}/{letters}",
        f"pp={further}/p={before}",
        f"p={before}/n={after}",
        f"l={previous}/{letters}",
    ]
    if word.isupper() and len(word) > 2:
        found.append("caps/run" if _shouted(tokens, place) else "caps/alone")
    known = kinds_of(word, language)
    found.append(f"{known}/{start}/n={after}")
    found.append(f"{known}/p={before}/n={after}")
    if after == ".":
        found.append(f"stop/{of_word(word, language)[2]}/{later == 'line'}")
    left = tokens[place - 1].text.lower() if place else ""
    right = tokens[place + 1].text.lower() if place + 1 < len(tokens) else ""
    if language == "en":
        found.append(f"en/{start}/{letters}")
    found.append(f"left={left}")
    found.append(f"right={right}")
    return found


_NAMING = frozenset(["st", "co", "fam"])


def _shortened(lower: str) -> bool:
    """Whether a word is an abbreviation of no name (*Nr. 4*), unlike *St.* of a place."""
    known = len(lower) > 1 and lower in vocabulary()["abbreviation"] and lower not in _NAMING
    return known or (len(lower) > 2 and lower.endswith("nr"))


def _postscript(tokens: Sequence[Word], place: int) -> bool:
    """Whether a letter is one of *P.S.*"""
    begin = place if tokens[place].text == "P" else place - 2
    return begin >= 0 and [word.text for word in tokens[begin : begin + 4]] == ["P", ".", "S", "."]


def _follows(tokens: Sequence[Word], place: int) -> bool:
    """Whether the next token is a full stop or a number."""
    text = tokens[place + 1].text if place + 1 < len(tokens) else " "
    return text[0] == "." or text[0].isdigit()


def _shouted(tokens: Sequence[Word], place: int) -> bool:
    """Whether the next word to the left or right is in capitals too: no abbreviation then."""
    for step in (-1, 1):
        beside = place + step
        while 0 <= beside < len(tokens) and not tokens[beside].text[0].isalpha():
            beside += step
        beside_text = tokens[beside].text if 0 <= beside < len(tokens) else ""
        if len(beside_text) > 1 and beside_text.isupper():
            return True
    return False


def class_at(tokens: Sequence[Word], place: int, language: str) -> str:
    """Class of the word at a place, as a neighbour sees it; ``line`` beyond the ends."""
    if place < 0 or place >= len(tokens):
        return "line"
    word = tokens[place]
    if word.text == "." and place and neighbour(tokens[place - 1].text, language) == "title":
        return "title"
    return "placeholder" if word.hidden else neighbour(word.text, language)


def _left_label(
    tokens: Sequence[Word], place: int, labels: dict[int, tuple[str, float, str]]
) -> str:
    """Class of the name that ends right before a word, "," or "" for a name just before a mark."""
    for back in (1, 2, 3):
        if place - back < 0:
            return "-"
        found = labels.get(place - back)
        if found:
            between = "".join(tokens[i].text for i in range(place - back + 1, place))
            if between in ("", ".", "-", ".-"):
                return found[0]
            return "," + found[0] if between in (",", "und", "and", "u", "/", "&") else "-"
    return "-"
