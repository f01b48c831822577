"""Scores whose answer can be checked in the head."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from reflect.errors import ReflectError
from reflect.evaluation import gate_confusion, macro_f1, score
from reflect.stats import wilson

ENTRIES = pd.DataFrame({"entry_id": ["a", "b", "c", "d"], "language": ["de", "de", "en", "en"]})
CODES = pd.DataFrame(
    {
        "entry_id": ["a", "b", "c", "d"],
        "marker": ["learning", "learning", "insight", "insight"],
        "direction": ["from_partner", "mutual", "", ""],
        "gate": ["", "", "", "negated"],
    }
)
TRUTH = pd.DataFrame(
    {
        "entry_id": ["a", "b", "d"],
        "marker": ["learning", "learning", "insight"],
        "direction": ["from_partner", "to_partner", ""],
    }
)


def test_counts_precision_recall_and_direction() -> None:
    table = score(CODES, TRUTH, ENTRIES).set_index("marker")
    assert table.loc["learning", ["found", "annotated", "both"]].tolist() == [2, 2, 2]
    assert table.loc["learning", "f1"] == 1
    assert table.loc["learning", "direction_right"] == 0.5
    assert table.loc["insight", ["found", "annotated", "both"]].tolist() == [1, 1, 0]
    assert table.loc["insight", "precision"] == 0
    assert macro_f1(table) == 0.5


def test_groups_by_columns_of_the_entries() -> None:
    table = score(CODES, TRUTH, ENTRIES, by=("language", "marker"))
    assert table[["language", "marker"]].values.tolist() == [["de", "learning"], ["en", "insight"]]


def test_gate_confusion_shows_wrongly_closed_gates() -> None:
    table = gate_confusion(CODES, TRUTH).set_index("gate")
    assert table.loc["negated", "share"] == 1
    assert table.loc["", ["hits", "annotated"]].tolist() == [3, 2]


def test_wilson_without_trials_is_unknown() -> None:
    assert all(map(math.isnan, wilson(0, 0)))


def test_missing_column_and_unknown_entry_are_named() -> None:
    with pytest.raises(ReflectError, match="codes lack the column marker"):
        score(CODES[["entry_id"]], TRUTH, ENTRIES)
    with pytest.raises(ReflectError, match="annotations name entries"):
        score(CODES, TRUTH.assign(entry_id="z"), ENTRIES)
