"""The commands forward, and faults end in one line."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from reflect.cli_anonymity import register
from reflect.errors import ReflectError

ENTRIES = (
    "entry_id,participant_id,date,text,language\n"
    "e1,A-L,2025-03-03,Mit Olena Boyko in Graz gewesen.,de\n"
    "e2,A-T,2025-03-12,Alles ruhig.,de\n"
)


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer(pretty_exceptions_enable=False)
    register(made)
    return made


@pytest.fixture
def corpus(build_corpus) -> Path:
    return build_corpus(entries=ENTRIES, outcomes=None, codes=None, events=None)


def run(app: typer.Typer, *words: object, **more):
    result = CliRunner().invoke(app, [str(word) for word in words], **more)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_every_command_has_help_with_an_example(app: typer.Typer) -> None:
    for command in ("audit", "pseudonymise", "withdraw", "k-anonymity"):
        assert "Example: reflect" in run(app, command, "--help").output


def test_audit_writes_the_stable_columns(app: typer.Typer, corpus: Path, tmp_path: Path) -> None:
    output = tmp_path / "findings.csv"
    result = run(app, "audit", corpus, "-o", output)
    table = pd.read_csv(output)
    names = ["entry_id", "start", "end", "kind", "text", "score", "recogniser", "field"]
    assert list(table) == names
    assert "Olena" not in result.output


def test_audit_without_anything_to_write_is_refused(app: typer.Typer, corpus: Path) -> None:
    with pytest.raises(ReflectError, match="nothing to write"):
        run(app, "audit", corpus)


def test_there_and_back(app: typer.Typer, corpus: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("REFLECT_PASSPHRASE", "zimt")
    key, copy, back = tmp_path / "key.json", tmp_path / "copy", tmp_path / "back"
    result = run(app, "pseudonymise", corpus, copy, "--key", key, "--passphrase")
    assert "Olena" not in result.output
    run(app, "pseudonymise", copy, back, "--key", key, "--reverse")
    assert (back / "entries.csv").read_bytes() == (corpus / "entries.csv").read_bytes()


def test_withdraw(app: typer.Typer, corpus: Path) -> None:
    assert "Removed: entries 1" in run(app, "withdraw", corpus, "A-L").output


def test_k_anonymity(app: typer.Typer, corpus: Path) -> None:
    assert "before: k = 2" in run(app, "k-anonymity", corpus, "-k", 2).output
