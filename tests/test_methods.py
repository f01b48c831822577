"""The methods section says what was run, with the run's own figures, in both languages."""

import re
import string
from importlib.resources import files

import nbformat
import pytest

from reflect import Corpus
from reflect.labels import REPORT_LANGUAGES
from reflect.methods import called, methods, passages

NOTEBOOKS = sorted((files("reflect").joinpath("..", "..", "notebooks")).resolve().glob("*.ipynb"))


def notebook(*cells: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])


def test_calls_are_read_from_code_and_not_from_prose():
    book = notebook("corpus = reflect.Corpus.load(PATH)", "%matplotlib inline", "x = 'keyness(y)'")
    book.cells.append(nbformat.v4.new_markdown_cell("coupling(series)"))
    assert called([book]) == {"load"}


def test_a_passage_stands_only_where_its_function_was_called(build_corpus):
    corpus = Corpus.load(build_corpus())
    text = methods(corpus, [notebook("Corpus.load(1)", "keyness(a, b)")], {}, "en", 0)
    assert "**Texts.**" in text and "**Words that set apart.**" in text
    assert "**Topics.**" not in text and "@monroe2008fightin" in text


@pytest.mark.parametrize("language", REPORT_LANGUAGES)
def test_figures_are_those_of_the_corpus_and_of_the_run(build_corpus, language):
    corpus = Corpus.load(build_corpus())
    facts = {
        "topics": {
            "units": 40,
            "entries": 31,
            "topics_found": 9,
            "stability_resamples": 20,
            "n_topics": 9,
            "embedding": "models/little",
        }
    }
    text = methods(corpus, [notebook("load()", "fit_topics(d)")], facts, language, 7)
    assert text.startswith(f"# {passages(language)['heading']}")
    for figure in (str(len(corpus.entries)), "40", "31", "9", "models/little", "7"):
        assert re.search(rf"(?<!\d){re.escape(figure)}(?!\d)", text), figure
    assert "{" not in text


def test_a_plan_is_told_and_so_is_its_absence(build_corpus):
    corpus = Corpus.load(build_corpus())
    run = [notebook("adjusted(t, p, e)")]
    assert "holds no analysis plan" in methods(corpus, run, {}, "en", 0)
    (corpus.path / "analysis.yml").write_text("written: 2025-02-20\nprimary: [insight]\n")
    assert "20 February 2025) with 1 primary question." in methods(corpus, run, {}, "en", 0)


def test_human_codes_are_told_only_where_there_are_any(build_corpus):
    run = [notebook("assess(c)")]
    coded = Corpus.load(build_corpus())
    assert "Krippendorff" in methods(coded, run, {}, "en", 0)
    bare = Corpus.load(build_corpus("uncoded", codes=None))
    assert "Krippendorff" not in methods(bare, run, {}, "en", 0)


def test_learned_families_are_named(build_corpus):
    corpus = Corpus.load(build_corpus())
    told = methods(
        corpus, [notebook("annotate(d)")], {"learned": {"families": ["insight"]}}, "en", 0
    )
    assert "For insight a model learned" in told
    assert "a model learned" not in methods(corpus, [notebook("annotate(d)")], {}, "en", 0)


def test_both_languages_tell_the_same_steps_with_the_same_values_and_sources():
    fields = {}
    for language in REPORT_LANGUAGES:
        fields[language] = [
            (
                tuple(step["called"]),
                sorted({name for _, name, _, _ in string.Formatter().parse(step["text"]) if name}),
                sorted(re.findall(r"@(\w+)", step["text"])),
                sorted(step),
            )
            for step in passages(language)["steps"]
        ]
    assert fields["de"] == fields["en"]


def test_every_source_is_in_the_bibliography_and_every_entry_is_cited():
    known = set(
        re.findall(
            r"^@\w+\{(\w+),",
            files("reflect").joinpath("data/references.bib").read_text("utf-8"),
            re.M,
        )
    )
    text = files("reflect").joinpath("data/methods.en.yml").read_text("utf-8")
    assert set(re.findall(r"@(\w+)", text)) == known


def test_every_step_is_called_somewhere_in_the_reports_notebooks():
    names = called(nbformat.read(path, 4) for path in NOTEBOOKS)
    unused = [step["title"] for step in passages("en")["steps"] if not names & set(step["called"])]
    assert not unused
