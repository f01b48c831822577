"""Roles: which pairs and triples of persons, prepositions and verbs a sentence holds."""

from __future__ import annotations

import numpy as np
import pytest
from marker_batches import batch_of

from reflect.markers.codebook import builtin
from reflect.markers.engine import Engine
from reflect.markers.roles import PAUSE, START, Roles, role_symbols


def _chains(text: str, language: str = "de") -> list[set[tuple[str, ...]]]:
    """Pairs and triples of each sentence, by name."""
    engine = Engine(builtin(language), model=False)
    batch = batch_of(engine, [text])
    sizes = np.diff(np.append(batch.sentence_starts, batch.size))
    symbols = role_symbols(engine.lexicon)
    base = len(symbols) + 1
    found: list[set[tuple[str, ...]]] = [set() for _ in sizes]
    roles = Roles(engine.lexicon, symbols)
    sentence = np.repeat(np.arange(len(sizes)), sizes)
    for length, (keys, owner) in zip((2, 3), roles.features(batch, sentence), strict=True):
        for key, place in zip(keys.tolist(), owner.tolist(), strict=True):
            assert 0 <= key < roles.size
            key -= base**2 if length == 3 else 0
            parts = []
            for _ in range(length):
                key, part = divmod(key, base)
                parts.append(symbols[part - 1])
            found[place].add(tuple(reversed(parts)))
    return found


def test_case_and_agreement_tell_who_acts() -> None:
    (theirs,) = _chains("Er hat von mir gelernt.")
    (ours,) = _chains("Ich habe von ihm gelernt.")
    assert ("von", "mir", "LEARNING") in theirs
    assert ("von", "ihm", "LEARNING") in ours
    assert not {pair for pair in theirs if len(pair) == 3} & {p for p in ours if len(p) == 3}


def test_words_without_a_role_are_left_out() -> None:
    (found,) = _chains("Sie zeigte mir gestern geduldig, wie.")
    assert ("sie", "TEACHING") in found
    assert ("TEACHING", "mir") in found
    assert ("mir", PAUSE) in found
    assert (START, "sie", "TEACHING") in found


def test_no_feature_reaches_into_the_next_sentence() -> None:
    first, second = _chains("Ich half ihm. Er mir.")
    assert ("er", "mir") in second
    assert (START, "er") in second
    assert all("er" not in chain for chain in first)


@pytest.mark.parametrize("name", ["[PERSON_2]", "Karim", "mentor"])
def test_partner_names_are_one_role(name: str) -> None:
    (found,) = _chains(f"I learned from {name} to wait.", "en")
    assert ("LEARNING", "from", "PARTNER") in found
