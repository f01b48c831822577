"""k-anonymity of the table of participants."""

from __future__ import annotations

import pandas as pd
import pytest

from reflect.anonymity.kanonymity import anonymise, classes, k_of, l_of
from reflect.errors import ReflectError


def people(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["side", "gender", "sector"])


ALIKE = people(*[("a", "f", "health")] * 3, *[("b", "m", "crafts")] * 3)


def test_k_is_the_smallest_group() -> None:
    assert k_of(ALIKE) == 3
    assert k_of(ALIKE.iloc[:4]) == 1
    assert k_of(ALIKE.head(0)) == 0


def test_classes_show_the_smallest_first() -> None:
    table = classes(ALIKE.iloc[:5])
    assert table["people"].tolist() == [2, 3] and table["side"].tolist() == ["b", "a"]


def test_l_counts_distinct_values() -> None:
    assert l_of(ALIKE.assign(job=["x", "y", "z", "x", "x", "x"]), "job") == 1
    with pytest.raises(ReflectError, match="no column 'pay'"):
        l_of(ALIKE, "pay")


def test_what_is_anonymous_already_stays() -> None:
    done = anonymise(ALIKE, 3)
    pd.testing.assert_frame_equal(done.participants, ALIKE)
    assert done.k == 3 and done.loss == 0 and done.changes.empty


def test_one_odd_gender_costs_the_column_not_the_sector() -> None:
    table = ALIKE.assign(gender=["f", "f", "m", "m", "m", "m"])
    done = anonymise(table, 3)
    assert done.k >= 3
    assert done.participants["sector"].tolist() == table["sector"].tolist()


def test_decades_become_twenty_years_before_they_go() -> None:
    table = pd.DataFrame({"side": ["a"] * 4, "birth_decade": ["1960s", "1960s", "1970s", "1970s"]})
    done = anonymise(table, 3)
    assert done.participants["birth_decade"].tolist() == ["1960-1979"] * 4


@pytest.mark.parametrize("k", [2, 3, 4])
def test_k_is_reached(k: int) -> None:
    table = people(
        *[("a", "fmd"[n % 3], f"s{n % 4}") for n in range(9)],
        *[("b", "fm"[n % 2], f"s{n}") for n in range(8)],
    )
    before = table.copy()
    done = anonymise(table, k)
    assert done.k >= k and k_of(done.participants) >= k
    pd.testing.assert_frame_equal(table, before)


def test_what_cannot_be_reached_is_said() -> None:
    with pytest.raises(ReflectError, match="a side has 3 people: k = 4"):
        anonymise(ALIKE, 4)
    with pytest.raises(ReflectError, match="Ask for 2 or more"):
        anonymise(ALIKE, 1)
