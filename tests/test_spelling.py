"""Learner spellings."""

from __future__ import annotations

import pytest

from reflect.spelling import respelled


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("villeicht", "vielleicht"),
        ("komt", "kommen"),
        ("imer", "immer"),
        ("schnel", "schnell"),
        ("Garten", "Garten"),
        ("Kolwitz", "Kolwitz"),
        ("ja", "ja"),
        ("Anerkennungsverfahren", "Anerkennungsverfahren"),
    ],
)
def test_respelled(word, meant):
    assert respelled(word, "de") == meant


def test_english_is_left_alone():
    assert respelled("imer", "en") == "imer"
