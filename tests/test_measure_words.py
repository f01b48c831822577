"""Words of the measures: the same keys in both languages, everything named."""

import string
from collections.abc import Iterator

import pytest

from reflect import change, corroboration, coupling, evenness, keyness, style_matching
from reflect.measure_words import label, measure_catalogue
from reflect.plan import ESTIMANDS


def leaves(part: dict, path: str = "") -> Iterator[tuple[str, object]]:
    for key, value in part.items():
        name = f"{path}.{key}" if path else key
        yield from leaves(value, name) if isinstance(value, dict) else [(name, value)]


WORDS = {language: dict(leaves(measure_catalogue(language))) for language in ("de", "en")}


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_catalogues_hold_the_same_keys():
    assert WORDS["de"].keys() ^ WORDS["en"].keys() == set()


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_word_is_a_text(language):
    strange = {
        key for key, word in WORDS[language].items() if not isinstance(word, str) or not word
    }
    assert strange == set()


def test_both_languages_fill_in_the_same_values():
    for key in WORDS["de"]:
        assert placeholders(WORDS["de"][key]) == placeholders(WORDS["en"][key]), key


@pytest.mark.parametrize("language", ["de", "en"])
def test_whatever_the_measures_name_has_a_name(language):
    needed = {f"measure.{measure.name}" for measure in evenness.MEASURES}
    reasons = {*evenness.REASONS, *style_matching.REASONS} - {""}
    needed |= {f"reason.{reason}" for reason in reasons}
    needed |= {f"estimand.{estimand}" for estimand in ESTIMANDS}
    methods = {"exact", "wilson", "bootstrap", "sign_flip", "two_stage", "negative_binomial"}
    needed |= {f"method.{method}" for method in methods}
    verdicts = ["more", "less", "above", "below", "together", "opposed"]
    verdicts += ["none", "described", "too_few"]
    needed |= {f"verdict.{verdict}" for verdict in verdicts}
    tables = [change.CHANGE_COLUMNS, corroboration.COLUMNS, keyness.KEYNESS_COLUMNS]
    assert len(coupling.LAGS) == 5 and all(tables)
    assert needed - WORDS[language].keys() == set()


def test_words_of_the_report_are_found_too_and_values_filled_in():
    assert label("de", "marker.insight") == "Einsicht"
    assert label("en", "say.style_none", language="German").startswith("In German we see no")
    assert label("en", "event.no_such_kind") == "no such kind"
    assert label("en", "measure") == "measure"
