"""Rule files of researchers: merged by id, and clear about what is wrong."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from reflect import annotate
from reflect.errors import CodebookError
from reflect.markers.codebook import builtin, load_codebook

RULE = """\
language: de
rules:
  - id: insight.kaffeesatz
    pattern: "kaffeesatz & I"
    fires: "Ich las es im Kaffeesatz."
    silent: "Der Kaffeesatz ist kalt."
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "my.de.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_rule_is_added_and_used(tmp_path: Path) -> None:
    path = _write(tmp_path, RULE)
    assert len(load_codebook(path).rules) == len(builtin("de").rules) + 1
    entries = pd.DataFrame({"entry_id": ["e"], "text": ["Ich las es im Kaffeesatz."]})
    found = annotate(entries.assign(language="de"), codebook=path, gated=True)
    assert "insight.kaffeesatz" in found["rule"].tolist()


def test_a_rule_with_a_known_id_replaces_and_an_empty_pattern_switches_off(tmp_path: Path) -> None:
    known = builtin("de").rules[0].id
    replaced = load_codebook(_write(tmp_path, RULE.replace("insight.kaffeesatz", known)))
    assert [r.pattern for r in replaced.rules if r.id == known] == ["kaffeesatz & I"]
    off = load_codebook(_write(tmp_path, f'language: de\nrules:\n  - {{id: {known}, pattern: ""}}'))
    assert known not in {rule.id for rule in off.rules}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("language: de", "language: fr", "set language to one of de, en"),
        ("kaffeesatz & I", "kaffeesatz & NOBODY", "insight.kaffeesatz: unknown word class NOBODY"),
        ("kaffeesatz & I", "kaffeesatz &", "an operator has nothing on one side"),
        ("kaffeesatz & I", "Kaffeesatz", "write words in lower case"),
        ("insight.kaffeesatz", "tea.leaves", "unknown family 'tea'"),
        ("    silent:", "    silence:", "unknown key silence"),
        ('    silent: "Der Kaffeesatz ist kalt."\n', "", "has no silent; add a sentence"),
        ("    fires:", "    direction: up\n    fires:", "direction 'up' does not fit"),
        ("    fires:", "    allow: rain\n    fires:", "unknown gate 'rain'"),
        ("    fires:", "    deny: rain\n    fires:", "unknown gate 'rain'"),
        (
            "    fires:",
            "    allow: negated\n    deny: negated\n    fires:",
            "allows and denies negated",
        ),
        ("    fires:", "    weak: true\n    sure: true\n    fires:", "is both weak and sure"),
        (
            "    fires:",
            "    weak: true\n    allow: negated\n    fires:",
            "a weak rule cannot change gates",
        ),
        ("rules:", "rules: [", "not valid YAML"),
    ],
)
def test_a_bad_rule_is_named_with_its_remedy(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(CodebookError, match=message) as caught:
        load_codebook(_write(tmp_path, RULE.replace(old, new)))
    assert str(caught.value).startswith("my.de.yml") and "\n" not in str(caught.value)
