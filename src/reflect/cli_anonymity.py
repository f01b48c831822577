"""Commands for anonymity: thin, they forward to `reflect.anonymity`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

CorpusFolder = Annotated[Path, typer.Argument(help="Corpus folder.", show_default=False)]
Key = Annotated[
    Path,
    typer.Option(help="Key file, outside the corpus and any git work tree.", show_default=False),
]
Secret = Annotated[
    bool,
    typer.Option("--passphrase", help="Ask for a passphrase (or take it from REFLECT_PASSPHRASE)."),
]
PASSPHRASE = "REFLECT_PASSPHRASE"
_DATES = ("date", "date_left")


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command(
        epilog="Example: reflect audit corpora/my-programme -o findings.csv --review review.xlsx"
    )(audit)
    app.command(
        epilog="Example: reflect pseudonymise corpora/my-programme corpora/my-programme-p "
        "--key ~/keys/my-programme.json --passphrase"
    )(pseudonymise)
    app.command(
        epilog="Example: reflect withdraw corpora/my-programme T03-L --reports reports "
        "--key ~/keys/my-programme.json"
    )(withdraw)
    app.command("k-anonymity", epilog="Example: reflect k-anonymity corpora/my-programme -k 3")(
        k_anonymity
    )


def audit(
    corpus: CorpusFolder,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="CSV of findings to write.")
    ] = None,
    review: Annotated[
        Path | None,
        typer.Option(help="CSV or XLSX to decide on; what is decided already is left out."),
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option(help="A sheet of --review that you filled in.")
    ] = None,
    model: Annotated[
        list[str] | None, typer.Option(help="Trained spaCy pipeline, such as de=de_core_news_md.")
    ] = None,
) -> None:
    """Find names, places, numbers and addresses that are left, the riskiest first."""
    from reflect.anonymity.audit import THRESHOLD
    from reflect.anonymity.audit import audit as find
    from reflect.anonymity.decisions import Decisions
    from reflect.anonymity.review import read_decisions, review_sheet, write_sheet
    from reflect.corpus import Corpus
    from reflect.errors import ReflectError
    from reflect.tables import write_table

    if not (output or review or decisions):
        raise ReflectError("nothing to write: name -o FINDINGS.csv, --review or --decisions")
    loaded = Corpus.load(corpus)
    known = Decisions.load(loaded.path)
    if decisions:
        taken = read_decisions(decisions, known)
        known.save(loaded.path)
        typer.echo(f"{taken} decisions taken over")
    if not (output or review):
        return
    found = find(loaded, models=_models(model or []))
    if output:
        write_table(found, output)
    if review:
        write_sheet(review_sheet(found, loaded, known), review)
    open_ = len(known.open(found, THRESHOLD))
    typer.echo(
        f"{len(found)} findings, {open_} of them open and likely (score {THRESHOLD} or more)"
    )


def pseudonymise(
    corpus: CorpusFolder,
    target: Annotated[Path, typer.Argument(help="New corpus folder.", show_default=False)],
    key: Key,
    passphrase: Secret = False,
    people: Annotated[
        Path | None,
        typer.Option(help="CSV participant_id, name: names that are found for certain."),
    ] = None,
    places: Annotated[
        Path | None, typer.Option(help="CSV place, coarse: what to write for a place.")
    ] = None,
    shift_dates: Annotated[
        bool, typer.Option("--shift-dates", help="Move a tandem's dates by the same weeks.")
    ] = False,
    reverse: Annotated[
        bool, typer.Option("--reverse", help="Take a pseudonymised corpus back with its key.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a corpus that is there.")
    ] = False,
) -> None:
    """Replace what the audit finds by placeholders, and keep the key apart."""
    from reflect.anonymity import pseudonyms, restoration
    from reflect.anonymity.keyfile import is_encrypted
    from reflect.corpus import Corpus

    if reverse:
        secret = _secret(passphrase or is_encrypted(key), confirm=False)
        restoration.restore(corpus, target, key, passphrase=secret, overwrite=overwrite)
        typer.echo(f"{target}: as it was")
        return
    done = pseudonyms.pseudonymise(
        Corpus.load(corpus),
        target,
        key,
        passphrase=_secret(passphrase, confirm=True),
        names=_pairs(people, "participant_id", "name"),
        coarse=_pairs(places, "place", "coarse"),
        shift_dates=shift_dates,
        overwrite=overwrite,
    )
    named = done[done["placeholder"] != ""]
    typer.echo(
        f"{target}: {int(named['mentions'].sum())} mentions under {len(named)} placeholders; key "
        f"in {key}. Look the copy through before you pass it on"
    )
    if shift_dates:
        moved, left = (int(done.loc[done["kind"] == k, "mentions"].sum()) for k in _DATES)
        typer.echo(
            f"{moved} dates within texts were moved along; {left} mentions of a month, a holiday "
            "or a date with slashes were not: read them"
        )


def withdraw(
    corpus: CorpusFolder,
    participant: Annotated[str, typer.Argument(help="Id of the participant.", show_default=False)],
    key: Annotated[
        list[Path] | None, typer.Option(help="Key file of the corpus; may be given several times.")
    ] = None,
    reports: Annotated[
        list[Path] | None, typer.Option(help="Folder to look for reports in.")
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option(help="What the person is called, to mask in events and outcomes of others."),
    ] = None,
) -> None:
    """Take a person out of a corpus, with all that hangs on the diary."""
    from reflect.anonymity import withdrawal
    from reflect.anonymity.keyfile import is_encrypted

    keys = {path: _secret(is_encrypted(path), confirm=False) for path in key or []}
    done = withdrawal.withdraw(
        corpus, participant, keys=keys, reports=reports or [Path("reports")], names=name or []
    )
    counts = ", ".join(f"{name.replace('_', ' ')} {rows}" for name, rows in done.removed.items())
    typer.echo(f"{corpus}: withdrawn. Removed: {counts}")
    if done.mentions:
        typer.echo(f"{done.mentions} entries of others still write of the person: read them")
    for report in done.reports:
        typer.echo(f"build again or delete: {report}")
    for file in done.files:
        typer.echo(f"quotes the person or cannot be looked into, delete or mend it: {file}")
    for line in done.history:
        typer.echo(f"history: {line}")


def k_anonymity(
    corpus: CorpusFolder,
    k: Annotated[int, typer.Option("-k", help="People who must be alike.")] = 3,
    sensitive: Annotated[
        str, typer.Option(help="Column whose diversity is told, such as sector.")
    ] = "",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="CSV of coarser participants to write.")
    ] = None,
) -> None:
    """Show how alike participants are, and the smallest coarsening that makes k of them so."""
    from reflect.anonymity import kanonymity
    from reflect.corpus import Corpus
    from reflect.tables import write_table

    people = Corpus.load(corpus).participants
    columns = [name for name in kanonymity.QUASI if name != sensitive]
    done = kanonymity.anonymise(people, k, columns)
    for title, table in (("before", people), ("after", done.participants)):
        line = f"{title}: k = {kanonymity.k_of(table, columns)}"
        if sensitive:
            line += f", l of {sensitive} = {kanonymity.l_of(table, sensitive, columns)}"
        typer.echo(line)
        typer.echo(kanonymity.classes(table, columns, sensitive).to_string(index=False))
    for row in done.changes.itertuples(index=False):
        typer.echo(f"{row.column}: {row.cells} cells {row.change}")
    typer.echo(f"lost: {done.loss:.0%} of what these columns tell")
    if output:
        write_table(done.participants, output)


def _secret(wanted: bool, *, confirm: bool) -> str:
    if not wanted:
        return ""
    given = os.environ.get(PASSPHRASE, "")
    return given or typer.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm)


def _models(given: list[str]) -> dict[str, str]:
    from reflect.errors import ReflectError

    found = dict(item.partition("=")[::2] for item in given)
    if not all(found.values()):
        raise ReflectError("--model: write LANGUAGE=NAME, such as de=de_core_news_md")
    return found


def _pairs(path: Path | None, first: str, second: str) -> dict[str, str]:
    from reflect.errors import ReflectError
    from reflect.spreadsheets import table_rows

    if path is None:
        return {}
    header, rows = table_rows(path)
    for name in (first, second):
        if name not in header:
            raise ReflectError(
                f"{path}: column {name} is missing. Name the columns {first}, {second}"
            )
    one, two = header.index(first), header.index(second)
    return {cells[one].strip(): cells[two].strip() for _, cells in rows if cells[one].strip()}
