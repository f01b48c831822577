"""One answer for each sentence, and what is still open."""

import numpy as np
import pandas as pd
import pytest

from reflect.coding.consensus import consensus, open_cases


def coded(**coders: str) -> pd.DataFrame:
    """``anna="1 0 ."``: a sentence a place, the marker learning, none, or not judged."""
    rows = [
        (name, "e", 10 * place, 10 * place + 10, "none" if cell == "0" else "learning",
         {"m": "mutual", "t": "to_partner"}.get(cell, ""))
        for name, cells in coders.items()
        for place, cell in enumerate(cells.split())
        if cell != "."
    ]  # fmt: skip
    columns = ["coder_id", "entry_id", "start", "end", "marker", "direction"]
    return pd.DataFrame(rows, columns=columns)


def learned(codes: pd.DataFrame) -> pd.DataFrame:
    found = consensus(codes)
    return found[found["marker"] == "learning"].sort_values("start").reset_index(drop=True)


@pytest.mark.parametrize(
    ("coders", "value", "settled"),
    [
        ({"a": "1", "b": "1"}, 1, "all"),
        ({"a": "0", "b": "0"}, 0, "all"),
        ({"a": "1", "b": "1", "c": "0"}, 1, "majority"),
        ({"a": "1", "b": "0", "c": "0"}, 0, "majority"),
        ({"a": "1", "b": "0"}, np.nan, "tie"),
        ({"a": "1"}, 1, "single"),
        ({"a": "1", "b": "0", "consensus": "0"}, 0, "decided"),
        ({"a": "0", "b": "0", "consensus": "1"}, 1, "decided"),
    ],
)
def test_how_a_sentence_is_settled(coders, value, settled):
    found = learned(coded(**coders)).iloc[0]
    assert found["value"] == value or (np.isnan(value) and np.isnan(found["value"]))
    assert found["settled"] == settled


def test_every_family_is_absent_where_it_was_looked_for():
    found = consensus(coded(a="1", b="1"))
    assert found["marker"].nunique() == 14
    assert found.loc[found["marker"] != "learning", "value"].eq(0).all()


def test_directions_follow_the_majority_or_the_meeting():
    assert learned(coded(a="m", b="m", c="t"))["direction"].tolist() == ["mutual"]
    assert learned(coded(a="m", b="t"))["direction"].tolist() == [""]
    assert learned(coded(a="m", b="t", consensus="t"))["direction"].tolist() == ["to_partner"]


def test_open_are_ties_and_directions_that_differ():
    found = consensus(coded(a="1 m m 0", b="0 t m 0"))
    assert open_cases(found)["start"].tolist() == [0, 10]


def test_a_decided_sentence_is_open_no_more():
    assert open_cases(consensus(coded(a="1", b="0", consensus="1"))).empty
