"""The words of the reports: complete in both languages, numbers as each language writes them."""

import string
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from reflect import labels
from reflect.errors import ReflectError
from reflect.markers.codebook import DIRECTIONS, FAMILIES
from reflect.moments import NO_EVENT, SHIFT_MARKERS
from reflect.periods import PHASES


def leaves(part: dict, path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in part.items():
        name = f"{path}.{key}" if path else key
        yield from leaves(value, name) if isinstance(value, dict) else [(name, value)]


WORDS = {language: dict(leaves(labels.catalogue(language))) for language in ("de", "en")}


def placeholders(sentence: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def test_both_catalogues_hold_the_same_keys():
    assert WORDS["de"].keys() ^ WORDS["en"].keys() == set()


@pytest.mark.parametrize("key", sorted(WORDS["de"].keys() & WORDS["en"].keys()))
def test_both_languages_fill_in_the_same_values(key):
    assert set(placeholders(WORDS["de"][key])) == set(placeholders(WORDS["en"][key]))


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_word_is_a_text_and_none_is_empty(language):
    # A bare yes or no in YAML would be a truth value.
    strange = {key for key, word in WORDS[language].items() if not isinstance(word, str)}
    assert strange == set()
    assert {key for key, word in WORDS[language].items() if not word.strip()} == set()


@pytest.mark.parametrize("language", ["de", "en"])
def test_whatever_the_analysis_names_has_a_name(language):
    directions = {name for names in DIRECTIONS.values() for name in names}
    needed = {f"marker.{family}" for family in FAMILIES}
    needed |= {f"direction.{direction}" for direction in directions}
    needed |= {f"phase.{phase}" for phase in PHASES}
    needed |= {"method.bootstrap", "method.exact", "told_by.learner", "told_by.teacher"}
    needed |= {f"unit.{unit}" for unit in ("week", "month", "quarter", "year")}
    needed |= {"language.de", "language.en", "verdict.none", "verdict.too_few"}
    needed |= {f"after.{NO_EVENT}", "say.no_event", "yes", "no", "all"}
    assert needed - WORDS[language].keys() == set()
    assert set(SHIFT_MARKERS) <= set(FAMILIES)


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_two_markers_share_a_name(language):
    names = [labels.label(language, f"marker.{family}") for family in FAMILIES]
    assert len(set(names)) == len(names)


def test_an_unknown_language_is_refused_and_the_known_ones_named():
    with pytest.raises(ReflectError, match=r"^no report language 'fr'\. Choose one of de, en$"):
        labels.catalogue("fr")


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("event.kickoff", "Auftakt"),
        ("event.picnic_day", "picnic day"),
        ("outcome.first_novel", "first novel"),
        ("no.such.part_here", "part here"),
    ],
)
def test_own_kinds_are_shown_as_they_stand(key, shown):
    assert labels.label("de", key) == shown


def test_values_are_filled_in_and_never_read_as_placeholders():
    said = labels.label("en", "say.moment_line", tandem="{x}", date="d", event="e", markers="m")
    assert said == "**{x}, around d** (e): m"


@pytest.mark.parametrize(
    ("value", "language", "digits", "written"),
    [
        (1234.56, "de", 1, "1.234,6"),
        (1234.56, "en", 1, "1,234.6"),
        (7, "de", 0, "7"),
        (-0.5, "de", 2, "-0,50"),
        (1_000_000, "en", 0, "1,000,000"),
        (np.int64(3), "en", 0, "3"),
        (float("nan"), "de", 1, "–"),
        (None, "en", 0, "–"),
        (pd.NA, "en", 0, "–"),
        (pd.NaT, "en", 0, "–"),
        (float("inf"), "de", 1, "∞"),
        (float("-inf"), "en", 1, "−∞"),
    ],
)
def test_numbers(value, language, digits, written):
    assert labels.number(value, language, digits) == written


@pytest.mark.parametrize(
    ("share", "language", "digits", "written"),
    [
        (0.256, "de", 0, "26\u202f%"),
        (0.256, "en", 0, "26%"),
        (0.256, "de", 1, "25,6\u202f%"),
        (0, "en", 0, "0%"),
        (1, "en", 0, "100%"),
        (float("nan"), "de", 0, "–"),
    ],
)
def test_percentages(share, language, digits, written):
    shown = labels.percent(share, language, digits)
    assert "".join(shown.split()) == "".join(written.split())
    # German sets a space before the sign; it may be narrow or unbreakable, but is one.
    assert sum(sign.isspace() for sign in shown) == (language == "de" and "%" in shown)


@pytest.mark.parametrize(
    ("date", "language", "short", "written"),
    [
        ("2025-05-08", "de", False, "8. Mai 2025"),
        ("2025-05-08", "en", False, "8 May 2025"),
        ("2025-03-31 19:30", "de", False, "31. März 2025"),
        ("1891-12-01", "en", False, "1 December 1891"),
        ("2025-05-08", "de", True, "8.5."),
        ("2025-05-08", "en", True, "8/5"),
        (None, "de", False, "–"),
        (None, "en", True, "–"),
    ],
)
def test_days(date, language, short, written):
    assert labels.day(pd.Timestamp(date), language, short) == written


@pytest.mark.parametrize(
    ("words", "language", "joined"),
    [
        ([], "de", ""),
        (["Tee"], "de", "Tee"),
        (["Tee", "Brot"], "de", "Tee und Brot"),
        (["tea", "bread", "salt"], "en", "tea, bread and salt"),
        (iter(["tea", "bread"]), "en", "tea and bread"),
    ],
)
def test_listings(words, language, joined):
    assert labels.listing(words, language) == joined
