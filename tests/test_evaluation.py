"""Scores whose answer can be checked in the head."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from reflect.errors import ReflectError
from reflect.evaluation import evaluation, gate_confusion, macro_f1, on_units, score, sentence_units
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


DIARY = pd.DataFrame(
    {
        "entry_id": ["a", "b"],
        "text": [
            "Heute war es kalt. Das hat mich überrascht.",
            "Nothing came of it. We went home.",
        ],
        "language": ["de", ""],
    }
)


def spans(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["entry_id", "marker", "start", "end"])


def test_sentences_are_the_units_where_both_carry_offsets() -> None:
    codes = spans(("a", "insight", 0, 18), ("b", "insight", 0, 19))
    truth = spans(("a", "insight", 19, 43), ("b", "insight", 2, 10))
    _, _, table = evaluation(codes, truth, DIARY)
    assert table[["language", "found", "annotated", "both"]].values.tolist() == [
        ["de", 1, 1, 0],
        ["en", 1, 1, 1],
    ]


def test_entries_are_the_units_where_one_lacks_offsets() -> None:
    codes = spans(("a", "insight", 0, 18))
    _, _, table = evaluation(codes, codes[["entry_id", "marker"]], DIARY)
    assert table["both"].tolist() == [1]


def test_sentence_units_carry_the_language_and_no_text() -> None:
    units = sentence_units(DIARY.assign(language=["de", "en"]))
    assert units[["entry_id", "language"]].values.tolist() == [
        ["a:0", "de"],
        ["a:19", "de"],
        ["b:0", "en"],
        ["b:20", "en"],
    ]
    assert "text" not in units


def test_codes_outside_every_unit_are_left_out() -> None:
    units = sentence_units(DIARY)
    assert on_units(spans(("a", "insight", 90, 99)), units).empty


def test_entries_that_nobody_read_are_named() -> None:
    with pytest.raises(ReflectError, match="codes name entries"):
        evaluation(spans(("z", "insight", 0, 1)), spans(), DIARY)
