"""Command line of the human codes: thin commands that forward to `reflect.coding`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import pandas as pd

    from reflect.corpus import Corpus

code = typer.Typer(
    name="code",
    help="Let people code sentences, compare them with each other and with the rules.",
    epilog="Example: reflect code sample corpora/my-programme",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Language(StrEnum):
    """Languages that coders can read the codebook in."""

    de = "de"
    en = "en"


class Format(StrEnum):
    """What codes can be written as."""

    qdpx = "qdpx"
    qdc = "qdc"
    csv = "csv"
    cas = "cas"


CorpusFolder = Annotated[Path, typer.Argument(help="Corpus folder.", show_default=False)]
Speech = Annotated[Language, typer.Option(help="Language of codebook and page.")]
Blind = Annotated[bool, typer.Option("--blind", help="Hide side and date from the coders.")]
OutFolder = Annotated[Path, typer.Option("-o", "--output", help="Folder to write tables to.")]


def register(app: typer.Typer) -> None:
    """Add ``reflect code`` and ``reflect train`` to an app."""
    app.add_typer(code, name="code")
    app.command(epilog="Example: reflect train corpora/my-programme --next 50")(train)


@code.command(
    epilog="Example: reflect code sample corpora/my-programme -o sheet.xlsx --size 400 --blind"
)
def sample(
    corpus: CorpusFolder,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="XLSX or CSV sheet to code in.")
    ] = None,
    size: Annotated[int, typer.Option(help="Sentences wanted.")] = 400,
    positives: Annotated[int, typer.Option(help="Hits of each family and language.")] = 10,
    seed: Annotated[int, typer.Option(help="Same seed, same sample.")] = 0,
    blind: Blind = False,
    language: Speech = Language.en,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a sample that is there.")
    ] = False,
) -> None:
    """Draw sentences for coding; rare families are enriched, weights undo it."""
    from reflect.coding.sample import (
        FILE,
        draw_sample,
        load_sample,
        save_sample,
        with_side_names,
    )
    from reflect.coding.sheets import write_sheets

    loaded = _load(corpus)
    if (corpus / FILE).is_file() and not overwrite:
        drawn = load_sample(corpus, loaded.diary())
        typer.echo(f"{corpus / FILE}: {len(drawn)} sentences, drawn before; --overwrite draws anew")
    else:
        drawn = draw_sample(loaded.diary(), size=size, positives=positives, seed=seed)
        typer.echo(f"{save_sample(drawn, corpus)}: {len(drawn)} sentences")
        if len(drawn) > size:
            typer.echo(f"more than {size}: {positives} hits of each family and language need them")
    if output:
        shown = with_side_names(drawn, loaded, language.value)
        sheet = write_sheets(shown, loaded.entries, output, language=language.value, blind=blind)
        typer.echo(f"{sheet}: one copy for each coder, then: reflect code import")


@code.command(epilog="Example: reflect code serve corpora/my-programme --coder anna --coder ben")
def serve(
    corpus: CorpusFolder,
    coder: Annotated[list[str], typer.Option(help="Who codes; may be given several times.")],
    port: Annotated[int, typer.Option(help="Port on this machine; 0 for any.")] = 8765,
    blind: Blind = False,
    language: Speech = Language.en,
) -> None:
    """Open the coding page, for browsers on this machine only."""
    from reflect.coding import server
    from reflect.coding.sample import load_sample, with_side_names
    from reflect.coding.store import FILE, Store

    loaded = _load(corpus)
    drawn = load_sample(corpus, loaded.diary())
    store = Store.open(corpus / FILE, drawn)
    shown = with_side_names(drawn, loaded, language.value)
    session = server.Session(shown, loaded.entries, store, tuple(coder), language.value, blind)
    listening = server.serve(session, port)
    for name, address in server.addresses(listening, session).items():
        typer.echo(f"{name}: {address}")
    typer.echo("Ctrl-C stops; every code is saved at once. Then: reflect code import")
    try:
        listening.serve_forever()
    except KeyboardInterrupt:
        typer.echo("stopped; everything is saved")
    finally:
        listening.server_close()


@code.command(
    "import", epilog="Example: reflect code import corpora/my-programme anna.xlsx --coder anna"
)
def import_(
    corpus: CorpusFolder,
    source: Annotated[
        Path | None,
        typer.Argument(
            help="Filled sheet (XLSX, CSV), REFI-QDA project (.qdpx), table of codes (CSV), or TEI "
            "(.xml); the codes of the page where left out.",
            show_default=False,
        ),
    ] = None,
    coder: Annotated[str, typer.Option(help="Who filled in the sheet.")] = "",
    mean: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="NAME=MARKER", help="What a code of another name means."),
    ] = None,
    own_codes: Annotated[
        bool, typer.Option("--own-codes", help="Keep codes that are no family of ours.")
    ] = False,
) -> None:
    """Bring codes into codes.csv of the corpus."""
    from reflect.coding.intake import bring_in

    came = bring_in(
        _load(corpus), source, coder=coder, names=mean or (), own=own_codes
    )  # fmt: skip
    typer.echo(f"{corpus / 'codes.csv'}: {came.fresh} codes came in, {came.total} in all")
    for line in came.remarks:
        typer.echo(line, err=True)


@code.command(epilog="Example: reflect code export corpora/my-programme -o programme.qdpx")
def export(
    corpus: CorpusFolder,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="File, or for cas the folder, to write.")
    ],
    format: Annotated[
        Format | None, typer.Option(help="Taken from the ending where left out.")
    ] = None,
    language: Speech = Language.en,
    quotable_only: Annotated[
        bool,
        typer.Option("--quotable-only", help="Leave out people who did not agree to be quoted."),
    ] = False,
) -> None:
    """Write corpus and codes for QDA software (qdpx), the codebook (qdc), a table, or UIMA CAS."""
    from reflect.coding.intake import write_out

    kind = format.value if format else output.suffix.lower().lstrip(".")
    withheld = write_out(_load(corpus), output, kind, language.value, quotable_only=quotable_only)
    typer.echo(f"{output}: ready")
    if withheld:
        typer.echo(
            f"{withheld} of the entries are by people who did not agree to be quoted: code them, "
            "quote none of them, or leave them out with --quotable-only",
            err=True,
        )


@code.command(epilog="Example: reflect code agreement corpora/my-programme -o agreement")
def agreement(corpus: CorpusFolder, output: OutFolder) -> None:
    """Krippendorff's alpha, Cohen's kappa, confusions and disputed sentences."""
    judged = _judged(corpus)
    names = ("agreement", "pairwise", "confusion", "disputed", "open")
    _write({name: getattr(judged, name) for name in names}, output)
    for row in judged.agreement.itertuples(index=False):
        place = f"{_two(row.alpha)} [{_two(row.low)}, {_two(row.high)}]"
        typer.echo(f"{row.marker:<24}{place:<22}{row.units:>6} sentences  {row.verdict}")


@code.command(epilog="Example: reflect code consensus corpora/my-programme -o meeting.xlsx")
def consensus(
    corpus: CorpusFolder,
    output: Annotated[Path, typer.Option("-o", "--output", help="XLSX or CSV sheet to write.")],
    language: Speech = Language.en,
) -> None:
    """A sheet of the sentences to settle in a meeting; import it with --coder consensus."""
    from reflect.coding.sample import load_sample, with_side_names
    from reflect.coding.sheets import write_sheets
    from reflect.errors import ReflectError

    loaded = _load(corpus)
    judged = _judged(corpus)
    if judged.open.empty:
        raise ReflectError("nothing is open: coders agree or the meeting has settled it. Go on")
    drawn = load_sample(corpus, loaded.diary())
    wanted = drawn[drawn["unit_id"].isin(judged.open["unit_id"])].reset_index(drop=True)
    shown = with_side_names(wanted, loaded, language.value)
    write_sheets(shown, loaded.entries, output, language=language.value)
    typer.echo(f"{output}: {len(wanted)} sentences. Then: reflect code import --coder consensus")


@code.command(epilog="Example: reflect code validity corpora/my-programme -o validity")
def validity(corpus: CorpusFolder, output: OutFolder) -> None:
    """Precision, recall and F1 of each marker on this corpus, by side and language."""
    judged = _judged(corpus)
    _write({name: getattr(judged, name) for name in ("validity", "uneven", "consensus")}, output)
    table = judged.validity
    for row in table[(table["side"] == "") & (table["language"] == "")].itertuples(index=False):
        typer.echo(
            f"{row.marker:<24}precision {_two(row.precision)}  recall {_two(row.recall)}  "
            f"F1 {_two(row.f1)} [{_two(row.f1_low)}, {_two(row.f1_high)}]  {row.verdict}"
        )


@code.command(epilog="Example: reflect code tei diaries.xml -o diaries")
def tei(
    source: Annotated[Path, typer.Argument(help="TEI P5 file.", show_default=False)],
    output: OutFolder,
) -> None:
    """Turn a TEI file into entries.csv and codes.csv, for reflect import."""
    from reflect.coding.tei import read_tei

    entries, codes = read_tei(source)
    _write({"entries": entries, "codes": codes}, output)
    typer.echo(f"{output}: {len(entries)} entries, {len(codes)} codes")


def train(
    corpus: CorpusFolder,
    seed: Annotated[int, typer.Option(help="Seed of folds and resampling.")] = 0,
    next: Annotated[
        int, typer.Option(help="Add this many of the most uncertain sentences to the sample.")
    ] = 0,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder to write the figures to.")
    ] = None,
) -> None:
    """Learn from the human codes; the report uses it where it beats the rules on unseen tandems."""
    from reflect.coding.intake import learn

    loaded = _load(corpus)
    learned, added = learn(loaded, seed=seed, more=next, tables=output)
    for row in learned.comparison.itertuples(index=False):
        typer.echo(
            f"{row.marker:<24}rules {_two(row.rules_f1)}  model {_two(row.model_f1)}  "
            f"{row.chosen} ({row.reason})"
        )
    if learned.markers:
        families = ", ".join(learned.markers)
        typer.echo(f"the report of {loaded.path} goes by the model for: {families}")
    else:
        typer.echo("no model beats the rules; the report goes by the rules")
    if added:
        typer.echo(f"{added} sentences were added to the sample; code on with reflect code serve")


def _two(value: float) -> str:
    """Two decimals; a dash where there is no figure."""
    return "   –" if value != value else f"{value:.2f}"


def _load(corpus: Path) -> Corpus:
    from reflect.corpus import Corpus

    return Corpus.load(corpus)


def _judged(corpus: Path):  # noqa: ANN202 - its type would be a heavy import
    from reflect.coding.assessment import assess
    from reflect.errors import ReflectError

    judged = assess(_load(corpus))
    if judged is None:
        raise ReflectError(f"{corpus}: has no codes. Bring them in with `reflect code import`")
    return judged


def _write(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    from reflect.tables import write_table

    for name, table in tables.items():
        write_table(table, folder / f"{name}.csv")
