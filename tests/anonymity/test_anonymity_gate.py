"""The gate: what is open keeps quotations back, and nobody gets round it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from reflect.anonymity import gate as module
from reflect.anonymity.audit import audit
from reflect.anonymity.decisions import Decisions
from reflect.anonymity.gate import (
    gate,
    mark,
    names_found,
    open_findings,
    refuse_open,
    screened,
)
from reflect.corpus import Corpus
from reflect.errors import ReflectError

ENTRIES = (
    "entry_id,participant_id,date,text,language\n"
    "e1,A-L,2025-03-03,Heute lachte Olena. Dann war es still.,de\n"
    "e2,A-T,2025-03-12,Wir gingen am Nachmittag nach Hause.,de\n"
    "e3,B-L,2025-04-14,Frau Amiri kam. Olena kam auch.,de\n"
    "e4,B-T,2025-05-25,Heute war alles ruhig.,de\n"
)
# The id of the event is that of an entry: findings must not be mixed up.
EVENTS = (
    "event_id,tandem_id,date,kind,description\ne4,A,2025-03-03,kickoff,Treffen bei Frau Amiri\n"
)
QUOTES = pd.DataFrame(
    {"entry_id": ["e1", "e1", "e2", "e4"], "start": [0, 20, 0, 0], "end": [19, 38, 10, 22]}
)


@pytest.fixture
def corpus(build_corpus) -> Corpus:
    return Corpus.load(build_corpus(entries=ENTRIES, events=EVENTS, codes=None))


def test_it_says_how_many_were_kept_back_and_why(corpus: Corpus) -> None:
    shown, withheld = gate(QUOTES, screened(corpus).diary())
    assert shown["entry_id"].tolist() == ["e4"]
    # e1: the name stands in the first quotation; the second shares its entry; e2 did not consent.
    assert withheld == {"consent": 1, "entry": 1, "quotation": 1}


def test_it_opens_when_findings_are_rejected(corpus: Corpus) -> None:
    decisions = Decisions.load(corpus.path)
    for row in audit(corpus).itertuples():
        decisions.decide(row.kind, row.text, "reject")
    decisions.save(corpus.path)
    shown, withheld = gate(QUOTES, screened(corpus).diary())
    assert len(shown) == 3 and withheld["consent"] == 1


def test_an_unsure_finding_keeps_back_its_quotation_only(corpus: Corpus) -> None:
    findings = open_findings(corpus).assign(score=0.35)
    shown, _ = gate(QUOTES, mark(corpus.diary(), findings))
    assert shown["start"].tolist() == [20, 0]


def test_a_finding_that_somebody_accepted_counts_whatever_its_score(
    corpus: Corpus, monkeypatch
) -> None:
    monkeypatch.setattr(module, "_audited", lambda given: audit(given).assign(score=0.2))
    assert open_findings(corpus).empty
    decisions = Decisions.load(corpus.path)
    for name in ("Olena", "Amiri"):
        decisions.decide("person", name, "accept")
    decisions.save(corpus.path)
    shown = screened(corpus)
    assert gate(QUOTES, shown.diary())[0]["entry_id"].tolist() == ["e4"]
    assert "Amiri" not in shown.events["description"].iloc[0]
    assert "Olena" in names_found(shown.diary())


def test_an_entry_that_the_diary_lacks_is_never_quoted(corpus: Corpus) -> None:
    quotes = pd.DataFrame({"entry_id": ["gone"], "start": [0], "end": [4]})
    assert gate(quotes, screened(corpus).diary())[0].empty


def test_a_diary_that_was_not_screened_is_refused(corpus: Corpus) -> None:
    with pytest.raises(ReflectError, match=r"did not pass the audit.*gate\.screened"):
        gate(QUOTES, corpus.diary())
    with pytest.raises(ReflectError, match="did not pass the audit"):
        gate(QUOTES, corpus.diary().assign(open_findings="a column of the file"))


def test_a_missing_column_is_named(corpus: Corpus) -> None:
    with pytest.raises(ReflectError, match="needs the column start"):
        gate(QUOTES.drop(columns="start"), screened(corpus).diary())


def test_a_part_of_the_corpus_keeps_what_the_whole_told(corpus: Corpus) -> None:
    part = screened(corpus).filter(tandems=["A"])
    assert gate(QUOTES, part.diary())[1] == {"consent": 2, "entry": 1, "quotation": 1}


@pytest.mark.parametrize(
    ("description", "shown"),
    [
        # A-T, who wrote e2, consented to no quotations; B-T, who wrote e4, did.
        ("Sagt: wir gingen am Nachmittag, nach Hause! Gut.", "Sagt: […]! Gut."),
        ("Sagt: wir gingen am Nachmittag heim.", "Sagt: wir gingen am Nachmittag heim."),
        ("Sagt: heute war alles ruhig.", "Sagt: heute war alles ruhig."),
    ],
)
def test_descriptions_quote_nobody_who_did_not_agree(build_corpus, description, shown) -> None:
    events = f'event_id,tandem_id,date,kind,description\nv1,A,2025-03-03,kickoff,"{description}"\n'
    path = build_corpus(entries=ENTRIES, events=events, codes=None)
    assert screened(Corpus.load(path)).events["description"].tolist() == [shown]


def test_places_that_overlap_are_hidden_whole() -> None:
    text = "0123456789"
    assert module._hidden(text, [(5, 7), (1, 8), (2, 3), (9, 10)]) == "0[…]8[…]"
    assert module._hidden(text, []) == text


def test_descriptions_are_masked_and_ids_of_tables_kept_apart(corpus: Corpus) -> None:
    shown = screened(corpus)
    assert shown.events["description"].tolist() == ["Treffen bei Frau […]"]
    assert corpus.events["description"].tolist() == ["Treffen bei Frau Amiri"]
    assert shown.entries.set_index("entry_id").loc["e4", "open_findings"] == ()


def test_screening_twice_is_screening_once(corpus: Corpus) -> None:
    once = screened(corpus)
    assert screened(once) is once


def test_a_screened_corpus_is_never_written(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(ReflectError, match="save the one you loaded"):
        screened(corpus).save(tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_the_same_corpus_is_audited_once(corpus: Corpus, monkeypatch) -> None:
    runs = []
    monkeypatch.setattr(module, "_AUDITED", {})
    monkeypatch.setattr(module, "audit", lambda given: runs.append(given) or audit(given))
    first, second = open_findings(corpus), open_findings(Corpus.load(corpus.path))
    pd.testing.assert_frame_equal(first, second)
    assert len(runs) == 1
    open_findings(corpus.filter(tandems=["B"]))
    assert len(runs) == 2


def test_decisions_count_at_once_though_the_audit_is_remembered(corpus: Corpus) -> None:
    before = open_findings(corpus)
    decisions = Decisions.load(corpus.path)
    decisions.decide("person", "Olena", "reject")
    decisions.save(corpus.path)
    assert set(before["text"]) - set(open_findings(corpus)["text"]) == {"Olena"}


def test_names_are_known_for_topics(corpus: Corpus) -> None:
    assert names_found(screened(corpus).diary()) == ["Amiri", "Olena"]
    assert names_found(corpus.diary()) == []


def test_strict_refuses_with_counts_only(corpus: Corpus) -> None:
    with pytest.raises(ReflectError, match="open findings of the audit: 4, in 3 entries") as fault:
        refuse_open(open_findings(corpus))
    assert "Olena" not in str(fault.value)
    refuse_open(open_findings(corpus).head(0))
