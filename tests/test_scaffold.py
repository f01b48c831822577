from __future__ import annotations

import pytest

from reflect import Corpus
from reflect.errors import ReflectError
from reflect.scaffold import scaffold
from reflect.schemas import TABLES
from reflect.validation import faults


def test_a_new_corpus_loads_at_once_and_has_a_row_in_each_table(tmp_path):
    folder = scaffold(tmp_path / "mine", title="Mein Korpus", start="2025-03-03", end="2025-05-25")
    assert faults(folder).empty
    corpus = Corpus.load(folder)
    assert (corpus.title, corpus.sides) == ("Mein Korpus", ("leader", "talent"))
    for name in TABLES:
        assert len(getattr(corpus, name)) >= 1
    assert corpus.codes.loc[0, "end"] == len(corpus.entries.loc[0, "text"])


def test_the_sides_are_the_users_own(tmp_path):
    corpus = Corpus.load(scaffold(tmp_path / "x", sides=("Meisterin", "Lehrling")))
    assert set(corpus.participants["side"]) == {"Meisterin", "Lehrling"}
    assert corpus.side_label("Lehrling", "de") == "Lehrling"


def test_the_readme_explains_every_column(tmp_path):
    readme = (scaffold(tmp_path / "mine") / "README.md").read_text()
    for table in TABLES.values():
        assert table.file in readme
        assert all(f"`{name}`" in readme for name in table.names)
    assert "reflect check mine --fix" in readme


def test_two_new_corpora_are_the_same(tmp_path):
    one, two = scaffold(tmp_path / "a" / "x"), scaffold(tmp_path / "b" / "x")
    for path in sorted(one.iterdir()):
        assert path.read_bytes() == (two / path.name).read_bytes()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sides": ("a",)}, "a corpus has two sides. Name both, such as --sides leader,talent."),
        ({"sides": ("a", "a ")}, "a corpus has two sides."),
        ({"languages": ("fr",)}, "reflect reads de and en. Choose from these languages."),
        ({"start": "3.3.2025"}, "'3.3.2025' is no ISO date. Write it as YYYY-MM-DD."),
        ({"start": "2025-02-02", "end": "2025-01-01"}, "ends on 2025-01-01, before 2025-02-02"),
    ],
)
def test_what_makes_no_corpus_is_refused(tmp_path, options, message):
    with pytest.raises(ReflectError, match=message):
        scaffold(tmp_path / "x", **options)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tiny):
    with pytest.raises(ReflectError, match="exists. Choose another name"):
        scaffold(tiny)
