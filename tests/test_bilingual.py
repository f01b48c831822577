"""The bridge between German and English."""

from __future__ import annotations

import pytest
from simplemma import is_known

from reflect.bilingual import learn_translator, lexicon


def test_words_go_into_the_main_language():
    translate = learn_translator(["de"] * 6 + ["en"] * 4)
    assert translate.main == "de"
    assert translate(["work", "garden", "xyz"], "en") == ["arbeit", "garten", "xyz"]
    assert translate(["work"], "de") == ["work"]


@pytest.mark.parametrize("languages", [["de"] * 5, ["de"] * 99 + ["en"], ["de", "fr"], []])
def test_a_corpus_in_one_language_needs_none(languages):
    translate = learn_translator(languages)
    assert translate(["work"], "en") == ["work"]


def test_the_lexicon_is_clean():
    forth, back = lexicon("de", "en"), lexicon("en", "de")
    assert len(forth) > 700
    assert len(back) > 700
    assert lexicon("de", "de") == lexicon("fr", "de") == {}
    for word, target in [*forth.items(), *back.items()]:
        assert word == word.strip().lower()
        assert word
        assert target
    unknown = [w for w in back if not is_known(w, lang="en") and not is_known(w.title(), lang="en")]
    assert len(unknown) < 0.03 * len(back), unknown
