"""Commands for anonymity: thin, they forward to `reflect.anonymity`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CorpusFolder = Annotated[Path, typer.Argument(help="Corpus folder.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command(epilog="Example: reflect audit corpora/my-programme -o findings.csv")(audit)


def audit(
    corpus: CorpusFolder,
    output: Annotated[Path, typer.Option("-o", "--output", help="CSV of findings to write.")],
) -> None:
    """Find names, places, numbers and addresses that are left, the riskiest first."""
    from reflect.anonymity.audit import audit as find
    from reflect.corpus import Corpus
    from reflect.tables import write_table

    found = find(Corpus.load(corpus))
    write_table(found, output)
    typer.echo(f"{output}: {len(found)} findings")
