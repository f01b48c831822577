from __future__ import annotations

import dataclasses
import json

import pandas as pd
import pytest
from tiny import TINY_TABLES

import reflect
from reflect import Corpus
from reflect.errors import CorpusError, ReflectError

PEOPLE, ENTRIES = TINY_TABLES["participants"], TINY_TABLES["entries"]
TABLES = ("participants", "entries", "events", "outcomes", "codes")


def same(one: Corpus, other: Corpus) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


def test_a_corpus_says_what_it_is(tiny):
    corpus = Corpus.load(tiny)
    assert (corpus.name, corpus.title) == ("tiny", "Tiny")
    assert corpus.sides == ("leader", "talent")
    assert corpus.languages == ("de", "en")
    assert corpus.synthetic is True
    assert corpus.consent_statement == "All agreed."
    assert (str(corpus.start), str(corpus.end)) == ("2025-03-03 00:00:00", "2025-05-25 00:00:00")
    assert corpus.side_label("leader", "de") == "Führungskraft"
    assert corpus.side_label("talent", "de") == "talent"
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign"):
        corpus.package = {}


def test_entries_are_typed_and_sorted(build_corpus):
    lines = ENTRIES.splitlines(keepends=True)
    corpus = Corpus.load(build_corpus(entries=lines[0] + "".join(lines[3:]) + lines[2] + lines[1]))
    assert corpus.entries["entry_id"].tolist() == ["e1", "e2", "e3", "e4"]
    assert corpus.entries["date"].dtype.kind == "M"
    assert str(corpus.entries["date"][1]) == "2025-03-12 19:30:00"
    assert corpus.entries["prompt"].tolist() == [""] * 4
    assert corpus.entries["text"][3] == 'Er sagte: "Morgen"\nund ging.'
    assert corpus.codes[["start", "end"]].dtypes.astype(str).tolist() == ["int64", "int64"]


def test_optional_tables_are_empty_with_their_columns(build_corpus):
    corpus = Corpus.load(build_corpus(events=None, outcomes=None, codes=None))
    assert corpus.events.columns.tolist() == [
        "event_id",
        "tandem_id",
        "date",
        "kind",
        "description",
    ]
    assert corpus.codes.empty and corpus.codes["start"].dtype == "int64"
    assert corpus.outcomes["date"].dtype.kind == "M"


def test_offsets_mean_the_same_in_file_and_memory(build_corpus):
    entries = ENTRIES.replace('"Tee, dann Regen."', '"  Tee,\r\n\r\ndann Regen. "')
    corpus = Corpus.load(build_corpus(entries=entries, codes="".join(TINY_TABLES["codes"])))
    code = corpus.codes.iloc[0]
    assert corpus.entries["text"][0] == "  Tee,\r\n\r\ndann Regen. "
    assert corpus.entries["text"][0][code.start : code.end] == ",\r\n\r\ndann "
    saved = Corpus.load(corpus.save(corpus.path.with_name("copy")))
    assert saved.entries["text"][0] == corpus.entries["text"][0]


def test_a_diary_joins_people_partners_and_periods(tiny):
    diary = Corpus.load(tiny).diary()
    assert diary["partner_id"].tolist() == ["A-T", "A-L", "B-T", "B-L"]
    assert diary["partner_placeholder"].tolist()[:2] == ["[PERSON_2]", "[PERSON_1]"]
    assert diary["placeholder"].tolist()[:2] == ["[PERSON_1]", "[PERSON_2]"]
    assert diary["consent"].tolist() == ["full", "no_quotes", "full", "full"]
    assert diary["period"].tolist() == [1, 2, 7, 12]
    assert diary["phase"].tolist() == ["early", "early", "middle", "late"]


def test_withdrawn_people_leave_nothing_behind(build_corpus):
    people = PEOPLE.replace("A-L,A,leader,full", "A-L,A,leader,withdrawn")
    corpus = Corpus.load(build_corpus(participants=people))
    assert "A-L" not in corpus.participants["participant_id"].tolist()
    assert corpus.entries["entry_id"].tolist() == ["e2", "e3", "e4"]
    assert corpus.codes.empty
    assert corpus.diary()["partner_id"].tolist() == ["", "B-T", "B-L"]
    # The partner's diary still calls them by their placeholder.
    assert corpus.diary()["partner_placeholder"][0] == "[PERSON_1]"
    copy = corpus.save(corpus.path.with_name("copy"))
    assert "Tee" not in "".join(path.read_text() for path in copy.iterdir())
    same(Corpus.load(copy), corpus)


def test_an_empty_corpus_loads(build_corpus):
    tables = {name: text.splitlines()[0] + "\n" for name, text in TINY_TABLES.items()}
    corpus = Corpus.load(build_corpus(package={"start": None, "end": None}, **tables))
    assert corpus.diary().empty and pd.isna(corpus.start)
    saved = Corpus.load(corpus.save(corpus.path.with_name("copy")))
    assert saved.diary().columns.tolist() == corpus.diary().columns.tolist()


def test_historic_years_work(build_corpus):
    entries = ENTRIES.replace("2025-", "1891-")
    package = {"start": None, "end": None}
    corpus = Corpus.load(build_corpus(entries=entries, package=package))
    assert (corpus.start.year, corpus.end.date().isoformat()) == (1891, "1891-05-25")
    assert corpus.diary()["period"].tolist() == [1, 2, 7, 12]


def test_missing_languages_are_filled(build_corpus):
    entries = ENTRIES.replace(",de\n", ",\n").replace(",en\n", ",\n")
    corpus = Corpus.load(build_corpus(entries=entries, package={"languages": ["en"]}))
    assert corpus.entries["language"].tolist() == ["en"] * 4


def test_missing_languages_are_detected(build_corpus):
    pytest.importorskip("reflect.text")
    entries = ENTRIES.replace(",en\n", ",\n").replace("nicht.,de", "nicht.,")
    corpus = Corpus.load(build_corpus(entries=entries))
    assert corpus.entries["language"].tolist() == ["de", "en", "de", "de"]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({"tandems": ["A"]}, ["e1", "e2"]),
        ({"participants": ["B-T", "A-L"]}, ["e1", "e4"]),
        ({"sides": "talent"}, ["e2", "e4"]),
        ({"languages": ["en"]}, ["e2"]),
        ({"start": "2025-03-12", "end": "2025-04-14"}, ["e2", "e3"]),
        ({"sides": ["leader"], "tandems": ["B"]}, ["e3"]),
        ({}, ["e1", "e2", "e3", "e4"]),
    ],
)
def test_filter_keeps_what_is_asked_for_and_saves_as_a_whole_corpus(tiny, wanted, ids):
    corpus = Corpus.load(tiny)
    part = corpus.filter(**wanted)
    assert part.entries["entry_id"].tolist() == ids
    assert corpus.entries["entry_id"].tolist() == ["e1", "e2", "e3", "e4"]
    assert set(part.codes["entry_id"]) <= set(ids)
    saved = Corpus.load(part.save(tiny.with_name("part")))
    assert saved.entries["entry_id"].tolist() == ids
    pd.testing.assert_frame_equal(saved.diary(), part.diary())


def test_filter_refuses_a_name_that_is_not_there(tiny):
    with pytest.raises(ReflectError, match="no side 'leaders' in the corpus. Choose from leader, "):
        Corpus.load(tiny).filter(sides=["leaders"])


def test_a_filtered_diary_still_knows_the_partners(tiny):
    diary = Corpus.load(tiny).filter(sides=["leader"]).diary()
    assert diary["partner_id"].tolist() == ["A-T", "B-T"]
    assert Corpus.load(tiny).filter(tandems=[]).diary().columns.tolist() == diary.columns.tolist()


def test_saving_and_loading_gives_the_same(build_corpus):
    people = PEOPLE.replace("placeholder", "placeholder,age").replace("]\n", "],40s\n")
    corpus = Corpus.load(build_corpus(participants=people))
    copy = Corpus.load(corpus.save(corpus.path.with_name("copy")))
    same(copy, corpus)
    assert copy.participants["age"].tolist() == ["40s"] * 4
    assert copy.package["reflect"] == corpus.package["reflect"]
    again = copy.save(corpus.path.with_name("again"))
    for path in sorted(copy.path.iterdir()):
        assert path.read_bytes() == (again / path.name).read_bytes()


def test_every_table_saved_is_described(tiny):
    folder = Corpus.load(tiny).save(tiny.with_name("copy"))
    package = json.loads((folder / "datapackage.json").read_text())
    for resource in package["resources"]:
        header = (folder / resource["path"]).read_text().splitlines()[0]
        assert header.split(",") == [field["name"] for field in resource["schema"]["fields"]]
    assert [resource["name"] for resource in package["resources"]] == list(TABLES)


def test_nothing_is_overwritten_unasked(tiny):
    corpus = Corpus.load(tiny)
    before = {path.name: path.read_bytes() for path in tiny.iterdir()}
    with pytest.raises(ReflectError, match=r"exists\. Choose another name, or .* --overwrite"):
        corpus.filter(tandems=["A"]).save(tiny)
    assert {path.name: path.read_bytes() for path in tiny.iterdir()} == before
    other = tiny.with_name("other")
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    with pytest.raises(ReflectError, match="exists and is not a corpus. Choose another name."):
        corpus.save(other, overwrite=True)
    assert (other / "thesis.txt").read_text() == "mine"


def test_overwriting_keeps_other_files_but_no_cache(tiny):
    (tiny / "README.md").write_text("mine")
    (tiny / ".reflect").mkdir()
    corpus = Corpus.load(tiny)
    corpus.filter(tandems=["A"]).save(tiny, overwrite=True)
    assert len(Corpus.load(tiny).entries) == 2
    assert (tiny / "README.md").read_text() == "mine"
    assert not (tiny / ".reflect").exists()
    assert [path.name for path in tiny.parent.iterdir()] == ["tiny"]


def test_a_failure_while_overwriting_loses_nothing(tiny, monkeypatch):
    corpus = Corpus.load(tiny)
    before = {path.name: path.read_bytes() for path in tiny.iterdir()}
    rename = type(tiny).rename

    def fail(self, target):
        if self.name.startswith(".tiny.") and target == tiny:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(type(tiny), "rename", fail)
    with pytest.raises(ReflectError, match=r"cannot be written \(No space left on device\)"):
        corpus.filter(tandems=["A"]).save(tiny, overwrite=True)
    assert {path.name: path.read_bytes() for path in tiny.iterdir()} == before
    assert [path.name for path in tiny.parent.iterdir()] == ["tiny"]


def test_a_faulty_corpus_does_not_load(build_corpus):
    folder = build_corpus(entries=ENTRIES.replace("2025-04-14", "x").replace("e2", "e1"))
    with pytest.raises(CorpusError, match=r"row 3, column entry_id(.|\n)*row 4, column date") as e:
        Corpus.load(folder)
    assert e.value.faults["row"].tolist() == [3, 4]


def test_the_package_offers_it():
    assert reflect.Corpus is Corpus
