"""A report from a corpus in which somebody overlooked a name."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest
from test_report import DECLARED, write_notebook

from reflect import cli
from reflect.anonymity.audit import audit
from reflect.anonymity.decisions import Decisions
from reflect.corpus import Corpus
from reflect.report import build_report

NAME = "Olena"
PEOPLE = (
    "participant_id,tandem_id,side,consent\n"
    "A-L,A,leader,full\nA-T,A,talent,no_quotes\nB-L,B,leader,full\nB-T,B,talent,full\n"
)
ENTRIES = (
    "entry_id,participant_id,date,text,language\n"
    f"e1,A-L,2025-03-03,Heute habe ich von {NAME} gelernt wie man schweigt. Es regnete.,de\n"
    "e2,A-T,2025-03-12,Heute habe ich viel von ihm gelernt.,de\n"
    "e3,B-L,2025-04-14,Heute habe ich von ihr gelernt wie man zuhört.,de\n"
    "e4,B-T,2025-05-20,Alles war ruhig.,de\n"
)
EVENTS = f"event_id,tandem_id,date,kind,description\nv1,A,2025-03-01,kickoff,Tee mit {NAME}\n"
LOAD = """
import reflect
from reflect import exhibit, passages, prose, quotes
from reflect.anonymity import gate
corpus = gate.screened(reflect.Corpus.load(CORPUS))
sides = corpus.side_labels(LANGUAGE)
spans = reflect.annotate(corpus.diary())
"""
QUOTED = """
allowed, _ = quotes.with_consent(spans, corpus.diary())
passages.quotations(allowed, sides, LANGUAGE)
"""
EVENT_TABLE = 'exhibit.table(corpus.events[["description"]], "events", LANGUAGE, sides)'
LIMITS = """
held = quotes.withheld(spans, corpus.diary())
exhibit.prose(prose.limits(corpus, LANGUAGE, withheld=held))
"""
UNSCREENED = QUOTED.replace("corpus.diary()", "reflect.Corpus.load(CORPUS).diary()")


@pytest.fixture
def corpus(build_corpus) -> Path:
    tables = {"participants": PEOPLE, "entries": ENTRIES, "events": EVENTS}
    return build_corpus(**tables, outcomes=None, codes=None)


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    write_notebook(folder / "01_corpus.ipynb", "One", LOAD, EVENT_TABLE)
    write_notebook(folder / "02_topics.ipynb", "Two")
    write_notebook(folder / "03_perspective_shift.ipynb", "Three", LOAD, QUOTED)
    write_notebook(folder / "04_both_sides.ipynb", "Four", LOAD, LIMITS)
    portrait = 'passages.quotations(allowed[allowed["tandem_id"] == TANDEM], sides, LANGUAGE)'
    declared = DECLARED + '\nTANDEM = "A"'
    write_notebook(folder / "tandem.ipynb", "Pair", LOAD, QUOTED, portrait, declared=declared)
    return folder


def typed(monkeypatch, *arguments: object) -> int:
    handler = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(sys, "argv", ["reflect", *map(str, arguments)])
    try:
        with pytest.raises(SystemExit) as stop:
            cli.main()
    finally:
        signal.signal(signal.SIGTERM, handler)
    return stop.value.code or 0


def test_the_report_is_built_without_the_name_and_says_so(
    corpus: Path, notebooks: Path, tmp_path: Path
) -> None:
    built = build_report(corpus, tmp_path / "report", language="de", notebooks=notebooks)
    page = (built / "report.html").read_text("utf-8")
    assert "wie man zuhört" in page
    assert "wie man schweigt" not in page and "viel von ihm" not in page
    told = "2 markierte Sätze wurden nicht zitiert: 1 ohne Zustimmung zum Zitieren und 1 mit einem"
    assert told in " ".join(page.split())
    for path in sorted(built.rglob("*")):
        assert path.is_dir() or NAME.encode() not in path.read_bytes(), path.name


def test_strict_refuses_before_anything_is_written(
    corpus: Path, notebooks: Path, tmp_path: Path, monkeypatch, capsys
) -> None:
    before = sorted(tmp_path.rglob("*"))
    code = typed(
        monkeypatch,
        *("report", corpus, "-o", tmp_path / "out" / "report", "--notebooks", notebooks),
        "--strict",
    )
    error = capsys.readouterr().err
    assert code == 2 and error.startswith("reflect: open findings of the audit: 2, in 2")
    assert error.count("\n") == 1 and NAME not in error
    assert sorted(tmp_path.rglob("*")) == before


def test_strict_builds_when_everything_is_decided(
    corpus: Path, notebooks: Path, tmp_path: Path, monkeypatch
) -> None:
    decisions = Decisions.load(corpus)
    for row in audit(Corpus.load(corpus)).itertuples():
        decisions.decide(row.kind, row.text, "reject")
    decisions.save(corpus)
    target = tmp_path / "report"
    arguments = ("report", corpus, "-o", target, "--notebooks", notebooks, "--strict")
    assert typed(monkeypatch, *arguments) == 0
    assert "wie man schweigt" in (target / "report.html").read_text("utf-8")
    assert "decisions.json" in (target / "manifest.json").read_text("utf-8")


def test_a_notebook_that_forgets_the_gate_does_not_build(
    corpus: Path, notebooks: Path, tmp_path: Path, monkeypatch, capsys
) -> None:
    write_notebook(notebooks / "03_perspective_shift.ipynb", "Three", LOAD, UNSCREENED)
    target = tmp_path / "report"
    assert typed(monkeypatch, "report", corpus, "-o", target, "--notebooks", notebooks) == 2
    error = capsys.readouterr().err
    assert "did not pass the audit" in error and NAME not in error
    assert not target.exists()
