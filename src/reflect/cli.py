"""Command line: thin commands that forward to the modules."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from reflect import cli_anonymity, cli_coding

app = typer.Typer(
    name="reflect",
    help="From anonymised mentoring diaries to reproducible research reports. "
    "Nothing leaves this machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)


BAR = 24
Progress = Callable[..., None]


class ReportLanguage(StrEnum):
    """Languages that reports can be written in."""

    de = "de"
    en = "en"


CorpusFolder = Annotated[Path, typer.Argument(help="Corpus folder.", show_default=False)]
Sides = Annotated[
    str, typer.Option(help="Names of the two sides, with a comma between.", metavar="A,B")
]
Languages = Annotated[
    str, typer.Option(help="Languages of the entries, with a comma between.", metavar="de,en")
]
Notebooks = Annotated[Path | None, typer.Option(help="Folder of your own copies of the notebooks.")]


def main() -> None:
    """Entry point: faults that people can mend end with one line each and exit code 2."""
    from reflect.errors import ReflectError

    # A polite kill must clean up like Ctrl-C does: no half-built report stays behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        app()
    except ReflectError as fault:
        typer.echo("\n".join(f"reflect: {line}" for line in str(fault).splitlines()), err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        typer.echo("reflect: stopped; nothing was changed", err=True)
        sys.exit(130)


@app.command(epilog="Example: reflect new corpora/my-programme --sides leader,talent")
def new(
    folder: Annotated[Path, typer.Argument(help="Folder to make.", show_default=False)],
    title: Annotated[str, typer.Option(help="Title of the corpus.")] = "",
    sides: Sides = "leader,talent",
    languages: Languages = "de,en",
    start: Annotated[str, typer.Option(help="First day of the programme, YYYY-MM-DD.")] = "",
    end: Annotated[str, typer.Option(help="Last day of the programme, YYYY-MM-DD.")] = "",
) -> None:
    """Make an empty corpus with an example row in each table."""
    from reflect.scaffold import scaffold

    made = scaffold(
        folder,
        title=title,
        sides=_names(sides),
        languages=_names(languages),
        start=start,
        end=end,
    )
    typer.echo(f"{made}: ready. Read its README.md, replace the example rows, then: reflect check")


@app.command(
    "import",
    epilog="Example: reflect import export.xlsx corpora/my-programme "
    "--participant Autor --date Datum --text Eintrag --tandem Tandem --side Seite",
)
def import_(
    source: Annotated[
        Path,
        typer.Argument(
            help="CSV or XLSX export; folder of DOCX, ODT, TXT or Markdown files; "
            "or a Day One export (JSON or ZIP).",
            show_default=False,
        ),
    ],
    corpus: CorpusFolder,
    participant: Annotated[
        str, typer.Option(help="Column of the writer; for Day One, the writer's id.")
    ] = "",
    tandem: Annotated[str, typer.Option(help="Column of the tandem; for Day One, its id.")] = "",
    side: Annotated[str, typer.Option(help="Column of the side; for Day One, its name.")] = "",
    date: Annotated[str, typer.Option(help="Column of the date.")] = "",
    text: Annotated[str, typer.Option(help="Column of the text.")] = "",
    entry: Annotated[str, typer.Option(help="Column of the entry's id.")] = "",
    language: Annotated[str, typer.Option(help="Column of the language.")] = "",
    prompt: Annotated[str, typer.Option(help="Column of the diary prompt.")] = "",
    sheet: Annotated[str, typer.Option(help="Sheet of an XLSX file.")] = "",
    pattern: Annotated[
        str, typer.Option(help="How file names in a folder are made.")
    ] = "{tandem}_{participant}_{side}_{date}",
    people: Annotated[
        Path | None, typer.Option(help="Table of participants with tandem and side.")
    ] = None,
    journal: Annotated[str, typer.Option(help="Journal of a Day One ZIP that holds several.")] = "",
    day_first: Annotated[
        bool | None,
        typer.Option("--day-first/--month-first", help="How 03/04/2025 is meant."),
    ] = None,
    sides: Annotated[str, typer.Option(help="Names of the two sides.", metavar="A,B")] = "",
    title: Annotated[str, typer.Option(help="Title of the corpus.")] = "",
    languages: Languages = "de,en",
    consent: Annotated[str, typer.Option(help="What the writers consented to.")] = "",
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="The diaries were made up.")
    ] = False,
    start: Annotated[str, typer.Option(help="First day of the programme, YYYY-MM-DD.")] = "",
    end: Annotated[str, typer.Option(help="Last day of the programme, YYYY-MM-DD.")] = "",
    append: Annotated[
        bool, typer.Option("--append", help="Add to a corpus that is there.")
    ] = False,
) -> None:
    """Bring diaries as you have them into a corpus folder."""
    from reflect import ingest
    from reflect.errors import fault_lines
    from reflect.intake import Programme

    programme = Programme(
        sides=_names(sides),
        languages=_names(languages),
        title=title,
        consent=consent,
        synthetic=synthetic,
        start=start,
        end=end,
    )
    if source.is_dir():
        done = ingest.import_folder(
            source,
            corpus,
            pattern=pattern,
            people=people,
            day_first=day_first,
            programme=programme,
            append=append,
        )
    elif source.suffix.lower() in {".json", ".zip"}:
        done = ingest.import_dayone(
            source,
            corpus,
            participant=participant,
            tandem=tandem,
            side=side,
            journal=journal,
            programme=programme,
            append=append,
        )
    else:
        done = ingest.import_table(
            source,
            corpus,
            participant=participant,
            tandem=tandem,
            side=side,
            date=date,
            text=text,
            entry=entry,
            language=language,
            prompt=prompt,
            people=people,
            sheet=sheet,
            day_first=day_first,
            programme=programme,
            append=append,
        )
    typer.echo(
        f"{done.path}: {done.entries} entries of {done.participants} new participants came in, "
        f"{done.skipped} skipped"
    )
    for line in fault_lines(done.unfinished):
        typer.echo(f"still open: {line}", err=True)


@app.command(epilog="Example: reflect check corpora/my-programme --fix")
def check(
    corpus: CorpusFolder,
    fix: Annotated[
        bool,
        typer.Option("--fix", help="Mend what can be mended; the files as they were are kept."),
    ] = False,
) -> None:
    """Report every fault of a corpus, and mend what can be mended."""
    from reflect.errors import CorpusError
    from reflect.repair import repair
    from reflect.validation import faults

    if fix:
        for mend in repair(corpus).itertuples(index=False):
            place = mend.file + (f", row {mend.row}" if mend.row else "")
            typer.echo(f"mended: {place}: {mend.mended}")
    found = faults(corpus)
    if len(found):
        raise CorpusError(found)
    typer.echo(f"{corpus}: no faults")


@app.command(epilog="Example: reflect annotate corpora/my-programme/entries.csv -o spans.csv")
def annotate(
    entries: Annotated[
        Path,
        typer.Argument(
            help="CSV with entry_id and text; optional language, participant_id.",
            show_default=False,
        ),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="CSV of spans to write.")],
    codebook: Annotated[
        list[Path] | None, typer.Option(help="Your own rules; may be given several times.")
    ] = None,
    gated: Annotated[
        bool,
        typer.Option("--gated", help="Also hits that do not count, with all columns and reasons."),
    ] = False,
) -> None:
    """Find perspective-shift markers, one row a hit."""
    from reflect import markers
    from reflect.tables import read_entries, write_table

    table = read_entries(entries)
    with _working() as step:
        step("markers")
        spans = markers.annotate(table, codebook=codebook or None, gated=gated)
    columns = ["entry_id", "marker", "direction", "start", "end", "text"]
    write_table(spans if gated else spans[columns], output)


@app.command(epilog="Example: reflect evaluate spans.csv codes.csv entries.csv -o scores.csv")
def evaluate(
    codes: Annotated[
        Path,
        typer.Argument(help="CSV of codes to judge: entry_id, marker.", show_default=False),
    ],
    annotations: Annotated[
        Path,
        typer.Argument(help="CSV of what people coded: entry_id, marker.", show_default=False),
    ],
    entries: Annotated[
        Path,
        typer.Argument(
            help="CSV of everything that people read: entry_id, text; optional language.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="CSV of the scores to write.")
    ] = None,
) -> None:
    """Score codes against annotations: precision, recall, F1, direction, by language and family.

    Where both files have start and end, sentences are compared, else whole entries.
    """
    from reflect.evaluation import evaluation, gate_confusion, macro_f1
    from reflect.tables import read_codes, read_entries, write_table

    found, truth, scores = evaluation(
        read_codes(codes), read_codes(annotations), read_entries(entries)
    )
    if output:
        write_table(scores, output)
    typer.echo(scores.round(2).to_string(index=False))
    for language, part in scores.groupby("language", sort=True):
        typer.echo(f"{language}: macro F1 {macro_f1(part):.3f} over {len(part)} families")
    if "gate" in found:
        typer.echo(gate_confusion(found, truth).round(2).to_string(index=False))


@app.command(epilog="Example: reflect topics corpora/my-programme -o topics --n-topics 12")
def topics(
    corpus: CorpusFolder,
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder to write.")],
    n_topics: Annotated[str, typer.Option(help="A number, or auto.")] = "auto",
    embedding: Annotated[
        str, typer.Option(help="lsa (offline), or a sentence-transformers model by path or name.")
    ] = "lsa",
    seed: Annotated[int, typer.Option(help="Seed of clustering and resampling.")] = 0,
) -> None:
    """Find topics and the entries that belong to them."""
    from reflect.corpus import Corpus
    from reflect.errors import ReflectError
    from reflect.topics import fit_topics

    if n_topics != "auto" and not n_topics.isdigit():
        raise ReflectError(f"--n-topics {n_topics}: give a whole number or auto")
    loaded = Corpus.load(corpus)
    with _working() as step:
        step("topics")
        model = fit_topics(
            loaded.diary(),
            n_topics=int(n_topics) if n_topics.isdigit() else n_topics,
            embedding=embedding,
            seed=seed,
            cache=loaded.cache,
        )
        model.save(output)


@app.command(epilog="Example: reflect report corpora/my-programme -o reports/my-programme")
def report(
    corpus: CorpusFolder,
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder of the report.")],
    language: Annotated[
        ReportLanguage, typer.Option(help="Language of the report; quotations stay as written.")
    ] = ReportLanguage.en,
    seed: Annotated[int, typer.Option(help="Seed of topics and resampling.")] = 0,
    notebooks: Notebooks = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse while findings of the audit are open.")
    ] = False,
) -> None:
    """Build the research report: HTML, PDF, Word, figures and tables."""
    from reflect.report import build_report

    with _working() as step:
        built = build_report(
            corpus,
            output,
            language=language.value,
            seed=seed,
            notebooks=notebooks,
            strict=strict,
            progress=step,
        )
    for name in ("report.html", "report.pdf", "report.docx"):
        typer.echo(f"{built / name}")


@app.command(epilog="Example: reflect verify reports/my-programme")
def verify(
    folder: Annotated[Path, typer.Argument(help="Folder of a built report.", show_default=False)],
    corpus: Annotated[
        Path | None, typer.Option(help="Where the corpus is now, if it has moved.")
    ] = None,
    notebooks: Notebooks = None,
) -> None:
    """Build a report again and compare every byte."""
    from reflect.report import verify_report

    with _working() as step:
        changed = verify_report(folder, corpus=corpus, notebooks=notebooks, progress=step)
    for line in changed:
        typer.echo(line, err=True)
    if changed:
        raise typer.Exit(1)
    typer.echo(f"{folder}: identical")


@contextmanager
def _working() -> Iterator[Progress]:
    """A bar for long work on standard error, on a terminal only."""
    terminal = sys.stderr.isatty()

    def step(name: str, done: int = 0, total: int = 1) -> None:
        if terminal:
            filled = round(BAR * done / total)
            bar = "█" * filled + "░" * (BAR - filled)
            typer.echo(f"\r\033[K{bar} {done + 1}/{total} {name}", nl=False, err=True)

    try:
        yield step
    finally:
        if terminal:
            typer.echo("\r\033[K", nl=False, err=True)


def _names(joined: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in joined.split(",") if name.strip())


cli_anonymity.register(app)
cli_coding.register(app)
