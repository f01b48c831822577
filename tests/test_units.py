"""Entries and parts of entries."""

from __future__ import annotations

import pytest

from reflect.units import split_entries

SENTENCE = "Heute war der Weg zur Arbeit lang und nass und kalt. "  # 11 words


def test_short_entries_stay_whole():
    units = split_entries(["Kurz.", SENTENCE * 22], ["de", "de"])
    assert units.entry == [0, 1]
    assert units.weight == [1.0, 1.0]


def test_long_entries_are_cut_between_sentences():
    text = SENTENCE * 40
    units = split_entries(["Kurz.", text], ["de", "de"])
    parts = units.texts[1:]
    assert len(parts) > 2
    assert "".join(parts) == text
    assert all(part.strip().endswith(".") for part in parts)
    assert all(60 <= len(part.split()) <= 200 for part in parts)
    assert sum(units.weight[1:]) == pytest.approx(1)
