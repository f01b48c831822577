"""Phrases of a codebook found among the words of a text."""

from __future__ import annotations

import numpy as np
import pytest

from reflect.markers.codebook import builtin
from reflect.markers.direction import DIRECTION_CLASSES
from reflect.markers.engine import Engine
from reflect.markers.gates import GATE_CLASSES
from reflect.markers.lexicon import Lexicon


def marked(phrases: tuple[str, ...], text: str) -> list[str]:
    """Words of a text that get the bit of a class made of phrases."""
    lexicon = Lexicon({"CLASS": phrases})
    lexicon.bit(("CLASS",))
    lexicon.seal()
    words = text.split()
    rows = np.array([lexicon.row(word) for word in words])
    bits = lexicon.bits[rows]
    lexicon.phrases.mark(lexicon.piece_of[rows], bits)
    return [word for word, held in zip(words, bits[:, 0], strict=True) if held]


@pytest.mark.parametrize(
    ("phrases", "text", "expected"),
    [
        (("zum_ersten_mal",), "heute zum ersten mal", ["ersten"]),
        (("zum_ersten_mal",), "zum letzten mal", []),
        (("zum_ersten_mal",), "wie zum ersten", []),
        (("so_was", "so_was_habe"), "so was habe ich", ["was", "habe"]),
        (("key_moment*",), "two Key moments and a key momentum", ["Key", "key"]),
        (("key_moment*", "a_moment"), "a moment a moments key moment", ["moment", "key"]),
        (("a_b", "b_c"), "a b c", ["b", "c"]),
        (("gar_nichts", "allein"), "allein gar nichts", ["allein", "nichts"]),
        ((), "zum ersten mal", []),
    ],
)
def test_longest_word_of_a_phrase_is_marked(
    phrases: tuple[str, ...], text: str, expected: list[str]
) -> None:
    assert marked(phrases, text) == expected


def test_phrase_of_two_classes_has_both_bits() -> None:
    lexicon = Lexicon({})
    lexicon.bit(("on_time", "late"))
    lexicon.bit(("on_time", "soon"))
    lexicon.seal()
    rows = np.array([lexicon.row("on"), lexicon.row("time")])
    bits = lexicon.bits[rows]
    lexicon.phrases.mark(lexicon.piece_of[rows], bits)
    assert bits[:, 0].tolist() == [0, 0b11]


@pytest.mark.parametrize("language", ["de", "en"])
def test_gates_and_directions_read_the_first_64_bits(language: str) -> None:
    lexicon = Engine(builtin(language), model=False).lexicon
    names = (*GATE_CLASSES, *DIRECTION_CLASSES, "NEG", "NEG_NEUTRAL")
    assert max(lexicon.bit((name,)) for name in names) < 64
