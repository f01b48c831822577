"""The rule files tested by their own examples."""

from __future__ import annotations

import pandas as pd
import pytest

from reflect.markers.codebook import FAMILIES, LANGUAGES, builtin
from reflect.markers.engine import Engine
from reflect.text import parse


def _docs(texts: list[str], language: str):
    table = pd.DataFrame({"entry_id": range(len(texts)), "text": texts, "language": language})
    return parse(table)


@pytest.fixture(scope="module", params=LANGUAGES)
def rules_only(request) -> Engine:
    return Engine(builtin(request.param), model=False)


def _holds(engine: Engine, texts: list[str]) -> list[set[str]]:
    """Ids of the rules that count (strong) or hold (weak) in each text."""
    batch = engine.segmenter.batch(_docs(texts, engine.codebook.language))
    found: list[set[str]] = [set() for _ in texts]
    for item in engine.candidates(batch):
        if not item.gate:
            doc, _ = batch.locate(batch.sentence_range(item.match.sentence)[0])
            found[doc].add(item.rule)
    for number, sentences in engine.matcher.weak(batch):
        for sentence in sentences.tolist():
            doc, _ = batch.locate(batch.sentence_range(sentence)[0])
            found[doc].add(engine.codebook.rules[number].id)
    return found


def test_every_rule_fires_on_its_example(rules_only: Engine) -> None:
    pairs = [(rule.id, text) for rule in rules_only.codebook.rules for text in rule.fires]
    held = _holds(rules_only, [text for _, text in pairs])
    assert [pair for pair, found in zip(pairs, held, strict=True) if pair[0] not in found] == []


def test_every_rule_is_silent_on_its_counter_example(rules_only: Engine) -> None:
    pairs = [(rule.id, text) for rule in rules_only.codebook.rules for text in rule.silent]
    held = _holds(rules_only, [text for _, text in pairs])
    assert [pair for pair, found in zip(pairs, held, strict=True) if pair[0] in found] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_family_has_rules(language: str) -> None:
    families = {rule.family for rule in builtin(language).rules}
    assert families == set(FAMILIES)
