"""Words that may be names, and what their neighbourhood says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reflect.anonymity.clues import MARKS, Usage, neighbour, of_word, standing
from reflect.anonymity.lists import NAMED, PLAIN, flags, vocabulary
from reflect.anonymity.words import Word

_LONELY = frozenset(["with", "at", ",", "–", "line", ".", "(", "where", "lower", "Name", "Unknown"])
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
        before = class_at(tokens, place - 1, language)
        own = standing(word.text, language, before if before == "title" else "")
        if not own:
            continue
        previous = _left_label(tokens, place, labels)
        if _ROMAN.fullmatch(word.text) and previous != "place":
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
    if after == ".":
        found.append(f"stop/{of_word(word, language)[2]}/{later == 'line'}")
    left = tokens[place - 1].text.lower() if place else ""
    right = tokens[place + 1].text.lower() if place + 1 < len(tokens) else ""
    if language == "en":
        found.append(f"en/{start}/{letters}")
    found.append(f"left={left}")
    found.append(f"right={right}")
    return found


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
