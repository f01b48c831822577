"""Rates, profiles and display of markers."""

from __future__ import annotations

import pandas as pd
import pytest

from reflect.errors import ReflectError
from reflect.markers import explain, profiles, rates

ENTRIES = pd.DataFrame(
    {
        "entry_id": ["a", "b", "c"],
        "text": ["eins zwei drei vier", "eins zwei drei vier", "eins zwei"],
        "side": ["leader", "leader", "talent"],
    }
)
SPANS = pd.DataFrame(
    {
        "entry_id": ["a", "a", "c", "b"],
        "marker": ["learning", "learning", "insight", "learning"],
        "direction": ["mutual", "from_partner", "", "mutual"],
        "gate": ["", "", "", "negated"],
    }
)


def test_rates_keep_exposure_and_leave_gated_hits_out() -> None:
    table = rates(SPANS, ENTRIES, by="side").set_index(["side", "marker"])
    leader = table.loc[("leader", "learning")]
    assert leader[["hits", "tokens", "entries", "entries_with"]].tolist() == [2, 8, 2, 1]
    assert leader["per_1000"] == 250 and leader["share"] == 0.5
    assert table.loc[("talent", "learning"), "hits"] == 0


def test_rates_by_direction() -> None:
    table = rates(SPANS, ENTRIES, by="entry", directions=True).set_index(["entry_id", "marker"])
    assert table.loc[("a", "learning:mutual"), "hits"] == 1


def test_rates_name_the_missing_column() -> None:
    with pytest.raises(ReflectError, match="lack the column phase"):
        rates(SPANS, ENTRIES, by="phase")


def test_profiles_tell_polite_from_plural_pronouns() -> None:
    texts = ["Kommen Sie morgen, sie hat Zeit und sie haben Tee.", "I think we know it."]
    table = pd.DataFrame({"entry_id": ["d", "e"], "text": texts, "language": ["de", "en"]})
    found = profiles(table).set_index("entry_id")
    assert found.loc["d", ["you_formal", "she_he", "they"]].tolist() == [100, 100, 100]
    assert found.loc["e", ["i", "we"]].tolist() == [200, 200]


def test_explain_escapes_the_text_and_says_rule_and_gate() -> None:
    text = "<b>Ich</b> & du"
    spans = pd.DataFrame(
        {
            "marker": ["insight"],
            "direction": [""],
            "start": [0],
            "end": [len(text)],
            "rule": ["insight.x"],
            "gate": ["negated"],
        }
    )
    html = explain(text, spans, "de")
    assert "<b>" not in html and "insight.x" in html and "gate: negated" in html
    with pytest.raises(ReflectError, match="outside the text"):
        explain("kurz", spans)
