"""Which sentence a code belongs to, and who judged what."""

import pandas as pd
import pytest

from reflect.coding.ratings import marker_order, place, ratings
from reflect.errors import ReflectError

UNITS = pd.DataFrame(
    {"unit_id": ["a", "b"], "entry_id": ["e", "e"], "start": [0, 10], "end": [10, 30]}
)


def coded(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["coder_id", "entry_id", "start", "end", "marker"])


@pytest.mark.parametrize(
    ("start", "end", "units"),
    [
        (0, 10, ["a"]),
        (2, 4, ["a"]),  # a phrase belongs to its sentence
        (0, 30, ["a", "b"]),  # a paragraph to all of its sentences
        (8, 12, ["a", "b"]),  # half of it in each
        (9, 14, ["b"]),  # mostly in the second
        (30, 40, []),
    ],
)
def test_a_code_belongs_where_half_of_the_shorter_lies(start, end, units):
    assert place(coded(("x", "e", start, end, "insight")), UNITS)["unit_id"].tolist() == units


def test_a_code_of_another_entry_belongs_nowhere():
    assert place(coded(("x", "f", 0, 10, "insight")), UNITS).empty


def test_none_is_a_judgement_and_silence_is_not():
    rated = ratings(coded(("x", "e", 0, 10, "insight"), ("y", "e", 0, 10, "none")), UNITS)
    assert rated.units["unit_id"].tolist() == ["a", "b"]  # x used no none: read the whole entry
    assert rated.judged.tolist() == [[True, True], [True, False]]
    assert rated.marked["insight"].tolist() == [[True, False], [False, False]]


def test_two_codes_of_a_marker_on_a_sentence_are_one_and_keep_the_direction():
    codes = coded(("x", "e", 0, 4, "learning"), ("x", "e", 5, 10, "learning"))
    codes["direction"] = ["", "mutual"]
    assert place(codes, UNITS)["direction"].tolist() == ["mutual"]


def test_codes_of_another_sample_are_refused():
    with pytest.raises(ReflectError, match="no code stands on any"):
        ratings(coded(("x", "f", 0, 10, "insight")), UNITS)


def test_a_missing_column_is_named():
    with pytest.raises(ReflectError, match="codes lack the column marker"):
        place(coded().drop(columns="marker"), UNITS)


def test_own_markers_stand_behind_the_families():
    assert marker_order(["zorn", "learning", "none", "insight"]) == ["insight", "learning", "zorn"]
